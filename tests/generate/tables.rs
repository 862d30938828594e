//! Random tables.

use setwise::{Collation, Column, Date, Ident, Table, TableName, Type, Value};

use super::caps::{Caps, Extra};
use super::choices::Choices;
use super::names::name;

/// A table, and the columns by which rows are found.
pub fn table(caps: &'static Caps, choices: &mut Choices<'_>) -> (Table, Vec<Ident>) {
    // MySQL keeps a table in a file whose name spells out each hostile character.
    let table_name = name(caps, choices, "t", 0).as_str().chars().take(30).collect::<String>();
    let table_name = if table_name.ends_with(' ') { table_name + "z" } else { table_name };
    let mut table = Table::new(TableName::new(table_name).expect("a name"));
    let has_own_id = choices.chance(15);
    if has_own_id {
        table = table.column(Column::new(name(caps, choices, "id", 1), Type::INT64).expect("a name"));
    }
    let mut key = Vec::new();
    for index in 0..*choices.pick(&[1, 1, 1, 2, 2, 3]) {
        let (name, ty) = (name(caps, choices, "k", 2 + index), key_type(caps, choices));
        key.push(name.clone());
        let column = Column::new(name, ty).expect("a name");
        let is_folding = matches!(column.ty(), Type::Text { .. }) && choices.chance(40);
        table = table.column(match is_folding {
            true => column.collate(Collation::named(Ident::new(caps.folding_collation).expect("a name"))),
            false => collated(caps, column, true),
        });
    }
    for index in 0..1 + choices.below(6) {
        let column = Column::new(name(caps, choices, "c", 5 + index), value_type(caps, choices)).expect("a name");
        let binary = choices.chance(50);
        let column = collated(caps, column, binary);
        let column = if choices.chance(25) { column.not_null() } else { column };
        table = table.column(if choices.chance(60) { with_default(caps, choices, column) } else { column });
    }
    let primary = match has_own_id {
        true => vec![table.columns()[0].name().clone()],
        false => key.clone(),
    };
    (table.primary_key(primary).expect("its own columns"), key)
}

pub(super) fn collated(caps: &Caps, column: Column, binary: bool) -> Column {
    match (caps.binary_collation, column.ty()) {
        (Some(collation), Type::Text { .. }) if binary => {
            column.collate(Collation::named(Ident::new(collation).expect("a name")))
        }
        _ => column,
    }
}

/// The column with a default, of the kinds that every engine lets one declare for it.
fn with_default(caps: &Caps, choices: &mut Choices<'_>, column: Column) -> Column {
    let is_long = matches!(column.ty(), Type::Text { max: None }) && !caps.extra.contains(&Extra::Array);
    match column.ty() {
        Type::Int { .. } | Type::UInt { .. } => column.default_value(Value::Int(choices.below(100) as i64)),
        Type::Bool => column.default_value(Value::Bool(choices.chance(50))),
        Type::Text { .. } if !is_long => column.default_value(Value::from(*choices.pick(&["", "it's", "x"]))),
        Type::Date => column.default_value(Value::Date(Date::parse("2024-02-29").expect("a day"))),
        _ => column,
    }
}

fn key_type(caps: &Caps, choices: &mut Choices<'_>) -> Type {
    let types = [
        Type::INT64,
        Type::INT32,
        Type::Int { bits: 16 },
        Type::Int { bits: 8 },
        Type::UInt { bits: 32 },
        Type::UInt { bits: 64 },
        Type::Text { max: Some(20) },
        Type::Date,
        Type::Uuid,
        Type::TIMESTAMP,
        Type::Decimal { precision: Some(12), scale: Some(2) },
    ];
    let decimals = caps.decimal_arithmetic;
    let fits = |ty: &&Type| caps.holds(ty) && (decimals || !matches!(ty, Type::Decimal { .. }));
    let types: Vec<&Type> = types.iter().filter(fits).collect();
    // Integers are the usual keys.
    match choices.chance(50) {
        true => (*choices.pick(&types)).clone(),
        false => types[choices.below(2)].clone(),
    }
}

pub(super) fn value_type(caps: &Caps, choices: &mut Choices<'_>) -> Type {
    let decimal = |precision, scale| Type::Decimal { precision: Some(precision), scale: Some(scale) };
    let labels = ["red", "Green", "it's", "blå", "x\\y"].map(Into::into).to_vec();
    let mood = (caps.name == "postgres").then(|| Ident::new("mood").expect("a name"));
    let types = [
        Type::INT64,
        Type::TEXT,
        Type::Int { bits: 8 },
        Type::Int { bits: 16 },
        Type::Int { bits: 24 },
        Type::INT32,
        Type::UInt { bits: 8 },
        Type::UInt { bits: 16 },
        Type::UInt { bits: 32 },
        Type::UInt { bits: 64 },
        Type::Text { max: Some(40) },
        Type::Text { max: Some(5) },
        Type::Char { length: 6 },
        Type::Bool,
        Type::Float64,
        Type::Float64,
        Type::Float32,
        decimal(10, 2),
        decimal(15, 6),
        decimal(5, 0),
        decimal(caps.decimal.0, caps.decimal.1.min(caps.decimal.0)),
        Type::DECIMAL,
        Type::BYTES,
        Type::Bytes { max: Some(8) },
        Type::Date,
        Type::TIME,
        Type::Time { digits: 0 },
        Type::TIMESTAMP,
        Type::Timestamp { digits: 0 },
        Type::Timestamp { digits: 3 },
        Type::TIMESTAMPTZ,
        Type::TimestampTz { digits: 0 },
        Type::Interval,
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        Type::Enum { name: mood, labels },
        Type::array(Type::INT32).unwrap(),
        Type::array(Type::TEXT).unwrap(),
    ];
    let types: Vec<&Type> = types.iter().filter(|ty| caps.holds(ty)).collect();
    (*choices.pick(&types)).clone()
}
