//! Which expressions a column takes, so that no engine rounds or cuts what is stored.

use super::Typed;
use super::kind::{self, Kind, decimal_digits};
use crate::error::ErrorKind;
use crate::ir::{Expr, Ident, Type, Value};

/// Checks that a column of a type takes an expression; constants in it adapt to the column.
pub(super) fn check(value: &mut Typed<'_>, name: &Ident, ty: &Type) -> Result<(), ErrorKind> {
    if value.kind == Kind::Unknown {
        return Ok(());
    }
    if let (Some(label), Type::Enum { labels, .. }) = (stray_label(value, ty), ty) {
        return Err(ErrorKind::not_a_label(label, name, labels));
    }
    value.adapt(ty);
    let too_precise =
        |found: &Type| ErrorKind::TooPrecise { value: found.to_string(), column: name.to_string(), ty: ty.to_string() };
    let mistyped =
        || ErrorKind::Mistyped { what: format!("`{name}`"), expected: ty.to_string(), found: value.kind.to_string() };
    let found = match &value.kind {
        Kind::Null => return Ok(()),
        Kind::Of(found) => found,
        Kind::Unknown | Kind::Duration => return Err(mistyped()),
    };
    match (found, ty) {
        (Type::Int { .. } | Type::UInt { .. }, Type::Int { .. } | Type::UInt { .. } | Type::Decimal { .. })
        | (Type::Float32 | Type::Float64, Type::Float32 | Type::Float64)
        | (Type::Text { .. } | Type::Char { .. }, Type::Text { .. } | Type::Char { .. })
        | (Type::Bytes { .. }, Type::Bytes { .. }) => Ok(()),
        (Type::Decimal { .. }, Type::Decimal { precision: None, .. }) => Ok(()),
        (Type::Decimal { .. }, Type::Decimal { .. }) => match (decimal_digits(found).1, decimal_digits(ty).1) {
            (Some(scale), Some(most)) if scale <= most => Ok(()),
            _ => Err(too_precise(found)),
        },
        (Type::Time { digits }, Type::Time { digits: most })
        | (Type::Timestamp { digits }, Type::Timestamp { digits: most })
        | (Type::TimestampTz { digits }, Type::TimestampTz { digits: most }) => {
            if digits <= most {
                Ok(())
            } else {
                Err(too_precise(found))
            }
        }
        (found, ty) if kind::same_class(found, ty) => Ok(()),
        _ => Err(mistyped()),
    }
}

/// A text constant among the results that is not one of an enum's labels.
fn stray_label(value: &Typed<'_>, ty: &Type) -> Option<String> {
    let Type::Enum { labels, .. } = ty else { return None };
    match value.expr {
        Expr::Value(Value::Text(text)) => {
            (!labels.iter().any(|label| **label == **text)).then(|| text.chars().take(40).collect())
        }
        expr => {
            let parts = value.operands.iter().enumerate().filter(|(at, _)| super::flows(expr, *at));
            parts.map(|(_, part)| part).find_map(|part| stray_label(part, ty))
        }
    }
}
