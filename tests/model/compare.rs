//! Equality and order of values.

use std::cmp::Ordering;

use bigdecimal::BigDecimal;
use setwise::Value;

use super::Class;
use super::datum::{Datum, MISTYPED, exact_float, nearest_float};

/// Whether two values are equal; none where one is NULL.
pub fn equal(a: &Datum, b: &Datum) -> Result<Option<bool>, Class> {
    match (a, b) {
        (Datum::Null, _) | (_, Datum::Null) => Ok(None),
        (Datum::Bool(a), Datum::Bool(b)) => Ok(Some(a == b)),
        (Datum::Other(Value::Uuid(a)), Datum::Other(Value::Uuid(b))) => Ok(Some(a == b)),
        _ => Ok(order(a, b)?.map(Ordering::is_eq)),
    }
}

/// How two values are ordered; none where one is NULL.
pub fn order(a: &Datum, b: &Datum) -> Result<Option<Ordering>, Class> {
    use Datum::*;
    let order = match (a, b) {
        (Null, _) | (_, Null) => return Ok(None),
        (Int(a), Int(b)) => a.cmp(b),
        (Decimal(a), Decimal(b)) => a.cmp(b),
        (Int(a), Decimal(b)) => BigDecimal::from(*a).cmp(b),
        (Decimal(a), Int(b)) => a.cmp(&BigDecimal::from(*b)),
        (Float(a), Float(b)) => floats(*a, *b)?,
        (Float(a), Int(b)) => floats(*a, exact_float(*b)?)?,
        (Int(a), Float(b)) => floats(exact_float(*a)?, *b)?,
        (Float(a), Decimal(b)) => floats(*a, nearest_float(b))?,
        (Decimal(a), Float(b)) => floats(nearest_float(a), *b)?,
        // The bytes of UTF-8 are ordered as the code points are.
        (Text(a), Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Bytes(a), Bytes(b)) => a.cmp(b),
        (Date(a), Date(b)) => a.cmp(b),
        (Time(a), Time(b)) => a.cmp(b),
        (Timestamp(a) | Now(a), Timestamp(b) | Now(b)) => a.cmp(b),
        (Instant(a) | Now(a), Instant(b) | Now(b)) => a.cmp(b),
        _ => return Err(MISTYPED),
    };
    Ok(Some(order))
}

fn floats(a: f64, b: f64) -> Result<Ordering, Class> {
    a.partial_cmp(&b).ok_or(Class::EngineDependent("a comparison with NaN"))
}
