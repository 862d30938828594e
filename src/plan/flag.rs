//! Rows in too many forms for a statement each: flags that come in with the rows say what each of them keeps.

use std::collections::HashMap;

use super::{Plan, strategy};
use crate::check::form::{Form, Said, Says};
use crate::ir::{Cells, Ident};
use crate::options::Strategy;

/// The most forms of rows that become statements of their own.
const MOST_FORMS: usize = 8;

type Forms<'u> = Vec<(Form<'u>, Vec<u32>)>;

/// The forms to be written, and whether they are so many that each row is best updated by itself. Forms that differ in
/// what they keep become one.
pub(super) fn merge_forms<'u>(plan: &Plan<'u>, cells: &'u Cells<'u>, forms: Forms<'u>) -> (Forms<'u>, bool) {
    let is_row_by_row = strategy::choices(plan).next() == Some(Strategy::PerRow);
    let takes_flags = match plan.options.strategy {
        Strategy::Auto => !is_row_by_row,
        Strategy::Case | Strategy::ValuesJoin | Strategy::ArrayJoin | Strategy::JsonJoin | Strategy::Staged => true,
        Strategy::PerRow | Strategy::Uniform => false,
    };
    if !takes_flags || forms.len() <= MOST_FORMS {
        return (forms, false);
    }
    let merged = merge(plan, cells, &forms);
    match merged.len() <= MOST_FORMS || plan.options.strategy != Strategy::Auto {
        true => (merged, false),
        false => (forms, true),
    }
}

/// One form for those that are the same but for what they keep.
fn merge<'u>(plan: &Plan<'u>, cells: &'u Cells<'u>, forms: &Forms<'u>) -> Forms<'u> {
    let mut places = vec![0; cells.len()];
    for (place, row) in plan.order.iter().enumerate() {
        if let Some(known) = places.get_mut(crate::check::key::row_index(*row)) {
            *known = place;
        }
    }
    let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
    let mut groups: Vec<Vec<&(Form<'u>, Vec<u32>)>> = Vec::new();
    for form in forms {
        let at = *known.entry(code_of(&form.0, plan.columns.len())).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(form),
            None => groups.push(vec![form]),
        }
    }
    let merged = groups.into_iter().map(|group| {
        let mut rows: Vec<u32> = group.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        rows.sort_unstable_by_key(|row| places.get(crate::check::key::row_index(*row)));
        let names = plan.columns.iter().map(|column| column.name).enumerate();
        (Form::new(names.filter_map(|(position, name)| say_together(&group, position, name)).collect()), rows)
    });
    merged.collect()
}

/// What forms have in common that may be one: for each column, what is said besides values and that it is kept.
fn code_of(form: &Form<'_>, columns: usize) -> Vec<u32> {
    let code = |position| match form.at(position) {
        None | Some(Says::Keep | Says::Perhaps) => 0,
        Some(Says::Default) => 1,
        Some(Says::Expr(template)) => template.id,
    };
    (0..columns).map(code).collect()
}

/// What forms say together of a column; none where each gives a value.
fn say_together<'u>(group: &[&(Form<'u>, Vec<u32>)], position: usize, name: &'u Ident) -> Option<Said<'u>> {
    let says = |form: &Form<'u>| form.at(position).cloned();
    let first = group.first().and_then(|(form, _)| says(form));
    let is_same = group.iter().all(|(form, _)| match (says(form), &first) {
        (Some(Says::Expr(_)), Some(Says::Expr(_))) => true,
        (own, first) => own == *first,
    });
    let says = if is_same { first? } else { Says::Perhaps };
    Some(Said { name, position, says })
}
