//! Names of tables and columns.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// The name of a table, column, type or schema: not empty, without NUL, in its exact spelling.
///
/// An `Ident` is always written quoted and is never split, folded or trimmed, so `a.b` is one name with a dot.
/// How long a name may be is a fact of the dialect and is checked when a statement is planned.
///
/// # Examples
///
/// ```
/// use setwise::Ident;
///
/// let name = Ident::new("order")?;
/// assert_eq!(name.as_str(), "order");
/// assert!(Ident::new("").is_err());
/// assert!(Ident::new("a\0b").is_err());
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(Box<str>);

impl Ident {
    /// A name from text.
    ///
    /// # Errors
    ///
    /// `empty-name` for empty text, `name-with-nul` for text with a NUL character.
    pub fn new(name: impl Into<Box<str>>) -> Result<Self, Error> {
        let name = name.into();
        if name.is_empty() {
            return Err(ErrorKind::EmptyName.into());
        }
        if name.contains('\0') {
            return Err(ErrorKind::NameWithNul { name: name.replace('\0', "\u{fffd}") }.into());
        }
        Ok(Self(name))
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Ident {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Ident {
    /// Whether two names are one to engines that do not tell cases apart.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        self == other || self.as_str().to_lowercase() == other.as_str().to_lowercase()
    }
}

impl TryFrom<&str> for Ident {
    type Error = Error;
    fn try_from(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<String> for Ident {
    type Error = Error;
    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<&Ident> for Ident {
    type Error = Error;
    fn try_from(name: &Ident) -> Result<Self, Error> {
        Ok(name.clone())
    }
}

impl TryFrom<&String> for Ident {
    type Error = Error;
    fn try_from(name: &String) -> Result<Self, Error> {
        Self::new(name.as_str())
    }
}

/// A table, with its schema where one is given.
///
/// # Examples
///
/// ```
/// use setwise::TableName;
///
/// assert_eq!(TableName::new("posts")?.to_string(), "posts");
/// assert_eq!(TableName::in_schema("blog", "posts")?.to_string(), "blog.posts");
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    schema: Option<Ident>,
    name: Ident,
}

impl TableName {
    /// A table by its bare name; the connection's search path or database decides where it is.
    ///
    /// # Errors
    ///
    /// As [`Ident::new`].
    pub fn new(name: impl Into<Box<str>>) -> Result<Self, Error> {
        Ok(Self { schema: None, name: Ident::new(name)? })
    }

    /// A table in a named schema (PostgreSQL), database (MySQL, MariaDB) or attached file (SQLite).
    ///
    /// # Errors
    ///
    /// As [`Ident::new`], for either name.
    pub fn in_schema(schema: impl Into<Box<str>>, name: impl Into<Box<str>>) -> Result<Self, Error> {
        Ok(Self { schema: Some(Ident::new(schema)?), name: Ident::new(name)? })
    }

    /// The schema, where one was given.
    #[must_use]
    pub fn schema(&self) -> Option<&Ident> {
        self.schema.as_ref()
    }

    /// The table's own name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        &self.name
    }

    /// Whether two names may be of one table: to some engines in any case, and one may stand without its schema.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        let schemas = self.schema.as_ref().zip(other.schema.as_ref());
        self.name.may_be(&other.name) && schemas.is_none_or(|(own, other)| own.may_be(other))
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        self.name.fmt(f)
    }
}

impl TryFrom<&str> for TableName {
    type Error = Error;
    fn try_from(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<&TableName> for TableName {
    type Error = Error;
    fn try_from(name: &TableName) -> Result<Self, Error> {
        Ok(name.clone())
    }
}

impl From<Ident> for TableName {
    fn from(name: Ident) -> Self {
        Self { schema: None, name }
    }
}

impl From<(Ident, Ident)> for TableName {
    fn from((schema, name): (Ident, Ident)) -> Self {
        Self { schema: Some(schema), name }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_found_by_their_text() {
        let names = BTreeSet::from(["a", "b"].map(|name| Ident::new(name).unwrap()));
        assert!(names.contains("a") && names.contains("b") && !names.contains(""));
    }

    #[test]
    fn a_table_is_its_schema_and_its_name() {
        let table = TableName::in_schema("blog", "posts").unwrap();
        assert_eq!(table.schema().map(Ident::as_str), Some("blog"));
        assert_eq!(table.to_string(), "blog.posts");
        assert_eq!(TableName::new("posts").unwrap().to_string(), "posts");
    }
}
