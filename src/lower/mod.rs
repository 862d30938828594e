//! Builds one small SQL tree for each shape, and cuts the shape's rows into chunks that the engine takes.

mod chunk;
mod expr;

use std::borrow::Cow;
use std::ops::Range;

use crate::check::types;
use crate::dialect::Form;
use crate::error::{Errors, Place};
use crate::ir::{Assignment, Guard, Ident, Rows, TableName};
use crate::plan::{Plan, Shape, in_target};
use crate::sql::{InputColumn, Set, Sql, Statement};
use expr::Lowering;
pub(crate) use expr::{clock_setup, clock_teardown, reads_clock};

/// A shape as a statement, and the rows of each of its executions.
#[derive(Clone, Debug)]
pub(crate) struct Lowered<'u> {
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
                Ok(chunks) => lowered.push(Lowered { statement, chunks }),
                Err(error) => errors.push(error),
            }
        }
    }
    errors.or(lowered)
}

fn build<'u>(plan: &Plan<'u>, shape: &Shape<'u>, errors: &mut Errors) -> Statement<'u> {
    let update = plan.update;
    let inputs = list_inputs(plan, shape);
    let key = (0..inputs.len()).filter(|at| inputs.get(*at).is_some_and(|c| plan.key.contains(&c.position))).collect();
    let scope = Scope { plan, shape, inputs: &inputs };
    let known = plan.columns.iter().map(|column| (column.name, column.ty.clone())).collect();
    let read = types::Scope { table: update.declared(), inputs: known };
    let input = |name: &Ident| scope.input(name);
    let lowering = Lowering { dialect: plan.dialect, scope: &read, now: plan.options.now, input: &input };
    let mut set = Vec::with_capacity(update.assignments().len());
    for (index, Assignment { column, value }) in update.assignments().iter().enumerate() {
        match lowering.lower_assignment(value, column, read.table.and_then(|table| table.find(column))) {
            Ok(value) => set.push(Set { column, value }),
            Err(kind) => errors.push(kind.at(Place::Assignment(index))),
        }
    }
    let Guard { filter } = update.guard();
    let condition = match update.rows() {
        Rows::Where(condition) => Some(condition),
        Rows::All | Rows::Keyed(_) => None,
    };
    let mut filters = Vec::new();
    for expression in filter.iter().chain(condition) {
        match lowering.lower_condition(expression) {
            Ok(condition) => filters.push(condition),
            Err(kind) => errors.push(kind.at(Place::Filter)),
        }
    }
    let target: &TableName = update.target();
    Statement { target, set, source: shape.source, inputs: inputs.clone(), key, filter: filters }
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

/// What an expression of a shape can read.
pub(crate) struct Scope<'s, 'u> {
    plan: &'s Plan<'u>,
    shape: &'s Shape<'u>,
    inputs: &'s [InputColumn<'u>],
}

impl<'u> Scope<'_, 'u> {
    /// An incoming column: where its cells go, or the value that all rows have.
    pub(crate) fn input(&self, name: &Ident) -> Option<Sql<'u>> {
        let position = self.plan.columns.iter().position(|column| column.name == name)?;
        let Some(ty) = self.plan.columns.get(position).and_then(|column| column.ty.clone()) else {
            // nothing but NULL, and only the place where it goes knows its type
            return Some(Sql::word("NULL"));
        };
        if let Some(Some(value)) = self.shape.constants.get(position) {
            return Some(Sql::Value { value: Cow::Borrowed(value), ty, cast: false });
        }
        self.inputs.iter().position(|input| input.position == position).map(Sql::Input)
    }
}
