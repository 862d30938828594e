//! Rows from a JSON array of objects, and from NDJSON: one object a line.

use std::borrow::Cow;

use memchr::memchr_iter;

use super::field;
use super::rows::{RowSink, Wanted};
use super::scan::{Fault, Scanner};
use super::text::{Piece, check_text, line_of};
use crate::error::{Error, ErrorKind, Errors, Place};
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
    let mut start = 0;
    for end in memchr_iter(b'\n', document).chain([document.len()]) {
        if let Some(line) = Piece::of(text, start, end, 1) {
            push_line(line, &mut sink, &mut cells);
        }
        start = end + 1;
    }
    sink.finish(cells)
}

/// Reads one line of NDJSON; false where it is empty.
pub(super) fn push_line<'a>(line: Piece<'a>, sink: &mut RowSink<'_>, cells: &mut Vec<Cell<'a>>) -> bool {
    let mut scanner = Scanner::new(line.text);
    if scanner.peek().is_none() {
        return false;
    }
    let read = row(&mut scanner, sink, cells, |at, _, _| line.place(at)).and_then(|()| scanner.end());
    if let Err(fault) = read {
        sink.abandon(*fault.kind, cells, || line.place(fault.at));
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
        // rows mostly name their columns in one order
        let position = if sink.quoted(expected).is_some_and(|quoted| scanner.take_name(quoted)) {
            Some(expected)
        } else {
            let name = scanner.member()?;
            sink.member(&name, cells, || place(at, row, Some(&name)))
        };
        let position = position.filter(|position| {
            let is_first = sink.give(*position);
            if !is_first {
                let field = sink.column(*position).to_owned();
                sink.report(ErrorKind::FieldTwice { field: field.clone() }, || place(at, row, Some(&field)));
            }
            is_first
        });
        if let Some(position) = position {
            scanner.peek();
            let at = scanner.at();
            match value(scanner, sink.column(position), sink.wanted(position)) {
                Ok(value) => sink.put(position, Cell::Value(value), cells),
                Err(Wrong::Text(fault)) => return Err(fault),
                Err(Wrong::Value(error)) => {
                    let field = sink.column(position).to_owned();
                    sink.report(error, || place(at, row, Some(&field)));
                }
            }
            expected = position + 1;
        } else {
            scanner.value()?;
        }
        more = scanner.more(b'}', "`,` or `}`")?;
    }
    sink.end(cells, || place(start, row, None));
    Ok(())
}

/// Why a field cannot be read.
enum Wrong {
    /// It is not JSON.
    Text(Fault),
    /// The column does not take it.
    Value(Error),
}

/// Reads a field.
#[inline(always)]
fn value<'a>(scanner: &mut Scanner<'a>, field: &str, wanted: Wanted<'_>) -> Result<Value<'a>, Wrong> {
    let plain = match wanted {
        Wanted::Type(ty) => field::from_plain(field, scanner, ty).map(|value| value.map_err(Wrong::Value)),
        Wanted::Own => match scanner.integer() {
            Some(number) => Some(Ok(Value::Int(number))),
            None => scanner.plain_text().map(|text| Ok(Value::Text(Cow::Borrowed(text)))),
        },
        Wanted::Nothing => None,
    };
    plain.unwrap_or_else(|| {
        let item = scanner.value().map_err(Wrong::Text)?;
        let value = match wanted {
            Wanted::Type(ty) => field::from_json(field, item, ty),
            Wanted::Own => field::from_json_alone(field, item),
            Wanted::Nothing => Ok(Value::Null),
        };
        value.map_err(Wrong::Value)
    })
}
