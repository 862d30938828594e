//! Every fact that a dialect states as executed is needed: with the fact changed, a case or a probe fails on the engine.
//!
//! `cargo xtask facts` looks for what fails, on all engines, and writes it into `tests/facts/caught.txt`:
//! then `SETWISE_FACTS` is set to parts of the changes to look at, with commas between them, or empty. Otherwise what is written there is run again, and a
//! change that it no longer catches is hunted anew.

mod case;
#[path = "facts/changes.rs"]
mod changes;
mod engine;
#[path = "facts/hunt.rs"]
mod hunt;
mod matrix;
#[path = "facts/memory.rs"]
mod memory;
mod model;
#[path = "facts/probes.rs"]
mod probes;
mod run;
#[path = "facts/words.rs"]
mod words;

use std::thread;

use case::Case;
use changes::Stated;
use hunt::Ground;
use memory::{Caught, Survivors};
use probes::PROBES;
use setwise::Dialect;
use setwise::dialect::Evidence;

/// What became of the facts of a dialect.
#[derive(Default)]
struct Found {
    caught: Vec<(String, String)>,
    /// A line for each change.
    table: Vec<String>,
    /// How many changes nobody has hunted yet.
    unknown: usize,
    /// What must not be.
    wrong: Vec<String>,
}

#[test]
fn every_executed_fact_is_needed() {
    let hunts = std::env::var("SETWISE_FACTS").ok();
    let (hunts, only) = (hunts.is_some(), hunts.unwrap_or_default());
    let only = only.as_str();
    let cases: &'static [Case] = case::load("updates").leak();
    let (earlier, survivors) = (Caught::read(), Survivors::read());
    hunt::quiet_panics();
    let found: Vec<(&str, Found)> = thread::scope(|scope| {
        let judge = |dialect: Dialect| {
            let grounds = hunt::grounds(dialect.name(), cases);
            (!grounds.is_empty())
                .then(|| (dialect.name(), judge(dialect, grounds, hunts.then_some(only), &earlier, &survivors)))
        };
        let started: Vec<_> = Dialect::all().into_iter().map(|dialect| scope.spawn(move || judge(dialect))).collect();
        started
            .into_iter()
            .filter_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut caught = Caught::default();
    let (mut wrong, mut changes, mut unknown) = (Vec::new(), 0, 0);
    let ran: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    for (_, found) in found {
        changes += found.table.len();
        unknown += found.unknown;
        found.caught.into_iter().for_each(|(change, by)| caught.insert(change, by));
        found.table.iter().filter(|_| hunts).for_each(|line| engine::say(line));
        wrong.extend(found.wrong);
    }
    if hunts {
        caught.keep(earlier, if only.is_empty() { &ran } else { &[] });
        caught.write();
    }
    engine::say(&format!("{changes} changes of facts on {}, {} wrong", ran.join(", "), wrong.len()));
    if unknown > 0 {
        engine::say(&format!("LEFT OUT: {unknown} changes that `cargo xtask facts` has not looked at yet"));
    }
    assert!(wrong.is_empty(), "{}\nrun `cargo xtask facts`", wrong.join("\n"));
}

/// Changes each fact of a dialect in turn; with a hunt, those changes whose text has one of the parts.
fn judge(
    dialect: Dialect,
    mut grounds: Vec<Ground>,
    only: Option<&str>,
    earlier: &Caught,
    survivors: &Survivors,
) -> Found {
    let mut found = Found::default();
    let (hunts, only) = (only.is_some(), only.unwrap_or_default());
    for ground in &mut grounds {
        found.wrong.extend(ground.failing(PROBES));
    }
    for stated in changes::facts(dialect.spec()).iter().filter(|stated| stated.is_executed()) {
        let Stated { name, value, changes, source, .. } = stated;
        let mut here: Vec<&mut Ground> = grounds.iter_mut().filter(|ground| stated.holds(ground.dialect())).collect();
        if here.is_empty() {
            if hunts && *source == Some(Evidence::Executed) {
                found.wrong.push(format!("{} {name}: {value} is executed on no engine that runs", dialect.name()));
            }
            continue;
        }
        for (other, spec) in changes {
            let change = format!("{} {name} {value} -> {other}", dialect.name());
            if !only.split(',').any(|part| change.contains(part)) {
                continue;
            }
            let reason = survivors.reason(dialect.name(), name, other);
            // to see that nothing fails takes all cases, so it is done for the parts that are asked for only
            if let (Some(reason), "") = (reason, only) {
                found.table.push(format!("{change} | listed: {reason}"));
                continue;
            }
            let known = earlier.by(&change);
            if known.is_none() && !hunts {
                found.unknown += 1;
                continue;
            }
            let again = known.and_then(|by| {
                let why = here.iter_mut().find_map(|ground| ground.try_again(spec, by, PROBES))?;
                Some((by.to_owned(), why))
            });
            let caught = again.or_else(|| here.iter_mut().find_map(|ground| ground.hunt(spec, name, PROBES)));
            match (caught, reason) {
                (Some((by, why)), None) => {
                    let why = why.lines().next().unwrap_or_default().to_owned();
                    found.table.push(format!("{change} | {by} | {why}"));
                    found.caught.push((change, by));
                }
                (Some((by, _)), Some(_)) => {
                    found.wrong.push(format!("{change}: listed as a survivor, but {by} catches it"));
                }
                (None, Some(reason)) => found.table.push(format!("{change} | survives: {reason}")),
                (None, None) => {
                    engine::say(&format!("SURVIVOR {change}"));
                    found.wrong.push(format!("{change}: nothing fails"));
                }
            }
        }
    }
    found
}
