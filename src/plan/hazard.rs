//! Refuses what would mean something else on this engine.

use std::collections::HashMap;

use super::{Plan, value_at};
use crate::check::CheckedColumn;
use crate::check::encode::encode;
use crate::check::key::row_index;
use crate::dialect::{Dialect, KeyEquality};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Cells, Collation, Ident, Type, Value};

/// Finds keys that are equal by rules that are known here, besides those that are equal in every character.
pub(super) fn check_keys(plan: &Plan<'_>, cells: &Cells<'_>, errors: &mut Errors) {
    let dialect = plan.dialect;
    let mut padded = Vec::new();
    for &position in &plan.key {
        let Some(column) = plan.columns.get(position) else { continue };
        match equality_of(column, dialect) {
            KeyEquality::Exact if matches!(column.ty.as_deref(), Some(Type::Char { .. })) => padded.push(position),
            KeyEquality::Exact => {}
            KeyEquality::PadSpace => padded.push(position),
            // the script asks the engine
            KeyEquality::Folding => {}
        }
    }
    if !padded.is_empty() {
        check_padded(plan, cells, &padded, errors);
    }
}

/// How the values of a key column are compared.
fn equality_of(column: &CheckedColumn<'_>, dialect: Dialect) -> KeyEquality {
    match column.ty.as_deref() {
        Some(Type::Text { .. } | Type::Char { .. }) => {
            dialect.key_equality(column.declared.and_then(|declared| declared.collation()))
        }
        _ => KeyEquality::Exact,
    }
}

/// Where only the engine knows which texts of a key column are equal: the collation, where it has a name.
pub(crate) fn undecided_collation<'u>(column: &CheckedColumn<'u>, dialect: Dialect) -> Option<Option<&'u Collation>> {
    let is_undecided = equality_of(column, dialect) == KeyEquality::Folding;
    is_undecided.then(|| column.declared.and_then(crate::ir::Column::collation))
}

/// That only the engine knows which texts of a key column are equal.
pub(crate) fn undecided_key(column: &Ident, collation: Option<&Collation>, dialect: Dialect) -> ErrorKind {
    let shown = collation.map_or_else(|| "its default collation".to_owned(), |named| format!("`{}`", named.name()));
    ErrorKind::KeyCollation { column: column.to_string(), collation: shown, dialect: dialect.to_string() }
}

/// Finds keys that are equal but for spaces at their end.
fn check_padded(plan: &Plan<'_>, cells: &Cells<'_>, padded: &[usize], errors: &mut Errors) {
    let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut rows = plan.order.clone();
    rows.sort_unstable();
    for row in rows {
        let mut bytes = Vec::new();
        for &position in &plan.key {
            match value_at(cells, row, position) {
                Value::Text(text) if padded.contains(&position) => {
                    encode(&Value::from(text.trim_end_matches(' ')), &mut bytes);
                }
                other => encode(other, &mut bytes),
            }
        }
        if let Some(first) = known.insert(bytes, row) {
            errors.push(ErrorKind::FoldedKey { first: row_index(first) + 1 }.at(Place::Row(row_index(row))));
        }
    }
}

#[cfg(test)]
mod tests;
