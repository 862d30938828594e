//! Parts of an expression that wait for an operand.

use super::expr::Tall;
use super::level::Level;
use super::select::Select;
use super::source::{Fault, Parse, Source, symbol, word};
use super::types::as_type;
use crate::error::ErrorKind;
use crate::ir::{Binary, Branch, Expr, Func, Unary};

/// The most bytes of `x` in `case x when`: every branch gets a copy of it.
const MAX_CASE_OPERAND: usize = 200;

/// A part of an expression that waits for an operand: an operator for its last, a bracket for what it holds.
#[derive(Debug)]
pub(super) enum Waiting<'a> {
    Unary(Unary),
    Binary {
        operator: Binary,
        left: Tall<'a>,
        not: bool,
    },
    /// `a and b and`, `a or b or`.
    Chain {
        or: bool,
        items: Vec<Expr<'a>>,
        height: usize,
    },
    /// Without `low` it waits for that one and an `and`, else for the upper limit.
    Between {
        operand: Tall<'a>,
        low: Option<Tall<'a>>,
        not: bool,
    },
    Parentheses,
    List {
        of: ListOf<'a>,
        items: Vec<Expr<'a>>,
        height: usize,
    },
    Cast,
    Case(Box<Case<'a>>),
    /// `(a, b) in (select c, d from t where`.
    Select(Box<Select<'a>>),
}

/// What a list in parentheses belongs to.
#[derive(Debug)]
pub(super) enum ListOf<'a> {
    Call(Func),
    And,
    Or,
    In {
        operand: Box<Expr<'a>>,
        not: bool,
    },
    /// `(a, b)`, which only `in (select …)` may follow.
    Row,
}

impl<'a> ListOf<'a> {
    /// The expression over the list.
    pub(super) fn over(
        self,
        source: Source<'_, '_>,
        items: Vec<Expr<'a>>,
        height: usize,
    ) -> Result<Tall<'a>, nom::Err<Fault>> {
        match self {
            Self::Call(func) => Tall::over(source, height, Expr::Call(func, items)),
            Self::And => Tall::over(source, height, Expr::And(items)),
            Self::Or => Tall::over(source, height, Expr::Or(items)),
            Self::In { operand, not } => Tall::over(source, height, Expr::In(operand, items))?.negate_if(not, source),
            Self::Row => Err(word("in")(source).err().unwrap_or(nom::Err::Error(Fault::Mismatch))),
        }
    }
}

/// A `case` that is not at its end.
#[derive(Debug)]
pub(super) struct Case<'a> {
    from: usize,
    operand: Option<Tall<'a>>,
    branches: Vec<Branch<'a>>,
    height: usize,
    part: Part<'a>,
}

/// The part of a `case` that is being read.
#[derive(Debug)]
enum Part<'a> {
    Operand,
    When,
    Then(Expr<'a>),
    Else,
}

/// What became of a bracket behind one of its operands.
pub(super) enum Closed<'a> {
    /// It is closed, and is an operand itself.
    Whole(Tall<'a>),
    /// It waits for another operand.
    Waiting(Waiting<'a>),
}

impl<'a> Waiting<'a> {
    /// What follows `case`.
    pub(super) fn case<'s>(source: Source<'a, 's>) -> (Source<'a, 's>, Self) {
        let (source, part) = match source.strip_word("when") {
            Some(rest) => (rest, Part::When),
            None => (source, Part::Operand),
        };
        let case = Case { from: source.offset(), operand: None, branches: Vec::new(), height: 0, part };
        (source, Self::Case(Box::new(case)))
    }

    /// The level of an operator; none for a bracket.
    pub(super) fn level(&self) -> Option<Level> {
        match self {
            Self::Unary(Unary::Not) => Some(Level::Not),
            Self::Unary(Unary::Negate) => Some(Level::Minus),
            Self::Binary { operator, .. } => Some(Level::of(*operator)),
            Self::Chain { or: true, .. } => Some(Level::Or),
            Self::Chain { or: false, .. } => Some(Level::And),
            Self::Between { .. } => Some(Level::Compare),
            Self::Parentheses | Self::List { .. } | Self::Cast | Self::Case(_) | Self::Select(_) => None,
        }
    }

    /// Whether an operator of that level ends this one's last operand. Chains grow by their own operator.
    pub(super) fn yields_to(&self, next: Level) -> bool {
        self.level().is_some_and(|level| level > next || (level == next && !matches!(self, Self::Chain { .. })))
    }

    /// The operator with its last operand.
    pub(super) fn join(self, source: Source<'_, '_>, right: Tall<'a>) -> Result<Tall<'a>, nom::Err<Fault>> {
        match self {
            Self::Unary(operator) => Tall::over(source, right.height, Expr::Unary(operator, Box::new(right.expr))),
            Self::Binary { operator, left, not } => {
                let height = left.height.max(right.height);
                let expr = Expr::Binary(operator, Box::new(left.expr), Box::new(right.expr));
                Tall::over(source, height, expr)?.negate_if(not, source)
            }
            Self::Chain { or, mut items, height } => {
                items.push(right.expr);
                let expr = if or { Expr::Or(items) } else { Expr::And(items) };
                Tall::over(source, height.max(right.height), expr)
            }
            Self::Between { operand, low: Some(low), not } => {
                let height = operand.height.max(low.height).max(right.height);
                let expr = Expr::Between(Box::new(operand.expr), Box::new(low.expr), Box::new(right.expr));
                Tall::over(source, height, expr)?.negate_if(not, source)
            }
            Self::Between { low: None, .. } => {
                Err(word("and")(source).err().unwrap_or(nom::Err::Error(Fault::Mismatch)))
            }
            Self::Parentheses | Self::List { .. } | Self::Cast | Self::Case(_) | Self::Select(_) => Ok(right),
        }
    }

    /// The bracket with an operand of its own, which ends where the source is.
    pub(super) fn close<'s>(self, source: Source<'a, 's>, inner: Tall<'a>) -> Parse<'a, 's, Closed<'a>> {
        let (source, whole) = match self {
            Self::List { of, mut items, height } => {
                items.push(inner.expr);
                let height = height.max(inner.height);
                if let Ok((rest, ())) = symbol(",")(source) {
                    return Ok((rest, Closed::Waiting(Self::List { of, items, height })));
                }
                if let ListOf::Row = of {
                    return Select::behind_row(source, items, height);
                }
                (source, of.over(source, items, height)?)
            }
            Self::Parentheses if source.rest().starts_with(',') => {
                let (rest, ()) = symbol(",")(source)?;
                let row = Self::List { of: ListOf::Row, items: vec![inner.expr], height: inner.height };
                return Ok((rest, Closed::Waiting(row)));
            }
            Self::Select(select) => {
                let (rest, ()) = symbol(")")(source)?;
                return Ok((rest, Closed::Whole(select.end(source, Some(inner))?)));
            }
            Self::Cast => {
                let (source, ty) = as_type(source)?;
                (source, Tall::over(source, inner.height, Expr::Cast(Box::new(inner.expr), ty))?)
            }
            Self::Case(case) => return case.go_on(source, inner),
            _ => (source, inner),
        };
        let (source, ()) = symbol(")")(source)?;
        Ok((source, Closed::Whole(whole)))
    }
}

impl<'a> Case<'a> {
    /// The case with its next part.
    fn go_on<'s>(mut self: Box<Self>, source: Source<'a, 's>, inner: Tall<'a>) -> Parse<'a, 's, Closed<'a>> {
        match std::mem::replace(&mut self.part, Part::When) {
            Part::Operand => {
                if source.strip_word("then").is_some() {
                    let hint = "a case opens with `when`, or with an operand and `when`";
                    return Err(source.unexpected(source.word().0, "an operator or `when`", hint));
                }
                let (rest, ()) = word("when")(source)?;
                self.check_operand(source, &inner.expr)?;
                self.height = inner.height + 1;
                self.operand = Some(inner);
                Ok((rest, Closed::Waiting(Waiting::Case(self))))
            }
            Part::When => {
                let (rest, ()) = word("then")(source)?;
                let when = match &self.operand {
                    Some(operand) => Tall::over(source, inner.height, operand.expr.clone().equals(inner.expr))?,
                    None => inner,
                };
                self.height = self.height.max(when.height);
                self.part = Part::Then(when.expr);
                Ok((rest, Closed::Waiting(Waiting::Case(self))))
            }
            Part::Then(when) => {
                self.height = self.height.max(inner.height);
                self.branches.push(Branch { when, then: inner.expr });
                if let Ok((rest, ())) = word("when")(source) {
                    return Ok((rest, Closed::Waiting(Waiting::Case(self))));
                }
                if let Ok((rest, ())) = word("else")(source) {
                    self.part = Part::Else;
                    return Ok((rest, Closed::Waiting(Waiting::Case(self))));
                }
                self.end(source, None)
            }
            Part::Else => {
                self.height = self.height.max(inner.height);
                self.end(source, Some(Box::new(inner.expr)))
            }
        }
    }

    fn end<'s>(self, source: Source<'a, 's>, otherwise: Option<Box<Expr<'a>>>) -> Parse<'a, 's, Closed<'a>> {
        let (rest, ()) = word("end")(source)?;
        let expr = Expr::Case { branches: self.branches, otherwise };
        Ok((rest, Closed::Whole(Tall::over(source, self.height, expr)?)))
    }

    /// Refuses `x` of `case x when` where its copies could take more memory than the text suggests.
    fn check_operand(&self, source: Source<'_, '_>, operand: &Expr<'_>) -> Result<(), nom::Err<Fault>> {
        if source.end() - self.from <= MAX_CASE_OPERAND && !holds_case(operand) {
            return Ok(());
        }
        let expected = "a short operand without a `case` of its own".into();
        let found = "a long one; write `case when … = … then …`".into();
        Err(source.wrong(4, ErrorKind::Syntax { expected, found }))
    }
}

fn holds_case(expr: &Expr<'_>) -> bool {
    expr.walk_all().any(|part| matches!(part, Expr::Case { .. }))
}
