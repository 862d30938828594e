//! The setwise language: updates as text. Parsing and printing are inverse.
//!
//! ```text
//! update posts by id
//! set title = new.title, views = views + new.views
//! where not archived
//! rows (id, title, views)
//!   (1, 'Titel 1', 10),
//!   (2, 'Titel 2', keep)
//! ```
//!
//! [`Update`], [`Expr`] and [`Value`] print themselves in it. `docs/language.md` is its reference.

mod embedded;
mod expr;
mod follow;
mod hint;
mod infix;
mod level;
mod library;
mod literal;
mod map;
mod name;
mod operand;
mod policy;
mod print;
mod print_expr;
mod print_value;
mod select;
mod source;
mod statement;
mod text;
mod types;
mod waiting;

pub use embedded::Embedded;
pub use library::{Library, PreparedLibrary};
pub use map::SourceMap;

use std::ops::Range;

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Errors, Place};
use crate::ir::{
    Assignment, Expr, Follower, Ident, MAX_DEPTH, Param, Returned, Schema, Selection, TableName, Update, UpdateBuilder,
    Value, give,
};
use crate::options::Options;
use crate::script::prepare;
use source::{Parse, Source, State, end, list};

/// The most bytes that a document has.
const MAX_BYTES: usize = 64 << 20;

/// An update as it was written, to which rows and a schema may still be given.
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    name: Option<Ident>,
    table: TableName,
    key: Vec<Ident>,
    has_rows: bool,
    builder: UpdateBuilder<'a>,
    map: SourceMap,
    span: (usize, usize),
}

impl<'a> Parsed<'a> {
    /// Where the parts of the update are in the text.
    #[must_use]
    pub fn map(&self) -> &SourceMap {
        &self.map
    }

    /// The name, where it has one.
    #[must_use]
    pub fn name(&self) -> Option<&Ident> {
        self.name.as_ref()
    }

    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &[Param<'a>] {
        self.builder.params()
    }

    /// The table.
    #[must_use]
    pub fn target(&self) -> &TableName {
        &self.table
    }

    /// The key columns; none where rows are not found by key.
    #[must_use]
    pub fn key(&self) -> &[Ident] {
        &self.key
    }

    /// What stands before `set`, as the language writes it: name, parameters, table and key.
    ///
    /// # Examples
    ///
    /// ```
    /// let parsed = setwise::lang::parse("update rename(to: text) on users by id set name = :to")?;
    /// assert_eq!(parsed.heading(), "rename(to: text) on users by id");
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    #[must_use]
    pub fn heading(&self) -> String {
        let heading = print::Heading { name: self.name(), params: self.params(), table: &self.table, key: &self.key };
        heading.to_string()
    }

    /// Whether rows are found by key and the text does not hold them.
    #[must_use]
    pub fn needs_rows(&self) -> bool {
        !self.key.is_empty() && !self.has_rows
    }

    /// The columns of the rows that it wants: the key, and what it reads of an incoming row; none where it does not say
    /// what is set, so that every column of the rows is.
    ///
    /// # Examples
    ///
    /// ```
    /// let parsed = setwise::lang::parse("update posts by id set views = views + new.more")?;
    /// assert_eq!(parsed.columns().unwrap_or_default().len(), 2);
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    #[must_use]
    pub fn columns(&self) -> Option<Vec<Ident>> {
        self.builder.inputs()
    }

    /// Where the update is in the text, from its first word to its last.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.0..self.span.1
    }

    /// Adds what follows updates of a table, and where the text says so.
    fn follow(mut self, rule: Follower<'a>, place: Place) -> Self {
        self.map.push_follower(place);
        Self { builder: self.builder.follow(rule), ..self }
    }

    /// The builder, to give it rows or a schema, and the map that finds the places of errors.
    pub fn into_parts(self) -> (UpdateBuilder<'a>, SourceMap) {
        (self.builder, self.map)
    }

    /// Compiles the update for a dialect, to see whether it can be: its rows and arguments may be still to come.
    ///
    /// # Errors
    ///
    /// As [`prepare`], with spans of the text. Without a schema only rows tell the types of what they hold, so that less
    /// is found.
    pub fn check(&self, schema: Option<&Schema>, dialect: Dialect) -> Result<(), Errors> {
        let (builder, map) = self.clone().into_parts();
        let builder = schema.into_iter().fold(builder, UpdateBuilder::schema);
        let builder = match self.columns() {
            _ if !self.needs_rows() => builder,
            Some(columns) => builder.rows(&columns, [[0; 0]; 0]),
            None => return self.check_table(schema).map_err(|error| map.locate(error).into()),
        };
        let done = builder.build().and_then(|update| match schema {
            None if self.needs_rows() => Ok(()),
            _ => prepare(&update, dialect, &Options::new()).map(drop),
        });
        done.map_err(|errors| map.locate_all(errors))
    }

    /// Checks the arguments that the update is to be called with.
    ///
    /// # Errors
    ///
    /// As [`Update::call`], with spans of the text.
    pub fn check_arguments<'v, N, V>(&self, arguments: impl IntoIterator<Item = (N, V)>) -> Result<(), Errors>
    where
        N: AsRef<str>,
        V: Into<Value<'v>>,
    {
        give(self.params(), arguments).map(drop).map_err(|errors| self.map.locate_all(errors))
    }

    fn check_table(&self, schema: Option<&Schema>) -> Result<(), Error> {
        schema.map_or(Ok(()), |schema| schema.require(&self.table).map(drop))
    }

    /// The update, where the text holds all of it.
    ///
    /// # Errors
    ///
    /// As [`UpdateBuilder::build`], with spans of the text.
    pub fn build(self) -> Result<Update<'a>, Errors> {
        self.builder.build().map_err(|errors| self.map.locate_all(errors))
    }
}

/// Reads an update.
///
/// What the text leaves open, the caller adds: rows that are found by key but come from elsewhere, and a schema.
///
/// # Errors
///
/// `syntax` and its like with the span of the text, `too-deep`, `document-too-long`.
///
/// # Examples
///
/// ```
/// use setwise::{Cells, Ident, lang};
///
/// let parsed = lang::parse("update posts by id set views = views + new.views")?;
/// assert!(parsed.needs_rows());
/// let (builder, _) = parsed.into_parts();
/// let cells = Cells::new(vec![Ident::new("id")?, Ident::new("views")?], vec![1.into(), 10.into()])?;
/// let update = builder.cells(cells).build()?;
/// assert_eq!(update.assignments().len(), 1);
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn parse(text: &str) -> Result<Parsed<'_>, Errors> {
    let state = open(text)?;
    let taken = statement::statement(Source::new(&state));
    let mut errors = state.take_noted();
    match taken {
        Ok((_, parsed)) => errors.or(parsed),
        Err(fault) => {
            errors.push(state.explain(fault));
            Err(errors)
        }
    }
}

/// Reads an update that is whole.
///
/// # Errors
///
/// As [`parse`] and [`Parsed::build`].
///
/// # Examples
///
/// ```
/// let text = "update users\nset is_active = false\nwhere last_login < now() - days(30)";
/// let update = setwise::lang::parse_update(text)?;
/// assert_eq!(update.to_string(), text);
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn parse_update(text: &str) -> Result<Update<'_>, Errors> {
    parse(text)?.build()
}

/// Reads an expression.
///
/// # Errors
///
/// As [`parse`].
///
/// # Examples
///
/// ```
/// let filter = setwise::lang::parse_expr("not archived and views > 100")?;
/// assert_eq!(filter.to_string(), "not archived and views > 100");
/// # Ok::<(), setwise::Error>(())
/// ```
pub fn parse_expr(text: &str) -> Result<Expr<'_>, Error> {
    read(text, |source| to_end(expr::expression(source)?))
}

/// Reads assignments between commas.
///
/// # Errors
///
/// As [`parse`].
///
/// # Examples
///
/// ```
/// let set = setwise::lang::parse_assignments("title = new.title, views = views + new.views")?;
/// assert_eq!(set.len(), 2);
/// # Ok::<(), setwise::Error>(())
/// ```
pub fn parse_assignments(text: &str) -> Result<Vec<Assignment<'_>>, Error> {
    read(text, |source| to_end(statement::assignments(source, &mut SourceMap::default())?))
}

/// Reads the name of a table, with its schema where one is given.
///
/// # Errors
///
/// As [`parse`].
///
/// # Examples
///
/// ```
/// let table = setwise::lang::parse_table("blog.\"weird.name\"")?;
/// assert_eq!(table.name().as_str(), "weird.name");
/// # Ok::<(), setwise::Error>(())
/// ```
pub fn parse_table(text: &str) -> Result<TableName, Error> {
    read(text, |source| to_end(name::table_name(source)?))
}

/// Reads names of columns between commas.
///
/// # Errors
///
/// As [`parse`].
///
/// # Examples
///
/// ```
/// assert_eq!(setwise::lang::parse_columns("id, \"a, b\"")?.len(), 2);
/// # Ok::<(), setwise::Error>(())
/// ```
pub fn parse_columns(text: &str) -> Result<Vec<Ident>, Error> {
    read(text, |source| to_end(list(name::name("a column"))(source)?))
}

/// Reads columns to be given back, between commas: `id`, or `old.views` for what it was.
///
/// # Errors
///
/// As [`parse`].
///
/// # Examples
///
/// ```
/// assert_eq!(setwise::lang::parse_returning("id, old.views")?.len(), 2);
/// # Ok::<(), setwise::Error>(())
/// ```
pub fn parse_returning(text: &str) -> Result<Vec<Returned>, Error> {
    read(text, |source| to_end(policy::returned(source)?))
}

/// Reads the table from which rows come: `staging_posts`, `staging_posts where batch = 7`, or
/// `(id, title) from staging_posts where batch = 7`. Where no columns are named, they are those that the update reads.
///
/// # Errors
///
/// As [`parse`].
///
/// # Examples
///
/// ```
/// use setwise::{Update, lang};
///
/// let staged = lang::parse_rows_from("staging_posts where batch = 7")?;
/// let update = Update::table("posts").key(["id"]).set_input(["title"]).rows_from(staged).build()?;
/// assert!(update.to_string().ends_with("rows (id, title) from staging_posts where batch = 7"));
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn parse_rows_from(text: &str) -> Result<Selection<'_>, Error> {
    read(text, |source| to_end(statement::rows_from(source)?))
}

/// Takes the end of the text behind something.
fn to_end<'a, 's, T>((source, taken): (Source<'a, 's>, T)) -> Parse<'a, 's, T> {
    let (source, ()) = end(source)?;
    Ok((source, taken))
}

/// Runs a parser that takes the whole text.
fn read<'a, T>(text: &'a str, parser: impl for<'s> FnOnce(Source<'a, 's>) -> Parse<'a, 's, T>) -> Result<T, Error> {
    let state = open(text)?;
    let taken = parser(Source::new(&state));
    taken.map(|(_, taken)| taken).map_err(|fault| state.explain(fault))
}

/// What parsers of a text share.
fn open(text: &str) -> Result<State<'_>, Error> {
    let bytes = text.len();
    if bytes > MAX_BYTES {
        Err(ErrorKind::DocumentTooLong { bytes, most: MAX_BYTES }.into())
    } else {
        Ok(State::new(text))
    }
}
