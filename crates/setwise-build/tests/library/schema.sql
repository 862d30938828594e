CREATE TABLE posts (
    id BIGINT PRIMARY KEY,
    lang VARCHAR(5) NOT NULL,
    title VARCHAR(40) NOT NULL,
    body TEXT,
    views INTEGER NOT NULL,
    price DECIMAL(6, 2),
    archived BOOLEAN NOT NULL,
    published DATE,
    "weird ""name" SMALLINT
);

CREATE TABLE wide (
    id BIGINT PRIMARY KEY,
    a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER, f INTEGER,
    g INTEGER, h INTEGER, i INTEGER, j INTEGER, k INTEGER, l INTEGER
);
