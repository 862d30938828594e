//! A script whose connection dies between two of its steps leaves the table as it was: the connection closed, killed by
//! the server, or its program killed.

mod case;
mod engine;

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use engine::{Engine, Row};
use setwise::{Column, Options, Output, Purpose, Schema, Strategy, Table, TableName, Type, Update, Value, compile};

const STEPS: usize = 10;

fn table() -> Table {
    Table::new(TableName::new("posts").unwrap())
        .column(Column::new("id", Type::INT64).unwrap().not_null())
        .column(Column::new("title", Type::Text { max: Some(20) }).unwrap())
        .primary_key(["id"])
        .unwrap()
}

/// A statement and its parameters.
type Step = (Purpose, String, Vec<Value<'static>>);

/// The script's steps; those that update are ten.
fn steps(engine: &dyn Engine, output: Output) -> Vec<Step> {
    let schema = Schema::new().table(table());
    let rows = (0..STEPS as i64).map(|id| (id, format!("title {id}")));
    let update = Update::table("posts").schema(&schema).key(["id"]).rows(["id", "title"], rows).build().unwrap();
    let options = Options::new().output(output).strategy(Strategy::ValuesJoin).chunk(1);
    let mut script = compile(&update, engine.dialect(), &options).unwrap();
    let mut steps = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        let text = if output == Output::Script { step.to_string() } else { step.text.to_owned() };
        for binds in step.binds.iter() {
            let values = binds.iter().map(|bind| bind.value().clone().into_owned()).collect();
            steps.push((step.purpose, text.clone(), values));
        }
    }
    assert_eq!(steps.iter().filter(|(purpose, ..)| *purpose == Purpose::Update).count(), STEPS);
    steps
}

/// The table before the script, which must be there after it too.
fn fill(engine: &mut dyn Engine) -> Vec<Row> {
    for statement in case::create(&table(), engine.dialect()).unwrap() {
        engine.execute(&statement).unwrap();
    }
    for id in 0..STEPS {
        engine.execute(&format!("INSERT INTO posts VALUES ({id}, 'old {id}')")).unwrap();
    }
    engine.read_table(&table()).unwrap()
}

/// What waits for the dead connection's locks, but not for long.
fn patience(engine: &dyn Engine) -> &'static str {
    match engine.name() {
        "postgres" => "SET lock_timeout = '20s'",
        "sqlite" => "PRAGMA busy_timeout = 20000",
        _ => "SET innodb_lock_wait_timeout = 20",
    }
}

/// Reads the table once every row can be written again: then the dead transaction is over.
#[track_caller]
fn assert_untouched(engine: &mut dyn Engine, before: &[Row], how: &str) {
    engine.execute("UPDATE posts SET title = title").unwrap_or_else(|error| panic!("{how}: {error}"));
    assert_eq!(engine.read_table(&table()).unwrap(), before, "{} {how}", engine.label());
}

/// Runs the first updates of the script in a transaction.
fn begin(engine: &mut dyn Engine, updates: usize) {
    let begin = if engine.name() == "sqlite" { "BEGIN IMMEDIATE" } else { "BEGIN" };
    engine.execute(begin).unwrap();
    for (_, text, values) in steps(engine, Output::Binds).iter().take(updates) {
        assert_eq!(engine.execute_bound(text, values).unwrap().affected, 1, "each step writes a row");
    }
}

fn for_each_engine(test: impl Fn(&mut dyn Engine, &[Row])) {
    for mut engine in engine::names().filter_map(engine::connect_shared) {
        let before = fill(&mut *engine);
        let patience = patience(&*engine);
        engine.execute(patience).unwrap();
        test(&mut *engine, &before);
    }
}

#[test]
fn a_closed_connection_leaves_the_table_untouched() {
    for_each_engine(|engine, before| {
        for after in 0..STEPS {
            let mut victim = engine.another().unwrap();
            begin(&mut *victim, after + 1);
            drop(victim);
            assert_untouched(engine, before, &format!("closed after step {after}"));
        }
    });
}

#[test]
fn a_killed_connection_leaves_the_table_untouched() {
    for_each_engine(|engine, before| {
        let (number, kill) = match engine.name() {
            "postgres" => ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
            "sqlite" => return, // nobody serves it
            _ => ("SELECT CONNECTION_ID()", "KILL {}"),
        };
        let column = [Column::new("number", Type::INT64).unwrap()];
        for after in 0..STEPS {
            let mut victim = engine.another().unwrap();
            begin(&mut *victim, after + 1);
            let numbers = victim.query(number, &[], &column).unwrap();
            let number = match &numbers[0][0] {
                Value::Int(number) => number.to_string(),
                Value::UInt(number) => number.to_string(),
                other => panic!("{other:?}"),
            };
            engine.execute(&kill.replace("{}", &number)).unwrap();
            assert_untouched(engine, before, &format!("killed after step {after}"));
            assert!(victim.execute("COMMIT").is_err(), "{}: the connection is dead", engine.label());
        }
    });
}

#[test]
fn a_killed_client_leaves_the_table_untouched() {
    for_each_engine(|engine, before| {
        let script = steps(engine, Output::Script);
        for after in 0..STEPS {
            let mark = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("killed_{}_{after}", engine.label()));
            let _ = std::fs::remove_file(&mark);
            let mut client = engine.client().expect("a client");
            let mut client = client.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
            let mut input = client.stdin.take().unwrap();
            let mut updates = 0;
            for (purpose, text, _) in &script {
                writeln!(input, "{text}").unwrap();
                updates += usize::from(*purpose == Purpose::Update);
                if updates > after {
                    break;
                }
            }
            let shell = if engine.name() == "sqlite" { ".system" } else { "\\!" };
            writeln!(input, "{shell} touch {}", mark.display()).unwrap();
            input.flush().unwrap();
            let started = Instant::now();
            while !mark.exists() {
                assert!(started.elapsed() < Duration::from_secs(20), "{}: the client is not done", engine.label());
                std::thread::sleep(Duration::from_millis(5));
            }
            client.kill().unwrap();
            client.wait().unwrap();
            drop(input);
            assert_untouched(engine, before, &format!("client killed after step {after}"));
            let _ = std::fs::remove_file(&mark);
        }
    });
}

/// The comparison can fail: what is committed is seen.
#[test]
fn a_script_that_ends_is_seen() {
    for_each_engine(|engine, before| {
        let mut other = engine.another().unwrap();
        begin(&mut *other, STEPS);
        other.execute("COMMIT").unwrap();
        let after = engine.read_table(&table()).unwrap();
        assert!(after.iter().zip(before).all(|(after, before)| after != before), "{}", engine.label());
    });
}
