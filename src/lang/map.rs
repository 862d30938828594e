//! Where the parts of a parsed update are in its text.

use crate::error::{Error, Errors, Place};

/// Bytes from and to; a document has fewer than 2³² of them.
type Span = (u32, u32);

/// Where the parts of a parsed update are in its text, so that errors of later stages find their line.
///
/// # Examples
///
/// ```
/// use setwise::{Place, lang};
///
/// let parsed = lang::parse("update posts set views = 0 where id = 1")?;
/// let place = parsed.map().find(&Place::Assignment(0));
/// assert_eq!(place, Some(Place::Span { from: 17, to: 26 }));
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    table: Option<Span>,
    assignments: Vec<Span>,
    filter: Option<Span>,
    input: Option<Span>,
    columns: usize,
    cells: Vec<Span>,
    followers: Vec<Span>,
}

impl SourceMap {
    /// The span of a place of the update; none where the text does not hold it, as with rows from elsewhere.
    #[must_use]
    pub fn find(&self, place: &Place) -> Option<Place> {
        let (from, to) = match *place {
            Place::Table => self.table?,
            // what is set without a word, such as the version, is the update's as a whole
            Place::Assignment(index) => self.assignments.get(index).copied().or(self.table)?,
            Place::Filter => self.filter?,
            Place::Input => self.input?,
            Place::Follower(index) => *self.followers.get(index)?,
            Place::Row(row) => {
                let first = row.checked_mul(self.columns)?;
                let cells = self.cells.get(first..first.checked_add(self.columns)?)?;
                (cells.first()?.0, cells.last()?.1)
            }
            Place::Cell { row, column } => {
                let index = row.checked_mul(self.columns)?.checked_add(column)?;
                *self.cells.get(index).filter(|_| column < self.columns)?
            }
            Place::Span { .. } | Place::Line { .. } | Place::Pointer(_) => return None,
        };
        Some(Place::Span { from: usize::try_from(from).ok()?, to: usize::try_from(to).ok()? })
    }

    /// The error, with the span of its place where the text holds it.
    #[must_use]
    pub fn locate(&self, error: Error) -> Error {
        match error.place().and_then(|place| self.find(place)) {
            Some(span) => error.moved_to(span),
            None => error,
        }
    }

    /// All the errors, each as [`locate`](Self::locate) makes it.
    #[must_use]
    pub fn locate_all(&self, errors: Errors) -> Errors {
        errors.map(|error| self.locate(error))
    }

    pub(super) fn set_table(&mut self, place: Place) {
        self.table = span(&place);
    }

    pub(super) fn set_filter(&mut self, place: Place) {
        self.filter = span(&place);
    }

    pub(super) fn set_input(&mut self, place: Place) {
        self.input = span(&place);
    }

    pub(super) fn set_columns(&mut self, columns: usize) {
        self.columns = columns;
    }

    pub(super) fn push_assignment(&mut self, place: Place) {
        self.assignments.extend(span(&place));
    }

    pub(super) fn push_follower(&mut self, place: Place) {
        self.followers.extend(span(&place));
    }

    pub(super) fn push_cell(&mut self, place: Place) {
        self.cells.extend(span(&place));
    }
}

fn span(place: &Place) -> Option<Span> {
    match *place {
        Place::Span { from, to } => Some((u32::try_from(from).ok()?, u32::try_from(to).ok()?)),
        _ => None,
    }
}
