-- The tables of the wrong updates in `checked`.
CREATE TABLE posts (
    id BIGINT PRIMARY KEY,
    author_id BIGINT NOT NULL,
    slug VARCHAR(40) NOT NULL UNIQUE,
    title VARCHAR(20) NOT NULL,
    body TEXT,
    views INTEGER NOT NULL,
    price NUMERIC(6, 2),
    archived BOOLEAN NOT NULL,
    published_at TIMESTAMPTZ,
    revision INTEGER NOT NULL
);

CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    country VARCHAR(2) NOT NULL,
    credits INTEGER NOT NULL,
    is_active BOOLEAN NOT NULL,
    last_login TIMESTAMPTZ
);

CREATE TABLE profiles (
    user_id BIGINT PRIMARY KEY,
    nick VARCHAR(20),
    points INTEGER NOT NULL,
    frozen BOOLEAN NOT NULL
);

CREATE TABLE badges (
    id BIGINT PRIMARY KEY,
    profile_id BIGINT NOT NULL,
    shown BOOLEAN NOT NULL
);

CREATE TABLE staging_posts (
    id BIGINT,
    title VARCHAR(20),
    views BIGINT,
    batch INTEGER
);

CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    name VARCHAR(20) NOT NULL,
    country VARCHAR(2)
);

CREATE TABLE customer (
    person_id BIGINT PRIMARY KEY REFERENCES person (id),
    credits INTEGER NOT NULL
);
