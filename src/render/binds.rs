//! Parameters: those of a statement's text, and those of each further row where it is executed row by row.

use super::Words;
use super::out::Out;
use crate::dialect::Placeholder;
use crate::ir::Cells;
use crate::script::Bind;
use crate::short::{SHORT, block};
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
    numbers: Numbers,
}

impl<'u> Binds<'u> {
    /// Starts a statement.
    pub(super) fn start(&mut self, statement: &Statement<'u>, rows: usize) {
        self.all.clear();
        self.slots.clear();
        self.numbers = Numbers::default();
        self.is_row_by_row = statement.source == Source::Row;
        self.keeps_slots =
            self.is_row_by_row || matches!(statement.source, Source::Join { rows: Joined::Arrays { .. }, .. });
        let times = if matches!(statement.source, Source::Join { rows: Joined::Rows(_), .. }) { rows } else { 1 };
        self.all.reserve(times.saturating_mul(statement.inputs.len()));
        if self.keeps_slots {
            self.slots.reserve(statement.inputs.len());
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
            Placeholder::Dollar => self.numbers.write_next(out, false),
        }
    }

    /// Writes the placeholders of so many rows of so many parameters, each row behind some words.
    #[inline(never)]
    pub(super) fn write_rows(&mut self, out: &mut Out, words: &Words, (rows, count): (usize, usize), before: &str) {
        let block_before = block(before.as_bytes(), b' ').unwrap_or([b' '; SHORT]);
        // not lent to anything, so that they stay in registers
        let mut numbers = self.numbers;
        for _ in 0..rows {
            out.push_block(&block_before, before.len());
            match words.placeholder {
                Placeholder::Question => {
                    out.push('?');
                    (1..count).for_each(|_| out.push_block(b", ?", 3));
                }
                Placeholder::Dollar => {
                    numbers.write_next(out, false);
                    (1..count).for_each(|_| numbers.write_next(out, true));
                }
            }
        }
        self.numbers = numbers;
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

/// The numbered placeholders of a statement, counted within a text.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    /// The last one, with what stands between two: `, $123`, in a word that is little-endian.
    text: u64,
    length: usize,
    /// The place of the last digit, and how often it can be counted on.
    ones: u64,
    left: u8,
    /// The last one, where it does not fit into the text.
    large: u32,
}

impl Numbers {
    /// Writes the next placeholder, perhaps behind another.
    #[inline(always)]
    fn write_next(&mut self, out: &mut Out, is_behind: bool) {
        if !self.count() {
            return self.write_large(out, if is_behind { ", " } else { "" });
        }
        let skipped = if is_behind { 0 } else { ", ".len() };
        out.push_block(&(self.text >> (8 * skipped)).to_le_bytes(), self.length - skipped);
    }

    /// Counts on; whether the text holds the number.
    #[inline(always)]
    fn count(&mut self) -> bool {
        if let Some(left) = self.left.checked_sub(1) {
            (self.left, self.text) = (left, self.text.wrapping_add(self.ones));
            true
        } else if let Some(text) = carry(self.text, self.ones) {
            (self.left, self.text) = (9, text);
            true
        } else {
            *self = self.widen();
            self.large == 0
        }
    }

    /// Counts on from nines: to 1, 10, 100 and so on; from six digits on from every number.
    #[cold]
    #[inline(never)]
    fn widen(mut self) -> Self {
        let text = *b", $10000";
        if self.length == text.len() {
            (self.ones, self.left) = (0, 0);
            self.large = self.large.max(99_999).saturating_add(1);
            return self;
        }
        let is_first = self.length == 0;
        self.text = u64::from_le_bytes(text);
        self.length = if is_first { 4 } else { self.length + 1 };
        self.ones = 1 << (8 * (self.length - 1));
        self.left = 9 - u8::from(is_first);
        self
    }

    #[cold]
    #[inline(never)]
    fn write_large(self, out: &mut Out, before: &str) {
        out.push_str(before);
        out.push('$');
        out.push_str(itoa::Buffer::new().format(self.large));
    }
}

/// Counts on from a number that ends with nines; none where it has no other digits.
#[inline(never)]
fn carry(mut text: u64, ones: u64) -> Option<u64> {
    let mut place = ones;
    loop {
        match text.unbounded_shr(place.trailing_zeros()).to_le_bytes() {
            [b'9', ..] => text = text.wrapping_sub(place.wrapping_mul(9)),
            [b'0'..=b'8', ..] => return Some(text.wrapping_add(place)),
            _ => return None,
        }
        place >>= 8;
    }
}

#[cfg(test)]
mod tests;
