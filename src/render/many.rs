//! Cells by the thousand, written without asking of each what holds for all of its column.

use std::borrow::Cow;
use std::mem;

use super::out::Out;
use super::{Renderer, SAMPLE, Say, Sink, literal};
use crate::dialect::Form;
use crate::ir::{Cell, Cells, Type, Value};
use crate::script::Bind;
use crate::short::{SHORT, block};
use crate::sql::{InputColumn, Part};

/// What stands before the value of each row in a `CASE`, the same for all columns of a statement.
#[derive(Debug)]
pub(super) struct Heads {
    pub out: Out,
    /// Where each ends; none where they are not written yet.
    pub ends: Vec<usize>,
}

impl<'u> Renderer<'u> {
    /// Writes rows of which each cell is the value of the input in its place, each with the same words before it, without
    /// casts.
    pub(super) fn plain_rows(
        &mut self,
        rows: impl ExactSizeIterator<Item = &'u [Cell<'u>]>,
        inputs: &[InputColumn<'u>],
        before: &str,
    ) {
        let Self { words, out, sink, heads: _ } = self;
        let words_before = block(before.as_bytes(), b' ').unwrap_or([b' '; SHORT]);
        match sink {
            Sink::Inline => rows.for_each(|row| {
                for (place, cell) in row.iter().enumerate() {
                    match place {
                        0 => out.push_block(&words_before, before.len()),
                        _ => out.push_block(b", ", 2),
                    }
                    literal::write(out, value_of(cell), words);
                }
            }),
            Sink::Bind(binds) => {
                let lent: Option<Vec<&'u Type>> = inputs.iter().map(lent_type).collect();
                binds.write_rows(out, words, (rows.len(), inputs.len()), before);
                match lent {
                    Some(types) => rows.for_each(|row| {
                        let lent = row.iter().zip(&types);
                        binds.all.extend(lent.map(|(cell, ty)| Bind::lent(value_of(cell), ty)));
                    }),
                    None => rows.for_each(|row| {
                        let columns = row.iter().zip(inputs);
                        binds.all.extend(columns.map(|(cell, column)| words.bind_cell(value_of(cell), column)));
                    }),
                }
            }
        }
    }

    /// Writes what stands before each row's value, unless it was written for another column of the statement.
    pub(super) fn keep_heads(&mut self, rows: usize, write: impl FnOnce(&mut Self, &mut Vec<usize>)) {
        let new = || Heads { out: Out::new(), ends: Vec::new() };
        let Heads { mut out, mut ends } = self.heads.take().unwrap_or_else(new);
        if ends.is_empty() {
            out.clear();
            ends.reserve(rows);
            mem::swap(&mut self.out, &mut out);
            write(self, &mut ends);
            // each is copied as a block
            self.out.push_block(&[b' '; SHORT], SHORT);
            self.out.flush();
            mem::swap(&mut self.out, &mut out);
        }
        self.heads = Some(Heads { out, ends });
    }

    /// Writes the values of a column, each behind what stands before its row's; only the first may need a cast.
    pub(super) fn headed_cells(
        &mut self,
        (rows, cells): (&[u32], &'u Cells<'u>),
        input: usize,
        column: &InputColumn<'u>,
        say: Say,
    ) {
        let Some(Heads { out: heads, ends }) = self.heads.take() else { return };
        let text = heads.text().unwrap_or_default().as_bytes();
        let (start, mut from) = (self.out.len(), 0);
        let mut rows = rows.iter().zip(&ends);
        for (most, left) in [(SAMPLE, ends.len().saturating_sub(SAMPLE)), (ends.len(), 0)] {
            for (row, end) in rows.by_ref().take(most) {
                let length = end - from;
                match text.get(from..).and_then(<[u8]>::first_chunk::<SHORT>) {
                    Some(block) if length <= SHORT => self.out.push_block(block, length),
                    _ => self.out.push_bytes(text.get(from..*end).unwrap_or_default()),
                }
                let value = cells.cell(*row, column.position).map_or(&Value::Null, |cell| column.value_of(cell));
                if from == 0 {
                    self.cell(value, input, column, say);
                } else {
                    literal::write(&mut self.out, value, &self.words);
                }
                from = *end;
            }
            self.out.expect_rows(start, SAMPLE, left);
        }
        self.heads = Some(Heads { out: heads, ends });
    }

    /// Writes the values of a column between words, where they are in the text and need no casts.
    pub(super) fn plain_cells(
        &mut self,
        (rows, cells): (&[u32], &'u Cells<'u>),
        column: &InputColumn<'u>,
        (before, behind): (&str, &str),
        mut end: impl FnMut(usize),
    ) {
        let words = |words: &str| block(words.as_bytes(), b' ').unwrap_or([b' '; SHORT]);
        let (words_before, words_behind) = (words(before), words(behind));
        for row in rows {
            self.out.push_block(&words_before, before.len());
            let value = cells.cell(*row, column.position).map_or(&Value::Null, |cell| column.value_of(cell));
            literal::write(&mut self.out, value, &self.words);
            self.out.push_block(&words_behind, behind.len());
            end(self.out.len());
        }
    }
}

/// Whether each cell of a row is the value of the input in its place.
pub(super) fn are_rows(inputs: &[InputColumn<'_>], cells: Option<&Cells<'_>>) -> bool {
    let is_cell = |(at, input): (usize, &InputColumn<'_>)| input.position == at && input.part == Part::Cell;
    cells.is_some_and(|cells| cells.columns().len() == inputs.len()) && inputs.iter().enumerate().all(is_cell)
}

/// The type of an input whose values are parameters as they are.
fn lent_type<'u>(column: &InputColumn<'u>) -> Option<&'u Type> {
    match (&column.ty, column.form) {
        (Cow::Borrowed(ty), Form::Native) => Some(ty),
        _ => None,
    }
}

#[inline(always)]
fn value_of<'u>(cell: &'u Cell<'u>) -> &'u Value<'u> {
    if let Cell::Value(value) = cell { value } else { &Value::Null }
}
