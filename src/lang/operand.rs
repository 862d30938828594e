//! Operands of an expression: constants, columns, calls, and whatever has its own brackets.

use super::expr::Tall;
use super::level::Level;
use super::literal::literal;
use super::name::{is_reserved, name};
use super::source::{Fault, Parse, Source, shown, symbol};
use super::text::starts_escaped;
use super::waiting::{ListOf, Waiting};
use crate::error::{ErrorKind, nearest};
use crate::ir::{Expr, Func, Unary};

/// Functions of engines that have another name here.
const FOREIGN: [(&str, &str); 25] = [
    ("ifnull", "coalesce"),
    ("nvl", "coalesce"),
    ("isnull", "coalesce"),
    ("substr", "substring"),
    ("len", "length"),
    ("char_length", "length"),
    ("ceiling", "ceil"),
    ("lcase", "lower"),
    ("ucase", "upper"),
    ("current_timestamp", "now"),
    ("max", "greatest"),
    ("min", "least"),
    ("curdate", "current_date"),
    ("if", "case when … then … else … end"),
    ("iif", "case when … then … else … end"),
    ("decode", "case … when … then … end"),
    ("left", "substring"),
    ("mid", "substring"),
    ("date_add", "a + days(n)"),
    ("dateadd", "a + days(n)"),
    ("date_sub", "a - days(n)"),
    ("convert", "cast(a as type)"),
    ("exists", "a in (select b from t where …)"),
    ("any", "a in (select b from t where …)"),
    ("some", "a in (select b from t where …)"),
];

/// Functions of engines that read several rows.
const OVER_ROWS: [&str; 8] = ["count", "sum", "avg", "row_number", "rank", "dense_rank", "lag", "lead"];

/// What starts an operand.
pub(super) enum Opened<'a> {
    /// All of it.
    Whole(Tall<'a>),
    /// An operator or a bracket, which waits for an operand of its own.
    Waiting(Waiting<'a>),
}

/// Takes an operand, or what starts one, behind what waits for it.
pub(super) fn operand<'a, 's>(source: Source<'a, 's>, top: Option<&Waiting<'a>>) -> Parse<'a, 's, Opened<'a>> {
    match literal(source) {
        Ok((rest, value)) => return Ok((rest, Opened::Whole(Tall::leaf(Expr::Value(value))))),
        Err(nom::Err::Error(Fault::Mismatch)) => {}
        Err(fault) => return Err(fault),
    }
    if let Some(rest) = source.strip("(") {
        return Ok((rest, Opened::Waiting(Waiting::Parentheses)));
    }
    if let Some(rest) = source.strip(":") {
        let (rest, param) = name("a parameter")(rest)?;
        return Ok((rest, Opened::Whole(Tall::leaf(Expr::Param(param)))));
    }
    // A minus directly before a digit has been taken as part of the number.
    if let Some(rest) = source.strip("-") {
        return Ok((rest, Opened::Waiting(Waiting::Unary(Unary::Negate))));
    }
    let (spelled, rest) = source.word();
    if spelled.is_empty() || starts_escaped(source, '"') {
        return column(source);
    }
    let after = source.after(rest);
    let is = |known: &str| spelled.eq_ignore_ascii_case(known);
    if is("not") {
        if top.and_then(Waiting::level).is_some_and(|level| level > Level::Not) {
            return Err(source.unexpected(spelled, "an operand", "put `not` and what follows it in parentheses"));
        }
        return Ok((after, Opened::Waiting(Waiting::Unary(Unary::Not))));
    }
    if is("new") {
        let (after, ()) = symbol(".")(after)?;
        let (after, column) = name("a column of the rows")(after)?;
        return Ok((after, Opened::Whole(Tall::leaf(Expr::Input(column)))));
    }
    if is("case") {
        let (rest, case) = Waiting::case(after);
        return Ok((rest, Opened::Waiting(case)));
    }
    if !after.rest().starts_with('(') { column(source) } else { call(source, spelled, after) }
}

/// Takes a word and the parenthesis behind it.
fn call<'a, 's>(source: Source<'a, 's>, spelled: &'a str, after: Source<'a, 's>) -> Parse<'a, 's, Opened<'a>> {
    let is = |known: &str| spelled.eq_ignore_ascii_case(known);
    let (inner, ()) = symbol("(")(after)?;
    let of = match Func::ALL.into_iter().find(|func| is(func.name())) {
        Some(func) => ListOf::Call(func),
        None if is("cast") => return Ok((inner, Opened::Waiting(Waiting::Cast))),
        // These write the lists of fewer than two, which no operator can write.
        None if is("and") => ListOf::And,
        None if is("or") => ListOf::Or,
        None if is_reserved(spelled) => return column(source),
        None => return Err(source.wrong(spelled.len(), unknown_function(spelled))),
    };
    if let Some(rest) = inner.strip(")") {
        return Ok((rest, Opened::Whole(of.over(source, Vec::new(), 0)?)));
    }
    Ok((inner, Opened::Waiting(Waiting::List { of, items: Vec::new(), height: 0 })))
}

fn unknown_function(spelled: &str) -> ErrorKind {
    let name = shown(spelled);
    let foreign = FOREIGN.iter().find(|(foreign, _)| spelled.eq_ignore_ascii_case(foreign));
    let hint = match foreign {
        Some((_, ours)) => format!("; write `{ours}`"),
        None if OVER_ROWS.iter().any(|known| spelled.eq_ignore_ascii_case(known)) => {
            "; an expression reads one row, not several".into()
        }
        None => nearest(&name, Func::ALL.iter().map(|func| func.name())),
    };
    if !hint.is_empty() {
        return ErrorKind::UnknownFunction { name, hint };
    }
    let known: Vec<_> = Func::ALL.iter().map(|func| func.name()).collect();
    ErrorKind::UnknownFunction { name, hint: format!("; there are {}", known.join(", ")) }
}

/// Takes a column of the old row.
fn column<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Opened<'a>> {
    let (rest, column) = name("an expression")(source)?;
    Ok((rest, Opened::Whole(Tall::leaf(Expr::Column(column)))))
}
