//! Rows in a temporary table: what is compared over all of them, and what is left behind.
#![allow(dead_code, reason = "the modules are shared with other test programs")]

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use engine::{Engine, Failed, Row};
use setwise::{
    Collation, Column, Dialect, Error, Errors, Ident, Options, Output, Purpose, Schema, Strategy, Table, TableName,
    Type, Update, compile, stream,
};

/// Codes `a` and `A` are one to the collation.
fn table(dialect: Dialect) -> Table {
    let code = Column::new("code", Type::Text { max: Some(9) }).unwrap().not_null();
    let code = code.collate(Collation::named(Ident::new(case::folding_collation(dialect)).unwrap()));
    let table = Table::new(TableName::new("posts").unwrap()).column(code);
    table.column(Column::new("held", Type::INT64).unwrap()).primary_key(["code"]).unwrap()
}

fn fill(engine: &mut dyn Engine) -> Table {
    engine.reset().unwrap();
    let table = table(engine.dialect());
    for statement in case::create(&table, engine.dialect()).unwrap() {
        engine.execute(&statement).unwrap();
    }
    for code in 0..20 {
        engine.execute(&format!("INSERT INTO posts VALUES ('code {code}', 0)")).unwrap();
    }
    table
}

/// Codes in capitals, each of a row of the table, and at the end one more.
fn codes(last: &str) -> Vec<(String, i64)> {
    (0..20).map(|code| format!("CODE {code}")).chain([last.to_owned()]).zip(1..).collect()
}

fn run(
    engine: &mut dyn Engine,
    table: &Table,
    rows: &[(String, i64)],
    options: &Options,
    output: Output,
) -> Result<(), String> {
    let schema = Schema::new().table(table.clone());
    let rows = rows.iter().map(|(code, held)| (code.as_str(), *held));
    let update = Update::table("posts").schema(&schema).key(["code"]).rows(["code", "held"], rows).build().unwrap();
    let options = options.clone().output(output);
    let mut script = compile(&update, engine.dialect(), &options).map_err(|errors: Errors| errors.to_string())?;
    let mut text = String::new();
    run::run_steps(engine, &mut script, output, &mut text).map_err(|failed: Failed| failed.to_string())
}

fn held(engine: &mut dyn Engine, table: &Table) -> Vec<i64> {
    let rows: Vec<Row> = engine.read_table(table).unwrap();
    let mut held: Vec<i64> = rows.iter().map(|row| row[1].to_string().parse().unwrap()).collect();
    held.sort_unstable();
    held
}

fn engines() -> impl Iterator<Item = Box<dyn Engine>> {
    engine::names().filter_map(engine::connect)
}

/// As many keys as one statement holds are 7; the others are staged, whatever the strategy of the update.
#[test]
fn more_keys_than_one_statement_holds_are_compared_with_each_other() {
    for mut engine in engines() {
        let engine = &mut *engine;
        let strategies: Vec<Strategy> = [Strategy::Auto].into_iter().chain(engine.dialect().strategies()).collect();
        for strategy in strategies {
            let few = Options::new().strategy(strategy);
            for (output, options) in [
                (Output::Binds, few.clone().max_binds(7)),
                (Output::Inline, few.clone().max_bytes(2400)),
                (Output::ScriptWithoutTransaction, few.clone().max_bytes(2400)),
            ] {
                let shown = format!("{} {} {output:?}", engine.label(), strategy.name());
                let table = fill(engine);
                run(engine, &table, &codes("other"), &options, output)
                    .unwrap_or_else(|error| panic!("{shown}: {error}"));
                assert_eq!(held(engine, &table), (1..=20).collect::<Vec<_>>(), "{shown}");
                let found = run(engine, &table, &codes("code 0"), &options, output);
                assert!(found.is_err(), "{shown}: two keys are one");
                assert_eq!(held(engine, &table), (1..=20).collect::<Vec<_>>(), "{shown}");
            }
        }
    }
}

/// The steps by the temporary table, and with them whether the planner chose it.
fn staged_steps(dialect: Dialect, rows: usize, options: &Options) -> Vec<(Purpose, String)> {
    let schema = Schema::new().table(table(dialect));
    let rows: Vec<(String, i64)> = (0..rows).map(|code| format!("code {code}")).zip(0..).collect();
    let rows = rows.iter().map(|(code, held)| (code.as_str(), *held));
    let update = Update::table("posts").schema(&schema).key(["code"]).rows(["code", "held"], rows).build().unwrap();
    let mut script = compile(&update, dialect, options).unwrap();
    let mut steps = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        steps.push((step.purpose, step.text.to_owned()));
    }
    steps.retain(|(_, text)| text.contains("setwise_rows"));
    steps
}

#[test]
fn the_planner_stages_keys_that_one_statement_does_not_hold() {
    for dialect in [Dialect::mysql(), Dialect::mariadb(), Dialect::sqlite()] {
        let most = Options::new().max_binds(100);
        assert_eq!(staged_steps(dialect, 100, &most), [], "{dialect}: 100 keys fit");
        let steps = staged_steps(dialect, 101, &most);
        let purposes: Vec<Purpose> = steps.iter().map(|(purpose, _)| *purpose).collect();
        let (setup, rest) = purposes.split_at(5);
        assert_eq!(setup, [Purpose::Setup; 5], "{dialect}: dropped, made, and filled by fifty rows");
        assert_eq!(rest, [Purpose::Check, Purpose::Update, Purpose::Teardown], "{dialect}");
    }
    // arrays are one parameter for any number of keys
    assert_eq!(staged_steps(Dialect::postgres(), 101, &Options::new().max_binds(100)), []);
}

#[test]
fn nothing_is_left_behind() {
    for mut engine in engines() {
        let engine = &mut *engine;
        let options = Options::new().strategy(Strategy::Staged).chunk(6);
        let reads = |engine: &mut dyn Engine| {
            let place = match engine.name() {
                "postgres" => "pg_temp.",
                "sqlite" => "temp.",
                _ => "",
            };
            engine.execute(&format!("SELECT * FROM {place}setwise_rows")).is_ok()
        };
        let table = fill(engine);
        run(engine, &table, &codes("other"), &options, Output::Binds).unwrap();
        assert!(!reads(engine), "{}: behind a script that ran", engine.label());
        engine.execute("BEGIN").unwrap();
        run(engine, &table, &codes("code 0"), &options, Output::Binds).unwrap_err();
        engine.execute("ROLLBACK").unwrap();
        let stays = matches!(engine.name(), "mysql" | "mariadb");
        assert_eq!(reads(engine), stays, "{}: behind a transaction that failed", engine.label());
        // without a transaction it stays; the next script begins anew
        run(engine, &table, &codes("code 0"), &options, Output::Binds).unwrap_err();
        assert!(reads(engine), "{}: behind a script that failed alone", engine.label());
        run(engine, &table, &codes("other"), &options, Output::Binds).unwrap();
        assert!(!reads(engine), "{}: behind the next script", engine.label());
    }
}

/// The key of the temporary table is no row number, so that SQLite goes through it and looks for the target's rows.
#[test]
fn sqlite_looks_for_the_rows_of_the_table() {
    let Some(mut engine) = engine::connect("sqlite") else { return };
    let engine = &mut *engine;
    engine.reset().unwrap();
    for text in [
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO posts SELECT i, 'old' FROM n",
    ] {
        engine.execute(text).unwrap();
    }
    let rows = (1..=3).map(|id: i64| (id * 1000, "new"));
    let rows = rows.chain([(5, "other")]);
    let update = Update::table("posts").key(["id"]).rows(["id", "title"], rows).build().unwrap();
    let options = Options::new().strategy(Strategy::Staged).output(Output::Inline);
    let mut script = compile(&update, engine.dialect(), &options).unwrap();
    let mut plans = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        if step.purpose == Purpose::Update {
            let numbers = ["id", "parent", "unused"].map(|name| Column::new(name, Type::INT64).unwrap());
            let columns = numbers.into_iter().chain([Column::new("detail", Type::TEXT).unwrap()]).collect::<Vec<_>>();
            let plan = engine.query(&format!("EXPLAIN QUERY PLAN {}", step.text), &[], &columns).unwrap();
            plans.extend(plan.into_iter().map(|row| row[3].to_string()));
        }
        engine.execute(step.text).unwrap();
    }
    assert_eq!(plans, ["'SCAN v'", "'SEARCH posts USING INTEGER PRIMARY KEY (rowid=?)'"]);
}

/// A stream stages each of its chunks, and drops it again.
#[test]
fn a_stream_stages_what_it_holds() {
    for dialect in Dialect::all() {
        let schema = Schema::new().table(table(dialect));
        let held = Column::new("held", Type::INT64).unwrap().not_null();
        let posts = Table::new(TableName::new("numbers").unwrap()).column(held);
        let posts = posts.column(Column::new("title", Type::TEXT).unwrap()).primary_key(["held"]).unwrap();
        let schema = schema.table(posts);
        let template = Update::table("numbers").schema(&schema).key(["held"]).template(["held", "title"]).unwrap();
        let rows = (0..100).map(|held: i64| Ok::<_, Error>((held, format!("title {held}"))));
        let options = Options::new().strategy(Strategy::Staged).chunk(10);
        let mut steps = stream(&template, dialect, &options, rows).unwrap();
        let (mut updates, mut drops) = (0, 0);
        while let Some(step) = steps.next() {
            let step = step.unwrap();
            updates += usize::from(step.purpose == Purpose::Update);
            drops += usize::from(step.purpose == Purpose::Teardown);
        }
        assert_eq!((updates, drops), (10, 10), "{dialect}");
    }
}
