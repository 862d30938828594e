//! Parameters: those of a statement's text, and those of each further row where it is executed row by row.

use super::Words;
use super::out::Out;
use crate::dialect::Placeholder;
use crate::ir::Cells;
use crate::script::Bind;
use crate::sql::{Joined, Source, Statement};

/// The parameters of a statement, for one execution behind the other.
#[derive(Debug, Default)]
pub(super) struct Binds<'u> {
    pub all: Vec<Bind<'u>>,
    /// How many parameters the text has.
    pub width: usize,
    /// For each parameter that was written, the input column that it is; none where it is the same for every row. Kept
    /// where a parameter is not a cell of one row among many.
    slots: Vec<Option<usize>>,
    keeps_slots: bool,
    is_row_by_row: bool,
    /// The last numbered placeholder, such as `$123`, and its length.
    numbered: ([u8; 16], usize),
}

impl<'u> Binds<'u> {
    /// Starts a statement.
    pub(super) fn start(&mut self, statement: &Statement<'u>, rows: usize) {
        self.all.clear();
        self.slots.clear();
        self.numbered = (*b"$0              ", 2);
        self.is_row_by_row = statement.source == Source::Row;
        self.keeps_slots =
            self.is_row_by_row || matches!(statement.source, Source::Join { rows: Joined::Arrays { .. }, .. });
        if matches!(statement.source, Source::Join { rows: Joined::Rows(_), .. }) {
            self.all.reserve(rows.saturating_mul(statement.inputs.len()));
        }
    }

    /// Adds a parameter.
    #[inline]
    pub(super) fn push(&mut self, bind: Bind<'u>, input: Option<usize>) {
        self.all.push(bind);
        if self.keeps_slots {
            self.slots.push(input);
        }
    }

    /// Writes the placeholder of an input's array again, where placeholders have numbers and it was added before.
    pub(super) fn write_again(&self, out: &mut Out, words: &Words, input: usize) -> bool {
        let found = self.slots.iter().position(|slot| *slot == Some(input));
        let Some(index) = found.filter(|_| words.placeholder == Placeholder::Dollar) else { return false };
        out.push('$');
        out.push_str(itoa::Buffer::new().format(index + 1));
        true
    }

    /// Writes the placeholder of the next parameter.
    #[inline(always)]
    pub(super) fn write_placeholder(&mut self, out: &mut Out, words: &Words) {
        match words.placeholder {
            Placeholder::Question => out.push('?'),
            Placeholder::Dollar => {
                let (text, length) = &mut self.numbered;
                match text.get_mut(length.wrapping_sub(1)) {
                    Some(digit) if *digit < b'9' => *digit += 1,
                    _ => carry(text, length),
                }
                out.push_block(text, *length);
            }
        }
    }

    /// Ends a statement: its text was written for the first of the rows, and the others have parameters of their own.
    pub(super) fn finish(
        &mut self,
        words: &Words,
        statement: &Statement<'u>,
        cells: Option<&'u Cells<'u>>,
        rows: &[u32],
    ) {
        self.width = self.all.len();
        if !self.is_row_by_row {
            return;
        }
        self.all.reserve(self.width.saturating_mul(rows.len().saturating_sub(1)));
        for row in rows.iter().skip(1) {
            let row = cells.and_then(|cells| cells.row(*row));
            for (index, slot) in self.slots.iter().enumerate() {
                let bind = match slot.and_then(|input| statement.inputs.get(input)) {
                    Some(input) => Some(words.bind_cell(input.value_in(row), input)),
                    None => self.all.get(index).cloned(),
                };
                self.all.extend(bind);
            }
        }
    }
}

/// Counts on from a number that ends with nines.
#[cold]
fn carry(text: &mut [u8; 16], length: &mut usize) {
    let digits = text.iter_mut().take(*length).rev();
    for digit in digits {
        match digit {
            b'9' => *digit = b'0',
            b'$' => break,
            _ => {
                *digit += 1;
                return;
            }
        }
    }
    // all were nines
    if let ([_, first, ..], Some(last)) = (&mut *text, length.checked_add(1)) {
        *first = b'1';
        *length = last;
    }
    if let Some(digit) = text.get_mut(length.saturating_sub(1)) {
        *digit = b'0';
    }
}

#[cfg(test)]
mod tests;
