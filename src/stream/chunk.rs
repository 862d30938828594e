//! The chunks of a stream: some rows, each time an update of their own.

use std::cmp::Ordering;

use super::{RowSource, Template};
use crate::check::key::{compare_keys, compare_row_keys};
use crate::check::rows::kind_of_type;
use crate::check::{Checked, check};
use crate::dialect::{Dialect, KeyEquality};
use crate::error::{Error, ErrorKind, Errors, Place};
use crate::ir::{Cell, Cells, Input, Keyed, OnDuplicate, Rows, Type, Update, Value};
use crate::lower::{clock_setup, reads_clock};
use crate::options::Options;
use crate::plan::{STREAMED, refuse_own_reads, refuse_parking, undecided_key};
use crate::script::Script;

/// Some rows, as an update of their own.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    update: Update<'a>,
    /// The number of rows before them.
    first: usize,
    /// The key of a row in another chunk that counts in place of the rows here with that key.
    counted: Vec<Value<'static>>,
}

impl Chunk<'_> {
    pub(super) fn first(&self) -> usize {
        self.first
    }
}

/// What is known of the rows so far, and what becomes of the next ones.
#[derive(Debug)]
pub(super) struct Chunks<'a> {
    template: Template<'a>,
    dialect: Dialect,
    options: Options,
    /// The last row that was read, where the one behind it tells whether it counts; it is the next chunk's first.
    held: Vec<Cell<'static>>,
    last_key: Vec<Value<'static>>,
    /// For each column that no schema declares, the type of the values so far.
    types: Vec<Option<Type>>,
    read: usize,
}

impl<'a> Chunks<'a> {
    pub(super) fn new(template: Template<'a>, dialect: Dialect, options: Options) -> Self {
        Self { template, dialect, options, held: Vec::new(), last_key: Vec::new(), types: Vec::new(), read: 0 }
    }

    /// The number of rows that were read.
    pub(super) fn read(&self) -> usize {
        self.read
    }

    /// Reads the next rows; none behind the last.
    pub(super) fn take<'s>(&mut self, rows: &'s mut impl RowSource) -> Result<Option<Chunk<'s>>, Errors>
    where
        'a: 's,
    {
        let most = self.options.chunk.filter(|rows| *rows > 0).unwrap_or(STREAMED);
        let columns = self.template.columns().to_vec();
        let on_duplicate = self.template.update.policy().on_duplicate;
        let held = std::mem::take(&mut self.held);
        let is_held = usize::from(!held.is_empty());
        let first = self.read.saturating_sub(is_held);
        let is_last_of_key = usize::from(on_duplicate == OnDuplicate::Last);
        let wanted = most.saturating_add(is_last_of_key).saturating_sub(is_held);
        let mut cells = rows.next_rows(wanted)?;
        let found = cells.len() / columns.len().max(1);
        self.read = self.read.saturating_add(found);
        cells.splice(..0, held);
        if cells.is_empty() {
            return Ok(None);
        }
        let mut counted = Vec::new();
        if on_duplicate == OnDuplicate::First {
            counted.clone_from(&self.last_key);
        }
        if on_duplicate == OnDuplicate::Last && found == wanted {
            let ahead = cells.drain(cells.len().saturating_sub(columns.len())..);
            self.held = ahead.map(Cell::into_owned).collect();
            counted = self.key_of(&self.held).map(|value| value.clone().into_owned()).collect();
        }
        let cells = Cells::new(columns, cells)?;
        self.check_order(&cells, first)?;
        Ok(Some(Chunk { update: self.template.update.with_cells(cells), first, counted }))
    }

    /// The key of a row.
    fn key_of<'r, 'c>(&'r self, row: &'r [Cell<'c>]) -> impl Iterator<Item = &'r Value<'c>> {
        let key = match self.template.update.rows() {
            Rows::Keyed(Keyed { key, .. }) => key.as_slice(),
            Rows::All | Rows::Where(_) => &[],
        };
        let columns = self.template.columns();
        let cells = key.iter().filter_map(move |name| row.get(columns.iter().position(|column| column == name)?));
        cells.filter_map(|cell| if let Cell::Value(value) = cell { Some(value) } else { None })
    }

    /// Plans the update of some rows, and checks what only all rows together tell.
    pub(super) fn plan<'u>(&mut self, chunk: &'u Chunk<'u>) -> Result<Script<'u>, Errors> {
        let Chunk { update, first, counted } = chunk;
        if let (Some(table), true) = (update.declared(), self.read > 1) {
            let mut errors = Errors::new();
            refuse_parking(update, table, &mut errors);
            errors.or(())?;
        }
        if self.read > 1 {
            let mut errors = Errors::new();
            refuse_own_reads(update, &mut errors);
            errors.or(())?;
        }
        let mut checked = check(update).map_err(|errors| shift(errors, *first))?;
        self.check_types(&checked, *first)?;
        if let (Some(rows), Rows::Keyed(Keyed { input: Input::Cells(cells), .. })) = (&mut checked.rows, update.rows())
            && !counted.is_empty()
        {
            let is_counted = |row: &[Cell<'_>]| compare_all(counted, self.key_of(row)).is_eq();
            rows.retain(cells, |row| !cells.row(row).is_some_and(is_counted));
        }
        let options = Options { continued: *first > 0, ..self.options.clone() };
        let script = Script::without_frame(checked, self.dialect, &options);
        let script = script.map_err(|errors| shift(errors, *first))?;
        let is_set_up = self.options.now.is_some() || reads_clock(&self.template.update);
        if script.reads_clock && !is_set_up && !clock_setup(self.dialect).is_empty() {
            let reason = "the clock is read before the first row; give the instant with the options".to_owned();
            let (what, dialect) = ("now in the cells of a stream".to_owned(), self.dialect.to_string());
            return Err(ErrorKind::Unsupported { what, dialect, reason }.at(Place::Row(*first)).into());
        }
        Ok(script)
    }

    /// Verifies that values have the types of those in the chunks before.
    fn check_types(&mut self, checked: &Checked<'_>, first: usize) -> Result<(), Error> {
        let columns = checked.rows.iter().flat_map(|rows| &rows.columns);
        self.types.resize(self.template.columns().len(), None);
        for (position, (column, known)) in columns.zip(&mut self.types).enumerate() {
            let (None, Some(ty)) = (column.declared, column.ty.as_deref()) else { continue };
            let known = known.get_or_insert_with(|| ty.clone());
            let are_integers = known.integer_range().is_some() && ty.integer_range().is_some();
            if known != ty && !are_integers {
                let (first_kind, second) = (kind_of_type(known), kind_of_type(ty));
                let kind = ErrorKind::MixedTypes { column: column.name.to_string(), first: first_kind, second };
                return Err(kind.at(Place::Cell { row: first, column: position }));
            }
        }
        Ok(())
    }

    /// Verifies that keys ascend, over the chunks' borders too.
    fn check_order(&mut self, cells: &Cells<'_>, first: usize) -> Result<(), Error> {
        let Rows::Keyed(Keyed { key, .. }) = self.template.update.rows() else { return Ok(()) };
        let positions: Vec<usize> = key.iter().filter_map(|name| cells.position(name)).collect();
        self.check_collation(cells, &positions)?;
        let may_repeat = self.template.update.policy().on_duplicate != OnDuplicate::Error;
        let follows = |order: Ordering| order.is_lt() || may_repeat && order.is_eq();
        let mut before: Option<&[Cell<'_>]> = None;
        for (index, row) in cells.rows().enumerate() {
            let is_value = |at: &usize| matches!(row.get(*at), Some(Cell::Value(_)));
            if !positions.iter().all(is_value) {
                // refused with the other cells
                return Ok(());
            }
            let is_in_order = match before {
                Some(before) => follows(compare_row_keys(before, row, &positions)),
                None => self.last_key.is_empty() || follows(compare_all(&self.last_key, self.key_of(row))),
            };
            if !is_in_order {
                return Err(ErrorKind::NotAscending.at(Place::Row(first + index)));
            }
            before = Some(row);
        }
        if let Some(last) = before {
            self.last_key = self.key_of(last).map(|value| value.clone().into_owned()).collect();
        }
        Ok(())
    }

    fn check_collation(&self, cells: &Cells<'_>, key: &[usize]) -> Result<(), Error> {
        for position in key {
            let Some(name) = cells.columns().get(*position) else { continue };
            let declared = self.template.update.declared().and_then(|table| table.find(name));
            let first = cells.rows().next().and_then(|row| row.get(*position));
            let is_padded = declared.is_some_and(|column| matches!(column.ty(), Type::Char { .. }));
            let is_text = matches!(first, Some(Cell::Value(Value::Text(_))));
            let collation = declared.and_then(|column| column.collation());
            if is_text && (is_padded || self.dialect.key_equality(collation) != KeyEquality::Exact) {
                return Err(undecided_key(name, collation, self.dialect).at(Place::Table));
            }
        }
        Ok(())
    }
}

/// Orders keys.
fn compare_all<'r, 'a: 'r, 'b: 'r>(
    a: impl IntoIterator<Item = &'r Value<'a>>,
    b: impl IntoIterator<Item = &'r Value<'b>>,
) -> Ordering {
    let parts = a.into_iter().zip(b).map(|(a, b)| compare_keys(a, b));
    parts.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Counts the rows of a chunk's errors from the first row of the stream.
fn shift(errors: Errors, first: usize) -> Errors {
    errors.map(|error| match error.place().cloned() {
        Some(Place::Row(row)) => error.moved_to(Place::Row(row + first)),
        Some(Place::Cell { row, column }) => error.moved_to(Place::Cell { row: row + first, column }),
        _ => error,
    })
}
