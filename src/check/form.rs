//! Forms: what rows have in common that keep, default and compute the same columns.

use super::rows::same_value;
use crate::ir::{Assignment, Cell, Cells, Expr, Guard, Ident, Value};

/// What the cells of some rows say, where they are not all values: one form of statement serves the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Form<'u>(Vec<Said<'u>>);

/// What the rows of a form say of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said<'u> {
    /// The column.
    pub name: &'u Ident,
    /// Its position among the input's columns.
    pub position: usize,
    pub says: Says<'u>,
}

/// What is said instead of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Says<'u> {
    /// The column stays as it is.
    Keep,
    /// It takes its default.
    Default,
    /// It takes the value of an expression.
    Expr(Template<'u>),
    /// In some rows it takes a value, in others it stays as it is: a flag comes in with each row.
    Perhaps,
}

/// An expression that rows share but for some of its constants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template<'u> {
    /// Its number among the templates of all rows.
    pub id: u32,
    /// The expression of the first row.
    pub expr: &'u Expr<'u>,
    /// The constants that may come in with the rows.
    pub open: Vec<usize>,
    /// The constants that come in with the rows, counted as [`constants`] gives them.
    pub slots: Vec<usize>,
}

impl<'u> Template<'u> {
    /// The constants that come in with the rows, as the first row has them.
    pub(crate) fn incoming(&self) -> impl Iterator<Item = (usize, &'u Value<'u>)> {
        let value = |node: &'u Expr<'u>| if let Expr::Value(value) = node { Some(value) } else { None };
        self.incoming_nodes().filter_map(move |(slot, node)| Some((slot, value(node)?)))
    }

    /// The constants that come in with the rows, as nodes of the expression, each with its number.
    pub(super) fn incoming_nodes(&self) -> impl Iterator<Item = (usize, &'u Expr<'u>)> {
        nodes(self.expr).enumerate().filter(|(at, _)| self.slots.contains(at))
    }
}

impl<'u> Form<'u> {
    pub(crate) fn new(said: Vec<Said<'u>>) -> Self {
        Self(said)
    }

    /// Whether every cell is a value.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns of which something else than values is said.
    pub(crate) fn said(&self) -> &[Said<'u>] {
        &self.0
    }

    /// Finds the constants of expressions that differ between the rows.
    pub(crate) fn find_slots(&mut self, cells: &'u Cells<'u>, rows: &[u32]) {
        for Said { name: _, position, says } in &mut self.0 {
            let Says::Expr(template) = says else { continue };
            let own: Vec<&Expr<'_>> = nodes(template.expr).collect();
            let differs = |slot: &&usize| {
                let mut others = rows.iter().filter_map(|row| constant_in(cells.row(*row)?.get(*position)?, **slot));
                let is_own =
                    |other: &Value<'_>| matches!(own.get(**slot), Some(Expr::Value(own)) if same_value(own, other));
                others.any(|other| !is_own(other))
            };
            template.slots = template.open.iter().filter(differs).copied().collect();
        }
    }

    /// The columns that an expression reads and that are kept in some rows.
    pub(crate) fn perhaps(&self, value: &Expr<'_>) -> Vec<usize> {
        let is_read = |said: &&Said<'u>| said.says == Says::Perhaps && value.inputs().any(|name| name == said.name);
        self.0.iter().filter(is_read).map(|said| said.position).collect()
    }

    /// What is said of a column instead of a value.
    pub(crate) fn of(&self, name: &Ident) -> Option<&Says<'u>> {
        self.0.iter().find(|said| said.name == name).map(|said| &said.says)
    }

    /// What is said of the column at a position instead of a value.
    pub(crate) fn at(&self, position: usize) -> Option<&Says<'u>> {
        self.0.iter().find(|said| said.position == position).map(|said| &said.says)
    }

    /// Whether an assignment is left out: it reads an incoming column that says that nothing changes.
    pub(crate) fn leaves_out(&self, value: &Expr<'_>) -> bool {
        !self.is_plain() && value.inputs().any(|name| self.of(name) == Some(&Says::Keep))
    }

    /// Whether an assignment is `column = default`.
    pub(crate) fn is_default(&self, value: &Expr<'_>) -> bool {
        matches!(value, Expr::Input(name) if self.of(name) == Some(&Says::Default))
    }

    /// Whether rows are updated: something is set besides the version and what is touched, or nothing is left out.
    pub(crate) fn updates(&self, set: &[Assignment<'_>], guard: &Guard<'_>) -> bool {
        let left_out = set.iter().filter(|assignment| self.leaves_out(&assignment.value)).count();
        let is_set = |set: &&Assignment<'_>| guard.compares(&set.column) && !self.leaves_out(&set.value);
        left_out == 0 || set.iter().any(|set| is_set(&set))
    }

    /// The incoming columns that an expression reads, those that the cells' own expressions read among them.
    pub(crate) fn reads<'e>(&'e self, value: &'e Expr<'u>) -> impl Iterator<Item = &'e Ident> {
        value.inputs().flat_map(|name| {
            let template = if let Some(Says::Expr(template)) = self.of(name) { Some(template) } else { None };
            template.into_iter().flat_map(|template| template.expr.inputs()).chain(std::iter::once(name))
        })
    }

    /// The columns of the old row that an expression reads, those that the cells' own expressions read among them.
    pub(crate) fn old_reads(&self, value: &'u Expr<'u>) -> Vec<&'u Ident> {
        let mut reads: Vec<&'u Ident> = value.columns().collect();
        for name in value.inputs().filter(|_| !self.is_plain()) {
            if let Some(Says::Expr(template)) = self.of(name) {
                reads.extend(template.expr.columns());
            }
        }
        reads
    }

    /// The form of rows that are equal in what they read: their expressions are those of the first of them.
    pub(crate) fn with_first(&self, cells: &'u [Cell<'u>]) -> Self {
        let said = self.0.iter().map(|said| match (&said.says, cells.get(said.position)) {
            (Says::Expr(_), Some(Cell::Expr(expr))) => {
                let template = Template { id: 0, expr, open: Vec::new(), slots: Vec::new() };
                Said { says: Says::Expr(template), ..said.clone() }
            }
            _ => said.clone(),
        });
        Self(said.collect())
    }

    /// Whether constants of expressions come in with the rows.
    pub(crate) fn has_open_constants(&self) -> bool {
        self.0.iter().any(|said| matches!(&said.says, Says::Expr(template) if !template.slots.is_empty()))
    }

    /// The columns whose cells are expressions.
    pub(crate) fn templates(&self) -> Vec<(&'u Ident, Template<'u>)> {
        let template = |said: &Said<'u>| match &said.says {
            Says::Expr(template) => Some((said.name, template.clone())),
            Says::Keep | Says::Default | Says::Perhaps => None,
        };
        self.0.iter().filter_map(template).collect()
    }
}

/// The constants of an expression, as nodes, in one order for all expressions of one structure.
pub(super) fn nodes<'e, 'u>(expr: &'e Expr<'u>) -> impl Iterator<Item = &'e Expr<'u>> {
    expr.walk().filter(|part| matches!(part, Expr::Value(_)))
}

/// A constant of the expression in a cell.
pub(crate) fn constant_in<'u>(cell: &'u Cell<'u>, slot: usize) -> Option<&'u Value<'u>> {
    let Cell::Expr(expr) = cell else { return None };
    match nodes(expr).nth(slot) {
        Some(Expr::Value(value)) => Some(value),
        _ => None,
    }
}
