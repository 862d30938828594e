-- What MariaDB itself takes; its catalogue is compared with what is read.
CREATE TABLE `authors` (
  `Id` int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  name varchar(50) CHARACTER SET latin1, code char(4) CHARACTER SET utf8mb4 BINARY, raw varchar(9) CHARACTER SET binary
) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin COMMENT='a; b';
CREATE TABLE posts (
  id BIGINT UNSIGNED NOT NULL, a tinyint(1) DEFAULT 1, b tinyint unsigned, c smallint, d mediumint, e int, f integer unsigned,
  g decimal(10,2) DEFAULT '1.50', h numeric, i float, j double precision, k real, l varchar(20) DEFAULT 'it''s', m char(3), n text,
  o varbinary(10), p blob, q date, r time(3), s datetime, t datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  u timestamp NULL DEFAULT NULL, v timestamp(2) NOT NULL DEFAULT CURRENT_TIMESTAMP(2), w enum('a','b''c') NOT NULL DEFAULT 'a',
  x json, y int GENERATED ALWAYS AS (e + 1) PERSISTENT, z int AS (e + 2) VIRTUAL COMMENT 'x, y', author int unsigned,
  aa uuid DEFAULT uuid(), ab longtext CHECK (json_valid(ab)), ac inet6, ad int INVISIBLE,
  PRIMARY KEY (id), UNIQUE KEY `pair` (a, `B`), KEY plain (c), FULLTEXT (n),
  CONSTRAINT fk FOREIGN KEY (author) REFERENCES authors (id) ON DELETE CASCADE, CONSTRAINT ch CHECK (e > 0)
) ENGINE=InnoDB CHARACTER SET = latin1;
CREATE OR REPLACE UNIQUE INDEX timed USING BTREE ON posts (s, t);
ALTER TABLE posts ADD UNIQUE KEY `m` (`m`), MODIFY COLUMN `D` mediumint NOT NULL, MODIFY id bigint unsigned, ADD COLUMN late varchar(7) COLLATE utf8mb4_bin NOT NULL DEFAULT '';
ALTER TABLE posts CHANGE m mm char(4) NOT NULL;
