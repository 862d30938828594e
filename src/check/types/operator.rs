//! The types of operators.

use super::Typed;
use super::kind::{self, Kind, decimal_digits};
use super::pattern::parse_pattern;
use crate::error::ErrorKind;
use crate::ir::{Binary, Expr, Func, Type, Unary, Value};

/// The type of an operator's result.
pub(super) fn combine<'u>(expr: &'u Expr<'u>, operands: &mut [Typed<'u>]) -> Result<Kind, ErrorKind> {
    match expr {
        Expr::Unary(Unary::Not, _) => all_bool("`not`", operands),
        Expr::And(_) => all_bool("`and`", operands),
        Expr::Or(_) => all_bool("`or`", operands),
        Expr::Unary(Unary::Negate, _) => match operands {
            [a] => negate(a),
            _ => Err(ErrorKind::Internal { what: "find an operand" }),
        },
        Expr::Binary(op, _, _) => match operands {
            [a, b] => binary(*op, a, b),
            _ => Err(ErrorKind::Internal { what: "find two operands" }),
        },
        Expr::IsNull(_) => refuse_durations("`is null`", operands).map(|()| Kind::Of(Type::Bool)),
        Expr::In(_, list) if list.is_empty() => refuse_durations("`in`", operands).map(|()| Kind::Of(Type::Bool)),
        Expr::In(_, _) => match operands {
            [a, ..] if a.is_null() => Err(ErrorKind::ComparesNull),
            [_, list @ ..] if list.iter().any(Typed::is_null) => Err(ErrorKind::NullInList),
            _ => compare("`in`", operands, true),
        },
        Expr::Between(..) if operands.iter().any(Typed::is_null) => Err(ErrorKind::ComparesNull),
        Expr::Between(..) => compare("`between`", operands, false),
        Expr::Like { pattern, escape, .. } => {
            expect_text("`like`", operands)?;
            parse_pattern(pattern, *escape).map(|_| Kind::Of(Type::Bool))
        }
        Expr::Case { branches, .. } => case(branches.len(), operands),
        Expr::Value(_)
        | Expr::Column(_)
        | Expr::Input(_)
        | Expr::Param(_)
        | Expr::Cast(..)
        | Expr::Call(..)
        | Expr::InRows { .. } => Err(ErrorKind::Internal { what: "tell an operator" }),
    }
}

pub(super) fn mistyped(what: &str, expected: &str, found: &Kind) -> ErrorKind {
    ErrorKind::Mistyped { what: what.to_owned(), expected: expected.to_owned(), found: found.to_string() }
}

/// As [`mistyped`], with what to write for one kind beside another.
fn mistyped_beside(what: &str, beside: Option<&Type>, expected: &str, found: &Kind) -> ErrorKind {
    let is_day = |ty: &Type| matches!(ty, Type::Date | Type::Timestamp { .. } | Type::TimestampTz { .. });
    let hint = match (beside, found) {
        (Some(Type::Date), Kind::Of(ty)) if kind::is_text(ty) => "; write `date '…'`",
        (Some(Type::Time { .. }), Kind::Of(ty)) if kind::is_text(ty) => "; write `time '…'`",
        (Some(Type::Timestamp { .. }), Kind::Of(ty)) if kind::is_text(ty) => "; write `timestamp '…'`",
        (Some(Type::TimestampTz { .. }), Kind::Of(ty)) if kind::is_text(ty) => "; write `timestamptz '…'`",
        (Some(one), Kind::Of(other))
            if is_day(one) && kind::is_integer(other) || is_day(other) && kind::is_integer(one) =>
        {
            "; a span is `days(n)`, `hours(n)`, `minutes(n)` or `seconds(n)`"
        }
        _ => "",
    };
    ErrorKind::Mistyped { what: what.to_owned(), expected: expected.to_owned(), found: format!("{found}{hint}") }
}

fn all_bool(what: &str, operands: &mut [Typed<'_>]) -> Result<Kind, ErrorKind> {
    operands.iter_mut().try_for_each(|operand| expect_bool(what, operand)).map(|()| Kind::Of(Type::Bool))
}

pub(super) fn expect_bool(what: &str, operand: &mut Typed<'_>) -> Result<(), ErrorKind> {
    if operand.kind == Kind::Null {
        operand.adapt(&Type::Bool);
    }
    match &operand.kind {
        Kind::Of(Type::Bool) => Ok(()),
        Kind::Unknown => Err(unknown(operand)),
        found => Err(mistyped(what, "true or false", found)),
    }
}

fn unknown(operand: &Typed<'_>) -> ErrorKind {
    let column = match operand.expr {
        Expr::Column(name) | Expr::Input(name) => name.to_string(),
        _ => String::new(),
    };
    ErrorKind::UnknownType { column }
}

pub(super) fn expect_text(what: &str, operands: &mut [Typed<'_>]) -> Result<(), ErrorKind> {
    for operand in operands {
        let text = match &operand.kind {
            Kind::Of(ty) => kind::is_text(ty),
            Kind::Null => operand.adapt(&Type::TEXT),
            Kind::Unknown | Kind::Duration => false,
        };
        if !text {
            return Err(mistyped(what, "text", &operand.kind));
        }
    }
    Ok(())
}

fn refuse_durations(what: &str, operands: &[Typed<'_>]) -> Result<(), ErrorKind> {
    match operands.iter().find(|operand| operand.kind == Kind::Duration) {
        Some(duration) => Err(mistyped(what, "a value", &duration.kind)),
        None => Ok(()),
    }
}

/// Gives the operands one type: that of those which cannot adapt, else that of the constants.
pub(super) fn unify<'a, 't: 'a>(
    what: &str,
    operands: impl Iterator<Item = &'a mut Typed<'t>>,
) -> Result<Option<Type>, ErrorKind> {
    let mut operands: Vec<&mut Typed<'t>> = operands.collect();
    let mut common: Option<Type> = None;
    for fixed in [true, false] {
        for operand in operands.iter().filter(|operand| operand.adapts() != fixed) {
            let joined = match (&common, &operand.kind) {
                (_, Kind::Null) => continue,
                (None, Kind::Of(ty)) => Some(ty.clone()),
                (Some(common), Kind::Of(ty)) => join_adapting(common, ty, operand),
                (_, Kind::Duration | Kind::Unknown) => None,
            };
            let expected = || common.as_ref().map_or_else(|| "a value".to_owned(), ToString::to_string);
            common = Some(joined.ok_or_else(|| mistyped_beside(what, common.as_ref(), &expected(), &operand.kind))?);
        }
    }
    let Some(ty) = common else { return Ok(None) };
    for operand in &mut operands {
        if !operand.adapt(&ty) && !goes_with(&operand.kind, &ty) {
            return Err(mistyped_beside(what, Some(&ty), &ty.to_string(), &operand.kind));
        }
    }
    Ok(Some(ty))
}

/// The type of both, where a constant may have to adapt.
fn join_adapting(common: &Type, ty: &Type, operand: &Typed<'_>) -> Option<Type> {
    if let Some(joined) = kind::join(common, ty) {
        return Some(joined);
    }
    if operand.adapts() {
        let mut trial = operand.clone();
        if trial.adapt(common) {
            return trial.ty().and_then(|ty| kind::join(common, ty));
        }
    }
    // A float among constants makes the others floats, a timestamp makes `now()` one.
    let turns = matches!(
        (common, ty),
        (Type::Int { .. } | Type::Decimal { .. }, Type::Float64) | (Type::TimestampTz { .. }, Type::Timestamp { .. })
    );
    turns.then(|| ty.clone())
}

/// An integer stands beside a decimal, and beside a wide unsigned integer, as it is.
fn goes_with(kind: &Kind, ty: &Type) -> bool {
    match kind {
        Kind::Of(own) => kind::join(own, ty).is_some(),
        Kind::Null | Kind::Unknown | Kind::Duration => false,
    }
}

fn negate(a: &mut Typed<'_>) -> Result<Kind, ErrorKind> {
    match &a.kind {
        Kind::Of(ty) if kind::is_integer(ty) => Ok(Kind::Of(Type::INT64)),
        Kind::Of(ty @ (Type::Decimal { .. } | Type::Float32 | Type::Float64)) => Ok(Kind::Of(ty.clone())),
        found => Err(mistyped("`-`", "a number", found)),
    }
}

fn binary<'u>(op: Binary, a: &mut Typed<'u>, b: &mut Typed<'u>) -> Result<Kind, ErrorKind> {
    let symbol: &str = &quoted(op);
    let pair = [&mut *a, &mut *b];
    match op {
        Binary::Add | Binary::Subtract if pair.iter().any(|operand| operand.kind == Kind::Duration) => {
            moved(symbol, a, b)
        }
        Binary::Add | Binary::Subtract | Binary::Multiply => number(op, a, b),
        Binary::Divide => {
            let ty = unify(symbol, pair.into_iter())?;
            match ty {
                Some(ty) if kind::is_integer(&ty) => return Err(ErrorKind::IntegerDivision),
                Some(ty) if kind::is_float(&ty) => {}
                Some(ty @ Type::Decimal { .. }) => {
                    let found = format!("{ty}; multiply instead, as in `round(a * 0.25, 2)`");
                    return Err(ErrorKind::Mistyped { what: symbol.to_owned(), expected: "floats".to_owned(), found });
                }
                ty => return Err(mistyped(symbol, "floats", &ty.map_or(Kind::Null, Kind::Of))),
            }
            check_divisor(b)?;
            Ok(Kind::Of(Type::Float64))
        }
        Binary::IsDistinct => compare_each(symbol, pair.into_iter(), true),
        Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::LessOrEqual
        | Binary::Greater
        | Binary::GreaterOrEqual => {
            if pair.iter().any(|operand| operand.is_null()) {
                return Err(ErrorKind::ComparesNull);
            }
            compare_each(symbol, pair.into_iter(), matches!(op, Binary::Equal | Binary::NotEqual))
        }
    }
}

fn number<'u>(op: Binary, a: &mut Typed<'u>, b: &mut Typed<'u>) -> Result<Kind, ErrorKind> {
    let symbol: &str = &quoted(op);
    if let Some(null) = [&*a, &*b].into_iter().find(|operand| operand.kind == Kind::Null) {
        return Err(mistyped(symbol, "numbers", &null.kind));
    }
    let ty = unify(symbol, [&mut *a, &mut *b].into_iter())?;
    let digits = |operand: &Typed<'_>| operand.ty().map_or((None, None), decimal_digits);
    match ty {
        Some(ty) if kind::is_integer(&ty) => Ok(Kind::Of(Type::INT64)),
        Some(ty) if kind::is_float(&ty) => Ok(Kind::Of(Type::Float64)),
        Some(Type::Decimal { .. }) => {
            let ((a_whole, a_scale), (b_whole, b_scale)) = (digits(a), digits(b));
            let with = |a: Option<u32>, b: Option<u32>, f: fn(u32, u32) -> u32| a.zip(b).map(|(a, b)| f(a, b));
            Ok(Kind::Of(match op {
                Binary::Multiply => kind::decimal_of(
                    with(a_whole, b_whole, u32::saturating_add),
                    with(a_scale, b_scale, u32::saturating_add),
                ),
                _ => {
                    let whole = with(a_whole, b_whole, u32::max).map(|whole| whole.saturating_add(1));
                    kind::decimal_of(whole, with(a_scale, b_scale, u32::max))
                }
            }))
        }
        Some(ty) if op == Binary::Add && kind::is_text(&ty) => {
            let found = format!("{ty}; write `concat(a, b)`");
            Err(ErrorKind::Mistyped { what: symbol.to_owned(), expected: "numbers".to_owned(), found })
        }
        found => Err(mistyped(symbol, "numbers of one kind", &found.map_or(Kind::Null, Kind::Of))),
    }
}

/// A date or timestamp and a duration.
fn moved(symbol: &str, a: &Typed<'_>, b: &Typed<'_>) -> Result<Kind, ErrorKind> {
    let whole_days = matches!(b.expr, Expr::Call(Func::Days, _));
    match (&a.kind, &b.kind) {
        (Kind::Of(Type::Date), Kind::Duration) if !whole_days => {
            Err(mistyped(symbol, "a timestamp beside hours, minutes and seconds", &a.kind))
        }
        (Kind::Of(ty @ (Type::Date | Type::Timestamp { .. } | Type::TimestampTz { .. })), Kind::Duration) => {
            Ok(Kind::Of(ty.clone()))
        }
        (found, _) => Err(mistyped(symbol, "a date or timestamp before a duration", found)),
    }
}

/// The divisor must not be zero: a constant, or `nullif(b, 0)`.
pub(super) fn check_divisor(divisor: &Typed<'_>) -> Result<(), ErrorKind> {
    match divisor.expr {
        Expr::Value(value) if is_zero(value) => Err(ErrorKind::ZeroDivisor),
        Expr::Value(_) => Ok(()),
        Expr::Call(Func::Nullif, list) => match list.as_slice() {
            [_, Expr::Value(value)] if is_zero(value) => Ok(()),
            _ => Err(ErrorKind::MaybeZeroDivisor),
        },
        _ => Err(ErrorKind::MaybeZeroDivisor),
    }
}

fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Int(v) => *v == 0,
        Value::UInt(v) => *v == 0,
        Value::Float(v) => *v == 0.0,
        Value::Decimal(v) => v.trimmed() == "0",
        _ => false,
    }
}

fn compare(what: &str, operands: &mut [Typed<'_>], equality: bool) -> Result<Kind, ErrorKind> {
    compare_each(what, operands.iter_mut(), equality)
}

/// Operands of one type that engines compare alike.
pub(super) fn compare_each<'a, 't: 'a>(
    what: &str,
    operands: impl Iterator<Item = &'a mut Typed<'t>>,
    equality: bool,
) -> Result<Kind, ErrorKind> {
    let comparable = match unify(what, operands)? {
        None => return Ok(Kind::Of(Type::Bool)),
        Some(Type::Json | Type::Jsonb | Type::Interval | Type::Array(_) | Type::Named(_)) => false,
        Some(Type::Bool | Type::Uuid | Type::Enum { .. }) if !equality => {
            return Err(ErrorKind::Mistyped {
                what: what.to_owned(),
                expected: "values with an order".to_owned(),
                found: "bool, uuid or enum".to_owned(),
            });
        }
        Some(_) => true,
    };
    if comparable {
        return Ok(Kind::Of(Type::Bool));
    }
    let (what, found) = (what.to_owned(), "json, interval, array or a type of the engine's own".to_owned());
    Err(ErrorKind::Mistyped { what, expected: "values that engines compare alike".to_owned(), found })
}

fn case(branches: usize, operands: &mut [Typed<'_>]) -> Result<Kind, ErrorKind> {
    if branches == 0 {
        return Err(ErrorKind::BadArgument { function: "case", expected: "at least one `when`" });
    }
    let mut results = Vec::new();
    for (at, operand) in operands.iter_mut().enumerate() {
        if at % 2 == 1 || at == branches * 2 {
            results.push(operand);
        } else {
            expect_bool("`when`", operand)?;
        }
    }
    choice("`case`", results.into_iter())
}

/// The type of an expression that is one of its operands.
pub(super) fn choice<'a, 't: 'a>(
    what: &str,
    operands: impl Iterator<Item = &'a mut Typed<'t>>,
) -> Result<Kind, ErrorKind> {
    let operands: Vec<_> = operands.collect();
    let wide = operands.iter().filter(|operand| matches!(operand.ty(), Some(Type::UInt { bits: 33.. }))).count();
    let whole = operands.iter().filter(|operand| !operand.adapts() && operand.ty().is_some_and(kind::is_integer));
    if wide > 0 && whole.count() > 0 {
        return Err(mistyped(what, "int64 or uint64, not both", &Kind::Of(Type::UInt { bits: 64 })));
    }
    Ok(unify(what, operands.into_iter())?.map_or(Kind::Null, Kind::Of))
}

/// An operator as messages show it.
fn quoted(op: Binary) -> String {
    format!("`{}`", op.symbol())
}
