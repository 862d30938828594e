//! Checks names against what the dialect takes.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Plan;
use crate::check::form::Form;
use crate::check::key::row_index;
use crate::dialect::{Dialect, Keeping, NameCase, NameChars, NameLimit, Now, Staging};
use crate::error::{ErrorKind, Errors, Place};
use crate::expand::{Beside, Stands};
use crate::ir::{Assignment, Expr, Guard, Ident, Input, Keyed, Policy, Rows, Selection, TableName, Update};
use crate::options::Output;
use crate::render::KEPT;

/// Among so few names one is found without a set of them.
const FEW: usize = 32;

/// Checks every name of the update once, at the place where it is first met.
pub(super) fn check_names(update: &Update<'_>, dialect: Dialect, output: Output, errors: &mut Errors) {
    let Update { name: _, params: _, table, set, rows, guard, policy, returning, followers: _, schema: _ } = update;
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
        Rows::Keyed(Keyed { key: _, input: Input::Table(from) }) => {
            let own = from.table().schema().into_iter().chain([from.table().name()]);
            names.extend(own.chain(from.columns()).map(|name| (name, Place::Input)));
            from.condition().into_iter().for_each(|filter| add_names(filter, &Place::Input, &mut names));
        }
    }
    let Guard { filter, only_changed: _, version, touch } = guard;
    if let Some(filter) = filter {
        add_names(filter, &Place::Filter, &mut names);
    }
    let Policy { on_duplicate: _, on_missing: _, lock: _, disjoint } = policy;
    let returned = returning.iter().map(|returned| &returned.column);
    names.extend(version.iter().chain(touch).chain(disjoint).chain(returned).map(|column| (column, Place::Table)));
    let mut known = HashSet::new();
    for (index, (name, place)) in names.iter().enumerate() {
        let is_new = match names.len() <= FEW {
            true => !names.iter().take(index).any(|(known, _)| known == name),
            false => known.insert(*name),
        };
        if is_new && let Err(kind) = check_name(name, dialect, output) {
            errors.push(kind.at(place.clone()));
        }
    }
    check_own(table, dialect, errors);
    let selections = update.shared_expressions().flat_map(Expr::selections).chain(rows.selection());
    selections.for_each(|rows| check_hidden(rows.table(), dialect, errors));
    check_case(update, dialect, errors);
}

/// Checks the names of tables beside the target, and of their columns.
pub(super) fn check_beside(beside: &[Beside], dialect: Dialect, output: Output, errors: &mut Errors) {
    for Beside { from, on, columns, tie: _ } in beside {
        let table = if let Stands::Table(table) = from { Some(table) } else { None };
        let names = table.into_iter().flat_map(|table| table.schema().into_iter().chain([table.name()]));
        let columns = on.iter().chain(columns).map(|(_, name)| name);
        for kind in names.chain(columns).filter_map(|name| check_name(name, dialect, output).err()) {
            errors.push(kind.at(Place::Table));
        }
        table.into_iter().for_each(|table| check_own(table, dialect, errors));
    }
}

/// A temporary table that keeps old values hides another of its name too.
pub(super) fn check_kept(update: &Update<'_>, beside: &[Beside], dialect: Dialect, errors: &mut Errors) {
    let others =
        beside.iter().filter_map(|beside| if let Stands::Table(table) = &beside.from { Some(table) } else { None });
    others.chain([&update.table]).for_each(|table| refuse_hidden(table, &[KEPT], dialect, errors));
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

/// As [`check_own`], of a table that is read beside the target, and the temporary tables that hold rows and old values.
fn check_hidden(table: &TableName, dialect: Dialect, errors: &mut Errors) {
    refuse_hidden(table, &OWN_TABLES, dialect, errors);
}

/// Refuses a table that a temporary table would hide whose name begins in one of these ways.
fn refuse_hidden(table: &TableName, own: &[&str], dialect: Dialect, errors: &mut Errors) {
    let name = table.name().as_str().to_lowercase();
    let is_copied = dialect.fact(|spec| &spec.staging) == Staging::Copied;
    let is_hidden = is_copied || table.schema().is_none_or(|schema| schema.as_str().eq_ignore_ascii_case("temp"));
    let is_number = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    if is_hidden && own.iter().any(|own| name.strip_prefix(*own).is_some_and(is_number)) {
        let (name, reason) =
            (table.name().to_string(), "the script may have a temporary table of that name; rename it");
        errors.push(ErrorKind::NameNotAllowed { name, reason, dialect: dialect.to_string() }.at(Place::Table));
    }
}

/// How the names of the script's own temporary tables begin; a number may follow.
const OWN_TABLES: [&str; 5] = ["setwise_rows", "setwise_cells", "setwise_parked", "setwise_now", KEPT];

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
        template.expr.selections().for_each(|rows| check_hidden(rows.table(), plan.dialect, errors));
        for (name, place) in names {
            if let Err(kind) = check_name(name, plan.dialect, plan.options.output) {
                errors.push(kind.at(place));
            }
        }
    }
}

fn add_names<'u>(expression: &'u Expr<'u>, place: &Place, names: &mut Vec<(&'u Ident, Place)>) {
    let selections = || expression.selections();
    let tables = selections().flat_map(|rows| rows.table().schema().into_iter().chain([rows.table().name()]));
    let read = expression.columns().chain(expression.inputs()).chain(selections().flat_map(Selection::reads));
    names.extend(read.chain(tables).map(|name| (name, place.clone())));
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
    if let Rows::Keyed(Keyed { key: _, input }) = update.rows() {
        report(input.columns().collect());
    }
}

#[cfg(test)]
mod tests;
