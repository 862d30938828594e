//! The rows that the table does not have.

use super::with_lowering;
use crate::error::{Errors, Place};
use crate::ir::{Assignment, Ident, Update};
use crate::plan::{Plan, Shape};
use crate::sql::{From, InputColumn, Select, Sql, Verb};

/// `INSERT INTO t (key, columns) SELECT key, values FROM rows` whose key the table does not have.
pub(super) fn build_insert<'u>(
    plan: &Plan<'u>,
    shape: &Shape<'u>,
    inputs: &[InputColumn<'u>],
    errors: &mut Errors,
) -> Verb<'u> {
    // conditions are on an old row, which is not there
    let Update {
        name: _,
        params: _,
        table: _,
        set,
        rows: _,
        guard: _,
        policy: _,
        returning: _,
        followers: _,
        schema: _,
    } = plan.update;
    let table = plan.update.declared();
    let keys = inputs.iter().enumerate().filter(|(_, input)| plan.key.contains(&input.position));
    let (mut columns, mut list): (Vec<&'u Ident>, Vec<Sql<'u>>) =
        keys.map(|(at, input)| (input.name, Sql::Input(at))).unzip();
    // a column that is left out takes its default
    let given = set.iter().enumerate().filter(|(_, set)| !shape.form.is_default(&set.value));
    with_lowering(plan, shape, inputs, |lowering| {
        for (index, Assignment { column, value }) in given {
            match lowering.lower_assignment(value, column, table.and_then(|table| table.find(column))) {
                Ok(value) => {
                    columns.push(column);
                    list.push(value);
                }
                Err(kind) => errors.push(kind.at(Place::Assignment(index))),
            }
        }
    });
    Verb::Insert { columns, select: Select::new(list, From::AbsentRows) }
}
