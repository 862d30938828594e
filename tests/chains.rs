//! Tables that extend others, where the database has what cases do not declare: foreign keys, and columns that it computes.
#![allow(dead_code, reason = "the modules are shared with other test programs")]

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use engine::{Engine, Row};
use setwise::{Column, Dialect, Options, Output, Schema, Table, TableName, Type, Update, Value, compile, lang};

/// The statements that every engine takes, from the table that extends no other.
const TABLES: [&str; 6] = [
    "CREATE TABLE person (id bigint NOT NULL PRIMARY KEY, points int)",
    "CREATE TABLE customer (person_id bigint NOT NULL PRIMARY KEY, credits int, \
     FOREIGN KEY (person_id) REFERENCES person (id))",
    "CREATE TABLE vip (customer_id bigint NOT NULL PRIMARY KEY, gifts int, \
     FOREIGN KEY (customer_id) REFERENCES customer (person_id))",
    "INSERT INTO person VALUES (1, 10), (2, 20)",
    "INSERT INTO customer VALUES (1, 11), (2, 21)",
    "INSERT INTO vip VALUES (1, 12)",
];

fn tables() -> [Table; 3] {
    let table = |name: &str, key: &str, column: &str| {
        let table = Table::new(TableName::new(name).unwrap()).column(Column::new(key, Type::INT64).unwrap().not_null());
        table.column(Column::new(column, Type::INT32).unwrap()).primary_key([key]).unwrap()
    };
    [
        table("person", "id", "points"),
        table("customer", "person_id", "credits").extends_by("person", ["id"]).unwrap(),
        table("vip", "customer_id", "gifts").extends_by("customer", ["person_id"]).unwrap(),
    ]
}

/// The keys of a table, each with what its other column has.
type Pairs<'p> = &'p [(i64, Option<i64>)];

/// Runs an update by every means; what the tables then have is `expected`, or the script fails and they are as before.
fn run(engine: &mut dyn Engine, update: &Update<'_>, expected: Option<[Pairs<'_>; 3]>) {
    let read = |engine: &mut dyn Engine| tables().map(|table| engine.read_table(&table).unwrap());
    let row = |(key, value): &(i64, Option<i64>)| vec![Value::Int(*key), value.map_or(Value::Null, Value::Int)];
    let before = read(engine);
    for means in run::all_means(engine.dialect()) {
        let options = Options::new().strategy(means.strategy).output(means.output).chunk(means.chunk);
        let mut script = compile(update, engine.dialect(), &options).unwrap();
        engine.execute("BEGIN").unwrap();
        let ran = run::run_steps(engine, &mut script, means.output, &mut String::new());
        match expected {
            Some(expected) => {
                ran.unwrap_or_else(|failed| panic!("{} by {means}: {failed}", engine.label()));
                let expected = expected.map(|rows| rows.iter().map(row).collect::<Vec<Row>>());
                assert_eq!(read(engine), expected, "{} by {means}", engine.label());
            }
            None => {
                let failed = ran.expect_err("a half-missing key");
                assert!(means.output.is_for_client() || failed.code == "check", "{} by {means}", engine.label());
            }
        }
        engine.execute("ROLLBACK").unwrap();
        assert_eq!(read(engine), before, "{} by {means}", engine.label());
    }
}

#[test]
fn missing_rows_are_inserted_where_foreign_keys_hold() {
    let schema = tables().into_iter().fold(Schema::new(), Schema::table);
    let update = |rows: [(i64, i64); 3]| {
        let update = Update::table("vip").schema(&schema).key(["customer_id"]);
        update.on_missing(setwise::OnMissing::Insert).rows(["customer_id", "points"], rows).build().unwrap()
    };
    for mut engine in engine::names().filter_map(engine::connect) {
        let engine = &mut *engine;
        engine.reset().unwrap();
        if engine.name() == "sqlite" {
            engine.execute("PRAGMA foreign_keys = ON").unwrap();
        }
        for statement in TABLES {
            engine.execute(statement).unwrap();
        }
        let inserted: [Pairs<'_>; 3] = [
            &[(1, Some(5)), (2, Some(20)), (7, Some(6)), (8, Some(7))],
            &[(1, Some(11)), (2, Some(21)), (7, None), (8, None)],
            &[(1, Some(12)), (7, None), (8, None)],
        ];
        run(engine, &update([(7, 6), (1, 5), (8, 7)]), Some(inserted));
        // a customer that is no vip
        run(engine, &update([(7, 6), (2, 5), (8, 7)]), None);
        engine.reset().unwrap();
    }
}

/// `base` with a column that follows another, the `leaf` that extends it, and what follows by the computed column.
const COMPUTED: [&str; 6] = [
    "CREATE TABLE base (id bigint NOT NULL PRIMARY KEY, pos int, twice int GENERATED ALWAYS AS (pos * 2) STORED)",
    "CREATE TABLE leaf (base_id bigint NOT NULL PRIMARY KEY, credits int)",
    "CREATE TABLE badge (n bigint NOT NULL PRIMARY KEY, link int)",
    "INSERT INTO base (id, pos) VALUES (1, 1), (2, 5)",
    "INSERT INTO leaf VALUES (1, 10), (2, 20)",
    "INSERT INTO badge VALUES (1, 2), (2, 202)",
];

fn computed_tables() -> Schema {
    let column = |name: &str, ty: Type| Column::new(name, ty).unwrap();
    let table =
        |name: &str, key: &str| Table::new(TableName::new(name).unwrap()).column(column(key, Type::INT64).not_null());
    let base = table("base", "id").column(column("pos", Type::INT32));
    let base = base.column(column("twice", Type::INT32).generated()).primary_key(["id"]).unwrap();
    let leaf = table("leaf", "base_id").column(column("credits", Type::INT32)).primary_key(["base_id"]).unwrap();
    let badge = table("badge", "n").column(column("link", Type::INT32)).primary_key(["n"]).unwrap();
    Schema::new().table(base).table(leaf.extends_by("base", ["id"]).unwrap()).table(badge)
}

#[test]
fn computed_columns_are_read_as_they_were() {
    let schema = computed_tables();
    // what `base.pos`, `leaf.credits` and `badge.link` are then
    let cases = [
        ("update leaf set pos = pos + 100, credits = 0 where twice < 3", [[101, 5], [0, 20], [2, 202]]),
        ("update leaf set pos = pos + 100, credits = twice where twice > 1", [[101, 105], [2, 10], [2, 202]]),
        (
            "update leaf by id set pos = new.pos, credits = twice + new.pos rows (id, pos) (1, 50), (2, 60)",
            [[50, 60], [52, 70], [2, 202]],
        ),
        (
            "update base set pos = pos + 100 where id = 1 then badge by link = twice set link = 9",
            [[101, 5], [10, 20], [9, 202]],
        ),
        (
            "update leaf set credits = 7, pos = pos + 100 where id = 1 then badge by link = twice set link = 9",
            [[101, 5], [7, 20], [9, 202]],
        ),
    ];
    for mut engine in engine::names().filter_map(engine::connect) {
        let engine = &mut *engine;
        engine.reset().unwrap();
        for statement in COMPUTED {
            engine.execute(statement).unwrap();
        }
        for (text, expected) in cases {
            let (builder, _) = setwise::lang::parse(text).unwrap().into_parts();
            let update = builder.schema(&schema).build().unwrap();
            for means in run::all_means(engine.dialect()) {
                let options = Options::new().strategy(means.strategy).output(means.output).chunk(means.chunk);
                let Ok(mut script) = compile(&update, engine.dialect(), &options) else { continue };
                engine.execute("BEGIN").unwrap();
                run::run_steps(engine, &mut script, means.output, &mut String::new())
                    .unwrap_or_else(|failed| panic!("{text} on {} by {means}: {failed}", engine.label()));
                let found = [("base", "pos", "id"), ("leaf", "credits", "base_id"), ("badge", "link", "n")];
                let found = found.map(|(table, column, key)| {
                    let query = format!("SELECT {column} FROM {table} ORDER BY {key}");
                    let rows = engine.query(&query, &[], &[Column::new(column, Type::INT32).unwrap()]).unwrap();
                    rows.into_iter().flatten().collect::<Vec<_>>()
                });
                let expected = expected.map(|values| values.map(Value::Int).to_vec());
                assert_eq!(found, expected, "{text} on {} by {means}", engine.label());
                engine.execute("ROLLBACK").unwrap();
            }
        }
        engine.reset().unwrap();
    }
}

fn schema_of(ddl: &str, dialect: Dialect) -> Schema {
    Schema::from_sql(ddl, dialect).unwrap().schema.extend_by_keys()
}

#[test]
fn texts_that_are_equal_in_one_table_alone_do_not_lead_to_another() {
    let compiles = |own: &str, other: &str, dialect: Dialect| {
        let ddl = format!(
            "CREATE TABLE base (code varchar(20) {other} PRIMARY KEY, name varchar(20)); \
             CREATE TABLE sub (code varchar(20) {own} PRIMARY KEY REFERENCES base (code), n int, \
             FOREIGN KEY (code) REFERENCES base (code));"
        );
        let schema = schema_of(&ddl, dialect);
        let update = Update::table("sub").schema(&schema).key(["code"]);
        let update = update.rows(["code", "name", "n"], [("a", "x", 1)]).build().unwrap();
        match compile(&update, dialect, &Options::new()) {
            Ok(_) => true,
            Err(errors) => {
                assert!(errors.iter().all(|error| error.code() == "collations-differ"), "{errors}");
                false
            }
        }
    };
    let (sqlite, mysql) = (Dialect::sqlite(), Dialect::mysql());
    assert!(compiles("", "", sqlite) && compiles("COLLATE NOCASE", "COLLATE nocase", sqlite));
    assert!(!compiles("", "COLLATE NOCASE", sqlite) && !compiles("COLLATE NOCASE", "", sqlite));
    assert!(!compiles("COLLATE RTRIM", "COLLATE NOCASE", sqlite));
    // MySQL itself takes no foreign key of two collations, so that the default one must be the one that is named
    assert!(compiles("", "COLLATE utf8mb4_0900_ai_ci", mysql));
    assert!(!compiles("", "COLLATE utf8mb4_bin", mysql));
    assert!(compiles("COLLATE \"C\"", "", Dialect::postgres()));
}

#[test]
fn one_statement_has_no_more_parameters_than_the_engine_takes() {
    let ddl =
        "CREATE TABLE users (id int PRIMARY KEY, n int); CREATE TABLE posts (id int PRIMARY KEY, author int, n int);";
    let schema = schema_of(ddl, Dialect::postgres());
    let update = "update users set n = 0 where n in (1, 2, 3) then posts by author = id set n = 1 where n in (4, 5, 6)";
    let update = lang::parse(update).unwrap().into_parts().0.schema(&schema).build().unwrap();
    let steps = |most: usize| {
        let options = Options::new().output(Output::Binds).max_binds(most);
        let mut script = compile(&update, Dialect::postgres(), &options).unwrap();
        let mut sizes = Vec::new();
        while let Some(step) = script.next() {
            sizes.push(step.unwrap().binds.iter().next().map_or(0, <[_]>::len));
        }
        sizes
    };
    assert_eq!(steps(100).iter().filter(|size| **size > 0).count(), 1);
    let few = steps(7);
    assert!(few.len() > 1 && few.iter().all(|size| *size <= 7), "{few:?}");
}
