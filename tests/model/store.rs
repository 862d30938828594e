//! What becomes of a value in a column, and of a value in a cast.

use bigdecimal::BigDecimal;
use setwise::{Column, TimestampTz, Type, Value};

use super::Class;
use super::arithmetic::int64;
use super::calendar;
use super::datum::{Datum, MISTYPED, decimal, exact_float, integer, nearest_float, number};

/// Where a value comes from: what is given must fit and is refused beforehand, what is computed may fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A constant, or an incoming value for the column of its name.
    Given,
    /// Another column, of the old or the incoming row, or an argument, as it stands.
    Copied,
    /// The result of an operation.
    Computed,
}

impl Source {
    fn fault(self, code: &'static str, class: Class) -> Class {
        if self == Self::Given { Class::Refused(code) } else { class }
    }
}

/// The value that a column holds after it was set to a value.
pub fn store(datum: Datum, column: &Column, source: Source) -> Result<Value<'static>, Class> {
    let ty = column.ty();
    let wrong = if source == Source::Given { Class::Refused("wrong-type") } else { MISTYPED };
    let too_long = |length: usize, most: u32| match length > most as usize {
        true => Err(source.fault("too-long", Class::OutOfRange)),
        false => Ok(()),
    };
    match (datum, ty) {
        (Datum::Null, _) if column.is_nullable() => Ok(Value::Null),
        (Datum::Null, _) => Err(source.fault("null-not-allowed", Class::NotNull)),
        (Datum::Bool(v), Type::Bool) => Ok(Value::Bool(v)),
        (Datum::Int(v), Type::Int { .. } | Type::UInt { .. }) => {
            let (least, most) = ty.integer_range().ok_or(wrong)?;
            match (least..=most).contains(&v) {
                true => integer(v),
                false => Err(source.fault("out-of-range", Class::OutOfRange)),
            }
        }
        (Datum::Int(v), Type::Decimal { .. }) => fit_decimal(&v.into(), ty, source),
        (Datum::Decimal(v), Type::Decimal { .. }) => fit_decimal(&v, ty, source),
        // computed: a constant that was chosen among floats; `check` refuses all else
        (Datum::Int(v), Type::Float32 | Type::Float64) if source != Source::Copied => {
            let exact = exact_float(v).ok().filter(|float| *ty == Type::Float64 || f64::from(*float as f32) == *float);
            fit_float(exact.ok_or(Class::Refused("out-of-range"))?, ty, source)
        }
        (Datum::Decimal(v), Type::Float32 | Type::Float64) if source != Source::Copied => {
            fit_float(nearest_float(&v), ty, source)
        }
        (Datum::Float(v), Type::Float32 | Type::Float64) => fit_float(v, ty, source),
        // SQLite counts the characters of a text that is not in the update up to its first NUL, and refuses one that has any
        (Datum::Text(v), Type::Text { max: Some(_) } | Type::Char { .. })
            if source != Source::Given && v.contains('\0') =>
        {
            Err(super::eval::NUL)
        }
        (Datum::Text(v), Type::Text { max }) => {
            too_long(v.chars().count(), max.unwrap_or(u32::MAX))?;
            Ok(Value::from(v))
        }
        (Datum::Text(v), Type::Char { length }) => {
            let text = v.trim_end_matches(' ');
            too_long(text.chars().count(), *length)?;
            Ok(Value::from(text.to_string()))
        }
        (Datum::Text(v), Type::Enum { labels, .. }) => match labels.iter().any(|label| **label == *v) {
            true => Ok(Value::from(v)),
            false => Err(Class::Refused("not-a-label")),
        },
        (Datum::Text(v), Type::Named(_)) => Ok(Value::from(v)),
        (Datum::Bytes(v), Type::Bytes { max }) => {
            too_long(v.len(), max.unwrap_or(u32::MAX))?;
            Ok(Value::from(v))
        }
        (Datum::Date(v), Type::Date) => Ok(Value::Date(v)),
        (Datum::Time(v), Type::Time { digits }) => {
            let micro = v.micro();
            if micro % 10u32.pow(6 - u32::from(*digits)) != 0 { Err(TOO_PRECISE) } else { Ok(Value::Time(v)) }
        }
        (Datum::Timestamp(v) | Datum::Now(v), Type::Timestamp { digits }) => {
            if calendar::cut(v, *digits) != v {
                Err(TOO_PRECISE)
            } else {
                Ok(Value::Timestamp(v))
            }
        }
        (Datum::Instant(v) | Datum::Now(v), Type::TimestampTz { .. })
            if source == Source::Computed && !calendar::is_unix_32(v) =>
        {
            Err(Class::EngineDependent("an instant outside the years 1970 to 2038"))
        }
        (Datum::Instant(v) | Datum::Now(v), Type::TimestampTz { digits }) => match calendar::cut(v, *digits) == v {
            true => Ok(Value::TimestampTz(TimestampTz::utc(v))),
            false => Err(TOO_PRECISE),
        },
        (Datum::Other(v), _) if other_fits(&v, ty) => Ok(v),
        _ => Err(wrong),
    }
}

const TOO_PRECISE: Class = Class::Refused("too-precise");

fn other_fits(value: &Value<'_>, ty: &Type) -> bool {
    matches!(
        (value, ty),
        (Value::Uuid(_), Type::Uuid)
            | (Value::Json(_), Type::Json | Type::Jsonb)
            | (Value::Interval(_), Type::Interval)
            | (Value::Array(_), Type::Array(_))
    )
}

fn fit_decimal(v: &BigDecimal, ty: &Type, source: Source) -> Result<Value<'static>, Class> {
    let exact = Value::Decimal(decimal(v)?);
    let &Type::Decimal { precision: Some(precision), scale } = ty else { return Ok(exact) };
    let scale = scale.unwrap_or(0);
    let plain = decimal(v)?;
    let trimmed = plain.trimmed().trim_start_matches('-');
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    let whole = whole.trim_start_matches('0').len();
    if fraction.len() > scale as usize {
        return Err(TOO_PRECISE);
    }
    match whole > precision.saturating_sub(scale) as usize {
        true => Err(source.fault("too-precise", Class::OutOfRange)),
        false => Ok(exact),
    }
}

fn fit_float(v: f64, ty: &Type, source: Source) -> Result<Value<'static>, Class> {
    // A computed zero has no sign.
    let v = if source == Source::Computed && v == 0.0 { 0.0 } else { v };
    if *ty == Type::Float64 {
        return Ok(Value::Float(v));
    }
    let narrow = v as f32;
    match source {
        Source::Given if !v.is_nan() && f64::from(narrow) != v => Err(Class::Refused("too-precise")),
        _ if narrow.is_infinite() && v.is_finite() => Err(Class::OutOfRange),
        _ if narrow == 0.0 && v != 0.0 => Err(Class::EngineDependent("a float that underflows to zero")),
        _ => Ok(Value::Float(narrow.into())),
    }
}

/// A value as another type, where that is the same value.
pub fn cast(datum: Datum, ty: &Type) -> Result<Datum, Class> {
    match (datum, ty) {
        (Datum::Null, _) => Ok(Datum::Null),
        (Datum::Int(v), Type::Int { bits: 64 }) => int64(v),
        (v @ Datum::Int(_), Type::Int { .. } | Type::UInt { .. }) => {
            let Datum::Int(n) = v else { return Err(MISTYPED) };
            let (least, most) = ty.integer_range().ok_or(MISTYPED)?;
            if (least..=most).contains(&n) { Ok(v) } else { Err(MISTYPED) }
        }
        (Datum::Int(v), Type::Decimal { precision, scale }) => {
            match precision.is_none_or(|precision| precision >= 19 + scale.unwrap_or(0)) {
                true => Ok(Datum::Decimal(v.into())),
                false => Err(MISTYPED),
            }
        }
        (Datum::Int(v), Type::Float64) => exact_float(v).map(Datum::Float),
        (Datum::Int(v), Type::Text { max }) if max.is_none_or(|max| max >= 20) => Ok(Datum::Text(v.to_string())),
        (Datum::Decimal(v), Type::Int { bits: 64 }) => {
            let digits = decimal(&v)?;
            let whole = digits.trimmed().parse::<i128>();
            match whole {
                Ok(whole) => int64(whole),
                Err(_) if number(&digits).is_integer() => Err(Class::OutOfRange),
                Err(_) => Err(MISTYPED),
            }
        }
        (Datum::Bool(v), Type::Int { bits: 64 }) => Ok(Datum::Int(v.into())),
        (Datum::Date(v), Type::Timestamp { .. }) => {
            calendar::timestamp(calendar::day_number(v) * calendar::MICROS_OF_DAY).map(Datum::Timestamp)
        }
        (v @ Datum::Bool(_), Type::Bool)
        | (v @ Datum::Float(_), Type::Float64 | Type::Float32)
        | (v @ Datum::Decimal(_), Type::Decimal { .. })
        | (v @ Datum::Text(_), Type::Text { .. })
        | (v @ Datum::Bytes(_), Type::Bytes { .. })
        | (v @ Datum::Date(_), Type::Date)
        | (v @ Datum::Time(_), Type::Time { .. })
        | (v @ Datum::Timestamp(_), Type::Timestamp { .. })
        | (v @ Datum::Instant(_), Type::TimestampTz { .. }) => Ok(v),
        (Datum::Now(v), Type::Timestamp { .. }) => Ok(Datum::Timestamp(v)),
        (Datum::Now(v), Type::TimestampTz { .. }) => Ok(Datum::Instant(v)),
        (Datum::Other(v), ty) if other_fits(&v, ty) => Ok(Datum::Other(v)),
        _ => Err(MISTYPED),
    }
}
