-- MySQL dump 10.13
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
DROP TABLE IF EXISTS `authors`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `authors` (
  `Id` int NOT NULL,
  `email` varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(100) NOT NULL,
  `old` varchar(10) CHARACTER SET latin1 DEFAULT NULL,
  `raw` varchar(10) CHARACTER SET binary DEFAULT NULL,
  `code` char(2) CHARACTER SET utf8mb4 BINARY,
  `mood` enum('a','b') NOT NULL,
  `n` int DEFAULT NULL,
  PRIMARY KEY (`id`) USING BTREE,
  UNIQUE KEY `email` (`email`),
  UNIQUE KEY `pre` (`name`(10),`email`),
  UNIQUE KEY `expr` ((lower(`name`))),
  KEY `n` (`n`),
  FULLTEXT KEY `ft` (`name`),
  CONSTRAINT `c` CHECK ((`n` > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
/*!50100 PARTITION BY RANGE (`n`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */;
LOCK TABLES `authors` WRITE;
INSERT INTO `authors` VALUES (1,'it\'s; a "quote"','x',NULL,NULL,NULL,'a',1);
UNLOCK TABLES;
CREATE TABLE posts (
  ID int PRIMARY KEY,
  author INT,
  k int UNIQUE KEY,
  title varchar(200),
  FOREIGN KEY fk (Author) REFERENCES authors (Id) ON DELETE CASCADE ON UPDATE NO ACTION
) CHARACTER SET = utf8mb4;
ALTER TABLE `posts` ADD UNIQUE KEY `t` (`title`), ADD KEY x (author), MODIFY `ID` int NOT NULL AUTO_INCREMENT, ADD COLUMN extra text NOT NULL;
CREATE TEMPORARY TABLE IF NOT EXISTS t2 LIKE posts;
