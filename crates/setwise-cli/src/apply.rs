//! `setwise apply`: carries an update out on a SQLite file.

use std::fs;
use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use setwise::{Cells, Guard, Ident, Input, Keyed, Output, Purpose, Rows, Schema, Script, Table, Update};

use crate::args::Apply;
use crate::document::Document;
use crate::failure::Failure;
use crate::sqlite::{self, Stored};
use crate::steps::{self, Fates};
use crate::update::{Described, Texts};

/// What an update came to.
#[derive(Debug, Default)]
struct Outcome {
    given: Option<usize>,
    left_out: usize,
    matched: u64,
    /// None is counted where several tables are written.
    changed: Option<u64>,
    missing: u64,
    inserted: Option<u64>,
    fates: Fates,
    time: Duration,
}

pub(crate) fn apply(args: &Apply) -> Result<(), Failure> {
    let name = args.db.display();
    let unreadable = |error: &dyn std::fmt::Display| Failure::usage(format!("{name}: {error}"));
    fs::metadata(&args.db).map_err(|error| unreadable(&error))?;
    let opened = if args.dry_run { sqlite::open_copy(&args.db) } else { sqlite::open(&args.db) };
    let mut connection = opened.map_err(|error| unreadable(&error))?;
    let own = sqlite::schema_text(&connection).map_err(|error| unreadable(&error))?;
    let texts = Texts::load(&args.update)?;
    let dialect = sqlite::dialect();
    let schema = match texts.schema(args.update.reading.tables.schema_dialect.unwrap_or(dialect))? {
        Some(schema) => schema,
        None => parse_schema(own, &name.to_string())?,
    };
    let started = Instant::now();
    let Some(described) = texts.read(Some(&schema))? else {
        return Ok(writeln!(io::stdout(), "0 rows, nothing to do")?);
    };
    let options = args.means.options().output(Output::Binds);
    let script = setwise::compile(&described.update, dialect, &options).map_err(|errors| described.refuse(&errors))?;
    let mut outcome = run(&mut connection, &described, script)?;
    outcome.time = started.elapsed();
    Ok(writeln!(io::stdout(), "{}", outcome.report(&described.update.target().to_string(), args.dry_run))?)
}

/// The schema that the database has.
fn parse_schema(own: String, name: &str) -> Result<Schema, Failure> {
    let document = Document::new(name, own);
    let parsed = Schema::from_sql(document.text()?, sqlite::dialect());
    parsed.map(|parsed| parsed.schema).map_err(|errors| Failure::refused(&errors, |error| document.show(error)))
}

/// Runs the script in one transaction, which an error rolls back.
fn run(connection: &mut Connection, described: &Described<'_>, mut script: Script<'_>) -> Result<Outcome, Failure> {
    let update = &described.update;
    let mut outcome = Outcome::default();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let keyed = match update.rows() {
        Rows::Keyed(Keyed { key, input: Input::Cells(cells) }) => Some((key, cells)),
        _ => None,
    };
    outcome.given = keyed.map(|(_, cells)| cells.len());
    outcome.left_out = script.left_out();
    // Where a key finds one row at most and no condition keeps rows out, the rows written tell those missing.
    let spans = update.spans_tables();
    let counted = keyed.filter(|(key, _)| spans || keeps_out(update.guard()) || !is_unique(update, key));
    let missing = match counted {
        Some((key, cells)) => Some(sqlite::count_missing(&transaction, update, key, cells)?),
        None => None,
    };
    let parked: Vec<_> = script.parked().collect();
    let changed = if spans { None } else { Some(sqlite::count_changes(&transaction, update, &parked)?) };
    let bar = progress(keyed.map(|(_, cells)| cells));
    outcome.changed = changed.as_ref().map(|_| 0);
    while let Some(step) = script.next() {
        let step = step.map_err(|errors| described.refuse(&errors))?;
        if step.purpose == Purpose::Check {
            steps::check(&transaction, &step)?;
            continue;
        }
        if step.purpose == Purpose::Outcome {
            outcome.fates.read(&transaction, &step)?;
            continue;
        }
        if step.returns {
            let written = steps::print_rows(&transaction, &step, update.returning())?;
            outcome.matched += if step.purpose == Purpose::Update { written } else { 0 };
            bar.inc(u64::try_from(step.rows.len()).unwrap_or(u64::MAX));
            continue;
        }
        let mut statement = transaction.prepare_cached(step.text)?;
        for set in step.binds.iter() {
            let values = set.iter().map(|bind| Stored(bind.value()));
            let written = u64::try_from(statement.execute(params_from_iter(values))?).unwrap_or(u64::MAX);
            match step.purpose {
                Purpose::Update => outcome.matched += written,
                Purpose::Insert => outcome.inserted = Some(outcome.inserted.unwrap_or(0) + written),
                _ => {}
            }
        }
        if step.purpose == Purpose::Update {
            bar.inc(u64::try_from(step.rows.len()).unwrap_or(u64::MAX));
            // what is put in its place later was counted when it was parked
            outcome.changed = changed.as_ref().map(|changed| changed.load(Ordering::Relaxed));
        }
    }
    transaction.commit()?;
    drop(bar);
    let counted = outcome.given.unwrap_or(0).saturating_sub(outcome.left_out);
    let counted = u64::try_from(counted).unwrap_or(u64::MAX);
    outcome.missing = missing.unwrap_or(counted.saturating_sub(outcome.matched));
    Ok(outcome)
}

/// Whether a row whose key the table has may stay as it is.
fn keeps_out(guard: &Guard<'_>) -> bool {
    let Guard { filter, only_changed, version, touch: _ } = guard;
    filter.is_some() || *only_changed || version.is_some()
}

/// Whether the table is known to have one row at most for each key.
fn is_unique(update: &Update<'_>, key: &[Ident]) -> bool {
    let within = |columns: &[Ident]| !columns.is_empty() && columns.iter().all(|column| key.contains(column));
    let declared = |table: &Table| within(table.key()) || table.uniques().iter().any(|unique| within(unique.columns()));
    update.declared().is_some_and(declared)
}

/// A bar on standard error where that is a terminal; else nothing is seen of it.
fn progress(cells: Option<&Cells<'_>>) -> ProgressBar {
    let rows = cells.map_or(0, Cells::len);
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} rows, {per_sec}");
    let bar = ProgressBar::new(u64::try_from(rows).unwrap_or(u64::MAX)).with_finish(ProgressFinish::AndClear);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

impl Outcome {
    fn report(&self, table: &str, dry_run: bool) -> String {
        let Self { given, left_out, matched, changed, missing, inserted, fates, time } = self;
        let left_out = if *left_out > 0 { format!(", {left_out} left out") } else { String::new() };
        let inserted = inserted.map_or_else(String::new, |inserted| format!(", {inserted} inserted"));
        let written = match changed {
            Some(changed) => format!("{matched} matched, {changed} changed"),
            None => format!("{matched} written in all tables"),
        };
        let counts = match given {
            Some(given) => format!("{given} rows given{left_out}, {written}, {missing} missing{inserted}"),
            None => written,
        };
        let seconds = time.as_secs_f64();
        let rate = match given.and_then(|given| u32::try_from(given).ok()) {
            Some(given) if given > 0 && seconds > 0.0 => format!(", {:.0} rows per second", f64::from(given) / seconds),
            _ => String::new(),
        };
        let note = if dry_run { "\ndry run: nothing was written" } else { "" };
        let fates = fates.report();
        format!("{table}: {counts}{fates}\n{:.1} ms{rate}{note}", seconds * 1000.0)
    }
}
