//! Checks that an incoming row can become a row of the table.

use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Cell, Cells, Guard, Ident, Returned, Table};

/// An incoming row whose key the table does not have says all that a new row must have, and reads no old one.
pub(super) fn check_insert(
    set: &[Assignment<'_>],
    guard: &Guard<'_>,
    returning: &[Returned],
    key: &[Ident],
    cells: &Cells<'_>,
    table: Option<&Table>,
    errors: &mut Errors,
) {
    let Guard { filter: _, only_changed: _, version, touch: _ } = guard;
    if let Some(version) = version {
        errors.push(ErrorKind::InsertVersion { column: version.to_string() }.at(Place::Table));
    }
    if !returning.is_empty() {
        errors.push(ErrorKind::InsertReturns.at(Place::Table));
    }
    for (index, Assignment { column, value }) in set.iter().enumerate() {
        if let Some(read) = value.columns().next() {
            let kind = ErrorKind::InsertReadsOld { column: column.to_string(), reads: read.to_string() };
            errors.push(kind.at(Place::Assignment(index)));
        }
    }
    for (row, row_cells) in cells.rows().enumerate() {
        for (position, (cell, name)) in row_cells.iter().zip(cells.columns()).enumerate() {
            let kind = match cell {
                Cell::Value(_) | Cell::Default => continue,
                Cell::Keep => ErrorKind::InsertCell { column: name.to_string() },
                Cell::Expr(value) => match value.columns().next() {
                    Some(read) => ErrorKind::InsertReadsOld { column: name.to_string(), reads: read.to_string() },
                    None => continue,
                },
            };
            errors.push(kind.at(Place::Cell { row, column: position }));
        }
    }
    if let Some(table) = table {
        check_columns(set, key, table, errors);
    }
}

/// No column is left without a value that needs one, and none of the key is computed.
fn check_columns(set: &[Assignment<'_>], key: &[Ident], table: &Table, errors: &mut Errors) {
    for column in table.columns() {
        let name = column.name();
        let is_given = key.contains(name) || set.iter().any(|set| set.column == *name);
        if !column.may_be_left_out() && !is_given {
            errors.push(ErrorKind::InsertLacks { column: name.to_string() }.at(Place::Table));
        }
        if column.is_generated() && key.contains(name) {
            errors.push(ErrorKind::GeneratedColumn { column: name.to_string() }.at(Place::Table));
        }
    }
}
