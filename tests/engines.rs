//! Every case on every engine, in every legal strategy, with parameters and inline, chunked and not: the whole table
//! afterwards is the model's.

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use case::Case;

use matrix::Matrix;

#[test]
fn cases_end_as_the_model_says() {
    let mut cases: Vec<Case> = case::load("updates");
    // `SETWISE_CASES=policies/` runs the cases with that in their names, while one is at work on them
    if let Ok(only) = std::env::var("SETWISE_CASES") {
        cases.retain(|case| case.name.contains(&only));
        engine::say(&format!("only {} cases, those of SETWISE_CASES={only}", cases.len()));
    }
    let mut matrix = Matrix::default();
    for mut engine in engine::connect_all() {
        for case in &cases {
            if case.is_for(engine.dialect()) {
                run::run_case(case, &mut *engine, &mut matrix);
            }
        }
    }
    matrix.lines().iter().for_each(|line| engine::say(line));
    matrix.assert_good(cases.len());
}
