//! Whether there is room for the values of a unique column that leave their place on the way to another.

use bigdecimal::{BigDecimal, ToPrimitive};
use setwise::{Cell, Column, Expr, Input, Rows, Type, Update, Value};

use super::datum::Datum;
use super::store::{Source, store};
use super::{Effect, TableData};

/// Whether an engine may fail although the table would be right: new values pass through places above all others, which
/// the column must hold.
pub fn lacks_room(update: &Update<'_>, before: &TableData, after: &Effect) -> bool {
    let uniques = before.table.uniques().iter().map(setwise::Unique::columns).chain([before.table.key()]);
    let is_set = |column: &setwise::Ident| update.assignments().iter().any(|set| set.column == *column);
    let mut columns = uniques.filter(|unique| unique.iter().any(is_set)).flatten();
    columns.any(|name| {
        let at = before.table.columns().iter().position(|column| column.name() == name).expect("its own column");
        lacks_room_in(&before.table.columns()[at], at, update, before, after)
    })
}

fn lacks_room_in(column: &Column, at: usize, update: &Update<'_>, before: &TableData, after: &Effect) -> bool {
    let number = |value: &Value<'_>| match Datum::read(value, column.ty()) {
        Datum::Int(v) => Some(BigDecimal::from(v)),
        Datum::Decimal(v) => Some(v),
        _ => None,
    };
    let old = before.rows.iter().filter_map(|row| number(&row[at]));
    let mut new: Vec<BigDecimal> = after.written.iter().filter_map(|(_, row)| number(&row[at])).collect();
    // what comes in counts whether its key is there or not
    let set = update.assignments().iter().find(|set| set.column == *column.name()).map(|set| &set.value);
    if let (Some(Expr::Input(name)), Rows::Keyed(keyed)) = (set, update.rows())
        && let Input::Cells(cells) = &keyed.input
        && let Some(at) = cells.position(name)
    {
        let given = cells.rows().filter_map(|row| match &row[at] {
            Cell::Value(value) => number(value),
            _ => None,
        });
        new.extend(given);
    }
    let (Some(least), Some(most)) = (new.iter().min().cloned(), new.iter().max().cloned()) else { return false };
    let high = old.max().map_or(most.clone(), |old| old.max(most.clone()));
    let shift: BigDecimal = high - least + 1;
    let parked = most + &shift;
    let is_beyond = match column.ty() {
        Type::Decimal { .. } => store(Datum::Decimal(parked), column, Source::Computed).is_err(),
        _ => parked.to_i128().is_none_or(|parked| store(Datum::Int(parked), column, Source::Computed).is_err()),
    };
    is_beyond || shift > i64::MAX
}
