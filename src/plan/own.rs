//! Rows of the updated table that are selected by what is set: one statement must do all, for a later one would read
//! what an earlier one wrote.

use super::Parked;
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Expr, Ident, Selection, Update};

/// A column that is written, and that an expression selects rows of the same table by.
pub(super) fn find_own_read<'u>(
    update: &'u Update<'u>,
    parked: &[Parked<'u>],
    mut expressions: impl Iterator<Item = &'u Expr<'u>>,
) -> Option<&'u Ident> {
    let is_written = |name: &&Ident| {
        let mut set = update.assignments().iter().map(|set| &set.column);
        let mut parked = parked.iter().map(|parked| parked.column.name());
        set.any(|column| column.may_be(name)) || parked.any(|column| column.may_be(name))
    };
    let is_own = |rows: &&'u Selection<'u>| rows.table().may_be(update.target());
    expressions
        .find_map(|expression| expression.selections().filter(is_own).flat_map(Selection::reads).find(is_written))
}

/// Refuses such an update where its rows come in chunks.
pub(crate) fn refuse_own_reads(update: &Update<'_>, errors: &mut Errors) {
    if let Some(column) = find_own_read(update, &[], update.expressions()) {
        errors.push(ErrorKind::SelectsAssigned { column: column.to_string() }.at(Place::Table));
    }
}
