//! Temporary tables that hold rows: each is made and filled before all else, read by every statement for the same rows,
//! and dropped at the end.

use std::ops::Range;

use super::hazard::undecided_collation;
use super::strategy::chunk_of;
use super::{Plan, Shape, Task, join, value_at};
use crate::check::form::Form;
use crate::dialect::Staging;
use crate::ir::{Cells, Value};
use crate::options::Output;
use crate::render::Words;
use crate::sql::{Act, Joined, Source};

/// A temporary table: the rows in it, what they say instead of values, and the columns that it leaves out.
struct Stage<'u> {
    rows: Range<usize>,
    form: Form<'u>,
    constants: Vec<Option<&'u Value<'u>>>,
}

/// Whether the engine compares all keys with each other, and one statement cannot hold them.
pub(super) fn must_stage(plan: &Plan<'_>, cells: &Cells<'_>) -> bool {
    let key = || plan.key.iter().filter_map(|at| plan.columns.get(*at));
    if plan.order.len() < 2 || key().all(|column| undecided_collation(column, plan.dialect).is_none()) {
        return false;
    }
    let Ok(source) = join::join_columns(plan, &Form::default(), plan.key.iter().copied()) else { return true };
    let Source::Join { form: _, rows } = source else { return true };
    let most_binds = plan.options.max_binds.unwrap_or_else(|| plan.dialect.fact(|spec| &spec.max_binds));
    let most_bytes = plan.options.max_bytes.unwrap_or_else(|| plan.dialect.fact(|spec| &spec.max_bytes));
    let is_bound = plan.options.output == Output::Binds;
    let binds = match rows {
        Joined::Rows(_) if is_bound => plan.order.len().saturating_mul(plan.key.len()),
        Joined::Rows(_) | Joined::Arrays { .. } | Joined::Document | Joined::Staged { .. } | Joined::Table => 0,
    };
    // each quote or backslash of an array is written twice more, and a control character of a document by six
    let times = match rows {
        Joined::Rows(_) | Joined::Staged { .. } | Joined::Table => 1,
        Joined::Arrays { .. } => 4,
        Joined::Document => 8,
    };
    let words = Words::of(plan.dialect, plan.options.output);
    let bytes_of = |value: &Value<'_>| match value {
        Value::Text(text) if is_bound => text.len(),
        _ if is_bound => 0,
        value => times * (words.bound(value) + 40) + 16,
    };
    let keys = plan.order.iter().flat_map(|row| plan.key.iter().map(|at| bytes_of(value_at(cells, *row, *at))));
    let names: usize = key().map(|column| column.name.as_str().len()).sum();
    let bytes = keys.fold(names.saturating_mul(32).saturating_add(BESIDE_KEYS), usize::saturating_add);
    binds > most_binds || bytes > most_bytes
}

/// More than a statement needs besides keys and their names.
const BESIDE_KEYS: usize = 2000;

/// Makes, fills and drops what the plan's statements read.
pub(super) fn add_stages(plan: &mut Plan<'_>) {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    let mut shapes = std::mem::take(&mut plan.shapes);
    for shape in &mut shapes {
        if let Source::Join { rows: Joined::Staged { stage }, .. } = &mut shape.source {
            let serves = |known: &Stage<'_>| has_same_rows(plan, &known.rows, &shape.rows);
            let found = stages.iter_mut().enumerate().find(|(_, known)| serves(known) && known.takes(&shape.form));
            *stage = match found {
                Some((at, known)) => {
                    known.add(&shape.form, &shape.constants);
                    at
                }
                None => {
                    let (rows, form, constants) = (shape.rows.clone(), shape.form.clone(), shape.constants.clone());
                    stages.push(Stage { rows, form, constants });
                    stages.len() - 1
                }
            };
        }
    }
    if stages.is_empty() {
        plan.shapes = shapes;
        return;
    }
    let mut behind = Vec::new();
    for (at, Stage { rows, form, constants }) in stages.into_iter().enumerate() {
        let source = join::fill_stage(plan, &constants);
        let chunk = chunk_of(plan, source, 0);
        let shape = |act, source, chunk, reason| {
            let (rows, form, constants) = (rows.clone(), form.clone(), constants.clone());
            Shape { task: Task::Stage(at, act), rows, form, constants, source, chunk, reason }
        };
        if may_be_left(plan) {
            plan.shapes.push(shape(Act::Clear, Source::None, 0, "a script that failed may have left one"));
        }
        plan.shapes.push(shape(Act::Create, Source::None, 0, "a temporary table holds the rows"));
        plan.shapes.push(shape(Act::Fill, source, chunk, "all rows come in before a statement reads them"));
        behind.push(shape(Act::Drop, Source::None, 0, "nothing reads the temporary table any more"));
    }
    plan.shapes.append(&mut shapes);
    plan.shapes.append(&mut behind);
}

/// Whether a script that failed may have left a temporary table: where it goes with the transaction, a script with one of its
/// own does not, and PostgreSQL's client would tell people that there is none to drop.
pub(super) fn may_be_left(plan: &Plan<'_>) -> bool {
    let goes = match plan.dialect.fact(|spec| &spec.staging) {
        Staging::Typed | Staging::Untyped => true,
        Staging::Copied => false,
    };
    !(goes && plan.options.output == Output::Script)
}

/// Whether two ranges of the plan's order have the same rows in the same order.
fn has_same_rows(plan: &Plan<'_>, a: &Range<usize>, b: &Range<usize>) -> bool {
    a == b || plan.order.get(a.clone()) == plan.order.get(b.clone())
}

impl<'u> Stage<'u> {
    /// Whether it can have the columns of rows of a form: the same, or nothing but keys and values.
    fn takes(&self, form: &Form<'u>) -> bool {
        self.form == *form || self.form.is_plain() || form.is_plain()
    }

    /// Has it hold the columns that another statement reads too.
    fn add(&mut self, form: &Form<'u>, constants: &[Option<&'u Value<'u>>]) {
        if self.form.is_plain() {
            self.form = form.clone();
        }
        for (own, other) in self.constants.iter_mut().zip(constants) {
            *own = own.filter(|_| other.is_some());
        }
    }
}
