//! What is stored: guards where an engine would cut, wrap or keep what does not fit.

use super::number::range;
use super::{FAIL, Lower};
use crate::check::types::{self, Typed, decimal_digits, text_length};
use crate::dialect::{NullInstant, RangeCheck, TextFit};
use crate::error::ErrorKind;
use crate::ir::{Column, Expr, Type, Value};
use crate::sql::Sql;

impl<'u> Lower<'_, 'u> {
    /// What a column is set to.
    pub(super) fn assign(&self, typed: &Typed<'u>, column: Option<&'u Column>) -> Result<Sql<'u>, ErrorKind> {
        let is_leaf = matches!(typed.expr, Expr::Value(_) | Expr::Column(_) | Expr::Input(_) | Expr::Param(_));
        let target = column.map(Column::ty);
        if let Expr::Value(value) = typed.expr {
            return Ok(self.bare(value, target));
        }
        let sql = match typed.expr {
            // what comes in was checked to fit
            Expr::Input(name) if column.is_some() && self.all.is_checked => {
                return (self.all.input)(name, typed.slot)
                    .ok_or(ErrorKind::Internal { what: "find an incoming column" });
            }
            Expr::Input(name) => {
                (self.all.input)(name, typed.slot).ok_or(ErrorKind::Internal { what: "find an incoming column" })?
            }
            Expr::Column(name) => self.column(name),
            Expr::Param(name) => self.argument(name)?,
            _ => self.lower(typed)?,
        };
        let (Some(target), Some(own)) = (target, typed.ty()) else { return self.loose(typed, sql) };
        match target {
            Type::Int { .. } | Type::UInt { .. } => Ok(self.fit_integer(typed, sql, target)),
            Type::Decimal { .. } => Ok(self.fit_decimal(typed, sql, target)),
            Type::Float32 | Type::Float64 => self.fit_float(typed, sql, target, is_leaf),
            Type::Text { .. } | Type::Char { .. } => Ok(self.fit_text(sql, own, target)),
            Type::Bytes { max: Some(most) } => self.fit_bytes(sql, own, *most),
            Type::TimestampTz { .. } if !column.is_some_and(Column::is_nullable) => Ok(self.refuse_null(sql)),
            _ => Ok(sql),
        }
    }

    /// A bare constant is told its type by the column.
    fn bare(&self, value: &'u Value<'u>, target: Option<&Type>) -> Sql<'u> {
        if value.is_null() {
            return Sql::word("NULL");
        }
        let own = crate::check::rows::type_of(value);
        match (value, target) {
            (Value::Decimal(_), Some(float @ (Type::Float32 | Type::Float64))) => {
                match self.constant(value, Some(float)) {
                    Sql::Value { value, .. } => {
                        Sql::Value { value, ty: std::borrow::Cow::Owned(float.clone()), cast: false }
                    }
                    other => other,
                }
            }
            (value, target) => Sql::Value {
                value: std::borrow::Cow::Borrowed(value),
                ty: target.map_or(own, |target| std::borrow::Cow::Owned(target.clone())),
                cast: false,
            },
        }
    }

    /// Nothing is known of the column, or of the expression.
    fn loose(&self, typed: &Typed<'u>, sql: Sql<'u>) -> Result<Sql<'u>, ErrorKind> {
        if self.may_be_real(typed) { self.settled(typed) } else { Ok(sql) }
    }

    fn fit_integer(&self, typed: &Typed<'u>, sql: Sql<'u>, target: &Type) -> Sql<'u> {
        let Some((least, most)) = target.integer_range() else { return sql };
        let (own_least, own_most) = range(typed);
        let wide = matches!(typed.ty(), Some(Type::UInt { bits: 33.. }));
        let fits = least <= own_least && own_most <= most && !wide;
        let between = |value: Sql<'u>| {
            let (least, most) = (Sql::word(least.to_string()), Sql::word(most.to_string()));
            Sql::Between(Box::new(value), Box::new(least), Box::new(most))
        };
        match (self.dialect().fact(|spec| &spec.range_check), target) {
            (RangeCheck::All, _) | (RangeCheck::Standard, Type::Int { bits: 16 | 32 | 64 }) => sql,
            (RangeCheck::Standard, _) if fits => sql,
            (RangeCheck::Standard, _) => self.name(sql, |value| {
                // what is outside is at least 1 or at most -1, so that the sum leaves 64 bits
                let beyond = Sql::Call("abs", vec![value.clone().cast("bigint")]);
                let error = Sql::infix(beyond, "+", Sql::word("9223372036854775807"));
                Sql::choose(between(value.clone()), value, error)
            }),
            (RangeCheck::None, _) if self.may_be_real(typed) => self.name(sql, |value| {
                let real = Sql::infix(Sql::Call("typeof", vec![value.clone()]), "=", Sql::word("'real'"));
                let outside = Sql::Prefix("NOT", Box::new(between(value.clone())));
                let bad = if fits { real } else { Sql::Infix("OR", vec![real, outside]) };
                Sql::choose(bad, Sql::word(FAIL), value)
            }),
            (RangeCheck::None, _) if fits => sql,
            (RangeCheck::None, _) => self.name(sql, |value| {
                let outside = Sql::Prefix("NOT", Box::new(between(value.clone())));
                Sql::choose(outside, Sql::word(FAIL), value)
            }),
        }
    }

    fn fit_decimal(&self, typed: &Typed<'u>, sql: Sql<'u>, target: &Type) -> Sql<'u> {
        if self.dialect().fact(|spec| &spec.range_check) != RangeCheck::None {
            return sql;
        }
        let (digits, _) = self.dialect().fact(|spec| &spec.decimal_digits);
        let most = decimal_digits(target).0.unwrap_or(u32::try_from(digits).unwrap_or(15)).min(18);
        let own = typed.ty().and_then(|own| decimal_digits(own).0);
        if own.is_some_and(|own| own <= most) && typed.ty().is_some_and(|own| !types::is_integer(own)) {
            return sql;
        }
        let limit = 10u64.checked_pow(most).unwrap_or(u64::MAX);
        self.name(sql, |value| {
            let large = Sql::infix(Sql::Call("abs", vec![value.clone()]), ">=", Sql::word(limit.to_string()));
            Sql::choose(large, Sql::word(FAIL), value)
        })
    }

    fn fit_float(&self, typed: &Typed<'u>, sql: Sql<'u>, target: &Type, is_leaf: bool) -> Result<Sql<'u>, ErrorKind> {
        let rounds = *target == Type::Float32 && typed.ty() != Some(&Type::Float32);
        if rounds && self.dialect().fact(|spec| &spec.range_check) == RangeCheck::None {
            return Err(self.unsupported("float of 32 bits", "it would keep all 64"));
        }
        Ok(if is_leaf { sql } else { self.plain_zero(sql) })
    }

    fn fit_text(&self, sql: Sql<'u>, own: &Type, target: &Type) -> Sql<'u> {
        let Some(most) = text_length(target) else { return sql };
        if text_length(own).is_some_and(|own| own <= most) {
            return sql;
        }
        // spaces at its end are none of a char
        let sql = if matches!(target, Type::Char { .. }) { Sql::Call("rtrim", vec![sql]) } else { sql };
        let is_longer = |count| Sql::infix(count, ">", Sql::word(most.to_string()));
        match self.dialect().fact(|spec| &spec.text_fit) {
            TextFit::Unchecked => self.name(sql, |value| {
                // the count ends at a NUL, so what is behind it cannot be judged
                let nul =
                    Sql::infix(Sql::Call("instr", vec![value.clone(), Sql::word("char(0)")]), ">", Sql::word("0"));
                let unfit = Sql::Infix("OR", vec![is_longer(self.count(value.clone())), nul]);
                Sql::choose(unfit, Sql::word(FAIL), value)
            }),
            TextFit::CutsSpaces => self.name(sql, |value| {
                // one more character, so that the engine has an error to raise
                let more = Sql::choose(is_longer(self.count(value.clone())), Sql::word("'!'"), Sql::word("''"));
                self.join(vec![value, more])
            }),
        }
    }

    /// NULL is an error for a column that does not take it, on every engine.
    fn refuse_null(&self, sql: Sql<'u>) -> Sql<'u> {
        match self.dialect().fact(|spec| &spec.null_instant) {
            NullInstant::Error => sql,
            NullInstant::CurrentTime => Sql::Call("COALESCE", vec![sql, Sql::word("''")]),
        }
    }

    fn fit_bytes(&self, sql: Sql<'u>, own: &Type, most: u32) -> Result<Sql<'u>, ErrorKind> {
        if matches!(own, Type::Bytes { max: Some(own) } if *own <= most) {
            return Ok(sql);
        }
        match (self.dialect().fact(|spec| &spec.text_fit), self.dialect().fact(|spec| &spec.range_check)) {
            (TextFit::Unchecked, _) => Ok(self.name(sql, |value| {
                let longer = Sql::infix(self.count(value.clone()), ">", Sql::word(most.to_string()));
                Sql::choose(longer, Sql::word(FAIL), value)
            })),
            (TextFit::CutsSpaces, RangeCheck::All) => Ok(sql),
            (TextFit::CutsSpaces, _) => Err(self.unsupported("limit of bytes", "its columns of bytes have no length")),
        }
    }
}
