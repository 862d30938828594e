//! Prints values as literals of the language.

use std::fmt::{self, Display, Formatter};

use super::print::{write_list, write_quoted};
use crate::ir::{Decimal, Value};

/// Writes the value as a literal of the setwise language.
///
/// # Examples
///
/// ```
/// use setwise::Value;
///
/// assert_eq!(Value::from("it's").to_string(), "'it''s'");
/// assert_eq!(Value::from("a\nb").to_string(), r"e'a\nb'");
/// assert_eq!(Value::from(0.5).to_string(), "0.5e0");
/// ```
impl Display for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::UInt(value) if i64::try_from(*value).is_ok() => write!(f, "uint '{value}'"),
            Self::UInt(value) => value.fmt(f),
            Self::Float(value) => write_float(f, *value),
            Self::Decimal(value) => write_decimal(f, value),
            Self::Text(value) => write_quoted(f, value, '\''),
            Self::Bytes(value) => {
                f.write_str("bytes '")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str("'")
            }
            Self::Date(value) => write!(f, "date '{value}'"),
            Self::Time(value) => write!(f, "time '{value}'"),
            Self::Timestamp(value) => write!(f, "timestamp '{value}'"),
            Self::TimestampTz(value) => write!(f, "timestamptz '{value}'"),
            Self::Interval(value) => write!(f, "interval '{value}'"),
            Self::Uuid(value) => write!(f, "uuid '{value}'"),
            Self::Json(value) => {
                f.write_str("json ")?;
                write_quoted(f, value.as_str(), '\'')
            }
            Self::Array(value) => {
                f.write_str("array[")?;
                write_list(f, value.items())?;
                f.write_str("]")
            }
        }
    }
}

/// The shortest digits that give the float back, always with an exponent, which is what makes them a float.
fn write_float(f: &mut Formatter<'_>, value: f64) -> fmt::Result {
    if value.is_nan() {
        return f.write_str("float 'nan'");
    }
    if value.is_infinite() {
        return f.write_str(if value > 0.0 { "float 'inf'" } else { "float '-inf'" });
    }
    if value == 0.0 && value.is_sign_negative() {
        return f.write_str("float '-0'");
    }
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(value);
    f.write_str(digits)?;
    f.write_str(if digits.contains('e') { "" } else { "e0" })
}

/// Digits with a point are a decimal by themselves.
fn write_decimal(f: &mut Formatter<'_>, value: &Decimal<'_>) -> fmt::Result {
    if value.scale() > 0 { value.fmt(f) } else { write!(f, "decimal '{value}'") }
}
