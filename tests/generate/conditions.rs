//! Conditions.

use setwise::{Binary, Expr, Type};

use super::exprs::{E, Grower, Kind};

impl Grower<'_, '_> {
    pub fn condition(&mut self, depth: usize) -> E {
        let below = depth.saturating_sub(1);
        match self.choices.below(if depth == 0 { 5 } else { 10 }) {
            0 | 1 | 5 | 6 => self.comparison(below),
            2 => match self.named(|_| true) {
                Some(named) => Expr::IsNull(Box::new(named)),
                None => self.comparison(below),
            },
            3 => match self.named(|ty| *ty == Type::Bool) {
                Some(named) => named,
                None => self.comparison(below),
            },
            4 => self.like(below),
            7 => Expr::And(vec![self.condition(below), self.condition(below)]),
            8 => Expr::Or(vec![self.condition(below), self.condition(below)]),
            _ => self.condition(below).negate(),
        }
    }

    fn comparison(&mut self, depth: usize) -> E {
        let columns = self.columns.iter().chain(&self.inputs).map(|(_, ty)| ty);
        let known: Vec<Type> = columns.filter(|ty| self.compares(ty)).cloned().collect();
        let kind = if known.is_empty() { Kind::Int } else { Kind::of(self.choices.pick(&known)) };
        let kind = if let Kind::Decimal(_) = kind { Kind::Decimal(None) } else { kind };
        let only_equal = matches!(kind, Kind::Bool | Kind::Same(_));
        let first = match &kind {
            Kind::Same(ty) => self.named(|known| known == ty).unwrap_or_else(|| self.leaf(&kind)),
            Kind::Bool => self.leaf(&kind),
            _ => self.expr(&kind, depth),
        };
        let second = match kind {
            Kind::Same(_) | Kind::Bool => self.leaf(&kind),
            _ => self.expr(&kind, depth),
        };
        let ops = [
            Binary::Equal,
            Binary::NotEqual,
            Binary::IsDistinct,
            Binary::Less,
            Binary::LessOrEqual,
            Binary::Greater,
            Binary::GreaterOrEqual,
        ];
        let first = Box::new(first);
        match self.choices.below(10) {
            8 if !only_equal => {
                let third = self.leaf(&kind);
                Expr::Between(first, Box::new(second), Box::new(third))
            }
            9 => {
                let count = self.choices.below(4);
                let list = (0..count).map(|_| self.constant(&kind)).collect();
                Expr::In(first, list)
            }
            _ => {
                let ops = if only_equal { &ops[..3] } else { &ops[..] };
                Expr::Binary(*self.choices.pick(ops), first, Box::new(second))
            }
        }
    }

    fn compares(&self, ty: &Type) -> bool {
        match ty {
            Type::Decimal { .. } => self.caps.decimal_arithmetic,
            Type::Json | Type::Jsonb | Type::Interval | Type::Array(_) | Type::Named(_) => false,
            _ => true,
        }
    }
}
