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
            Placeholder::Dollar if self.numbers.count() => {
                let Numbers { text, length, .. } = self.numbers;
                out.push_block(&(text >> 16).to_le_bytes(), length - 2);
            }
            Placeholder::Dollar => self.numbers.write_large(out, ""),
        }
    }

    /// Writes the placeholder of the next parameter behind another.
    #[inline(always)]
    pub(super) fn write_next_placeholder(&mut self, out: &mut Out, words: &Words) {
        match words.placeholder {
            Placeholder::Question => out.push_block(b", ?", 3),
            Placeholder::Dollar if self.numbers.count() => {
                out.push_block(&self.numbers.text.to_le_bytes(), self.numbers.length);
            }
            Placeholder::Dollar => self.numbers.write_large(out, ", "),
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

/// The numbered placeholders of a statement, counted within a text.
#[derive(Debug, Default)]
struct Numbers {
    last: u32,
    /// The last one, with what stands between two: `, $123`, in a word that is little-endian.
    text: u64,
    length: usize,
    /// The place of the last digit, and how often it can be counted on.
    ones: u64,
    left: u8,
}

impl Numbers {
    /// Counts on; whether the text holds the number.
    #[inline(always)]
    fn count(&mut self) -> bool {
        self.last = self.last.wrapping_add(1);
        if self.left == 0 {
            return self.carry();
        }
        self.left -= 1;
        self.text = self.text.wrapping_add(self.ones);
        true
    }

    /// Counts on from a number that ends with nines.
    #[inline(never)]
    fn carry(&mut self) -> bool {
        let mut place = self.ones;
        self.left = 9;
        loop {
            match self.text.unbounded_shr(place.trailing_zeros()).to_le_bytes() {
                [b'9', ..] => self.text = self.text.wrapping_sub(place.wrapping_mul(9)),
                [b'0'..=b'8', ..] => {
                    self.text = self.text.wrapping_add(place);
                    return true;
                }
                _ => return self.widen(),
            }
            place >>= 8;
        }
    }

    /// Makes the text of a number that has a digit more; from six digits on of every number.
    #[cold]
    fn widen(&mut self) -> bool {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(self.last).as_bytes();
        let mut text = *b", $     ";
        let room = text.get_mut(3..).and_then(|room| room.get_mut(..digits.len()));
        let fits = room.map(|room| room.copy_from_slice(digits)).is_some();
        if fits {
            self.length = 3 + digits.len();
            self.ones = 1 << (8 * (self.length - 1));
            // the first number is 1
            self.left = 9 - u8::from(self.last == 1);
            self.text = u64::from_le_bytes(text);
        } else {
            (self.ones, self.left) = (0, 0);
        }
        fits
    }

    #[cold]
    fn write_large(&self, out: &mut Out, before: &str) {
        out.push_str(before);
        out.push('$');
        out.push_str(itoa::Buffer::new().format(self.last));
    }
}

#[cfg(test)]
mod tests;
