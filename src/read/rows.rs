//! Rows as they are read: columns found once, cells put straight into one flat vector, or into one for each row.

use std::collections::HashMap;

use super::plain::plain_length;
use crate::error::{Error, ErrorKind, Errors, Place};
use crate::ir::{Cell, Cells, Ident, Table, Type};

/// Columns that rows may come to without a table that names them: each new one is a cell more in every row.
const MOST_COLUMNS: usize = 256;

/// What a column's fields are read as.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'t> {
    /// Values of the declared type.
    Type(&'t Type),
    /// Values of the field's own kind, since there is no schema.
    Own,
    /// Nothing: the table has no such column, which was reported.
    Nothing,
}

/// How a column is read.
#[derive(Debug)]
struct Field<'t> {
    /// Its name, as JSON mostly has it; none where that needs escapes.
    quoted: Option<String>,
    wanted: Wanted<'t>,
    /// The number of the last row that gave it, counted from 1.
    given: usize,
}

/// The columns of the rows, and what is wrong with the rows read so far. The cells are put into a vector of the caller's.
#[derive(Debug)]
pub(super) struct RowSink<'t> {
    table: Option<&'t Table>,
    columns: Vec<Ident>,
    positions: HashMap<Ident, usize>,
    fields: Vec<Field<'t>>,
    /// The number of the row that is being read, counted from 1.
    row: usize,
    /// Where its cells begin.
    start: usize,
    /// Whether the columns are known: the first row or the header has been read.
    closed: bool,
    /// Whether later rows may add columns: the cells of all rows are in one vector.
    grows: bool,
    /// Fields of this row that the first one does not have, where no row may add one.
    added: Vec<String>,
    errors: Errors,
}

impl<'t> RowSink<'t> {
    pub(super) fn new(table: Option<&'t Table>) -> Self {
        Self {
            table,
            columns: Vec::new(),
            positions: HashMap::new(),
            fields: Vec::new(),
            row: 0,
            start: 0,
            closed: false,
            grows: false,
            added: Vec::new(),
            errors: Errors::new(),
        }
    }

    /// Lets later rows name columns that the first one does not have; the cells of all rows are put into one vector.
    pub(super) fn growing(self) -> Self {
        Self { grows: true, ..self }
    }

    /// The position of the row that is being read, counted from 0.
    pub(super) fn row(&self) -> usize {
        self.row.saturating_sub(1)
    }

    /// The columns, once the header or the first row has been read.
    pub(super) fn columns(&self) -> &[Ident] {
        &self.columns
    }

    /// What a column's fields are read as.
    #[inline]
    pub(super) fn wanted(&self, position: usize) -> Wanted<'t> {
        self.fields.get(position).map_or(Wanted::Nothing, |field| field.wanted)
    }

    pub(super) fn column(&self, position: usize) -> &str {
        self.columns.get(position).map_or("", Ident::as_str)
    }

    /// The name of a column as JSON mostly has it, in quotes.
    pub(super) fn quoted(&self, position: usize) -> Option<&str> {
        self.fields.get(position)?.quoted.as_deref()
    }

    /// Starts a row.
    pub(super) fn begin(&mut self, cells: &[Cell<'_>]) {
        self.row += 1;
        self.start = cells.len();
    }

    /// Adds a column that the first row or the header names.
    pub(super) fn add_column(&mut self, name: &str, place: impl FnOnce() -> Place) -> usize {
        let wanted = match Ident::new(name) {
            Ok(name) => {
                let (wanted, wrong) = self.find_type(&name);
                self.positions.insert(name.clone(), self.columns.len());
                self.columns.push(name);
                if let Some(wrong) = wrong {
                    self.report(wrong, place);
                }
                wanted
            }
            Err(error) => {
                self.report(error, place);
                // A name that no member can have, to keep the positions.
                self.columns.extend(Ident::new("\u{fffd}"));
                Wanted::Nothing
            }
        };
        let is_plain = plain_length(name.as_bytes(), b'"', b'\\') == name.len();
        self.fields.push(Field { quoted: is_plain.then(|| format!("\"{name}\"")), wanted, given: 0 });
        self.columns.len().saturating_sub(1)
    }

    fn find_type(&self, name: &Ident) -> (Wanted<'t>, Option<ErrorKind>) {
        let Some(table) = self.table else { return (Wanted::Own, None) };
        match table.find(name) {
            Some(column) => (Wanted::Type(column.ty()), None),
            None => (Wanted::Nothing, Some(ErrorKind::unknown_field(name.as_str(), table))),
        }
    }

    /// The position of a column.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The position of a member of the row, found or, in the first row, added; none where it is wrong.
    pub(super) fn member(
        &mut self,
        name: &str,
        cells: &mut Vec<Cell<'_>>,
        place: impl FnOnce() -> Place,
    ) -> Option<usize> {
        if let Some(position) = self.find(name) {
            return Some(position);
        }
        if !self.closed {
            return Some(self.add_column(name, place));
        }
        match self.table.filter(|table| table.columns().iter().all(|column| column.name().as_str() != name)) {
            Some(table) => self.report(ErrorKind::unknown_field(name, table), place),
            None if self.grows && (self.table.is_some() || self.columns.len() < MOST_COLUMNS) => {
                self.widen(cells);
                return Some(self.add_column(name, place));
            }
            None => self.added.push(format!("`{name}`")),
        }
        None
    }

    /// Gives a column its field of the row; false where it has one.
    pub(super) fn give(&mut self, position: usize) -> bool {
        let row = self.row;
        self.fields.get_mut(position).is_some_and(|field| std::mem::replace(&mut field.given, row) != row)
    }

    /// Puts a cell of the row in its place, which mostly is behind the one before.
    #[inline(always)]
    pub(super) fn put<'a>(&self, position: usize, cell: Cell<'a>, cells: &mut Vec<Cell<'a>>) {
        let at = self.start + position;
        if cells.len() == at { cells.push(cell) } else { put_at(at, cell, cells) }
    }

    /// Adds a column to the rows before; it is kept in all of them.
    fn widen(&mut self, cells: &mut Vec<Cell<'_>>) {
        let width = self.columns.len();
        let rows = self.start.checked_div(width).unwrap_or(0);
        let mut wider = Vec::with_capacity(cells.len() + rows);
        for (index, cell) in cells.drain(..).enumerate() {
            wider.push(cell);
            if index < self.start && (index + 1) % width == 0 {
                wider.push(Cell::Keep);
            }
        }
        self.start += rows;
        *cells = wider;
    }

    /// Says that no more columns follow.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Ends a row. Columns that it does not name are kept; one that names new columns is refused where it cannot.
    pub(super) fn end(&mut self, cells: &mut Vec<Cell<'_>>, place: impl FnOnce() -> Place) {
        let end = self.start + self.columns.len();
        if cells.len() < end {
            cells.resize(end, Cell::Keep);
        }
        if self.columns.is_empty() {
            return self.report(ErrorKind::NoColumns, place);
        }
        self.closed = true;
        if !self.added.is_empty() {
            let added: Vec<_> = self.added.drain(..).collect();
            self.report(ErrorKind::MixedColumns { added: added.join(", ") }, place);
        }
    }

    /// Reports an error; its place is found only where it will be shown.
    pub(super) fn report(&mut self, error: impl Into<Error>, place: impl FnOnce() -> Place) {
        let place = if self.errors.is_full() { Place::Table } else { place() };
        self.errors.push(error.into().or_at(place));
    }

    /// Reports a row that could not be read; where it is the first, the next one names the columns.
    pub(super) fn abandon(
        &mut self,
        error: impl Into<Error>,
        cells: &mut Vec<Cell<'_>>,
        place: impl FnOnce() -> Place,
    ) {
        self.added.clear();
        if !self.closed {
            self.columns.clear();
            self.positions.clear();
            self.fields.clear();
        }
        cells.truncate(self.start);
        self.report(error, place);
    }

    /// The rows, where nothing is wrong; no columns where there was no row.
    pub(super) fn finish(self, cells: Vec<Cell<'_>>) -> Result<Cells<'_>, Errors> {
        self.errors.or(())?;
        if self.columns.is_empty() {
            return Ok(Cells::none());
        }
        Ok(Cells::new(self.columns, cells)?)
    }

    /// Fails where errors were reported since it was last asked.
    pub(super) fn check(&mut self) -> Result<(), Errors> {
        if self.errors.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.errors)) }
    }
}

/// Puts a cell in its place. What is before it is kept, unless it is given later.
#[cold]
fn put_at<'a>(at: usize, cell: Cell<'a>, cells: &mut Vec<Cell<'a>>) {
    if cells.len() <= at {
        cells.resize(at + 1, Cell::Keep);
    }
    if let Some(slot) = cells.get_mut(at) {
        *slot = cell;
    }
}
