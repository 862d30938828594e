//! Rows from JSON, NDJSON and CSV: what each field becomes, and what is refused, by the numbers of the catalogue of
//! bad input.

#[path = "read/cells.rs"]
mod cells;
#[path = "read/documents.rs"]
mod documents;
#[path = "read/fields.rs"]
mod fields;
#[path = "read/robust.rs"]
mod robust;
#[path = "read/rows.rs"]
mod rows;
#[path = "read/scalars.rs"]
mod scalars;

use setwise::read::{CsvOptions, csv, json, ndjson};
use setwise::{Cell, Cells, Column, Errors, Ident, Table, TableName, Type, Value};

fn column(name: &str, ty: Type) -> Column {
    Column::new(name, ty).unwrap()
}

/// A table with a key and one column of a type.
fn table(ty: Type) -> Table {
    Table::new(TableName::new("t").unwrap()).column(column("id", Type::INT64)).column(column("v", ty))
}

fn posts() -> Table {
    table(Type::TEXT)
        .column(column("price", Type::Decimal { precision: Some(5), scale: Some(2) }))
        .column(column("ok", Type::Bool))
}

fn show(cells: Result<Cells<'_>, Errors>) -> String {
    let cells = match cells {
        Ok(cells) => cells,
        Err(errors) => return errors.to_string(),
    };
    let mut rows = vec![cells.columns().iter().map(Ident::as_str).collect::<Vec<_>>().join(",")];
    for row in cells.rows() {
        rows.push(row.iter().map(show_cell).collect::<Vec<_>>().join(","));
    }
    rows.join(" | ")
}

fn show_cell(cell: &Cell<'_>) -> String {
    let Cell::Value(value) = cell else { return format!("{cell:?}") };
    show_value(value)
}

fn show_value(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(v) => v.to_string(),
        Value::Int(v) => format!("int {v}"),
        Value::UInt(v) => format!("uint {v}"),
        Value::Float(v) => format!("float {v:?}"),
        Value::Decimal(v) => format!("decimal {v}"),
        Value::Text(v) => format!("{v:?}"),
        Value::Bytes(v) => format!("bytes {v:?}"),
        Value::Date(v) => format!("date {v}"),
        Value::Time(v) => format!("time {v}"),
        Value::Timestamp(v) => format!("timestamp {v}"),
        Value::TimestampTz(v) => format!("timestamptz {v}"),
        Value::Interval(v) => format!("interval {v}"),
        Value::Uuid(v) => format!("uuid {v}"),
        Value::Json(v) => format!("json {}", v.as_str()),
        Value::Array(v) => format!("[{}]", v.items().iter().map(show_value).collect::<Vec<_>>().join(",")),
    }
}

/// A field as JSON in a row, and what comes of it; errors without their code and place, which are the same for all.
fn field(ty: &Type, text: &str) -> String {
    let document = format!(r#"[{{"id":1,"v":{text}}}]"#);
    let table = table(ty.clone());
    let result = json(document.as_bytes(), Some(&table));
    let lines = ndjson(&document.as_bytes()[1..document.len() - 1], Some(&table));
    match (&result, &lines) {
        (Ok(array), Ok(lines)) => assert_eq!(format!("{array:?}"), format!("{lines:?}"), "NDJSON reads the same"),
        (Err(array), Err(lines)) => {
            assert_eq!(array.iter().next().unwrap().kind(), lines.iter().next().unwrap().kind(), "{text}");
        }
        _ => panic!("JSON and NDJSON differ for {text}"),
    }
    show(result).replacen("id,v | int 1,", "", 1)
}

fn cell(ty: &Type, text: &str) -> String {
    let document = format!("id,v\n1,{text}\n");
    show(csv(document.as_bytes(), Some(&table(ty.clone())), &CsvOptions::new())).replacen("id,v | int 1,", "", 1)
}

const DECIMAL: Type = Type::Decimal { precision: Some(5), scale: Some(2) };

fn mood() -> Type {
    Type::Enum { name: None, labels: vec!["sad".into(), "it's ok".into()] }
}

#[test]
fn documents_that_are_not_utf8() {
    let read: [fn(&[u8]) -> String; 3] = [
        |bytes| show(json(bytes, None)),
        |bytes| show(ndjson(bytes, None)),
        |bytes| show(csv(bytes, None, &CsvOptions::new())),
    ];
    for read in read {
        assert_eq!(
            read(b"[\"a\xff\"]"),
            "error[not-utf8]: bytes 3..4: byte 3 is not UTF-8; convert the document",
            "case 117"
        );
        assert_eq!(
            read(b"\xff\xfe[\0"),
            "error[utf-16]: line 1, column 1: the document is in UTF-16; convert it to UTF-8",
            "case 116"
        );
        assert_eq!(
            read(b"\xfe\xff\0["),
            "error[utf-16]: line 1, column 1: the document is in UTF-16; convert it to UTF-8",
            "case 116"
        );
        assert_eq!(
            read(b"\xef\xbb\xbfid\n"),
            "error[byte-order-mark]: line 1, column 1: the document starts with a byte order mark; save it as UTF-8 without one",
            "case 116"
        );
    }
}

#[test]
fn without_a_schema_a_field_is_of_its_own_kind() {
    let document =
        r#"[{"a":1,"b":1.50,"c":"x","d":true,"e":null,"f":[1,2],"g":{"h":1},"i":18446744073709551615,"j":1e2}]"#;
    let shown = r#"a,b,c,d,e,f,g,i,j | int 1,decimal 1.50,"x",true,null,json [1,2],json {"h":1},uint 18446744073709551615,decimal 100"#;
    assert_eq!(show(json(document.as_bytes(), None)), shown);
    let error = "error[out-of-range]: /0/a: 18446744073709551616 does not fit `a` of type int64, which holds -9223372036854775808 to 9223372036854775807";
    assert_eq!(show(json(br#"[{"a":18446744073709551616}]"#, None)), error, "case 13");
}

#[test]
fn errors_are_counted_above_a_hundred() {
    let document: String = (0..100_000).map(|_| "{\"id\":\"x\"}\n").collect();
    let errors = ndjson(document.as_bytes(), Some(&posts())).unwrap_err();
    assert_eq!((errors.iter().count(), errors.len()), (100, 100_000));
    assert_eq!(errors.iter().last().unwrap().place().unwrap().to_string(), "line 100, column 7");
    let document = format!("id\n{}", "x\n".repeat(100_000));
    let errors = csv(document.as_bytes(), Some(&posts()), &CsvOptions::new()).unwrap_err();
    assert_eq!((errors.iter().count(), errors.len()), (100, 100_000));
}

#[test]
fn text_without_escapes_is_borrowed() {
    use std::borrow::Cow;
    let cells = ndjson(br#"{"a":"plain","b":"x\ny","c":[1]}"#, None).unwrap();
    let borrowed = cells.cells().iter().map(|cell| matches!(cell, Cell::Value(Value::Text(Cow::Borrowed(_)))));
    assert_eq!(borrowed.collect::<Vec<_>>(), [true, false, false]);
}
