//! A field's text into a value of the column's type. Nothing is converted: a field is of the type or refused.

use std::borrow::Cow;

use super::plain::plain_integer;
use super::scan::{Fault, Item, Kind, Scanner};
use crate::error::{Error, ErrorKind};
use crate::ir::parse::{hex, shown};
use crate::ir::{Array, Date, Decimal, Interval, Json, Time, Timestamp, TimestampTz, Type, Uuid, Value};

/// The largest whole number below which every other is a double.
const EXACT_DOUBLE: u64 = 1 << 53;

/// The object that stands for JSON's own null in a JSON column, where a plain null is SQL's.
const JSON_NULL: &str = "$json_null";

/// The kind of a JSON value that is not of the column's type.
fn wrong<'a>(field: &str, item: &Item<'a>, ty: &Type) -> Error {
    let value = match &item.kind {
        Kind::Text(text) => shown(text),
        _ => shown(item.raw),
    };
    let kind =
        ErrorKind::WrongType { value, found: item.kind.name(), expected: ty.to_string(), column: field.to_owned() };
    kind.into()
}

fn bad(field: &str, text: &str, expected: impl Into<String>) -> Error {
    ErrorKind::BadField { field: field.to_owned(), text: shown(text), expected: expected.into() }.into()
}

/// The next value of a JSON text, where it is written plainly, as nearly all are: a number for a number, text without
/// escapes for what is written as text. [`from_json`] takes whatever else is right, and tells what is wrong.
#[inline(always)]
pub(crate) fn from_plain<'a>(field: &str, scanner: &mut Scanner<'a>, ty: &Type) -> Option<Result<Value<'a>, Error>> {
    match ty {
        Type::Int { .. } | Type::UInt { .. } => scanner.integer().map(|number| Ok(Value::Int(number))),
        Type::Float32 | Type::Float64 => scanner.number_text().map(|text| from_text(field, text, ty)),
        Type::Decimal { .. } => match scanner.number_text() {
            Some(text) => Some(Decimal::parse(text).map(Value::Decimal)),
            None => scanner.plain_text().map(|text| from_text(field, text, ty)),
        },
        Type::Bool | Type::Json | Type::Jsonb | Type::Array(_) => None,
        Type::Text { .. } => scanner.plain_text().map(|text| Ok(Value::Text(Cow::Borrowed(text)))),
        _ => scanner.plain_text().map(|text| from_text(field, text, ty)),
    }
}

/// A JSON value as a value of the column's type.
pub(crate) fn from_json<'a>(field: &str, item: Item<'a>, ty: &Type) -> Result<Value<'a>, Error> {
    match (ty, &item.kind) {
        (_, Kind::Null) => Ok(Value::Null),
        (Type::Json | Type::Jsonb, Kind::Object) if is_json_null(item.raw) => Ok(Value::Json(Json::new("null"))),
        (Type::Json | Type::Jsonb, _) => Ok(Value::Json(Json::new(item.raw))),
        (Type::Array(element), Kind::Array) => array(field, item.raw, element),
        (Type::Bool, Kind::Bool(truth)) => Ok(Value::Bool(*truth)),
        (Type::Int { .. } | Type::UInt { .. } | Type::Float32 | Type::Float64 | Type::Decimal { .. }, Kind::Number) => {
            from_text(field, item.raw, ty)
        }
        (Type::Bool | Type::Int { .. } | Type::UInt { .. } | Type::Array(_), _) => Err(wrong(field, &item, ty)),
        // What JSON has no number for.
        (Type::Float32 | Type::Float64, Kind::Text(text)) if !matches!(&**text, "NaN" | "Infinity" | "-Infinity") => {
            Err(wrong(field, &item, ty))
        }
        (_, Kind::Text(_)) => match item.kind {
            Kind::Text(Cow::Borrowed(text)) => from_text(field, text, ty),
            Kind::Text(Cow::Owned(text)) => from_text(field, &text, ty).map(Value::into_owned),
            _ => Err(wrong(field, &item, ty)),
        },
        _ => Err(wrong(field, &item, ty)),
    }
}

/// A JSON value as a value of its own kind, where no schema says more.
pub(crate) fn from_json_alone<'a>(field: &str, item: Item<'a>) -> Result<Value<'a>, Error> {
    match item.kind {
        Kind::Null => Ok(Value::Null),
        Kind::Bool(truth) => Ok(Value::Bool(truth)),
        Kind::Number if item.raw.contains(['.', 'e', 'E']) => from_text(field, item.raw, &Type::DECIMAL),
        Kind::Number => from_text(field, item.raw, &Type::INT64),
        Kind::Text(text) => Ok(Value::Text(text)),
        Kind::Array | Kind::Object => Ok(Value::Json(Json::new(item.raw))),
    }
}

/// Text, such as a cell of CSV, as a value of the column's type.
pub(crate) fn from_text<'a>(field: &str, text: &'a str, ty: &Type) -> Result<Value<'a>, Error> {
    match ty {
        Type::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(bad(field, text, "a truth value; use true or false")),
        },
        Type::Int { .. } | Type::UInt { .. } => integer(field, text, ty),
        Type::Float32 | Type::Float64 => float(field, text, ty),
        Type::Decimal { .. } if text.starts_with('+') => Err(ErrorKind::NotADecimal { text: shown(text) }.into()),
        Type::Decimal { .. } => Decimal::parse(text).map(Value::Decimal),
        Type::Text { .. } | Type::Char { .. } | Type::Named(_) => Ok(Value::Text(Cow::Borrowed(text))),
        Type::Bytes { .. } => bytes(field, text).map(|bytes| Value::Bytes(Cow::Owned(bytes))),
        Type::Date => Date::parse(text).map(Value::Date),
        Type::Time { .. } => Time::parse(text).map(Value::Time),
        Type::Timestamp { .. } => Timestamp::parse(text).map(Value::Timestamp),
        Type::TimestampTz { .. } => TimestampTz::parse(text).map(Value::TimestampTz),
        Type::Interval => Interval::parse(text).map(Value::Interval),
        Type::Uuid => Uuid::parse(text).map(Value::Uuid),
        Type::Json | Type::Jsonb => match document(text) {
            Ok(item) => Ok(Value::Json(Json::new(item.raw))),
            Err(fault) => Err(bad(field, text, format!("JSON: {}", fault.kind))),
        },
        Type::Enum { labels, .. } if labels.iter().all(|label| **label != *text) => {
            Err(ErrorKind::not_a_label(shown(text), field, labels).into())
        }
        Type::Enum { .. } => Ok(Value::Text(Cow::Borrowed(text))),
        Type::Array(element) => match document(text) {
            Ok(Item { raw, kind: Kind::Array }) => array(field, raw, element),
            Ok(_) => Err(bad(field, text, "an array; write it as JSON")),
            Err(fault) => Err(bad(field, text, format!("an array as JSON: {}", fault.kind))),
        },
    }
}

/// The one JSON value that a text is.
fn document(text: &str) -> Result<Item<'_>, Fault> {
    let mut scanner = Scanner::new(text);
    let item = scanner.value()?;
    scanner.end()?;
    Ok(item)
}

fn is_json_null(raw: &str) -> bool {
    let mut scanner = Scanner::new(raw);
    scanner.take(b'{')
        && scanner.member().is_ok_and(|name| name == JSON_NULL)
        && scanner.value().is_ok_and(|item| item.kind == Kind::Bool(true))
        && scanner.take(b'}')
}

fn array<'a>(field: &str, raw: &'a str, element: &Type) -> Result<Value<'a>, Error> {
    let internal = |_| Error::from(ErrorKind::Internal { what: "read an array twice" });
    let mut scanner = Scanner::new(raw);
    let mut items = Vec::new();
    scanner.take(b'[');
    let mut more = !scanner.take(b']');
    while more {
        let item = scanner.value().map_err(internal)?;
        let name = format!("{field}[{}]", items.len());
        items.push(from_json(&name, item, element)?);
        more = scanner.more(b']', "`]`").map_err(internal)?;
    }
    Ok(Value::Array(Box::new(Array::new(items)?)))
}

/// Digits with an optional minus, of 64 bits; whether the column is as wide is decided where rows are checked.
fn integer<'a>(field: &str, text: &str, ty: &Type) -> Result<Value<'a>, Error> {
    if let Some((number, length)) = plain_integer(text.as_bytes())
        && length == text.len()
    {
        return Ok(Value::Int(number));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad(field, text, "an integer; write digits only"));
    }
    let parsed = text.parse().map(Value::Int).or_else(|_| text.parse().map(Value::UInt));
    parsed.map_err(|_| {
        let (least, most) = ty.integer_range().unwrap_or((i64::MIN.into(), u64::MAX.into()));
        let (value, column, ty) = (shown(text), field.to_owned(), ty.to_string());
        ErrorKind::OutOfRange { value, column, ty, least: least.to_string(), most: most.to_string() }.into()
    })
}

/// The float nearest to a decimal number; `NaN`, `Infinity` and `-Infinity` in words.
fn float<'a>(field: &str, text: &str, ty: &Type) -> Result<Value<'a>, Error> {
    match text {
        "NaN" => return Ok(Value::Float(f64::NAN)),
        "Infinity" => return Ok(Value::Float(f64::INFINITY)),
        "-Infinity" => return Ok(Value::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    let number = text.strip_prefix('-').unwrap_or(text);
    let plain = number.starts_with(|first: char| first.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let unfit = |_| bad(field, text, "a number");
    let parsed = match ty {
        _ if !plain => return Err(bad(field, text, "a number")),
        Type::Float32 => f64::from(text.parse::<f32>().map_err(unfit)?),
        _ => text.parse::<f64>().map_err(unfit)?,
    };
    let is_zero =
        !number.split(['e', 'E']).next().is_some_and(|digits| digits.bytes().any(|digit| matches!(digit, b'1'..=b'9')));
    if parsed.is_infinite() || (parsed == 0.0 && !is_zero) {
        let name = if *ty == Type::Float32 { "single" } else { "double" };
        return Err(bad(field, text, format!("a number that fits a {name}")));
    }
    // Fractions are given to the nearest double; a whole number that is none would change in silence.
    let whole = number.bytes().all(|byte| byte.is_ascii_digit());
    if whole && number.parse().is_ok_and(|whole: u64| whole > EXACT_DOUBLE) && format!("{parsed:.0}") != text {
        return Err(bad(field, text, "a whole number that a double holds exactly"));
    }
    Ok(Value::Float(parsed))
}

/// Bytes from `0x…` or `\x…` in hexadecimal, or `base64:…`; the prefix is needed, since `0xab` is base64 too.
fn bytes(field: &str, text: &str) -> Result<Vec<u8>, Error> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("\\x")) {
        hex(digits).map_err(|reason| bad(field, text, reason))
    } else if let Some(digits) = text.strip_prefix("base64:") {
        base64(digits).map_err(|reason| bad(field, text, reason))
    } else {
        Err(bad(field, text, "bytes; write `0x…` or `\\x…` in hexadecimal, or `base64:…`"))
    }
}

fn base64(text: &str) -> Result<Vec<u8>, String> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0u32, 0u32);
    for (at, digit) in digits.chars().enumerate() {
        let value = match digit {
            'A'..='Z' => u32::from(digit) - u32::from('A'),
            'a'..='z' => u32::from(digit) - u32::from('a') + 26,
            '0'..='9' => u32::from(digit) - u32::from('0') + 52,
            '+' => 62,
            '/' => 63,
            _ => return Err(format!("base64: `{}` is no digit (character {})", digit.escape_debug(), at + 1)),
        };
        (bits, held) = ((bits << 6 | value) & 0xffff, held + 6);
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    if !(digits.len() + padding).is_multiple_of(4) || padding > 2 || digits.len() % 4 == 1 {
        return Err("base64: its length is not a multiple of four; pad it with `=`".into());
    }
    if bits & ((1 << held) - 1) != 0 {
        return Err(format!("base64: its last digit has bits to spare (character {})", digits.len()));
    }
    Ok(bytes)
}
