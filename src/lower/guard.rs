//! Conditions besides the key: the version, the filter, and that something changes.

use super::expr::Lowering;
use super::{declared_default, find_flags};
use crate::check::form::Form;
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Guard, Update};
use crate::sql::{InputColumn, Sql};

/// What lets a row through, each where the update asks for it, in the order in which a row's fate is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions<'u> {
    /// The row has the version that came in.
    pub version: Option<Sql<'u>>,
    /// The filter, or the condition that finds the rows.
    pub filter: Vec<Sql<'u>>,
    /// Some column changes.
    pub changed: Option<Sql<'u>>,
}

impl<'u> Conditions<'u> {
    /// All of them.
    pub(super) fn into_all(self) -> Vec<Sql<'u>> {
        let Self { version, filter, changed } = self;
        version.into_iter().chain(filter).chain(changed).collect()
    }

    /// What becomes of a row that the table may have: the first condition that does not hold tells.
    pub(super) fn into_fate(self, inputs: &[InputColumn<'u>], is_updated: bool) -> Sql<'u> {
        let Self { version, mut filter, changed } = self;
        let filter = match filter.len() {
            0 | 1 => filter.pop(),
            _ => Some(Sql::Infix("AND", filter)),
        };
        let (changed, word) = if is_updated { (changed, "'updated'") } else { (None, "'unchanged'") };
        let mut fate = Sql::word(word);
        for (condition, otherwise) in [(changed, "'unchanged'"), (filter, "'filtered'"), (version, "'stale'")] {
            if let Some(condition) = condition {
                fate = Sql::choose(condition, fate, Sql::word(otherwise));
            }
        }
        match inputs.first() {
            Some(key) => Sql::choose(Sql::Column(key.name).postfix("IS NULL"), Sql::word("'missing'"), fate),
            None => fate,
        }
    }
}

/// The conditions of an update. They read the row as it is: no assignment is done when they are judged.
pub(super) fn lower_guards<'u>(
    update: &'u Update<'u>,
    form: &Form<'u>,
    inputs: &[InputColumn<'u>],
    lowering: &Lowering<'_, 'u>,
    errors: &mut Errors,
) -> Conditions<'u> {
    let Guard { filter, only_changed, version, touch: _ } = update.guard();
    let mut conditions = Conditions::default();
    if let Some(version) = version {
        match (lowering.input)(version, None) {
            Some(Sql::Value { value, ty, .. }) => {
                let given = Sql::Value { value, ty, cast: true };
                conditions.version = Some(Sql::infix(Sql::Column(version), "=", given));
            }
            Some(given) => conditions.version = Some(Sql::infix(Sql::Column(version), "=", given)),
            None => errors.push(ErrorKind::Internal { what: "find the version" }.at(Place::Table)),
        }
    }
    for condition in filter.iter().chain(update.rows().condition()) {
        match lowering.lower_condition(condition) {
            Ok(condition) => conditions.filter.push(condition),
            Err(kind) => errors.push(kind.at(Place::Filter)),
        }
    }
    if *only_changed {
        conditions.changed = lower_changes(update, form, inputs, lowering, errors);
    }
    conditions
}

/// The condition that any column that counts changes.
fn lower_changes<'u>(
    update: &'u Update<'u>,
    form: &Form<'u>,
    inputs: &[InputColumn<'u>],
    lowering: &Lowering<'_, 'u>,
    errors: &mut Errors,
) -> Option<Sql<'u>> {
    let mut changes = Vec::with_capacity(update.assignments().len());
    for (index, Assignment { column, value }) in update.assignments().iter().enumerate() {
        let declared = update.declared().and_then(|table| table.find(column));
        let is_compared = update.guard().compares(column) && !form.leaves_out(value);
        let (true, Some(declared)) = (is_compared, declared) else { continue };
        let lowered = if form.is_default(value) {
            // a default that nobody declared may be anything, so that the row is written
            declared_default(declared)?
        } else {
            // what is wrong with the assignment itself is told where it is set
            let given = find_flags(form, inputs, value);
            let Ok(lowered) = lowering.lower_given(given, value, column, Some(declared)) else { continue };
            lowered
        };
        match lowering.lower_change(value, declared, lowered) {
            Ok(change) => changes.push(change),
            Err(kind) => errors.push(kind.at(Place::Assignment(index))),
        }
    }
    match changes.len() {
        0 | 1 => changes.pop(),
        _ => Some(Sql::Infix("OR", changes)),
    }
}
