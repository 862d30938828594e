//! MySQL and MariaDB, in a database of its own.

use std::process::Command;

use mysql::consts::CapabilityFlags;
use mysql::prelude::{Protocol, Queryable};
use mysql::{Conn, Opts, OptsBuilder, QueryResult};
use setwise::{Column, Date, Decimal, Dialect, Json, Table, Time, Timestamp, TimestampTz, Type, Uuid, Value};

use super::{Engine, Failed, Outcome, Row, new_database, order, quoted, quoted_table, version};

/// A database of a server, dropped at the end.
pub struct Mysql {
    connection: Conn,
    options: Opts,
    dialect: Dialect,
    database: String,
    /// Whether the database is this connection's own, to be dropped with it.
    owns: bool,
}

impl Mysql {
    /// Connects to MariaDB or MySQL, whichever is named; the other one is refused.
    pub fn connect(url: &str, name: &str) -> Result<Self, String> {
        let options = Opts::from_url(url).map_err(|error| error.to_string())?;
        let options: Opts = OptsBuilder::from_opts(options)
            .prefer_socket(false)
            // count the rows that matched, as the other engines do
            .additional_capabilities(CapabilityFlags::CLIENT_FOUND_ROWS)
            .into();
        let mut connection = Conn::new(options.clone()).map_err(|error| error.to_string())?;
        let said: Option<String> = connection.query_first("SELECT VERSION()").map_err(|error| error.to_string())?;
        let said = said.unwrap_or_default();
        let dialect = if said.contains("MariaDB") { Dialect::mariadb() } else { Dialect::mysql() }.at(version(&said));
        if dialect.name() != name {
            return Err(format!("it is {dialect}"));
        }
        let mut engine = Self { connection, options, dialect, database: new_database(), owns: true };
        engine.reset().map_err(|error| error.to_string())?;
        Ok(engine)
    }
}

impl Engine for Mysql {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn has(&self, value: &Value<'_>) -> bool {
        use Value::{Array, Bool, Interval, TimestampTz, Uuid};
        !matches!(value, Bool(_) | TimestampTz(_) | Uuid(_) | Interval(_) | Array(_))
    }

    fn reset(&mut self) -> Result<(), Failed> {
        // the server closes connections that send too much
        if self.connection.reset().is_err() {
            self.connection = Conn::new(self.options.clone())?;
        }
        let name = &self.database;
        for statement in [
            "SET NAMES utf8mb4".into(),
            "SET time_zone = '+00:00'".into(),
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
            format!("USE {name}"),
        ] {
            self.connection.query_drop(statement)?;
        }
        Ok(())
    }

    fn execute(&mut self, text: &str) -> Result<Outcome, Failed> {
        finish(self.connection.query_iter(text)?)
    }

    fn execute_bound(&mut self, text: &str, binds: &[Value<'_>]) -> Result<Outcome, Failed> {
        let binds = binds.iter().map(parameter).collect::<Result<Vec<_>, Failed>>()?;
        // the connection keeps prepared statements by their text
        let statement = self.connection.prep(text)?;
        finish(self.connection.exec_iter(statement, binds)?)
    }

    fn query(&mut self, text: &str, binds: &[Value<'_>], columns: &[Column]) -> Result<Vec<Row>, Failed> {
        let binds = binds.iter().map(parameter).collect::<Result<Vec<_>, Failed>>()?;
        // a prepared statement: only the binary protocol sends floats as bits
        let statement = self.connection.prep(text)?;
        let rows: Vec<mysql::Row> = self.connection.exec(statement, binds)?;
        let read_row = |row: mysql::Row| row.unwrap().into_iter().zip(columns).map(|(v, c)| read(v, c.ty())).collect();
        Ok(rows.into_iter().map(read_row).collect())
    }

    fn another(&self) -> Result<Box<dyn Engine>, String> {
        let mut connection = Conn::new(self.options.clone()).map_err(|error| error.to_string())?;
        for statement in ["SET NAMES utf8mb4", "SET time_zone = '+00:00'", &format!("USE {}", self.database)] {
            connection.query_drop(statement).map_err(|error| error.to_string())?;
        }
        let (options, database) = (self.options.clone(), self.database.clone());
        Ok(Box::new(Self { connection, options, dialect: self.dialect, database, owns: false }))
    }

    fn read_table(&mut self, table: &Table) -> Result<Vec<Row>, Failed> {
        let columns: Vec<_> = table.columns().iter().map(|column| quoted(column.name().as_str(), '`')).collect();
        let text = format!("SELECT {} FROM {}", columns.join(", "), quoted_table(table, '`'));
        let mut rows = Vec::new();
        // a prepared statement: only the binary protocol sends floats as bits
        for row in self.connection.exec::<mysql::Row, _, _>(text, ())? {
            let cells = row.unwrap().into_iter().zip(table.columns());
            rows.push(cells.map(|(stored, column)| read(stored, column.ty())).collect());
        }
        order::sort(&mut rows, table);
        Ok(rows)
    }

    fn client(&self) -> Option<Command> {
        let (host, port) = (self.options.get_ip_or_hostname(), self.options.get_tcp_port());
        let user = self.options.get_user().unwrap_or("root");
        let mut command = Command::new("mariadb");
        command.args(["--no-defaults", "--protocol=tcp"]);
        command.args([format!("--host={host}"), format!("--port={port}"), format!("--user={user}")]);
        command.args(self.options.get_pass().map(|password| format!("--password={password}")));
        command.arg(&self.database);
        Some(command)
    }
}

impl Drop for Mysql {
    fn drop(&mut self) {
        if self.owns {
            let _ = self.connection.query_drop(format!("DROP DATABASE IF EXISTS {}", self.database));
        }
    }
}

/// Reads all results to their end, where the error of a later statement shows.
fn finish<P: Protocol>(mut result: QueryResult<'_, '_, '_, P>) -> Result<Outcome, Failed> {
    let mut sum = Outcome::default();
    while let Some(mut set) = result.iter() {
        if set.columns().as_ref().is_empty() {
            sum.affected += set.affected_rows();
        }
        for row in set.by_ref() {
            row?;
            sum.returned += 1;
        }
    }
    Ok(sum)
}

/// A value as the binary protocol sends it.
fn parameter(value: &Value<'_>) -> Result<mysql::Value, Failed> {
    let text = |text: String| mysql::Value::Bytes(text.into_bytes());
    Ok(match value {
        Value::Null => mysql::Value::NULL,
        Value::Bool(value) => mysql::Value::Int((*value).into()),
        Value::Int(value) => mysql::Value::Int(*value),
        Value::UInt(value) => mysql::Value::UInt(*value),
        Value::Float(float) if !float.is_finite() => return Err(Failed::to_send(value, "not finite")),
        Value::Float(value) => mysql::Value::Double(*value),
        Value::Decimal(value) => text(value.as_str().into()),
        Value::Text(value) => text(value.clone().into_owned()),
        Value::Bytes(value) => mysql::Value::Bytes(value.clone().into_owned()),
        Value::Date(day) => date(value, *day, None)?,
        Value::Time(time) => mysql::Value::Time(false, 0, time.hour(), time.minute(), time.second(), time.micro()),
        Value::Timestamp(stamp) => date(value, stamp.date(), Some(stamp.time()))?,
        Value::TimestampTz(instant) => date(value, instant.to_utc().date(), Some(instant.to_utc().time()))?,
        Value::Uuid(value) => text(value.to_string()),
        Value::Json(value) => text(value.as_str().into()),
        Value::Interval(_) | Value::Array(_) => return Err(Failed::to_send(value, "there is no such type")),
    })
}

fn date(value: &Value<'_>, day: Date, time: Option<Time>) -> Result<mysql::Value, Failed> {
    let year = u16::try_from(day.year()).map_err(|_| Failed::to_send(value, "the year is negative"))?;
    let (hour, minute, second, micro) =
        time.map_or((0, 0, 0, 0), |time| (time.hour(), time.minute(), time.second(), time.micro()));
    Ok(mysql::Value::Date(year, day.month(), day.day(), hour, minute, second, micro))
}

/// A stored value; what the column's type cannot hold comes back as what it is.
fn read(stored: mysql::Value, ty: &Type) -> Value<'static> {
    use mysql::Value as Stored;
    match (stored, ty) {
        (Stored::NULL, _) => Value::Null,
        (Stored::Int(digit @ (0 | 1)), Type::Bool) => Value::Bool(digit == 1),
        (Stored::Int(whole), _) => Value::Int(whole),
        (Stored::UInt(whole), _) => Value::from(whole),
        (Stored::Float(float), _) => Value::Float(float.into()),
        (Stored::Double(float), _) => Value::Float(float),
        (Stored::Bytes(bytes), Type::Bytes { .. }) => Value::Bytes(bytes.into()),
        (Stored::Bytes(bytes), ty) => match String::from_utf8(bytes) {
            Ok(text) => read_text(text, ty),
            Err(error) => Value::Bytes(error.into_bytes().into()),
        },
        (stored @ Stored::Date(year, month, day, hour, minute, second, micro), ty) => {
            let date = Date::new(year.into(), month, day);
            let (Ok(date), Ok(time)) = (date, Time::new(hour, minute, second, micro)) else {
                return Value::Text(stored.as_sql(true).into());
            };
            match ty {
                Type::Date if time == Time::new(0, 0, 0, 0).unwrap() => Value::Date(date),
                Type::TimestampTz { .. } => Value::TimestampTz(TimestampTz::utc(Timestamp::new(date, time))),
                _ => Value::Timestamp(Timestamp::new(date, time)),
            }
        }
        (stored @ Stored::Time(negative, days, hour, minute, second, micro), _) => {
            match Time::new(hour, minute, second, micro) {
                Ok(time) if !negative && days == 0 => Value::Time(time),
                _ => Value::Text(stored.as_sql(true).into()),
            }
        }
    }
}

fn read_text(text: String, ty: &Type) -> Value<'static> {
    match ty {
        Type::Decimal { .. } => Decimal::parse(text.clone()).map(Value::Decimal).unwrap_or(Value::Text(text.into())),
        Type::Json | Type::Jsonb => Value::Json(Json::new(text)),
        // an integer that was united with others of another width comes as a decimal
        Type::Int { .. } | Type::UInt { .. } => match (text.parse::<i64>(), text.parse::<u64>()) {
            (Ok(whole), _) => Value::Int(whole),
            (_, Ok(whole)) => Value::from(whole),
            _ => Value::Text(text.into()),
        },
        Type::Uuid => Uuid::parse(&text).map(Value::Uuid).unwrap_or(Value::Text(text.into())),
        _ => Value::Text(text.into()),
    }
}

impl From<mysql::Error> for Failed {
    fn from(error: mysql::Error) -> Self {
        match error {
            mysql::Error::MySqlError(said) => Self { code: said.code.to_string(), message: said.message },
            other => Self { code: "driver".into(), message: other.to_string() },
        }
    }
}
