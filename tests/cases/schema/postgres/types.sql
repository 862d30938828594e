-- Every type word that the reader knows, and some that it does not.
CREATE TABLE "Types" (
    id bigserial PRIMARY KEY,
    a boolean NOT NULL DEFAULT false,
    b smallint, c integer DEFAULT -7, d int8, e serial,
    f numeric, g numeric(10), h NUMERIC(10,2) DEFAULT 12.50, h2 numeric(3,-2), h3 numeric(2,5),
    i real, j double precision, k float(24), k2 float(53), k3 float,
    l text DEFAULT 'it''s', m varchar(200) DEFAULT 'new'::character varying, n character varying, o char(3), o2 "char",
    p bytea, q date DEFAULT '2024-02-29', r time(3), s timestamp, t timestamp(0) without time zone,
    u timestamptz, v timestamp(3) with time zone DEFAULT now(), w interval, w2 time with time zone,
    x uuid DEFAULT gen_random_uuid(), y json, z jsonb DEFAULT '{}'::jsonb,
    aa integer[], ab text[][], ac varchar(20) ARRAY, ad numeric(10,2)[3],
    ba citext, bb inet, bc public.ltree, bd "MyType", be vector(3),
    "Quoted Name" int NULL, "quote""d" int,
    MixedCase text COLLATE "C", ca text COLLATE pg_catalog."default", cb varchar COLLATE "de-x-icu"
);
