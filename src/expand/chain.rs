//! A table and those that it extends as one: which of them has which column.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Errors, Place};
use crate::ir::{
    Assignment, Cell, Cells, Column, Guard, Ident, Input, Keyed, Level, Policy, Rows, Schema, Table, Update,
    visible_columns,
};

/// A table and those that it extends.
#[derive(Clone, Debug)]
pub(super) struct Chain<'s> {
    levels: Vec<Level<'s>>,
    /// The columns that plain names mean, each with the level of its table: the nearest that has it, and of the shared key
    /// the first.
    visible: Vec<(usize, &'s Column)>,
    places: HashMap<&'s Ident, usize>,
    /// What the shared key is called further up, and the position of its column.
    aliases: HashMap<&'s Ident, usize>,
}

impl<'s> Chain<'s> {
    pub(super) fn of(schema: &'s Schema, table: &'s Table) -> Result<Self, Error> {
        let levels = schema.levels(table)?;
        let (mut visible, mut places, mut aliases) = (Vec::new(), HashMap::new(), HashMap::new());
        for (at, column) in visible_columns(&levels) {
            let key = levels.get(at).filter(|_| at > 0).map(|level| &level.key[..]).unwrap_or_default();
            match key.iter().position(|name| name == column.name()) {
                Some(position) => drop(aliases.entry(column.name()).or_insert(position)),
                None => {
                    places.insert(column.name(), visible.len());
                    visible.push((at, column));
                }
            }
        }
        Ok(Self { levels, visible, places, aliases })
    }

    pub(super) fn levels(&self) -> &[Level<'s>] {
        &self.levels
    }

    /// The shared key, as a level's table calls it.
    pub(super) fn key(&self, level: usize) -> &[Ident] {
        self.levels.get(level).map(|level| &level.key[..]).unwrap_or_default()
    }

    /// The level of the table that has a column; none for the key, which all have, and for what is no column.
    pub(super) fn owner(&self, name: &Ident) -> Option<usize> {
        let found = self.places.get(name).and_then(|place| self.visible.get(*place));
        found.map(|(level, _)| *level).filter(|_| !self.key(0).contains(name))
    }

    /// Whether an update writes a level's table, or finds its rows there.
    pub(super) fn takes_part(&self, update: &Update<'_>, level: usize) -> bool {
        level == 0 || update.set.iter().any(|set| self.owner(&set.column) == Some(level))
    }

    /// Whether a column of a level's table is computed from others of it.
    pub(super) fn is_generated(&self, level: usize, name: &Ident) -> bool {
        let found = self.places.get(name).and_then(|place| self.visible.get(*place));
        found.is_some_and(|(owner, column)| *owner == level && column.is_generated())
    }

    /// The name by which the update means what it calls so: of the shared key, the one in the first table.
    pub(super) fn plain_name(&self, name: &Ident) -> Option<Ident> {
        if self.owner(name).is_some() || self.key(0).contains(name) {
            return Some(name.clone());
        }
        self.aliases.get(name).and_then(|position| self.key(0).get(*position)).cloned()
    }

    /// The plain name that means a column of a level's table; none where another hides it.
    pub(super) fn name_of(&self, level: usize, column: &Ident) -> Option<Ident> {
        match self.key(level).iter().position(|name| name == column) {
            Some(position) => self.key(0).get(position).cloned(),
            None => (self.owner(column) == Some(level)).then(|| column.clone()),
        }
    }

    /// A schema in which a level's table has all columns that plain names mean.
    pub(super) fn unite<'u>(&self, schema: &'u Schema, level: usize) -> Result<Cow<'u, Schema>, Error> {
        match self.levels.len() {
            1 => Ok(Cow::Borrowed(schema)),
            _ => Ok(Cow::Owned(schema.clone().table(self.as_table(level)?))),
        }
    }

    /// All columns that plain names mean, as one table at a level's name and with its keys. The shared key has the names that
    /// it has there.
    fn as_table(&self, level: usize) -> Result<Table, Error> {
        let Some(Level { table: own, key }) = self.levels.get(level) else {
            return Err(ErrorKind::Internal { what: "find a table of a chain" }.at(Place::Table));
        };
        let is_other_key = |name: &Ident| level > 0 && self.key(0).contains(name);
        let mut table = Table::new(own.name().clone());
        for (_, column) in self.visible.iter().filter(|(_, column)| !is_other_key(column.name())) {
            table = table.column((*column).clone());
        }
        for column in key.iter().filter_map(|name| own.find(name)) {
            table = table.column(column.clone());
        }
        if !own.key().is_empty() {
            table = table.primary_key(own.key())?;
        }
        let is_own = |name: &Ident| key.contains(name) || self.owner(name) == Some(level);
        for unique in own.uniques().iter().filter(|unique| unique.columns().iter().all(is_own)) {
            table = match unique.deferrable() {
                Some(name) => table.deferrable_unique(name, unique.columns())?,
                None => table.unique(unique.columns())?,
            };
        }
        Ok(table)
    }

    /// Calls the shared key by one name, that of the first table.
    pub(super) fn unify<'u>(&self, update: &Update<'u>) -> Result<Update<'u>, Errors> {
        let first = |name: &mut Ident| {
            if let Some(own) = self.aliases.get(&*name).and_then(|position| self.key(0).get(*position)) {
                *name = own.clone();
            }
        };
        let mut unified = update.clone();
        if !self.aliases.is_empty() {
            rename(&mut unified, &first)?;
        }
        Ok(unified)
    }

    /// Calls the shared key by the names that it has in a level's table.
    pub(super) fn at_level<'u>(&self, update: &mut Update<'u>, level: usize) -> Result<(), Errors> {
        let there = |name: &mut Ident| {
            if let Some(other) = self.key(0).iter().position(|own| own == name).and_then(|at| self.key(level).get(at)) {
                *name = other.clone();
            }
        };
        if self.key(level) != self.key(0) {
            rename(update, &there)?;
        }
        Ok(())
    }
}

/// Changes the names of columns, of incoming ones too.
fn rename(update: &mut Update<'_>, change: &impl Fn(&mut Ident)) -> Result<(), Errors> {
    let Update { name: _, params: _, table: _, set, rows, guard, policy, returning, followers: _, schema: _ } = update;
    for Assignment { column, value } in set {
        change(column);
        value.rename(change);
    }
    match rows {
        Rows::All => {}
        Rows::Where(condition) => condition.rename(change),
        Rows::Keyed(Keyed { key, input: Input::Cells(cells) }) => {
            key.iter_mut().for_each(change);
            *cells = rename_cells(cells, change)?;
        }
        // refused over several tables
        Rows::Keyed(Keyed { key: _, input: Input::Table(_) }) => {}
    }
    let Guard { filter, only_changed: _, version, touch } = guard;
    filter.iter_mut().for_each(|filter| filter.rename(change));
    version.iter_mut().chain(touch).for_each(change);
    let Policy { on_duplicate: _, on_missing: _, lock: _, disjoint } = policy;
    disjoint.iter_mut().chain(returning.iter_mut().map(|returned| &mut returned.column)).for_each(change);
    Ok(())
}

fn rename_cells<'u>(cells: &Cells<'u>, change: &impl Fn(&mut Ident)) -> Result<Cells<'u>, Errors> {
    let mut columns = cells.columns().to_vec();
    columns.iter_mut().for_each(change);
    if !cells.cells().iter().any(|cell| matches!(cell, Cell::Expr(_))) {
        return Ok(cells.with_columns(columns));
    }
    let mut renamed = cells.cells().to_vec();
    for cell in &mut renamed {
        if let Cell::Expr(expression) = cell {
            expression.rename(change);
        }
    }
    Ok(Cells::new(columns, renamed)?)
}
