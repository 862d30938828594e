//! Checks the incoming cells, and finds out what each column holds.

use std::mem::{Discriminant, discriminant};
use std::ops::RangeInclusive;

use super::CheckedColumn;
use super::differ::Readers;
use super::rows::{check_column, kind_of_type, same_value, type_of};
use super::value::check_value;
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Cell, ColumnCells, Type, Value};

/// Checks every cell. Says whether all are values.
pub(super) fn check_cells<'u>(readers: Readers<'u>, columns: &mut [CheckedColumn<'u>], errors: &mut Errors) -> bool {
    let cells = readers.cells;
    let new = |(position, column)| ColumnCheck {
        cells: cells.column(position),
        column,
        readers,
        first: None,
        passed: Passed::None,
        are_values: true,
    };
    let mut checks: Vec<ColumnCheck<'_, 'u>> = columns.iter_mut().enumerate().map(new).collect();
    for (row, column, kind) in in_row_order(checks.iter_mut()) {
        errors.push(kind.at(Place::Cell { row, column }));
    }
    let are_values = checks.iter().all(|check| check.are_values);
    for (position, column) in columns.iter().enumerate().filter(|(_, column)| column.declared.is_none()) {
        // a wide unsigned value behind a negative one leaves no type that holds both
        if let Some(ty @ Type::UInt { .. }) = column.ty.as_deref() {
            check_column(cells, position, column.name, ty, true, errors);
        }
    }
    are_values
}

/// What columns find, each in the order of its rows, in the order of all rows: the row, the column, and what was found.
pub(crate) fn in_row_order<T>(
    columns: impl IntoIterator<Item = impl Iterator<Item = (usize, T)>>,
) -> impl Iterator<Item = (usize, usize, T)> {
    let mut columns: Vec<_> = columns.into_iter().map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let rows = columns.iter_mut().enumerate().filter_map(|(position, found)| Some((found.peek()?.0, position)));
        let (_, position) = rows.min()?;
        let (row, found) = columns.get_mut(position)?.next()?;
        Some((row, position, found))
    })
}

/// The check of a column, row after row, which finds what is wrong.
struct ColumnCheck<'c, 'u> {
    /// Those that are not checked yet.
    cells: ColumnCells<'u, 'u>,
    column: &'c mut CheckedColumn<'u>,
    readers: Readers<'u>,
    first: Option<&'u Value<'u>>,
    passed: Passed<'u>,
    are_values: bool,
}

/// The values of a column that are right, and of which there is nothing more to find out.
#[derive(Debug)]
enum Passed<'u> {
    None,
    /// All of a kind.
    Kind(Discriminant<Value<'u>>),
    /// Decimals.
    Decimals,
    /// Integers of a range.
    Ints(RangeInclusive<i64>),
    /// Texts of so many bytes at most, and so of as many characters.
    Texts(usize),
    /// Decimals of so many digits behind the point, and so many before it at most.
    Digits {
        scale: usize,
        whole: usize,
    },
}

impl<'u> Iterator for ColumnCheck<'_, 'u> {
    type Item = (usize, ErrorKind);

    fn next(&mut self) -> Option<(usize, ErrorKind)> {
        loop {
            let (cells, mut longest) = (&mut self.cells, self.column.longest);
            let found = match &self.passed {
                Passed::None => cells.seek(|_| true),
                Passed::Kind(kind) => {
                    cells.seek(|cell| !matches!(cell, Cell::Value(value) if discriminant(value) == *kind))
                }
                Passed::Ints(range) => {
                    cells.seek(|cell| !matches!(cell, Cell::Value(Value::Int(int)) if range.contains(int)))
                }
                Passed::Texts(most) => cells.seek(|cell| {
                    let Cell::Value(Value::Text(text)) = cell else { return true };
                    longest = longest.max(text.len());
                    text.len() > *most
                }),
                Passed::Decimals => cells.seek(|cell| {
                    let Cell::Value(Value::Decimal(decimal)) = cell else { return true };
                    longest = longest.max(decimal.as_str().len());
                    false
                }),
                Passed::Digits { scale, whole } => cells.seek(|cell| {
                    let Cell::Value(Value::Decimal(decimal)) = cell else { return true };
                    longest = longest.max(decimal.as_str().len());
                    let before = decimal.as_str().len().wrapping_sub(scale + 1);
                    before > *whole || decimal.as_str().as_bytes().get(before) != Some(&b'.')
                }),
            };
            self.column.longest = longest;
            let (row, cell) = found?;
            let checked = match cell {
                Cell::Value(value) => self.check_value(value),
                cell => {
                    (self.are_values, self.column.constant) = (false, false);
                    let row_cells = u32::try_from(row).ok().and_then(|row| self.readers.cells.row(row));
                    self.readers.check_cell(row_cells.unwrap_or_default(), self.column.name, cell)
                }
            };
            if let Err(kind) = checked {
                return Some((row, kind));
            }
        }
    }
}

impl<'u> ColumnCheck<'_, 'u> {
    /// Checks a value against the declared type, or against the kind of the values before it.
    fn check_value(&mut self, value: &'u Value<'u>) -> Result<(), ErrorKind> {
        let Self { column, first, passed, .. } = self;
        match first {
            None => *first = Some(value),
            Some(first) => column.constant = column.constant && same_value(first, value),
        }
        column.has_null |= value.is_null();
        column.longest = column.longest.max(match value {
            Value::Text(text) => text.len(),
            Value::Decimal(decimal) => decimal.as_str().len(),
            _ => 0,
        });
        if let Some(declared) = column.declared {
            check_value(value, declared.ty(), column.takes_null, column.name)?;
            if !column.constant {
                *passed = Passed::of(declared.ty(), value);
            }
            return Ok(());
        }
        if value.is_null() {
            return Ok(());
        }
        let found = type_of(value);
        *passed = Passed::None;
        match column.ty.as_deref() {
            None => column.ty = Some(found),
            Some(known) if *known == *found => {
                if !column.constant {
                    *passed = Passed::of_kind(value);
                }
            }
            Some(Type::Int { .. }) if matches!(value, Value::UInt(_)) => column.ty = Some(found),
            Some(Type::UInt { .. }) if matches!(value, Value::Int(_)) => {}
            Some(Type::Decimal { .. }) if matches!(value, Value::Int(_) | Value::UInt(_)) => {}
            Some(Type::Int { .. } | Type::UInt { .. }) if matches!(value, Value::Decimal(_)) => {
                column.ty = Some(found);
            }
            Some(known) => {
                let first = first.map_or("other", Value::kind);
                let first = if first == "null" { kind_of_type(known) } else { first };
                return Err(ErrorKind::MixedTypes { column: column.name.to_string(), first, second: value.kind() });
            }
        }
        Ok(())
    }
}

impl<'u> Passed<'u> {
    /// What a column holds besides a value of its type, where nothing is declared.
    fn of_kind(value: &Value<'u>) -> Self {
        match value {
            Value::Text(_) => Self::Texts(usize::MAX),
            Value::Decimal(_) => Self::Decimals,
            // others of the kind may be of another type
            Value::UInt(_) | Value::Array(_) => Self::None,
            _ => Self::Kind(discriminant(value)),
        }
    }

    /// What a column of a declared type holds besides a value that it holds.
    fn of(ty: &Type, value: &Value<'u>) -> Self {
        let size = |size: u32| usize::try_from(size).unwrap_or(0);
        match ty {
            Type::Int { .. } | Type::UInt { .. } => ty.integer_range().map_or(Self::None, |(least, most)| {
                Self::Ints(i64::try_from(least).unwrap_or(i64::MIN)..=i64::try_from(most).unwrap_or(i64::MAX))
            }),
            Type::Decimal { precision: Some(precision), scale } => {
                let scale = size(scale.unwrap_or(0));
                Self::Digits { scale, whole: size(*precision).saturating_sub(scale) }
            }
            Type::Text { max: Some(most) } | Type::Char { length: most } => Self::Texts(size(*most)),
            Type::Bool
            | Type::Float64
            | Type::Decimal { precision: None, .. }
            | Type::Text { max: None }
            | Type::Named(_)
            | Type::Bytes { max: None }
            | Type::Date
            | Type::Time { digits: 6 }
            | Type::Timestamp { digits: 6 }
            | Type::TimestampTz { digits: 6 }
            | Type::Interval
            | Type::Uuid
            | Type::Json
            | Type::Jsonb
                if !matches!(value, Value::Null | Value::Int(_) | Value::UInt(_)) =>
            {
                Self::of_kind(value)
            }
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Update, Value};

    #[test]
    fn kinds_are_looked_at_again_when_the_type_has_changed() {
        let rows = [Value::Int(1), Value::Int(2), Value::UInt(u64::MAX), Value::Int(3), Value::Int(-5)];
        let rows = rows.into_iter().zip(0..).map(|(views, id)| [Value::Int(id), views]);
        let update = Update::table("posts").key(["id"]).rows(["id", "views"], rows).build().unwrap();
        let errors = crate::check::check(&update).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors}");
        assert_eq!(
            errors.iter().next().and_then(|error| error.place()),
            Some(&crate::Place::Cell { row: 4, column: 1 })
        );
    }
}
