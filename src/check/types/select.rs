//! Rows of a table that an expression reads: their columns, compared with operands, and their condition.

use super::kind::Kind;
use super::{Typed, TypedRows, Typer, operator, type_condition};
use crate::error::ErrorKind;
use crate::ir::{Selection, Type};

impl<'u> Typer<'_, 'u> {
    /// The columns and the condition of a selection, which read its own table; none where one has an error.
    pub(super) fn select(&mut self, selection: &'u Selection<'u>) -> Option<TypedRows<'u>> {
        let Selection { table, columns, filter } = selection;
        let table = match self.scope.schema.map(|schema| schema.require(table)).transpose() {
            Ok(table) => table,
            Err(error) => {
                self.errors.push(error.kind().clone());
                return None;
            }
        };
        let scope = self.scope.of_selection(table);
        let mut typer = Typer { scope: &scope, errors: Vec::new(), cell: None };
        let columns: Vec<Typed<'u>> = columns.iter().filter_map(|column| typer.infer(column)).collect();
        let mut errors = typer.errors;
        let filter = filter.as_ref().map(|filter| type_condition(filter, &scope)).transpose();
        let filter = filter.map_err(|found| errors.extend(found)).ok();
        let is_sound = errors.is_empty();
        self.errors.append(&mut errors);
        filter.filter(|_| is_sound).map(|filter| TypedRows { table, columns, filter })
    }
}

/// The type of `(a, b) in (select c, d from t)`: each operand is compared with the column in its place.
pub(super) fn combine(typed: &mut Typed<'_>) -> Result<Kind, ErrorKind> {
    let Typed { operands, rows: Some(rows), .. } = typed else {
        return Err(ErrorKind::Internal { what: "find selected rows" });
    };
    if operands.len() != rows.columns.len() {
        let (operands, columns) = (operands.len(), rows.columns.len());
        return Err(ErrorKind::SelectedColumns { operands, columns });
    }
    if operands.iter().any(Typed::is_null) {
        return Err(ErrorKind::ComparesNull);
    }
    for pair in operands.iter_mut().zip(&mut rows.columns) {
        operator::compare_each("`in`", <[&mut Typed<'_>; 2]>::from(pair).into_iter(), true)?;
    }
    Ok(Kind::Of(Type::Bool))
}
