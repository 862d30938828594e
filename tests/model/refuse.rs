//! What is refused before any SQL, whatever the table holds.

use std::collections::BTreeSet;

use setwise::{Assignment, Cell, Cells, Column, Expr, Func, Keyed, Rows, Type, Value};

use super::apply::{Run, source};
use super::datum::Datum;
use super::eval::{Scope, reads_input, reads_old_row};
use super::select::selects;
use super::store::{Source, store};
use super::{Class, cells};

impl Run<'_> {
    /// What is refused whatever the table holds; else the position of each assigned column.
    pub(super) fn check(&self) -> Result<Vec<usize>, Class> {
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
        let is_constant =
            !reads_old_row(expr) && !reads_input(expr) && !reads_clock(expr) && !reads_param(expr) && !selects(expr);
        if is_constant {
            let (table, tables, params) = (self.table(), self.tables(), self.update.params());
            let scope = Scope { table, tables, old: None, input: None, now: self.now, params };
            return match scope.eval(expr) {
                Err(Class::OutOfRange) => Err(Class::Refused("out-of-range")),
                Err(refused @ Class::Refused(_)) => Err(refused),
                _ => Ok(()),
            };
        }
        let condition = match expr {
            Expr::InRows { rows, .. } => rows.condition(),
            _ => None,
        };
        expr.operands().into_iter().chain(condition).try_for_each(|operand| self.check_constants(operand))
    }

    /// Incoming values are checked whether their key exists or not. Gives the positions of the key columns.
    pub(super) fn check_cells(
        &self,
        keyed: &Keyed<'_>,
        cells: &Cells<'_>,
        columns: &[usize],
    ) -> Result<Vec<usize>, Class> {
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
            let scope = Scope {
                table: self.table(),
                tables: self.tables(),
                old: None,
                input: Some((cells, row)),
                now: self.now,
                params: self.update.params(),
            };
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

    /// What is refused because an incoming row may become a row of the table.
    pub(super) fn check_insert(&self, keyed: &Keyed<'_>, cells: &Cells<'_>) -> Result<(), Class> {
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
        let is_given = |(at, column): (usize, &Column)| {
            let is_set = self.update.assignments().iter().any(|set| set.column == *column.name());
            is_set || keyed.key.contains(column.name()) || self.shared.contains(&at) || may_be_left_out(column)
        };
        match self.table().columns().iter().enumerate().all(is_given) {
            true => Ok(()),
            false => Err(Class::Refused("insert-lacks-column")),
        }
    }
}

/// Whether a new row may say nothing of a column.
pub(super) fn may_be_left_out(column: &Column) -> bool {
    column.is_nullable() || column.default().is_some() || column.is_generated()
}

fn reads_param(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Param(_)) || expr.operands().into_iter().any(reads_param)
}

fn reads_clock(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Call(Func::Now | Func::CurrentDate, _)) || expr.operands().into_iter().any(reads_clock)
}
