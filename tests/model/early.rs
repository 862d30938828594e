//! Errors of engines that compute before they look for the rows of the keys: none has to happen, any may.
//!
//! What reads only incoming values is a constant to an engine, which may compute it once for a statement: PostgreSQL
//! fails by `new.version + 1` though no row is written, MariaDB by the default of a column that has none. What reads
//! the old row is computed for rows that are written, and for those that are compared or filtered.

use setwise::{Assignment, Cell, Cells, Column, Expr, Ident, Keyed, Value};

use super::ModelError;
use super::apply::{Incoming, Run};
use super::cells::{self, Effective};
use super::eval::{Scope, UNDECIDED, reads_input, reads_old_row};

impl Run<'_> {
    /// Whether an engine that computes with incoming values, a key in place of its column among them, before it looks
    /// for their row may fail.
    pub(super) fn fails_early(
        &self,
        keyed: &Keyed<'_>,
        cells: &Cells<'_>,
        row: &[Cell<'_>],
        columns: &[usize],
    ) -> bool {
        let incoming = |column: &Column| match cells.position(column.name()).map(|at| &row[at]) {
            Some(Cell::Value(value)) if keyed.key.contains(column.name()) => value.clone().into_owned(),
            _ => Value::Null,
        };
        let keys: Vec<Value<'static>> = self.table().columns().iter().map(incoming).collect();
        let scope = Scope { table: self.table(), old: Some(&keys), input: Some((cells, row)), now: self.now };
        let Some(set) = self.effective(scope.input) else { return false };
        let mut stored = set.iter().zip(columns).filter_map(|(effective, at)| match effective.set() {
            Some(value) if reads_old_row(value) => None,
            _ => self.stored(effective, &self.table().columns()[*at], scope),
        });
        let filter = self.update.guard().filter.as_ref().map(|filter| cells::substitute(filter, cells, row));
        let mut all = set.iter().filter_map(Effective::set).chain(&filter);
        stored.any(|stored| stored.is_err()) || all.any(|expr| fails_without_old_row(expr, &scope, &keyed.key))
    }

    /// Adds that an engine may fail that tests or compares a row of the table before it looks for its key.
    pub(super) fn test_early(&self, old: &[Value<'static>], columns: &[usize], error: &mut ModelError) {
        let scope = self.scope(old, None, self.now);
        let guard = self.update.guard();
        let mut tested = guard.filter.iter().flat_map(conjuncts).filter(|part| !reads_input(part));
        let mut set = self.update.assignments().iter().zip(columns);
        let mut fails_compared = |(set, at): (&Assignment<'_>, &usize)| {
            let is_compared = guard.only_changed && guard.compares(&set.column) && !reads_input(&set.value);
            let stored = || self.stored(&Effective::Set(set.value.clone()), &self.table().columns()[*at], scope);
            is_compared && stored().is_some_and(|stored| stored.is_err())
        };
        if tested.any(|part| scope.holds(part).is_err()) || set.any(&mut fails_compared) {
            error.add(UNDECIDED);
        }
    }
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
