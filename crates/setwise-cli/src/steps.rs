//! Steps that give rows: checks, which must give none, and what became of each row.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value as Json};
use setwise::{Moment, Returned, Step};

use crate::failure::Failure;
use crate::sqlite::{self, Stored};

/// At most so many rows are named.
const MOST_NAMED: usize = 20;

/// Fails where a check returns a row; the first of them are named.
pub(crate) fn check(transaction: &Connection, step: &Step<'_>) -> Result<(), Failure> {
    let mut found = Vec::new();
    read_rows(transaction, step, |values| {
        if found.len() < MOST_NAMED {
            found.push(values.join(", "));
        }
    })?;
    match found.is_empty() {
        true => Ok(()),
        false => Err(Failure::Refused(format!("error[check]: {}: {}", step.finds, found.join("; ")))),
    }
}

/// Runs a step that gives rows, and hands over each as it is shown.
fn read_rows(transaction: &Connection, step: &Step<'_>, mut take: impl FnMut(Vec<String>)) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(step.text)?;
    let width = statement.column_count();
    for set in step.binds.iter() {
        let mut rows = statement.query(params_from_iter(set.iter().map(|bind| Stored(bind.value()))))?;
        while let Some(row) = rows.next()? {
            take((0..width).map(|at| row.get_ref(at).map(sqlite::shown)).collect::<Result<Vec<_>, _>>()?);
        }
    }
    Ok(())
}

/// Prints the rows that are given back, each as a line of JSON, and counts them.
pub(crate) fn print_rows(transaction: &Connection, step: &Step<'_>, columns: &[Returned]) -> Result<u64, Failure> {
    let mut out = io::stdout().lock();
    let mut statement = transaction.prepare_cached(step.text)?;
    let mut count = 0;
    for set in step.binds.iter() {
        let mut rows = statement.query(params_from_iter(set.iter().map(|bind| Stored(bind.value()))))?;
        while let Some(row) = rows.next()? {
            let mut object = Map::new();
            for (at, Returned { column, at: moment }) in columns.iter().enumerate() {
                let old = if *moment == Moment::Old { "old." } else { "" };
                object.insert(format!("{old}{column}"), sqlite::json(row.get_ref(at)?));
            }
            writeln!(out, "{}", Json::Object(object))?;
            count += 1;
        }
    }
    Ok(count)
}

/// What became of the incoming rows, by the words of the outcomes.
#[derive(Debug, Default)]
pub(crate) struct Fates {
    /// How many rows had each fate, and the keys of the first that were not written.
    rows: BTreeMap<String, (usize, Vec<String>)>,
}

impl Fates {
    pub(crate) fn read(&mut self, transaction: &Connection, step: &Step<'_>) -> rusqlite::Result<()> {
        read_rows(transaction, step, |mut values| {
            let (count, named) = self.rows.entry(values.pop().unwrap_or_default()).or_default();
            *count += 1;
            if named.len() < MOST_NAMED {
                named.push(values.join(", "));
            }
        })
    }

    /// A line for each fate, with the keys of rows that were not written.
    pub(crate) fn report(&self) -> String {
        let mut lines = String::new();
        for (fate, (count, named)) in &self.rows {
            let more = if named.len() < *count { "; …" } else { "" };
            let keys = if fate == "updated" { String::new() } else { format!(": {}{more}", named.join("; ")) };
            lines += &format!("\n{count} {fate}{keys}");
        }
        lines
    }
}
