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
        rows: impl Iterator<Item = &'u [Cell<'u>]>,
        inputs: &[InputColumn<'u>],
        before: &str,
    ) {
        let Self { words, out, sink, heads: _ } = self;
        let words_before = block(before.as_bytes(), b' ').unwrap_or([b' '; SHORT]);
        let push_words = |out: &mut Out, place: usize| match place {
            0 => out.push_block(&words_before, before.len()),
            _ => out.push_str(", "),
        };
        match sink {
            Sink::Inline => rows.for_each(|row| {
                for (place, cell) in row.iter().enumerate() {
                    push_words(out, place);
                    literal::write(out, value_of(cell), words);
                }
            }),
            Sink::Bind(binds) => {
                let lent: Vec<Option<&'u Type>> = inputs.iter().map(lent_type).collect();
                rows.for_each(|row| {
                    for place in 0..inputs.len() {
                        push_words(out, place);
                        binds.write_placeholder(out, words);
                    }
                    for ((cell, column), lent) in row.iter().zip(inputs).zip(&lent) {
                        match lent {
                            Some(ty) => binds.all.push(Bind::lent(value_of(cell), ty)),
                            None => binds.all.push(words.bind_cell(value_of(cell), column)),
                        }
                    }
                });
            }
        }
    }

    /// Writes what stands before each row's value, unless it was written for another column of the statement.
    pub(super) fn keep_heads(&mut self, rows: &[u32], write: impl Fn(&mut Self, u32)) {
        let new = || Heads { out: Out::new(), ends: Vec::new() };
        let Heads { mut out, mut ends } = self.heads.take().unwrap_or_else(new);
        if ends.is_empty() {
            out.clear();
            ends.reserve(rows.len());
            mem::swap(&mut self.out, &mut out);
            for row in rows {
                write(self, *row);
                ends.push(self.out.len());
            }
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
        for (index, (row, end)) in rows.iter().zip(&ends).enumerate() {
            self.out.push_bytes(text.get(from..*end).unwrap_or_default());
            from = *end;
            let value = cells.cell(*row, column.position).map_or(&Value::Null, |cell| column.value_of(cell));
            if index == 0 {
                self.cell(value, input, column, say);
            } else {
                literal::write(&mut self.out, value, &self.words);
            }
            if index == SAMPLE {
                self.expect_rows(start, SAMPLE, ends.len() - SAMPLE);
            }
        }
        self.heads = Some(Heads { out: heads, ends });
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
