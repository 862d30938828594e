//! Updates that span tables, as updates of one table each: of a table with those that it extends, and of rows that follow.
//!
//! A *unit* is an update by its own or what follows one. It has a *part* for each table that it writes. Where a part would
//! read what an earlier one has written, or rows follow, the keys of the rows that will be updated and the old values that
//! later parts read are kept in a temporary table first.

mod chain;
mod divide;
mod follow;
mod insert;
mod reads;

use std::borrow::Cow;

use crate::check::{check, check_part};
use crate::error::{Error, ErrorKind, Errors, Place, list_quoted};
use crate::ir::{Follower, Ident, OnMissing, Schema, TableName, Type, Update};
use chain::Chain;

/// An update and what follows it.
#[derive(Clone, Debug)]
pub(crate) struct Unit<'u> {
    /// What is asked of the tables before anything else is done, where missing rows are inserted.
    pub checks: Vec<Part<'u>>,
    /// What keeps old values before anything is written.
    pub snapshot: Option<Part<'u>>,
    /// The updates, one table after the other, and behind them what inserts missing rows.
    pub parts: Vec<Part<'u>>,
    /// What follows, in order.
    pub followers: Vec<Unit<'u>>,
    /// The update that gives back the columns by which its only follower is found, where the two together are the same as
    /// one behind the other.
    pub leading: Option<Part<'u>>,
    /// The follower that it is, where it is one of the update's own.
    pub place: Option<Place>,
}

/// An update of one table that may read others.
#[derive(Clone, Debug)]
pub(crate) struct Part<'u> {
    /// What is known of the table: as its own columns, those of the tables beside it; the update has none.
    pub schema: Option<Cow<'u, Schema>>,
    pub update: Update<'u>,
    /// The columns that are its own; none is known where there is no schema.
    pub own: Option<Vec<Ident>>,
    /// The tables that are read beside it.
    pub beside: Vec<Beside>,
    pub does: Does,
    /// For each assignment, its number in the whole update.
    pub places: Vec<usize>,
}

/// What a part does with its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// It updates them.
    Update,
    /// It keeps old values of those that will be updated.
    Keep(Snapshot),
    /// It finds out whether missing ones can be inserted.
    Check,
    /// It inserts missing ones.
    Insert,
}

/// A table beside the one that is updated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Beside {
    pub from: Stands,
    /// The columns that are equal: one of the target, one of the table's.
    pub on: Vec<(Ident, Ident)>,
    /// The columns that are read: what the update calls them, and what they are called there.
    pub columns: Vec<(Ident, Ident)>,
    pub tie: Tie,
}

/// What the target's rows have to do with a table beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// Each goes on in the row there.
    Joined,
    /// Each must be found there, however often.
    Within(Times),
    /// None may be found there.
    Without,
}

/// How often a table has what the target's rows are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    /// In one row, as a key.
    Once,
    /// In several rows, of which those with equal values stand for each other. Without that, many rows that lead to many would
    /// be joined with each other.
    Distinct,
    /// In several rows, where values that are equal there may differ for the target: its collation may be another.
    Any,
}

/// What stands beside a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Another table.
    Table(TableName),
    /// A temporary table that keeps old values.
    Kept(Kept),
    /// What the update before it in the same statement gives back.
    Updated,
}

/// A temporary table that keeps old values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its number among those of the script.
    pub number: usize,
    /// Where it is, for engines that have temporary tables in a database.
    pub schema: Option<Ident>,
}

/// Old values that are kept: the temporary table, and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub table: Kept,
    pub columns: Vec<Ident>,
    /// How many of them are the key, which comes first.
    pub key: usize,
    /// The columns by which rows are looked up, where every engine takes an index of them: the key, then those by which others
    /// follow.
    pub indexes: Vec<Vec<Ident>>,
}

impl<'u> Part<'u> {
    /// The update, with what is known of its table.
    pub(crate) fn with_schema<'p>(&'p self) -> Update<'p>
    where
        'u: 'p,
    {
        let update: Update<'p> = self.update.clone();
        Update { schema: self.schema.as_deref(), ..update }
    }

    /// The same behind the update whose rows it follows, in one statement.
    pub(crate) fn behind_update(&self) -> Self {
        let beside = self.beside.iter().map(|beside| Beside { from: Stands::Updated, ..beside.clone() }).collect();
        Self { beside, ..self.clone() }
    }

    /// Errors with the places that they have in the whole update.
    pub(crate) fn locate(&self, errors: Errors) -> Errors {
        errors.map(|error| match error.place() {
            Some(Place::Assignment(index)) => {
                let place = self.places.get(*index).copied().map_or(Place::Table, Place::Assignment);
                error.moved_to(place)
            }
            _ => error,
        })
    }
}

impl Update<'_> {
    /// Whether it writes other tables than its own, or reads columns of those that it extends. No stream takes such an update.
    ///
    /// # Examples
    ///
    /// ```
    /// let update = setwise::lang::parse_update("update users set age = 1 all rows then profiles by user_id = id set seen = false")?;
    /// assert!(update.spans_tables());
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    #[must_use]
    pub fn spans_tables(&self) -> bool {
        spans_tables(self)
    }
}

/// Whether an update writes other tables than its own, or reads columns of those that it extends.
pub(crate) fn spans_tables(update: &Update<'_>) -> bool {
    let is_own = |follower: &Follower<'_>| follower.of.as_ref().is_none_or(|of| *of == update.table);
    if update.followers.iter().any(is_own) {
        return true;
    }
    let Some((schema, table)) = update.schema.zip(update.declared()) else { return false };
    let is_foreign = |name: &Ident| table.find(name).is_none();
    let sets_key = || update.set.iter().any(|set| table.key().contains(&set.column));
    // a row that is missing is so in all tables of its chain
    let inserts = update.policy.on_missing == OnMissing::Insert;
    let extends = table.parent().is_some() && (inserts || sets_key() || reads::names(update).any(is_foreign));
    if extends || !table.followers().is_empty() {
        return true;
    }
    // what is said of updates of a table by its whole name, or by its bare one; of a table that there is not it is refused
    let mut named = update.followers.iter().filter_map(|follower| follower.of.as_ref());
    named.any(|of| schema.find(of).is_none_or(|of| of == table))
}

/// Takes an update apart.
///
/// # Errors
///
/// What cannot be done over several tables.
pub(crate) fn expand<'u>(update: &Update<'u>) -> Result<Unit<'u>, Errors> {
    let mut expander = Expander { rules: &update.followers, tables: 0 };
    let mut path = Vec::new();
    expander.expand(update, None, &mut path)
}

/// How many updates may follow one another: each takes a part of the stack.
const MOST_FOLLOWING: usize = 32;

/// What is the same for an update and all that follows it.
struct Expander<'e, 'u> {
    /// The followers that the update itself has.
    rules: &'e [Follower<'u>],
    /// How many temporary tables there are.
    tables: usize,
}

impl<'u> Expander<'_, 'u> {
    /// Takes an update apart, or what follows one: its rows are then found in the temporary table that it is `within`.
    fn expand(
        &mut self,
        update: &Update<'u>,
        within: Option<Beside>,
        path: &mut Vec<Vec<TableName>>,
    ) -> Result<Unit<'u>, Errors> {
        let is_first = within.is_none();
        let declared = update.schema.map(|schema| schema.require(&update.table)).transpose()?;
        let chain = update.schema.zip(declared).map(|(schema, table)| Chain::of(schema, table)).transpose()?;
        let unified = match &chain {
            Some(chain) => chain.unify(update)?,
            None => update.clone(),
        };
        let names = tables_of(&unified, chain.as_ref());
        if let Some(again) = names.iter().find(|name| path.iter().flatten().any(|written| written == *name)) {
            let tables = list_quoted(path.iter().flatten().chain([again]));
            return Err(ErrorKind::FollowsItself { tables }.at(Place::Table).into());
        }
        if path.len() > MOST_FOLLOWING {
            let table = update.table.to_string();
            return Err(ErrorKind::FollowsTooFar { table, most: MOST_FOLLOWING }.at(Place::Table).into());
        }
        let (followers, mut errors) = self.find_followers(&unified, chain.as_ref(), is_first);
        let whole = divide::whole(&unified, chain.as_ref())?;
        let seen = whole.with_schema();
        if is_first { check(&seen) } else { check_part(&seen, &whole) }?;
        let mut unit = divide::divide(self, unified, chain.as_ref(), within, &followers)?;
        path.push(names);
        for found in followers {
            match self.follow(&unit, update, found, path) {
                Ok(follower) => unit.followers.push(follower),
                Err(found) => errors.append(found),
            }
        }
        path.pop();
        unit.leading = unit.leading.take().filter(|_| unit.followers.iter().all(follow::may_be_led));
        errors.or(unit)
    }

    /// A temporary table of its own, where the update's table is.
    fn keep(&mut self, update: &Update<'_>) -> Kept {
        let number = self.tables;
        self.tables += 1;
        Kept { number, schema: update.table.schema().cloned() }
    }
}

/// The table of an update, and those that it extends and writes.
fn tables_of(update: &Update<'_>, chain: Option<&Chain<'_>>) -> Vec<TableName> {
    let Some(chain) = chain else { return vec![update.table.clone()] };
    let levels = chain.levels().iter().enumerate().filter(|(at, _)| chain.takes_part(update, *at));
    levels.map(|(_, level)| level.table.name().clone()).collect()
}

/// That something is not done over several tables.
fn refuse(what: impl Into<String>, reason: &'static str) -> Error {
    ErrorKind::AcrossTables { what: what.into(), reason }.at(Place::Table)
}

/// Puts levels in an order in which each waits for none that is behind it; none where there is no such order.
fn sort(open: &mut Vec<usize>, waits_for: impl Fn(usize, usize) -> bool) -> Option<Vec<usize>> {
    let mut order = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let free = open.iter().position(|level| !open.iter().any(|other| waits_for(*level, *other)))?;
        order.push(open.remove(free));
    }
    Some(order)
}

/// Whether values of a type are short, and equal on every engine only where they are the same.
fn is_exact(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Int { .. }
            | Type::UInt { .. }
            | Type::Decimal { .. }
            | Type::Date
            | Type::Time { .. }
            | Type::Timestamp { .. }
            | Type::TimestampTz { .. }
    )
}
