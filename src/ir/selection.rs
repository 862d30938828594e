//! Rows of a table: which of its columns, and of which of its rows.

use super::{Expr, Ident, TableName};
use crate::error::{Error, ErrorKind, Place};

/// Columns of those rows of a table for which a condition is true; of all its rows where there is none.
///
/// Its condition reads columns of its own table, and knows nothing of the table that is updated.
///
/// # Examples
///
/// ```
/// use setwise::{Expr, Ident, Selection, Update};
///
/// let german = Selection::new("authors", ["id"])?.filter(Expr::Column(Ident::new("country")?).equals("DE"));
/// let author = Expr::Column(Ident::new("author_id")?);
/// let update = Update::table("posts").set("lang", "de").filter(author.is_in(german)).build()?;
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Selection<'a> {
    // not private, so that each stage takes a selection apart and none can forget a new field
    pub(crate) table: TableName,
    /// Each is an [`Expr::Column`], as which it is typed and lowered.
    pub(crate) columns: Vec<Expr<'a>>,
    pub(crate) filter: Option<Expr<'a>>,
}

impl<'a> Selection<'a> {
    /// These columns of all rows of a table.
    ///
    /// # Errors
    ///
    /// Names that are none; `no-columns`.
    pub fn new<T, N>(table: T, columns: impl IntoIterator<Item = N>) -> Result<Self, Error>
    where
        T: TryInto<TableName>,
        N: TryInto<Ident>,
        Error: From<T::Error> + From<N::Error>,
    {
        let table = table.try_into()?;
        let columns = columns.into_iter().map(|name| Ok(Expr::Column(name.try_into()?)));
        let columns: Vec<_> = columns.collect::<Result<_, Error>>()?;
        if columns.is_empty() {
            return Err(ErrorKind::NoColumns.at(Place::Table));
        }
        Ok(Self { table, columns, filter: None })
    }

    /// Rows of a table of which the columns are not named yet.
    pub(crate) fn unnamed(table: TableName) -> Self {
        Self { table, columns: Vec::new(), filter: None }
    }

    /// Of the rows for which a condition is true, which reads columns of the selection's table.
    #[must_use]
    pub fn filter(mut self, condition: Expr<'a>) -> Self {
        self.filter = Some(match self.filter {
            Some(earlier) => earlier.and(condition),
            None => condition,
        });
        self
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &TableName {
        &self.table
    }

    /// The columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = &Ident> {
        self.columns.iter().flat_map(Expr::columns)
    }

    /// The condition, where there is one.
    #[must_use]
    pub fn condition(&self) -> Option<&Expr<'a>> {
        self.filter.as_ref()
    }

    /// The columns of its table that it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &Ident> {
        self.columns.iter().chain(&self.filter).flat_map(Expr::columns)
    }
}
