//! What an expression is worth, between the steps of its evaluation.

use bigdecimal::BigDecimal;
use setwise::{Date, Decimal, Time, Timestamp, TimestampTz, Type, Value};

use super::Class;

/// A value in the form in which it is computed with.
#[derive(Clone, Debug)]
pub enum Datum {
    Null,
    Bool(bool),
    /// Within 64 bits, signed or unsigned.
    Int(i128),
    Float(f64),
    Decimal(BigDecimal),
    Text(String),
    Bytes(Vec<u8>),
    Date(Date),
    Time(Time),
    Timestamp(Timestamp),
    Instant(Timestamp),
    /// `now()`, which is a timestamp or an instant as its surroundings want.
    Now(Timestamp),
    /// A duration in days, or in microseconds.
    Days(i128),
    Micros(i128),
    /// A value that nothing is computed with.
    Other(Value<'static>),
}

pub const MISTYPED: Class = Class::Refused("mistyped");

impl Datum {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A value as it stands.
    pub fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(v) => Self::Bool(*v),
            Value::Int(v) => Self::Int((*v).into()),
            Value::UInt(v) => Self::Int((*v).into()),
            Value::Float(v) => Self::Float(*v),
            Value::Decimal(v) => Self::Decimal(number(v)),
            Value::Text(v) => Self::Text(v.to_string()),
            Value::Bytes(v) => Self::Bytes(v.to_vec()),
            Value::Date(v) => Self::Date(*v),
            Value::Time(v) => Self::Time(*v),
            Value::Timestamp(v) => Self::Timestamp(*v),
            Value::TimestampTz(v) => Self::Instant(v.to_utc()),
            other => Self::Other(other.clone().into_owned()),
        }
    }

    /// A value of a column, as the column's type makes it read.
    pub fn read(value: &Value<'_>, ty: &Type) -> Self {
        match (Self::of(value), ty) {
            (Self::Text(text), Type::Char { .. }) => Self::Text(text.trim_end_matches(' ').to_string()),
            (Self::Int(v), Type::Decimal { .. }) => Self::Decimal(v.into()),
            (Self::Int(v), Type::Float32 | Type::Float64) => Self::Float(v as f64),
            (Self::Decimal(v), Type::Float32 | Type::Float64) => Self::Float(nearest_float(&v)),
            (datum, _) => datum,
        }
    }

    /// The value again.
    pub fn into_value(self) -> Result<Value<'static>, Class> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(v) => Value::Bool(v),
            Self::Int(v) => integer(v)?,
            Self::Float(v) => Value::Float(v),
            Self::Decimal(v) => Value::Decimal(decimal(&v)?),
            Self::Text(v) => Value::from(v),
            Self::Bytes(v) => Value::from(v),
            Self::Date(v) => Value::Date(v),
            Self::Time(v) => Value::Time(v),
            Self::Timestamp(v) => Value::Timestamp(v),
            Self::Instant(v) | Self::Now(v) => Value::TimestampTz(TimestampTz::utc(v)),
            Self::Days(_) | Self::Micros(_) => return Err(MISTYPED),
            Self::Other(v) => v,
        })
    }
}

/// An integer of either sign as a value.
pub fn integer(v: i128) -> Result<Value<'static>, Class> {
    let signed = i64::try_from(v).map(Value::Int);
    signed.or_else(|_| u64::try_from(v).map(Value::UInt)).map_err(|_| Class::OutOfRange)
}

/// The number that a decimal's digits write.
pub fn number(decimal: &Decimal<'_>) -> BigDecimal {
    decimal.as_str().parse().expect("a decimal is written in digits")
}

/// The digits of a number.
pub fn decimal(number: &BigDecimal) -> Result<Decimal<'static>, Class> {
    Decimal::parse(number.to_plain_string()).map_err(|_| Class::OutOfRange)
}

/// The float nearest to a decimal.
pub fn nearest_float(number: &BigDecimal) -> f64 {
    number.to_plain_string().parse().expect("digits are a float")
}

/// The float that an integer constant adapts to; only where it holds the integer exactly.
pub fn exact_float(v: i128) -> Result<f64, Class> {
    let float = v as f64;
    if float as i128 == v { Ok(float) } else { Err(MISTYPED) }
}
