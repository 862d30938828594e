//! Case files from what was found by chance.

use std::fmt::Write;
use std::path::Path;

use setwise::{Column, Expr, Ident, Table, Timestamp, Update, Value};

/// The text of a case file for one engine.
pub fn print(
    about: &str,
    engine: &str,
    table: &Table,
    rows: &[Vec<Value<'static>>],
    update: &Update<'_>,
    now: Timestamp,
) -> String {
    print_tables(about, engine, &[(table, rows)], update, now)
}

/// The same of several tables.
pub fn print_tables(
    about: &str,
    engine: &str,
    tables: &[(&Table, &[Vec<Value<'static>>])],
    update: &Update<'_>,
    now: Timestamp,
) -> String {
    let mut out = format!("# {about}\n");
    for (table, rows) in tables {
        writeln!(out, "== table {}", name(table.name().name())).unwrap();
        for column in table.columns() {
            writeln!(out, "{}", define(column, table.key())).unwrap();
        }
        for unique in table.uniques() {
            let columns: Vec<String> = unique.columns().iter().map(name).collect();
            writeln!(out, "unique ({})", columns.join(", ")).unwrap();
        }
        if let Some(parent) = table.parent() {
            let columns: Vec<String> = table.parent_key().iter().map(name).collect();
            writeln!(out, "extends {} by {}", name(parent.name()), columns.join(", ")).unwrap();
        }
        table.followers().iter().for_each(|follower| writeln!(out, "{follower}").unwrap());
        let rows: Vec<String> = rows.iter().map(|row| row_of(row)).collect();
        writeln!(out, "== rows\n{}", rows.join(",\n")).unwrap();
    }
    writeln!(out, "== now {now}+00:00\n== engines {engine}").unwrap();
    let mut arguments =
        update.params().iter().filter_map(|param| Some((&param.name, param.argument.as_ref()?))).peekable();
    if arguments.peek().is_some() {
        writeln!(out, "== arguments").unwrap();
    }
    for (param, argument) in arguments {
        writeln!(out, "{param} = {argument}").unwrap();
    }
    writeln!(out, "== update\n{update}").unwrap();
    out
}

/// Puts a case among the others.
pub fn save(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/updates").join(name).with_extension("case");
    std::fs::create_dir_all(file.parent().expect("a folder")).unwrap();
    std::fs::write(file, text).unwrap();
}

/// A name as the language writes it.
pub fn name(name: &Ident) -> String {
    Expr::Column(name.clone()).to_string()
}

fn row_of(row: &[Value<'_>]) -> String {
    let values: Vec<String> = row.iter().map(ToString::to_string).collect();
    format!("({})", values.join(", "))
}

fn define(column: &Column, key: &[Ident]) -> String {
    let cast = Expr::Cast(Box::new(Expr::Value(Value::Null)), column.ty().clone()).to_string();
    let ty = cast.strip_prefix("cast(null as ").and_then(|rest| rest.strip_suffix(')')).expect("a cast").to_owned();
    let mut text = format!("{} {ty}", name(column.name()));
    if let Some(collation) = column.collation() {
        write!(text, " collate {}", collation.name()).unwrap();
    }
    match key {
        [only] if only == column.name() => text += " primary key",
        key if key.contains(column.name()) => text += " key",
        _ if !column.is_nullable() => text += " not null",
        _ => {}
    }
    if column.is_generated() {
        text += " generated";
    }
    if let Some(default) = column.default() {
        write!(text, " default {default}").unwrap();
    }
    text
}
