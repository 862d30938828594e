//! Errors: what is wrong, where, and what to do about it.

mod kind;

use std::fmt;

pub use kind::ErrorKind;
pub(crate) use kind::{list_quoted, nearest};

/// The most errors that are kept; more are only counted.
const MAX_ERRORS: usize = 100;

/// What is wrong, and where.
///
/// # Examples
///
/// ```
/// use setwise::Ident;
///
/// let error = Ident::new("").unwrap_err();
/// assert_eq!(error.code(), "empty-name");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    kind: Box<ErrorKind>,
    place: Option<Place>,
}

impl Error {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Where, as far as it is known.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The stable code, such as `duplicate-key`; `docs/errors.md` explains each.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The same error, at a place unless it already has one.
    #[must_use]
    pub fn or_at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }

    /// The same error, at another place.
    #[must_use]
    pub fn moved_to(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind: Box::new(kind), place: None }
    }
}

impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl std::error::Error for Error {}

/// Writes `place: message`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        self.kind.fmt(f)
    }
}

/// Where an error is, in terms of the update. Front ends map it to a line, a JSON pointer or a span of text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The table, its key or the update as a whole.
    Table,
    /// An assignment, counted from 0.
    Assignment(usize),
    /// The condition.
    Filter,
    /// A follower of the update, counted from 0.
    Follower(usize),
    /// An incoming row, counted from 0.
    Row(usize),
    /// A cell of an incoming row, both counted from 0.
    Cell {
        /// The row.
        row: usize,
        /// The position among the input's columns.
        column: usize,
    },
    /// The table from which the incoming rows come, and the condition on them.
    Input,
    /// A place in a text: byte offsets from and to.
    Span {
        /// The first byte.
        from: usize,
        /// The byte behind the last.
        to: usize,
    },
    /// A line and column of a document, both counted from 1; the column counts characters.
    Line {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A JSON pointer, such as `/2/price`.
    Pointer(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("update"),
            Self::Assignment(index) => write!(f, "assignment {}", index + 1),
            Self::Filter => f.write_str("filter"),
            Self::Follower(index) => write!(f, "follower {}", index + 1),
            Self::Row(row) => write!(f, "row {}", row + 1),
            Self::Cell { row, column } => write!(f, "row {}, column {}", row + 1, column + 1),
            Self::Input => f.write_str("rows"),
            Self::Span { from, to } => write!(f, "bytes {from}..{to}"),
            Self::Line { line, column } => write!(f, "line {line}, column {column}"),
            Self::Pointer(pointer) => f.write_str(pointer),
        }
    }
}

/// All errors of a stage: the first hundred, and the count of the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors {
    kept: Vec<Error>,
    more: usize,
}

impl Errors {
    /// No errors yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error; above a hundred it is only counted.
    pub fn push(&mut self, error: Error) {
        if self.kept.len() < MAX_ERRORS {
            self.kept.push(error);
        } else {
            self.more += 1;
        }
    }

    /// Adds all errors of another stage.
    pub fn append(&mut self, other: Self) {
        let more = other.more;
        other.kept.into_iter().for_each(|error| self.push(error));
        self.more += more;
    }

    /// These errors, each as the function makes it.
    #[must_use]
    pub fn map(mut self, change: impl FnMut(Error) -> Error) -> Self {
        self.kept = self.kept.into_iter().map(change).collect();
        self
    }

    /// These errors in the order of their places, each once.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        let mut once: Vec<Error> = Vec::with_capacity(self.kept.len());
        for error in self.kept {
            if !once.contains(&error) {
                once.push(error);
            }
        }
        once.sort_by(|a, b| a.place.cmp(&b.place));
        self.kept = once;
        self
    }

    /// The errors that were kept, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.kept.iter()
    }

    /// How many errors there are in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Whether more errors are only counted, so that their places need not be found.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kept.len() >= MAX_ERRORS
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The value where there is no error, else the errors.
    ///
    /// # Errors
    ///
    /// These errors, where there is one.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl<'e> IntoIterator for &'e Errors {
    type Item = &'e Error;
    type IntoIter = std::slice::Iter<'e, Error>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self { kept: vec![error], more: 0 }
    }
}

impl From<ErrorKind> for Errors {
    fn from(kind: ErrorKind) -> Self {
        Error::from(kind).into()
    }
}

impl std::error::Error for Errors {}

/// Writes one error per line, and the count of those that were not kept.
impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.kept.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}error[{}]: {error}", error.code())?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more errors", self.more)?;
        }
        Ok(())
    }
}
