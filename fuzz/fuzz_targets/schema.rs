//! Any text is read as a schema of each dialect or refused, and what was read hangs together.
#![no_main]

use libfuzzer_sys::fuzz_target;
use setwise::{Dialect, Schema, Table, Update, compile, diagnostic};
use setwise::{Options, Output};

fuzz_target!(|text: &str| {
    for dialect in Dialect::all() {
        match Schema::from_sql(text, dialect) {
            Ok(parsed) => {
                let lines = text.split('\n').count();
                parsed.notes.iter().for_each(|note| assert!((1..=lines).contains(&note.line), "{note}"));
                parsed.schema.tables().iter().for_each(|table| check(table, &parsed.schema, dialect));
            }
            Err(errors) => errors.iter().for_each(|error| _ = diagnostic::render(error, "schema.sql", text)),
        }
    }
});

fn check(table: &Table, schema: &Schema, dialect: Dialect) {
    let columns = || table.columns().iter();
    columns().for_each(|column| {
        let same = columns().filter(|other| other.name() == column.name()).count();
        assert_eq!(same, 1, "`{}` stands twice", column.name());
        assert!(!column.ty().to_string().is_empty());
    });
    for name in table.key() {
        assert!(table.find(name).is_some_and(|column| !column.is_nullable()), "the key column {name}");
    }
    let named = table.uniques().iter().flat_map(|unique| unique.columns());
    for name in named.chain(table.foreign_keys().iter().flat_map(|key| &key.columns)) {
        assert!(table.find(name).is_some(), "the column {name}");
    }
    // A default is a value of its column, so an update to it compiles or is refused.
    for column in columns() {
        let Some(default) = column.default() else { continue };
        let update = Update::table(table.name()).schema(schema).set(column.name(), default.clone()).all_rows();
        let update = update.build().expect("an update of a column");
        let Ok(mut script) = compile(&update, dialect, &Options::new().output(Output::Inline)) else { continue };
        while let Some(step) = script.next() {
            assert!(step.expect("a step").text.contains("UPDATE"));
        }
    }
}
