//! Builds one small SQL tree for each shape, and cuts the shape's rows into chunks that the engine takes.

mod chunk;
mod expr;
mod guard;
mod order;
mod parking;
mod query;

use std::borrow::Cow;
use std::ops::Range;

use crate::check::types;
use crate::dialect::{AssignmentOrder, Form, NullParameter};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Ident, Update};
use crate::options::Output;
use crate::plan::{Plan, Shape, Task, in_target, undecided_collation};
use crate::script::Purpose;
use crate::sql::{InputColumn, Set, Source, Sql, Statement, Verb};
use expr::Lowering;
pub(crate) use expr::{clock_setup, clock_teardown, reads_clock};
use order::Order;

/// A shape as a statement, and the rows of each of its executions.
#[derive(Clone, Debug)]
pub(crate) struct Lowered<'u> {
    pub purpose: Purpose,
    /// What the rows are that a check returns.
    pub finds: &'static str,
    pub statement: Statement<'u>,
    /// Ranges of the plan's order, one for each step; one empty range where there are no incoming rows.
    pub chunks: Vec<Range<usize>>,
}

/// Builds the statements of a plan.
///
/// # Errors
///
/// What the dialect has no form for, and limits that a single row already breaks.
pub(crate) fn lower<'u>(plan: &Plan<'u>) -> Result<Vec<Lowered<'u>>, Errors> {
    let mut errors = Errors::new();
    let mut lowered = Vec::with_capacity(plan.shapes.len());
    for shape in &plan.shapes {
        let statement = build(plan, shape, &mut errors);
        if errors.is_empty() {
            match chunk::cut(plan, shape, &statement) {
                Ok(chunks) if chunks.len() > 1 && shape.task.needs_all_keys() => {
                    errors.push(too_many_keys(plan).at(Place::Table));
                }
                Ok(chunks) => {
                    let (purpose, finds) = (purpose_of(shape.task), shape.task.finds());
                    lowered.push(Lowered { purpose, finds, statement, chunks });
                }
                Err(error) => errors.push(error),
            }
        }
    }
    errors.or(lowered)
}

/// Keys of which only the engine knows which are equal, and too many to ask it at once.
fn too_many_keys(plan: &Plan<'_>) -> ErrorKind {
    let mut columns = plan.key.iter().filter_map(|at| plan.columns.get(*at));
    let column = columns.find(|column| undecided_collation(column, plan.dialect).is_some());
    let column = column.map(|column| column.name.to_string()).unwrap_or_default();
    ErrorKind::TooManyKeys { keys: plan.order.len(), column, dialect: plan.dialect.to_string() }
}

fn purpose_of(task: Task) -> Purpose {
    match task {
        Task::Lock => Purpose::Lock,
        Task::FindEqual | Task::RefuseEqual | Task::FindMissing | Task::RefuseMissing => Purpose::Check,
        Task::LockTable => Purpose::Lock,
        Task::MeasureTable(_) | Task::MeasureRows(_) | Task::Distance(_) => Purpose::Setup,
        Task::Update => Purpose::Update,
        Task::Settle(_) => Purpose::Settle,
    }
}

fn build<'u>(plan: &Plan<'u>, shape: &Shape<'u>, errors: &mut Errors) -> Statement<'u> {
    let inputs = list_inputs(plan, shape);
    let key = (0..inputs.len()).filter(|at| inputs.get(*at).is_some_and(|c| plan.key.contains(&c.position))).collect();
    let mut old_key = Vec::new();
    let (verb, filter) = match shape.task {
        Task::Update => {
            let (set, filter) = lower_set(plan, shape, &inputs, &mut old_key, errors);
            (Verb::Update { set: parking::park(plan, set) }, filter)
        }
        Task::FindEqual => (query::find_equal(plan, &inputs), Vec::new()),
        Task::RefuseEqual => (query::refuse_equal(plan, &inputs), Vec::new()),
        Task::Lock => (query::lock_rows(&inputs), Vec::new()),
        Task::FindMissing => (query::find_missing(plan, &inputs), Vec::new()),
        Task::RefuseMissing => (query::refuse_missing(plan, &inputs), Vec::new()),
        Task::LockTable => (Verb::LockTable, Vec::new()),
        Task::MeasureTable(at) => parking::measure_table(plan, at),
        Task::MeasureRows(at) => {
            let (set, filter) = lower_set(plan, shape, &inputs, &mut old_key, errors);
            parking::measure_rows(plan, at, shape.source, set, filter)
        }
        Task::Distance(at) => parking::keep_distance(plan, at),
        Task::Settle(at) => parking::settle(plan, at),
    };
    Statement { target: plan.update.target(), verb, source: shape.source, inputs, key, filter, old_key }
}

/// What is set, and the conditions besides the key.
fn lower_set<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    old_key: &mut Vec<&'u Ident>,
    errors: &mut Errors,
) -> (Vec<Set<'u>>, Vec<Sql<'u>>) {
    let Update { table: _, set, rows: _, guard: _, policy: _, returning: _, schema: _ } = plan.update;
    let known = plan.columns.iter().map(|column| (column.name, column.ty.clone())).collect();
    let scope = types::Scope { table: plan.update.declared(), inputs: known };
    let input = |name: &Ident| find_input(plan, shape, inputs, name);
    let loses_integers = matches!(shape.source, Source::Join { .. })
        && plan.options.output == Output::Binds
        && plan.dialect.fact(|spec| &spec.null_parameter) == NullParameter::MakesText;
    let (dialect, now) = (plan.dialect, plan.options.now);
    let lowering = Lowering { dialect, scope: &scope, now, input: &input, loses_integers, old: &[] };
    let order = match shape.task {
        Task::Update => plan.dialect.fact(|spec| &spec.assignment_order),
        // nothing is written, so all that is read is old
        _ => AssignmentOrder::Simultaneous,
    };
    let Order { assignments, old } = order::order_assignments(&set.iter().collect::<Vec<_>>(), order);
    if let Some(column) = old.first() {
        *old_key = scope.table.map(|table| table.key().iter().collect()).unwrap_or_default();
        if old_key.is_empty() {
            let kind = ErrorKind::ReadsAssigned { column: column.to_string(), dialect: plan.dialect.to_string() };
            errors.push(kind.at(Place::Table));
        }
    }
    let assigning = Lowering { old: &old, ..lowering };
    let mut lowered = Vec::with_capacity(set.len());
    for index in assignments {
        let Some(Assignment { column, value }) = set.get(index) else { continue };
        match assigning.lower_assignment(value, column, scope.table.and_then(|table| table.find(column))) {
            Ok(value) => lowered.push(Set { column, value }),
            Err(kind) => errors.push(kind.at(Place::Assignment(index))),
        }
    }
    let conditions = guard::lower_guards(plan.update, &lowering, errors);
    (lowered, conditions.into_all())
}

/// The columns of the input that a shape's statements use: the key, then what is read and not constant.
fn list_inputs<'u>(plan: &Plan<'u>, shape: &Shape<'u>) -> Vec<InputColumn<'u>> {
    let free = (0..plan.columns.len())
        .filter(|position| !plan.key.contains(position) && matches!(shape.constants.get(*position), Some(None)));
    let used = plan.key.iter().copied().chain(free);
    used.filter_map(|position| plan.columns.get(position).map(|column| (position, column)))
        .filter_map(|(position, column)| {
            let (name, ty) = (column.name, column.ty.clone()?);
            let form = plan.dialect.storage(&ty).map_or(Form::Native, |storage| storage.form);
            Some(InputColumn { name, position, ty, form, in_target: in_target(plan, column) })
        })
        .collect()
}

/// An incoming column: where its cells go, or the value that all rows have.
fn find_input<'u>(plan: &Plan<'u>, shape: &Shape<'u>, inputs: &[InputColumn<'u>], name: &Ident) -> Option<Sql<'u>> {
    let position = plan.columns.iter().position(|column| column.name == name)?;
    let Some(ty) = plan.columns.get(position).and_then(|column| column.ty.clone()) else {
        // nothing but NULL, and only the place where it goes knows its type
        return Some(Sql::word("NULL"));
    };
    if let Some(Some(value)) = shape.constants.get(position) {
        return Some(Sql::Value { value: Cow::Borrowed(value), ty, cast: false });
    }
    inputs.iter().position(|input| input.position == position).map(Sql::Input)
}
