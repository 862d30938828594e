//! Parameters in PostgreSQL's text form, which every type reads.

use std::error::Error;
use std::fmt::Write;

use postgres::types::private::BytesMut;
use postgres::types::{Format, IsNull, ToSql, Type};
use setwise::{Date, Value};

/// A value sent as text, whatever type the parameter has.
#[derive(Debug)]
pub struct AsText<'v>(pub &'v Value<'v>);

impl ToSql for AsText<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        if self.0.is_null() {
            return Ok(IsNull::Yes);
        }
        out.extend_from_slice(text(self.0).as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

/// The text from which PostgreSQL reads the value.
pub fn text(value: &Value<'_>) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Float(value) if value.is_infinite() => if *value > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        Value::Float(value) => format!("{value:e}"),
        Value::Decimal(value) => value.as_str().into(),
        Value::Text(value) => value.clone().into_owned(),
        Value::Bytes(value) => value.iter().fold("\\x".into(), |mut text: String, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }),
        Value::Date(value) => day(*value, ""),
        Value::Time(value) => value.to_string(),
        Value::Timestamp(value) => day(value.date(), &format!(" {}", value.time())),
        Value::TimestampTz(value) => day(value.to_utc().date(), &format!(" {}+00", value.to_utc().time())),
        Value::Interval(value) => value.to_string(),
        Value::Uuid(value) => value.to_string(),
        Value::Json(value) => value.as_str().into(),
        Value::Array(value) => array(value.items()),
    }
}

/// A day with what follows it; PostgreSQL counts years from 1 BC, which is year 0.
fn day(date: Date, rest: &str) -> String {
    let (year, era) = if date.year() > 0 { (date.year(), "") } else { (1 - date.year(), " BC") };
    format!("{year:04}-{:02}-{:02}{rest}{era}", date.month(), date.day())
}

fn array(items: &[Value<'_>]) -> String {
    let item = |item: &Value<'_>| match item {
        Value::Null => "NULL".into(),
        Value::Array(inner) => array(inner.items()),
        other => format!("\"{}\"", text(other).replace('\\', "\\\\").replace('"', "\\\"")),
    };
    format!("{{{}}}", items.iter().map(item).collect::<Vec<_>>().join(","))
}
