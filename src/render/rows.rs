//! The rows of a chunk: the one part of a statement whose size is not in the number of columns.

use super::beside;
use super::case;
use super::many::are_rows;
use super::{Renderer, SAMPLE, Say, selection, stage};
use crate::dialect::{JoinForm, RowIn, RowsForm};
use crate::ir::{Cell, Cells, Ident, Type, Value};
use crate::sql::{From, InputColumn, Joined, Part, Source, Statement, Verb};

/// A statement and the rows that it is written for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'s, 'u> {
    pub statement: &'s Statement<'u>,
    pub cells: Option<&'u Cells<'u>>,
    pub rows: &'s [u32],
}

impl<'s, 'u> Chunk<'s, 'u> {
    /// Whether the target is joined with itself, so that old values are read beside the new.
    pub(super) fn joins_old_row(&self) -> bool {
        !self.statement.old_key.is_empty()
    }

    /// Whether the chunk's rows are read as a table beside the target.
    fn reads_rows(&self) -> bool {
        let from = match &self.statement.verb {
            Verb::Select(select)
            | Verb::Insert { columns: _, select }
            | Verb::KeepOld { snapshot: _, act: _, select }
            | Verb::Raise { message: _, select } => select.from,
            _ => From::Target,
        };
        matches!(self.statement.source, Source::Join { .. }) || matches!(from, From::RowsAndTarget | From::AbsentRows)
    }

    pub(super) fn row(&self, row: u32) -> Option<&'u [Cell<'u>]> {
        self.cells.and_then(|cells| cells.row(row))
    }

    /// The key column, where it is only one.
    pub(super) fn only_key(&self) -> Option<&'s InputColumn<'u>> {
        self.keys().next().map(|(_, column)| column).filter(|_| self.statement.key.len() == 1)
    }

    /// The key columns, each with its position among the inputs.
    fn keys(&self) -> impl Iterator<Item = (usize, &'s InputColumn<'u>)> + use<'s, 'u> {
        let statement = self.statement;
        statement.key.iter().filter_map(move |&input| statement.inputs.get(input).map(|column| (input, column)))
    }
}

pub(super) fn write_alias<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let quote = renderer.words().quote;
    renderer.out.extend([quote]);
    renderer.push(&chunk.statement.rows_name);
    renderer.out.extend([quote]);
}

/// `WITH v (…) AS (VALUES …)`, where the dialect names joined rows before the statement.
pub(super) fn write_with<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let Source::Join { form: JoinForm::FromCte, rows } = chunk.statement.source else { return };
    if matches!(rows, Joined::Staged { .. } | Joined::Table) {
        return;
    }
    renderer.push("WITH ");
    write_alias(renderer, chunk);
    renderer.push(" (");
    write_columns(renderer, chunk);
    renderer.push(") AS (");
    write_values(renderer, chunk);
    renderer.push(")\n");
}

/// A column of the target, with the table's name where another table may have one of that name.
pub(super) fn write_column<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, name: &Ident) {
    if beside::write_column(renderer, chunk, name) {
        return;
    }
    if chunk.joins_old_row() || chunk.reads_rows() || beside::are_joined(renderer, chunk) {
        renderer.ident(chunk.statement.target.name());
        renderer.push(".");
    }
    renderer.ident(name);
}

/// The name of the target's row as it was.
pub(super) fn write_old_alias<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let quote = renderer.words().quote;
    renderer.out.push(quote);
    renderer.push(if chunk.statement.target.name().as_str().eq_ignore_ascii_case("o") { "p" } else { "o" });
    renderer.out.push(quote);
}

/// ` JOIN t AS o ON o.key = t.key`, where old values are read beside the new.
pub(super) fn write_old_row<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    if !chunk.joins_old_row() {
        return;
    }
    write_join_word(renderer, chunk);
    renderer.table(chunk.statement.target);
    renderer.push(" AS ");
    write_old_alias(renderer, chunk);
    if chunk.statement.along_key {
        renderer.push(" FORCE INDEX (PRIMARY)");
    }
    for (index, name) in chunk.statement.old_key.iter().enumerate() {
        renderer.push(if index == 0 { " ON " } else { " AND " });
        write_old_alias(renderer, chunk);
        renderer.push(".");
        renderer.ident(name);
        renderer.push(" = ");
        write_column(renderer, chunk, name);
    }
}

/// The target, as it is read.
pub(super) fn write_target<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    renderer.table(chunk.statement.target);
    if chunk.statement.along_key {
        renderer.push(" FORCE INDEX (PRIMARY)");
    }
}

/// How the target is joined behind the chunk's rows: in this order, where each row that is read is locked.
pub(super) fn write_join_word<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    renderer.push(if chunk.statement.along_key { "\nSTRAIGHT_JOIN " } else { "\nJOIN " });
}

/// The joined rows, as `FROM` has them.
pub(super) fn write_from_rows<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    match chunk.statement.source {
        Source::Join { rows: Joined::Staged { stage }, .. } => {
            stage::write_name(renderer, chunk, stage);
            renderer.push(" AS ");
            write_alias(renderer, chunk);
        }
        Source::Join { rows: Joined::Table, .. } => {
            if let Some(from) = &chunk.statement.from {
                selection::write_from(renderer, chunk, from);
            }
            renderer.push(" AS ");
            write_alias(renderer, chunk);
        }
        Source::Join { form: JoinForm::FromValues, rows } => {
            match rows {
                Joined::Rows(_) => {
                    renderer.push("(");
                    write_values(renderer, chunk);
                    renderer.push(")");
                }
                Joined::Arrays { .. } => write_arrays(renderer, chunk),
                Joined::Document => write_document(renderer, chunk),
                Joined::Staged { .. } | Joined::Table => {}
            }
            renderer.push(" AS ");
            write_alias(renderer, chunk);
            renderer.push(" (");
            write_columns(renderer, chunk);
            renderer.push(")");
        }
        Source::Join { form: JoinForm::JoinHeader, .. } => {
            renderer.push("(");
            write_header(renderer, chunk);
            write_values(renderer, chunk);
            renderer.push(") AS ");
            write_alias(renderer, chunk);
        }
        // named before the statement
        Source::Join { form: JoinForm::FromCte, .. } => write_alias(renderer, chunk),
        Source::None | Source::Keys | Source::Row | Source::Case => {}
    }
}

/// The names of the joined rows' columns.
pub(super) fn write_columns<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    for (index, input) in chunk.statement.inputs.iter().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        renderer.ident(input.name);
    }
}

/// The first arm of the rows: no row, but the types of the target's columns.
fn write_header<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    renderer.push("SELECT ");
    write_header_columns(renderer, chunk, false);
    renderer.push(" FROM ");
    renderer.table(chunk.statement.target);
    renderer.push(" WHERE 0\nUNION ALL ");
}

/// The target's columns, for their types.
///
/// Texts are typed as utf8mb4, which takes every literal: MariaDB refuses to unite a column in another character set
/// with one that is not ASCII. Keys keep their own character set, without which no index would serve.
pub(super) fn write_header_columns<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, is_joined: bool) {
    let write = |renderer: &mut Renderer<'u>, input: &InputColumn<'u>| {
        if is_joined {
            renderer.ident(chunk.statement.target.name());
            renderer.push(".");
        }
        renderer.ident(input.name);
    };
    for (index, input) in chunk.statement.inputs.iter().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        if input.part == Part::Given {
            renderer.push("0 = 1 AS ");
            renderer.ident(input.name);
            continue;
        }
        let is_text = matches!(*input.ty, Type::Text { .. } | Type::Char { .. } | Type::Enum { .. });
        // MariaDB drops white space at the start of an alias, but not of a column's own name
        let has_alias = !input.name.as_str().starts_with(|first: char| first.is_whitespace() || first.is_control());
        if is_text && has_alias && !chunk.statement.key.contains(&index) {
            renderer.push("CONVERT(");
            write(renderer, input);
            renderer.push(" USING utf8mb4) AS ");
            renderer.ident(input.name);
        } else {
            write(renderer, input);
        }
    }
}

/// All rows of the chunk: `VALUES (…), (…)`, or the form that the dialect has instead.
pub(super) fn write_values<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let form = match chunk.statement.source {
        Source::Join { rows: Joined::Rows(rows), .. } => rows,
        _ => RowsForm::Values,
    };
    let (first, between, last) = match form {
        RowsForm::Values => ("VALUES\n(", "),\n(", ")"),
        RowsForm::ValuesRow => ("VALUES\nROW(", "),\nROW(", ")"),
        RowsForm::UnionAll => ("SELECT ", "\nUNION ALL SELECT ", ""),
    };
    // where only the first row says types, all others are written alike
    let are_alike = renderer.casts_first_row_only() && are_rows(&chunk.statement.inputs, chunk.cells);
    let (typed, plain) = chunk.rows.split_at(if are_alike { chunk.rows.len().min(1) } else { chunk.rows.len() });
    for (index, row) in typed.iter().enumerate() {
        renderer.push(if index == 0 { first } else { between });
        let row = chunk.row(*row);
        let say = if index == 0 { Say::Operand } else { Say::OperandBehind };
        for (input, column) in chunk.statement.inputs.iter().enumerate() {
            if input > 0 {
                renderer.push(", ");
            }
            renderer.cell(column.value_in(row), input, column, say);
        }
    }
    let start = renderer.out.len();
    let (sample, rest) = plain.split_at_checked(SAMPLE).unwrap_or((plain, &[]));
    for (rows, left) in [(sample, rest.len()), (rest, 0)] {
        let rows = rows.iter().map(|row| chunk.row(*row).unwrap_or_default());
        renderer.plain_rows(rows, &chunk.statement.inputs, between);
        renderer.out.expect_rows(start, SAMPLE, left);
    }
    renderer.push(last);
}

/// `unnest($1, $2)`, an array for each column.
pub(super) fn write_arrays<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    renderer.push("unnest(");
    for (index, column) in chunk.statement.inputs.iter().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        write_array(renderer, chunk, index, column);
    }
    renderer.push(")");
}

/// `(SELECT CAST(c0 AS type), … FROM json_to_recordset($1) AS j (c0 text, …))`.
fn write_document<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    renderer.push("(SELECT ");
    for (index, column) in chunk.statement.inputs.iter().enumerate() {
        renderer.push(if index == 0 { "CAST(" } else { ", CAST(" });
        write_number(renderer, index);
        renderer.close_own_cast(&column.ty);
    }
    renderer.push(" FROM json_to_recordset(");
    let rows = chunk.rows.iter().map(|row| chunk.row(*row));
    renderer.document(rows, &chunk.statement.inputs);
    renderer.push(") AS j (");
    for index in 0..chunk.statement.inputs.len() {
        renderer.push(if index == 0 { "" } else { ", " });
        write_number(renderer, index);
        renderer.push(" text");
    }
    renderer.push("))");
}

/// The name that an input has in a document.
fn write_number(renderer: &mut Renderer<'_>, input: usize) {
    let quote = renderer.words().quote;
    renderer.out.extend([quote, 'c']);
    renderer.push(itoa::Buffer::new().format(input));
    renderer.out.push(quote);
}

/// The values of a column in all rows of the chunk, as an array. Written again, a parameter is the same one.
fn write_array<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, input: usize, column: &InputColumn<'u>) {
    let value_at = |row: &u32| match chunk.cells.and_then(|cells| cells.cell(*row, column.position)) {
        Some(cell) => column.value_of(cell),
        None => &Value::Null,
    };
    renderer.array(chunk.rows.iter().map(value_at), input, column);
}

/// ` AND t.key = ANY($1)`, where the keys are asked for as a list too.
pub(super) fn write_key_list<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let Source::Join { rows: Joined::Arrays { keyed: true }, .. } = chunk.statement.source else { return };
    for (input, column) in chunk.keys() {
        renderer.push(" AND ");
        write_column(renderer, chunk, column.name);
        renderer.push(" = ANY(");
        write_array(renderer, chunk, input, column);
        renderer.push(")");
    }
}

/// `t.key = v.key` for each key column.
pub(super) fn write_match<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    for (index, name) in key_names(chunk).enumerate() {
        if index > 0 {
            renderer.push(" AND ");
        }
        write_column(renderer, chunk, name);
        renderer.push(" = ");
        write_alias(renderer, chunk);
        renderer.push(".");
        renderer.ident(name);
    }
}

/// The chunk's rows that the target has, each with the target's row of its key.
pub(super) fn write_rows_in_target<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    write_from_rows(renderer, chunk);
    write_join_word(renderer, chunk);
    write_target(renderer, chunk);
    renderer.push(" ON ");
    write_match(renderer, chunk);
}

/// The chunk's rows, each with the target's row of its key where there is one.
pub(super) fn write_rows_and_target<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let is_joined = matches!(chunk.statement.source, Source::Join { .. });
    if is_joined {
        write_from_rows(renderer, chunk);
    } else {
        // a row of which every value stands where it is read
        renderer.push("(SELECT 1) AS ");
        write_alias(renderer, chunk);
    }
    renderer.push("\nLEFT JOIN ");
    if !beside::write_telling(renderer, chunk) {
        write_target(renderer, chunk);
    }
    renderer.push(" ON ");
    if is_joined {
        write_match(renderer, chunk);
    } else {
        write_keys(renderer, chunk);
    }
}

/// Leaves only rows whose key is NULL.
pub(super) fn write_is_null<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    for (index, name) in key_names(chunk).enumerate() {
        renderer.push(if index == 0 { "\nWHERE " } else { " OR " });
        write_alias(renderer, chunk);
        renderer.push(".");
        renderer.ident(name);
        renderer.push(" IS NULL");
    }
}

/// Leaves only rows for which the table has none of their key.
pub(super) fn write_is_absent<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    for name in key_names(chunk).take(1) {
        renderer.push("\nWHERE ");
        write_column(renderer, chunk, name);
        renderer.push(" IS NULL");
    }
}

pub(super) fn key_names<'s, 'u>(chunk: Chunk<'s, 'u>) -> impl Iterator<Item = &'u Ident> + use<'s, 'u> {
    chunk.keys().map(|(_, column)| column.name)
}

/// An input, as the statement's source gives it; `target` is the column that takes it as it is.
pub(super) fn write_input<'u>(
    renderer: &mut Renderer<'u>,
    chunk: Chunk<'_, 'u>,
    input: usize,
    target: Option<&'u Ident>,
) {
    let Some(column) = chunk.statement.inputs.get(input) else { return };
    match chunk.statement.source {
        Source::Join { .. } => {
            write_alias(renderer, chunk);
            renderer.push(".");
            renderer.ident(column.name);
        }
        Source::Case => case::write_case(renderer, chunk, input, target),
        Source::Row | Source::Keys | Source::None => {
            let say = if target.is_some() { renderer.say_alone() } else { Say::Operand };
            for row in chunk.rows.iter().take(1) {
                renderer.cell(column.value_in(chunk.row(*row)), input, column, say);
            }
        }
    }
}

/// The condition that a row is one of the chunk.
pub(super) fn write_keys<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    if let [row] = chunk.rows {
        return write_key_equals(renderer, chunk, chunk.row(*row));
    }
    if chunk.statement.source == Source::Row {
        // one text for all rows; each execution has its own parameters
        return chunk.rows.iter().take(1).for_each(|row| write_key_equals(renderer, chunk, chunk.row(*row)));
    }
    let composite = chunk.statement.key.len() > 1;
    if composite {
        renderer.push("(");
    }
    for (index, name) in key_names(chunk).enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        write_column(renderer, chunk, name);
    }
    renderer.push(if composite { ") IN (" } else { " IN (" });
    if composite && renderer.words().row_in == RowIn::Values {
        renderer.push("VALUES ");
    }
    // literals of one key column are written alike, but for what stands before the first
    let only_key = chunk.only_key().filter(|_| renderer.binds().is_none());
    let (each, alike) = chunk.rows.split_at(only_key.map_or(usize::MAX, |_| 1).min(chunk.rows.len()));
    for (index, row) in each.iter().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        if composite {
            renderer.push("(");
        }
        write_key_cells(renderer, chunk, chunk.row(*row));
        if composite {
            renderer.push(")");
        }
    }
    if let (Some(key), Some(cells)) = (only_key, chunk.cells) {
        renderer.plain_cells((alike, cells), key, (", ", ""), |_| ());
    }
    renderer.push(")");
}

pub(super) fn write_key_cells<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, row: Option<&'u [Cell<'u>]>) {
    let say = renderer.say_key();
    for (index, (input, column)) in chunk.keys().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        renderer.cell(column.value_in(row), input, column, say);
    }
}

pub(super) fn write_key_equals<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, row: Option<&'u [Cell<'u>]>) {
    let say = renderer.say_key();
    for (index, (input, column)) in chunk.keys().enumerate() {
        if index > 0 {
            renderer.push(" AND ");
        }
        write_column(renderer, chunk, column.name);
        renderer.push(" = ");
        renderer.cell(column.value_in(row), input, column, say);
    }
}

#[cfg(test)]
mod tests;
