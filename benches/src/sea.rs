//! sea-query. It cannot name the columns of the joined rows nor cast inside them, so it casts where they are read.

use sea_query::{
    ArrayType, CaseStatement, Expr, ExprTrait, Func, IntoIden, PostgresQueryBuilder, Query, TableRef, UpdateStatement,
    Value, ValueTuple, Values,
};

use crate::contestant::Form;
use crate::data::{COLUMNS, Data, Datum};

const READ: [&str; 5] = ["column1", "column2", "column3", "column4", "column5"];

pub(crate) fn write(data: &Data, form: Form) -> (String, Values) {
    match form {
        Form::Values => (joined(data).to_string(PostgresQueryBuilder), Values(Vec::new())),
        Form::Case => (write_case(data), Values(Vec::new())),
        Form::Binds => joined(data).build(PostgresQueryBuilder),
        Form::Arrays => unnested(data).build(PostgresQueryBuilder),
        Form::Declared | Form::Json => panic!("not one that sea-query writes"),
    }
}

fn write_case(data: &Data) -> String {
    let mut update = Query::update();
    update.table("posts");
    for (column, (name, _)) in COLUMNS.iter().skip(1).take(data.assigned).enumerate() {
        let mut case = CaseStatement::new();
        for row in &data.rows {
            case = case.case(Expr::col("id").eq(row.key), value(column, &row.values[column]));
        }
        update.value(*name, case.finally(Expr::col(*name)));
    }
    update.and_where(Expr::col("id").is_in(data.rows.iter().map(|row| row.key)));
    update.to_string(PostgresQueryBuilder)
}

fn joined(data: &Data) -> UpdateStatement {
    let tuples = data.rows.iter().map(|row| {
        let mut values = row.values.iter().enumerate().map(|(column, datum)| value(column, datum));
        match (data.assigned, values.next()) {
            (1, Some(only)) => ValueTuple::Two(row.key.into(), only),
            (_, first) => {
                let mut tuple = Vec::with_capacity(1 + row.values.len());
                tuple.push(row.key.into());
                tuple.extend(first);
                tuple.extend(values);
                ValueTuple::Many(tuple)
            }
        }
    });
    let mut update = Query::update();
    update.table("posts").from(TableRef::ValuesList(tuples.collect(), "v".into_iden()));
    for (read, (name, ty)) in READ.iter().zip(COLUMNS).skip(1).take(data.assigned) {
        let read = Expr::col(("v", *read));
        update.value(name, if ty == "text" { read } else { read.cast_as(ty) });
    }
    update.and_where(Expr::col(("posts", "id")).equals(("v", "column1")));
    update
}

/// Arrays, which it cannot name the columns of either: each comes apart in the list of a query.
fn unnested(data: &Data) -> UpdateStatement {
    let mut rows = Query::select();
    let mut add = |name: &'static str, ty, values: Vec<Value>| {
        let array = Value::Array(ty, Some(Box::new(values)));
        rows.expr_as(Func::cust("unnest").arg(Expr::val(array)), name);
    };
    add("id", ArrayType::BigInt, data.rows.iter().map(|row| row.key.into()).collect());
    for (column, (name, _)) in COLUMNS.iter().skip(1).take(data.assigned).enumerate() {
        let ty = if column == 1 { ArrayType::BigInt } else { ArrayType::String };
        add(name, ty, data.rows.iter().map(|row| value(column, &row.values[column])).collect());
    }
    let mut update = Query::update();
    update.table("posts").from(TableRef::SubQuery(Box::new(rows), "v".into_iden()));
    for (name, ty) in COLUMNS.iter().skip(1).take(data.assigned) {
        let read = Expr::col(("v", *name));
        update.value(*name, if *ty == "text" { read } else { read.cast_as(*ty) });
    }
    update.and_where(Expr::col(("posts", "id")).equals(("v", "id")));
    update
}

/// A value, which sea-query owns.
fn value(column: usize, datum: &Datum) -> Value {
    match datum {
        Datum::Null if column == 1 => Value::BigInt(None),
        Datum::Null => Value::String(None),
        Datum::Int(int) => Value::BigInt(Some(*int)),
        Datum::Text(text) | Datum::Decimal(text) => Value::String(Some(text.clone())),
        Datum::Array(_) => panic!("there is no array in the data"),
    }
}

/// A value as the other contestants hold it.
pub(crate) fn datum(value: &Value) -> Datum {
    match value {
        Value::BigInt(None) | Value::String(None) => Datum::Null,
        Value::BigInt(Some(int)) => Datum::Int(*int),
        Value::String(Some(text)) => Datum::Text(text.clone()),
        Value::Array(_, Some(values)) => Datum::Array(values.iter().map(datum).collect()),
        other => panic!("there is no {other:?} in the data"),
    }
}
