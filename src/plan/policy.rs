//! What a script does before and behind its updates: locks, and checks of what only the table can tell.

use super::hazard::undecided_collation;
use super::{Plan, Shape, Task, parking, strategy};
use crate::check::form::Form;
use crate::dialect::{Dialect, Locking};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Guard, Ident, Lock, OnMissing, Policy, Table, Update, Value};
use crate::sql::Source;

/// Puts the tasks that come before the updates in front of them.
pub(super) fn add_tasks<'u>(plan: &mut Plan<'u>, order: Vec<u32>, shapes: Vec<Shape<'u>>, errors: &mut Errors) {
    let mut before: Vec<Shape<'u>> = parking::lock_table(plan).into_iter().collect();
    let is_undecided =
        |at: &&usize| plan.columns.get(**at).is_some_and(|c| undecided_collation(c, plan.dialect).is_some());
    if plan.order.len() > 1 && plan.key.iter().find(is_undecided).is_some() {
        let reason = "only the engine knows which texts of the key its collation takes for one";
        check(plan, &mut before, Task::FindEqual, Task::RefuseEqual, reason);
    }
    let Policy { on_duplicate: _, on_missing, lock, disjoint: _ } = plan.update.policy();
    match lock {
        Lock::Ordered => lock_ordered(plan, &mut before, errors),
        Lock::AsMet if *on_missing == OnMissing::Error => {
            lock_rows(plan, &mut before, "the rows that are there stay until they are updated");
        }
        Lock::AsMet => {}
    }
    if *on_missing == OnMissing::Error {
        let reason = "a key that the table does not have is an error";
        check(plan, &mut before, Task::FindMissing, Task::RefuseMissing, reason);
    }
    let behind = |shape: Shape<'u>, by: usize| Shape { rows: shape.rows.start + by..shape.rows.end + by, ..shape };
    let offset = if before.is_empty() { 0 } else { plan.order.len() };
    // the tasks take the rows in the order of their keys, the updates in that of their shapes
    if before.is_empty() {
        plan.order = order;
    } else {
        plan.order.extend(order);
    }
    plan.shapes = before.into_iter().chain(shapes.into_iter().map(|shape| behind(shape, offset))).collect();
}

/// A task over the keys of all rows.
fn over_keys<'u>(plan: &Plan<'u>, task: Task, source: Source, reason: &'static str) -> Shape<'u> {
    const UNREAD: &Value<'static> = &Value::Null;
    let constants = (0..plan.columns.len()).map(|position| (!plan.key.contains(&position)).then_some(UNREAD)).collect();
    let chunk = match task.needs_all_keys() {
        true => usize::MAX,
        false => strategy::rows_at_a_time(plan, plan.dialect.fact(|spec| &spec.chunks).keys),
    };
    Shape { task, rows: 0..plan.order.len(), form: Form::default(), constants, source, chunk, reason }
}

fn lock_ordered<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, errors: &mut Errors) {
    let key: Vec<&Ident> = plan.key.iter().filter_map(|at| plan.columns.get(*at)).map(|column| column.name).collect();
    if !plan.update.declared().is_some_and(|table| is_indexed(table, &key)) {
        let key: Vec<String> = key.iter().map(|column| format!("`{column}`")).collect();
        errors.push(ErrorKind::LockWithoutIndex { key: key.join(", ") }.at(Place::Table));
    }
    lock_rows(plan, before, "rows are locked in the order of their keys");
}

fn lock_rows<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, reason: &'static str) {
    match plan.dialect.fact(|spec| &spec.locking) {
        Locking::ForUpdate | Locking::Current => before.push(over_keys(plan, Task::Lock, Source::Keys, reason)),
        Locking::Database => {}
    }
}

/// Whether the columns are those of the primary key or of a unique index.
fn is_indexed(table: &Table, key: &[&Ident]) -> bool {
    let uniques = table.uniques().iter().map(crate::ir::Unique::columns);
    let is_same = |columns: &[Ident]| columns.len() == key.len() && columns.iter().all(|column| key.contains(&column));
    uniques.chain([table.key()]).any(is_same)
}

/// Adds a check of the keys: it names those at fault, and in a client's script it fails too.
fn check<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, find: Task, refuse: Task, reason: &'static str) {
    let source = strategy::join_rows(plan);
    let is_for_client = plan.options.output.is_for_client();
    let says_rows = plan.dialect.fact(|spec| &spec.raise).says_rows();
    if !(is_for_client && says_rows) {
        before.push(over_keys(plan, find, source, reason));
    }
    if is_for_client {
        before.push(over_keys(plan, refuse, source, reason));
    }
}

/// Refuses what is not built yet.
pub(super) fn refuse_unbuilt(update: &Update<'_>, dialect: Dialect, errors: &mut Errors) {
    let Guard { filter: _, only_changed: _, version, touch: _ } = update.guard();
    let Policy { on_duplicate: _, on_missing, lock: _, disjoint: _ } = update.policy();
    let unbuilt = [
        ("version", version.is_some()),
        ("on missing insert", *on_missing == OnMissing::Insert),
        ("returning", !update.returning().is_empty()),
    ];
    for (what, _) in unbuilt.into_iter().filter(|(_, is_used)| *is_used) {
        let (what, reason) = (what.to_owned(), "it is not built yet".to_owned());
        errors.push(ErrorKind::Unsupported { what, dialect: dialect.to_string(), reason }.at(Place::Table));
    }
}
