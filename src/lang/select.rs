//! `in (select …)`: rows of a table, with which operands are compared.

use super::expr::Tall;
use super::name::{name, table_name};
use super::source::{Fault, Parse, Source, list, symbol, word, wrong};
use super::waiting::{Closed, Waiting};
use crate::ir::{Expr, Selection};

/// A selection whose condition is being read, and what is compared with it.
#[derive(Debug)]
pub(super) struct Select<'a> {
    operands: Vec<Expr<'a>>,
    height: usize,
    not: bool,
    rows: Selection<'a>,
}

impl<'a> Select<'a> {
    /// Takes what follows `(a, b`: `) [not] in (select`, and on.
    pub(super) fn behind_row<'s>(
        source: Source<'a, 's>,
        operands: Vec<Expr<'a>>,
        height: usize,
    ) -> Parse<'a, 's, Closed<'a>> {
        let (start, ()) = symbol(")")(source)?;
        let (source, not) = start.strip_word("not").map_or((start, false), |source| (source, true));
        let (source, ()) = word("in")(source)?;
        let (source, ()) = symbol("(")(source)?;
        let (source, ()) = word("select")(source)?;
        Self::behind_select(start, source, operands, height, not)
    }

    /// Takes what follows `in (select`: columns, a table, and the end or what waits for a condition.
    pub(super) fn behind_select<'s>(
        start: Source<'a, 's>,
        source: Source<'a, 's>,
        operands: Vec<Expr<'a>>,
        height: usize,
        not: bool,
    ) -> Parse<'a, 's, Closed<'a>> {
        let (source, rows) = selected(source)?;
        let select = Self { operands, height, not, rows };
        if let Ok((rest, ())) = word("where")(source) {
            return Ok((rest, Closed::Waiting(Waiting::Select(Box::new(select)))));
        }
        let (source, ()) = symbol(")")(source)?;
        Ok((source, Closed::Whole(select.end(start, None)?)))
    }

    /// The test with its condition.
    pub(super) fn end(self, source: Source<'_, '_>, condition: Option<Tall<'a>>) -> Result<Tall<'a>, nom::Err<Fault>> {
        let Self { operands, height, not, mut rows } = self;
        let height = height.max(condition.as_ref().map_or(0, |condition| condition.height));
        if let Some(condition) = condition {
            rows = rows.filter(condition.expr);
        }
        let expr = Expr::InRows { operands, rows: Box::new(rows) };
        Tall::over(source, height, expr)?.negate_if(not, source)
    }
}

/// Takes `a, b from t`.
fn selected<'a, 's>(start: Source<'a, 's>) -> Parse<'a, 's, Selection<'a>> {
    let (source, columns) = list(name("a column"))(start)?;
    let (source, ()) = word("from")(source)?;
    let (source, table) = table_name(source)?;
    let rows = Selection::new(&table, &columns).map_err(wrong)?;
    Ok((source, rows))
}
