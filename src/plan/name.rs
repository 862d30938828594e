//! Checks names against what the dialect takes.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Plan;
use crate::check::form::Form;
use crate::check::key::row_index;
use crate::dialect::{Dialect, Keeping, NameCase, NameChars, NameLimit, Now};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Expr, Guard, Ident, Input, Keyed, Policy, Rows, TableName, Update};
use crate::options::Output;

/// Checks every name of the update once, at the place where it is first met.
pub(super) fn check_names(update: &Update<'_>, dialect: Dialect, output: Output, errors: &mut Errors) {
    let Update { name: _, params: _, table, set, rows, guard, policy, returning, schema: _ } = update;
    let mut names: Vec<(&Ident, Place)> = Vec::with_capacity(8 + 3 * set.len());
    names.push((table.name(), Place::Table));
    names.extend(table.schema().map(|schema| (schema, Place::Table)));
    for (index, Assignment { column, value }) in set.iter().enumerate() {
        names.push((column, Place::Assignment(index)));
        add_names(value, &Place::Assignment(index), &mut names);
    }
    match rows {
        Rows::All => {}
        Rows::Where(filter) => add_names(filter, &Place::Filter, &mut names),
        Rows::Keyed(Keyed { key: _, input: Input::Cells(cells) }) => {
            names.extend(cells.columns().iter().map(|column| (column, Place::Table)));
        }
    }
    let Guard { filter, only_changed: _, version, touch } = guard;
    if let Some(filter) = filter {
        add_names(filter, &Place::Filter, &mut names);
    }
    let Policy { on_duplicate: _, on_missing: _, lock: _, disjoint } = policy;
    let returned = returning.iter().map(|returned| &returned.column);
    names.extend(version.iter().chain(touch).chain(disjoint).chain(returned).map(|column| (column, Place::Table)));
    for (index, (name, place)) in names.iter().enumerate() {
        let is_known = names.iter().take(index).any(|(known, _)| known == name);
        if !is_known && let Err(kind) = check_name(name, dialect, output) {
            errors.push(kind.at(place.clone()));
        }
    }
    check_own(table, dialect, errors);
    check_case(update, dialect, errors);
}

/// A temporary table of the script hides another of its name, unless that is named with its schema.
fn check_own(table: &TableName, dialect: Dialect, errors: &mut Errors) {
    let own = [
        (dialect.fact(|spec| &spec.keeping) == Keeping::TempTable, "setwise_parked"),
        (dialect.fact(|spec| &spec.now) == Now::TempTable, "setwise_now"),
    ];
    let is_hidden = table.schema().is_none_or(|schema| schema.as_str().eq_ignore_ascii_case("temp"));
    if is_hidden && own.iter().any(|(keeps, own)| *keeps && table.name().as_str().eq_ignore_ascii_case(own)) {
        let (name, reason) =
            (table.name().to_string(), "it is the script's own temporary table; name it with its schema");
        errors.push(ErrorKind::NameNotAllowed { name, reason, dialect: dialect.to_string() }.at(Place::Table));
    }
}

/// The names of what comes in with the rows besides their columns, none of which has one of them.
const OWN_NAMES: usize = 1024;

/// Names that no column of the rows has, for what comes in besides them.
pub(crate) fn free_names<'p, 'u>(plan: &'p Plan<'u>) -> impl Iterator<Item = &'static Ident> + use<'p, 'u> {
    static NAMES: LazyLock<Vec<Ident>> =
        LazyLock::new(|| (0..OWN_NAMES).filter_map(|index| Ident::new(format!("c{index}")).ok()).collect());
    let is_taken =
        |name: &Ident| plan.columns.iter().any(|column| column.name.as_str().eq_ignore_ascii_case(name.as_str()));
    // most updates need none
    std::iter::once_with(|| NAMES.iter()).flatten().filter(move |name| !is_taken(name))
}

/// Checks the names in the expressions of cells.
pub(super) fn check_form(form: &Form<'_>, row: u32, plan: &Plan<'_>, errors: &mut Errors) {
    for (_, template) in form.templates() {
        let mut names = Vec::new();
        add_names(template.expr, &Place::Row(row_index(row)), &mut names);
        for (name, place) in names {
            if let Err(kind) = check_name(name, plan.dialect, plan.options.output) {
                errors.push(kind.at(place));
            }
        }
    }
}

fn add_names<'u>(expression: &'u Expr<'u>, place: &Place, names: &mut Vec<(&'u Ident, Place)>) {
    names.extend(expression.columns().chain(expression.inputs()).map(|name| (name, place.clone())));
}

fn check_name(name: &Ident, dialect: Dialect, output: Output) -> Result<(), ErrorKind> {
    let text = name.as_str();
    let (length, most, unit) = match dialect.fact(|spec| &spec.name_limit) {
        NameLimit::Bytes(most) => (text.len(), most, "bytes"),
        NameLimit::Chars(most) => (text.chars().count(), most, "characters"),
        NameLimit::Unlimited => (0, 0, "bytes"),
    };
    if length > most {
        let (name, dialect) = (text.to_owned(), dialect.to_string());
        return Err(ErrorKind::NameTooLong { name, length, most, unit, dialect });
    }
    let reason = match dialect.fact(|spec| &spec.name_chars) {
        // sqlite3 and mysql read it as a single line feed, so that the script would mean another name
        _ if output.is_for_client() && text.contains("\r\n") => {
            Some("client programs rewrite the line break in it; use a driver")
        }
        NameChars::Any => None,
        NameChars::BasicPlane if text.ends_with([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']) => {
            Some("it ends with a space")
        }
        NameChars::BasicPlane if text.chars().any(|c| c > '\u{ffff}') => {
            Some("it holds a character beyond the basic multilingual plane")
        }
        NameChars::BasicPlane => None,
    };
    match reason {
        Some(reason) => Err(ErrorKind::NameNotAllowed { name: text.to_owned(), reason, dialect: dialect.to_string() }),
        None => Ok(()),
    }
}

/// Columns that differ in case only are one column to some engines.
fn check_case(update: &Update<'_>, dialect: Dialect, errors: &mut Errors) {
    if dialect.fact(|spec| &spec.name_case) == NameCase::Distinct {
        return;
    }
    let mut report = |names: Vec<&Ident>| {
        let mut firsts: HashMap<String, &Ident> = HashMap::with_capacity(names.len());
        for name in names {
            let other = *firsts.entry(name.as_str().to_lowercase()).or_insert(name);
            if other != name {
                let (column, other) = (name.to_string(), other.to_string());
                errors.push(ErrorKind::AmbiguousColumn { column, other }.at(Place::Table));
            }
        }
    };
    report(update.assignments().iter().map(|assignment| &assignment.column).collect());
    if let Rows::Keyed(Keyed { key: _, input: Input::Cells(cells) }) = update.rows() {
        report(cells.columns().iter().collect());
    }
}

#[cfg(test)]
mod tests;
