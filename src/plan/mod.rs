//! Plans an update for a dialect: shapes, strategies, and all that the dialect refuses. A plan is data.

mod flag;
mod group;
mod hazard;
mod join;
mod json;
mod link;
mod name;
mod own;
mod parking;
mod policy;
mod returning;
mod shape;
mod snapshot;
mod stage;
mod storable;
mod strategy;
mod table;

use std::ops::Range;

pub(crate) use hazard::{undecided_collation, undecided_key};
pub(crate) use join::in_target;
pub(crate) use name::free_names;
pub(crate) use own::refuse_own_reads;
pub(crate) use parking::{Bounds, Parked, refuse_parking};
pub(crate) use policy::{index_of, locks_as_read, too_many_keys};
pub(crate) use returning::Giving;
pub(crate) use storable::{check_argument, default_of};
pub(crate) use strategy::{STREAMED, measured};
pub(crate) use table::key_collation;

use crate::check::form::Form;
use crate::check::{Checked, CheckedColumn, CheckedRows, key::value_at};
use crate::dialect::Dialect;
use crate::error::Errors;
use crate::expand::{Beside, Does, Snapshot};
use crate::ir::{Cells, Ident, Selection, Table, Update, Value};
use crate::options::Options;
use crate::sql::{Act, Source};

/// How an update is carried out on a dialect.
#[derive(Clone, Debug)]
pub struct Plan<'u> {
    pub(crate) update: &'u Update<'u>,
    pub(crate) dialect: Dialect,
    pub(crate) options: Options,
    /// The columns of the input; empty where there are no rows.
    pub(crate) columns: Vec<CheckedColumn<'u>>,
    /// The positions of the key columns.
    pub(crate) key: Vec<usize>,
    /// How many incoming rows are left out, because another row of their key counts.
    pub(crate) left_out: usize,
    /// The rows, shape after shape, each in ascending order of keys.
    pub(crate) order: Vec<u32>,
    /// Whether the engine compares all keys with each other, and they do not fit into one statement.
    pub(crate) stages_keys: bool,
    /// How many rows are not updated, since they keep every column.
    pub(crate) kept: usize,
    pub(crate) shapes: Vec<Shape<'u>>,
    /// The unique columns whose new values are parked above all others before they are put in their place.
    pub(crate) parked: Vec<Parked<'u>>,
    /// The unique constraints that are judged behind the updates.
    pub(crate) deferred: Vec<&'u Ident>,
    /// A column that is written and that rows of the same table are selected by, so that one statement must do all.
    pub(crate) own_read: Option<&'u Ident>,
    /// Where the rows come from that are given back.
    pub(crate) returning: Giving,
    /// The columns of the target, where others are read beside it.
    pub(crate) own: Option<&'u [Ident]>,
    /// The tables that are read beside the target.
    pub(crate) beside: &'u [Beside],
    /// What is done with the rows.
    pub(crate) does: &'u Does,
}

/// Rows that are updated by statements of one form.
#[derive(Clone, Debug)]
pub(crate) struct Shape<'u> {
    /// What is done with the rows.
    pub task: Task,
    /// The rows, as a range of [`Plan::order`].
    pub rows: Range<usize>,
    /// What the rows say instead of values.
    pub form: Form<'u>,
    /// For each column of the input, the value that all rows of the shape have.
    pub constants: Vec<Option<&'u Value<'u>>>,
    /// How the rows come in.
    pub source: Source,
    /// Rows per statement, where the engine's limits allow as many.
    pub chunk: usize,
    /// Why this strategy.
    pub reason: &'static str,
}

impl Shape<'_> {
    /// The same, of rows that stand so far behind in the plan's order.
    fn behind(self, by: usize) -> Self {
        Self { rows: self.rows.start + by..self.rows.end + by, ..self }
    }
}

/// What is done with the rows of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Their keys are compared with each other by the engine, and equal ones are named.
    FindEqual,
    /// The script fails where the engine takes two of their keys for one.
    RefuseEqual,
    /// Others are kept from writing to the table from which they come.
    LockSource,
    /// Those without a key are named.
    FindNull,
    /// The script fails where one has no key.
    RefuseNull,
    /// They are locked, in the order of their keys.
    Lock,
    /// Their keys are looked for, and those that the table does not have are named.
    FindMissing,
    /// The script fails where one is missing.
    RefuseMissing,
    /// Their keys are looked for, and those are named that the table has although they are missing.
    FindHalf,
    /// The script fails where there is one.
    RefuseHalf,
    /// Something is done with the temporary table of that number, which holds them.
    Stage(usize, Act),
    /// Others are kept from writing to the table.
    LockTable,
    /// The table's values of a parked column are measured.
    MeasureTable(usize),
    /// New values of a parked column are measured.
    MeasureRows(usize),
    /// The distance is computed by which a column is parked.
    Distance(usize),
    /// What becomes of each is told, before any is written.
    TellFates,
    /// Unique constraints are judged later.
    Defer,
    /// They are judged.
    Judge,
    /// Something is done with the temporary table that keeps old values of those that will be updated.
    Keep(Act),
    /// Their columns are given back as they are before the updates.
    ReturnOld,
    /// They are updated.
    Update,
    /// The values of a parked column are put in their place.
    Settle(usize),
    /// Their columns are given back as they are behind the updates.
    ReturnNew,
    /// Those whose keys the table does not have are inserted.
    Insert,
}

impl Task {
    /// What the rows are that a check returns; empty for any other task.
    pub(crate) fn finds(self) -> &'static str {
        match self {
            Self::FindEqual | Self::RefuseEqual => "equal keys",
            Self::FindNull | Self::RefuseNull => "null keys",
            Self::FindMissing | Self::RefuseMissing => "missing keys",
            Self::FindHalf | Self::RefuseHalf => "half-missing keys",
            _ => "",
        }
    }

    /// Whether all keys must come in at once.
    pub(crate) fn needs_all_keys(self) -> bool {
        matches!(self, Self::FindEqual | Self::RefuseEqual)
    }
}

impl<'u> Plan<'u> {
    /// The old values that are kept instead of an update.
    pub(crate) fn snapshot(&self) -> Option<&'u Snapshot> {
        if let Does::Keep(snapshot) = self.does { Some(snapshot) } else { None }
    }

    /// The incoming rows, where the update has rows by key.
    pub(crate) fn cells(&self) -> Option<&'u Cells<'u>> {
        self.update.rows().cells()
    }

    /// The table from which the incoming rows come, where they do.
    pub(crate) fn selection(&self) -> Option<&'u Selection<'u>> {
        self.update.rows().selection()
    }

    /// What the schema says of that table.
    pub(crate) fn source(&self) -> Option<&'u Table> {
        self.update.schema().zip(self.selection()).and_then(|(schema, from)| schema.find(from.table()))
    }
}

/// Plans a checked update.
///
/// # Errors
///
/// Everything that the dialect cannot do or hold, each with its place.
pub fn plan<'u>(checked: Checked<'u>, dialect: Dialect, options: &Options) -> Result<Plan<'u>, Errors> {
    let mut errors = Errors::new();
    let Checked { update, rows, part } = checked;
    if let Err(error) = dialect.check_version() {
        return Err(error.into());
    }
    name::check_names(update, dialect, options.output, &mut errors);
    let beside = part.map(|part| &part.beside[..]).unwrap_or_default();
    name::check_beside(beside, dialect, options.output, &mut errors);
    link::check_links(update, beside, dialect, &mut errors);
    link::check_shared_keys(update, beside, dialect, &mut errors);
    if part.is_some() {
        name::check_kept(update, beside, dialect, &mut errors);
    }
    storable::check_constants(update, dialect, &mut errors);
    let mut plan = Plan {
        update,
        dialect,
        options: options.clone(),
        columns: Vec::new(),
        key: Vec::new(),
        left_out: 0,
        order: Vec::new(),
        stages_keys: false,
        kept: 0,
        shapes: Vec::new(),
        parked: Vec::new(),
        deferred: Vec::new(),
        own_read: None,
        returning: Giving::Nothing,
        own: part.and_then(|part| part.own.as_deref()),
        beside,
        does: part.map_or(&Does::Update, |part| &part.does),
    };
    match rows {
        Some(rows) if plan.selection().is_some() => table::plan_table(&mut plan, rows, &mut errors),
        Some(rows) => plan_rows(&mut plan, rows, &mut errors),
        None => {
            parking::find_parked(&mut plan, &mut errors);
            let before = parking::lock_table(&plan).into_iter().chain(policy::lock_found(&plan, &mut errors));
            let before: Vec<Shape<'u>> = before.collect();
            returning::choose(&mut plan, &mut errors);
            let updates = vec![strategy::without_rows()];
            let given = returning::add_queries(&plan, &updates);
            let shapes = given.around(carry_out(&plan, 0, updates));
            plan.shapes = before.into_iter().chain(shapes).collect();
        }
    }
    errors.or(plan)
}

/// What is done with the rows: they are updated, with what parks their values, or their old values are kept.
fn carry_out<'u>(plan: &Plan<'u>, rows: usize, updates: Vec<Shape<'u>>) -> Vec<Shape<'u>> {
    match plan.does {
        _ if updates.is_empty() => updates,
        Does::Update => parking::add_parking(plan, rows, updates),
        Does::Keep(_) => snapshot::keep(plan, rows, updates),
        Does::Check | Does::Insert => Vec::new(),
    }
}

fn plan_rows<'u>(plan: &mut Plan<'u>, rows: CheckedRows<'u>, errors: &mut Errors) {
    let CheckedRows { columns, key, order, forms } = rows;
    let update = plan.update;
    (plan.columns, plan.key, plan.order) = (columns, key, order);
    let Some(cells) = plan.cells() else { return };
    if cells.is_empty() {
        return;
    }
    plan.left_out = cells.len().saturating_sub(plan.order.len());
    storable::check_cells(cells, &plan.columns, plan.dialect, errors);
    hazard::check_keys(plan, cells, errors);
    parking::find_parked(plan, errors);
    if plan.order.is_empty() {
        return;
    }
    if !forms.is_empty() {
        storable::check_expressions(cells, plan.dialect, errors);
        shape::check_forms(plan, &forms, errors);
    }
    plan.own_read = if forms.is_empty() {
        // no cell is an expression
        own::find_own_read(update, &plan.parked, update.shared_expressions())
    } else {
        own::find_own_read(update, &plan.parked, update.expressions())
    };
    plan.stages_keys = stage::must_stage(plan, cells);
    let fates = shape::tell_fates(plan, cells, &forms);
    let (order, shapes) = match shape::find_shapes(plan, cells, forms) {
        Ok(found) => found,
        Err(kind) => return errors.push(kind.at(crate::error::Place::Table)),
    };
    let inserts = policy::plan_inserts(plan, &shapes);
    returning::choose(plan, errors);
    let given = returning::add_queries(plan, &shapes);
    let shapes = given.around(carry_out(plan, order.len(), shapes));
    policy::add_tasks(plan, (order, shapes), inserts, fates, errors);
    stage::add_stages(plan);
}
