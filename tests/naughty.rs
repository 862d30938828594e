//! The Big List of Naughty Strings: each of its 515 strings as a value, as a key, in a filter and as a name, on every
//! engine.

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use std::collections::BTreeSet;

use engine::Engine;
use matrix::Matrix;
use model::TableData;
use naughty_strings::BLNS;
use run::{Means, Subject};
use setwise::{
    Collation, Column, Dialect, Expr, Ident, Output, Schema, Strategy, Table, TableName, TimestampTz, Type, Update,
    Value,
};

/// The strings without repetition, in the order of the list.
fn strings() -> Vec<&'static str> {
    assert_eq!(BLNS.len(), 515);
    let mut seen = BTreeSet::new();
    BLNS.iter().copied().filter(|string| seen.insert(*string)).collect()
}

fn now() -> TimestampTz {
    TimestampTz::parse("2026-01-02 03:04:05Z").unwrap()
}

/// Runs an update of one table by all means, or by those given.
fn run(engine: &mut dyn Engine, matrix: &mut Matrix, what: Naughty<'_>, means: &[Means]) {
    let Naughty { name, schema, rows, update } = what;
    let data = TableData { table: schema.tables()[0].clone(), rows };
    Subject { name, schema, data, others: Vec::new(), update, now: now() }.run_by(means, engine, matrix);
}

struct Naughty<'s> {
    name: String,
    schema: &'s Schema,
    rows: Vec<Vec<Value<'static>>>,
    update: Update<'s>,
}

/// A text column that is compared exactly.
fn exact_text(name: &str, dialect: Dialect) -> Column {
    let collation = Ident::new(case::exact_collation(dialect)).unwrap();
    Column::new(name, Type::TEXT).unwrap().collate(Collation::named(collation))
}

fn id() -> Column {
    Column::new("id", Type::INT64).unwrap().not_null()
}

fn schema(table: Table, key: &str) -> Schema {
    Schema::new().table(table.primary_key([key]).unwrap())
}

fn finish(title: &str, matrix: &Matrix) {
    let [equal, _, _, refused, wrong] = matrix.counts();
    engine::say(&format!("{title}: equal {equal}, refused {refused}, wrong {wrong}"));
    matrix.assert_good(BLNS.len());
}

/// T7: quotes and backslashes among them.
#[test]
fn naughty_values_are_stored_as_they_are() {
    let mut matrix = Matrix::default();
    for mut engine in engine::connect_all() {
        let table = Table::new(TableName::new("naughty").unwrap()).column(id());
        let schema = schema(table.column(exact_text("held", engine.dialect())), "id");
        let ids = 1i64..;
        let rows = ids.clone().zip(BLNS).map(|(id, _)| vec![Value::Int(id), Value::from("old")]).collect();
        let new = ids.zip(BLNS.iter().copied());
        let update = Update::table("naughty").schema(&schema).key(["id"]).rows(["id", "held"], new).build().unwrap();
        let what = Naughty { name: "naughty values".into(), schema: &schema, rows, update };
        let means = run::all_means(engine.dialect());
        run(&mut *engine, &mut matrix, what, &means);
    }
    finish("naughty values", &matrix);
}

#[test]
fn naughty_keys_find_their_own_row() {
    let strings = strings();
    let mut matrix = Matrix::default();
    for mut engine in engine::connect_all() {
        let held = Column::new("held", Type::INT64).unwrap();
        let table = Table::new(TableName::new("naughty").unwrap());
        let schema = schema(table.column(exact_text("k", engine.dialect())).column(held), "k");
        let rows = strings.iter().map(|string| vec![Value::from(*string), Value::Int(0)]).collect();
        // every other string comes in, so that a match with its neighbour shows
        let new = strings.iter().copied().zip(1i64..).step_by(2);
        let update = Update::table("naughty").schema(&schema).key(["k"]).rows(["k", "held"], new).build().unwrap();
        let what = Naughty { name: "naughty keys".into(), schema: &schema, rows, update };
        let means = run::all_means(engine.dialect());
        run(&mut *engine, &mut matrix, what, &means);
    }
    finish("naughty keys", &matrix);
}

#[test]
fn naughty_filters_match_what_they_say() {
    let strings = strings();
    let mut matrix = Matrix::default();
    for mut engine in engine::connect_all() {
        let table = Table::new(TableName::new("naughty").unwrap()).column(id());
        let table = table.column(exact_text("held", engine.dialect())).column(Column::new("hit", Type::Bool).unwrap());
        let schema = schema(table, "id");
        let row = |(id, string): (i64, &&'static str)| vec![Value::Int(id), Value::from(*string), Value::Bool(false)];
        let rows = (1i64..).zip(&strings).map(row).collect();
        let listed = strings.iter().step_by(2).map(|string| Expr::from(*string)).collect();
        let condition = Expr::In(Box::new(Expr::Column(Ident::new("held").unwrap())), listed);
        let update = Update::table("naughty").schema(&schema).set("hit", true).filter(condition).build().unwrap();
        let what = Naughty { name: "naughty filters".into(), schema: &schema, rows, update };
        run(&mut *engine, &mut matrix, what, &few_means());
    }
    finish("naughty filters", &matrix);
}

/// Each form of statement once.
fn few_means() -> Vec<Means> {
    let means = |strategy, output| Means { strategy, output, chunk: 0 };
    vec![
        means(Strategy::Auto, Output::Binds),
        means(Strategy::PerRow, Output::Inline),
        means(Strategy::Uniform, Output::Binds),
        means(Strategy::Case, Output::Inline),
        means(Strategy::ValuesJoin, Output::Inline),
    ]
}

/// T1: as names of a table and of the column that is set.
#[test]
fn naughty_names_of_tables_and_columns_are_names() {
    run_names("naughty name", |name| (name, "id", name));
}

/// T1: as the name of the key.
#[test]
fn naughty_names_of_keys_are_names() {
    run_names("naughty key name", |name| ("naughty", name, "held"));
}

/// Whether a name of a table fits a file name of 255 bytes, in which MySQL and MariaDB write most characters as five
/// bytes: no such table can exist otherwise.
fn is_file_name(name: &str, dialect: Dialect) -> bool {
    let bytes = |c: char| if c.is_ascii_alphanumeric() || c == '_' { 1 } else { 5 };
    !matches!(dialect.name(), "mysql" | "mariadb") || name.chars().map(bytes).sum::<usize>() <= 250
}

fn run_names(title: &str, roles: impl Fn(&'static str) -> (&'static str, &'static str, &'static str)) {
    let mut matrix = Matrix::default();
    for mut engine in engine::connect_all() {
        for (at, string) in strings().into_iter().enumerate() {
            let (name, key, column) = roles(string);
            let name = if is_file_name(name, engine.dialect()) { name } else { "naughty" };
            if string.is_empty() {
                assert_eq!(Ident::new(string).unwrap_err().code(), "empty-name");
                continue;
            }
            let (int, table) = (|name| Column::new(name, Type::INT64).unwrap(), TableName::new(name).unwrap());
            let schema = schema(Table::new(table.clone()).column(int(key).not_null()).column(int(column)), key);
            let rows = (1..=4).map(|id| vec![Value::Int(id), Value::Int(id)]).collect();
            let new = [(2i64, 20i64), (4, 40), (1, 10)];
            let update = Update::table(table).schema(&schema).key([key]).rows([key, column], new).build().unwrap();
            let what = Naughty { name: format!("{title} {at}"), schema: &schema, rows, update };
            run(&mut *engine, &mut matrix, what, &few_means());
        }
    }
    finish(title, &matrix);
}
