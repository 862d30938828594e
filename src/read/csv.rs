//! Rows from CSV: a header, then one record per row.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::field;
use super::plain::plain_length;
use super::rows::{RowSink, Wanted};
use super::scan::Fault;
use super::text::{Piece, check_text};
use crate::error::{Error, ErrorKind, Errors};
use crate::ir::{Cell, Cells, Table, Type, Value};

/// How CSV is written: its delimiter, and which cell means NULL.
///
/// # Examples
///
/// ```
/// use setwise::read::CsvOptions;
///
/// let options = CsvOptions::new().delimiter(';').null("");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    delimiter: char,
    null: Option<String>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: ',', null: None }
    }
}

impl CsvOptions {
    /// Cells between commas, and no cell that means NULL.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the character between cells.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Sets the cell that means NULL, such as the empty one or `\N`. In quotes it means itself.
    #[must_use]
    pub fn null(mut self, null: impl Into<String>) -> Self {
        self.null = Some(null.into());
        self
    }
}

/// Reads CSV as RFC 4180 has it: the first line names the columns, cells may be in double quotes.
///
/// Each cell is read as its column's type says; arrays and JSON are written as JSON, bytes as for
/// [`json`](super::json). Text is kept as it is, whatever a spreadsheet would make of it. An empty cell is empty text;
/// for other types it is refused unless [`CsvOptions::null`] says that it is NULL.
///
/// # Errors
///
/// Up to a hundred errors with line and column, and the count of the rest. Without a table, `unknown-type` for every
/// column: CSV does not tell what a cell is.
///
/// # Examples
///
/// ```
/// use setwise::read::{CsvOptions, csv};
/// use setwise::{Column, Table, TableName, Type};
///
/// let posts = Table::new(TableName::new("posts")?)
///     .column(Column::new("id", Type::INT64)?)
///     .column(Column::new("title", Type::TEXT)?);
/// let cells = csv(b"id,title\n7,\"one, two\"\n", Some(&posts), &CsvOptions::new())?;
/// assert_eq!(cells.len(), 1);
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn csv<'a>(document: &'a [u8], table: Option<&Table>, options: &CsvOptions) -> Result<Cells<'a>, Errors> {
    let text = check_text(document)?;
    let mut records = Records::new(table, options.clone());
    let mut cells = Vec::new();
    let mut cursor = Cursor::new(Piece { text, whole: text, first_line: 1 }, options.delimiter);
    loop {
        let was_header = records.is_header;
        let more = records.push_record(&mut cursor, &mut cells);
        if !more || (was_header && records.is_header) || cursor.at >= text.len() {
            break;
        }
    }
    records.sink.finish(cells)
}

/// A cell as it is written: its text, and its first byte.
#[derive(Clone, Copy, Debug)]
struct Written<'a> {
    text: &'a str,
    quotes: Quotes,
    at: usize,
}

/// The quotes of a cell, which are not in its text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Quotes {
    None,
    Around,
    /// They are around the text, and those within it are doubled.
    Doubled,
}

impl<'a> Written<'a> {
    fn content(self) -> Cow<'a, str> {
        match self.quotes {
            Quotes::None | Quotes::Around => Cow::Borrowed(self.text),
            Quotes::Doubled => Cow::Owned(self.text.replace("\"\"", "\"")),
        }
    }
}

/// The records of CSV, read one by one.
#[derive(Debug)]
pub(super) struct Records<'t> {
    pub(super) sink: RowSink<'t>,
    options: CsvOptions,
    /// Whether the header is still to be read.
    is_header: bool,
}

impl<'t> Records<'t> {
    pub(super) fn new(table: Option<&'t Table>, options: CsvOptions) -> Self {
        Self { sink: RowSink::new(table), options, is_header: true }
    }

    /// Whether the next record is the header.
    pub(super) fn is_header(&self) -> bool {
        self.is_header
    }

    /// Reads the one record that a text is; false where it is the header.
    pub(super) fn push_text<'a>(&mut self, piece: Piece<'a>, cells: &mut Vec<Cell<'a>>) -> bool {
        let was_header = self.is_header;
        self.push_record(&mut Cursor::new(piece, self.options.delimiter), cells);
        !was_header
    }

    /// Reads the next record, and reports what is wrong with it; false at the end.
    fn push_record<'a>(&mut self, cursor: &mut Cursor<'a>, cells: &mut Vec<Cell<'a>>) -> bool {
        if cursor.rest().is_empty() {
            return false;
        }
        let piece = cursor.piece;
        let read = if self.is_header { self.header(cursor) } else { self.row(cursor, cells) };
        if let Err(Fault { kind, at }) = read {
            self.sink.abandon(*kind, cells, || piece.place(at));
        }
        true
    }

    fn header(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let (mut header, mut more) = (Vec::new(), true);
        while more {
            let (cell, follows) = cursor.cell()?;
            header.push(cell);
            more = follows;
        }
        if let [Written { text, quotes: Quotes::None, at }] = header.as_slice() {
            let likely = [(';', "`;`"), ('\t', "a tab"), ('|', "`|`"), (',', "`,`")];
            if let Some((_, likely)) = likely.into_iter().find(|(mark, _)| text.contains(*mark)) {
                let kind = ErrorKind::WrongDelimiter { given: self.options.delimiter, likely: likely.to_owned() };
                return Err(Fault::new(kind, *at));
            }
        }
        for cell in header {
            let (name, place) = (cell.content(), || cursor.piece.place(cell.at));
            if self.sink.find(&name).is_some() {
                return Err(Fault::new(ErrorKind::FieldTwice { field: name.into_owned() }, cell.at));
            }
            let position = self.sink.add_column(&name, place);
            if let (Wanted::Own, false) = (self.sink.wanted(position), name.is_empty()) {
                self.sink.report(ErrorKind::UnknownType { column: name.into_owned() }, place);
            }
        }
        self.sink.close();
        self.is_header = false;
        Ok(())
    }

    fn row<'a>(&mut self, cursor: &mut Cursor<'a>, cells: &mut Vec<Cell<'a>>) -> Result<(), Fault> {
        let (start, mut found, mut wrong) = (cursor.at, 0, Vec::new());
        self.sink.begin(cells);
        loop {
            let (cell, more) = cursor.cell()?;
            if let Wanted::Type(ty) = self.sink.wanted(found) {
                match self.value(found, cell, ty) {
                    Ok(value) => self.sink.put(found, Cell::Value(value), cells),
                    Err(error) => wrong.push((cell.at, error)),
                }
            }
            found += 1;
            if !more {
                break;
            }
        }
        let expected = self.sink.columns().len();
        if expected != found {
            return Err(Fault::new(ErrorKind::RaggedRow { expected, found }, start));
        }
        for (at, error) in wrong {
            self.sink.report(error, || cursor.piece.place(at));
        }
        self.sink.end(cells, || cursor.piece.place(start));
        Ok(())
    }

    fn value<'a>(&self, position: usize, cell: Written<'a>, ty: &Type) -> Result<Value<'a>, Error> {
        let field = self.sink.column(position);
        if cell.quotes == Quotes::None && self.options.null.as_deref() == Some(cell.text) {
            return Ok(Value::Null);
        }
        let takes_empty = || matches!(ty, Type::Text { .. } | Type::Char { .. } | Type::Named(_) | Type::Enum { .. });
        if cell.text.is_empty() && !takes_empty() {
            return Err(ErrorKind::EmptyField { field: field.to_owned() }.into());
        }
        if cell.quotes == Quotes::Doubled {
            return field::from_text(field, &cell.content(), ty).map(Value::into_owned);
        }
        field::from_text(field, cell.text, ty)
    }
}

/// A position in CSV text.
struct Cursor<'a> {
    piece: Piece<'a>,
    at: usize,
    delimiter: char,
    /// The delimiter's first byte.
    mark: u8,
}

impl<'a> Cursor<'a> {
    fn new(piece: Piece<'a>, delimiter: char) -> Self {
        let mark = delimiter.encode_utf8(&mut [0; 4]).bytes().next().unwrap_or_default();
        Self { piece, at: 0, delimiter, mark }
    }

    fn rest(&self) -> &'a [u8] {
        self.piece.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a str {
        self.piece.text.get(start..self.at).unwrap_or_default()
    }

    #[inline]
    fn is_at_delimiter(&self) -> bool {
        let is_whole = || self.piece.text.get(self.at..).is_some_and(|rest| rest.starts_with(self.delimiter));
        self.rest().first() == Some(&self.mark) && (self.mark.is_ascii() || is_whole())
    }

    /// Whether a line ends here. A carriage return before the line break, or at the end of the text, belongs to it.
    fn is_at_line_end(&self) -> bool {
        matches!(self.rest(), [] | [b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..])
    }

    /// Goes behind the end of the line, from what cannot be read.
    fn skip_line(&mut self) {
        self.at += memchr(b'\n', self.rest()).map_or(self.rest().len(), |end| end + 1);
    }

    /// Reads a cell, and what ends it; whether another one follows in the record. One that cannot be read ends the line.
    fn cell(&mut self) -> Result<(Written<'a>, bool), Fault> {
        let at = self.at;
        let read = if self.rest().first() == Some(&b'"') { self.quoted() } else { self.bare() };
        let (text, quotes) = read.inspect_err(|_| self.skip_line())?;
        let more = self.is_at_delimiter();
        self.at += match self.rest() {
            _ if more => self.delimiter.len_utf8(),
            [b'\r', b'\n', ..] => 2,
            rest => rest.len().min(1),
        };
        Ok((Written { text, quotes, at }, more))
    }

    /// Reads a cell without quotes up to the delimiter or the end of the line, which stay.
    fn bare(&mut self) -> Result<(&'a str, Quotes), Fault> {
        let start = self.at;
        loop {
            self.at += plain_length(self.rest(), b'"', self.mark);
            if self.is_at_delimiter() || self.is_at_line_end() {
                return Ok((self.since(start), Quotes::None));
            }
            match self.rest().first() {
                Some(b'"') => {
                    return Err(
                        self.wrong("a quote inside a cell that does not start with one; put the cell in quotes")
                    );
                }
                Some(b'\r') => return Err(self.wrong("a carriage return inside a line; put the cell in quotes")),
                Some(0) => return Err(Fault::new(ErrorKind::NulInDocument, self.at)),
                _ => self.at += 1,
            }
        }
    }

    /// Reads a cell in quotes.
    fn quoted(&mut self) -> Result<(&'a str, Quotes), Fault> {
        let open = self.at;
        let mut quotes = Quotes::Around;
        self.at += 1;
        loop {
            let Some(length) = memchr2(b'"', 0, self.rest()) else {
                self.at = self.piece.text.len();
                return Err(Fault::new(ErrorKind::UnclosedQuote, open));
            };
            self.at += length;
            if self.rest().first() == Some(&0) {
                return Err(Fault::new(ErrorKind::NulInDocument, self.at));
            }
            let text = self.since(open + 1);
            self.at += 1;
            if self.is_at_delimiter() || self.is_at_line_end() {
                return Ok((text, quotes));
            }
            if self.rest().first() != Some(&b'"') {
                return Err(self.wrong("text behind the quote that closes a cell; double the quotes inside"));
            }
            self.at += 1;
            quotes = Quotes::Doubled;
        }
    }

    fn wrong(&self, reason: &str) -> Fault {
        Fault::new(ErrorKind::BadDocument { format: "CSV", reason: reason.to_owned() }, self.at)
    }
}
