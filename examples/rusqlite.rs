//! Carries an update out through rusqlite: each step is prepared once and executed once for each set of parameters.
//!
//! `cargo run --example rusqlite`

use std::error::Error;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params_from_iter};
use setwise::{Bind, Dialect, Options, Output, Update, Value, compile};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Prints the posts after an update of two of them.
pub fn main() -> Result<()> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, views INTEGER NOT NULL);
         INSERT INTO posts VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30);",
    )?;
    let rows = [(3, "drei", 33), (1, "eins", 11)];
    let update = Update::table("posts").key(["id"]).rows(["id", "title", "views"], rows).build()?;
    println!("{} rows updated", execute(&mut connection, &update)?);

    let mut query = connection.prepare("SELECT id, title, views FROM posts ORDER BY id")?;
    let posts: Vec<(i64, String, i64)> =
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    println!("{posts:?}");
    assert_eq!(posts, [(1, "eins".into(), 11), (2, "two".into(), 20), (3, "drei".into(), 33)]);
    Ok(())
}

/// Carries an update out in one transaction; an error on the way rolls it back.
fn execute(connection: &mut Connection, update: &Update<'_>) -> Result<usize> {
    let mut script = compile(update, Dialect::sqlite(), &Options::new().output(Output::Binds))?;
    let transaction = connection.transaction()?;
    let mut updated = 0;
    while let Some(step) = script.next() {
        let step = step?;
        let mut statement = transaction.prepare_cached(step.text)?;
        for binds in step.binds.iter() {
            updated += statement.execute(params_from_iter(binds.iter().map(Parameter)))?;
        }
    }
    transaction.commit()?;
    Ok(updated)
}

/// A parameter. It comes in the form in which SQLite stores it: numbers, text and bytes.
struct Parameter<'b>(&'b Bind<'b>);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self.0.value() {
            Value::Null => Ok(rusqlite::types::Null.into()),
            Value::Int(value) => Ok((*value).into()),
            Value::Float(value) => Ok((*value).into()),
            Value::Text(value) => Ok(value.as_ref().into()),
            Value::Bytes(value) => Ok(value.as_ref().into()),
            other => Err(rusqlite::Error::ToSqlConversionFailure(format!("SQLite stores no {}", other.kind()).into())),
        }
    }
}
