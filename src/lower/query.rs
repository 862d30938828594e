//! Queries beside the updates: they lock rows, and look for keys that are missing or equal.

use crate::dialect::{CodePointOrder, JoinForm, Locking};
use crate::ir::{Ident, Type};
use crate::plan::{Plan, index_of, undecided_collation};
use crate::sql::{From, InputColumn, Select, Source, Sql, Verb};

/// Locks the rows of the incoming keys, in their order.
pub(super) fn lock_rows<'u>(plan: &Plan<'u>, source: Source, inputs: &[InputColumn<'u>]) -> Verb<'u> {
    let index = index_of(plan).unwrap_or_default();
    let mut key: Vec<&InputColumn<'u>> = inputs.iter().collect();
    key.sort_by_key(|input| index.iter().position(|name| name == input.name));
    let from = if matches!(source, Source::Join { .. }) { From::RowsInTarget } else { From::Target };
    lock(plan, from, key.into_iter().map(|input| (input.name, &*input.ty)))
}

/// Locks the rows that conditions let through, in the order of the primary key. Only how many they are is sent.
pub(super) fn lock<'u, 't>(plan: &Plan<'u>, from: From, key: impl Iterator<Item = (&'u Ident, &'t Type)>) -> Verb<'u> {
    if plan.dialect.fact(|spec| &spec.locking) == Locking::Current {
        // each row is locked as it is found, along the primary key where an order is asked for
        return Verb::Select(Select { lock: true, ..Select::new(vec![Sql::word("count(*)")], from) });
    }
    lock_in_order(plan, from, key)
}

/// `SELECT count(*) FROM (SELECT key FROM t … ORDER BY key FOR UPDATE)`.
fn lock_in_order<'u, 't>(plan: &Plan<'u>, from: From, key: impl Iterator<Item = (&'u Ident, &'t Type)>) -> Verb<'u> {
    let by_collation = plan.dialect.fact(|spec| &spec.code_point_order) == CodePointOrder::CollateC;
    let (list, order) = key
        .map(|(name, ty)| {
            let column = || Sql::Column(name);
            let order = match ty {
                Type::Text { .. } if by_collation => column().postfix("COLLATE \"C\""),
                Type::Char { .. } | Type::Enum { .. } if by_collation => column().cast("text").postfix("COLLATE \"C\""),
                _ => column(),
            };
            (column(), order)
        })
        .unzip();
    Verb::Count(Select { order, lock: true, ..Select::new(list, from) })
}

/// Shows a person what the rows are that a check returns.
pub(super) fn find<'u>(plan: &Plan<'_>, heading: &'static str, select: Select<'u>) -> Verb<'u> {
    let heading = plan.options.output.is_for_client().then_some(heading);
    Verb::Select(Select { heading, ..select })
}

/// The incoming keys that the table does not have.
pub(super) fn missing<'u>(plan: &Plan<'_>, inputs: &[InputColumn<'u>]) -> Select<'u> {
    // what was read before must not hide what others have written since
    let lock = plan.dialect.fact(|spec| &spec.locking) == Locking::Current;
    Select { lock, ..Select::new(list_keys(inputs), From::AbsentRows) }
}

/// The incoming keys that the target has and the table beside it has not.
pub(super) fn half_missing<'u>(plan: &Plan<'_>, source: Source, inputs: &[InputColumn<'u>]) -> Select<'u> {
    let lock = plan.dialect.fact(|spec| &spec.locking) == Locking::Current;
    let from = if matches!(source, Source::Join { .. }) { From::RowsInTarget } else { From::Target };
    Select { lock, ..Select::new(inputs.iter().map(|input| Sql::Column(input.name)).collect(), from) }
}

/// The incoming keys that are NULL.
pub(super) fn null<'u>(plan: &Plan<'_>, inputs: &[InputColumn<'u>]) -> Select<'u> {
    Select { lock: locks_checked(plan), ..Select::new(list_keys(inputs), From::NullRows) }
}

/// Whether rows that come from a table are locked as they are checked.
fn locks_checked(plan: &Plan<'_>) -> bool {
    plan.selection().is_some() && plan.dialect.fact(|spec| &spec.locking) == Locking::Current
}

/// A key of each group of incoming ones that are one to the columns' collations.
pub(super) fn equal<'u>(plan: &Plan<'u>, inputs: &[InputColumn<'u>]) -> Select<'u> {
    let is_collated = plan.dialect.fact(|spec| &spec.join) == JoinForm::JoinHeader;
    let collation = |input: &InputColumn<'u>| {
        let column = plan.columns.get(input.position).filter(|_| !is_collated)?;
        undecided_collation(column, plan.dialect).flatten()
    };
    let columns = inputs.iter().zip(list_keys(inputs)).map(|(input, key)| match collation(input) {
        Some(named) => (Sql::Call("min", vec![key.clone()]), Sql::Collate(Box::new(key), named.name())),
        None => (key.clone(), key),
    });
    let (list, repeated) = columns.unzip();
    Select { repeated, lock: locks_checked(plan), ..Select::new(list, From::Rows) }
}

fn list_keys<'u>(inputs: &[InputColumn<'u>]) -> Vec<Sql<'u>> {
    (0..inputs.len()).map(Sql::Input).collect()
}

/// The incoming keys, each with the fate of its row.
pub(super) fn tell_fates<'u>(plan: &Plan<'_>, key: &[usize], fate: Sql<'u>) -> Verb<'u> {
    let outcome = Sql::Sequence(vec![fate, Sql::word(" AS outcome")]);
    let list = key.iter().map(|key| Sql::Input(*key)).chain([outcome]).collect();
    let lock = plan.dialect.fact(|spec| &spec.locking) == Locking::Current;
    Verb::Select(Select { lock, ..Select::new(list, From::RowsAndTarget) })
}

/// Old values that are kept; the rows that have them stay as they are until they are updated.
pub(super) fn old_values<'u>(plan: &Plan<'u>, source: Source, columns: &'u [Ident], lock: bool) -> Select<'u> {
    let list = columns.iter().map(Sql::Column).collect();
    let from = if matches!(source, Source::Join { .. }) { From::RowsInTarget } else { From::Target };
    let lock = lock && plan.dialect.fact(|spec| &spec.locking) != Locking::Database;
    Select { lock, ..Select::new(list, from) }
}

/// The columns that are given back, of the rows that are written.
pub(super) fn give_back<'u>(plan: &Plan<'u>, source: Source) -> Verb<'u> {
    let list = plan.update.returning().iter().map(|returned| Sql::Column(&returned.column)).collect();
    let from = if matches!(source, Source::Join { .. }) { From::RowsInTarget } else { From::Target };
    let lock = plan.dialect.fact(|spec| &spec.locking) != Locking::Database;
    Verb::Select(Select { lock, ..Select::new(list, from) })
}
