use super::*;
use crate::dialect::Dialect;
use crate::ir::{Array, Date, Decimal, Interval, Json, Time, Timestamp, TimestampTz, Uuid};
use crate::options::Output;

fn written(value: &Value<'_>, dialect: Dialect, output: Output) -> String {
    let mut out = Out::new();
    write(&mut out, value, &Words::of(dialect, output));
    out.flush();
    out.text().unwrap().to_owned()
}

/// What PostgreSQL takes, MySQL and MariaDB, and SQLite.
fn inline(value: impl Into<Value<'static>>) -> [String; 3] {
    let value = value.into();
    assert_eq!(written(&value, Dialect::mysql(), Output::Inline), written(&value, Dialect::mariadb(), Output::Inline));
    [Dialect::postgres(), Dialect::mysql(), Dialect::sqlite()].map(|dialect| written(&value, dialect, Output::Inline))
}

/// What their clients take.
fn client(value: impl Into<Value<'static>>) -> [String; 3] {
    let value = value.into();
    [Dialect::postgres(), Dialect::mysql(), Dialect::sqlite()].map(|dialect| written(&value, dialect, Output::Script))
}

fn array(items: Vec<Value<'static>>) -> String {
    written(&Array::new(items).unwrap().into(), Dialect::postgres(), Output::Inline)
}

#[test]
fn numbers_stand_in_parentheses_where_they_are_negative() {
    assert_eq!(inline(0), ["0"; 3]);
    assert_eq!(inline(7), ["7"; 3]);
    assert_eq!(inline(-7), ["(-7)"; 3]);
    assert_eq!(inline(i64::MIN), ["(-9223372036854775807 - 1)"; 3]);
    assert_eq!(inline(u64::MAX), ["18446744073709551615"; 3]);
    assert_eq!(inline(true), ["TRUE", "TRUE", "1"]);
    assert_eq!(inline(false), ["FALSE", "FALSE", "0"]);
    assert_eq!(inline(Value::Null), ["NULL"; 3]);
    assert_eq!(inline(Decimal::parse("1.50").unwrap()), ["1.50", "1.50", "1.5"]);
    assert_eq!(inline(Decimal::parse("-2.25").unwrap()), ["(-2.25)"; 3]);
}

#[test]
fn floats_are_no_decimals() {
    assert_eq!(inline(1.5), ["'1.5'", "1.5e0", "1.5"]);
    assert_eq!(inline(-1.5), ["'-1.5'", "(-1.5e0)", "(-1.5)"]);
    assert_eq!(inline(f64::INFINITY), ["'Infinity'", "9e999", "9e999"]);
    assert_eq!(inline(f64::NEG_INFINITY), ["'-Infinity'", "(-9e999)", "(-9e999)"]);
    assert_eq!(written(&f64::NAN.into(), Dialect::postgres(), Output::Inline), "'NaN'");
}

#[test]
fn texts_are_plain_where_every_session_reads_them_alike() {
    assert_eq!(inline(""), ["''"; 3]);
    assert_eq!(inline("it's"), ["'it''s'"; 3]);
    assert_eq!(inline("''"), ["''''''"; 3]);
    assert_eq!(inline(r"a\b"), [r"E'a\\b'", "_utf8mb4 X'615C62'", r"'a\b'"]);
    assert_eq!(inline(r"'\"), [r"E'''\\'", "_utf8mb4 X'275C'", r"'''\'"]);
    assert_eq!(inline("é ~"), ["'é ~'", "_utf8mb4 X'C3A9207E'", "'é ~'"]);
    assert_eq!(inline("a\nb"), ["'a\nb'", "_utf8mb4 X'610A62'", "'a\nb'"]);
    assert_eq!(inline("a\nb'"), ["'a\nb'''", "_utf8mb4 X'610A6227'", "'a\nb'''"]);
    assert_eq!(inline("\u{7f}"), ["'\u{7f}'", "_utf8mb4 X'7F'", "'\u{7f}'"]);
    assert_eq!(inline("'\0")[1..], ["_utf8mb4 X'2700'", "(''''||char(0))"]);
}

#[test]
fn clients_get_no_control_character() {
    assert_eq!(client("plain"), ["'plain'"; 3]);
    assert_eq!(client("it's"), ["'it''s'"; 3]);
    assert_eq!(client("a\nb"), [r"E'a\nb'", "_utf8mb4 X'610A62'", "('a'||char(10)||'b')"]);
    assert_eq!(client("'\n"), [r"E'''\n'", "_utf8mb4 X'270A'", "(''''||char(10))"]);
    let hex = "_utf8mb4 X'275C0D09017FC3A9'";
    let joined = r"('''\'||char(13,9,1,127)||'é')";
    assert_eq!(client("'\\\r\t\u{1}\u{7f}é"), [r"E'''\\\r\t\x01\x7Fé'", hex, joined]);
    assert_eq!(inline("'\\\n\r\t\u{1}é")[0], "E'''\\\\\n\r\t\u{1}é'");
}

#[test]
fn bytes_are_hexadecimal() {
    assert_eq!(inline(vec![0x00, 0x9f, 0xf9]), [r"E'\\x009FF9'", "X'009FF9'", "X'009FF9'"]);
    assert_eq!(inline(Vec::<u8>::new()), [r"E'\\x'", "X''", "X''"]);
}

#[test]
fn times_say_what_they_are_where_text_is_only_text() {
    let (date, time) = (Date::parse("2026-01-02").unwrap(), Time::parse("03:04:05.5").unwrap());
    assert_eq!(inline(date), ["'2026-01-02'", "DATE'2026-01-02'", "'2026-01-02'"]);
    assert_eq!(inline(time), ["'03:04:05.500000'", "TIME'03:04:05.500000'", "'03:04:05.500000'"]);
    let stamp = Timestamp::new(date, time);
    let shown = "'2026-01-02 03:04:05.500000'";
    assert_eq!(inline(stamp), [shown, &format!("TIMESTAMP{shown}"), shown]);
    let instant = TimestampTz::parse("2026-01-02 03:04:05.5+01:00").unwrap();
    let (zoned, bare) = ("'2026-01-02 02:04:05.500000+00:00'", "TIMESTAMP'2026-01-02 02:04:05.500000'");
    assert_eq!(inline(instant), [zoned, bare, zoned]);
}

#[test]
fn arrays_quote_every_item_but_null() {
    assert_eq!(array(vec![]), "'{}'");
    assert_eq!(array(vec![1.into(), Value::Null, (-2).into()]), r#"'{"1",NULL,"-2"}'"#);
    assert_eq!(array(vec![r#"a"b\c"#.into(), "it's".into()]), r#"E'{"a\\"b\\\\c","it''s"}'"#);
    let floats = [1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    assert_eq!(array(floats.map(Value::from).to_vec()), r#"'{"1.5","NaN","Infinity","-Infinity"}'"#);
    assert_eq!(array(vec![true.into(), false.into()]), r#"'{"true","false"}'"#);
    assert_eq!(array(vec![vec![0xab_u8].into()]), r#"E'{"\\\\xAB"}'"#);
    assert_eq!(array(vec![u64::MAX.into()]), r#"'{"18446744073709551615"}'"#);
    let nested = Array::new(vec![1.into(), 2.into()]).unwrap();
    assert_eq!(array(vec![nested.clone().into(), nested.into()]), r#"'{{"1","2"},{"1","2"}}'"#);
    assert_eq!(array(vec![Decimal::parse("1.50").unwrap().into()]), r#"'{"1.50"}'"#);
    assert_eq!(array(vec![Json::new("[1]").into()]), r#"'{"[1]"}'"#);
}

#[test]
fn times_and_identifiers_are_items_as_they_are_values() {
    let (date, time) = (Date::parse("2026-01-02").unwrap(), Time::parse("03:04:05").unwrap());
    let instant = TimestampTz::parse("2026-01-02 03:04:05Z").unwrap();
    assert_eq!(array(vec![date.into()]), r#"'{"2026-01-02"}'"#);
    assert_eq!(array(vec![time.into()]), r#"'{"03:04:05"}'"#);
    assert_eq!(array(vec![Timestamp::new(date, time).into()]), r#"'{"2026-01-02 03:04:05"}'"#);
    assert_eq!(array(vec![instant.into()]), r#"'{"2026-01-02 03:04:05+00:00"}'"#);
    let span = Interval::parse("1 day").unwrap();
    assert_eq!(array(vec![span.into()]), format!(r#"'{{"{span}"}}'"#));
    assert_eq!(inline(span)[0], format!("'{span}'"));
    let uuid = Uuid::from_bytes([0x11; 16]);
    assert_eq!(array(vec![uuid.into()]), r#"'{"11111111-1111-1111-1111-111111111111"}'"#);
    assert_eq!(inline(uuid)[0], "'11111111-1111-1111-1111-111111111111'");
    assert_eq!(inline(Json::new("{}")), ["'{}'"; 3]);
}
