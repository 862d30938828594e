//! Queries beside the updates: they lock rows, and look for those that are missing.

use crate::sql::{From, InputColumn, Select, Sql, Verb};

/// `SELECT key FROM t WHERE key IN (…) ORDER BY key FOR UPDATE`.
pub(super) fn lock_rows<'u>(inputs: &[InputColumn<'u>]) -> (Verb<'u>, Vec<Sql<'u>>) {
    let key = || inputs.iter().map(|input| Sql::Column(input.name)).collect();
    (Verb::Select(Select { list: key(), from: From::Target, order: key(), lock: true }), Vec::new())
}

/// The incoming keys that the table does not have.
pub(super) fn find_missing<'u>(inputs: &[InputColumn<'u>]) -> (Verb<'u>, Vec<Sql<'u>>) {
    let (select, absent) = missing(inputs);
    (Verb::Select(select), absent)
}

/// Fails where the table does not have an incoming key.
pub(super) fn refuse_missing<'u>(inputs: &[InputColumn<'u>]) -> (Verb<'u>, Vec<Sql<'u>>) {
    let (select, absent) = missing(inputs);
    (Verb::Raise { message: "missing keys: ", select }, absent)
}

fn missing<'u>(inputs: &[InputColumn<'u>]) -> (Select<'u>, Vec<Sql<'u>>) {
    let list: Vec<Sql<'u>> = (0..inputs.len()).map(Sql::Input).collect();
    let absent = inputs.first().map(|input| Sql::Column(input.name).postfix("IS NULL"));
    (Select { order: Vec::new(), list, from: From::RowsAndTarget, lock: false }, absent.into_iter().collect())
}
