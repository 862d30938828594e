//! Functions.

use std::cmp::Ordering;

use bigdecimal::{BigDecimal, RoundingMode};
use setwise::{Expr, Func, Value};

use super::Class;
use super::arithmetic::{int64, signed};
use super::compare::{equal, order};
use super::datum::{Datum, MISTYPED};
use super::eval::{NUL, Scope};

/// The value of a call.
pub fn call(scope: &Scope<'_>, func: Func, list: &[Expr<'_>]) -> Result<Datum, Class> {
    let (least, most) = func.arity();
    if !(least..=most).contains(&list.len()) {
        return Err(Class::Refused("bad-arity"));
    }
    match func {
        Func::Coalesce => return coalesce(scope, list),
        Func::Div | Func::Mod => scope.check_divisor(&list[1])?,
        Func::Round if list.len() == 2 => drop(constant(&list[1], 0, 30)?),
        Func::Substring => {
            for argument in &list[1..] {
                constant(argument, 1, i32::MAX.into())?;
            }
        }
        Func::Replace if !matches!(&list[1], Expr::Value(Value::Text(from)) if !from.is_empty()) => {
            return Err(Class::Refused("bad-argument"));
        }
        _ => {}
    }
    let values = scope.each(list.iter())?;
    match func {
        Func::Now => Ok(Datum::Now(scope.now)),
        Func::CurrentDate => Ok(Datum::Date(scope.now.date())),
        Func::Nullif => {
            let [a, b] = <[Datum; 2]>::try_from(values).map_err(|_| MISTYPED)?;
            Ok(if equal(&a, &b)? == Some(true) { Datum::Null } else { a })
        }
        _ if values.iter().any(Datum::is_null) => Ok(Datum::Null),
        Func::Greatest => extreme(values, Ordering::Greater),
        Func::Least => extreme(values, Ordering::Less),
        Func::Concat => values.iter().map(text).collect::<Result<String, _>>().map(Datum::Text),
        Func::Abs | Func::Round | Func::Floor | Func::Ceil | Func::Div | Func::Mod => numeric(func, &values),
        Func::Length | Func::Lower | Func::Upper | Func::Trim | Func::Substring | Func::Replace => {
            textual(func, &values)
        }
        Func::Days | Func::Hours | Func::Minutes | Func::Seconds => match &values[..] {
            [Datum::Int(n)] => duration(func, signed(*n)?),
            _ => Err(MISTYPED),
        },
        _ => Err(Class::Refused("unsupported")),
    }
}

/// A constant integer argument within bounds.
fn constant(expr: &Expr<'_>, least: i128, most: i128) -> Result<i128, Class> {
    match expr {
        Expr::Value(value) => match Datum::of(value) {
            Datum::Int(v) if (least..=most).contains(&v) => Ok(v),
            _ => Err(Class::Refused("bad-argument")),
        },
        _ => Err(Class::Refused("bad-argument")),
    }
}

fn coalesce(scope: &Scope<'_>, list: &[Expr<'_>]) -> Result<Datum, Class> {
    for (at, argument) in list.iter().enumerate() {
        let value = scope.eval(argument)?;
        if !value.is_null() {
            scope.check_not_taken(list[at + 1..].iter())?;
            return Ok(value);
        }
    }
    Ok(Datum::Null)
}

fn extreme(values: Vec<Datum>, wanted: Ordering) -> Result<Datum, Class> {
    let mut values = values.into_iter();
    let mut best = values.next().ok_or(MISTYPED)?;
    let ordered = |v: &Datum| !matches!(v, Datum::Text(_) | Datum::Bytes(_) | Datum::Bool(_) | Datum::Other(_));
    for value in values {
        if !ordered(&best) || !ordered(&value) {
            return Err(MISTYPED);
        }
        let decimal = |v: &Datum| matches!(v, Datum::Decimal(_));
        let promote = decimal(&best) || decimal(&value);
        if order(&value, &best)? == Some(wanted) {
            best = value;
        }
        if let (true, Datum::Int(v)) = (promote, &best) {
            best = Datum::Decimal(BigDecimal::from(*v));
        }
    }
    Ok(best)
}

fn numeric(func: Func, values: &[Datum]) -> Result<Datum, Class> {
    let digits = match values.get(1) {
        Some(Datum::Int(digits)) if func == Func::Round => *digits as i64,
        _ => 0,
    };
    match (func, values) {
        (Func::Abs, [Datum::Int(a)]) => int64(signed(*a)?.abs()),
        (Func::Abs, [Datum::Float(a)]) => Ok(Datum::Float(a.abs())),
        (Func::Abs, [Datum::Decimal(a)]) => Ok(Datum::Decimal(a.abs())),
        // More digits than there are change nothing.
        (Func::Round, [Datum::Decimal(a), ..]) if a.fractional_digit_count() <= digits => Ok(Datum::Decimal(a.clone())),
        (Func::Round, [Datum::Decimal(a), ..]) => Ok(Datum::Decimal(a.with_scale_round(digits, RoundingMode::HalfUp))),
        (Func::Floor, [Datum::Decimal(a)]) => Ok(Datum::Decimal(a.with_scale_round(0, RoundingMode::Floor))),
        (Func::Ceil, [Datum::Decimal(a)]) => Ok(Datum::Decimal(a.with_scale_round(0, RoundingMode::Ceiling))),
        (Func::Floor | Func::Ceil, [Datum::Float(a)]) if !a.is_finite() => {
            Err(Class::EngineDependent("arithmetic on NaN or an infinity"))
        }
        (Func::Floor, [Datum::Float(a)]) => Ok(Datum::Float(a.floor())),
        (Func::Ceil, [Datum::Float(a)]) => Ok(Datum::Float(a.ceil())),
        (Func::Div | Func::Mod, [Datum::Int(_), Datum::Int(0)]) => Err(Class::DivisionByZero),
        (Func::Div, [Datum::Int(a), Datum::Int(b)]) => int64(signed(*a)? / signed(*b)?),
        (Func::Mod, [Datum::Int(a), Datum::Int(b)]) => int64(signed(*a)? % signed(*b)?),
        _ => Err(MISTYPED),
    }
}

fn textual(func: Func, values: &[Datum]) -> Result<Datum, Class> {
    let a = text(&values[0])?;
    if a.contains('\0') && matches!(func, Func::Length | Func::Substring | Func::Replace) {
        return Err(NUL);
    }
    match (func, &values[1..]) {
        (Func::Length, []) => Ok(Datum::Int(a.chars().count() as i128)),
        (Func::Lower, []) => Ok(Datum::Text(a.to_ascii_lowercase())),
        (Func::Upper, []) => Ok(Datum::Text(a.to_ascii_uppercase())),
        (Func::Trim, []) => Ok(Datum::Text(a.trim_matches(' ').to_string())),
        (Func::Substring, [Datum::Int(from), rest @ ..]) => {
            let count = match rest {
                [Datum::Int(count)] => *count as usize,
                _ => usize::MAX,
            };
            Ok(Datum::Text(a.chars().skip(*from as usize - 1).take(count).collect()))
        }
        (Func::Replace, [from, to]) => Ok(Datum::Text(a.replace(text(from)?, text(to)?))),
        _ => Err(MISTYPED),
    }
}

fn text(value: &Datum) -> Result<&str, Class> {
    match value {
        Datum::Text(text) => Ok(text),
        _ => Err(MISTYPED),
    }
}

fn duration(func: Func, n: i128) -> Result<Datum, Class> {
    Ok(match func {
        Func::Days => Datum::Days(n),
        Func::Hours => Datum::Micros(n * 3_600_000_000),
        Func::Minutes => Datum::Micros(n * 60_000_000),
        _ => Datum::Micros(n * 1_000_000),
    })
}
