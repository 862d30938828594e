//! Counts what setwise and its rivals spend on a value, and writes the table into `docs/performance.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout;
use crate::execute;
use crate::process::{self, Failure, while_doing};

const PAGE: &str = "docs/performance.md";

/// The forms of the update, and the contestants that write each.
const FORMS: [(&str, &str); 4] = [
    ("values", "values inline"),
    ("values-declared", "values inline, with a schema"),
    ("case", "case inline"),
    ("binds", "values with binds"),
];

/// A contestant at a size, as the clock saw it: nanoseconds per value, and the bytes of its SQL.
struct Timed {
    contestant: String,
    rows: usize,
    columns: usize,
    nanoseconds: String,
    bytes: u64,
}

/// What a contestant spends at a size.
#[derive(Clone, Copy)]
struct Spent {
    /// Instructions per value.
    instructions: f64,
    /// Allocations per statement.
    blocks: u64,
    /// The most memory at a time, over the bytes of SQL.
    peak: f64,
}

/// Measures all contestants, and writes the page.
pub(crate) fn write() -> Result<(), Failure> {
    let program = build()?;
    if process::find("valgrind").is_none() {
        return Err(Failure::new("`valgrind` is not installed; it counts instructions and memory"));
    }
    let timed = time(&program)?;
    let mut spent = BTreeMap::new();
    for timed in &timed {
        eprintln!("counting {} at {} x {}", timed.contestant, timed.rows, timed.columns);
        spent.insert((timed.contestant.as_str(), timed.rows, timed.columns), count(&program, timed)?);
    }
    let mut page = introduction()?;
    let mut sizes: Vec<(usize, usize)> = timed.iter().map(|timed| (timed.columns, timed.rows)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for (columns, rows) in sizes.into_iter().rev() {
        let plural = if columns == 1 { "" } else { "s" };
        let _ = write!(page, "\n## {rows} rows, {columns} assigned column{plural}\n\n{HEAD}");
        for (form, title) in FORMS {
            let rival = format!("sea-query-{}", form.trim_end_matches("-declared"));
            let rival = spent.get(&(rival.as_str(), rows, columns));
            for timed in timed.iter().filter(|timed| timed.rows == rows && timed.columns == columns) {
                let Some(who) = timed.contestant.strip_suffix(&format!("-{form}")) else { continue };
                let Some(own) = spent.get(&(timed.contestant.as_str(), rows, columns)) else { continue };
                let ratio = rival.map_or(f64::NAN, |rival| rival.instructions / own.instructions);
                let Spent { instructions, blocks, peak } = own;
                let _ = writeln!(
                    page,
                    "| {title} | {who} | {instructions:.0} | {ratio:.1} | {blocks} | {peak:.2} | {} | {:.1} |",
                    timed.nanoseconds,
                    timed.bytes as f64 / (rows * columns) as f64,
                );
            }
        }
    }
    let section = execute::section()?;
    write_page(&page, &section)
}

/// Writes another section about what engines spend behind what the page says of the compiler.
pub(crate) fn write_section(section: &str) -> Result<(), Failure> {
    let page = fs::read_to_string(checkout::root().join(PAGE)).map_err(while_doing(format!("reading {PAGE}")))?;
    write_page(page.split_once(EXECUTION).map_or(page.as_str(), |(before, _)| before), section)
}

fn write_page(compiler: &str, section: &str) -> Result<(), Failure> {
    let page = format!("{}\n\n{EXECUTION}\n{section}", compiler.trim_end());
    fs::write(checkout::root().join(PAGE), page).map_err(while_doing(format!("writing {PAGE}")))
}

/// What stands between the page's parts.
const EXECUTION: &str = "<!-- behind this line written by `cargo xtask bench --execute` -->";

const HEAD: &str = "\
| form | by | instructions per value | fewer than sea-query by | allocations per statement | peak memory / bytes of SQL | ns per value | bytes of SQL per value |
|---|---|--:|--:|--:|--:|--:|--:|
";

/// Builds the contestants; the path of their program.
fn build() -> Result<PathBuf, Failure> {
    if !process::run(checkout::cargo().args(["build", "--release", "--package", "setwise-bench"]))?.success() {
        return Err(Failure::new("the contestants do not compile"));
    }
    Ok(checkout::target().join("release/setwise-bench"))
}

fn time(program: &Path) -> Result<Vec<Timed>, Failure> {
    let table = process::read(Command::new(program).arg("table"))?;
    let read = |line: &str| {
        let mut parts = line.split('\t');
        let mut next = || parts.next();
        Some(Timed {
            contestant: next()?.to_owned(),
            rows: next()?.parse().ok()?,
            columns: next()?.parse().ok()?,
            nanoseconds: next()?.to_owned(),
            bytes: next()?.parse().ok()?,
        })
    };
    let lines =
        table.lines().map(|line| read(line).ok_or_else(|| Failure::new(format!("not a line of times: {line}"))));
    lines.collect()
}

/// Runs a contestant by itself under valgrind. Preparing the rows is left out by the difference of two runs.
fn count(program: &Path, timed: &Timed) -> Result<Spent, Failure> {
    let Timed { contestant, rows, columns, bytes, .. } = timed;
    let run = |tool: &str, file: &str, iterations: u64| {
        let mut command = Command::new("valgrind");
        command.args([format!("--tool={tool}"), format!("--{file}=/dev/null"), "--log-fd=1".into()]);
        command.arg(program).args(["run", contestant]).args([rows.to_string(), columns.to_string()]);
        process::read(command.arg(iterations.to_string()))
    };
    let instructions = |iterations| number(&run("callgrind", "callgrind-out-file", iterations)?, "Collected : ");
    let (one, three) = (instructions(1)?, instructions(3)?);
    let memory = |iterations| {
        let said = run("dhat", "dhat-out-file", iterations)?;
        Ok((number(&said, "bytes in ")?, number(&said, "At t-gmax: ")?))
    };
    let ((none, prepared), (once, peak)): ((u64, u64), (u64, u64)) = (memory(0)?, memory(1)?);
    Ok(Spent {
        instructions: (three - one) as f64 / 2.0 / (rows * columns) as f64,
        blocks: once - none,
        peak: (peak - prepared) as f64 / *bytes as f64,
    })
}

/// The first number behind some words, such as `789,492`.
fn number(said: &str, words: &str) -> Result<u64, Failure> {
    let digits = said.split_once(words).map(|(_, rest)| rest.chars().take_while(|c| c.is_ascii_digit() || *c == ','));
    let digits: Option<String> = digits.map(|digits| digits.filter(char::is_ascii_digit).collect());
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| Failure::new(format!("no `{words}` in `{said}`")))
}

fn introduction() -> Result<String, Failure> {
    let rustc = process::version(&mut Command::new("rustc"))?;
    let valgrind = process::read(Command::new("valgrind").arg("--version"))?;
    Ok(INTRODUCTION
        .replace("{rustc}", &rustc)
        .replace("{valgrind}", valgrind.trim().trim_start_matches("valgrind-"))
        .replace("{machine}", &machine())
        .replace("{commit}", &commit()))
}

/// The processors.
pub(crate) fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let count = cpus.lines().filter(|line| line.starts_with("processor")).count();
    format!("{} ({count} processors)", model.trim_start_matches(['\t', ' ', ':']))
}

/// What is measured.
pub(crate) fn commit() -> String {
    let said = process::read(Command::new("git").args(["describe", "--always", "--dirty"])).unwrap_or_default();
    said.trim().to_owned()
}

const INTRODUCTION: &str = "\
<!-- written by `cargo xtask bench` -->
# What a value costs

The same update, from rows in memory to PostgreSQL's SQL in one statement, written by setwise, by sea-query 1.0.2 and
by hand with `write!` and `push_str` (`plain`). Instructions decide: they do not depend on what else the machine does.
Times were taken on a shared machine and are information only.

- **Rows**: sorted by an integer key, from a fixed seed. One assigned column is a text of two to six short words; four
  are a text, an integer, a decimal and an instant. 3 % of the values are NULL, 5 % of the texts hold a quote.
- **A value** is one assigned cell; the keys are part of its cost.
- **What is counted**: for setwise everything from `&Update` to the last step's text: checking, planning and writing.
  sea-query builds its tree, writes it and drops it. The plain writer checks nothing. Preparing the rows is not counted.
- **What is equal**: setwise's text is the plain writer's byte for byte, and all of them leave the same table on
  PostgreSQL (`benches/tests/agree.rs`). sea-query names no columns in `VALUES` and casts where they are read; it
  holds instants and decimals as text, which setwise holds as typed values and writes itself.
- **How**: instructions are callgrind's for three runs less those for one, halved; allocations and peak memory are
  dhat's, less the input; the peak holds text and parameters. Nanoseconds are the median of seven.
- **With**: rustc {rustc}, release profile; valgrind {valgrind}; {machine}; setwise at {commit}.

The budget (10,000 rows of 4 columns): values inline 180, case inline 300, values with binds 100 instructions per value.
";
