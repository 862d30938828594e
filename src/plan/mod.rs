//! Plans an update for a dialect: shapes, strategies, and all that the dialect refuses. A plan is data.

mod flag;
mod group;
mod hazard;
mod join;
mod json;
mod name;
mod parking;
mod policy;
mod returning;
mod shape;
mod stage;
mod storable;
mod strategy;

use std::ops::Range;

pub(crate) use hazard::{undecided_collation, undecided_key};
pub(crate) use join::in_target;
pub(crate) use name::free_names;
pub(crate) use parking::{Bounds, Parked, refuse_parking};
pub(crate) use policy::{index_of, locks_as_read, too_many_keys};
pub(crate) use returning::Giving;
pub(crate) use storable::{check_argument, default_of};
pub(crate) use strategy::{STREAMED, measured};

use crate::check::form::Form;
use crate::check::{Checked, CheckedColumn, CheckedRows, key::value_at};
use crate::dialect::Dialect;
use crate::error::Errors;
use crate::ir::{Cells, Ident, Input, Keyed, Rows, Update, Value};
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
    /// Where the rows come from that are given back.
    pub(crate) returning: Giving,
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
    /// They are locked, in the order of their keys.
    Lock,
    /// Their keys are looked for, and those that the table does not have are named.
    FindMissing,
    /// The script fails where one is missing.
    RefuseMissing,
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
            Self::FindMissing | Self::RefuseMissing => "missing keys",
            _ => "",
        }
    }

    /// Whether all keys must come in at once.
    pub(crate) fn needs_all_keys(self) -> bool {
        matches!(self, Self::FindEqual | Self::RefuseEqual)
    }
}

impl<'u> Plan<'u> {
    /// The incoming rows, where the update has rows by key.
    pub(crate) fn cells(&self) -> Option<&'u Cells<'u>> {
        match self.update.rows() {
            Rows::Keyed(Keyed { input: Input::Cells(cells), .. }) => Some(cells),
            Rows::All | Rows::Where(_) => None,
        }
    }
}

/// Plans a checked update.
///
/// # Errors
///
/// Everything that the dialect cannot do or hold, each with its place.
pub fn plan<'u>(checked: Checked<'u>, dialect: Dialect, options: &Options) -> Result<Plan<'u>, Errors> {
    let mut errors = Errors::new();
    let Checked { update, rows } = checked;
    if let Err(error) = dialect.check_version() {
        return Err(error.into());
    }
    name::check_names(update, dialect, options.output, &mut errors);
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
        returning: Giving::Nothing,
    };
    match rows {
        Some(rows) => plan_rows(&mut plan, rows, &mut errors),
        None => {
            parking::find_parked(&mut plan, &mut errors);
            let before = parking::lock_table(&plan).into_iter().chain(policy::lock_found(&plan, &mut errors));
            let before: Vec<Shape<'u>> = before.collect();
            returning::choose(&mut plan, &mut errors);
            let updates = vec![strategy::without_rows()];
            let given = returning::add_queries(&plan, &updates);
            let shapes = given.around(parking::add_parking(&plan, 0, updates));
            plan.shapes = before.into_iter().chain(shapes).collect();
        }
    }
    errors.or(plan)
}

fn plan_rows<'u>(plan: &mut Plan<'u>, rows: CheckedRows<'u>, errors: &mut Errors) {
    let CheckedRows { columns, key, order, forms } = rows;
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
    plan.stages_keys = stage::must_stage(plan, cells);
    let fates = shape::tell_fates(plan, cells, &forms);
    let (order, shapes) = match shape::find_shapes(plan, cells, forms) {
        Ok(found) => found,
        Err(kind) => return errors.push(kind.at(crate::error::Place::Table)),
    };
    let inserts = policy::plan_inserts(plan, &shapes);
    returning::choose(plan, errors);
    let given = returning::add_queries(plan, &shapes);
    let shapes = if shapes.is_empty() { shapes } else { parking::add_parking(plan, order.len(), shapes) };
    let shapes = given.around(shapes);
    policy::add_tasks(plan, (order, shapes), inserts, fates, errors);
    stage::add_stages(plan);
}
