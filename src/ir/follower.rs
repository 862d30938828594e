//! Followers: rows of other tables that are updated when rows of a table are.

use super::{Assignment, Expr, Ident, TableName};
use crate::error::Error;

/// Rows of another table that are updated with those of this one: when rows of `users` are updated, the `profiles` whose
/// `user_id` is the `id` of one of them get other `points`.
///
/// A row that follows is updated once, however many updated rows lead to it. The links read the updated rows as they were
/// before; conditions and values read the row that follows. Rows that nothing changes (`only changed`) lead nowhere.
///
/// # Examples
///
/// ```
/// use setwise::{Expr, Follower, Ident, Update, Value};
///
/// let points = Expr::Column(Ident::new("points")?) + Value::Int(100);
/// let profiles = Follower::new("profiles")?.link("user_id", "id")?.set("points", points)?;
/// let update = Update::table("users").set("is_active", false).all_rows().follow(profiles).build()?;
/// assert_eq!(update.followers().len(), 1);
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Follower<'a> {
    /// The table whose updates are followed; none where it is the update's own.
    pub of: Option<TableName>,
    /// The table whose rows follow.
    pub table: TableName,
    /// The columns by which rows are found: one of theirs, and one of the updated table's.
    pub links: Vec<(Ident, Ident)>,
    /// What is set.
    pub set: Vec<Assignment<'a>>,
    /// Rows that follow for which this is not true stay as they are.
    pub filter: Option<Expr<'a>>,
}

impl<'a> Follower<'a> {
    /// Rows of a table that follow.
    ///
    /// # Errors
    ///
    /// As [`TableName::new`].
    pub fn new<N>(table: N) -> Result<Self, Error>
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        Ok(Self { of: None, table: table.try_into()?, links: Vec::new(), set: Vec::new(), filter: None })
    }

    /// Says whose updates are followed, where it is not the table of the update or of the schema that has the follower.
    ///
    /// # Errors
    ///
    /// As [`TableName::new`].
    pub fn of<N>(mut self, table: N) -> Result<Self, Error>
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        self.of = Some(table.try_into()?);
        Ok(self)
    }

    /// Finds the rows by a column of theirs that equals one of the updated rows.
    ///
    /// # Errors
    ///
    /// As [`Ident::new`].
    pub fn link<T, O>(mut self, theirs: T, ours: O) -> Result<Self, Error>
    where
        T: TryInto<Ident>,
        O: TryInto<Ident>,
        Error: From<T::Error> + From<O::Error>,
    {
        self.links.push((theirs.try_into()?, ours.try_into()?));
        Ok(self)
    }

    /// Sets a column of theirs.
    ///
    /// # Errors
    ///
    /// As [`Ident::new`].
    pub fn set<N>(mut self, column: N, value: impl Into<Expr<'a>>) -> Result<Self, Error>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.set.push(Assignment { column: column.try_into()?, value: value.into() });
        Ok(self)
    }

    /// Leaves rows alone for which this is not true.
    #[must_use]
    pub fn filter(mut self, condition: Expr<'a>) -> Self {
        self.filter = Some(condition);
        self
    }

    /// The expressions: of the assignments, and the condition.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr<'a>> {
        self.set.iter().map(|set| &set.value).chain(&self.filter)
    }
}
