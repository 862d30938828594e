//! Random updates of chains of tables with rows that follow, on every engine: executed, and all tables afterwards are the
//! model's. Only updates that change a row are counted.
//!
//! `SETWISE_SPANS` says how many to count on SQLite; a tenth of that on each server. `SETWISE_SEED` starts elsewhere,
//! `SETWISE_ENGINES` names those to run on. A failure is shrunk and kept as a case file.

mod case;
mod engine;
mod generate;
mod matrix;
mod model;
mod run;

use std::collections::BTreeMap;

use generate::{Caps, Span};
use matrix::{Matrix, Outcome};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use run::{Means, Subject, all_means};
use setwise::TimestampTz;

/// How many updates are counted on SQLite when nothing is said.
const COUNTED: usize = 200;

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

#[test]
fn on_sqlite() {
    prove("sqlite", number("SETWISE_SPANS", COUNTED));
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
    let all = number("SETWISE_SPANS", COUNTED);
    for name in engine::names().filter(|name| name.starts_with(kind)) {
        prove(name, all.div_ceil(10));
    }
}

fn is_asked_for(name: &str) -> bool {
    std::env::var("SETWISE_ENGINES").map_or(true, |names| names.split(',').any(|asked| asked == name))
}

fn prove(name: &str, wanted: usize) {
    let Some(mut engine) = Some(name).filter(|name| is_asked_for(name)).and_then(engine::connect) else { return };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("SETWISE_SEED", 1).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let strategy = generate::spans(caps(engine.name()));
    let means = all_means(engine.dialect());
    let (mut made, mut changed, mut failed, mut refused) = (0, 0, 0, BTreeMap::<String, usize>::new());
    let mut failures = Vec::new();
    while changed < wanted && made < 20 * wanted && failures.len() < 5 {
        let mut tree = strategy.new_tree(&mut runner).expect("a span");
        let chosen = means[made % means.len()];
        match judge(&tree.current(), &mut *engine, chosen) {
            Outcome::Equal { matched } => changed += usize::from(matched),
            Outcome::Failed | Outcome::RefusedEverywhere(_) => failed += 1,
            Outcome::Refused(codes) => *refused.entry(codes.join("+")).or_default() += 1,
            Outcome::Wrong(why) => failures.push(keep(
                &generate::shrink(&mut tree, &why, |found| judge(found, &mut *engine, chosen).wrong()),
                made,
                chosen,
                &*engine,
            )),
        }
        made += 1;
    }
    let label = engine.label();
    engine::say(&format!(
        "{label}: {made} spans, {changed} changed rows, {failed} failed as they must, refused {refused:?}"
    ));
    assert!(failures.is_empty(), "{}", failures.join("\n\n----\n\n"));
    assert!(changed >= wanted, "{label}: too few changed a row");
    assert!(refused.values().sum::<usize>() * 4 <= made, "{label}: too many were refused");
}

fn judge(span: &Span, engine: &mut dyn engine::Engine, means: Means) -> Outcome {
    let now = TimestampTz::utc(span.now);
    let mut tables = span.tables.iter().cloned();
    let data = tables.next().expect("a table");
    let (name, others, update) = ("generated".into(), tables.collect(), span.update());
    let mut matrix = Matrix::default();
    Subject { name, schema: &span.schema, data, others, update, now }.run_by(&[means], engine, &mut matrix);
    matrix.into_only()
}

/// Keeps a failing span as a case among the others, which run ever after, and shows it.
fn keep((found, why): &(Span, String), index: usize, means: Means, engine: &dyn engine::Engine) -> String {
    let (engine, seed) = (engine.name(), number("SETWISE_SEED", 1));
    let about = format!("Found by chance on {engine} by {} {:?} {}.", means.strategy.name(), means.output, means.chunk);
    let name = format!("found/span_{engine}_{seed}_{index}");
    let tables: Vec<_> = found.tables.iter().map(|data| (&data.table, &data.rows[..])).collect();
    let text = case::print_tables(&about, engine, &tables, &found.update(), found.now);
    case::save(&name, &text);
    format!("{name}\n{why}\n\n{text}")
}
