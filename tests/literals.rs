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

use std::time::Instant;

use engine::{connect, say};
use kinds::{Kind, Sample};
use setwise::{Output, Strategy};
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
    Way { strategy, output }
}

/// The places where values stand: rows of a join, `SET` alone, and `CASE`.
const WAYS: [Way; 7] = [
    way(Strategy::ValuesJoin, Output::Inline),
    way(Strategy::ValuesJoin, Output::Binds),
    way(Strategy::ValuesJoin, Output::Script),
    way(Strategy::PerRow, Output::Inline),
    way(Strategy::PerRow, Output::Binds),
    way(Strategy::Case, Output::Inline),
    way(Strategy::Case, Output::Binds),
];

/// The ways of a kind. The place changes nothing in a literal, so many values go by the join alone; and a sample goes
/// by all ways in the first mode only.
fn ways(kind: &Kind, is_first: bool) -> &'static [Way] {
    match (kind.is_edge, is_full() || is_first) {
        (true, true) => &WAYS,
        (false, true) => &WAYS[..3],
        (true, false) => &WAYS[..2],
        (false, false) => &WAYS[..1],
    }
}

/// Runs every kind in every mode of an engine, and says what was compared.
fn compare_all(name: &str) {
    let Some(mut engine) = connect(name) else { return };
    let start = Instant::now();
    let kinds = kinds::all(name, is_full());
    let split: Vec<_> = kinds.iter().map(|kind| trial::split(kind, &*engine)).collect();
    let counts: Vec<usize> = split.iter().map(|(held, _)| held.iter().map(|sample| sample.counts).sum()).collect();
    let list: Vec<String> = kinds.iter().zip(&counts).map(|(kind, count)| format!("{} {count}", kind.name)).collect();
    say(&format!("{name} holds {}", list.join(", ")));
    let mut all = 0;
    for (index, mode) in modes::of(name).into_iter().enumerate() {
        let start = Instant::now();
        let mut trial = Trial::new(&mut *engine, mode, &kinds);
        let mut sum = 0;
        for ((at, kind), (held, _)) in kinds.iter().enumerate().zip(&split) {
            for way in ways(kind, index == 0).iter().filter(|way| !mode.must_not(kind, way)) {
                let compared = trial.write_and_read(at, kind, *way, held);
                compared.unwrap_or_else(|why| panic!("{name} in mode `{}` by {way:?}: {why}", mode.name));
                sum += counts[at];
            }
        }
        say(&format!("{name}, {}: {sum} compared in {:.1} s", mode.name, start.elapsed().as_secs_f32()));
        all += sum;
    }
    let refused: usize = split.iter().map(|(_, refused)| refused).sum();
    let seconds = start.elapsed().as_secs_f32();
    say(&format!("{name}: {all} literals compared, {refused} values refused as they must be, in {seconds:.1} s"));
}

#[test]
fn sqlite_keeps_every_literal() {
    compare_all("sqlite");
}

#[test]
fn postgres_keeps_every_literal() {
    compare_all("postgres");
}

#[test]
fn mariadb_keeps_every_literal() {
    compare_all("mariadb");
}

#[test]
fn mysql_keeps_every_literal() {
    compare_all("mysql");
}

/// What a session must keep is said by `Script::session`: without it a value differs, with it none does.
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
