//! Cells and expressions that hold their own text, so that they outlive what they were read from.

use super::{Assignment, Branch, Cell, Expr, Follower, Selection, Value};

impl Cell<'_> {
    /// The same cell, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Keep => Cell::Keep,
            Self::Default => Cell::Default,
            Self::Value(value) => Cell::Value(value.into_owned()),
            Self::Expr(mut expression) => Cell::Expr(own(&mut expression)),
        }
    }
}

impl Expr<'_> {
    /// The same expression, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(mut self) -> Expr<'static> {
        match &mut self {
            Self::Value(value) => Expr::Value(take_value(value)),
            Self::Column(name) => Expr::Column(name.clone()),
            Self::Input(name) => Expr::Input(name.clone()),
            Self::Param(name) => Expr::Param(name.clone()),
            Self::Unary(op, a) => Expr::Unary(*op, own(a)),
            Self::Binary(op, a, b) => Expr::Binary(*op, own(a), own(b)),
            Self::And(list) => Expr::And(own_all(list)),
            Self::Or(list) => Expr::Or(own_all(list)),
            Self::IsNull(a) => Expr::IsNull(own(a)),
            Self::In(a, list) => Expr::In(own(a), own_all(list)),
            Self::InRows { operands, rows } => {
                Expr::InRows { operands: own_all(operands), rows: Box::new(rows.take_owned()) }
            }
            Self::Between(a, low, high) => Expr::Between(own(a), own(low), own(high)),
            Self::Like { text, pattern, escape } => {
                Expr::Like { text: own(text), pattern: std::mem::take(pattern), escape: *escape }
            }
            Self::Case { branches, otherwise } => Expr::Case {
                branches: std::mem::take(branches).into_iter().map(Branch::into_owned).collect(),
                otherwise: otherwise.as_deref_mut().map(own),
            },
            Self::Cast(a, ty) => Expr::Cast(own(a), ty.clone()),
            Self::Call(func, list) => Expr::Call(*func, own_all(list)),
        }
    }
}

impl Follower<'_> {
    /// The same follower, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(self) -> Follower<'static> {
        let Self { of, table, links, set, filter } = self;
        let own = |Assignment { column, value }: Assignment<'_>| Assignment { column, value: value.into_owned() };
        Follower { of, table, links, set: set.into_iter().map(own).collect(), filter: filter.map(Expr::into_owned) }
    }
}

impl Branch<'_> {
    fn into_owned(self) -> Branch<'static> {
        Branch { when: self.when.into_owned(), then: self.then.into_owned() }
    }
}

impl Selection<'_> {
    /// The same selection, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(mut self) -> Selection<'static> {
        self.take_owned()
    }

    fn take_owned(&mut self) -> Selection<'static> {
        let Self { table, columns, filter } = self;
        Selection { table: table.clone(), columns: own_all(columns), filter: filter.take().map(Expr::into_owned) }
    }
}

/// An expression cannot be taken apart, for it drops itself; its parts can be taken.
fn own(expression: &mut Expr<'_>) -> Box<Expr<'static>> {
    Box::new(std::mem::replace(expression, Expr::Value(Value::Null)).into_owned())
}

fn own_all(list: &mut Vec<Expr<'_>>) -> Vec<Expr<'static>> {
    std::mem::take(list).into_iter().map(Expr::into_owned).collect()
}

fn take_value(value: &mut Value<'_>) -> Value<'static> {
    std::mem::replace(value, Value::Null).into_owned()
}
