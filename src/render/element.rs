//! Values as the text that PostgreSQL reads them from.

use super::literal::hex;
use super::temporal::Stamp;
use crate::ir::Value;

/// An array in PostgreSQL's text form: `{1,NULL,"a\"b"}`.
pub(crate) fn array_text(value: &Value<'_>) -> String {
    let Value::Array(array) = value else { return String::new() };
    let mut out = String::from("{");
    for (index, item) in array.items().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match item {
            Value::Null => out.push_str("NULL"),
            Value::Array(_) => out.push_str(&array_text(item)),
            item => {
                out.push('"');
                for character in element_text(item).chars() {
                    if matches!(character, '"' | '\\') {
                        out.push('\\');
                    }
                    out.push(character);
                }
                out.push('"');
            }
        }
    }
    out.push('}');
    out
}

/// The text that PostgreSQL reads a value from; of NULL there is none.
pub(super) fn element_text(item: &Value<'_>) -> String {
    let mut out = String::new();
    match item {
        Value::Bytes(v) => {
            out.push_str("\\x");
            out.extend(hex(v));
        }
        Value::Float(v) if v.is_nan() => out.push_str("NaN"),
        Value::Float(f64::INFINITY) => out.push_str("Infinity"),
        Value::Float(f64::NEG_INFINITY) => out.push_str("-Infinity"),
        Value::Float(v) => out.push_str(zmij::Buffer::new().format_finite(*v)),
        Value::Bool(v) => out.push_str(if *v { "true" } else { "false" }),
        Value::Int(v) => out.push_str(itoa::Buffer::new().format(*v)),
        Value::UInt(v) => out.push_str(itoa::Buffer::new().format(*v)),
        Value::Decimal(v) => out.push_str(v.as_str()),
        Value::Text(v) => out.push_str(v),
        Value::Json(v) => out.push_str(v.as_str()),
        Value::Date(v) => out.push_str(&Stamp::of_date(*v).to_string()),
        Value::Time(v) => out.push_str(&Stamp::of_time(*v).to_string()),
        Value::Timestamp(v) => out.push_str(&Stamp::of_timestamp(*v, false).to_string()),
        Value::TimestampTz(v) => out.push_str(&Stamp::of_timestamp(v.to_utc(), true).to_string()),
        Value::Interval(v) => out.push_str(&v.to_string()),
        Value::Uuid(v) => out.push_str(&v.to_string()),
        Value::Array(_) => out.push_str(&array_text(item)),
        Value::Null => {}
    }
    out
}
