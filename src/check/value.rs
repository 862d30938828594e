//! Whether a value fits a type exactly.

use super::types::is_float32;
use crate::error::ErrorKind;
use crate::ir::{Decimal, Ident, Type, Value};

/// Checks that a column of a type holds a value exactly.
pub(crate) fn check_value(value: &Value<'_>, ty: &Type, nullable: bool, column: &Ident) -> Result<(), ErrorKind> {
    let fits = match (value, ty) {
        (Value::Null, _) if nullable => true,
        (Value::Null, _) => return Err(ErrorKind::NullNotAllowed { column: column.to_string() }),
        (Value::Int(int), Type::Int { .. } | Type::UInt { .. }) => return check_range((*int).into(), ty, column),
        (Value::UInt(int), Type::Int { .. } | Type::UInt { .. }) => return check_range((*int).into(), ty, column),
        (Value::Int(int), Type::Decimal { .. }) => return check_digits(&(*int).into(), ty, column),
        (Value::UInt(int), Type::Decimal { .. }) => return check_digits(&(*int).into(), ty, column),
        (Value::Int(int), Type::Float64) => return check_exact_float((*int).into(), 1 << 53, ty, column),
        (Value::Int(int), Type::Float32) => return check_exact_float((*int).into(), 1 << 24, ty, column),
        (Value::Float(float), Type::Float32) => return check_float32(*float, ty, column),
        (Value::Decimal(decimal), Type::Decimal { .. }) => return check_digits(decimal, ty, column),
        (Value::Text(text), Type::Text { max: Some(max) } | Type::Char { length: max }) => {
            return check_length(text.chars().count(), *max, "characters", column);
        }
        (Value::Bytes(bytes), Type::Bytes { max: Some(max) }) => {
            return check_length(bytes.len(), *max, "bytes", column);
        }
        (Value::Text(text), Type::Enum { labels, .. }) => {
            if labels.iter().any(|label| **label == **text) {
                return Ok(());
            }
            return Err(ErrorKind::not_a_label(shown(value), column, labels));
        }
        (Value::Time(time), Type::Time { digits }) => return check_fraction(time.micro(), *digits, value, ty, column),
        (Value::Timestamp(timestamp), Type::Timestamp { digits }) => {
            return check_fraction(timestamp.time().micro(), *digits, value, ty, column);
        }
        (Value::TimestampTz(instant), Type::TimestampTz { digits }) => {
            return check_fraction(instant.to_utc().time().micro(), *digits, value, ty, column);
        }
        (Value::Array(array), Type::Array(element)) => {
            return array.items().iter().try_for_each(|item| check_value(item, element, true, column));
        }
        (Value::Bool(_), Type::Bool)
        | (Value::Float(_), Type::Float64)
        | (Value::Text(_), Type::Text { .. } | Type::Named(_))
        | (Value::Bytes(_), Type::Bytes { .. })
        | (Value::Date(_), Type::Date)
        | (Value::Interval(_), Type::Interval)
        | (Value::Uuid(_), Type::Uuid)
        | (Value::Json(_), Type::Json | Type::Jsonb) => true,
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let (value, found) = (shown(value), value.kind());
    Err(ErrorKind::WrongType { value, found, expected: ty.to_string(), column: column.to_string() })
}

fn check_range(value: i128, ty: &Type, column: &Ident) -> Result<(), ErrorKind> {
    match ty.integer_range() {
        Some((least, most)) if !(least..=most).contains(&value) => Err(ErrorKind::OutOfRange {
            value: value.to_string(),
            column: column.to_string(),
            ty: ty.to_string(),
            least: least.to_string(),
            most: most.to_string(),
        }),
        _ => Ok(()),
    }
}

fn check_exact_float(value: i128, most: i128, ty: &Type, column: &Ident) -> Result<(), ErrorKind> {
    if value.abs() <= most {
        return Ok(());
    }
    let (least, most) = ((-most).to_string(), most.to_string());
    Err(ErrorKind::OutOfRange { value: value.to_string(), column: column.to_string(), ty: ty.to_string(), least, most })
}

fn check_float32(value: f64, ty: &Type, column: &Ident) -> Result<(), ErrorKind> {
    if is_float32(value) {
        return Ok(());
    }
    let (value, column, ty) = (value.to_string(), column.to_string(), ty.to_string());
    Err(ErrorKind::TooPrecise { value, column, ty })
}

fn check_digits(value: &Decimal<'_>, ty: &Type, column: &Ident) -> Result<(), ErrorKind> {
    let Type::Decimal { precision: Some(precision), scale } = ty else { return Ok(()) };
    let trimmed = value.trimmed();
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    let whole = whole.trim_start_matches(['-', '0']).len();
    let scale = usize::try_from(scale.unwrap_or(0)).unwrap_or(usize::MAX);
    let precision = usize::try_from(*precision).unwrap_or(usize::MAX);
    if fraction.len() <= scale && whole <= precision.saturating_sub(scale) {
        return Ok(());
    }
    let (value, column, ty) = (value.to_string(), column.to_string(), ty.to_string());
    Err(ErrorKind::TooPrecise { value, column, ty })
}

fn check_length(length: usize, most: u32, unit: &'static str, column: &Ident) -> Result<(), ErrorKind> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if length <= most { Ok(()) } else { Err(ErrorKind::TooLong { length, most, unit, column: column.to_string() }) }
}

fn check_fraction(micro: u32, digits: u8, value: &Value<'_>, ty: &Type, column: &Ident) -> Result<(), ErrorKind> {
    let step = 10u32.pow(u32::from(6u8.saturating_sub(digits)));
    if micro.is_multiple_of(step) {
        return Ok(());
    }
    let (value, column, ty) = (shown(value), column.to_string(), ty.to_string());
    Err(ErrorKind::TooPrecise { value, column, ty })
}

/// A value as messages show it, cut to forty characters.
pub(crate) fn shown(value: &Value<'_>) -> String {
    let text = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::UInt(v) => v.to_string(),
        Value::Float(v) => v.to_string(),
        Value::Decimal(v) => v.to_string(),
        Value::Text(v) => v.chars().take(41).collect(),
        Value::Bytes(v) => v.iter().take(21).map(|byte| format!("{byte:02x}")).collect(),
        Value::Date(v) => v.to_string(),
        Value::Time(v) => v.to_string(),
        Value::Timestamp(v) => v.to_string(),
        Value::TimestampTz(v) => v.to_string(),
        Value::Interval(v) => v.to_string(),
        Value::Uuid(v) => v.to_string(),
        Value::Json(v) => v.as_str().chars().take(41).collect(),
        Value::Array(v) => format!("array of {} items", v.items().len()),
    };
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
