//! Arithmetic, on numbers and on dates.

use bigdecimal::BigDecimal;
use setwise::{Binary, Timestamp, Unary};

use super::Class;
use super::calendar::{self, MICROS_OF_DAY};
use super::datum::{Datum, MISTYPED, exact_float, nearest_float};

/// The value of an operator with one operand.
pub fn unary(op: Unary, a: Datum) -> Result<Datum, Class> {
    match (op, a) {
        (_, Datum::Null) => Ok(Datum::Null),
        (Unary::Not, Datum::Bool(a)) => Ok(Datum::Bool(!a)),
        (Unary::Negate, Datum::Int(a)) => int64(-signed(a)?),
        (Unary::Negate, Datum::Float(a)) => Ok(Datum::Float(-a)),
        (Unary::Negate, Datum::Decimal(a)) => Ok(Datum::Decimal(-a)),
        _ => Err(MISTYPED),
    }
}

/// The value of `+`, `-`, `*` or `/`.
pub fn arithmetic(op: Binary, a: Datum, b: Datum) -> Result<Datum, Class> {
    use Datum::*;
    match (a, b) {
        (Null, _) | (_, Null) => Ok(Null),
        (Int(_), Int(_)) if op == Binary::Divide => Err(Class::Refused("integer-division")),
        (Int(a), Int(b)) => {
            let (a, b) = (signed(a)?, signed(b)?);
            match op {
                Binary::Add => int64(a + b),
                Binary::Subtract => int64(a - b),
                // MySQL takes it for a product out of range
                _ if a * b == i128::from(i64::MIN) => Err(Class::EngineDependent("the least integer as a product")),
                _ => int64(a * b),
            }
        }
        (Float(a), Float(b)) => floats(op, a, b),
        (Float(a), Int(b)) => floats(op, a, exact_float(b)?),
        (Int(a), Float(b)) => floats(op, exact_float(a)?, b),
        (Float(a), Decimal(b)) => floats(op, a, nearest_float(&b)),
        (Decimal(a), Float(b)) => floats(op, nearest_float(&a), b),
        (Decimal(a), Decimal(b)) => decimals(op, a, b),
        (Int(a), Decimal(b)) => decimals(op, a.into(), b),
        (Decimal(a), Int(b)) => decimals(op, a, b.into()),
        (_, Days(_) | Micros(_)) if op == Binary::Multiply || op == Binary::Divide => Err(MISTYPED),
        (Date(a), Days(n)) => {
            Ok(Date(calendar::day(calendar::day_number(a) + if op == Binary::Add { n } else { -n })?))
        }
        (Timestamp(at), n @ (Days(_) | Micros(_))) => Ok(Timestamp(shift(op, at, &n)?)),
        (Instant(at), n @ (Days(_) | Micros(_))) => Ok(Instant(shift(op, at, &n)?)),
        (Now(at), n @ (Days(_) | Micros(_))) => Ok(Now(shift(op, at, &n)?)),
        _ => Err(MISTYPED),
    }
}

fn shift(op: Binary, at: Timestamp, by: &Datum) -> Result<Timestamp, Class> {
    let by = match by {
        Datum::Days(n) => n * MICROS_OF_DAY,
        Datum::Micros(n) => *n,
        _ => return Err(MISTYPED),
    };
    calendar::timestamp(calendar::micros(at) + if op == Binary::Add { by } else { -by })
}

fn floats(op: Binary, a: f64, b: f64) -> Result<Datum, Class> {
    if !a.is_finite() || !b.is_finite() {
        return Err(Class::EngineDependent("arithmetic on NaN or an infinity"));
    }
    let result = match op {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        _ if b == 0.0 => return Err(Class::DivisionByZero),
        _ => a / b,
    };
    let underflow = match op {
        Binary::Multiply => result == 0.0 && a != 0.0 && b != 0.0,
        Binary::Divide => result == 0.0 && a != 0.0,
        _ => false,
    };
    match result {
        _ if underflow => Err(Class::EngineDependent("a float that underflows to zero")),
        _ if result.is_infinite() => Err(Class::OutOfRange),
        _ => Ok(Datum::Float(result)),
    }
}

fn decimals(op: Binary, a: BigDecimal, b: BigDecimal) -> Result<Datum, Class> {
    match op {
        Binary::Add => Ok(Datum::Decimal(a + b)),
        Binary::Subtract => Ok(Datum::Decimal(a - b)),
        Binary::Multiply => Ok(Datum::Decimal(a * b)),
        _ => Err(MISTYPED),
    }
}

/// An integer operand; those beyond the signed 64 bits are not computed with.
pub fn signed(v: i128) -> Result<i128, Class> {
    if i64::try_from(v).is_ok() { Ok(v) } else { Err(MISTYPED) }
}

/// An integer result, within the signed 64 bits.
pub fn int64(v: i128) -> Result<Datum, Class> {
    if i64::try_from(v).is_ok() { Ok(Datum::Int(v)) } else { Err(Class::OutOfRange) }
}
