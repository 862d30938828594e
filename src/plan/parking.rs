//! Unique columns of which several rows are written. A new value may be the old one of a row that is still to come, so
//! all of them are parked above every value first, and put in their place when none stands there any more.

use super::policy::over_keys;
use super::{Plan, Shape, Task, join};
use crate::check::form::Form;
use crate::check::key::compare_keys;
use crate::dialect::{Deferring, Dialect, Exclusion, Overflow};
use crate::error::{ErrorKind, Errors, Place};
use crate::expand::Does;
use crate::ir::{Cell, Column, Expr, Ident, Input, Keyed, Lock, Rows, Table, TableName, Type, Update, Value};
use crate::sql::Source;

/// A column whose new values are parked.
#[derive(Clone, Debug)]
pub(crate) struct Parked<'u> {
    /// The column.
    pub column: &'u Column,
    /// What is known of the new values.
    pub bounds: Bounds<'u>,
}

/// The least and the greatest of new values.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bounds<'u> {
    /// They come in; none where all are NULL.
    Known(Option<(&'u Value<'u>, &'u Value<'u>)>),
    /// They are computed from old values, and the script reads them.
    Measured,
}

/// Finds the columns to be parked, one of each unique constraint of which several rows may be written, and the
/// constraints that may be judged later.
pub(super) fn find_parked(plan: &mut Plan<'_>, errors: &mut Errors) {
    let (update, dialect) = (plan.update, plan.dialect);
    // nothing else writes rows that others may have
    let Some(table) = update.declared().filter(|_| *plan.does == Does::Update) else { return };
    let is_constant = |input: &Ident| plan.columns.iter().any(|column| column.name == input && column.constant);
    let mut written = written_uniques(update, table, &is_constant);
    written.retain(|unique| !is_single(update, table, unique));
    if dialect.fact(|spec| &spec.deferring) == Deferring::SetConstraints {
        let find = |unique: &[Ident]| {
            let same = table.uniques().iter().filter(|known| known.columns() == unique);
            let names = same.map(crate::ir::Unique::deferrable).collect::<Option<Vec<_>>>();
            names.filter(|_| table.key() != unique)
        };
        written.retain(|unique| match find(unique) {
            Some(names) => {
                plan.deferred.extend(names);
                false
            }
            None => true,
        });
    }
    for unique in written {
        if plan.parked.iter().any(|parked| unique.contains(parked.column.name())) {
            continue;
        }
        match choose(update, table, unique, dialect) {
            Ok(column) => {
                let bounds = find_bounds(update, find_value(update, column.name()));
                plan.parked.push(Parked { column, bounds });
            }
            Err(error) => errors.push(error.at(place_of(update, unique))),
        }
    }
    refuse_order(plan, errors);
}

/// What is measured is locked in no order of keys, where no lock on the table comes first.
fn refuse_order(plan: &Plan<'_>, errors: &mut Errors) {
    let is_ordered = plan.update.policy().lock == Lock::Ordered;
    let is_measured = plan.dialect.fact(|spec| &spec.exclusion) == Exclusion::LockingRead;
    if let (Some(parked), true, true) = (plan.parked.first(), is_ordered, is_measured) {
        let what = "order of locks where a unique column is parked".to_owned();
        let column = parked.column.name();
        let reason = format!(
            "the end of `{column}` is locked beside the rows; leave `lock ordered` out, or say `disjoint {column}`"
        );
        errors.push(ErrorKind::Unsupported { what, dialect: plan.dialect.to_string(), reason }.at(Place::Table));
    }
}

/// Refuses unique columns that would have to be parked: where rows come chunk by chunk, none may be put in its place
/// before the last has come.
pub(crate) fn refuse_parking(update: &Update<'_>, table: &Table, errors: &mut Errors) {
    for unique in written_uniques(update, table, &|_| false) {
        errors.push(refusal(update, unique, "rows come one after the other").at(place_of(update, unique)));
    }
}

/// The unique constraints that may be broken on the way although the table is unique before and behind.
fn written_uniques<'t>(
    update: &Update<'_>,
    table: &'t Table,
    is_constant: &dyn Fn(&Ident) -> bool,
) -> Vec<&'t [Ident]> {
    let uniques = table.uniques().iter().map(crate::ir::Unique::columns);
    let all = std::iter::once(table.key()).chain(uniques);
    let mut written: Vec<&[Ident]> = Vec::new();
    for unique in all {
        let mut set = update.assignments().iter().filter(|set| unique.contains(&set.column)).peekable();
        let is_disjoint = update.policy().disjoint.iter().any(|column| unique.contains(column));
        // rows that are set to the same are unique only where no two differ in nothing else, before or behind
        let is_equal = |value: &Expr<'_>| value.columns().next().is_none() && value.inputs().all(is_constant);
        if set.peek().is_some() && !is_disjoint && !set.all(|set| is_equal(&set.value)) && !written.contains(&unique) {
            written.push(unique);
        }
    }
    written
}

/// Whether one row is written at most, as far as the constraint goes.
fn is_single(update: &Update<'_>, table: &Table, unique: &[Ident]) -> bool {
    let Rows::Keyed(Keyed { key, input: Input::Cells(cells) }) = update.rows() else { return false };
    let within = |unique: &[Ident]| !unique.is_empty() && unique.iter().all(|column| key.contains(column));
    let finds_one = within(table.key()) || table.uniques().iter().any(|unique| within(unique.columns()));
    let set = || update.assignments().iter().filter(|set| unique.contains(&set.column));
    let keeps = |row: &[Cell<'_>]| {
        let keeps = |value: &Expr<'_>| match value {
            Expr::Input(name) => cells.position(name).and_then(|at| row.get(at)) == Some(&Cell::Keep),
            _ => false,
        };
        set().all(|set| keeps(&set.value))
    };
    cells.is_empty() || finds_one && cells.rows().filter(|row| !keeps(row)).nth(1).is_none()
}

fn find_value<'u>(update: &'u Update<'u>, column: &Ident) -> Option<&'u Expr<'u>> {
    update.assignments().iter().find(|set| set.column == *column).map(|set| &set.value)
}

/// The first assignment to a column of the constraint.
fn place_of(update: &Update<'_>, unique: &[Ident]) -> Place {
    let at = update.assignments().iter().position(|set| unique.contains(&set.column));
    at.map_or(Place::Table, Place::Assignment)
}

/// The column of a constraint that is parked: one that is set, else one that stays.
fn choose<'u>(
    update: &'u Update<'u>,
    table: &'u Table,
    unique: &'u [Ident],
    dialect: Dialect,
) -> Result<&'u Column, ErrorKind> {
    let is_key = |name: &Ident| matches!(update.rows(), Rows::Keyed(keyed) if keyed.key.contains(name));
    let (set, unset): (Vec<&Ident>, Vec<&Ident>) =
        unique.iter().filter(|name| !is_key(name)).partition(|name| find_value(update, name).is_some());
    let mut reason = None;
    for column in set.into_iter().chain(unset).filter_map(|name| table.find(name)) {
        match refuse_column(update, table, column, dialect) {
            None => return Ok(column),
            Some(why) => reason = reason.or(Some(why)),
        }
    }
    Err(refusal(update, unique, reason.unwrap_or("it is generated")))
}

fn refusal(update: &Update<'_>, unique: &[Ident], reason: &'static str) -> ErrorKind {
    let column = update.assignments().iter().map(|set| &set.column).find(|column| unique.contains(column));
    ErrorKind::UniqueColumn { column: column.map(ToString::to_string).unwrap_or_default(), reason }
}

/// Why a column cannot be parked; none where it can.
fn refuse_column(update: &Update<'_>, table: &Table, column: &Column, dialect: Dialect) -> Option<&'static str> {
    let is_exact = dialect.fact(|spec| &spec.overflow) != Overflow::Float;
    match column.ty() {
        _ if column.is_generated() => return Some("it is generated"),
        Type::Int { .. } | Type::UInt { .. } => {}
        Type::Decimal { .. } if is_exact => {}
        _ => return Some("only integers and exact decimals can be moved out of the way"),
    }
    let name = column.name();
    if table.foreign_keys().iter().any(|key| key.columns.contains(name)) {
        return Some("its values must be those of another table");
    }
    let is_table = |target: &TableName| {
        target == table.name() || target.schema().is_none() && target.name() == table.name().name()
    };
    let is_referenced = |key: &crate::ir::ForeignKey| {
        let columns: &[Ident] = if key.references.is_empty() { table.key() } else { &key.references };
        is_table(&key.table) && columns.contains(name)
    };
    let mut others = update.schema().into_iter().flat_map(|schema| schema.tables());
    others.any(|other| other.foreign_keys().iter().any(is_referenced)).then_some("another table refers to it")
}

/// What the update itself says of the new values of a column.
fn find_bounds<'u>(update: &'u Update<'u>, value: Option<&'u Expr<'u>>) -> Bounds<'u> {
    let mut values: Vec<&'u Value<'u>> = match (value, update.rows()) {
        (Some(Expr::Value(value)), _) => vec![value],
        (Some(Expr::Input(name)), Rows::Keyed(Keyed { key: _, input: Input::Cells(cells) })) => {
            let Some(position) = cells.position(name) else { return Bounds::Measured };
            let value = |row: &'u [Cell<'u>]| match row.get(position) {
                Some(Cell::Value(value)) => Some(value),
                _ => None,
            };
            match cells.rows().map(value).collect() {
                Some(values) => values,
                None => return Bounds::Measured,
            }
        }
        _ => return Bounds::Measured,
    };
    values.retain(|value| !value.is_null());
    let least = values.iter().copied().min_by(|a, b| compare_keys(a, b));
    Bounds::Known(least.zip(values.iter().copied().max_by(|a, b| compare_keys(a, b))))
}

/// Keeps others from writing, where the table must be locked for it.
pub(super) fn lock_table<'u>(plan: &Plan<'u>) -> Option<Shape<'u>> {
    let is_locked = plan.dialect.fact(|spec| &spec.exclusion) == Exclusion::LockTable && !plan.parked.is_empty();
    is_locked.then(|| once(Task::LockTable, "nobody else may write a value where some are parked"))
}

/// A task that has no rows.
fn once<'u>(task: Task, reason: &'static str) -> Shape<'u> {
    Shape { task, rows: 0..0, form: Form::default(), constants: Vec::new(), source: Source::None, chunk: 0, reason }
}

/// Puts what parks values in front of the updates of so many rows, and what puts them in their place behind.
pub(super) fn add_parking<'u>(plan: &Plan<'u>, rows: usize, updates: Vec<Shape<'u>>) -> Vec<Shape<'u>> {
    if plan.deferred.is_empty() && plan.parked.is_empty() {
        return updates;
    }
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    if !plan.deferred.is_empty() {
        before.push(once(Task::Defer, "its unique constraints are judged when all rows are written"));
    }
    for (at, parked) in plan.parked.iter().enumerate() {
        before.push(once(Task::MeasureTable(at), "new values are parked above all that the table has"));
        if matches!(parked.bounds, Bounds::Measured) {
            let reason = "new values are computed from old ones, so the script reads how far they go";
            let measure = |update: &Shape<'u>| Shape { task: Task::MeasureRows(at), reason, ..update.clone() };
            before.extend(updates.iter().map(measure));
            before.push(once(Task::Distance(at), "so far above their place they are parked"));
        }
        let reason = "parked values are put in their place";
        let source = join::staged_keys(plan).unwrap_or(Source::Keys);
        let settle = match plan.update.rows() {
            Rows::All | Rows::Where(_) => once(Task::Settle(at), reason),
            Rows::Keyed(_) => Shape { rows: 0..rows, ..over_keys(plan, Task::Settle(at), source, reason) },
        };
        behind.push(settle);
    }
    if !plan.deferred.is_empty() {
        behind.push(once(Task::Judge, "its unique constraints are judged"));
    }
    before.into_iter().chain(updates).chain(behind).collect()
}

#[cfg(test)]
mod tests;
