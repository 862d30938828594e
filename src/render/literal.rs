//! Literals: each value in the one spelling that the engine reads back exactly, under every session mode.

use std::fmt::Write;

use super::Words;
use super::float;
use crate::dialect::{BoolLiteral, BytesLiteral, FloatLiteral, Form, TemporalLiteral, TextLiteral};
use crate::ir::{Date, Time, Timestamp, Value};

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Writes a value as a literal.
pub(super) fn write(out: &mut String, value: &Value<'_>, words: &Words) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Bool(v) => out.push_str(match (words.boolean, v) {
            (BoolLiteral::Keyword, true) => "TRUE",
            (BoolLiteral::Keyword, false) => "FALSE",
            (BoolLiteral::Digit, true) => "1",
            (BoolLiteral::Digit, false) => "0",
        }),
        Value::Int(v) => write_int(out, *v),
        Value::UInt(v) => out.push_str(itoa::Buffer::new().format(*v)),
        Value::Float(v) => write_float(out, *v, words),
        Value::Decimal(v) => match (words.decimal, v.as_str().parse::<f64>()) {
            (Form::Float15, Ok(float)) => write_float(out, float, words),
            _ => write_signed(out, v.as_str()),
        },
        Value::Text(v) => write_text(out, v, words),
        Value::Bytes(v) => write_bytes(out, v, words),
        Value::Date(v) => write_temporal(out, "DATE", words, |out| write_date(out, *v, "")),
        Value::Time(v) => write_temporal(out, "TIME", words, |out| write_time(out, *v)),
        Value::Timestamp(v) => write_temporal(out, "TIMESTAMP", words, |out| write_timestamp(out, *v, "")),
        Value::TimestampTz(v) => {
            let zone = if words.instant == Form::UtcTimestamp { "" } else { "+00:00" };
            write_temporal(out, "TIMESTAMP", words, |out| write_timestamp(out, v.to_utc(), zone));
        }
        Value::Interval(v) => write_quoted(out, v),
        Value::Uuid(v) => write_quoted(out, v),
        Value::Json(v) => write_text(out, v.as_str(), words),
        Value::Array(_) => write_text(out, &array_text(value), words),
    }
}

/// Negative numbers are written in parentheses, so that no minus can stand beside another.
fn write_int(out: &mut String, value: i64) {
    if value >= 0 {
        out.push_str(itoa::Buffer::new().format(value));
    } else if value == i64::MIN {
        // the bare digits would be a wider type on some engines
        out.push_str("(-9223372036854775807 - 1)");
    } else {
        out.push('(');
        out.push_str(itoa::Buffer::new().format(value));
        out.push(')');
    }
}

fn write_signed(out: &mut String, digits: &str) {
    if digits.starts_with('-') {
        out.push('(');
        out.push_str(digits);
        out.push(')');
    } else {
        out.push_str(digits);
    }
}

fn write_float(out: &mut String, value: f64, words: &Words) {
    if words.float == FloatLiteral::Quoted {
        out.push('\'');
        match value {
            v if v.is_nan() => out.push_str("NaN"),
            f64::INFINITY => out.push_str("Infinity"),
            f64::NEG_INFINITY => out.push_str("-Infinity"),
            v => float::write_shortest(out, v),
        }
        out.push('\'');
        return;
    }
    let negative = value.is_sign_negative();
    if negative {
        out.push_str("(-");
    }
    match (words.float, value.abs()) {
        (_, f64::INFINITY) => out.push_str("9e999"),
        (FloatLiteral::ExactProduct, v) => float::write_product(out, v),
        (_, v) => float::write_exponent(out, v),
    }
    if negative {
        out.push(')');
    }
}

fn write_text(out: &mut String, text: &str, words: &Words) {
    let has_control = || text.bytes().any(|byte| byte.is_ascii_control());
    match words.text {
        TextLiteral::EscapeString if text.contains('\\') || words.client && has_control() => {
            write_escaped(out, text, words)
        }
        TextLiteral::HexUnlessPlain if !text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'\\') => {
            out.push_str("_utf8mb4 X'");
            write_hex(out, text.as_bytes());
            out.push('\'');
        }
        TextLiteral::CastHex if text.contains('\0') || words.client && has_control() => {
            out.push_str("CAST(X'");
            write_hex(out, text.as_bytes());
            out.push_str("' AS TEXT)");
        }
        TextLiteral::EscapeString | TextLiteral::HexUnlessPlain | TextLiteral::CastHex => {
            out.push('\'');
            push_doubled(out, text);
            out.push('\'');
        }
    }
}

/// Copies text with each quote doubled.
fn push_doubled(out: &mut String, text: &str) {
    let mut parts = text.split('\'');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str("''");
        out.push_str(part);
    }
}

/// PostgreSQL's `E'…'`: backslashes and quotes doubled, and for clients no raw control character.
fn write_escaped(out: &mut String, text: &str, words: &Words) {
    out.push_str("E'");
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("''"),
            '\n' if words.client => out.push_str("\\n"),
            '\r' if words.client => out.push_str("\\r"),
            '\t' if words.client => out.push_str("\\t"),
            control if words.client && control.is_ascii_control() => {
                out.push_str("\\x");
                let mut byte = [0u8; 4];
                write_hex(out, control.encode_utf8(&mut byte).as_bytes());
            }
            other => out.push(other),
        }
    }
    out.push('\'');
}

fn write_bytes(out: &mut String, bytes: &[u8], words: &Words) {
    out.push_str(match words.bytes {
        BytesLiteral::EscapeHex => "E'\\\\x",
        BytesLiteral::Hex => "X'",
    });
    write_hex(out, bytes);
    out.push('\'');
}

fn write_hex(out: &mut String, bytes: &[u8]) {
    out.reserve(2 * bytes.len());
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            out.push(HEX.get(usize::from(nibble)).copied().map_or('0', char::from));
        }
    }
}

fn write_temporal(out: &mut String, word: &str, words: &Words, content: impl FnOnce(&mut String)) {
    if words.temporal == TemporalLiteral::Prefixed {
        out.push_str(word);
    }
    out.push('\'');
    content(out);
    out.push('\'');
}

/// Writes `YYYY-MM-DD`, what follows, and ` BC` behind it all where the year is before 1.
fn write_date(out: &mut String, date: Date, rest: &str) {
    let year = date.year();
    if year > 0 {
        push_padded(out, year.unsigned_abs(), 4);
    } else {
        push_padded(out, (1 - year).unsigned_abs(), 4);
    }
    out.push('-');
    push_padded(out, date.month().into(), 2);
    out.push('-');
    push_padded(out, date.day().into(), 2);
    out.push_str(rest);
    if year < 1 {
        out.push_str(" BC");
    }
}

fn write_time(out: &mut String, time: Time) {
    push_padded(out, time.hour().into(), 2);
    out.push(':');
    push_padded(out, time.minute().into(), 2);
    out.push(':');
    push_padded(out, time.second().into(), 2);
    if time.micro() != 0 {
        out.push('.');
        push_padded(out, time.micro(), 6);
    }
}

fn write_timestamp(out: &mut String, timestamp: Timestamp, zone: &str) {
    let mut rest = String::from(" ");
    write_time(&mut rest, timestamp.time());
    rest.push_str(zone);
    write_date(out, timestamp.date(), &rest);
}

fn push_padded(out: &mut String, value: u32, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value);
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(digits);
}

fn write_quoted(out: &mut String, value: impl std::fmt::Display) {
    // writing into a String cannot fail
    let _ = write!(out, "'{value}'");
}

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

fn element_text(item: &Value<'_>) -> String {
    let mut out = String::new();
    match item {
        Value::Bytes(v) => {
            out.push_str("\\x");
            write_hex(&mut out, v);
        }
        Value::Float(v) if v.is_nan() => out.push_str("NaN"),
        Value::Float(f64::INFINITY) => out.push_str("Infinity"),
        Value::Float(f64::NEG_INFINITY) => out.push_str("-Infinity"),
        Value::Float(v) => float::write_shortest(&mut out, *v),
        Value::Bool(v) => out.push_str(if *v { "true" } else { "false" }),
        Value::Int(v) => out.push_str(itoa::Buffer::new().format(*v)),
        Value::UInt(v) => out.push_str(itoa::Buffer::new().format(*v)),
        Value::Decimal(v) => out.push_str(v.as_str()),
        Value::Text(v) => out.push_str(v),
        Value::Json(v) => out.push_str(v.as_str()),
        Value::Date(v) => write_date(&mut out, *v, ""),
        Value::Time(v) => write_time(&mut out, *v),
        Value::Timestamp(v) => write_timestamp(&mut out, *v, ""),
        Value::TimestampTz(v) => write_timestamp(&mut out, v.to_utc(), "+00:00"),
        Value::Interval(v) => out.push_str(&v.to_string()),
        Value::Uuid(v) => out.push_str(&v.to_string()),
        Value::Null | Value::Array(_) => {}
    }
    out
}
