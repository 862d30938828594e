//! The model against examples worked out by hand, after `docs/expressions.md`.

mod model;

use model::{Class, ModelError, TableData, apply, diff, same};
use setwise::{
    Binary, Branch, Cell, Column, Date, Decimal, Expr, Func, Ident, Json, Schema, Table, TableName, Time, Timestamp,
    TimestampTz, Type, Unary, Update, Uuid, Value,
};

type E = Expr<'static>;

const MIN: i64 = i64::MIN;
const MAX: i64 = i64::MAX;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn dec(text: &'static str) -> Decimal<'static> {
    Decimal::parse(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-11-20 10:20:30.123456")
}

/// A table of one row, in which each column is named after its type and `x_` columns are NULL.
fn data() -> TableData {
    let columns: Vec<(&str, Type, Value<'static>)> = vec![
        ("id", Type::INT64, 1.into()),
        ("i8", Type::Int { bits: 8 }, 100.into()),
        ("n", Type::INT64, 7.into()),
        ("min", Type::INT64, MIN.into()),
        ("u", Type::UInt { bits: 64 }, u64::MAX.into()),
        ("d", Type::Decimal { precision: Some(10), scale: Some(2) }, dec("2.50").into()),
        ("d4", Type::Decimal { precision: Some(10), scale: Some(4) }, dec("-2.4500").into()),
        ("f", Type::Float64, 2.5.into()),
        ("f32", Type::Float32, 0.5.into()),
        ("s", Type::TEXT, "Straße 😀 Éa".into()),
        ("s5", Type::Text { max: Some(5) }, "abc".into()),
        ("c", Type::Char { length: 5 }, "ab".into()),
        ("b", Type::Bool, true.into()),
        ("day", Type::Date, day("2024-02-29").into()),
        ("at", Type::TIMESTAMP, at("2024-02-29 23:59:59.123457").into()),
        ("at0", Type::Timestamp { digits: 0 }, at("2024-02-29 23:59:59").into()),
        ("tz", Type::TIMESTAMPTZ, TimestampTz::utc(at("2024-02-29 23:59:59.5")).into()),
        ("uuid", Type::Uuid, Uuid::from_bytes([7; 16]).into()),
        ("must", Type::INT64, 5.into()),
        ("x", Type::INT64, Value::Null),
        ("xs", Type::TEXT, Value::Null),
        ("xb", Type::Bool, Value::Null),
    ];
    let mut table = Table::new(TableName::new("t").unwrap());
    let mut row = Vec::new();
    for (name, ty, value) in columns {
        let column = Column::new(name, ty).unwrap();
        table = table.column(if name == "must" { column.not_null() } else { column });
        row.push(value);
    }
    TableData { table: table.primary_key(["id"]).unwrap(), rows: vec![row] }
}

fn col(name: &str) -> E {
    Expr::Column(Ident::new(name).unwrap())
}

fn new(name: &str) -> E {
    Expr::Input(Ident::new(name).unwrap())
}

fn val(value: impl Into<Value<'static>>) -> E {
    Expr::Value(value.into())
}

fn null() -> E {
    val(Value::Null)
}

fn call<const N: usize>(func: Func, list: [E; N]) -> E {
    Expr::Call(func, list.into())
}

fn op(op: Binary, a: E, b: E) -> E {
    Expr::Binary(op, a.into(), b.into())
}

fn neg(a: E) -> E {
    Expr::Unary(Unary::Negate, a.into())
}

fn cast(a: E, ty: Type) -> E {
    Expr::Cast(a.into(), ty)
}

/// A text that the checker cannot compute beforehand.
fn text(of: &'static str) -> E {
    call(Func::Concat, [call(Func::Substring, [col("s"), val(1000)]), val(of)])
}

/// An integer that the checker cannot compute beforehand.
fn int(of: i64) -> E {
    call(Func::Coalesce, [col("x"), val(of)])
}

fn float(of: f64) -> E {
    call(Func::Coalesce, [call(Func::Nullif, [col("f"), val(2.5)]), val(of)])
}

/// What a column holds after it is set.
fn set(column: &str, value: E) -> Result<Value<'static>, ModelError> {
    let data = data();
    let position = data.table.columns().iter().position(|known| known.name().as_str() == column).unwrap();
    let update = Update::table("t").set(column, value).all_rows().build().unwrap();
    apply(&update, &data, now()).map(|after| after.rows[0][position].clone())
}

#[track_caller]
fn gives(column: &str, value: E, wanted: impl Into<Value<'static>>) {
    let (wanted, ty) = (wanted.into(), data().table.find(&Ident::new(column).unwrap()).unwrap().ty().clone());
    let found = set(column, value.clone()).unwrap_or_else(|error| panic!("{value:?}: {error}"));
    assert!(same(&found, &wanted, &ty), "{value:?}: expected {wanted:?}, found {found:?}");
}

#[track_caller]
fn fails(column: &str, value: E, class: Class) {
    let error = set(column, value.clone()).expect_err(&format!("{value:?}"));
    assert!(error.classes.contains(&class), "{value:?}: {error}");
}

#[test]
fn integers() {
    gives("n", col("n") + 5, 12);
    gives("n", col("i8") + 100, 200);
    gives("n", col("n") - int(MAX), 7 - MAX);
    gives("n", col("x") + 1, Value::Null);
    gives("n", neg(col("n")), -7);
    gives("n", call(Func::Div, [int(-7), val(2)]), -3);
    gives("n", call(Func::Mod, [int(-7), val(2)]), -1);
    gives("n", call(Func::Mod, [int(7), val(-2)]), 1);
    gives("n", call(Func::Mod, [col("min"), val(-1)]), 0);
    gives("n", call(Func::Div, [col("n"), call(Func::Nullif, [int(0), val(0)])]), Value::Null);
    gives("n", call(Func::Abs, [int(-9)]), 9);
    gives("u", val(u64::MAX), u64::MAX);
    for overflow in [
        int(MAX) + 1,
        col("min") - 1,
        val(0) - col("min"),
        int(MAX) * 2,
        neg(col("min")),
        call(Func::Abs, [col("min")]),
        call(Func::Div, [col("min"), val(-1)]),
    ] {
        fails("n", overflow, Class::OutOfRange);
    }
    fails("i8", col("i8") + 28, Class::OutOfRange);
    fails("n", val(MAX) + 1, Class::Refused("out-of-range"));
    fails("n", col("u") + 1, Class::Refused("mistyped"));
    fails("n", col("n") / 2, Class::Refused("integer-division"));
    fails("n", call(Func::Div, [col("n"), val(0)]), Class::Refused("zero-divisor"));
    fails("n", call(Func::Mod, [col("n"), col("x")]), Class::Refused("maybe-zero-divisor"));
    fails("n", col("n") + val("1"), Class::Refused("mistyped"));
    fails("i8", val(128), Class::Refused("out-of-range"));
}

#[test]
fn decimals() {
    gives("d", col("d") + 1, dec("3.5"));
    gives("d4", col("d") * col("d"), dec("6.25"));
    gives("d4", col("d4") - val(dec("0.0001")), dec("-2.4501"));
    gives("d", call(Func::Round, [col("d4"), val(1)]), dec("-2.5"));
    gives("d", call(Func::Round, [col("d")]), dec("3"));
    gives("d", call(Func::Round, [neg(col("d"))]), dec("-3"));
    gives("d4", call(Func::Round, [col("d4"), val(30)]), dec("-2.45"));
    gives("d", call(Func::Floor, [col("d4")]), dec("-3"));
    gives("d", call(Func::Ceil, [col("d4")]), dec("-2"));
    gives("d", call(Func::Abs, [neg(col("d"))]), dec("2.5"));
    gives("d", call(Func::Greatest, [col("d"), col("n")]), dec("7"));
    gives("d", cast(col("n"), Type::DECIMAL), dec("7"));
    gives("n", cast(call(Func::Round, [col("d")]), Type::INT64), 3);
    fails("d", col("d") * col("d") * col("d4"), Class::Refused("too-precise"));
    fails("d", col("d") * int(100_000_000), Class::OutOfRange);
    fails("d", col("d") / 2, Class::Refused("mistyped"));
    fails("n", cast(col("d"), Type::INT64), Class::Refused("mistyped"));
    fails("d", val(dec("1.005")), Class::Refused("too-precise"));
}

#[test]
fn floats() {
    gives("f", col("f") + val(0.1) + val(0.2), 2.5 + 0.1 + 0.2);
    gives("f", col("f") * 2, 5.0);
    gives("f", col("f") / val(-10.0), -0.25);
    gives("f", col("f") / call(Func::Nullif, [float(-0.0), val(0)]), Value::Null);
    gives("f", call(Func::Floor, [float(-0.5)]), -1.0);
    gives("f", call(Func::Ceil, [float(-0.5)]), 0.0);
    gives("f", col("f") * val(-0.0), 0.0);
    gives("f", val(-0.0), -0.0);
    gives("f", cast(col("i8"), Type::Float64), 100.0);
    gives("f32", col("f") / val(3.0), f64::from((2.5f64 / 3.0) as f32));
    fails("f", float(1e308) * 10, Class::OutOfRange);
    fails("f32", float(1e39), Class::OutOfRange);
    fails("f", float(1e-300) * val(1e-300), Class::EngineDependent("a float that underflows to zero"));
    fails("f", call(Func::Round, [col("f")]), Class::Refused("mistyped"));
    fails("f32", val(0.1), Class::Refused("too-precise"));
}

#[test]
fn texts() {
    gives("n", call(Func::Length, [col("s")]), 11);
    gives("n", call(Func::Length, [col("c")]), 2);
    gives("s", call(Func::Lower, [col("s")]), "straße 😀 Éa");
    gives("s", call(Func::Upper, [col("s")]), "STRAßE 😀 ÉA");
    gives("s", call(Func::Trim, [text("  \t a  ")]), "\t a");
    gives("s", call(Func::Substring, [col("s"), val(8), val(1)]), "😀");
    gives("s", call(Func::Substring, [col("s"), val(10)]), "Éa");
    gives("s", call(Func::Substring, [col("s"), val(12)]), "");
    gives("s", call(Func::Replace, [text("aaaA"), val("aa"), val("b")]), "baA");
    gives("s", call(Func::Concat, [col("c"), val("|")]), "ab|");
    gives("s", call(Func::Concat, [col("s"), col("xs")]), Value::Null);
    gives("s", call(Func::Coalesce, [col("xs"), val("x")]), "x");
    gives("s", cast(col("min"), Type::TEXT), "-9223372036854775808");
    gives("c", text("abc       "), "abc");
    fails("s5", text("abcdef"), Class::OutOfRange);
    fails("s5", text("abc   "), Class::OutOfRange);
    fails("s5", val("abc   "), Class::Refused("too-long"));
    fails("c", text("abcdef"), Class::OutOfRange);
    fails("s", call(Func::Substring, [col("s"), val(0)]), Class::Refused("bad-argument"));
    fails("s", call(Func::Replace, [col("s"), val(""), val("b")]), Class::Refused("bad-argument"));
    fails("s", call(Func::Concat, [col("s"), col("n")]), Class::Refused("mistyped"));
}

#[test]
fn patterns() {
    let like = |of: E, pattern: &str, escape| Expr::Like { text: of.into(), pattern: pattern.into(), escape };
    for (of, pattern, matches) in [
        ("abc", "a%", true),
        ("abc", "A%", false),
        ("abc", "a_c", true),
        ("abc", "a_", false),
        ("é😀", "__", true),
        ("", "%", true),
        ("", "_", false),
        ("a%b", "a!%_", true),
        ("axb", "a!%_", false),
        ("a!b", "a!!b", true),
        ("a\\b", "a\\b", true),
        ("a ", "a", false),
        ("abcabc", "%b%b%", true),
        ("a*b?[", "a*b?[", true),
    ] {
        gives("b", like(text(of), pattern, Some('!')), matches);
    }
    gives("b", like(col("xs"), "%", None), Value::Null);
    gives("b", like(text("a!b"), "a!b", None), true);
    fails("b", like(col("s"), "a!", Some('!')), Class::Refused("bad-pattern"));
    fails("b", like(col("s"), "!ab", Some('!')), Class::Refused("bad-pattern"));
}

#[test]
fn comparisons() {
    gives("b", col("n").equals(7), true);
    gives("b", col("d").equals(dec("2.5")), true);
    gives("b", col("n").less_than(col("d")), false);
    gives("b", col("u").less_than(MAX), false);
    gives("b", text("a").equals("a "), false);
    gives("b", text("a").equals("A"), false);
    gives("b", text("\u{ffff}").less_than("😀"), true);
    gives("b", text("Z").less_than("a"), true);
    gives("b", col("c").equals("ab"), true);
    gives("b", col("x").equals(1), Value::Null);
    gives("b", op(Binary::NotEqual, col("b"), val(false)), true);
    gives("b", op(Binary::IsDistinct, col("x"), null()), false);
    gives("b", op(Binary::IsDistinct, col("x"), val(1)), true);
    gives("b", op(Binary::IsDistinct, col("n"), val(7)), false);
    gives("b", op(Binary::GreaterOrEqual, col("at"), val(at("2024-02-29 23:59:59.123457"))), true);
    gives("b", col("tz").less_than(call(Func::Now, [])), true);
    gives("b", Expr::Between(col("n").into(), val(7).into(), col("x").into()), Value::Null);
    gives("b", Expr::Between(col("n").into(), val(8).into(), col("x").into()), false);
    gives("b", Expr::In(col("n").into(), vec![col("x"), val(7)]), true);
    gives("b", Expr::In(col("n").into(), vec![col("x"), val(8)]), Value::Null);
    gives("b", Expr::In(col("x").into(), vec![]), false);
    gives("b", Expr::IsNull(col("x").into()), true);
    gives("b", col("uuid").equals(Uuid::from_bytes([7; 16])), true);
    fails("b", col("uuid").less_than(Uuid::from_bytes([7; 16])), Class::Refused("mistyped"));
    fails("b", col("b").less_than(true), Class::Refused("mistyped"));
    fails("b", col("b").equals(1), Class::Refused("mistyped"));
    fails("b", col("n").equals("7"), Class::Refused("mistyped"));
    fails("b", col("at").less_than(col("tz")), Class::Refused("mistyped"));
    fails("b", col("n").equals(null()), Class::Refused("compares-null"));
    fails("b", Expr::In(col("n").into(), vec![null()]), Class::Refused("null-in-list"));
}

#[test]
fn three_valued_logic() {
    let (yes, no, unknown) = (col("b"), col("b").negate(), col("xb"));
    gives("b", Expr::And(vec![yes.clone(), unknown.clone()]), Value::Null);
    gives("b", Expr::And(vec![unknown.clone(), no.clone()]), false);
    gives("b", Expr::Or(vec![unknown.clone(), yes.clone()]), true);
    gives("b", Expr::Or(vec![unknown.clone(), no.clone()]), Value::Null);
    gives("b", unknown.clone().negate(), Value::Null);
    gives("b", Expr::And(vec![]), true);
    gives("b", Expr::Or(vec![]), false);
    let overflow = (int(MAX) + 1).equals(0);
    fails("b", yes.clone().and(overflow.clone()), Class::OutOfRange);
    let undecided = Class::EngineDependent("an error in a part that does not decide");
    fails("b", no.and(overflow.clone()), undecided);
    fails("b", yes.or(overflow), undecided);
    fails("b", Expr::And(vec![col("n")]), Class::Refused("mistyped"));
}

#[test]
fn cases() {
    let case = |when: E, then: E, otherwise: Option<E>| Expr::Case {
        branches: vec![Branch { when, then }],
        otherwise: otherwise.map(Box::new),
    };
    gives("n", case(col("b"), val(1), Some(val(2))), 1);
    gives("n", case(col("xb"), val(1), Some(val(2))), 2);
    gives("n", case(col("xb"), val(1), None), Value::Null);
    gives("n", case(col("b"), val(1), Some(col("min") - 1)), 1);
    gives("n", call(Func::Coalesce, [col("n"), col("min") - 1]), 7);
    fails("n", case(col("xb"), val(1), Some(col("min") - 1)), Class::OutOfRange);
    gives("n", call(Func::Nullif, [col("n"), val(7)]), Value::Null);
    gives("n", call(Func::Nullif, [col("x"), val(7)]), Value::Null);
    gives("n", call(Func::Greatest, [col("n"), val(9), val(8)]), 9);
    gives("n", call(Func::Least, [col("n"), col("x")]), Value::Null);
    gives("day", call(Func::Least, [col("day"), val(day("2024-03-01"))]), day("2024-02-29"));
    gives("n", cast(col("b"), Type::INT64), 1);
    gives("n", cast(null(), Type::INT64), Value::Null);
    fails("n", cast(col("s"), Type::INT64), Class::Refused("mistyped"));
    fails("s", call(Func::Greatest, [col("s"), val("x")]), Class::Refused("mistyped"));
}

#[test]
fn times() {
    let days = |n| call(Func::Days, [n]);
    gives("day", col("day") + days(val(1)), day("2024-03-01"));
    gives("day", col("day") - days(val(366)), day("2023-02-28"));
    gives("day", col("day") + days(int(-738_944)), day("0001-01-01"));
    gives("day", col("day") + days(col("x")), Value::Null);
    gives("at", col("at") + call(Func::Seconds, [val(1)]), at("2024-03-01 00:00:00.123457"));
    gives("at", col("at") - call(Func::Hours, [val(25)]), at("2024-02-28 22:59:59.123457"));
    gives("at", col("at") + call(Func::Minutes, [val(90)]), at("2024-03-01 01:29:59.123457"));
    gives("tz", col("tz") + days(val(1)), TimestampTz::utc(at("2024-03-01 23:59:59.5")));
    gives("at", call(Func::Now, []), now());
    gives("at0", call(Func::Now, []), at("2026-11-20 10:20:30"));
    gives("tz", call(Func::Now, []) + days(val(1)), TimestampTz::utc(at("2026-11-21 10:20:30.123456")));
    gives("day", call(Func::CurrentDate, []), day("2026-11-20"));
    gives("at", cast(col("day"), Type::TIMESTAMP), at("2024-02-29 00:00:00"));
    let outside = Class::EngineDependent("a day outside the years 1 to 9999");
    fails("day", col("day") + days(val(4_000_000)), outside);
    fails("at", col("at") - days(col("min")), outside);
    fails("at0", col("at"), Class::Refused("too-precise"));
    fails("day", col("day") + call(Func::Hours, [val(1)]), Class::Refused("mistyped"));
    fails("day", days(val(1)) + col("day"), Class::Refused("mistyped"));
    fails("at", col("tz"), Class::Refused("mistyped"));
}

#[test]
fn every_day_of_the_calendar_is_followed_by_the_next() {
    let mut here = day("1899-12-31");
    for _ in 0..80_000 {
        let data = TableData { rows: vec![vec![1.into(), here.into()]], ..two_columns(Type::Date) };
        let value = col("v") + call(Func::Days, [val(1)]);
        let update = Update::table("t").set("v", value).all_rows().build().unwrap();
        let next = match apply(&update, &data, now()).unwrap().rows[0][1] {
            Value::Date(next) => next,
            ref other => panic!("{other:?}"),
        };
        let (y, m, d) = (here.year(), here.month(), here.day());
        let wanted = Date::new(y, m, d + 1).or(Date::new(y, m + 1, 1)).or(Date::new(y + 1, 1, 1)).unwrap();
        assert_eq!(next, wanted);
        here = next;
    }
}

fn two_columns(ty: Type) -> TableData {
    let table = Table::new(TableName::new("t").unwrap())
        .column(Column::new("id", Type::INT64).unwrap())
        .column(Column::new("v", ty).unwrap());
    TableData { table: table.primary_key(["id"]).unwrap(), rows: Vec::new() }
}

fn numbers(rows: &[(i64, Option<i64>)]) -> TableData {
    let rows = rows.iter().map(|&(id, v)| vec![id.into(), v.into()]).collect();
    TableData { rows, ..two_columns(Type::INT64) }
}

#[test]
fn keyed_rows_read_the_old_row_and_the_incoming_row() {
    let data = numbers(&[(1, Some(10)), (2, None), (3, Some(30))]);
    let update = Update::table("t").key(["id"]).rows(["id", "v"], [(3, Some(1)), (9, Some(1)), (2, Some(5))]);
    let update = update.set("v", col("v") + new("v")).build().unwrap();
    let after = apply(&update, &data, now()).unwrap();
    assert_eq!(diff(&numbers(&[(1, Some(10)), (2, None), (3, Some(31))]), &after.rows), None);
}

#[test]
fn assignments_swap() {
    let table = Table::new(TableName::new("t").unwrap())
        .column(Column::new("a", Type::INT64).unwrap())
        .column(Column::new("b", Type::INT64).unwrap());
    let data = TableData { table, rows: vec![vec![1.into(), 2.into()]] };
    let update = Update::table("t").set("a", col("b")).set("b", col("a")).all_rows().build().unwrap();
    assert_eq!(apply(&update, &data, now()).unwrap().rows, [[Value::Int(2), Value::Int(1)]]);
}

#[test]
fn filters() {
    let data = numbers(&[(1, Some(10)), (2, None), (3, Some(30))]);
    let over = |least: i64| op(Binary::Greater, col("v"), val(least));
    let update = Update::table("t").set("v", val(0)).filter(over(15)).build().unwrap();
    let after = apply(&update, &data, now()).unwrap();
    assert_eq!(diff(&numbers(&[(1, Some(10)), (2, None), (3, Some(0))]), &after.rows), None);

    let keyed = || Update::table("t").key(["id"]).rows(["id", "v"], [(1, 1), (2, 2)]).set_input(["v"]);
    let after = apply(&keyed().filter(over(5)).build().unwrap(), &data, now()).unwrap();
    assert_eq!(diff(&numbers(&[(1, Some(1)), (2, None), (3, Some(30))]), &after.rows), None);
    let overflowing = (col("v") + (MAX - 20)).less_than(0).negate();
    let error = apply(&keyed().filter(overflowing).build().unwrap(), &data, now()).unwrap_err();
    assert!(error.is_engine_dependent(), "row 3 has no key: {error}");
}

#[test]
fn errors_that_do_not_decide_are_the_engines_choice() {
    let undecided = Class::EngineDependent("an error in a part that does not decide");
    let overflow = || int(MAX) + 1;
    fails("b", overflow().equals(col("x")), undecided);
    fails("b", Expr::Between(overflow().into(), val(1).into(), col("x").into()), undecided);
    fails("b", Expr::In(col("x").into(), vec![overflow()]), undecided);
    fails("n", call(Func::Greatest, [overflow(), col("x")]), undecided);
    fails("b", op(Binary::IsDistinct, overflow(), col("x")), Class::OutOfRange);
    gives("b", Expr::In(overflow().into(), vec![]), false);

    // Row 9 is not in the table, but an engine may compute `new.v + 1` before it knows.
    let data = numbers(&[(1, Some(10))]);
    let update = |row| Update::table("t").key(["id"]).rows(["id", "v"], [row]).set("v", new("v") + 1).build().unwrap();
    assert_eq!(apply(&update((9, MAX)), &data, now()), Err(undecided.into()));
    assert_eq!(apply(&update((9, 1)), &data, now()), Ok(data.clone()));
    assert_eq!(apply(&update((1, MAX)), &data, now()), Err(Class::OutOfRange.into()));
}

#[test]
fn computed_instants_outside_of_32_bits_are_the_engines_choice() {
    let outside = Class::EngineDependent("an instant outside the years 1970 to 2038");
    let hours = |n: i64| call(Func::Hours, [val(n)]);
    let from =
        |text| call(Func::Coalesce, [Expr::Cast(null().into(), Type::TIMESTAMPTZ), val(TimestampTz::utc(at(text)))]);
    gives("tz", from("2038-01-19 02:14:07") + hours(1), TimestampTz::utc(at("2038-01-19 03:14:07")));
    fails("tz", from("2038-01-19 02:14:08") + hours(1), outside);
    fails("tz", from("1970-01-01 00:30:00") - hours(1), outside);
}

#[test]
fn refusals_of_rows() {
    let data = numbers(&[(1, Some(10))]);
    let code = |rows: Vec<(Option<i64>, Value<'static>)>| {
        let update = Update::table("t").key(["id"]).rows(["id", "v"], rows).build().unwrap();
        apply(&update, &data, now()).map_err(|error| error.refusal().unwrap_or("none"))
    };
    assert_eq!(code(vec![(Some(1), 1.into()), (Some(1), 1.into())]), Err("duplicate-key"));
    assert_eq!(code(vec![(None, 1.into())]), Err("null-key"));
    assert_eq!(code(vec![(Some(9), "1".into())]), Err("wrong-type"));
    assert_eq!(code(vec![(Some(9), u64::MAX.into())]), Err("out-of-range"));
    assert_eq!(code(vec![]), Ok(data.clone()));
    let update = Update::table("t").key(["id"]).rows(["id", "v"], [(1, 2)]).set("id", val(3)).build().unwrap();
    assert_eq!(apply(&update, &data, now()).unwrap_err().refusal(), Some("sets-key"));
}

#[test]
fn kept_cells_stay() {
    let data = numbers(&[(1, Some(10)), (2, Some(20))]);
    let rows = vec![vec![Cell::from(1), Cell::Keep], vec![Cell::from(2), Cell::from(5)]];
    let update = Update::table("t").key(["id"]).rows(["id", "v"], rows).build().unwrap();
    let after = apply(&update, &data, now()).unwrap();
    assert_eq!(diff(&numbers(&[(1, Some(10)), (2, Some(5))]), &after.rows), None);
}

#[test]
fn constraints_hold_at_the_end() {
    fails("must", col("x"), Class::NotNull);
    fails("must", col("x") + 1, Class::NotNull);
    fails("must", null(), Class::Refused("null-not-allowed"));
    let mut data = numbers(&[(1, Some(10)), (2, Some(20)), (3, None), (4, None)]);
    data.table = data.table.unique(["v"]).unwrap();
    let swap = Update::table("t").key(["id"]).rows(["id", "v"], [(1, 20), (2, 10)]).build().unwrap();
    assert!(apply(&swap, &data, now()).is_ok());
    let same = Update::table("t").key(["id"]).rows(["id", "v"], [(1, 20)]).build().unwrap();
    assert_eq!(apply(&same, &data, now()), Err(Class::Unique.into()));
}

#[test]
fn all_reasons_are_given() {
    let data = numbers(&[(1, Some(MAX)), (2, None)]);
    let mut strict = data.clone();
    strict.table = strict.table.column(Column::new("v", Type::INT64).unwrap().not_null());
    let update = Update::table("t").set("v", col("v") + 1).all_rows().build().unwrap();
    let error = apply(&update, &strict, now()).unwrap_err();
    assert_eq!(error.classes, [Class::OutOfRange, Class::NotNull].into());
    assert!(error.allows(Class::NotNull) && !error.allows(Class::Unique));
}

#[test]
fn composite_and_decimal_keys() {
    let table = Table::new(TableName::new("t").unwrap())
        .column(Column::new("k", Type::DECIMAL).unwrap())
        .column(Column::new("l", Type::TEXT).unwrap())
        .column(Column::new("v", Type::INT64).unwrap())
        .primary_key(["k", "l"])
        .unwrap();
    let row = |k: &'static str, l: &'static str, v: i64| vec![dec(k).into(), l.into(), v.into()];
    let data = TableData { table, rows: vec![row("1.50", "a", 1), row("1.5", "A", 2), row("2", "a", 3)] };
    let rows = vec![(dec("1.5"), "a", 10), (dec("2.000"), "A", 20), (dec("2.0"), "a", 30)];
    let schema = Schema::new().table(data.table.clone());
    let update = Update::table("t").key(["k", "l"]).rows(["k", "l", "v"], rows).schema(&schema).build().unwrap();
    let after = apply(&update, &data, now()).unwrap();
    let wanted = TableData { rows: vec![row("2", "a", 30), row("1.5", "a", 10), row("1.5", "A", 2)], ..data };
    assert_eq!(diff(&wanted, &after.rows), None);
}

#[test]
fn sameness() {
    let json = |text| Value::Json(Json::new(text));
    assert!(same(&json(r#"{"a":1,"b":[1.0]}"#), &json(r#"{"b": [1], "a": 1}"#), &Type::Jsonb));
    assert!(!same(&json(r#"{"a":1}"#), &json(r#"{"a": 1}"#), &Type::Json));
    assert!(!same(&json(r#"{"a":1}"#), &json(r#"{"a":"1"}"#), &Type::Jsonb));
    assert!(same(&Value::Int(5), &Value::UInt(5), &Type::INT64));
    assert!(!same(&Value::Float(0.0), &Value::Float(-0.0), &Type::Float64));
    assert!(same(&Value::Float(0.1), &Value::Float(f64::from(0.1f32)), &Type::Float32));
    assert!(!same(&Value::Float(0.1), &Value::Float(f64::from(0.1f32)), &Type::Float64));
    assert!(same(&Value::from("a"), &Value::from("a  "), &Type::Char { length: 3 }));
    assert!(!same(&Value::from("a"), &Value::from("a  "), &Type::TEXT));
    assert!(!same(&Value::Null, &Value::from(""), &Type::TEXT));
    let time = |micro| Value::Time(Time::new(1, 2, 3, micro).unwrap());
    assert!(!same(&time(1), &time(0), &Type::TIME));
}

#[test]
fn differences_are_named() {
    let wanted = numbers(&[(1, Some(10)), (2, Some(20)), (4, None)]);
    let found = numbers(&[(2, Some(21)), (1, Some(10)), (3, None)]).rows;
    let text = diff(&wanted, &found).unwrap();
    assert!(text.contains("`v` (int64): expected Int(20), found Int(21)"), "{text}");
    assert!(text.contains("missing") && text.contains("not expected"), "{text}");
}
