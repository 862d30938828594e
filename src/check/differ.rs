//! Rows that differ: their cells keep columns, ask for defaults or compute values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::encode::{encode, encode_expression};
use super::form::{Form, Said, Says, Template, nodes};
use super::key::row_index;
use super::types::{self, Scope};
use super::value;
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Assignment, Binary, Cell, Cells, Expr, Func, Guard, Ident, Param, Schema, Table, Type, Value};

/// What reads the incoming cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Readers<'u> {
    pub params: &'u [Param<'u>],
    pub schema: Option<&'u Schema>,
    pub set: &'u [Assignment<'u>],
    pub guard: &'u Guard<'u>,
    pub key: &'u [Ident],
    pub table: Option<&'u Table>,
    pub cells: &'u Cells<'u>,
}

impl<'u> Readers<'u> {
    /// The assignments that read an incoming column.
    fn of<'n>(self, name: &'n Ident) -> impl Iterator<Item = &'u Assignment<'u>> + use<'n, 'u> {
        self.set.iter().filter(move |set| set.value.inputs().any(|input| input == name))
    }

    /// What cannot do without a value of a column, or with less than an expression.
    fn needs_value(self, name: &Ident, cell: &Cell<'_>) -> Option<String> {
        let is_filtered = || self.guard.filter.iter().flat_map(Expr::inputs).any(|input| input == name);
        let is_bare = |set: &&Assignment<'u>| matches!(set.value, Expr::Input(_));
        match cell {
            _ if self.key.contains(name) => Some("the key".to_owned()),
            _ if self.guard.version.as_ref() == Some(name) => Some("the version".to_owned()),
            Cell::Keep | Cell::Default if is_filtered() => Some("the filter".to_owned()),
            Cell::Default => {
                let larger = self.of(name).find(|set| !is_bare(set));
                larger.map(|set| format!("the expression that `{}` is set to", set.column))
            }
            _ => None,
        }
    }

    /// Checks a cell that is not a value.
    pub(super) fn check_cell(self, row: &[Cell<'u>], name: &Ident, cell: &'u Cell<'u>) -> Result<(), ErrorKind> {
        if let Some(reader) = self.needs_value(name, cell) {
            return Err(ErrorKind::NeedsValue { reader, column: name.to_string(), found: found_in(cell) });
        }
        match cell {
            Cell::Value(_) | Cell::Keep => Ok(()),
            Cell::Default => self.of(name).try_for_each(|set| self.check_default(set)),
            Cell::Expr(expr) => {
                expr.inputs().try_for_each(|input| self.check_input(row, name, input))?;
                self.check_bare(row, name, expr)
            }
        }
    }

    /// An enum that takes no NULL has its first label for a default on some engines, and none on others.
    fn check_default(self, set: &Assignment<'_>) -> Result<(), ErrorKind> {
        let declared = self.table.and_then(|table| table.find(&set.column));
        match declared {
            Some(column)
                if matches!(column.ty(), Type::Enum { .. }) && !column.is_nullable() && column.default().is_none() =>
            {
                let reason = "it takes no NULL and the schema declares no default for it".to_owned();
                Err(ErrorKind::NoDefault { column: set.column.to_string(), reason })
            }
            _ => Ok(()),
        }
    }

    /// What the expression in a cell reads of its row is a value.
    fn check_input(self, row: &[Cell<'u>], name: &Ident, input: &Ident) -> Result<(), ErrorKind> {
        let Some(position) = self.cells.position(input) else { return Ok(()) };
        match row.get(position) {
            None | Some(Cell::Value(_)) => Ok(()),
            Some(other) => {
                let (reader, column) = (format!("the cell of `{name}`"), input.to_string());
                Err(ErrorKind::NeedsValue { reader, column, found: found_in(other) })
            }
        }
    }

    /// What a cell's expression gives without computing is checked as a value.
    fn check_bare(self, row: &[Cell<'u>], name: &Ident, expr: &Expr<'u>) -> Result<(), ErrorKind> {
        let given = match expr {
            Expr::Value(value) => value,
            Expr::Input(input) => match self.cells.position(input).and_then(|position| row.get(position)) {
                Some(Cell::Value(value)) => value,
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        let bare = self.of(name).filter(|set| matches!(set.value, Expr::Input(_)));
        let declared = bare.filter_map(|set| self.table.and_then(|table| table.find(&set.column)));
        for column in declared {
            if matches!(expr, Expr::Input(_)) || !super::adapts_to_float(given, column.ty()) {
                value::check_value(given, column.ty(), column.is_nullable(), column.name())?;
            }
        }
        Ok(())
    }
}

fn found_in(cell: &Cell<'_>) -> &'static str {
    match cell {
        Cell::Keep => "leaves it as it is",
        Cell::Default => "asks for its default",
        Cell::Value(_) => "gives one",
        Cell::Expr(_) => "computes it",
    }
}

/// The number of the first template, above those of the other kinds of cells.
const FIRST_TEMPLATE: u32 = 3;

/// Finds the forms of rows that differ, each with its rows in ascending order of keys.
#[derive(Debug)]
pub(super) struct Sorter<'u> {
    readers: Readers<'u>,
    scope: Scope<'u>,
    /// For each structure of a column's expressions, the constants that may differ; none where it is wrong.
    structures: HashMap<(usize, Vec<u8>), Option<Vec<usize>>>,
    /// The number of each template, which is one for expressions that differ in such constants only.
    templates: HashMap<(usize, Vec<u8>), u32>,
    /// The constants that may differ, of each template.
    open: Vec<Vec<usize>>,
    /// Assignments that were typed with the templates that they read.
    typed: HashMap<(usize, Vec<u32>), ()>,
}

impl<'u> Sorter<'u> {
    pub(super) fn new(readers: Readers<'u>, scope: Scope<'u>) -> Self {
        let (structures, templates) = (HashMap::new(), HashMap::new());
        Self { readers, scope, structures, templates, open: Vec::new(), typed: HashMap::new() }
    }

    pub(super) fn sort(mut self, order: &[u32], errors: &mut Errors) -> Vec<(Form<'u>, Vec<u32>)> {
        let cells = self.readers.cells;
        let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut forms: Vec<(Form<'u>, Vec<u32>)> = Vec::new();
        for &row in order {
            let Some(row_cells) = cells.row(row) else { continue };
            let codes = self.encode_row(row, row_cells, errors);
            let at = match known.entry(codes) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    let form = self.form_of(cells.columns(), row_cells, new.key());
                    if errors.is_empty() {
                        self.type_together(&form, new.key(), row, errors);
                    }
                    forms.push((form, Vec::new()));
                    *new.insert(forms.len() - 1)
                }
            };
            if let Some((_, rows)) = forms.get_mut(at) {
                rows.push(row);
            }
        }
        forms
    }

    fn form_of(&self, columns: &'u [Ident], cells: &'u [Cell<'u>], codes: &[u32]) -> Form<'u> {
        let said = columns.iter().zip(cells).zip(codes).enumerate().filter_map(|(position, ((name, cell), code))| {
            let says = match cell {
                Cell::Value(_) => return None,
                Cell::Keep => Says::Keep,
                Cell::Default => Says::Default,
                Cell::Expr(expr) => {
                    let at = usize::try_from(code.saturating_sub(FIRST_TEMPLATE)).unwrap_or(usize::MAX);
                    let open = self.open.get(at).cloned().unwrap_or_default();
                    Says::Expr(Template { id: *code, expr, open, slots: Vec::new() })
                }
            };
            Some(Said { name, position, says })
        });
        Form::new(said.collect())
    }

    /// For each column, a number that is the same for rows of one form.
    fn encode_row(&mut self, row: u32, cells: &'u [Cell<'u>], errors: &mut Errors) -> Vec<u32> {
        let codes = cells.iter().enumerate().map(|(column, cell)| match cell {
            Cell::Value(_) => 0,
            Cell::Keep => 1,
            Cell::Default => 2,
            Cell::Expr(expr) => {
                let place = Place::Cell { row: row_index(row), column };
                self.number_template(column, expr, &place, errors)
            }
        });
        codes.collect()
    }

    fn number_template(&mut self, position: usize, expr: &'u Expr<'u>, place: &Place, errors: &mut Errors) -> u32 {
        let candidates = find_candidates(expr);
        let is_candidate = |node: &Expr<'_>| candidates.iter().any(|(_, known)| std::ptr::eq(*known, node));
        let mut bytes = Vec::new();
        encode_expression(expr, &is_candidate, &mut bytes);
        let open = match self.structures.get(&(position, bytes.clone())) {
            Some(open) => open.clone(),
            None => {
                let slots = candidates.iter().map(|(slot, _)| *slot).collect();
                let open = self.find_open(position, expr, slots, place, errors);
                self.structures.insert((position, bytes.clone()), open.clone());
                open
            }
        };
        for (slot, node) in candidates {
            if let (Expr::Value(value), false) = (node, open.as_ref().is_some_and(|open| open.contains(&slot))) {
                encode(value, &mut bytes);
            }
        }
        let next = u32::try_from(self.open.len()).unwrap_or(u32::MAX).saturating_add(FIRST_TEMPLATE);
        match self.templates.entry((position, bytes)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.open.push(open.unwrap_or_default());
                *new.insert(next)
            }
        }
    }

    /// Types an expression in the place of its column. Finds which of the constants may as well be incoming values.
    fn find_open(
        &self,
        position: usize,
        expr: &'u Expr<'u>,
        slots: Vec<usize>,
        place: &Place,
        errors: &mut Errors,
    ) -> Option<Vec<usize>> {
        let name = self.readers.cells.columns().get(position)?;
        let check = |slots: Vec<usize>| self.check_types(name, Template { id: 0, expr, open: Vec::new(), slots });
        if let Err(kinds) = check(Vec::new()) {
            kinds.into_iter().for_each(|kind| errors.push(kind.at(place.clone())));
            return None;
        }
        let open: Vec<usize> = slots.into_iter().filter(|slot| check(vec![*slot]).is_ok()).collect();
        Some(if check(open.clone()).is_ok() { open } else { Vec::new() })
    }

    fn check_types(&self, name: &'u Ident, template: Template<'u>) -> Result<(), Vec<ErrorKind>> {
        let scope = Scope { templates: vec![(name, template)], ..self.scope.clone() };
        for set in self.readers.of(name) {
            type_in(set, &scope)?;
        }
        let filter = self.readers.guard.filter.iter().filter(|filter| filter.inputs().any(|input| input == name));
        filter.into_iter().try_for_each(|filter| types::type_condition(filter, &scope).map(drop))
    }

    /// Types what reads several expressions at once.
    fn type_together(&mut self, form: &Form<'u>, codes: &[u32], row: u32, errors: &mut Errors) {
        let scope = Scope { templates: form.templates(), ..self.scope.clone() };
        let cells = self.readers.cells;
        let place = Place::Row(row_index(row));
        let filter = self.readers.guard.filter.iter().map(|filter| (usize::MAX, None, filter));
        let set = self.readers.set.iter().enumerate().map(|(index, set)| (index, Some(set), &set.value));
        for (index, set, value) in set.chain(filter) {
            let read = value.inputs().filter(|name| matches!(form.of(name), Some(Says::Expr(_))));
            let mut read: Vec<usize> = read.filter_map(|name| cells.position(name)).collect();
            read.dedup();
            if read.len() < 2 || form.leaves_out(value) {
                continue;
            }
            let read = read.into_iter().filter_map(|position| codes.get(position).copied()).collect();
            if self.typed.insert((index, read), ()).is_some() {
                continue;
            }
            let checked = match set {
                Some(set) => type_in(set, &scope),
                None => types::type_condition(value, &scope).map(drop),
            };
            for kind in checked.err().into_iter().flatten() {
                errors.push(kind.at(place.clone()));
            }
        }
    }
}

fn type_in<'u>(set: &Assignment<'u>, scope: &Scope<'u>) -> Result<(), Vec<ErrorKind>> {
    let column = scope.table.and_then(|table| table.find(&set.column));
    types::type_assignment(&set.value, &set.column, column, scope).map(drop)
}

/// The constants that may be left open, by their number: the first few of those beside something that is not constant.
fn find_candidates<'e, 'u>(expr: &'e Expr<'u>) -> Vec<(usize, &'e Expr<'u>)> {
    const MOST: usize = 8;
    let mut open: Vec<&'e Expr<'u>> = Vec::new();
    for parent in expr.walk().filter(|part| computes_with_any(part)) {
        let operands = parent.operands();
        if !operands.iter().all(|operand| is_constant(operand)) {
            let constants = operands.into_iter().filter(|operand| matches!(operand, Expr::Value(_)));
            open.extend(constants.filter(|constant| **constant != Expr::Value(Value::Null)));
        }
        if open.len() >= MOST {
            break;
        }
    }
    open.truncate(MOST);
    let is_open = |node: &Expr<'_>| open.iter().any(|known| std::ptr::eq(*known, node));
    nodes(expr).enumerate().filter(|(_, node)| is_open(node)).collect()
}

/// Whether what an expression means is the same whether its operands are constants or not.
fn computes_with_any(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Binary(op, _, _) => *op != Binary::Divide,
        Expr::Call(func, _) => matches!(func, Func::Concat | Func::Coalesce | Func::Greatest | Func::Least),
        Expr::Case { .. } => true,
        _ => false,
    }
}

fn is_constant(expr: &Expr<'_>) -> bool {
    expr.walk().all(|part| !matches!(part, Expr::Column(_) | Expr::Input(_)))
}
