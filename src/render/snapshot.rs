//! Temporary tables that keep old values.

use super::rows::Chunk;
use super::{Renderer, query, stage};
use crate::dialect::Staging;
use crate::expand::{Kept, Snapshot};
use crate::ir::Ident;
use crate::sql::{Act, Select};

/// The name of the first, with which no name of the update's tables begins.
pub(crate) const KEPT: &str = "setwise_old";

/// Makes, fills or drops a temporary table that keeps old values.
pub(super) fn write_snapshot<'u>(
    renderer: &mut Renderer<'u>,
    chunk: Chunk<'_, 'u>,
    snapshot: &Snapshot,
    act: Act,
    select: &Select<'u>,
) {
    let Snapshot { table, columns, key, indexes } = snapshot;
    match act {
        Act::Clear | Act::Drop => {
            stage::write_drop(renderer, act);
            write_name(renderer, table);
        }
        Act::Create => {
            let is_copied = renderer.words().staging == Staging::Copied;
            stage::write_create_word(renderer);
            write_name(renderer, table);
            for (index, columns) in indexes.iter().filter(|_| is_copied).enumerate() {
                renderer.push(if index == 0 { " (INDEX i" } else { ", INDEX i" });
                renderer.push(itoa::Buffer::new().format(index));
                renderer.push(" ");
                write_columns(renderer, columns);
            }
            renderer.push(if is_copied && !indexes.is_empty() { ") AS\n" } else { " AS\n" });
            query::write_select(renderer, chunk, select);
            renderer.push("\nWHERE 0 = 1");
        }
        Act::Index => {
            let is_untyped = renderer.words().staging == Staging::Untyped;
            renderer.push("CREATE UNIQUE INDEX ");
            if is_untyped {
                write_name(renderer, table);
                renderer.push("_key ON ");
                write_bare_name(renderer, table);
            } else {
                renderer.push("ON ");
                write_name(renderer, table);
            }
            renderer.push(" ");
            write_columns(renderer, columns.get(..*key).unwrap_or_default());
        }
        Act::Fill => {
            renderer.push("INSERT INTO ");
            write_name(renderer, table);
            renderer.push(" ");
            write_columns(renderer, columns);
            renderer.push("\n");
            query::write_select(renderer, chunk, select);
        }
    }
}

/// The table's name, where it is found whatever the session has besides.
pub(super) fn write_name(renderer: &mut Renderer<'_>, table: &Kept) {
    stage::write_place(renderer, table.schema.as_ref());
    write_bare_name(renderer, table);
}

/// The name without where it is.
fn write_bare_name(renderer: &mut Renderer<'_>, Kept { number, schema: _ }: &Kept) {
    renderer.push(KEPT);
    if *number > 0 {
        renderer.push(itoa::Buffer::new().format(*number));
    }
}

fn write_columns(renderer: &mut Renderer<'_>, columns: &[Ident]) {
    for (index, column) in columns.iter().enumerate() {
        renderer.push(if index == 0 { "(" } else { ", " });
        renderer.ident(column);
    }
    renderer.push(")");
}
