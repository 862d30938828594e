//! Expressions, by operator precedence. What waits for an operand waits in a vector, not on the stack, so that no
//! text can exhaust it.

use super::infix::{Infix, infix, test_behind_is, test_behind_not};
use super::level::Level;
use super::literal::text;
use super::operand::{Opened, operand};
use super::select::Select;
use super::source::{Expected, Fault, Parse, Source, symbol, word};
use super::waiting::{Closed, ListOf, Waiting};
use crate::error::ErrorKind;
use crate::ir::Expr;

/// The most that waits at a time: an operator and its parentheses for each level.
const MAX_WAITING: usize = 2 * super::MAX_DEPTH;

/// An expression and the levels of its tree.
#[derive(Debug)]
pub(super) struct Tall<'a> {
    pub(super) expr: Expr<'a>,
    pub(super) height: usize,
}

impl<'a> Tall<'a> {
    /// An expression without operands.
    pub(super) fn leaf(expr: Expr<'a>) -> Self {
        Self { expr, height: 1 }
    }

    /// An expression over operands, the tallest of which has so many levels.
    pub(super) fn over(source: Source<'_, '_>, height: usize, expr: Expr<'a>) -> Result<Self, nom::Err<Fault>> {
        if height >= super::MAX_DEPTH {
            return Err(too_deep(source));
        }
        Ok(Self { expr, height: height + 1 })
    }

    /// The expression, or its negation.
    pub(super) fn negate_if(self, not: bool, source: Source<'_, '_>) -> Result<Self, nom::Err<Fault>> {
        if not { Self::over(source, self.height, self.expr.negate()) } else { Ok(self) }
    }
}

/// The fault of an expression with too many levels.
pub(super) fn too_deep(source: Source<'_, '_>) -> nom::Err<Fault> {
    source.wrong(1, ErrorKind::TooDeep { most: super::MAX_DEPTH })
}

/// Takes an expression.
pub(super) fn expression<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Expr<'a>> {
    let mut source = source;
    let mut waiting = Vec::new();
    loop {
        let (rest, opened) = operand(source, waiting.last())?;
        source = match opened {
            Opened::Waiting(_) if waiting.len() == MAX_WAITING => return Err(too_deep(source)),
            Opened::Waiting(what) => {
                waiting.push(what);
                rest
            }
            Opened::Whole(operand) => match operators(rest, &mut waiting, operand)? {
                (rest, Some(whole)) => return Ok((rest, whole.expr)),
                _ if waiting.len() > MAX_WAITING => return Err(too_deep(source)),
                (rest, None) => rest,
            },
        };
    }
}

/// Takes operators and closing brackets behind an operand, up to where another operand is needed, or to the end.
fn operators<'a, 's>(
    source: Source<'a, 's>,
    waiting: &mut Vec<Waiting<'a>>,
    operand: Tall<'a>,
) -> Parse<'a, 's, Option<Tall<'a>>> {
    let (mut source, mut left) = (source, operand);
    // The operator that made the left side; a tighter one behind it would have been taken with its right operand.
    let mut made_by = Level::Operand;
    loop {
        let Some((after, infix)) = infix(source)? else {
            while let Some(top) = waiting.pop_if(|top| top.level().is_some()) {
                left = top.join(source, left)?;
            }
            match waiting.pop() {
                None => return Ok((source, Some(left))),
                Some(bracket) => match bracket.close(source, left)? {
                    (rest, Closed::Waiting(again)) => {
                        waiting.push(again);
                        return Ok((rest, None));
                    }
                    (rest, Closed::Whole(whole)) => (source, left, made_by) = (rest, whole, Level::Operand),
                },
            }
            continue;
        };
        let level = infix.level();
        while let Some(top) = waiting.pop_if(|top| top.yields_to(level)) {
            if let Waiting::Between { operand, low: None, not } = top {
                let (rest, ()) = word("and")(source)?;
                waiting.push(Waiting::Between { operand, low: Some(left), not });
                return Ok((rest, None));
            }
            made_by = top.level().unwrap_or(made_by);
            left = top.join(source, left)?;
        }
        if level > made_by || (level == Level::Compare && made_by == Level::Compare) {
            let token = source.rest().get(..after.end() - source.offset()).unwrap_or_default();
            let expected = "`and`, `or` or the end of the expression";
            let hint = "comparisons do not chain, join them with `and` or put one in parentheses";
            return Err(source.unexpected(token, expected, hint));
        }
        match apply(source, after, infix, waiting, left)? {
            (rest, None) => return Ok((rest, None)),
            (rest, Some(test)) => (source, left, made_by) = (rest, test, Level::Compare),
        }
    }
}

/// Makes a test that needs no other operand, or lets the operator wait for one.
fn apply<'a, 's>(
    start: Source<'a, 's>,
    source: Source<'a, 's>,
    infix: Infix,
    waiting: &mut Vec<Waiting<'a>>,
    left: Tall<'a>,
) -> Parse<'a, 's, Option<Tall<'a>>> {
    let (source, infix, not) = match infix {
        Infix::Is => test_behind_is(source)?,
        Infix::Not => test_behind_not(source)?,
        infix => (source, infix, false),
    };
    let (source, waits) = match infix {
        Infix::Null => {
            let test = Tall::over(start, left.height, Expr::IsNull(Box::new(left.expr)))?;
            return Ok((source, Some(test.negate_if(not, start)?)));
        }
        Infix::Like => {
            let (source, test) = like(start, source, left)?;
            return Ok((source, Some(test.negate_if(not, start)?)));
        }
        Infix::In => {
            let (source, ()) = symbol("(")(source)?;
            if let Some(rest) = source.strip(")") {
                let test = Tall::over(start, left.height, Expr::In(Box::new(left.expr), Vec::new()))?;
                return Ok((rest, Some(test.negate_if(not, start)?)));
            }
            let height = left.height;
            if let Some(rest) = source.strip_word("select") {
                return match Select::behind_select(start, rest, vec![left.expr], height, not)? {
                    (rest, Closed::Whole(test)) => Ok((rest, Some(test))),
                    (rest, Closed::Waiting(select)) => {
                        waiting.push(select);
                        Ok((rest, None))
                    }
                };
            }
            (source, Waiting::List { of: ListOf::In { operand: Box::new(left.expr), not }, items: Vec::new(), height })
        }
        Infix::Between => (source, Waiting::Between { operand: left, low: None, not }),
        Infix::Binary(operator) => (source, Waiting::Binary { operator, left, not }),
        Infix::And | Infix::Or | Infix::Is | Infix::Not => {
            let or = infix == Infix::Or;
            let (mut items, height) =
                match waiting.pop_if(|top| matches!(top, Waiting::Chain { or: same, .. } if *same == or)) {
                    Some(Waiting::Chain { items, height, .. }) => (items, height),
                    _ => (Vec::new(), 0),
                };
            items.push(left.expr);
            (source, Waiting::Chain { or, items, height: height.max(left.height) })
        }
    };
    waiting.push(waits);
    Ok((source, None))
}

/// Takes the pattern that follows `like`, and its escape character.
fn like<'a, 's>(start: Source<'a, 's>, source: Source<'a, 's>, left: Tall<'a>) -> Parse<'a, 's, Tall<'a>> {
    let (source, pattern) = text(source)?;
    let (source, escape) = match word("escape")(source) {
        Err(_) => (source, None),
        Ok((at, ())) => {
            let (source, escape) = text(at)?;
            let mut chars = escape.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => (source, Some(c)),
                _ => return Err(at.mismatch(Expected::Thing("one character in quotes"))),
            }
        }
    };
    let expr = Expr::Like { text: Box::new(left.expr), pattern: pattern.into(), escape };
    Ok((source, Tall::over(start, left.height, expr)?))
}
