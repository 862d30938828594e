//! Rows that differ: a cell stands in the place of `new.column` in what is set and in the filter.

use setwise::{Assignment, Branch, Cell, Cells, Expr, Guard, Ident, Keyed, Table, Type, Update};

use super::Class;

/// What a row makes of an assignment.
pub enum Effective<'e> {
    /// Nothing: it reads a cell that says `keep`.
    LeftOut,
    /// The column takes its default.
    Default,
    /// The column is set to this.
    Set(Expr<'e>),
}

impl<'e> Effective<'e> {
    /// The expression, where there is one.
    pub fn set(&self) -> Option<&Expr<'e>> {
        match self {
            Self::Set(value) => Some(value),
            Self::LeftOut | Self::Default => None,
        }
    }
}

/// What a row makes of each assignment, in order; none where the row changes nothing, since all that it would set but
/// a version and what is touched is left out.
pub fn resolve<'e>(update: &'e Update<'_>, cells: &'e Cells<'_>, row: &'e [Cell<'_>]) -> Option<Vec<Effective<'e>>> {
    let each = |Assignment { value, .. }: &'e Assignment<'_>| {
        let keeps = |name: &Ident| cell(cells, row, name) == Some(&Cell::Keep);
        if inputs(value).into_iter().any(keeps) {
            return Effective::LeftOut;
        }
        match value {
            Expr::Input(name) if cell(cells, row, name) == Some(&Cell::Default) => Effective::Default,
            value => Effective::Set(substitute(value, cells, row)),
        }
    };
    let set: Vec<Effective<'e>> = update.assignments().iter().map(each).collect();
    let counts = |(assignment, effective): (&Assignment<'_>, &Effective<'_>)| {
        update.guard().compares(&assignment.column) && !matches!(effective, Effective::LeftOut)
    };
    let leaves_out = set.iter().any(|effective| matches!(effective, Effective::LeftOut));
    let changes = update.assignments().iter().zip(&set).any(counts);
    (changes || !leaves_out).then_some(set)
}

/// An expression with the cells of a row in the place of incoming columns; values are left to be read from the row.
pub fn substitute<'e>(expr: &'e Expr<'_>, cells: &'e Cells<'_>, row: &'e [Cell<'_>]) -> Expr<'e> {
    let sub = |expr: &'e Expr<'_>| substitute(expr, cells, row);
    let boxed = |expr: &'e Expr<'_>| Box::new(substitute(expr, cells, row));
    let list = |list: &'e [Expr<'_>]| list.iter().map(sub).collect::<Vec<_>>();
    match expr {
        Expr::Input(name) => match cell(cells, row, name) {
            Some(Cell::Expr(expr)) => (**expr).clone(),
            _ => expr.clone(),
        },
        Expr::Value(_) | Expr::Column(_) | Expr::Param(_) => expr.clone(),
        Expr::Unary(op, a) => Expr::Unary(*op, boxed(a)),
        Expr::Binary(op, a, b) => Expr::Binary(*op, boxed(a), boxed(b)),
        Expr::And(parts) => Expr::And(list(parts)),
        Expr::Or(parts) => Expr::Or(list(parts)),
        Expr::IsNull(a) => Expr::IsNull(boxed(a)),
        Expr::In(a, of) => Expr::In(boxed(a), list(of)),
        Expr::InRows { operands, rows } => Expr::InRows { operands: list(operands), rows: rows.clone() },
        Expr::Between(a, low, high) => Expr::Between(boxed(a), boxed(low), boxed(high)),
        Expr::Like { text, pattern, escape } => {
            Expr::Like { text: boxed(text), pattern: pattern.clone(), escape: *escape }
        }
        Expr::Case { branches, otherwise } => Expr::Case {
            branches: branches.iter().map(|b| Branch { when: sub(&b.when), then: sub(&b.then) }).collect(),
            otherwise: otherwise.as_ref().map(|otherwise| boxed(otherwise)),
        },
        Expr::Cast(a, ty) => Expr::Cast(boxed(a), ty.clone()),
        Expr::Call(func, arguments) => Expr::Call(*func, list(arguments)),
        other => panic!("an expression that the model does not know: {other:?}"),
    }
}

/// What is refused about the cells of a row, whatever the table holds.
pub fn check(
    keyed: &Keyed<'_>,
    set: &[Assignment<'_>],
    guard: &Guard<'_>,
    table: &Table,
    cells: &Cells<'_>,
    row: &[Cell<'_>],
) -> Result<(), Class> {
    const NEEDS_VALUE: Class = Class::Refused("needs-value");
    for (name, cell_of) in cells.columns().iter().zip(row) {
        if matches!(cell_of, Cell::Value(_)) {
            continue;
        }
        if keyed.key.contains(name) || guard.version.as_ref() == Some(name) {
            return Err(NEEDS_VALUE);
        }
        let filtered = guard.filter.iter().flat_map(inputs).any(|input| input == name);
        match cell_of {
            Cell::Keep | Cell::Default if filtered => return Err(NEEDS_VALUE),
            Cell::Default => {
                for Assignment { column, value } in set.iter().filter(|set| inputs(&set.value).contains(&name)) {
                    if !matches!(value, Expr::Input(_)) {
                        return Err(NEEDS_VALUE);
                    }
                    // engines do not agree on the default of an enum that takes no NULL and declares none
                    let column = table.find(column).ok_or(Class::Refused("unknown-column"))?;
                    let is_enum = matches!(column.ty(), Type::Enum { .. });
                    if is_enum && !column.is_nullable() && column.default().is_none() {
                        return Err(Class::Refused("no-default"));
                    }
                }
            }
            Cell::Expr(expr) => {
                let is_value = |name: &Ident| matches!(cell(cells, row, name), None | Some(Cell::Value(_)));
                if !inputs(expr).into_iter().all(is_value) {
                    return Err(NEEDS_VALUE);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn cell<'c, 'v>(cells: &Cells<'_>, row: &'c [Cell<'v>], name: &Ident) -> Option<&'c Cell<'v>> {
    cells.position(name).map(|at| &row[at])
}

fn inputs<'e>(expr: &'e Expr<'_>) -> Vec<&'e Ident> {
    match expr {
        Expr::Input(name) => vec![name],
        other => other.operands().into_iter().flat_map(inputs).collect(),
    }
}
