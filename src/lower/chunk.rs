//! Cuts rows into chunks that respect the engine's limits, counted on the statement that is emitted.

use std::ops::Range;

use crate::check::key::row_index;
use crate::error::{Error, ErrorKind, Place};
use crate::expand::Stands;
use crate::ir::{Cell, Ident, TableName, Type, Value};
use crate::options::Output;
use crate::plan::{Plan, Shape};
use crate::render::Words;
use crate::sql::{InputColumn, Joined, Part, Source, Sql, Statement, Verb};

/// The ranges of the plan's order that each statement of a shape covers.
pub(super) fn cut<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    statement: &Statement<'u>,
) -> Result<Vec<Range<usize>>, Error> {
    let rows = match plan.options.output {
        Output::Binds => shape.chunk.min(rows_by_binds(plan, shape, statement)?),
        Output::Inline | Output::Script | Output::ScriptWithoutTransaction => shape.chunk,
    };
    let most = plan.options.max_bytes.unwrap_or_else(|| plan.dialect.fact(|spec| &spec.max_bytes));
    let is_stored = matches!(shape.source, Source::Join { rows: Joined::Staged { .. } | Joined::Table, .. });
    if shape.source == Source::None || is_stored {
        let words = Words::of(plan.dialect, plan.options.output);
        let is_sent = plan.options.output == Output::Binds;
        let bytes = bound_fixed(statement, |value| if is_sent { sent_bytes(value) } else { words.length(value) });
        if bytes > most {
            return Err(ErrorKind::StatementTooLong { bytes, most }.at(Place::Table));
        }
        let rows = if is_stored { shape.rows.clone() } else { 0..0 };
        return Ok(std::iter::once(rows).collect());
    }
    let rows = if shape.source == Source::Row && plan.options.output != Output::Binds { 1 } else { rows };
    match plan.options.output {
        Output::Binds => cut_by_sent_bytes(plan, statement, cut_evenly(&shape.rows, rows), most),
        _ => cut_by_bytes(plan, shape, statement, rows, most),
    }
}

fn cut_evenly(rows: &Range<usize>, most: usize) -> Vec<Range<usize>> {
    let most = most.max(1);
    let mut chunks = Vec::with_capacity(rows.len().div_ceil(most));
    let mut from = rows.start;
    while from < rows.end {
        let to = from.saturating_add(most).min(rows.end);
        chunks.push(from..to);
        from = to;
    }
    chunks
}

/// Cuts the chunks whose parameters are more bytes than the server takes at once; long ones are rare.
fn cut_by_sent_bytes(
    plan: &Plan<'_>,
    statement: &Statement<'_>,
    chunks: Vec<Range<usize>>,
    most: usize,
) -> Result<Vec<Range<usize>>, Error> {
    let long = || statement.inputs.iter().filter(|input| has_any_length(&input.ty));
    let rows = chunks.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    let are_short = || bound_sent(plan, long()).is_some_and(|bytes| bytes.saturating_mul(rows) <= most);
    let Some(cells) = plan.cells().filter(|_| !are_short()) else { return Ok(chunks) };
    let bytes_at = |at: usize| {
        let row = plan.order.get(at).and_then(|row| cells.row(*row));
        long().map(|input| sent_bytes(input.value_in(row))).sum::<usize>()
    };
    let mut cut = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let (mut from, mut sum) = (chunk.start, 0usize);
        for at in chunk.clone() {
            let bytes = bytes_at(at);
            if bytes > most {
                let row = plan.order.get(at).copied().unwrap_or(0);
                return Err(ErrorKind::StatementTooLong { bytes, most }.at(Place::Row(row_index(row))));
            }
            if sum.saturating_add(bytes) > most && statement.source != Source::Row {
                cut.push(from..at);
                (from, sum) = (at, 0);
            }
            sum = sum.saturating_add(bytes);
        }
        cut.push(from..chunk.end);
    }
    Ok(cut)
}

/// Whether values of a type may be of any length.
fn has_any_length(ty: &Type) -> bool {
    matches!(ty, Type::Text { .. } | Type::Bytes { .. } | Type::Json | Type::Jsonb | Type::Array(_) | Type::Named(_))
}

/// At most so many bytes does a row send in some columns, as far as is known without looking at each.
fn bound_sent<'s>(plan: &Plan<'_>, columns: impl Iterator<Item = &'s InputColumn<'s>>) -> Option<usize> {
    columns.map(|input| longest(plan, input).filter(|_| !has_unknown_length(&input.ty))).sum()
}

/// So many bytes does the longest text or decimal of an input have at most.
fn longest(plan: &Plan<'_>, input: &InputColumn<'_>) -> Option<usize> {
    plan.columns.get(input.position).filter(|_| input.part == Part::Cell).map(|column| column.longest)
}

/// Whether values of a type may be of any length and are neither texts nor decimals.
fn has_unknown_length(ty: &Type) -> bool {
    matches!(ty, Type::Bytes { .. } | Type::Json | Type::Jsonb | Type::Array(_))
}

/// The bytes of a value that may be of any length.
fn sent_bytes(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Json(json) => json.as_str().len(),
        _ => 0,
    }
}

/// The bytes beyond which nothing is sent twice.
const MOST_PADDED: usize = 1 << 20;

/// How many rows the last chunk of an update is written with. Its text depends on their number, so that one number of a
/// few serves them all: a driver that keeps statements by their text then knows it. To update a row once more by the same
/// values is to update it once.
pub(super) fn pad(plan: &Plan<'_>, shape: &Shape<'_>, statement: &Statement<'_>, chunks: &[Range<usize>]) -> usize {
    let last = chunks.last().cloned().unwrap_or_default();
    let is_counted = match shape.source {
        Source::Keys | Source::Case | Source::Join { rows: Joined::Rows(_), .. } => true,
        Source::None
        | Source::Row
        | Source::Join {
            rows: Joined::Arrays { .. } | Joined::Document | Joined::Staged { .. } | Joined::Table, ..
        } => false,
    };
    let is_update = matches!(statement.verb, Verb::Update { .. }) && statement.returning.is_empty();
    if plan.options.output != Output::Binds || !is_counted || !is_update {
        return last.len();
    }
    let most = rows_by_binds(plan, shape, statement).map_or(0, |most| shape.chunk.min(most));
    let padded = one_of_few(last.len()).clamp(last.len(), most.max(last.len()));
    let long = || statement.inputs.iter().filter(|input| has_any_length(&input.ty));
    if padded == last.len() || bound_sent(plan, long()).is_some_and(|bytes| bytes.saturating_mul(padded) <= MOST_PADDED)
    {
        return padded;
    }
    let bytes_at = |at: usize| {
        let row = plan.order.get(at).and_then(|row| plan.cells()?.row(*row));
        long().map(|input| sent_bytes(input.value_in(row))).sum::<usize>()
    };
    let again = bytes_at(last.end.saturating_sub(1)).saturating_mul(padded - last.len());
    let is_short = last.clone().map(bytes_at).fold(again, usize::saturating_add) <= MOST_PADDED;
    if is_short { padded } else { last.len() }
}

/// The number itself up to six, else the next of 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100 and so on: at most a third
/// more.
fn one_of_few(rows: usize) -> usize {
    if rows <= 6 {
        return rows;
    }
    let mut unit = 1usize;
    loop {
        let steps = [8, 10, 12, 15, 20, 25, 30, 40, 50, 60].iter();
        if let Some(step) = steps.map(|step| unit.saturating_mul(*step)).find(|step| *step >= rows) {
            return step;
        }
        unit = unit.saturating_mul(10);
    }
}

/// How many rows fit into the parameters of one statement.
fn rows_by_binds(plan: &Plan<'_>, shape: &Shape<'_>, statement: &Statement<'_>) -> Result<usize, Error> {
    let most = plan.options.max_binds.unwrap_or_else(|| plan.dialect.fact(|spec| &spec.max_binds));
    let (fixed, per_row) = count_binds(statement);
    let needed = fixed + per_row;
    if needed > most {
        return Err(ErrorKind::TooManyBinds { needed, most, dialect: plan.dialect.to_string() }.at(Place::Table));
    }
    match shape.source {
        Source::None | Source::Row => Ok(usize::MAX),
        Source::Keys | Source::Case | Source::Join { .. } => {
            Ok((most - fixed).checked_div(per_row).unwrap_or(usize::MAX))
        }
    }
}

/// The parameters of a statement: those of its own, and those of each row.
pub(crate) fn count_binds(statement: &Statement<'_>) -> (usize, usize) {
    let constants = statement.walk().filter(|sql| matches!(sql, Sql::Value { .. } | Sql::Argument { .. })).count();
    let reads = statement.walk().filter(|sql| matches!(sql, Sql::Input(_))).count();
    let keys = statement.key.len();
    match statement.source {
        Source::Join { rows: Joined::Arrays { .. }, .. } => return (constants + statement.inputs.len(), 0),
        Source::Join { rows: Joined::Document, .. } => return (constants + 1, 0),
        Source::Join { rows: Joined::Staged { .. } | Joined::Table, .. } => return (constants, 0),
        _ => {}
    }
    let per_row = match statement.source {
        Source::None => 0,
        Source::Keys => keys,
        Source::Row => reads + keys,
        Source::Case => reads * (1 + keys) + keys,
        Source::Join { .. } => statement.inputs.len(),
    };
    (constants, per_row)
}

/// Cuts so that no statement is longer than the server takes, judged by upper bounds of what each row needs.
fn cut_by_bytes<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    statement: &Statement<'u>,
    rows: usize,
    most: usize,
) -> Result<Vec<Range<usize>>, Error> {
    let words = Words::of(plan.dialect, plan.options.output);
    let fixed = bound_fixed(statement, |value| words.bound(value));
    let bounds = RowBounds::of(plan, statement);
    if fixed.saturating_add(bounds.all(&words)) <= most {
        return Ok(cut_evenly(&shape.rows, rows));
    }
    let mut chunks = Vec::new();
    let (mut from, mut bytes) = (shape.rows.start, fixed);
    for at in shape.rows.clone() {
        let mut needed = bounds.row(at, |value| words.bound(value));
        if fixed.saturating_add(needed) > most {
            // a row that may be too long alone is measured
            needed = bounds.row(at, |value| words.length(value));
        }
        if fixed.saturating_add(needed) > most {
            let bytes = fixed.saturating_add(needed);
            let row = plan.order.get(at).copied().unwrap_or(0);
            return Err(ErrorKind::StatementTooLong { bytes, most }.at(Place::Row(row_index(row))));
        }
        if bytes.saturating_add(needed) > most || at - from >= rows.max(1) {
            chunks.push(from..at);
            (from, bytes) = (at, fixed);
        }
        bytes = bytes.saturating_add(needed);
    }
    if !shape.rows.is_empty() {
        chunks.push(from..shape.rows.end);
    }
    Ok(chunks)
}

/// At most so many bytes does a statement need besides its rows.
fn bound_fixed(statement: &Statement<'_>, size: impl Fn(&Value<'_>) -> usize) -> usize {
    let mut bytes = 200 + bound_name(statement.target.name().as_str()) * (4 + 2 * statement.inputs.len());
    for sql in statement.walk() {
        bytes += 40
            + match sql {
                Sql::Value { value, .. } => size(value),
                Sql::Argument { value, .. } => value.map_or(0, &size),
                Sql::Column(name) | Sql::Old(name) | Sql::Collate(_, name) => 2 * bound_name(name.as_str()),
                Sql::Of(table, name) => bound_table(table) + bound_name(name.as_str()),
                Sql::InRows(_, rows) => 120 + bound_table(rows.table),
                Sql::Word(word) => word.len(),
                _ => 0,
            };
    }
    bytes += statement.from.iter().map(|from| 80 + bound_table(from.table)).sum::<usize>();
    for input in &statement.inputs {
        bytes += 4 * bound_name(input.name.as_str()) + 80;
    }
    let written: Vec<&Ident> = match &statement.verb {
        Verb::Update { set } => set.iter().map(|set| set.column).collect(),
        Verb::Insert { columns, select: _ } => columns.clone(),
        Verb::Select(_)
        | Verb::Count(_)
        | Verb::Raise { .. }
        | Verb::Keep(_)
        | Verb::KeepOld { .. }
        | Verb::LockTable
        | Verb::LockSource(_)
        | Verb::Stage { .. }
        | Verb::Constraints { .. } => Vec::new(),
    };
    let returned = statement.returning.iter().map(|given| &given.returned.column);
    let named = written.into_iter().chain(returned);
    for beside in statement.beside {
        let names =
            beside.on.iter().flat_map(|(own, there)| [own, there]).chain(beside.columns.iter().map(|(_, name)| name));
        let table = if let Stands::Table(table) = &beside.from { bound_name(table.name().as_str()) } else { 0 };
        bytes += 200 + table + names.map(|name| 2 * bound_name(name.as_str())).sum::<usize>();
    }
    if !statement.beside.is_empty() {
        // columns are written with the target's name
        let columns = statement.walk().filter(|sql| matches!(sql, Sql::Column(_))).count();
        bytes += columns * bound_name(statement.target.name().as_str());
    }
    bytes + named.map(|column| 2 * bound_name(column.as_str()) + 20).sum::<usize>()
}

fn bound_table(table: &TableName) -> usize {
    let schema = table.schema().map_or(0, |schema| bound_name(schema.as_str()));
    schema + bound_name(table.name().as_str())
}

fn bound_name(name: &str) -> usize {
    2 * name.len() + 8
}

/// How often the statement reads each of its inputs.
fn count_reads(statement: &Statement<'_>) -> Vec<usize> {
    let mut reads = vec![0; statement.inputs.len()];
    for sql in statement.walk() {
        if let Sql::Input(input) = sql
            && let Some(count) = reads.get_mut(*input)
        {
            *count += 1;
        }
    }
    reads
}

/// At most so many bytes does a row need: some of its own, and those of each value as often as it is written.
struct RowBounds<'p, 's, 'u> {
    plan: &'p Plan<'u>,
    own: usize,
    inputs: Vec<(&'s InputColumn<'u>, usize)>,
}

impl<'p, 's, 'u> RowBounds<'p, 's, 'u> {
    fn of(plan: &'p Plan<'u>, statement: &'s Statement<'u>) -> Self {
        let reads = count_reads(statement);
        let all_reads: usize = reads.iter().sum();
        let keys = || statement.key.iter().filter_map(|at| statement.inputs.get(*at));
        let key_names = keys().map(|input| bound_name(input.name.as_str())).sum::<usize>() + 16;
        // how often each input is written as a key, and every input besides
        let (as_key, own) = match statement.source {
            Source::None => (0, 0),
            Source::Join { rows: Joined::Arrays { .. } | Joined::Document, .. } => (0, 0),
            Source::Join { rows: Joined::Staged { .. } | Joined::Table, .. } => (0, 0),
            Source::Join { rows: Joined::Rows(_), .. } => (0, 16),
            Source::Keys | Source::Row => (1, key_names),
            Source::Case => (all_reads + 1, (all_reads + 1) * key_names + 40 * all_reads),
        };
        let times = |(at, read): (usize, usize)| match statement.source {
            Source::None | Source::Keys => 0,
            Source::Row | Source::Case => read,
            // in an array each quote or backslash is written twice, and the array's own once more
            Source::Join { rows: Joined::Arrays { .. }, .. } => 4,
            // `\\u001f` for one character, in a text of its own
            Source::Join { rows: Joined::Document, .. } => 8,
            Source::Join { rows: Joined::Rows(_), .. } => 1,
            Source::Join { rows: Joined::Staged { .. } | Joined::Table, .. } => 0,
        } + if statement.key.contains(&at) { as_key } else { 0 };
        let times = reads.into_iter().enumerate().map(times);
        let inputs: Vec<_> = statement.inputs.iter().zip(times).filter(|(_, times)| *times > 0).collect();
        let own = own + inputs.iter().map(|(_, times)| 40 * times).sum::<usize>();
        Self { plan, own, inputs }
    }

    /// At most so many bytes does a row need.
    fn row(&self, at: usize, size: impl Fn(&Value<'_>) -> usize) -> usize {
        let row = self.cells_at(at);
        self.own + self.inputs.iter().map(|(input, times)| times * size(input.value_in(row))).sum::<usize>()
    }

    /// At most so many bytes do all incoming rows need.
    fn all(&self, words: &Words) -> usize {
        let Some(cells) = self.plan.cells() else { return 0 };
        let values = self.inputs.iter().map(|(input, times)| {
            let longest = longest(self.plan, input);
            let sum = match longest.and_then(|longest| words.bound_of_type(&input.ty, longest)) {
                Some(bound) => bound.saturating_mul(cells.len()),
                None => cells.column(input.position).map(|cell| words.bound(input.value_of(cell))).sum(),
            };
            sum.saturating_mul(*times)
        });
        values.fold(self.own.saturating_mul(cells.len()), usize::saturating_add)
    }

    fn cells_at(&self, at: usize) -> Option<&'u [Cell<'u>]> {
        let cells = self.plan.cells()?;
        cells.row(*self.plan.order.get(at)?)
    }
}

#[cfg(test)]
mod tests;
