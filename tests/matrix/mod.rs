//! The matrix case x engine x means, with its refusals and their codes.
#![allow(dead_code, reason = "each test program uses its own part of this module")]

use std::collections::BTreeMap;

/// What became of one run.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The table is the model's; `matched` says that the update changed it.
    Equal { matched: bool },
    /// The engine failed, as the model says that it must, and left the table as it was.
    Failed,
    /// The compiler refused what the model refuses too.
    RefusedEverywhere(Vec<String>),
    /// The compiler refused what the model could do.
    Refused(Vec<String>),
    /// Anything else.
    Wrong(String),
}

/// The outcomes of all runs.
#[derive(Debug, Default)]
pub struct Matrix {
    cells: BTreeMap<(String, &'static str), Vec<(String, Outcome)>>,
}

impl Matrix {
    /// Adds the outcome of a run.
    pub fn add(&mut self, case: &str, engine: &'static str, means: &str, outcome: Outcome) {
        self.cells.entry((case.to_owned(), engine)).or_default().push((means.to_owned(), outcome));
    }

    /// How many runs ended in each way: equal, failed as they must, refused as they must, refused, wrong.
    pub fn counts(&self) -> [usize; 5] {
        let mut counts = [0; 5];
        for (_, outcome) in self.cells.values().flatten() {
            counts[match outcome {
                Outcome::Equal { .. } => 0,
                Outcome::Failed => 1,
                Outcome::RefusedEverywhere(_) => 2,
                Outcome::Refused(_) => 3,
                Outcome::Wrong(_) => 4,
            }] += 1;
        }
        counts
    }

    /// How many runs were executed and changed the table.
    pub fn matched(&self) -> usize {
        self.cells.values().flatten().filter(|(_, outcome)| matches!(outcome, Outcome::Equal { matched: true })).count()
    }

    /// The refusals that the model does not share, by code.
    pub fn refusals(&self) -> BTreeMap<String, usize> {
        let mut refusals = BTreeMap::new();
        for (_, outcome) in self.cells.values().flatten() {
            if let Outcome::Refused(codes) = outcome {
                *refusals.entry(codes.join("+")).or_default() += 1;
            }
        }
        refusals
    }

    /// The outcome of the only run.
    pub fn into_only(self) -> Outcome {
        let mut runs = self.cells.into_values().flatten();
        match (runs.next(), runs.next()) {
            (Some((_, outcome)), None) => outcome,
            runs => panic!("not one run: {runs:?}"),
        }
    }

    /// Prints a line for each case and engine, and the sums.
    pub fn print(&self) {
        for ((case, engine), runs) in &self.cells {
            let count = |wanted: fn(&Outcome) -> bool| runs.iter().filter(|(_, outcome)| wanted(outcome)).count();
            let equal = count(|outcome| matches!(outcome, Outcome::Equal { .. }));
            let failed = count(|outcome| matches!(outcome, Outcome::Failed));
            let wrong = count(|outcome| matches!(outcome, Outcome::Wrong(_)));
            let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
            for (_, outcome) in runs {
                if let Outcome::Refused(codes) | Outcome::RefusedEverywhere(codes) = outcome {
                    *refusals.entry(codes.join("+")).or_default() += 1;
                }
            }
            let refusals: Vec<String> = refusals.iter().map(|(code, count)| format!("{code} {count}")).collect();
            println!(
                "{case:<44} {engine:<9} equal {equal:>3}  failed {failed:>3}  wrong {wrong:>3}  {}",
                refusals.join(", ")
            );
        }
        let [equal, failed, must, refused, wrong] = self.counts();
        println!(
            "equal {equal}, failed as they must {failed}, refused as they must {must}, refused {refused}, wrong {wrong}"
        );
    }

    /// Fails where a run was wrong, or more than a fifth of the runs were refused.
    pub fn assert_good(&self, cases: usize) {
        let mut wrong = Vec::new();
        for ((case, engine), runs) in &self.cells {
            for (means, outcome) in runs {
                if let Outcome::Wrong(why) = outcome {
                    wrong.push(format!("{case} on {engine} by {means}: {why}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} runs are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n\n"));
        let [equal, failed, must, refused, _] = self.counts();
        let all = equal + failed + must + refused;
        assert!(refused * 5 <= all, "{refused} of {all} runs were refused, in {cases} cases");
    }
}
