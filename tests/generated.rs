//! Random updates on every engine: executed, and the whole table afterwards is the model's. Only updates that change
//! a row are counted.
//!
//! `SETWISE_GENERATED` says how many to count on SQLite; a tenth of that on each server.
//! `SETWISE_SEED` starts elsewhere, `SETWISE_ENGINES` names those to run on. A failure is shrunk and kept as a case file.

mod case;
mod engine;
mod generate;
mod matrix;
mod model;
mod run;

use std::collections::BTreeMap;
use std::fmt;

use generate::{Caps, Case};
use matrix::{Matrix, Outcome};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use run::{Means, Subject, all_means};
use setwise::TimestampTz;

/// How many updates are counted on SQLite when nothing is said.
const COUNTED: usize = 300;

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

fn caps(name: &str) -> &'static Caps {
    match name {
        "sqlite" => &Caps::SQLITE,
        "postgres" => &Caps::POSTGRES,
        "mysql" => &Caps::MYSQL,
        "mariadb" => &Caps::MARIADB,
        other => panic!("no random cases for {other}"),
    }
}

/// What the runs on one engine came to.
#[derive(Debug, Default)]
struct Tally {
    made: usize,
    /// Executed, changed rows, and left the table that the model says.
    changed: usize,
    equal: usize,
    failed: usize,
    refused_by_all: usize,
    /// Refused though the model can do it, by code.
    refused: BTreeMap<String, usize>,
    differing: usize,
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        self.made += 1;
        match outcome {
            Outcome::Equal { matched } => {
                self.equal += 1;
                self.changed += usize::from(*matched);
            }
            Outcome::Failed => self.failed += 1,
            Outcome::RefusedEverywhere(_) => self.refused_by_all += 1,
            Outcome::Refused(codes) => *self.refused.entry(codes.join("+")).or_default() += 1,
            Outcome::Wrong(_) => self.differing += 1,
        }
    }

    fn refusals(&self) -> usize {
        self.refused.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { made, changed, equal, failed, refused_by_all, refused, differing } = self;
        write!(
            f,
            "{made} updates, {changed} executed and changing rows, {equal} equal, {failed} failed as they must, "
        )?;
        write!(
            f,
            "{refused_by_all} refused as they must, {} refused {refused:?}, {differing} differing",
            self.refusals()
        )
    }
}

#[test]
fn on_sqlite() {
    prove("sqlite", number("SETWISE_GENERATED", COUNTED));
}

#[test]
fn on_postgres() {
    prove_on_servers("postgres");
}

#[test]
fn on_mariadb() {
    prove_on_servers("mariadb");
}

#[test]
fn on_mysql() {
    prove_on_servers("mysql");
}

/// A tenth of the updates on each server of a kind, one behind the other.
fn prove_on_servers(kind: &str) {
    let all = number("SETWISE_GENERATED", COUNTED);
    for name in engine::names().filter(|name| name.starts_with(kind)) {
        prove(name, all.div_ceil(10));
    }
}

/// Whether an engine is one of those that were asked for; without the variable, all are.
fn is_asked_for(name: &str) -> bool {
    std::env::var("SETWISE_ENGINES").map_or(true, |names| names.split(',').any(|asked| asked == name))
}

fn prove(name: &str, wanted: usize) {
    let Some(mut engine) = Some(name).filter(|name| is_asked_for(name)).and_then(engine::connect) else { return };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("SETWISE_SEED", 1).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = generate::case(caps(engine.name()));
    let means = all_means(engine.dialect());
    let (mut tally, mut failures) = (Tally::default(), Vec::new());
    while tally.changed < wanted && tally.made < 20 * wanted && failures.len() < 5 {
        let mut tree = strategy.new_tree(&mut runner).expect("a case");
        let chosen = means[tally.made % means.len()];
        let outcome = judge(&tree.current(), &mut *engine, chosen);
        if let Outcome::Wrong(why) = &outcome {
            failures.push(keep(
                &generate::shrink(&mut tree, why, |found| judge(found, &mut *engine, chosen).wrong()),
                tally.made,
                chosen,
                &*engine,
            ));
        }
        tally.add(&outcome);
    }
    engine::say(&format!("{}: {tally}", engine.label()));
    assert!(failures.is_empty(), "{}", failures.join("\n\n----\n\n"));
    assert!(tally.changed >= wanted, "{}: too few changed a row", engine.label());
    assert!(tally.refusals() * 5 <= tally.made, "{}: too many were refused", engine.label());
}

fn judge(case: &Case, engine: &mut dyn engine::Engine, means: Means) -> Outcome {
    let now = TimestampTz::utc(case.now);
    let subject = Subject {
        name: "generated".into(),
        schema: &case.schema,
        data: case.data.clone(),
        others: Vec::new(),
        update: case.update(),
        now,
    };
    let mut matrix = Matrix::default();
    subject.run_by(&[means], engine, &mut matrix);
    matrix.into_only()
}

/// Keeps a failing case as a file among the others, which run ever after, and shows it.
fn keep((found, why): &(Case, String), index: usize, means: Means, engine: &dyn engine::Engine) -> String {
    let (engine, seed) = (engine.name(), number("SETWISE_SEED", 1));
    let about = format!("Found by chance on {engine} by {} {:?} {}.", means.strategy.name(), means.output, means.chunk);
    let name = format!("found/{engine}_{seed}_{index}");
    let text = case::print(&about, engine, &found.data.table, &found.data.rows, &found.update(), found.now);
    case::save(&name, &text);
    format!("{name}\n{why}\n\n{text}")
}
