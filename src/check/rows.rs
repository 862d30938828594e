//! Checks the incoming rows, cell by cell, and finds out what each column holds.

use std::borrow::Cow;
use std::collections::HashSet;

use super::differ::{Readers, Sorter};
use super::types::Scope;
use super::{CheckedColumn, CheckedRows, cells, key, value};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Cell, Cells, Column, Expr, Ident, OnDuplicate, Table, Type, Value};

/// Checks the rows of a keyed update; none where the errors leave nothing to plan with.
pub(super) fn check_rows<'u>(
    readers: Readers<'u>,
    on_duplicate: OnDuplicate,
    errors: &mut Errors,
) -> Option<CheckedRows<'u>> {
    let Readers { params, schema, set, guard: _, key, table, cells } = readers;
    let before = errors.len();
    let mut columns = describe_columns(set, table, cells.columns(), errors);
    let key = find_key(key, cells.columns(), errors);
    if u32::try_from(cells.len()).is_err() {
        errors.push(ErrorKind::TooManyRows { rows: cells.len(), most: u32::MAX }.at(Place::Table));
    }
    if errors.len() > before {
        return None;
    }
    let are_values = cells::check_cells(readers, &mut columns, errors);
    let is_sound = are_values || errors.len() == before;
    let before = errors.len();
    key::check_key_values(cells, &columns, &key, errors);
    if errors.len() > before || !is_sound {
        return None;
    }
    let order = key::sort_rows(cells, &key, on_duplicate, errors);
    let mut forms = Vec::new();
    if !are_values {
        let inputs = columns.iter().map(|column| (column.name, column.ty.clone())).collect();
        let scope = Scope { table, inputs, params, schema, ..Scope::default() };
        forms = Sorter::new(readers, scope).sort(&order, errors);
    }
    let mut rows = CheckedRows { columns, key, order, forms };
    if rows.order.len() < cells.len() {
        rows.find_constants(cells);
    }
    Some(rows)
}

impl CheckedRows<'_> {
    /// Leaves out rows that do not count.
    pub(crate) fn retain(&mut self, cells: &Cells<'_>, counts: impl Fn(u32) -> bool) {
        self.order.retain(|row| counts(*row));
        for (_, rows) in &mut self.forms {
            rows.retain(|row| counts(*row));
        }
        self.forms.retain(|(_, rows)| !rows.is_empty());
        self.find_constants(cells);
    }

    /// Finds out which columns have one value in all rows that count.
    fn find_constants(&mut self, cells: &Cells<'_>) {
        for (position, column) in self.columns.iter_mut().enumerate() {
            let mut given = self.order.iter().map(|row| cells.row(*row).and_then(|row| row.get(position)));
            let first = given.next().flatten();
            let is_first = |cell: Option<&Cell<'_>>| match (first, cell) {
                (Some(Cell::Value(first)), Some(Cell::Value(value))) => same_value(first, value),
                _ => false,
            };
            column.constant = matches!(first, Some(Cell::Value(_))) && given.all(is_first);
        }
    }
}

fn describe_columns<'u>(
    assignments: &[Assignment<'_>],
    table: Option<&'u Table>,
    names: &'u [Ident],
    errors: &mut Errors,
) -> Vec<CheckedColumn<'u>> {
    let is_plain = |set: &&Assignment<'_>| matches!(&set.value, Expr::Input(name) if *name == set.column);
    let mut plain = HashSet::new();
    if table.is_some() {
        plain.reserve(assignments.len());
        plain.extend(assignments.iter().filter(is_plain).map(|set| &set.column));
    }
    let mut columns: Vec<CheckedColumn<'u>> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|known| known == name) {
            errors.push(ErrorKind::ColumnTwice { column: name.to_string() }.at(Place::Table));
        }
        let declared = table.and_then(|table| table.find(name));
        let ty = declared.map(|declared| Cow::Borrowed(declared.ty()));
        // inside an expression a NULL may be handled; set as it is, it must be taken
        let takes_null = declared.is_none_or(Column::is_nullable) || !plain.contains(name);
        columns.push(CheckedColumn { name, ty, declared, takes_null, has_null: false, constant: true, longest: 0 });
    }
    columns
}

/// The positions of the key columns among those of the rows.
pub(super) fn find_key(key: &[Ident], columns: &[Ident], errors: &mut Errors) -> Vec<usize> {
    let mut positions = Vec::with_capacity(key.len());
    for name in key {
        // of two columns with one name, which are refused, the first
        match columns.iter().position(|column| column == name) {
            Some(position) if positions.contains(&position) => {
                errors.push(ErrorKind::ColumnTwice { column: name.to_string() }.at(Place::Table));
            }
            Some(position) => positions.push(position),
            None => errors.push(ErrorKind::KeyNotInRows { column: name.to_string() }.at(Place::Table)),
        }
    }
    positions
}

/// Checks all values of an incoming column against a type.
pub(super) fn check_column(
    cells: &Cells<'_>,
    position: usize,
    name: &Ident,
    ty: &Type,
    takes_null: bool,
    errors: &mut Errors,
) {
    for (row, row_cells) in cells.rows().enumerate() {
        let Some(Cell::Value(value)) = row_cells.get(position) else { continue };
        if let Err(kind) = value::check_value(value, ty, takes_null, name) {
            errors.push(kind.at(Place::Cell { row, column: position }));
        }
    }
}

/// Checks the values of incoming columns that are set, as they are, to columns of another name.
pub(super) fn check_assigned(
    assignments: &[Assignment<'_>],
    table: Option<&Table>,
    cells: &Cells<'_>,
    errors: &mut Errors,
) {
    for Assignment { column, value } in assignments {
        let Expr::Input(input) = value else { continue };
        let declared = table.and_then(|table| table.find(column)).filter(|_| input != column);
        let (Some(declared), Some(position)) = (declared, cells.position(input)) else { continue };
        check_column(cells, position, column, declared.ty(), declared.is_nullable(), errors);
    }
}

/// The type that holds a value where no column declares one.
pub(crate) fn type_of(value: &Value<'_>) -> Cow<'static, Type> {
    Cow::Borrowed(match value {
        Value::Null | Value::Text(_) => &Type::TEXT,
        Value::Bool(_) => &Type::Bool,
        Value::Int(_) => &Type::INT64,
        Value::UInt(v) if i64::try_from(*v).is_ok() => &Type::INT64,
        Value::UInt(_) => &Type::UInt { bits: 64 },
        Value::Float(_) => &Type::Float64,
        Value::Decimal(_) => &Type::DECIMAL,
        Value::Bytes(_) => &Type::BYTES,
        Value::Date(_) => &Type::Date,
        Value::Time(_) => &Type::TIME,
        Value::Timestamp(_) => &Type::TIMESTAMP,
        Value::TimestampTz(_) => &Type::TIMESTAMPTZ,
        Value::Interval(_) => &Type::Interval,
        Value::Uuid(_) => &Type::Uuid,
        Value::Json(_) => &Type::Json,
        Value::Array(array) => {
            let element = array.items().iter().find(|item| !item.is_null());
            let element = element.map_or(Type::TEXT, |element| type_of(element).into_owned());
            return Cow::Owned(Type::list_of(element));
        }
    })
}

pub(crate) fn kind_of_type(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::Int { .. } | Type::UInt { .. } => "integer",
        Type::Float32 | Type::Float64 => "float",
        Type::Decimal { .. } => "decimal",
        Type::Bytes { .. } => "bytes",
        Type::Date => "date",
        Type::Time { .. } => "time",
        Type::Timestamp { .. } => "timestamp",
        Type::TimestampTz { .. } => "timestamptz",
        Type::Interval => "interval",
        Type::Uuid => "uuid",
        Type::Json | Type::Jsonb => "json",
        Type::Array(_) => "array",
        _ => "text",
    }
}

/// Whether two values are the same to the bit: 0.0 and -0.0 differ, NaN is itself.
pub(crate) fn same_value(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Array(a), Value::Array(b)) => {
            a.items().len() == b.items().len() && a.items().iter().zip(b.items()).all(|(a, b)| same_value(a, b))
        }
        _ => a == b,
    }
}
