--
-- PostgreSQL database dump
--
\restrict 7Zk3
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
CREATE TYPE public.mood AS ENUM (
    'sad',
    'it''s ok',
    'happy'
);
ALTER TYPE public.mood OWNER TO blog;
CREATE DOMAIN public.positive AS integer CONSTRAINT p CHECK ((VALUE > 0));
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CREATE TABLE inside (id int);
  RETURN NEW;
END $$;
CREATE TABLE public.posts (
    id integer NOT NULL,
    slug character varying(50) NOT NULL,
    title text,
    mood public.mood DEFAULT 'sad'::public.mood,
    stars public.positive,
    author integer,
    words integer GENERATED ALWAYS AS (length(title)) STORED,
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT stars_check CHECK ((stars > 0))
);
ALTER TABLE public.posts OWNER TO blog;
COMMENT ON TABLE public.posts IS 'it has; a semicolon';
ALTER TABLE public.posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.posts_id_seq
    START WITH 1
);
CREATE TABLE public.authors (
    id integer NOT NULL,
    email text
);
COPY public.posts (id, slug, title) FROM stdin;
1	it's	an "unclosed
2	b	/* not a comment
\.
ALTER TABLE ONLY public.authors ALTER COLUMN id SET DEFAULT nextval('public.authors_id_seq'::regclass);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.posts ADD CONSTRAINT posts_slug_key UNIQUE (slug) DEFERRABLE;
ALTER TABLE ONLY public.authors ADD CONSTRAINT authors_pkey PRIMARY KEY (id);
CREATE INDEX posts_title ON public.posts USING btree (title);
CREATE UNIQUE INDEX authors_email ON public.authors USING btree (email text_pattern_ops DESC) INCLUDE (id);
CREATE UNIQUE INDEX authors_lower ON public.authors USING btree (lower(email));
CREATE UNIQUE INDEX posts_partial ON public.posts USING btree (title) WHERE (stars > 3);
CREATE UNIQUE INDEX nowhere ON public.views (id);
CREATE VIEW public.v AS SELECT 1;
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES public.authors(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE public.posts_2024 PARTITION OF public.posts FOR VALUES IN (2024);
CREATE TABLE child (x int, EXCLUDE USING gist (x WITH =)) INHERITS (public.posts);
CREATE TABLE copy AS SELECT * FROM public.posts;
