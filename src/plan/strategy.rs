//! Chooses the form of the statements, and says why.

use super::shape::Rows;
use super::{Plan, Shape, Task, group, join, locks_as_read};
use crate::check::form::Form;
use crate::dialect::{Choice, Thresholds};
use crate::error::ErrorKind;
use crate::ir::{Cells, Expr, Guard, Ident, Type};
use crate::options::{Output, Strategy};
use crate::sql::{Joined, Source};

/// How many rows a stream holds at once, where the options do not say otherwise.
pub(crate) const STREAMED: usize = 1000;

const FLAGS: &str = "rows keep different columns in too many ways for a statement each: flags come in with them";

const TOO_MANY: &str = "the keys do not fit into the one statement that compares them with each other";

/// Rows, and the shapes whose ranges they are.
pub(super) type Shapes<'u> = (Vec<u32>, Vec<Shape<'u>>);

/// The shape of an update without incoming rows.
pub(super) fn without_rows<'u>() -> Shape<'u> {
    let reason = "one statement: the rows are given by a condition";
    let (form, constants) = (Form::default(), Vec::new());
    Shape { task: Task::Update, rows: 0..0, form, constants, source: Source::None, chunk: 0, reason }
}

/// Chooses the strategy of keyed rows of one form, and with it their shapes.
pub(super) fn choose<'u>(plan: &Plan<'u>, cells: &'u Cells<'u>, rows: Rows<'u>) -> Result<Shapes<'u>, ErrorKind> {
    match plan.options.strategy {
        Strategy::Uniform => {
            let groups = group::group_rows(cells, &rows, usize::MAX);
            Ok(uniform(plan, cells, &rows, groups.unwrap_or_default(), "asked for"))
        }
        Strategy::Auto => Ok(choose_best(plan, cells, rows)),
        strategy => match bring_in(plan, &rows, strategy) {
            Ok(source) => Ok(shape(plan, rows, source, "asked for")),
            Err(reason) => Err(ErrorKind::StrategyNotLegal {
                strategy: strategy.name(),
                dialect: plan.dialect.to_string(),
                reason,
            }),
        },
    }
}

/// Chooses by the rows, and by what was measured.
fn choose_best<'u>(plan: &Plan<'u>, cells: &'u Cells<'u>, rows: Rows<'u>) -> Shapes<'u> {
    if rows.rows.len() == 1 {
        return shape(plan, rows, Source::Row, "a single row is a plain update");
    }
    if plan.own_read.is_some() {
        return choose_single(plan, cells, rows);
    }
    if plan.stages_keys
        && let Ok(source) = bring_in(plan, &rows, Strategy::Staged)
    {
        return shape(plan, rows, source, TOO_MANY);
    }
    if rows.has_flags() {
        let source = join::source(plan, &rows).unwrap_or(Source::Case);
        return shape(plan, rows, source, FLAGS);
    }
    let Thresholds { groups, rows_per_group, .. } = thresholds(plan);
    let most = groups.min(rows.rows.len().checked_div(rows_per_group).unwrap_or(0)).max(1);
    if let Some(groups) = group::group_rows(cells, &rows, most) {
        let reason = "few sets of equal values: a statement with a list of keys for each";
        return uniform(plan, cells, &rows, groups, reason);
    }
    let (count, reads) = (rows_seen(plan, rows.rows.len()), count_reads(plan, &rows));
    let suits = |choice: &&Choice| choice.suits(count, reads) && can_be_best(plan, &rows, reads, choice.strategy);
    let mut why = None;
    for Choice { strategy, .. } in thresholds(plan).choices(plan.options.output).iter().filter(suits) {
        match bring_in(plan, &rows, *strategy) {
            Ok(source) => return shape(plan, rows, source, why.unwrap_or(best(plan, source))),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    let others = [Strategy::ValuesJoin, Strategy::Case].into_iter();
    let other = others.into_iter().find_map(|strategy| bring_in(plan, &rows, strategy).ok());
    shape(plan, rows, other.unwrap_or(Source::Row), why.unwrap_or(ANY))
}

/// One statement for all rows, since it reads rows of the table that it writes.
fn choose_single<'u>(plan: &Plan<'u>, cells: &'u Cells<'u>, rows: Rows<'u>) -> Shapes<'u> {
    if let Some(groups) = group::group_rows(cells, &rows, 1) {
        return uniform(plan, cells, &rows, groups, SINGLE);
    }
    let strategies = [Strategy::Staged, Strategy::ValuesJoin, Strategy::Case];
    let source = strategies.into_iter().find_map(|strategy| bring_in(plan, &rows, strategy).ok());
    shape(plan, rows, source.unwrap_or(Source::Row), SINGLE)
}

const SINGLE: &str = "rows of the same table are selected by what is set, so one statement writes all";

const ANY: &str = "the engine has no faster form for such rows";

/// Why a source is the planner's choice.
fn best(plan: &Plan<'_>, source: Source) -> &'static str {
    match source {
        _ if plan.options.output.is_for_client() => "people read a script, so each row stands by itself",
        Source::Row => "a statement for each row, prepared once, is this engine's fastest form",
        Source::Case => "a `CASE` over so few columns and rows at a time is this engine's fastest form",
        Source::Join { .. } => "joining with the rows is this engine's fastest form",
        Source::None | Source::Keys => ANY,
    }
}

/// The measured limits within which a shape's strategy is the best, where it was chosen by them.
pub(crate) fn measured(plan: &Plan<'_>, shape: &Shape<'_>) -> Option<&'static Choice> {
    let strategy = match shape.source {
        Source::None | Source::Keys | Source::Join { rows: Joined::Table, .. } => return None,
        Source::Row => Strategy::PerRow,
        Source::Case => Strategy::Case,
        Source::Join { rows: Joined::Rows(_), .. } => Strategy::ValuesJoin,
        Source::Join { rows: Joined::Arrays { .. }, .. } => Strategy::ArrayJoin,
        Source::Join { rows: Joined::Document, .. } => Strategy::JsonJoin,
        Source::Join { rows: Joined::Staged { .. }, .. } => Strategy::Staged,
    };
    let rows = rows_seen(plan, shape.rows.len());
    let is_it = |choice: &&Choice| choice.strategy == strategy && choice.most_rows.is_none_or(|most| rows <= most);
    let mut choices = thresholds(plan).choices(plan.options.output).iter().filter(is_it);
    let is_measured = !plan.options.output.is_for_client() && shape.reason == best(plan, shape.source);
    is_measured.then(|| choices.next()).flatten()
}

/// What was measured on the engine.
pub(super) fn thresholds(plan: &Plan<'_>) -> Thresholds {
    plan.dialect.fact(|spec| &spec.thresholds)
}

/// The strategies that were measured to be the best for all rows, where a statement reads no more than their keys.
pub(super) fn choices(plan: &Plan<'_>) -> impl Iterator<Item = Strategy> {
    let rows = rows_seen(plan, plan.order.len());
    let choices = thresholds(plan).choices(plan.options.output).iter();
    choices.filter(move |choice| choice.suits(rows, 0)).map(|choice| choice.strategy)
}

/// How many of so many rows a stream sees at once. What depends on it is the same when all rows are given.
fn rows_seen(plan: &Plan<'_>, rows: usize) -> usize {
    let most = rows_at_a_time(plan, STREAMED);
    if plan.options.continued { most } else { rows.min(most) }
}

/// Whether what was measured holds for the update. The text of a single row repeats all that is computed, and so do the
/// branches of a `CASE`, each of which compares keys too: they were measured where nothing is computed, by a number.
fn can_be_best(plan: &Plan<'_>, rows: &Rows<'_>, reads: usize, strategy: Strategy) -> bool {
    let is_number = |position: &usize| {
        let ty = plan.columns.get(*position).and_then(|column| column.ty.as_deref());
        matches!(ty, Some(Type::Int { .. } | Type::UInt { .. }))
    };
    let is_bare = || {
        let mut set = plan.update.assignments().iter();
        let is_free = *plan.update.guard() == Guard::default() && plan.parked.is_empty();
        is_free && set.all(|set| matches!(set.value, Expr::Input(_) | Expr::Value(_)))
    };
    let is_bound = plan.options.output == Output::Binds;
    let most_binds = plan.options.max_binds.unwrap_or_else(|| plan.dialect.fact(|spec| &spec.max_binds));
    match strategy {
        Strategy::PerRow => is_bound || rows.form.templates().is_empty() && is_bare(),
        Strategy::Case => {
            let has_room = !is_bound || 2 * reads < most_binds;
            let has_number = plan.key.len() == 1 && plan.key.iter().all(is_number);
            has_room && has_number && rows.form.templates().is_empty() && is_bare()
        }
        _ => true,
    }
}

/// How rows come in by a strategy.
fn bring_in(plan: &Plan<'_>, rows: &Rows<'_>, strategy: Strategy) -> Result<Source, &'static str> {
    match strategy {
        Strategy::PerRow => Ok(Source::Row),
        Strategy::Case if locks_as_read(plan) => {
            Err("a list of keys may make it read, and lock, rows that are not in the list")
        }
        Strategy::Case => Ok(Source::Case),
        Strategy::Uniform | Strategy::Auto => Err("the rows differ"),
        Strategy::ValuesJoin | Strategy::ArrayJoin | Strategy::JsonJoin | Strategy::Staged => {
            join::source_by(plan, rows, strategy)
        }
    }
}

/// One shape for all rows.
fn shape<'u>(plan: &Plan<'u>, rows: Rows<'u>, source: Source, reason: &'static str) -> Shapes<'u> {
    let chunk = chunk_of_update(plan, source, count_reads(plan, &rows));
    let Rows { form, rows: order, constants, read: _ } = rows;
    let rows = 0..order.len();
    (order, vec![Shape { task: Task::Update, rows, form, constants, source, chunk, reason }])
}

/// How often a statement reads columns that differ from row to row; each is a `CASE` of its own where they come so.
fn count_reads(plan: &Plan<'_>, rows: &Rows<'_>) -> usize {
    let differs = |name: &&Ident| {
        let at = plan.columns.iter().position(|column| column.name == *name);
        at.is_none_or(|at| rows.constants.get(at).is_none_or(Option::is_none))
    };
    let guard = plan.update.guard();
    let set = plan.update.assignments().iter().filter(|set| !rows.form.leaves_out(&set.value)).map(|set| {
        let times = if guard.only_changed && guard.compares(&set.column) { 2 } else { 1 };
        times * rows.form.reads(&set.value).filter(differs).count()
    });
    let filter = guard.filter.iter().map(|filter| rows.form.reads(filter).filter(differs).count());
    set.chain(filter).sum::<usize>() + usize::from(guard.version.is_some())
}

/// Rows of one form, each updated by itself.
pub(super) fn row_by_row<'u>(plan: &Plan<'u>, rows: Rows<'u>) -> Shapes<'u> {
    shape(plan, rows, Source::Row, "rows differ in more ways than flags tell apart: one statement for each")
}

/// As [`chunk_of`], but for an update that must be one statement.
fn chunk_of_update(plan: &Plan<'_>, source: Source, reads: usize) -> usize {
    if plan.own_read.is_some() { usize::MAX } else { chunk_of(plan, source, reads) }
}

/// The rows per statement that were asked for, else those that suit the engine.
pub(super) fn chunk_of(plan: &Plan<'_>, source: Source, reads: usize) -> usize {
    let thresholds = thresholds(plan);
    let inline = plan.options.output != Output::Binds;
    rows_at_a_time(
        plan,
        match source {
            // one statement reads all that is in a table
            Source::None | Source::Join { rows: Joined::Staged { .. } | Joined::Table, .. } => return usize::MAX,
            Source::Keys => thresholds.keys,
            // a statement for each row when values are in the text; else sets of parameters, so many at a time
            Source::Row => {
                if inline {
                    1
                } else {
                    1000
                }
            }
            Source::Case => (thresholds.case_branches / reads.max(1)).clamp(1, thresholds.case_rows),
            Source::Join { rows: Joined::Rows(_), .. } if inline => thresholds.values_inline,
            Source::Join { rows: Joined::Rows(_), .. } => thresholds.values_bound,
            Source::Join { rows: Joined::Arrays { .. } | Joined::Document, .. } => thresholds.arrays,
        },
    )
}

/// The rows per statement that were asked for, else so many; 0 is no limit.
pub(super) fn rows_at_a_time(plan: &Plan<'_>, default: usize) -> usize {
    match plan.options.chunk.unwrap_or(default) {
        0 => usize::MAX,
        rows => rows,
    }
}

/// How rows come in with all of their columns, and how many at a time, where the table is only read.
pub(super) fn read_rows(plan: &Plan<'_>, rows: &Rows<'_>) -> (Source, usize) {
    let source = join::source(plan, rows).unwrap_or(Source::Row);
    (source, chunk_of(plan, source, 0))
}

/// A shape for each set of equal values; in each, every column but the key's is a constant.
fn uniform<'u>(
    plan: &Plan<'u>,
    cells: &'u Cells<'u>,
    rows: &Rows<'u>,
    groups: Vec<Vec<u32>>,
    reason: &'static str,
) -> Shapes<'u> {
    let mut order = Vec::with_capacity(rows.rows.len());
    let mut shapes = Vec::with_capacity(groups.len());
    let chunk = chunk_of_update(plan, Source::Keys, 0);
    for group in groups {
        let Some(&first) = group.first() else { continue };
        let is_free = |position| !plan.key.contains(&position) && rows.form.at(position).is_none();
        let constant = |position| is_free(position).then(|| super::value_at(cells, first, position));
        let constants = (0..plan.columns.len()).map(constant).collect();
        let form = rows.form_of_equals(cells, first);
        let from = order.len();
        order.extend_from_slice(&group);
        let rows = from..order.len();
        let source = if locks_as_read(plan) { join::join_rows(plan) } else { Source::Keys };
        shapes.push(Shape { task: Task::Update, rows, form, constants, source, chunk, reason });
    }
    (order, shapes)
}
