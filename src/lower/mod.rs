//! Builds one small SQL tree for each shape, and cuts the shape's rows into chunks that the engine takes.

mod chunk;
mod expr;
mod guard;
mod insert;
mod order;
mod parking;
mod query;

use std::borrow::Cow;
use std::ops::Range;

use crate::check::form::{Form as CellForm, Says};
use crate::check::rows::type_of;
use crate::check::types;
use crate::dialect::{AssignmentOrder, NullParameter, RangeCheck};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Column, Expr, Guard, Ident, Selection, Table, Type, Update, Value};
use crate::options::Output;
use crate::plan::{
    Giving, Plan, Shape, Task, default_of, free_names, in_target, key_collation, locks_as_read, too_many_keys,
};
use crate::script::Purpose;
use crate::sql::{Act, From, InputColumn, Joined, Part, Selected, Set, Source, Sql, Statement, Verb};
use expr::{Lowering, of_type};
pub(crate) use expr::{clock_setup, clock_teardown, has_clock, reads_clock};
use order::{Order, Written};

/// A shape as a statement, and the rows of each of its executions.
#[derive(Clone, Debug)]
pub(crate) struct Lowered<'u> {
    pub purpose: Purpose,
    /// What the rows are that a check returns.
    pub finds: &'static str,
    pub statement: Statement<'u>,
    /// Ranges of the plan's order, one for each step; one empty range where there are no incoming rows.
    pub chunks: Vec<Range<usize>>,
    /// How many rows the last step is written with, its last one again and again, so that its text is one of few.
    pub padded: usize,
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
                Ok(chunks) if is_repeated(plan, shape, &chunks) => {
                    let column = plan.own_read.map(ToString::to_string).unwrap_or_default();
                    errors.push(ErrorKind::SelectsAssigned { column }.at(Place::Table));
                }
                Ok(chunks) => {
                    let (purpose, finds) = (purpose_of(shape.task), shape.task.finds());
                    let padded = chunk::pad(plan, shape, &statement, &chunks);
                    lowered.push(Lowered { purpose, finds, statement, chunks, padded });
                }
                Err(error) => errors.push(error),
            }
        }
    }
    errors.or(lowered)
}

/// Whether the update must be one statement, and is more than one.
fn is_repeated(plan: &Plan<'_>, shape: &Shape<'_>, chunks: &[Range<usize>]) -> bool {
    let executions = match shape.source {
        Source::Row => shape.rows.len(),
        _ => chunks.len(),
    };
    let updates = plan.shapes.iter().filter(|shape| shape.task == Task::Update).count();
    plan.own_read.is_some() && shape.task == Task::Update && (updates > 1 || executions > 1)
}

fn purpose_of(task: Task) -> Purpose {
    match task {
        Task::Stage(_, Act::Drop) | Task::Keep(Act::Drop) => Purpose::Teardown,
        Task::Stage(_, Act::Clear | Act::Create | Act::Fill | Act::Index) => Purpose::Setup,
        Task::Keep(Act::Clear | Act::Create | Act::Fill | Act::Index) => Purpose::Setup,
        Task::Lock => Purpose::Lock,
        Task::FindEqual | Task::RefuseEqual | Task::FindMissing | Task::RefuseMissing => Purpose::Check,
        Task::FindNull | Task::RefuseNull | Task::FindHalf | Task::RefuseHalf => Purpose::Check,
        Task::LockTable | Task::LockSource => Purpose::Lock,
        Task::MeasureTable(_) | Task::MeasureRows(_) | Task::Distance(_) => Purpose::Setup,
        Task::TellFates => Purpose::Outcome,
        Task::ReturnOld | Task::ReturnNew => Purpose::Returning,
        Task::Update => Purpose::Update,
        Task::Defer => Purpose::Setup,
        Task::Settle(_) | Task::Judge => Purpose::Settle,
        Task::Insert => Purpose::Insert,
    }
}

fn build<'u>(plan: &Plan<'u>, shape: &Shape<'u>, errors: &mut Errors) -> Statement<'u> {
    let inputs = list_inputs(plan, shape);
    let is_key = |at: &usize| inputs.get(*at).is_some_and(|input| plan.key.contains(&input.position));
    let key: Vec<usize> = (0..inputs.len()).filter(is_key).collect();
    let (mut old_key, message) = (Vec::new(), shape.task.finds());
    let (verb, filter) = match shape.task {
        Task::Update => {
            let (set, filter) = lower_set(plan, shape, &inputs, &mut old_key, errors);
            (Verb::Update { set: parking::park(plan, set) }, filter)
        }
        Task::Insert => (insert::build_insert(plan, shape, &inputs, errors), Vec::new()),
        Task::LockSource => {
            (plan.selection().map_or(Verb::LockTable, |from| Verb::LockSource(from.table())), Vec::new())
        }
        Task::FindNull => (query::find(plan, "null keys", query::null(plan, &inputs)), Vec::new()),
        Task::RefuseNull => (Verb::Raise { message, select: query::null(plan, &inputs) }, Vec::new()),
        Task::FindEqual => (query::find(plan, "equal keys", query::equal(plan, &inputs)), Vec::new()),
        Task::RefuseEqual => (Verb::Raise { message, select: query::equal(plan, &inputs) }, Vec::new()),
        Task::Lock if shape.source == Source::None => lock_found(plan, shape, errors),
        Task::Lock => (query::lock_rows(plan, shape.source, &inputs), Vec::new()),
        Task::FindMissing => (query::find(plan, "missing key", query::missing(plan, &inputs)), Vec::new()),
        Task::RefuseMissing => (Verb::Raise { message, select: query::missing(plan, &inputs) }, Vec::new()),
        Task::FindHalf => {
            (query::find(plan, "half-missing key", query::half_missing(plan, shape.source, &inputs)), Vec::new())
        }
        Task::RefuseHalf => {
            (Verb::Raise { message, select: query::half_missing(plan, shape.source, &inputs) }, Vec::new())
        }
        Task::Stage(stage, act) => (Verb::Stage { stage, act }, Vec::new()),
        Task::LockTable => (Verb::LockTable, Vec::new()),
        Task::Defer => (Verb::Constraints { names: plan.deferred.clone(), later: true }, Vec::new()),
        Task::Judge => (Verb::Constraints { names: plan.deferred.clone(), later: false }, Vec::new()),
        Task::MeasureTable(at) => parking::measure_table(plan, at),
        Task::MeasureRows(at) => {
            let (set, filter) = lower_set(plan, shape, &inputs, &mut old_key, errors);
            parking::measure_rows(plan, at, shape.source, set, filter)
        }
        Task::Distance(at) => parking::keep_distance(plan, at),
        Task::Settle(at) => parking::settle(plan, at),
        Task::Keep(act) => keep_old(plan, shape, act, &inputs, errors),
        Task::ReturnOld | Task::ReturnNew => {
            let filter = with_lowering(plan, shape, &inputs, |lowering| {
                guard::lower_guards(plan.update, &shape.form, &inputs, lowering, errors).into_all()
            });
            (query::give_back(plan, shape.source), filter)
        }
        Task::TellFates => (tell_fates(plan, shape, &inputs, &key, errors), Vec::new()),
    };
    let (target, along_key) = (plan.update.target(), locks_as_read(plan));
    let gives = shape.task == Task::Update && plan.returning == Giving::Update;
    let returning = if gives {
        plan.update.returning().iter().map(|returned| parking::give(plan, returned)).collect()
    } else {
        Vec::new()
    };
    let from = lower_source(plan, shape, &inputs, errors);
    let (source, beside) = (shape.source, if reads_beside(shape) { plan.beside } else { &[] });
    let led_by = None;
    let rows_name = Cow::default();
    let statement = Statement {
        target,
        verb,
        source,
        from,
        inputs,
        key,
        filter,
        old_key,
        along_key,
        returning,
        beside,
        led_by,
        rows_name,
    };
    Statement { rows_name: statement.name_rows(), ..statement }
}

/// The table from which the rows come, with the columns that a statement uses.
fn lower_source<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    errors: &mut Errors,
) -> Option<Selected<'u>> {
    let Source::Join { form: _, rows: Joined::Table } = shape.source else { return None };
    let Selection { table, columns: _, filter } = plan.selection()?;
    let column = |input: &InputColumn<'u>| {
        let column = Sql::Of(table, input.name);
        let collation = plan.columns.get(input.position).and_then(|column| key_collation(plan, column));
        match collation.filter(|_| plan.key.contains(&input.position)) {
            Some(named) => Sql::Collate(Box::new(column), named.name()),
            None => column,
        }
    };
    let filter = filter.as_ref().and_then(|filter| {
        let lowered =
            with_lowering(plan, shape, inputs, |lowering| lowering.lower_rows_filter(table, plan.source(), filter));
        lowered.map_err(|kind| errors.push(kind.at(Place::Input))).ok()
    });
    Some(Selected { table, columns: inputs.iter().map(column).collect(), filter, is_target: false })
}

/// Whether a statement reads columns of other tables, and of the target only rows that they have too.
fn reads_beside(shape: &Shape<'_>) -> bool {
    match shape.task {
        Task::Update | Task::MeasureRows(_) | Task::TellFates | Task::ReturnOld | Task::ReturnNew => true,
        // conditions read rows of all tables, and what they read stays as it is
        Task::Lock | Task::Keep(_) => true,
        // another table tells which keys are missing
        Task::FindHalf | Task::RefuseHalf | Task::Insert => true,
        Task::FindEqual | Task::RefuseEqual | Task::FindMissing | Task::RefuseMissing | Task::Stage(..) => false,
        Task::FindNull | Task::RefuseNull | Task::LockSource => false,
        Task::LockTable | Task::MeasureTable(_) | Task::Distance(_) | Task::Settle(_) => false,
        Task::Defer | Task::Judge => false,
    }
}

/// Keeps the old values of the rows that conditions let through.
fn keep_old<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    act: Act,
    inputs: &[InputColumn<'u>],
    errors: &mut Errors,
) -> (Verb<'u>, Vec<Sql<'u>>) {
    let Some(snapshot) = plan.snapshot() else {
        errors.push(ErrorKind::Internal { what: "keep old values" }.at(Place::Table));
        return (Verb::LockTable, Vec::new());
    };
    let filter = match act {
        Act::Fill => with_lowering(plan, shape, inputs, |lowering| {
            guard::lower_guards(plan.update, &shape.form, inputs, lowering, errors).into_all()
        }),
        Act::Clear | Act::Create | Act::Index | Act::Drop => Vec::new(),
    };
    let select = query::old_values(plan, shape.source, &snapshot.columns, act == Act::Fill);
    (Verb::KeepOld { snapshot, act, select }, filter)
}

/// What is set, and the conditions besides the key.
fn lower_set<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    old_key: &mut Vec<&'u Ident>,
    errors: &mut Errors,
) -> (Vec<Set<'u>>, Vec<Sql<'u>>) {
    let Update {
        name: _,
        params: _,
        table: _,
        set,
        rows: _,
        guard: _,
        policy: _,
        returning: _,
        followers: _,
        schema: _,
    } = plan.update;
    let (table, form) = (plan.update.declared(), &shape.form);
    let engine = match shape.task {
        Task::Update => plan.dialect.fact(|spec| &spec.assignment_order),
        // nothing is written, so all that is read is old
        _ => AssignmentOrder::Simultaneous,
    };
    let set: Vec<(usize, &'u Assignment<'u>)> =
        set.iter().enumerate().filter(|(_, set)| !form.leaves_out(&set.value)).collect();
    let written = set.iter().map(|(_, set)| Written::of(set, form));
    let Order { assignments, old } = order::order_assignments(written, engine);
    if let Some(column) = old.first() {
        *old_key = table.map(|table| table.key().iter().collect()).unwrap_or_default();
        if old_key.is_empty() {
            let kind = ErrorKind::ReadsAssigned { column: column.to_string(), dialect: plan.dialect.to_string() };
            errors.push(kind.at(Place::Table));
        }
    }
    with_lowering(plan, shape, inputs, |lowering| {
        let assigning = Lowering { old: &old, ..*lowering };
        let mut lowered = Vec::with_capacity(set.len());
        for at in assignments {
            let Some((index, Assignment { column, value })) = set.get(at) else { continue };
            if form.is_default(value) {
                lowered.push(Set { column, value: lower_default(plan, column) });
                continue;
            }
            let given = find_flags(form, inputs, value);
            match assigning.lower_given(given, value, column, table.and_then(|table| table.find(column))) {
                Ok(value) => lowered.push(Set { column, value }),
                Err(kind) => errors.push(kind.at(Place::Assignment(*index))),
            }
        }
        let conditions = guard::lower_guards(plan.update, form, inputs, lowering, errors);
        (lowered, conditions.into_all())
    })
}

/// Locks the rows that conditions let through, in the order of the primary key.
fn lock_found<'u>(plan: &Plan<'u>, shape: &Shape<'u>, errors: &mut Errors) -> (Verb<'u>, Vec<Sql<'u>>) {
    let key: Vec<&'u Column> = plan.update.declared().map(key_columns).unwrap_or_default();
    let filter = with_lowering(plan, shape, &[], |lowering| {
        guard::lower_guards(plan.update, &shape.form, &[], lowering, errors).into_all()
    });
    (query::lock(plan, From::Target, key.into_iter().map(|column| (column.name(), column.ty()))), filter)
}

/// The columns of the primary key.
fn key_columns(table: &Table) -> Vec<&Column> {
    table.key().iter().filter_map(|name| table.find(name)).collect()
}

/// What became of each incoming row, told before any is written.
fn tell_fates<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    key: &[usize],
    errors: &mut Errors,
) -> Verb<'u> {
    let fate = with_lowering(plan, shape, inputs, |lowering| {
        let conditions = guard::lower_guards(plan.update, &shape.form, inputs, lowering, errors);
        let is_updated = shape.form.updates(plan.update.assignments(), plan.update.guard());
        let fate = conditions.into_fate(inputs, is_updated);
        if let Err(kind) = lowering.check_room(&fate) {
            errors.push(kind.at(Place::Filter));
        }
        fate
    });
    query::tell_fates(plan, key, fate)
}

/// Does something with what lowering the expressions of a shape needs to know.
fn with_lowering<'u, T>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    body: impl FnOnce(&Lowering<'_, 'u>) -> T,
) -> T {
    let scope = scope_of(plan, shape);
    let input = |name: &Ident, slot| find_input(plan, shape, inputs, name, slot);
    let (dialect, now, loses_integers) = (plan.dialect, plan.options.now, loses_integers(plan, shape));
    let target = plan.update.target();
    let is_checked = plan.selection().is_none();
    let old = &[];
    body(&Lowering { dialect, scope: &scope, now, input: &input, loses_integers, is_checked, old, target, of: None })
}

/// What expressions can read.
fn scope_of<'u>(plan: &Plan<'u>, shape: &Shape<'u>) -> types::Scope<'u> {
    let known = plan.columns.iter().map(|column| (column.name, column.ty.clone())).collect();
    types::Scope {
        table: plan.update.declared(),
        inputs: known,
        params: plan.update.params(),
        templates: shape.form.templates(),
        schema: plan.update.schema(),
        is_selection: false,
    }
}

/// Whether joined integers may arrive as texts.
fn loses_integers(plan: &Plan<'_>, shape: &Shape<'_>) -> bool {
    matches!(shape.source, Source::Join { rows: Joined::Rows(_) | Joined::Arrays { .. } | Joined::Document, .. })
        && plan.options.output == Output::Binds
        && plan.dialect.fact(|spec| &spec.null_parameter) == NullParameter::MakesText
}

/// The flags that say whether a row sets what an expression gives.
fn find_flags<'u>(form: &CellForm<'u>, inputs: &[InputColumn<'u>], value: &Expr<'u>) -> Vec<Sql<'u>> {
    let flag = |position| inputs.iter().position(|input| input.position == position && input.part == Part::Given);
    form.perhaps(value).into_iter().filter_map(flag).map(Sql::Input).collect()
}

/// The default of a column: the engine's word for it, or the literal that is declared.
fn lower_default<'u>(plan: &Plan<'u>, column: &Ident) -> Sql<'u> {
    let declared = plan.update.declared().and_then(|table| table.find(column));
    let literal = default_of(plan, column, declared).ok().flatten().and(declared).and_then(declared_default);
    literal.unwrap_or(Sql::word("DEFAULT"))
}

/// The literal that is declared as a column's default.
fn declared_default(column: &Column) -> Option<Sql<'_>> {
    column.default().map(|value| match value {
        Value::Null => Sql::word("NULL"),
        value => Sql::Value { value: Cow::Borrowed(value), ty: Cow::Borrowed(column.ty()), cast: false },
    })
}

/// The columns of the input that a shape's statements use: the key, then what is read and not constant, then the
/// constants of expressions that come in with the rows.
fn list_inputs<'u>(plan: &Plan<'u>, shape: &Shape<'u>) -> Vec<InputColumn<'u>> {
    let form = &shape.form;
    let reads = |name: &Ident| form.is_plain() || reads_input(plan, form, name);
    let has_cells = |position: usize| matches!(form.at(position), None | Some(Says::Perhaps));
    let is_free = |position: &usize| !plan.key.contains(position) && has_cells(*position);
    let free = (0..plan.columns.len()).filter(|position| matches!(shape.constants.get(*position), Some(None)));
    let free = free.filter(is_free).filter(|at| plan.columns.get(*at).is_some_and(|column| reads(column.name)));
    let used = plan.key.iter().copied().chain(free);
    let input = |name, position, part, ty: Cow<'u, Type>, in_target| {
        let form = plan.dialect.form_of(&ty);
        InputColumn { name, position, part, ty, form, in_target }
    };
    let cells = used.filter_map(|position| plan.columns.get(position).map(|column| (position, column)));
    let mut inputs: Vec<InputColumn<'u>> = Vec::with_capacity(plan.columns.len());
    inputs.extend(cells.filter_map(|(position, column)| {
        Some(input(column.name, position, Part::Cell, column.ty.clone()?, in_target(plan, column)))
    }));
    let mut names = free_names(plan);
    for (said, template) in form.said().iter().filter_map(|said| match &said.says {
        Says::Expr(template) => Some((said, template)),
        Says::Keep | Says::Default | Says::Perhaps => None,
    }) {
        for (slot, value) in template.incoming() {
            inputs.extend(
                names.next().map(|name| input(name, said.position, Part::Constant(slot), type_of(value), false)),
            );
        }
    }
    for said in form.said().iter().filter(|said| said.says == Says::Perhaps && reads(said.name)) {
        let ty = Cow::Borrowed(&Type::Bool);
        inputs.extend(names.next().map(|name| input(name, said.position, Part::Given, ty.clone(), false)));
    }
    inputs
}

/// Whether a shape's statements read an incoming column.
fn reads_input(plan: &Plan<'_>, form: &CellForm<'_>, name: &Ident) -> bool {
    let Guard { filter, only_changed: _, version, touch: _ } = plan.update.guard();
    let set = plan.update.assignments().iter().map(|set| &set.value).filter(|value| !form.leaves_out(value));
    version.as_ref() == Some(name) || set.chain(filter).any(|value| form.reads(value).any(|read| read == name))
}

/// An incoming column: where its cells go, or the value that all rows have. Of an expression in the cells a constant,
/// by its slot.
fn find_input<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    name: &Ident,
    slot: Option<usize>,
) -> Option<Sql<'u>> {
    let position = plan.columns.iter().position(|column| column.name == name)?;
    let is_at = |part: Part| inputs.iter().position(|input| input.position == position && input.part == part);
    if let Some(slot) = slot {
        return is_at(Part::Constant(slot)).map(Sql::Input);
    }
    let Some(ty) = plan.columns.get(position).and_then(|column| column.ty.clone()) else {
        // nothing but NULL, and only the place where it goes knows its type
        return Some(Sql::word("NULL"));
    };
    if let Some(Some(value)) = shape.constants.get(position) {
        return Some(Sql::Value { value: Cow::Borrowed(value), ty, cast: false });
    }
    let input = is_at(Part::Cell).map(Sql::Input);
    match plan.dialect.fact(|spec| &spec.range_check) {
        RangeCheck::None if plan.selection().is_some() => input.map(|input| of_type(input, &ty)),
        RangeCheck::None | RangeCheck::Standard | RangeCheck::All => input,
    }
}
