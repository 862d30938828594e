//! Temporary tables that hold rows.

use super::Renderer;
use super::rows::{self, Chunk};
use crate::dialect::Staging;
use crate::ir::Ident;
use crate::sql::{Act, Joined, Source};

/// Makes, fills or drops the temporary table of a number.
pub(super) fn write_stage<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, stage: usize, act: Act) {
    match act {
        Act::Clear | Act::Drop => {
            write_drop(renderer, act);
            write_name(renderer, chunk, stage);
        }
        Act::Create => write_create(renderer, chunk, stage),
        // all of its rows are joined
        Act::Index => {}
        Act::Fill => {
            renderer.push("INSERT INTO ");
            write_name(renderer, chunk, stage);
            renderer.push(" (");
            rows::write_columns(renderer, chunk);
            renderer.push(")\n");
            if let Source::Join { rows: Joined::Arrays { .. }, .. } = chunk.statement.source {
                renderer.push("SELECT * FROM ");
                rows::write_arrays(renderer, chunk);
            } else {
                rows::write_values(renderer, chunk);
            }
        }
    }
}

/// The name of a temporary table, where it is found whatever the session has besides.
pub(super) fn write_name<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, stage: usize) {
    write_place(renderer, chunk.statement.target.schema());
    let name = chunk.statement.target.name().as_str();
    let is_taken = name.get(..NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME));
    renderer.push(if is_taken { OTHER_NAME } else { NAME });
    if stage > 0 {
        renderer.push(itoa::Buffer::new().format(stage));
    }
}

/// Where a temporary table is; it may be in a database beside other tables.
pub(super) fn write_place(renderer: &mut Renderer<'_>, database: Option<&Ident>) {
    match (renderer.words().staging, database) {
        (Staging::Typed, _) => renderer.push("pg_temp."),
        (Staging::Untyped, _) => renderer.push("temp."),
        (Staging::Copied, Some(database)) => {
            renderer.ident(database);
            renderer.push(".");
        }
        (Staging::Copied, None) => {}
    }
}

/// The words that drop a temporary table, or one that an earlier script has left.
pub(super) fn write_drop(renderer: &mut Renderer<'_>, act: Act) {
    renderer.push(match renderer.words().staging {
        Staging::Copied => "DROP TEMPORARY TABLE ",
        Staging::Typed | Staging::Untyped => "DROP TABLE ",
    });
    renderer.push(if act == Act::Clear { "IF EXISTS " } else { "" });
}

/// The words that make a temporary table.
pub(super) fn write_create_word(renderer: &mut Renderer<'_>) {
    renderer.push(match renderer.words().staging {
        Staging::Typed | Staging::Untyped => "CREATE TEMP TABLE ",
        Staging::Copied => "CREATE TEMPORARY TABLE ",
    });
}

const NAME: &str = "setwise_rows";
const OTHER_NAME: &str = "setwise_cells";

fn write_create<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, stage: usize) {
    let staging = renderer.words().staging;
    write_create_word(renderer);
    write_name(renderer, chunk, stage);
    match staging {
        Staging::Copied => {
            renderer.push(" AS\nSELECT ");
            rows::write_header_columns(renderer, chunk, true);
            // what is outer takes NULL, whatever the table says
            renderer.push("\nFROM (SELECT 1) AS ");
            rows::write_alias(renderer, chunk);
            renderer.push(" LEFT JOIN ");
            renderer.table(chunk.statement.target);
            renderer.push(" ON 0 = 1\nWHERE 0 = 1");
        }
        Staging::Typed | Staging::Untyped => {
            for (index, input) in chunk.statement.inputs.iter().enumerate() {
                renderer.push(if index == 0 { " (" } else { ", " });
                renderer.ident(input.name);
                if let (Staging::Typed, Some(cast)) = (staging, renderer.words().own_cast(&input.ty)) {
                    renderer.push(" ");
                    renderer.cast_name(cast, &input.ty);
                }
            }
            renderer.push(")");
        }
    }
}
