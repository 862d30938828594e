//! The update, row by row.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use setwise::{
    Assignment, Cell, Cells, Column, Expr, Func, Ident, Input, Keyed, OnDuplicate, OnMissing, Rows, Table, Timestamp,
    Type, Update, Value,
};

use super::cells::{self, Effective};
use super::datum::Datum;
use super::eval::{Scope, UNDECIDED, reads_input, reads_old_row};
use super::store::{Source, store};
use super::{Class, Effect, Fate, ModelError, TableData, calendar, room, same};

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
    let run = Run { update, data, now };
    let columns = run.check()?;
    let mut error = ModelError::default();
    let mut after = Effect { data: data.clone(), fates: Vec::new(), written: Vec::new() };
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
    pub(super) now: Timestamp,
}

/// Incoming rows with their numbers, by the texts of their keys.
type Keys<'r> = HashMap<Vec<String>, (usize, &'r [Cell<'r>])>;
pub(super) type Incoming<'r> = (&'r Cells<'r>, &'r [Cell<'r>]);

impl<'r> Run<'r> {
    pub(super) fn table(&self) -> &'r Table {
        &self.data.table
    }

    pub(super) fn scope<'s>(
        &'s self,
        old: &'s [Value<'static>],
        input: Option<Incoming<'s>>,
        now: Timestamp,
    ) -> Scope<'s> {
        Scope { table: self.table(), old: Some(old), input, now }
    }

    /// What is refused whatever the table holds; else the position of each assigned column.
    fn check(&self) -> Result<Vec<usize>, Class> {
        let mut seen = BTreeSet::new();
        let mut columns = Vec::new();
        for Assignment { column, value } in self.update.assignments() {
            let at = self.table().columns().iter().position(|known| known.name() == column);
            let at = at.ok_or(Class::Refused("unknown-column"))?;
            if self.table().columns()[at].is_generated() {
                return Err(Class::Refused("generated-column"));
            }
            if !seen.insert(column) {
                return Err(Class::Refused("set-twice"));
            }
            self.check_constants(value)?;
            if let Expr::Value(value) = value {
                store(Datum::of(value), &self.table().columns()[at], Source::Given)?;
            }
            columns.push(at);
        }
        let guard = self.update.guard();
        if guard.only_changed && !self.update.assignments().iter().any(|set| guard.compares(&set.column)) {
            return Err(Class::Refused("nothing-set"));
        }
        let version = guard.version.as_ref().and_then(|version| self.table().find(version));
        if version.is_some_and(|version| !matches!(version.ty(), Type::Int { .. } | Type::UInt { .. })) {
            return Err(Class::Refused("version-type"));
        }
        let filter = guard.filter.as_ref();
        let condition = match self.update.rows() {
            Rows::Where(condition) => Some(condition),
            _ => None,
        };
        for condition in filter.into_iter().chain(condition) {
            self.check_constants(condition)?;
        }
        Ok(columns)
    }

    /// Parts that read no column are computed beforehand, and refused where that fails.
    fn check_constants(&self, expr: &Expr<'_>) -> Result<(), Class> {
        let is_constant = !reads_old_row(expr) && !reads_input(expr) && !reads_clock(expr);
        if is_constant {
            let scope = Scope { table: self.table(), old: None, input: None, now: self.now };
            return match scope.eval(expr) {
                Err(Class::OutOfRange) => Err(Class::Refused("out-of-range")),
                Err(refused @ Class::Refused(_)) => Err(refused),
                _ => Ok(()),
            };
        }
        expr.operands().into_iter().try_for_each(|operand| self.check_constants(operand))
    }

    /// Sets the columns of a row. On an error it stays as it was.
    pub(super) fn set(
        &self,
        row: &mut Vec<Value<'static>>,
        input: Option<Incoming<'_>>,
        columns: &[usize],
        error: &mut ModelError,
    ) {
        let mut after = row.clone();
        for (effective, at) in self.effective(input).iter().flatten().zip(columns) {
            let column = &self.table().columns()[*at];
            let stored = match effective {
                Effective::LeftOut => continue,
                Effective::Default => {
                    let default = column.default().map_or(Datum::Null, Datum::of);
                    store(default, column, Source::Computed)
                }
                Effective::Set(value) => {
                    let scope = self.scope(row, input, now_for(column, self.now));
                    scope.eval(value).and_then(|datum| store(datum, column, source(value, column.name())))
                }
            };
            match stored {
                Ok(value) => after[*at] = value,
                Err(class) => error.add(class),
            }
        }
        *row = after;
    }

    /// What is set, with a row's cells in it; none where the row changes nothing.
    pub(super) fn effective<'e>(&'e self, input: Option<Incoming<'e>>) -> Option<Vec<Effective<'e>>> {
        match input {
            Some((cells, row)) => cells::resolve(self.update, cells, row),
            None => Some(self.update.assignments().iter().map(|set| Effective::Set(set.value.clone())).collect()),
        }
    }

    fn keyed(
        &self,
        keyed: &Keyed<'_>,
        columns: &[usize],
        after: &mut Effect,
        error: &mut ModelError,
    ) -> Result<(), Class> {
        let Input::Cells(cells) = &keyed.input else { return Err(Class::Refused("unsupported")) };
        let key = self.check_cells(keyed, cells, columns)?;
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
                (Entry::Occupied(_), OnDuplicate::Error) => return Err(Class::Refused("duplicate-key")),
                (Entry::Occupied(_), OnDuplicate::First) => {}
                (Entry::Occupied(mut known), OnDuplicate::Last) => drop(known.insert((index, row))),
            }
        }
        let rows = self.fold(rows, &key, error)?;
        let mut unused: BTreeSet<usize> = rows.values().map(|(index, _)| *index).collect();
        let mut missing = unused.clone();
        let filter = self.update.guard().filter.as_ref();
        for old in &mut after.data.rows {
            let values = key.iter().map(|at| {
                let column = &self.table().columns()[*at];
                fold(canonical(&old[*at], column.ty()), column)
            });
            let values = values.collect::<Result<Vec<_>, _>>()?;
            let has_null = key.iter().any(|at| old[*at].is_null());
            let Some((index, row)) = rows.get(&values).filter(|_| !has_null) else {
                // An engine may test rows of the table before it looks for their keys.
                let early = filter.into_iter().flat_map(conjuncts).filter(|part| !reads_input(part));
                for part in early {
                    if self.scope(old, None, self.now).holds(part).is_err() {
                        error.add(UNDECIDED);
                    }
                }
                self.compare_early(old, columns, error);
                continue;
            };
            missing.remove(index);
            let (before, input) = (old.clone(), Some((cells, *row)));
            if self.effective(input).is_none() {
                unused.remove(index);
                let is_current = self.is_current(old, input);
                after.fates.push((*index, if is_current { Fate::Unchanged } else { Fate::Stale }));
                continue;
            }
            let filter = filter.map(|filter| cells::substitute(filter, cells, row));
            let Some(fate) = self.visit(old, input, filter.as_ref(), columns, error) else {
                // where no condition is at fault, what is set is, and every engine gets there; a row that does not
                // change may not
                let is_let_through = |filter: &Expr<'_>| self.scope(&before, input, self.now).holds(filter).is_ok();
                if !self.update.guard().only_changed && filter.as_ref().is_none_or(is_let_through) {
                    unused.remove(index);
                }
                continue;
            };
            after.fates.push((*index, fate));
            if fate == Fate::Updated {
                unused.remove(index);
                after.written.push((before, old.clone()));
            }
        }
        after.fates.extend(missing.iter().map(|index| (*index, Fate::Missing)));
        if self.update.policy().on_missing == OnMissing::Error && !missing.is_empty() {
            error.add(Class::Missing);
        }
        if self.update.policy().on_missing == OnMissing::Insert {
            for (index, row) in cells.rows().enumerate().filter(|(index, _)| missing.contains(index)) {
                unused.remove(&index);
                after.data.rows.push(self.new_row((cells, row), columns, error)?);
            }
        }
        let mut unused = cells.rows().enumerate().filter(|(index, _)| unused.contains(index));
        if unused.any(|(_, row)| self.fails_early(keyed, cells, row, columns)) {
            error.add(UNDECIDED);
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
        self.set(&mut new, Some((cells, row)), columns, error);
        Ok(new)
    }

    /// What is refused because an incoming row may become a row of the table.
    fn check_insert(&self, keyed: &Keyed<'_>, cells: &Cells<'_>) -> Result<(), Class> {
        if self.update.guard().version.is_some() {
            return Err(Class::Refused("insert-version"));
        }
        if cells.cells().iter().any(|cell| matches!(cell, Cell::Keep)) {
            return Err(Class::Refused("insert-cell"));
        }
        let set = cells.rows().filter_map(|row| self.effective(Some((cells, row)))).flatten();
        let mut set = set.filter_map(|effective| effective.set().cloned());
        if self.update.assignments().iter().any(|set| reads_old_row(&set.value))
            || set.any(|value| reads_old_row(&value))
        {
            return Err(Class::Refused("insert-reads-old"));
        }
        let is_given = |column: &Column| {
            let is_set = self.update.assignments().iter().any(|set| set.column == *column.name());
            is_set || keyed.key.contains(column.name()) || column.is_generated()
        };
        match self.table().columns().iter().all(|c| c.is_nullable() || c.default().is_some() || is_given(c)) {
            true => Ok(()),
            false => Err(Class::Refused("insert-lacks-column")),
        }
    }

    /// The rows by their keys as the collations of the table see them, to which no two may be one.
    fn fold(&self, rows: Keys<'r>, key: &[usize], error: &mut ModelError) -> Result<Keys<'r>, Class> {
        let mut folded = HashMap::new();
        for (values, row) in rows {
            let values = values.into_iter().zip(key).map(|(value, at)| fold(value, &self.table().columns()[*at]));
            if folded.insert(values.collect::<Result<Vec<_>, _>>()?, row).is_some() {
                error.add(Class::EqualKeys);
            }
        }
        Ok(folded)
    }

    /// Whether an engine that computes with incoming values, a key in place of its column among them, before it looks
    /// for their row may fail.
    fn fails_early(&self, keyed: &Keyed<'_>, cells: &Cells<'_>, row: &[Cell<'_>], columns: &[usize]) -> bool {
        let incoming = |column: &setwise::Column| match cells.position(column.name()).map(|at| &row[at]) {
            Some(Cell::Value(value)) if keyed.key.contains(column.name()) => value.clone().into_owned(),
            _ => Value::Null,
        };
        let keys: Vec<Value<'static>> = self.table().columns().iter().map(incoming).collect();
        let scope = Scope { table: self.table(), old: Some(&keys), input: Some((cells, row)), now: self.now };
        let Some(set) = self.effective(scope.input) else { return false };
        let set: Vec<(&Expr<'_>, usize)> =
            set.iter().zip(columns).filter_map(|(e, at)| Some((e.set()?, *at))).collect();
        let stored = set.iter().any(|(value, at)| {
            let target = &self.table().columns()[*at];
            let scope = Scope { now: now_for(target, self.now), ..scope };
            let stored = || scope.eval(value).and_then(|v| store(v, target, source(value, target.name())));
            !reads_old_row(value) && stored().is_err()
        });
        let filter = self.update.guard().filter.as_ref().map(|filter| cells::substitute(filter, cells, row));
        let mut all = set.iter().map(|(value, _)| *value).chain(&filter);
        stored || all.any(|expr| fails_without_old_row(expr, &scope, &keyed.key))
    }

    /// Incoming values are checked whether their key exists or not. Gives the positions of the key columns.
    fn check_cells(&self, keyed: &Keyed<'_>, cells: &Cells<'_>, columns: &[usize]) -> Result<Vec<usize>, Class> {
        let mut key = Vec::new();
        for name in &keyed.key {
            let at = self.table().columns().iter().position(|column| column.name() == name);
            let at = at.ok_or(Class::Refused("unknown-column"))?;
            if matches!(self.table().columns()[at].ty(), Type::Float32 | Type::Float64) {
                return Err(Class::Refused("float-key"));
            }
            if columns.contains(&at) {
                return Err(Class::Refused("sets-key"));
            }
            key.push(at);
        }
        for row in cells.rows() {
            for (name, cell) in cells.columns().iter().zip(row) {
                let is_key = keyed.key.contains(name);
                match (cell, self.table().find(name)) {
                    (Cell::Value(Value::Null), _) if is_key => return Err(Class::Refused("null-key")),
                    (Cell::Value(Value::Null), _) => {}
                    (Cell::Value(value), Some(column)) => drop(store(Datum::of(value), column, Source::Given)?),
                    _ => {}
                }
            }
            cells::check(keyed, self.update.assignments(), self.update.guard(), self.table(), cells, row)?;
            for cell in row {
                if let Cell::Expr(expr) = cell {
                    self.check_constants(expr)?;
                }
            }
            let scope = Scope { table: self.table(), old: None, input: Some((cells, row)), now: self.now };
            for (effective, at) in self.effective(scope.input).iter().flatten().zip(columns) {
                let column = &self.table().columns()[*at];
                let Some(value) = effective.set() else { continue };
                if matches!(value, Expr::Value(_)) || matches!(value, Expr::Input(name) if name == column.name()) {
                    store(scope.eval(value)?, column, Source::Given)?;
                }
            }
        }
        Ok(key)
    }
}

pub(super) fn source(value: &Expr<'_>, target: &Ident) -> Source {
    match value {
        Expr::Value(_) => Source::Given,
        Expr::Input(name) if name == target => Source::Given,
        Expr::Input(_) | Expr::Column(_) => Source::Copied,
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

fn reads_clock(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Call(Func::Now | Func::CurrentDate, _)) || expr.operands().into_iter().any(reads_clock)
}

fn fails_without_old_row(expr: &Expr<'_>, scope: &Scope<'_>, key: &[Ident]) -> bool {
    if reads_besides(expr, key) {
        return expr.operands().into_iter().any(|operand| fails_without_old_row(operand, scope, key));
    }
    !matches!(expr, Expr::Input(_)) && scope.eval(expr).is_err()
}

/// Whether an expression reads a column of the old row that is not one of the key.
fn reads_besides(expr: &Expr<'_>, key: &[Ident]) -> bool {
    match expr {
        Expr::Column(name) => !key.contains(name),
        other => other.operands().into_iter().any(|operand| reads_besides(operand, key)),
    }
}

fn conjuncts<'e>(filter: &'e Expr<'e>) -> Vec<&'e Expr<'e>> {
    match filter {
        Expr::And(list) => list.iter().flat_map(conjuncts).collect(),
        other => vec![other],
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

fn is_unique(data: &TableData) -> bool {
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
