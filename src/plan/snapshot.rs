//! Old values that are kept in the place of an update, for the updates of other tables.

use super::{Plan, Shape, Task, policy, strategy};
use crate::dialect::Staging;
use crate::ir::Guard;
use crate::sql::{Act, Source};

/// Keeps the old values of the rows that the updates would write.
pub(super) fn keep<'u>(plan: &Plan<'u>, rows: usize, updates: Vec<Shape<'u>>) -> Vec<Shape<'u>> {
    let alone = |act, reason| Shape { task: Task::Keep(act), reason, ..strategy::without_rows() };
    let mut shapes = Vec::with_capacity(updates.len() + 2);
    if super::stage::may_be_left(plan) {
        shapes.push(alone(Act::Clear, "a script that failed may have left one"));
    }
    shapes.push(alone(Act::Create, "a temporary table keeps the keys and old values that later statements read"));
    let reason = "the rows that will be updated are found before any is written";
    let Guard { filter, only_changed, version, touch: _ } = plan.update.guard();
    let reads_input =
        *only_changed || version.is_some() || filter.iter().any(|filter| filter.inputs().next().is_some());
    if rows > 0 && !reads_input {
        // their keys tell
        let shape = policy::over_keys(plan, Task::Keep(Act::Fill), Source::Keys, reason);
        shapes.push(Shape { rows: 0..rows, ..shape });
    } else {
        shapes.extend(updates.into_iter().map(|update| Shape { task: Task::Keep(Act::Fill), reason, ..update }));
    }
    let is_indexed = match plan.dialect.fact(|spec| &spec.staging) {
        Staging::Typed | Staging::Untyped => rows > 1 && plan.snapshot().is_some_and(|snapshot| snapshot.key > 0),
        // it is made so
        Staging::Copied => false,
    };
    if is_indexed {
        shapes.push(alone(Act::Index, "rows that come in are looked up by their key"));
    }
    shapes.push(alone(Act::Drop, "nothing reads the temporary table any more"));
    shapes
}
