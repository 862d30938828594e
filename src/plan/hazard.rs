//! Refuses what would mean something else on this engine.

use std::collections::HashMap;

use super::group::encode;
use super::value_at;
use crate::check::CheckedColumn;
use crate::check::key::row_index;
use crate::dialect::{Dialect, KeyEquality};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Cells, Collation, Ident, Type, Value};

/// Text keys must be compared by rules that are decided here.
pub(super) fn check_keys(
    cells: &Cells<'_>,
    columns: &[CheckedColumn<'_>],
    key: &[usize],
    dialect: Dialect,
    errors: &mut Errors,
) {
    let mut padded = Vec::new();
    for &position in key {
        let Some(column) = columns.get(position) else { continue };
        let is_text = matches!(column.ty.as_deref(), Some(Type::Text { .. } | Type::Char { .. }));
        let declared = column.declared.and_then(|declared| declared.collation());
        match dialect.key_equality(declared) {
            _ if !is_text => {}
            KeyEquality::Exact if matches!(column.ty.as_deref(), Some(Type::Char { .. })) => padded.push(position),
            KeyEquality::Exact => {}
            KeyEquality::PadSpace => padded.push(position),
            KeyEquality::Folding => errors.push(undecided_key(column.name, declared, dialect).at(Place::Table)),
        }
    }
    if !padded.is_empty() {
        check_padded(cells, key, &padded, errors);
    }
}

/// That only the engine knows which texts of a key column are equal.
pub(crate) fn undecided_key(column: &Ident, collation: Option<&Collation>, dialect: Dialect) -> ErrorKind {
    let shown = collation.map_or_else(|| "its default collation".to_owned(), |named| format!("`{}`", named.name()));
    ErrorKind::KeyCollation { column: column.to_string(), collation: shown, dialect: dialect.to_string() }
}

/// Finds keys that are equal but for spaces at their end.
fn check_padded(cells: &Cells<'_>, key: &[usize], padded: &[usize], errors: &mut Errors) {
    let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
    for row in 0..u32::try_from(cells.len()).unwrap_or(u32::MAX) {
        let mut bytes = Vec::new();
        for &position in key {
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
