//! The columns by which rows follow others, or go on in them.

use crate::dialect::{Dialect, KeyEquality};
use crate::error::{ErrorKind, Errors, Place};
use crate::expand::{Beside, Stands, Tie};
use crate::ir::{Collation, Column, Ident, TableName, Type, Update};

/// Refuses tables that go on in each other by texts which are equal to the one and not to the other.
pub(super) fn check_shared_keys(update: &Update<'_>, beside: &[Beside], dialect: Dialect, errors: &mut Errors) {
    let Some((schema, target)) = update.schema.zip(update.declared()) else { return };
    for (name, table, there) in beside.iter().flat_map(list_shared) {
        let columns = target.find(name).zip(schema.find(table).and_then(|table| table.find(there)));
        let Some((own, other)) = columns.filter(|(own, _)| is_text(own)) else { continue };
        let (own, other) = (own.collation(), other.collation());
        // engines tell names of collations by no case
        let differ = |(own, other): (&Collation, &Collation)| !own.name().may_be(other.name());
        let are_named = || own.zip(other).is_some_and(differ);
        let equality = dialect.key_equality(own);
        let is_one = equality == dialect.key_equality(other) && (equality != KeyEquality::Folding || !are_named());
        if !is_one {
            let (column, own, other) = (name.to_string(), show(own), show(other));
            errors.push(ErrorKind::CollationsDiffer { column, own, other }.at(Place::Table));
        }
    }
}

/// The shared key of a table beside the target: what its columns are called in both.
fn list_shared(beside: &Beside) -> impl Iterator<Item = (&Ident, &TableName, &Ident)> {
    let table = match (&beside.from, beside.tie) {
        (Stands::Table(table), Tie::Joined | Tie::Without) => Some(table),
        _ => None,
    };
    table.into_iter().flat_map(|table| beside.on.iter().map(move |(own, there)| (own, table, there)))
}

fn is_text(column: &Column) -> bool {
    matches!(column.ty(), Type::Text { .. } | Type::Char { .. })
}

fn show(collation: Option<&Collation>) -> String {
    collation.map_or_else(|| "its default collation".to_owned(), |named| format!("`{}`", named.name()))
}

/// Refuses links of texts of which the engine may take different ones for one.
pub(super) fn check_links(update: &Update<'_>, beside: &[Beside], dialect: Dialect, errors: &mut Errors) {
    let links = beside.iter().filter(|beside| matches!(beside.tie, Tie::Within(_))).flat_map(|beside| &beside.on);
    for column in links.filter_map(|(own, _)| update.declared()?.find(own)) {
        if is_text(column) && dialect.key_equality(column.collation()) != KeyEquality::Exact {
            let (collation, column, dialect) =
                (show(column.collation()), column.name().to_string(), dialect.to_string());
            errors.push(ErrorKind::LinkCollation { column, collation, dialect }.at(Place::Table));
        }
    }
}
