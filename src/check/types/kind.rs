//! Kinds: the types of expressions, and how two of them become one.

use std::fmt;

use crate::ir::{Decimal, Type, Value};

/// The type of an expression, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The constant NULL, or what can only be NULL: of any type.
    Null,
    /// A column of which nothing is declared.
    Unknown,
    /// A duration, which no column holds.
    Duration,
    /// A type.
    Of(Type),
}

impl Kind {
    /// The kind of a constant.
    pub(crate) fn of_value(value: &Value<'_>) -> Self {
        constant_type(value).map_or(Self::Null, Self::Of)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Unknown => f.write_str("a column of unknown type"),
            Self::Duration => f.write_str("a duration"),
            Self::Of(ty) => ty.fmt(f),
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn integer_type(value: i128) -> Type {
    let holds = |ty: &Type| ty.integer_range().is_some_and(|(least, most)| (least..=most).contains(&value));
    let signed = [8, 16, 24, 32, 64].map(|bits| Type::Int { bits });
    signed.into_iter().find(holds).unwrap_or(Type::UInt { bits: 64 })
}

fn fraction_digits(micro: u32) -> u8 {
    match micro {
        0 => 0,
        micro if micro.is_multiple_of(1000) => 3,
        _ => 6,
    }
}

fn constant_type(value: &Value<'_>) -> Option<Type> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => Type::Bool,
        Value::Int(v) => integer_type((*v).into()),
        Value::UInt(v) => integer_type((*v).into()),
        Value::Float(_) => Type::Float64,
        Value::Decimal(v) => decimal_type(v),
        Value::Text(v) => Type::Text { max: Some(count(v.chars().count())) },
        Value::Bytes(v) => Type::Bytes { max: Some(count(v.len())) },
        Value::Date(_) => Type::Date,
        Value::Time(v) => Type::Time { digits: fraction_digits(v.micro()) },
        Value::Timestamp(v) => Type::Timestamp { digits: fraction_digits(v.time().micro()) },
        Value::TimestampTz(v) => Type::TimestampTz { digits: fraction_digits(v.to_utc().time().micro()) },
        Value::Interval(_) => Type::Interval,
        Value::Uuid(_) => Type::Uuid,
        Value::Json(_) => Type::Json,
        Value::Array(v) => Type::list_of(v.items().iter().find_map(constant_type).unwrap_or(Type::TEXT)),
    })
}

fn decimal_type(value: &Decimal<'_>) -> Type {
    let trimmed = value.trimmed();
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    let whole = count(whole.trim_start_matches(['-', '0']).len());
    let scale = count(fraction.len());
    Type::Decimal { precision: Some((whole + scale).max(1)), scale: Some(scale) }
}

/// The digits of a decimal type before and behind the point, where they are known.
pub(crate) fn decimal_digits(ty: &Type) -> (Option<u32>, Option<u32>) {
    match *ty {
        Type::Decimal { precision: Some(precision), scale } => {
            let scale = scale.unwrap_or(0);
            (Some(precision.saturating_sub(scale)), Some(scale))
        }
        Type::Decimal { precision: None, scale } => (None, scale),
        Type::Int { .. } | Type::UInt { .. } => (Some(19), Some(0)),
        _ => (None, None),
    }
}

/// The decimal type of so many digits before and behind the point.
pub(super) fn decimal_of(whole: Option<u32>, scale: Option<u32>) -> Type {
    let precision = whole.zip(scale).map(|(whole, scale)| whole.saturating_add(scale).max(1));
    Type::Decimal { precision, scale }
}

/// The most characters of a text, where they are known.
pub(crate) fn text_length(ty: &Type) -> Option<u32> {
    match *ty {
        Type::Text { max } => max,
        Type::Char { length } => Some(length),
        _ => None,
    }
}

pub(crate) fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Int { .. } | Type::UInt { bits: 0..=32 })
}

pub(crate) fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text { .. } | Type::Char { .. })
}

pub(crate) fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Float32 | Type::Float64)
}

/// Whether two types are of one kind: they differ in their parameters only.
pub(super) fn same_class(a: &Type, b: &Type) -> bool {
    (is_integer(a) && is_integer(b))
        || (is_text(a) && is_text(b))
        || (is_float(a) && is_float(b))
        || a == b
        || (std::mem::discriminant(a) == std::mem::discriminant(b)
            && !matches!(a, Type::Enum { .. } | Type::Array(_) | Type::Named(_)))
}

fn greater<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    a.zip(b).map(|(a, b)| a.max(b))
}

/// The type that holds the values of both; none where they do not go together.
pub(crate) fn join(a: &Type, b: &Type) -> Option<Type> {
    Some(match (a, b) {
        (a, b) if a == b => a.clone(),
        (Type::Int { .. } | Type::UInt { .. }, Type::Int { .. } | Type::UInt { .. }) => {
            let ((a, b), (c, d)) = (a.integer_range()?, b.integer_range()?);
            let holds =
                |ty: &Type| ty.integer_range().is_some_and(|(least, most)| least <= a.min(c) && b.max(d) <= most);
            let types = [8, 16, 24, 32, 64].map(|bits| Type::Int { bits }).into_iter();
            types.chain([Type::UInt { bits: 64 }]).find(holds).unwrap_or(Type::UInt { bits: 64 })
        }
        (Type::Decimal { .. }, Type::Decimal { .. } | Type::Int { .. } | Type::UInt { bits: 0..=32 })
        | (Type::Int { .. } | Type::UInt { bits: 0..=32 }, Type::Decimal { .. }) => {
            let ((a_whole, a_scale), (b_whole, b_scale)) = (decimal_digits(a), decimal_digits(b));
            decimal_of(greater(a_whole, b_whole), greater(a_scale, b_scale))
        }
        (Type::Float32 | Type::Float64, Type::Float32 | Type::Float64) => Type::Float64,
        (Type::Text { .. } | Type::Char { .. }, Type::Text { .. } | Type::Char { .. }) => {
            Type::Text { max: greater(text_length(a), text_length(b)) }
        }
        (Type::Bytes { max: a }, Type::Bytes { max: b }) => Type::Bytes { max: greater(*a, *b) },
        (Type::Time { digits: a }, Type::Time { digits: b }) => Type::Time { digits: *a.max(b) },
        (Type::Timestamp { digits: a }, Type::Timestamp { digits: b }) => Type::Timestamp { digits: *a.max(b) },
        (Type::TimestampTz { digits: a }, Type::TimestampTz { digits: b }) => Type::TimestampTz { digits: *a.max(b) },
        _ => return None,
    })
}

/// Whether engines compare values of two types by what they are.
pub(crate) fn is_comparable(a: &Type, b: &Type) -> bool {
    join(a, b).is_some()
}

/// Whether every engine stores values of two types alike, so that columns of them can be compared as they are.
pub(crate) fn are_alike(a: &Type, b: &Type) -> bool {
    let are_texts = matches!((a, b), (Type::Text { .. }, Type::Text { .. }));
    let has_equality = !matches!(a, Type::Json | Type::Array(_));
    is_integer(a) && is_integer(b) || are_texts || a == b && has_equality
}

/// The type of a constant beside another type; none where it does not adapt to it.
pub(super) fn adapt_value(value: &Value<'_>, ty: &Type) -> Option<Type> {
    let own = match constant_type(value) {
        Some(own) => own,
        None => return Some(ty.clone()),
    };
    match (value, ty) {
        (Value::Int(v), Type::Float64) if v.unsigned_abs() <= 1 << 53 => Some(ty.clone()),
        (Value::Int(v), Type::Float32) if v.unsigned_abs() <= 1 << 24 => Some(ty.clone()),
        (Value::Decimal(_), Type::Float64 | Type::Float32) => Some(Type::Float64),
        (Value::Float(v), Type::Float32) if is_float32(*v) => Some(ty.clone()),
        (Value::Int(_) | Value::UInt(_), Type::Decimal { .. }) => decimal_of_value(value),
        (Value::Text(text), Type::Enum { labels, .. }) => {
            labels.iter().any(|label| **label == **text).then(|| ty.clone())
        }
        (Value::Array(list), Type::Array(element)) => {
            list.items().iter().all(|item| adapt_value(item, element).is_some()).then(|| ty.clone())
        }
        (Value::Json(_), Type::Jsonb) => Some(ty.clone()),
        (_, ty) => join(&own, ty).and_then(|joined| same_class(&own, &joined).then_some(own)),
    }
}

fn decimal_of_value(value: &Value<'_>) -> Option<Type> {
    let digits = match value {
        Value::Int(v) => v.unsigned_abs(),
        Value::UInt(v) => *v,
        _ => return None,
    };
    let whole = digits.checked_ilog10().map_or(1, |log| log + 1);
    Some(decimal_of(Some(whole), Some(0)))
}

/// Whether 32 bits hold a float exactly.
pub(crate) fn is_float32(value: f64) -> bool {
    #[allow(clippy::cast_possible_truncation, reason = "the question is whether anything was lost")]
    let narrow = value as f32;
    f64::from(narrow).to_bits() == value.to_bits() || value.is_nan()
}
