//! Sorts rows into shapes: those of one form, and within it those that the strategy takes together.

use super::{Plan, Shape, Task, flag, name, storable, strategy, value_at};
use crate::check::form::{Form, Says};
use crate::check::rows::same_value;
use crate::error::{ErrorKind, Errors};
use crate::ir::{Cells, Value};

/// Rows of one form, in ascending order of keys.
#[derive(Debug)]
pub(super) struct Rows<'u> {
    pub form: Form<'u>,
    pub rows: Vec<u32>,
    /// For each column of the input, the value that all rows have.
    pub constants: Vec<Option<&'u Value<'u>>>,
    /// The positions of the columns that statements of the form read, besides the key.
    pub read: Vec<usize>,
}

/// The shapes of the updates, and their rows.
pub(super) fn find_shapes<'u>(
    plan: &mut Plan<'u>,
    cells: &'u Cells<'u>,
    forms: Vec<(Form<'u>, Vec<u32>)>,
) -> Result<(Vec<u32>, Vec<Shape<'u>>), ErrorKind> {
    if forms.is_empty() {
        let rows = describe(plan, cells, Form::default(), plan.order.clone(), true);
        return strategy::choose(plan, cells, rows);
    }
    let (set, guard) = (plan.update.assignments(), plan.update.guard());
    let (forms, kept): (Vec<_>, Vec<_>) = forms.into_iter().partition(|(form, _)| form.updates(set, guard));
    plan.kept = kept.iter().map(|(_, rows)| rows.len()).sum();
    let (forms, many) = flag::merge_forms(plan, cells, forms);
    let (mut order, mut shapes) = (Vec::with_capacity(plan.order.len()), Vec::new());
    for (form, rows) in forms {
        let rows = describe(plan, cells, form, rows, false);
        let (rows, found) = match many {
            true => strategy::row_by_row(plan, rows),
            false => strategy::choose(plan, cells, rows)?,
        };
        let from = order.len();
        order.extend(rows);
        shapes.extend(found.into_iter().map(|shape| shape.behind(from)));
    }
    Ok((order, shapes))
}

/// The shapes that tell what becomes of each row, where the update asks for it.
pub(super) fn tell_fates<'u>(
    plan: &Plan<'u>,
    cells: &'u Cells<'u>,
    forms: &[(Form<'u>, Vec<u32>)],
) -> strategy::Shapes<'u> {
    let (mut order, mut shapes) = (Vec::new(), Vec::new());
    if plan.update.guard().version.is_none() {
        return (order, shapes);
    }
    let plain = [(Form::default(), plan.order.clone())];
    for (form, rows) in if forms.is_empty() { &plain } else { forms } {
        let rows = describe(plan, cells, form.clone(), rows.clone(), forms.is_empty());
        let (source, chunk) = strategy::read_rows(plan, &rows);
        let Rows { form, rows, constants, read: _ } = rows;
        let from = order.len();
        order.extend(rows);
        let (rows, reason) = (from..order.len(), "what becomes of each row is told before any is written");
        shapes.push(Shape { task: Task::TellFates, rows, form, constants, source, chunk, reason });
    }
    (order, shapes)
}

/// Finds out what statements for the rows of a form need to know of them.
fn describe<'u>(plan: &Plan<'u>, cells: &'u Cells<'u>, mut form: Form<'u>, rows: Vec<u32>, all: bool) -> Rows<'u> {
    form.find_slots(cells, &rows);
    let first = rows.first().copied().unwrap_or(0);
    let is_constant = |position: usize, value: &Value<'_>| match plan.columns.get(position) {
        Some(column) if all => column.constant,
        _ => rows.iter().all(|row| same_value(value, value_at(cells, *row, position))),
    };
    let constant = |position: usize| {
        let value = value_at(cells, first, position);
        let is_free = !plan.key.contains(&position) && form.at(position).is_none();
        // a NULL in every row has no type to say, so it is never written among the rows
        let constant = is_free && (rows.len() > 1 || value.is_null()) && is_constant(position, value);
        constant.then_some(value)
    };
    let constants = (0..plan.columns.len()).map(constant).collect();
    let read = read_positions(plan, &form);
    Rows { form, rows, constants, read }
}

/// The columns that are read by what the form does not leave out.
fn read_positions(plan: &Plan<'_>, form: &Form<'_>) -> Vec<usize> {
    let guard = plan.update.guard();
    let is_read = |position: &usize| {
        let set = plan.update.assignments().iter().map(|set| &set.value).filter(|value| !form.leaves_out(value));
        let mut read = set.chain(&guard.filter).flat_map(|value| form.reads(value)).chain(&guard.version);
        plan.columns.get(*position).is_some_and(|column| read.any(|name| name == column.name))
    };
    (0..plan.columns.len()).filter(|position| !plan.key.contains(position)).filter(is_read).collect()
}

/// Checks for the dialect what the forms set.
pub(super) fn check_forms(plan: &Plan<'_>, forms: &[(Form<'_>, Vec<u32>)], errors: &mut Errors) {
    for (form, rows) in forms {
        let row = rows.first().copied().unwrap_or(0);
        name::check_form(form, row, plan, errors);
        storable::check_defaults(form, row, plan, errors);
    }
}

impl<'u> Rows<'u> {
    /// The same form for rows of equal values, of which this is the first.
    pub(super) fn form_of_equals(&self, cells: &'u Cells<'u>, first: u32) -> Form<'u> {
        self.form.with_first(cells.row(first).unwrap_or_default())
    }

    /// Whether a flag comes in with each row.
    pub(super) fn has_flags(&self) -> bool {
        self.form.said().iter().any(|said| said.says == Says::Perhaps)
    }
}
