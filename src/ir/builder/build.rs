//! What ends the building of an update: what was not spelled out is added, and what was said must go together.

use std::collections::HashSet;

use super::UpdateBuilder;
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::update::check_cells;
use crate::ir::{Assignment, Cells, Column, Expr, Func, Ident, Input, Keyed, Rows, Selection, Type, Update, Value};

impl<'a> UpdateBuilder<'a> {
    /// The update.
    ///
    /// # Errors
    ///
    /// All mistakes made in building: names that are none, ragged rows, no key, no rows said, expressions that are
    /// nested too deep.
    pub fn build(mut self) -> Result<Update<'a>, Errors> {
        self.complete_set();
        self.complete_from();
        self.check_depth();
        let rows = self.take_rows();
        let Self {
            name,
            params,
            table,
            set,
            key: _,
            rows: _,
            columns: _,
            cells: _,
            from: _,
            guard,
            policy,
            returning,
            followers,
            schema,
            errors,
        } = self;
        match (table, rows) {
            (Some(table), Some(rows)) if errors.is_empty() => {
                Ok(Update { name, params, table, set, rows, guard, policy, returning, followers, schema })
            }
            _ => Err(errors),
        }
    }

    /// Which rows are updated; none where that is not said, or said in two ways.
    fn take_rows(&mut self) -> Option<Rows<'a>> {
        let (key, errors) = (std::mem::take(&mut self.key), &mut self.errors);
        if self.columns.is_some() && self.from.is_some() {
            errors.push(ErrorKind::RowsTwice.at(Place::Table));
        }
        let input = match self.columns.take() {
            Some(columns) => Some(Input::Cells(Cells { columns, cells: std::mem::take(&mut self.cells) })),
            None => self.from.take().map(Input::Table),
        };
        match (input, self.rows.take()) {
            (Some(input), None) => {
                if input.columns().next().is_none() {
                    errors.push(ErrorKind::NoColumns.at(Place::Table));
                }
                if key.is_empty() {
                    errors.push(ErrorKind::NoKey.at(Place::Table));
                }
                return Some(Rows::Keyed(Keyed { key, input }));
            }
            (Some(_), Some(_)) => errors.push(ErrorKind::RowsAndAll.at(Place::Table)),
            (None, _) if !key.is_empty() => errors.push(ErrorKind::KeyWithoutRows.at(Place::Table)),
            (None, Some(rows)) if self.guard.filter.is_none() => return Some(rows),
            (None, _) => match self.guard.filter.take() {
                Some(filter) => return Some(Rows::Where(filter)),
                None => errors.push(ErrorKind::NoRows.at(Place::Table)),
            },
        }
        None
    }

    /// Later stages recurse, so nothing that is nested too deep gets there.
    fn check_depth(&mut self) {
        let at = |expression: &Expr<'a>, place| expression.check_depth().map_err(|kind| kind.at(place));
        let set = self.set.iter().enumerate().map(|(index, set)| at(&set.value, Place::Assignment(index)));
        let filter = self.guard.filter.iter().map(|filter| at(filter, Place::Filter));
        let followers = self.followers.iter().enumerate().flat_map(|(index, follower)| {
            follower.expressions().map(move |expression| at(expression, Place::Follower(index)))
        });
        let cells = check_cells(self.columns.as_deref().unwrap_or_default(), &self.cells);
        let of_table = self.from.iter().filter_map(Selection::condition).map(|filter| at(filter, Place::Input));
        let all = set.chain(filter).chain(of_table).chain([cells]).chain(followers);
        let all: Vec<_> = all.filter_map(Result::err).collect();
        all.into_iter().for_each(|error| self.errors.push(error));
    }

    /// Adds the assignments that were not spelled out: incoming columns, the version, what is touched.
    fn complete_set(&mut self) {
        if self.set.is_empty() {
            let columns: Vec<&Ident> = match (&self.columns, &self.from) {
                (Some(columns), _) => columns.iter().collect(),
                (None, from) => from.iter().flat_map(Selection::columns).collect(),
            };
            let values = columns.into_iter().filter(|column| !self.key.contains(column));
            let values = values.filter(|column| self.guard.compares(column));
            let each = |column: &Ident| Assignment { column: column.clone(), value: Expr::Input(column.clone()) };
            self.set = values.map(each).collect();
        }
        if let Some(version) = self.guard.version.clone()
            && !self.is_set(&version)
        {
            let value = Expr::Input(version.clone()) + Expr::Value(Value::Int(1));
            self.set.push(Assignment { column: version, value });
        }
        for column in self.guard.touch.clone() {
            if !self.is_set(&column) {
                let value = Expr::Call(self.clock_of(&column), Vec::new());
                self.set.push(Assignment { column, value });
            }
        }
    }

    fn is_set(&self, column: &Ident) -> bool {
        self.set.iter().any(|set| set.column == *column)
    }

    /// What a touched column is set to: the instant, or its day.
    fn clock_of(&self, column: &Ident) -> Func {
        let found = self.schema.zip(self.table.as_ref()).and_then(|(schema, table)| schema.find_column(table, column));
        match found.map(Column::ty) {
            Some(Type::Date) => Func::CurrentDate,
            _ => Func::Now,
        }
    }

    /// Names the columns of a table that the update reads, where none are named.
    fn complete_from(&mut self) {
        if self.from.as_ref().is_none_or(|from| !from.columns.is_empty()) {
            return;
        }
        let columns = self.read_inputs().into_iter().map(Expr::Column).collect();
        if let Some(from) = &mut self.from {
            from.columns = columns;
        }
    }

    /// The columns of the incoming rows that it reads; none where every column that comes in is set.
    #[cfg(feature = "lang")]
    pub(crate) fn inputs(&self) -> Option<Vec<Ident>> {
        (!self.set.is_empty()).then(|| self.read_inputs())
    }

    /// The incoming columns that it reads, each once: the key, the others in the order of its text, the version.
    fn read_inputs(&self) -> Vec<Ident> {
        let mut read: Vec<&Ident> = self.key.iter().collect();
        let mut open: Vec<&Expr<'a>> = self.set.iter().map(|set| &set.value).chain(&self.guard.filter).rev().collect();
        while let Some(expr) = open.pop() {
            if let Expr::Input(column) = expr {
                read.push(column);
            }
            open.extend(expr.operands().into_iter().rev());
        }
        let mut known = HashSet::new();
        read.into_iter().chain(&self.guard.version).filter(|name| known.insert(*name)).cloned().collect()
    }
}
