//! Chooses the form of the statements, and says why.

use super::shape::Rows;
use super::{Plan, Shape, Task, group, locks_as_read};
use crate::check::CheckedColumn;
use crate::check::form::{Form, Says};
use crate::dialect::{Arrays, Chunks, Documents, JoinForm};
use crate::error::ErrorKind;
use crate::ir::{Cells, Type};
use crate::options::{Output, Strategy};
use crate::render::Words;
use crate::sql::{Joined, Source};

/// The most sets of equal values that become a statement each, and how many rows each must save.
const MOST_GROUPS: usize = 16;
const LEAST_ROWS_PER_GROUP: usize = 8;

/// The most rows that PostgreSQL looks up by their keys alone. With more it may read the whole table instead, unless the
/// keys are asked for as a list too (`research/strategies.md` 5.1).
const MOST_WITHOUT_KEYS: usize = 1000;

const FLAGS: &str = "rows keep different columns in too many ways for a statement each: flags come in with them";

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
    let inline = plan.options.output != Output::Binds;
    let chunks = plan.dialect.fact(|spec| &spec.chunks);
    let one = |rows: Rows<'u>, source, chunk, reason| {
        let Rows { form, rows: order, constants, read: _ } = rows;
        let (chunk, rows) = (rows_at_a_time(plan, chunk), 0..order.len());
        let shape = Shape { task: Task::Update, rows, form, constants, source, chunk, reason };
        Ok((order, vec![shape]))
    };
    let asked = "asked for";
    match plan.options.strategy {
        Strategy::Uniform => {
            let groups = group::group_rows(cells, &rows, usize::MAX);
            Ok(uniform(plan, cells, &rows, groups.unwrap_or_default(), asked))
        }
        Strategy::PerRow => one(rows, Source::Row, per_row_chunk(inline), asked),
        Strategy::Case if locks_as_read(plan) => Err(ErrorKind::StrategyNotLegal {
            strategy: Strategy::Case.name(),
            dialect: plan.dialect.to_string(),
            reason: "a list of keys may make it read, and lock, rows that are not in the list",
        }),
        Strategy::Case => one(rows, Source::Case, chunks.case, asked),
        Strategy::ValuesJoin | Strategy::ArrayJoin | Strategy::JsonJoin => match join_source(plan, &rows) {
            Ok(source) => one(rows, source, join_chunk(chunks, inline), asked),
            Err(reason) => Err(ErrorKind::StrategyNotLegal {
                strategy: plan.options.strategy.name(),
                dialect: plan.dialect.to_string(),
                reason,
            }),
        },
        Strategy::Auto => {
            if rows.rows.len() == 1 {
                return one(rows, Source::Row, per_row_chunk(inline), "a single row is a plain update");
            }
            let most = MOST_GROUPS.min(rows.rows.len() / LEAST_ROWS_PER_GROUP).max(1);
            if rows.has_flags() {
                return match join_source(plan, &rows) {
                    Ok(source) => one(rows, source, join_chunk(chunks, inline), FLAGS),
                    Err(_) => one(rows, Source::Case, chunks.case, FLAGS),
                };
            }
            if let Some(groups) = group::group_rows(cells, &rows, most) {
                let reason = "few sets of equal values: a statement with a list of keys for each";
                return Ok(uniform(plan, cells, &rows, groups, reason));
            }
            if chunks.per_row_binds && !inline {
                let reason = "one prepared statement is this engine's fastest form";
                return one(rows, Source::Row, per_row_chunk(inline), reason);
            }
            match join_source(plan, &rows) {
                Ok(source) => {
                    let reason = "joining with the rows is this engine's fastest form";
                    one(rows, source, join_chunk(chunks, inline), reason)
                }
                Err(reason) if locks_as_read(plan) => one(rows, Source::Row, per_row_chunk(inline), reason),
                Err(reason) => one(rows, Source::Case, chunks.case, reason),
            }
        }
    }
}

/// Rows of one form, each updated by itself.
pub(super) fn row_by_row<'u>(plan: &Plan<'u>, rows: Rows<'u>) -> Shapes<'u> {
    let Rows { form, rows: order, constants, read: _ } = rows;
    let chunk = rows_at_a_time(plan, per_row_chunk(plan.options.output != Output::Binds));
    let reason = "rows differ in more ways than flags tell apart: one statement for each";
    let (task, rows, source) = (Task::Update, 0..order.len(), Source::Row);
    (order, vec![Shape { task, rows, form, constants, source, chunk, reason }])
}

/// The rows per statement that were asked for, else those that suit the engine; 0 is no limit.
pub(super) fn rows_at_a_time(plan: &Plan<'_>, default: usize) -> usize {
    match plan.options.chunk.unwrap_or(default) {
        0 => usize::MAX,
        rows => rows,
    }
}

pub(super) fn join_chunk(chunks: Chunks, inline: bool) -> usize {
    if inline { chunks.join_inline } else { chunks.join_binds }
}

/// A statement for each row when values are in the text; else sets of parameters, so many at a time.
pub(super) fn per_row_chunk(inline: bool) -> usize {
    if inline { 1 } else { 1000 }
}

/// How rows come in with all of their columns, and how many at a time, where the table is only read.
pub(super) fn read_rows(plan: &Plan<'_>, rows: &Rows<'_>) -> (Source, usize) {
    let inline = plan.options.output != Output::Binds;
    match join_source(plan, rows) {
        Ok(source) => (source, rows_at_a_time(plan, join_chunk(plan.dialect.fact(|spec| &spec.chunks), inline))),
        Err(_) => (Source::Row, rows_at_a_time(plan, per_row_chunk(inline))),
    }
}

/// The rows as a table to join with.
pub(super) fn join_rows(plan: &Plan<'_>) -> Source {
    let rows = Joined::Rows(plan.dialect.fact(|spec| &spec.rows));
    Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows }
}

/// Whether rows come in as arrays, where their types have any.
fn wants_arrays(plan: &Plan<'_>) -> bool {
    match plan.options.strategy {
        Strategy::ArrayJoin => true,
        Strategy::Auto => {
            plan.options.output == Output::Binds && plan.dialect.fact(|spec| &spec.arrays) == Arrays::Unnest
        }
        _ => false,
    }
}

/// Whether a type can be named in a cast.
fn has_name(plan: &Plan<'_>, ty: &Type) -> bool {
    Words::of(plan.dialect, plan.options.output).own_cast(ty).is_some()
}

/// The rows as one JSON document of these columns.
fn join_document<'p>(
    plan: &Plan<'_>,
    mut columns: impl Iterator<Item = &'p CheckedColumn<'p>>,
) -> Result<Source, &'static str> {
    if plan.dialect.fact(|spec| &spec.documents) == Documents::None {
        return Err("it reads no rows from a JSON document, or not exactly");
    }
    if !columns.all(|column| column.ty.as_deref().is_none_or(|ty| has_name(plan, ty))) {
        return Err("a column's type has no name, so no text can be cast to it");
    }
    Ok(Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows: Joined::Document })
}

/// The rows as an array for each of these columns.
fn join_arrays<'p>(
    plan: &Plan<'_>,
    mut columns: impl Iterator<Item = &'p CheckedColumn<'p>>,
) -> Result<Source, &'static str> {
    let has_array = |ty: &Type| !matches!(ty, Type::Array(_)) && has_name(plan, ty);
    if plan.dialect.fact(|spec| &spec.arrays) == Arrays::None {
        return Err("it has no arrays");
    }
    if !columns.all(|column| column.ty.as_deref().is_none_or(has_array)) {
        return Err("a column's type has no array, or its arrays come apart into single values");
    }
    let chunk = rows_at_a_time(plan, plan.dialect.fact(|spec| &spec.chunks).join_binds);
    let keyed = plan.key.len() == 1 && chunk > MOST_WITHOUT_KEYS;
    Ok(Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows: Joined::Arrays { keyed } })
}

fn join_source(plan: &Plan<'_>, rows: &Rows<'_>) -> Result<Source, &'static str> {
    let is_read =
        |position: &usize| rows.form.is_plain() || plan.key.contains(position) || rows.read.contains(position);
    let has_cells = |position: &usize| matches!(rows.form.at(*position), None | Some(Says::Perhaps));
    let read = (0..plan.columns.len()).filter(is_read).filter(has_cells);
    join_columns(plan, &rows.form, read)
}

/// The rows as a table of these columns to join with, and of what the form's expressions have for each row.
pub(super) fn join_columns(
    plan: &Plan<'_>,
    form: &Form<'_>,
    positions: impl Iterator<Item = usize>,
) -> Result<Source, &'static str> {
    let renamed = |name: &str| name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
    let columns: Vec<&CheckedColumn<'_>> = positions.filter_map(|position| plan.columns.get(position)).collect();
    if plan.options.strategy == Strategy::JsonJoin {
        return join_document(plan, columns.into_iter());
    }
    if wants_arrays(plan) {
        let arrays = join_arrays(plan, columns.iter().copied());
        if arrays.is_ok() || plan.options.strategy == Strategy::ArrayJoin {
            return arrays;
        }
    }
    let mut columns = columns.into_iter();
    match plan.dialect.fact(|spec| &spec.join) {
        JoinForm::JoinHeader if form.has_open_constants() => {
            Err("constants of expressions come in with the rows, and no column of the table can type them")
        }
        JoinForm::JoinHeader if !columns.all(|column| in_target(plan, column)) => {
            Err("a column of the rows is not known to be one of the table, so no header row can type it")
        }
        JoinForm::FromCte if columns.any(|column| renamed(column.name.as_str())) => {
            Err("it renames columns of the rows that are called `true` or `false`")
        }
        JoinForm::FromValues | JoinForm::FromCte | JoinForm::JoinHeader => Ok(join_rows(plan)),
    }
}

/// Whether the table is known to have a column of the input's name.
pub(crate) fn in_target(plan: &Plan<'_>, column: &CheckedColumn<'_>) -> bool {
    let is_set = || plan.update.assignments().iter().any(|assignment| assignment.column == *column.name);
    let is_key =
        || plan.key.iter().any(|&position| plan.columns.get(position).is_some_and(|key| key.name == column.name));
    column.declared.is_some() || plan.update.declared().is_none() && (is_set() || is_key())
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
    let chunk = rows_at_a_time(plan, plan.dialect.fact(|spec| &spec.chunks).keys);
    for group in groups {
        let Some(&first) = group.first() else { continue };
        let is_free = |position| !plan.key.contains(&position) && rows.form.at(position).is_none();
        let constant = |position| is_free(position).then(|| super::value_at(cells, first, position));
        let constants = (0..plan.columns.len()).map(constant).collect();
        let form = rows.form_of_equals(cells, first);
        let from = order.len();
        order.extend_from_slice(&group);
        let rows = from..order.len();
        let source = if locks_as_read(plan) { join_rows(plan) } else { Source::Keys };
        shapes.push(Shape { task: Task::Update, rows, form, constants, source, chunk, reason });
    }
    (order, shapes)
}
