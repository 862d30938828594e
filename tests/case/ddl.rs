//! `CREATE TABLE` and `INSERT` for a table of a case, written by hand for each engine and sharing nothing with the
//! library's own knowledge of types.

use setwise::{Column, Dialect, Ident, Table, Type, Value};

/// The collation under which an engine compares texts by every character.
pub fn exact_collation(dialect: Dialect) -> &'static str {
    match dialect.name() {
        "postgres" => "C",
        "mysql" => "utf8mb4_0900_bin",
        "mariadb" => "utf8mb4_nopad_bin",
        "sqlite" => "BINARY",
        other => panic!("no collation for {other}"),
    }
}

/// A collation to which the cases of a letter are one, and nothing else that is ASCII but spaces at the end.
pub fn folding_collation(dialect: Dialect) -> &'static str {
    match dialect.name() {
        "postgres" => "folding",
        "mysql" => "utf8mb4_0900_ai_ci",
        "mariadb" => "utf8mb4_general_ci",
        "sqlite" => "NOCASE",
        other => panic!("no collation for {other}"),
    }
}

fn is_family(dialect: Dialect) -> bool {
    matches!(dialect.name(), "mysql" | "mariadb")
}

fn quote(name: &Ident, dialect: Dialect) -> String {
    let quote = if is_family(dialect) { "`" } else { "\"" };
    format!("{quote}{}{quote}", name.as_str().replace(quote, &quote.repeat(2)))
}

/// The statements that create a table, types of its enums first; none where the engine has no such table.
pub fn create(table: &Table, dialect: Dialect) -> Option<Vec<String>> {
    let mut statements = Vec::new();
    let mut parts = Vec::new();
    for column in table.columns() {
        if column.collation().is_some_and(|named| named.name().as_str() == "folding") {
            let options = "provider = icu, locale = 'und-u-ks-level2', deterministic = false";
            let create = format!("CREATE COLLATION \"folding\" ({options})");
            if !statements.contains(&create) {
                statements.push(create);
            }
        }
        if let (Type::Enum { name: Some(name), labels }, "postgres") = (column.ty(), dialect.name()) {
            let create = format!("CREATE TYPE {} AS ENUM ({})", quote(name, dialect), list_labels(labels, dialect));
            if !statements.contains(&create) {
                statements.push(create);
            }
        }
        parts.push(define(column, table, dialect)?);
    }
    let list = |columns: &[Ident]| columns.iter().map(|name| quote(name, dialect)).collect::<Vec<_>>().join(", ");
    if !table.key().is_empty() {
        parts.push(format!("PRIMARY KEY ({})", list(table.key())));
    }
    // names of their own, for those of columns may be more than an index takes
    parts.extend(table.uniques().iter().enumerate().map(|(number, unique)| {
        let columns = list(unique.columns());
        match unique.deferrable() {
            Some(name) if dialect.name() == "postgres" => {
                format!("CONSTRAINT {} UNIQUE ({columns}) DEFERRABLE", quote(name, dialect))
            }
            // PostgreSQL has one space of names for the indexes of all tables
            _ => format!("CONSTRAINT unique_{number}_{} UNIQUE ({columns})", tag(table)),
        }
    }));
    statements.push(format!("CREATE TABLE {} ({})", quote(table.name().name(), dialect), parts.join(", ")));
    Some(statements)
}

/// A number that tells the tables of a case apart.
fn tag(table: &Table) -> u32 {
    let name = table.name().name().as_str();
    name.bytes().fold(7, |tag: u32, byte| tag.wrapping_mul(31).wrapping_add(byte.into()))
}

/// The statement that inserts a row, one placeholder for each column.
pub fn insert(table: &Table, dialect: Dialect, placeholder: impl Fn(usize) -> String) -> String {
    let writable = table.columns().iter().filter(|column| !column.is_generated());
    let columns: Vec<String> = writable.map(|column| quote(column.name(), dialect)).collect();
    let places: Vec<String> = (1..=columns.len()).map(placeholder).collect();
    let name = quote(table.name().name(), dialect);
    format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), places.join(", "))
}

/// Labels as literals; the MySQL family takes backslashes for escapes.
fn list_labels(labels: &[Box<str>], dialect: Dialect) -> String {
    let escape = if is_family(dialect) { "\\\\" } else { "\\" };
    let literal = |label: &str| format!("'{}'", label.replace('\'', "''").replace('\\', escape));
    labels.iter().map(|label| literal(label)).collect::<Vec<_>>().join(", ")
}

fn define(column: &Column, table: &Table, dialect: Dialect) -> Option<String> {
    let mut indexed = table.uniques().iter().flat_map(|unique| unique.columns()).chain(table.key());
    let name = match column.ty() {
        // others have neither an index nor a default there
        Type::Text { max: None }
            if is_family(dialect) && (column.default().is_some() || indexed.any(|name| name == column.name())) =>
        {
            "varchar(700)".into()
        }
        ty => type_name(ty, dialect)?,
    };
    let mut text = format!("{} {name}", quote(column.name(), dialect));
    if let Some(collation) = column.collation() {
        let name = collation.name().as_str();
        text += &if dialect.name() == "postgres" { format!(" COLLATE \"{name}\"") } else { format!(" COLLATE {name}") };
    }
    text += if column.is_nullable() { " NULL" } else { " NOT NULL" };
    if let Some(default) = column.default() {
        text += &format!(" DEFAULT {}", literal(default, dialect));
    }
    Some(text)
}

/// A default, of the few kinds that cases have.
fn literal(value: &Value<'_>, dialect: Dialect) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Int(v) => v.to_string(),
        Value::Decimal(v) => v.to_string(),
        Value::Bool(v) if dialect.name() == "postgres" => v.to_string(),
        Value::Bool(v) => u8::from(*v).to_string(),
        Value::Text(v) if !v.contains(['\\', '\0']) => format!("'{}'", v.replace('\'', "''")),
        Value::Date(v) => format!("'{v}'"),
        other => panic!("no default {other:?} in a case"),
    }
}

fn type_name(ty: &Type, dialect: Dialect) -> Option<String> {
    let name = dialect.name();
    let family = is_family(dialect);
    let digits = |word: &str, digits: u8| if name == "sqlite" { word.to_owned() } else { format!("{word}({digits})") };
    Some(match ty {
        Type::Bool if family => "tinyint(1)".into(),
        Type::Bool => "boolean".into(),
        Type::Int { .. } if name == "sqlite" => "integer".into(),
        Type::UInt { .. } if name == "sqlite" => "integer".into(),
        Type::Int { bits: 8 } if family => "tinyint".into(),
        Type::Int { bits: 24 } if family => "mediumint".into(),
        Type::Int { bits: 8 | 16 } => "smallint".into(),
        Type::Int { bits: 24 | 32 } => "int".into(),
        Type::Int { .. } => "bigint".into(),
        Type::UInt { bits } if family => format!("{} unsigned", type_name(&Type::Int { bits: *bits }, dialect)?),
        Type::UInt { bits: 8 } => "smallint".into(),
        Type::UInt { bits: 16 | 24 } => "int".into(),
        Type::UInt { bits: 32 } => "bigint".into(),
        Type::UInt { .. } => return None,
        Type::Float32 if family => "float".into(),
        Type::Float32 => "real".into(),
        Type::Float64 if family => "double".into(),
        Type::Float64 => "double precision".into(),
        Type::Decimal { precision: None, .. } if family => "decimal(65,20)".into(),
        Type::Decimal { precision: None, .. } => "numeric".into(),
        Type::Decimal { precision: Some(precision), scale } => format!("decimal({precision},{})", scale.unwrap_or(0)),
        Type::Text { max: None } => "text".into(),
        Type::Text { max: Some(max) } => format!("varchar({max})"),
        Type::Char { length } => format!("char({length})"),
        Type::Bytes { max } => match name {
            "postgres" => "bytea".into(),
            "sqlite" => "blob".into(),
            _ => format!("varbinary({})", max.unwrap_or(700)),
        },
        Type::Date => "date".into(),
        Type::Time { digits: d } => digits("time", *d),
        Type::Timestamp { digits: d } if family => digits("datetime", *d),
        Type::Timestamp { digits: d } => digits("timestamp", *d),
        Type::TimestampTz { digits: d } if family => digits("timestamp", *d),
        Type::TimestampTz { digits: d } => digits("timestamptz", *d),
        Type::Interval if name == "postgres" => "interval".into(),
        Type::Uuid if name != "mysql" => "uuid".into(),
        Type::Json => "json".into(),
        Type::Jsonb => if name == "postgres" { "jsonb" } else { "json" }.into(),
        Type::Enum { name: Some(own), .. } if name == "postgres" => quote(own, dialect),
        Type::Enum { labels, .. } if family => format!("enum({})", list_labels(labels, dialect)),
        Type::Enum { .. } => "text".into(),
        Type::Array(element) if name == "postgres" => format!("{}[]", type_name(element, dialect)?),
        Type::Named(own) if name == "postgres" => own.as_str().to_owned(),
        _ => return None,
    })
}
