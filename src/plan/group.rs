//! Finds rows that set the same values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::shape::Rows;
use super::value_at;
use crate::check::encode::encode;
use crate::check::form::{Says, constant_in};
use crate::ir::Cells;

/// The rows, grouped by the values of all columns that are read but the key's, in the order in which the groups are
/// first met; none where there are more than `most` groups.
pub(super) fn group_rows(cells: &Cells<'_>, rows: &Rows<'_>, most: usize) -> Option<Vec<Vec<u32>>> {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut bytes = Vec::new();
    for &row in &rows.rows {
        bytes.clear();
        let row_cells = cells.row(row).unwrap_or_default();
        for &position in &rows.read {
            match rows.form.at(position) {
                Some(Says::Expr(template)) => {
                    let constants =
                        template.slots.iter().filter_map(|slot| constant_in(row_cells.get(position)?, *slot));
                    constants.for_each(|constant| encode(constant, &mut bytes));
                }
                Some(Says::Keep | Says::Default | Says::Perhaps) => {}
                None => encode(value_at(cells, row, position), &mut bytes),
            }
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
