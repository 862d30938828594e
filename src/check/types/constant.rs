//! Integer arithmetic on constants, computed beforehand: what overflows is refused.

use super::Typed;
use crate::error::ErrorKind;
use crate::ir::{Binary, Expr, Func, Type, Unary, Value};

/// Refuses integer arithmetic on constants that leaves 64 bits.
pub(super) fn check(typed: &Typed<'_>) -> Result<(), ErrorKind> {
    if !matches!(typed.expr, Expr::Unary(Unary::Negate, _) | Expr::Binary(..) | Expr::Call(..)) {
        return Ok(());
    }
    match compute(typed.expr) {
        Some(value) if i64::try_from(value).is_err() => Err(ErrorKind::OutOfRange {
            value: value.to_string(),
            column: "a constant".to_owned(),
            ty: Type::INT64.to_string(),
            least: i64::MIN.to_string(),
            most: i64::MAX.to_string(),
        }),
        _ => Ok(()),
    }
}

/// The value of an integer expression of constants; its parts are within 64 bits, as they were checked before.
fn compute(expr: &Expr<'_>) -> Option<i128> {
    match expr {
        Expr::Value(Value::Int(value)) => Some((*value).into()),
        Expr::Unary(Unary::Negate, a) => compute(a).map(|a| -a),
        Expr::Binary(op, a, b) => {
            let (a, b) = compute(a).zip(compute(b))?;
            match op {
                Binary::Add => Some(a + b),
                Binary::Subtract => Some(a - b),
                Binary::Multiply => a.checked_mul(b),
                _ => None,
            }
        }
        Expr::Call(func, list) => match (func, list.as_slice()) {
            (Func::Abs, [a]) => compute(a).map(i128::abs),
            (Func::Div, [a, b]) => compute(a).zip(compute(b)).and_then(|(a, b)| a.checked_div(b)),
            (Func::Mod, [a, b]) => compute(a).zip(compute(b)).and_then(|(a, b)| a.checked_rem(b)),
            _ => None,
        },
        _ => None,
    }
}
