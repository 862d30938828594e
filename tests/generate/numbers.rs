//! Expressions that give numbers.

use setwise::{Binary, Expr, Func, Type, Unary, Value};

use super::exprs::{E, Grower, Kind, call, int};

fn binary(op: Binary, a: E, b: E) -> E {
    Expr::Binary(op, Box::new(a), Box::new(b))
}

impl Grower<'_, '_> {
    pub fn int(&mut self, depth: usize) -> E {
        let kind = Kind::Int;
        match self.choices.below(10) {
            0 => binary(Binary::Add, self.expr(&kind, depth), self.expr(&kind, depth)),
            1 => binary(Binary::Subtract, self.expr(&kind, depth), self.expr(&kind, depth)),
            2 => {
                let factor = int(self.choices.between(0, 20) - 5);
                binary(Binary::Multiply, self.expr(&kind, depth), factor)
            }
            3 => Expr::Unary(Unary::Negate, Box::new(self.expr(&kind, depth))),
            4 => call(Func::Abs, [self.expr(&kind, depth)]),
            5 => {
                let func = *self.choices.pick(&[Func::Div, Func::Mod]);
                let (a, divisor) = (self.expr(&kind, depth), self.divisor(&kind, int(7), int(0), depth));
                call(func, [a, divisor])
            }
            6 => call(Func::Length, [self.expr(&Kind::Text, depth)]),
            7 => self.extreme(&kind, depth),
            8 => Expr::Cast(Box::new(self.condition(depth)), Type::INT64),
            _ => binary(Binary::Multiply, self.expr(&kind, depth), self.expr(&kind, 0)),
        }
    }

    /// A divisor that cannot be zero, or that gives NULL.
    fn divisor(&mut self, kind: &Kind, constant: E, zero: E, depth: usize) -> E {
        match self.choices.chance(50) {
            true => call(Func::Nullif, [self.expr(kind, depth), zero]),
            false => constant,
        }
    }

    /// An integer that is small, so that days do not leave the calendar.
    pub fn small_int(&mut self, depth: usize) -> E {
        match self.choices.below(3) {
            0 => int(self.choices.between(0, 400)),
            1 => call(Func::Mod, [self.expr(&Kind::Int, depth), int(400)]),
            _ => self.leaf(&Kind::Int),
        }
    }

    pub fn decimal(&mut self, scale: Option<u32>, depth: usize) -> E {
        let kind = Kind::Decimal(scale);
        // Beyond this, sums and products would have more digits than MySQL takes.
        let narrow = |ty: &Type| match ty {
            Type::Decimal { precision: Some(p), scale: s } => {
                *p <= 20 && scale.is_none_or(|most| s.unwrap_or(0) <= most)
            }
            _ => false,
        };
        let operand = |grower: &mut Self| match grower.named(narrow) {
            Some(named) if !grower.choices.chance(30) => named,
            _ if grower.choices.chance(30) => grower.leaf(&Kind::Int),
            _ => grower.constant(&kind),
        };
        match self.choices.below(8) {
            0 => binary(Binary::Add, operand(self), operand(self)),
            1 => binary(Binary::Subtract, operand(self), operand(self)),
            2 => binary(Binary::Multiply, operand(self), int(self.choices.between(0, 12) - 3)),
            3 => {
                // The scales of a product add up.
                let half = Kind::Decimal(Some(scale.unwrap_or(8) / 2));
                binary(Binary::Multiply, self.constant(&half), self.constant(&half))
            }
            4 => Expr::Unary(Unary::Negate, Box::new(operand(self))),
            5 => {
                let digits = self.choices.below(scale.unwrap_or(6) as usize + 1) as i64;
                let any = self.named(|ty| matches!(ty, Type::Decimal { precision: Some(p), .. } if *p <= 20));
                let any = any.unwrap_or_else(|| self.constant(&Kind::Decimal(Some(4))));
                let product = binary(Binary::Multiply, any, E::Value(Value::from(tenth())));
                call(Func::Round, [product, int(digits)])
            }
            6 => {
                let func = *self.choices.pick(&[Func::Floor, Func::Ceil, Func::Abs]);
                let inner = match self.named(narrow) {
                    Some(named) => named,
                    None => self.constant(&kind),
                };
                call(func, [inner])
            }
            _ => {
                let func = *self.choices.pick(&[Func::Greatest, Func::Least]);
                let second = if depth == 0 { operand(self) } else { self.decimal(scale, depth - 1) };
                call(func, [operand(self), second])
            }
        }
    }

    pub fn float(&mut self, depth: usize) -> E {
        let kind = Kind::Float;
        match self.choices.below(9) {
            0 => binary(Binary::Add, self.expr(&kind, depth), self.expr(&kind, depth)),
            1 => binary(Binary::Subtract, self.expr(&kind, depth), self.expr(&kind, depth)),
            2 => binary(Binary::Multiply, self.expr(&kind, depth), self.constant(&kind)),
            3 => {
                let a = self.expr(&kind, depth);
                let divisor = self.divisor(&kind, E::Value(2.5.into()), E::Value(0.0.into()), depth);
                binary(Binary::Divide, a, divisor)
            }
            4 => Expr::Unary(Unary::Negate, Box::new(self.expr(&kind, depth))),
            5 => call(Func::Abs, [self.expr(&kind, depth)]),
            6 => {
                let func = *self.choices.pick(&[Func::Floor, Func::Ceil]);
                call(func, [self.expr(&kind, depth)])
            }
            7 => self.extreme(&kind, depth),
            _ => {
                let narrow = |ty: &Type| matches!(ty, Type::Int { bits: ..=32 } | Type::UInt { bits: ..=32 });
                match self.named(narrow) {
                    Some(named) => Expr::Cast(Box::new(named), Type::Float64),
                    None => self.leaf(&kind),
                }
            }
        }
    }
}

fn tenth() -> setwise::Decimal<'static> {
    setwise::Decimal::parse("0.5").expect("a decimal")
}
