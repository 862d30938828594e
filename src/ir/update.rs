//! The update itself.

use super::{
    Expr, Follower, Ident, Param, Policy, Returned, Schema, Selection, Table, TableName, UpdateBuilder, Value,
};
use crate::error::{Error, ErrorKind, Place};

/// A bulk update as plain data: set these columns on those rows to these values.
///
/// # Examples
///
/// ```
/// use setwise::Update;
///
/// let rows = [(1, "Titel 1"), (2, "Titel 2")];
/// let update = Update::table("posts").key(["id"]).rows(["id", "title"], rows).build()?;
/// assert_eq!(update.assignments().len(), 1);
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Update<'a> {
    // not private, so that each stage takes an update apart and none can forget a new field
    pub(crate) name: Option<Ident>,
    pub(crate) params: Vec<Param<'a>>,
    pub(crate) table: TableName,
    pub(crate) set: Vec<Assignment<'a>>,
    pub(crate) rows: Rows<'a>,
    pub(crate) guard: Guard<'a>,
    pub(crate) policy: Policy,
    pub(crate) returning: Vec<Returned>,
    pub(crate) followers: Vec<Follower<'a>>,
    pub(crate) schema: Option<&'a Schema>,
}

/// A column and the expression that it is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment<'a> {
    /// The column.
    pub column: Ident,
    /// Its new value.
    pub value: Expr<'a>,
}

/// Which rows are updated.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows<'a> {
    /// Every row of the table.
    All,
    /// The rows for which a condition is true.
    Where(Expr<'a>),
    /// The rows whose key is in the input.
    Keyed(Keyed<'a>),
}

impl<'a> Rows<'a> {
    /// The condition that finds the rows, where one does.
    #[must_use]
    pub fn condition(&self) -> Option<&Expr<'a>> {
        match self {
            Self::Where(condition) => Some(condition),
            Self::All | Self::Keyed(_) => None,
        }
    }

    /// The incoming rows that are in memory, where there are any.
    pub(crate) fn cells(&self) -> Option<&Cells<'a>> {
        match self {
            Self::Keyed(Keyed { key: _, input: Input::Cells(cells) }) => Some(cells),
            Self::All | Self::Where(_) | Self::Keyed(Keyed { key: _, input: Input::Table(_) }) => None,
        }
    }

    /// The incoming rows that are in a table, where there are any.
    pub(crate) fn selection(&self) -> Option<&Selection<'a>> {
        match self {
            Self::Keyed(Keyed { key: _, input: Input::Table(rows) }) => Some(rows),
            Self::All | Self::Where(_) | Self::Keyed(Keyed { key: _, input: Input::Cells(_) }) => None,
        }
    }
}

/// Rows by key, and what comes in with each.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed<'a> {
    /// The key columns; each is a column of the input.
    pub key: Vec<Ident>,
    /// The incoming rows.
    pub input: Input<'a>,
}

/// Where the incoming rows are.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Input<'a> {
    /// In memory.
    Cells(Cells<'a>),
    /// In a table, of which the selected columns come in.
    Table(Selection<'a>),
}

impl<'a> Input<'a> {
    /// The incoming columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Ident> {
        let (cells, rows) = match self {
            Self::Cells(cells) => (Some(cells), None),
            Self::Table(rows) => (None, Some(rows)),
        };
        cells.into_iter().flat_map(Cells::columns).chain(rows.into_iter().flat_map(Selection::columns))
    }
}

/// Incoming rows in one flat vector, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells<'a> {
    pub(super) columns: Vec<Ident>,
    pub(super) cells: Vec<Cell<'a>>,
}

impl<'a> Cells<'a> {
    /// Rows from their columns and their cells, row after row.
    ///
    /// # Errors
    ///
    /// `ragged-row` where the cells do not fill the last row, `no-columns` where there are none, `too-deep` where the
    /// expression of a cell is nested too deep.
    pub fn new(columns: Vec<Ident>, cells: Vec<Cell<'a>>) -> Result<Self, Error> {
        if columns.is_empty() {
            return Err(ErrorKind::NoColumns.into());
        }
        let over = cells.len() % columns.len();
        if over != 0 {
            let row = cells.len() / columns.len();
            return Err(ErrorKind::RaggedRow { expected: columns.len(), found: over }.at(Place::Row(row)));
        }
        check_cells(&columns, &cells)?;
        Ok(Self { columns, cells })
    }

    /// No rows, and no columns: what an empty document says.
    #[must_use]
    pub fn none() -> Self {
        Self { columns: Vec::new(), cells: Vec::new() }
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Ident] {
        &self.columns
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells of all rows, row after row.
    #[must_use]
    pub fn cells(&self) -> &[Cell<'a>] {
        &self.cells
    }

    /// The rows, each with its cells in the order of the columns.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, Cell<'a>> {
        self.cells.chunks_exact(self.columns.len().max(1))
    }

    /// A row, by its number.
    pub(crate) fn row(&self, row: u32) -> Option<&[Cell<'a>]> {
        let width = self.columns.len();
        let from = usize::try_from(row).ok()?.checked_mul(width)?;
        self.cells.get(from..from.checked_add(width)?)
    }

    /// A cell, by its row and the position of its column.
    #[inline]
    pub(crate) fn cell(&self, row: u32, position: usize) -> Option<&Cell<'a>> {
        let row = usize::try_from(row).ok()?;
        self.cells.get(row.wrapping_mul(self.columns.len()).wrapping_add(position))
    }

    /// The cells of a column, row after row.
    pub(crate) fn column(&self, position: usize) -> ColumnCells<'_, 'a> {
        ColumnCells { cells: &self.cells, at: position, width: self.columns.len().max(1) }
    }

    /// The same rows with other names for their columns.
    pub(crate) fn with_columns(&self, columns: Vec<Ident>) -> Self {
        Self { columns, cells: self.cells.clone() }
    }

    /// The position of a column.
    #[must_use]
    pub fn position(&self, column: &Ident) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }
}

/// The cells of a column that are left, row after row.
#[derive(Clone, Debug)]
pub(crate) struct ColumnCells<'c, 'a> {
    /// Those of all columns.
    cells: &'c [Cell<'a>],
    /// The next one of this column.
    at: usize,
    width: usize,
}

impl<'c, 'a> ColumnCells<'c, 'a> {
    /// The next cell that is so, with its row.
    #[inline(always)]
    pub(crate) fn seek(&mut self, mut is_so: impl FnMut(&Cell<'a>) -> bool) -> Option<(usize, &'c Cell<'a>)> {
        let Self { cells, at: mut next, width } = *self;
        while let Some(cell) = cells.get(next) {
            let at = next;
            next = next.wrapping_add(width);
            if is_so(cell) {
                self.at = next;
                return Some((at / width, cell));
            }
        }
        self.at = next;
        None
    }
}

impl<'c, 'a> Iterator for ColumnCells<'c, 'a> {
    type Item = &'c Cell<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let cell = self.cells.get(self.at)?;
        self.at = self.at.wrapping_add(self.width);
        Some(cell)
    }
}

/// What one incoming row says of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// The column stays as it is.
    Keep,
    /// The column takes its default.
    Default,
    /// The column takes a value.
    Value(Value<'a>),
    /// The column takes the value of an expression.
    Expr(Box<Expr<'a>>),
}

/// No cell's expression may be nested too deep.
pub(super) fn check_cells(columns: &[Ident], cells: &[Cell<'_>]) -> Result<(), Error> {
    for (index, cell) in cells.iter().enumerate() {
        if let Cell::Expr(expression) = cell {
            let (row, column) = (index / columns.len().max(1), index % columns.len().max(1));
            expression.check_depth().map_err(|kind| kind.at(Place::Cell { row, column }))?;
        }
    }
    Ok(())
}

impl<'a, T: Into<Value<'a>>> From<T> for Cell<'a> {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

/// Conditions on the old row, besides the key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guard<'a> {
    /// Rows for which this is not true stay as they are.
    pub filter: Option<Expr<'a>>,
    /// Rows whose columns would all be set to what they are stay as they are.
    pub only_changed: bool,
    /// A column of the table and of the incoming rows: where the two differ, the row stays as it is.
    pub version: Option<Ident>,
    /// Columns that tell when a row was written: what they are set to is no change.
    pub touch: Vec<Ident>,
}

impl Guard<'_> {
    /// Whether what a column is set to counts as a change.
    #[must_use]
    pub fn compares(&self, column: &Ident) -> bool {
        self.version.as_ref() != Some(column) && !self.touch.contains(column)
    }
}

impl<'a> Update<'a> {
    /// Starts an update of a table. See [`UpdateBuilder`].
    pub fn table<N>(table: N) -> UpdateBuilder<'a>
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        UpdateBuilder::new(table)
    }

    /// The same update with other rows.
    pub(crate) fn with_cells<'c>(&self, cells: Cells<'c>) -> Update<'c>
    where
        'a: 'c,
    {
        let key = match &self.rows {
            Rows::Keyed(keyed) => keyed.key.clone(),
            Rows::All | Rows::Where(_) => Vec::new(),
        };
        Update {
            name: self.name.clone(),
            params: self.params.clone(),
            table: self.table.clone(),
            set: self.set.clone(),
            rows: Rows::Keyed(Keyed { key, input: Input::Cells(cells) }),
            guard: self.guard.clone(),
            policy: self.policy.clone(),
            returning: self.returning.clone(),
            followers: self.followers.clone(),
            schema: self.schema,
        }
    }

    /// The name, where it has one.
    #[must_use]
    pub fn name(&self) -> Option<&Ident> {
        self.name.as_ref()
    }

    /// The parameters, with the arguments that were given.
    #[must_use]
    pub fn params(&self) -> &[Param<'a>] {
        &self.params
    }

    /// The table.
    #[must_use]
    pub fn target(&self) -> &TableName {
        &self.table
    }

    /// What is set, in order.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment<'a>] {
        &self.set
    }

    /// Which rows are updated.
    #[must_use]
    pub fn rows(&self) -> &Rows<'a> {
        &self.rows
    }

    /// Conditions besides the key.
    #[must_use]
    pub fn guard(&self) -> &Guard<'a> {
        &self.guard
    }

    /// What happens to rows that collide or are missing, and how rows are locked.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The columns of the written rows that are given back.
    #[must_use]
    pub fn returning(&self) -> &[Returned] {
        &self.returning
    }

    /// The rows of other tables that are updated with those of this one, besides those of the schema.
    #[must_use]
    pub fn followers(&self) -> &[Follower<'a>] {
        &self.followers
    }

    /// The expressions of assignments and conditions, of the condition on the rows of a table too: all but those of cells,
    /// and of what follows.
    pub(crate) fn shared_expressions(&self) -> impl Iterator<Item = &Expr<'a>> {
        let Self { name: _, params: _, table: _, set, rows, guard, policy: _, returning: _, followers: _, schema: _ } =
            self;
        let Guard { filter, only_changed: _, version: _, touch: _ } = guard;
        let of_table = rows.selection().and_then(Selection::condition);
        set.iter().map(|set| &set.value).chain(filter).chain(rows.condition()).chain(of_table)
    }

    /// As [`shared_expressions`](Self::shared_expressions), with those of cells.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr<'a>> {
        let cells = self.rows.cells().map_or(&[][..], Cells::cells);
        let of_cells = cells.iter().filter_map(|cell| if let Cell::Expr(value) = cell { Some(&**value) } else { None });
        self.shared_expressions().chain(of_cells)
    }

    /// The schema, where one was given.
    #[must_use]
    pub fn schema(&self) -> Option<&'a Schema> {
        self.schema
    }

    /// What the schema says of the table, where there is a schema and it knows the table.
    #[must_use]
    pub fn declared(&self) -> Option<&'a Table> {
        self.schema.and_then(|schema| schema.find(&self.table))
    }
}
