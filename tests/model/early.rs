//! Errors of engines that compute before they look for the rows of the keys: none has to happen, any may.
//!
//! What reads only incoming values is a constant to an engine, which may compute it once for a statement: PostgreSQL
//! fails by `new.version + 1` though no row is written, MariaDB by the default of a column that has none. What reads
//! the old row is computed for rows that are written, and for those that are compared or filtered.

use setwise::{Assignment, Cell, Column, Expr, Ident, Input, Keyed, Rows, Value};

use super::ModelError;
use super::apply::{Incoming, Run};
use super::cells::Effective;
use super::eval::{Scope, UNDECIDED, reads_input, reads_old_row};

impl Run<'_> {
    /// Whether what is set from incoming values, a key in place of its column among them, fails.
    pub(super) fn sets_early(&self, keyed: &Keyed<'_>, input: Incoming<'_>, columns: &[usize]) -> bool {
        let keys = self.keys(keyed, input);
        let scope = self.scope(&keys, Some(input), self.now);
        let Some(set) = self.effective(Some(input)) else { return false };
        let mut stored = set.iter().zip(columns).filter_map(|(effective, at)| match effective.set() {
            Some(value) if reads_old_row(value) => None,
            _ => self.stored(effective, &self.table().columns()[*at], scope),
        });
        let mut computed = set.iter().filter_map(Effective::set);
        stored.any(|stored| stored.is_err()) || computed.any(|expr| fails_without_old_row(expr, &scope, &keyed.key))
    }

    /// Whether the filter fails in the same way; it is one of a row that is inserted too.
    pub(super) fn filters_early(&self, keyed: &Keyed<'_>, input: Incoming<'_>) -> bool {
        let keys = self.keys(keyed, input);
        let scope = self.scope(&keys, Some(input), self.now);
        self.filter(input).is_some_and(|filter| fails_without_old_row(&filter, &scope, &keyed.key))
    }

    /// A row of which no more is known than its key.
    fn keys(&self, keyed: &Keyed<'_>, (cells, row): Incoming<'_>) -> Vec<Value<'static>> {
        let incoming = |column: &Column| match cells.position(column.name()).map(|at| &row[at]) {
            Some(Cell::Value(value)) if keyed.key.contains(column.name()) => value.clone().into_owned(),
            _ => Value::Null,
        };
        self.table().columns().iter().map(incoming).collect()
    }

    /// Adds that an engine may fail that tests or compares a row of the table before it looks for its key.
    pub(super) fn test_early(&self, old: &[Value<'static>], columns: &[usize], error: &mut ModelError) {
        let scope = self.scope(old, None, self.now);
        let guard = self.update.guard();
        let mut tested = guard.filter.iter().flat_map(conjuncts);
        let mut set = self.update.assignments().iter().zip(columns);
        let fails_stored = |value: &Expr<'_>, at: usize| {
            let stored = self.stored(&Effective::Set(value.clone()), &self.table().columns()[at], scope);
            stored.is_some_and(|stored| stored.is_err())
        };
        let mut fails_compared = |(Assignment { column, value }, at): (&Assignment<'_>, &usize)| {
            let fails = || match value {
                Expr::Input(name) => self.cells_of(name).any(|cell| !reads_input(cell) && fails_stored(cell, *at)),
                value if reads_input(value) => self.fails_without_input(value, &scope),
                value => fails_stored(value, *at),
            };
            guard.only_changed && guard.compares(column) && fails()
        };
        if tested.any(|part| self.fails_without_input(part, &scope)) || set.any(&mut fails_compared) {
            error.add(UNDECIDED);
        }
    }

    /// Whether a part fails that reads no value of an incoming row: a cell that computes from the old row is one.
    fn fails_without_input(&self, expr: &Expr<'_>, scope: &Scope<'_>) -> bool {
        match expr {
            Expr::Input(name) => self.cells_of(name).any(|cell| !reads_input(cell) && scope.eval(cell).is_err()),
            expr if reads_input(expr) => {
                expr.operands().into_iter().any(|operand| self.fails_without_input(operand, scope))
            }
            expr => scope.eval(expr).is_err(),
        }
    }

    /// What the cells of an incoming column compute.
    fn cells_of<'r>(&'r self, name: &Ident) -> impl Iterator<Item = &'r Expr<'r>> {
        let cells = if let Rows::Keyed(Keyed { input: Input::Cells(cells), .. }) = self.update.rows() {
            Some(cells)
        } else {
            None
        };
        let column = cells.and_then(|cells| Some((cells, cells.position(name)?)));
        let cells = column.into_iter().flat_map(|(cells, at)| cells.rows().map(move |row| &row[at]));
        cells.filter_map(|cell| if let Cell::Expr(value) = cell { Some(&**value) } else { None })
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
