//! Rows some at a time: the same as all at once, in pieces of any size, and through a stream.

use proptest::prelude::*;
use setwise::read::{CsvOptions, RowReader, csv, csv_rows, ndjson, ndjson_rows};
use setwise::{Cell, Cells, Dialect, Errors, Ident, Options, Place, Update, compile, stream, stream_from};

use super::posts;

type Found = Result<(Vec<Ident>, Vec<Cell<'static>>), Errors>;

/// The rows of a document that is given in pieces of so many bytes, so many of them at a time.
fn read(mut reader: RowReader<'_>, document: &[u8], size: usize, most: usize) -> Found {
    let (mut from, mut to, mut cells) = (0, size.min(document.len()), Vec::new());
    loop {
        let is_end = to == document.len();
        if !reader.holds(&document[from..to], is_end, most) {
            to = (to + size).min(document.len());
            continue;
        }
        let read = reader.next_rows(&document[from..to], is_end, most)?;
        from += read.used;
        let width = reader.columns().len().max(1);
        assert!(read.cells.len() <= most.saturating_mul(width), "{most} rows");
        if read.cells.len() < most.saturating_mul(width) {
            assert!(is_end && from == to, "{} of {} bytes are left", document.len() - from, document.len());
            cells.extend(read.cells.into_iter().map(Cell::into_owned));
            return Ok((reader.columns().to_vec(), cells));
        }
        cells.extend(read.cells.into_iter().map(Cell::into_owned));
    }
}

/// Both give the same rows, or the same first error; only where all rows are at hand may one add a column.
#[track_caller]
fn assert_same(document: &str, one_by_one: &Found, at_once: &Result<Cells<'_>, Errors>) {
    match (one_by_one, at_once) {
        (Ok((columns, cells)), Ok(all)) => {
            assert_eq!((columns.as_slice(), cells.as_slice()), (all.columns(), all.cells()), "{document:?}");
        }
        (Err(one), _) if one.iter().any(|error| error.code() == "mixed-columns") => {}
        (Err(one), Err(all)) => assert_eq!(one.iter().next(), all.iter().next(), "{document:?}"),
        (one, all) => panic!("{document:?}: {one:?}, at once {all:?}"),
    }
}

fn compare(document: &str) {
    let (table, options) = (posts(), CsvOptions::new().null("~"));
    let lines = ndjson(document.as_bytes(), Some(&table));
    let records = csv(document.as_bytes(), Some(&table), &options);
    for (size, most) in [(1, 1), (2, 2), (7, 1), (usize::MAX, 3), (usize::MAX, usize::MAX)] {
        assert_same(document, &read(RowReader::ndjson(Some(&table)), document.as_bytes(), size, most), &lines);
        let reader = RowReader::csv(Some(&table), options.clone());
        assert_same(document, &read(reader, document.as_bytes(), size, most), &records);
    }
}

#[test]
fn one_by_one_and_at_once_are_the_same() {
    for document in [
        "",
        "\n\n",
        "{\"id\":1,\"v\":\"é\"}\n\n \r\n{\"v\":\"b\",\"id\":2}\r\n",
        "{\"id\":1}\n{\"id\":2,\"v\":\"a\"}\n",
        "{\"id\":1,\"v\":\"a\"}\n{\"id\":2}\n{\"v\":null}\n",
        "{\"id\":1}\n{\"id\":\n2}",
        "\u{feff}{\"id\":1}",
        "id,v\n1,\"a\nb\"\"\n\"\"\"\n2,c\r\n3,\"\"",
        "id,v\n1,\"a\nb\"\n2,\"c\n",
        "id,v\n1,a\"b\n2,c\n",
        "id,v\n1,a\n\n",
        "id;v\n1;2\n",
        "id,v\n",
        "id\n~\n\"7\"",
    ] {
        compare(document);
    }
    let field = prop::sample::select(vec!["1", "\"a\"", "\"a\nb\"", "\"\"\"\"", "", "é", "x\"y", "~", "\r"]);
    let id = prop::sample::select(vec!["1", "~", "\"2\"", "x", "-3"]);
    let record = (id, field).prop_map(|(id, v)| format!("{id},{v}"));
    let line = prop::sample::select(vec![
        "{\"id\":1,\"v\":\"a\"}",
        "{\"v\":null,\"id\":18446744073709551615}",
        "{\"id\":2}",
        "{\"id\":2,\"v\":\"\\u00e9\",\"ok\":true}",
        "{\"id\":",
        "",
        " ",
        "7",
    ]);
    let ends = prop::sample::select(vec!["\n", "\r\n"]);
    let lines = prop::collection::vec((prop_oneof![record, line.prop_map(str::to_owned)], ends), 0..6);
    let header = prop::sample::select(vec!["", "id,v\n", "v,id\r\n", "id,v"]);
    let documents = (header, lines)
        .prop_map(|(header, lines)| lines.into_iter().fold(header.to_owned(), |text, (line, end)| text + &line + end));
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) }, |(document in documents)| {
        compare(&document);
        compare(document.trim_end());
    });
}

#[test]
fn bytes_that_are_not_utf8_are_found_by_their_place_in_the_document() {
    let document = b"{\"id\":1}\n{\"id\":2,\"v\":\"\xff\"}\n";
    let errors = ndjson_rows(document, None).unwrap().nth(1).unwrap().unwrap_err();
    let error = errors.iter().next().unwrap();
    assert_eq!((error.code(), error.place()), ("not-utf8", Some(&Place::Span { from: 22, to: 23 })));
}

#[test]
fn nothing_is_read_behind_an_error() {
    let mut rows = ndjson_rows(b"{\"id\":1}\n{\"id\":}\n{\"id\":3}\n", None).unwrap();
    assert!(rows.next().unwrap().is_ok());
    assert!(rows.next().unwrap().is_err());
    assert!(rows.next().is_none());
    let table = posts();
    assert!(csv_rows(b"id,v\nx,y\n", Some(&table), CsvOptions::new()).is_err());
}

#[test]
fn rows_of_a_document_are_streamed() {
    let document: String = (1..=2_500).map(|id| format!("{{\"id\":{id},\"v\":\"title {}\"}}\n", id % 7)).collect();
    let cells = ndjson(document.as_bytes(), None).unwrap();
    let update = Update::table("t").key(["id"]).cells(cells).build().unwrap();
    let mut at_once = compile(&update, Dialect::mysql(), &Options::new()).unwrap();
    let rows = ndjson_rows(document.as_bytes(), None).unwrap();
    let template = Update::table("t").key(["id"]).template(rows.columns()).unwrap();
    let mut steps = stream(&template, Dialect::mysql(), &Options::new(), rows).unwrap();
    let mut count = [0, 0];
    while let Some(step) = at_once.next() {
        count[0] += step.unwrap().rows.len();
    }
    while let Some(step) = steps.next() {
        count[1] += step.unwrap().rows.len();
    }
    assert_eq!(count, [2_500, 2_500]);

    let wrong = document.replacen("2000,\"v\":", "2000,\"w\":", 1);
    let rows = ndjson_rows(wrong.as_bytes(), None).unwrap();
    let mut steps = stream_from(&template, Dialect::mysql(), &Options::new(), rows).unwrap();
    let errors = loop {
        if let Err(errors) = steps.next().unwrap() {
            break errors;
        }
    };
    assert!(errors.to_string().starts_with("error[mixed-columns]: line 2000, column 1: "), "{errors}");
    assert!(steps.next().is_none());
}
