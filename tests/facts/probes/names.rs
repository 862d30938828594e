//! Names and definitions: what the dialect takes, the engine takes as it is; what it refuses, the engine refuses or changes.

use setwise::dialect::Class;
use setwise::{Column, Dialect, Options, Output, Schema, Table, TableName, Type, Update, compile};

use super::{ensure, said};
use crate::engine::Engine;
use crate::run;

/// Whether setwise takes the names of two columns.
fn is_taken(dialect: Dialect, names: [&str; 2]) -> bool {
    let update = names.iter().fold(Update::table("t"), |update, name| update.set(*name, 1)).all_rows().build();
    compile(&update.unwrap(), dialect, &Options::new()).is_ok()
}

/// Whether the engine has a table of two such columns.
fn exists(engine: &mut dyn Engine, names: [&str; 2]) -> bool {
    let quote = if matches!(engine.name(), "mysql" | "mariadb") { "`" } else { "\"" };
    let columns = names.map(|name| format!("{quote}{}{quote} int", name.replace(quote, &quote.repeat(2))));
    let created = engine.execute(&format!("CREATE TABLE t ({})", columns.join(", "))).is_ok();
    if created {
        engine.execute("DROP TABLE t").unwrap();
    }
    created
}

fn compare(engine: &mut dyn Engine, names: [&str; 2]) -> Result<(), String> {
    let (taken, exists) = (is_taken(engine.dialect(), names), exists(engine, names));
    ensure(taken == exists, format!("{names:?}: setwise takes them: {taken}, the engine: {exists}"))
}

/// Names that differ in their last character: where the engine cuts them, they become one.
pub fn check_length(engine: &mut dyn Engine) -> Result<(), String> {
    for letter in ["n", "é", "☕"] {
        for length in (20..23).chain(30..33).chain(61..66).chain([127, 128, 200]) {
            let start = letter.repeat(length - 1);
            compare(engine, [&format!("{start}a"), &format!("{start}b")])?;
            compare(engine, [&format!("{start}é"), &format!("{start}è")])?;
        }
    }
    Ok(())
}

/// Where an engine reads characters as others, two names become one.
pub fn check_characters(engine: &mut dyn Engine) -> Result<(), String> {
    let alike = [
        ("🌍", "🌎"),
        ("\u{10ffff}", "\u{10fffe}"),
        ("\u{ffff}", "\u{fffe}"),
        ("☕", "☔"),
        ("é", "e\u{301}"),
        ("a ", "b"),
    ];
    for (one, other) in
        alike.into_iter().chain([" a", "\u{1}", "\n", "a.b", "\\", "`", "'"].map(|name| (name, "other")))
    {
        compare(engine, [one, other])?;
    }
    Ok(())
}

pub fn check_case(engine: &mut dyn Engine) -> Result<(), String> {
    compare(engine, ["name", "Name"])?;
    compare(engine, ["NAME", "name"])
}

/// A table with each type of column that the dialect says it has, and what is read of its definition.
pub fn check_definitions(engine: &mut dyn Engine) -> Result<(), String> {
    let dialect = engine.dialect();
    let held = dialect.spec().storage.iter().filter(|held| held.since.is_none_or(|since| since <= dialect.version()));
    let mut columns = Vec::new();
    for held in held.filter(|held| !matches!(held.class, Class::Enum | Class::Array | Class::Named)) {
        for word in held.columns {
            let sized = ["(p,s)", "(n)", "(d)"].into_iter().zip(["(5,2)", "(7)", "(6)"]);
            columns.push((*word, sized.fold((*word).to_owned(), |word, (letters, size)| word.replace(letters, size))));
        }
    }
    let list: Vec<String> = columns.iter().enumerate().map(|(at, (_, word))| format!("Column{at} {word}")).collect();
    let definition = format!("CREATE TABLE Table1 ({})", list.join(", "));
    engine.execute(&definition).map_err(|failed| format!("{failed}: {definition}"))?;
    let schema = Schema::from_sql(&definition, dialect).map_err(said)?.schema;
    let table = &schema.tables()[0];
    for (column, (word, _)) in table.columns().iter().zip(&columns) {
        let held = dialect.storage(column.ty()).is_some_and(|held| held.columns.contains(word));
        // where nothing is padded, they are texts
        let is_text = |word: &str| word.to_ascii_lowercase().starts_with("char");
        ensure(
            held || is_text(word) && matches!(column.ty(), Type::Text { .. }),
            format!("{word} is read as {}", column.ty()),
        )?;
    }
    // with all columns known, the table is found under the name that is read
    ensure(table.columns().len() == columns.len(), "a column was lost")?;
    engine.read_table(table).map(drop).map_err(said)
}

/// Keys that are one to the engine are refused where each comes with a value of its own.
pub fn check_keys(engine: &mut dyn Engine) -> Result<(), String> {
    let code = Column::new("code", Type::Text { max: Some(9) }).unwrap().not_null();
    let table = Table::new(TableName::new("t").unwrap()).column(code).column(Column::new("n", Type::INT32).unwrap());
    let schema = Schema::new().table(table.primary_key(["code"]).unwrap());
    for other in ["A", "a ", "b"] {
        engine.reset().unwrap();
        engine.execute("CREATE TABLE t (code varchar(9) PRIMARY KEY, n int)").map_err(said)?;
        engine.execute("INSERT INTO t VALUES ('a', 0)").map_err(said)?;
        let are_two = engine.execute(&format!("INSERT INTO t VALUES ('{other}', 0)")).is_ok();
        let update = Update::table("t").schema(&schema).key(["code"]).rows(["code", "n"], [("a", 1), (other, 2)]);
        let update = update.build().unwrap();
        let is_taken = match compile(&update, engine.dialect(), &Options::new()) {
            Ok(mut script) => run::run_steps(engine, &mut script, Output::Binds, &mut String::new()).is_ok(),
            Err(_) => false,
        };
        ensure(is_taken == are_two, format!("`a` and `{other}` are two keys: {are_two}, and taken: {is_taken}"))?;
    }
    Ok(())
}
