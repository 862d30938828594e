//! Unique columns, and values that change places in them.

use setwise::{Binary, Cell, Column, Expr, Func, Ident, Table, Type, Unary, Value};

use super::choices::Choices;
use super::exprs::{E, call, int};
use crate::model::{TableData, same};

/// The table with unique constraints besides its key, now and then.
pub fn constrain(choices: &mut Choices<'_>, table: Table, key: &[Ident]) -> Table {
    let mut table = table;
    for _ in 0..*choices.pick(&[0, 0, 0, 1, 1, 2]) {
        let is_free = |column: &&Column| !key.contains(column.name()) && !table.key().contains(column.name());
        let whole = |column: &&Column| matches!(column.ty(), Type::Int { .. } | Type::UInt { .. });
        let simple = |column: &&Column| whole(column) || matches!(column.ty(), Type::Bool | Type::Date);
        let wholes: Vec<Ident> =
            table.columns().iter().filter(is_free).filter(whole).map(|column| column.name().clone()).collect();
        if wholes.is_empty() {
            return table;
        }
        let mut unique = vec![choices.pick(&wholes).clone()];
        if choices.chance(40) {
            let others: Vec<&Column> = table.columns().iter().filter(is_free).filter(simple).collect();
            let other = choices.pick(&others).name().clone();
            if !unique.contains(&other) {
                let place = choices.below(2);
                unique.insert(place, other);
            }
        }
        table = table.unique(unique).expect("its own columns");
    }
    table
}

/// Whether a column is one of a constraint besides the key.
pub fn is_in_unique(table: &Table, column: &Ident) -> bool {
    table.uniques().iter().any(|unique| unique.columns().contains(column))
}

/// Whether a row may stand beside others.
pub fn may_stand(table: &Table, rows: &[Vec<Value<'static>>], row: &[Value<'static>]) -> bool {
    table.uniques().iter().all(|unique| {
        let at = positions(table, unique.columns());
        let is_equal = |other: &Vec<Value<'_>>| {
            at.iter().all(|at| !row[*at].is_null() && same(&other[*at], &row[*at], table.columns()[*at].ty()))
        };
        !rows.iter().any(is_equal)
    })
}

/// What moves a whole number to another place, all of them alike.
pub fn moved(choices: &mut Choices<'_>, column: &Column) -> E {
    let own = || Box::new(E::Column(column.name().clone()));
    let step = |choices: &mut Choices<'_>| Box::new(int(1 + choices.below(4) as i64));
    match choices.below(4) {
        0 => E::Binary(Binary::Add, own(), step(choices)),
        1 => E::Binary(Binary::Subtract, own(), step(choices)),
        2 => E::Unary(Unary::Negate, own()),
        _ => call(Func::Abs, [E::Binary(Binary::Subtract, Box::new(int(100)), own())]),
    }
}

/// Lets the rows that the table has pass their values on, each to the next.
pub fn rotate(
    choices: &mut Choices<'_>,
    data: &TableData,
    key: &[Ident],
    columns: &[Ident],
    cells: &mut [Vec<Cell<'static>>],
) {
    let table = &data.table;
    let key_at = positions(table, key);
    let find = |row: &[Cell<'static>]| {
        let is_key = |old: &&Vec<Value<'static>>| {
            key_at.iter().enumerate().all(|(part, at)| match &row[part] {
                Cell::Value(value) => same(&old[*at], value, table.columns()[*at].ty()),
                _ => false,
            })
        };
        data.rows.iter().find(is_key)
    };
    for (at, name) in columns.iter().enumerate().skip(key.len()) {
        if !is_in_unique(table, name) || !choices.chance(80) {
            continue;
        }
        let own = positions(table, std::slice::from_ref(name))[0];
        let found: Vec<(usize, Value<'static>)> =
            cells.iter().enumerate().filter_map(|(row, cells)| Some((row, find(cells)?[own].clone()))).collect();
        let nexts = found.iter().cycle().skip(1 + choices.below(3));
        for ((row, _), (_, value)) in found.iter().zip(nexts) {
            cells[*row][at] = Cell::Value(value.clone());
        }
    }
}

fn positions(table: &Table, names: &[Ident]) -> Vec<usize> {
    names.iter().filter_map(|name| table.columns().iter().position(|column| column.name() == name)).collect()
}
