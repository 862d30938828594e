//! The page of figures.

use std::fs;
use std::process::Command;

use crate::checkout;
use crate::process::{self, Failure, while_doing};
use crate::{calls, contest, execute, files};

const PAGE: &str = "docs/performance.md";

/// Writes the page from all that is kept; whether the planner chooses well by it.
pub(crate) fn write() -> Result<bool, Failure> {
    let (engines, is_well_chosen) = execute::section()?;
    let page = [INTRODUCTION.to_owned(), contest::section()?, calls::section()?, files::section()?, engines].join("\n");
    fs::write(checkout::root().join(PAGE), page).map_err(while_doing(format!("writing {PAGE}")))?;
    Ok(is_well_chosen)
}

/// The machine, and what is measured.
pub(crate) fn here() -> String {
    format!("{}; setwise at {}", machine(), commit())
}

/// The processors.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let count = cpus.lines().filter(|line| line.starts_with("processor")).count();
    format!("{} ({count} processors)", model.trim_start_matches(['\t', ' ', ':']))
}

fn commit() -> String {
    let said = process::read(Command::new("git").args(["describe", "--always", "--dirty"])).unwrap_or_default();
    said.trim().to_owned()
}

const INTRODUCTION: &str = "\
<!-- written by `cargo xtask bench` -->
# Performance

What setwise spends on writing SQL, from memory and from files, and what engines spend on executing it. `cargo xtask bench`
and `--calls` measure the first, `--files` the second and `--execute` the third; each keeps its figures in `benches/results` and writes
this page from all of them, as `--tables` does without measuring.
";
