//! Calls named updates as functions: `cargo run --package setwise-example-updates`.

use std::error::Error;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, Transaction, params_from_iter};
use setwise::{Bind, Dialect, Options, Step, Value, compile};

mod updates {
    include!(concat!(env!("OUT_DIR"), "/users.rs"));
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type User = (i64, String, String, i64, Option<String>);

fn main() -> Result<()> {
    for user in update()? {
        println!("{user:?}");
    }
    Ok(())
}

/// The users after three updates in one transaction.
fn update() -> Result<Vec<User>> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(include_str!("../schema.sql"))?;
    connection.execute_batch(
        "INSERT INTO users VALUES (1, 'US', 'basic', 130, NULL), (2, 'US', 'basic', 70, 'old'), (3, 'DE', 'basic', 500, NULL);",
    )?;
    let (dialect, transaction) = (Dialect::sqlite(), connection.transaction()?);
    updates::upgrade(dialect, "US", 100, "premium")?.steps().try_for_each(|step| execute(&transaction, &step))?;
    for (id, note) in [(1, Some("upgraded")), (2, None)] {
        updates::annotate(dialect, id, note)?.steps().try_for_each(|step| execute(&transaction, &step))?;
    }
    let update = updates::credit(10, [(3, 1), (2, 5)])?;
    let mut script = compile(&update, dialect, &Options::new())?;
    while let Some(step) = script.next() {
        execute(&transaction, &step?)?;
    }
    transaction.commit()?;
    let mut query = connection.prepare("SELECT id, country, membership, credits, note FROM users ORDER BY id")?;
    let users = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    Ok(users.collect::<rusqlite::Result<_>>()?)
}

/// Executes a step; SQLite keeps its statement by its text.
fn execute(transaction: &Transaction<'_>, step: &Step<'_>) -> Result<()> {
    let mut statement = transaction.prepare_cached(step.text)?;
    for binds in step.binds.iter() {
        statement.execute(params_from_iter(binds.iter().map(Parameter)))?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_as_the_updates_say() {
        let user = |id, country: &str, level: &str, credits, note: Option<&str>| {
            (id, country.to_owned(), level.to_owned(), credits, note.map(str::to_owned))
        };
        let expected = [
            user(1, "US", "premium", 30, Some("upgraded")),
            user(2, "US", "basic", 120, None),
            user(3, "DE", "basic", 510, None),
        ];
        assert_eq!(super::update().unwrap(), expected);
    }
}
