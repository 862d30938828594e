CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    name VARCHAR(20) NOT NULL
);

CREATE TABLE customer (
    person_id BIGINT PRIMARY KEY REFERENCES person (id),
    credits INTEGER NOT NULL
);

CREATE TABLE notes (
    id BIGINT PRIMARY KEY,
    about BIGINT NOT NULL,
    stars INTEGER NOT NULL
);

CREATE TABLE staging (
    id BIGINT,
    stars INTEGER,
    batch INTEGER
);
