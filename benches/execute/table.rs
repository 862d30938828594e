//! The table that is updated, filled by the engine itself.

use setwise_bench::SCHEMA;

use crate::ddl;
use crate::engine::Engine;

/// Makes the table with so many rows, their keys from 1, and lets the engine measure it.
pub fn fill(engine: &mut dyn Engine, rows: i64) {
    engine.reset().expect("an empty database");
    let before: &[&str] = match engine.name() {
        "mysql" | "mariadb" => &["SET GLOBAL innodb_buffer_pool_size = 1073741824"],
        "sqlite" => &["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -262144"],
        _ => &[],
    };
    let create = ddl::create(&SCHEMA.tables()[0], engine.dialect()).expect("a table that every engine has");
    let analyze = match engine.name() {
        // vacuumed when it is told to, not while something is measured
        "postgres" => &["ALTER TABLE posts SET (autovacuum_enabled = off)", "VACUUM ANALYZE posts"][..],
        "sqlite" => &["ANALYZE"],
        _ => &["ANALYZE TABLE posts"],
    };
    let statements = before.iter().map(|text| (*text).to_owned()).chain(create).chain([insert(engine.name(), rows)]);
    for statement in statements.chain(analyze.iter().map(|text| (*text).to_owned())) {
        engine.execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// Sees to it that a run finds the table as the run before did, after a rollback.
pub fn tidy(engine: &mut dyn Engine) {
    if engine.name() == "postgres" {
        engine.execute("VACUUM posts").expect("a table without the rows that were rolled back");
    }
}

/// One `INSERT .. SELECT` over the product of digits.
fn insert(engine: &str, rows: i64) -> String {
    let concat = if matches!(engine, "mysql" | "mariadb") {
        "CONCAT('a title of some words, number ', i)"
    } else {
        "'a title of some words, number ' || i"
    };
    let digits = (1..10).fold("SELECT 0 AS n".to_owned(), |text, digit| format!("{text} UNION ALL SELECT {digit}"));
    let count = rows.max(1).ilog10() + u32::from(rows.max(1) != 10_i64.pow(rows.max(1).ilog10()));
    let sum = (0..count).map(|at| format!("{} * d{at}.n", 10_i64.pow(at))).collect::<Vec<_>>().join(" + ");
    let tables = (0..count).map(|at| format!("digits d{at}")).collect::<Vec<_>>().join(", ");
    format!(
        "INSERT INTO posts WITH digits AS ({digits}), numbers AS (SELECT 1 + {sum} AS i FROM {tables}) \
         SELECT i, {concat}, i % 1000, i % 100 + 0.25, '2024-01-02 03:04:05.678901{zone}'{cast} FROM numbers WHERE i <= {rows} ORDER BY i",
        zone = if matches!(engine, "mysql" | "mariadb") { "" } else { "+00:00" },
        cast = if engine == "postgres" { "::timestamptz" } else { "" },
    )
}
