//! What a script does before and behind its updates: locks, and checks of what only the table can tell.

use super::hazard::{undecided_collation, undecided_key};
use super::strategy::Shapes;
use super::{Plan, Shape, Task, join, parking, strategy, table};
use crate::check::form::Form;
use crate::check::key::{compare_keys, value_at};
use crate::dialect::{Exclusion, Locking};
use crate::error::{ErrorKind, Errors, Place, list_quoted};
use crate::expand::{Does, Tie};
use crate::ir::{Ident, Lock, OnMissing, Policy, Value};
use crate::sql::Source;

/// Puts the tasks that come before the updates in front of them, and the inserts behind them.
pub(super) fn add_tasks<'u>(
    plan: &mut Plan<'u>,
    (order, shapes): Shapes<'u>,
    inserts: Vec<Shape<'u>>,
    (told, fates): Shapes<'u>,
    errors: &mut Errors,
) {
    let mut all = plan_before(plan, errors);
    if let Some(sorted) = order_of_index(plan) {
        let from = plan.order.len();
        plan.order.extend(sorted);
        let locks = all.iter_mut().filter(|shape| shape.task == Task::Lock);
        locks.for_each(|shape| shape.rows = from..plan.order.len());
    }
    // the tasks take the rows in the order of their keys, the outcomes and the updates in that of their shapes
    if all.is_empty() && fates.is_empty() && inserts.is_empty() {
        (plan.order, plan.shapes) = (order, shapes);
        return;
    }
    if all.is_empty() {
        plan.order.clear();
    }
    let from = plan.order.len();
    plan.order.extend(told);
    all.extend(fates.into_iter().map(|shape| shape.behind(from)));
    let from = plan.order.len();
    plan.order.extend(order);
    all.extend(shapes.into_iter().chain(inserts).map(|shape| shape.behind(from)));
    plan.shapes = all;
}

/// Whether rows are locked before their versions are read: not where they are locked as they are read.
fn needs_locks(plan: &Plan<'_>) -> bool {
    plan.update.guard().version.is_some() && plan.dialect.fact(|spec| &spec.locking) == Locking::ForUpdate
}

/// Locks, and checks of what only the table can tell.
fn plan_before<'u>(plan: &Plan<'u>, errors: &mut Errors) -> Vec<Shape<'u>> {
    match plan.does {
        Does::Update | Does::Keep(_) => {}
        Does::Check => return check_tables(plan, errors),
        Does::Insert => return Vec::new(),
    }
    let mut before: Vec<Shape<'u>> = parking::lock_table(plan).into_iter().collect();
    let mut key = plan.key.iter().filter_map(|at| plan.columns.get(*at));
    let is_undecided = key.any(|column| undecided_collation(column, plan.dialect).is_some());
    if plan.order.len() > 1 && is_undecided {
        let reason = "only the engine knows which texts of the key its collation takes for one";
        check(plan, &mut before, Task::FindEqual, Task::RefuseEqual, reason, errors);
    }
    if plan.selection().is_some() {
        check_source(plan, &mut before, errors);
    }
    let Policy { on_duplicate: _, on_missing, lock, disjoint: _ } = plan.update.policy();
    match lock {
        Lock::Ordered => {
            if *on_missing == OnMissing::Insert {
                lock_missing(plan, &mut before, errors);
            }
            lock_ordered(plan, &mut before, errors);
        }
        Lock::AsMet if *on_missing == OnMissing::Error => {
            lock_rows(plan, &mut before, "the rows that are there stay until they are updated");
        }
        Lock::AsMet if needs_locks(plan) => lock_rows(plan, &mut before, "versions stay as they are read"),
        Lock::AsMet => {}
    }
    if *on_missing == OnMissing::Error {
        let reason = "a key that the table does not have is an error";
        check(plan, &mut before, Task::FindMissing, Task::RefuseMissing, reason, errors);
    }
    before
}

/// Before rows are inserted into several tables: nobody else may, where locks have an order, and no table may have the key of
/// a row that is missing in another.
fn check_tables<'u>(plan: &Plan<'u>, errors: &mut Errors) -> Vec<Shape<'u>> {
    let mut before = Vec::new();
    if plan.update.policy().lock == Lock::Ordered {
        lock_missing(plan, &mut before, errors);
    }
    if plan.beside.iter().any(|beside| beside.tie == Tie::Without) {
        let reason = "a key that one table has and another has not is neither updated nor inserted";
        check(plan, &mut before, Task::FindHalf, Task::RefuseHalf, reason, errors);
    }
    before
}

/// What is known of rows in memory: none has a NULL for a key, and no two have the same.
fn check_source<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, errors: &mut Errors) {
    if table::locks_all_source(plan) {
        let reason = "nobody else may write to the table from which the rows come";
        before.push(Shape { task: Task::LockSource, reason, ..strategy::without_rows() });
    }
    let reason = "a key that is null finds no row";
    check(plan, before, Task::FindNull, Task::RefuseNull, reason, errors);
    let reason = "of two rows with one key none is the one that is meant";
    check(plan, before, Task::FindEqual, Task::RefuseEqual, reason, errors);
}

/// What inserts the rows whose keys the table does not have, for each shape of the updates.
pub(super) fn plan_inserts<'u>(plan: &Plan<'u>, updates: &[Shape<'u>]) -> Vec<Shape<'u>> {
    let inserts = *plan.does == Does::Insert || plan.update.policy().on_missing == OnMissing::Insert;
    let updates = if inserts { updates } else { &[] };
    updates.iter().map(|shape| plan_insert(plan, shape.clone())).collect()
}

fn plan_insert<'u>(plan: &Plan<'u>, shape: Shape<'u>) -> Shape<'u> {
    let Shape { task: _, rows, form, mut constants, source: _, chunk: _, reason: _ } = shape;
    let set = plan.update.assignments();
    for (position, (column, constant)) in plan.columns.iter().zip(&mut constants).enumerate() {
        // conditions are on an old row, so what only they read is left out
        let is_read = set.iter().any(|set| form.reads(&set.value).any(|read| read == column.name));
        if !is_read && !plan.key.contains(&position) && form.at(position).is_none() {
            *constant = Some(UNREAD);
        }
    }
    let is_row_data = |at: &usize| form.at(*at).is_none() && constants.get(*at).is_none_or(Option::is_none);
    let source = join::join_columns(plan, &form, (0..plan.columns.len()).filter(is_row_data)).unwrap_or(Source::Row);
    let chunk = strategy::chunk_of(plan, source, 0);
    let reason = "rows whose key the table does not have are inserted, behind the updates";
    Shape { task: Task::Insert, rows, form, constants, source, chunk, reason }
}

/// The constant of a column that a statement does not read.
const UNREAD: &Value<'static> = &Value::Null;

/// A task over the keys of all rows.
pub(super) fn over_keys<'u>(plan: &Plan<'u>, task: Task, source: Source, reason: &'static str) -> Shape<'u> {
    let constants = (0..plan.columns.len()).map(|position| (!plan.key.contains(&position)).then_some(UNREAD)).collect();
    let chunk = match task.needs_all_keys() {
        true => usize::MAX,
        false => strategy::chunk_of(plan, Source::Keys, 0),
    };
    Shape { task, rows: 0..plan.order.len(), form: Form::default(), constants, source, chunk, reason }
}

/// Keeps others from inserting, since no lock on a row holds a key that no row has.
fn lock_missing<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, errors: &mut Errors) {
    match plan.dialect.fact(|spec| &spec.exclusion) {
        Exclusion::LockTable if before.iter().any(|shape| shape.task == Task::LockTable) => {}
        Exclusion::LockTable => {
            let reason = "nobody else may insert a row that is missing";
            before.push(Shape { task: Task::LockTable, reason, ..strategy::without_rows() });
        }
        Exclusion::LockingRead => {
            let (what, dialect) =
                ("order of locks where missing rows are inserted".to_owned(), plan.dialect.to_string());
            let reason = "two scripts may lock the gap in which both insert; leave `lock ordered` out".to_owned();
            errors.push(ErrorKind::Unsupported { what, dialect, reason }.at(Place::Table));
        }
        Exclusion::Database => {}
    }
}

/// Locks all rows in the order of their keys.
fn lock_ordered<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, errors: &mut Errors) {
    let columns = || plan.key.iter().filter_map(|at| plan.columns.get(*at));
    let key: Vec<&Ident> = columns().map(|column| column.name).collect();
    let table = plan.update.declared();
    if index_of(plan).is_none() {
        errors.push(ErrorKind::LockWithoutIndex { key: list_quoted(&key) }.at(Place::Table));
    } else if locks_as_read(plan) && !table.is_some_and(|table| is_same(table.key(), &key)) {
        let (what, dialect) = (format!("lock in the order of {}", list_quoted(&key)), plan.dialect.to_string());
        let reason = "it locks each row that it reads, and only along the primary key is that in order; match by the primary key";
        errors.push(ErrorKind::Unsupported { what, dialect, reason: reason.to_owned() }.at(Place::Table));
    }
    for column in columns() {
        if let (Some(collation), true) = (undecided_collation(column, plan.dialect), plan.order.len() > 1) {
            errors.push(undecided_key(column.name, collation, plan.dialect).at(Place::Table));
        }
    }
    lock_rows(plan, before, "rows are locked in the order of their keys");
}

/// The index that the key columns are, the primary key before others.
pub(crate) fn index_of<'u>(plan: &Plan<'u>) -> Option<&'u [Ident]> {
    let table = plan.update.declared()?;
    let key: Vec<&Ident> = plan.key.iter().filter_map(|at| plan.columns.get(*at)).map(|column| column.name).collect();
    let uniques = table.uniques().iter().map(crate::ir::Unique::columns);
    std::iter::once(table.key()).chain(uniques).find(|columns| is_same(columns, &key))
}

/// The rows in the order of the index, where the key names its columns in another: two scripts lock in one order.
fn order_of_index(plan: &Plan<'_>) -> Option<Vec<u32>> {
    if plan.update.policy().lock == Lock::AsMet {
        return None;
    }
    let (index, cells) = index_of(plan).zip(plan.cells())?;
    let positions: Vec<usize> = index.iter().filter_map(|name| cells.position(name)).collect();
    if positions == plan.key {
        return None;
    }
    let mut sorted = plan.order.clone();
    sorted.sort_by(|a, b| {
        let parts = positions.iter().map(|at| compare_keys(value_at(cells, *a, *at), value_at(cells, *b, *at)));
        parts.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    Some(sorted)
}

/// Locks the rows that a condition finds in the order of their keys.
pub(super) fn lock_found<'u>(plan: &Plan<'u>, errors: &mut Errors) -> Option<Shape<'u>> {
    if plan.update.policy().lock == Lock::AsMet {
        return None;
    }
    if plan.update.declared().is_none_or(|table| table.key().is_empty()) {
        let key = "the primary key".to_owned();
        errors.push(ErrorKind::LockWithoutIndex { key }.at(Place::Table));
    }
    let reason = "rows are locked in the order of the primary key";
    match plan.dialect.fact(|spec| &spec.locking) {
        Locking::ForUpdate | Locking::Current => Some(Shape { task: Task::Lock, reason, ..strategy::without_rows() }),
        Locking::Database => None,
    }
}

/// Whether rows must be found along the primary key alone, since each that is read is locked.
pub(crate) fn locks_as_read(plan: &Plan<'_>) -> bool {
    plan.update.policy().lock == Lock::Ordered && plan.dialect.fact(|spec| &spec.locking) == Locking::Current
}

fn lock_rows<'u>(plan: &Plan<'u>, before: &mut Vec<Shape<'u>>, reason: &'static str) {
    let source = match join::staged_keys(plan) {
        Some(staged) => staged,
        None if locks_as_read(plan) => join::join_rows(plan),
        None => Source::Keys,
    };
    match plan.dialect.fact(|spec| &spec.locking) {
        Locking::ForUpdate | Locking::Current => before.push(over_keys(plan, Task::Lock, source, reason)),
        Locking::Database => {}
    }
}

/// Whether two lists have the same columns.
fn is_same(columns: &[Ident], key: &[&Ident]) -> bool {
    columns.len() == key.len() && columns.iter().all(|column| key.contains(&column))
}

/// Adds a check of the keys: it names those at fault, and in a client's script it fails too.
fn check<'u>(
    plan: &Plan<'u>,
    before: &mut Vec<Shape<'u>>,
    find: Task,
    refuse: Task,
    reason: &'static str,
    errors: &mut Errors,
) {
    let joined = match find.needs_all_keys() && plan.stages_keys {
        true => join::stage_keys(plan),
        false => join::join_columns(plan, &Form::default(), plan.key.iter().copied()),
    };
    let source = match joined {
        Ok(source) => source,
        Err(_) if !find.needs_all_keys() => Source::Row,
        Err(_) => return errors.push(too_many_keys(plan).at(Place::Table)),
    };
    let is_for_client = plan.options.output.is_for_client();
    let says_rows = plan.dialect.fact(|spec| &spec.raise).says_rows();
    if !(is_for_client && says_rows) {
        before.push(over_keys(plan, find, source, reason));
    }
    if is_for_client {
        before.push(over_keys(plan, refuse, source, reason));
    }
}

/// Keys of which only the engine knows which are equal, and of which one statement cannot hold all.
pub(crate) fn too_many_keys(plan: &Plan<'_>) -> ErrorKind {
    let mut columns = plan.key.iter().filter_map(|at| plan.columns.get(*at));
    let column = columns.find(|column| undecided_collation(column, plan.dialect).is_some());
    let column = column.map(|column| column.name.to_string()).unwrap_or_default();
    ErrorKind::TooManyKeys { keys: plan.order.len(), column, dialect: plan.dialect.to_string() }
}
