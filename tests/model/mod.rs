//! The reference: an update applied row by row to a table in memory. It is the definition of correct.
//!
//! It shares nothing with the library but the types of the intermediate representation, and it is written for
//! reading, not for speed. What operators and functions mean is said in `docs/expressions.md`.
#![allow(dead_code, unused_imports, reason = "each test program uses a part of it")]

mod apply;
mod arithmetic;
mod calendar;
mod cells;
mod compare;
mod datum;
mod early;
mod eval;
mod functions;
mod guard;
mod refuse;
mod room;
mod same;
mod select;
mod span;
mod store;
mod table;

use std::collections::BTreeSet;
use std::fmt;

use setwise::{Table, Value};

pub use apply::{apply, effect, effect_among};
pub use guard::{Effect, Fate};
pub use same::{diff, same};
pub use span::{as_seen, joined};

/// A table with its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TableData {
    /// What the table is.
    pub table: Table,
    /// Its rows, each with a value for every column, in the order of the columns.
    pub rows: Vec<Vec<Value<'static>>>,
}

/// Why an update does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The library refuses it before any SQL, with this code.
    Refused(&'static str),
    /// A number, text or date leaves its range.
    OutOfRange,
    /// NULL for a column that does not take it.
    NotNull,
    /// A row of the table from which rows come has no key.
    NullKey,
    /// A key that the table must have is missing.
    Missing,
    /// A key that is to be inserted is missing in one table of a chain and not in another.
    HalfMissing,
    /// Two incoming keys are one to the collation of their column.
    EqualKeys,
    /// Two rows would be equal in unique columns.
    Unique,
    /// A division by zero; the rules for divisors should make it impossible.
    DivisionByZero,
    /// What happens is the engine's choice, as section 2 of `docs/expressions.md` lists: nothing can be compared.
    EngineDependent(&'static str),
}

/// All reasons why an update does not happen. An engine stops at any one of them and leaves the table as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelError {
    /// The reasons, at least one.
    pub classes: BTreeSet<Class>,
}

impl ModelError {
    /// The code of the refusal, where the library must refuse the update before any SQL.
    pub fn refusal(&self) -> Option<&'static str> {
        self.classes.iter().find_map(|class| match class {
            Class::Refused(code) => Some(*code),
            _ => None,
        })
    }

    /// Whether nothing can be compared, because the engine may choose.
    pub fn is_engine_dependent(&self) -> bool {
        self.classes.iter().any(|class| matches!(class, Class::EngineDependent(_)))
    }

    /// Whether an engine may stop with an error of this class.
    pub fn allows(&self, class: Class) -> bool {
        self.is_engine_dependent() || self.classes.contains(&class)
    }

    fn add(&mut self, class: Class) {
        self.classes.insert(class);
    }

    /// Adds what fails; where it is open whether anyone gets there, no more than that.
    fn add_all(&mut self, failed: Self, is_open: bool) {
        match is_open {
            true => self.add(eval::UNDECIDED),
            false => self.classes.extend(failed.classes),
        }
    }
}

impl From<Class> for ModelError {
    fn from(class: Class) -> Self {
        Self { classes: BTreeSet::from([class]) }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.classes)
    }
}
