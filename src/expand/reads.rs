//! What an update that is being divided reads: columns, incoming ones, and rows of other tables.

use std::collections::HashSet;

use super::divide::Division;
use crate::error::Errors;
use crate::ir::{Cell, Cells, Expr, Guard, Ident, Input, Keyed, Policy, Rows, Table, Update};

/// Every column that an update names.
pub(super) fn names<'e>(update: &'e Update<'_>) -> impl Iterator<Item = &'e Ident> {
    let Update { name: _, params: _, table: _, set, rows, guard, policy, returning, followers: _, schema: _ } = update;
    let key: &[Ident] = if let Rows::Keyed(keyed) = rows { &keyed.key } else { &[] };
    let named = set.iter().map(|set| &set.column).chain(key).chain(&guard.version).chain(&guard.touch);
    let named = named.chain(&policy.disjoint).chain(returning.iter().map(|returned| &returned.column));
    named.chain(expressions(update).flat_map(Expr::columns))
}

/// Its expressions, without those of followers.
fn expressions<'e, 'u>(update: &'e Update<'u>) -> impl Iterator<Item = &'e Expr<'u>> {
    let cells = update.rows.cells().map_or(&[][..], Cells::cells);
    let of_cells = cells.iter().filter_map(|cell| if let Cell::Expr(value) = cell { Some(&**value) } else { None });
    let own = update.set.iter().map(|set| &set.value).chain(&update.guard.filter).chain(update.rows.condition());
    own.chain(of_cells)
}

impl<'d, 'u> Division<'d, '_, 'u> {
    /// Whether what is set in a level's table, or a condition, selects rows of another's.
    pub(super) fn selects(&self, level: usize, other: usize, with_conditions: bool) -> bool {
        let Some((schema, chain)) = self.update.schema.zip(self.chain) else { return false };
        let set = self.set_of(level).filter_map(|index| self.update.set.get(index)).map(|set| &set.value);
        let guard = self.update.guard.filter.iter().chain(self.update.rows.condition()).filter(|_| with_conditions);
        let of_cells = self.of_cells.values().flatten().copied();
        let mut tables = set.chain(guard).chain(of_cells).flat_map(Expr::selections).map(|rows| rows.table());
        let name = chain.levels().get(other).map(|level| level.table.name());
        tables.any(|table| schema.find(table).map(Table::name) == name)
    }

    /// The columns that a part's conditions and values read.
    pub(super) fn reads(&self, level: usize) -> HashSet<&'d Ident> {
        let mut reads: HashSet<&Ident> = self.set_of(level).flat_map(|index| self.reads_of(index)).collect();
        reads.extend(self.guard_reads());
        reads
    }

    /// The columns that an assignment's value reads.
    pub(super) fn reads_of(&self, index: usize) -> Vec<&'d Ident> {
        self.update.set.get(index).map(|set| self.read_by(&set.value)).unwrap_or_default()
    }

    fn read_by(&self, value: &'d Expr<'u>) -> Vec<&'d Ident> {
        let cells = value.inputs().filter_map(|input| self.of_cells.get(input)).flatten();
        value.columns().chain(cells.flat_map(|cell| cell.columns())).collect()
    }

    /// The columns that the conditions read.
    pub(super) fn guard_reads(&self) -> Vec<&'d Ident> {
        let Guard { filter, only_changed, version, touch: _ } = &self.update.guard;
        let conditions = filter.iter().chain(self.update.rows.condition());
        let mut reads: Vec<&Ident> = conditions.flat_map(|condition| self.read_by(condition)).chain(version).collect();
        reads.extend(self.within.iter().flat_map(|within| within.on.iter().map(|(theirs, _)| theirs)));
        if *only_changed {
            for (index, set) in self.update.set.iter().enumerate() {
                reads.push(&set.column);
                reads.extend(self.reads_of(index));
            }
        }
        reads
    }

    /// The columns of other tables that a part's values read.
    pub(super) fn foreign(&self, level: usize) -> Vec<&'d Ident> {
        let reads = self.set_of(level).flat_map(|index| self.reads_of(index));
        let mut foreign: Vec<&Ident> =
            reads.filter(|name| self.owner(name).is_some_and(|owner| owner != level)).collect();
        foreign.sort_unstable();
        foreign.dedup();
        foreign
    }

    /// Whether a value selects rows of a table into which others are inserted.
    pub(super) fn selects_chain(&self, value: &Expr<'u>) -> bool {
        let Some((schema, chain)) = self.update.schema.zip(self.chain) else { return false };
        let cells = value.inputs().filter_map(|input| self.of_cells.get(input)).flatten().copied();
        let selections = std::iter::once(value).chain(cells).flat_map(Expr::selections);
        let is_level = |table: &Table| chain.levels().iter().any(|level| level.table.name() == table.name());
        selections.filter_map(|rows| schema.find(rows.table())).any(is_level)
    }
}

/// Leaves out the incoming columns that an update does not read.
pub(super) fn keep_read(update: &mut Update<'_>) -> Result<(), Errors> {
    let Update { name: _, params: _, table: _, set, rows, guard, policy, returning: _, followers: _, schema: _ } =
        update;
    let Rows::Keyed(Keyed { key, input: Input::Cells(cells) }) = rows else { return Ok(()) };
    let Guard { filter, only_changed: _, version, touch: _ } = guard;
    let Policy { on_duplicate: _, on_missing: _, lock: _, disjoint: _ } = policy;
    let expressions = set.iter().map(|set| &set.value).chain(&*filter);
    let mut read: HashSet<&Ident> = expressions.flat_map(Expr::inputs).chain(&*version).chain(&*key).collect();
    loop {
        let before = read.len();
        for (name, cell) in cells.rows().flat_map(|row| cells.columns().iter().zip(row)) {
            if let (Cell::Expr(value), true) = (cell, read.contains(name)) {
                read.extend(value.inputs());
            }
        }
        if read.len() == before {
            break;
        }
    }
    if cells.columns().iter().all(|name| read.contains(name)) {
        return Ok(());
    }
    let kept: Vec<bool> = cells.columns().iter().map(|name| read.contains(name)).collect();
    let is_kept = |at: usize| kept.get(at % kept.len().max(1)).copied().unwrap_or(false);
    let columns = cells.columns().iter().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, name)| name.clone());
    let left = cells.cells().iter().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, cell)| cell.clone());
    *cells = Cells::new(columns.collect(), left.collect())?;
    Ok(())
}
