//! Two connections over the same rows: statements in opposite orders deadlock, scripts that lock in order never do.

mod case;
mod engine;

use std::sync::Barrier;
use std::time::{Duration, Instant};

use engine::{Engine, Failed};
use setwise::{Column, OnMissing, Options, Output, Schema, Strategy, Table, TableName, Type, Update, Value, compile};

const ROWS: i64 = 1000;
const ROUNDS: usize = 200;
/// A round that takes longer is none that two connections may spend on a thousand rows.
const MOST: Duration = Duration::from_secs(60);

fn table() -> Table {
    Table::new(TableName::new("items").unwrap())
        .column(Column::new("id", Type::INT64).unwrap().not_null())
        .column(Column::new("n", Type::INT64).unwrap())
        .column(Column::new("name", Type::Text { max: Some(20) }).unwrap())
        .primary_key(["id"])
        .unwrap()
}

/// The engines with row locks, each with two connections to a filled table, that do not wait for long.
fn pairs() -> impl Iterator<Item = [Box<dyn Engine>; 2]> {
    let servers = ["postgres", "mariadb", "mysql"].into_iter().filter_map(engine::connect);
    servers.map(|mut engine| {
        for statement in case::create(&table(), engine.dialect()).unwrap() {
            engine.execute(&statement).unwrap();
        }
        // an index that holds the key as well, along which an engine might lock
        engine.execute("CREATE INDEX items_name ON items (name)").unwrap();
        let rows: Vec<String> = (1..=ROWS).map(|id| format!("({id}, 0, 'name {}')", ROWS - id)).collect();
        engine.execute(&format!("INSERT INTO items VALUES {}", rows.join(", "))).unwrap();
        let mut other = engine.another().unwrap();
        for connection in [&mut engine, &mut other] {
            let patience = match connection.name() {
                "postgres" => "SET deadlock_timeout = '50ms'; SET lock_timeout = '20s'",
                _ => "SET innodb_lock_wait_timeout = 20",
            };
            connection.execute(patience).unwrap();
        }
        [engine, other]
    })
}

/// Whether the engine gave up a transaction because two waited for each other.
fn is_deadlock(failed: &Failed) -> bool {
    ["40P01", "1213"].contains(&failed.code.as_str())
}

/// A statement and its parameters.
type Step = (String, Vec<Value<'static>>);

/// What a connection runs in one transaction; `meet` is called behind the first step.
fn run(engine: &mut dyn Engine, steps: &[Step], meet: impl Fn()) -> Result<(), Failed> {
    engine.execute("BEGIN")?;
    for (index, (text, values)) in steps.iter().enumerate() {
        let ran = if values.is_empty() { engine.execute(text) } else { engine.execute_bound(text, values) };
        if index == 0 {
            meet();
        }
        if let Err(failed) = ran {
            let _ = engine.execute("ROLLBACK");
            return Err(failed);
        }
    }
    engine.execute("COMMIT").map(drop)
}

/// Runs two transactions at the same time; where they meet, each has done its first step.
fn run_both(pair: &mut [Box<dyn Engine>; 2], steps: [&[Step]; 2], meet: bool) -> [Result<(), Failed>; 2] {
    let (start, middle) = (Barrier::new(2), Barrier::new(2));
    let [first, second] = pair;
    let transaction = |engine: &mut dyn Engine, steps: &[Step]| {
        start.wait();
        run(engine, steps, || {
            if meet {
                middle.wait();
            }
        })
    };
    std::thread::scope(|scope| {
        let handle = scope.spawn(|| transaction(&mut **second, steps[1]));
        [transaction(&mut **first, steps[0]), handle.join().unwrap()]
    })
}

#[test]
fn statements_in_opposite_orders_deadlock() {
    for mut pair in pairs() {
        let write = |id: i64| (format!("UPDATE items SET n = n + 1 WHERE id = {id}"), Vec::new());
        let (up, down) = ([write(1), write(ROWS)], [write(ROWS), write(1)]);
        let ended = run_both(&mut pair, [&up, &down], true);
        let failed: Vec<&Failed> = ended.iter().filter_map(|ended| ended.as_ref().err()).collect();
        assert!(failed.len() == 1 && is_deadlock(failed[0]), "{}: {ended:?}", pair[0].label());
    }
}

/// The steps of an update that sets `n` of rows: `split` says which of two values a row gets.
fn script(
    engine: &dyn Engine,
    ids: impl Iterator<Item = i64>,
    split: impl Fn(i64) -> bool,
    locks: bool,
    options: &Options,
) -> Vec<Step> {
    let schema = Schema::new().table(table());
    let rows: Vec<(i64, i64)> = ids.map(|id| (id, i64::from(split(id)))).collect();
    let update = Update::table("items").schema(&schema).key(["id"]).rows(["id", "n"], rows);
    let update = if locks { update.lock_ordered() } else { update }.build().unwrap();
    steps(&update, engine, options)
}

/// The steps of an update that finds its rows by a condition.
fn found(engine: &dyn Engine, condition: &str, options: &Options) -> Vec<Step> {
    let schema = Schema::new().table(table());
    let update = Update::table("items").schema(&schema).set("n", 7).lock_ordered();
    let condition = setwise::lang::parse_expr(condition).unwrap();
    steps(&update.filter(condition).build().unwrap(), engine, options)
}

fn steps(update: &Update<'_>, engine: &dyn Engine, options: &Options) -> Vec<Step> {
    let mut script = compile(update, engine.dialect(), options).unwrap();
    let mut steps = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        for binds in step.binds.iter() {
            steps.push((step.text.to_owned(), binds.iter().map(|bind| bind.value().clone().into_owned()).collect()));
        }
    }
    steps
}

/// Without locks, the two write the halves of every fiftieth row in opposite orders.
fn opposite(engine: &dyn Engine, locks: bool) -> [Vec<Step>; 2] {
    let options = Options::new().output(Output::Inline).strategy(Strategy::Uniform).chunk(0);
    let ids = |from| (from..=ROWS).step_by(50);
    let upper = |id| id == 1 || id > ROWS / 2;
    let lower = |id| id <= ROWS / 2;
    [script(engine, ids(1), upper, locks, &options), script(engine, ids(51), lower, locks, &options)]
}

#[test]
fn scripts_without_locks_deadlock() {
    for mut pair in pairs() {
        let [one, two] = opposite(&*pair[0], false);
        assert_eq!((one.len(), two.len()), (2, 2), "a statement for each half");
        let ended = run_both(&mut pair, [&one, &two], true);
        let failed: Vec<&Failed> = ended.iter().filter_map(|ended| ended.as_ref().err()).collect();
        assert!(failed.len() == 1 && is_deadlock(failed[0]), "{}: {ended:?}", pair[0].label());
    }
}

/// Ways to compile the same update, whose statements and chunks differ.
fn means() -> [Options; 5] {
    let means = |strategy, output, chunk| Options::new().strategy(strategy).output(output).chunk(chunk);
    [
        means(Strategy::Uniform, Output::Inline, 0),
        means(Strategy::ValuesJoin, Output::Inline, 250),
        means(Strategy::Uniform, Output::Binds, 333),
        means(Strategy::Auto, Output::Inline, 1000),
        means(Strategy::ValuesJoin, Output::Binds, 501),
    ]
}

/// Runs the two scripts of each pair at the same time, and those of different pairs, in all rounds; none may fail.
fn run_rounds(pair: &mut [Box<dyn Engine>; 2], scripts: &[[Vec<Step>; 2]], before: &str) {
    let started = Instant::now();
    for round in 0..ROUNDS {
        pair[0].execute(before).unwrap();
        let one = &scripts[round % scripts.len()][0];
        let two = &scripts[round / scripts.len() % scripts.len()][1];
        for ended in run_both(pair, [one, two], false) {
            ended.unwrap_or_else(|failed| panic!("{}: round {round}: {failed}", pair[0].label()));
        }
        assert!(started.elapsed() < MOST, "{}: {round} rounds took {:?}", pair[0].label(), started.elapsed());
    }
    engine::say(&format!("{}: {ROUNDS} rounds in {:?}", pair[0].label(), started.elapsed()));
}

#[test]
fn scripts_that_lock_in_order_never_deadlock() {
    for mut pair in pairs() {
        let all = means();
        let scripts: Vec<[Vec<Step>; 2]> = all
            .iter()
            .map(|options| {
                let odd = |id| id % 2 == 1;
                let all = |first| (first..=ROWS).rev();
                [script(&*pair[0], all(1), odd, true, options), script(&*pair[0], all(2), |id| id > 500, true, options)]
            })
            .chain([
                opposite(&*pair[0], true),
                [found(&*pair[0], "name < 'name 5'", &all[0]), found(&*pair[0], "id > 300 and n is not null", &all[0])],
            ])
            .collect();
        run_rounds(&mut pair, &scripts, "SELECT 1");
    }
}

/// The steps of an update of rows that differ, with what becomes of those that are missing.
fn met(engine: &dyn Engine, ids: impl Iterator<Item = i64>, missing: OnMissing, options: &Options) -> Vec<Step> {
    let schema = Schema::new().table(table());
    let rows: Vec<(i64, i64)> = ids.map(|id| (id, id % 2)).collect();
    let update = Update::table("items").schema(&schema).key(["id"]).rows(["id", "n"], rows);
    steps(&update.on_missing(missing).lock_ordered().build().unwrap(), engine, options)
}

/// All rows, in the one order and in the other.
fn all_rows(engine: &dyn Engine, most: i64, missing: OnMissing) -> Vec<[Vec<Step>; 2]> {
    let both =
        |options: &Options| [met(engine, 1..=most, missing, options), met(engine, (1..=most).rev(), missing, options)];
    means().iter().map(both).collect()
}

#[test]
fn scripts_that_lock_in_order_and_check_for_missing_rows_never_deadlock() {
    for mut pair in pairs() {
        // a check that finds a row does not end the transaction here, so that it holds its locks to the end
        let scripts = [ROWS, ROWS + 100].map(|most| all_rows(&*pair[0], most, OnMissing::Error));
        run_rounds(&mut pair, &scripts.concat(), "SELECT 1");
    }
}

/// Where a gap is locked for rows that are missing, it is refused: see the case `policies/lock_insert`.
#[test]
fn scripts_that_lock_in_order_and_insert_never_deadlock() {
    for mut pair in pairs().filter(|pair| pair[0].name() == "postgres") {
        let mut scripts = all_rows(&*pair[0], ROWS + 100, OnMissing::Insert);
        // one statement for each value: the two would insert in opposite orders
        let absent = [[1, 2, 4], [3, 2, 1]].map(|ids| ids.map(|id| ROWS + id).into_iter());
        scripts.push(absent.map(|ids| met(&*pair[0], ids, OnMissing::Insert, &means()[0])));
        run_rounds(&mut pair, &scripts, &format!("DELETE FROM items WHERE id > {ROWS}"));
    }
}
