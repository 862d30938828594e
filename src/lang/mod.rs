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
//! [`Update`], [`Expr`] and [`Value`](crate::Value) print themselves in it. `docs/language.md` is its reference.

mod expr;
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
mod source;
mod statement;
mod text;
mod types;
mod waiting;

pub use library::{Library, PreparedLibrary};
pub use map::SourceMap;

use crate::error::{Error, ErrorKind, Errors};
use crate::ir::{Assignment, Expr, Ident, MAX_DEPTH, Param, Returned, TableName, Update, UpdateBuilder};
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

    /// Whether rows are found by key and the text does not hold them.
    #[must_use]
    pub fn needs_rows(&self) -> bool {
        !self.key.is_empty() && !self.has_rows
    }

    /// The builder, to give it rows or a schema, and the map that finds the places of errors.
    pub fn into_parts(self) -> (UpdateBuilder<'a>, SourceMap) {
        (self.builder, self.map)
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
    Ok(read(text, statement::statement)?)
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
