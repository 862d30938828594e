//! Random updates: a schema with every type that a dialect holds, rows, and a typed update over them.
//!
//! A case is grown from a list of numbers, the choices. proptest shortens the list and lessens its numbers, and every
//! choice is made so that zero is the simplest: that is how a failing case shrinks.
#![allow(dead_code, unused_imports, reason = "each test program uses a part of it")]

mod caps;
mod cells;
mod choices;
mod conditions;
mod exprs;
mod names;
mod numbers;
mod others;
mod params;
mod spans;
mod tables;
mod uniques;
mod updates;
mod values;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use setwise::{Cell, Expr, Ident, OnDuplicate, OnMissing, Param, Schema, Timestamp, Update};

pub use caps::Caps;
pub use spans::{Span, spans};

use crate::model::TableData;
use choices::Choices;

/// The most choices that a case is grown from.
const MOST_CHOICES: usize = 3000;

/// A table with its rows, and an update of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is declared: the one table.
    pub schema: Schema,
    /// The table with its rows.
    pub data: TableData,
    /// Which rows are updated, and what comes in with them.
    pub rows: CaseRows,
    /// What is set; never empty.
    pub set: Vec<(Ident, Expr<'static>)>,
    /// A condition besides the key.
    pub filter: Option<Expr<'static>>,
    /// The parameters that expressions read, with their arguments.
    pub params: Vec<Param<'static>>,
    /// What `now()` is.
    pub now: Timestamp,
    /// Whether only rows that change are written.
    pub only_changed: bool,
    /// The column that tells when a row was written.
    pub touch: Option<Ident>,
    /// The column that counts a row's versions.
    pub version: Option<Ident>,
    /// Which of the rows of a key counts.
    pub on_duplicate: OnDuplicate,
    /// What becomes of rows whose keys the table does not have.
    pub on_missing: OnMissing,
    /// Columns that are given back, as they are or as they were.
    pub returning: (Vec<Ident>, bool),
}

/// Which rows are updated.
#[derive(Clone, Debug)]
pub enum CaseRows {
    /// All; with a filter, those for which it is true.
    All,
    /// Those with these keys.
    Keyed {
        /// The key columns.
        key: Vec<Ident>,
        /// The columns of the input, those of the key among them.
        columns: Vec<Ident>,
        /// The input's rows.
        cells: Vec<Vec<Cell<'static>>>,
    },
}

impl Case {
    /// The update.
    pub fn update(&self) -> Update<'_> {
        let mut update = Update::table(self.data.table.name()).schema(&self.schema);
        for (column, value) in &self.set {
            update = update.set(column, value.clone());
        }
        if let Some(filter) = &self.filter {
            update = update.filter(filter.clone());
        }
        for Param { name, ty, .. } in &self.params {
            update = update.param(name, ty.clone());
        }
        if self.only_changed {
            update = update.only_changed();
        }
        update = update.touch(&self.touch).on_duplicate(self.on_duplicate).on_missing(self.on_missing);
        let (columns, old) = &self.returning;
        update = if *old { update.returning_old(columns) } else { update.returning(columns) };
        if let Some(version) = &self.version {
            update = update.version_column(version);
        }
        let update = match &self.rows {
            CaseRows::All if self.filter.is_none() => update.all_rows(),
            CaseRows::All => update,
            CaseRows::Keyed { key, columns, cells } => update.key(key).rows(columns, cells.iter().map(Vec::as_slice)),
        };
        let arguments = self.params.iter().filter_map(|param| Some((param.name.as_str(), param.argument.clone()?)));
        update.build().and_then(|update| update.call(arguments)).expect("a generated update is whole")
    }
}

/// Random cases that a dialect with these capabilities can mostly carry out.
pub fn case(caps: &'static Caps) -> impl Strategy<Value = Case> {
    prop::collection::vec(any::<u32>(), 0..MOST_CHOICES).prop_map(move |list| grow(caps, &list))
}

/// The case that a list of choices makes.
pub fn grow(caps: &'static Caps, list: &[u32]) -> Case {
    updates::case(caps, &mut Choices::new(list))
}

/// Makes what fails as small as it gets, with what is wrong with it; for a judge that says so.
pub fn shrink<T: ValueTree>(
    tree: &mut T,
    why: &str,
    mut judge: impl FnMut(&T::Value) -> Option<String>,
) -> (T::Value, String) {
    const MOST_STEPS: usize = 400;
    let mut smallest = (tree.current(), why.to_owned());
    let mut steps = 0;
    while steps < MOST_STEPS && tree.simplify() {
        loop {
            steps += 1;
            if let Some(why) = judge(&tree.current()) {
                smallest = (tree.current(), why);
                break;
            }
            if steps >= MOST_STEPS || !tree.complicate() {
                break;
            }
        }
    }
    smallest
}
