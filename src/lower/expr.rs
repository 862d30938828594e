//! Lowers typed expressions to the dialect's forms; which form has which meaning is in `docs/expressions.md`.

mod assign;
mod change;
mod clock;
mod depth;
mod moment;
mod number;
mod select;
mod text;

pub(crate) use clock::{clock_setup, clock_teardown, has_clock, reads_clock};
pub(crate) use select::of_type;

use crate::check::types::{self, Kind, Scope, Typed};
use crate::dialect::{Casts, Class, Dialect, Greatest, IntegerOperand, Naming, TextOperand};
use crate::error::ErrorKind;
use crate::ir::{Binary, Column, Expr, Func, Ident, TableName, TimestampTz, Type, Unary, Value};
use crate::sql::Sql;

/// The error that engines raise for what must not be stored: the absolute value of the least integer.
pub(super) const FAIL: &str = "abs(-9223372036854775808)";

/// What lowering an expression needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Lowering<'s, 'u> {
    /// The dialect.
    pub dialect: Dialect,
    /// What expressions can read.
    pub scope: &'s Scope<'u>,
    /// The instant of the script, where it is given.
    pub now: Option<TimestampTz>,
    /// Where an incoming column is found, or a constant of the expression in its cells.
    pub input: &'s dyn Fn(&Ident, Option<usize>) -> Option<Sql<'u>>,
    /// Whether incoming integers may have become text on their way into the statement.
    pub loses_integers: bool,
    /// Whether incoming values were checked to fit, as those in memory are.
    pub is_checked: bool,
    /// The columns whose old value is read beside the row, as they may be written already.
    pub old: &'s [&'u Ident],
    /// The table that is updated.
    pub target: &'u TableName,
    /// The table whose columns are read, where it is not that one.
    pub of: Option<&'u TableName>,
}

impl<'u> Lowering<'_, 'u> {
    /// Lowers what a column is set to.
    ///
    /// # Errors
    ///
    /// `unsupported` where the dialect has no form of the same meaning, `too-deep` where its parser would give up.
    pub(crate) fn lower_assignment(
        &self,
        value: &'u Expr<'u>,
        name: &Ident,
        column: Option<&'u Column>,
    ) -> Result<Sql<'u>, ErrorKind> {
        self.check_depth(value)?;
        let typed = types::type_assignment(value, name, column, self.scope).map_err(first)?;
        self.check_typed_depth(&typed)?;
        let digits = match column.map(Column::ty) {
            Some(Type::Timestamp { digits } | Type::TimestampTz { digits }) => *digits,
            _ => 6,
        };
        let sql = Lower { all: self, digits }.assign(&typed, column)?;
        self.check_stack(value, &sql).map(|()| sql)
    }

    /// Lowers what a column is set to in the rows whose flags are all true; in the others it stays as it is.
    ///
    /// # Errors
    ///
    /// As [`lower_assignment`](Self::lower_assignment).
    pub(crate) fn lower_given(
        &self,
        flags: Vec<Sql<'u>>,
        value: &'u Expr<'u>,
        name: &'u Ident,
        column: Option<&'u Column>,
    ) -> Result<Sql<'u>, ErrorKind> {
        let set = self.lower_assignment(value, name, column)?;
        let given = match flags.len() {
            0 => return Ok(set),
            1 => flags.into_iter().next(),
            _ => Some(Sql::Infix("AND", flags)),
        };
        let old = Lower { all: self, digits: 6 }.kept(name, column);
        let sql = Sql::choose(given.ok_or_else(missing_operand)?, set, old);
        self.check_stack(value, &sql).map(|()| sql)
    }

    /// Lowers a condition.
    ///
    /// # Errors
    ///
    /// As [`lower_assignment`](Self::lower_assignment).
    pub(crate) fn lower_condition(&self, condition: &'u Expr<'u>) -> Result<Sql<'u>, ErrorKind> {
        self.check_depth(condition)?;
        let typed = types::type_condition(condition, self.scope).map_err(first)?;
        self.check_typed_depth(&typed)?;
        let sql = Lower { all: self, digits: 6 }.lower(&typed)?;
        self.check_stack(condition, &sql).map(|()| sql)
    }

    /// The engine's parser must have room for the lowered expression.
    fn check_stack(&self, expr: &Expr<'u>, sql: &Sql<'u>) -> Result<(), ErrorKind> {
        let most = self.dialect.fact(|spec| &spec.parser_stack);
        if depth::stack_of(sql) <= most && depth::named_in(sql) <= depth::MOST_NAMED {
            return Ok(());
        }
        let levels = (1..64).find(|levels| !expr.is_deeper(*levels)).unwrap_or(64);
        Err(ErrorKind::TooDeep { most: levels.saturating_sub(1) })
    }

    /// As [`check_depth`](Self::check_depth), with the expressions that are read in the place of incoming columns.
    fn check_typed_depth(&self, typed: &Typed<'u>) -> Result<(), ErrorKind> {
        let most = self.dialect.fact(|spec| &spec.depth);
        if types::is_typed_deeper(typed, most) { Err(ErrorKind::TooDeep { most }) } else { Ok(()) }
    }

    fn check_depth(&self, expr: &Expr<'u>) -> Result<(), ErrorKind> {
        let most = self.dialect.fact(|spec| &spec.depth);
        if expr.is_deeper(most) { Err(ErrorKind::TooDeep { most }) } else { Ok(()) }
    }
}

fn first(errors: Vec<ErrorKind>) -> ErrorKind {
    errors.into_iter().next().unwrap_or(ErrorKind::Internal { what: "type an expression" })
}

fn missing_operand() -> ErrorKind {
    ErrorKind::Internal { what: "find an operand" }
}

/// Lowers the parts of one expression.
#[derive(Clone, Copy)]
struct Lower<'s, 'u> {
    all: &'s Lowering<'s, 'u>,
    /// The digits of a second's fraction to which `now()` is cut.
    digits: u8,
}

impl<'u> Lower<'_, 'u> {
    fn dialect(&self) -> Dialect {
        self.all.dialect
    }

    /// A column of the row as it was.
    fn column(&self, name: &'u Ident) -> Sql<'u> {
        if let Some(table) = self.all.of {
            return Sql::Of(table, name);
        }
        let is_old = self.all.old.iter().any(|old| old.may_be(name));
        if is_old { Sql::Old(name) } else { Sql::Column(name) }
    }

    fn unsupported(&self, what: impl Into<String>, reason: &str) -> ErrorKind {
        ErrorKind::Unsupported { what: what.into(), dialect: self.dialect().to_string(), reason: reason.to_owned() }
    }

    /// An expression in the form in which others compute with it.
    fn lower(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        match typed.expr {
            Expr::Value(_) | Expr::Column(_) | Expr::Input(_) | Expr::Param(_) => self.operand(typed),
            Expr::Unary(Unary::Not, _) => Ok(Sql::Prefix("NOT", Box::new(self.only(typed)?))),
            Expr::Unary(Unary::Negate, _) => self.negate(typed),
            Expr::Binary(op, _, _) => self.binary(*op, typed),
            Expr::And(_) => self.junction(typed, "AND", true),
            Expr::Or(_) => self.junction(typed, "OR", false),
            Expr::IsNull(_) => match typed.operands.as_slice() {
                [a] => Ok(self.compared(a)?.postfix("IS NULL")),
                _ => Err(missing_operand()),
            },
            Expr::In(..) => self.list(typed),
            Expr::InRows { .. } => self.in_rows(typed),
            Expr::Between(..) => match typed.operands.as_slice() {
                [a, low, high] => {
                    let [a, low, high] = self.comparable([a, low, high], false)?;
                    Ok(Sql::Between(Box::new(a), Box::new(low), Box::new(high)))
                }
                _ => Err(missing_operand()),
            },
            Expr::Like { pattern, escape, .. } => self.like(typed, pattern, *escape),
            Expr::Case { branches, .. } => self.case(typed, branches.len()),
            Expr::Cast(_, ty) => self.cast(typed, ty),
            Expr::Call(func, _) => self.call(*func, typed),
        }
    }

    /// The only operand, or the first, lowered.
    fn only(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        typed.operands.first().ok_or_else(missing_operand).and_then(|operand| self.lower(operand))
    }

    /// All operands, lowered.
    fn all(&self, typed: &Typed<'u>) -> Result<Vec<Sql<'u>>, ErrorKind> {
        typed.operands.iter().map(|operand| self.lower(operand)).collect()
    }

    /// A column that stays as it is, in the form in which it goes with its new values.
    fn kept(&self, name: &'u Ident, column: Option<&Column>) -> Sql<'u> {
        let is_text = |ty: &Type| types::is_text(ty) || matches!(ty, Type::Enum { .. } | Type::Json | Type::Jsonb);
        let is_utf8 = self.dialect().fact(|spec| &spec.text_operand) == TextOperand::Utf8mb4;
        match column.map(Column::ty) {
            Some(ty) if is_utf8 && is_text(ty) => self.text_operand(self.column(name), ty),
            _ => self.column(name),
        }
    }

    /// A constant, column or input as it is.
    fn leaf(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        if let (Some(ty), Expr::Column(name) | Expr::Input(name) | Expr::Param(name)) = (typed.ty(), typed.expr)
            && self.dialect().storage(ty).is_none()
        {
            let (ty, column) = (ty.to_string(), name.to_string());
            return Err(ErrorKind::NoSuchType { ty, column, dialect: self.dialect().to_string() });
        }
        match typed.expr {
            Expr::Value(value) => Ok(self.constant(value, typed.ty())),
            Expr::Column(name) => Ok(self.column(name)),
            Expr::Param(name) => self.argument(name),
            Expr::Input(name) => match (self.all.input)(name, typed.slot) {
                Some(Sql::Value { value, ty, .. }) => Ok(Sql::Value { value, ty, cast: true }),
                Some(sql) => Ok(self.restore_integer(sql, typed.ty())),
                None => Err(ErrorKind::Internal { what: "find an incoming column" }),
            },
            _ => self.lower(typed),
        }
    }

    /// What is given for a parameter.
    fn argument(&self, name: &Ident) -> Result<Sql<'u>, ErrorKind> {
        let mut params = self.all.scope.params.iter().enumerate();
        let (at, param) =
            params.find(|(_, param)| param.name == *name).ok_or(ErrorKind::Internal { what: "find a parameter" })?;
        Ok(Sql::Argument { at, value: param.argument.as_ref(), ty: &param.ty })
    }

    /// An incoming integer that may have become text, as an integer again.
    fn restore_integer(&self, sql: Sql<'u>, ty: Option<&Type>) -> Sql<'u> {
        match ty {
            Some(Type::Int { .. }) if self.all.loses_integers => sql.cast("SIGNED"),
            Some(Type::UInt { .. }) if self.all.loses_integers => sql.cast("UNSIGNED"),
            _ => sql,
        }
    }

    /// A constant, in the type that its surroundings give it.
    fn constant(&self, value: &'u Value<'u>, ty: Option<&Type>) -> Sql<'u> {
        let Some(ty) = ty else { return Sql::word("NULL") };
        let wide = self.dialect().fact(|spec| &spec.integer_operand) == IntegerOperand::Bigint;
        match (value, ty) {
            (Value::Int(v), Type::Float64 | Type::Float32) => float_of(&v.to_string(), ty, Value::Int(*v)),
            (Value::Decimal(v), Type::Float64 | Type::Float32) => float_of(v.as_str(), ty, value.clone()),
            (Value::Int(v), Type::Decimal { .. }) => Sql::constant(Value::Decimal((*v).into()), ty.clone()),
            (_, Type::Int { .. } | Type::UInt { bits: 0..=32 }) if wide => Sql::constant(value.clone(), Type::INT64),
            _ => Sql::constant(value.clone(), ty.clone()),
        }
    }

    /// A constant, column or input as others compute with it: integers of 64 bits, text that goes with other text.
    fn operand(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let leaf = self.settled_bytes(typed, self.leaf(typed)?);
        let Some(ty) = typed.ty() else { return Ok(leaf) };
        let wide = self.dialect().fact(|spec| &spec.integer_operand) == IntegerOperand::Bigint;
        let is_value = matches!(leaf, Sql::Value { .. });
        match ty {
            Type::Int { .. } | Type::UInt { bits: 0..=32 } if wide => {
                Ok(retyped(leaf, &Type::INT64).unwrap_or_else(|leaf| widen(self.dialect(), leaf, ty)))
            }
            Type::Float32 => {
                Ok(retyped(leaf, &Type::Float64)
                    .unwrap_or_else(|leaf| state_type(self.dialect(), leaf, &Type::Float64)))
            }
            Type::Int { .. } | Type::UInt { .. } if !is_value => Ok(widen(self.dialect(), leaf, ty)),
            Type::Text { .. } | Type::Char { .. } if !is_value => Ok(self.text_operand(leaf, ty)),
            // beside a text the engine may take that for a char too, and cut its spaces
            Type::Char { .. } => Ok(retyped(leaf, &Type::TEXT).unwrap_or_else(|leaf| leaf)),
            _ => Ok(leaf),
        }
    }

    fn binary(&self, op: Binary, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let [a, b] = typed.operands.as_slice() else { return Err(missing_operand()) };
        let sign = match op {
            Binary::Add | Binary::Subtract if b.kind == Kind::Duration => return self.moved(op, a, b),
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide => return self.arithmetic(op, typed),
            Binary::IsDistinct => return self.distinct(a, b),
            Binary::Equal => "=",
            Binary::NotEqual => "<>",
            Binary::Less => "<",
            Binary::LessOrEqual => "<=",
            Binary::Greater => ">",
            Binary::GreaterOrEqual => ">=",
        };
        let [left, right] = self.comparable([a, b], matches!(op, Binary::Equal | Binary::NotEqual))?;
        let bytes = Sql::infix(left, sign, right);
        if op == Binary::Equal && self.indexed(a, b) {
            let plain = Sql::infix(self.leaf(a)?, sign, self.leaf(b)?);
            return Ok(Sql::infix(plain, "AND", bytes));
        }
        Ok(bytes)
    }

    fn distinct(&self, a: &Typed<'u>, b: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let [left, right] = self.comparable([a, b], true)?;
        Ok(self.differ(left, right))
    }

    fn junction(&self, typed: &Typed<'u>, word: &'static str, empty: bool) -> Result<Sql<'u>, ErrorKind> {
        let mut list = self.all(typed)?;
        Ok(match list.len() {
            0 => Sql::constant(Value::Bool(empty), Type::Bool),
            1 => list.remove(0),
            _ => Sql::Infix(word, list),
        })
    }

    fn list(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        match typed.operands.as_slice() {
            [_] => Ok(Sql::constant(Value::Bool(false), Type::Bool)),
            [_, ..] => {
                let (operand, list) = self.comparable_list(&typed.operands)?;
                Ok(Sql::In(Box::new(operand), list))
            }
            [] => Err(missing_operand()),
        }
    }

    fn case(&self, typed: &Typed<'u>, branches: usize) -> Result<Sql<'u>, ErrorKind> {
        let mut lowered = self.all(typed)?.into_iter();
        let mut list = Vec::with_capacity(branches);
        for _ in 0..branches {
            match (lowered.next(), lowered.next()) {
                (Some(when), Some(then)) => list.push((when, then)),
                _ => return Err(missing_operand()),
            }
        }
        Ok(Sql::Case(list, lowered.next().map(Box::new)))
    }

    fn call(&self, func: Func, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        match func {
            Func::Coalesce => Ok(Sql::Call("COALESCE", self.all(typed)?)),
            Func::Nullif => self.nullif(typed),
            Func::Abs | Func::Round | Func::Floor | Func::Ceil => self.number_function(func, typed),
            Func::Div | Func::Mod => self.whole_division(func, typed),
            Func::Length | Func::Lower | Func::Upper | Func::Trim => self.text_function(func, typed),
            Func::Substring | Func::Replace | Func::Concat => self.text_function(func, typed),
            Func::Greatest | Func::Least => self.greatest(func == Func::Greatest, typed),
            Func::Now => self.now(typed),
            Func::CurrentDate => self.current_date(),
            Func::Days | Func::Hours | Func::Minutes | Func::Seconds => {
                Err(ErrorKind::Internal { what: "place a duration" })
            }
        }
    }

    fn greatest(&self, greatest: bool, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let list = typed.operands.iter().map(|operand| self.settled(operand)).collect::<Result<Vec<_>, _>>()?;
        let name = if greatest { "GREATEST" } else { "LEAST" };
        Ok(match self.dialect().fact(|spec| &spec.greatest) {
            Greatest::GivesNull => Sql::Call(name, list),
            Greatest::MinMax => Sql::Call(if greatest { "max" } else { "min" }, list),
            Greatest::SkipsNull => self.name_all(list, |list| {
                let nulls = Sql::infix(Sql::Call("num_nulls", list.clone()), "=", Sql::word("0"));
                Sql::Case(vec![(nulls, Sql::Call(name, list))], None)
            }),
        })
    }

    /// Uses a value more than once: by name, unless it is short or the dialect has no names for values.
    fn name(&self, value: Sql<'u>, body: impl FnOnce(Sql<'u>) -> Sql<'u>) -> Sql<'u> {
        self.name_all(vec![value], |mut list| body(list.pop().unwrap_or_else(|| Sql::word("NULL"))))
    }

    /// As [`name`](Self::name), of several values.
    fn name_all(&self, values: Vec<Sql<'u>>, body: impl FnOnce(Vec<Sql<'u>>) -> Sql<'u>) -> Sql<'u> {
        let names = self.dialect().fact(|spec| &spec.naming) == Naming::Subselect;
        if !names || values.iter().all(Sql::is_leaf) {
            return body(values);
        }
        let named = (0..values.len()).map(Sql::Named).collect();
        Sql::Let(values, Box::new(body(named)))
    }

    fn cast(&self, typed: &Typed<'u>, to: &Type) -> Result<Sql<'u>, ErrorKind> {
        let [operand] = typed.operands.as_slice() else { return Err(missing_operand()) };
        let from = match (&operand.kind, operand.expr) {
            (Kind::Of(from), _) if !operand.is_null() => from,
            _ => return self.lower(operand),
        };
        match (Class::of(from), Class::of(to)) {
            (Class::Enum, Class::Text) => self.enum_text(operand),
            (Class::Date, Class::Timestamp) => self.midnight(operand),
            (_, Class::Text) if types::is_integer(from) => {
                let text = self.dialect().fact(|spec| &spec.text_cast);
                Ok(self.text_operand(self.settled(operand)?.cast(text), to))
            }
            _ => self.number_cast(operand, from, to),
        }
    }
}

/// A constant with another type; anything else as it was.
fn retyped<'u>(sql: Sql<'u>, ty: &Type) -> Result<Sql<'u>, Sql<'u>> {
    match sql {
        Sql::Value { value, cast, .. } => Ok(Sql::Value { value, ty: std::borrow::Cow::Owned(ty.clone()), cast }),
        other => Err(other),
    }
}

/// A constant as the nearest float.
fn float_of<'u>(digits: &str, ty: &Type, exact: Value<'u>) -> Sql<'u> {
    let nearest = match ty {
        Type::Float32 => digits.parse::<f32>().map(f64::from),
        _ => digits.parse::<f64>(),
    };
    Sql::constant(nearest.map_or(exact, Value::Float), Type::Float64)
}

/// An integer column as 64 bits with a sign, where the engine would otherwise compute in fewer.
pub(super) fn widen<'u>(dialect: Dialect, leaf: Sql<'u>, ty: &Type) -> Sql<'u> {
    match (dialect.fact(|spec| &spec.integer_operand), ty) {
        (IntegerOperand::Bigint, Type::Int { bits: 33.. }) | (_, Type::UInt { bits: 33.. }) => leaf,
        (IntegerOperand::Bigint, _) => leaf.cast("bigint"),
        (IntegerOperand::Signed, Type::UInt { .. }) => leaf.cast("SIGNED"),
        (IntegerOperand::Signed | IntegerOperand::AsIs, _) => leaf,
    }
}

/// Says the type of an expression where the dialect's engine would go by its own.
pub(super) fn state_type<'u>(dialect: Dialect, sql: Sql<'u>, ty: &Type) -> Sql<'u> {
    let native = dialect.fact(|spec| &spec.casts) == Casts::FirstRow;
    match dialect.storage(ty).and_then(|storage| storage.cast) {
        Some(name) if native => sql.cast(name),
        _ => sql,
    }
}
