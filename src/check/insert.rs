//! Checks that an incoming row can become a row of the table.

use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Cell, Cells, Expr, Guard, Ident, Returned, Table, TableName};

/// An incoming row whose key the table does not have says all that a new row must have, and reads no old one.
pub(super) fn check_insert(
    set: &[Assignment<'_>],
    guard: &Guard<'_>,
    returning: &[Returned],
    key: &[Ident],
    cells: Option<&Cells<'_>>,
    (target, table): (&TableName, Option<&Table>),
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
        if selects_from(value, target) {
            errors.push(ErrorKind::InsertSelects { column: column.to_string() }.at(Place::Assignment(index)));
        }
        if let Some(read) = value.columns().next() {
            let kind = ErrorKind::InsertReadsOld { column: column.to_string(), reads: read.to_string() };
            errors.push(kind.at(Place::Assignment(index)));
        }
    }
    let rows = cells.into_iter().flat_map(|cells| cells.rows().map(|row| (cells.columns(), row)));
    for (row, (columns, row_cells)) in rows.enumerate() {
        for (position, (cell, name)) in row_cells.iter().zip(columns).enumerate() {
            let kind = match cell {
                Cell::Value(_) | Cell::Default => continue,
                Cell::Expr(value) if selects_from(value, target) => {
                    ErrorKind::InsertSelects { column: name.to_string() }
                }
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

/// Whether an expression selects rows of a table.
fn selects_from(value: &Expr<'_>, target: &TableName) -> bool {
    value.selections().any(|rows| rows.table().may_be(target))
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
