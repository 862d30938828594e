//! What is known of the tables: columns, types, collations, keys.

mod chain;

use std::collections::HashMap;

use chain::Parent;
pub(crate) use chain::{Level, visible_columns};

use super::{Follower, Ident, TableName, Type, Value};
use crate::error::{Error, ErrorKind, Place};

/// Tables that updates may name. Where an update has a schema, the schema is strict: what is not in it is refused.
///
/// # Examples
///
/// ```
/// use setwise::{Column, Schema, Table, TableName, Type};
///
/// let posts = Table::new(TableName::new("posts")?)
///     .column(Column::new("id", Type::INT64)?.not_null())
///     .column(Column::new("title", Type::Text { max: Some(200) })?)
///     .primary_key(["id"])?;
/// let schema = Schema::new().table(posts);
/// assert!(schema.find(&TableName::new("posts")?).is_some());
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    tables: Vec<Table>,
    places: HashMap<TableName, usize>,
    /// The place of the only table of a name in any schema; none where two have it.
    bare: HashMap<Ident, Option<usize>>,
}

impl Schema {
    /// A schema without tables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a table; an earlier one of the same name is replaced where it stands.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        match self.places.get(&table.name).and_then(|place| self.tables.get_mut(*place)) {
            Some(known) => *known = table,
            None => {
                let place = self.tables.len();
                self.places.insert(table.name.clone(), place);
                self.bare.entry(table.name.name().clone()).and_modify(|only| *only = None).or_insert(Some(place));
                self.tables.push(table);
            }
        }
        self
    }

    /// The tables, in the order in which they were added.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The table of a name. A bare name also finds a table in a schema where only one has that name.
    #[must_use]
    pub fn find(&self, name: &TableName) -> Option<&Table> {
        let only = || self.bare.get(name.name()).copied().flatten().filter(|_| name.schema().is_none());
        self.places.get(name).copied().or_else(only).and_then(|place| self.tables.get(place))
    }

    /// Takes a table out to change it; until it is added again, one without columns stands in its place.
    #[cfg(feature = "sql")]
    pub(crate) fn take(&mut self, name: &TableName) -> Option<Table> {
        let table = self.places.get(name).and_then(|place| self.tables.get_mut(*place))?;
        let empty = Table::new(table.name.clone());
        Some(std::mem::replace(table, empty))
    }

    /// The table of a name, as [`find`](Self::find) finds it.
    ///
    /// # Errors
    ///
    /// `unknown-table` where there is none, with the nearest name.
    pub fn require(&self, name: &TableName) -> Result<&Table, Error> {
        self.find(name).ok_or_else(|| {
            let hint = self.hint_at(name);
            ErrorKind::UnknownTable { table: name.to_string(), hint }.at(Place::Table)
        })
    }

    /// What may have been meant by a table that there is not: one whose schema stands within the name, or the nearest.
    fn hint_at(&self, wrong: &TableName) -> String {
        let wrong_name = wrong.name().as_str();
        if let (None, Some((outer, inner))) = (wrong.schema(), wrong_name.split_once('.')) {
            let is_meant = |name: &TableName| {
                name.name().as_str() == inner && name.schema().is_none_or(|schema| schema.as_str() == outer)
            };
            if self.tables.iter().any(|table| is_meant(&table.name)) {
                return format!("; did you mean the table `{inner}` in the schema `{outer}`?");
            }
        }
        crate::error::nearest(wrong_name, self.tables.iter().map(|table| table.name.name().as_str()))
    }
}

/// A table: its columns, keys and uniques.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    name: TableName,
    columns: Vec<Column>,
    places: HashMap<Ident, usize>,
    primary_key: Vec<Ident>,
    uniques: Vec<Unique>,
    foreign_keys: Vec<ForeignKey>,
    parent: Option<Parent>,
    followers: Vec<Follower<'static>>,
}

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new(name: TableName) -> Self {
        let (columns, places, primary_key) = (Vec::new(), HashMap::new(), Vec::new());
        let (uniques, foreign_keys, followers) = (Vec::new(), Vec::new(), Vec::new());
        Self { name, columns, places, primary_key, uniques, foreign_keys, parent: None, followers }
    }

    /// Adds a column; an earlier one of the same name is replaced where it stands.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        match self.places.get(&column.name).and_then(|place| self.columns.get_mut(*place)) {
            Some(known) => *known = column,
            None => {
                self.places.insert(column.name.clone(), self.columns.len());
                self.columns.push(column);
            }
        }
        self
    }

    /// Puts another column in the place of one, in the keys too.
    #[cfg(feature = "sql")]
    pub(crate) fn replace(mut self, name: &Ident, column: Column) -> Self {
        if column.name == *name {
            return self.column(column);
        }
        let keys = self.uniques.iter_mut().map(|unique| &mut unique.columns);
        let keys = keys.chain(self.foreign_keys.iter_mut().map(|key| &mut key.columns));
        for known in keys.chain([&mut self.primary_key]).flatten().filter(|known| *known == name) {
            known.clone_from(&column.name);
        }
        if let Some(place) = self.places.remove(name) {
            self.places.insert(column.name.clone(), place);
            self.columns.get_mut(place).into_iter().for_each(|known| known.clone_from(&column));
        }
        self
    }

    /// States the primary key; its columns become not null.
    ///
    /// # Errors
    ///
    /// `unknown-column` where the table has no such column.
    pub fn primary_key<N>(mut self, columns: impl IntoIterator<Item = N>) -> Result<Self, Error>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        self.primary_key = self.known(columns)?;
        for place in self.primary_key.iter().filter_map(|name| self.places.get(name)) {
            self.columns.get_mut(*place).into_iter().for_each(|column| column.nullable = false);
        }
        Ok(self)
    }

    /// States that no two rows are equal in these columns.
    ///
    /// # Errors
    ///
    /// `unknown-column` where the table has no such column.
    pub fn unique<N>(mut self, columns: impl IntoIterator<Item = N>) -> Result<Self, Error>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let columns = self.known(columns)?;
        self.uniques.push(Unique { columns, deferrable: None });
        Ok(self)
    }

    /// As [`unique`](Self::unique), by a constraint of this name that is `DEFERRABLE`: a transaction may break it on the way.
    ///
    /// # Errors
    ///
    /// `unknown-column` where the table has no such column.
    pub fn deferrable_unique<C, N>(mut self, name: C, columns: impl IntoIterator<Item = N>) -> Result<Self, Error>
    where
        C: TryInto<Ident>,
        N: TryInto<Ident>,
        Error: From<C::Error> + From<N::Error>,
    {
        let (name, columns) = (name.try_into()?, self.known(columns)?);
        self.uniques.push(Unique { columns, deferrable: Some(name) });
        Ok(self)
    }

    /// States a foreign key.
    ///
    /// # Errors
    ///
    /// `unknown-column` where the table has no such column.
    pub fn foreign_key(mut self, key: ForeignKey) -> Result<Self, Error> {
        self.known(key.columns.iter())?;
        self.foreign_keys.push(key);
        Ok(self)
    }

    /// Updates rows of another table whenever rows of this one are updated; see [`Follower`].
    #[must_use]
    pub fn follower(mut self, follower: Follower<'static>) -> Self {
        self.followers.push(follower);
        self
    }

    /// The rows of other tables that are updated with those of this one.
    #[must_use]
    pub fn followers(&self) -> &[Follower<'static>] {
        &self.followers
    }

    fn known<N>(&self, columns: impl IntoIterator<Item = N>) -> Result<Vec<Ident>, Error>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let known = |name: N| {
            let name = name.try_into()?;
            match self.find(&name) {
                Some(_) => Ok(name),
                None => Err(ErrorKind::unknown_column(&name, self).into()),
            }
        };
        columns.into_iter().map(known).collect()
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &TableName {
        &self.name
    }

    /// The columns, in their order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of a name.
    #[must_use]
    pub fn find(&self, name: &Ident) -> Option<&Column> {
        self.places.get(name).and_then(|place| self.columns.get(*place))
    }

    /// The columns of the primary key; none where it has none.
    #[must_use]
    pub fn key(&self) -> &[Ident] {
        &self.primary_key
    }

    /// The unique constraints and indexes besides the primary key.
    #[must_use]
    pub fn uniques(&self) -> &[Unique] {
        &self.uniques
    }

    /// The foreign keys.
    #[must_use]
    pub fn foreign_keys(&self) -> &[ForeignKey] {
        &self.foreign_keys
    }
}

/// A column: its type, and what may be written to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    name: Ident,
    ty: Type,
    nullable: bool,
    collation: Option<Collation>,
    default: Option<Value<'static>>,
    generated: bool,
    filled: bool,
}

impl Column {
    /// A column that may be NULL, with the engine's default collation.
    ///
    /// # Errors
    ///
    /// As [`Ident::new`].
    pub fn new<N>(name: N, ty: Type) -> Result<Self, Error>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let name = name.try_into()?;
        Ok(Self { name, ty, nullable: true, collation: None, default: None, generated: false, filled: false })
    }

    /// The column does not take NULL.
    #[must_use]
    pub fn not_null(mut self) -> Self {
        self.nullable = false;
        self
    }

    /// The column has a declared collation.
    #[must_use]
    pub fn collate(mut self, collation: Collation) -> Self {
        self.collation = Some(collation);
        self
    }

    /// The column has a literal default.
    #[must_use]
    pub fn default_value(mut self, value: Value<'static>) -> Self {
        self.default = Some(value);
        self
    }

    /// The engine has a value for a new row that gives none: from a sequence, or a default that is no literal.
    #[must_use]
    pub fn filled(mut self) -> Self {
        self.filled = true;
        self
    }

    /// The engine computes the column; it cannot be written.
    #[must_use]
    pub fn generated(mut self) -> Self {
        self.generated = true;
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        &self.name
    }

    /// The type.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether the column takes NULL.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// The declared collation; none where the engine's default holds.
    #[must_use]
    pub fn collation(&self) -> Option<&Collation> {
        self.collation.as_ref()
    }

    /// The literal default, where it has one.
    #[must_use]
    pub fn default(&self) -> Option<&Value<'static>> {
        self.default.as_ref()
    }

    /// Whether a new row needs no value for the column: it takes NULL, has a default, or the engine fills it.
    #[must_use]
    pub fn may_be_left_out(&self) -> bool {
        let has_default = self.default.as_ref().is_some_and(|default| !default.is_null());
        self.nullable || self.filled || self.generated || has_default
    }

    /// Whether the engine computes the column.
    #[must_use]
    pub fn is_generated(&self) -> bool {
        self.generated
    }
}

/// How an engine compares the text of a column, by the engine's name for it: `C`, `utf8mb4_bin`, `NOCASE`.
///
/// A dialect knows which of its collations are binary; keys under any other are not decided in Rust.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Collation(Ident);

impl Collation {
    /// The collation of a name.
    #[must_use]
    pub fn named(name: Ident) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        &self.0
    }
}

/// Columns in which no two rows are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    columns: Vec<Ident>,
    deferrable: Option<Ident>,
}

impl Unique {
    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Ident] {
        &self.columns
    }

    /// The name of the constraint, where a transaction may defer it.
    #[must_use]
    pub fn deferrable(&self) -> Option<&Ident> {
        self.deferrable.as_ref()
    }
}

/// Columns whose values are the key of a row in another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns of this table.
    pub columns: Vec<Ident>,
    /// The other table.
    pub table: TableName,
    /// The columns of the other table, in the same order; empty where its primary key is meant.
    pub references: Vec<Ident>,
}
