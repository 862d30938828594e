/*M!999999\- enable the sandbox mode */
CREATE TABLE `types` (
  `id` uuid NOT NULL DEFAULT uuid(),
  `doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`doc`)),
  `doc2` json, ip inet6, `text` longtext CHECK (length(`text`) > 1),
  made datetime(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  v int GENERATED ALWAYS AS (1) PERSISTENT INVISIBLE,
  row_start timestamp(6) GENERATED ALWAYS AS ROW START,
  row_end timestamp(6) GENERATED ALWAYS AS ROW END,
  vec vector(3) NOT NULL,
  title varchar(20) COLLATE latin1_bin, sub varchar(20),
  PRIMARY KEY (`id`),
  PERIOD FOR SYSTEM_TIME (row_start, row_end)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 WITH SYSTEM VERSIONING;
