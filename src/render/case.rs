//! Rows as branches: `CASE key WHEN … THEN …`.

use super::rows::{Chunk, key_names, write_column, write_key_cells, write_key_equals};
use super::{Renderer, Say};
use crate::ir::{Cell, Ident};

/// `CASE key WHEN … THEN … END`; rows that are not in the chunk keep their value.
pub(super) fn write_case<'u>(
    renderer: &mut Renderer<'u>,
    chunk: Chunk<'_, 'u>,
    input: usize,
    target: Option<&'u Ident>,
) {
    let Some(column) = chunk.statement.inputs.get(input) else { return };
    renderer.push("CASE");
    if chunk.statement.key.len() == 1 {
        for name in key_names(chunk) {
            renderer.push(" ");
            write_column(renderer, chunk, name);
        }
    }
    let say = |index: usize| match (index, target) {
        (0, Some(_)) => Say::Type,
        (_, Some(_)) => Say::Nothing,
        (0, None) => Say::Operand,
        (_, None) => Say::OperandBehind,
    };
    if renderer.binds().is_some() {
        for (index, row) in chunk.rows.iter().enumerate() {
            let row = chunk.row(*row);
            write_when(renderer, chunk, row);
            renderer.cell(column.value_in(row), input, column, say(index));
        }
    } else {
        let Some(cells) = chunk.cells else { return };
        renderer.keep_heads(chunk.rows.len(), |renderer, ends| match chunk.only_key() {
            Some(key) => {
                let words = ("\nWHEN ", " THEN ");
                renderer.plain_cells((chunk.rows, cells), key, words, |end| ends.push(end));
            }
            None => chunk.rows.iter().for_each(|row| {
                write_when(renderer, chunk, chunk.row(*row));
                ends.push(renderer.out.len());
            }),
        });
        renderer.headed_cells((chunk.rows, cells), input, column, say(0));
    }
    if let Some(target) = target {
        renderer.push("\nELSE ");
        write_column(renderer, chunk, target);
    }
    renderer.push(" END");
}

/// `WHEN key THEN`
fn write_when<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, row: Option<&'u [Cell<'u>]>) {
    renderer.push("\nWHEN ");
    if chunk.statement.key.len() == 1 {
        write_key_cells(renderer, chunk, row);
    } else {
        write_key_equals(renderer, chunk, row);
    }
    renderer.push(" THEN ");
}
