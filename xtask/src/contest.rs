//! Counts what setwise and its rivals spend on a value, keeps it in `benches/results/compile.tsv`, and makes tables of it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use setwise_bench::{Contestant, Form, Writer};

use crate::checkout;
use crate::count;
use crate::figures::{Figures, rounded};
use crate::process::{self, Failure, while_doing};

const FILE: &str = "benches/results/compile.tsv";

/// What a contestant spends at a size.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Spent {
    writer: String,
    form: String,
    rows: usize,
    columns: usize,
    /// Instructions per value.
    instructions: f64,
    /// Allocations per statement.
    allocations: u64,
    /// The most memory at a time, over the bytes of SQL.
    peak: f64,
    /// Per value.
    nanoseconds: f64,
    bytes: u64,
}

/// Measures all contestants, and keeps it.
pub(crate) fn run() -> Result<(), Failure> {
    let program = build()?;
    count::find()?;
    let about = count::about()?;
    let mut lines = Vec::new();
    for timed in process::read(Command::new(&program).arg("table"))?.lines() {
        let timed: Vec<&str> = timed.split('\t').collect();
        let [writer, form, rows, columns, nanoseconds, bytes] = timed.as_slice() else {
            return Err(Failure::new(format!("not a line of times: {timed:?}")));
        };
        eprintln!("counting {writer} {form} at {rows} x {columns}");
        let number = |text: &str| text.parse().map_err(while_doing(format!("reading {text}")));
        let (rows, columns, bytes) = (number(rows)?, number(columns)?, number(bytes)?);
        let instructions = count_instructions(&program, writer, form, [rows, columns], [1, 3])?;
        let (allocations, peak) = count_memory(&program, writer, form, [rows, columns])?;
        lines.push(Spent {
            writer: (*writer).to_owned(),
            form: (*form).to_owned(),
            rows,
            columns,
            instructions: rounded(instructions, 1),
            allocations,
            peak: rounded(peak as f64 / bytes as f64, 3),
            nanoseconds: nanoseconds.parse().map_err(while_doing("reading a time"))?,
            bytes: bytes as u64,
        });
    }
    Figures { about, lines }.write(FILE)
}

/// Builds the contestants; the path of their program.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    if !process::run(checkout::cargo().args(["build", "--release", "--package", "setwise-bench"]))?.success() {
        return Err(Failure::new("the contestants do not compile"));
    }
    Ok(checkout::target().join("release/setwise-bench"))
}

fn arguments(writer: &str, form: &str, [rows, columns]: [usize; 2], times: u64) -> Vec<String> {
    let numbers = [rows.to_string(), columns.to_string(), times.to_string()];
    ["run", writer, form].map(str::to_owned).into_iter().chain(numbers).collect()
}

/// Instructions per value of one writing: by the difference of two runs, which leaves out preparing the rows.
pub(crate) fn count_instructions(
    program: &Path,
    writer: &str,
    form: &str,
    size: [usize; 2],
    times: [u64; 2],
) -> Result<f64, Failure> {
    let count = |times| count::instructions(program, &arguments(writer, form, size, times));
    let [few, more] = times;
    let spent = (count(more)? - count(few)?) / (more - few);
    Ok(spent as f64 / size.iter().product::<usize>() as f64)
}

/// The allocations of one writing, but for what is made once, and the most bytes at a time besides the input.
pub(crate) fn count_memory(program: &Path, writer: &str, form: &str, size: [usize; 2]) -> Result<(u64, u64), Failure> {
    let count = |times| count::memory(program, &arguments(writer, form, size, times));
    let ((_, prepared), (once, peak), (twice, _)) = (count(0)?, count(1)?, count(2)?);
    Ok((twice - once, peak.saturating_sub(prepared)))
}

impl Spent {
    /// The bytes of SQL per value; none where the values are in parameters that are no text.
    fn bytes_per_value(&self) -> f64 {
        self.bytes as f64 / (self.rows * self.columns) as f64
    }
}

/// The tables of what is kept.
pub(crate) fn section() -> Result<String, Failure> {
    let Figures { about, lines: all } = Figures::<Spent>::read(FILE)?;
    let mut section = INTRODUCTION.replace("{about}", &about);
    let sizes: BTreeSet<(usize, usize)> = all.iter().map(|spent| (spent.columns, spent.rows)).collect();
    for size in sizes.into_iter().rev() {
        let (columns, rows) = size;
        let plural = if columns == 1 { "" } else { "s" };
        let _ = write!(section, "\n### {rows} rows, {columns} assigned column{plural}\n\n{TABLE}");
        let of = |writer: &str, form: &str| {
            let is_it =
                |spent: &&Spent| (spent.columns, spent.rows) == size && spent.writer == writer && spent.form == form;
            all.iter().find(is_it)
        };
        for Contestant { writer, form } in Contestant::all() {
            let Some(spent) = of(writer.name(), form.name()) else { continue };
            let rival = match form {
                Form::Declared => of(Writer::Sea.name(), Form::Values.name()),
                Form::Json => of(Writer::Serde.name(), form.name()),
                _ => of(Writer::Sea.name(), form.name()),
            };
            let ratio = rival.map_or(f64::NAN, |rival| rival.instructions / spent.instructions);
            let faster = rival.map_or(f64::NAN, |rival| rival.nanoseconds / spent.nanoseconds);
            // of arrays, the text says nothing about the values
            let is_text = form != Form::Arrays;
            let in_text =
                |number: f64, digits: usize| if is_text { format!("{number:.digits$}") } else { "–".into() };
            let _ = writeln!(
                section,
                "| {} | {} | {:.0} | {ratio:.1} | {:.1} | {faster:.1} | {} | {} | {} |",
                title(form),
                writer.name(),
                spent.instructions,
                spent.nanoseconds,
                spent.allocations,
                in_text(spent.peak, 2),
                in_text(spent.bytes_per_value(), 1),
            );
        }
    }
    Ok(section)
}

/// What a form is called in tables.
fn title(form: Form) -> &'static str {
    match form {
        Form::Values => "values inline",
        Form::Declared => "values inline, with a schema",
        Form::Case => "case inline",
        Form::Binds => "values with binds",
        Form::Arrays => "arrays",
        Form::Json => "JSON parameter",
    }
}

const TABLE: &str = "\
| form | by | instructions per value | fewer than the rival | ns per value | faster than the rival | allocations per statement | peak memory / bytes of SQL | bytes of SQL per value |
|---|---|--:|--:|--:|--:|--:|--:|--:|
";

const INTRODUCTION: &str = "\
## What a value costs in memory

The same update, from rows in memory to PostgreSQL's SQL in one statement, written by setwise, by its rival (sea-query
1.0.2; `serde_json` for the JSON parameter), by hand with `write!` and `push_str` (`plain`), and by a tight writer in safe
Rust that copies bytes where they belong and checks nothing (`limit`; setwise is below it where it writes eight digits at
once). Instructions decide: they do not depend on what else the machine does. Times are information only.

- **Rows**: sorted by an integer key, from a fixed seed. One assigned column is a text of two to six short words; four
  are a text, an integer, a decimal and an instant. 3 % of the values are NULL, 5 % of the texts hold a quote.
- **A value** is one assigned cell; the keys are part of its cost.
- **What is counted**: for setwise everything from `&Update` to the last step's text: checking, planning and writing.
  sea-query builds its tree, writes it and drops it. Preparing the rows is not counted.
- **What is equal**: setwise's text and parameters are those of the writers by hand, byte for byte, and all contestants leave the
  same table on PostgreSQL (`benches/tests/agree.rs`). sea-query names no columns in `VALUES` and casts where they are read.
  All but setwise hold instants and decimals as text; setwise holds typed values and writes them itself.
- **How**: instructions are callgrind's for three runs less those for one, halved; allocations and peak memory are
  dhat's, less the input; the peak holds text and parameters. Nanoseconds are the median of seven.
- **With**: {about}.

The goal (10,000 rows of 4 columns): values inline 180, case inline 300, values with binds 100 instructions per value.
`cargo xtask bench --gate` holds setwise to what it spends today (`benches/budget.tsv`).
";
