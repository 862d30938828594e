//! Numbers that a script reads and keeps for its later statements.

use super::Renderer;
use super::query::write_rest;
use super::rows::{self, Chunk};
use super::statement::write_expression;
use crate::dialect::Keeping;
use crate::ir::{Ident, TableName};
use crate::sql::{Keep, Number};

/// Writes a statement that keeps numbers.
pub(super) fn write_keep<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, keep: &Keep<'u>) {
    match renderer.words().keeping {
        Keeping::Setting => {
            renderer.push("SELECT ");
            for (index, (number, value)) in keep.numbers.iter().zip(&keep.select.list).enumerate() {
                renderer.push(if index == 0 { "set_config('" } else { ", set_config('" });
                write_name(renderer, "setwise.", *number, keep.at);
                renderer.push("', CAST(");
                write_expression(renderer, chunk, value, false);
                renderer.push(" AS text), true)");
            }
            write_from(renderer, chunk, keep);
        }
        Keeping::Variable => {
            write_list(renderer, chunk, keep, "SELECT ");
            renderer.push("\nINTO ");
            for (index, number) in keep.numbers.iter().enumerate() {
                renderer.push(if index == 0 { "" } else { ", " });
                write_name(renderer, "@setwise_", *number, keep.at);
            }
            write_from(renderer, chunk, keep);
        }
        Keeping::TempTable if keep.is_first => {
            renderer.push("INSERT INTO temp.setwise_parked (at, ");
            write_columns(renderer, keep);
            renderer.push(")\nSELECT ");
            renderer.push(itoa::Buffer::new().format(keep.at));
            write_list(renderer, chunk, keep, ", ");
            write_from(renderer, chunk, keep);
        }
        Keeping::TempTable => {
            renderer.push("UPDATE temp.setwise_parked\nSET (");
            write_columns(renderer, keep);
            write_list(renderer, chunk, keep, ") = (SELECT ");
            write_from(renderer, chunk, keep);
            renderer.push(")\nWHERE at = ");
            renderer.push(itoa::Buffer::new().format(keep.at));
        }
    }
}

/// Writes a statement that keeps others from writing to the table.
pub(super) fn write_lock(renderer: &mut Renderer<'_>, chunk: Chunk<'_, '_>) {
    renderer.push("LOCK TABLE ");
    renderer.table(chunk.statement.target);
    renderer.push(" IN EXCLUSIVE MODE");
}

/// Writes a statement that keeps others from writing to a table that is read.
pub(super) fn write_lock_source(renderer: &mut Renderer<'_>, table: &TableName) {
    renderer.push("LOCK TABLE ");
    renderer.table(table);
    renderer.push(" IN SHARE MODE");
}

/// Writes when constraints are judged.
pub(super) fn write_constraints(renderer: &mut Renderer<'_>, chunk: Chunk<'_, '_>, names: &[&Ident], later: bool) {
    for (index, name) in names.iter().enumerate() {
        renderer.push(if index == 0 { "SET CONSTRAINTS " } else { ", " });
        if let Some(schema) = chunk.statement.target.schema() {
            renderer.ident(schema);
            renderer.push(".");
        }
        renderer.ident(name);
    }
    renderer.push(if later { " DEFERRED" } else { " IMMEDIATE" });
}

fn write_list<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, keep: &Keep<'u>, before: &str) {
    for (index, value) in keep.select.list.iter().enumerate() {
        renderer.push(if index == 0 { before } else { ", " });
        write_expression(renderer, chunk, value, false);
    }
}

/// Where the numbers come from: the table, or a value of each of its rows.
fn write_from<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, keep: &Keep<'u>) {
    let Some(of) = &keep.of else { return write_rest(renderer, chunk, &keep.select) };
    renderer.push("\nFROM (");
    rows::write_with(renderer, chunk);
    renderer.push("SELECT ");
    write_expression(renderer, chunk, of, false);
    renderer.push(" AS x0");
    write_rest(renderer, chunk, &keep.select);
    renderer.push(") AS x");
}

fn write_columns(renderer: &mut Renderer<'_>, keep: &Keep<'_>) {
    for (index, number) in keep.numbers.iter().enumerate() {
        renderer.push(if index == 0 { "" } else { ", " });
        renderer.push(number.name());
    }
}

fn write_name(renderer: &mut Renderer<'_>, space: &str, number: Number, at: usize) {
    renderer.push(space);
    renderer.push(number.name());
    renderer.push(itoa::Buffer::new().format(at));
}
