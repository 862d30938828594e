//! The eyes of all engine tests: what goes in by hand-written SQL, or by a parameter, is read back bit for bit.

mod engine;

use engine::{Engine, Outcome, same};
use setwise::{
    Array, Column, Date, Decimal, Ident, Interval, Json, Table, TableName, Time, Timestamp, TimestampTz, Type, Uuid,
    Value,
};

/// A column of one type: how the engine declares it, and literals with the values that they stand for.
struct Sample {
    ty: Type,
    declared: &'static str,
    stored: Vec<(&'static str, Value<'static>)>,
}

fn sample(ty: Type, declared: &'static str, stored: &[(&'static str, Value<'static>)]) -> Sample {
    Sample { ty, declared, stored: stored.to_vec() }
}

fn decimal(text: &'static str) -> Value<'static> {
    Decimal::parse(text).unwrap().into()
}

fn date(text: &str) -> Value<'static> {
    Date::parse(text).unwrap().into()
}

fn time(text: &str) -> Value<'static> {
    Time::parse(text).unwrap().into()
}

fn timestamp(text: &str) -> Value<'static> {
    Timestamp::parse(text).unwrap().into()
}

fn instant(text: &str) -> Value<'static> {
    TimestampTz::parse(text).unwrap().into()
}

fn json(text: &'static str) -> Value<'static> {
    Json::new(text).into()
}

fn bytes(bytes: &'static [u8]) -> Value<'static> {
    bytes.into()
}

fn uuid() -> Value<'static> {
    Uuid::parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11").unwrap().into()
}

fn array(items: &[Value<'static>]) -> Value<'static> {
    Array::new(items.to_vec()).unwrap().into()
}

fn label() -> Type {
    Type::Enum { name: Some(Ident::new("mood").unwrap()), labels: vec!["happy".into(), "it's".into()] }
}

fn list(element: Type) -> Type {
    Type::array(element).unwrap()
}

/// The table of a sample: a number and the column.
fn table(ty: &Type) -> Table {
    Table::new(TableName::new("sample").unwrap())
        .column(Column::new("id", Type::INT32).unwrap().not_null())
        .column(Column::new("kept", ty.clone()).unwrap())
        .primary_key(["id"])
        .unwrap()
}

/// Stores each literal by hand and then each value as a parameter; both must come back as the value.
fn check(engine: &mut dyn Engine, samples: &[Sample], prelude: &str) {
    for Sample { ty, declared, stored } in samples {
        let what = format!("{} {ty} as {declared}", engine.dialect());
        engine.reset().unwrap();
        if !prelude.is_empty() {
            engine.execute(prelude).unwrap();
        }
        engine.execute(&format!("CREATE TABLE sample (id int PRIMARY KEY, kept {declared} NULL)")).unwrap();
        let mut expected = vec![vec![Value::Int(0), Value::Null], vec![Value::Int(1), Value::Null]];
        let bound = format!("INSERT INTO sample VALUES ({}, {})", engine.placeholder(1), engine.placeholder(2));
        let done = engine.execute("INSERT INTO sample VALUES (0, NULL)").unwrap();
        assert_eq!(done, Outcome { affected: 1, returned: 0 }, "{what}");
        engine.execute_bound(&bound, &[Value::Int(1), Value::Null]).unwrap();
        for (literal, value) in stored {
            for by_parameter in [false, true] {
                let id = Value::Int(expected.len().try_into().unwrap());
                let done = if by_parameter {
                    engine.execute_bound(&bound, &[id.clone(), value.clone()])
                } else {
                    engine.execute(&format!("INSERT INTO sample VALUES ({}, {literal})", expected.len()))
                };
                let done = done.unwrap_or_else(|error| panic!("{what}: {literal}, {value:?}: {error}"));
                assert_eq!(done, Outcome { affected: 1, returned: 0 }, "{what}");
                expected.push(vec![id, value.clone()]);
            }
        }
        let found = engine.read_table(&table(ty)).unwrap();
        assert_eq!(found.len(), expected.len(), "{what}");
        for (found, expected) in found.iter().zip(&expected) {
            assert!(
                found.iter().zip(expected).all(|(found, expected)| same(found, expected)),
                "{what}: found {found:?}, expected {expected:?}"
            );
        }
    }
}

fn text_samples() -> [(&'static str, Value<'static>); 3] {
    [("''", "".into()), ("'it''s'", "it's".into()), ("'ä\u{1f600}\t x '", "ä\u{1f600}\t x ".into())]
}

#[test]
fn sqlite_stores_and_returns_every_type() {
    let mut engine = engine::connect("sqlite").unwrap();
    let samples = [
        sample(Type::Bool, "BOOLEAN", &[("TRUE", true.into()), ("0", false.into())]),
        sample(Type::Int { bits: 16 }, "SMALLINT", &[("-32768", (-32768).into())]),
        sample(
            Type::INT64,
            "INTEGER",
            &[("9223372036854775807", i64::MAX.into()), ("-9223372036854775808", i64::MIN.into())],
        ),
        sample(Type::UInt { bits: 32 }, "INTEGER", &[("4294967295", u32::MAX.into())]),
        sample(Type::Float32, "REAL", &[("0.5", 0.5.into()), ("3.0", 3.0.into())]),
        sample(
            Type::Float64,
            "DOUBLE",
            &[("0.1", 0.1.into()), ("9e999", f64::INFINITY.into()), ("1e300", 1e300.into())],
        ),
        sample(
            Type::Decimal { precision: Some(15), scale: Some(2) },
            "DECIMAL(15,2)",
            &[("12.5", decimal("12.5")), ("100", decimal("100")), ("-0.01", decimal("-0.01"))],
        ),
        sample(Type::TEXT, "TEXT", &text_samples()),
        sample(Type::TEXT, "TEXT", &[("CAST(X'61006200' AS TEXT)", "a\0b\0".into())]),
        sample(Type::Char { length: 3 }, "CHAR(3)", &[("'a'", "a".into()), ("'12'", "12".into())]),
        sample(Type::BYTES, "BLOB", &[("X''", bytes(b"")), ("X'00ff27'", bytes(b"\x00\xff'"))]),
        sample(Type::Date, "DATE", &[("'2024-02-29'", date("2024-02-29"))]),
        sample(Type::TIME, "TIME", &[("'23:59:59.999999'", time("23:59:59.999999")), ("'00:00:00'", time("00:00:00"))]),
        sample(
            Type::TIMESTAMP,
            "DATETIME",
            &[("'2024-02-29 12:00:00.000001'", timestamp("2024-02-29 12:00:00.000001"))],
        ),
        sample(
            Type::TIMESTAMPTZ,
            "TIMESTAMPTZ",
            &[("'2024-02-29 12:00:00+00:00'", instant("2024-02-29 12:00:00+00:00"))],
        ),
        sample(Type::Uuid, "UUID", &[("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", uuid())]),
        sample(Type::Json, "JSON", &[("'{\"a\": [1, 2.50]}'", json("{\"a\": [1, 2.50]}"))]),
        sample(Type::Enum { name: None, labels: vec!["happy".into()] }, "TEXT", &[("'happy'", "happy".into())]),
    ];
    check(engine.as_mut(), &samples, "");
}

#[test]
fn sqlite_shows_a_wrong_storage_class() {
    let mut engine = engine::connect("sqlite").unwrap();
    let cases: [(Type, &str, &str, Value); 10] = [
        (Type::INT64, "INTEGER", "1.5", 1.5.into()),
        (Type::INT64, "INTEGER", "'12x'", "12x".into()),
        (Type::INT64, "INTEGER", "9223372036854775808", 9.223_372_036_854_776e18.into()),
        (Type::Bool, "BOOLEAN", "2", 2.into()),
        (Type::TEXT, "BLOB", "5", 5.into()),
        (Type::BYTES, "BLOB", "'ab'", "ab".into()),
        (Type::Date, "DATE", "'2024-2-9'", "2024-2-9".into()),
        (Type::TIMESTAMP, "DATETIME", "'2024-02-29T12:00:00'", "2024-02-29T12:00:00".into()),
        (Type::Json, "JSON", "'17'", 17.into()),
        (Type::Uuid, "UUID", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11".into()),
    ];
    for (ty, declared, literal, seen) in cases {
        engine.reset().unwrap();
        engine.execute(&format!("CREATE TABLE sample (id int PRIMARY KEY, kept {declared})")).unwrap();
        engine.execute(&format!("INSERT INTO sample VALUES (1, {literal})")).unwrap();
        let found = engine.read_table(&table(&ty)).unwrap();
        assert!(same(&found[0][1], &seen), "{ty} from {literal}: {found:?}");
    }
}

#[test]
fn postgres_stores_and_returns_every_type() {
    let Some(mut engine) = engine::connect("postgres") else { return };
    let samples = [
        sample(Type::Bool, "boolean", &[("true", true.into()), ("false", false.into())]),
        sample(Type::Int { bits: 16 }, "smallint", &[("-32768", (-32768).into())]),
        sample(Type::INT32, "integer", &[("2147483647", i32::MAX.into())]),
        sample(Type::INT64, "bigint", &[("'-9223372036854775808'", i64::MIN.into())]),
        sample(Type::UInt { bits: 32 }, "bigint", &[("4294967295", u32::MAX.into())]),
        sample(
            Type::Float32,
            "real",
            &[("0.1", 0.1f32.into()), ("'-0'", (-0.0).into()), ("'Infinity'", f64::INFINITY.into())],
        ),
        sample(
            Type::Float64,
            "double precision",
            &[("0.1", 0.1.into()), ("'NaN'", f64::NAN.into()), ("5e-324", 5e-324.into()), ("'-0'", (-0.0).into())],
        ),
        sample(
            Type::DECIMAL,
            "numeric",
            &[("1.50", decimal("1.50")), ("1e30", decimal("1000000000000000000000000000000"))],
        ),
        sample(Type::Decimal { precision: Some(5), scale: Some(2) }, "numeric(5,2)", &[("'-12.5'", decimal("-12.50"))]),
        sample(Type::TEXT, "text", &text_samples()),
        sample(Type::Text { max: Some(9) }, "varchar(9)", &[("'null'", "null".into())]),
        sample(Type::Char { length: 3 }, "char(3)", &[("'a'", "a  ".into())]),
        sample(Type::BYTES, "bytea", &[("''", bytes(b"")), ("E'\\\\x00ff27'", bytes(b"\x00\xff'"))]),
        sample(Type::Date, "date", &[("'2024-02-29'", date("2024-02-29")), ("'0044-03-15 BC'", date("-0043-03-15"))]),
        sample(Type::TIME, "time", &[("'23:59:59.999999'", time("23:59:59.999999"))]),
        sample(
            Type::TIMESTAMP,
            "timestamp",
            &[
                ("'1999-12-31 23:59:59.999999'", timestamp("1999-12-31 23:59:59.999999")),
                ("'0001-01-01 00:00:00 BC'", timestamp("0000-01-01 00:00:00")),
            ],
        ),
        sample(
            Type::TIMESTAMPTZ,
            "timestamptz",
            &[("'2024-03-01 00:30:00.5+01'", instant("2024-02-29 23:30:00.5+00:00"))],
        ),
        sample(
            Type::Interval,
            "interval",
            &[("'14 mons -3 days 01:00:00.5'", Interval { months: 14, days: -3, micros: 3_600_500_000 }.into())],
        ),
        sample(Type::Uuid, "uuid", &[("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", uuid())]),
        sample(Type::Json, "json", &[("'{\"b\":1,  \"a\":2.50}'", json("{\"b\":1,  \"a\":2.50}"))]),
        sample(Type::Jsonb, "jsonb", &[("'{\"b\":1,  \"a\":2.50}'", json("{\"a\": 2.50, \"b\": 1}"))]),
        sample(label(), "mood", &[("'it''s'", "it's".into())]),
        sample(Type::Named(Ident::new("inet").unwrap()), "inet", &[("'10.0.0.0/8'", "10.0.0.0/8".into())]),
        sample(
            list(Type::TEXT),
            "text[]",
            &[
                ("'{}'", array(&[])),
                (
                    "ARRAY['a,b', NULL, 'NULL', '', '{\"\\']",
                    array(&["a,b".into(), Value::Null, "NULL".into(), "".into(), "{\"\\".into()]),
                ),
            ],
        ),
        sample(
            list(Type::Float64),
            "float8[]",
            &[("'{0.1,-0,NaN}'", array(&[0.1.into(), (-0.0).into(), f64::NAN.into()]))],
        ),
        sample(list(Type::Bool), "bool[]", &[("'{t,f}'", array(&[true.into(), false.into()]))]),
        sample(list(Type::BYTES), "bytea[]", &[("ARRAY['\\x00ff'::bytea]", array(&[bytes(b"\x00\xff")]))]),
        sample(list(Type::DECIMAL), "numeric[]", &[("'{1.50}'", array(&[decimal("1.50")]))]),
        sample(
            list(Type::TIMESTAMPTZ),
            "timestamptz[]",
            &[("'{2024-03-01 00:30:00+01}'", array(&[instant("2024-02-29 23:30:00+00:00")]))],
        ),
        sample(
            list(Type::Interval),
            "interval[]",
            &[("'{1 mon -2 days}'", array(&[Interval { months: 1, days: -2, micros: 0 }.into()]))],
        ),
        sample(list(label()), "mood[]", &[("'{happy}'", array(&["happy".into()]))]),
        sample(
            list(list(Type::INT32)),
            "int[]",
            &[("'{{1,2},{3,4}}'", array(&[array(&[1.into(), 2.into()]), array(&[3.into(), 4.into()])]))],
        ),
    ];
    check(engine.as_mut(), &samples, "CREATE TYPE mood AS ENUM ('happy', 'it''s')");
}

#[test]
fn postgres_shows_what_a_type_cannot_hold() {
    let Some(mut engine) = engine::connect("postgres") else { return };
    for (ty, declared, literal) in [
        (Type::Date, "date", "'infinity'"),
        (Type::TIME, "time", "'24:00:00'"),
        (Type::TIMESTAMP, "timestamp", "'-infinity'"),
        (Type::DECIMAL, "numeric", "'NaN'"),
    ] {
        engine.reset().unwrap();
        engine.execute(&format!("CREATE TABLE sample (id int PRIMARY KEY, kept {declared})")).unwrap();
        engine.execute(&format!("INSERT INTO sample VALUES (1, {literal})")).unwrap();
        let found = engine.read_table(&table(&ty)).unwrap();
        assert!(matches!(found[0][1], Value::Bytes(_)), "{ty} from {literal}: {found:?}");
    }
}

/// MySQL and MariaDB differ in their JSON and their uuid only.
fn mysql_family(name: &str, more: &[Sample]) {
    let Some(mut engine) = engine::connect(name) else { return };
    let samples = [
        sample(Type::Bool, "tinyint(1)", &[("TRUE", true.into()), ("FALSE", false.into())]),
        sample(Type::Bool, "tinyint(1)", &[("2", 2.into())]),
        sample(Type::Int { bits: 8 }, "tinyint", &[("-128", (-128).into())]),
        sample(Type::Int { bits: 24 }, "mediumint", &[("8388607", 8_388_607.into())]),
        sample(Type::INT64, "bigint", &[("-9223372036854775808", i64::MIN.into())]),
        sample(Type::UInt { bits: 8 }, "tinyint unsigned", &[("255", 255.into())]),
        sample(
            Type::UInt { bits: 64 },
            "bigint unsigned",
            &[("18446744073709551615", u64::MAX.into()), ("7", 7.into())],
        ),
        sample(Type::Float32, "float", &[("0.1", 0.1f32.into()), ("3.4028234e38", f32::MAX.into())]),
        sample(Type::Float64, "double", &[("1e-1", 0.1.into()), ("1.7976931348623157e308", f64::MAX.into())]),
        sample(Type::Decimal { precision: Some(5), scale: Some(2) }, "decimal(5,2)", &[("-12.5", decimal("-12.50"))]),
        sample(Type::TEXT, "text", &text_samples()),
        sample(Type::TEXT, "longtext", &[("_utf8mb4 X'610062'", "a\0b".into())]),
        sample(Type::Char { length: 3 }, "char(3)", &[("'a'", "a".into())]),
        sample(Type::BYTES, "blob", &[("''", bytes(b"")), ("X'00ff27'", bytes(b"\x00\xff'"))]),
        sample(Type::Bytes { max: Some(4) }, "varbinary(4)", &[("X'80'", bytes(b"\x80"))]),
        sample(Type::Date, "date", &[("'2024-02-29'", date("2024-02-29")), ("'9999-12-31'", date("9999-12-31"))]),
        sample(
            Type::TIME,
            "time(6)",
            &[("'23:59:59.999999'", time("23:59:59.999999")), ("'00:00:00'", time("00:00:00"))],
        ),
        sample(
            Type::TIMESTAMP,
            "datetime(6)",
            &[
                ("'2024-02-29 12:00:00.000001'", timestamp("2024-02-29 12:00:00.000001")),
                ("'2024-02-29 00:00:00'", timestamp("2024-02-29 00:00:00")),
            ],
        ),
        sample(
            Type::TIMESTAMPTZ,
            "timestamp(6)",
            &[("'2024-02-29 12:00:00.5'", instant("2024-02-29 12:00:00.5+00:00"))],
        ),
        sample(
            Type::Enum { name: None, labels: vec!["happy".into()] },
            "enum('happy')",
            &[("'happy'", "happy".into())],
        ),
    ];
    check(engine.as_mut(), &samples, "");
    check(engine.as_mut(), more, "");
}

#[test]
fn mysql_stores_and_returns_every_type() {
    mysql_family(
        "mysql",
        &[sample(Type::Jsonb, "json", &[("'{\"b\":1,  \"a\":2.5}'", json("{\"a\": 2.5, \"b\": 1}"))])],
    );
}

#[test]
fn mariadb_stores_and_returns_every_type() {
    let text = json("{\"b\":1,  \"a\":2.50}");
    mysql_family(
        "mariadb",
        &[
            sample(Type::Json, "json", &[("'{\"b\":1,  \"a\":2.50}'", text)]),
            sample(Type::Uuid, "uuid", &[("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", uuid())]),
        ],
    );
}

#[test]
fn every_engine_reports_errors_counts_and_forgets() {
    for mut engine in engine::connect_all() {
        let name = engine.dialect();
        engine.execute("CREATE TABLE sample (id int PRIMARY KEY, kept int)").unwrap();
        let text = "INSERT INTO sample VALUES (2, 5), (1, NULL), (10, 5); UPDATE sample SET kept = 5 WHERE kept = 5; SELECT * FROM sample";
        assert_eq!(engine.execute(text).unwrap(), Outcome { affected: 5, returned: 3 }, "{name}");
        let found = engine.read_table(&table(&Type::INT32)).unwrap();
        let keys: Vec<_> = found.iter().map(|row| row[0].clone()).collect();
        assert_eq!(keys, [Value::Int(1), Value::Int(2), Value::Int(10)], "{name}: sorted by value");

        let failed = engine.execute("UPDATE sample SET kept = 6 WHERE id = 1; INSERT INTO sample VALUES (2, 0)");
        let duplicate = match engine.name() {
            "postgres" => "23505",
            "sqlite" => "1555",
            _ => "1062",
        };
        assert_eq!(failed.unwrap_err().code, duplicate, "{name}: the second statement's error shows");
        let delete = format!("DELETE FROM sample WHERE id = {}", engine.placeholder(1));
        let failed = engine.execute_bound(&delete, &[]);
        assert!(failed.is_err(), "{name}: a parameter without value");
        for id in [1, 2, 3] {
            let done = engine.execute_bound(&delete, &[id.into()]).unwrap();
            assert_eq!(done, Outcome { affected: u64::from(id < 3), returned: 0 }, "{name}: {id}");
        }
        engine.reset().unwrap();
        assert!(engine.read_table(&table(&Type::INT32)).is_err(), "{name}: the table is gone");
    }
}

#[test]
fn two_connections_have_two_databases() {
    for name in ["sqlite", "postgres", "mariadb", "mysql"] {
        let (Some(mut one), Some(mut two)) = (engine::connect(name), engine::connect(name)) else { continue };
        one.execute("CREATE TABLE sample (id int PRIMARY KEY, kept int)").unwrap();
        two.execute("CREATE TABLE sample (id int PRIMARY KEY, kept int)").unwrap();
        one.execute("INSERT INTO sample VALUES (1, 1)").unwrap();
        assert_eq!(two.read_table(&table(&Type::INT32)).unwrap().len(), 0, "{name}");
    }
}
