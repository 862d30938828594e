//! Rows from a table: a million of them in one script.
#![allow(dead_code, reason = "the modules are shared with other test programs")]

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use engine::{Engine, Row};
use setwise::{Column, Dialect, Options, Output, Purpose, Schema, Table, TableName, Type, compile, lang};

/// So many rows are in both tables; `SETWISE_ROWS` says otherwise.
fn rows() -> u64 {
    std::env::var("SETWISE_ROWS").map_or(1_000_000, |rows| rows.parse().expect("a number of rows"))
}

fn table(name: &str) -> Table {
    let column = |name: &str, ty: Type| Column::new(name, ty).unwrap();
    Table::new(TableName::new(name).unwrap())
        .column(column("id", Type::INT64).not_null())
        .column(column("title", Type::Text { max: Some(40) }))
        .column(column("views", Type::INT64))
        .primary_key(["id"])
        .unwrap()
}

/// Numbers as a table `n (i)`.
fn numbers(dialect: Dialect, rows: u64) -> String {
    match dialect.name() {
        "postgres" => format!("generate_series(1, {rows}) AS n (i)"),
        _ => format!(
            "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i FROM n) AS n"
        ),
    }
}

fn fill(engine: &mut dyn Engine, rows: u64) -> Schema {
    let (posts, staging) = (table("posts"), table("staging_posts"));
    engine.reset().unwrap();
    for table in [&posts, &staging] {
        for statement in case::create(table, engine.dialect()).unwrap() {
            engine.execute(&statement).unwrap();
        }
    }
    let numbers = numbers(engine.dialect(), rows);
    engine.execute(&format!("INSERT INTO posts SELECT i, 'old', i FROM {numbers}")).unwrap();
    engine.execute(&format!("INSERT INTO staging_posts SELECT i, 'title ' || i, 1000000 - i FROM {numbers}")).unwrap();
    Schema::new().table(posts).table(staging)
}

/// Runs an update as a client's script, and gives how many statements it has.
fn apply(engine: &mut dyn Engine, schema: &Schema, text: &str) -> Result<usize, String> {
    let (builder, _) = lang::parse(text).unwrap().into_parts();
    let update = builder.schema(schema).build().unwrap();
    let options = Options::new().output(Output::Script);
    let mut script = compile(&update, engine.dialect(), &options).map_err(|errors| errors.to_string())?;
    let (mut count, mut updates) = (0, 0);
    while let Some(step) = script.next() {
        let step = step.unwrap();
        if step.purpose == Purpose::Client {
            continue;
        }
        count += 1;
        updates += usize::from(step.purpose == Purpose::Update);
        if let Err(failed) = engine.execute(step.text) {
            engine.execute("ROLLBACK").unwrap();
            return Err(failed.to_string());
        }
    }
    assert_eq!(updates, 1, "one statement joins all rows");
    Ok(count)
}

fn count(engine: &mut dyn Engine, condition: &str) -> i64 {
    let column = Column::new("n", Type::INT64).unwrap();
    let found: Vec<Row> =
        engine.query(&format!("SELECT count(*) FROM posts WHERE {condition}"), &[], &[column]).unwrap();
    found[0][0].to_string().parse().unwrap()
}

const UPDATE: &str = "update posts by id set title = new.title, views = views + new.views on missing error \
                      rows from staging_posts";

fn prove(name: &str) {
    let Some(mut engine) = engine::connect(name) else { return };
    let (engine, rows) = (&mut *engine, rows());
    let started = std::time::Instant::now();
    let schema = fill(engine, rows);
    let filled = started.elapsed();
    let statements = apply(engine, &schema, UPDATE).unwrap();
    let applied = started.elapsed() - filled;
    engine::say(&format!("{}: {rows} rows in {statements} statements, {applied:.1?}", engine.label()));
    assert_eq!(count(engine, "title = 'title ' || id AND views = 1000000"), i64::try_from(rows).unwrap());
    // one key too many, twice: neither gets through, and nothing is written
    for more in ["UPDATE staging_posts SET id = -1 WHERE id = 7", "UPDATE posts SET id = -2 WHERE id = 8"] {
        engine.execute(more).unwrap();
        let refused = apply(engine, &schema, UPDATE).unwrap_err();
        assert!(!refused.is_empty());
        assert_eq!(count(engine, "views <> 1000000"), 0);
    }
}

#[test]
fn a_million_rows_are_one_script_on_sqlite() {
    prove("sqlite");
}

#[test]
fn a_million_rows_are_one_script_on_postgres() {
    prove("postgres");
}
