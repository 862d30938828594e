//! Rows from CSV: a header, then one record per row.

use std::borrow::Cow;

use super::field;
use super::rows::{RowSink, Wanted};
use super::scan::Fault;
use super::text::{check_text, line_of};
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
    let (mut record, mut cells) = (Vec::new(), Vec::new());
    let mut cursor = Cursor { text, at: 0, delimiter: options.delimiter };
    loop {
        let was_header = records.is_header;
        let more = records.push_record(&mut cursor, &mut record, 1, &mut cells);
        if !more || (was_header && records.is_header) || cursor.at >= text.len() {
            break;
        }
    }
    records.sink.finish(cells)
}

/// A cell as it is written: its text without quotes, whether it had them, and its first byte.
#[derive(Debug)]
struct Written<'a> {
    text: Cow<'a, str>,
    quoted: bool,
    at: usize,
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

    /// Reads the one record that a text is, whose first line has this number; false where it is the header.
    pub(super) fn push_text<'a>(&mut self, text: &'a str, first_line: usize, cells: &mut Vec<Cell<'a>>) -> bool {
        let was_header = self.is_header;
        let mut cursor = Cursor { text, at: 0, delimiter: self.options.delimiter };
        self.push_record(&mut cursor, &mut Vec::new(), first_line, cells);
        !was_header
    }

    /// Reads the next record, and reports what is wrong with it; false at the end. The record is a buffer.
    fn push_record<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        record: &mut Vec<Written<'a>>,
        first_line: usize,
        cells: &mut Vec<Cell<'a>>,
    ) -> bool {
        let text = cursor.text;
        match cursor.record(record) {
            Ok(false) => return false,
            Ok(true) if self.is_header => self.is_header = self.header(record, text, first_line).is_err(),
            Ok(true) => self.push_row(record, text, first_line, cells),
            Err(Fault { kind, at }) => self.sink.report(*kind, || line_of(text, at, first_line)),
        }
        true
    }

    fn header(&mut self, header: &[Written<'_>], text: &str, first_line: usize) -> Result<(), ()> {
        let place = |cell: &Written<'_>| line_of(text, cell.at, first_line);
        if let [only] = header {
            let likely: Vec<_> = [(';', "`;`"), ('\t', "a tab"), ('|', "`|`"), (',', "`,`")]
                .into_iter()
                .filter(|(mark, _)| only.text.contains(*mark) && !only.quoted)
                .collect();
            if let Some((_, likely)) = likely.first() {
                let kind = ErrorKind::WrongDelimiter { given: self.options.delimiter, likely: (*likely).to_owned() };
                self.sink.report(kind, || place(only));
                return Err(());
            }
        }
        for cell in header {
            if self.sink.find(&cell.text, 0).is_some() {
                self.sink.report(ErrorKind::FieldTwice { field: cell.text.clone().into_owned() }, || place(cell));
                return Err(());
            }
            let position = self.sink.add_column(&cell.text, || place(cell));
            if let (Wanted::Own, false) = (self.sink.wanted(position), cell.text.is_empty()) {
                self.sink.report(ErrorKind::UnknownType { column: cell.text.clone().into_owned() }, || place(cell));
            }
        }
        self.sink.close();
        Ok(())
    }

    /// Reads one record; its cells are taken out.
    fn push_row<'a>(
        &mut self,
        record: &mut Vec<Written<'a>>,
        text: &str,
        first_line: usize,
        cells: &mut Vec<Cell<'a>>,
    ) {
        let place = |at| line_of(text, at, first_line);
        let (expected, found) = (self.sink.columns().len(), record.len());
        if expected != found {
            let at = record.first().map_or(0, |cell| cell.at);
            self.sink.report(ErrorKind::RaggedRow { expected, found }, || place(at));
            return;
        }
        self.sink.begin(cells);
        for (position, cell) in record.drain(..).enumerate() {
            let at = cell.at;
            let Wanted::Type(ty) = self.sink.wanted(position) else { continue };
            match self.value(position, cell, ty) {
                Ok(value) => self.sink.put(position, Cell::Value(value), cells),
                Err(error) => self.sink.report(error, || place(at)),
            }
        }
    }

    fn value<'a>(&self, position: usize, cell: Written<'a>, ty: &Type) -> Result<Value<'a>, Error> {
        let field = self.sink.column(position);
        if !cell.quoted && self.options.null.as_deref() == Some(&*cell.text) {
            return Ok(Value::Null);
        }
        let takes_empty = matches!(ty, Type::Text { .. } | Type::Char { .. } | Type::Named(_) | Type::Enum { .. });
        if cell.text.is_empty() && !takes_empty {
            return Err(ErrorKind::EmptyField { field: field.to_owned() }.into());
        }
        match cell.text {
            Cow::Borrowed(text) => field::from_text(field, text, ty),
            Cow::Owned(text) => field::from_text(field, &text, ty).map(Value::into_owned),
        }
    }
}

/// A position in CSV text.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    delimiter: char,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads the cells of the next record; false at the end. A record that cannot be read is skipped to its line's end.
    fn record(&mut self, record: &mut Vec<Written<'a>>) -> Result<bool, Fault> {
        record.clear();
        if self.rest().is_empty() {
            return Ok(false);
        }
        loop {
            let cell = self.cell();
            match cell {
                Ok(cell) => record.push(cell),
                Err(error) => {
                    self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
                    return Err(error);
                }
            }
            let rest = self.rest();
            if let Some(rest) = rest.strip_prefix(self.delimiter) {
                self.at = self.text.len() - rest.len();
                continue;
            }
            if rest.starts_with('\r') {
                self.at += 1;
            }
            if self.rest().starts_with('\n') {
                self.at += 1;
            }
            return Ok(true);
        }
    }

    /// Reads a cell up to the delimiter or the end of the line, which stay.
    fn cell(&mut self) -> Result<Written<'a>, Fault> {
        let at = self.at;
        let quoted = self.rest().starts_with('"');
        let text = if quoted { self.quoted()? } else { self.bare()? };
        if let Some(nul) = text.find('\0') {
            return Err(Fault::new(ErrorKind::NulInDocument, at + nul));
        }
        Ok(Written { text, quoted, at })
    }

    fn bare(&mut self) -> Result<Cow<'a, str>, Fault> {
        let rest = self.rest();
        let end = rest.find([self.delimiter, '\n']).unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default();
        // A carriage return before the end of the line, or at the end of the text, belongs to the end of the line.
        let is_line_end = !rest.get(end..).unwrap_or_default().starts_with(self.delimiter);
        let text = if is_line_end { text.strip_suffix('\r').unwrap_or(text) } else { text };
        for (wrong, reason) in
            [('"', "a quote inside a cell that does not start with one"), ('\r', "a carriage return inside a line")]
        {
            if let Some(at) = text.find(wrong) {
                let kind =
                    ErrorKind::BadDocument { format: "CSV", reason: format!("{reason}; put the cell in quotes") };
                return Err(Fault::new(kind, self.at + at));
            }
        }
        self.at += text.len();
        Ok(Cow::Borrowed(text))
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, Fault> {
        let open = self.at;
        self.at += 1;
        let mut owned = String::new();
        loop {
            let rest = self.rest();
            let Some((part, behind)) = rest.split_once('"') else {
                self.at = self.text.len();
                return Err(Fault::new(ErrorKind::UnclosedQuote, open));
            };
            self.at += part.len() + 1;
            if behind.starts_with('"') {
                self.at += 1;
                owned.push_str(part);
                owned.push('"');
                continue;
            }
            let ends = behind.is_empty()
                || behind.starts_with([self.delimiter, '\n'])
                || behind.starts_with("\r\n")
                || behind == "\r";
            if !ends {
                let kind = ErrorKind::BadDocument {
                    format: "CSV",
                    reason: "text behind the quote that closes a cell; double the quotes inside".into(),
                };
                return Err(Fault::new(kind, self.at));
            }
            return Ok(if owned.is_empty() { Cow::Borrowed(part) } else { Cow::Owned(owned + part) });
        }
    }
}
