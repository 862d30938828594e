//! Rows that are selected from a table, of which the operands are one or not.

use super::{FAIL, Lower, Lowering, missing_operand};
use crate::check::types::Typed;
use crate::error::ErrorKind;
use crate::ir::{Expr, Selection, Table, TableName, Type};
use crate::sql::{Selected, Sql};

impl<'u> Lowering<'_, 'u> {
    /// Lowers the condition on the rows of a table from which the incoming ones come.
    ///
    /// # Errors
    ///
    /// As [`lower_condition`](Self::lower_condition).
    pub(crate) fn lower_rows_filter(
        &self,
        table: &'u TableName,
        declared: Option<&'u Table>,
        filter: &'u Expr<'u>,
    ) -> Result<Sql<'u>, ErrorKind> {
        let scope = self.scope.of_selection(declared);
        Lowering { scope: &scope, of: Some(table), old: &[], ..*self }.lower_condition(filter)
    }
}

impl<'u> Lower<'_, 'u> {
    /// `(a, b) IN (SELECT c, d FROM t WHERE …)`, where each pair is compared as the IR means it.
    pub(super) fn in_rows(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let (Some(rows), Some(selection)) = (&typed.rows, typed.expr.selection()) else {
            return Err(missing_operand());
        };
        let Selection { table, columns: _, filter: _ } = selection;
        let scope = self.all.scope.of_selection(rows.table);
        let all = Lowering { scope: &scope, of: Some(table), old: &[], ..*self.all };
        let other = Lower { all: &all, ..*self };
        let is_target = table.may_be(self.all.target);
        let pairs = typed.operands.iter().zip(&rows.columns);
        let pairs = pairs.map(|(operand, column)| self.pair(operand, (&other, column), is_target));
        let (operands, columns) = pairs.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let filter = rows.filter.as_ref().map(|filter| other.lower(filter)).transpose()?;
        Ok(Sql::InRows(operands, Box::new(Selected { table, columns, filter, is_target })))
    }
}

/// A value of a table whose columns may hold values of any type: one of another type than the column's is an error.
pub(crate) fn of_type<'u>(value: Sql<'u>, ty: &Type) -> Sql<'u> {
    let types = match ty {
        Type::Bool | Type::Int { .. } | Type::UInt { .. } => "('integer', 'null')",
        Type::Float32 | Type::Float64 | Type::Decimal { .. } => "('real', 'integer', 'null')",
        Type::Bytes { .. } => "('blob', 'null')",
        _ => "('text', 'null')",
    };
    let own = Sql::infix(Sql::Call("typeof", vec![value.clone()]), "IN", Sql::word(types));
    Sql::choose(own, value, Sql::word(FAIL))
}
