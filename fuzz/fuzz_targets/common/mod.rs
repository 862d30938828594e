//! What the targets for documents share.

use setwise::read::{Read, RowReader};
use setwise::{Cell, Cells, Column, Errors, Ident, Table, TableName, Type, diagnostic};

/// A table with a column of every type, each named by a letter.
pub fn table() -> Table {
    let types = [
        Type::INT64,
        Type::Bool,
        Type::Int { bits: 16 },
        Type::UInt { bits: 64 },
        Type::Float32,
        Type::Float64,
        Type::Decimal { precision: Some(10), scale: Some(2) },
        Type::Text { max: Some(20) },
        Type::Char { length: 3 },
        Type::Bytes { max: None },
        Type::Date,
        Type::Time { digits: 3 },
        Type::TIMESTAMP,
        Type::TIMESTAMPTZ,
        Type::Interval,
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        Type::Enum { name: None, labels: ["sad".into(), "happy".into()].into() },
        Type::array(Type::INT64).unwrap(),
        Type::array(Type::array(Type::TEXT).unwrap()).unwrap(),
        Type::Named(Ident::new("inet").unwrap()),
    ];
    let table = Table::new(TableName::new("t").unwrap());
    ('a'..).zip(types).fold(table, |table, (name, ty)| table.column(Column::new(name.to_string(), ty).unwrap()))
}

/// Errors can be shown, whatever their places are.
pub fn show(errors: &Errors, document: &[u8]) {
    let text = String::from_utf8_lossy(document);
    for error in errors.iter() {
        assert!(!diagnostic::render(error, "document", &text).is_empty());
    }
}

/// The cells that a reader finds in a document of two pieces, so many rows at a time.
pub fn read_in_pieces<'a>(
    mut reader: RowReader<'_>,
    document: &'a [u8],
    cut: usize,
    most: usize,
) -> Result<Vec<Cell<'a>>, Errors> {
    let mut rows = Vec::new();
    let mut at = 0;
    for end in [cut.min(document.len()), document.len()] {
        let is_end = end == document.len();
        while reader.holds(&document[at..end], is_end, most) {
            let Read { cells, used } = reader.next_rows(&document[at..end], is_end, most)?;
            at += used;
            if cells.is_empty() {
                break;
            }
            rows.extend(cells);
        }
    }
    assert!(at == document.len(), "{} bytes are left", document.len() - at);
    Ok(rows)
}

/// A document is the same rows whether it is read as a whole or some rows at a time; what is wrong with one is wrong with both.
/// Only rows that are held together may name new columns.
pub fn compare(whole: &Result<Cells<'_>, Errors>, rows: &Result<Vec<Cell<'_>>, Errors>) {
    match (whole, rows) {
        (Ok(cells), Ok(rows)) => assert_eq!(
            format!("{:?}", cells.cells().iter().collect::<Vec<_>>()),
            format!("{:?}", rows.iter().collect::<Vec<_>>())
        ),
        (Err(_), Err(_)) => {}
        (Ok(_), Err(errors)) if errors.iter().all(|error| error.code() == "mixed-columns") => {}
        _ => panic!("{whole:?}\n{rows:?}"),
    }
}
