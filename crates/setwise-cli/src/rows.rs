//! Rows from files, and the places of rows in them.

use setwise::read::{self, CsvOptions};
use setwise::{Cells, Table};

use crate::args::InputFormat;
use crate::document::Document;
use crate::failure::Failure;

/// The form of a file of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowsFormat {
    Json,
    Ndjson,
    Csv,
}

impl RowsFormat {
    /// The form of a file of rows; none where it is no file of rows.
    pub(crate) fn of(format: InputFormat) -> Option<Self> {
        match format {
            InputFormat::Json => Some(Self::Json),
            InputFormat::Ndjson => Some(Self::Ndjson),
            InputFormat::Csv => Some(Self::Csv),
            InputFormat::Setwise => None,
        }
    }
}

/// Reads the rows, each field as its column's type says.
pub(crate) fn read<'t>(
    format: RowsFormat,
    document: &'t Document,
    table: Option<&Table>,
    csv: &CsvOptions,
) -> Result<Cells<'t>, Failure> {
    let cells = match format {
        RowsFormat::Json => read::json(document.bytes(), table),
        RowsFormat::Ndjson => read::ndjson(document.bytes(), table),
        RowsFormat::Csv => read::csv(document.bytes(), table, csv),
    };
    cells.map_err(|errors| Failure::refused(&errors, |error| document.show(error)))
}

/// Where a row, or a field of it, is in its file. Only asked for when there is an error, so it may be slow.
pub(crate) fn place(format: RowsFormat, document: &Document, row: usize, field: Option<&str>) -> String {
    let (name, text) = (document.name(), String::from_utf8_lossy(document.bytes()));
    let pointer = field.map(|field| field.replace('~', "~0").replace('/', "~1"));
    match format {
        RowsFormat::Json => {
            let field = pointer.map_or_else(String::new, |field| format!("/{field}"));
            format!("{name}: /{row}{field}")
        }
        RowsFormat::Ndjson => {
            let mut rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let line = rows.nth(row).map_or(row, |(at, _)| at) + 1;
            let field = pointer.map_or_else(String::new, |field| format!(": /{field}"));
            format!("{name}:{line}{field}")
        }
        RowsFormat::Csv => {
            let line = csv_line(&text, row + 1);
            let field = field.map_or_else(String::new, |field| format!(": field `{field}`"));
            format!("{name}:{line}{field}")
        }
    }
}

/// The line on which a record begins; the header is record 0. Empty lines between records do not count.
fn csv_line(text: &str, record: usize) -> usize {
    let (mut records, mut quoted, mut fresh) = (0, false, true);
    for (at, line) in text.split('\n').enumerate() {
        if fresh && !line.trim_end_matches('\r').is_empty() {
            if records == record {
                return at + 1;
            }
            records += 1;
        }
        quoted ^= line.matches('"').count() % 2 == 1;
        fresh = !quoted;
    }
    text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn finds_lines_behind_quoted_line_breaks_and_empty_lines() {
        let text = "id,title\n1,\"a\nb\"\n\n2,\"say \"\"hi\"\"\"\r\n3,c\n";
        let lines: Vec<_> = (0..4).map(|record| csv_line(text, record)).collect();
        assert_eq!(lines, [1, 2, 5, 6]);
    }
}
