//! Cells and expressions that hold their own text, so that they outlive what they were read from.

use super::{Branch, Cell, Expr};

impl Cell<'_> {
    /// The same cell, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Keep => Cell::Keep,
            Self::Default => Cell::Default,
            Self::Value(value) => Cell::Value(value.into_owned()),
            Self::Expr(expression) => Cell::Expr(own(expression)),
        }
    }
}

impl Expr<'_> {
    /// The same expression, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(self) -> Expr<'static> {
        match self {
            Self::Value(value) => Expr::Value(value.into_owned()),
            Self::Column(name) => Expr::Column(name),
            Self::Input(name) => Expr::Input(name),
            Self::Unary(op, a) => Expr::Unary(op, own(a)),
            Self::Binary(op, a, b) => Expr::Binary(op, own(a), own(b)),
            Self::And(list) => Expr::And(own_all(list)),
            Self::Or(list) => Expr::Or(own_all(list)),
            Self::IsNull(a) => Expr::IsNull(own(a)),
            Self::In(a, list) => Expr::In(own(a), own_all(list)),
            Self::Between(a, low, high) => Expr::Between(own(a), own(low), own(high)),
            Self::Like { text, pattern, escape } => Expr::Like { text: own(text), pattern, escape },
            Self::Case { branches, otherwise } => Expr::Case {
                branches: branches.into_iter().map(Branch::into_owned).collect(),
                otherwise: otherwise.map(own),
            },
            Self::Cast(a, ty) => Expr::Cast(own(a), ty),
            Self::Call(func, list) => Expr::Call(func, own_all(list)),
        }
    }
}

impl Branch<'_> {
    fn into_owned(self) -> Branch<'static> {
        Branch { when: self.when.into_owned(), then: self.then.into_owned() }
    }
}

#[allow(clippy::boxed_local, reason = "operands are in boxes")]
fn own(expression: Box<Expr<'_>>) -> Box<Expr<'static>> {
    Box::new(expression.into_owned())
}

fn own_all(list: Vec<Expr<'_>>) -> Vec<Expr<'static>> {
    list.into_iter().map(Expr::into_owned).collect()
}
