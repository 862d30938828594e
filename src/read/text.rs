//! The document as text, and places in it.

use crate::error::{Error, ErrorKind, Place};

/// The document as text, where it is UTF-8 without a byte order mark.
pub(super) fn check_text(document: &[u8]) -> Result<&str, Error> {
    match check_part(document, 0) {
        (text, None) => Ok(text),
        (_, Some(error)) => Err(error),
    }
}

/// A part of the document that begins at this byte, as text, up to where it is none.
pub(super) fn check_part(part: &[u8], from: usize) -> (&str, Option<Error>) {
    let start = Place::Line { line: 1, column: 1 };
    if from == 0 && (part.starts_with(b"\xff\xfe") || part.starts_with(b"\xfe\xff")) {
        return ("", Some(ErrorKind::Utf16.at(start)));
    }
    if from == 0 && part.starts_with(b"\xef\xbb\xbf") {
        return ("", Some(ErrorKind::ByteOrderMark.at(start)));
    }
    match std::str::from_utf8(part) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = part.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok());
            let offset = from + error.valid_up_to();
            let error = ErrorKind::NotUtf8 { offset }.at(Place::Span { from: offset, to: offset + 1 });
            (valid.unwrap_or_default(), Some(error))
        }
    }
}

/// A line or record, in the text that it is a part of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    /// The text from its start to the end of the piece.
    pub(super) whole: &'a str,
    /// The number of the text's first line in the document.
    pub(super) first_line: usize,
}

impl<'a> Piece<'a> {
    /// The part of a text between two bytes; none where they cut a character.
    pub(super) fn of(whole: &'a str, from: usize, to: usize, first_line: usize) -> Option<Self> {
        Some(Self { text: whole.get(from..to)?, whole: whole.get(..to)?, first_line })
    }

    /// The piece without the line break at its end.
    pub(super) fn without_break(self) -> Self {
        let (text, whole) = (self.text.strip_suffix('\n'), self.whole.strip_suffix('\n'));
        Self { text: text.unwrap_or(self.text), whole: whole.unwrap_or(self.whole), ..self }
    }

    /// The line and column of a byte of the piece.
    pub(super) fn place(&self, at: usize) -> Place {
        line_of(self.whole, self.whole.len() - self.text.len() + at, self.first_line)
    }
}

/// The line and column of a byte of the text, whose first line has this number.
pub(super) fn line_of(text: &str, at: usize, first_line: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place::Line { line: first_line + lines, column }
}
