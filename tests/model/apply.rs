//! The update, row by row.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use setwise::{
    Cell, Cells, Column, Expr, Ident, Input, Keyed, OnDuplicate, OnMissing, Rows, Table, Timestamp, Type, Update, Value,
};

use super::cells::{self, Effective};
use super::datum::Datum;
use super::eval::{Scope, UNDECIDED};
use super::guard::put;
use super::select::Tables;
use super::store::{Source, store};
use super::{Class, Effect, Fate, ModelError, TableData, calendar, room, same, span};

/// The table after the update.
///
/// # Errors
///
/// Every reason why the update does not happen.
pub fn apply(update: &Update<'_>, data: &TableData, now: Timestamp) -> Result<TableData, ModelError> {
    effect(update, data, now).map(|effect| effect.data)
}

/// The table after the update, and what became of each row.
///
/// # Errors
///
/// Every reason why the update does not happen.
pub fn effect(update: &Update<'_>, data: &TableData, now: Timestamp) -> Result<Effect, ModelError> {
    effect_among(update, data, &[], now)
}

/// As [`effect`], where there are tables beside the updated one: some that it extends, some whose rows follow.
///
/// # Errors
///
/// Every reason why the update does not happen.
pub fn effect_among(
    update: &Update<'_>,
    data: &TableData,
    others: &[TableData],
    now: Timestamp,
) -> Result<Effect, ModelError> {
    span::effect(update, data, others, now)
}

/// What an update of one table does. Some columns, by their places, are the key by other names.
///
/// # Errors
///
/// Every reason why the update does not happen.
pub(super) fn of_one_table(
    update: &Update<'_>,
    data: &TableData,
    others: &[TableData],
    now: Timestamp,
    shared: &[usize],
) -> Result<Effect, ModelError> {
    let run = Run { update, data, others, now, shared };
    let columns = run.check()?;
    let mut error = ModelError::default();
    let (keys, fates, written) = (Vec::new(), Vec::new(), Vec::new());
    let mut after = Effect { data: data.clone(), others: others.to_vec(), keys, fates, written };
    match update.rows() {
        Rows::All | Rows::Where(_) => {
            for row in &mut after.data.rows {
                let old = row.clone();
                if run.visit(row, None, update.rows().condition(), &columns, &mut error) == Some(Fate::Updated) {
                    after.written.push((old, row.clone()));
                }
            }
        }
        Rows::Keyed(keyed) => run.keyed(keyed, &columns, &mut after, &mut error)?,
    }
    if let Some(code) = error.refusal() {
        return Err(Class::Refused(code).into());
    }
    if error.classes.is_empty() && !is_unique(&after.data) {
        error.add(Class::Unique);
    }
    if error.classes.is_empty() && room::lacks_room(update, data, &after) {
        error.add(Class::EngineDependent("no room above for what is unique"));
    }
    if error.classes.is_empty() { Ok(after) } else { Err(error) }
}

pub(super) struct Run<'r> {
    pub(super) update: &'r Update<'r>,
    pub(super) data: &'r TableData,
    pub(super) others: &'r [TableData],
    pub(super) now: Timestamp,
    /// The columns that are the key by one of its names.
    pub(super) shared: &'r [usize],
}

/// Incoming rows with their numbers, by the texts of their keys.
type Keys<'r> = HashMap<Vec<String>, (usize, &'r [Cell<'r>])>;
pub(super) type Incoming<'r> = (&'r Cells<'r>, &'r [Cell<'r>]);

impl<'r> Run<'r> {
    pub(super) fn table(&self) -> &'r Table {
        &self.data.table
    }

    /// All tables, as they are before the update.
    pub(super) fn tables(&self) -> Tables<'r> {
        Tables { target: self.data, others: self.others }
    }

    pub(super) fn scope<'s>(
        &'s self,
        old: &'s [Value<'static>],
        input: Option<Incoming<'s>>,
        now: Timestamp,
    ) -> Scope<'s> {
        let (table, params) = (self.table(), self.update.params());
        Scope { table, tables: self.tables(), old: Some(old), input, now, params }
    }

    /// What a row's columns are set to, those of them that are asked for; with every reason why one cannot be.
    pub(super) fn set(
        &self,
        old: &[Value<'static>],
        input: Option<Incoming<'_>>,
        columns: &[usize],
        is_asked_for: impl Fn(&Ident) -> bool,
        error: &mut ModelError,
    ) -> Vec<(usize, Value<'static>)> {
        let mut set = Vec::new();
        for (effective, at) in self.effective(input).iter().flatten().zip(columns) {
            let column = &self.table().columns()[*at];
            match self.stored(effective, column, self.scope(old, input, self.now)) {
                Some(stored) if is_asked_for(column.name()) => match stored {
                    Ok(value) => set.push((*at, value)),
                    Err(class) => error.add(class),
                },
                _ => {}
            }
        }
        set
    }

    /// What a column then holds; none where it is left out.
    pub(super) fn stored(
        &self,
        effective: &Effective<'_>,
        column: &Column,
        scope: Scope<'_>,
    ) -> Option<Result<Value<'static>, Class>> {
        match effective {
            Effective::LeftOut => None,
            Effective::Default => {
                let default = column.default().map_or(Datum::Null, Datum::of);
                Some(store(default, column, Source::Computed))
            }
            Effective::Set(value) => {
                let computed = Scope { now: now_for(column, self.now), ..scope }.eval(value);
                // nobody has looked at what comes from a table
                let source = match (source(value, column.name()), value) {
                    (Source::Given, Expr::Input(_)) if self.is_from_table() => Source::Copied,
                    (source, _) => source,
                };
                Some(computed.and_then(|datum| store(datum, column, source)))
            }
        }
    }

    /// What is set, with a row's cells in it; none where the row changes nothing.
    pub(super) fn effective<'e>(&'e self, input: Option<Incoming<'e>>) -> Option<Vec<Effective<'e>>> {
        match input {
            Some((cells, row)) => cells::resolve(self.update, cells, row),
            None => Some(self.update.assignments().iter().map(|set| Effective::Set(set.value.clone())).collect()),
        }
    }

    /// The filter of a row, with its cells in it. One that keeps every column is in no update: only where its outcome is
    /// told is the filter asked.
    pub(super) fn filter<'e>(&'e self, (cells, row): Incoming<'e>) -> Option<Expr<'e>> {
        let guard = self.update.guard();
        let is_asked = guard.version.is_some() || self.effective(Some((cells, row))).is_some();
        guard.filter.as_ref().filter(|_| is_asked).map(|filter| cells::substitute(filter, cells, row))
    }

    fn keyed(
        &self,
        keyed: &Keyed<'_>,
        columns: &[usize],
        after: &mut Effect,
        error: &mut ModelError,
    ) -> Result<(), Class> {
        let selected;
        let (cells, key) = match &keyed.input {
            Input::Cells(cells) => (cells, self.check_cells(keyed, cells, columns)?),
            Input::Table(rows) => {
                let key = self.check_table(keyed, rows, columns)?;
                selected = self.incoming(keyed, rows)?;
                if Self::lacks_key(keyed, &selected) {
                    error.add(Class::NullKey);
                    return Ok(());
                }
                (&selected, key)
            }
            _ => return Err(Class::Refused("unsupported")),
        };
        after.keys = cells.rows().map(|row| Self::key_of(keyed, cells, row)).collect();
        if self.update.policy().on_missing == OnMissing::Insert {
            self.check_insert(keyed, cells)?;
        }
        let mut rows = HashMap::new();
        for (index, row) in cells.rows().enumerate() {
            let values = keyed.key.iter().zip(&key).map(|(name, at)| match cells.position(name).map(|at| &row[at]) {
                Some(Cell::Value(value)) => Ok(canonical(value, self.table().columns()[*at].ty())),
                _ => Err(Class::Refused("key-missing")),
            });
            let values = values.collect::<Result<Vec<_>, _>>()?;
            match (rows.entry(values), self.update.policy().on_duplicate) {
                (Entry::Vacant(new), _) => drop(new.insert((index, row))),
                (Entry::Occupied(_), OnDuplicate::Error) if self.is_from_table() => {
                    error.add(Class::EqualKeys);
                    return Ok(());
                }
                (Entry::Occupied(_), OnDuplicate::Error) => return Err(Class::Refused("duplicate-key")),
                (Entry::Occupied(_), OnDuplicate::First) => {}
                (Entry::Occupied(mut known), OnDuplicate::Last) => drop(known.insert((index, row))),
            }
        }
        let rows = self.fold(rows, &key, error)?;
        let mut unused: BTreeSet<usize> = rows.values().map(|(index, _)| *index).collect();
        let mut missing = unused.clone();
        for old in &mut after.data.rows {
            let values = key.iter().map(|at| {
                let column = &self.table().columns()[*at];
                fold(canonical(&old[*at], column.ty()), column)
            });
            let values = values.collect::<Result<Vec<_>, _>>()?;
            let has_null = key.iter().any(|at| old[*at].is_null());
            let Some((index, row)) = rows.get(&values).filter(|_| !has_null) else {
                self.test_early(old, columns, error);
                continue;
            };
            missing.remove(index);
            let (before, input) = (old.clone(), Some((cells, *row)));
            let filter = self.filter((cells, row));
            let Some(fate) = self.visit(old, input, filter.as_ref(), columns, error) else {
                // where the condition is not at fault, what is set is, and every engine gets there
                if filter.as_ref().is_none_or(|filter| self.scope(&before, input, self.now).holds(filter).is_ok()) {
                    unused.remove(index);
                }
                continue;
            };
            after.fates.push((*index, fate));
            if fate == Fate::Updated {
                unused.remove(index);
                // a later statement of the script tests it again, as it is then
                self.test_early(old, columns, error);
                after.written.push((before, old.clone()));
            }
        }
        after.fates.extend(missing.iter().map(|index| (*index, Fate::Missing)));
        if self.update.policy().on_missing == OnMissing::Error && !missing.is_empty() {
            error.add(Class::Missing);
        }
        let is_inserted =
            |index: &usize| self.update.policy().on_missing == OnMissing::Insert && missing.contains(index);
        for (index, row) in cells.rows().enumerate() {
            let input = (cells, row);
            if is_inserted(&index) {
                after.data.rows.push(self.new_row(input, columns, error)?);
            }
            let is_computed = unused.contains(&index) && !is_inserted(&index) && self.sets_early(keyed, input, columns);
            if is_computed || (unused.contains(&index) && self.filters_early(keyed, input)) {
                error.add(UNDECIDED);
            }
        }
        Ok(())
    }

    /// The row that an incoming row becomes where the table does not have its key: the key, what is set, and defaults.
    fn new_row(
        &self,
        (cells, row): Incoming<'_>,
        columns: &[usize],
        error: &mut ModelError,
    ) -> Result<Vec<Value<'static>>, Class> {
        let mut new = Vec::new();
        for column in self.table().columns() {
            let is_key = matches!(self.update.rows(), Rows::Keyed(keyed) if keyed.key.contains(column.name()));
            new.push(match cells.position(column.name()).filter(|_| is_key).map(|at| &row[at]) {
                Some(Cell::Value(value)) => store(Datum::of(value), column, Source::Given)?,
                _ => column.default().cloned().unwrap_or(Value::Null),
            });
        }
        let set = self.set(&new, Some((cells, row)), columns, |_| true, error);
        put(&mut new, set);
        Ok(new)
    }

    /// The rows by their keys as the collations of the table see them, to which no two may be one.
    fn fold<'k>(&self, rows: Keys<'k>, key: &[usize], error: &mut ModelError) -> Result<Keys<'k>, Class> {
        let mut folded = HashMap::new();
        for (values, row) in rows {
            let values = values.into_iter().zip(key).map(|(value, at)| fold(value, &self.table().columns()[*at]));
            if folded.insert(values.collect::<Result<Vec<_>, _>>()?, row).is_some() {
                error.add(Class::EqualKeys);
            }
        }
        Ok(folded)
    }
}

pub(super) fn source(value: &Expr<'_>, target: &Ident) -> Source {
    match value {
        Expr::Value(_) => Source::Given,
        Expr::Input(name) if name == target => Source::Given,
        Expr::Input(_) | Expr::Column(_) | Expr::Param(_) => Source::Copied,
        _ => Source::Computed,
    }
}

/// The instant of the script, with the digits that a column keeps.
pub(super) fn now_for(column: &Column, now: Timestamp) -> Timestamp {
    match column.ty() {
        Type::Timestamp { digits } | Type::TimestampTz { digits } => calendar::cut(now, *digits),
        _ => now,
    }
}

/// A text that two values of a column share exactly when they are equal.
pub fn canonical(value: &Value<'_>, ty: &Type) -> String {
    match Datum::read(value, ty) {
        Datum::Decimal(v) => format!("{}", v.normalized()),
        Datum::Float(v) => format!("{:?}", v + 0.0),
        Datum::Text(v) => v,
        other => format!("{other:?}"),
    }
}

/// The text of a key as the column's collation compares it.
fn fold(text: String, column: &Column) -> Result<String, Class> {
    const FOLDING: [&str; 4] = ["folding", "utf8mb4_0900_ai_ci", "utf8mb4_general_ci", "NOCASE"];
    if !column.collation().is_some_and(|named| FOLDING.contains(&named.name().as_str())) {
        return Ok(text);
    }
    match text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && text.trim_end_matches(' ') == text {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(Class::EngineDependent("a text that collations compare in different ways")),
    }
}

pub(super) fn is_unique(data: &TableData) -> bool {
    let uniques = data.table.uniques().iter().map(setwise::Unique::columns);
    let mut keys = std::iter::once(data.table.key()).chain(uniques).filter(|key| !key.is_empty());
    keys.all(|key| has_no_equal_rows(data, key))
}

fn has_no_equal_rows(data: &TableData, key: &[Ident]) -> bool {
    let columns = data.table.columns();
    let at: Vec<usize> = key.iter().filter_map(|name| columns.iter().position(|c| c.name() == name)).collect();
    let mut seen = BTreeSet::new();
    let without_null = data.rows.iter().filter(|row| at.iter().all(|at| !row[*at].is_null()));
    without_null.map(|row| same::key_of(row, &at, columns)).all(|key| seen.insert(key))
}
