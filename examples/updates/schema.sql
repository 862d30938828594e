CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    country TEXT NOT NULL,
    membership TEXT NOT NULL,
    credits INTEGER NOT NULL,
    note TEXT
);
