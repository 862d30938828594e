//! Tables that extend others: a row of `customer` goes on in the row of `person` that has its key.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Column, ForeignKey, Schema, Table};
use crate::error::{Error, ErrorKind, Place, list_quoted};
use crate::ir::{Ident, TableName};

/// The table that another extends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parent {
    table: TableName,
    /// Its columns, in the order of the extending table's primary key; empty where its own primary key is meant.
    key: Vec<Ident>,
}

/// The columns of a chain, each with the position of its table: of columns of one name, the nearest.
pub(crate) fn visible_columns<'s>(levels: &[Level<'s>]) -> Vec<(usize, &'s Column)> {
    // some engines do not tell names by their case
    let folded = |column: &Column| column.name().as_str().to_lowercase();
    let (mut visible, mut taken) = (Vec::new(), HashSet::new());
    for (at, level) in levels.iter().enumerate() {
        let columns = level.table.columns();
        visible.extend(columns.iter().filter(|column| !taken.contains(&folded(column))).map(|column| (at, column)));
        taken.extend(columns.iter().map(folded));
    }
    visible
}

/// A table of a chain.
#[derive(Clone, Debug)]
pub(crate) struct Level<'s> {
    pub table: &'s Table,
    /// The columns of the shared key, in the order of the first table's primary key.
    pub key: Vec<Ident>,
}

impl Table {
    /// States that the table extends another by the foreign key from its primary key to the other's: an update of it may
    /// set and read columns of both.
    ///
    /// # Errors
    ///
    /// `extends-by-no-key` where no such foreign key was stated.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Column, ForeignKey, Ident, Table, TableName, Type};
    ///
    /// let key = ForeignKey {
    ///     columns: vec![Ident::new("person_id")?],
    ///     table: TableName::new("person")?,
    ///     references: vec![Ident::new("id")?],
    /// };
    /// let customer = Table::new(TableName::new("customer")?)
    ///     .column(Column::new("person_id", Type::INT64)?)
    ///     .primary_key(["person_id"])?
    ///     .foreign_key(key)?
    ///     .extends("person")?;
    /// assert!(customer.parent().is_some());
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn extends<N>(self, parent: N) -> Result<Self, Error>
    where
        N: TryInto<TableName>,
        Error: From<N::Error>,
    {
        let table = parent.try_into()?;
        match self.foreign_keys.iter().find(|key| key.table == table).and_then(|key| self.extending_key(key)) {
            Some(key) => Ok(Self { parent: Some(Parent { table, key }), ..self }),
            None => Err(self.extends_by_no_key(&table)),
        }
    }

    /// As [`extends`](Self::extends), by columns of the other table, in the order of this one's primary key.
    ///
    /// # Errors
    ///
    /// `extends-by-no-key` where they are not as many as the primary key has.
    pub fn extends_by<N, C>(self, parent: N, columns: impl IntoIterator<Item = C>) -> Result<Self, Error>
    where
        N: TryInto<TableName>,
        C: TryInto<Ident>,
        Error: From<N::Error> + From<C::Error>,
    {
        let table = parent.try_into()?;
        let key = columns.into_iter().map(|name| Ok(name.try_into()?)).collect::<Result<Vec<Ident>, Error>>()?;
        if key.is_empty() || key.len() != self.primary_key.len() {
            return Err(self.extends_by_no_key(&table));
        }
        Ok(Self { parent: Some(Parent { table, key }), ..self })
    }

    /// The table that it extends.
    #[must_use]
    pub fn parent(&self) -> Option<&TableName> {
        self.parent.as_ref().map(|parent| &parent.table)
    }

    /// The columns of the table that it extends, in the order of its own primary key; none where that one's primary key is
    /// meant.
    #[must_use]
    pub fn parent_key(&self) -> &[Ident] {
        self.parent.as_ref().map(|parent| &parent.key[..]).unwrap_or_default()
    }

    /// The other table's columns for those of the primary key, where a foreign key is from all of it.
    fn extending_key(&self, key: &ForeignKey) -> Option<Vec<Ident>> {
        if self.primary_key.is_empty() || key.columns.len() != self.primary_key.len() {
            return None;
        }
        if key.references.is_empty() {
            return (key.columns == self.primary_key).then(Vec::new);
        }
        let other = |name: &Ident| {
            let at = key.columns.iter().position(|column| column == name)?;
            key.references.get(at).cloned()
        };
        self.primary_key.iter().map(other).collect()
    }

    fn extends_by_no_key(&self, parent: &TableName) -> Error {
        ErrorKind::ExtendsByNoKey { table: self.name.to_string(), parent: parent.to_string() }.at(Place::Table)
    }
}

impl Schema {
    /// Takes every table for one that extends another, whose whole primary key is a foreign key to the other's. A table
    /// with two such keys, or one that says itself what it extends, stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Column, ForeignKey, Ident, Schema, Table, TableName, Type};
    ///
    /// let table = |name| TableName::new(name).map(Table::new);
    /// let person = table("person")?.column(Column::new("id", Type::INT64)?).primary_key(["id"])?;
    /// let key = ForeignKey { columns: vec![Ident::new("id")?], table: TableName::new("person")?, references: vec![] };
    /// let customer = table("customer")?.column(Column::new("id", Type::INT64)?).primary_key(["id"])?.foreign_key(key)?;
    /// let schema = Schema::new().table(person).table(customer).extend_by_keys();
    /// assert!(schema.find(&TableName::new("customer")?).and_then(Table::parent).is_some());
    /// # Ok::<(), setwise::Error>(())
    /// ```
    #[must_use]
    pub fn extend_by_keys(mut self) -> Self {
        let found: Vec<Option<Parent>> = self.tables.iter().map(|table| self.parent_by_key(table)).collect();
        for (table, parent) in self.tables.iter_mut().zip(found) {
            table.parent = table.parent.take().or(parent);
        }
        self
    }

    fn parent_by_key(&self, table: &Table) -> Option<Parent> {
        let each = table.foreign_keys.iter().filter_map(|key| {
            let columns = table.extending_key(key)?;
            let other = self.find(&key.table).filter(|other| other.name != table.name)?;
            let is_key = columns.is_empty() && other.primary_key.len() == table.primary_key.len()
                || columns.len() == other.primary_key.len()
                    && columns.iter().all(|name| other.primary_key.contains(name));
            is_key.then(|| Parent { table: key.table.clone(), key: columns })
        });
        // the same key may be declared at its column and for the table
        let mut found: Vec<Parent> = each.collect();
        found.dedup();
        found.pop().filter(|_| found.is_empty())
    }

    /// A table and those that it extends, from it upwards.
    ///
    /// # Errors
    ///
    /// `extends-itself`, `extends-by-no-key`, `unknown-table`.
    pub(crate) fn levels<'s>(&'s self, table: &'s Table) -> Result<Vec<Level<'s>>, Error> {
        let mut levels = vec![Level { table, key: table.primary_key.clone() }];
        while let Some(Level { table: child, key }) = levels.last()
            && let Some(parent) = &child.parent
        {
            let table = self.require(&parent.table)?;
            if levels.iter().any(|level| level.table.name == table.name) {
                let names = levels.iter().map(|level| &level.table.name).chain([&table.name]);
                return Err(ErrorKind::ExtendsItself { tables: list_quoted(names) }.at(Place::Table));
            }
            let theirs = if parent.key.is_empty() { &table.primary_key } else { &parent.key };
            let ours: HashMap<&Ident, &Ident> = child.primary_key.iter().zip(theirs).collect();
            let next: Option<Vec<Ident>> = key.iter().map(|name| ours.get(name).copied().cloned()).collect();
            let is_key = |key: &Vec<Ident>| key.iter().all(|name| table.find(name).is_some());
            match next.filter(|key| !key.is_empty() && theirs.len() == child.primary_key.len() && is_key(key)) {
                Some(key) => levels.push(Level { table, key }),
                None => return Err(child.extends_by_no_key(&table.name)),
            }
        }
        Ok(levels)
    }

    /// A table with the columns of those that it extends, by their plain names: what its updates may set and read, and so
    /// the fields that rows for it may have. It has no key or constraint.
    ///
    /// # Errors
    ///
    /// `extends-itself`, `extends-by-no-key`, `unknown-table`.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Column, Schema, Table, TableName, Type};
    ///
    /// let table = |name| TableName::new(name).map(Table::new);
    /// let person = table("person")?.column(Column::new("id", Type::INT64)?).column(Column::new("name", Type::TEXT)?);
    /// let customer = table("customer")?.column(Column::new("person_id", Type::INT64)?);
    /// let customer = customer.primary_key(["person_id"])?.extends_by("person", ["id"])?;
    /// let schema = Schema::new().table(person).table(customer);
    /// let customer = schema.require(&TableName::new("customer")?)?;
    /// assert_eq!(schema.with_extended(customer)?.columns().len(), 3);
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn with_extended<'s>(&'s self, table: &'s Table) -> Result<Cow<'s, Table>, Error> {
        if table.parent.is_none() {
            return Ok(Cow::Borrowed(table));
        }
        let levels = self.levels(table)?;
        let columns = visible_columns(&levels).into_iter().map(|(_, column)| column.clone());
        Ok(Cow::Owned(columns.fold(Table::new(table.name.clone()), Table::column)))
    }

    /// The column of a table, or else of one that it extends, which must be there where the table is.
    #[cfg(feature = "lang")]
    pub(crate) fn require_column<'s>(&'s self, table: &TableName, column: &Ident) -> Result<Option<&'s Column>, Error> {
        match (self.find(table), self.find_column(table, column)) {
            (Some(table), None) => Err(ErrorKind::unknown_column(column, table).at(Place::Table)),
            (_, found) => Ok(found),
        }
    }

    /// The column of a table, or else of one that it extends.
    pub(crate) fn find_column(&self, table: &TableName, column: &Ident) -> Option<&Column> {
        let table = self.find(table)?;
        let levels = self.levels(table).unwrap_or_default();
        table.find(column).or_else(|| levels.iter().find_map(|level| level.table.find(column)))
    }
}
