//! Numbers are those of the catalogue of bad inputs.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::ir::{Binary, Branch, Date, Decimal, TableName, Time, Timestamp, Unary};

fn table() -> Table {
    let columns = [
        ("small", Type::Int { bits: 16 }),
        ("views", Type::INT64),
        ("wide", Type::UInt { bits: 64 }),
        ("price", Type::Decimal { precision: Some(10), scale: Some(2) }),
        ("free", Type::DECIMAL),
        ("score", Type::Float64),
        ("ratio", Type::Float32),
        ("title", Type::Text { max: Some(10) }),
        ("body", Type::TEXT),
        ("live", Type::Bool),
        ("day", Type::Date),
        ("at", Type::Timestamp { digits: 0 }),
        ("made", Type::TIMESTAMPTZ),
        ("doc", Type::Json),
        ("status", Type::Enum { name: None, labels: vec!["new".into(), "old".into()] }),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).unwrap());
    columns.into_iter().fold(Table::new(TableName::new("posts").unwrap()), Table::column)
}

fn col(name: &str) -> Expr<'static> {
    Expr::Column(Ident::new(name).unwrap())
}

fn new(name: &str) -> Expr<'static> {
    Expr::Input(Ident::new(name).unwrap())
}

fn val(value: impl Into<Value<'static>>) -> Expr<'static> {
    Expr::Value(value.into())
}

fn dec(text: &'static str) -> Expr<'static> {
    val(Decimal::parse(text).unwrap())
}

fn op(a: Expr<'static>, op: Binary, b: Expr<'static>) -> Expr<'static> {
    Expr::Binary(op, Box::new(a), Box::new(b))
}

fn call<const N: usize>(func: Func, list: [Expr<'static>; N]) -> Expr<'static> {
    Expr::Call(func, list.into())
}

fn null() -> Expr<'static> {
    Expr::Value(Value::Null)
}

/// The type of an expression, or the codes of its errors.
fn typed(expr: &Expr<'static>) -> String {
    let table = table();
    let scope = Scope { table: Some(&table), inputs: Vec::new(), params: &[], ..Scope::default() };
    let found = infer(expr, &scope).map(|typed| typed.kind.to_string());
    found.unwrap_or_else(|errors| errors.iter().map(ErrorKind::code).collect::<Vec<_>>().join(" "))
}

/// Whether a column takes an expression: `ok` or the codes of its errors.
fn assigned(column: &str, expr: &Expr<'static>) -> String {
    let table = table();
    let name = Ident::new(column).unwrap();
    let scope = Scope { table: Some(&table), inputs: Vec::new(), params: &[], ..Scope::default() };
    let found = type_assignment(expr, &name, table.find(&name), &scope).map(|_| "ok".to_owned());
    found.unwrap_or_else(|errors| errors.iter().map(ErrorKind::code).collect::<Vec<_>>().join(" "))
}

#[test]
fn arithmetic_stays_in_one_kind() {
    assert_eq!(typed(&(col("small") + 1)), "int64");
    assert_eq!(typed(&(col("price") + 1)), "decimal(11,2)");
    assert_eq!(typed(&(col("price") * col("price"))), "decimal(20,4)");
    assert_eq!(typed(&(col("price") * dec("1.005"))), "decimal(14,5)");
    assert_eq!(typed(&(col("price") + col("views"))), "decimal(22,2)");
    assert_eq!(typed(&(col("score") * dec("1.5"))), "float64");
    assert_eq!(typed(&(col("ratio") + 1)), "float64");
    assert_eq!(typed(&(col("score") + col("views"))), "mistyped");
    assert_eq!(typed(&(col("title") + 1)), "mistyped");
    assert_eq!(typed(&(col("views") + null())), "mistyped");
    assert_eq!(typed(&(col("live") + 1)), "mistyped");
}

#[test]
fn n94_divisors_are_not_zero() {
    let nullif = || call(Func::Nullif, [col("score"), val(0)]);
    assert_eq!(typed(&(col("score") / 0)), "zero-divisor");
    assert_eq!(typed(&(col("score") / 0.0)), "zero-divisor");
    assert_eq!(typed(&(col("score") / col("score"))), "maybe-zero-divisor");
    assert_eq!(typed(&(col("score") / nullif())), "float64");
    assert_eq!(typed(&(col("score") / 2)), "float64");
    assert_eq!(typed(&call(Func::Div, [col("views"), val(0)])), "zero-divisor");
    assert_eq!(typed(&call(Func::Mod, [col("views"), col("small")])), "maybe-zero-divisor");
    assert_eq!(typed(&call(Func::Div, [col("views"), val(-2)])), "int64");
}

#[test]
fn n95_integers_are_divided_by_name() {
    assert_eq!(typed(&(col("views") / 2)), "integer-division");
    assert_eq!(typed(&(col("price") / 2)), "mistyped");
    assert_eq!(typed(&call(Func::Div, [col("views"), val(2)])), "int64");
}

#[test]
fn n96_no_remainder_of_floats() {
    assert_eq!(typed(&call(Func::Mod, [col("score"), val(2.0)])), "mistyped");
}

#[test]
fn n99_constants_overflow_beforehand() {
    assert_eq!(typed(&(val(i64::MAX) + 1)), "out-of-range");
    assert_eq!(typed(&(val(i64::MAX) * i64::MAX)), "out-of-range");
    assert_eq!(typed(&Expr::Unary(Unary::Negate, Box::new(val(i64::MIN)))), "out-of-range");
    assert_eq!(typed(&call(Func::Div, [val(i64::MIN), val(-1)])), "out-of-range");
    assert_eq!(typed(&(val(i64::MAX) - 1)), "int64");
}

#[test]
fn n100_concat_takes_texts() {
    assert_eq!(typed(&call(Func::Concat, [col("title"), val("!")])), "text(11)");
    assert_eq!(typed(&call(Func::Concat, [col("title"), col("body")])), "text");
    assert_eq!(typed(&call(Func::Concat, [col("title"), null()])), "text");
    assert_eq!(typed(&call(Func::Concat, [col("title"), col("views")])), "mistyped");
}

#[test]
fn n102_patterns_are_whole() {
    let like = |pattern: &str, escape| Expr::Like { text: Box::new(col("title")), pattern: pattern.into(), escape };
    assert_eq!(typed(&like("100!%", Some('!'))), "bool");
    assert_eq!(typed(&like("100!", Some('!'))), "bad-pattern");
    assert_eq!(typed(&like("1!00", Some('!'))), "bad-pattern");
    assert_eq!(typed(&like("100", Some('%'))), "bad-pattern");
    assert_eq!(typed(&like("100!", None)), "bool");
    assert_eq!(typed(&Expr::Like { text: Box::new(col("views")), pattern: "1".into(), escape: None }), "mistyped");
}

#[test]
fn n103_null_is_not_compared() {
    assert_eq!(typed(&op(col("views"), Binary::Equal, null())), "compares-null");
    assert_eq!(typed(&Expr::Between(Box::new(col("views")), Box::new(null()), Box::new(val(1)))), "compares-null");
    assert_eq!(typed(&op(col("views"), Binary::IsDistinct, null())), "bool");
    assert_eq!(typed(&Expr::IsNull(Box::new(col("views")))), "bool");
    assert_eq!(typed(&call(Func::Nullif, [col("views"), null()])), "compares-null");
}

#[test]
fn n104_n105_lists() {
    let list = |list: Vec<Expr<'static>>| Expr::In(Box::new(col("views")), list);
    assert_eq!(typed(&list(vec![val(1), null()])), "null-in-list");
    assert_eq!(typed(&list(vec![val(1), val("1")])), "mistyped");
    assert_eq!(typed(&list(vec![val(1), val(2)])), "bool");
    assert_eq!(typed(&list(vec![])), "bool");
    assert_eq!(typed(&Expr::In(Box::new(null()), vec![val(1)])), "compares-null");
}

#[test]
fn comparisons_are_of_one_kind() {
    assert_eq!(typed(&op(col("title"), Binary::Less, val("x"))), "bool");
    assert_eq!(typed(&op(col("views"), Binary::Equal, val("1"))), "mistyped");
    assert_eq!(typed(&op(col("live"), Binary::Equal, val(1))), "mistyped");
    assert_eq!(typed(&op(col("live"), Binary::Less, val(true))), "mistyped");
    assert_eq!(typed(&op(col("doc"), Binary::Equal, col("doc"))), "mistyped");
    assert_eq!(typed(&op(col("wide"), Binary::Greater, col("views"))), "bool");
    assert_eq!(typed(&op(col("status"), Binary::Equal, val("new"))), "bool");
    assert_eq!(typed(&op(col("status"), Binary::Equal, val("neu"))), "mistyped");
    assert_eq!(typed(&op(col("at"), Binary::Less, call(Func::Now, []))), "bool");
    assert_eq!(typed(&op(col("at"), Binary::Less, col("made"))), "mistyped");
    assert_eq!(typed(&op(col("price"), Binary::Less, val(5))), "bool");
}

#[test]
fn n106_branches_have_one_type() {
    let case = |then: Expr<'static>, otherwise: Option<Expr<'static>>| Expr::Case {
        branches: vec![Branch { when: op(col("views"), Binary::Greater, val(1)), then }],
        otherwise: otherwise.map(Box::new),
    };
    assert_eq!(typed(&case(val(1), Some(val("x")))), "mistyped");
    assert_eq!(typed(&case(null(), Some(col("small")))), "int16");
    assert_eq!(typed(&case(null(), None)), "null");
    assert_eq!(typed(&case(col("wide"), Some(col("views")))), "mistyped");
    assert_eq!(typed(&case(col("wide"), Some(val(0)))), "uint64");
    assert_eq!(assigned("price", &case(val(1), Some(dec("2.5")))), "ok");
    assert_eq!(assigned("score", &case(val(1), None)), "ok");
    assert_eq!(assigned("status", &case(val("new"), Some(col("status")))), "ok");
    assert_eq!(assigned("status", &case(val("neu"), None)), "not-a-label");
    assert_eq!(typed(&Expr::Case { branches: vec![], otherwise: None }), "bad-argument");
}

#[test]
fn n107_rounding_is_for_decimals() {
    assert_eq!(typed(&call(Func::Round, [col("score")])), "mistyped");
    assert_eq!(typed(&call(Func::Round, [col("price"), val(1)])), "decimal(10,1)");
    assert_eq!(typed(&call(Func::Round, [col("price"), val(31)])), "bad-argument");
    assert_eq!(typed(&call(Func::Round, [col("price"), col("views")])), "bad-argument");
    assert_eq!(typed(&call(Func::Floor, [col("price")])), "decimal(9,0)");
    assert_eq!(typed(&call(Func::Floor, [col("score")])), "float64");
}

#[test]
fn n109_unknown_columns_and_inputs() {
    let table = table();
    let titel = Ident::new("titel").unwrap();
    let scope = Scope { table: Some(&table), inputs: vec![(&titel, None)], params: &[], ..Scope::default() };
    let codes = |expr: &Expr<'static>| -> Vec<String> {
        infer(expr, &scope).unwrap_err().iter().map(ToString::to_string).collect()
    };
    let unknown = (col("pric") + col("vews")) * 2;
    assert!(matches!(&codes(&unknown)[..], [a, b] if a.contains("`price`") && b.contains("`views`")));
    assert!(matches!(&codes(&new("title"))[..], [a] if a.contains("did you mean `titel`?")));
    assert!(matches!(&codes(&(new("titel") + 1))[..], [a] if a.contains("the type of `titel` is not known")));
    assert_eq!(typed(&new("title")), "input-without-rows");
}

#[test]
fn types_are_asked_for_only_where_needed() {
    let scope = Scope::default();
    let code = |expr: &Expr<'static>| infer(expr, &scope).map(|_| "ok").map_err(|errors| errors[0].code());
    assert_eq!(code(&col("views")), Ok("ok"));
    assert_eq!(code(&Expr::IsNull(Box::new(col("views")))), Ok("ok"));
    assert_eq!(code(&(col("views") + 1)), Err("unknown-type"));
    assert_eq!(type_condition(&col("live"), &scope).unwrap_err()[0].code(), "unknown-type");
}

#[test]
fn n111_depth_is_bounded_on_a_small_stack() {
    let deep = |levels: usize| (1..levels).fold(col("views"), |expr, _| call(Func::Coalesce, [val(1), expr]));
    let nested = |levels: usize| (1..levels).fold(col("views"), |expr, _| expr + 1);
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    let results = thread.spawn(move || {
        assert_eq!([typed(&deep(64)), typed(&nested(64))], ["int64", "int64"]);
        // the builder takes no more
        [deep(65), nested(1000)].map(|expr| expr.check_depth().map_err(|kind| kind.code()))
    });
    assert_eq!(results.unwrap().join().unwrap(), [Err("too-deep"); 2]);
}

#[test]
fn n112_arity() {
    assert_eq!(typed(&call(Func::Abs, [])), "bad-arity");
    assert_eq!(typed(&call(Func::Coalesce, [col("views")])), "bad-arity");
    assert_eq!(typed(&call(Func::Substring, [col("title"), val(2), val(3)])), "text(3)");
    assert_eq!(typed(&call(Func::Substring, [col("title"), val(0)])), "bad-argument");
    assert_eq!(typed(&call(Func::Replace, [col("title"), val(""), val("x")])), "bad-argument");
    assert_eq!(typed(&call(Func::Replace, [col("title"), val("a"), val("bc")])), "text(20)");
}

#[test]
fn durations_stand_behind_dates() {
    let days = || call(Func::Days, [col("small")]);
    let hours = || call(Func::Hours, [val(3)]);
    assert_eq!(typed(&(col("day") + days())), "date");
    assert_eq!(typed(&(col("at") - hours())), "timestamp(0)");
    assert_eq!(typed(&(col("day") + hours())), "mistyped");
    assert_eq!(typed(&(days() + col("day"))), "mistyped");
    assert_eq!(typed(&(col("views") + days())), "mistyped");
    assert_eq!(typed(&call(Func::Days, [col("score")])), "mistyped");
    assert_eq!(assigned("views", &days()), "mistyped");
    assert_eq!(typed(&Expr::IsNull(Box::new(days()))), "mistyped");
}

#[test]
fn assignments_neither_round_nor_cut() {
    assert_eq!(assigned("price", &(col("price") * dec("1.1"))), "too-precise");
    assert_eq!(assigned("price", &call(Func::Round, [col("price") * dec("1.1"), val(2)])), "ok");
    assert_eq!(assigned("price", &(col("free") + 1)), "too-precise");
    assert_eq!(assigned("free", &(col("free") * col("price"))), "ok");
    assert_eq!(assigned("price", &(col("views") + 1)), "ok");
    assert_eq!(assigned("views", &(col("price") + 1)), "mistyped");
    assert_eq!(assigned("small", &(col("views") + 1)), "ok");
    assert_eq!(assigned("score", &(col("views") + 1)), "mistyped");
    assert_eq!(assigned("title", &call(Func::Concat, [col("body"), val("x")])), "ok");
    assert_eq!(assigned("title", &col("views")), "mistyped");
    assert_eq!(assigned("at", &call(Func::Now, [])), "ok");
    assert_eq!(assigned("at", &(call(Func::Now, []) + call(Func::Days, [val(3)]))), "ok");
    assert_eq!(assigned("at", &col("made")), "mistyped");
    let noon = Timestamp::new(Date::new(2024, 2, 29).unwrap(), Time::new(12, 0, 0, 0).unwrap());
    assert_eq!(assigned("at", &call(Func::Coalesce, [call(Func::Now, []), val(noon)])), "ok");
    assert_eq!(assigned("made", &call(Func::Coalesce, [call(Func::Now, []), val(noon)])), "mistyped");
    assert_eq!(assigned("made", &call(Func::Coalesce, [col("made"), call(Func::Now, [])])), "ok");
    assert_eq!(assigned("live", &op(col("views"), Binary::Greater, val(1))), "ok");
    assert_eq!(assigned("live", &col("views")), "mistyped");
}

#[test]
fn casts_keep_the_value() {
    let cast = |expr: Expr<'static>, ty: Type| typed(&Expr::Cast(Box::new(expr), ty));
    assert_eq!(cast(col("small"), Type::INT64), "int64");
    assert_eq!(cast(col("views"), Type::INT32), "mistyped");
    assert_eq!(cast(col("views"), Type::DECIMAL), "decimal");
    assert_eq!(cast(col("small"), Type::Float64), "float64");
    assert_eq!(cast(col("views"), Type::Float64), "mistyped");
    assert_eq!(cast(col("score"), Type::DECIMAL), "mistyped");
    assert_eq!(cast(col("price"), Type::INT64), "mistyped");
    assert_eq!(cast(call(Func::Floor, [col("price")]), Type::INT64), "int64");
    assert_eq!(cast(col("views"), Type::TEXT), "text");
    assert_eq!(cast(col("title"), Type::INT64), "mistyped");
    assert_eq!(cast(col("day"), Type::TIMESTAMP), "timestamp");
    assert_eq!(cast(null(), Type::Bool), "bool");
    assert_eq!(cast(col("status"), Type::TEXT), "text");
}
