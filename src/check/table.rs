//! Checks rows that come from a table: that it has the columns, and what their types are.

use std::borrow::Cow;

use super::rows::find_key;
use super::types::{self, Scope};
use super::{CheckedColumn, CheckedRows, key};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Ident, OnDuplicate, Selection, Table, Update};

/// Checks the table from which rows come; none where the errors leave nothing to plan with.
pub(super) fn check_table<'u>(
    update: &'u Update<'u>,
    key: &[Ident],
    from: &'u Selection<'u>,
    table: Option<&'u Table>,
    errors: &mut Errors,
) -> Option<CheckedRows<'u>> {
    let before = errors.len();
    if update.policy().on_duplicate != OnDuplicate::Error {
        errors.push(ErrorKind::UnorderedRows.at(Place::Table));
    }
    let Selection { table: name, columns: _, filter } = from;
    let mut read =
        std::iter::once(name).chain(filter.iter().flat_map(|filter| filter.selections()).map(Selection::table));
    if read.any(|read| read.may_be(update.target())) {
        errors.push(ErrorKind::RowsFromTarget { table: name.to_string() }.at(Place::Input));
    }
    let source = match update.schema().map(|schema| schema.require(name)).transpose() {
        Ok(source) => source,
        Err(error) => {
            errors.push(error.moved_to(Place::Input));
            return None;
        }
    };
    let columns = describe_columns(from, source, table, errors);
    let names: Vec<Ident> = from.columns().cloned().collect();
    let key = find_key(key, &names, errors);
    if let Some(filter) = filter {
        let scope = Scope { params: update.params(), schema: update.schema(), ..Scope::default() }.of_selection(source);
        let kinds = types::type_condition(filter, &scope).err().unwrap_or_default();
        kinds.into_iter().for_each(|kind| errors.push(kind.at(Place::Input)));
    }
    for column in key.iter().filter_map(|at| columns.get(*at)) {
        check_key(column, errors);
    }
    let rows = CheckedRows { columns, key, order: Vec::new(), forms: Vec::new() };
    (errors.len() == before).then_some(rows)
}

fn describe_columns<'u>(
    from: &'u Selection<'u>,
    source: Option<&'u Table>,
    table: Option<&'u Table>,
    errors: &mut Errors,
) -> Vec<CheckedColumn<'u>> {
    let mut columns: Vec<CheckedColumn<'u>> = Vec::new();
    for name in from.columns() {
        if columns.iter().any(|known| known.name == name) {
            errors.push(ErrorKind::ColumnTwice { column: name.to_string() }.at(Place::Input));
        }
        let ty = source.and_then(|source| source.find(name)).map(|column| Cow::Borrowed(column.ty()));
        match (source, &ty) {
            (Some(source), None) => errors.push(ErrorKind::unknown_column(name, source).at(Place::Input)),
            (None, _) => errors.push(ErrorKind::UnknownType { column: name.to_string() }.at(Place::Input)),
            _ => {}
        }
        let declared = table.and_then(|table| table.find(name));
        let (takes_null, has_null, constant, longest) = (true, true, false, usize::MAX);
        columns.push(CheckedColumn { name, ty, declared, takes_null, has_null, constant, longest });
    }
    columns
}

/// A key of the table is compared with that of the rows by value, so that both are of one kind.
fn check_key(column: &CheckedColumn<'_>, errors: &mut Errors) {
    key::check_key_type(column, errors);
    let (Some(own), Some(other)) = (column.declared.map(|declared| declared.ty()), column.ty.as_deref()) else {
        return;
    };
    if !types::is_comparable(own, other) {
        let (what, expected, found) = (format!("the key `{}`", column.name), own.to_string(), other.to_string());
        errors.push(ErrorKind::Mistyped { what, expected, found }.at(Place::Input));
    }
}
