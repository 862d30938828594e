//! Expressions that give texts, dates and timestamps.

use setwise::{Binary, Expr, Func, Type, Value};

use super::exprs::{E, Grower, Kind, call, int};

impl Grower<'_, '_> {
    pub fn text(&mut self, depth: usize) -> E {
        let kind = Kind::Text;
        let a = self.expr(&kind, depth);
        match self.choices.below(8) {
            0 => call(Func::Concat, [a, self.expr(&kind, depth)]),
            1 => call(*self.choices.pick(&[Func::Lower, Func::Upper]), [a]),
            2 => call(Func::Trim, [a]),
            3 => call(Func::Substring, [a, int(1 + self.choices.between(0, 4))]),
            4 => call(Func::Substring, [a, int(1 + self.choices.between(0, 4)), int(1 + self.choices.between(0, 8))]),
            5 => {
                let from = *self.choices.pick(&["a", "A", "aa", "é", " ", "'", "\\", "%", "😀"]);
                call(Func::Replace, [a, E::Value(from.into()), self.leaf(&kind)])
            }
            6 => Expr::Cast(Box::new(self.expr(&Kind::Int, depth)), Type::TEXT),
            _ => match self.named(|ty| matches!(ty, Type::Enum { .. })) {
                Some(named) => Expr::Cast(Box::new(named), Type::TEXT),
                None => call(Func::Concat, [a, E::Value("-".into()), self.leaf(&kind)]),
            },
        }
    }

    pub fn date(&mut self, depth: usize) -> E {
        match self.choices.below(4) {
            0 => {
                let days = call(Func::Days, [self.small_int(depth)]);
                self.shifted(&Kind::Date, days, depth)
            }
            1 => call(Func::CurrentDate, []),
            _ => self.extreme(&Kind::Date, depth),
        }
    }

    pub fn timestamp(&mut self, kind: &Kind, depth: usize) -> E {
        let digits = match kind {
            Kind::Timestamp(digits) | Kind::TimestampTz(digits) => *digits,
            _ => 6,
        };
        match self.choices.below(5) {
            0 | 1 => {
                let unit = *self.choices.pick(&[Func::Days, Func::Hours, Func::Minutes, Func::Seconds]);
                let duration = call(unit, [self.small_int(depth)]);
                self.shifted(kind, duration, depth)
            }
            2 if self.now_digits <= digits => call(Func::Now, []),
            3 if matches!(kind, Kind::Timestamp(_)) => {
                Expr::Cast(Box::new(self.expr(&Kind::Date, depth)), Type::Timestamp { digits })
            }
            _ => self.extreme(kind, depth),
        }
    }

    fn shifted(&mut self, kind: &Kind, by: E, depth: usize) -> E {
        let op = *self.choices.pick(&[Binary::Add, Binary::Subtract]);
        Expr::Binary(op, Box::new(self.expr(kind, depth)), Box::new(by))
    }

    /// A constant pattern, and the character that escapes.
    pub fn like(&mut self, depth: usize) -> E {
        const PATTERNS: &[&str] = &[
            "%", "a%", "%a", "_", "%é%", "a_", "", "A%", "a!%%", "!!%", "%!_%", "*", "[a]%", "%\\%", "_%'%", "%😀",
            "!%", "?%",
        ];
        let pattern = *self.choices.pick(PATTERNS);
        let escape = pattern.contains('!').then_some('!');
        Expr::Like { text: Box::new(self.expr(&Kind::Text, depth)), pattern: pattern.into(), escape }
    }
}

/// NULL.
pub fn null() -> E {
    E::Value(Value::Null)
}
