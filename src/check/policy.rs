//! Checks what an update says of rows that collide, are missing or have changed.

use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{
    Assignment, Guard, Ident, Input, Keyed, Lock, OnDuplicate, OnMissing, Policy, Returned, Rows, Table, TableName,
    Type,
};

/// Checks that each policy has the rows and columns that it speaks of.
pub(super) fn check_policies(
    set: &[Assignment<'_>],
    guard: &Guard<'_>,
    policy: &Policy,
    returning: &[Returned],
    which: &Rows<'_>,
    (target, table): (&TableName, Option<&Table>),
    errors: &mut Errors,
) {
    let Guard { filter: _, only_changed, version, touch: _ } = guard;
    let Policy { on_duplicate, on_missing, lock: Lock::AsMet | Lock::Ordered, disjoint } = policy;
    match which {
        Rows::Keyed(Keyed { key, input }) => {
            if let Some(version) = version {
                check_version(version, set, input, table, errors);
            }
            if *on_missing == OnMissing::Insert {
                super::insert::check_insert(set, guard, returning, key, which.cells(), (target, table), errors);
            }
        }
        Rows::All | Rows::Where(_) => {
            let by_key = [
                ("on duplicate", *on_duplicate != OnDuplicate::Error),
                ("on missing", *on_missing != OnMissing::Ignore),
                ("version", version.is_some()),
            ];
            for (policy, _) in by_key.into_iter().filter(|(_, is_given)| *is_given) {
                errors.push(ErrorKind::PolicyWithoutRows { policy }.at(Place::Table));
            }
        }
    }
    if *only_changed {
        check_compared(set, guard, table, errors);
    }
    let Some(table) = table else { return };
    let returned = returning.iter().map(|returned| &returned.column);
    // the version and what is touched are set, and so are known or refused by then
    for column in disjoint.iter().chain(returned) {
        if table.find(column).is_none() {
            errors.push(ErrorKind::unknown_column(column, table).at(Place::Table));
        }
    }
}

/// Some column is compared, and of each the type is known, which tells how values are compared byte for byte.
fn check_compared(set: &[Assignment<'_>], guard: &Guard<'_>, table: Option<&Table>, errors: &mut Errors) {
    let mut compared = set.iter().enumerate().filter(|(_, assignment)| guard.compares(&assignment.column)).peekable();
    if compared.peek().is_none() && !set.is_empty() {
        errors.push(ErrorKind::NothingSet.at(Place::Table));
    }
    if table.is_none() {
        for (index, Assignment { column, .. }) in compared {
            errors.push(ErrorKind::UnknownType { column: column.to_string() }.at(Place::Assignment(index)));
        }
    }
}

/// A version is counted, and comes in with each row.
fn check_version(
    version: &Ident,
    set: &[Assignment<'_>],
    input: &Input<'_>,
    table: Option<&Table>,
    errors: &mut Errors,
) {
    // an assignment that reads it says so itself
    let is_read = set.iter().any(|assignment| assignment.value.inputs().any(|input| input == version));
    if !input.columns().any(|column| column == version) && !is_read {
        let known: Vec<String> = input.columns().map(|column| format!("`{column}`")).collect();
        let kind = ErrorKind::InputNotInRows { column: version.to_string(), known: known.join(", ") };
        errors.push(kind.at(Place::Table));
    }
    let Some(table) = table else { return };
    match table.find(version).map(crate::ir::Column::ty) {
        None | Some(Type::Int { .. } | Type::UInt { .. }) => {}
        Some(ty) => {
            let kind = ErrorKind::VersionType { column: version.to_string(), ty: ty.to_string() };
            errors.push(kind.at(Place::Table));
        }
    }
}
