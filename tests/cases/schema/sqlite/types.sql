CREATE TABLE types (
  id INTEGER PRIMARY KEY,
  a BOOLEAN NOT NULL DEFAULT 0, b int, c BIGINT, d smallint, e TINYINT(1), f UNSIGNED BIG INT, g INT8,
  h REAL, i double precision, j FLOAT, k DECIMAL(10,2) DEFAULT (12.5), l numeric, l2 DECIMAL(8),
  m VARCHAR(20) DEFAULT 'x', n CHARACTER(20), o NATIVE CHARACTER(70), p TEXT COLLATE NOCASE, q CLOB, r varying thing(3),
  s BLOB, t DATE, u DATETIME, v TIMESTAMP, w TIMESTAMPTZ, x TIME, y UUID, z JSON, z2 JSONB,
  aa, ab STRING, ac GEOMETRY, ad FLOATING POINT, ae ANY,
  af INT GENERATED ALWAYS AS (b + 1) STORED, ag TEXT AS (m || 'x'),
  ah TEXT CHECK (json_valid(ah)), [square name] INT, "say ""hi""" INT, `tick` INT,
  key TEXT, "index" INT DEFAULT NULL
);
CREATE TABLE strict (a INT PRIMARY KEY, b ANY, c TEXT NOT NULL) STRICT, WITHOUT ROWID;
