//! Literals: each value in the one spelling that the engine reads back exactly, under every session mode.

use std::fmt::Write;

use memchr::{memchr, memchr2};

use super::Words;
use super::temporal::{write_date, write_time, write_timestamp};
use super::{float, joined};
use crate::dialect::{BoolLiteral, BytesLiteral, FloatLiteral, Form, TemporalLiteral, TextLiteral};
use crate::ir::Value;

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
        Value::Decimal(v) => match words.decimal {
            Form::Float15 => match v.as_str().parse() {
                Ok(float) => write_float(out, float, words),
                Err(_) => write_signed(out, v.as_str()),
            },
            _ => write_signed(out, v.as_str()),
        },
        Value::Text(v) => write_text(out, v, words),
        Value::Bytes(v) => write_bytes(out, v, words),
        Value::Date(v) => write_temporal(out, "DATE", words, |out| write_date(out, *v)),
        Value::Time(v) => write_temporal(out, "TIME", words, |out| write_time(out, *v)),
        Value::Timestamp(v) => write_temporal(out, "TIMESTAMP", words, |out| write_timestamp(out, *v, false)),
        Value::TimestampTz(v) => {
            let zone = words.instant != Form::UtcTimestamp;
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
    let bytes = text.as_bytes();
    let has_control = || words.client && bytes.iter().any(u8::is_ascii_control);
    let has_quote = match words.text {
        TextLiteral::EscapeString => match memchr2(b'\\', b'\'', bytes) {
            None if !has_control() => false,
            Some(_) if memchr(b'\\', bytes).is_none() && !has_control() => true,
            _ => return write_escaped(out, text, words),
        },
        TextLiteral::HexUnlessPlain => {
            if !bytes.iter().all(|byte| (0x20..0x7f).contains(byte) && *byte != b'\\') {
                out.push_str("_utf8mb4 X'");
                write_hex(out, bytes);
                return out.push('\'');
            }
            memchr(b'\'', bytes).is_some()
        }
        TextLiteral::JoinChars => match memchr2(0, b'\'', bytes) {
            None if !has_control() => false,
            _ => return joined::write(out, text, words.client),
        },
    };
    if has_quote {
        return push_doubled(out, text);
    }
    out.push('\'');
    out.push_str(text);
    out.push('\'');
}

/// Copies text in quotes, with each quote in it doubled.
pub(super) fn push_doubled(out: &mut String, text: &str) {
    out.reserve(text.len() + 4);
    out.push('\'');
    let mut parts = text.split('\'');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str("''");
        out.push_str(part);
    }
    out.push('\'');
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

/// The text that PostgreSQL reads a value from; of NULL there is none.
pub(super) fn element_text(item: &Value<'_>) -> String {
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
        Value::Date(v) => write_date(&mut out, *v),
        Value::Time(v) => write_time(&mut out, *v),
        Value::Timestamp(v) => write_timestamp(&mut out, *v, false),
        Value::TimestampTz(v) => write_timestamp(&mut out, v.to_utc(), true),
        Value::Interval(v) => out.push_str(&v.to_string()),
        Value::Uuid(v) => out.push_str(&v.to_string()),
        Value::Array(_) => out = array_text(item),
        Value::Null => {}
    }
    out
}

#[cfg(test)]
mod tests;
