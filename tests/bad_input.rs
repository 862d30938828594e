//! The catalogue of bad input, by number, as far as rows, schemas and the builder can meet it: documents go in, and
//! each dialect's outcome is the code of its first error, or `ok`.

use setwise::read::{CsvOptions, csv, json};
use setwise::{
    Cells, Collation, Column, Dialect, Errors, Ident, Options, Schema, Table, TableName, Type, Update, compile,
};

fn column(name: &str, ty: &Type) -> Column {
    Column::new(name, ty.clone()).unwrap()
}

/// The outcome of the update on each dialect; one word where it is the same on all.
fn outcomes(schema: &Schema, key: &[&str], cells: Result<Cells<'_>, Errors>) -> String {
    let cells = match cells {
        Ok(cells) => cells,
        Err(errors) => return code(&errors),
    };
    let outcome = |dialect: Dialect| {
        let update = Update::table("t").schema(schema).key(key.iter().copied()).cells(cells.clone()).build();
        match update.and_then(|update| compile(&update, dialect, &Options::new()).map(|_| ())) {
            Ok(()) => "ok".to_owned(),
            Err(errors) => code(&errors),
        }
    };
    let all: Vec<_> = Dialect::all().iter().map(|dialect| (dialect.name(), outcome(*dialect))).collect();
    let first = &all[0].1;
    if all.iter().all(|(_, outcome)| outcome == first) {
        return first.clone();
    }
    all.iter().map(|(name, outcome)| format!("{name} {outcome}")).collect::<Vec<_>>().join(", ")
}

fn code(errors: &Errors) -> String {
    errors.iter().next().unwrap().code().to_owned()
}

fn schema(columns: impl IntoIterator<Item = Column>) -> Schema {
    let table = columns.into_iter().fold(Table::new(TableName::new("t").unwrap()), Table::column);
    Schema::new().table(table)
}

fn array(element: Type) -> Type {
    Type::array(element).unwrap()
}

/// Number, type of the column `v`, its value in JSON, outcome.
#[test]
fn values() {
    let varchar = |max| Type::Text { max: Some(max) };
    let decimal = Type::Decimal { precision: Some(5), scale: Some(2) };
    let cases: &[(u32, Type, &str, &str)] = &[
        (31, Type::Float64, "\"NaN\"", "postgres ok, mysql not-storable, mariadb not-storable, sqlite not-storable"),
        (32, Type::Float64, "\"Infinity\"", "postgres ok, mysql not-storable, mariadb not-storable, sqlite ok"),
        (32, Type::Float64, "\"-Infinity\"", "postgres ok, mysql not-storable, mariadb not-storable, sqlite ok"),
        (33, Type::Float64, "-0.0", "postgres ok, mysql ok, mariadb not-storable, sqlite not-storable"),
        (34, Type::Float64, "1e400", "bad-field"),
        (35, decimal.clone(), "0.1", "ok"),
        (35, decimal.clone(), "0.005", "too-precise"),
        (35, decimal, "1000", "too-precise"),
        (36, Type::INT32, "1.5", "bad-field"),
        (37, Type::Int { bits: 16 }, "70000", "out-of-range"),
        (38, Type::UInt { bits: 32 }, "-1", "out-of-range"),
        (39, Type::UInt { bits: 8 }, "256", "out-of-range"),
        (40, Type::INT32, "\"12\"", "wrong-type"),
        (42, Type::INT32, "true", "wrong-type"),
        (43, Type::Bool, "1", "wrong-type"),
        (45, varchar(3), "\"abcdef\"", "too-long"),
        (45, varchar(3), "\"äöü\"", "ok"),
        (46, varchar(2), "\"ab  \"", "too-long"),
        (46, Type::Char { length: 2 }, "\"ab  \"", "too-long"),
        (47, Type::TEXT, "\"a\\u0000b\"", "postgres not-storable, mysql ok, mariadb ok, sqlite ok"),
        (48, Type::TEXT, "\"\\ud800\"", "lone-surrogate"),
        (49, Type::TEXT, "\"\u{ffff}\u{feff}\u{202e}\"", "ok"),
        (52, Type::BYTES, "\"0xabc\"", "bad-field"),
        (53, Type::BYTES, "\"base64:A_==\"", "bad-field"),
        (54, Type::Date, "\"2024-02-30\"", "no-such-day"),
        (55, Type::Date, "\"0000-00-00\"", "no-such-day"),
        (56, Type::Date, "\"2024-1-5\"", "no-such-day"),
        (
            57,
            Type::Date,
            "\"10000-01-01\"",
            "postgres ok, mysql not-storable, mariadb not-storable, sqlite not-storable",
        ),
        (
            57,
            Type::Date,
            "\"-0044-03-15\"",
            "postgres ok, mysql not-storable, mariadb not-storable, sqlite not-storable",
        ),
        (58, Type::TIME, "\"24:00:00\"", "no-such-time"),
        (58, Type::TIMESTAMP, "\"2016-12-31 23:59:60\"", "no-such-time"),
        (59, Type::TIME, "\"23:59:59.9999999\"", "too-fine"),
        (59, Type::Time { digits: 0 }, "\"23:59:59.5\"", "too-precise"),
        (60, Type::TIMESTAMP, "\"2024-01-01 00:00:00+01\"", "has-offset"),
        (61, Type::TIMESTAMPTZ, "\"2024-01-01 00:00:00\"", "needs-offset"),
        (62, Type::TIMESTAMPTZ, "\"2024-03-31 02:30:00 Europe/Berlin\"", "needs-offset"),
        (63, Type::Interval, "\"P1M\"", "postgres ok, mysql no-such-type, mariadb no-such-type, sqlite no-such-type"),
        (64, Type::Jsonb, "{\"a\":1,\"a\":2}", "field-twice"),
        // MySQL's JSON holds doubles.
        (65, Type::Jsonb, "[1e400]", "postgres ok, mysql not-storable, mariadb ok, sqlite ok"),
        (65, Type::Jsonb, "{\"a\":0.12345678901234567890}", "postgres ok, mysql not-storable, mariadb ok, sqlite ok"),
        (65, Type::Jsonb, "{\"a\":[1.10,1e300,18446744073709551615,\"1e400\"]}", "ok"),
        (67, Type::Jsonb, "{\"$json_null\":true}", "ok"),
        (69, Type::Enum { name: None, labels: vec!["a".into()] }, "\"b\"", "not-a-label"),
        (70, array(Type::INT32), "[1,2]", "postgres ok, mysql no-such-type, mariadb no-such-type, sqlite no-such-type"),
        (71, array(Type::INT32), "[1,\"2\"]", "wrong-type"),
        (72, Type::Uuid, "\"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}\"", "not-a-uuid"),
        (74, Type::DECIMAL, "1E+999999999", "too-many-digits"),
        (
            75,
            Type::Decimal { precision: None, scale: None },
            "12345678901234567890123456789012345678901234567890123456789012345.6",
            "postgres ok, mysql not-storable, mariadb not-storable, sqlite not-storable",
        ),
        (76, Type::TEXT, "\"$keep\"", "ok"),
    ];
    for (case, ty, value, outcome) in cases {
        let schema = schema([column("id", &Type::INT64), column("v", ty)]);
        let document = format!("[{{\"id\":1,\"v\":{value}}}]");
        let found = outcomes(&schema, &["id"], json(document.as_bytes(), schema.tables().first()));
        assert_eq!(found, *outcome, "case {case}: {ty} {value}");
    }
}

/// Number, type of the key, its values in JSON, outcome.
#[test]
fn keys() {
    let cases: &[(u32, Type, &[&str], &str)] = &[
        (2, Type::INT64, &["1", "null"], "null-key"),
        (4, Type::INT64, &["1", "2", "1"], "duplicate-key"),
        (6, Type::INT64, &["1", "1.0"], "bad-field"),
        (7, Type::TEXT, &["\"a\"", "\"A\""], "ok"),
        (8, Type::TEXT, &["\"a\"", "\"a \""], "ok"),
        (
            10,
            Type::Uuid,
            &["\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"", "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\""],
            "duplicate-key",
        ),
        (13, Type::INT64, &["18446744073709551615"], "out-of-range"),
        (14, Type::INT32, &["2147483648"], "out-of-range"),
        (15, Type::Float64, &["\"NaN\""], "float-key"),
        (16, Type::Float64, &["0.1"], "float-key"),
        (17, Type::Float64, &["0.0", "-0.0"], "float-key"),
        (18, Type::INT64, &["true"], "wrong-type"),
        (19, Type::TEXT, &["\"a\\u0000\""], "postgres not-storable, mysql ok, mariadb ok, sqlite ok"),
        (20, Type::Text { max: Some(3) }, &["\"abcd\""], "too-long"),
        (0, Type::DECIMAL, &["1.0", "1.00"], "duplicate-key"),
        (0, Type::Bool, &["true", "true"], "duplicate-key"),
        (0, Type::Date, &["\"2024-01-01\"", "\"2024-01-01\""], "duplicate-key"),
        (0, Type::TIMESTAMPTZ, &["\"2024-01-01 00:00:00Z\"", "\"2024-01-01 01:00:00+01\""], "duplicate-key"),
    ];
    for (case, ty, values, outcome) in cases {
        let schema = schema([column("id", ty), column("v", &Type::INT64)]);
        let rows: Vec<_> = values.iter().map(|value| format!("{{\"id\":{value},\"v\":1}}")).collect();
        let document = format!("[{}]", rows.join(","));
        let found = outcomes(&schema, &["id"], json(document.as_bytes(), schema.tables().first()));
        assert_eq!(found, *outcome, "case {case}: {ty} {values:?}");
    }
}

/// Number, key, rows in JSON, outcome.
#[test]
fn rows() {
    let columns = [
        column("id", &Type::INT64),
        column("part", &Type::INT64),
        column("price", &Type::INT64),
        column("name", &Type::TEXT).not_null(),
        column("total", &Type::INT64).generated(),
        column("code", &Type::TEXT).collate(Collation::named(Ident::new("utf8mb4_bin").unwrap())),
    ];
    let schema = schema(columns);
    let cases: &[(u32, &[&str], &str, &str)] = &[
        (3, &["id"], r#"[{"price":1}]"#, "key-missing"),
        (3, &["id"], r#"[{"id":1,"price":1},{"price":1}]"#, "needs-value"),
        (11, &["id", "part"], r#"[{"id":1,"part":null,"price":1}]"#, "null-key"),
        (12, &["id", "part"], r#"[{"id":1,"price":1}]"#, "key-missing"),
        (22, &["id"], r#"[{"id":1}]"#, "nothing-set"),
        (23, &["id"], r#"[{"id":1,"price":1},{"id":2,"name":"x"}]"#, "ok"),
        (68, &["id"], r#"[{"id":1,"name":null}]"#, "null-not-allowed"),
        (84, &["id"], r#"[{"id":1,"pric":1}]"#, "unknown-field"),
        (85, &["id"], r#"[{"id":1,"price":1,"price":2}]"#, "field-twice"),
        (88, &["id"], r#"[{"id":1,"total":1}]"#, "generated-column"),
        (89, &["id"], r#"[{"id":1,"ctid":1}]"#, "unknown-field"),
        (115, &["id"], r#"[{"id":1,"id":2}]"#, "field-twice"),
    ];
    for (case, key, document, outcome) in cases {
        let found = outcomes(&schema, key, json(document.as_bytes(), schema.tables().first()));
        assert_eq!(found, *outcome, "case {case}: {document}");
    }
    let found = outcomes(&schema, &["id"], csv(b"id,price\n1,5\n01,6\n", schema.tables().first(), &CsvOptions::new()));
    assert_eq!(found, "duplicate-key", "case 5: `1` and `01`");
}

/// Number, collation, two keys of text, outcome: where the collation is not binary, the script asks the engine which are equal.
#[test]
fn text_keys() {
    let cases = [
        (7, "utf8mb4_general_ci", ["a", "A"], "ok"),
        (8, "utf8mb4_general_ci", ["a", "a "], "ok"),
        (9, "utf8mb4_general_ci", ["é", "e"], "ok"),
        (7, "utf8mb4_bin", ["a", "A"], "ok"),
        // This collation ignores spaces at the end.
        (8, "utf8mb4_bin", ["a", "a "], "postgres ok, mysql folded-key, mariadb folded-key, sqlite ok"),
        (8, "utf8mb4_0900_bin", ["a", "a "], "ok"),
        (9, "utf8mb4_bin", ["é", "e"], "ok"),
    ];
    for (case, collation, [first, second], outcome) in cases {
        let collated = column("id", &Type::TEXT).collate(Collation::named(Ident::new(collation).unwrap()));
        let schema = schema([collated, column("v", &Type::INT64)]);
        let document = format!(r#"[{{"id":"{first}","v":1}},{{"id":"{second}","v":2}}]"#);
        let found = outcomes(&schema, &["id"], json(document.as_bytes(), schema.tables().first()));
        assert_eq!(found, outcome, "case {case}: {collation} {first} {second}");
    }
}

/// An empty list of rows is no error (case 1); which command says `nothing to do` is its own.
#[test]
fn no_rows_are_no_error() {
    let schema = schema([column("id", &Type::INT64)]);
    for cells in [json(b"[]", schema.tables().first()), csv(b"id\n", schema.tables().first(), &CsvOptions::new())] {
        assert!(cells.unwrap().is_empty(), "case 1");
    }
}
