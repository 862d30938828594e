//! Rows one by one, so that they need not be held at once.

#[cfg(feature = "csv")]
use super::csv::{CsvOptions, Records};
#[cfg(feature = "json")]
use super::json::push_line;
#[cfg(feature = "json")]
use super::rows::RowSink;
use super::text::check_piece;
use crate::error::Errors;
use crate::ir::{Cell, Ident, Table};

/// Reads rows one by one from a document that may come in pieces, and holds none of them.
///
/// # Examples
///
/// ```
/// use setwise::read::RowReader;
///
/// let mut reader = RowReader::ndjson(None);
/// let text = b"{\"id\": 7}\n{\"id\": 8}";
/// let first = reader.next_row(text, false)?;
/// assert_eq!((first.row.is_some(), first.used), (true, 10));
/// // Of the second line there may be more to come.
/// assert!(reader.next_row(&text[10..], false)?.row.is_none());
/// assert!(reader.next_row(&text[10..], true)?.row.is_some());
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Debug)]
pub struct RowReader<'t> {
    form: Form<'t>,
    /// The number of the line that comes next.
    line: usize,
    /// The bytes read.
    offset: usize,
}

#[derive(Debug)]
enum Form<'t> {
    #[cfg(feature = "json")]
    Ndjson(RowSink<'t>),
    #[cfg(feature = "csv")]
    Csv(Records<'t>),
}

/// What a reader found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<'a> {
    /// The next row; none where the text does not hold all of it.
    pub row: Option<Vec<Cell<'a>>>,
    /// The bytes that need not be given again.
    pub used: usize,
}

impl<'t> RowReader<'t> {
    /// Reads NDJSON as [`ndjson`](super::ndjson) does.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn ndjson(table: Option<&'t Table>) -> Self {
        Self { form: Form::Ndjson(RowSink::new(table)), line: 1, offset: 0 }
    }

    /// Reads CSV as [`csv`](super::csv) does.
    #[cfg(feature = "csv")]
    #[must_use]
    pub fn csv(table: Option<&'t Table>, options: CsvOptions) -> Self {
        Self { form: Form::Csv(Records::new(table, options)), line: 1, offset: 0 }
    }

    /// The columns, in the order of the cells: those of the header or of the first row, once it has been read.
    #[must_use]
    pub fn columns(&self) -> &[Ident] {
        match &self.form {
            #[cfg(feature = "json")]
            Form::Ndjson(sink) => sink.columns(),
            #[cfg(feature = "csv")]
            Form::Csv(records) => records.sink.columns(),
        }
    }

    /// Reads the next row. The text goes on where the one before was no longer used; at its end is the end of the
    /// document, or more is to come.
    ///
    /// # Errors
    ///
    /// What is wrong with the row, with places in the whole document. Nothing is read behind an error.
    pub fn next_row<'a>(&mut self, text: &'a [u8], is_end: bool) -> Result<Read<'a>, Errors> {
        let mut used = 0;
        loop {
            let rest = text.get(used..).unwrap_or_default();
            let end = self.form.find_end(rest).or_else(|| (is_end && !rest.is_empty()).then_some(rest.len()));
            let Some(piece) = end.and_then(|end| rest.get(..end)) else { return Ok(Read { row: None, used }) };
            let row = self.read_piece(piece)?;
            used += piece.len();
            if row.is_some() {
                return Ok(Read { row, used });
            }
        }
    }

    /// Reads a line or record; none where it holds no row.
    fn read_piece<'a>(&mut self, piece: &'a [u8]) -> Result<Option<Vec<Cell<'a>>>, Errors> {
        let text = check_piece(piece, self.offset)?;
        let mut cells = Vec::with_capacity(self.columns().len());
        let (is_row, errors) = match &mut self.form {
            #[cfg(feature = "json")]
            Form::Ndjson(sink) => {
                let line = text.strip_suffix('\n').unwrap_or(text);
                (push_line(line, self.line, sink, &mut cells), sink.take_errors())
            }
            #[cfg(feature = "csv")]
            Form::Csv(records) => (records.push_text(text, self.line, &mut cells), records.sink.take_errors()),
        };
        self.offset += piece.len();
        self.line += memchr::memchr_iter(b'\n', piece).count();
        errors.or(is_row.then_some(cells))
    }

    /// The rows of a document that is at hand.
    ///
    /// # Errors
    ///
    /// What is wrong with the header or the first row.
    pub fn rows(mut self, document: &[u8]) -> Result<RowIter<'_, 't>, Errors> {
        let Read { row, used } = self.next_row(document, true)?;
        Ok(RowIter { reader: self, document, at: used, first: row })
    }
}

impl Form<'_> {
    /// The end of the first line or record, behind its line break.
    fn find_end(&self, text: &[u8]) -> Option<usize> {
        match self {
            #[cfg(feature = "json")]
            Self::Ndjson(_) => memchr::memchr(b'\n', text).map(|end| end + 1),
            #[cfg(feature = "csv")]
            Self::Csv(_) => {
                // A line break between an odd quote and the next is one of a cell.
                let mut quoted = false;
                let mut marks = memchr::memchr2_iter(b'"', b'\n', text);
                let end = marks.find(|at| {
                    let is_quote = text.get(*at) == Some(&b'"');
                    quoted ^= is_quote;
                    !is_quote && !quoted
                });
                end.map(|end| end + 1)
            }
        }
    }
}

/// The rows of a document, one by one; behind an error there is none.
#[derive(Debug)]
pub struct RowIter<'a, 't> {
    reader: RowReader<'t>,
    document: &'a [u8],
    at: usize,
    first: Option<Vec<Cell<'a>>>,
}

impl RowIter<'_, '_> {
    /// The columns of all rows; none where there is neither header nor row.
    #[must_use]
    pub fn columns(&self) -> &[Ident] {
        self.reader.columns()
    }
}

impl<'a> Iterator for RowIter<'a, '_> {
    type Item = Result<Vec<Cell<'a>>, Errors>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.first.take() {
            return Some(Ok(row));
        }
        let rest = self.document.get(self.at..).unwrap_or_default();
        match self.reader.next_row(rest, true) {
            Ok(Read { row, used }) => {
                self.at += used;
                row.map(Ok)
            }
            Err(errors) => {
                self.at = self.document.len();
                Some(Err(errors))
            }
        }
    }
}

/// The rows of NDJSON one by one, for [`stream`](crate::stream()). Fields are read as [`ndjson`](super::ndjson) does.
///
/// # Errors
///
/// What is wrong with the first row, which tells the columns; what is wrong with another comes in its place:
/// `mixed-columns` where it names one that the first does not have. A column that it does not name stays as it is.
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Options, Update, read, stream};
///
/// let rows = read::ndjson_rows(b"{\"id\": 7, \"title\": \"a\"}\n{\"id\": 8, \"title\": \"b\"}\n", None)?;
/// let template = Update::table("posts").key(["id"]).template(rows.columns())?;
/// let mut steps = stream(&template, Dialect::sqlite(), &Options::new(), rows)?;
/// assert_eq!(steps.next().transpose()?.map(|step| step.rows.len()), Some(2));
/// # Ok::<(), setwise::Errors>(())
/// ```
#[cfg(feature = "json")]
pub fn ndjson_rows<'a, 't>(document: &'a [u8], table: Option<&'t Table>) -> Result<RowIter<'a, 't>, Errors> {
    RowReader::ndjson(table).rows(document)
}

/// The rows of CSV one by one, for [`stream`](crate::stream()). Cells are read as [`csv`](super::csv) does.
///
/// # Errors
///
/// What is wrong with the header or the first row; what is wrong with another comes in its place.
#[cfg(feature = "csv")]
pub fn csv_rows<'a, 't>(
    document: &'a [u8],
    table: Option<&'t Table>,
    options: CsvOptions,
) -> Result<RowIter<'a, 't>, Errors> {
    RowReader::csv(table, options).rows(document)
}
