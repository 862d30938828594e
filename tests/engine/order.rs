//! A total order of values, so that tables can be sorted and compared bit for bit.

use std::cmp::Ordering;

use setwise::{Table, Value};

use super::Row;

/// Compares values by kind, then within the kind; floats by their bits' total order, decimals by their digits as
/// text. An integer is the same as an `Int` and as a `UInt`.
pub fn compare(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    use Value::*;
    match (left, right) {
        (Bool(a), Bool(b)) => a.cmp(b),
        (Int(_) | UInt(_), Int(_) | UInt(_)) => whole(left).cmp(&whole(right)),
        (Float(a), Float(b)) => a.total_cmp(b),
        (Decimal(a), Decimal(b)) => a.as_str().cmp(b.as_str()),
        (Text(a), Text(b)) => a.cmp(b),
        (Bytes(a), Bytes(b)) => a.cmp(b),
        (Date(a), Date(b)) => a.cmp(b),
        (Time(a), Time(b)) => a.cmp(b),
        (Timestamp(a), Timestamp(b)) => a.cmp(b),
        (TimestampTz(a), TimestampTz(b)) => a.cmp(b),
        (Interval(a), Interval(b)) => (a.months, a.days, a.micros).cmp(&(b.months, b.days, b.micros)),
        (Uuid(a), Uuid(b)) => a.cmp(b),
        (Json(a), Json(b)) => a.as_str().cmp(b.as_str()),
        (Array(a), Array(b)) => {
            let items = a.items().iter().zip(b.items()).map(|(a, b)| compare(a, b));
            let first = items.into_iter().find(|order| order.is_ne());
            first.unwrap_or_else(|| a.items().len().cmp(&b.items().len()))
        }
        _ => rank(left).cmp(&rank(right)),
    }
}

/// Whether two values are the same, bit for bit.
pub fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    compare(left, right).is_eq()
}

/// Sorts rows of a table by its key, or by all columns where it has none.
pub fn sort(rows: &mut [Row], table: &Table) {
    let columns = table.columns().iter().enumerate();
    let is_key = |name| table.key().is_empty() || table.key().contains(name);
    let key: Vec<usize> = columns.filter(|(_, column)| is_key(column.name())).map(|(at, _)| at).collect();
    rows.sort_by(|left, right| {
        let orders = key.iter().map(|&at| compare(&left[at], &right[at]));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
}

fn whole(value: &Value<'_>) -> i128 {
    match value {
        Value::Int(value) => (*value).into(),
        Value::UInt(value) => (*value).into(),
        _ => unreachable!("only called for integers"),
    }
}

fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::UInt(_) => 2,
        Value::Float(_) => 3,
        Value::Decimal(_) => 4,
        Value::Text(_) => 5,
        Value::Bytes(_) => 6,
        Value::Date(_) => 7,
        Value::Time(_) => 8,
        Value::Timestamp(_) => 9,
        Value::TimestampTz(_) => 10,
        Value::Interval(_) => 11,
        Value::Uuid(_) => 12,
        Value::Json(_) => 13,
        Value::Array(_) => 14,
    }
}
