//! What the strategies spent on an engine: lines of a file, and tables made of them.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::choice;
use crate::figures::Figures;
use crate::plot::{Panel, Series};
use crate::process::Failure;

/// The strategies, in the order of the tables.
const STRATEGIES: [&str; 6] = ["per-row", "case", "values-join", "array-join", "json-join", "staged"];

/// All that is known of an engine.
#[derive(Clone, Debug)]
pub(crate) struct Results {
    pub(crate) name: String,
    /// The engine's version, the machine and the commit.
    pub(crate) about: String,
    lines: Vec<Line>,
}

/// What one way to execute an update spent. Times are milliseconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Line {
    engine: String,
    rows: usize,
    columns: usize,
    /// `bound` or `inline`.
    form: String,
    strategy: String,
    chunk: usize,
    executions: usize,
    bytes: u64,
    median: f64,
    least: f64,
    most: f64,
    runs: usize,
    compile: f64,
    #[serde(skip)]
    is_choice: bool,
}

impl Line {
    /// The milliseconds, and the rows per statement.
    fn show(&self) -> String {
        let more = if self.runs == 1 { "> " } else { "" };
        format!("{more}{} ({})", figures(self.median), self.chunk)
    }
}

/// The lines of one size and form, with the choice and the best among them.
struct Cell<'l> {
    lines: Vec<&'l Line>,
    choice: &'l Line,
    best: &'l Line,
}

impl<'l> Cell<'l> {
    /// A strategy with the best number of rows per statement.
    fn best_of(&self, strategy: &str) -> Option<&'l Line> {
        let of = self.lines.iter().filter(|line| line.strategy == strategy);
        of.min_by(|a, b| a.median.total_cmp(&b.median)).copied()
    }

    fn ratio(&self) -> f64 {
        self.choice.median / self.best.median
    }
}

impl Results {
    /// Reads what the benchmark printed.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Failure> {
        Figures::parse(text).map(|figures| Self::of(name, figures))
    }

    /// Reads what was kept of it.
    pub(crate) fn read(name: &str, file: &str) -> Result<Self, Failure> {
        Figures::read(file).map(|figures| Self::of(name, figures))
    }

    fn of(name: &str, Figures { about, lines }: Figures<Line>) -> Self {
        Self { name: name.to_owned(), about, lines }
    }

    /// Marks what the planner chooses today. Fails where that was not measured.
    pub(crate) fn mark(&mut self) -> Result<(), Failure> {
        let Self { name, about, lines } = self;
        let dialect = about.split(';').next().and_then(|said| said.parse().ok());
        let dialect = dialect.ok_or_else(|| Failure::new(format!("the results of {name} are of no known dialect")))?;
        let mut cells: Vec<_> = lines.iter().map(|line| (line.rows, line.columns, line.form.clone())).collect();
        cells.sort_unstable();
        cells.dedup();
        for (rows, columns, form) in cells {
            let (strategy, chunk) = choice::choose(dialect, rows, columns, &form)
                .ok_or_else(|| Failure::new("the planner does not explain its choice"))?;
            let mut found = false;
            let of = |line: &&mut Line| (line.rows, line.columns, &line.form) == (rows, columns, &form);
            for line in lines.iter_mut().filter(of) {
                line.is_choice = line.strategy == strategy && line.chunk == chunk;
                found |= line.is_choice;
            }
            if !found {
                let what = format!("{strategy} of {chunk} rows, {form}, for {rows} x {columns} on {name}");
                return Err(Failure::new(format!("the planner's choice was not measured: {what}")));
            }
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes over what others have about other numbers of rows.
    pub(crate) fn add_other_sizes(&mut self, others: Self) {
        let known: Vec<usize> = self.lines.iter().map(|line| line.rows).collect();
        self.lines.extend(others.lines.into_iter().filter(|line| !known.contains(&line.rows)));
        self.lines.sort_by(|a, b| (a.rows, a.columns, &a.form).cmp(&(b.rows, b.columns, &b.form)));
    }

    /// Writes them in the place of what was there.
    pub(crate) fn write(self, file: &str) -> Result<(), Failure> {
        let Self { name: _, about, lines } = self;
        Figures { about, lines }.write(file)
    }

    /// The cells of a form, in ascending order of columns and rows.
    fn cells(&self, form: &str) -> Vec<Cell<'_>> {
        let lines: Vec<&Line> = self.lines.iter().filter(|l| l.form == form && l.strategy != "django").collect();
        let mut sizes: Vec<_> = lines.iter().map(|line| (line.columns, line.rows)).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let cell = |size| {
            let lines: Vec<&Line> = lines.iter().copied().filter(|line| (line.columns, line.rows) == size).collect();
            let choice = lines.iter().copied().find(|line| line.is_choice)?;
            let best = lines.iter().copied().min_by(|a, b| a.median.total_cmp(&b.median))?;
            Some(Cell { lines, choice, best })
        };
        sizes.into_iter().filter_map(cell).collect()
    }

    /// For each cell, what the choice spent over what the best did.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        ["bound", "inline"].iter().flat_map(|form| self.cells(form)).map(|cell| cell.ratio()).collect()
    }

    /// Whether the choice is within 1.2 of the best in nine of ten cells, and within 1.5 in all.
    pub(crate) fn is_well_chosen(&self) -> bool {
        let ratios = self.ratios();
        let near = ratios.iter().filter(|ratio| **ratio <= 1.2).count();
        near * 10 >= ratios.len() * 9 && ratios.iter().all(|ratio| *ratio <= 1.5)
    }

    /// A table: a line for each size, a column for each strategy.
    pub(crate) fn table(&self, form: &str) -> String {
        let has = |strategy: &&str| self.lines.iter().any(|line| line.form == form && line.strategy == *strategy);
        let strategies: Vec<&str> = STRATEGIES.into_iter().filter(has).collect();
        let mut table = format!("\n| {form} | choice | ratio | {} |\n", strategies.join(" | "));
        let _ = writeln!(table, "|--:|---|--:|{}", "--:|".repeat(strategies.len()));
        for cell in self.cells(form) {
            let Line { rows, columns, .. } = cell.choice;
            let _ = write!(table, "| {rows} x {columns} | {} | {:.2} |", cell.choice.show_named(), cell.ratio());
            for strategy in &strategies {
                let _ = write!(table, " {} |", cell.best_of(strategy).map(Line::show).unwrap_or_default());
            }
            table.push('\n');
        }
        table
    }

    /// The strategies with values in parameters, a panel for each number of columns.
    pub(crate) fn panels(&self) -> Vec<Panel> {
        let cells = self.cells("bound");
        let mut columns: Vec<usize> = cells.iter().map(|cell| cell.choice.columns).collect();
        columns.dedup();
        let panel = |columns: usize| {
            let cells = || cells.iter().filter(move |cell| cell.choice.columns == columns);
            let point = |line: &Line| (line.rows as f64, line.median * 1e3 / line.rows as f64);
            let strategy = |name: &&str| Series {
                name: (*name).into(),
                points: cells().filter_map(|cell| cell.best_of(name)).map(point).collect(),
            };
            let strategies = STRATEGIES.iter().map(strategy).filter(|series| !series.points.is_empty()).collect();
            let points = cells().map(|cell| point(cell.choice)).collect();
            let choice = Some(Series { name: "the choice".into(), points });
            let plural = if columns == 1 { "" } else { "s" };
            let title = format!("{}, {columns} column{plural}, bound", self.name);
            Panel { title, measure: "microseconds of the engine per row", strategies, choice }
        };
        columns.into_iter().map(panel).collect()
    }

    /// What Django's form spends over the planner's choices at the same size.
    pub(crate) fn against_django(&self) -> String {
        let mut text = String::new();
        for django in self.lines.iter().filter(|line| line.strategy == "django") {
            let Line { rows, columns, median, .. } = django;
            let _ = write!(text, "\nOne searched CASE with a cast over {rows} x {columns}: {} ms", figures(*median));
            for form in ["bound", "inline"] {
                let cells = self.cells(form);
                let choice = cells.iter().map(|cell| cell.choice).find(|c| (c.rows, c.columns) == (*rows, *columns));
                if let Some(choice) = choice {
                    let _ = write!(text, ", {:.0} times the choice {form}", median / choice.median);
                }
            }
            text.push_str(".\n");
        }
        text
    }
}

impl Line {
    fn show_named(&self) -> String {
        format!("{} {}", self.strategy, self.show())
    }
}

/// Three digits of a number.
fn figures(number: f64) -> String {
    match number {
        _ if number >= 100.0 => format!("{number:.0}"),
        _ if number >= 10.0 => format!("{number:.1}"),
        _ if number >= 1.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Results;

    const LINES: &str = "\
# sqlite@3.54.1; a machine
engine\trows\tcolumns\tform\tstrategy\tchunk\texecutions\tbytes\tmedian\tleast\tmost\truns\tcompile
postgres\t10\t1\tbound\tper-row\t10\t10\t45\t1.000\t0.900\t1.100\t5\t0.1
postgres\t10\t1\tbound\tarray-join\t10\t1\t145\t1.250\t0.900\t1.300\t5\t0.1
postgres\t10\t1\tinline\tcase\t10\t1\t145\t0.500\t0.400\t0.600\t5\t0.1
postgres\t10\t1\tinline\tdjango\t10\t1\t145\t5.000\t4.000\t6.000\t5\t0.1
";

    /// Results in which the choice is one array for each column, or a case.
    fn parse(lines: &str) -> Results {
        let mut results = Results::parse("some", lines).unwrap();
        for line in &mut results.lines {
            line.is_choice = matches!(line.strategy.as_str(), "array-join" | "case");
        }
        results
    }

    #[test]
    fn the_choice_is_judged_by_the_best_of_its_form() {
        let results = parse(LINES);
        assert_eq!(results.ratios(), [1.25, 1.0]);
        assert!(!results.is_well_chosen(), "one of two is not nine of ten");
        assert!(results.table("bound").contains("| 10 x 1 | array-join 1.25 (10) | 1.25 | 1.00 (10) | 1.25 (10) |"));
        assert!(results.against_django().contains("4 times the choice bound, 10 times the choice inline"));
    }

    #[test]
    fn lines_of_the_same_rows_are_replaced() {
        let mut new = parse(&LINES.replace("1.250", "1.100"));
        new.add_other_sizes(parse(&LINES.replace("\t10\t1\tbound", "\t99\t1\tbound")));
        new.add_other_sizes(parse(LINES));
        assert_eq!(new.ratios(), [1.1, 1.25, 1.0]);
    }

    #[test]
    fn what_is_no_result_is_refused() {
        assert!(Results::parse("some", &format!("{LINES}postgres\t10\t1\tbound\n")).is_err());
    }
}
