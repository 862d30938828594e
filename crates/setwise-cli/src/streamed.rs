//! Rows that come in the order of their keys: read some at a time, and never held.

use std::io::{self, Read};

use setwise::read::{self, CsvOptions, RowReader};
use setwise::{
    Cell, Dialect, ErrorKind, Errors, Options, RowSource, Step, Stream, Table, Template, UpdateBuilder, stream_from,
};

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
    /// The update of the rows in a file; none where they cannot be read some at a time.
    pub(crate) fn open(
        format: RowsFormat,
        source: &'t Source,
        table: Option<&'t Table>,
        csv: &'t CsvOptions,
        builder: UpdateBuilder<'t>,
    ) -> Option<Self> {
        let origin = Origin { format, source, table, csv };
        let mut rows = origin.rows().ok()??;
        if rows.next_rows(1).ok()?.is_empty() {
            return None;
        }
        let template = builder.template(rows.reader.columns()).ok()?;
        Some(Self { template, origin })
    }

    /// A stream for each dialect; none where one refuses the update.
    pub(crate) fn streams(
        &self,
        dialects: &[Dialect],
        options: &Options,
    ) -> Option<Vec<(Dialect, Option<Stream<'t, FileRows<'t>>>)>> {
        let open = |dialect| stream_from(&self.template, dialect, options, self.origin.rows().ok()??).ok();
        dialects.iter().map(|dialect| Some((*dialect, Some(open(*dialect)?)))).collect()
    }
}

impl<'t> Origin<'t> {
    /// The rows, from the first one; none where the format does not have them some at a time.
    fn rows(&self) -> io::Result<Option<FileRows<'t>>> {
        let reader = match self.format {
            RowsFormat::Json => return Ok(None),
            RowsFormat::Ndjson => RowReader::ndjson(self.table),
            RowsFormat::Csv => RowReader::csv(self.table, self.csv.clone()),
        };
        Ok(Some(FileRows { reader, bytes: self.source.bytes()?, block: Vec::new(), used: 0, is_end: false }))
    }
}

impl<'t> Steps for Stream<'t, FileRows<'t>> {
    fn next_step(&mut self) -> Option<Result<Step<'_>, Errors>> {
        self.next()
    }
}

/// The rows of a file, of which those that were asked for last are in memory.
pub(crate) struct FileRows<'t> {
    reader: RowReader<'t>,
    bytes: Box<dyn Read + 't>,
    block: Vec<u8>,
    /// Up to where the rows were those asked for last.
    used: usize,
    is_end: bool,
}

impl std::fmt::Debug for FileRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileRows").field("reader", &self.reader).finish_non_exhaustive()
    }
}

impl FileRows<'_> {
    /// Reads on. Rows that do not fit into a block make it grow.
    fn fill(&mut self) -> io::Result<()> {
        let more = u64::try_from(self.block.len().max(BLOCK)).unwrap_or(u64::MAX);
        self.is_end = self.bytes.by_ref().take(more).read_to_end(&mut self.block)? == 0;
        Ok(())
    }
}

impl RowSource for FileRows<'_> {
    fn next_rows(&mut self, most: usize) -> Result<Vec<Cell<'_>>, Errors> {
        self.block.drain(..std::mem::take(&mut self.used));
        while !self.reader.holds(&self.block, self.is_end, most) {
            self.fill().map_err(|error| ErrorKind::BadDocument { format: "readable", reason: error.to_string() })?;
        }
        let read::Read { cells, used } = self.reader.next_rows(&self.block, self.is_end, most)?;
        self.used = used;
        Ok(cells)
    }
}
