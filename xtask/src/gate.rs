//! The budget: what setwise may spend on a value, in `benches/budget.tsv`.

use std::fs;
use std::path::PathBuf;

use crate::checkout;
use crate::contest::{build, count_instructions, count_memory};
use crate::count;
use crate::process::{Failure, while_doing};

const FILE: &str = "benches/budget.tsv";
const HEAD: &str = "form\trows\tcolumns\tinstructions\tallocations\tpeak";

/// By how much a figure may be above the budget: another compiler, another machine's libraries.
const TOLERANCE: f64 = 1.03;

/// How much more a value may cost among ten times as many.
const GROWTH: f64 = 1.4;

/// What is counted: forms, rows, and columns.
const FORMS: [&str; 6] = ["values", "declared", "case", "binds", "arrays", "json"];
const COLUMNS: usize = 4;
const FEW: usize = 1_000;
const MANY: usize = 10_000;

/// What DESIGN §10 wants: instructions per value among 10,000 rows of 4 columns.
const WANTED: [(&str, f64); 3] = [("values", 180.0), ("case", 300.0), ("binds", 100.0)];

/// A line of the budget.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    form: String,
    rows: usize,
    /// Per value.
    instructions: f64,
    memory: Option<Memory>,
}

/// Memory that a writing takes; it is counted where it matters, among many rows.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Memory {
    /// Per statement.
    allocations: u64,
    /// Bytes per value besides the input.
    peak: f64,
}

/// Counts, and compares with the budget; whether all is within. Where it is to be accepted, what is counted becomes the budget.
pub(crate) fn run(accepts: bool) -> Result<bool, Failure> {
    count::find()?;
    let counted = count_all()?;
    let growth = counted.growth;
    println!("growth of values from {MANY} to {} rows: {growth:.2}, at most {GROWTH}", 10 * MANY);
    let grows = growth <= GROWTH;
    if accepts {
        write(&counted.lines)?;
        println!("{FILE} is written");
        return Ok(grows);
    }
    let budget = read()?;
    println!(
        "{:>8} {:>6}  {:>24}  {:>24}  {:>24}  DESIGN",
        "form", "rows", "instructions", "allocations", "peak bytes"
    );
    let mut is_within = true;
    for line in &counted.lines {
        let (text, good) = judge(line, budget.iter().find(|known| known.form == line.form && known.rows == line.rows));
        println!("{text}");
        is_within &= good;
    }
    if !is_within {
        println!("above the budget; where that must be, `cargo xtask bench --gate --accept` rewrites {FILE}");
    }
    Ok(is_within && grows)
}

/// A line of figures, each with its budget; whether it is within.
fn judge(line: &Line, budget: Option<&Line>) -> (String, bool) {
    let mut is_within = true;
    let mut compare = |found: f64, allowed: Option<f64>| {
        let Some(allowed) = allowed else {
            is_within = false;
            return format!("{found:.1} of none");
        };
        let good = found <= allowed * TOLERANCE;
        is_within &= good;
        format!("{}{found:.1} of {allowed:.1}", if good { "" } else { "! " })
    };
    let instructions = compare(line.instructions, budget.map(|budget| budget.instructions));
    let allowed = budget.and_then(|budget| budget.memory);
    let mut compare_memory = |what: fn(Memory) -> f64| {
        line.memory.map_or_else(String::new, |memory| compare(what(memory), allowed.map(what)))
    };
    let allocations = compare_memory(|memory| memory.allocations as f64);
    let peak = compare_memory(|memory| memory.peak);
    let wanted = WANTED.iter().find(|(form, _)| *form == line.form && line.rows == MANY);
    let wanted = wanted.map_or_else(String::new, |(_, most)| format!("{most:.0}"));
    let text =
        format!("{:>8} {:>6}  {instructions:>24}  {allocations:>24}  {peak:>24}  {wanted}", line.form, line.rows);
    (text, is_within)
}

struct Counted {
    lines: Vec<Line>,
    growth: f64,
}

fn count_all() -> Result<Counted, Failure> {
    let program = build()?;
    let mut lines = Vec::new();
    let (mut among_many, writer) = (f64::NAN, "setwise");
    for form in FORMS {
        for rows in [FEW, MANY] {
            let size = [rows, COLUMNS];
            let instructions = count_instructions(&program, writer, form, size, [1, 2])?;
            if (form, rows) == ("values", MANY) {
                among_many = instructions;
            }
            let memory = (rows == MANY).then(|| count_memory(&program, writer, form, size)).transpose()?;
            let per_value = |bytes: u64| bytes as f64 / (rows * COLUMNS) as f64;
            let memory = memory.map(|(allocations, peak)| Memory { allocations, peak: per_value(peak) });
            lines.push(Line { form: form.into(), rows, instructions, memory });
        }
    }
    let among_most = count_instructions(&program, writer, "values", [10 * MANY, COLUMNS], [0, 1])?;
    Ok(Counted { lines, growth: among_most / among_many })
}

fn file() -> PathBuf {
    checkout::root().join(FILE)
}

fn read() -> Result<Vec<Line>, Failure> {
    let text = fs::read_to_string(file()).map_err(while_doing(format!("reading {FILE}")))?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && *line != HEAD);
    lines.map(|line| Line::parse(line).ok_or_else(|| Failure::new(format!("not a line of a budget: {line}")))).collect()
}

fn write(lines: &[Line]) -> Result<(), Failure> {
    let lines: String = lines.iter().map(Line::print).collect();
    let text = format!("# What setwise may spend: written by `cargo xtask bench --gate --accept`.\n{HEAD}\n{lines}");
    fs::write(file(), text).map_err(while_doing(format!("writing {FILE}")))
}

impl Line {
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('\t').collect();
        let [form, rows, _, instructions, allocations, peak] = parts.as_slice() else { return None };
        let memory = || Some(Memory { allocations: allocations.parse().ok()?, peak: peak.parse().ok()? });
        let (rows, instructions) = (rows.parse().ok()?, instructions.parse().ok()?);
        Some(Self { form: (*form).into(), rows, instructions, memory: memory() })
    }

    fn print(&self) -> String {
        let Self { form, rows, instructions, memory } = self;
        let memory =
            memory.map_or_else(|| "-\t-".into(), |Memory { allocations, peak }| format!("{allocations}\t{peak:.1}"));
        format!("{form}\t{rows}\t{COLUMNS}\t{instructions:.1}\t{memory}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(instructions: f64, allocations: u64, peak: f64) -> Line {
        let memory = Some(Memory { allocations, peak });
        Line { form: "values".into(), rows: MANY, instructions, memory }
    }

    #[test]
    fn what_is_above_the_budget_is_not_within() {
        let budget = line(200.0, 10, 30.0);
        let is_within = |found: Line| judge(&found, Some(&budget)).1;
        assert!(is_within(line(205.9, 10, 30.0)));
        assert!(!is_within(line(206.1, 10, 30.0)), "instructions");
        assert!(!is_within(line(200.0, 11, 30.0)), "allocations");
        assert!(!is_within(line(200.0, 10, 31.0)), "peak");
        assert!(!judge(&budget, None).1, "what has no budget");
    }

    #[test]
    fn lines_are_read_as_they_are_printed() {
        let line = line(199.5, 12, 28.7);
        assert_eq!(Line::parse(line.print().trim_end()), Some(line));
        assert_eq!(Line::parse("values\t1"), None);
    }

    #[test]
    fn the_budget_has_every_form() {
        let budget = read().expect("the budget");
        for form in FORMS {
            assert_eq!(budget.iter().filter(|line| line.form == form).count(), 2, "{form}");
        }
    }
}
