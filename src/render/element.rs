//! Values as the text that PostgreSQL reads them from.

use super::out::Out;
use super::temporal::Stamp;
use super::{digits, float, literal};
use crate::ir::{Array, Value};
use crate::short;

/// An array in PostgreSQL's text form: `{1,NULL,"a\"b"}`.
pub(crate) fn array_text(value: &Value<'_>) -> String {
    let mut out = Out::new();
    if let Value::Array(array) = value {
        write_array(&mut out, array);
    }
    out.into_text()
}

fn write_array(out: &mut Out, array: &Array<'_>) {
    out.push('{');
    for (index, item) in array.items().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match item {
            Value::Null => out.push_str("NULL"),
            Value::Array(array) => write_array(out, array),
            item => {
                out.push('"');
                write(out, item, push_character);
                out.push('"');
            }
        }
    }
    out.push('}');
}

/// A character that means something in quotes, in an array.
fn push_character(out: &mut Out, character: char) {
    if matches!(character, '"' | '\\') {
        out.push('\\');
    }
    out.push(character);
}

/// Writes the text that PostgreSQL reads a value from, in quotes: a quote, a backslash or a control character as it is
/// written there. Of NULL there is none.
#[inline(always)]
pub(super) fn write(out: &mut Out, value: &Value<'_>, push_special: fn(&mut Out, char)) {
    match value {
        Value::Text(v) => write_text(out, v, push_special),
        Value::Int(v) => write_int(out, *v),
        Value::Decimal(v) => out.push_bytes(v.as_str().as_bytes()),
        Value::TimestampTz(v) => write_stamp(out, Stamp::Instant(v.to_utc())),
        other => write_rare(out, other, push_special),
    }
}

#[inline(never)]
fn write_rare(out: &mut Out, value: &Value<'_>, push_special: fn(&mut Out, char)) {
    match value {
        Value::Bytes(v) => {
            push_special(out, '\\');
            out.push('x');
            out.extend(literal::hex(v));
        }
        Value::Float(v) if v.is_nan() => out.push_str("NaN"),
        Value::Float(f64::INFINITY) => out.push_str("Infinity"),
        Value::Float(f64::NEG_INFINITY) => out.push_str("-Infinity"),
        Value::Float(v) => float::write_shortest(out, *v),
        Value::Bool(v) => out.push_str(if *v { "true" } else { "false" }),
        Value::UInt(v) => digits::write(out, *v),
        Value::Json(v) => write_text(out, v.as_str(), push_special),
        Value::Date(v) => write_stamp(out, Stamp::Date(*v)),
        Value::Time(v) => write_stamp(out, Stamp::Time(*v)),
        Value::Timestamp(v) => write_stamp(out, Stamp::Timestamp(*v)),
        Value::Interval(v) => out.push_str(&v.to_string()),
        Value::Uuid(v) => out.push_str(&v.to_string()),
        Value::Array(_) => write_text(out, &array_text(value), push_special),
        _ => {}
    }
}

#[inline(never)]
fn write_text(out: &mut Out, text: &str, push_special: fn(&mut Out, char)) {
    let is_plain = |byte: u8| (byte >= 0x20) & (byte != b'"') & (byte != b'\\');
    if out.push_put(|place| short::copy_if(text.as_bytes(), place, is_plain).map(|()| text.len())) {
        return;
    }
    let mut rest = text;
    while let Some((plain, special)) =
        rest.find(|c| matches!(c, '"' | '\\' | '\0'..' ')).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut characters = special.chars();
        characters.next().into_iter().for_each(|character| push_special(out, character));
        rest = characters.as_str();
    }
    out.push_str(rest);
}

#[inline(always)]
fn write_int(out: &mut Out, value: i64) {
    if value < 0 {
        out.push('-');
    }
    digits::write(out, value.unsigned_abs());
}

#[inline(never)]
fn write_stamp(out: &mut Out, stamp: Stamp) {
    if !out.push_put(|place| stamp.put_short(place)) {
        out.push_str(&stamp.to_string());
    }
}
