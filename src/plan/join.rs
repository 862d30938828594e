//! The forms in which rows are a table to join with.

use super::Plan;
use super::shape::Rows;
use super::strategy::{choices, rows_at_a_time, thresholds};
use crate::check::CheckedColumn;
use crate::check::form::{Form, Says};
use crate::dialect::{Arrays, Documents, JoinForm, RowsForm, Staging};
use crate::ir::{Type, Value};
use crate::options::{Output, Strategy};
use crate::render::Words;
use crate::sql::{Joined, Source};

/// The rows as a table of rows to join with.
pub(super) fn join_rows(plan: &Plan<'_>) -> Source {
    let rows = Joined::Rows(plan.dialect.fact(|spec| &spec.rows));
    Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows }
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
    let thresholds = thresholds(plan);
    let keyed = plan.key.len() == 1 && rows_at_a_time(plan, thresholds.arrays) > thresholds.looked_up;
    Ok(Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows: Joined::Arrays { keyed } })
}

/// The rows as a temporary table of these columns.
fn join_staged<'p>(
    plan: &Plan<'_>,
    form: &Form<'_>,
    mut columns: impl Iterator<Item = &'p CheckedColumn<'p>>,
) -> Result<Source, &'static str> {
    match plan.dialect.fact(|spec| &spec.staging) {
        Staging::Typed if !columns.all(|column| column.ty.as_deref().is_none_or(|ty| has_name(plan, ty))) => {
            return Err("a column's type has no name, so no temporary table can have it");
        }
        Staging::Copied if form.has_open_constants() => {
            return Err("constants of expressions come in with the rows, and no column of the table can type them");
        }
        Staging::Copied if !columns.all(|column| column.declared.is_some() && in_target(plan, column)) => {
            return Err(
                "no schema says that the table has all columns of the rows, so none can type a temporary table",
            );
        }
        Staging::Typed | Staging::Copied | Staging::Untyped => {}
    }
    Ok(Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows: Joined::Staged { stage: 0 } })
}

/// The rows as the table from which they come.
pub(super) fn join_table(plan: &Plan<'_>) -> Source {
    Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows: Joined::Table }
}

/// The keys as a temporary table, where other statements read the rows from one, or as the table from which they come.
pub(super) fn staged_keys(plan: &Plan<'_>) -> Option<Source> {
    if plan.selection().is_some() {
        return Some(join_table(plan));
    }
    let is_staged = match plan.options.strategy {
        Strategy::Staged => true,
        Strategy::Auto => plan.stages_keys,
        _ => false,
    };
    is_staged.then(|| stage_keys(plan).ok()).flatten()
}

/// The keys as a temporary table.
pub(super) fn stage_keys(plan: &Plan<'_>) -> Result<Source, &'static str> {
    join_columns_by(plan, &Form::default(), plan.key.iter().copied(), Strategy::Staged)
}

/// How rows are put into a temporary table of all columns that are not constant.
pub(super) fn fill_stage(plan: &Plan<'_>, constants: &[Option<&Value<'_>>]) -> Source {
    let columns = plan.columns.iter().zip(constants).filter(|(_, constant)| constant.is_none());
    let has_arrays = plan.options.output == Output::Binds;
    let arrays = join_arrays(plan, columns.map(|(column, _)| column)).ok().filter(|_| has_arrays);
    let rows = Joined::Rows(RowsForm::Values);
    arrays.unwrap_or(Source::Join { form: plan.dialect.fact(|spec| &spec.join), rows })
}

/// The rows as a table to join with, in the best form that there is for them.
pub(super) fn source(plan: &Plan<'_>, rows: &Rows<'_>) -> Result<Source, &'static str> {
    join_columns(plan, &rows.form, read_by_statement(plan, rows))
}

/// The rows as a table to join with, by a strategy.
pub(super) fn source_by(plan: &Plan<'_>, rows: &Rows<'_>, strategy: Strategy) -> Result<Source, &'static str> {
    join_columns_by(plan, &rows.form, read_by_statement(plan, rows), strategy)
}

/// The positions of the columns that have cells for each row, which a statement reads.
fn read_by_statement<'p>(plan: &'p Plan<'_>, rows: &'p Rows<'_>) -> impl Iterator<Item = usize> + Clone + use<'p> {
    let is_read =
        |position: &usize| rows.form.is_plain() || plan.key.contains(position) || rows.read.contains(position);
    let has_cells = |position: &usize| matches!(rows.form.at(*position), None | Some(Says::Perhaps));
    (0..plan.columns.len()).filter(is_read).filter(has_cells)
}

/// The rows as a table of these columns to join with, and of what the form's expressions have for each row.
pub(super) fn join_columns(
    plan: &Plan<'_>,
    form: &Form<'_>,
    positions: impl Iterator<Item = usize> + Clone,
) -> Result<Source, &'static str> {
    let is_join =
        |strategy: &Strategy| matches!(strategy, Strategy::ValuesJoin | Strategy::ArrayJoin | Strategy::JsonJoin);
    let by = |strategy| join_columns_by(plan, form, positions.clone(), strategy);
    match plan.options.strategy {
        Strategy::Auto if plan.stages_keys => by(Strategy::Staged).or_else(|_| by(Strategy::ValuesJoin)),
        Strategy::Auto => {
            let best = choices(plan).filter(is_join).find_map(|strategy| by(strategy).ok());
            best.map_or_else(|| by(Strategy::ValuesJoin), Ok)
        }
        Strategy::Uniform | Strategy::PerRow | Strategy::Case => by(Strategy::ValuesJoin),
        strategy => by(strategy),
    }
}

fn join_columns_by(
    plan: &Plan<'_>,
    form: &Form<'_>,
    positions: impl Iterator<Item = usize>,
    strategy: Strategy,
) -> Result<Source, &'static str> {
    if plan.selection().is_some() {
        return Ok(join_table(plan));
    }
    let renamed = |name: &str| name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
    let mut columns = positions.filter_map(|position| plan.columns.get(position));
    match strategy {
        Strategy::JsonJoin => return join_document(plan, columns),
        Strategy::ArrayJoin => return join_arrays(plan, columns),
        Strategy::Staged => return join_staged(plan, form, columns),
        _ => {}
    }
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
    if plan.own.is_some_and(|own| !own.contains(column.name)) {
        return false;
    }
    let is_set = || plan.update.assignments().iter().any(|assignment| assignment.column == *column.name);
    let is_key =
        || plan.key.iter().any(|&position| plan.columns.get(position).is_some_and(|key| key.name == column.name));
    column.declared.is_some() || plan.update.declared().is_none() && (is_set() || is_key())
}
