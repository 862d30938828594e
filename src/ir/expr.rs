//! Expressions over the old row and the incoming row.

use super::{Ident, Selection, Type, Value};
use crate::error::ErrorKind;

/// The deepest nesting of any expression and of any array; a dialect may take less.
pub(crate) const MAX_DEPTH: usize = 64;

/// An expression, without any dialect's syntax in it.
///
/// Every column is read as it was before the update. What each operator and function means exactly is said on
/// [`Binary`], [`Unary`] and [`Func`]; a dialect gives that meaning or refuses.
///
/// # Examples
///
/// ```
/// use setwise::{Expr, Ident};
///
/// let views = Ident::new("views")?;
/// let sum = Expr::Column(views.clone()) + Expr::Input(views);
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expr<'a> {
    /// A constant.
    Value(Value<'a>),
    /// A column of the row before the update.
    Column(Ident),
    /// A column of the incoming row: `new.title`.
    Input(Ident),
    /// A parameter of the update: `:days`.
    Param(Ident),
    /// An operator with one operand.
    Unary(Unary, Box<Expr<'a>>),
    /// An operator with two operands.
    Binary(Binary, Box<Expr<'a>>, Box<Expr<'a>>),
    /// True where all are true, false where one is false, else NULL. Empty is true.
    And(Vec<Expr<'a>>),
    /// True where one is true, false where all are false, else NULL. Empty is false.
    Or(Vec<Expr<'a>>),
    /// Whether the operand is NULL; never NULL itself.
    IsNull(Box<Expr<'a>>),
    /// Whether the operand equals one of a list. An empty list is false; a NULL in the list is refused.
    In(Box<Expr<'a>>, Vec<Expr<'a>>),
    /// Whether the operands equal the columns of one of the rows of a table: `author_id in (select id from authors)`. It is
    /// NULL where none does but a NULL may stand for what does.
    InRows {
        /// The operands, as many as there are columns.
        operands: Vec<Expr<'a>>,
        /// The rows.
        rows: Box<Selection<'a>>,
    },
    /// `operand between low and high`: `operand >= low and operand <= high`.
    Between(Box<Expr<'a>>, Box<Expr<'a>>, Box<Expr<'a>>),
    /// Whether a text matches a constant pattern: `%` is any run of characters, `_` any one; case counts.
    Like {
        /// The text.
        text: Box<Expr<'a>>,
        /// The pattern.
        pattern: Box<str>,
        /// The character that takes the next one literally; none where the pattern needs none.
        escape: Option<char>,
    },
    /// The result of the first branch whose condition is true.
    Case {
        /// The branches, at least one.
        branches: Vec<Branch<'a>>,
        /// The result where no condition is true; NULL where absent.
        otherwise: Option<Box<Expr<'a>>>,
    },
    /// The operand as another type, with the same value, or an error. See [`Func`] for what rounds.
    Cast(Box<Expr<'a>>, Type),
    /// A function.
    Call(Func, Vec<Expr<'a>>),
}

/// A branch of a `case` expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch<'a> {
    /// The condition.
    pub when: Expr<'a>,
    /// The result where the condition is true.
    pub then: Expr<'a>,
}

/// An operator with one operand. NULL gives NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `not a`.
    Not,
    /// `-a`, of a number. An integer result outside 64 bits is an error.
    Negate,
}

/// An operator with two operands. NULL gives NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b`, of numbers of one kind (integers in 64 bits, floats, decimals), or a date or timestamp and a
    /// duration ([`Func::Days`] and its like). An integer result outside 64 bits is an error.
    Add,
    /// `a - b`, as `Add`.
    Subtract,
    /// `a * b`, as `Add` without the durations.
    Multiply,
    /// `a / b`, of floats. The divisor is a constant other than zero, or `nullif(b, 0)`, which gives NULL.
    /// For integers say [`Func::Div`].
    Divide,
    /// `a = b`. Text is compared by its characters: case, accents and trailing spaces count.
    Equal,
    /// `a <> b`.
    NotEqual,
    /// `a < b`. Text is ordered by code point.
    Less,
    /// `a <= b`.
    LessOrEqual,
    /// `a > b`.
    Greater,
    /// `a >= b`.
    GreaterOrEqual,
    /// `a is distinct from b`: as `a <> b`, but NULL equals NULL and differs from all else; never NULL itself.
    IsDistinct,
}

impl Binary {
    /// The operator as it is written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::IsDistinct => "is distinct from",
        }
    }
}

/// A function whose meaning is the same on every engine. NULL gives NULL unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Func {
    /// `coalesce(a, b, …)`: the first that is not NULL.
    Coalesce,
    /// `nullif(a, b)`: NULL where `a = b`, else `a`.
    Nullif,
    /// `abs(a)` of a number.
    Abs,
    /// `round(a)` or `round(a, digits)` of a decimal, half away from zero; `digits` is a constant from 0 to 30.
    Round,
    /// `floor(a)`: the greatest whole number not above a decimal or float.
    Floor,
    /// `ceil(a)`: the least whole number not below a decimal or float.
    Ceil,
    /// `div(a, b)` of integers, towards zero; the divisor as for [`Binary::Divide`].
    Div,
    /// `mod(a, b)` of integers, with the sign of `a`; the divisor as for [`Binary::Divide`].
    Mod,
    /// `length(a)`: the characters (code points) of a text.
    Length,
    /// `lower(a)`: A to Z become small; other characters stay.
    Lower,
    /// `upper(a)`: a to z become large; other characters stay.
    Upper,
    /// `trim(a)`: without spaces (U+0020) at both ends.
    Trim,
    /// `substring(a, from)` or `substring(a, from, count)`: from the `from`-th character, both constants, 1 and up.
    Substring,
    /// `replace(a, from, to)`: every occurrence; case counts. `from` is a constant and not empty.
    Replace,
    /// `concat(a, b, …)` of texts; NULL where one of them is NULL.
    Concat,
    /// `greatest(a, b, …)` of numbers, dates or timestamps; NULL where one of them is NULL.
    Greatest,
    /// `least(a, b, …)`, as `greatest`.
    Least,
    /// `now()`: one instant for the whole script.
    Now,
    /// `current_date()`: the day of [`Func::Now`] in UTC.
    CurrentDate,
    /// `days(n)`: a duration of whole days, to be added to a date, timestamp or instant.
    Days,
    /// `hours(n)`: a duration, to be added to a timestamp or instant.
    Hours,
    /// `minutes(n)`: as `hours`.
    Minutes,
    /// `seconds(n)`: as `hours`.
    Seconds,
}

impl Func {
    /// All functions, in the order of their documentation.
    pub const ALL: [Self; 23] = [
        Self::Coalesce,
        Self::Nullif,
        Self::Abs,
        Self::Round,
        Self::Floor,
        Self::Ceil,
        Self::Div,
        Self::Mod,
        Self::Length,
        Self::Lower,
        Self::Upper,
        Self::Trim,
        Self::Substring,
        Self::Replace,
        Self::Concat,
        Self::Greatest,
        Self::Least,
        Self::Now,
        Self::CurrentDate,
        Self::Days,
        Self::Hours,
        Self::Minutes,
        Self::Seconds,
    ];

    /// The name in the setwise language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coalesce => "coalesce",
            Self::Nullif => "nullif",
            Self::Abs => "abs",
            Self::Round => "round",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Div => "div",
            Self::Mod => "mod",
            Self::Length => "length",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Trim => "trim",
            Self::Substring => "substring",
            Self::Replace => "replace",
            Self::Concat => "concat",
            Self::Greatest => "greatest",
            Self::Least => "least",
            Self::Now => "now",
            Self::CurrentDate => "current_date",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Seconds => "seconds",
        }
    }

    /// How many arguments the function takes, least and most.
    #[must_use]
    pub fn arity(self) -> (usize, usize) {
        match self {
            Self::Now | Self::CurrentDate => (0, 0),
            Self::Abs | Self::Floor | Self::Ceil | Self::Length | Self::Lower | Self::Upper | Self::Trim => (1, 1),
            Self::Days | Self::Hours | Self::Minutes | Self::Seconds => (1, 1),
            Self::Round => (1, 2),
            Self::Nullif | Self::Div | Self::Mod => (2, 2),
            Self::Substring => (2, 3),
            Self::Replace => (3, 3),
            Self::Coalesce | Self::Concat | Self::Greatest | Self::Least => (2, 64),
        }
    }
}

impl<'a> Expr<'a> {
    /// The operands, in order. The condition of a [`Selection`] is none: it reads another row.
    pub fn operands(&self) -> Vec<&Expr<'a>> {
        match self {
            Self::Value(_) | Self::Column(_) | Self::Input(_) | Self::Param(_) => Vec::new(),
            Self::Unary(_, a) | Self::IsNull(a) | Self::Cast(a, _) | Self::Like { text: a, .. } => vec![a],
            Self::Binary(_, a, b) => vec![a, b],
            Self::Between(a, b, c) => vec![a, b, c],
            Self::And(list) | Self::Or(list) | Self::Call(_, list) => list.iter().collect(),
            Self::InRows { operands, rows: _ } => operands.iter().collect(),
            Self::In(a, list) => std::iter::once(&**a).chain(list).collect(),
            Self::Case { branches, otherwise } => {
                branches.iter().flat_map(|b| [&b.when, &b.then]).chain(otherwise.as_deref()).collect()
            }
        }
    }

    /// Moves the operands out, and leaves something without operands.
    fn take_operands(&mut self, taken: &mut Vec<Self>) {
        let mut take = |operand: &mut Self| taken.push(std::mem::replace(operand, Self::Value(Value::Null)));
        match self {
            Self::Value(_) | Self::Column(_) | Self::Input(_) | Self::Param(_) => {}
            Self::Unary(_, a) | Self::IsNull(a) | Self::Cast(a, _) | Self::Like { text: a, .. } => take(a),
            Self::Binary(_, a, b) => [a, b].into_iter().for_each(|operand| take(operand)),
            Self::Between(a, b, c) => [a, b, c].into_iter().for_each(|operand| take(operand)),
            Self::And(list) | Self::Or(list) | Self::Call(_, list) => taken.append(list),
            Self::InRows { operands, rows } => {
                taken.append(operands);
                taken.extend(rows.filter.take());
            }
            Self::In(a, list) => {
                take(a);
                taken.append(list);
            }
            Self::Case { branches, otherwise } => {
                branches.iter_mut().flat_map(|b| [&mut b.when, &mut b.then]).for_each(&mut take);
                otherwise.iter_mut().for_each(|operand| take(operand));
            }
        }
    }

    /// The rows of a table that it reads, its operands apart.
    pub(crate) fn selection(&self) -> Option<&Selection<'a>> {
        if let Self::InRows { operands: _, rows } = self { Some(rows) } else { None }
    }

    /// The operands, and the condition of a selection.
    fn parts(&self) -> Vec<&Expr<'a>> {
        let mut parts = self.operands();
        parts.extend(self.selection().and_then(Selection::condition));
        parts
    }

    /// The operands, in order, to be changed.
    fn operands_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Value(_) | Self::Column(_) | Self::Input(_) | Self::Param(_) => Vec::new(),
            Self::Unary(_, a) | Self::IsNull(a) | Self::Cast(a, _) | Self::Like { text: a, .. } => vec![a],
            Self::Binary(_, a, b) => vec![a, b],
            Self::Between(a, b, c) => vec![a, b, c],
            Self::And(list) | Self::Or(list) | Self::Call(_, list) => list.iter_mut().collect(),
            Self::InRows { operands, rows: _ } => operands.iter_mut().collect(),
            Self::In(a, list) => std::iter::once(&mut **a).chain(list).collect(),
            Self::Case { branches, otherwise } => {
                let parts = branches.iter_mut().flat_map(|b| [&mut b.when, &mut b.then]);
                parts.chain(otherwise.as_deref_mut()).collect()
            }
        }
    }

    /// Changes the names of columns and of incoming columns.
    pub(crate) fn rename(&mut self, change: &impl Fn(&mut Ident)) {
        if let Self::Column(name) | Self::Input(name) = self {
            change(name);
        }
        self.operands_mut().into_iter().for_each(|operand| operand.rename(change));
    }

    /// Whether the expression is nested deeper than so many levels; safe for any depth.
    pub(crate) fn is_deeper(&self, most: usize) -> bool {
        let (mut next, mut open) = (Some((self, 1usize)), Vec::new());
        while let Some((expr, depth)) = next.take().or_else(|| open.pop()) {
            if depth > most {
                return true;
            }
            open.extend(expr.parts().into_iter().map(|part| (part, depth + 1)));
        }
        false
    }

    /// The expression must not be nested deeper than any engine takes, so that the stages can recurse.
    pub(crate) fn check_depth(&self) -> Result<(), ErrorKind> {
        if self.is_deeper(MAX_DEPTH) { Err(ErrorKind::TooDeep { most: MAX_DEPTH }) } else { Ok(()) }
    }

    /// The expression and all of its operands, theirs too, without recursion: what reads the row that is updated.
    pub(crate) fn walk(&self) -> impl Iterator<Item = &Expr<'a>> {
        self.walk_by(Self::operands)
    }

    /// As [`walk`](Self::walk), with the conditions of selections, whose columns are of other tables.
    pub(crate) fn walk_all(&self) -> impl Iterator<Item = &Expr<'a>> {
        self.walk_by(Self::parts)
    }

    fn walk_by<'e>(&'e self, parts: impl Fn(&'e Self) -> Vec<&'e Self>) -> impl Iterator<Item = &'e Self> {
        // most are leaves, for which nothing is allocated
        let (mut first, mut open) = (Some(self), Vec::new());
        std::iter::from_fn(move || {
            let next = first.take().or_else(|| open.pop())?;
            open.extend(parts(next));
            Some(next)
        })
    }

    /// The columns of the old row that it reads.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Ident> {
        self.walk().filter_map(|part| if let Self::Column(name) = part { Some(name) } else { None })
    }

    /// The incoming columns that it reads.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Ident> {
        self.walk().filter_map(|part| if let Self::Input(name) = part { Some(name) } else { None })
    }

    /// The parameters that it reads.
    pub(crate) fn params(&self) -> impl Iterator<Item = &Ident> {
        self.walk_all().filter_map(|part| if let Self::Param(name) = part { Some(name) } else { None })
    }

    /// The selections that it reads, those within the conditions of others too.
    pub(crate) fn selections(&self) -> impl Iterator<Item = &Selection<'a>> {
        self.walk_all().filter_map(Self::selection)
    }

    /// Not this.
    #[must_use]
    pub fn negate(self) -> Self {
        Self::Unary(Unary::Not, Box::new(self))
    }

    /// `self = other`.
    #[must_use]
    pub fn equals(self, other: impl Into<Self>) -> Self {
        Self::Binary(Binary::Equal, Box::new(self), Box::new(other.into()))
    }

    /// `self < other`.
    #[must_use]
    pub fn less_than(self, other: impl Into<Self>) -> Self {
        Self::Binary(Binary::Less, Box::new(self), Box::new(other.into()))
    }

    /// `self in (select …)`.
    #[must_use]
    pub fn is_in(self, rows: Selection<'a>) -> Self {
        Self::InRows { operands: vec![self], rows: Box::new(rows) }
    }

    /// `self and other`.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self::And(vec![self, other.into()])
    }

    /// `self or other`.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self::Or(vec![self, other.into()])
    }
}

/// Drops operands one after the other, so that no depth overflows the stack.
impl Drop for Expr<'_> {
    fn drop(&mut self) {
        let mut open = Vec::new();
        self.take_operands(&mut open);
        while let Some(mut next) = open.pop() {
            next.take_operands(&mut open);
        }
    }
}

impl<'a, T: Into<Value<'a>>> From<T> for Expr<'a> {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

macro_rules! arithmetic {
    ($($trait:ident :: $method:ident => $op:ident;)*) => {
        $(impl<'a, T: Into<Expr<'a>>> std::ops::$trait<T> for Expr<'a> {
            type Output = Expr<'a>;
            fn $method(self, other: T) -> Expr<'a> {
                Expr::Binary(Binary::$op, Box::new(self), Box::new(other.into()))
            }
        })*
    };
}

arithmetic! {
    Add::add => Add;
    Sub::sub => Subtract;
    Mul::mul => Multiply;
    Div::div => Divide;
}
