//! Checks that need no dialect and no case file.

use setwise::{Column, Decimal, Dialect, Options, Schema, Table, TableName, Type, Update, Value, compile};

/// The codes and messages of a keyed update of `n` without a schema.
fn refusal(values: [Value<'static>; 2]) -> String {
    let rows = values.into_iter().enumerate().map(|(id, value)| [Value::Int(i64::try_from(id).unwrap()), value]);
    let update = Update::table("t").key(["id"]).rows(["id", "n"], rows).build().unwrap();
    compile(&update, Dialect::mysql(), &Options::new()).map_or_else(|errors| errors.to_string(), |_| String::new())
}

#[test]
fn no_type_holds_a_negative_and_a_wide_unsigned_integer() {
    let wide = Value::UInt(u64::MAX);
    for values in [[Value::Int(-1), wide.clone()], [wide.clone(), Value::Int(-1)]] {
        let refused = refusal(values);
        assert!(refused.contains("out-of-range") || refused.contains("mixed-types"), "{refused}");
    }
    assert_eq!(refusal([Value::Int(1), wide]), "");
}

#[test]
fn an_unknown_version_or_touched_column_is_one_error() {
    let table = Table::new(TableName::new("t").unwrap()).column(Column::new("id", Type::INT64).unwrap());
    let table = table.column(Column::new("n", Type::INT64).unwrap()).primary_key(["id"]).unwrap();
    let schema = Schema::new().table(table);
    let codes = |version: &str, touched: &str, columns: [&str; 2]| {
        let update = Update::table("t").schema(&schema).key(["id"]).rows(columns, [[Value::Int(1), Value::Int(1)]]);
        let update = update.set("n", 1).version_column(version).touch([touched]).build().unwrap();
        let errors = compile(&update, Dialect::sqlite(), &Options::new()).unwrap_err();
        errors.iter().map(setwise::Error::code).collect::<Vec<_>>()
    };
    assert_eq!(codes("v", "seen", ["id", "v"]), ["unknown-column", "unknown-column"]);
    assert_eq!(codes("n", "seen", ["id", "n"]), ["unknown-column"]);
}

#[test]
fn a_key_of_another_kind_is_no_duplicate() {
    let zero = Value::Decimal(Decimal::parse("0").unwrap());
    for keys in [[zero.clone(), Value::from("x")], [Value::from("x"), zero]] {
        let rows = keys.map(|key| [key, Value::Int(1)]);
        let update = Update::table("t").key(["id"]).rows(["id", "n"], rows).build().unwrap();
        let errors = compile(&update, Dialect::sqlite(), &Options::new()).unwrap_err();
        let codes: Vec<_> = errors.iter().map(setwise::Error::code).collect();
        assert_eq!(codes, ["mixed-types"]);
    }
}
