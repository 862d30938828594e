//! Prints expressions in the language, with no more parentheses than they need.

use std::fmt::{self, Display, Formatter};

use super::level::Level;
use super::print::{Name, write_list, write_quoted, write_table};
use crate::ir::{Binary, Branch, Expr, Selection, Type, Unary, Value};

/// Writes the expression as the setwise language does.
///
/// # Examples
///
/// ```
/// use setwise::{Expr, Ident};
///
/// let views = || Ident::new("views").map(Expr::Column);
/// assert_eq!(((views()? + 1) * 2).to_string(), "(views + 1) * 2");
/// assert_eq!((views()? + views()? * 2).to_string(), "views + views * 2");
/// # Ok::<(), setwise::Error>(())
/// ```
impl Display for Expr<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Column(column) => Name(column).fmt(f),
            Self::Input(column) => write!(f, "new.{}", Name(column)),
            Self::Param(name) => write!(f, ":{}", Name(name)),
            Self::Unary(Unary::Negate, operand) => write_negated(f, operand),
            Self::Unary(Unary::Not, operand) => write_not(f, operand),
            Self::Binary(operator, left, right) => write_binary(f, operator.symbol(), left, *operator, right),
            Self::And(list) => write_chain(f, list, "and", Level::And),
            Self::Or(list) => write_chain(f, list, "or", Level::Or),
            Self::IsNull(_) | Self::In(..) | Self::InRows { .. } | Self::Between(..) | Self::Like { .. } => {
                write_test(f, self, "")
            }
            Self::Case { branches, otherwise } => {
                f.write_str("case")?;
                for Branch { when, then } in branches {
                    write!(f, " when {when} then {then}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " else {otherwise}")?;
                }
                f.write_str(" end")
            }
            Self::Cast(operand, ty) => write!(f, "cast({operand} as {})", TypeName(ty)),
            Self::Call(func, list) => {
                write!(f, "{}(", func.name())?;
                write_list(f, list)?;
                f.write_str(")")
            }
        }
    }
}

/// How tightly the expression binds as it is printed.
fn level(expr: &Expr<'_>) -> Level {
    match expr {
        Expr::Or(list) if list.len() > 1 => Level::Or,
        Expr::And(list) if list.len() > 1 => Level::And,
        Expr::Unary(Unary::Not, operand) if is_test(operand) => Level::Compare,
        Expr::Unary(Unary::Not, _) => Level::Not,
        Expr::Unary(Unary::Negate, _) => Level::Minus,
        Expr::Binary(operator, ..) => Level::of(*operator),
        Expr::IsNull(_) | Expr::In(..) | Expr::InRows { .. } | Expr::Between(..) | Expr::Like { .. } => Level::Compare,
        Expr::Value(_)
        | Expr::Column(_)
        | Expr::Input(_)
        | Expr::Param(_)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Case { .. }
        | Expr::Cast(..)
        | Expr::Call(..) => Level::Operand,
    }
}

/// Whether `not` is written inside of the test: `is not null`.
fn is_test(expr: &Expr<'_>) -> bool {
    matches!(
        expr,
        Expr::IsNull(_)
            | Expr::In(..)
            | Expr::InRows { .. }
            | Expr::Between(..)
            | Expr::Like { .. }
            | Expr::Binary(Binary::IsDistinct, ..)
    )
}

/// An expression where only tighter ones, or those as tight, stand without parentheses.
struct Within<'e>(&'e Expr<'e>, Level);

impl Display for Within<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if level(self.0) < self.1 { write!(f, "({})", self.0) } else { self.0.fmt(f) }
    }
}

fn write_binary(
    f: &mut Formatter<'_>,
    symbol: &str,
    left: &Expr<'_>,
    operator: Binary,
    right: &Expr<'_>,
) -> fmt::Result {
    let level = Level::of(operator);
    let left_level = if level == Level::Compare { level.tighter() } else { level };
    write!(f, "{} {symbol} {}", Within(left, left_level), Within(right, level.tighter()))
}

/// Writes `a and b`; a list of fewer than two is written as a call.
fn write_chain(f: &mut Formatter<'_>, list: &[Expr<'_>], word: &str, level: Level) -> fmt::Result {
    if list.len() < 2 {
        write!(f, "{word}(")?;
        write_list(f, list)?;
        return f.write_str(")");
    }
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            write!(f, " {word} ")?;
        }
        Within(item, level.tighter()).fmt(f)?;
    }
    Ok(())
}

/// A minus before digits would belong to the number, and two minuses would start a comment.
fn write_negated(f: &mut Formatter<'_>, operand: &Expr<'_>) -> fmt::Result {
    match operand {
        Expr::Value(Value::Int(_) | Value::UInt(_) | Value::Float(_) | Value::Decimal(_)) => write!(f, "-({operand})"),
        Expr::Unary(Unary::Negate, _) => write!(f, "- {operand}"),
        _ => write!(f, "-{}", Within(operand, Level::Minus)),
    }
}

fn write_not(f: &mut Formatter<'_>, operand: &Expr<'_>) -> fmt::Result {
    match operand {
        Expr::Binary(Binary::IsDistinct, left, right) => {
            write_binary(f, "is not distinct from", left, Binary::IsDistinct, right)
        }
        _ if is_test(operand) => write_test(f, operand, "not "),
        _ => write!(f, "not {}", Within(operand, Level::Not)),
    }
}

fn write_test(f: &mut Formatter<'_>, expr: &Expr<'_>, not: &str) -> fmt::Result {
    let inner = Level::Compare.tighter();
    match expr {
        Expr::IsNull(operand) => write!(f, "{} is {not}null", Within(operand, inner)),
        Expr::In(operand, list) => {
            write!(f, "{} {not}in (", Within(operand, inner))?;
            write_list(f, list)?;
            f.write_str(")")
        }
        Expr::InRows { operands, rows } => {
            match operands.as_slice() {
                [operand] => write!(f, "{}", Within(operand, inner))?,
                operands => {
                    f.write_str("(")?;
                    write_list(f, operands)?;
                    f.write_str(")")?;
                }
            }
            write!(f, " {not}in ({rows})")
        }
        Expr::Between(operand, low, high) => {
            write!(f, "{} {not}between ", Within(operand, inner))?;
            write!(f, "{} and {}", Within(low, inner), Within(high, inner))
        }
        Expr::Like { text, pattern, escape } => {
            write!(f, "{} {not}like ", Within(text, inner))?;
            write_quoted(f, pattern, '\'')?;
            if let Some(escape) = escape {
                f.write_str(" escape ")?;
                write_quoted(f, escape.encode_utf8(&mut [0; 4]), '\'')?;
            }
            Ok(())
        }
        _ => expr.fmt(f),
    }
}

/// Writes `select column, … from table where condition`.
impl Display for Selection<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { table, columns, filter } = self;
        f.write_str("select ")?;
        write_list(f, columns)?;
        f.write_str(" from ")?;
        write_table(f, table)?;
        filter.iter().try_for_each(|filter| write!(f, " where {filter}"))
    }
}

/// A type as `cast` names it; names of the engine's own types stand in quotes.
pub(super) struct TypeName<'t>(pub(super) &'t Type);

impl Display for TypeName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Type::Named(name) => write_quoted(f, name.as_str(), '"'),
            Type::Array(element) => write!(f, "{}[]", TypeName(element)),
            Type::Enum { name, labels } => {
                f.write_str("enum ")?;
                if let Some(name) = name {
                    write!(f, "{} ", Name(name))?;
                }
                f.write_str("(")?;
                for (index, label) in labels.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    write_quoted(f, label, '\'')?;
                }
                f.write_str(")")
            }
            ty => ty.fmt(f),
        }
    }
}
