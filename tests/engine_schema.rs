//! Schemas as the engines see them: each `engine.sql` of `tests/cases/schema` is executed, and the engine's own
//! catalogue of its columns and keys compared with what `Schema::from_sql` reads.

mod engine;

use engine::Engine;
use setwise::{Column, Ident, Schema, Table, TableName, Type, Value};

/// What makes the tables `seen_columns` and `seen_keys`, all text, on each engine.
const CATALOGUES: [(&str, &str); 4] = [
    (
        "sqlite",
        "CREATE TABLE seen_columns AS SELECT m.name || '.' || x.name AS name, lower(x.type) AS type,
            iif(x.\"notnull\" OR x.pk, 'NO', 'YES') AS nullable, iif(x.hidden > 1, 'YES', 'NO') AS generated,
            NULL AS length, NULL AS digits, NULL AS scale, NULL AS fraction, NULL AS collation
            FROM sqlite_master m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'seen%';
         CREATE TABLE seen_keys AS SELECT m.name || '(' || (SELECT group_concat(name, ',') FROM
            (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' AS name
            FROM sqlite_master m, pragma_index_list(m.name) i WHERE i.\"unique\" AND NOT i.partial AND m.type = 'table'
            AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) WHERE name IS NULL)
            UNION SELECT m.name || '(' || x.name || ')' FROM sqlite_master m, pragma_table_xinfo(m.name) x
            WHERE x.pk AND m.type = 'table' AND (SELECT count(*) FROM pragma_table_xinfo(m.name) WHERE pk) = 1",
    ),
    (
        "postgres",
        "CREATE TABLE seen_columns AS SELECT table_name || '.' || column_name AS name,
            data_type || CASE data_type WHEN 'ARRAY' THEN ' ' || udt_name ELSE '' END AS type, is_nullable::text AS nullable,
            CASE WHEN is_generated = 'ALWAYS' OR identity_generation = 'ALWAYS' THEN 'YES' ELSE 'NO' END AS generated,
            character_maximum_length::text AS length, numeric_precision::text AS digits, numeric_scale::text AS scale,
            datetime_precision::text AS fraction, collation_name::text AS collation
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'seen%';
         CREATE TABLE seen_keys AS SELECT t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.at)
            FROM unnest(i.indkey::int[]) WITH ORDINALITY k(number, at) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
            WHERE k.at <= i.indnkeyatts) || ')' AS name
            FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
            WHERE n.nspname = 'public' AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL",
    ),
    ("mysql", MYSQL),
    ("mariadb", MYSQL),
];

const MYSQL: &str = "CREATE TABLE seen_columns AS SELECT concat(table_name, '.', column_name) AS name, column_type AS type,
        is_nullable AS nullable, if(coalesce(generation_expression, '') = '', 'NO', 'YES') AS `generated`,
        concat(character_maximum_length) AS length, concat(numeric_precision) AS digits, concat(numeric_scale) AS scale,
        concat(datetime_precision) AS fraction, collation_name AS collation
        FROM information_schema.columns WHERE table_schema = database() AND table_name NOT LIKE 'seen%';
     CREATE TABLE seen_keys AS SELECT concat(table_name, '(', group_concat(column_name ORDER BY seq_in_index), ')') AS name
        FROM information_schema.statistics WHERE table_schema = database() AND non_unique = 0
        GROUP BY table_name, index_name HAVING count(column_name) = count(*)";

/// The kind of type that an engine's own name for it means; the longest matching beginning counts.
const KINDS: &[(&str, &str, &str)] = &[
    ("postgres", "smallint", "int16"),
    ("postgres", "integer", "int32"),
    ("postgres", "bigint", "int64"),
    ("postgres", "numeric", "decimal"),
    ("postgres", "real", "float32"),
    ("postgres", "double precision", "float64"),
    ("postgres", "boolean", "bool"),
    ("postgres", "text", "text"),
    ("postgres", "character varying", "text"),
    ("postgres", "character", "char"),
    ("postgres", "bytea", "bytes"),
    ("postgres", "date", "date"),
    ("postgres", "time without", "time"),
    ("postgres", "time with", "timetz"),
    ("postgres", "timestamp without", "timestamp"),
    ("postgres", "timestamp with", "timestamptz"),
    ("postgres", "interval", "interval"),
    ("postgres", "uuid", "uuid"),
    ("postgres", "json", "json"),
    ("postgres", "jsonb", "jsonb"),
    ("postgres", "inet", "inet"),
    ("postgres", "bit varying", "varbit"),
    ("postgres", "ARRAY _int4", "int32[]"),
    ("postgres", "ARRAY _text", "text[]"),
    ("postgres", "USER-DEFINED", "mood"),
    ("mysql", "tinyint(1)", "bool"),
    ("mysql", "tinyint unsigned", "uint8"),
    ("mysql", "tinyint(3) unsigned", "uint8"),
    ("mysql", "smallint", "int16"),
    ("mysql", "mediumint", "int24"),
    ("mysql", "int", "int32"),
    ("mysql", "int unsigned", "uint32"),
    ("mysql", "int(10) unsigned", "uint32"),
    ("mysql", "bigint unsigned", "uint64"),
    ("mysql", "bigint(20) unsigned", "uint64"),
    ("mysql", "decimal", "decimal"),
    ("mysql", "float", "float32"),
    ("mysql", "double", "float64"),
    ("mysql", "varchar", "text"),
    ("mysql", "text", "text"),
    ("mysql", "char", "char"),
    ("mysql", "varbinary", "bytes"),
    ("mysql", "blob", "bytes"),
    ("mysql", "date", "date"),
    ("mysql", "time", "time"),
    ("mysql", "datetime", "timestamp"),
    ("mysql", "timestamp", "timestamptz"),
    ("mysql", "enum", "enum"),
    ("mysql", "json", "jsonb"),
    // MariaDB's JSON is text with a check.
    ("mysql", "longtext", "json"),
    ("mysql", "uuid", "uuid"),
    ("mysql", "inet6", "inet6"),
];

fn texts(engine: &mut dyn Engine, table: &str, columns: &[&str]) -> Vec<Vec<Option<String>>> {
    let mut wanted = Table::new(TableName::new(table).unwrap());
    for column in columns {
        wanted = wanted.column(Column::new(*column, Type::TEXT).unwrap());
    }
    let text = |value: Value<'static>| match value {
        Value::Null => None,
        Value::Text(text) => Some(text.into_owned()),
        other => panic!("{other:?}"),
    };
    let rows = engine.read_table(&wanted).unwrap();
    rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect()
}

/// What a type says of sizes: length, digits, scale and digits of a fraction.
fn sizes(ty: &Type) -> [Option<String>; 4] {
    let mut sizes = [const { None }; 4];
    match ty {
        Type::Text { max } | Type::Bytes { max } => sizes[0] = max.map(|max| max.to_string()),
        Type::Char { length } => sizes[0] = Some(length.to_string()),
        Type::Decimal { precision, scale } => {
            sizes[1] = precision.map(|precision| precision.to_string());
            sizes[2] = scale.map(|scale| scale.to_string());
        }
        Type::Time { digits } | Type::Timestamp { digits } | Type::TimestampTz { digits } => {
            sizes[3] = Some(digits.to_string());
        }
        _ => {}
    }
    sizes
}

fn kind(ty: &Type) -> String {
    let shown = ty.to_string();
    // PostgreSQL keeps no count of dimensions.
    shown.split('(').next().unwrap().replace("[][]", "[]")
}

fn compare_column(engine: &str, table: &Table, column: &Column, seen: &[Option<String>]) {
    let name = format!("{engine}: {}.{}", table.name(), column.name());
    let [_, ty, nullable, generated, found @ ..] = seen else { panic!("{seen:?}") };
    assert_eq!(nullable.as_deref() == Some("YES"), column.is_nullable(), "{name} is nullable");
    assert_eq!(generated.as_deref() == Some("YES"), column.is_generated(), "{name} is generated");
    for (ours, theirs) in sizes(column.ty()).iter().zip(found) {
        // SQLite has no sizes, only the words of the type.
        assert!(ours.is_none() || ours == theirs || engine == "sqlite", "{name}: {ours:?} is {theirs:?}");
    }
    if let Some(collation) = column.collation().filter(|_| engine != "sqlite") {
        assert_eq!(Some(collation.name().as_str()), found[4].as_deref(), "{name}");
    }
    let family = if engine == "mariadb" { "mysql" } else { engine };
    let ty = ty.as_deref().unwrap();
    let known = KINDS.iter().filter(|(engine, begins, _)| *engine == family && ty.starts_with(begins));
    if let Some((_, _, known)) = known.max_by_key(|(_, begins, _)| begins.len()) {
        // The catalogue shows a domain as its base type.
        let is_domain = matches!(column.ty(), Type::Named(name) if name.as_str() == "positive");
        assert!(is_domain || kind(column.ty()) == *known, "{name}: {} is {ty}", column.ty());
    } else {
        assert_eq!(engine, "sqlite", "{name}: no kind is known for {ty}");
    }
}

#[test]
fn engines_see_the_same_columns_and_keys() {
    for (name, catalogue) in CATALOGUES {
        let Some(mut engine) = engine::connect(name) else { continue };
        for file in if name == "sqlite" { ["keys", "types"].as_slice() } else { &["engine"] } {
            engine.reset().unwrap();
            compare(&mut *engine, file, catalogue);
        }
    }
}

fn compare(engine: &mut dyn Engine, file: &str, catalogue: &str) {
    let name = engine.name();
    let path = format!("{}/tests/cases/schema/{name}/{file}.sql", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let schema = Schema::from_sql(&text, engine.dialect()).unwrap().schema;
    engine.execute(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    engine.execute(catalogue).unwrap_or_else(|error| panic!("{name}: {error}"));
    // The tables behind SQLite's virtual one are not declared in the text.
    let is_ours = |name: &str| !name.starts_with("search");

    let names = ["name", "type", "nullable", "generated", "length", "digits", "scale", "fraction", "collation"];
    let mut seen = texts(engine, "seen_columns", &names);
    seen.retain(|row| is_ours(row[0].as_deref().unwrap()));
    let mut compared = 0;
    for table in schema.tables() {
        for column in table.columns() {
            let wanted = format!("{}.{}", table.name().name(), column.name());
            let found = seen.iter().find(|row| row[0].as_deref() == Some(&wanted));
            compare_column(name, table, column, found.unwrap_or_else(|| panic!("{name}: no {wanted} in {seen:?}")));
            compared += 1;
        }
    }
    assert_eq!(compared, seen.len(), "{name}: {seen:?}");
    assert!(compared > 5, "{name}");

    let mut theirs: Vec<_> = texts(engine, "seen_keys", &["name"]).into_iter().flatten().flatten().collect();
    theirs.retain(|key| is_ours(key));
    let mut ours: Vec<_> = schema.tables().iter().flat_map(keys).collect();
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs, "{name}");
}

/// The primary key and the uniques, as `table(columns)`.
fn keys(table: &Table) -> Vec<String> {
    let show = |columns: &[Ident]| {
        let columns: Vec<_> = columns.iter().map(Ident::as_str).collect();
        format!("{}({})", table.name().name(), columns.join(","))
    };
    let uniques = table.uniques().iter().map(|unique| show(unique.columns()));
    std::iter::once(table.key()).filter(|key| !key.is_empty()).map(show).chain(uniques).collect()
}
