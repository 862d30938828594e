//! The builder of updates.

mod build;

use super::{
    Assignment, Cell, Cells, Expr, Follower, Guard, Ident, IntoRow, Lock, Moment, OnDuplicate, OnMissing, Param,
    Policy, Returned, Rows, Schema, Selection, TableName, Type,
};
use crate::error::{Error, ErrorKind, Errors, Place};

/// Builds an [`Update`](crate::Update); mistakes are kept and reported together by [`build`](Self::build).
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
    name: Option<Ident>,
    params: Vec<Param<'a>>,
    table: Option<TableName>,
    set: Vec<Assignment<'a>>,
    key: Vec<Ident>,
    rows: Option<Rows<'a>>,
    columns: Option<Vec<Ident>>,
    cells: Vec<Cell<'a>>,
    from: Option<Selection<'a>>,
    guard: Guard<'a>,
    policy: Policy,
    returning: Vec<Returned>,
    followers: Vec<Follower<'a>>,
    schema: Option<&'a Schema>,
    errors: Errors,
}

impl<'a> UpdateBuilder<'a> {
    pub(super) fn new<N>(table: N) -> Self
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        let mut errors = Errors::new();
        let table = table.try_into().map_err(|error| errors.push(Error::from(error).or_at(Place::Table))).ok();
        Self {
            name: None,
            params: Vec::new(),
            table,
            set: Vec::new(),
            key: Vec::new(),
            rows: None,
            columns: None,
            cells: Vec::new(),
            from: None,
            guard: Guard::default(),
            policy: Policy::default(),
            returning: Vec::new(),
            followers: Vec::new(),
            schema: None,
            errors,
        }
    }

    #[cfg(feature = "lang")]
    pub(crate) fn params(&self) -> &[Param<'a>] {
        &self.params
    }

    fn ident<N>(&mut self, name: N, place: Place) -> Option<Ident>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        name.try_into().map_err(|error| self.errors.push(Error::from(error).or_at(place))).ok()
    }

    fn idents<N>(&mut self, names: impl IntoIterator<Item = N>) -> Vec<Ident>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        names.into_iter().filter_map(|name| self.ident(name, Place::Table)).collect()
    }

    /// Names the update.
    pub fn name<N>(mut self, name: N) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.name = self.ident(name, Place::Table);
        self
    }

    /// Adds a parameter, which expressions read as [`Expr::Param`]. It takes no NULL.
    pub fn param<N>(self, name: N, ty: Type) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.add_param(name, ty, false)
    }

    /// Adds a parameter that may be NULL.
    pub fn nullable_param<N>(self, name: N, ty: Type) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.add_param(name, ty, true)
    }

    pub(crate) fn add_param<N>(mut self, name: N, ty: Type, nullable: bool) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        if let Some(name) = self.ident(name, Place::Table) {
            if self.params.iter().any(|param| param.name == name) {
                self.errors.push(ErrorKind::ParamTwice { param: name.to_string() }.at(Place::Table));
            }
            self.params.push(Param { name, ty, nullable, argument: None });
        }
        self
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
        let columns = self.idents(columns);
        self.key.extend(columns);
        self
    }

    /// Gives the incoming rows: their columns, and each row's cells in that order.
    pub fn rows<N, R>(mut self, columns: impl IntoIterator<Item = N>, rows: impl IntoIterator<Item = R>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
        R: IntoRow<'a>,
    {
        let columns = self.idents(columns);
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

    /// Takes the incoming rows from a table: its selected columns are the incoming ones. They are matched by the update's
    /// key, of which no two rows may have the same; the script checks that.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Selection, Update};
    ///
    /// let staged = Selection::new("staging_posts", ["id", "title"])?;
    /// let update = Update::table("posts").key(["id"]).rows_from(staged).build()?;
    /// assert_eq!(update.assignments().len(), 1);
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    pub fn rows_from(mut self, rows: Selection<'a>) -> Self {
        if self.from.is_some() {
            self.errors.push(ErrorKind::RowsTwice.at(Place::Table));
        }
        self.from = Some(rows);
        self
    }

    /// As [`rows_from`](Self::rows_from), of all rows of a table, and with those columns that the update reads.
    pub fn rows_from_table<N>(mut self, table: N) -> Self
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        match table.try_into() {
            Ok(table) => self.rows_from(Selection::unnamed(table)),
            Err(error) => {
                self.errors.push(Error::from(error).or_at(Place::Input));
                self
            }
        }
    }

    /// Updates every row of the table; it must be said.
    pub fn all_rows(mut self) -> Self {
        self.rows = Some(Rows::All);
        self
    }

    /// Restricts the update to rows for which the condition is true.
    pub fn filter(mut self, condition: Expr<'a>) -> Self {
        self.guard.filter = Some(match self.guard.filter {
            Some(earlier) => earlier.and(condition),
            None => condition,
        });
        self
    }

    /// Leaves rows alone whose columns would all be set to what they are.
    pub fn only_changed(mut self) -> Self {
        self.guard.only_changed = true;
        self
    }

    /// Updates a row only where this column of it is what came in, and counts it up: `version = new.version + 1`,
    /// unless it is set otherwise. It is a column of the incoming rows.
    pub fn version_column<N>(mut self, column: N) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.guard.version = self.ident(column, Place::Table);
        self
    }

    /// Sets columns to the instant of the script, unless they are set otherwise; that alone is no change.
    pub fn touch<N>(mut self, columns: impl IntoIterator<Item = N>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let columns = self.idents(columns);
        self.guard.touch.extend(columns);
        self
    }

    /// Says which of the incoming rows of one key counts; without it, a key that comes twice is an error.
    pub fn on_duplicate(mut self, on_duplicate: OnDuplicate) -> Self {
        self.policy.on_duplicate = on_duplicate;
        self
    }

    /// Says what becomes of incoming rows whose key the table does not have; without it, they are left out.
    pub fn on_missing(mut self, on_missing: OnMissing) -> Self {
        self.policy.on_missing = on_missing;
        self
    }

    /// Locks all rows in the order of their keys before the first is written, so that two such scripts cannot deadlock.
    pub fn lock_ordered(mut self) -> Self {
        self.policy.lock = Lock::Ordered;
        self
    }

    /// States that no row of the table has one of the new values of these unique columns before the update, so that
    /// nothing stands in their way.
    pub fn disjoint<N>(mut self, columns: impl IntoIterator<Item = N>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let columns = self.idents(columns);
        self.policy.disjoint.extend(columns);
        self
    }

    /// Gives back columns of the rows that were written, as they are then.
    pub fn returning<N>(self, columns: impl IntoIterator<Item = N>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.give_back(columns, Moment::New)
    }

    /// Gives back columns of the rows that were written, as they were before.
    pub fn returning_old<N>(self, columns: impl IntoIterator<Item = N>) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.give_back(columns, Moment::Old)
    }

    fn give_back<N>(mut self, columns: impl IntoIterator<Item = N>, at: Moment) -> Self
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let columns = self.idents(columns).into_iter().map(|column| Returned { column, at });
        self.returning.extend(columns);
        self
    }

    /// Updates rows of another table with those of this one; see [`Follower`].
    pub fn follow(mut self, follower: Follower<'a>) -> Self {
        self.followers.push(follower);
        self
    }
}
