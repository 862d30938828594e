//! The document as text, and places in it.

use crate::error::{Error, ErrorKind, Place};

/// The document as text, where it is UTF-8 without a byte order mark.
pub(super) fn check_text(document: &[u8]) -> Result<&str, Error> {
    check_piece(document, 0)
}

/// A piece of the document that begins at this byte, as text.
pub(super) fn check_piece(piece: &[u8], from: usize) -> Result<&str, Error> {
    let start = Place::Line { line: 1, column: 1 };
    if from == 0 && (piece.starts_with(b"\xff\xfe") || piece.starts_with(b"\xfe\xff")) {
        return Err(ErrorKind::Utf16.at(start));
    }
    if from == 0 && piece.starts_with(b"\xef\xbb\xbf") {
        return Err(ErrorKind::ByteOrderMark.at(start));
    }
    std::str::from_utf8(piece).map_err(|error| {
        let offset = from + error.valid_up_to();
        ErrorKind::NotUtf8 { offset }.at(Place::Span { from: offset, to: offset + 1 })
    })
}

/// The line and column of a byte of the text, whose first line has this number.
pub(super) fn line_of(text: &str, at: usize, first_line: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place::Line { line: first_line + lines, column }
}
