//! Rows from JSON, NDJSON and CSV: what each field becomes, and what is refused, by the numbers of the catalogue of
//! bad input.

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

/// Number in the catalogue (0 where it has none), type, field in JSON, outcome.
#[test]
fn json_fields() {
    let cases: &[(u32, Type, &str, &str)] = &[
        (6, Type::INT64, "1.0", "error[bad-field]: /0/v: `1.0` is not an integer; write digits only (`v`)"),
        (13, Type::INT64, "18446744073709551615", "uint 18446744073709551615"),
        (
            13,
            Type::INT64,
            "18446744073709551616",
            "error[out-of-range]: /0/v: 18446744073709551616 does not fit `v` of type int64, which holds -9223372036854775808 to 9223372036854775807",
        ),
        (
            13,
            Type::INT64,
            "-9223372036854775809",
            "error[out-of-range]: /0/v: -9223372036854775809 does not fit `v` of type int64, which holds -9223372036854775808 to 9223372036854775807",
        ),
        (0, Type::INT64, "-9223372036854775808", "int -9223372036854775808"),
        (0, Type::UInt { bits: 64 }, "9223372036854775808", "uint 9223372036854775808"),
        (
            18,
            Type::INT64,
            "true",
            "error[wrong-type]: /0/v: bool `true` given for `v` of type int64; give a value of that type",
        ),
        (31, Type::Float64, "\"NaN\"", "float NaN"),
        (31, Type::Float64, "NaN", "error[syntax]: line 1, column 14: expected a value, found `N`"),
        (32, Type::Float64, "\"-Infinity\"", "float -inf"),
        (33, Type::Float64, "-0.0", "float -0.0"),
        (34, Type::Float64, "1e400", "error[bad-field]: /0/v: `1e400` is not a number that fits a double (`v`)"),
        (34, Type::Float64, "1e-400", "error[bad-field]: /0/v: `1e-400` is not a number that fits a double (`v`)"),
        (34, Type::Float32, "1e39", "error[bad-field]: /0/v: `1e39` is not a number that fits a single (`v`)"),
        (0, Type::Float64, "0e-400", "float 0.0"),
        (
            0,
            Type::Float64,
            "9007199254740993",
            "error[bad-field]: /0/v: `9007199254740993` is not a whole number that a double holds exactly (`v`)",
        ),
        (0, Type::Float64, "9007199254740994", "float 9007199254740994.0"),
        (0, Type::Float32, "0.1", "float 0.10000000149011612"),
        (
            0,
            Type::Float64,
            "\"1.5\"",
            "error[wrong-type]: /0/v: text `1.5` given for `v` of type float64; give a value of that type",
        ),
        (35, DECIMAL, "0.1", "decimal 0.1"),
        (35, DECIMAL, "0.005", "decimal 0.005"),
        (35, DECIMAL, "12345678901234567890.10", "decimal 12345678901234567890.10"),
        (0, DECIMAL, "\"0.10\"", "decimal 0.10"),
        (
            0,
            DECIMAL,
            "\"+1\"",
            "error[not-a-decimal]: /0/v: `+1` is not a decimal number; write digits, a point, digits",
        ),
        (
            0,
            DECIMAL,
            "\"NaN\"",
            "error[not-a-decimal]: /0/v: `NaN` is not a decimal number; write digits, a point, digits",
        ),
        (36, Type::INT64, "1.5", "error[bad-field]: /0/v: `1.5` is not an integer; write digits only (`v`)"),
        (36, Type::INT64, "1e3", "error[bad-field]: /0/v: `1e3` is not an integer; write digits only (`v`)"),
        (
            40,
            Type::INT64,
            "\"12\"",
            "error[wrong-type]: /0/v: text `12` given for `v` of type int64; give a value of that type",
        ),
        (
            41,
            Type::INT64,
            "\"1_000\"",
            "error[wrong-type]: /0/v: text `1_000` given for `v` of type int64; give a value of that type",
        ),
        (41, Type::INT64, "1_000", "error[syntax]: line 1, column 15: expected the end of the number, found `_`"),
        (41, Type::INT64, "+12", "error[syntax]: line 1, column 14: expected a value, found `+`"),
        (41, Type::INT64, "012", "error[syntax]: line 1, column 15: expected the end of the number, found `1`"),
        (
            43,
            Type::Bool,
            "1",
            "error[wrong-type]: /0/v: a number `1` given for `v` of type bool; give a value of that type",
        ),
        (
            43,
            Type::Bool,
            "\"true\"",
            "error[wrong-type]: /0/v: text `true` given for `v` of type bool; give a value of that type",
        ),
        (0, Type::Bool, "true", "true"),
        (
            0,
            Type::TEXT,
            "7",
            "error[wrong-type]: /0/v: a number `7` given for `v` of type text; give a value of that type",
        ),
        (
            0,
            Type::TEXT,
            "{\"a\":1}",
            "error[wrong-type]: /0/v: an object `{\"a\":1}` given for `v` of type text; give a value of that type",
        ),
        (0, Type::TEXT, r#""\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00""#, r#""\"\\/\u{8}\u{c}\n\r\t\0é😀""#),
        (
            48,
            Type::TEXT,
            "\"\\ud800\"",
            "error[lone-surrogate]: line 1, column 15: `\\ud800` is half of a character and not valid Unicode; correct the text",
        ),
        (
            48,
            Type::TEXT,
            "\"a\\udc00\"",
            "error[lone-surrogate]: line 1, column 16: `\\udc00` is half of a character and not valid Unicode; correct the text",
        ),
        (
            48,
            Type::TEXT,
            "\"\\ud800\\u0041\"",
            "error[lone-surrogate]: line 1, column 15: `\\ud800` is half of a character and not valid Unicode; correct the text",
        ),
        (49, Type::TEXT, "\"\u{ffff}\u{feff}\u{202e}\"", "\"\\u{ffff}\\u{feff}\\u{202e}\""),
        (
            52,
            Type::BYTES,
            "\"0xabc\"",
            "error[bad-field]: /0/v: `0xabc` is not hexadecimal: it has an odd number of digits (`v`)",
        ),
        (
            52,
            Type::BYTES,
            "\"0xabzz\"",
            "error[bad-field]: /0/v: `0xabzz` is not hexadecimal: `z` is no digit (character 3) (`v`)",
        ),
        (0, Type::BYTES, "\"0x00fF\"", "bytes [0, 255]"),
        (0, Type::BYTES, "\"\\\\x00fF\"", "bytes [0, 255]"),
        (0, Type::BYTES, "\"0x\"", "bytes []"),
        (
            53,
            Type::BYTES,
            "\"base64:AP_=\"",
            "error[bad-field]: /0/v: `base64:AP_=` is not base64: `_` is no digit (character 3) (`v`)",
        ),
        (
            53,
            Type::BYTES,
            "\"base64:AP8\"",
            "error[bad-field]: /0/v: `base64:AP8` is not base64: its length is not a multiple of four; pad it with `=` (`v`)",
        ),
        (
            53,
            Type::BYTES,
            "\"base64:AP9=\"",
            "error[bad-field]: /0/v: `base64:AP9=` is not base64: its last digit has bits to spare (character 3) (`v`)",
        ),
        (0, Type::BYTES, "\"base64:AP8=\"", "bytes [0, 255]"),
        (0, Type::BYTES, "\"base64:/+AB\"", "bytes [255, 224, 1]"),
        (
            0,
            Type::BYTES,
            "\"AP8=\"",
            "error[bad-field]: /0/v: `AP8=` is not bytes; write `0x…` or `\\x…` in hexadecimal, or `base64:…` (`v`)",
        ),
        (
            54,
            Type::Date,
            "\"2024-02-30\"",
            "error[no-such-day]: /0/v: there is no day `2024-02-30`; dates are written YYYY-MM-DD",
        ),
        (
            55,
            Type::Date,
            "\"0000-00-00\"",
            "error[no-such-day]: /0/v: there is no day `0000-00-00`; dates are written YYYY-MM-DD",
        ),
        (
            56,
            Type::Date,
            "\"2024-1-5\"",
            "error[no-such-day]: /0/v: there is no day `2024-1-5`; dates are written YYYY-MM-DD",
        ),
        (
            56,
            Type::Date,
            "\"05.01.2024\"",
            "error[no-such-day]: /0/v: there is no day `05.01.2024`; dates are written YYYY-MM-DD",
        ),
        (
            56,
            Type::Date,
            "20240105",
            "error[wrong-type]: /0/v: a number `20240105` given for `v` of type date; give a value of that type",
        ),
        (57, Type::Date, "\"10000-01-01\"", "date 10000-01-01"),
        (0, Type::Date, "\"2024-02-29\"", "date 2024-02-29"),
        (
            58,
            Type::TIME,
            "\"24:00:00\"",
            "error[no-such-time]: /0/v: there is no time `24:00:00`; 24:00 and leap seconds are not times of day",
        ),
        (
            58,
            Type::TIMESTAMP,
            "\"2016-12-31 23:59:60\"",
            "error[no-such-time]: /0/v: there is no time `23:59:60`; 24:00 and leap seconds are not times of day",
        ),
        (
            59,
            Type::TIME,
            "\"23:59:59.9999999\"",
            "error[too-fine]: /0/v: `23:59:59.9999999` has more than six digits of a second's fraction; microseconds are the limit",
        ),
        (0, Type::TIME, "\"23:59:59.5\"", "time 23:59:59.500000"),
        (
            0,
            Type::TIME,
            "\"9:00:00\"",
            "error[no-such-time]: /0/v: there is no time `9:00:00`; 24:00 and leap seconds are not times of day",
        ),
        (
            60,
            Type::TIMESTAMP,
            "\"2024-01-01T00:00:00Z\"",
            "error[has-offset]: /0/v: `2024-01-01T00:00:00Z` has an offset, the column has none; convert it and leave the offset out",
        ),
        (
            60,
            Type::TIMESTAMP,
            "\"2024-01-01 00:00:00-05:00\"",
            "error[has-offset]: /0/v: `2024-01-01 00:00:00-05:00` has an offset, the column has none; convert it and leave the offset out",
        ),
        (
            61,
            Type::TIMESTAMPTZ,
            "\"2024-01-01 00:00:00\"",
            "error[needs-offset]: /0/v: `2024-01-01 00:00:00` needs an offset, such as `Z` or `+02:00`",
        ),
        (
            62,
            Type::TIMESTAMPTZ,
            "\"2024-03-31 02:30:00 Europe/Berlin\"",
            "error[needs-offset]: /0/v: `2024-03-31 02:30:00 Europe/Berlin` needs an offset, such as `Z` or `+02:00`",
        ),
        (0, Type::TIMESTAMPTZ, "\"2024-01-01T00:00:00.000001+01:00\"", "timestamptz 2023-12-31 23:00:00.000001+00:00"),
        (
            0,
            Type::TIMESTAMP,
            "\"2024-01-01\"",
            "error[syntax]: /0/v: expected `YYYY-MM-DD HH:MM:SS`, found `2024-01-01`",
        ),
        (63, Type::Interval, "\"P1M\"", "interval 1 mons 0 days 0 microseconds"),
        (
            0,
            Type::Interval,
            "\"soon\"",
            "error[not-an-interval]: /0/v: `soon` is not an interval; write `P1Y2M3DT4H5M6S` or `1 year 2 mons 3 days 04:05:06`",
        ),
        (
            64,
            Type::Jsonb,
            "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
            "error[field-twice]: line 1, column 38: the field `c` is given twice; keep one",
        ),
        (
            64,
            Type::Jsonb,
            "{\"a\":1,\"\\u0061\":2}",
            "error[field-twice]: line 1, column 32: the field `a` is given twice; keep one",
        ),
        (65, Type::Jsonb, "[1e400, 0.10]", "json [1e400, 0.10]"),
        (0, Type::Json, "\"text\"", "json \"text\""),
        (0, Type::Json, "{\"a\": [1, {}, []], \"b\": null}", "json {\"a\": [1, {}, []], \"b\": null}"),
        (67, Type::Jsonb, "null", "null"),
        (67, Type::Jsonb, "{\"$json_null\": true}", "json null"),
        (
            67,
            Type::TEXT,
            "{\"$json_null\": true}",
            "error[wrong-type]: /0/v: an object `{\"$json_null\": true}` given for `v` of type text; give a value of that type",
        ),
        (
            69,
            mood(),
            "\"glad\"",
            "error[not-a-label]: /0/v: `glad` is not a label of `v`; the labels are `sad`, `it's ok`",
        ),
        (69, mood(), "\"it's ok\"", "\"it's ok\""),
        (
            71,
            Type::Array(Box::new(Type::INT32)),
            "[1, \"2\"]",
            "error[wrong-type]: /0/v: text `2` given for `v[1]` of type int32; give a value of that type",
        ),
        (0, Type::Array(Box::new(Type::INT32)), "[1, null, 3]", "[int 1,null,int 3]"),
        (0, Type::Array(Box::new(Type::Array(Box::new(Type::TEXT)))), "[[\"a\"],[]]", "[[\"a\"],[]]"),
        (
            0,
            Type::Array(Box::new(Type::INT32)),
            "\"{1,2}\"",
            "error[wrong-type]: /0/v: text `{1,2}` given for `v` of type int32[]; give a value of that type",
        ),
        (
            72,
            Type::Uuid,
            "\"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}\"",
            "error[not-a-uuid]: /0/v: `{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits",
        ),
        (
            72,
            Type::Uuid,
            "\"urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
            "error[not-a-uuid]: /0/v: `urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits",
        ),
        (
            72,
            Type::Uuid,
            "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1\"",
            "error[not-a-uuid]: /0/v: `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits",
        ),
        (10, Type::Uuid, "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"", "uuid a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        (
            74,
            Type::DECIMAL,
            "1E+999999999",
            "error[too-many-digits]: /0/v: the number has more than 1000 digits; shorten it",
        ),
        (74, Type::DECIMAL, "1.5e3", "decimal 1500"),
        (76, Type::TEXT, "\"$keep\"", "\"$keep\""),
        (0, Type::Named(Ident::new("inet").unwrap()), "\"1.2.3.4/33\"", "\"1.2.3.4/33\""),
        (
            0,
            Type::Named(Ident::new("inet").unwrap()),
            "4",
            "error[wrong-type]: /0/v: a number `4` given for `v` of type inet; give a value of that type",
        ),
    ];
    for (case, ty, text, outcome) in cases {
        assert_eq!(field(ty, text), *outcome, "case {case}: {text}");
    }
}

/// A hundred levels of arrays, and too many (case 66).
#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(field(&Type::Json, &nested(128)), format!("json {}", nested(128)));
    let error =
        "error[document-too-deep]: line 1, column 142: the document is nested deeper than 128 levels; flatten it";
    assert_eq!(field(&Type::Json, &nested(129)), error, "case 66");
    assert_eq!(
        show(json("[".repeat(1_000_000).as_bytes(), None)).split(':').next(),
        Some("error[document-too-deep]"),
        "case 66"
    );
}

/// Number in the catalogue, document, outcome; the table has the columns id, v (text), price and ok.
#[test]
fn json_documents() {
    let cases: &[(u32, &str, &str)] = &[
        (0, r#"[{"id":1,"v":"a"},{"v":"b","id":2}]"#, r#"id,v | int 1,"a" | int 2,"b""#),
        (1, "[]", ""),
        (1, " \n[ ] ", ""),
        (0, "[{}]", "error[no-columns]: /0: the incoming rows have no columns; name them"),
        (
            3,
            r#"[{"id":1,"v":"a"},{"v":"b"}]"#,
            "error[mixed-columns]: /1: the rows set different columns: `id` is missing; give each row a value for every column, or split the update",
        ),
        (
            23,
            r#"[{"id":1,"v":"a"},{"id":2,"ok":true}]"#,
            "error[mixed-columns]: /1: the rows set different columns: `v` is missing, `ok` is new; give each row a value for every column, or split the update",
        ),
        (
            84,
            r#"[{"id":1,"pric":1}]"#,
            "error[unknown-field]: /0/pric: there is no field `pric`; did you mean `price`?",
        ),
        (
            84,
            r#"[{"id":1},{"id":2,"pric":1}]"#,
            "error[unknown-field]: /1/pric: there is no field `pric`; did you mean `price`?",
        ),
        (84, r#"[{"id":1,"a/b~c":1}]"#, "error[unknown-field]: /0/a~1b~0c: there is no field `a/b~c` in `t`"),
        (77, r#"[{"":1}]"#, "error[empty-name]: /0/: a name is empty; give it at least one character"),
        (
            78,
            r#"[{"a\u0000b":1}]"#,
            "error[name-with-nul]: /0/a\0b: the name `a\u{fffd}b` holds a NUL character; remove it",
        ),
        (114, r#"{"id":1}"#, "error[not-rows]: line 1, column 1: expected an array of rows, found an object"),
        (114, "7", "error[not-rows]: line 1, column 1: expected an array of rows, found a number"),
        (114, "", "error[truncated]: line 1, column 1: the document ends where a value is expected; is it complete?"),
        (114, "[{\"id\":1},\n7]", "error[not-rows]: /1: expected an object, found a number"),
        (
            114,
            "[{\"id\":1},\n {\"id\":2}",
            "error[truncated]: line 2, column 10: the document ends where `,` or `]` is expected; is it complete?",
        ),
        (
            114,
            "[{\"id\":1",
            "error[truncated]: line 1, column 9: the document ends where `,` or `}` is expected; is it complete?",
        ),
        (
            114,
            "[{\"v\":\"abc",
            "error[truncated]: line 1, column 7: the document ends where the end of the text is expected; is it complete?",
        ),
        (114, "[{\"id\":1},\n]", "error[trailing-comma]: line 1, column 10: nothing follows the comma; remove it"),
        (114, "[{\"id\":1,}]", "error[trailing-comma]: line 1, column 9: nothing follows the comma; remove it"),
        (
            114,
            "[{\"id\":1}]\n[{\"id\":2}]",
            "error[trailing-text]: line 2, column 1: `[{\\\"id\\\":2}]` follows the end of the rows; give one array, or one object a line as NDJSON",
        ),
        (
            114,
            "[{\"id\":1}] // x",
            "error[comment]: line 1, column 12: there is a comment, which JSON does not have; remove it",
        ),
        (
            114,
            "[/* x */{\"id\":1}]",
            "error[comment]: line 1, column 2: there is a comment, which JSON does not have; remove it",
        ),
        (114, "[{'id':1}]", "error[syntax]: line 1, column 3: expected a name in double quotes, found `\\'`"),
        (114, "[{\"id\" 1}]", "error[syntax]: line 1, column 8: expected `:`, found `1`"),
        (114, "[{\"id\":1}{\"id\":2}]", "error[syntax]: line 1, column 10: expected `,` or `]`, found `{`"),
        (114, "[{\"id\":01}]", "error[syntax]: line 1, column 9: expected the end of the number, found `1`"),
        (114, "[{\"id\":1.}]", "error[syntax]: line 1, column 10: expected a digit, found `}`"),
        (114, "[{\"id\":-}]", "error[syntax]: line 1, column 9: expected a digit, found `}`"),
        (
            114,
            "[{\"v\":\"a\nb\"}]",
            "error[syntax]: line 1, column 9: expected an escape for this control character, found `\\n`",
        ),
        (114, "[{\"v\":\"\\x\"}]", "error[syntax]: line 1, column 9: expected an escape of JSON, found `x`"),
        (114, "[{\"v\":\"\\u12\"}]", "error[syntax]: line 1, column 10: expected four hexadecimal digits, found `1`"),
        (114, "[{\"v\":nul}]", "error[syntax]: line 1, column 7: expected a value, found `n`"),
        (115, r#"[{"id":1,"id":2}]"#, "error[field-twice]: /0/id: the field `id` is given twice; keep one"),
        (115, r#"[{"id":1},{"id":1,"id":2}]"#, "error[field-twice]: /1/id: the field `id` is given twice; keep one"),
        (
            115,
            r#"[{"id":1,"__proto__":{}}]"#,
            "error[unknown-field]: /0/__proto__: there is no field `__proto__` in `t`",
        ),
        (
            115,
            r#"[{"id":1,"_connector":1}]"#,
            "error[unknown-field]: /0/_connector: there is no field `_connector` in `t`",
        ),
        (
            116,
            "\u{feff}[]",
            "error[byte-order-mark]: line 1, column 1: the document starts with a byte order mark; save it as UTF-8 without one",
        ),
        (
            0,
            "[{\"id\":\"x\",\"v\":1},{\"id\":true,\"v\":\"ok\"}]",
            "error[wrong-type]: /0/id: text `x` given for `id` of type int64; give a value of that type\nerror[wrong-type]: /0/v: a number `1` given for `v` of type text; give a value of that type\nerror[wrong-type]: /1/id: bool `true` given for `id` of type int64; give a value of that type",
        ),
    ];
    for (case, document, outcome) in cases {
        assert_eq!(show(json(document.as_bytes(), Some(&posts()))), *outcome, "case {case}: {document}");
    }
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
fn ndjson_documents() {
    let cases: &[(u32, &str, &str)] = &[
        (0, "{\"id\":1}\n\n \r\n{\"id\":2}\r\n", "id | int 1 | int 2"),
        (1, "", ""),
        (1, "\n\n", ""),
        (
            3,
            "{\"id\":1,\"v\":\"a\"}\n {\"id\":2}",
            "error[mixed-columns]: line 2, column 2: the rows set different columns: `v` is missing; give each row a value for every column, or split the update",
        ),
        (
            36,
            "{\"id\":1}\n{\"id\": 1.5}",
            "error[bad-field]: line 2, column 8: `1.5` is not an integer; write digits only (`id`)",
        ),
        (
            114,
            "{\"id\":1}\n{\"id\":\n2}",
            "error[truncated]: line 2, column 7: the document ends where a value is expected; is it complete?\nerror[not-rows]: line 3, column 1: expected an object, found a number\nerror[trailing-text]: line 3, column 2: `}` follows the end of the rows; give one array, or one object a line as NDJSON",
        ),
        (
            114,
            "{\"id\":1} {\"id\":2}",
            "error[trailing-text]: line 1, column 10: `{\\\"id\\\":2}` follows the end of the rows; give one array, or one object a line as NDJSON",
        ),
        (114, "[{\"id\":1}]", "error[not-rows]: line 1, column 1: expected an object, found an array"),
        (
            114,
            "oops\n{\"id\":1}\n{\"id\":\"é\",\"v\":2}",
            "error[syntax]: line 1, column 1: expected a value, found `o`\nerror[wrong-type]: line 3, column 7: text `é` given for `id` of type int64; give a value of that type\nerror[mixed-columns]: line 3, column 1: the rows set different columns: `v` is new; give each row a value for every column, or split the update",
        ),
    ];
    for (case, document, outcome) in cases {
        assert_eq!(show(ndjson(document.as_bytes(), Some(&posts()))), *outcome, "case {case}: {document}");
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

/// Whatever serde_json takes or refuses, this scanner does too, but for duplicate members and depth, which it allows.
#[test]
fn the_scanner_agrees_with_serde_json() {
    let seeds = [
        r#"{"a":[1,-0.5e+10,true,false,null,"\u00e9\ud83d\ude00\n",{"b":{}}],"c":"x"}"#,
        r#"[[],{},"",0,-1,1E5,"\\\"/\b\f\r\t"]"#,
    ];
    let pieces = [
        "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "+", "u", "\u{1}", "é", " ", "\n", "null",
        "/",
    ];
    let of_json = table(Type::Json);
    let mut compared = 0;
    for seed in seeds {
        for (at, _) in seed.char_indices() {
            for piece in pieces {
                for cut in 0..3 {
                    let Some(rest) = seed.get(at + cut..) else { continue };
                    let document = [&seed[..at], piece, rest].concat();
                    let wrapped = format!("[{{\"v\":{document}}}]");
                    let ours = json(wrapped.as_bytes(), Some(&of_json));
                    let theirs: Result<serde_json::Value, _> = serde_json::from_str(&document);
                    // A piece may close the row itself, or make a second member.
                    let own = document.contains("}]")
                        || matches!(&ours, Err(errors) if errors.iter().any(|error| error.code() != "syntax"));
                    if let (false, Ok(ours)) = (own, &ours) {
                        assert!(theirs.is_ok(), "{document}: {ours:?}");
                    }
                    if theirs.is_ok() {
                        let twice =
                            matches!(&ours, Err(errors) if errors.iter().any(|error| error.code() == "field-twice"));
                        assert!(ours.is_ok() || twice, "{document}: {ours:?}");
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
}

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
        (0, Type::Array(Box::new(Type::INT32)), "\"[1,2]\"", "[int 1,int 2]".into()),
        (0, Type::Array(Box::new(Type::INT32)), "{1}", "error[bad-field]: line 2, column 3: `{1}` is not an array as JSON: expected a name in double quotes, found `1` (`v`)".into()),
        (0, Type::Array(Box::new(Type::INT32)), "7", "error[bad-field]: line 2, column 3: `7` is not an array; write it as JSON (`v`)".into()),
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

/// No text makes a reader panic, whatever is put together.
#[test]
fn no_text_panics() {
    use proptest::prelude::*;
    let pieces = prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\",
        ":",
        ",",
        "\n",
        "\r",
        ";",
        "id",
        "v",
        "1",
        "-",
        ".",
        "e9",
        "null",
        "true",
        "\\u",
        "d800",
        "é",
        "\0",
        "/*",
        "\u{feff}",
        " ",
        "[{\"id\":1",
        ",\"v\":",
        "}]",
        "id,v\n",
        "\"\"",
    ]);
    let text = prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat());
    let tables = [table(Type::Json), table(array_of_bytes()), table(DECIMAL), posts()];
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) }, |(text in text, pick in 0usize..5)| {
        let table = tables.get(pick);
        let _ = json(text.as_bytes(), table);
        let _ = ndjson(text.as_bytes(), table);
        let _ = csv(text.as_bytes(), table, &CsvOptions::new().null(""));
    });
}

fn array_of_bytes() -> Type {
    Type::Array(Box::new(Type::BYTES))
}

/// No text makes a type's reader panic, and what is a number is read back as the same.
#[test]
fn no_field_panics() {
    use proptest::prelude::*;
    let types = [
        Type::Bool,
        Type::INT64,
        Type::Float32,
        Type::Float64,
        Type::DECIMAL,
        Type::BYTES,
        Type::Date,
        Type::TIME,
        Type::TIMESTAMP,
        Type::TIMESTAMPTZ,
        Type::Interval,
        Type::Uuid,
        Type::Json,
        array_of_bytes(),
        mood(),
    ];
    let text = prop_oneof![
        "[-+0-9:.TZ eEP]{0,30}",
        "\\PC{0,20}",
        "(0x|base64:)[0-9a-zA-Z+/=]{0,20}",
        "-?[0-9]{1,20}(\\.[0-9]{1,9})?(e-?[0-9]{1,3})?"
    ];
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) }, |(text in text)| {
        for ty in &types {
            let document = format!("id,v\n1,\"{}\"\n", text.replace('"', "\"\""));
            let _ = csv(document.as_bytes(), Some(&table(ty.clone())), &CsvOptions::new());
        }
    });
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) }, |(float: f64, int: i64)| {
        prop_assume!(float.is_finite());
        prop_assert_eq!(cell(&Type::Float64, &format!("{float:e}")), format!("float {float:?}"));
        prop_assert_eq!(cell(&Type::INT64, &int.to_string()), format!("int {int}"));
    });
}
