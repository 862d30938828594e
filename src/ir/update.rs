//! The update itself, and its builder.

use super::{Expr, Ident, IntoRow, Schema, Table, TableName, Value};
use crate::error::{Error, ErrorKind, Errors, Place};

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
    pub(crate) table: TableName,
    pub(crate) set: Vec<Assignment<'a>>,
    pub(crate) rows: Rows<'a>,
    pub(crate) guard: Guard<'a>,
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
}

/// Incoming rows in one flat vector, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells<'a> {
    columns: Vec<Ident>,
    cells: Vec<Cell<'a>>,
}

impl<'a> Cells<'a> {
    /// Rows from their columns and their cells, row after row.
    ///
    /// # Errors
    ///
    /// `ragged-rows` where the cells do not fill the last row, `no-columns` where there are none.
    pub fn new(columns: Vec<Ident>, cells: Vec<Cell<'a>>) -> Result<Self, Error> {
        if columns.is_empty() {
            return Err(ErrorKind::NoColumns.into());
        }
        let over = cells.len() % columns.len();
        if over != 0 {
            let row = cells.len() / columns.len();
            return Err(ErrorKind::RaggedRow { expected: columns.len(), found: over }.at(Place::Row(row)));
        }
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

    /// The position of a column.
    #[must_use]
    pub fn position(&self, column: &Ident) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
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
    pub(crate) fn with_cells(&self, cells: Cells<'a>) -> Self {
        let key = match &self.rows {
            Rows::Keyed(keyed) => keyed.key.clone(),
            Rows::All | Rows::Where(_) => Vec::new(),
        };
        Self {
            table: self.table.clone(),
            set: self.set.clone(),
            rows: Rows::Keyed(Keyed { key, input: Input::Cells(cells) }),
            guard: self.guard.clone(),
            schema: self.schema,
        }
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

/// Builds an [`Update`]; mistakes are kept and reported together by [`build`](Self::build).
///
/// # Examples
///
/// ```
/// use setwise::{Expr, Ident, Update};
///
/// let views = Ident::new("views")?;
/// let update = Update::table("posts")
///     .set("views", Expr::Column(views.clone()) + Expr::Input(views))
///     .key(["id"])
///     .rows(["id", "views"], [(1, 10), (2, 20)])
///     .build()?;
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an update is made by `build`"]
pub struct UpdateBuilder<'a> {
    table: Option<TableName>,
    set: Vec<Assignment<'a>>,
    key: Vec<Ident>,
    rows: Option<Rows<'a>>,
    columns: Option<Vec<Ident>>,
    cells: Vec<Cell<'a>>,
    filter: Option<Expr<'a>>,
    schema: Option<&'a Schema>,
    errors: Errors,
}

impl<'a> UpdateBuilder<'a> {
    fn new<N>(table: N) -> Self
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        let mut errors = Errors::new();
        let table = table.try_into().map_err(|error| errors.push(Error::from(error).or_at(Place::Table))).ok();
        let (set, key, cells) = (Vec::new(), Vec::new(), Vec::new());
        Self { table, set, key, rows: None, columns: None, cells, filter: None, schema: None, errors }
    }

    fn ident<N>(&mut self, name: N, place: Place) -> Option<Ident>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        name.try_into().map_err(|error| self.errors.push(Error::from(error).or_at(place))).ok()
    }

    /// Gives the schema to check against.
    pub fn schema(mut self, schema: &'a Schema) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Sets a column to an expression or a constant. Without any `set`, every input column besides the key is set
    /// to its incoming value.
    pub fn set<N>(mut self, column: N, value: impl Into<Expr<'a>>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let place = Place::Assignment(self.set.len());
        if let Some(column) = self.ident(column, place) {
            self.set.push(Assignment { column, value: value.into() });
        }
        self
    }

    /// Sets columns to their incoming values: `title = new.title`.
    pub fn set_input<N>(mut self, columns: impl IntoIterator<Item = N>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        for column in columns {
            let place = Place::Assignment(self.set.len());
            if let Some(column) = self.ident(column, place) {
                self.set.push(Assignment { value: Expr::Input(column.clone()), column });
            }
        }
        self
    }

    /// Names the key columns, which are columns of the rows.
    pub fn key<N>(mut self, columns: impl IntoIterator<Item = N>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        for column in columns {
            if let Some(column) = self.ident(column, Place::Table) {
                self.key.push(column);
            }
        }
        self
    }

    /// Gives the incoming rows: their columns, and each row's cells in that order.
    pub fn rows<N, R>(mut self, columns: impl IntoIterator<Item = N>, rows: impl IntoIterator<Item = R>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
        R: IntoRow<'a>,
    {
        let columns: Vec<_> = columns.into_iter().filter_map(|name| self.ident(name, Place::Table)).collect();
        let rows = rows.into_iter();
        self.cells.reserve(rows.size_hint().0.saturating_mul(columns.len()));
        for (index, row) in rows.enumerate() {
            let before = self.cells.len();
            row.push_cells(&mut self.cells);
            let found = self.cells.len() - before;
            if found != columns.len() {
                let kind = ErrorKind::RaggedRow { expected: columns.len(), found };
                self.errors.push(kind.at(Place::Row(index)));
                self.cells.truncate(before);
            }
        }
        self.columns = Some(columns);
        self
    }

    /// Gives the incoming rows as they are.
    pub fn cells(mut self, cells: Cells<'a>) -> Self {
        self.columns = Some(cells.columns);
        self.cells = cells.cells;
        self
    }

    /// Updates every row of the table; it must be said.
    pub fn all_rows(mut self) -> Self {
        self.rows = Some(Rows::All);
        self
    }

    /// Restricts the update to rows for which the condition is true.
    pub fn filter(mut self, condition: Expr<'a>) -> Self {
        self.filter = Some(match self.filter {
            Some(earlier) => earlier.and(condition),
            None => condition,
        });
        self
    }

    /// The update.
    ///
    /// # Errors
    ///
    /// All mistakes made in building: names that are none, ragged rows, no key, no rows said.
    pub fn build(mut self) -> Result<Update<'a>, Errors> {
        let mut filter = self.filter;
        let rows = match (self.columns, self.rows) {
            (Some(columns), None) => {
                if self.set.is_empty() {
                    let values = columns.iter().filter(|column| !self.key.contains(column));
                    let each =
                        |column: &Ident| Assignment { column: column.clone(), value: Expr::Input(column.clone()) };
                    self.set = values.map(each).collect();
                }
                let cells = Cells { columns, cells: self.cells };
                if cells.columns.is_empty() {
                    self.errors.push(ErrorKind::NoColumns.at(Place::Table));
                }
                if self.key.is_empty() {
                    self.errors.push(ErrorKind::NoKey.at(Place::Table));
                }
                Some(Rows::Keyed(Keyed { key: self.key, input: Input::Cells(cells) }))
            }
            (Some(_), Some(_)) => {
                self.errors.push(ErrorKind::RowsAndAll.at(Place::Table));
                None
            }
            (None, _) if !self.key.is_empty() => {
                self.errors.push(ErrorKind::KeyWithoutRows.at(Place::Table));
                None
            }
            (None, Some(rows)) if filter.is_none() => Some(rows),
            (None, _) => match filter.take() {
                Some(filter) => Some(Rows::Where(filter)),
                None => {
                    self.errors.push(ErrorKind::NoRows.at(Place::Table));
                    None
                }
            },
        };
        match (self.table, rows) {
            (Some(table), Some(rows)) if self.errors.is_empty() => {
                Ok(Update { table, set: self.set, rows, guard: Guard { filter }, schema: self.schema })
            }
            _ => Err(self.errors),
        }
    }
}
