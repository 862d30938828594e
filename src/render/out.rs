//! The text of a statement, while it is written.

use std::fmt::{self, Write};
use std::mem;

use crate::short::{self, SHORT};

/// So many bytes are there to write a short piece into.
pub(super) const WINDOW: usize = 64;

/// So many bytes are collected before they are added to the text: a power of two.
const COLLECTED: usize = 4096;

/// A text that grows. What is written is collected, so that neither its room nor that it is text is asked for each piece.
#[derive(Debug)]
pub(super) struct Out {
    text: String,
    /// Whole pieces, up to `end`; behind the last that begins in time there is room for a window.
    collected: Box<[u8; COLLECTED + WINDOW]>,
    end: usize,
    is_text: bool,
}

impl Out {
    pub(super) fn new() -> Self {
        Self { text: String::new(), collected: Box::new([0; COLLECTED + WINDOW]), end: 0, is_text: true }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        (self.end, self.is_text) = (0, true);
    }

    pub(super) fn len(&self) -> usize {
        self.text.len() + self.end
    }

    /// What is written, once it is flushed; none where a piece was not text.
    pub(super) fn text(&self) -> Option<&str> {
        (self.is_text && self.end == 0).then_some(&self.text)
    }

    /// What is written, as a text of its own; empty where a piece was not text.
    pub(super) fn into_text(mut self) -> String {
        self.flush();
        if self.is_text { self.text } else { String::new() }
    }

    /// Makes room for so many bytes more, at once.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Makes room for the rows that are left, judged by those that were written since the text was `before` long.
    pub(super) fn expect_rows(&mut self, before: usize, written: usize, left: usize) {
        let per_row = (self.len().saturating_sub(before)).div_ceil(written.max(1));
        self.reserve(per_row.saturating_mul(left).saturating_mul(21) / 20);
    }

    /// Adds what was collected to the text.
    #[cold]
    #[inline(never)]
    pub(super) fn flush(&mut self) {
        let collected = self.collected.get(..mem::take(&mut self.end));
        match collected.and_then(|collected| str::from_utf8(collected).ok()) {
            Some(collected) => self.text.push_str(collected),
            None => self.is_text = false,
        }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, character: char) {
        self.push_str(character.encode_utf8(&mut [0; 4]));
    }

    /// Writes whole characters of a text, few of them as a rule.
    #[inline(always)]
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        if bytes.len() <= SHORT {
            self.push_short(|window| {
                let room = window.first_chunk_mut();
                room.and_then(|room| short::copy(bytes, room)).map_or(0, |()| bytes.len())
            });
        } else {
            match str::from_utf8(bytes) {
                Ok(text) => self.push_str(text),
                Err(_) => self.is_text = false,
            }
        }
    }

    #[inline(always)]
    pub(super) fn push_str(&mut self, text: &str) {
        match self.collected.get_mut(self.end..).and_then(|rest| rest.get_mut(..text.len())) {
            Some(room) => {
                room.copy_from_slice(text.as_bytes());
                self.end += text.len();
            }
            None => {
                self.flush();
                self.text.push_str(text);
            }
        }
    }

    /// Writes the first bytes of a block.
    #[inline(always)]
    pub(super) fn push_block<const N: usize>(&mut self, block: &[u8; N], length: usize) {
        self.push_short(|window| {
            if let Some(room) = window.first_chunk_mut() {
                *room = *block;
            }
            length
        });
    }

    /// Writes a short text where it is put in its place and its length is said; whether it was.
    #[inline(always)]
    pub(super) fn push_put(&mut self, put: impl FnOnce(&mut [u8; SHORT]) -> Option<usize>) -> bool {
        let mut length = None;
        self.push_short(|window| {
            length = window.first_chunk_mut().and_then(put);
            length.unwrap_or(0)
        });
        length.is_some()
    }

    /// Writes a short piece: into the window, of which it says how many bytes it took.
    #[inline(always)]
    pub(super) fn push_short(&mut self, write: impl FnOnce(&mut [u8; WINDOW]) -> usize) {
        if self.end >= COLLECTED {
            self.flush();
        }
        // the compiler sees that there is room
        let from = self.end % COLLECTED;
        if let Some(window) = self.collected.get_mut(from..).and_then(<[u8]>::first_chunk_mut) {
            self.end = from + write(window);
        }
    }
}

impl Extend<char> for Out {
    fn extend<T: IntoIterator<Item = char>>(&mut self, characters: T) {
        characters.into_iter().for_each(|character| self.push(character));
    }
}

impl Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}
