//! What updates do to tables.

use super::*;

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
    fails("b", op(Binary::IsDistinct, overflow(), col("x")), undecided);
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
fn incoming_values_for_other_columns_may_fail_later() {
    let data = data();
    let rows = |id: i64, s: &'static str| {
        let update = Update::table("t").key(["id"]).rows(["id", "s"], [(id, s)]).set("s5", new("s")).build().unwrap();
        apply(&update, &data, now()).map(|after| after != data)
    };
    assert_eq!(rows(1, "short"), Ok(true));
    assert_eq!(rows(1, "longer"), Err(Class::OutOfRange.into()));
    assert!(rows(9, "longer").is_err_and(|error| error.is_engine_dependent()));
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
