//! Rows that come from a table: one statement joins all of them, and what is told of rows in memory beforehand is
//! checked by the script.

use super::policy;
use super::{Plan, Shape, Task, join, own, parking, returning, storable};
use crate::check::form::Form;
use crate::check::{CheckedColumn, CheckedRows};
use crate::dialect::{Exclusion, Locking};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Collation, Column, Lock, Type};
use crate::options::Strategy;

/// Plans an update by the rows of a table.
pub(super) fn plan_table<'u>(plan: &mut Plan<'u>, rows: CheckedRows<'u>, errors: &mut Errors) {
    let CheckedRows { columns, key, order: _, forms: _ } = rows;
    (plan.columns, plan.key) = (columns, key);
    refuse_means(plan, errors);
    check_columns(plan, errors);
    parking::find_parked(plan, errors);
    plan.own_read = own::find_own_read(plan.update, &plan.parked, plan.update.shared_expressions());
    returning::choose(plan, errors);
    let updates = vec![shape(plan, Task::Update, "the rows are in a table, with which one statement joins")];
    let inserts = policy::plan_inserts(plan, &updates);
    let fates = match plan.update.guard().version {
        Some(_) => vec![shape(plan, Task::TellFates, "what becomes of each row is told before any is written")],
        None => Vec::new(),
    };
    let given = returning::add_queries(plan, &updates);
    let shapes = given.around(parking::add_parking(plan, 0, updates));
    policy::add_tasks(plan, (Vec::new(), shapes), inserts, (Vec::new(), fates), errors);
}

fn shape<'u>(plan: &Plan<'u>, task: Task, reason: &'static str) -> Shape<'u> {
    let constants = vec![None; plan.columns.len()];
    Shape {
        task,
        rows: 0..0,
        form: Form::default(),
        constants,
        source: join::join_table(plan),
        chunk: usize::MAX,
        reason,
    }
}

/// Refuses what only rows in memory can have.
fn refuse_means(plan: &Plan<'_>, errors: &mut Errors) {
    if plan.options.strategy != Strategy::Auto {
        let (strategy, dialect) = (plan.options.strategy.name(), plan.dialect.to_string());
        let reason = "the rows are in a table, with which one statement joins";
        errors.push(ErrorKind::StrategyNotLegal { strategy, dialect, reason }.at(Place::Table));
    }
    if plan.update.policy().lock == Lock::Ordered && plan.dialect.fact(|spec| &spec.locking) == Locking::Current {
        let (what, dialect) = ("order of locks where rows come from a table".to_owned(), plan.dialect.to_string());
        let reason = "it locks rows as it meets them, and a table has no order; leave `lock ordered` out".to_owned();
        errors.push(ErrorKind::Unsupported { what, dialect, reason }.at(Place::Table));
    }
}

/// The dialect has the types of the columns, and compares keys under one collation.
fn check_columns(plan: &Plan<'_>, errors: &mut Errors) {
    for column in &plan.columns {
        if let Some(ty) = column.ty.as_deref()
            && let Err(kind) = storable::check_type(ty, column.name, plan.dialect)
        {
            errors.push(kind.at(Place::Input));
        }
    }
    for column in plan.key.iter().filter_map(|at| plan.columns.get(*at)) {
        let (own, other) = collations(plan, column);
        if let (None, Some(other)) = (own, other) {
            let (column, own) = (column.name.to_string(), "its default collation".to_owned());
            let other = format!("`{}`", other.name());
            errors.push(ErrorKind::CollationsDiffer { column, own, other }.at(Place::Input));
        }
    }
}

/// The collations of a key column, in the updated table and where the rows come from.
fn collations<'u>(plan: &Plan<'u>, column: &CheckedColumn<'u>) -> (Option<&'u Collation>, Option<&'u Collation>) {
    let is_text = matches!(column.ty.as_deref(), Some(Type::Text { .. } | Type::Char { .. }));
    let of = |column: Option<&'u Column>| column.and_then(Column::collation).filter(|_| is_text);
    (of(column.declared), of(plan.source().and_then(|source| source.find(column.name))))
}

/// The collation of a key column, where the rows come from one that has another.
pub(crate) fn key_collation<'u>(plan: &Plan<'u>, column: &CheckedColumn<'u>) -> Option<&'u Collation> {
    let (own, other) = collations(plan, column);
    own.filter(|own| Some(*own) != other)
}

/// Whether others are kept from writing to the table from which rows come by a lock on all of it.
pub(super) fn locks_all_source(plan: &Plan<'_>) -> bool {
    plan.selection().is_some() && plan.dialect.fact(|spec| &spec.exclusion) == Exclusion::LockTable
}
