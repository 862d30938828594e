//! Divides an update over the tables that its columns belong to, and orders what comes of it.

use std::collections::{HashMap, HashSet};

use super::chain::Chain;
use super::follow::Found;
use super::reads::{keep_read, names};
use super::{Beside, Does, Expander, Kept, Part, Snapshot, Stands, Tie, Unit, is_exact, refuse, sort};
use crate::error::{ErrorKind, Errors, Place, list_quoted};
use crate::ir::{
    Cell, Expr, Guard, Ident, Keyed, Lock, Moment, OnMissing, Policy, Returned, Rows, Table, Type, Update,
};

/// An update that is being divided.
pub(super) struct Division<'d, 's, 'u> {
    pub update: &'d Update<'u>,
    pub chain: Option<&'d Chain<'s>>,
    pub within: Option<&'d Beside>,
    /// Whether missing rows are inserted, by parts of their own.
    pub inserts: bool,
    /// For each table of the chain, the assignments to its columns.
    pub sets: Vec<Vec<usize>>,
    /// The columns that the expressions in the cells of an incoming column read, and the incoming ones.
    pub of_cells: HashMap<&'d Ident, Vec<&'d Expr<'u>>>,
}

/// Divides an update. Where rows follow it, or a part would read what another has written, old values are kept first.
pub(super) fn divide<'u>(
    expander: &mut Expander<'_, 'u>,
    update: Update<'u>,
    chain: Option<&Chain<'_>>,
    within: Option<Beside>,
    followers: &[Found<'u>],
) -> Result<Unit<'u>, Errors> {
    let within = within.map(|within| unify(within, chain));
    let inserts = update.policy.on_missing == OnMissing::Insert;
    let on_missing = if inserts { OnMissing::Ignore } else { update.policy.on_missing };
    let update = Update { policy: Policy { on_missing, ..update.policy }, ..update };
    let division = Division { inserts, ..Division::of(&update, chain, within.as_ref())? };
    division.check_policies(!followers.is_empty())?;
    let (checks, inserted) = (division.insert(&Does::Check)?, division.insert(&Does::Insert)?);
    let mut unit =
        Unit { checks, snapshot: None, parts: Vec::new(), followers: Vec::new(), leading: None, place: None };
    let order = if followers.is_empty() { division.order() } else { None };
    if let Some(order) = order {
        for level in order {
            unit.parts.push(division.read_directly(level)?);
        }
        unit.parts.extend(inserted);
        return Ok(unit);
    }
    let links: Vec<&[Ident]> = followers.iter().map(|found| &found.ours[..]).collect();
    let kept = expander.keep(&update);
    unit.snapshot = Some(division.keep(kept.clone(), &links)?);
    if let [links] = links[..] {
        unit.leading = division.lead(links)?;
    }
    for level in division.order_of_kept()? {
        unit.parts.push(division.read_kept(level, kept.clone())?);
    }
    unit.parts.extend(inserted);
    Ok(unit)
}

/// The update with the columns of all its tables as if they were one.
pub(super) fn whole<'u>(update: &Update<'u>, chain: Option<&Chain<'_>>) -> Result<Part<'u>, Errors> {
    let schema = update.schema.zip(chain).map(|(schema, chain)| chain.unite(schema, 0)).transpose()?;
    let update = Update { schema: None, ..update.clone() };
    let places = (0..update.set.len()).collect();
    Ok(Part { schema, update, own: None, beside: Vec::new(), does: Does::Update, places })
}

/// The same with the names that the shared key has in the first table.
fn unify(within: Beside, chain: Option<&Chain<'_>>) -> Beside {
    let Some(chain) = chain else { return within };
    let name = |name: Ident| chain.plain_name(&name).unwrap_or(name);
    Beside { on: within.on.into_iter().map(|(theirs, kept)| (name(theirs), kept)).collect(), ..within }
}

impl<'d, 's, 'u> Division<'d, 's, 'u> {
    fn of(update: &'d Update<'u>, chain: Option<&'d Chain<'s>>, within: Option<&'d Beside>) -> Result<Self, Errors> {
        let mut of_cells: HashMap<&Ident, Vec<&Expr<'u>>> = HashMap::new();
        if let Some(cells) = update.rows.cells() {
            for (name, cell) in cells.rows().flat_map(|row| cells.columns().iter().zip(row)) {
                if let Cell::Expr(value) = cell {
                    of_cells.entry(name).or_default().push(value);
                }
            }
        }
        let levels = chain.map_or(1, |chain| chain.levels().len());
        let sets = vec![Vec::new(); levels];
        let mut division = Self { update, chain, within, inserts: false, sets, of_cells };
        let mut errors = Errors::new();
        for (index, set) in update.set.iter().enumerate() {
            let level = if levels == 1 { Some(0) } else { division.owner(&set.column) };
            match level.and_then(|level| division.sets.get_mut(level)) {
                Some(sets) => sets.push(index),
                None => {
                    let (column, table) = (set.column.to_string(), update.table.to_string());
                    errors.push(ErrorKind::SharedKey { column, table }.at(Place::Assignment(index)));
                }
            }
        }
        if let (Some(chain), Some(within)) = (chain, within) {
            let is_known = |name: &Ident| chain.owner(name).is_some() || chain.key(0).contains(name);
            for (theirs, _) in within.on.iter().filter(|(theirs, _)| !is_known(theirs)) {
                if let Some(level) = chain.levels().first() {
                    errors.push(ErrorKind::unknown_column(theirs, level.table).at(Place::Table));
                }
            }
        }
        errors.or(division)
    }

    /// The level that a column belongs to; none for the shared key.
    pub(super) fn owner(&self, name: &Ident) -> Option<usize> {
        self.chain.and_then(|chain| chain.owner(name))
    }

    pub(super) fn key(&self, level: usize) -> &[Ident] {
        self.chain.map(|chain| chain.key(level)).unwrap_or_default()
    }

    /// The levels whose tables are written.
    fn written(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.sets.iter().enumerate().filter(|(_, set)| !set.is_empty()).map(|(level, _)| level)
    }

    /// Whether there is more to be asked of the table's rows than which they are.
    fn asks(&self) -> bool {
        let Policy { on_duplicate: _, on_missing, lock, disjoint: _ } = &self.update.policy;
        self.update.guard.version.is_some() || *on_missing != OnMissing::Ignore || *lock != Lock::AsMet
    }

    /// What no order of statements can do.
    fn check_policies(&self, is_followed: bool) -> Result<(), Errors> {
        let mut errors = Errors::new();
        let levels = self.sets.len();
        self.check_insert(&mut errors);
        if self.update.rows.selection().is_some() {
            let reason =
                "the keys of the rows are checked table by table; update one table alone, with nothing that follows";
            errors.push(refuse("`rows from` a table", reason));
        }
        if is_followed && self.key(0).is_empty() && self.asks() {
            let reason = "no primary key tells which rows were let through; give a schema, or leave it out";
            errors.push(refuse("`on missing`, `version` or `lock ordered`", reason));
        }
        if let (Rows::Keyed(Keyed { key, input: _ }), true) = (&self.update.rows, levels > 1) {
            let shared = self.key(0);
            let is_shared = key.len() == shared.len() && key.iter().all(|name| shared.contains(name));
            let is_own = |name: &Ident| self.owner(name) == Some(0) || shared.contains(name);
            let are_own = key.iter().all(is_own) && self.written().all(|level| level == 0);
            if !is_shared && (self.inserts || !are_own) {
                let (table, key) = (self.update.table.to_string(), list_quoted(shared));
                errors.push(ErrorKind::ChainKey { table, key }.at(Place::Table));
            }
        }
        errors.or(())
    }

    /// An order in which each part reads what no earlier one has written, so that nothing has to be kept.
    fn order(&self) -> Option<Vec<usize>> {
        let mut open: Vec<usize> = self.written().rev().collect();
        let is_one = open.len() == 1;
        let is_asked = self.asks() && open != [0];
        let Guard { filter: _, only_changed, version: _, touch } = &self.update.guard;
        let keeps = || self.update.rows.cells().is_some_and(|cells| cells.cells().contains(&Cell::Keep));
        // columns of several tables say whether a row is written
        let is_joint = *only_changed || !touch.is_empty() && keeps();
        if is_asked || !is_one && (is_joint || !self.update.returning.is_empty()) {
            return None;
        }
        let reads: HashMap<usize, HashSet<&Ident>> = open.iter().map(|level| (*level, self.reads(*level))).collect();
        let waits_for = |level: usize, other: usize| {
            // what another still has to read must not be written
            let read = reads.get(&other);
            let mut sets = self.sets.get(level).into_iter().flatten().filter_map(|index| self.update.set.get(*index));
            let follows = |name: &&Ident| self.chain.is_some_and(|chain| chain.is_generated(level, name));
            let is_read =
                |read: &HashSet<&Ident>| sets.any(|set| read.contains(&set.column)) || read.iter().any(follows);
            level != other && (read.is_some_and(is_read) || self.selects(other, level, true))
        };
        sort(&mut open, waits_for)
    }

    /// An order of the parts that read what was kept: rows that a value selects are those before anything is written.
    fn order_of_kept(&self) -> Result<Vec<usize>, Errors> {
        let mut open: Vec<usize> = self.written().rev().collect();
        sort(&mut open, |level, other| level != other && self.selects(other, level, false)).ok_or_else(|| {
            let reason =
                "values select rows of tables that other statements write before them; update the tables one by one";
            refuse("`in (select …)`", reason).into()
        })
    }

    pub(super) fn set_of(&self, level: usize) -> impl Iterator<Item = usize> {
        self.sets.get(level).into_iter().flatten().copied()
    }

    /// The tables of other levels with the columns that are read of them; the first table always, so that only rows
    /// that it has too are found.
    fn stand_beside<'n>(&self, level: usize, reads: impl Iterator<Item = &'n Ident>) -> Vec<Beside> {
        let Some(chain) = self.chain else { return Vec::new() };
        let mut columns: Vec<Vec<&Ident>> = vec![Vec::new(); self.sets.len()];
        for name in reads {
            if let Some(columns) = self.owner(name).and_then(|owner| columns.get_mut(owner))
                && !columns.contains(&name)
            {
                columns.push(name);
            }
        }
        let others = chain.levels().iter().zip(columns).enumerate();
        let others = others.filter(|(at, (_, columns))| *at != level && (*at == 0 || !columns.is_empty()));
        let beside = others.map(|(at, (other, mut columns))| {
            columns.sort_unstable();
            let on = self.key(level).iter().cloned().zip(self.key(at).iter().cloned()).collect();
            let columns = columns.into_iter().map(|name| (name.clone(), name.clone())).collect();
            Beside { from: Stands::Table(other.table.name().clone()), on, columns, tie: Tie::Joined }
        });
        beside.collect()
    }

    /// What a table must be found within, with the names that the shared key has at a level.
    fn within(&self, level: usize) -> Option<Beside> {
        let within = self.within?;
        let name = |name: &Ident| {
            let position = self.key(0).iter().position(|own| own == name);
            position.and_then(|at| self.key(level).get(at)).unwrap_or(name).clone()
        };
        let on = within.on.iter().map(|(theirs, kept)| (name(theirs), kept.clone())).collect();
        Some(Beside { on, ..within.clone() })
    }

    /// A part that reads the tables themselves.
    fn read_directly(&self, level: usize) -> Result<Part<'u>, Errors> {
        let mut beside = self.stand_beside(level, self.reads(level).into_iter());
        beside.extend(self.within(level));
        let update = Update { returning: self.returning(Some(level))?, ..self.update.clone() };
        self.part(level, self.set_of(level).collect(), update, beside)
    }

    /// The update as one statement that gives back the columns by which others follow, where it does not set them.
    fn lead(&self, links: &[Ident]) -> Result<Option<Part<'u>>, Errors> {
        let is_one = !matches!(self.update.rows, Rows::Keyed(_)) && self.written().eq([0]);
        let is_plain = self.update.returning.is_empty() && !self.asks();
        let is_old = |link: &Ident| {
            let is_own = self.chain.is_none() || self.owner(link) == Some(0) || self.key(0).contains(link);
            let follows = self.chain.is_some_and(|chain| chain.is_generated(0, link));
            is_own && !follows && !self.update.set.iter().any(|set| set.column.may_be(link))
        };
        if !is_one || !is_plain || !links.iter().all(is_old) {
            return Ok(None);
        }
        let mut part = self.read_directly(0)?;
        let returned = |column: &Ident| Returned { column: column.clone(), at: Moment::New };
        part.update.returning = each_once(links).into_iter().map(|column| returned(&column)).collect();
        Ok(Some(part))
    }

    /// The part that keeps what others read, of the rows that will be updated.
    fn keep(&self, table: Kept, links: &[&[Ident]]) -> Result<Part<'u>, Errors> {
        let mut columns: Vec<Ident> = self.key(0).to_vec();
        let foreign = self.written().flat_map(|level| self.foreign(level));
        for name in foreign.chain(links.iter().copied().flatten()) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let returning = self.returning(None)?;
        let given = returning.iter().map(|returned| &returned.column);
        let mut beside = self.stand_beside(0, self.guard_reads().into_iter().chain(&columns).chain(given));
        beside.extend(self.within(0));
        let all = (0..self.update.set.len()).collect();
        let policy = Policy { disjoint: Vec::new(), ..self.update.policy.clone() };
        let mut part = self.part(0, all, Update { returning, policy, ..self.update.clone() }, beside)?;
        let known = part.schema.as_ref().and_then(|schema| schema.find(&part.update.table));
        let indexes = [self.key(0)].into_iter().chain(links.iter().copied());
        let mut found: Vec<Vec<Ident>> = Vec::new();
        for columns in indexes.filter(|columns| are_indexed(columns, known)).map(each_once) {
            if !found.contains(&columns) {
                found.push(columns);
            }
        }
        let (key, indexes) = (self.key(0).len(), found);
        part.does = Does::Keep(Snapshot { table, columns, key, indexes });
        Ok(part)
    }

    /// A part that reads what was kept, of the rows that were kept.
    fn read_kept(&self, level: usize, kept: Kept) -> Result<Part<'u>, Errors> {
        let returning = self.returning(Some(level))?;
        let set = self.set_of(level).collect();
        if self.key(0).is_empty() {
            // nothing has been written since its rows were kept, so that the conditions find them again
            let beside = self.within(0).into_iter().collect();
            return self.part(level, set, Update { returning, ..self.update.clone() }, beside);
        }
        let on = self.key(level).iter().cloned().zip(self.key(0).iter().cloned()).collect();
        let columns = self.foreign(level).into_iter().map(|name| (name.clone(), name.clone())).collect();
        let beside = Beside { from: Stands::Kept(kept), on, columns, tie: Tie::Joined };
        let rows = match &self.update.rows {
            Rows::All | Rows::Where(_) => Rows::All,
            Rows::Keyed(keyed) => Rows::Keyed(keyed.clone()),
        };
        let Policy { on_duplicate, on_missing: _, lock: _, disjoint } = self.update.policy.clone();
        let policy = Policy { on_duplicate, disjoint, ..Policy::default() };
        let update = Update { rows, guard: Guard::default(), policy, returning, ..self.update.clone() };
        self.part(level, set, update, vec![beside])
    }

    /// The columns that a part gives back; those of old rows are read where they are kept, with no level.
    fn returning(&self, level: Option<usize>) -> Result<Vec<Returned>, Errors> {
        let returning = &self.update.returning;
        let owners: HashSet<usize> = returning.iter().filter_map(|returned| self.owner(&returned.column)).collect();
        let giving = match owners.len() {
            0 => self.written().next(),
            1 => owners.into_iter().next().filter(|owner| self.written().any(|level| level == *owner)),
            _ => None,
        };
        let are_old = !returning.is_empty() && returning.iter().all(|returned| returned.at == Moment::Old);
        match giving {
            Some(giving) if level == Some(giving) => Ok(returning.clone()),
            Some(_) => Ok(Vec::new()),
            None if are_old => Ok(if level.is_none() { returning.clone() } else { Vec::new() }),
            None => {
                let reason =
                    "new values come from one table that is set; return columns of that alone, or old ones alone";
                Err(refuse("`returning`", reason).into())
            }
        }
    }

    /// An update of the table of a level, with some of the assignments, and the incoming columns that it reads.
    pub(super) fn part(
        &self,
        level: usize,
        set: Vec<usize>,
        update: Update<'u>,
        beside: Vec<Beside>,
    ) -> Result<Part<'u>, Errors> {
        let does = Does::Update;
        let assignments = set.iter().filter_map(|index| self.update.set.get(*index)).cloned().collect();
        let mut update = Update { set: assignments, schema: None, ..update };
        let Some((chain, own)) = self.chain.and_then(|chain| Some((chain, chain.levels().get(level)?))) else {
            keep_read(&mut update)?;
            return Ok(Part { schema: None, update, own: None, beside, does, places: set });
        };
        update.table = if level == 0 { update.table } else { own.table.name().clone() };
        keep_read(&mut update)?;
        if update.set.len() < self.update.set.len() {
            update.policy.disjoint.retain(|name| update.set.iter().any(|set| set.column == *name));
        }
        let is_taken = |name: &&Ident| {
            level > 0 && own.key.contains(name) && !chain.key(0).contains(name) && self.owner(name).is_some()
        };
        let named: Vec<&Ident> = names(&update).chain(update.set.iter().flat_map(|set| set.value.inputs())).collect();
        if let Some(name) = named.into_iter().find(is_taken) {
            let (column, table) = (name.to_string(), own.table.name().to_string());
            return Err(ErrorKind::ChainColumn { column, table }.at(Place::Table).into());
        }
        chain.at_level(&mut update, level)?;
        let is_own = |name: &&Ident| own.key.contains(name) || self.owner(name) == Some(level);
        let own = own.table.columns().iter().map(crate::ir::Column::name).filter(is_own).cloned();
        let own = Some(own.collect());
        let schema = self.update.schema.map(|schema| chain.unite(schema, level)).transpose()?;
        Ok(Part { schema, update, own, beside, does, places: set })
    }
}

/// Several links may be by one column.
fn each_once(columns: &[Ident]) -> Vec<Ident> {
    let mut found: Vec<Ident> = Vec::with_capacity(columns.len());
    for column in columns {
        if !found.contains(column) {
            found.push(column.clone());
        }
    }
    found
}

/// Whether an index can have columns of these types on every engine.
fn are_indexed(columns: &[Ident], table: Option<&Table>) -> bool {
    let is_short = |name: &Ident| match table.and_then(|table| table.find(name)).map(crate::ir::Column::ty) {
        Some(Type::Text { max: Some(max) }) => *max <= 100,
        Some(Type::Char { length }) => *length <= 100,
        Some(Type::Uuid | Type::Enum { .. }) => true,
        Some(ty) => is_exact(ty),
        None => false,
    };
    !columns.is_empty() && columns.iter().all(is_short)
}
