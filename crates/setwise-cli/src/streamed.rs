//! Rows that come in the order of their keys: read one by one, and never held.

use std::io::{self, Read};

use setwise::read::{self, CsvOptions, RowReader};
use setwise::{Cell, Dialect, ErrorKind, Errors, Ident, Options, Step, Stream, Table, Template, UpdateBuilder, stream};

use crate::document::Source;
use crate::print::Steps;
use crate::rows::RowsFormat;

/// The bytes that are read at a time.
const BLOCK: usize = 1 << 16;

/// An update whose rows are in a file.
#[derive(Debug)]
pub(crate) struct Streamed<'t> {
    template: Template<'t>,
    origin: Origin<'t>,
}

/// Where the rows are, and how they are read.
#[derive(Clone, Copy, Debug)]
struct Origin<'t> {
    format: RowsFormat,
    source: &'t Source,
    table: Option<&'t Table>,
    csv: &'t CsvOptions,
}

impl<'t> Streamed<'t> {
    /// The update of the rows in a file; none where they cannot be read one by one.
    pub(crate) fn open(
        format: RowsFormat,
        source: &'t Source,
        table: Option<&'t Table>,
        csv: &'t CsvOptions,
        builder: UpdateBuilder<'t>,
    ) -> Option<Self> {
        let origin = Origin { format, source, table, csv };
        let mut rows = origin.rows().ok()??;
        rows.next()?.ok()?;
        let template = builder.template(rows.columns()).ok()?;
        Some(Self { template, origin })
    }

    /// A stream for each dialect; none where one refuses the update.
    pub(crate) fn streams(
        &self,
        dialects: &[Dialect],
        options: &Options,
    ) -> Option<Vec<(Dialect, Option<Stream<'t, FileRows<'t>>>)>> {
        let open = |dialect| stream(&self.template, dialect, options, self.origin.rows().ok()??).ok();
        dialects.iter().map(|dialect| Some((*dialect, Some(open(*dialect)?)))).collect()
    }
}

impl<'t> Origin<'t> {
    /// The rows, from the first one; none where the format does not have them one by one.
    fn rows(&self) -> io::Result<Option<FileRows<'t>>> {
        let reader = match self.format {
            RowsFormat::Json => return Ok(None),
            RowsFormat::Ndjson => RowReader::ndjson(self.table),
            RowsFormat::Csv => RowReader::csv(self.table, self.csv.clone()),
        };
        Ok(Some(FileRows { reader, bytes: self.source.bytes()?, block: Vec::new(), at: 0, is_end: false }))
    }
}

impl<'t> Steps for Stream<'t, FileRows<'t>> {
    fn next_step(&mut self) -> Option<Result<Step<'_>, Errors>> {
        self.next()
    }
}

/// The rows of a file, of which one block is in memory.
pub(crate) struct FileRows<'t> {
    reader: RowReader<'t>,
    bytes: Box<dyn Read + 't>,
    block: Vec<u8>,
    /// Up to where the block has been read.
    at: usize,
    is_end: bool,
}

impl std::fmt::Debug for FileRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileRows").field("reader", &self.reader).finish_non_exhaustive()
    }
}

impl FileRows<'_> {
    /// The columns, once the first row has been read.
    fn columns(&self) -> &[Ident] {
        self.reader.columns()
    }

    /// Reads on. A row that does not fit into a block makes it grow.
    fn fill(&mut self) -> io::Result<()> {
        self.block.drain(..self.at);
        self.at = 0;
        let more = u64::try_from(self.block.len().max(BLOCK)).unwrap_or(u64::MAX);
        self.is_end = self.bytes.by_ref().take(more).read_to_end(&mut self.block)? == 0;
        Ok(())
    }
}

impl<'t> Iterator for FileRows<'t> {
    type Item = Result<Vec<Cell<'t>>, Errors>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.block.get(self.at..).unwrap_or_default();
            let read::Read { row, used } = match self.reader.next_row(rest, self.is_end) {
                Ok(read) => read,
                Err(errors) => return Some(Err(errors)),
            };
            let row = row.map(|row| row.into_iter().map(Cell::into_owned).collect());
            self.at += used;
            if row.is_some() || self.is_end {
                return row.map(Ok);
            }
            if let Err(error) = self.fill() {
                let kind = ErrorKind::BadDocument { format: "readable", reason: error.to_string() };
                return Some(Err(kind.into()));
            }
        }
    }
}
