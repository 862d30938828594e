//! Keys: never NULL, never a binary float, sorted, and no two the same.

use std::cmp::Ordering;

use super::{CheckedColumn, value};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Cell, Cells, OnDuplicate, Type, Value};

/// Checks that no key is NULL and that every key column is of a type that engines compare by value.
pub(super) fn check_key_values(cells: &Cells<'_>, columns: &[CheckedColumn<'_>], key: &[usize], errors: &mut Errors) {
    for &position in key {
        let Some(column) = columns.get(position) else { continue };
        let name = || column.name.to_string();
        check_key_type(column, errors);
        for (row, cell) in cells.column(position).enumerate().filter(|_| column.has_null) {
            if matches!(cell, Cell::Value(Value::Null)) {
                errors.push(ErrorKind::NullKey { column: name() }.at(Place::Cell { row, column: position }));
            }
        }
    }
}

/// Checks that a key column is of a type that engines compare by value.
pub(super) fn check_key_type(column: &CheckedColumn<'_>, errors: &mut Errors) {
    let name = || column.name.to_string();
    match column.ty.as_deref() {
        Some(Type::Float32 | Type::Float64) => {
            errors.push(ErrorKind::FloatKey { column: name() }.at(Place::Table));
        }
        Some(ty @ (Type::Json | Type::Jsonb | Type::Array(_) | Type::Interval | Type::Named(_))) => {
            errors.push(ErrorKind::KeyType { column: name(), ty: ty.to_string() }.at(Place::Table));
        }
        _ => {}
    }
}

/// The rows that count, in ascending order of their keys. Two rows of one key are an error that names both, unless the
/// first or the last of them counts.
pub(super) fn sort_rows(cells: &Cells<'_>, key: &[usize], on_duplicate: OnDuplicate, errors: &mut Errors) -> Vec<u32> {
    let rows = u32::try_from(cells.len()).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..rows).collect();
    if is_ascending(cells, key) {
        return order;
    }
    let compare = |a: u32, b: u32| match (cells.row(a), cells.row(b)) {
        (Some(a), Some(b)) => compare_row_keys(a, b, key),
        _ => Ordering::Equal,
    };
    // rows of one key stay in the order in which they come in
    order.sort_by(|a, b| compare(*a, *b));
    match on_duplicate {
        OnDuplicate::Error => report_duplicates(cells, key, &order, compare, errors),
        OnDuplicate::First => order.dedup_by(|later, earlier| compare(*later, *earlier) == Ordering::Equal),
        OnDuplicate::Last => order.dedup_by(|later, earlier| {
            let is_same = compare(*later, *earlier) == Ordering::Equal;
            if is_same {
                *earlier = *later;
            }
            is_same
        }),
    }
    order
}

/// Whether the rows already are in the order of their keys, and no two have the same.
fn is_ascending(cells: &Cells<'_>, key: &[usize]) -> bool {
    if let [position] = key {
        let mut keys = cells.column(*position);
        if let Some(Cell::Value(Value::Int(first))) = keys.next() {
            let mut last = *first;
            let mut is_above = |int: i64| std::mem::replace(&mut last, int) < int;
            if keys.seek(|cell| !matches!(cell, Cell::Value(Value::Int(int)) if is_above(*int))).is_none() {
                return true;
            }
        }
    }
    cells.rows().zip(cells.rows().skip(1)).all(|(a, b)| compare_row_keys(a, b, key) == Ordering::Less)
}

fn report_duplicates(
    cells: &Cells<'_>,
    key: &[usize],
    order: &[u32],
    compare: impl Fn(u32, u32) -> Ordering,
    errors: &mut Errors,
) {
    for pair in order.windows(2) {
        let [a, b] = pair else { continue };
        if compare(*a, *b) == Ordering::Equal {
            let shown: Vec<String> = key.iter().map(|position| show(cells, *b, *position)).collect();
            let (first, row) = (row_index(*a) + 1, row_index(*b));
            errors.push(ErrorKind::DuplicateKey { key: shown.join(", "), first }.at(Place::Row(row)));
        }
    }
}

/// A row number as an index.
pub(crate) fn row_index(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

/// The value of a cell; NULL where the row does not set the column.
pub(crate) fn value_at<'u>(cells: &'u Cells<'u>, row: u32, position: usize) -> &'u Value<'u> {
    let at = row_index(row).saturating_mul(cells.columns().len()).saturating_add(position);
    match cells.cells().get(at) {
        Some(Cell::Value(value)) => value,
        _ => &Value::Null,
    }
}

fn show(cells: &Cells<'_>, row: u32, position: usize) -> String {
    let name = cells.columns().get(position).map(ToString::to_string).unwrap_or_default();
    format!("`{name}` = {}", value::shown(value_at(cells, row, position)))
}

/// Orders rows by their keys.
pub(crate) fn compare_row_keys(a: &[Cell<'_>], b: &[Cell<'_>], key: &[usize]) -> Ordering {
    let parts = key.iter().map(|&position| match (a.get(position), b.get(position)) {
        (Some(Cell::Value(a)), Some(Cell::Value(b))) => compare_keys(a, b),
        _ => Ordering::Equal,
    });
    parts.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Orders key values of one column; equal means that they are one key on every engine.
pub(crate) fn compare_keys(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Int(a), Value::UInt(b)) => i128::from(*a).cmp(&i128::from(*b)),
        (Value::UInt(a), Value::Int(b)) => i128::from(*a).cmp(&i128::from(*b)),
        (Value::UInt(a), Value::UInt(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::TimestampTz(a), Value::TimestampTz(b)) => a.cmp(b),
        (Value::Uuid(a), Value::Uuid(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => compare_decimals(a.trimmed(), b.trimmed()),
        (Value::Decimal(a), Value::Int(b)) => compare_decimals(a.trimmed(), &b.to_string()),
        (Value::Decimal(a), Value::UInt(b)) => compare_decimals(a.trimmed(), &b.to_string()),
        (Value::Int(a), Value::Decimal(b)) => compare_decimals(&a.to_string(), b.trimmed()),
        (Value::UInt(a), Value::Decimal(b)) => compare_decimals(&a.to_string(), b.trimmed()),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::UInt(_) | Value::Decimal(_) => 2,
        Value::Float(_) => 3,
        Value::Text(_) => 4,
        Value::Bytes(_) => 5,
        Value::Date(_) => 6,
        Value::Time(_) => 7,
        Value::Timestamp(_) => 8,
        Value::TimestampTz(_) => 9,
        Value::Interval(_) => 10,
        Value::Uuid(_) => 11,
        Value::Json(_) => 12,
        Value::Array(_) => 13,
    }
}

/// Orders decimals written without superfluous zeros.
fn compare_decimals(a: &str, b: &str) -> Ordering {
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (Some(a), Some(b)) => compare_magnitudes(b, a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => compare_magnitudes(a, b),
    }
}

fn compare_magnitudes(a: &str, b: &str) -> Ordering {
    let (a_whole, a_fraction) = a.split_once('.').unwrap_or((a, ""));
    let (b_whole, b_fraction) = b.split_once('.').unwrap_or((b, ""));
    let by_whole = a_whole.len().cmp(&b_whole.len()).then_with(|| a_whole.cmp(b_whole));
    by_whole.then_with(|| a_fraction.cmp(b_fraction))
}
