//! Rows that are selected from a table: each operand is compared with the column in its place, row by row.

use setwise::{Expr, Selection, Table, TableName, Value};

use super::compare::equal;
use super::datum::Datum;
use super::eval::{Scope, and, reads_input, truth, undecided};
use super::{Class, TableData};

/// All tables, as they are before the update.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'t> {
    pub target: &'t TableData,
    pub others: &'t [TableData],
}

impl<'t> Tables<'t> {
    /// The table of a name; a bare name also finds one in a schema.
    pub fn find(self, name: &TableName) -> Option<&'t TableData> {
        let mut all = self.others.iter().chain([self.target]);
        let is_it = |table: &Table| {
            let own = table.name();
            own == name || name.schema().is_none() && own.name() == name.name()
        };
        all.find(|data| is_it(&data.table))
    }
}

impl Scope<'_> {
    /// Whether the operands are one of the selected rows; NULL where none is, but one would be for a NULL.
    pub(super) fn is_in_rows(&self, operands: &[Expr<'_>], rows: &Selection<'_>) -> Result<Datum, Class> {
        if operands.contains(&Expr::Value(Value::Null)) {
            return Err(Class::Refused("compares-null"));
        }
        let selected = self.select(rows)?;
        // where no row is selected, an engine need not compute what it would compare
        let values: Result<Vec<Datum>, Class> = operands.iter().map(|operand| self.eval(operand)).collect();
        let values = values.map_err(undecided)?;
        let mut found = Some(false);
        for row in &selected {
            let mut same = Some(true);
            for (value, other) in values.iter().zip(row) {
                same = and(same, equal(value, other)?);
            }
            found = match (found, same) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (None, _) | (_, None) => None,
                _ => Some(false),
            };
        }
        Ok(truth(found))
    }

    /// The columns of the rows for which the condition is true.
    fn select(&self, rows: &Selection<'_>) -> Result<Vec<Vec<Datum>>, Class> {
        let data = self.tables.find(rows.table()).ok_or(Class::Refused("unknown-table"))?;
        if rows.condition().is_some_and(reads_input) {
            return Err(Class::Refused("input-in-selection"));
        }
        let mut selected = Vec::new();
        for row in &data.rows {
            let scope = Scope { table: &data.table, old: Some(row), input: None, ..*self };
            // whether a row is looked at, and when, is the engine's choice
            let holds = rows.condition().map_or(Ok(Some(true)), |filter| scope.holds(filter)).map_err(undecided)?;
            if holds == Some(true) {
                let columns = rows.columns().map(|name| scope.eval(&Expr::Column(name.clone())));
                selected.push(columns.collect::<Result<_, _>>()?);
            }
        }
        Ok(selected)
    }
}

/// Whether an expression selects rows.
pub fn selects(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::InRows { .. }) || expr.operands().into_iter().any(selects)
}
