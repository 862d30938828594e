//! CSV: cells, documents and options.

use setwise::read::{CsvOptions, csv};
use setwise::{Cell, Table, TableName, Type, Value};

use super::{DECIMAL, cell, column, mood, posts, show};

/// Number in the catalogue, type, cell, outcome.
#[test]
fn csv_cells() {
    let int = "is not an integer; write digits only (`v`)";
    let cases: &[(u32, Type, &str, String)] = &[
        (5, Type::INT64, "01", "int 1".into()),
        (6, Type::INT64, "1.0", format!("error[bad-field]: line 2, column 3: `1.0` {int}")),
        (13, Type::INT64, "99999999999999999999", "error[out-of-range]: line 2, column 3: 99999999999999999999 does not fit `v` of type int64, which holds -9223372036854775808 to 9223372036854775807".into()),
        (41, Type::INT64, "12x", format!("error[bad-field]: line 2, column 3: `12x` {int}")),
        (41, Type::INT64, " 12", format!("error[bad-field]: line 2, column 3: ` 12` {int}")),
        (41, Type::INT64, "+12", format!("error[bad-field]: line 2, column 3: `+12` {int}")),
        (41, Type::INT64, "1_000", format!("error[bad-field]: line 2, column 3: `1_000` {int}")),
        (41, Type::INT64, "١٢", format!("error[bad-field]: line 2, column 3: `١٢` {int}")),
        (41, Type::INT64, "-", format!("error[bad-field]: line 2, column 3: `-` {int}")),
        (42, Type::INT64, "true", format!("error[bad-field]: line 2, column 3: `true` {int}")),
        (43, Type::Bool, "1", "error[bad-field]: line 2, column 3: `1` is not a truth value; use true or false (`v`)".into()),
        (44, Type::Bool, "yes", "error[bad-field]: line 2, column 3: `yes` is not a truth value; use true or false (`v`)".into()),
        (44, Type::Bool, "TRUE", "error[bad-field]: line 2, column 3: `TRUE` is not a truth value; use true or false (`v`)".into()),
        (0, Type::Bool, "false", "false".into()),
        (35, DECIMAL, "0.1", "decimal 0.1".into()),
        (0, DECIMAL, "\"1,5\"", "error[not-a-decimal]: line 2, column 3: `1,5` is not a decimal number; write digits, a point, digits".into()),
        (0, Type::Float64, "1e3", "float 1000.0".into()),
        (0, Type::Float64, "inf", "error[bad-field]: line 2, column 3: `inf` is not a number (`v`)".into()),
        (0, Type::Float64, ".5", "error[bad-field]: line 2, column 3: `.5` is not a number (`v`)".into()),
        (0, Type::Float64, "1e", "error[bad-field]: line 2, column 3: `1e` is not a number (`v`)".into()),
        (31, Type::Float64, "NaN", "float NaN".into()),
        (54, Type::Date, "2024-02-30", "error[no-such-day]: line 2, column 3: there is no day `2024-02-30`; dates are written YYYY-MM-DD".into()),
        (61, Type::TIMESTAMPTZ, "2024-01-01 00:00:00", "error[needs-offset]: line 2, column 3: `2024-01-01 00:00:00` needs an offset, such as `Z` or `+02:00`".into()),
        (0, Type::Json, "\"{\"\"a\"\": 1}\"", "json {\"a\": 1}".into()),
        (67, Type::Json, "null", "json null".into()),
        (114, Type::Json, "\"{\"\"a\"\": 1,}\"", "error[bad-field]: line 2, column 3: `{\"a\": 1,}` is not JSON: nothing follows the comma; remove it (`v`)".into()),
        (0, Type::array(Type::INT32).unwrap(), "\"[1,2]\"", "[int 1,int 2]".into()),
        (0, Type::array(Type::INT32).unwrap(), "{1}", "error[bad-field]: line 2, column 3: `{1}` is not an array as JSON: expected a name in double quotes, found `1` (`v`)".into()),
        (0, Type::array(Type::INT32).unwrap(), "7", "error[bad-field]: line 2, column 3: `7` is not an array; write it as JSON (`v`)".into()),
        (69, mood(), "glad", "error[not-a-label]: line 2, column 3: `glad` is not a label of `v`; the labels are `sad`, `it's ok`".into()),
        (116, Type::TEXT, "=cmd()", "\"=cmd()\"".into()),
        (116, Type::TEXT, "", "\"\"".into()),
        (116, Type::INT64, "", "error[empty-field]: line 2, column 3: the cell of `v` is empty; say that an empty cell is null, or give a value".into()),
        (0, Type::TEXT, " a b ", "\" a b \"".into()),
        (0, Type::TEXT, "\"a,\"\"b\"\"\nc\r\n\"", "\"a,\\\"b\\\"\\nc\\r\\n\"".into()),
        (0, Type::TEXT, "\"\"\"\"", "\"\\\"\"".into()),
    ];
    for (case, ty, text, outcome) in cases {
        assert_eq!(cell(ty, text), *outcome, "case {case}: {text}");
    }
}

#[test]
fn csv_documents() {
    let ragged = |line, found| {
        format!(
            "error[ragged-row]: line {line}, column 1: the row has {found} cells, the input has 2 columns; make them equal"
        )
    };
    let cases: &[(u32, &str, String)] = &[
        (0, "id,v\r\n1,a\r\n2,\"b\"", "id,v | int 1,\"a\" | int 2,\"b\"".into()),
        (0, "id\n1\r", "id | int 1".into()),
        (0, "\"v\",\"id\"\n\"\",\"7\"\n", "v,id | \"\",int 7".into()),
        (1, "id,v\n", "id,v".into()),
        (1, "", "".into()),
        (116, "id,v\n1\n2,b,c\n3,c\n", format!("{}\n{}", ragged(2, 1), ragged(3, 3))),
        (116, "id,v\n1,a\n\n", ragged(3, 1)),
        (116, "id,id\n1,2\n", "error[field-twice]: line 1, column 4: the field `id` is given twice; keep one".into()),
        (116, "id,,v\n1,2,3\n", "error[empty-name]: line 1, column 4: a name is empty; give it at least one character".into()),
        (116, "id,v\n1,\"a\n2,b\n", "error[unclosed-quote]: line 2, column 3: the quote that opens here is not closed; close it, and double the quotes inside".into()),
        (116, "id,v\n1,a\0b\nx,c\n", "error[nul-in-document]: line 2, column 4: there is a NUL character; remove it\nerror[bad-field]: line 3, column 1: `x` is not an integer; write digits only (`id`)".into()),
        (116, "i\0d,v\n", "error[nul-in-document]: line 1, column 2: there is a NUL character; remove it".into()),
        (116, "id;v\n1;a\n", "error[wrong-delimiter]: line 1, column 1: the header has one cell only; `,` delimits, did you mean `;`?".into()),
        (116, "id\tv\n1\ta\n", "error[wrong-delimiter]: line 1, column 1: the header has one cell only; `,` delimits, did you mean a tab?".into()),
        (0, "id,v\n1,a\"b\nx,c\n", "error[bad-document]: line 2, column 4: not CSV: a quote inside a cell that does not start with one; put the cell in quotes\nerror[bad-field]: line 3, column 1: `x` is not an integer; write digits only (`id`)".into()),
        (0, "id,v\n1,\"a\"b\n", "error[bad-document]: line 2, column 6: not CSV: text behind the quote that closes a cell; double the quotes inside".into()),
        (0, "id,v\r1,a\r2,b", "error[bad-document]: line 1, column 5: not CSV: a carriage return inside a line; put the cell in quotes".into()),
        (84, "id,pric\n1,2\n", "error[unknown-field]: line 1, column 4: there is no field `pric`; did you mean `price`?".into()),
        (0, "id,v\n1,\"a\nb\"\nx,y\n", "error[bad-field]: line 4, column 1: `x` is not an integer; write digits only (`id`)".into()),
    ];
    for (case, document, outcome) in cases {
        assert_eq!(
            show(csv(document.as_bytes(), Some(&posts()), &CsvOptions::new())),
            *outcome,
            "case {case}: {document}"
        );
    }
}

#[test]
fn csv_options() {
    let read = |document: &str, options: &CsvOptions| show(csv(document.as_bytes(), Some(&posts()), options));
    let empty = CsvOptions::new().null("");
    assert_eq!(
        read("id,v,price\n1,,\n2,\"\",1\n", &empty),
        "id,v,price | int 1,null,null | int 2,\"\",decimal 1",
        "case 116"
    );
    assert_eq!(read("id,v\n1,\\N\n2,\"\\N\"\n", &CsvOptions::new().null("\\N")), "id,v | int 1,null | int 2,\"\\\\N\"");
    assert_eq!(read("id;v\n1;a,b\n", &CsvOptions::new().delimiter(';')), "id,v | int 1,\"a,b\"");
    assert_eq!(read("id→v\n1→\"a→\"\n", &CsvOptions::new().delimiter('→')), "id,v | int 1,\"a→\"");
    let error = "error[unknown-type]: line 1, column 1: the type of `id` is not known; give a schema that declares it";
    assert_eq!(show(csv(b"id\n1\n", None, &CsvOptions::new())), error);
}

/// Where both take a document, the records are the csv crate's.
#[test]
fn csv_agrees_with_the_csv_crate() {
    let pieces = ["a", "\"", ",", "\n", "\r\n", " ", "\"\"", "é"];
    let text = Table::new(TableName::new("t").unwrap()).column(column("x", Type::TEXT)).column(column("y", Type::TEXT));
    let mut compared = 0;
    for number in 0..8usize.pow(5) {
        let parts = (0..5).map(|digit| pieces[number / 8usize.pow(digit) % 8]);
        let document = std::iter::once("x,y\n").chain(parts).collect::<String>();
        let Ok(ours) = csv(document.as_bytes(), Some(&text), &CsvOptions::new()) else { continue };
        let mut theirs = ::csv::ReaderBuilder::new().flexible(true).from_reader(document.as_bytes());
        let theirs: Vec<Vec<String>> =
            theirs.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let ours: Vec<Vec<String>> = ours
            .rows()
            .map(|row| {
                row.iter()
                    .map(|cell| match cell {
                        Cell::Value(Value::Text(text)) => text.clone().into_owned(),
                        other => panic!("{other:?}"),
                    })
                    .collect()
            })
            .collect();
        assert_eq!(ours, theirs, "{document:?}");
        compared += 1;
    }
    assert!(compared > 1_000, "{compared}");
}
