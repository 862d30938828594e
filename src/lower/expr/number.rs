//! Numbers: arithmetic in one width with an error beyond it, rounding, and the guards where an engine has no error.

use super::{FAIL, Lower, missing_operand, state_type};
use crate::check::types::{self, Kind, Typed, decimal_digits};
use crate::dialect::{FloatCast, Floor, Form, NegativeZero, Overflow, Subtraction, WholeDivision};
use crate::error::ErrorKind;
use crate::ir::{Binary, Expr, Func, Type, Unary, Value};
use crate::sql::Sql;

const ALL: (i128, i128) = (-(1 << 63), (1 << 63) - 1);

impl<'u> Lower<'_, 'u> {
    /// Whether decimals are floats here, so that computing with them would not be exact.
    fn floats_decimals(&self) -> bool {
        self.dialect().storage(&Type::DECIMAL).is_none_or(|storage| storage.form == Form::Float15)
    }

    fn refuse_decimals(&self, what: &str) -> Result<(), ErrorKind> {
        if self.floats_decimals() {
            return Err(
                self.unsupported(what.to_owned(), "decimals are floats there, so the result would not be exact")
            );
        }
        Ok(())
    }

    pub(super) fn arithmetic(&self, op: Binary, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let [a, b] = typed.operands.as_slice() else { return Err(missing_operand()) };
        let sign = match op {
            Binary::Add => "+",
            Binary::Subtract => "-",
            Binary::Multiply => "*",
            _ => "/",
        };
        match typed.ty() {
            Some(ty) if types::is_integer(ty) => {
                let (left, right) = (self.lower(a)?, self.lower(b)?);
                let wraps = self.dialect().fact(|spec| &spec.subtraction) == Subtraction::ByDecimal;
                if op == Binary::Subtract && wraps && range(b).0 == ALL.0 {
                    let exact = Sql::infix(left.cast("DECIMAL(20,0)"), "-", right);
                    return Ok(Sql::infix(exact, "DIV", Sql::word("1")));
                }
                Ok(Sql::infix(left, sign, right))
            }
            Some(Type::Decimal { .. }) => {
                self.refuse_decimals("decimal arithmetic")?;
                self.check_digits(typed, op == Binary::Multiply)?;
                Ok(Sql::infix(self.lower(a)?, sign, self.lower(b)?))
            }
            Some(_) => {
                let sum = Sql::infix(self.lower(a)?, sign, self.lower(b)?);
                Ok(self.finite(sum))
            }
            None => Err(missing_operand()),
        }
    }

    /// A decimal result must have room on the engine, or digits behind the point would be lost.
    fn check_digits(&self, typed: &Typed<'u>, needs_known: bool) -> Result<(), ErrorKind> {
        let (most, most_scale) = self.dialect().fact(|spec| &spec.decimal_digits);
        if most >= 1000 {
            return Ok(());
        }
        let limit = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let fits = match typed.ty().map(decimal_digits) {
            Some((Some(whole), Some(scale))) => {
                whole.saturating_add(scale) <= limit(most) && scale <= limit(most_scale)
            }
            _ => !needs_known,
        };
        if fits {
            return Ok(());
        }
        let reason = format!("the result may need more than {most} digits, or {most_scale} behind the point");
        Err(self.unsupported("decimal result so wide", &reason))
    }

    /// Makes an infinite float an error, where the engine does not.
    fn finite(&self, sql: Sql<'u>) -> Sql<'u> {
        match self.dialect().fact(|spec| &spec.overflow) {
            Overflow::Error => sql,
            Overflow::Float => self.name(sql, |value| {
                let infinities = vec![Sql::word("9e999"), Sql::word("-9e999")];
                Sql::choose(Sql::In(Box::new(value.clone()), infinities), Sql::word(FAIL), value)
            }),
        }
    }

    /// Makes a computed -0.0 the zero that every engine stores.
    pub(super) fn plain_zero(&self, sql: Sql<'u>) -> Sql<'u> {
        match self.dialect().fact(|spec| &spec.computed_zero) {
            NegativeZero::Kept => Sql::infix(sql, "+", Sql::constant(Value::Float(0.0), Type::Float64)),
            NegativeZero::Lost => sql,
        }
    }

    pub(super) fn negate(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let [a] = typed.operands.as_slice() else { return Err(missing_operand()) };
        if let (Expr::Value(Value::Int(value)), Some(ty)) = (a.expr, a.ty())
            && let (Some(negated), true) = (value.checked_neg(), types::is_integer(ty))
        {
            return Ok(Sql::constant(Value::Int(negated), Type::INT64));
        }
        Ok(Sql::Prefix("-", Box::new(self.lower(a)?)))
    }

    pub(super) fn whole_division(&self, func: Func, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let [a, b] = typed.operands.as_slice() else { return Err(missing_operand()) };
        let sign = match (func, self.dialect().fact(|spec| &spec.whole_division)) {
            (Func::Mod, _) => "%",
            (_, WholeDivision::Slash) => "/",
            (_, WholeDivision::Div) => "DIV",
        };
        Ok(Sql::infix(self.lower(a)?, sign, self.lower(b)?))
    }

    pub(super) fn number_function(&self, func: Func, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let Some(a) = typed.operands.first() else { return Err(missing_operand()) };
        let decimal = matches!(a.ty(), Some(Type::Decimal { .. }));
        let value = self.lower(a)?;
        match func {
            Func::Abs => Ok(Sql::Call("abs", vec![value])),
            Func::Round => {
                self.refuse_decimals("rounding of decimals")?;
                let digits = match typed.operands.get(1).map(|digits| digits.expr) {
                    Some(Expr::Value(Value::Int(digits))) => digits.to_string(),
                    _ => "0".to_owned(),
                };
                Ok(Sql::Call("round", vec![value, Sql::word(digits)]))
            }
            _ if decimal => {
                self.refuse_decimals("rounding of decimals")?;
                let name = if func == Func::Floor { "floor" } else { "ceil" };
                let whole = Sql::Call(name, vec![value]);
                Ok(match self.dialect().fact(|spec| &spec.floor) {
                    Floor::Integer => {
                        let (most, _) = self.dialect().fact(|spec| &spec.decimal_digits);
                        let most = u32::try_from(most).unwrap_or(u32::MAX);
                        let digits = typed.ty().and_then(|ty| decimal_digits(ty).0).unwrap_or(most).clamp(1, most);
                        whole.cast(format!("DECIMAL({digits},0)"))
                    }
                    Floor::Function | Floor::Casts => whole,
                })
            }
            _ => Ok(match self.dialect().fact(|spec| &spec.floor) {
                Floor::Function | Floor::Integer => {
                    Sql::Call(if func == Func::Floor { "floor" } else { "ceil" }, vec![value])
                }
                Floor::Casts => self.name(value, |value| floor_by_casts(func == Func::Floor, value)),
            }),
        }
    }

    /// An expression that nothing passes on: an integer that left 64 bits is an error here, where the engine goes over
    /// to floats.
    pub(super) fn settled(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let sql = self.lower(typed)?;
        if !self.may_be_real(typed) {
            return Ok(sql);
        }
        Ok(self.name(sql, |value| {
            let real = Sql::infix(Sql::Call("typeof", vec![value.clone()]), "=", Sql::word("'real'"));
            Sql::choose(real, Sql::word(FAIL), value)
        }))
    }

    /// Whether an integer expression may have become a float because it left 64 bits.
    pub(super) fn may_be_real(&self, typed: &Typed<'u>) -> bool {
        let integer = typed.ty().is_some_and(types::is_integer);
        integer && self.dialect().fact(|spec| &spec.overflow) == Overflow::Float && may_leave(typed)
    }

    pub(super) fn number_cast(&self, operand: &Typed<'u>, from: &Type, to: &Type) -> Result<Sql<'u>, ErrorKind> {
        let value = self.settled(operand)?;
        match to {
            Type::Decimal { .. } if types::is_integer(from) => {
                self.refuse_decimals("cast of an integer to a decimal")?;
                self.decimal_cast(value, to)
            }
            Type::Float64 if types::is_integer(from) => Ok(match self.dialect().fact(|spec| &spec.float_cast) {
                FloatCast::Cast(name) => value.cast(name),
                FloatCast::AddZero => Sql::infix(value, "+", Sql::constant(Value::Float(0.0), Type::Float64)),
            }),
            Type::Int { .. } if matches!(from, Type::Decimal { .. }) => {
                self.refuse_decimals("cast of a decimal to an integer")?;
                Ok(match self.dialect().fact(|spec| &spec.whole_division) {
                    WholeDivision::Div => Sql::infix(value, "DIV", Sql::word("1")),
                    WholeDivision::Slash => value.cast("bigint"),
                })
            }
            Type::Int { .. } if *from == Type::Bool => {
                Ok(match state_type(self.dialect(), Sql::Named(0), &Type::INT32) {
                    Sql::Cast(_, name) => value.cast(name).cast("bigint"),
                    _ => value,
                })
            }
            _ => Ok(value),
        }
    }

    fn decimal_cast(&self, value: Sql<'u>, to: &Type) -> Result<Sql<'u>, ErrorKind> {
        if let Some(name) = self.dialect().storage(to).and_then(|storage| storage.cast) {
            return Ok(value.cast(name));
        }
        let (precision, scale) = match to {
            Type::Decimal { precision: Some(precision), scale } => (*precision, scale.unwrap_or(0)),
            _ => (19, 0),
        };
        let (most, most_scale) = self.dialect().fact(|spec| &spec.decimal_digits);
        let fits = |count: u32, most: usize| usize::try_from(count).is_ok_and(|count| count <= most);
        if !fits(precision, most) || !fits(scale, most_scale) {
            return Err(self.unsupported(format!("type {to}"), &format!("decimals have at most {most} digits")));
        }
        Ok(value.cast(format!("DECIMAL({precision},{scale})")))
    }
}

/// The whole number below a float, or above it; floats beyond 2^52 are whole.
fn floor_by_casts(floor: bool, value: Sql<'_>) -> Sql<'_> {
    let whole = || value.clone().cast("INTEGER");
    let off = if floor { Sql::infix(whole(), ">", value.clone()) } else { Sql::infix(whole(), "<", value.clone()) };
    let large = Sql::Infix(
        "OR",
        vec![
            Sql::infix(value.clone(), ">=", Sql::word("4503599627370496.0")),
            Sql::infix(value.clone(), "<=", Sql::word("-4503599627370496.0")),
        ],
    );
    let rounded = Sql::infix(whole(), if floor { "-" } else { "+" }, off).cast("REAL");
    Sql::choose(large, value, rounded)
}

fn may_leave(typed: &Typed<'_>) -> bool {
    match typed.expr {
        Expr::Unary(Unary::Negate, _) | Expr::Binary(..) | Expr::Call(Func::Div, _) => {
            typed.operands.iter().any(may_leave) || !within(computed(typed))
        }
        Expr::Call(Func::Mod | Func::Abs, _) => typed.operands.iter().any(may_leave),
        Expr::Call(Func::Coalesce, _) => typed.operands.iter().any(may_leave),
        Expr::Case { .. } => {
            let parts = typed.operands.iter().enumerate().filter(|(at, _)| types::flows(typed.expr, *at));
            parts.map(|(_, part)| part).any(may_leave)
        }
        _ => false,
    }
}

fn within((least, most): (i128, i128)) -> bool {
    ALL.0 <= least && most <= ALL.1
}

/// The least and greatest value of an integer expression that did not leave 64 bits.
pub(super) fn range(typed: &Typed<'_>) -> (i128, i128) {
    let (least, most) = computed(typed);
    (least.max(ALL.0), most.min(ALL.1))
}

fn computed(typed: &Typed<'_>) -> (i128, i128) {
    let operands: Vec<(i128, i128)> = typed.operands.iter().filter(|part| is_integer(part)).map(range).collect();
    match (typed.expr, operands.as_slice()) {
        (Expr::Value(Value::Null), _) => (0, 0),
        (Expr::Value(Value::Int(value)), _) => ((*value).into(), (*value).into()),
        (Expr::Unary(Unary::Negate, _), [(least, most)]) => (-most, -least),
        (Expr::Binary(Binary::Add, _, _), [a, b]) => (a.0 + b.0, a.1 + b.1),
        (Expr::Binary(Binary::Subtract, _, _), [a, b]) => (a.0 - b.1, a.1 - b.0),
        (Expr::Binary(Binary::Multiply, _, _), [a, b]) => {
            let products = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].map(|(a, b)| a.saturating_mul(b));
            (products.into_iter().min().unwrap_or(ALL.0), products.into_iter().max().unwrap_or(ALL.1))
        }
        (Expr::Call(Func::Div, _), [a, b]) => {
            let most = a.0.abs().max(a.1.abs());
            let flips = b.0 <= -1 && -1 <= b.1;
            (-most, if flips { most } else { most.min(ALL.1) })
        }
        (Expr::Case { .. } | Expr::Call(Func::Coalesce | Func::Greatest | Func::Least, _), [first, rest @ ..])
            if rest.len() + 1 == flowing(typed) =>
        {
            rest.iter().fold(*first, |sum, part| (sum.0.min(part.0), sum.1.max(part.1)))
        }
        (Expr::Column(_) | Expr::Input(_) | Expr::Param(_) | Expr::Cast(..), _) => {
            typed.ty().and_then(Type::integer_range).unwrap_or(ALL)
        }
        (Expr::Call(Func::Length, _), _) => (0, i32::MAX.into()),
        _ => ALL,
    }
}

fn is_integer(typed: &Typed<'_>) -> bool {
    matches!(&typed.kind, Kind::Of(Type::Int { .. } | Type::UInt { .. }))
}

fn flowing(typed: &Typed<'_>) -> usize {
    (0..typed.operands.len()).filter(|at| types::flows(typed.expr, *at)).count()
}
