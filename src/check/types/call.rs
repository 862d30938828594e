//! The types of functions.

use super::Typed;
use super::kind::{self, Kind, decimal_digits, text_length};
use super::operator::{check_divisor, choice, compare_each, expect_text, mistyped};
use crate::error::ErrorKind;
use crate::ir::{Expr, Func, Type, Value};

/// The type of a function's result.
pub(super) fn combine<'u>(
    func: Func,
    arguments: &'u [Expr<'u>],
    operands: &mut [Typed<'u>],
) -> Result<Kind, ErrorKind> {
    let (least, most) = func.arity();
    if !(least..=most).contains(&arguments.len()) {
        let takes = match (least, most) {
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        return Err(ErrorKind::BadArity { function: func.name(), takes, found: arguments.len() });
    }
    let name = format!("`{}`", func.name());
    match func {
        Func::Coalesce => choice(&name, operands.iter_mut()),
        Func::Nullif => {
            if operands.iter().any(Typed::is_null) {
                return Err(ErrorKind::ComparesNull);
            }
            compare_each(&name, operands.iter_mut(), true)?;
            Ok(operands.first().map_or(Kind::Null, |first| first.kind.clone()))
        }
        Func::Greatest | Func::Least => {
            let ordered = |ty: &Type| {
                kind::is_integer(ty)
                    || kind::is_float(ty)
                    || matches!(ty, Type::Decimal { .. } | Type::Date | Type::Time { .. })
                    || matches!(ty, Type::Timestamp { .. } | Type::TimestampTz { .. })
            };
            match choice(&name, operands.iter_mut())? {
                Kind::Of(ty) if ordered(&ty) => Ok(Kind::Of(ty)),
                found => Err(mistyped(&name, "numbers, dates or timestamps", &found)),
            }
        }
        Func::Div | Func::Mod => whole_division(&name, operands),
        Func::Abs | Func::Floor | Func::Ceil | Func::Round => number(func, &name, arguments, operands),
        Func::Length | Func::Lower | Func::Upper | Func::Trim | Func::Substring | Func::Replace | Func::Concat => {
            text(func, &name, arguments, operands)
        }
        Func::Now => Ok(Kind::Of(Type::TimestampTz { digits: 0 })),
        Func::CurrentDate => Ok(Kind::Of(Type::Date)),
        Func::Days | Func::Hours | Func::Minutes | Func::Seconds => {
            expect_integers(&name, operands).map(|()| Kind::Duration)
        }
    }
}

/// Whether a function makes a duration.
pub(crate) fn is_duration(func: Func) -> bool {
    matches!(func, Func::Days | Func::Hours | Func::Minutes | Func::Seconds)
}

fn expect_integers(name: &str, operands: &mut [Typed<'_>]) -> Result<(), ErrorKind> {
    for operand in operands {
        match &operand.kind {
            Kind::Of(ty) if kind::is_integer(ty) => {}
            found => return Err(mistyped(name, "an integer", found)),
        }
    }
    Ok(())
}

fn whole_division(name: &str, operands: &mut [Typed<'_>]) -> Result<Kind, ErrorKind> {
    expect_integers(name, operands)?;
    operands.get(1).map_or(Ok(()), check_divisor)?;
    Ok(Kind::Of(Type::INT64))
}

fn number(func: Func, name: &str, arguments: &[Expr<'_>], operands: &[Typed<'_>]) -> Result<Kind, ErrorKind> {
    let digits = match (func, arguments.get(1)) {
        (Func::Round, Some(Expr::Value(Value::Int(digits @ 0..=30)))) => u32::try_from(*digits).unwrap_or(0),
        (Func::Round, Some(_)) => {
            return Err(ErrorKind::BadArgument { function: "round", expected: "a constant from 0 to 30 digits" });
        }
        _ => 0,
    };
    let Some(operand) = operands.first() else { return Err(ErrorKind::Internal { what: "find an argument" }) };
    match (func, &operand.kind) {
        (Func::Abs, Kind::Of(ty)) if kind::is_integer(ty) => Ok(Kind::Of(Type::INT64)),
        (Func::Abs, Kind::Of(ty @ (Type::Decimal { .. } | Type::Float32 | Type::Float64))) => Ok(Kind::Of(ty.clone())),
        (Func::Floor | Func::Ceil, Kind::Of(Type::Float32 | Type::Float64)) => Ok(Kind::Of(Type::Float64)),
        (Func::Floor | Func::Ceil | Func::Round, Kind::Of(ty @ Type::Decimal { .. })) => {
            let (whole, scale) = decimal_digits(ty);
            let scale = scale.map_or(digits, |scale| scale.min(digits));
            Ok(Kind::Of(match whole {
                Some(whole) => kind::decimal_of(Some(whole.saturating_add(1)), Some(scale)),
                None => Type::Decimal { precision: None, scale: Some(scale) },
            }))
        }
        (Func::Abs, found) => Err(mistyped(name, "a number", found)),
        (Func::Round, found) => Err(mistyped(name, "a decimal", found)),
        (_, found) => Err(mistyped(name, "a decimal or float", found)),
    }
}

fn text(func: Func, name: &str, arguments: &[Expr<'_>], operands: &mut [Typed<'_>]) -> Result<Kind, ErrorKind> {
    let texts = if func == Func::Substring { 1 } else { operands.len() };
    expect_text(name, operands.get_mut(..texts).unwrap_or_default())?;
    let lengths: Vec<Option<u32>> = operands.iter().map(|operand| operand.ty().and_then(text_length)).collect();
    let own = lengths.first().copied().flatten();
    let max = match func {
        Func::Length => return Ok(Kind::Of(Type::INT64)),
        Func::Substring => {
            let mut most = own;
            for (at, argument) in arguments.iter().enumerate().skip(1) {
                let Expr::Value(Value::Int(number @ 1..=2_147_483_647)) = argument else {
                    let expected = "a text, and constants from 1 to 2147483647";
                    return Err(ErrorKind::BadArgument { function: "substring", expected });
                };
                let number = u32::try_from(*number).unwrap_or(u32::MAX);
                if at == 2 {
                    most = Some(most.map_or(number, |most| most.min(number)));
                }
            }
            most
        }
        Func::Replace => {
            let from = match arguments.get(1) {
                Some(Expr::Value(Value::Text(from))) if !from.is_empty() => u32::try_from(from.chars().count()).ok(),
                _ => {
                    let expected = "a constant that is not empty as the text to be replaced";
                    return Err(ErrorKind::BadArgument { function: "replace", expected });
                }
            };
            let to = lengths.get(2).copied().flatten();
            match (own, from, to) {
                (Some(own), Some(from), Some(to)) if to > from => {
                    let count = own.checked_div(from).unwrap_or(0);
                    count.checked_mul(to - from).and_then(|more| own.checked_add(more))
                }
                (Some(own), Some(_), Some(_)) => Some(own),
                _ => None,
            }
        }
        Func::Concat => lengths.iter().try_fold(0u32, |sum, length| length.and_then(|length| sum.checked_add(length))),
        _ => own,
    };
    Ok(Kind::Of(Type::Text { max }))
}
