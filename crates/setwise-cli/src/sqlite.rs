//! The embedded SQLite: its schema, its values, and what an update came to.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::backup::Backup;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use setwise::{Cell, Cells, Dialect, Ident, Schema, Table, TableName, Update, Value, Version};

use crate::print::value_to_json;

/// The dialect of the SQLite that is built in.
pub(crate) fn dialect() -> Dialect {
    let version = Version::parse(rusqlite::version());
    version.map_or_else(Dialect::sqlite, |version| Dialect::sqlite().at(version))
}

/// Opens a file for reading and writing; it is not made where there is none.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Opens a private copy of a file, which goes with the connection; the file is only read.
pub(crate) fn open_copy(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(path, flags)?;
    // The empty name is a temporary database, in memory as far as it fits the cache.
    let mut copy = Connection::open("")?;
    Backup::new(&source, &mut copy)?.run_to_completion(i32::MAX, std::time::Duration::ZERO, None)?;
    Ok(copy)
}

/// The statements that made the database's tables and indexes.
pub(crate) fn schema_text(connection: &Connection) -> rusqlite::Result<String> {
    let mut query = connection.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")?;
    let statements = query.query_map([], |row| row.get::<_, String>(0))?;
    statements.map(|statement| statement.map(|text| text + ";\n")).collect()
}

/// A value as SQLite stores it: `docs/storage.md`.
#[derive(Debug)]
pub(crate) struct Stored<'v>(pub(crate) &'v Value<'v>);

impl ToSql for Stored<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let refuse = |what: &str| rusqlite::Error::ToSqlConversionFailure(format!("SQLite has no {what}").into());
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(value) => i64::from(*value).into(),
            Value::Int(value) => (*value).into(),
            Value::UInt(value) => i64::try_from(*value).map_err(|_| refuse("integers above 64 bits"))?.into(),
            Value::Float(value) => (*value).into(),
            Value::Decimal(value) => value.as_str().parse::<f64>().map_err(|_| refuse("such decimals"))?.into(),
            Value::Text(value) => value.as_ref().into(),
            Value::Bytes(value) => value.as_ref().into(),
            Value::Date(value) => value.to_string().into(),
            Value::Time(value) => value.to_string().into(),
            Value::Timestamp(value) => value.to_string().into(),
            Value::TimestampTz(value) => value.to_string().into(),
            Value::Uuid(value) => value.to_string().into(),
            Value::Json(value) => value.as_str().into(),
            Value::Interval(_) => return Err(refuse("intervals")),
            Value::Array(_) => return Err(refuse("arrays")),
        })
    }
}

/// Counts the rows that an update writes with another content than they had.
///
/// A temporary trigger sees each row before and after; it belongs to the connection, not to the file.
///
/// A value that is parked counts as the one that it will be.
pub(crate) fn count_changes(
    connection: &Connection,
    update: &Update<'_>,
    parked: &[&Ident],
) -> rusqlite::Result<Arc<AtomicU64>> {
    let changed = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&changed);
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("setwise_changed", 0, flags, move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(0)
    })?;
    let differs = update.assignments().iter().map(|assignment| {
        let column = quoted(&assignment.column);
        let shift = match parked.iter().position(|parked| **parked == assignment.column) {
            Some(at) => format!(" - (SELECT shift FROM temp.setwise_parked WHERE at = {at})"),
            None => String::new(),
        };
        format!("OLD.{column} COLLATE BINARY IS NOT NEW.{column}{shift}")
    });
    let (table, differs) = (table(update.target()), differs.collect::<Vec<_>>().join(" OR "));
    connection.execute_batch(&format!(
        "CREATE TEMP TRIGGER setwise_changed AFTER UPDATE ON {table} WHEN {differs} BEGIN SELECT setwise_changed(); END"
    ))?;
    Ok(changed)
}

/// How many incoming keys no row of the table has. A key that is called as in a table that this one extends is its own.
pub(crate) fn count_missing(
    connection: &Connection,
    update: &Update<'_>,
    key: &[Ident],
    cells: &Cells<'_>,
) -> rusqlite::Result<u64> {
    let own = |column: &Ident| {
        let known = update.schema().zip(update.declared());
        quoted(known.and_then(|(schema, table)| own_key(schema, table, column)).unwrap_or(column))
    };
    let conditions = key.iter().enumerate().map(|(at, column)| format!("{} = ?{}", own(column), at + 1));
    let conditions = conditions.collect::<Vec<_>>().join(" AND ");
    let query = format!("SELECT 1 FROM {} WHERE {conditions} LIMIT 1", table(update.target()));
    let mut find = connection.prepare(&query)?;
    let positions: Vec<_> = key.iter().filter_map(|column| cells.position(column)).collect();
    let mut missing = HashSet::new();
    for row in cells.rows() {
        let values = || {
            positions.iter().filter_map(|&at| match row.get(at) {
                Some(Cell::Value(value)) => Some(value),
                _ => None,
            })
        };
        if !find.exists(params_from_iter(values().map(Stored)))? {
            missing.insert(values().map(same_key).collect::<Vec<_>>());
        }
    }
    Ok(u64::try_from(missing.len()).unwrap_or(u64::MAX))
}

/// What a table calls a column that may be of the key that it shares with those that it extends.
fn own_key<'c>(schema: &'c Schema, table: &'c Table, column: &'c Ident) -> Option<&'c Ident> {
    if table.find(column).is_some() {
        return Some(column);
    }
    let parent = schema.find(table.parent()?)?;
    let theirs = if table.parent_key().is_empty() { parent.key() } else { table.parent_key() };
    let above = own_key(schema, parent, column)?;
    table.key().get(theirs.iter().position(|name| name == above)?)
}

/// A text that is the same for values that are one key.
fn same_key(value: &Value<'_>) -> String {
    match value {
        Value::UInt(value) => value.to_string(),
        Value::Decimal(value) => value.trimmed().to_owned(),
        Value::TimestampTz(value) => value.to_utc().to_string(),
        other => other.to_string(),
    }
}

fn table(name: &TableName) -> String {
    let schema = name.schema().map_or_else(|| "main".into(), quoted);
    format!("{schema}.{}", quoted(name.name()))
}

fn quoted(name: &Ident) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

/// A stored value as an error names it.
pub(crate) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// A stored value as JSON; bytes as text of hexadecimal digits.
pub(crate) fn json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(value) => value_to_json(&Value::Int(value)),
        ValueRef::Real(value) => value_to_json(&Value::Float(value)),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => value_to_json(&Value::Bytes(bytes.into())),
    }
}
