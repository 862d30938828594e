//! Prints updates in the language, so that parsing gives them back.

use std::fmt::{self, Display, Formatter, Write};

use super::name::is_plain;
use super::print_expr::TypeName;
use super::text::is_hidden;
use crate::ir::{
    Assignment, Cell, Cells, Expr, Follower, Guard, Ident, Input, Keyed, Lock, Moment, OnDuplicate, OnMissing, Param,
    Policy, Returned, Rows, Selection, TableName, Update,
};

/// A name as the language writes it.
pub(super) struct Name<'n>(pub(super) &'n Ident);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.0.as_str();
        if is_plain(name) { f.write_str(name) } else { write_quoted(f, name, '"') }
    }
}

/// Writes text in quotes: plain where all of it can be seen, else with escapes.
pub(super) fn write_quoted(f: &mut Formatter<'_>, text: &str, quote: char) -> fmt::Result {
    let escapes = text.contains(is_hidden);
    if escapes {
        f.write_char('e')?;
    }
    f.write_char(quote)?;
    if escapes {
        text.chars().try_for_each(|c| write_escaped(f, c, quote))?;
    } else {
        for (index, part) in text.split(quote).enumerate() {
            if index > 0 {
                f.write_char(quote)?;
                f.write_char(quote)?;
            }
            f.write_str(part)?;
        }
    }
    f.write_char(quote)
}

fn write_escaped(f: &mut Formatter<'_>, c: char, quote: char) -> fmt::Result {
    match c {
        '\0' => f.write_str("\\0"),
        '\t' => f.write_str("\\t"),
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\\' => f.write_str("\\\\"),
        c if c == quote => write!(f, "{c}{c}"),
        c if is_hidden(c) => write!(f, "\\u{{{:X}}}", u32::from(c)),
        c => f.write_char(c),
    }
}

/// Writes items with commas between them.
pub(super) fn write_list<T: Display>(f: &mut Formatter<'_>, items: impl IntoIterator<Item = T>) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// Writes the update as the setwise language does, without its schema and without a semicolon.
///
/// # Examples
///
/// ```
/// use setwise::Update;
///
/// let update = Update::table("posts").key(["id"]).rows(["id", "title"], [(1, "it's")]).build()?;
/// assert_eq!(update.to_string(), "update posts by id\nset title = new.title\nrows (id, title)\n  (1, 'it''s')");
/// # Ok::<(), setwise::Errors>(())
/// ```
impl Display for Update<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, params, table, set, rows, guard, policy, returning, followers, schema: _ } = self;
        f.write_str("update ")?;
        let key: &[Ident] = match rows {
            Rows::Keyed(Keyed { key, input: _ }) => key,
            Rows::All | Rows::Where(_) => &[],
        };
        Heading { name: name.as_ref(), params, table, key }.fmt(f)?;
        if !set.is_empty() {
            f.write_str("\nset ")?;
            write_list(f, set)?;
        }
        if let Some(filter) = guard.filter.as_ref().or(rows.condition()) {
            write!(f, "\nwhere {filter}")?;
        }
        if *rows == Rows::All {
            f.write_str("\nall rows")?;
        }
        write_clauses(f, guard, policy, returning)?;
        followers.iter().try_for_each(|follower| write!(f, "\n{follower}"))?;
        match rows {
            Rows::All | Rows::Where(_) => Ok(()),
            Rows::Keyed(Keyed { key: _, input: Input::Cells(cells) }) => write_rows(f, cells),
            Rows::Keyed(Keyed { key: _, input: Input::Table(rows) }) => write_rows_from(f, rows),
        }
    }
}

/// Writes `name: type`, or `name: type null`.
impl Display for Param<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, ty, nullable, argument: _ } = self;
        write!(f, "{}: {}{}", Name(name), TypeName(ty), if *nullable { " null" } else { "" })
    }
}

impl Param<'_> {
    /// The type as the language writes it, such as `enum ('a', 'b')`.
    ///
    /// # Examples
    ///
    /// ```
    /// let parsed = setwise::lang::parse("update give(bonus: int null) on users set bonus = :bonus all rows")?;
    /// assert_eq!(parsed.params()[0].type_text(), "int64");
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    #[must_use]
    pub fn type_text(&self) -> String {
        TypeName(&self.ty).to_string()
    }
}

/// What stands before `set`: name, parameters, table and key.
pub(super) struct Heading<'h> {
    pub(super) name: Option<&'h Ident>,
    pub(super) params: &'h [Param<'h>],
    pub(super) table: &'h TableName,
    pub(super) key: &'h [Ident],
}

impl Display for Heading<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, params, table, key } = self;
        if let Some(name) = name {
            Name(name).fmt(f)?;
        }
        if !params.is_empty() {
            f.write_str("(")?;
            write_list(f, *params)?;
            f.write_str(")")?;
        }
        if name.is_some() || !params.is_empty() {
            f.write_str(" on ")?;
        }
        write_table(f, table)?;
        if key.is_empty() {
            return Ok(());
        }
        f.write_str(" by ")?;
        write_list(f, key.iter().map(Name))
    }
}

fn write_clauses(f: &mut Formatter<'_>, guard: &Guard<'_>, policy: &Policy, returning: &[Returned]) -> fmt::Result {
    let Guard { filter: _, only_changed, version, touch } = guard;
    let Policy { on_duplicate, on_missing, lock, disjoint } = policy;
    if let Some((word, _)) = OnDuplicate::ALL.iter().skip(1).find(|(_, known)| known == on_duplicate) {
        write!(f, "\non duplicate {word}")?;
    }
    if let Some((word, _)) = OnMissing::ALL.iter().skip(1).find(|(_, known)| known == on_missing) {
        write!(f, "\non missing {word}")?;
    }
    if *only_changed {
        f.write_str("\nonly changed")?;
    }
    if let Some(column) = version {
        write!(f, "\nversion {}", Name(column))?;
    }
    for (word, columns) in [("touch", touch), ("disjoint", disjoint)] {
        if !columns.is_empty() {
            write!(f, "\n{word} ")?;
            write_list(f, columns.iter().map(Name))?;
        }
    }
    if *lock == Lock::Ordered {
        f.write_str("\nlock ordered")?;
    }
    if !returning.is_empty() {
        f.write_str("\nreturning ")?;
        write_list(f, returning)?;
    }
    Ok(())
}

/// Writes `column`, or `old.column`.
impl Display for Returned {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.at == Moment::Old {
            f.write_str("old.")?;
        }
        Name(&self.column).fmt(f)
    }
}

/// Writes a table's name, with its schema where it has one.
pub(super) fn write_table(f: &mut Formatter<'_>, table: &TableName) -> fmt::Result {
    if let Some(schema) = table.schema() {
        write!(f, "{}.", Name(schema))?;
    }
    Name(table.name()).fmt(f)
}

/// Writes `rows (column, …) from table where condition`.
fn write_rows_from(f: &mut Formatter<'_>, rows: &Selection<'_>) -> fmt::Result {
    let Selection { table, columns, filter } = rows;
    f.write_str("\nrows (")?;
    write_list(f, columns)?;
    f.write_str(") from ")?;
    write_table(f, table)?;
    filter.iter().try_for_each(|filter| write!(f, " where {filter}"))
}

fn write_rows(f: &mut Formatter<'_>, cells: &Cells<'_>) -> fmt::Result {
    f.write_str("\nrows (")?;
    write_list(f, cells.columns().iter().map(Name))?;
    f.write_str(")")?;
    for (index, row) in cells.rows().enumerate() {
        f.write_str(if index == 0 { "\n  (" } else { ",\n  (" })?;
        write_list(f, row)?;
        f.write_str(")")?;
    }
    Ok(())
}

/// Writes `then t by their = our set … where …`, behind `when t` where that is said.
impl Display for Follower<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { of, table, links, set, filter } = self;
        if let Some(of) = of {
            f.write_str("when ")?;
            write_table(f, of)?;
            f.write_str(" ")?;
        }
        f.write_str("then ")?;
        write_table(f, table)?;
        for (index, (theirs, ours)) in links.iter().enumerate() {
            write!(f, "{}{} = {}", if index == 0 { " by " } else { ", " }, Name(theirs), Name(ours))?;
        }
        f.write_str(" set ")?;
        write_list(f, set)?;
        filter.iter().try_for_each(|filter| write!(f, " where {filter}"))
    }
}

/// Writes `column = expression`.
impl Display for Assignment<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", Name(&self.column), self.value)
    }
}

/// Writes the cell; an expression that is a constant stands in parentheses, so that it is not taken for a value.
impl Display for Cell<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::Default => f.write_str("default"),
            Self::Value(value) => value.fmt(f),
            Self::Expr(expr) if matches!(**expr, Expr::Value(_)) => write!(f, "({expr})"),
            Self::Expr(expr) => expr.fmt(f),
        }
    }
}
