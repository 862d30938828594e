//! The columns by which rows follow others.

use crate::dialect::{Dialect, KeyEquality};
use crate::error::{ErrorKind, Errors, Place};
use crate::expand::{Beside, Tie};
use crate::ir::{Type, Update};

/// Refuses links of texts of which the engine may take different ones for one.
pub(super) fn check_links(update: &Update<'_>, beside: &[Beside], dialect: Dialect, errors: &mut Errors) {
    let links = beside.iter().filter(|beside| matches!(beside.tie, Tie::Within(_))).flat_map(|beside| &beside.on);
    for column in links.filter_map(|(own, _)| update.declared()?.find(own)) {
        let is_text = matches!(column.ty(), Type::Text { .. } | Type::Char { .. });
        if is_text && dialect.key_equality(column.collation()) != KeyEquality::Exact {
            let named = column.collation().map(|collation| format!("`{}`", collation.name()));
            let collation = named.unwrap_or_else(|| "its default collation".to_owned());
            let (column, dialect) = (column.name().to_string(), dialect.to_string());
            errors.push(ErrorKind::LinkCollation { column, collation, dialect }.at(Place::Table));
        }
    }
}
