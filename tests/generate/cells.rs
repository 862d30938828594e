//! Random cells that are not values.

use setwise::{Cell, Column, Expr, Ident, Type, Value};

use super::caps::Caps;
use super::choices::Choices;
use super::exprs::{E, Grower};
use super::updates::assigned;
use super::values::Reach;

/// What the rows of a column may say instead of values.
#[derive(Debug)]
pub struct Sayings {
    keep: bool,
    default: bool,
    /// Whether the column is set to its cells and nothing else reads them.
    is_bare: bool,
    /// An expression that several rows share but for its constants.
    shared: Option<E>,
}

impl Sayings {
    /// Chooses them for a column that comes in.
    pub fn choose(
        caps: &'static Caps,
        choices: &mut Choices<'_>,
        column: &Column,
        columns: &[(Ident, Type)],
        (set, filter): (&[(Ident, E)], &Option<E>),
    ) -> Self {
        let is_filtered = filter.as_ref().is_some_and(|filter| reads(filter, column.name()));
        let mut readers = set.iter().filter(|(_, value)| reads(value, column.name()));
        let is_bare = readers.all(|(_, value)| matches!(value, Expr::Input(_)));
        let is_enum = matches!(column.ty(), Type::Enum { .. });
        let has_default = column.default().is_some()
            || caps.default_word && column.is_nullable()
            || caps.default_word && !is_enum && choices.chance(10);
        let keep = (!is_filtered || choices.chance(1)) && choices.chance(70);
        let default = (!is_filtered && is_bare || choices.chance(1)) && has_default && choices.chance(80);
        let shared = choices.chance(50).then(|| expression(caps, choices, column, columns));
        Self { keep, default, is_bare, shared }
    }

    /// What a row says; none where it gives a value.
    pub fn say(
        &self,
        caps: &'static Caps,
        choices: &mut Choices<'_>,
        column: &Column,
        columns: &[(Ident, Type)],
    ) -> Option<Cell<'static>> {
        let is_text = matches!(column.ty(), Type::Text { .. });
        match (choices.below(10), &self.shared) {
            (6 | 7, _) if self.keep => Some(Cell::Keep),
            (8, _) if self.default => Some(Cell::Default),
            (3..=5, Some(shared)) => Some(self.computed(redraw(shared, choices, is_text))),
            (9, _) if choices.chance(50) => Some(self.computed(expression(caps, choices, column, columns))),
            _ => None,
        }
    }

    /// A constant that larger expressions read is a value: as a part of them it would have to be a constant they take.
    fn computed(&self, expr: E) -> Cell<'static> {
        match &expr {
            Expr::Value(value) if !self.is_bare => Cell::Value(value.clone()),
            _ => Cell::Expr(Box::new(expr)),
        }
    }
}

fn expression(caps: &'static Caps, choices: &mut Choices<'_>, column: &Column, columns: &[(Ident, Type)]) -> E {
    let now_digits = match column.ty() {
        Type::Timestamp { digits } | Type::TimestampTz { digits } => *digits,
        _ => 6,
    };
    let (columns, inputs) = (columns.to_vec(), Vec::new());
    assigned(&mut Grower { caps, choices, columns, inputs, reach: Reach::Mild, now_digits }, column)
}

/// The same expression with other constants here and there.
fn redraw(expr: &E, choices: &mut Choices<'_>, is_text: bool) -> E {
    match expr {
        Expr::Value(Value::Int(v)) if choices.chance(60) => {
            let most = v.unsigned_abs().clamp(9, 1_000_000);
            Expr::Value(Value::Int(1 + i64::try_from(choices.below(most as usize)).unwrap()))
        }
        Expr::Value(Value::Text(text)) if is_text && choices.chance(60) && !text.is_empty() => {
            Expr::Value(Value::from(text.chars().rev().collect::<String>()))
        }
        Expr::Binary(op, a, b) => {
            Expr::Binary(*op, Box::new(redraw(a, choices, is_text)), Box::new(redraw(b, choices, is_text)))
        }
        Expr::Call(func, list) => Expr::Call(*func, list.iter().map(|part| redraw(part, choices, is_text)).collect()),
        other => other.clone(),
    }
}

fn reads(expr: &E, input: &Ident) -> bool {
    matches!(expr, Expr::Input(name) if name == input) || expr.operands().into_iter().any(|e| reads(e, input))
}
