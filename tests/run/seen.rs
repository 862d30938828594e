//! The rows that a script gives back: what became of each incoming row, and columns of the rows written.

use setwise::{Column, Ident, Moment, Rows, Table, Type, Update, Value};

use crate::engine::{Engine, Failed, Row};
use crate::model::{self, Effect};

/// The columns of the rows that a script gives back.
#[derive(Clone, Debug, Default)]
pub struct Gives {
    /// Of an outcome: the key, and the word; empty where no outcomes are read.
    pub outcome: Vec<Column>,
    /// Of a written row; empty where none is read.
    pub returned: Vec<Column>,
}

/// The rows that a script gave back.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub outcomes: Vec<Row>,
    pub returned: Vec<Row>,
}

impl Gives {
    pub fn of(update: &Update<'_>, table: &Table) -> Self {
        let find = |name| table.find(name).cloned().expect("a declared column");
        let mut outcome = Vec::new();
        if let (Rows::Keyed(keyed), true) = (update.rows(), update.guard().version.is_some()) {
            outcome.extend(keyed.key.iter().map(find));
            outcome.push(Column::new("outcome", Type::TEXT).unwrap());
        }
        Self { outcome, returned: update.returning().iter().map(|returned| find(&returned.column)).collect() }
    }
}

impl Seen {
    /// Runs a statement that gives rows, and keeps them.
    pub fn read(
        engine: &mut dyn Engine,
        text: &str,
        values: &[Value<'_>],
        columns: &[Column],
        rows: &mut Vec<Row>,
    ) -> Result<(), Failed> {
        rows.extend(engine.query(text, values, columns)?);
        Ok(())
    }

    /// What is not as the model says; none where all is.
    pub fn differ(&self, gives: &Gives, update: &Update<'_>, table: &Table, expected: &Effect) -> Option<String> {
        let at =
            |name: &Ident| table.columns().iter().position(|column| column.name() == name).expect("a declared column");
        let written = expected.written.iter().map(|(old, new)| {
            let value = |returned: &setwise::Returned| match returned.at {
                Moment::Old => old[at(&returned.column)].clone(),
                Moment::New => new[at(&returned.column)].clone(),
            };
            update.returning().iter().map(value).collect()
        });
        let written: Vec<Row> = if gives.returned.is_empty() { Vec::new() } else { written.collect() };
        let fates: Vec<Row> = if gives.outcome.is_empty() { Vec::new() } else { fates(expected) };
        let outcomes = mismatch("outcomes", &fates, &self.outcomes, &gives.outcome);
        outcomes.or_else(|| mismatch("returned rows", &written, &self.returned, &gives.returned))
    }
}

/// The rows of outcomes that the model expects.
fn fates(expected: &Effect) -> Vec<Row> {
    let fate = |(index, fate): &(usize, model::Fate)| {
        expected.keys[*index].iter().cloned().chain([Value::from(fate.word())]).collect()
    };
    expected.fates.iter().map(fate).collect()
}

/// Compares rows as a set.
fn mismatch(what: &str, expected: &[Row], found: &[Row], columns: &[Column]) -> Option<String> {
    let mut left: Vec<&Row> = found.iter().collect();
    for wanted in expected {
        let same = |row: &&Row| {
            row.len() == wanted.len()
                && row.iter().zip(wanted).zip(columns).all(|((a, b), column)| model::same(a, b, column.ty()))
        };
        match left.iter().position(same) {
            Some(at) => drop(left.remove(at)),
            None => return Some(format!("{what}: expected {wanted:?}, found {found:?}")),
        }
    }
    if left.is_empty() { None } else { Some(format!("{what}: not expected {left:?}")) }
}
