//! Queries: what a script asks the table before it writes.

use super::Renderer;
use super::beside;
use super::rows::{self, Chunk};
use super::statement::{write_list, write_where};
use crate::dialect::{JoinForm, Raise};
use crate::ir::Ident;
use crate::sql::{From, Joined, Select, Source};

/// At most so many rows are named where a script fails.
const MOST_NAMED: usize = 20;

/// Writes a query.
pub(super) fn write_select<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, select: &Select<'u>) {
    let Select { heading, list, from: _, repeated: _, order: _, lock: _ } = select;
    rows::write_with(renderer, chunk);
    renderer.push("SELECT ");
    if let Some(heading) = heading {
        renderer.push("'");
        renderer.push(heading);
        renderer.push("' AS error, ");
    }
    write_list(renderer, chunk, list);
    write_rest(renderer, chunk, select);
}

/// What follows the list of a query.
pub(super) fn write_rest<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, select: &Select<'u>) {
    let Select { heading: _, list: _, from, repeated, order, lock } = select;
    renderer.push(if *from == From::Nothing { "" } else { "\nFROM " });
    match from {
        From::Nothing => {}
        From::Target => {
            rows::write_target(renderer, chunk);
            beside::write_joins(renderer, chunk, "\nJOIN ");
            write_where(renderer, chunk);
        }
        From::Rows => rows::write_from_rows(renderer, chunk),
        From::NullRows => {
            rows::write_from_rows(renderer, chunk);
            rows::write_is_null(renderer, chunk);
        }
        From::RowsInTarget => {
            if matches!(chunk.statement.source, Source::Join { form: JoinForm::JoinHeader, .. }) {
                rows::write_rows_in_target(renderer, chunk);
            } else {
                // the conditions hold the match
                rows::write_from_rows(renderer, chunk);
                renderer.push(", ");
                renderer.table(chunk.statement.target);
            }
            beside::write_joins(renderer, chunk, "\nJOIN ");
            write_where(renderer, chunk);
        }
        From::RowsAndTarget => {
            rows::write_rows_and_target(renderer, chunk);
            beside::write_joins(renderer, chunk, "\nLEFT JOIN ");
        }
        From::AbsentRows => {
            rows::write_rows_and_target(renderer, chunk);
            rows::write_is_absent(renderer, chunk);
        }
    }
    if !repeated.is_empty() {
        renderer.push("\nGROUP BY ");
        write_list(renderer, chunk, repeated);
        renderer.push("\nHAVING count(*) > 1");
    }
    if !order.is_empty() {
        renderer.push("\nORDER BY ");
        write_list(renderer, chunk, order);
    }
    if *lock {
        renderer.push("\nFOR UPDATE");
        // what is only read is not locked, where the engine tells the two apart
        if let Source::Join { form: JoinForm::FromValues, rows: Joined::Table } = chunk.statement.source {
            renderer.push(" OF ");
            renderer.ident(chunk.statement.target.name());
        }
    }
}

/// Writes the rows of a query into the table.
pub(super) fn write_insert<'u>(
    renderer: &mut Renderer<'u>,
    chunk: Chunk<'_, 'u>,
    columns: &[&'u Ident],
    select: &Select<'u>,
) {
    renderer.push("INSERT INTO ");
    renderer.table(chunk.statement.target);
    for (index, column) in columns.iter().enumerate() {
        renderer.push(if index == 0 { " (" } else { ", " });
        renderer.ident(column);
    }
    renderer.push(")\n");
    write_select(renderer, chunk, select);
}

/// Writes a query that counts the rows of another.
pub(super) fn write_count<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, select: &Select<'u>) {
    renderer.push("SELECT count(*) FROM (");
    write_select(renderer, chunk, select);
    renderer.push(") AS x");
}

/// Writes a statement that fails where a query has a row.
pub(super) fn write_raise<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, message: &str, select: &Select<'u>) {
    let fails = match renderer.words().raise {
        Raise::CastText => return write_cast_text(renderer, chunk, message, select),
        Raise::TwoRows => "(SELECT 1 UNION ALL SELECT 2)",
        Raise::AbsLeast => "abs(-9223372036854775808)",
    };
    renderer.push("SELECT CASE WHEN EXISTS (");
    write_select(renderer, chunk, select);
    renderer.push(") THEN ");
    renderer.push(fails);
    renderer.push(" END");
}

/// The aggregate of no row is NULL, and so is what it is cast to.
fn write_cast_text<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, message: &str, select: &Select<'u>) {
    let columns: Vec<String> = (0..select.list.len()).map(|index| format!("c{index}")).collect();
    let columns = columns.join(", ");
    renderer.push("SELECT CAST('");
    renderer.push(message);
    renderer.push(": ' || string_agg(concat_ws(', ', ");
    renderer.push(&columns);
    renderer.push("), '; ') AS integer) FROM (");
    write_select(renderer, chunk, select);
    renderer.push("\nLIMIT ");
    renderer.push(itoa::Buffer::new().format(MOST_NAMED));
    renderer.push(") AS c (");
    renderer.push(&columns);
    renderer.push(")");
}
