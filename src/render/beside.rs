//! Tables that are read beside the target: others, and temporary ones that keep old values.

use super::Renderer;
use super::rows::{self, Chunk};
use super::snapshot;
use super::statement::LEADING;
use crate::dialect::JoinForm;
use crate::expand::{Beside, Stands, Tie, Times};
use crate::ir::Ident;
use crate::sql::{Act, Verb};

/// Whether other tables are joined with the target.
pub(super) fn are_joined(renderer: &Renderer<'_>, chunk: Chunk<'_, '_>) -> bool {
    joined(renderer, chunk).next().is_some()
}

/// The tables that are joined with the target, each with its number.
fn joined<'u>(renderer: &Renderer<'_>, chunk: Chunk<'_, 'u>) -> impl Iterator<Item = (usize, &'u Beside)> + use<'u> {
    let joins_within = joins_within(renderer, chunk);
    chunk.statement.beside.iter().enumerate().filter(move |(_, beside)| is_joined(beside, joins_within))
}

/// Whether an update is joined with what its rows are found within.
///
/// Where joins are in the header, an update changes a row once however often it is joined, and of a condition `IN (SELECT …)`
/// not every engine makes a join, but reads and locks the whole table (`dialect-facts.md` 3.1, 3.2).
fn joins_within(renderer: &Renderer<'_>, chunk: Chunk<'_, '_>) -> bool {
    matches!(chunk.statement.verb, Verb::Update { .. }) && renderer.words().join == JoinForm::JoinHeader
}

fn is_joined(beside: &Beside, joins_within: bool) -> bool {
    match beside.tie {
        Tie::Joined | Tie::Without => true,
        Tie::Within(Times::Once | Times::Distinct) => joins_within,
        Tie::Within(Times::Any) => false,
    }
}

/// The name of a table beside the target in the statement.
fn write_alias(renderer: &mut Renderer<'_>, chunk: Chunk<'_, '_>, number: usize) {
    let name = chunk.statement.target.name().as_str();
    let is_taken = name.get(..1).is_some_and(|first| first.eq_ignore_ascii_case("b"));
    let quote = renderer.words().quote;
    renderer.out.extend([quote, if is_taken { 'a' } else { 'b' }]);
    renderer.push(itoa::Buffer::new().format(number + 1));
    renderer.out.extend([quote]);
}

/// Writes a column of a table beside the target, where it is one.
pub(super) fn write_column(renderer: &mut Renderer<'_>, chunk: Chunk<'_, '_>, name: &Ident) -> bool {
    let found = joined(renderer, chunk).find_map(|(number, beside)| Some((number, find_column(chunk, beside, name)?)));
    let Some((number, there)) = found else { return false };
    write_alias(renderer, chunk, number);
    renderer.push(".");
    renderer.ident(there);
    true
}

/// What a column is called in a table beside the target, where it is read there: the key too, where that table tells which rows
/// are inserted.
fn find_column<'b>(chunk: Chunk<'_, '_>, beside: &'b Beside, name: &Ident) -> Option<&'b Ident> {
    let columns = if is_telling(chunk, beside) { &beside.on } else { &beside.columns };
    columns.iter().find(|(column, _)| column == name).map(|(_, there)| there)
}

/// Whether a table that is not the target tells which rows are inserted.
fn is_telling(chunk: Chunk<'_, '_>, beside: &Beside) -> bool {
    beside.tie == Tie::Without && matches!(chunk.statement.verb, Verb::Insert { .. })
}

/// Writes `JOIN t AS b1 ON b1.key = target.key` for each table.
pub(super) fn write_joins<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, word: &str) {
    for (number, beside) in joined(renderer, chunk) {
        renderer.push(if beside.tie == Tie::Without { "\nLEFT JOIN " } else { word });
        write_table(renderer, chunk, number, beside);
        renderer.push(" ON ");
        write_match(renderer, chunk, number, beside);
    }
}

/// Writes the tables with commas between them, behind a word.
pub(super) fn write_from<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, word: &str) {
    for (index, (number, beside)) in joined(renderer, chunk).enumerate() {
        renderer.push(if index == 0 { word } else { ", " });
        write_table(renderer, chunk, number, beside);
    }
}

/// Writes the conditions that join the tables.
pub(super) fn write_matches<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, word: &mut &'static str) {
    for (number, beside) in joined(renderer, chunk) {
        renderer.push(word);
        write_match(renderer, chunk, number, beside);
        *word = " AND ";
    }
}

/// Writes the condition that tables which were looked into have no row.
pub(super) fn write_without<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, word: &mut &'static str) {
    for (number, beside) in joined(renderer, chunk).filter(|(_, beside)| beside.tie == Tie::Without) {
        for (_, there) in beside.on.iter().take(1) {
            renderer.push(word);
            write_alias(renderer, chunk, number);
            renderer.push(".");
            renderer.ident(there);
            renderer.push(" IS NULL");
            *word = " AND ";
        }
    }
}

/// Writes the table that tells which rows are inserted, where it is not the target.
pub(super) fn write_telling<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) -> bool {
    let telling = joined(renderer, chunk).find(|(_, beside)| is_telling(chunk, beside));
    telling.into_iter().for_each(|(number, beside)| write_table(renderer, chunk, number, beside));
    telling.is_some()
}

/// Writes `(columns) IN (SELECT columns FROM t)` for what the target's row must be found within.
pub(super) fn write_within<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, word: &mut &'static str) {
    if let Verb::KeepOld { snapshot: _, act: Act::Clear | Act::Create | Act::Index | Act::Drop, select: _ } =
        chunk.statement.verb
    {
        return;
    }
    let joins_within = joins_within(renderer, chunk);
    let is_found = |beside: &&Beside| matches!(beside.tie, Tie::Within(_)) && !is_joined(beside, joins_within);
    for beside in chunk.statement.beside.iter().filter(is_found) {
        let is_one = beside.on.len() == 1;
        renderer.push(word);
        renderer.push(if is_one { "" } else { "(" });
        for (index, (own, _)) in beside.on.iter().enumerate() {
            renderer.push(if index == 0 { "" } else { ", " });
            rows::write_column(renderer, chunk, own);
        }
        renderer.push(if is_one { " IN (SELECT " } else { ") IN (SELECT " });
        write_found(renderer, beside, beside.on.iter().map(|(_, there)| there));
        renderer.push(")");
        *word = " AND ";
    }
}

fn write_table<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, number: usize, beside: &Beside) {
    if beside.tie == Tie::Within(Times::Distinct) {
        // many rows may be found by each of many that are equal there
        renderer.push("(SELECT DISTINCT ");
        let is_first = |at: usize, there: &Ident| !beside.on.iter().take(at).any(|(_, before)| before == there);
        let found = beside.on.iter().enumerate().filter(|(at, (_, there))| is_first(*at, there));
        write_found(renderer, beside, found.map(|(_, (_, there))| there));
        renderer.push(")");
    } else {
        write_name(renderer, &beside.from);
    }
    renderer.push(" AS ");
    write_alias(renderer, chunk, number);
}

/// `columns FROM t`, of the columns that the target's are equal to.
fn write_found<'b>(renderer: &mut Renderer<'_>, beside: &Beside, columns: impl Iterator<Item = &'b Ident>) {
    for (index, there) in columns.enumerate() {
        renderer.push(if index == 0 { "" } else { ", " });
        renderer.ident(there);
    }
    renderer.push(" FROM ");
    write_name(renderer, &beside.from);
}

fn write_match<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, number: usize, beside: &Beside) {
    for (index, (own, there)) in beside.on.iter().enumerate() {
        renderer.push(if index == 0 { "" } else { " AND " });
        // the target's collation compares
        match beside.tie {
            // a column that a table before it may have
            Tie::Within(_) => rows::write_column(renderer, chunk, own),
            Tie::Joined | Tie::Without => {
                renderer.ident(chunk.statement.target.name());
                renderer.push(".");
                renderer.ident(own);
            }
        }
        renderer.push(" = ");
        write_alias(renderer, chunk, number);
        renderer.push(".");
        renderer.ident(there);
    }
}

fn write_name(renderer: &mut Renderer<'_>, stands: &Stands) {
    match stands {
        Stands::Table(table) => renderer.table(table),
        Stands::Kept(table) => snapshot::write_name(renderer, table),
        Stands::Updated => renderer.push(LEADING),
    }
}
