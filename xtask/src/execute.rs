//! Measures every strategy on real engines, keeps what they spent in `benches/results`, and makes tables of it.

use std::fmt::Write;
use std::fs;
use std::process::Stdio;

use crate::checkout;
use crate::engines::{Engine, Engines};
use crate::page;
use crate::plot;
use crate::process::{self, Failure, while_doing};
use crate::results::Results;

const RESULTS: &str = "benches/results/engines";
const PLOTS: &str = "docs/plots";

/// The rows of the table that is updated, where nothing else is asked for.
pub(crate) const TABLE: usize = 1_000_000;

/// Measures on one engine after the other, `None` being SQLite.
pub(crate) fn run(engines: &[Option<Engine>], rows: &[usize], table: usize) -> Result<(), Failure> {
    let build = ["bench", "--package", "setwise-bench", "--bench", "execute"];
    if !process::run(checkout::cargo().args(build).arg("--no-run"))?.success() {
        return Err(Failure::new("the benchmark does not compile"));
    }
    let sizes: Vec<String> = rows.iter().map(ToString::to_string).collect();
    for engine in engines {
        let name = engine.map_or("sqlite".to_owned(), |engine| engine.to_string());
        // alone, so that no other server takes time from it
        let started = Engines::start(engine.as_slice())?;
        if !started.suffice(&[]) {
            return Err(Failure::new(started.report(&[])));
        }
        let mut command = checkout::cargo();
        command.args(build).args(["--", &name, &sizes.join(","), &table.to_string()]).envs(started.addresses());
        let mut lines = String::new();
        let mut child = process::spawn(command.stdout(Stdio::piped()))?;
        let output = child.stdout.take();
        let take = |line: &str| lines.extend([line, "\n"]);
        let ended = process::watch(&mut child, output, take);
        // what was measured before it was interrupted counts
        let name = if table == TABLE { name } else { format!("{name}-{table}") };
        let mut results = Results::parse(&name, &lines)?;
        if !results.is_empty() {
            results.about = format!("{}; {}", results.about, page::here());
            keep(results)?;
        }
        if !ended?.success() {
            return Err(Failure::new(format!("the benchmark fails on {name}")));
        }
    }
    Ok(())
}

/// The tables of what is kept, and whether the planner chooses well by it. Draws the plots.
pub(crate) fn section() -> Result<(String, bool), Failure> {
    let results = read()?;
    let plots = checkout::root().join(PLOTS);
    fs::create_dir_all(&plots).map_err(while_doing(format!("creating {PLOTS}")))?;
    for results in &results {
        plot::draw(&plots.join(format!("{}.svg", results.name)), &results.panels())?;
    }
    print!("{}", verdict(&results));
    Ok((show(&results), results.iter().all(Results::is_well_chosen)))
}

fn file(name: &str) -> String {
    format!("{RESULTS}/{name}.tsv")
}

/// Puts results in the place of those about the same numbers of rows.
fn keep(mut results: Results) -> Result<(), Failure> {
    let file = file(&results.name);
    if let Ok(text) = fs::read_to_string(checkout::root().join(&file)) {
        results.add_other_sizes(Results::parse(&results.name, &text)?);
    }
    results.write(&file)
}

fn read() -> Result<Vec<Results>, Failure> {
    let folder = checkout::root().join(RESULTS);
    let files = fs::read_dir(&folder).map_err(while_doing(format!("reading {RESULTS}")))?;
    let names = files.flatten().filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    let read = |name: &String| {
        let mut results = Results::read(name, &file(name))?;
        results.mark()?;
        Ok(results)
    };
    names.iter().map(read).collect()
}

/// The tables of all engines.
fn show(results: &[Results]) -> String {
    let mut page = String::from(INTRODUCTION);
    let _ = write!(page, "\n{}", verdict(results));
    for results in results {
        let Results { name, about, .. } = results;
        let _ = write!(page, "\n### {name}\n\n{about}.\n\n![{name}](plots/{name}.svg)\n");
        for form in ["bound", "inline"] {
            page += &results.table(form);
        }
        page += &results.against_django();
    }
    page
}

/// How often the planner's choice is near the best.
fn verdict(results: &[Results]) -> String {
    let mut text = String::from("| engine | cells | within 1.2 of the best | at most |\n|---|--:|--:|--:|\n");
    for results in results {
        let ratios = results.ratios();
        let near = ratios.iter().filter(|ratio| **ratio <= 1.2).count();
        let most = ratios.iter().copied().fold(1.0, f64::max);
        let share = 100.0 * near as f64 / ratios.len().max(1) as f64;
        let _ = writeln!(text, "| {} | {} | {share:.0} % | {most:.2} |", results.name, ratios.len());
    }
    text
}

const INTRODUCTION: &str = "\
## What the engines spend

The scripts of every strategy and chunk size, executed: `cargo xtask bench --execute` starts each engine, alone, and
keeps all figures in `benches/results/engines`. A figure is milliseconds of CPU time of the server's process or thread for the
connection (of our own thread for SQLite), the median of five runs that take turns with those of all other strategies.

- **Table**: 1,000,000 rows (or as many as the engine's name says) of a key, a text, an integer, a decimal and an instant, all in memory, with statistics. The
  rows of an update are spread evenly over it and come sorted; every run is rolled back, on PostgreSQL with a `VACUUM`.
- **What is counted**: preparing and executing all statements of a script, not `BEGIN` and `ROLLBACK`. Every script is
  new to the engine, but what a script says twice is prepared once. Up to 200 rows, a run is 10 to 50 scripts.
- **What is left out**: `case` in statements of more than 1,000 rows, for what it costs grows with their square; and
  after a first round whatever took twice what the best did: its figure is that of one run, shown with `>`.
- **choice** is what the planner takes today, **ratio** what that costs over the best of all strategies and chunk
  sizes; behind each figure of a strategy its rows per statement. `bound` has values in parameters, `inline` in the text.
";

#[cfg(test)]
mod tests {
    use super::read;

    /// The check of the planner that needs no engine: what it chooses today, by the figures that are kept.
    #[test]
    fn the_planner_chooses_well() {
        let results = read().expect("every choice was measured");
        assert!(results.len() >= 5, "an engine is missing");
        let badly: Vec<&str> = results.iter().filter(|r| !r.is_well_chosen()).map(|r| r.name.as_str()).collect();
        assert!(badly.is_empty(), "more than one cell in ten beyond 1.2 times the best, or one beyond 1.5: {badly:?}");
    }
}
