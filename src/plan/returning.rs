//! Where the rows come from that an update gives back.

use super::own::find_own_read;
use super::{Plan, Shape, Task};
use crate::dialect::Returning;
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Expr, Guard, Ident, Moment};

/// Where the rows come from that are given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Giving {
    /// None are.
    Nothing,
    /// The update gives them.
    Update,
    /// A query before the updates reads them.
    Before,
    /// A query behind the updates reads them.
    Behind,
}

/// Queries for the rows of each shape of the updates.
#[derive(Debug, Default)]
pub(super) struct Queries<'u> {
    before: Vec<Shape<'u>>,
    behind: Vec<Shape<'u>>,
}

impl<'u> Queries<'u> {
    /// The queries around the updates.
    pub(super) fn around(self, updates: Vec<Shape<'u>>) -> Vec<Shape<'u>> {
        let Self { before, behind } = self;
        if before.is_empty() && behind.is_empty() {
            return updates;
        }
        before.into_iter().chain(updates).chain(behind).collect()
    }
}

/// Chooses where the rows come from.
pub(super) fn choose(plan: &mut Plan<'_>, errors: &mut Errors) {
    match find(plan) {
        Ok(giving) => plan.returning = giving,
        Err((what, reason)) => {
            let dialect = plan.dialect.to_string();
            errors.push(ErrorKind::ReturningUnsupported { what, dialect, reason }.at(Place::Table));
        }
    }
}

fn find(plan: &Plan<'_>) -> Result<Giving, (&'static str, &'static str)> {
    let returning = plan.update.returning();
    let (old, new) = (has(plan, Moment::Old), has(plan, Moment::New));
    let what = match (old, new) {
        (true, true) => "old and new values",
        (true, false) => "old values",
        _ => "the rows",
    };
    if returning.is_empty() {
        return Ok(Giving::Nothing);
    }
    let gives = match plan.dialect.fact(|spec| &spec.returning) {
        // there is no update that could
        _ if plan.snapshot().is_some() => false,
        Returning::OldAndNew => true,
        Returning::New => !old,
        Returning::Nothing => false,
    };
    match (old, new) {
        _ if gives => Ok(Giving::Update),
        (true, true) => {
            Err((what, "one query cannot read the rows before and behind the update; return old or new ones"))
        }
        (false, _) if hides_written_rows(plan) => Err((
            what,
            "behind it nothing tells which rows were written; ask for old values of the key (`old.key`), read by a query \
             in its place (`emulate-returning`)",
        )),
        _ if !plan.options.emulate_returning => {
            Err((what, "read them in a query of your own, or ask for a query in its place (`emulate-returning`)"))
        }
        (true, false) => Ok(Giving::Before),
        (false, _) => Ok(Giving::Behind),
    }
}

fn has(plan: &Plan<'_>, moment: Moment) -> bool {
    plan.update.returning().iter().any(|returned| returned.at == moment)
}

/// Whether the conditions would let other rows through behind the update than before.
fn hides_written_rows(plan: &Plan<'_>) -> bool {
    let Guard { filter, only_changed, version, touch: _ } = plan.update.guard();
    let is_set = |name: &Ident| plan.update.assignments().iter().any(|set| set.column.may_be(name));
    let mut conditions = filter.iter().chain(plan.update.rows().condition());
    let reads_own = |condition| find_own_read(plan.update, &plan.parked, std::iter::once(condition)).is_some();
    let is_hiding = |condition: &Expr<'_>| condition.columns().any(is_set);
    *only_changed || version.is_some() || conditions.any(|condition| is_hiding(condition) || reads_own(condition))
}

/// The queries that read the rows which the updates do not give.
pub(super) fn add_queries<'u>(plan: &Plan<'u>, updates: &[Shape<'u>]) -> Queries<'u> {
    let query = |task, reason| updates.iter().map(|update| Shape { task, reason, ..update.clone() }).collect();
    match plan.returning {
        Giving::Nothing | Giving::Update => Queries::default(),
        Giving::Before => {
            let before = query(Task::ReturnOld, "the rows are given back as they are before the updates");
            Queries { before, ..Queries::default() }
        }
        Giving::Behind => {
            let behind = query(Task::ReturnNew, "the rows are given back as they are behind the updates");
            Queries { behind, ..Queries::default() }
        }
    }
}
