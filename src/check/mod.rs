//! Checks an update without asking for a dialect: names, keys, types, values. All mistakes are reported together.

pub(crate) mod cells;
mod differ;
pub(crate) mod encode;
pub(crate) mod form;
mod insert;
pub(crate) mod key;
mod policy;
pub(crate) mod rows;
mod table;
pub(crate) mod types;
pub(crate) mod value;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::error::{ErrorKind, Errors, Place};
use crate::expand::{Does, Part};
use crate::ir::{
    Assignment, Cell, Cells, Column, Expr, Follower, Guard, Ident, Input, Keyed, Param, Rows, Table, Type, Update,
    Value,
};
use form::Form;

/// An update that passed the checks; nothing else gets to the planner.
#[derive(Clone, Debug)]
pub struct Checked<'u> {
    pub(crate) update: &'u Update<'u>,
    pub(crate) rows: Option<CheckedRows<'u>>,
    /// What part of an update over several tables it is, where it is one.
    pub(crate) part: Option<&'u Part<'u>>,
}

/// The incoming rows, with what the checks found out about them.
#[derive(Clone, Debug)]
pub(crate) struct CheckedRows<'u> {
    /// The columns, in the input's order.
    pub columns: Vec<CheckedColumn<'u>>,
    /// The positions of the key columns.
    pub key: Vec<usize>,
    /// The rows that count, in ascending order of their keys.
    pub order: Vec<u32>,
    /// The forms of the rows, each with its rows in ascending order of keys; none where every cell is a value.
    pub forms: Vec<(Form<'u>, Vec<u32>)>,
}

/// A column of the input.
#[derive(Clone, Debug)]
pub(crate) struct CheckedColumn<'u> {
    pub name: &'u Ident,
    /// The declared type, or that of the values; none where nothing is declared and every value is NULL.
    pub ty: Option<Cow<'u, Type>>,
    /// What the schema says of the column, where it has one of that name.
    pub declared: Option<&'u Column>,
    /// Whether NULL may come in.
    pub takes_null: bool,
    /// Whether one is NULL.
    pub has_null: bool,
    /// Whether every row that counts has the same value.
    pub constant: bool,
    /// No text or decimal has more bytes.
    pub longest: usize,
}

/// Checks an update.
///
/// # Errors
///
/// Every mistake that shows without a dialect, each with its place.
pub fn check<'u>(update: &'u Update<'u>) -> Result<Checked<'u>, Errors> {
    check_update(update, None)
}

/// Checks a part of an update, which may leave parameters to the others.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn check_part<'u>(update: &'u Update<'u>, part: &'u Part<'u>) -> Result<Checked<'u>, Errors> {
    check_update(update, Some(part))
}

fn check_update<'u>(update: &'u Update<'u>, part: Option<&'u Part<'u>>) -> Result<Checked<'u>, Errors> {
    let Update { name: _, params, table: target, set, rows: which, guard, policy, returning, followers: _, schema } =
        update;
    let mut errors = Errors::new();
    let table = schema.and_then(|schema| schema.require(target).map_err(|error| errors.push(error)).ok());
    // of a table of which nothing is set missing rows have their key alone
    let inserts = part.is_some_and(|part| matches!(part.does, Does::Check | Does::Insert));
    if set.is_empty() && !inserts {
        errors.push(ErrorKind::NothingSet.at(Place::Table));
    }
    check_assignments(set, which, table, &mut errors);
    policy::check_policies(set, guard, policy, returning, which, (target, table), &mut errors);
    let rows = match which {
        Rows::Keyed(Keyed { key, input: Input::Cells(cells) }) => {
            check_used(update, key, &mut errors);
            rows::check_assigned(set, table, cells, &mut errors);
            let readers = differ::Readers { params, schema: *schema, set, guard, key, table, cells };
            rows::check_rows(readers, policy.on_duplicate, &mut errors)
        }
        Rows::Keyed(Keyed { key, input: Input::Table(from) }) => {
            check_used(update, key, &mut errors);
            table::check_table(update, key, from, table, &mut errors)
        }
        Rows::All | Rows::Where(_) => None,
    };
    if table.is_some() || schema.is_none() {
        if part.is_none() {
            check_params(update, table, &mut errors);
        }
        let scope = scope_of(update, table, rows.as_ref());
        let typed = rows.as_ref().is_some_and(|rows| rows.forms.is_empty());
        check_expressions(set, guard, which, &scope, typed, &mut errors);
    }
    errors.or(Checked { update, rows, part })
}

/// What expressions of an update can read.
fn scope_of<'u>(update: &'u Update<'u>, table: Option<&'u Table>, rows: Option<&CheckedRows<'u>>) -> types::Scope<'u> {
    let inputs = match (rows, update.rows()) {
        (Some(rows), _) => rows.columns.iter().map(|column| (column.name, column.ty.clone())).collect(),
        (None, Rows::Keyed(Keyed { key: _, input: Input::Cells(cells) })) => {
            let declared = |name: &Ident| table.and_then(|table| table.find(name));
            let ty = |name: &Ident| declared(name).map(|column| Cow::Borrowed(column.ty()));
            cells.columns().iter().map(|name| (name, ty(name))).collect()
        }
        // what the other table lacks was told
        (None, Rows::Keyed(Keyed { key: _, input: Input::Table(from) })) => {
            from.columns().map(|name| (name, None)).collect()
        }
        (None, Rows::All | Rows::Where(_)) => Vec::new(),
    };
    types::Scope { table, inputs, params: update.params(), schema: update.schema(), ..types::Scope::default() }
}

/// Every expression has a type, and the column or condition takes it. Where the rows could not be checked, or cells are
/// not values, the types of their columns may be missing without being at fault.
fn check_expressions<'u>(
    set: &'u [Assignment<'u>],
    guard: &'u Guard<'u>,
    which: &'u Rows<'u>,
    scope: &types::Scope<'u>,
    typed: bool,
    errors: &mut Errors,
) {
    let mut push = |kinds: Vec<ErrorKind>, place: &Place| {
        let at_fault =
            |kind: &ErrorKind| typed || scope.inputs.is_empty() || !matches!(kind, ErrorKind::UnknownType { .. });
        kinds.into_iter().filter(at_fault).for_each(|kind| errors.push(kind.at(place.clone())));
    };
    for (index, Assignment { column, value }) in set.iter().enumerate() {
        let declared = scope.table.and_then(|table| table.find(column));
        if let Err(kinds) = types::type_assignment(value, column, declared, scope) {
            push(kinds, &Place::Assignment(index));
        }
    }
    let Guard { filter, only_changed: _, version: _, touch: _ } = guard;
    for condition in filter.iter().chain(which.condition()) {
        if let Err(kinds) = types::type_condition(condition, scope) {
            push(kinds, &Place::Filter);
        }
    }
}

fn check_assignments(set: &[Assignment<'_>], which: &Rows<'_>, table: Option<&Table>, errors: &mut Errors) {
    let mut seen = HashSet::with_capacity(set.len());
    for (index, Assignment { column, value }) in set.iter().enumerate() {
        let place = Place::Assignment(index);
        if !seen.insert(column) {
            errors.push(ErrorKind::SetTwice { column: column.to_string() }.at(place.clone()));
        }
        if matches!(which, Rows::Keyed(keyed) if keyed.key.contains(column)) {
            errors.push(ErrorKind::SetsKey { column: column.to_string() }.at(place.clone()));
        }
        let Some(table) = table else { continue };
        match table.find(column) {
            None => errors.push(ErrorKind::unknown_column(column, table).at(place)),
            Some(declared) if declared.is_generated() => {
                errors.push(ErrorKind::GeneratedColumn { column: column.to_string() }.at(place));
            }
            Some(declared) => {
                if let Expr::Value(value) = value
                    && !adapts_to_float(value, declared.ty())
                    && let Err(kind) = value::check_value(value, declared.ty(), declared.is_nullable(), column)
                {
                    errors.push(kind.at(place));
                }
            }
        }
    }
}

/// A decimal that is written in an expression means the nearest float where it is set to one.
fn adapts_to_float(value: &Value<'_>, ty: &Type) -> bool {
    matches!((value, ty), (Value::Decimal(_), Type::Float32 | Type::Float64))
}

/// Every parameter is read. Where one is that there is not, or a column of a parameter's name, a name was misspelled, and
/// that is said of it.
fn check_params(update: &Update<'_>, table: Option<&Table>, errors: &mut Errors) {
    let mut open: HashSet<&Ident> = update.params.iter().map(|param| &param.name).collect();
    if open.is_empty() {
        return;
    }
    let known = open.clone();
    let is_column = |name: &Ident| table.is_none_or(|table| table.find(name).is_some());
    for expression in update.expressions().chain(update.followers.iter().flat_map(Follower::expressions)) {
        for read in expression.params() {
            if !known.contains(read) {
                return;
            }
            open.remove(read);
        }
        for read in expression.columns().filter(|read| !is_column(read)) {
            open.remove(read);
        }
    }
    for Param { name, .. } in update.params.iter().filter(|param| open.contains(&param.name)) {
        errors.push(ErrorKind::UnusedParam { param: name.to_string() }.at(Place::Table));
    }
}

/// Every column of the rows is read.
fn check_used(update: &Update<'_>, key: &[Ident], errors: &mut Errors) {
    let Rows::Keyed(keyed) = update.rows() else { return };
    let Guard { filter, only_changed: _, version, touch: _ } = update.guard();
    let columns = || keyed.input.columns();
    let mut read = HashSet::with_capacity(columns().count());
    let expressions = update.assignments().iter().map(|assignment| &assignment.value);
    expressions.chain(filter).for_each(|expression| read.extend(expression.inputs()));
    read.extend(version.iter().chain(key));
    if columns().all(|column| read.contains(column)) {
        return;
    }
    for cell in update.rows().cells().map_or(&[][..], Cells::cells) {
        if let Cell::Expr(expression) = cell {
            read.extend(expression.inputs());
        }
    }
    for column in columns().filter(|column| !read.contains(column)) {
        errors.push(ErrorKind::UnusedColumn { column: column.to_string() }.at(Place::Table));
    }
}
