//! The casts that mean the same on every engine.

use super::Typed;
use super::kind::{self, Kind, decimal_digits, text_length};
use crate::error::ErrorKind;
use crate::ir::{Expr, Type};

/// The type of a cast.
pub(super) fn combine(to: &Type, operands: &mut [Typed<'_>]) -> Result<Kind, ErrorKind> {
    let [operand] = operands else { return Err(ErrorKind::Internal { what: "find an operand" }) };
    if operand.kind == Kind::Null && operand.adapt(to) {
        return Ok(Kind::Of(to.clone()));
    }
    let allowed = match &operand.kind {
        Kind::Of(from) => widens(from, to) || converts(from, to, operand),
        Kind::Null | Kind::Unknown | Kind::Duration => false,
    };
    if allowed {
        return Ok(Kind::Of(to.clone()));
    }
    let expected = "a value that the type holds exactly on every engine".to_owned();
    Err(ErrorKind::Mistyped { what: format!("a cast to {to}"), expected, found: operand.kind.to_string() })
}

/// Whether every value of one type is the same value of the other.
fn widens(from: &Type, to: &Type) -> bool {
    let within = |from: Option<u32>, to: Option<u32>| match (from, to) {
        (_, None) => true,
        (Some(from), Some(to)) => from <= to,
        (None, Some(_)) => false,
    };
    match (from, to) {
        (Type::Int { .. } | Type::UInt { .. }, Type::Int { .. } | Type::UInt { .. }) => {
            from.integer_range().zip(to.integer_range()).is_some_and(|(from, to)| to.0 <= from.0 && from.1 <= to.1)
        }
        (Type::Decimal { .. }, Type::Decimal { .. }) => {
            let ((from_whole, from_scale), (to_whole, to_scale)) = (decimal_digits(from), decimal_digits(to));
            within(from_whole, to_whole) && within(from_scale, to_scale)
        }
        (Type::Float32, Type::Float64) => true,
        (Type::Text { .. } | Type::Char { .. }, Type::Text { max }) => within(text_length(from), *max),
        (Type::Bytes { max: from }, Type::Bytes { max: to }) => within(*from, *to),
        (Type::Time { digits: from }, Type::Time { digits: to })
        | (Type::Timestamp { digits: from }, Type::Timestamp { digits: to })
        | (Type::TimestampTz { digits: from }, Type::TimestampTz { digits: to }) => from <= to,
        (from, to) => from == to,
    }
}

fn converts(from: &Type, to: &Type, operand: &Typed<'_>) -> bool {
    let leaf = matches!(operand.expr, Expr::Column(_) | Expr::Input(_) | Expr::Param(_));
    match (from, to) {
        (from, Type::Decimal { .. }) if kind::is_integer(from) => decimal_digits(to).0.is_none_or(|whole| whole >= 19),
        (Type::Int { bits: 0..=32 } | Type::UInt { bits: 0..=32 }, Type::Float64) => leaf,
        (Type::Decimal { .. }, Type::Int { bits: 64 }) => decimal_digits(from).1 == Some(0),
        (Type::Bool, Type::Int { bits: 64 }) => true,
        (from, Type::Text { max }) if kind::is_integer(from) => max.is_none_or(|max| max >= 20),
        (Type::Enum { labels, .. }, Type::Text { max }) => {
            let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
            max.is_none_or(|max| usize::try_from(max).is_ok_and(|max| longest <= max))
        }
        (Type::Date, Type::Timestamp { .. }) => true,
        _ => false,
    }
}
