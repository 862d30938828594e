//! Constants that become parameters.

use setwise::{Branch, Expr, Ident, Param, Type, Value};

use super::choices::Choices;
use super::exprs::E;

/// Puts parameters in the place of some constants, which become their arguments.
pub fn lift<'e>(choices: &mut Choices<'_>, exprs: impl Iterator<Item = &'e mut E>) -> Vec<Param<'static>> {
    let mut params = Vec::new();
    for expr in exprs {
        visit(expr, &mut |constant| {
            let Expr::Value(value) = &*constant else { return };
            let Some(ty) = type_of(value).filter(|_| choices.chance(40)) else { return };
            let name = Ident::new(format!("p{}", params.len())).expect("a name");
            let argument = Some(value.clone());
            *constant = Expr::Param(name.clone());
            params.push(Param { name, ty, nullable: false, argument });
        });
    }
    params
}

/// Calls for each constant of an expression, from the left to the right.
fn visit(expr: &mut E, take: &mut impl FnMut(&mut E)) {
    match expr {
        Expr::Value(_) => take(expr),
        Expr::Unary(_, a) | Expr::IsNull(a) | Expr::Cast(a, _) | Expr::Like { text: a, .. } => visit(a, take),
        Expr::Binary(_, a, b) => [a, b].into_iter().for_each(|operand| visit(operand, take)),
        Expr::Between(a, b, c) => [a, b, c].into_iter().for_each(|operand| visit(operand, take)),
        Expr::And(list) | Expr::Or(list) => list.iter_mut().for_each(|operand| visit(operand, take)),
        // the others are often numbers that must be constants
        Expr::Call(_, list) => list.iter_mut().take(1).for_each(|operand| visit(operand, take)),
        Expr::In(a, list) => [&mut **a].into_iter().chain(list).for_each(|operand| visit(operand, take)),
        Expr::Case { branches, otherwise } => {
            for Branch { when, then } in branches {
                visit(when, take);
                visit(then, take);
            }
            otherwise.iter_mut().for_each(|operand| visit(operand, take));
        }
        _ => {}
    }
}

/// A parameter's type for a constant.
fn type_of(value: &Value<'_>) -> Option<Type> {
    Some(match value {
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::INT64,
        Value::Float(_) => Type::Float64,
        Value::Decimal(_) => Type::DECIMAL,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTES,
        Value::Date(_) => Type::Date,
        Value::Time(_) => Type::TIME,
        Value::Timestamp(_) => Type::TIMESTAMP,
        Value::TimestampTz(_) => Type::TIMESTAMPTZ,
        Value::Uuid(_) => Type::Uuid,
        // of the others, the type is not the constant's alone
        _ => return None,
    })
}
