//! Literals bit for bit: every value goes into each engine inline, as a parameter and in a client script, under each
//! mode of the session, and comes back the same.
//!
//! A sample runs by default; `SETWISE_LITERALS=full` runs all: every Unicode scalar, every pair of bytes, all integers
//! of 16 bits, 200,000 random doubles. The values are in `literals/kinds.rs` and `literals/edges.txt`, the modes in
//! `literals/modes.rs`.

mod case;
mod engine;
mod model;

#[path = "literals/edges.rs"]
mod edges;
#[path = "literals/kinds.rs"]
mod kinds;
#[path = "literals/modes.rs"]
mod modes;
#[path = "literals/trial.rs"]
mod trial;

use std::process::Command;
use std::time::Instant;

use engine::{Engine, connect, connect_shared, say};
use kinds::{Kind, Sample};
use modes::Mode;
use setwise::{Output, Strategy, Type};
use trial::{Trial, Way};

/// How much of the values runs.
fn is_full() -> bool {
    match std::env::var("SETWISE_LITERALS") {
        Ok(word) if word == "full" => true,
        Ok(word) => panic!("SETWISE_LITERALS is `full` or not set, not `{word}`"),
        Err(_) => false,
    }
}

const fn way(strategy: Strategy, output: Output) -> Way {
    Way { strategy, output, by_client: false }
}

/// The places where values stand: rows of a join, `SET` alone, and `CASE`; and the engine's own client.
const WAYS: [Way; 8] = [
    way(Strategy::ValuesJoin, Output::Inline),
    way(Strategy::ValuesJoin, Output::Binds),
    way(Strategy::ValuesJoin, Output::Script),
    Way { strategy: Strategy::ValuesJoin, output: Output::Script, by_client: true },
    way(Strategy::PerRow, Output::Inline),
    way(Strategy::PerRow, Output::Binds),
    way(Strategy::Case, Output::Inline),
    way(Strategy::Case, Output::Binds),
];

/// Values as elements of an array, and as strings of a document, where the engine takes rows so.
const WHOLE: [Way; 3] = [
    way(Strategy::ArrayJoin, Output::Binds),
    way(Strategy::ArrayJoin, Output::Inline),
    way(Strategy::JsonJoin, Output::Binds),
];

/// The ways of a kind. The place changes nothing in a literal, so many values go by the join alone; and a sample goes
/// by all ways in the first mode only.
fn ways(kind: &Kind, is_first: bool) -> &'static [Way] {
    match (kind.is_edge, is_full() || is_first) {
        (true, true) => &WAYS,
        // what clients could change hangs on no mode
        (false, true) if is_first => &WAYS[..4],
        (false, true) => &WAYS[..3],
        (true, false) => &WAYS[..2],
        (false, false) if Mode::may_change(kind) => &WAYS[..1],
        (false, false) => &[],
    }
}

/// Runs every kind in every mode of each version of an engine, and says what was compared.
fn compare_all(name: &str) {
    let servers = engine::names().filter(|server| server.trim_end_matches(|c: char| c.is_ascii_digit()) == name);
    servers.filter_map(connect_shared).for_each(|mut engine| compare_on(&mut *engine));
}

fn compare_on(engine: &mut dyn Engine) {
    let start = Instant::now();
    let (name, shown) = (engine.name(), engine.dialect().to_string());
    let kinds = kinds::all(name, is_full());
    let strategies: Vec<Strategy> = engine.dialect().strategies().collect();
    let split: Vec<_> = kinds.iter().map(|kind| trial::split(kind, engine)).collect();
    let counts: Vec<usize> = split.iter().map(|(held, _)| held.iter().map(|sample| sample.counts).sum()).collect();
    let list: Vec<String> = kinds.iter().zip(&counts).map(|(kind, count)| format!("{} {count}", kind.name)).collect();
    say(&format!("{shown} holds {}", list.join(", ")));
    let program = engine.client().map(|client| client.get_program().to_owned());
    let has_client = program.is_some_and(|program| Command::new(program).arg("--version").output().is_ok());
    if !has_client {
        say(&format!("left out: the client of {shown}"));
    }
    let mut all = 0;
    for (index, mode) in modes::of(name).into_iter().enumerate() {
        let start = Instant::now();
        let mut trial = Trial::new(engine, mode, &kinds);
        let mut sum = 0;
        for ((at, kind), (held, _)) in kinds.iter().enumerate().zip(&split) {
            let whole = &WHOLE[..if is_full() && index == 0 || kind.is_edge { 3 } else { 0 }];
            // an array of arrays comes apart into single values
            let is_whole = |way: &&Way| way.strategy != Strategy::ArrayJoin || !matches!(kind.ty, Type::Array(_));
            let whole = whole.iter().filter(|way| strategies.contains(&way.strategy)).filter(is_whole);
            let ways = ways(kind, index == 0).iter().chain(whole).filter(|way| !mode.must_not(kind, way));
            // a client changes texts, if anything
            let client_runs = has_client && (is_full() || Mode::may_change(kind));
            for way in ways.filter(|way| client_runs || !way.by_client) {
                let compared = trial.write_and_read(at, kind, *way, held);
                compared.unwrap_or_else(|why| panic!("{shown} in mode `{}` by {way:?}: {why}", mode.name));
                sum += counts[at];
            }
        }
        say(&format!("{shown}, {}: {sum} compared in {:.1} s", mode.name, start.elapsed().as_secs_f32()));
        all += sum;
    }
    let refused: usize = split.iter().map(|(_, refused)| refused).sum();
    let seconds = start.elapsed().as_secs_f32();
    say(&format!("{shown}: {all} literals compared, {refused} values refused as they must be, in {seconds:.1} s"));
}

/// T7, T8, T12, T13: quotes, every scalar, doubles and NUL, in files of either encoding.
#[test]
fn sqlite_keeps_every_literal() {
    compare_all("sqlite");
}

/// T7, T8, T9, T12, T13: quotes, backslashes, every scalar, doubles, and NUL, which is refused, in every mode.
#[test]
fn postgres_keeps_every_literal() {
    compare_all("postgres");
}

/// T7, T8, T9, T12, T13: quotes, backslashes, every scalar, doubles and NUL, in every mode and encoding.
#[test]
fn mariadb_keeps_every_literal() {
    compare_all("mariadb");
}

/// T7, T8, T9, T12, T13: quotes, backslashes, every scalar, doubles and NUL, in every mode and encoding.
#[test]
fn mysql_keeps_every_literal() {
    compare_all("mysql");
}

/// T9: what a session must keep is said by `Script::session`: without it a value differs, with it none does.
#[test]
fn a_session_must_keep_what_the_script_requires() {
    let mut tried = 0;
    for name in ["postgres", "mariadb", "mysql"] {
        let Some(mut engine) = connect(name) else { continue };
        for modes::Breach { mode, ty, value, way } in modes::breaches(name) {
            let kinds = [Kind::edge("breach", ty, vec![value])];
            let held: Vec<&Sample> = kinds[0].samples.iter().collect();
            let mut trial = Trial::new(&mut *engine, &mode, &kinds);
            let outcome = trial.write_and_read(0, &kinds[0], way, &held);
            assert!(outcome.is_err(), "{name}: `{}` changes nothing by {way:?}", mode.name);
            trial.keeps_session = true;
            let kept = trial.write_and_read(0, &kinds[0], way, &held);
            kept.unwrap_or_else(|why| panic!("{name}: `{}`, then what the script requires: {why}", mode.name));
            tried += 1;
        }
    }
    say(&format!("{tried} modes that a session must not have"));
}
