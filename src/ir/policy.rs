//! What an update means where rows collide, are missing, have changed, or are wanted back.

use super::Ident;

/// What happens where incoming rows and the table do not meet one to one.
///
/// # Examples
///
/// ```
/// use setwise::{OnMissing, Policy};
///
/// assert_eq!(Policy::default().on_missing, OnMissing::Ignore);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Which of the incoming rows of one key counts.
    pub on_duplicate: OnDuplicate,
    /// What becomes of an incoming row whose key the table does not have.
    pub on_missing: OnMissing,
    /// How rows are locked.
    pub lock: Lock,
    /// Unique columns whose new values no row of the table has before: nothing stands in their way.
    pub disjoint: Vec<Ident>,
}

/// Which of the incoming rows of one key counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnDuplicate {
    /// None: a key that comes twice is an error that names both rows.
    #[default]
    Error,
    /// The first that comes in.
    First,
    /// The last that comes in.
    Last,
}

/// What becomes of an incoming row whose key the table does not have, whatever the filter says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnMissing {
    /// It is left out.
    #[default]
    Ignore,
    /// It is an error that leaves the table as it was.
    Error,
    /// It becomes a row of the table.
    Insert,
}

/// How rows are locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lock {
    /// By the update itself, in the order in which the engine meets them.
    #[default]
    AsMet,
    /// All of them before the first is written, in the order of their keys: two such scripts cannot deadlock.
    Ordered,
}

impl OnDuplicate {
    /// The words of the language.
    pub const ALL: [(&'static str, Self); 3] = [("error", Self::Error), ("first", Self::First), ("last", Self::Last)];
}

impl OnMissing {
    /// The words of the language.
    pub const ALL: [(&'static str, Self); 3] =
        [("ignore", Self::Ignore), ("error", Self::Error), ("insert", Self::Insert)];
}

/// A column of the rows that were written, to be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The column.
    pub column: Ident,
    /// Before or after the update.
    pub at: Moment,
}

/// Before or after the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// As it was.
    Old,
    /// As it is written.
    New,
}
