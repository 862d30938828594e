//! Rows from a JSON array of objects, and from NDJSON: one object a line.

use std::borrow::Cow;

use super::field;
use super::rows::{RowSink, Wanted};
use super::scan::{Fault, Scanner};
use super::text::{check_text, line_of};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Cell, Cells, Table, Value};

/// Reads a JSON array of objects, one per row.
///
/// Each field is read as its column's type says: integers, floats and decimals from numbers (decimals also from text),
/// `NaN` and infinities, dates, times, UUIDs, intervals, enum labels and types of the engine's own from text, bytes
/// from `"0x…"`, `"\\x…"` or `"base64:…"`, arrays from arrays. Numbers are read from their text. `null` is SQL's NULL
/// in every column; `{"$json_null": true}` is JSON's null in a JSON column, which else takes any JSON value.
///
/// Without a table a field is of its own kind: text, bool, integer, decimal (a number with a point or an exponent),
/// or JSON (an array or object). An empty array gives no rows and no columns.
///
/// Rows may name different fields: a column whose field is absent stays as it is, which `null` does not say.
///
/// # Errors
///
/// Up to a hundred errors, and the count of the rest: those of the document with line and column, those of a field
/// with its JSON pointer.
///
/// # Examples
///
/// ```
/// use setwise::{Cell, Value};
///
/// let cells = setwise::read::json(br#"[{"id": 7, "price": 0.1}]"#, None)?;
/// assert_eq!((cells.len(), cells.columns().len()), (1, 2));
/// let wrong = setwise::read::json(br#"[{"id": 7}, {"id": 8}, ]"#, None).unwrap_err();
/// assert!(wrong.to_string().contains("line 1, column 22: nothing follows the comma"));
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn json<'a>(document: &'a [u8], table: Option<&Table>) -> Result<Cells<'a>, Errors> {
    let text = check_text(document)?;
    let (mut sink, mut cells) = (RowSink::new(table).growing(), Vec::new());
    if let Err(fault) = array(text, &mut sink, &mut cells) {
        sink.abandon(*fault.kind, &mut cells, || line_of(text, fault.at, 1));
    }
    sink.finish(cells)
}

/// Reads NDJSON: one object a line; empty lines are passed over. Fields are read as [`json`] reads them.
///
/// # Errors
///
/// As [`json`], with line and column for fields too. A line that is no object does not stop the reading.
///
/// # Examples
///
/// ```
/// let cells = setwise::read::ndjson(b"{\"id\": 7}\n{\"id\": 8}\n", None)?;
/// assert_eq!(cells.len(), 2);
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn ndjson<'a>(document: &'a [u8], table: Option<&Table>) -> Result<Cells<'a>, Errors> {
    let text = check_text(document)?;
    let (mut sink, mut cells) = (RowSink::new(table).growing(), Vec::new());
    for (index, line) in text.split('\n').enumerate() {
        push_line(line, index + 1, &mut sink, &mut cells);
    }
    sink.finish(cells)
}

/// Reads one line of NDJSON, of this number in its document; false where it is empty.
pub(super) fn push_line<'a>(line: &'a str, number: usize, sink: &mut RowSink<'_>, cells: &mut Vec<Cell<'a>>) -> bool {
    let mut scanner = Scanner::new(line);
    if scanner.peek().is_none() {
        return false;
    }
    let place = |at, _, _: Option<&str>| line_of(line, at, number);
    let read = row(&mut scanner, sink, cells, place).and_then(|()| scanner.end());
    if let Err(fault) = read {
        sink.abandon(*fault.kind, cells, || line_of(line, fault.at, number));
    }
    true
}

fn array<'a>(text: &'a str, sink: &mut RowSink<'_>, cells: &mut Vec<Cell<'a>>) -> Result<(), Fault> {
    let mut scanner = Scanner::new(text);
    scanner.peek();
    let start = scanner.at();
    if !scanner.take(b'[') {
        let item = scanner.value()?;
        let kind = ErrorKind::NotRows { expected: "an array of rows", found: item.kind.name() };
        return Err(Fault::new(kind, start));
    }
    let pointer = |_, row: usize, field: Option<&str>| {
        let field = field.map(|field| format!("/{}", field.replace('~', "~0").replace('/', "~1")));
        Place::Pointer(format!("/{row}{}", field.unwrap_or_default()))
    };
    let mut more = !scanner.take(b']');
    while more {
        row(&mut scanner, sink, cells, pointer)?;
        more = scanner.more(b']', "`,` or `]`")?;
    }
    scanner.end()
}

/// Reads one object. Wrong fields are reported and the reading goes on; wrong JSON ends it. A place is made of the
/// byte, the row and the field.
fn row<'a>(
    scanner: &mut Scanner<'a>,
    sink: &mut RowSink<'_>,
    cells: &mut Vec<Cell<'a>>,
    place: impl Fn(usize, usize, Option<&str>) -> Place,
) -> Result<(), Fault> {
    sink.begin(cells);
    let row = sink.row();
    scanner.peek();
    let start = scanner.at();
    if !scanner.take(b'{') {
        let item = scanner.value()?;
        let kind = ErrorKind::NotRows { expected: "an object", found: item.kind.name() };
        sink.abandon(kind, cells, || place(start, row, None));
        return Ok(());
    }
    let mut expected = 0;
    let mut more = !scanner.take(b'}');
    while more {
        scanner.peek();
        let at = scanner.at();
        let name = match scanner.expected_member(sink.column(expected)) {
            Some(name) => Cow::Borrowed(name),
            None => scanner.member()?,
        };
        let position = sink.member(&name, expected, cells, || place(at, row, Some(&name)));
        scanner.peek();
        let at = scanner.at();
        let item = scanner.value()?;
        if let Some(position) = position {
            expected = position + 1;
            let value = match sink.wanted(position) {
                Wanted::Type(ty) => field::from_json(&name, item, ty),
                Wanted::Own => field::from_json_alone(&name, item),
                Wanted::Nothing => Ok(Value::Null),
            };
            match value {
                Ok(value) => sink.put(position, Cell::Value(value), cells),
                Err(error) => sink.report(error, || place(at, row, Some(&name))),
            }
        }
        more = scanner.more(b'}', "`,` or `}`")?;
    }
    sink.end(|| place(start, row, None));
    Ok(())
}
