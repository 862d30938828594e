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

impl Outcome {
    /// What is wrong, where something is.
    pub fn wrong(self) -> Option<String> {
        if let Self::Wrong(why) = self { Some(why) } else { None }
    }
}

/// The outcomes of all runs.
#[derive(Debug, Default)]
pub struct Matrix {
    cells: BTreeMap<(String, String), Vec<(String, Outcome)>>,
}

impl Matrix {
    /// Adds the outcome of a run.
    pub fn add(&mut self, case: &str, engine: &str, means: &str, outcome: Outcome) {
        self.cells.entry((case.to_owned(), engine.to_owned())).or_default().push((means.to_owned(), outcome));
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

    /// A line for each case with what became of its runs on each engine, and the sums.
    ///
    /// `30` are thirty runs that ended as the model says; `-` marks runs that failed as they must, and codes refusals.
    pub fn lines(&self) -> Vec<String> {
        let mut cases: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((case, engine), runs) in &self.cells {
            cases.entry(case).or_default().push(format!("{engine} {}", sum(runs)));
        }
        let mut lines: Vec<String> =
            cases.into_iter().map(|(case, engines)| format!("{case:<44} {}", engines.join(" | "))).collect();
        let [equal, failed, must, refused, wrong] = self.counts();
        lines.push(format!(
            "equal {equal}, failed as they must {failed}, refused as they must {must}, refused {refused}, wrong {wrong}"
        ));
        lines
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

/// What became of the runs of a case on an engine, in a few words.
fn sum(runs: &[(String, Outcome)]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, outcome) in runs {
        let word = match outcome {
            Outcome::Equal { .. } => String::new(),
            Outcome::Failed => "-".to_owned(),
            Outcome::RefusedEverywhere(codes) | Outcome::Refused(codes) => codes.join("+"),
            Outcome::Wrong(_) => "WRONG".to_owned(),
        };
        *counts.entry(word).or_default() += 1;
    }
    let parts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}").trim().to_owned()).collect();
    parts.join(", ")
}
