//! Which of the rows found are written: version, filter, and whether anything changes.

use setwise::{Array, Expr, Ident, Type, Value};

use super::apply::{Incoming, Run, now_for, source};
use super::cells::Effective;
use super::datum::Datum;
use super::eval::UNDECIDED;
use super::store::Source;
use super::{Class, ModelError, TableData, same};

/// What an update does.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The table afterwards.
    pub data: TableData,
    /// The tables beside it.
    pub others: Vec<TableData>,
    /// The keys of the incoming rows.
    pub keys: Vec<Row>,
    /// What became of the incoming rows, by their numbers; once for each row of the table that has the key.
    pub fates: Vec<(usize, Fate)>,
    /// The rows that were written, before and after.
    pub written: Vec<(Row, Row)>,
}

impl Effect {
    /// Whether any table is another than before.
    pub fn changes(&self, data: &TableData, others: &[TableData]) -> bool {
        self.data.rows != data.rows || self.others != others
    }
}

pub type Row = Vec<Value<'static>>;

/// What became of an incoming row. The first that holds counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// No row of the table has its key.
    Missing,
    /// The row has another version.
    Stale,
    /// The filter is not true of the row.
    Filtered,
    /// Nothing would change.
    Unchanged,
    /// The row was written.
    Updated,
}

impl Fate {
    /// The word with which a script tells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Filtered => "filtered",
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
        }
    }
}

/// Whether setting a column changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    No,
    /// The values are the same under the storage map, but may be spelled differently.
    Perhaps,
    Yes,
}

/// Whether a write of a row that stays the same is seen by anyone.
pub(super) const NEEDLESS: Class = Class::EngineDependent("a write that changes nothing but a spelling");

impl Run<'_> {
    /// Writes a row if the guards let it through. None where an error keeps that open.
    pub(super) fn visit(
        &self,
        row: &mut Row,
        input: Option<Incoming<'_>>,
        filter: Option<&Expr<'_>>,
        columns: &[usize],
        error: &mut ModelError,
    ) -> Option<Fate> {
        let guard = self.update.guard();
        let is_current = self.is_current(row, input);
        let filtered = filter
            .map_or(Ok(true), |filter| self.scope(row, input, self.now).holds(filter).map(|holds| holds == Some(true)));
        let is_let_through = is_current && filtered == Ok(true);
        let (mut after, mut failed) = (row.clone(), ModelError::default());
        // what is set beside a change is computed where there is one
        let decides = |column: &Ident| !guard.only_changed || guard.compares(column);
        if is_let_through || guard.only_changed {
            put(&mut after, self.set(row, input, columns, decides, &mut failed));
        }
        if let Err(class) = filtered {
            failed.add(class);
        }
        if !failed.classes.is_empty() {
            // a condition that is not true may keep an engine from the one that fails
            let undecided = !is_current || filtered == Ok(false) || (filtered.is_err() && guard.only_changed);
            error.add_all(failed, undecided);
            return None;
        }
        if !is_current {
            return Some(Fate::Stale);
        }
        if filtered == Ok(false) {
            return Some(Fate::Filtered);
        }
        let change = match guard.only_changed {
            true => self.change(row, &after, input, columns),
            false if self.effective(input).is_none() => Change::No,
            false => Change::Yes,
        };
        if change == Change::No {
            return Some(Fate::Unchanged);
        }
        put(&mut after, self.set(row, input, columns, |column| !decides(column), &mut failed));
        if !failed.classes.is_empty() {
            error.add_all(failed, change == Change::Perhaps);
            return None;
        }
        let is_seen = !self.update.returning().is_empty()
            || self.update.assignments().iter().any(|assignment| !guard.compares(&assignment.column));
        if change == Change::Perhaps && is_seen {
            error.add(NEEDLESS);
        }
        *row = after;
        Some(Fate::Updated)
    }

    /// Whether the row has the version that came in.
    pub(super) fn is_current(&self, row: &[Value<'_>], input: Option<Incoming<'_>>) -> bool {
        let (Some(version), Some((cells, incoming))) = (&self.update.guard().version, input) else { return true };
        let at = self.table().columns().iter().position(|column| column.name() == version).expect("a checked column");
        let given = cells.position(version).map(|at| &incoming[at]).expect("a checked column");
        match (Datum::of(&row[at]), given) {
            (Datum::Int(old), setwise::Cell::Value(value)) => matches!(Datum::of(value), Datum::Int(new) if new == old),
            _ => false,
        }
    }

    /// Whether any column that counts changes.
    fn change(&self, old: &Row, new: &Row, input: Option<Incoming<'_>>, columns: &[usize]) -> Change {
        let effective = self.effective(input).unwrap_or_default();
        let set = self.update.assignments().iter().zip(&effective).zip(columns);
        let compared = set.filter(|((assignment, _), _)| self.update.guard().compares(&assignment.column));
        let changes = compared.map(|((_, effective), at)| {
            let column = &self.table().columns()[*at];
            let (given, source) = match effective {
                Effective::LeftOut => return Change::No,
                Effective::Default => (column.default().cloned().ok_or(UNDECIDED), Source::Given),
                Effective::Set(value) => {
                    let given = self.scope(old, input, now_for(column, self.now)).eval(value);
                    (given.and_then(Datum::into_value), source(value, column.name()))
                }
            };
            if !same(&old[*at], &new[*at], column.ty()) {
                return Change::Yes;
            }
            match given {
                Ok(given) if is_spelled_alike(&old[*at], &given, column.ty(), source) => Change::No,
                _ => Change::Perhaps,
            }
        });
        changes.max().unwrap_or(Change::No)
    }
}

/// Sets columns of a row.
pub(super) fn put(row: &mut Row, set: Vec<(usize, Value<'static>)>) {
    for (at, value) in set {
        row[at] = value;
    }
}

/// Whether a value that is the same as a stored one is sure to be the same in its spelling too.
fn is_spelled_alike(old: &Value<'_>, given: &Value<'_>, ty: &Type, source: Source) -> bool {
    match (old, given, ty) {
        (Value::Decimal(old), Value::Decimal(given), Type::Decimal { precision: None, .. }) => {
            source == Source::Given && old.as_str() == given.as_str()
        }
        (old, given, Type::Decimal { precision: None, .. }) => old.is_null() && given.is_null(),
        (Value::Text(old), Value::Text(given), Type::Char { .. }) => !old.ends_with(' ') && !given.ends_with(' '),
        (Value::Json(old), Value::Json(given), _) => old.as_str() == given.as_str(),
        // the engine may compare what is computed before it is rounded
        (_, Value::Float(given), Type::Float32) => f64::from(*given as f32).to_bits() == given.to_bits(),
        (Value::Array(old), Value::Array(given), Type::Array(element)) => {
            are_spelled_alike(old, given, element, source)
        }
        _ => true,
    }
}

fn are_spelled_alike(old: &Array<'_>, given: &Array<'_>, element: &Type, source: Source) -> bool {
    let mut items = old.items().iter().zip(given.items());
    items.all(|(old, given)| is_spelled_alike(old, given, element, source))
}
