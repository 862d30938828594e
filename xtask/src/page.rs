//! The page of figures, and the files in `benches/results` that it is made from.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::checkout;
use crate::process::{self, Failure, while_doing};
use crate::{contest, execute, files};

const PAGE: &str = "docs/performance.md";
const RESULTS: &str = "benches/results";

/// Writes the page from all that is kept; whether the planner chooses well by it.
pub(crate) fn write() -> Result<bool, Failure> {
    let (engines, is_well_chosen) = execute::section()?;
    let page = [INTRODUCTION.to_owned(), contest::section()?, files::section()?, engines].join("\n");
    fs::write(checkout::root().join(PAGE), page).map_err(while_doing(format!("writing {PAGE}")))?;
    Ok(is_well_chosen)
}

/// Lines of figures, and what they were measured with.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) about: String,
    pub(crate) lines: Vec<String>,
}

impl Kept {
    /// Reads a file of lines behind a head.
    pub(crate) fn read(name: &str, head: &str) -> Result<Self, Failure> {
        let text = fs::read_to_string(file(name)).map_err(while_doing(format!("reading the results of {name}")))?;
        let about = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned();
        let lines = text.lines().filter(|line| !line.starts_with('#') && *line != head).map(str::to_owned).collect();
        Ok(Self { about, lines })
    }

    /// Writes them in the place of what was there.
    pub(crate) fn write(&self, name: &str, head: &str) -> Result<(), Failure> {
        let Self { about, lines } = self;
        fs::create_dir_all(checkout::root().join(RESULTS)).map_err(while_doing(format!("creating {RESULTS}")))?;
        let text = format!("# {about}\n{head}\n{}\n", lines.join("\n"));
        fs::write(file(name), text).map_err(while_doing(format!("writing the results of {name}")))
    }
}

fn file(name: &str) -> PathBuf {
    checkout::root().join(RESULTS).join(format!("{name}.tsv"))
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
measures the first, `--files` the second and `--execute` the third; each keeps its figures in `benches/results` and writes
this page from all of them, as `--tables` does without measuring.
";
