//! Typed expressions over the old row and the incoming row.

use setwise::{Branch, Expr, Func, Ident, Type, Value};

use super::caps::Caps;
use super::choices::Choices;
use super::values::{self, Reach};

pub type E = Expr<'static>;

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Bool,
    Int,
    /// With at most so many digits behind the point; any number where there is none.
    Decimal(Option<u32>),
    Float,
    Text,
    Bytes,
    Date,
    Time(u8),
    Timestamp(u8),
    TimestampTz(u8),
    /// A type of which values are only passed on.
    Same(Type),
}

impl Kind {
    pub fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::UInt { bits: 64 } => Self::Same(ty.clone()),
            Type::Int { .. } | Type::UInt { .. } => Self::Int,
            Type::Decimal { precision: None, .. } => Self::Decimal(None),
            Type::Decimal { scale, .. } => Self::Decimal(Some(scale.unwrap_or(0))),
            Type::Float32 | Type::Float64 => Self::Float,
            Type::Text { .. } | Type::Char { .. } => Self::Text,
            Type::Bytes { .. } => Self::Bytes,
            Type::Date => Self::Date,
            Type::Time { digits } => Self::Time(*digits),
            Type::Timestamp { digits } => Self::Timestamp(*digits),
            Type::TimestampTz { digits } => Self::TimestampTz(*digits),
            other => Self::Same(other.clone()),
        }
    }

    /// Whether an expression of this kind can be a column of a type as it stands.
    fn takes(&self, ty: &Type) -> bool {
        match (self, Self::of(ty)) {
            (Self::Decimal(None), Self::Decimal(_)) => true,
            (Self::Decimal(Some(most)), Self::Decimal(Some(scale))) => scale <= *most,
            (Self::Time(most), Self::Time(digits)) => digits <= *most,
            (Self::Timestamp(most), Self::Timestamp(digits)) => digits <= *most,
            (Self::TimestampTz(most), Self::TimestampTz(digits)) => digits <= *most,
            (kind, of) => *kind == of,
        }
    }
}

/// Grows expressions.
pub struct Grower<'g, 'c> {
    pub caps: &'static Caps,
    pub choices: &'g mut Choices<'c>,
    /// The columns of the old row that may be read.
    pub columns: Vec<(Ident, Type)>,
    /// The columns of the incoming row.
    pub inputs: Vec<(Ident, Type)>,
    pub reach: Reach,
    /// The digits that `now()` has.
    pub now_digits: u8,
}

impl Grower<'_, '_> {
    /// An expression of a kind, nested so deep at most.
    pub fn expr(&mut self, kind: &Kind, depth: usize) -> E {
        if depth == 0 || self.choices.chance(25) {
            return self.leaf(kind);
        }
        if self.choices.chance(25) {
            return self.passing_on(kind, depth - 1);
        }
        match kind {
            Kind::Bool => self.condition(depth - 1),
            Kind::Int => self.int(depth - 1),
            Kind::Decimal(scale) if self.caps.decimal_arithmetic => self.decimal(*scale, depth - 1),
            Kind::Float => self.float(depth - 1),
            Kind::Text => self.text(depth - 1),
            Kind::Date => self.date(depth - 1),
            Kind::Timestamp(_) | Kind::TimestampTz(_) => self.timestamp(kind, depth - 1),
            Kind::Time(_) => self.extreme(kind, depth - 1),
            _ => self.passing_on(kind, depth - 1),
        }
    }

    /// A column, an incoming value or a constant.
    pub fn leaf(&mut self, kind: &Kind) -> E {
        match self.named(|ty| kind.takes(ty)) {
            Some(named) if !self.choices.chance(25) => named,
            _ => self.constant(kind),
        }
    }

    /// A column or an incoming value of a type that passes a test.
    pub fn named(&mut self, test: impl Fn(&Type) -> bool) -> Option<E> {
        let columns = self.columns.iter().filter(|(_, ty)| test(ty)).map(|(name, _)| E::Column(name.clone()));
        let inputs = self.inputs.iter().filter(|(_, ty)| test(ty)).map(|(name, _)| E::Input(name.clone()));
        let all: Vec<E> = columns.chain(inputs).collect();
        if all.is_empty() { None } else { Some(self.choices.pick(&all).clone()) }
    }

    /// A constant of a kind.
    pub fn constant(&mut self, kind: &Kind) -> E {
        let ty = match kind {
            Kind::Bool => Type::Bool,
            Kind::Int => Type::INT32,
            Kind::Decimal(scale) => {
                let scale = scale.unwrap_or(2).min(4);
                Type::Decimal { precision: Some(6 + scale), scale: Some(scale) }
            }
            Kind::Float => Type::Float64,
            Kind::Text => Type::Text { max: Some(12) },
            Kind::Bytes => Type::Bytes { max: Some(12) },
            Kind::Date => Type::Date,
            Kind::Time(digits) => Type::Time { digits: *digits },
            Kind::Timestamp(digits) => Type::Timestamp { digits: *digits },
            Kind::TimestampTz(digits) => Type::TimestampTz { digits: *digits },
            Kind::Same(ty) => ty.clone(),
        };
        E::Value(values::value(self.caps, self.choices, &ty, Reach::Mild))
    }

    /// `case`, `coalesce` or `nullif`.
    fn passing_on(&mut self, kind: &Kind, depth: usize) -> E {
        // Its first operand has the type, so that a constant beside it can adapt.
        let typed = |grower: &mut Self| match kind {
            Kind::Same(_) | Kind::Decimal(_) => grower.named(|ty| kind.takes(ty)),
            _ => Some(grower.expr(kind, depth)),
        };
        let Some(first) = typed(self) else { return self.leaf(kind) };
        let compares = match kind {
            Kind::Same(ty) => matches!(ty, Type::Uuid),
            Kind::Decimal(_) => self.caps.decimal_arithmetic,
            _ => true,
        };
        match self.choices.below(if compares { 4 } else { 3 }) {
            0 => Expr::Call(Func::Coalesce, vec![first, self.expr(kind, depth)]),
            1 => {
                let when = self.condition(depth);
                let otherwise = match self.choices.chance(70) {
                    true => Some(Box::new(self.expr(kind, depth))),
                    false => None,
                };
                Expr::Case { branches: vec![Branch { when, then: first }], otherwise }
            }
            2 => {
                let (when, other) = (self.condition(depth), self.condition(depth));
                let then = match self.choices.chance(20) {
                    true => E::Value(Value::Null),
                    false => self.leaf(kind),
                };
                let branches = vec![Branch { when, then: first }, Branch { when: other, then }];
                Expr::Case { branches, otherwise: None }
            }
            _ => Expr::Call(Func::Nullif, vec![first, self.leaf(kind)]),
        }
    }

    /// `greatest` or `least`.
    pub fn extreme(&mut self, kind: &Kind, depth: usize) -> E {
        let func = *self.choices.pick(&[Func::Greatest, Func::Least]);
        let count = 2 + self.choices.below(2);
        Expr::Call(func, (0..count).map(|_| self.expr(kind, depth)).collect())
    }
}

pub fn call(func: Func, list: impl Into<Vec<E>>) -> E {
    Expr::Call(func, list.into())
}

pub fn int(value: i64) -> E {
    E::Value(Value::Int(value))
}
