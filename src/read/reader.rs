//! Rows some at a time, so that they need not be held at once.

#[cfg(feature = "csv")]
use super::csv::{CsvOptions, Records};
#[cfg(feature = "json")]
use super::json::push_line;
#[cfg(feature = "json")]
use super::rows::RowSink;
use super::split::Ends;
use super::text::{Piece, check_part};
use crate::error::Errors;
use crate::ir::{Cell, Ident, Table};
use crate::stream::RowSource;

/// Reads rows some at a time from a document that may come in pieces, and holds none of them.
///
/// # Examples
///
/// ```
/// use setwise::read::RowReader;
///
/// let mut reader = RowReader::ndjson(None);
/// let text = b"{\"id\": 7}\n{\"id\": 8}";
/// // Of the second line there may be more to come.
/// assert!(reader.holds(text, false, 1) && !reader.holds(text, false, 2));
/// let first = reader.next_rows(text, false, 2)?;
/// assert_eq!((first.cells.len(), first.used), (1, 10));
/// assert_eq!(reader.next_rows(&text[10..], true, 2)?.cells.len(), 1);
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Debug)]
pub struct RowReader<'t> {
    form: Form<'t>,
    /// The ends of rows in the text that was looked at last.
    ends: Ends,
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
    /// The cells of whole rows, row after row.
    pub cells: Vec<Cell<'a>>,
    /// The bytes that need not be given again.
    pub used: usize,
}

impl<'t> RowReader<'t> {
    /// Reads NDJSON as [`ndjson`](super::ndjson) does.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn ndjson(table: Option<&'t Table>) -> Self {
        Self::new(Form::Ndjson(RowSink::new(table)))
    }

    /// Reads CSV as [`csv`](super::csv) does.
    #[cfg(feature = "csv")]
    #[must_use]
    pub fn csv(table: Option<&'t Table>, options: CsvOptions) -> Self {
        Self::new(Form::Csv(Records::new(table, options)))
    }

    fn new(form: Form<'t>) -> Self {
        Self { form, ends: Ends::default(), line: 1, offset: 0 }
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

    /// Whether a text holds so many whole rows, or ends the document. It goes on where the one before was no longer
    /// used; where it did not hold the rows, the same text with more behind it is looked at from where it ended.
    pub fn holds(&mut self, text: &[u8], is_end: bool, rows: usize) -> bool {
        match &self.form {
            #[cfg(feature = "json")]
            Form::Ndjson(_) => self.ends.find_lines(text, is_end, rows),
            #[cfg(feature = "csv")]
            Form::Csv(records) => {
                self.ends.find_records(text, is_end, rows.saturating_add(usize::from(records.is_header())))
            }
        }
    }

    /// Reads the next rows, so many if the text holds them. It goes on where the one before was no longer used; at its
    /// end is the end of the document, or more is to come.
    ///
    /// # Errors
    ///
    /// What is wrong with a row, with places in the whole document. Nothing is read behind an error.
    pub fn next_rows<'a>(&mut self, text: &'a [u8], is_end: bool, most: usize) -> Result<Read<'a>, Errors> {
        self.holds(text, is_end, most);
        let ends = self.ends.take();
        let whole = text.get(..ends.last().copied().unwrap_or(0)).unwrap_or_default();
        let (whole, broken) = check_part(whole, self.offset);
        let (mut used, mut rows) = (0, 0);
        let mut cells = Vec::with_capacity(ends.len().min(most).saturating_mul(self.columns().len()));
        for end in ends {
            if rows == most {
                break;
            }
            let Some(piece) = Piece::of(whole, used, end, self.line) else { break };
            rows += usize::from(self.form.push(piece, &mut cells)?);
            used = end;
        }
        if let (Some(broken), true) = (broken, rows < most) {
            return Err(broken.into());
        }
        self.offset += used;
        self.line += memchr::memchr_iter(b'\n', text.get(..used).unwrap_or_default()).count();
        Ok(Read { cells, used })
    }

    /// The rows of a document that is at hand.
    ///
    /// # Errors
    ///
    /// What is wrong with the header or the first row.
    pub fn rows(mut self, document: &[u8]) -> Result<RowIter<'_, 't>, Errors> {
        let Read { cells, used } = self.next_rows(document, true, 1)?;
        Ok(RowIter { reader: self, document, at: used, first: cells })
    }
}

impl Form<'_> {
    /// Reads a line or record; whether it holds a row.
    fn push<'a>(&mut self, piece: Piece<'a>, cells: &mut Vec<Cell<'a>>) -> Result<bool, Errors> {
        match self {
            #[cfg(feature = "json")]
            Self::Ndjson(sink) => {
                let is_row = push_line(piece.without_break(), sink, cells);
                sink.check().map(|()| is_row)
            }
            #[cfg(feature = "csv")]
            Self::Csv(records) => {
                let is_row = records.push_text(piece, cells);
                records.sink.check().map(|()| is_row)
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
    /// The cells of the first row, which tells the columns.
    first: Vec<Cell<'a>>,
}

impl RowIter<'_, '_> {
    /// The columns of all rows; none where there is neither header nor row.
    #[must_use]
    pub fn columns(&self) -> &[Ident] {
        self.reader.columns()
    }
}

impl<'a> RowIter<'a, '_> {
    fn read(&mut self, most: usize) -> Result<Vec<Cell<'a>>, Errors> {
        let mut read = std::mem::take(&mut self.first);
        let most = most.saturating_sub(usize::from(!read.is_empty()));
        let rest = self.document.get(self.at..).unwrap_or_default();
        match self.reader.next_rows(rest, true, most) {
            Ok(Read { cells, used }) => {
                self.at += used;
                read.extend(cells);
                Ok(read)
            }
            Err(errors) => {
                self.at = self.document.len();
                Err(errors)
            }
        }
    }
}

impl<'a> Iterator for RowIter<'a, '_> {
    type Item = Result<Vec<Cell<'a>>, Errors>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read(1).map(|row| Some(row).filter(|row| !row.is_empty())).transpose()
    }
}

impl RowSource for RowIter<'_, '_> {
    fn next_rows(&mut self, most: usize) -> Result<Vec<Cell<'_>>, Errors> {
        self.read(most)
    }
}

/// The rows of NDJSON one by one, or some at a time for [`stream_from`](crate::stream_from). Fields are read as [`ndjson`](super::ndjson) does.
///
/// # Errors
///
/// What is wrong with the first row, which tells the columns; what is wrong with another comes in its place:
/// `mixed-columns` where it names one that the first does not have. A column that it does not name stays as it is.
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Options, Update, read, stream_from};
///
/// let rows = read::ndjson_rows(b"{\"id\": 7, \"title\": \"a\"}\n{\"id\": 8, \"title\": \"b\"}\n", None)?;
/// let template = Update::table("posts").key(["id"]).template(rows.columns())?;
/// let mut steps = stream_from(&template, Dialect::sqlite(), &Options::new(), rows)?;
/// assert_eq!(steps.next().transpose()?.map(|step| step.rows.len()), Some(2));
/// # Ok::<(), setwise::Errors>(())
/// ```
#[cfg(feature = "json")]
pub fn ndjson_rows<'a, 't>(document: &'a [u8], table: Option<&'t Table>) -> Result<RowIter<'a, 't>, Errors> {
    RowReader::ndjson(table).rows(document)
}

/// The rows of CSV one by one, or some at a time for [`stream_from`](crate::stream_from). Cells are read as [`csv`](super::csv) does.
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
