//! SQLite, in process: in memory, or in a file for its shell to read.

use std::path::PathBuf;
use std::process::Command;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};
use setwise::{Column, Date, Decimal, Dialect, Json, Table, Time, Timestamp, TimestampTz, Type, Uuid, Value};

use super::{Engine, Failed, Outcome, Row, new_database, order, quoted, quoted_table, version};

/// A database, whose file is removed at the end.
pub struct Sqlite {
    connection: Connection,
    file: Option<PathBuf>,
    /// Whether the file is this connection's own, to be removed with it.
    owns: bool,
}

impl Sqlite {
    pub fn new() -> Self {
        Self { connection: Connection::open_in_memory().expect("a database in memory"), file: None, owns: true }
    }

    pub fn in_file() -> Self {
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(new_database() + ".db");
        let _ = std::fs::remove_file(&file);
        Self { connection: Connection::open(&file).expect("a database in a file"), file: Some(file), owns: true }
    }

    /// Runs a statement to its end, with its parameters bound already.
    fn finish(connection: &Connection, statement: &mut Statement<'_>) -> Result<Outcome, Failed> {
        let before = connection.total_changes();
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut returned = 0;
        while rows.next()?.is_some() {
            returned += 1;
        }
        let affected = if columns == 0 { connection.total_changes() - before } else { 0 };
        Ok(Outcome { affected, returned })
    }
}

impl Engine for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::sqlite().at(version(rusqlite::version()))
    }

    fn has(&self, value: &Value<'_>) -> bool {
        use Value::{Bytes, Float, Int, Null, Text, UInt};
        matches!(value, Null | Int(_) | UInt(_) | Float(_) | Text(_) | Bytes(_))
    }

    fn reset(&mut self) -> Result<(), Failed> {
        *self = if self.file.is_some() { Self::in_file() } else { Self::new() };
        Ok(())
    }

    fn execute(&mut self, text: &str) -> Result<Outcome, Failed> {
        let mut sum = Outcome::default();
        let mut batch = rusqlite::Batch::new(&self.connection, text);
        while let Some(mut statement) = next_statement(&mut batch)? {
            let outcome = Self::finish(&self.connection, &mut statement)?;
            sum.affected += outcome.affected;
            sum.returned += outcome.returned;
        }
        Ok(sum)
    }

    fn execute_bound(&mut self, text: &str, binds: &[Value<'_>]) -> Result<Outcome, Failed> {
        let mut statement = self.connection.prepare_cached(text)?;
        if statement.parameter_count() != binds.len() {
            let message = format!("{} parameters, {} values", statement.parameter_count(), binds.len());
            return Err(Failed { code: "driver".into(), message });
        }
        for (index, value) in binds.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, parameter(value)?)?;
        }
        Self::finish(&self.connection, &mut statement)
    }

    fn query(&mut self, text: &str, binds: &[Value<'_>], columns: &[Column]) -> Result<Vec<Row>, Failed> {
        let mut statement = self.connection.prepare_cached(text)?;
        for (index, value) in binds.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, parameter(value)?)?;
        }
        read_rows(statement.raw_query(), columns)
    }

    fn another(&self) -> Result<Box<dyn Engine>, String> {
        let file = self.file.clone().ok_or("the database is in memory")?;
        let connection = Connection::open(&file).map_err(|error| error.to_string())?;
        Ok(Box::new(Self { connection, file: Some(file), owns: false }))
    }

    fn read_table(&mut self, table: &Table) -> Result<Vec<Row>, Failed> {
        let columns: Vec<_> = table.columns().iter().map(|column| quoted(column.name().as_str(), '"')).collect();
        let text = format!("SELECT {} FROM {}", columns.join(", "), quoted_table(table, '"'));
        let mut statement = self.connection.prepare(&text)?;
        let mut rows = read_rows(statement.query([])?, table.columns())?;
        order::sort(&mut rows, table);
        Ok(rows)
    }

    fn client(&self) -> Option<Command> {
        let mut command = Command::new("sqlite3");
        command.args(["-batch", "-init", "/dev/null"]).arg(self.file.as_ref()?);
        Some(command)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        if let Some(file) = self.file.as_ref().filter(|_| self.owns) {
            let _ = std::fs::remove_file(file);
        }
    }
}

fn read_rows(mut found: rusqlite::Rows<'_>, columns: &[Column]) -> Result<Vec<Row>, Failed> {
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells = columns.iter().enumerate();
        rows.push(cells.map(|(at, column)| Ok(read(row.get_ref(at)?, column.ty()))).collect::<Result<_, Failed>>()?);
    }
    Ok(rows)
}

/// The next statement of a batch.
fn next_statement<'c>(batch: &mut rusqlite::Batch<'c, '_>) -> Result<Option<Statement<'c>>, Failed> {
    use rusqlite::fallible_iterator::FallibleIterator;
    Ok(batch.next()?)
}

/// A value as SQLite stores it.
fn parameter<'v>(value: &'v Value<'_>) -> Result<ToSqlOutput<'v>, Failed> {
    let owned = |text: String| ToSqlOutput::Owned(text.into());
    Ok(match value {
        Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
        Value::Bool(value) => ToSqlOutput::Borrowed(ValueRef::Integer((*value).into())),
        Value::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
        Value::UInt(wide) => {
            let narrow = i64::try_from(*wide).map_err(|_| Failed::to_send(value, "above 64 signed bits"))?;
            ToSqlOutput::Borrowed(ValueRef::Integer(narrow))
        }
        Value::Float(nan) if nan.is_nan() => return Err(Failed::to_send(value, "SQLite would store NULL")),
        Value::Float(value) => ToSqlOutput::Borrowed(ValueRef::Real(*value)),
        Value::Decimal(decimal) => {
            if decimal.trimmed().bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count() > 15 {
                return Err(Failed::to_send(value, "more than 15 digits"));
            }
            let float = decimal.as_str().parse().map_err(|_| Failed::to_send(value, "not a number"))?;
            ToSqlOutput::Borrowed(ValueRef::Real(float))
        }
        Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        Value::Json(json) => ToSqlOutput::Borrowed(ValueRef::Text(json.as_str().as_bytes())),
        Value::Date(value) => owned(value.to_string()),
        Value::Time(value) => owned(value.to_string()),
        Value::Timestamp(value) => owned(value.to_string()),
        Value::TimestampTz(value) => owned(value.to_string()),
        Value::Uuid(value) => owned(value.to_string()),
        Value::Interval(_) | Value::Array(_) => return Err(Failed::to_send(value, "SQLite has no such type")),
    })
}

/// A stored value by its storage class and the column's type; one of a class that the type does not use, or text
/// that is not in the form in which the type is stored, comes back by its class alone.
fn read(stored: ValueRef<'_>, ty: &Type) -> Value<'static> {
    match (stored, ty) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(digit @ (0 | 1)), Type::Bool) => Value::Bool(digit == 1),
        (ValueRef::Integer(whole), Type::Decimal { .. }) => decimal(whole.to_string()),
        (ValueRef::Integer(whole), _) => Value::Int(whole),
        (ValueRef::Real(float), Type::Decimal { .. }) => decimal(float.to_string()),
        (ValueRef::Real(float), _) => Value::Float(float),
        (ValueRef::Text(text), ty) => match std::str::from_utf8(text) {
            Ok(text) => read_text(text, ty),
            Err(_) => Value::Bytes(text.to_vec().into()),
        },
        (ValueRef::Blob(bytes), _) => Value::Bytes(bytes.to_vec().into()),
    }
}

fn decimal(text: String) -> Value<'static> {
    Decimal::parse(text.clone()).map_or(Value::Text(text.into()), Value::Decimal)
}

fn read_text(text: &str, ty: &Type) -> Value<'static> {
    let value = match ty {
        Type::Date => Date::parse(text).map(Value::Date),
        Type::Time { .. } => Time::parse(text).map(Value::Time),
        Type::Timestamp { .. } => Timestamp::parse(text).map(Value::Timestamp),
        Type::TimestampTz { .. } => TimestampTz::parse(text).map(Value::TimestampTz),
        Type::Uuid => Uuid::parse(text).map(Value::Uuid),
        Type::Json | Type::Jsonb => Ok(Value::Json(Json::new(text.to_owned()))),
        _ => Ok(Value::Text(text.to_owned().into())),
    };
    // only one text stands for each value, or equal values would not be found by equality
    let is_canonical = |value: &Value<'static>| match value {
        Value::Date(value) => value.to_string() == text,
        Value::Time(value) => value.to_string() == text,
        Value::Timestamp(value) => value.to_string() == text,
        Value::TimestampTz(value) => value.to_string() == text,
        Value::Uuid(value) => value.to_string() == text,
        _ => true,
    };
    value.ok().filter(is_canonical).unwrap_or_else(|| Value::Text(text.to_owned().into()))
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map_or("driver".into(), |error| error.extended_code.to_string());
        Self { code, message: error.to_string() }
    }
}
