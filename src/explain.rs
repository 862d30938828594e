//! Explains how an update is carried out: strategy, chunks, casts, and why.

use std::fmt::Write;

use crate::check::form::Says;
use crate::check::{Checked, check, check_part};
use crate::dialect::{Casts, Choice, Dialect, Locking, Staging};
use crate::error::Errors;
use crate::expand::{Part, Stands, Tie, Unit, expand, spans_tables};
use crate::ir::{Expr, Input, Keyed, Lock, Rows, Update};
use crate::lower::{Lowered, lower};
use crate::options::{Options, Output, Strategy};
use crate::plan::{Plan, Shape, Task, measured, plan};
use crate::render::Words;
use crate::script::lead;
use crate::sql::{self, Act, InputColumn, Joined, Source};

/// Writes a line; writing into a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($argument:tt)*) => {{
        let _ = writeln!($out, $($argument)*);
    }};
}

/// Explains how a dialect carries out an update, and why in that way.
///
/// # Errors
///
/// As [`compile`](crate::compile).
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Options, Update, explain};
///
/// let update = Update::table("posts").key(["id"]).rows(["id", "title"], [(1, "one"), (2, "two")]).build()?;
/// let text = explain(&update, Dialect::sqlite(), &Options::new())?;
/// assert!(text.contains("per-row"));
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn explain(update: &Update<'_>, dialect: Dialect, options: &Options) -> Result<String, Errors> {
    let mut out = String::new();
    if spans_tables(update) {
        line!(out, "several tables: what is kept, and an update for each that is written");
        write_unit(&mut out, &expand(update)?, dialect, options)?;
    } else {
        write_plan(&mut out, check(update)?, dialect, options)?;
    }
    Ok(out)
}

/// The parts of an update over several tables, and of what follows it.
fn write_unit(out: &mut String, unit: &Unit<'_>, dialect: Dialect, options: &Options) -> Result<(), Errors> {
    let Unit { checks, snapshot, parts, followers, leading, place: _ } = unit;
    if lead(unit, dialect, options)?.is_some() {
        line!(out, "one statement does both: the update gives back the columns by which others follow");
        let following = followers.iter().flat_map(|follower| &follower.parts).map(Part::behind_update);
        let mut both = leading.iter().cloned().chain(following);
        return both.try_for_each(|part| write_part(out, &part, dialect, options));
    }
    let own = checks.iter().chain(snapshot).chain(parts);
    own.into_iter().try_for_each(|part| write_part(out, part, dialect, options))?;
    followers.iter().try_for_each(|follower| write_unit(out, follower, dialect, options))
}

fn write_part(out: &mut String, part: &Part<'_>, dialect: Dialect, options: &Options) -> Result<(), Errors> {
    let update = part.with_schema();
    let checked = check_part(&update, part).map_err(|errors| part.locate(errors))?;
    write_plan(out, checked, dialect, options).map_err(|errors| part.locate(errors))
}

fn write_plan(out: &mut String, checked: Checked<'_>, dialect: Dialect, options: &Options) -> Result<(), Errors> {
    let plan = plan(checked, dialect, options)?;
    let lowered = lower(&plan)?;
    write_head(out, &plan);
    for (shape, lowered) in plan.shapes.iter().zip(&lowered) {
        write_shape(out, &plan, shape, lowered);
    }
    Ok(())
}

fn write_head(out: &mut String, plan: &Plan<'_>) {
    let values = match plan.options.output {
        Output::Binds => "values in parameters",
        Output::Inline => "values in the text",
        Output::Script | Output::ScriptWithoutTransaction => "a script for the engine's client",
    };
    line!(out, "{}: {values}", plan.dialect);
    let rows = match plan.update.rows() {
        Rows::All => "all rows".to_owned(),
        Rows::Where(_) => "the rows for which a condition is true".to_owned(),
        Rows::Keyed(Keyed { key, input: Input::Table(from) }) => {
            let key: Vec<String> = key.iter().map(|column| format!("`{column}`")).collect();
            format!("the rows of `{}` by {}", from.table(), key.join(", "))
        }
        Rows::Keyed(keyed) => {
            let key: Vec<String> = keyed.key.iter().map(|column| format!("`{column}`")).collect();
            let rows = plan.cells().map_or(0, crate::ir::Cells::len) - plan.left_out;
            let order = plan.order.get(..rows).unwrap_or_default();
            let order = if order.is_sorted() { "in the order given" } else { "sorted by key" };
            let left_out = match plan.left_out {
                0 => String::new(),
                left_out => format!(", {left_out} left out: another row of the same key counts"),
            };
            format!("{} by {}, {order}{left_out}", count(rows, "row"), key.join(", "))
        }
    };
    line!(out, "update of `{}`: {rows}", plan.update.target());
    for beside in plan.beside {
        let what = match (&beside.from, beside.tie) {
            (Stands::Table(table), Tie::Without) => format!("only keys that `{table}` does not have"),
            (Stands::Table(table), _) => format!("`{table}` is read beside it"),
            (Stands::Updated, _) => "only rows that follow the update before it".to_owned(),
            (Stands::Kept(_), Tie::Within(_)) => "only rows that what was kept leads to".to_owned(),
            (Stands::Kept(_), _) => "what was kept is read beside it, and tells its rows".to_owned(),
        };
        line!(out, "{what}");
    }
    if plan.kept > 0 {
        line!(out, "keep every column and are not updated: {}", count(plan.kept, "row"));
    }
    for parked in &plan.parked {
        let column = parked.column.name();
        line!(
            out,
            "`{column}` is unique, and a new value may be the old one of another row: all of them are parked first"
        );
    }
    let is_locked = plan.dialect.fact(|spec| &spec.locking) == Locking::Database;
    if is_locked && plan.update.policy().lock == Lock::Ordered {
        line!(out, "no row is locked: the transaction locks the whole database when it begins");
    }
    if plan.shapes.is_empty() {
        line!(out, "no rows, nothing to do");
    }
}

/// `1 row`, `2 rows`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn write_shape(out: &mut String, plan: &Plan<'_>, shape: &Shape<'_>, lowered: &Lowered<'_>) {
    let statements = lowered.chunks.len();
    let most = lowered.chunks.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    let unit = match (shape.source, plan.options.output) {
        (Source::Row, Output::Binds) => "parameter set",
        _ => "row",
    };
    line!(out, "- {}: {}", name_of(shape), shape.reason);
    match shape.source {
        Source::None | Source::Join { rows: Joined::Table, .. } => {}
        _ => {
            let (rows, steps) = (count(shape.rows.len(), "row"), count(statements, "step"));
            line!(out, "  {rows} in {steps} of at most {}", count(most, unit))
        }
    }
    if shape.task != Task::Update {
        return;
    }
    if let Some(Choice { strategy: _, most_rows, most_reads }) = measured(plan, shape) {
        let rows = most_rows.map_or_else(|| "any number of rows".into(), |most| format!("up to {most} rows"));
        let reads = most_reads.map_or_else(String::new, |most| format!(" of up to {most} columns"));
        line!(out, "  measured as the best for {rows}{reads}");
    }
    for said in shape.form.said() {
        match &said.says {
            Says::Keep => line!(out, "  `{}` is kept", said.name),
            Says::Default => line!(out, "  `{}` takes its default", said.name),
            Says::Perhaps => {
                let is_flag =
                    |input: &&InputColumn<'_>| input.position == said.position && input.part == sql::Part::Given;
                if let Some(flag) = lowered.statement.inputs.iter().find(is_flag) {
                    line!(out, "  `{}` is kept where `{}` is false", said.name, flag.name);
                }
            }
            Says::Expr(template) => {
                let slots =
                    if template.slots.is_empty() { "" } else { "; constants that differ come in with the rows" };
                line!(out, "  `{}` is computed{}{slots}", said.name, shown(template.expr));
            }
        }
    }
    for (column, constant) in plan.columns.iter().zip(&shape.constants) {
        if constant.is_some() {
            line!(out, "  `{}` is the same in all rows and leaves the row data", column.name);
        }
    }
    if let Source::Join { rows: Joined::Staged { .. }, .. } = shape.source {
        return write_staged(out, plan, lowered);
    }
    if let Source::Join { rows: Joined::Table, .. } = shape.source {
        return;
    }
    let words = Words::of(plan.dialect, plan.options.output);
    if matches!(shape.source, Source::Join { .. } | Source::Case) && words.casts != Casts::Never {
        let how = match words.casts {
            Casts::FirstRow => "the first row says its types: ",
            Casts::LossyParameters | Casts::LossyTimes => "the table's own columns type the rows",
            Casts::Never => "",
        };
        let types = lowered.statement.inputs.iter().map(|input| format!("`{}` {}", input.name, input.ty));
        let types = if words.casts == Casts::FirstRow { types.collect::<Vec<_>>().join(", ") } else { String::new() };
        line!(out, "  {how}{types}");
    }
}

/// Whose types the columns of a temporary table have.
fn write_staged(out: &mut String, plan: &Plan<'_>, lowered: &Lowered<'_>) {
    match plan.dialect.fact(|spec| &spec.staging) {
        Staging::Typed => {
            let types = lowered.statement.inputs.iter().map(|input| format!("`{}` {}", input.name, input.ty));
            line!(out, "  the temporary table says its types: {}", types.collect::<Vec<_>>().join(", "));
        }
        Staging::Copied => line!(out, "  the table's own columns type the temporary table"),
        Staging::Untyped => {}
    }
}

/// What a shape does, by name.
fn name_of(shape: &Shape<'_>) -> &'static str {
    match shape.task {
        Task::Keep(_) => "keep",
        Task::Stage(_, Act::Fill) => "fill",
        Task::Stage(..) => "stage",
        Task::Lock | Task::LockTable | Task::LockSource => "lock",
        Task::MeasureTable(_) | Task::MeasureRows(_) | Task::Distance(_) => "measure",
        Task::Defer => "defer",
        Task::Settle(_) | Task::Judge => "settle",
        Task::FindEqual | Task::RefuseEqual | Task::FindMissing | Task::RefuseMissing => "check",
        Task::FindNull | Task::RefuseNull | Task::FindHalf | Task::RefuseHalf => "check",
        Task::Insert => "insert",
        Task::TellFates => "outcomes",
        Task::ReturnOld | Task::ReturnNew => "returning",
        Task::Update => strategy_name(shape.source),
    }
}

/// The strategy of a statement's source, by name.
fn strategy_name(source: Source) -> &'static str {
    match source {
        Source::None | Source::Keys => Strategy::Uniform.name(),
        Source::Row => Strategy::PerRow.name(),
        Source::Case => Strategy::Case.name(),
        Source::Join { rows: Joined::Rows(_), .. } => Strategy::ValuesJoin.name(),
        Source::Join { rows: Joined::Arrays { .. }, .. } => Strategy::ArrayJoin.name(),
        Source::Join { rows: Joined::Document, .. } => Strategy::JsonJoin.name(),
        Source::Join { rows: Joined::Staged { .. }, .. } => Strategy::Staged.name(),
        Source::Join { rows: Joined::Table, .. } => "table-join",
    }
}

/// An expression as it is written, behind a colon.
#[cfg(feature = "lang")]
fn shown(expr: &Expr<'_>) -> String {
    format!(": {expr}")
}

/// Without the language there is no way to write an expression.
#[cfg(not(feature = "lang"))]
fn shown(_: &Expr<'_>) -> &'static str {
    ""
}
