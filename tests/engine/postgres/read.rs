//! Stored values from PostgreSQL's binary form.

use std::error::Error;

use postgres::types::{FromSql, Type as Column};
use setwise::{Array, Date, Decimal, Interval, Json, Time, Timestamp, TimestampTz, Type, Uuid, Value};

/// The day from which PostgreSQL counts, 2000-01-01, as a Julian day.
const EPOCH: i32 = 2_451_545;
const MICROS_OF_A_DAY: i64 = 86_400_000_000;

/// The bytes of a value as the server sends them; none for NULL.
#[derive(Debug)]
pub struct Raw(Option<Vec<u8>>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Column, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Some(raw.to_vec())))
    }

    fn from_sql_null(_: &Column) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Column) -> bool {
        true
    }
}

impl Raw {
    /// The value of a column's type. What the type cannot hold, such as the date `infinity`, comes back as bytes.
    pub fn value(self, ty: &Type) -> Value<'static> {
        let Some(raw) = self.0 else { return Value::Null };
        decode(&raw, ty).unwrap_or_else(|| Value::Bytes(raw.into()))
    }
}

fn decode(raw: &[u8], ty: &Type) -> Option<Value<'static>> {
    let text = || String::from_utf8(raw.to_vec()).ok();
    Some(match ty {
        Type::Bool => Value::Bool(*raw.first()? != 0),
        Type::Int { .. } | Type::UInt { .. } => Value::Int(match raw.len() {
            2 => i16::from_be_bytes(raw.try_into().ok()?).into(),
            4 => i32::from_be_bytes(raw.try_into().ok()?).into(),
            _ => i64::from_be_bytes(raw.try_into().ok()?),
        }),
        Type::Float32 => Value::Float(f32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::Float64 => Value::Float(f64::from_be_bytes(raw.try_into().ok()?)),
        Type::Bytes { .. } => Value::Bytes(raw.to_vec().into()),
        Type::Date => Value::Date(day(i32::from_be_bytes(raw.try_into().ok()?))?),
        Type::Time { .. } => Value::Time(time(i64::from_be_bytes(raw.try_into().ok()?))?),
        Type::Timestamp { .. } => Value::Timestamp(timestamp(raw)?),
        Type::TimestampTz { .. } => Value::TimestampTz(TimestampTz::utc(timestamp(raw)?)),
        Type::Interval => {
            let (micros, rest) = raw.split_first_chunk()?;
            let (days, months) = rest.split_first_chunk()?;
            let months = i32::from_be_bytes(months.try_into().ok()?);
            Value::Interval(Interval { months, days: i32::from_be_bytes(*days), micros: i64::from_be_bytes(*micros) })
        }
        Type::Uuid => Value::Uuid(Uuid::from_bytes(raw.try_into().ok()?)),
        // a version precedes the text
        Type::Jsonb => Value::Json(Json::new(text()?.strip_prefix('\u{1}')?.to_owned())),
        Type::Array(element) => array(raw, element)?,
        other => from_text(text()?, other)?,
    })
}

/// A value from PostgreSQL's text; none for a text that the type cannot hold.
fn from_text(text: String, ty: &Type) -> Option<Value<'static>> {
    Some(match ty {
        Type::Bool => Value::Bool(text.parse().ok()?),
        Type::Int { .. } | Type::UInt { .. } => Value::Int(text.parse().ok()?),
        Type::Float32 => Value::Float(text.parse::<f32>().ok()?.into()),
        Type::Float64 => Value::Float(text.parse().ok()?),
        Type::Decimal { .. } => Decimal::parse(text).map(Value::Decimal).ok()?,
        Type::Bytes { .. } => {
            let digits = text.strip_prefix("\\x")?.as_bytes().chunks(2);
            let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            Value::Bytes(digits.map(byte).collect::<Option<Vec<u8>>>()?.into())
        }
        Type::Date => Value::Date(Date::parse(&astronomical(text)?).ok()?),
        Type::Time { .. } => Value::Time(Time::parse(&text).ok()?),
        Type::Timestamp { .. } => Value::Timestamp(Timestamp::parse(&astronomical(text)?).ok()?),
        Type::TimestampTz { .. } => Value::TimestampTz(TimestampTz::parse(&astronomical(text)?).ok()?),
        Type::Interval => Value::Interval(Interval::parse(&text).ok()?),
        Type::Uuid => Value::Uuid(Uuid::parse(&text).ok()?),
        Type::Json | Type::Jsonb => Value::Json(Json::new(text)),
        _ => Value::Text(text.into()),
    })
}

/// A date whose year is counted with a year 0: `0001-01-01 BC` becomes `0000-01-01`.
fn astronomical(text: String) -> Option<String> {
    let Some(ancient) = text.strip_suffix(" BC") else { return Some(text) };
    let (year, rest) = ancient.split_once('-')?;
    let year = 1 - year.parse::<i32>().ok()?;
    let sign = if year < 0 { "-" } else { "" };
    Some(format!("{sign}{:04}-{rest}", year.abs()))
}

fn day(since_epoch: i32) -> Option<Date> {
    let day = time::Date::from_julian_day(since_epoch.checked_add(EPOCH)?).ok()?;
    Date::new(day.year(), day.month().into(), day.day()).ok()
}

fn time(micros: i64) -> Option<Time> {
    let part = |unit: i64, of: i64| u8::try_from(micros / unit % of).ok();
    // 24:00:00 is a time to PostgreSQL, and must not become 00:00:00 here
    let hour = u8::try_from(micros / 3_600_000_000).ok()?;
    let micro = u32::try_from(micros % 1_000_000).ok()?;
    Time::new(hour, part(60_000_000, 60)?, part(1_000_000, 60)?, micro).ok()
}

fn timestamp(raw: &[u8]) -> Option<Timestamp> {
    let micros = i64::from_be_bytes(raw.try_into().ok()?);
    let date = day(i32::try_from(micros.div_euclid(MICROS_OF_A_DAY)).ok()?)?;
    Some(Timestamp::new(date, time(micros.rem_euclid(MICROS_OF_A_DAY))?))
}

/// An array of texts, each the text form of an element.
fn array(raw: &[u8], element: &Type) -> Option<Value<'static>> {
    let mut words = raw;
    let mut next = || {
        let (word, rest) = words.split_first_chunk()?;
        words = rest;
        Some(i32::from_be_bytes(*word))
    };
    let (dimensions, _has_nulls, _element_type) = (next()?, next()?, next()?);
    let mut lengths = Vec::new();
    for _ in 0..dimensions {
        let (length, _lower_bound) = (next()?, next()?);
        lengths.push(usize::try_from(length).ok()?);
    }
    let mut innermost = element;
    while let Type::Array(inner) = innermost {
        innermost = inner;
    }
    let mut items = Vec::new();
    for _ in 0..lengths.iter().product::<usize>() * usize::from(dimensions > 0) {
        let (length, rest) = words.split_first_chunk()?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            items.push(Value::Null);
            words = rest;
            continue;
        };
        let (text, rest) = rest.split_at_checked(length)?;
        items.push(from_text(String::from_utf8(text.to_vec()).ok()?, innermost)?);
        words = rest;
    }
    // elements come flat; the inner dimensions fold them
    for &length in lengths.iter().skip(1).rev() {
        let folded = items.chunks(length).map(|chunk| Some(Value::from(Array::new(chunk.to_vec()).ok()?)));
        items = folded.collect::<Option<_>>()?;
    }
    Array::new(items).map(Value::from).ok()
}
