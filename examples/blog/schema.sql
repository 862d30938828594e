-- A blog's posts, in words that PostgreSQL, MySQL, MariaDB and SQLite all take.
-- On MySQL and MariaDB the database must be in utf8mb4, or the emoji of the titles do not fit.
CREATE TABLE posts (
    id INTEGER NOT NULL PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    views INTEGER NOT NULL DEFAULT 0
);
