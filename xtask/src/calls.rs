//! Counts what a call of a named update spends, keeps it in `benches/results/calls.tsv`, and makes a table of it.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::contest::build;
use crate::count;
use crate::figures::Figures;
use crate::process::{self, Failure};

const FILE: &str = "benches/results/calls.tsv";

const WAYS: [&str; 3] = ["bind", "compile", "read"];
const LENGTHS: [&str; 2] = ["short", "long"];

/// A call that only binds costs the same however long the text is, but for what a counter may be off.
const SAME: f64 = 1.01;

/// What one call spends.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Spent {
    way: String,
    length: String,
    /// Of the SQL.
    bytes: u64,
    instructions: u64,
    allocations: u64,
}

/// Measures all calls, and keeps it.
pub(crate) fn run() -> Result<(), Failure> {
    count::find()?;
    let program = build()?;
    let about = count::about()?;
    let mut lines = Vec::new();
    for way in WAYS {
        for length in LENGTHS {
            lines.push(Spent::count(&program, way, length)?);
        }
    }
    Figures { about, lines }.write(FILE)
}

/// Whether a call that binds writes no text: it costs the same for a short text and for a long one.
pub(crate) fn judge(program: &Path) -> Result<bool, Failure> {
    let short = Spent::count(program, "bind", "short")?;
    let long = Spent::count(program, "bind", "long")?;
    println!(
        "a call: {} instructions and {} allocations for {} bytes of SQL, {} and {} for {}",
        short.instructions, short.allocations, short.bytes, long.instructions, long.allocations, long.bytes
    );
    Ok(long.costs_as(&short))
}

impl Spent {
    fn count(program: &Path, way: &str, length: &str) -> Result<Self, Failure> {
        let arguments = |way: &str, times: u64| ["call", way, length, &times.to_string()].map(str::to_owned);
        let instructions = |times| count::instructions(program, &arguments(way, times));
        let allocations = |times| count::memory(program, &arguments(way, times)).map(|(allocations, _)| allocations);
        let bytes = process::read(Command::new(program).args(arguments("size", 1)))?;
        let bytes = bytes.trim().parse().map_err(|_| Failure::new(format!("not a size: {bytes}")))?;
        Ok(Self {
            way: way.into(),
            length: length.into(),
            bytes,
            instructions: (instructions(110)? - instructions(10)?) / 100,
            allocations: (allocations(110)? - allocations(10)?) / 100,
        })
    }

    /// Whether it costs the same as another.
    fn costs_as(&self, other: &Self) -> bool {
        self.instructions as f64 <= other.instructions as f64 * SAME && self.allocations == other.allocations
    }
}

/// The table of what is kept.
pub(crate) fn section() -> Result<String, Failure> {
    let Figures { about, lines } = Figures::<Spent>::read(FILE)?;
    let mut section = INTRODUCTION.replace("{about}", &about);
    for Spent { way, length, bytes, instructions, allocations } in &lines {
        let _ = writeln!(section, "| {} | {length} | {bytes} | {instructions} | {allocations} |", title(way));
    }
    Ok(section)
}

fn title(way: &str) -> &str {
    match way {
        "bind" => "compiled once, bound",
        "compile" => "compiled",
        "read" => "read and compiled",
        other => other,
    }
}

const INTRODUCTION: &str = "\
## What a call of a named update costs

An update with three parameters, called with three arguments, for PostgreSQL: compiled once by `prepare` and then bound, compiled for each call,
and read from its text for each call as well. The long update has the same parameters and a condition of 199 further parts.

A call that binds reads and writes no text, so it costs the same whatever the length; `cargo xtask bench --gate` holds it to that. Instructions are
callgrind's for 110 calls less those for ten, allocations dhat's in the same way; both for one call.

- **With**: {about}.

| a call is | update | bytes of SQL | instructions | allocations |
|---|---|--:|--:|--:|
";

#[cfg(test)]
mod tests {
    use super::Spent;

    #[test]
    fn a_call_that_grows_with_the_text_is_found() {
        let spent = |instructions, allocations| Spent {
            way: "bind".into(),
            length: "short".into(),
            bytes: 300,
            instructions,
            allocations,
        };
        assert!(spent(1_010, 9).costs_as(&spent(1_000, 9)));
        assert!(!spent(1_011, 9).costs_as(&spent(1_000, 9)));
        assert!(!spent(1_000, 10).costs_as(&spent(1_000, 9)));
    }
}
