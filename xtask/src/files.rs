//! Measures the command from files of rows to SQL, keeps it in `benches/results/files.tsv`, and makes a table and a plot
//! of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use setwise_bench::{Datum, Row, generate};

use crate::checkout;
use crate::contest;
use crate::count;
use crate::figures::{Figures, rounded};
use crate::plot::{self, Panel, Series};
use crate::process::{self, Failure, while_doing};

const FILE: &str = "benches/results/files.tsv";
const PLOT: &str = "docs/plots/files.svg";

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const COLUMNS: usize = 4;
/// Valgrind is fifty times slower than the processor.
const MOST_COUNTED: usize = 100_000;
const RUNS: usize = 5;

const FORMATS: [&str; 2] = ["ndjson", "csv"];
const SCHEMA: &str = "\
CREATE TABLE posts (id bigint PRIMARY KEY, title text, views bigint, price numeric(12, 2), changed timestamptz);
";

/// What a program spends on a file.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Spent {
    writer: String,
    format: String,
    rows: usize,
    columns: usize,
    /// Bytes.
    read: u64,
    written: u64,
    /// None where counting takes too long.
    instructions: Option<u64>,
    /// Of the processor.
    seconds: f64,
    /// Kilobytes.
    peak: u64,
}

/// A program that makes SQL of a file.
struct Program {
    name: &'static str,
    path: PathBuf,
    arguments: Vec<String>,
}

/// Measures all files, and keeps it.
pub(crate) fn run() -> Result<(), Failure> {
    count::find()?;
    let contestants = contest::build()?;
    if !process::run(checkout::cargo().args(["build", "--release", "--package", "setwise-cli"]))?.success() {
        return Err(Failure::new("the command does not compile"));
    }
    let about = count::about()?;
    let folder = checkout::target().join("bench-files");
    fs::create_dir_all(&folder).map_err(while_doing("creating a folder for the files"))?;
    let schema = folder.join("schema.sql");
    fs::write(&schema, SCHEMA).map_err(while_doing("writing the schema"))?;
    let mut lines = Vec::new();
    for rows in SIZES {
        let data = generate(rows, COLUMNS).rows;
        for format in FORMATS {
            let file = folder.join(format!("{rows}.{format}"));
            write_rows(&file, format, &data).map_err(while_doing("writing rows"))?;
            for program in programs(&contestants, format, &schema, &file) {
                let spent = measure(&contestants, &program, format, rows, &file)?;
                eprintln!("{spent:?}");
                lines.push(spent);
            }
        }
    }
    process::remove(&folder)?;
    Figures { about, lines }.write(FILE)
}

fn programs(contestants: &Path, format: &str, schema: &Path, file: &Path) -> [Program; 2] {
    let [schema, file] = [schema, file].map(|path| path.display().to_string());
    let null: &[&str] = if format == "csv" { &["--null", ""] } else { &[] };
    let update = ["compile", "--to", "postgres@15", "--table", "posts", "--key", "id", "--schema", &schema, &file];
    let own = |arguments: &[&str]| arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let command = checkout::target().join("release/setwise");
    [
        Program { name: "setwise", path: command, arguments: own(&[&update, null].concat()) },
        Program { name: "plain", path: contestants.into(), arguments: own(&["convert", format, &file]) },
    ]
}

/// Runs a program on a file: under valgrind where that does not take too long, and by itself a few times.
fn measure(contestants: &Path, program: &Program, format: &str, rows: usize, file: &Path) -> Result<Spent, Failure> {
    let Program { name, path, arguments } = program;
    let output = file.with_extension("sql");
    let run = || {
        let mut command = Command::new(contestants);
        command.arg("spend").arg(&output).arg(path).args(arguments);
        let said = process::read(&mut command)?;
        let mut numbers = said.split_whitespace().map(str::parse::<u64>);
        let (Some(Ok(micros)), Some(Ok(peak))) = (numbers.next(), numbers.next()) else {
            return Err(Failure::new(format!("not what a program spent: {said}")));
        };
        Ok((micros, peak))
    };
    let mut runs = (0..RUNS).map(|_| run()).collect::<Result<Vec<(u64, u64)>, Failure>>()?;
    runs.sort_unstable();
    let (micros, _) = runs[RUNS / 2];
    let size = |file: &Path| fs::metadata(file).map(|file| file.len()).map_err(while_doing("measuring a file"));
    let instructions = (rows <= MOST_COUNTED).then(|| count::instructions(path, arguments));
    Ok(Spent {
        writer: (*name).into(),
        format: format.into(),
        rows,
        columns: COLUMNS,
        read: size(file)?,
        written: size(&output)?,
        instructions: instructions.transpose()?,
        seconds: rounded(micros as f64 / 1e6, 4),
        peak: runs.iter().map(|(_, peak)| *peak).max().unwrap_or_default(),
    })
}

fn write_rows(file: &Path, format: &str, rows: &[Row]) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    if format == "csv" {
        out.write_all(b"id,title,views,price,changed\n")?;
    }
    for Row { key, values } in rows {
        let show = |(column, datum): (usize, &Datum)| match (datum, format) {
            (Datum::Null, "csv") => String::new(),
            (Datum::Null, _) => "null".into(),
            (Datum::Int(int), _) => int.to_string(),
            (Datum::Text(text), "csv") | (Datum::Decimal(text), _) => text.clone(),
            (Datum::Text(text), _) if column == 0 => serde_json::json!(text).to_string(),
            (Datum::Text(text), _) => format!("\"{text}\""),
            (Datum::Array(_), _) => unreachable!("no column holds arrays"),
        };
        let [title, views, price, changed] = [0, 1, 2, 3].map(|at| show((at, &values[at])));
        if format == "csv" {
            writeln!(out, "{key},{title},{views},{price},{changed}")?;
        } else {
            writeln!(out, r#"{{"id":{key},"title":{title},"views":{views},"price":{price},"changed":{changed}}}"#)?;
        }
    }
    out.flush()
}

impl Spent {
    /// Megabytes of SQL for each second of the processor.
    fn speed(&self) -> f64 {
        self.written as f64 / 1e6 / self.seconds
    }
}

/// The table of what is kept, and its plot.
pub(crate) fn section() -> Result<String, Failure> {
    let Figures { about, lines: all } = Figures::<Spent>::read(FILE)?;
    let mut section = format!("{}\n{TABLE}", INTRODUCTION.replace("{about}", &about));
    let mut series: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for spent in &all {
        let Spent { writer, format, rows, columns, read, written, instructions, seconds, peak } = spent;
        let per =
            |count: u64| instructions.map_or_else(|| "–".into(), |all| format!("{:.0}", all as f64 / count as f64));
        let values = (rows * columns) as u64;
        let _ = writeln!(
            section,
            "| {format} | {rows} | {writer} | {:.1} | {:.1} | {} | {} | {seconds:.3} | {:.0} | {:.1} |",
            *read as f64 / 1e6,
            *written as f64 / 1e6,
            per(values),
            per(*written),
            spent.speed(),
            *peak as f64 / 1024.0,
        );
        series.entry(format!("{writer}, {format}")).or_default().push((*rows as f64, spent.speed()));
    }
    let strategies = series.into_iter().map(|(name, points)| Series { name, points }).collect();
    let panel = Panel {
        title: "files to SQL, 4 columns".into(),
        measure: "MB of SQL per second of the processor",
        strategies,
        choice: None,
    };
    plot::draw(&checkout::root().join(PLOT), &[panel])?;
    Ok(section)
}

const TABLE: &str = "\
| rows in | rows | by | MB read | MB of SQL | instructions per value | per byte of SQL | seconds of the processor | MB of SQL per second | peak memory, MB |
|---|--:|---|--:|--:|--:|--:|--:|--:|--:|
";

const INTRODUCTION: &str = "\
## What a value costs from a file

`setwise compile --to postgres@15 --schema … rows.ndjson > script.sql`, as released, on files of sorted rows; the same rows as in memory, of four
columns. `plain` reads each line into a struct (`serde_json`, the crate `csv`) and writes it with `write!`, in statements of as many rows; it checks neither order nor
ranges, and holds nothing either. setwise reads the file twice: once to check all of it before the first byte of SQL.

- **Time** is user and system time of the whole process, the median of five; it writes to a file. **Peak memory** is that of the whole process, the most of five.
- **Instructions** are callgrind's for the whole process, start and end included.
- **With**: {about}.

![files](plots/files.svg)
";
