//! When two values of a column are the same under the storage map, and what differs between two tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use setwise::{Column, Type, Value};

use super::TableData;
use super::apply::canonical;
use super::datum::Datum;

/// Whether two values of a column are the same: bit for bit, save what the storage map says is not kept, which is the
/// scale of decimals, the padding of `char`, the spelling of parsed JSON and whether an integer is signed.
pub fn same(a: &Value<'_>, b: &Value<'_>, ty: &Type) -> bool {
    match (a, b, ty) {
        (Value::Null, Value::Null, _) => true,
        (Value::Null, _, _) | (_, Value::Null, _) => false,
        (Value::Float(a), Value::Float(b), _) if a.is_nan() => b.is_nan(),
        (Value::Float(a), Value::Float(b), Type::Float32) => (*a as f32).to_bits() == (*b as f32).to_bits(),
        (Value::Float(a), Value::Float(b), _) => a.to_bits() == b.to_bits(),
        (Value::Text(a), Value::Text(b), Type::Char { .. }) => a.trim_end_matches(' ') == b.trim_end_matches(' '),
        (Value::Json(a), Value::Json(b), Type::Jsonb) => same_json(a.as_str(), b.as_str()),
        (Value::Array(a), Value::Array(b), Type::Array(element)) => {
            let (a, b) = (a.items(), b.items());
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, element))
        }
        (a, b, _) => match (Datum::read(a, ty), Datum::read(b, ty)) {
            (Datum::Int(a), Datum::Int(b)) => a == b,
            (Datum::Decimal(a), Datum::Decimal(b)) => a == b,
            _ => a == b,
        },
    }
}

fn same_json(a: &str, b: &str) -> bool {
    let parse = |text| serde_json::from_str::<serde_json::Value>(text);
    match (parse(a), parse(b)) {
        (Ok(a), Ok(b)) => same_parsed(&a, &b),
        _ => a == b,
    }
}

fn same_parsed(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (a, b) {
        (Number(a), Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_parsed(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_parsed(a, b)))
        }
        (a, b) => a == b,
    }
}

/// What differs between the expected table and the rows read from an engine; none where they are the same.
///
/// Rows are paired by the primary key where the table has one, else in the order of all their columns.
pub fn diff(expected: &TableData, actual: &[Vec<Value<'_>>]) -> Option<String> {
    let columns = expected.table.columns();
    let key: Vec<usize> =
        expected.table.key().iter().filter_map(|name| columns.iter().position(|c| c.name() == name)).collect();
    let name = |at: usize, row: &[Value<'_>]| match key.is_empty() {
        true => vec![format!("{at:06}")],
        false => key_of(row, &key, columns),
    };
    let all: Vec<usize> = (0..columns.len()).collect();
    let (mut rows, mut actual): (Vec<_>, Vec<_>) = (expected.rows.iter().collect(), actual.iter().collect());
    if key.is_empty() {
        rows.sort_by_cached_key(|row| key_of(row, &all, columns));
        actual.sort_by_cached_key(|row| key_of(row, &all, columns));
    }
    let wanted: BTreeMap<_, _> = rows.iter().enumerate().map(|(at, row)| (name(at, row), *row)).collect();
    let mut found: BTreeMap<_, _> = actual.iter().enumerate().map(|(at, row)| (name(at, row), *row)).collect();
    let mut text = String::new();
    if expected.rows.len() != actual.len() {
        let _ = writeln!(text, "{} rows expected, {} found", expected.rows.len(), actual.len());
    }
    for (key, wanted) in &wanted {
        let Some(found) = found.remove(key) else {
            let _ = writeln!(text, "row {key:?}: missing");
            continue;
        };
        for ((column, wanted), found) in columns.iter().zip(wanted.iter()).zip(found) {
            if !same(wanted, found, column.ty()) {
                let (name, ty) = (column.name(), column.ty());
                let _ = writeln!(text, "row {key:?}, `{name}` ({ty}): expected {wanted:?}, found {found:?}");
            }
        }
        if found.len() != columns.len() {
            let _ = writeln!(text, "row {key:?}: {} columns expected, {} found", columns.len(), found.len());
        }
    }
    for key in found.keys() {
        let _ = writeln!(text, "row {key:?}: not expected");
    }
    if text.is_empty() { None } else { Some(text) }
}

/// The key of a row, as texts that are equal where the values are.
pub fn key_of(row: &[Value<'_>], key: &[usize], columns: &[Column]) -> Vec<String> {
    key.iter().map(|at| canonical(&row[*at], columns[*at].ty())).collect()
}
