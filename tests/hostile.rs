//! Documents and words that others took for SQL: here they are a value, or an error.

use setwise::read::{CsvOptions, csv, json};
use setwise::{
    Cell, Cells, Column, Dialect, Errors, Options, Output, Schema, Strategy, Table, TableName, Type, Update,
    UpdateBuilder, Value, compile, lang,
};

fn table(ty: &Type) -> Table {
    let table = Table::new(TableName::new("t").unwrap()).column(Column::new("id", Type::INT64).unwrap().not_null());
    table.column(Column::new("v", ty.clone()).unwrap()).primary_key(["id"]).unwrap()
}

fn codes(errors: &Errors) -> Vec<&'static str> {
    errors.iter().map(setwise::Error::code).collect()
}

/// The codes with which an update is refused for every dialect.
#[track_caller]
fn refused(update: UpdateBuilder<'_>) -> Vec<&'static str> {
    let of = |dialect: Dialect| {
        let compiled = update.clone().build().and_then(|update| compile(&update, dialect, &Options::new()).map(|_| ()));
        codes(&compiled.expect_err("an update that is refused"))
    };
    let all = Dialect::all().map(of);
    assert!(all.iter().all(|codes| *codes == all[0]), "{all:?}");
    all[0].clone()
}

fn only(cells: &Cells<'_>) -> Value<'static> {
    match cells.cells() {
        [_, Cell::Value(value)] => value.clone().into_owned(),
        other => panic!("{other:?}"),
    }
}

const FRAGMENTS: [&str; 12] = [
    "(select 1)",
    "(select password from users)",
    "1); drop table t; --",
    "v = v + 1",
    "now()",
    "views desc",
    "-id",
    "t.v",
    "v; --",
    "1 or 1=1",
    "x' or 'x'='x",
    "${v}",
];

/// T3: a piece of SQL as a field's name is no field, as a value it is that text.
#[test]
fn no_text_is_taken_for_sql() {
    let texts = table(&Type::TEXT);
    for fragment in FRAGMENTS {
        let name = format!(r#"[{{"id":1,{}:1}}]"#, serde_json::to_string(fragment).unwrap());
        assert_eq!(codes(&json(name.as_bytes(), Some(&texts)).unwrap_err()), ["unknown-field"], "{fragment}");
        let header = format!("id,\"{fragment}\"\n1,2\n");
        let errors = csv(header.as_bytes(), Some(&texts), &CsvOptions::new()).unwrap_err();
        assert_eq!(codes(&errors), ["unknown-field"], "{fragment}");
        let value = format!(r#"[{{"id":1,"v":{}}}]"#, serde_json::to_string(fragment).unwrap());
        assert_eq!(only(&json(value.as_bytes(), Some(&texts)).unwrap()), Value::from(fragment));
        let line = format!("id,v\n1,\"{fragment}\"\n");
        assert_eq!(only(&csv(line.as_bytes(), Some(&texts), &CsvOptions::new()).unwrap()), Value::from(fragment));
        let numbers = table(&Type::INT64);
        assert_eq!(codes(&json(value.as_bytes(), Some(&numbers)).unwrap_err()), ["wrong-type"], "{fragment}");
        let schema = Schema::new().table(texts.clone());
        let set = Update::table("t").schema(&schema).set(fragment, 1).all_rows();
        assert_eq!(refused(set), ["unknown-column"], "{fragment}");
    }
}

/// T4: objects and arrays where a value of another type is meant, as they made others set further columns.
#[test]
fn documents_are_no_scalars() {
    let shapes = [
        r#"{"id":2}"#,
        r#"{"v":1,"role":"admin"}"#,
        r#"{"toString":"x"}"#,
        r#"{"toSqlString":"now()"}"#,
        r#"{"$gt":""}"#,
        r#"{"$ne":null}"#,
        r#"{"raw":"(select 1)"}"#,
        r#"{"__proto__":{"v":1}}"#,
        r#"{}"#,
        r#"[]"#,
        r#"[["id",2]]"#,
        r#"[1,"or",1]"#,
    ];
    let types = [
        Type::Bool,
        Type::INT32,
        Type::INT64,
        Type::UInt { bits: 32 },
        Type::Float64,
        Type::Float32,
        Type::Decimal { precision: Some(5), scale: Some(2) },
        Type::TEXT,
        Type::Text { max: Some(100) },
        Type::Char { length: 100 },
        Type::BYTES,
        Type::Date,
        Type::TIME,
        Type::TIMESTAMP,
        Type::TIMESTAMPTZ,
        Type::Interval,
        Type::Uuid,
        Type::Enum { name: None, labels: vec!["a".into(), "".into()] },
    ];
    for shape in shapes {
        for ty in &types {
            let document = format!(r#"[{{"id":1,"v":{shape}}}]"#);
            let errors = json(document.as_bytes(), Some(&table(ty))).expect_err("a document for a scalar");
            assert_eq!(codes(&errors), ["wrong-type"], "{shape} for {ty}");
        }
        for ty in [Type::Json, Type::Jsonb] {
            let document = format!(r#"[{{"id":1,"v":{shape}}}]"#);
            let cells = json(document.as_bytes(), Some(&table(&ty))).unwrap();
            let Value::Json(kept) = only(&cells) else { panic!("{shape} for {ty}") };
            assert_eq!(kept.as_str(), shape);
        }
    }
}

/// T2: a word of the language that is none of its own is an error, and so is one with more behind it.
#[test]
fn words_come_from_closed_lists() {
    let rows = "set v = new.v rows (id, v) (1, 2)";
    let texts = [
        format!("update t by id on duplicate last; drop table t {rows}"),
        format!("update t by id on duplicate (select 1) {rows}"),
        format!("update t by id lock exclusive {rows}"),
        "update t set v = pg_sleep(1) where true".to_owned(),
        "update t set v = cast(1 as int4); drop table t".to_owned(),
        "update t set v = 1 xor 2 where true".to_owned(),
        "update t set v = raw('now()') where true".to_owned(),
    ];
    for text in texts {
        assert!(lang::parse(&text).is_err(), "{text}");
    }
    // a type of the engine's own is a name, in quotes
    let schema = Schema::new().table(table(&Type::Named(setwise::Ident::new("int); drop table t; --").unwrap())));
    let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "v"], [(1, "x"), (2, "y")]);
    let update = update.build().unwrap();
    let options = Options::new().strategy(Strategy::ValuesJoin).output(Output::Inline);
    let mut script = compile(&update, Dialect::postgres(), &options).unwrap();
    let text = script.next().unwrap().unwrap().text.to_owned();
    assert!(text.contains(r#"CAST('x' AS "int); drop table t; --")"#), "{text}");
}

/// T23: an update that says too little is an error of its own, and no statement is cut short.
#[test]
fn an_update_must_say_what_it_sets_and_where() {
    let schema = Schema::new().table(table(&Type::INT64));
    assert!(TableName::new("").is_err());
    assert_eq!(refused(Update::table("t").schema(&schema).all_rows()), ["nothing-set"]);
    assert_eq!(refused(Update::table("t").schema(&schema).set("v", 1)), ["no-rows"]);
    assert_eq!(refused(Update::table("t").schema(&schema).key(["id"]).rows(["id"], [(1,)])), ["nothing-set"]);
}
