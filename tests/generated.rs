//! Random updates on every engine: executed, and the whole table afterwards is the model's. Only updates that change
//! a row are counted.
//!
//! `SETWISE_GENERATED` says how many to count on SQLite; a tenth of that on each server, less on further versions of it.
//! `SETWISE_SEED` starts elsewhere.

mod case;
mod engine;
mod generate;
mod matrix;
mod model;
mod run;

use std::collections::HashSet;

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

#[test]
fn generated_updates_end_as_the_model_says() {
    let all = number("SETWISE_GENERATED", COUNTED);
    let seed = number("SETWISE_SEED", 1);
    let mut seen = HashSet::new();
    for mut engine in engine::connect_all() {
        // a tenth on the first server of each kind, half of that on the others
        let wanted = match (engine.name(), seen.insert(engine.name())) {
            ("sqlite", _) => all,
            (_, true) => all.div_ceil(10),
            (_, false) => all.div_ceil(20),
        };
        let mut matrix = Matrix::default();
        let mut seed_bytes = [0; 32];
        seed_bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed_bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategy = generate::case(caps(engine.name()));
        let means = all_means();
        let (mut index, mut failures) = (0, Vec::new());
        while matrix.matched() < wanted && index < 20 * wanted {
            let mut tree = strategy.new_tree(&mut runner).expect("a case");
            let chosen = means[index % means.len()];
            let outcome = judge(&tree.current(), &mut *engine, chosen);
            if let Outcome::Wrong(why) = &outcome {
                failures.push(shrink(&mut tree, &mut *engine, chosen, why, index));
                if failures.len() == 5 {
                    break;
                }
            }
            matrix.add("generated", &engine.label(), &index.to_string(), outcome);
            index += 1;
        }
        let [equal, failed, must, refused, wrong] = matrix.counts();
        engine::say(&format!(
            "{}: {index} updates, {} executed and changing rows, {equal} equal, {failed} failed as they must, {must} refused \
             as they must, {refused} refused {:?}, {wrong} wrong",
            engine.label(),
            matrix.matched(),
            matrix.refusals(),
        ));
        assert!(failures.is_empty(), "{}", failures.join("\n\n----\n\n"));
        assert!(matrix.matched() >= wanted, "{}: too few changed a row", engine.label());
        assert!(refused * 5 <= index, "{}: {refused} of {index} were refused", engine.label());
    }
}

fn judge(case: &Case, engine: &mut dyn engine::Engine, means: Means) -> Outcome {
    let now = TimestampTz::utc(case.now);
    let subject =
        Subject { name: "generated".into(), schema: &case.schema, data: case.data.clone(), update: case.update(), now };
    let mut matrix = Matrix::default();
    subject.run_by(&[means], engine, &mut matrix);
    matrix.into_only()
}

/// Makes a failing case as small as it gets, and shows it.
fn shrink<T: ValueTree<Value = Case>>(
    tree: &mut T,
    engine: &mut dyn engine::Engine,
    means: Means,
    why: &str,
    index: usize,
) -> String {
    let mut smallest = (tree.current(), why.to_owned());
    let mut steps = 0;
    while steps < 400 && tree.simplify() {
        loop {
            steps += 1;
            if let Outcome::Wrong(why) = judge(&tree.current(), engine, means) {
                smallest = (tree.current(), why);
                break;
            }
            if steps >= 400 || !tree.complicate() {
                break;
            }
        }
    }
    let (case, why) = smallest;
    format!("case {index} on {} by {means:?}\n{why}\n{:#?}\n{}", engine.label(), case.data, case.update())
}
