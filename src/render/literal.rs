//! Literals: each value in the one spelling that the engine reads back exactly, under every session mode.

use std::fmt::Write;

use memchr::{memchr, memchr2};

use super::Words;
use super::element::array_text;
use super::out::Out;
use super::temporal::Stamp;
use super::{digits, float, joined};
use crate::dialect::{BoolLiteral, BytesLiteral, FloatLiteral, Form, TemporalLiteral, TextLiteral};
use crate::ir::{Decimal, Value};
use crate::short;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Writes a value as a literal.
#[inline(always)]
pub(super) fn write(out: &mut Out, value: &Value<'_>, words: &Words) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Int(v) => write_int(out, *v),
        Value::Decimal(v) => write_decimal(out, v, words),
        Value::Text(v) => write_text(out, v, words),
        Value::Timestamp(v) => write_stamp(out, Stamp::Timestamp(*v), words),
        Value::TimestampTz(v) => write_stamp(out, Stamp::of_instant(*v.utc_ref(), words.instant), words),
        other => write_rare(out, other, words),
    }
}

#[inline(never)]
fn write_rare(out: &mut Out, value: &Value<'_>, words: &Words) {
    match value {
        Value::Bool(v) => out.push_str(match (words.boolean, v) {
            (BoolLiteral::Keyword, true) => "TRUE",
            (BoolLiteral::Keyword, false) => "FALSE",
            (BoolLiteral::Digit, true) => "1",
            (BoolLiteral::Digit, false) => "0",
        }),
        Value::UInt(v) => digits::write(out, *v),
        Value::Float(v) => write_float(out, *v, words),
        Value::Bytes(v) => write_bytes(out, v, words),
        Value::Date(v) => write_stamp(out, Stamp::Date(*v), words),
        Value::Time(v) => write_stamp(out, Stamp::Time(*v), words),
        Value::Interval(v) => write_quoted(out, v),
        Value::Uuid(v) => write_quoted(out, v),
        Value::Json(v) => write_text(out, v.as_str(), words),
        Value::Array(_) => write_text(out, &array_text(value), words),
        _ => {}
    }
}

/// Negative numbers are written in parentheses, so that no minus can stand beside another.
#[inline(always)]
fn write_int(out: &mut Out, value: i64) {
    if value >= 0 { digits::write(out, value.unsigned_abs()) } else { write_negative(out, value) }
}

#[inline(never)]
fn write_negative(out: &mut Out, value: i64) {
    if value == i64::MIN {
        // the bare digits would be a wider type on some engines
        return out.push_str("(-9223372036854775807 - 1)");
    }
    out.push_str("(-");
    digits::write(out, value.unsigned_abs());
    out.push(')');
}

#[inline(always)]
fn write_signed(out: &mut Out, digits: &str) {
    if digits.starts_with('-') {
        out.push('(');
        out.push_str(digits);
        out.push(')');
    } else {
        out.push_bytes(digits.as_bytes());
    }
}

fn write_float(out: &mut Out, value: f64, words: &Words) {
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

#[inline(never)]
fn write_text(out: &mut Out, text: &str, words: &Words) {
    let is_written = match words.text {
        TextLiteral::HexUnlessPlain => push_plain(out, text, |byte| is_plain(byte) & byte.is_ascii()),
        TextLiteral::EscapeString | TextLiteral::JoinChars => push_plain(out, text, is_plain),
    };
    if !is_written {
        write_any_text(out, text, words);
    }
}

/// Whether a byte means no more than itself in quotes, for any reader; one of a character that is not ASCII may.
#[inline(always)]
fn is_plain(byte: u8) -> bool {
    (byte >= 0x20) & (byte != b'\'') & (byte != b'\\') & (byte != 0x7f)
}

/// Writes a text in quotes where it is short and all of its bytes are plain.
#[inline(always)]
fn push_plain(out: &mut Out, text: &str, is_plain: impl Fn(u8) -> bool) -> bool {
    push_quoted(out, |place| short::copy_if(text.as_bytes(), place, is_plain).map(|()| text.len()))
}

#[inline(never)]
fn write_any_text(out: &mut Out, text: &str, words: &Words) {
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
                out.extend(hex(bytes));
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
pub(super) fn push_doubled(out: &mut Out, text: &str) {
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
fn write_escaped(out: &mut Out, text: &str, words: &Words) {
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
                out.extend(hex(control.encode_utf8(&mut byte).as_bytes()));
            }
            other => out.push(other),
        }
    }
    out.push('\'');
}

fn write_bytes(out: &mut Out, bytes: &[u8], words: &Words) {
    out.push_str(match words.bytes {
        BytesLiteral::EscapeHex => "E'\\\\x",
        BytesLiteral::Hex => "X'",
    });
    out.extend(hex(bytes));
    out.push('\'');
}

/// Each byte as two digits.
pub(super) fn hex(bytes: &[u8]) -> impl Iterator<Item = char> {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| HEX.get(usize::from(digit)).copied().map_or('0', char::from))
}

#[inline(never)]
fn write_decimal(out: &mut Out, decimal: &Decimal<'_>, words: &Words) {
    match words.decimal {
        Form::Float15 => match decimal.as_str().parse() {
            Ok(float) => write_float(out, float, words),
            Err(_) => write_signed(out, decimal.as_str()),
        },
        _ => write_signed(out, decimal.as_str()),
    }
}

#[inline(never)]
fn write_stamp(out: &mut Out, stamp: Stamp, words: &Words) {
    if words.temporal == TemporalLiteral::Prefixed {
        out.push_str(stamp.word());
    }
    if !push_quoted(out, |place| stamp.put_short(place)) {
        write_quoted(out, stamp);
    }
}

/// Writes a short text in quotes, where it is put in its place and its length is said.
#[inline(always)]
fn push_quoted(out: &mut Out, put: impl FnOnce(&mut [u8; short::SHORT]) -> Option<usize>) -> bool {
    let mut is_put = false;
    out.push_short(|[open, rest @ ..]| {
        *open = b'\'';
        let length = rest.first_chunk_mut().and_then(put);
        match length.and_then(|length| Some((length, rest.get_mut(length)?))) {
            Some((length, close)) => {
                (*close, is_put) = (b'\'', true);
                length + 2
            }
            None => 0,
        }
    });
    is_put
}

#[cold]
fn write_quoted(out: &mut Out, value: impl std::fmt::Display) {
    // writing into a String cannot fail
    let _ = write!(out, "'{value}'");
}

#[cfg(test)]
mod tests;
