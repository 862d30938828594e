//! Where rows end in a text of which more may be to come.

use memchr::{memchr_iter, memchr2_iter};

/// The ends of lines or records, as far as the text has been looked at.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// Each is behind a line break.
    found: Vec<usize>,
    /// How many lines are not empty, or how many records there are.
    rows: usize,
    /// Up to where the text has been looked at.
    at: usize,
    /// Whether a quote is open there.
    quoted: bool,
}

impl Ends {
    /// Forgets the text.
    pub(super) fn take(&mut self) -> Vec<usize> {
        std::mem::take(self).found
    }

    /// Looks for so many lines of NDJSON that are not empty; whether the text has them, or has ended.
    pub(super) fn find_lines(&mut self, text: &[u8], is_end: bool, most: usize) -> bool {
        let from = self.at;
        for at in memchr_iter(b'\n', text.get(from..).unwrap_or_default()) {
            if self.rows >= most {
                return true;
            }
            let (start, end) = (self.last(), from + at + 1);
            self.rows += usize::from(!is_blank(text.get(start..end).unwrap_or_default()));
            self.push(end);
        }
        self.finish(text, is_end, most)
    }

    /// Looks for so many records of CSV; whether the text has them, or has ended.
    pub(super) fn find_records(&mut self, text: &[u8], is_end: bool, most: usize) -> bool {
        let from = self.at;
        for at in memchr2_iter(b'"', b'\n', text.get(from..).unwrap_or_default()) {
            if self.rows >= most {
                return true;
            }
            let at = from + at;
            if text.get(at) == Some(&b'"') {
                // a line break between an odd quote and the next is one of a cell
                self.quoted = !self.quoted;
                self.at = at + 1;
            } else if !self.quoted {
                self.rows += 1;
                self.push(at + 1);
            }
        }
        self.finish(text, is_end, most)
    }

    /// The start of what has no end yet.
    fn last(&self) -> usize {
        self.found.last().copied().unwrap_or(0)
    }

    fn push(&mut self, end: usize) {
        self.found.push(end);
        self.at = end;
    }

    /// Nothing is left to look at: at the end of the document a line needs no line break.
    fn finish(&mut self, text: &[u8], is_end: bool, most: usize) -> bool {
        if self.rows >= most {
            return true;
        }
        self.at = text.len();
        if is_end && self.last() < text.len() {
            self.found.push(text.len());
        }
        is_end
    }
}

/// Whether a line of NDJSON holds nothing.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
}
