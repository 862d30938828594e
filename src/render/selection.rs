//! Rows that are selected from a table beside the target.

use super::Renderer;
use super::rows::Chunk;
use super::statement::{write_expression, write_list};
use crate::sql::{Selected, Sql};

/// `(a, b) IN (SELECT c, d FROM t WHERE …)`.
pub(super) fn write_in_rows<'u>(
    renderer: &mut Renderer<'u>,
    chunk: Chunk<'_, 'u>,
    operands: &[Sql<'u>],
    rows: &Selected<'u>,
) {
    match operands {
        [only] => write_expression(renderer, chunk, only, true),
        all => {
            renderer.push("(");
            write_list(renderer, chunk, all);
            renderer.push(")");
        }
    }
    renderer.push(" IN (");
    if rows.is_target {
        write_apart(renderer, chunk, rows);
    } else {
        write_selected(renderer, chunk, rows, false);
    }
    renderer.push(")");
}

/// The table from which the incoming rows come: by its name, or as a query where it has a condition or a collation.
pub(super) fn write_from<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, from: &Selected<'u>) {
    if from.filter.is_none() && from.columns.iter().all(Sql::is_leaf) {
        return renderer.table(from.table);
    }
    renderer.push("(SELECT ");
    for (index, (column, input)) in from.columns.iter().zip(&chunk.statement.inputs).enumerate() {
        renderer.push(if index == 0 { "" } else { ", " });
        write_expression(renderer, chunk, column, false);
        if !column.is_leaf() {
            renderer.push(" AS ");
            renderer.ident(input.name);
        }
    }
    write_source(renderer, chunk, from);
    renderer.push(")");
}

/// The rows of the target, which are all read before the first is written: what is distinct is kept apart, and some engines
/// read their target nowhere else.
fn write_apart<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, rows: &Selected<'u>) {
    renderer.push("SELECT ");
    for index in 0..rows.columns.len() {
        renderer.push(if index == 0 { "s.c" } else { ", s.c" });
        renderer.push(itoa::Buffer::new().format(index));
    }
    renderer.push(" FROM (");
    write_selected(renderer, chunk, rows, true);
    renderer.push(") AS s");
}

fn write_selected<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, rows: &Selected<'u>, is_apart: bool) {
    renderer.push(if is_apart { "SELECT DISTINCT " } else { "SELECT " });
    for (index, column) in rows.columns.iter().enumerate() {
        renderer.push(if index == 0 { "" } else { ", " });
        write_expression(renderer, chunk, column, false);
        if is_apart {
            renderer.push(" AS c");
            renderer.push(itoa::Buffer::new().format(index));
        }
    }
    write_source(renderer, chunk, rows);
}

/// `FROM t WHERE …`
fn write_source<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, rows: &Selected<'u>) {
    renderer.push(" FROM ");
    renderer.table(rows.table);
    if let Some(filter) = &rows.filter {
        renderer.push(" WHERE ");
        write_expression(renderer, chunk, filter, false);
    }
}
