//! Finds rows that set the same values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::value_at;
use crate::ir::{Cells, Value};

/// The rows, grouped by the values of all columns but the key's, in the order in which the groups are first met;
/// none where there are more than `most` groups.
pub(super) fn group_rows(cells: &Cells<'_>, order: &[u32], key: &[usize], most: usize) -> Option<Vec<Vec<u32>>> {
    let free: Vec<usize> = (0..cells.columns().len()).filter(|position| !key.contains(position)).collect();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut bytes = Vec::new();
    for &row in order {
        bytes.clear();
        for &position in &free {
            encode(value_at(cells, row, position), &mut bytes);
        }
        let group = match known.entry(std::mem::take(&mut bytes)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(_) if groups.len() == most => return None,
            Entry::Vacant(new) => {
                new.insert(groups.len());
                groups.push(Vec::new());
                groups.len() - 1
            }
        };
        if let Some(group) = groups.get_mut(group) {
            group.push(row);
        }
    }
    Some(groups)
}

/// Appends bytes that are the same for the same value only.
pub(super) fn encode(value: &Value<'_>, bytes: &mut Vec<u8>) {
    let mut put = |tag: u8, content: &[u8]| {
        bytes.push(tag);
        bytes.extend_from_slice(&content.len().to_le_bytes());
        bytes.extend_from_slice(content);
    };
    match value {
        Value::Null => put(0, &[]),
        Value::Bool(v) => put(1, &[u8::from(*v)]),
        Value::Int(v) => put(2, &v.to_le_bytes()),
        Value::UInt(v) => put(3, &v.to_le_bytes()),
        Value::Float(v) => put(4, &v.to_bits().to_le_bytes()),
        Value::Decimal(v) => put(5, v.as_str().as_bytes()),
        Value::Text(v) => put(6, v.as_bytes()),
        Value::Bytes(v) => put(7, v),
        Value::Date(v) => put(8, v.to_string().as_bytes()),
        Value::Time(v) => put(9, v.to_string().as_bytes()),
        Value::Timestamp(v) => put(10, v.to_string().as_bytes()),
        Value::TimestampTz(v) => put(11, v.to_string().as_bytes()),
        Value::Interval(v) => put(12, v.to_string().as_bytes()),
        Value::Uuid(v) => put(13, v.as_bytes()),
        Value::Json(v) => put(14, v.as_str().as_bytes()),
        Value::Array(v) => {
            put(15, &v.items().len().to_le_bytes());
            v.items().iter().for_each(|item| encode(item, bytes));
        }
    }
}
