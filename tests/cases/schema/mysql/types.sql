CREATE TABLE `types` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  a tinyint(1) NOT NULL DEFAULT '0', a2 bool default true, a3 tinyint, a4 tinyint(4) unsigned, a5 TINYINT(1) UNSIGNED,
  b smallint(6), c mediumint unsigned zerofill, d int(11) DEFAULT NULL, e integer, f SERIAL,
  g decimal, h decimal(10,2) unsigned DEFAULT '1.50', i numeric(5), j float, k float(30), l float(7,2), m double, n double precision, o real,
  p varchar(255) DEFAULT 'x', q char(3), q2 char, r text, s longtext, t binary(16), u varbinary(10), v blob, w longblob,
  x date, y time(6), z datetime, aa datetime(6) DEFAULT CURRENT_TIMESTAMP(6),
  ab timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  ac timestamp(3) NULL DEFAULT NULL,
  ad enum('a','b''c','') DEFAULT 'a', ae set('x','y'), af json, ag bit(1), ah year, ai geometry /*!80003 SRID 4326 */,
  aj int GENERATED ALWAYS AS (`d` + 1) VIRTUAL, ak int AS (d + 1) STORED COMMENT 'it, is',
  al uuid,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=5;
