//! The budget: what setwise may spend on a value, in `benches/budget.tsv`.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::calls;
use crate::contest::{build, count_instructions, count_memory};
use crate::count;
use crate::figures::{Figures, rounded};
use crate::process::Failure;

const FILE: &str = "benches/budget.tsv";

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

/// A line of the budget. Memory is counted where it matters, among many rows.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Line {
    form: String,
    rows: usize,
    columns: usize,
    /// Per value.
    instructions: f64,
    /// Per statement.
    allocations: Option<u64>,
    /// Bytes per value besides the input.
    peak: Option<f64>,
}

/// Counts, and compares with the budget; whether all is within. Where it is to be accepted, what is counted becomes the budget.
pub(crate) fn run(accepts: bool) -> Result<bool, Failure> {
    count::find()?;
    let program = build()?;
    let counted = count_all(&program)?;
    let binds_alone = calls::judge(&program)?;
    if !binds_alone {
        println!("! a call of a named update costs more where its text is longer");
    }
    let growth = counted.growth;
    println!("growth of values from {MANY} to {} rows: {growth:.2}, at most {GROWTH}", 10 * MANY);
    let is_good = growth <= GROWTH && binds_alone;
    if accepts {
        let about = "What setwise may spend: written by `cargo xtask bench --gate --accept`.".to_owned();
        Figures { about, lines: counted.lines }.write(FILE)?;
        println!("{FILE} is written");
        return Ok(is_good);
    }
    let budget = Figures::<Line>::read(FILE)?.lines;
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
    Ok(is_within && is_good)
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
    let mut compare_memory = |what: fn(&Line) -> Option<f64>| {
        what(line).map_or_else(String::new, |found| compare(found, budget.and_then(what)))
    };
    let allocations = compare_memory(|line| line.allocations.map(|count| count as f64));
    let peak = compare_memory(|line| line.peak);
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

fn count_all(program: &Path) -> Result<Counted, Failure> {
    let mut lines = Vec::new();
    let (mut among_many, writer) = (f64::NAN, "setwise");
    for form in FORMS {
        for rows in [FEW, MANY] {
            let size = [rows, COLUMNS];
            let instructions = count_instructions(program, writer, form, size, [1, 2])?;
            if (form, rows) == ("values", MANY) {
                among_many = instructions;
            }
            let memory = (rows == MANY).then(|| count_memory(program, writer, form, size)).transpose()?;
            let (allocations, peak) = memory.unzip();
            lines.push(Line {
                form: form.into(),
                rows,
                columns: COLUMNS,
                instructions: rounded(instructions, 1),
                allocations,
                peak: peak.map(|bytes| rounded(bytes as f64 / (rows * COLUMNS) as f64, 1)),
            });
        }
    }
    let among_most = count_instructions(program, writer, "values", [10 * MANY, COLUMNS], [0, 1])?;
    Ok(Counted { lines, growth: among_most / among_many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(instructions: f64, allocations: u64, peak: f64) -> Line {
        let (allocations, peak) = (Some(allocations), Some(peak));
        Line { form: "values".into(), rows: MANY, columns: COLUMNS, instructions, allocations, peak }
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
    fn the_budget_has_every_form() {
        let budget = Figures::<Line>::read(FILE).expect("the budget").lines;
        for form in FORMS {
            assert_eq!(budget.iter().filter(|line| line.form == form).count(), 2, "{form}");
        }
    }
}
