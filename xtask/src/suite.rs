//! The tests themselves: `cargo test --workspace`, and the sum of what its programs report.

use std::process::{Command, Stdio};

use crate::checkout;
use crate::engines::Engines;
use crate::process::{self, Failure};

/// What a run of the tests came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    passed: bool,
    programs: usize,
    counts: [usize; 3],
}

/// What the programs count, in the words of their closing lines.
const COUNTED: [&str; 3] = ["passed", "failed", "ignored"];

impl Outcome {
    pub(crate) fn passed(&self) -> bool {
        self.passed
    }

    /// The sum over all test programs.
    pub(crate) fn total(&self) -> String {
        let counts = self.counts.iter().zip(COUNTED).map(|(count, word)| format!("{count} {word}"));
        format!("in all: {} ({} test programs)", counts.collect::<Vec<_>>().join(", "), self.programs)
    }

    /// Adds a line such as `test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; ...`.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        self.programs += 1;
        for part in result.split([';', '.']) {
            let Some((count, word)) = part.trim().split_once(' ') else { continue };
            if let (Ok(count), Some(at)) = (count.parse::<usize>(), COUNTED.iter().position(|known| *known == word)) {
                self.counts[at] += count;
            }
        }
    }
}

/// The arguments before the tests' own, which follow a second `--`.
fn cargo(extra: &[String]) -> Command {
    let mut command = checkout::cargo();
    command.args(["test", "--workspace"]).args(extra.iter().take_while(|argument| *argument != "--"));
    command
}

/// Compiles the tests; whether that went well.
pub(crate) fn build(extra: &[String]) -> Result<bool, Failure> {
    Ok(process::run(cargo(extra).arg("--no-run"))?.success())
}

/// Runs the tests against the engines, with variables that say how much of them.
pub(crate) fn run(extra: &[String], variables: &[(&str, String)], engines: &Engines) -> Result<Outcome, Failure> {
    let mut command = cargo(extra);
    command.args(extra.iter().skip_while(|argument| *argument != "--"));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let mut child = process::spawn(against(&mut command, engines).stdout(Stdio::piped()))?;
    let mut outcome = Outcome::default();
    let output = child.stdout.take();
    outcome.passed = process::watch(&mut child, output, |line| {
        println!("{line}");
        outcome.add(line);
    })?
    .success();
    Ok(outcome)
}

/// Looks on the engines for a test that fails for each change of a fact whose text has one of the parts.
pub(crate) fn hunt(parts: &[String], engines: &Engines) -> Result<bool, Failure> {
    let mut command = checkout::cargo();
    command.args(["test", "--package", "setwise", "--test", "facts", "--", "--nocapture"]);
    Ok(process::run(against(&mut command, engines).env("SETWISE_FACTS", parts.join(",")))?.success())
}

/// A command that knows the addresses of these engines, and of no others.
fn against<'c>(command: &'c mut Command, engines: &Engines) -> &'c mut Command {
    engines.unused().for_each(|variable| _ = command.env_remove(variable));
    command.envs(engines.addresses())
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn sums_closing_lines() {
        let mut outcome = Outcome::default();
        outcome.add("test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        outcome.add("test name ... ok");
        outcome
            .add("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s");
        assert_eq!(outcome.total(), "in all: 9 passed, 3 failed, 1 ignored (2 test programs)");
    }
}
