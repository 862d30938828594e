//! setwise, unchunked, for PostgreSQL.

use std::sync::LazyLock;

use setwise::{
    Cell, Cells, Column, Decimal, Dialect, Ident, Options, Output, Schema, Strategy, Table, TableName, TimestampTz,
    Type, Update, Value, compile,
};

use crate::contestant::{Binds, Form};
use crate::data::{Data, Datum};

/// What is declared of the table, for a contestant that has a schema.
pub static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let columns = [
        ("id", Type::INT64),
        ("title", Type::TEXT),
        ("views", Type::INT64),
        ("price", Type::Decimal { precision: Some(12), scale: Some(2) }),
        ("changed", Type::TIMESTAMPTZ),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).expect("a column"));
    let table = Table::new(TableName::new("posts").expect("a name"));
    let table = columns.into_iter().fold(table, Table::column);
    Schema::new().table(table.primary_key(["id"]).expect("a key"))
});

/// The update that sets the columns to the data's values.
#[must_use]
pub fn update(data: &Data, declared: bool) -> Update<'_> {
    let columns = data.names().map(|name| Ident::new(name).expect("a name")).collect();
    let mut cells = Vec::with_capacity(data.rows.len() * (1 + data.assigned));
    for row in &data.rows {
        cells.push(Cell::from(row.key));
        cells.extend(row.values.iter().enumerate().map(|(column, datum)| Cell::Value(value(column, datum))));
    }
    let cells = Cells::new(columns, cells).expect("whole rows");
    let update = Update::table("posts").key(["id"]).cells(cells);
    let update = if declared { update.schema(&SCHEMA) } else { update };
    update.build().expect("a good update")
}

fn value(column: usize, datum: &Datum) -> Value<'_> {
    match (column, datum) {
        (_, Datum::Null) => Value::Null,
        (_, Datum::Int(int)) => Value::Int(*int),
        (_, Datum::Decimal(digits)) => Value::Decimal(Decimal::parse(digits.as_str()).expect("a decimal")),
        (3, Datum::Text(text)) => Value::TimestampTz(TimestampTz::parse(text).expect("an instant")),
        (_, Datum::Text(text)) => Value::from(text),
        (_, Datum::Array(_)) => panic!("there is no array in the data"),
    }
}

/// A value as the other contestants hold it.
pub(crate) fn datum(value: &Value<'_>) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::Int(int) => Datum::Int(*int),
        Value::Text(text) => Datum::Text(text.clone().into_owned()),
        Value::Json(json) => Datum::Text(json.as_str().to_owned()),
        Value::Decimal(decimal) => Datum::Decimal(decimal.to_string()),
        Value::TimestampTz(instant) => Datum::Text(instant.to_string()),
        Value::Array(array) => Datum::Array(array.items().iter().map(datum).collect()),
        other => panic!("there is no {} in the data", other.kind()),
    }
}

pub(crate) fn write(update: &Update<'_>, form: Form, show: &mut dyn FnMut(&str, Binds<'_>)) {
    let (strategy, output) = match form {
        Form::Values | Form::Declared => (Strategy::ValuesJoin, Output::Inline),
        Form::Case => (Strategy::Case, Output::Inline),
        Form::Binds => (Strategy::ValuesJoin, Output::Binds),
        Form::Arrays => (Strategy::ArrayJoin, Output::Binds),
        Form::Json => (Strategy::JsonJoin, Output::Binds),
    };
    let options = Options::new().strategy(strategy).output(output).chunk(0);
    let mut script = compile(update, Dialect::postgres(), &options).expect("a script");
    while let Some(step) = script.next() {
        let step = step.expect("a step");
        for binds in step.binds.iter() {
            show(step.text, if binds.is_empty() { Binds::None } else { Binds::Setwise(binds) });
        }
    }
}
