//! T18: which keys are one is the collation's to say, on each engine: as rows that are found, and among what comes in.
#![allow(dead_code, reason = "the modules are shared with other test programs")]

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use engine::{Engine, connect};
use setwise::{
    Collation, Column, Errors, Ident, Options, Output, Schema, Strategy, Table, TableName, Type, Update, Value, compile,
};

/// Pairs of texts that collations see in different ways.
const PAIRS: [(&str, &str); 7] =
    [("a", "A"), ("é", "e"), ("É", "é"), ("a", "a "), ("ss", "ß"), ("e\u{301}", "é"), ("ﬁ", "fi")];

/// Engine, what is executed first, collation, whether each of the pairs is one key.
const COLLATIONS: [(&str, &str, &str, [bool; 7]); 13] = [
    ("sqlite", "", "BINARY", [false; 7]),
    ("sqlite", "", "NOCASE", [true, false, false, false, false, false, false]),
    ("sqlite", "", "RTRIM", [false, false, false, true, false, false, false]),
    ("postgres", "", "C", [false; 7]),
    (
        "postgres",
        "CREATE COLLATION cases (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "cases",
        [true, false, true, false, false, true, true],
    ),
    (
        "postgres",
        "CREATE COLLATION letters (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
        "letters",
        [true, true, true, false, true, true, true],
    ),
    ("mysql", "", "utf8mb4_0900_ai_ci", [true, true, true, false, true, true, true]),
    ("mysql", "", "utf8mb4_0900_as_cs", [false, false, false, false, false, true, false]),
    ("mysql", "", "utf8mb4_general_ci", [true, true, true, true, false, false, false]),
    ("mysql", "", "utf8mb4_bin", [false, false, false, true, false, false, false]),
    ("mariadb", "", "utf8mb4_general_ci", [true, true, true, true, false, false, false]),
    ("mariadb", "", "utf8mb4_unicode_ci", [true, true, true, true, true, true, true]),
    ("mariadb", "", "utf8mb4_general_nopad_ci", [true, true, true, false, false, false, false]),
];

fn table(collation: &str) -> Table {
    let key = Column::new("k", Type::Text { max: Some(20) }).unwrap().not_null();
    let key = key.collate(Collation::named(Ident::new(collation).unwrap()));
    let table = Table::new(TableName::new("t").unwrap()).column(key);
    table.column(Column::new("n", Type::Int { bits: 32 }).unwrap()).primary_key(["k"]).unwrap()
}

/// Makes the table, with a row for each text.
fn fill(engine: &mut dyn Engine, first: &str, collation: &str, rows: &[&str]) {
    engine.reset().unwrap();
    let quote = if engine.name() == "postgres" { "\"" } else { "" };
    let create =
        format!("CREATE TABLE t (k varchar(20) COLLATE {quote}{collation}{quote} NOT NULL PRIMARY KEY, n int)");
    for text in [first, &create].into_iter().filter(|text| !text.is_empty()) {
        engine.execute(text).unwrap();
    }
    let insert = format!("INSERT INTO t VALUES ({}, 0)", engine.placeholder(1));
    for row in rows {
        engine.execute_bound(&insert, &[Value::from(*row)]).unwrap();
    }
}

/// Runs an update of these keys; what the library or the engine refuses comes back as text.
fn update(
    engine: &mut dyn Engine,
    table: &Table,
    rows: &[(&str, i64)],
    strategy: Strategy,
    output: Output,
) -> Result<(), String> {
    let schema = Schema::new().table(table.clone());
    let update = Update::table("t").schema(&schema).key(["k"]).rows(["k", "n"], rows.iter().copied()).build().unwrap();
    let options = Options::new().strategy(strategy).output(output);
    let mut script = compile(&update, engine.dialect(), &options).map_err(|errors: Errors| errors.to_string())?;
    let mut text = String::new();
    run::run_steps(engine, &mut script, output, &mut text).map_err(|failed| failed.to_string())
}

#[test]
fn keys_are_one_where_the_collation_says_so() {
    for (name, first, collation, ones) in COLLATIONS {
        let Some(mut engine) = connect(name) else { continue };
        let engine = &mut *engine;
        let table = table(collation);
        for ((a, b), is_one) in PAIRS.into_iter().zip(ones) {
            for strategy in engine.dialect().strategies() {
                let is_join = matches!(strategy, Strategy::ValuesJoin | Strategy::ArrayJoin | Strategy::Staged);
                let others = [Output::Inline, Output::ScriptWithoutTransaction].into_iter().filter(|_| is_join);
                for output in std::iter::once(Output::Binds).chain(others) {
                    let shown = format!("{name}: {a:?} and {b:?} under {collation} by {strategy:?}, {output:?}");
                    fill(engine, first, collation, &[b, "other"]);
                    // a row that is found by a key, or not
                    update(engine, &table, &[(a, 1), ("other", 2)], strategy, output).expect(&shown);
                    let rows = engine.read_table(&table).unwrap();
                    let found = rows.iter().find(|row| row[0] == Value::from(b)).map(|row| row[1].clone());
                    assert_eq!(found, Some(Value::Int(is_one.into())), "{shown}");
                    // two keys that come in, none of which the table has
                    let both = update(engine, &table, &[("x", 3), (a, 4), (b, 5)], strategy, output);
                    assert_eq!(both.is_err(), is_one, "{shown}: {both:?}");
                }
            }
        }
    }
}
