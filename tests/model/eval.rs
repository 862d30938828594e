//! Expressions over the old row and the incoming row.

use bigdecimal::Zero as _;
use std::cmp::Ordering;

use setwise::{Binary, Branch, Cells, Expr, Ident, Param, Table, Timestamp, Unary, Value};

use super::arithmetic::{arithmetic, unary};
use super::compare::{equal, order};
use super::datum::{Datum, MISTYPED};
use super::functions::call;
use super::select::Tables;
use super::{Class, store};

/// What an expression can read.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    pub table: &'s Table,
    pub tables: Tables<'s>,
    pub old: Option<&'s [Value<'static>]>,
    pub input: Option<(&'s Cells<'s>, &'s [setwise::Cell<'s>])>,
    pub now: Timestamp,
    pub params: &'s [Param<'s>],
}

pub const UNDECIDED: Class = Class::EngineDependent("an error in a part that does not decide");

impl Scope<'_> {
    /// The value of an expression.
    pub fn eval(&self, expr: &Expr<'_>) -> Result<Datum, Class> {
        match expr {
            Expr::Value(value) => Ok(Datum::of(value)),
            Expr::Column(name) => self.column(name),
            Expr::Input(name) => self.incoming(name),
            Expr::Param(name) => self.argument(name),
            Expr::Unary(op, a) => unary(*op, self.eval(a)?),
            Expr::Binary(op, a, b) => self.binary(*op, a, b),
            Expr::And(list) => self.junction(list, false),
            Expr::Or(list) => self.junction(list, true),
            Expr::IsNull(a) => Ok(Datum::Bool(self.eval(a)?.is_null())),
            Expr::In(a, list) => self.is_in(a, list),
            Expr::InRows { operands, rows } => self.is_in_rows(operands, rows),
            Expr::Between(a, low, high) => {
                let all = self.all([&**a, &**low, &**high]);
                // where one bound decides, the other may fail or not
                let is_outside = |bound: &Expr<'_>, side: Ordering| {
                    let found = self.eval(a).and_then(|a| order(&a, &self.eval(bound)?));
                    found.is_ok_and(|found| found == Some(side))
                };
                if let Err(fault) = all
                    && (is_outside(low, Ordering::Less) || is_outside(high, Ordering::Greater))
                {
                    return Err(undecided(fault));
                }
                let [a, low, high] = all?;
                let above = order(&a, &low)?.map(Ordering::is_ge);
                let below = order(&a, &high)?.map(Ordering::is_le);
                Ok(truth(and(above, below)))
            }
            Expr::Like { text, pattern, escape } => match self.eval(text)? {
                Datum::Null => Ok(Datum::Null),
                Datum::Text(text) => like(&text, pattern, *escape).map(Datum::Bool),
                _ => Err(MISTYPED),
            },
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref()),
            Expr::Cast(a, ty) => store::cast(self.eval(a)?, ty),
            Expr::Call(func, list) => call(self, *func, list),
            _ => Err(Class::Refused("unsupported")),
        }
    }

    /// Whether a condition is true; none for NULL.
    pub fn holds(&self, condition: &Expr<'_>) -> Result<Option<bool>, Class> {
        match self.eval(condition)? {
            Datum::Null => Ok(None),
            Datum::Bool(truth) => Ok(Some(truth)),
            _ => Err(MISTYPED),
        }
    }

    fn column(&self, name: &Ident) -> Result<Datum, Class> {
        let at = self.table.columns().iter().position(|column| column.name() == name);
        let at = at.ok_or(Class::Refused("unknown-column"))?;
        let old = self.old.ok_or(Class::Refused("unknown-column"))?;
        Ok(Datum::read(&old[at], self.table.columns()[at].ty()))
    }

    fn argument(&self, name: &Ident) -> Result<Datum, Class> {
        let param = self.params.iter().find(|param| param.name == *name).ok_or(Class::Refused("unknown-param"))?;
        let value = param.argument.as_ref().ok_or(Class::Refused("missing-argument"))?;
        Ok(Datum::read(value, &param.ty))
    }

    fn incoming(&self, name: &Ident) -> Result<Datum, Class> {
        let (cells, row) = self.input.ok_or(Class::Refused("input-without-rows"))?;
        let at = cells.position(name).ok_or(Class::Refused("unknown-input"))?;
        let column = self.table.find(name);
        match &row[at] {
            setwise::Cell::Value(value) => Ok(match column {
                Some(column) => Datum::read(value, column.ty()),
                None => Datum::of(value),
            }),
            // what a cell says instead stands in its place, or is refused, before anything is computed
            _ => Err(Class::Refused("needs-value")),
        }
    }

    fn binary(&self, op: Binary, a: &Expr<'_>, b: &Expr<'_>) -> Result<Datum, Class> {
        if op == Binary::Divide {
            self.check_divisor(b)?;
        }
        let comparison = !matches!(op, Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide);
        if comparison && op != Binary::IsDistinct && [a, b].iter().any(|e| **e == Expr::Value(Value::Null)) {
            return Err(Class::Refused("compares-null"));
        }
        // MySQL and MariaDB do not compute what is compared with itself
        let is_needless = comparison && a == b;
        let [a, b] = self.all([a, b]).map_err(|fault| if is_needless { undecided(fault) } else { fault })?;
        use std::cmp::Ordering;
        let by = |test: fn(Ordering) -> bool| Ok(truth(order(&a, &b)?.map(test)));
        match op {
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide => arithmetic(op, a, b),
            Binary::Equal => Ok(truth(equal(&a, &b)?)),
            Binary::NotEqual => Ok(truth(equal(&a, &b)?.map(|same| !same))),
            Binary::Less => by(Ordering::is_lt),
            Binary::LessOrEqual => by(Ordering::is_le),
            Binary::Greater => by(Ordering::is_gt),
            Binary::GreaterOrEqual => by(Ordering::is_ge),
            Binary::IsDistinct => Ok(Datum::Bool(match equal(&a, &b)? {
                Some(same) => !same,
                None => a.is_null() != b.is_null(),
            })),
        }
    }

    /// The values of operands of which one that is NULL decides the result.
    fn all<const N: usize>(&self, operands: [&Expr<'_>; N]) -> Result<[Datum; N], Class> {
        let values = self.each(operands.into_iter())?;
        values.try_into().map_err(|_| MISTYPED)
    }

    /// The values of any number of operands of which one that is NULL decides the result.
    pub fn each<'e>(&self, operands: impl Iterator<Item = &'e Expr<'e>>) -> Result<Vec<Datum>, Class> {
        let values: Vec<_> = operands.map(|operand| self.eval(operand)).collect();
        let has_null = values.iter().any(|value| value.as_ref().is_ok_and(Datum::is_null));
        let values: Result<Vec<Datum>, Class> = values.into_iter().collect();
        values.map_err(|fault| if has_null { undecided(fault) } else { fault })
    }

    /// A divisor is a constant other than zero, or `nullif(x, 0)`.
    pub fn check_divisor(&self, divisor: &Expr<'_>) -> Result<(), Class> {
        let zero = |datum: &Datum| match datum {
            Datum::Int(v) => *v == 0,
            Datum::Float(v) => *v == 0.0,
            Datum::Decimal(v) => v.is_zero(),
            _ => false,
        };
        match divisor {
            Expr::Value(value) if zero(&Datum::of(value)) => Err(Class::Refused("zero-divisor")),
            Expr::Value(_) => Ok(()),
            Expr::Call(setwise::Func::Nullif, list) => match list.as_slice() {
                [_, Expr::Value(value)] if zero(&Datum::of(value)) => Ok(()),
                _ => Err(Class::Refused("maybe-zero-divisor")),
            },
            _ => Err(Class::Refused("maybe-zero-divisor")),
        }
    }

    /// `and` where the deciding value is false, `or` where it is true.
    fn junction(&self, list: &[Expr<'_>], decides: bool) -> Result<Datum, Class> {
        let all: Vec<_> = list.iter().map(|part| self.holds(part)).collect();
        let decided = all.contains(&Ok(Some(decides)));
        if let Some(fault) = all.iter().find_map(|part| part.err()) {
            return Err(if decided { undecided(fault) } else { fault });
        }
        let result = if decided {
            Some(decides)
        } else if all.contains(&Ok(None)) {
            None
        } else {
            Some(!decides)
        };
        Ok(truth(result))
    }

    fn is_in(&self, a: &Expr<'_>, list: &[Expr<'_>]) -> Result<Datum, Class> {
        if list.contains(&Expr::Value(Value::Null)) {
            return Err(Class::Refused("null-in-list"));
        }
        if list.is_empty() {
            return Ok(Datum::Bool(false));
        }
        let a = self.eval(a)?;
        let each: Vec<_> = list.iter().map(|b| equal(&a, &self.eval(b)?)).collect();
        if a.is_null() && each.iter().any(Result::is_err) {
            return Err(each.iter().find_map(|part| part.err()).map_or(MISTYPED, undecided));
        }
        let found = each.contains(&Ok(Some(true)));
        if let Some(fault) = each.iter().find_map(|part| part.err()) {
            return Err(if found { undecided(fault) } else { fault });
        }
        Ok(truth(if found {
            Some(true)
        } else if each.contains(&Ok(None)) {
            None
        } else {
            Some(false)
        }))
    }

    fn case(&self, branches: &[Branch<'_>], otherwise: Option<&Expr<'_>>) -> Result<Datum, Class> {
        let mut rest = branches.iter();
        let mut result = None;
        for branch in rest.by_ref() {
            if self.holds(&branch.when)? == Some(true) {
                result = Some(self.eval(&branch.then)?);
                break;
            }
        }
        let skipped = branches.len() - rest.len() - usize::from(result.is_some());
        let not_taken = branches.iter().take(skipped).map(|branch| &branch.then);
        let behind = rest.flat_map(|branch| [&branch.when, &branch.then]);
        self.check_not_taken(not_taken.chain(behind))?;
        match (result, otherwise) {
            (Some(result), otherwise) => {
                self.check_not_taken(otherwise.into_iter())?;
                Ok(result)
            }
            (None, Some(otherwise)) => self.eval(otherwise),
            (None, None) => Ok(Datum::Null),
        }
    }

    /// Engines leave alone what is not taken, but for constants, which they may compute beforehand.
    pub fn check_not_taken<'e>(&self, parts: impl Iterator<Item = &'e Expr<'e>>) -> Result<(), Class> {
        for part in parts {
            match self.eval(part) {
                Err(fault @ Class::Refused(_)) => return Err(fault),
                Err(fault) if !reads_old_row(part) => return Err(undecided(fault)),
                _ => {}
            }
        }
        Ok(())
    }
}

pub(super) fn undecided(fault: Class) -> Class {
    if matches!(fault, Class::Refused(_)) { fault } else { UNDECIDED }
}

/// Whether an expression reads a column of the old row.
pub fn reads_old_row(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Column(_)) || expr.operands().into_iter().any(reads_old_row)
}

/// Whether an expression reads the incoming row.
pub fn reads_input(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Input(_)) || expr.operands().into_iter().any(reads_input)
}

pub(super) fn truth(value: Option<bool>) -> Datum {
    value.map_or(Datum::Null, Datum::Bool)
}

pub(super) fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub const NUL: Class = Class::EngineDependent("a function of a text with U+0000");

/// Whether a text matches a pattern from its first to its last character.
pub fn like(text: &str, pattern: &str, escape: Option<char>) -> Result<bool, Class> {
    enum Part {
        Run,
        Any,
        Is(char),
    }
    let mut parts = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            _ if Some(c) == escape => match chars.next() {
                Some(next) if next == '%' || next == '_' || Some(next) == escape => Part::Is(next),
                _ => return Err(Class::Refused("bad-pattern")),
            },
            '%' => Part::Run,
            '_' => Part::Any,
            c => Part::Is(c),
        });
    }
    if text.contains('\0') || pattern.contains('\0') {
        return Err(NUL);
    }
    let text: Vec<char> = text.chars().collect();
    // ends[i]: whether the parts so far match the first i characters.
    let mut ends = vec![false; text.len() + 1];
    ends[0] = true;
    for part in parts {
        let before = ends.clone();
        for i in 0..=text.len() {
            ends[i] = match part {
                Part::Run => before[..=i].contains(&true),
                Part::Any => i > 0 && before[i - 1],
                Part::Is(c) => i > 0 && before[i - 1] && text[i - 1] == c,
            };
        }
    }
    Ok(ends[text.len()])
}
