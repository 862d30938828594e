//! Rows that come from a table: what they are, and what is refused about them.

use setwise::{Cell, Cells, Ident, Input, Keyed, OnDuplicate, OnMissing, Rows, Selection, Type, Value};

use super::apply::Run;
use super::eval::{Scope, undecided};
use super::guard::Row;
use super::{Class, TableData};

impl Run<'_> {
    /// Whether the incoming rows come from a table.
    pub(super) fn is_from_table(&self) -> bool {
        matches!(self.update.rows(), Rows::Keyed(Keyed { input: Input::Table(_), .. }))
    }

    /// What is refused, whatever the tables hold. Gives the positions of the key columns.
    pub(super) fn check_table(
        &self,
        keyed: &Keyed<'_>,
        rows: &Selection<'_>,
        columns: &[usize],
    ) -> Result<Vec<usize>, Class> {
        if self.update.policy().on_duplicate != OnDuplicate::Error {
            return Err(Class::Refused("unordered-rows"));
        }
        let from = self.source(rows)?;
        if from.table.name() == self.table().name() {
            return Err(Class::Refused("rows-from-target"));
        }
        if rows.columns().any(|name| from.table.find(name).is_none()) {
            return Err(Class::Refused("unknown-column"));
        }
        if self.update.policy().on_missing == OnMissing::Insert {
            self.check_insert(keyed, &Cells::none())?;
        }
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
        Ok(key)
    }

    fn source(&self, rows: &Selection<'_>) -> Result<&TableData, Class> {
        self.tables().find(rows.table()).ok_or(Class::Refused("unknown-table"))
    }

    /// The rows, as if they were given.
    pub(super) fn incoming(&self, _: &Keyed<'_>, rows: &Selection<'_>) -> Result<Cells<'static>, Class> {
        let from = self.source(rows)?;
        let names: Vec<Ident> = rows.columns().cloned().collect();
        let at = |name: &Ident| from.table.columns().iter().position(|column| column.name() == name).expect("checked");
        let mut cells = Vec::new();
        for row in &from.rows {
            let scope = Scope {
                table: &from.table,
                tables: self.tables(),
                old: Some(row),
                input: None,
                now: self.now,
                params: self.update.params(),
            };
            let holds = rows.condition().map_or(Ok(Some(true)), |filter| scope.holds(filter)).map_err(undecided)?;
            if holds == Some(true) {
                cells.extend(names.iter().map(|name| Cell::Value(row[at(name)].clone())));
            }
        }
        Cells::new(names, cells).map_err(|_| Class::Refused("no-columns"))
    }

    /// Whether a row has NULL for a key.
    pub(super) fn lacks_key(keyed: &Keyed<'_>, cells: &Cells<'_>) -> bool {
        cells.rows().any(|row| Self::key_of(keyed, cells, row).iter().any(Value::is_null))
    }

    /// The key of a row.
    pub(super) fn key_of(keyed: &Keyed<'_>, cells: &Cells<'_>, row: &[Cell<'_>]) -> Row {
        let value = |name: &Ident| match cells.position(name).map(|at| &row[at]) {
            Some(Cell::Value(value)) => value.clone().into_owned(),
            _ => Value::Null,
        };
        keyed.key.iter().map(value).collect()
    }
}
