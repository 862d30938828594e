//! The model against examples worked out by hand, after `docs/expressions.md`.

mod model;

#[path = "model_self/updates.rs"]
mod updates;
#[path = "model_self/values.rs"]
mod values;

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
