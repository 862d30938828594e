//! The update statement, clause by clause.

use super::expr::expression;
use super::literal::literal;
use super::name::{name, table_name};
use super::policy::clauses;
use super::source::{Expected, Parse, Source, end, list, symbol, word, wrong};
use super::types::ty;
use super::{Parsed, SourceMap};
use crate::error::ErrorKind;
use crate::ir::{Assignment, Cell, Cells, Ident, Param, Update};

/// Takes an update and the end of the text.
pub(super) fn statement<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Parsed<'a>> {
    let (source, parsed) = update(source)?;
    let source = symbol(";")(source).map_or(source, |(source, ())| source);
    let (source, ()) = end(source)?;
    Ok((source, parsed))
}

/// Takes an update among others, with the semicolon behind it unless it is the last.
pub(super) fn statement_in<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Parsed<'a>> {
    let (source, parsed) = update(source)?;
    let (source, ()) = match symbol(";")(source) {
        Ok(behind) => behind,
        Err(_) => end(source)?,
    };
    Ok((source, parsed))
}

fn update<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Parsed<'a>> {
    let mut map = SourceMap::default();
    let (head, ()) = word("update")(source)?;
    let (source, (own_name, params)) = heading(head)?;
    let (source, table) = table_name(source)?;
    let (source, key) = match word("by")(source) {
        Ok((source, ())) => list(name("a key column"))(source)?,
        Err(_) => (source, Vec::new()),
    };
    map.set_table(head.span_to(source));
    let mut builder = Update::table(&table).key(&key);
    let (source, set) = match word("set")(source) {
        Ok((source, ())) => assignments(source, &mut map)?,
        Err(_) => (source, Vec::new()),
    };
    if let Some(own_name) = own_name.clone() {
        builder = builder.name(own_name);
    }
    for Param { name, ty, nullable, argument: _ } in params {
        builder = builder.add_param(name, ty, nullable);
    }
    for Assignment { column, value } in set {
        builder = builder.set(column, value);
    }
    let (source, condition) = match word("where")(source) {
        Ok((source, ())) => {
            let (rest, condition) = expression(source)?;
            map.set_filter(source.span_to(rest));
            (rest, Some(condition))
        }
        Err(_) => (source, None),
    };
    let (source, builder) = match condition {
        Some(condition) => (source, builder.filter(condition)),
        None => match word("all")(source) {
            Ok((source, ())) => {
                let (source, ()) = word("rows")(source)?;
                (source, builder.all_rows())
            }
            Err(_) => (source, builder),
        },
    };
    let (source, builder) = clauses(source, builder)?;
    let (source, has_rows, builder) = match word("rows")(source) {
        Ok((source, ())) => {
            let (source, cells) = rows(source, &mut map)?;
            (source, true, builder.cells(cells))
        }
        Err(_) => (source, false, builder),
    };
    Ok((source, Parsed { name: own_name, table, key, has_rows, builder, map }))
}

/// Takes `name(param: type, …) on`, which may stand before the table; either the name or the parameters may be missing.
fn heading<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, (Option<Ident>, Vec<Param<'a>>)> {
    let (rest, name) = match name("a table")(source) {
        Ok((rest, name)) => (rest, Some(name)),
        Err(_) => (source, None),
    };
    match (rest.strip("("), rest.strip_word("on")) {
        (Some(rest), _) => {
            let (rest, params) = list(param)(rest)?;
            let (rest, ()) = symbol(")")(rest)?;
            let (rest, ()) = word("on")(rest)?;
            Ok((rest, (name, params)))
        }
        (None, Some(rest)) if name.is_some() => Ok((rest, (name, Vec::new()))),
        _ => Ok((source, (None, Vec::new()))),
    }
}

/// Takes `name: type`, or `name: type null`.
fn param<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Param<'a>> {
    let (source, name) = name("a parameter")(source)?;
    let (source, ()) = symbol(":")(source)?;
    let (source, ty) = ty(source)?;
    let (source, nullable) = source.strip_word("null").map_or((source, false), |source| (source, true));
    Ok((source, Param { name, ty, nullable, argument: None }))
}

/// Takes assignments between commas.
pub(super) fn assignments<'a, 's>(source: Source<'a, 's>, map: &mut SourceMap) -> Parse<'a, 's, Vec<Assignment<'a>>> {
    list(|start| {
        let (source, column) = name("a column")(start)?;
        let (source, ()) = symbol("=")(source)?;
        let (source, value) = expression(source)?;
        map.push_assignment(start.span_to(source));
        Ok((source, Assignment { column, value }))
    })(source)
}

/// Takes the columns and the cells that follow `rows`.
fn rows<'a, 's>(source: Source<'a, 's>, map: &mut SourceMap) -> Parse<'a, 's, Cells<'a>> {
    let (source, ()) = symbol("(")(source)?;
    let (source, columns) = list(name("a column"))(source)?;
    let (mut source, ()) = symbol(")")(source)?;
    map.set_columns(columns.len());
    let mut cells = Vec::new();
    let mut more = source.rest().starts_with('(');
    while more {
        source = row(source, &columns, &mut cells, map)?.0;
        more = match symbol(",")(source) {
            Ok((rest, ())) => {
                source = rest;
                true
            }
            Err(_) => false,
        };
    }
    let cells = Cells::new(columns, cells).map_err(wrong)?;
    Ok((source, cells))
}

/// Takes one row, and adds its cells to those before.
fn row<'a, 's>(
    start: Source<'a, 's>,
    columns: &[Ident],
    cells: &mut Vec<Cell<'a>>,
    map: &mut SourceMap,
) -> Parse<'a, 's, ()> {
    let before = cells.len();
    let opened = start.strip("(").ok_or_else(|| start.mismatch(Expected::Thing("a row in parentheses")));
    let mut source = opened?;
    loop {
        let (rest, taken) = cell(source)?;
        map.push_cell(source.span_to(rest));
        cells.push(taken);
        match symbol(",")(rest) {
            Ok((rest, ())) => source = rest,
            Err(_) => {
                source = rest;
                break;
            }
        }
    }
    let (source, ()) = symbol(")")(source)?;
    let found = cells.len() - before;
    if found != columns.len() {
        let kind = ErrorKind::RaggedRow { expected: columns.len(), found };
        return Err(start.wrong(source.end() - start.offset(), kind));
    }
    Ok((source, ()))
}

/// Takes a cell. A constant is a value; in parentheses it is an expression.
fn cell<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Cell<'a>> {
    if let Some(rest) = source.strip_word("keep") {
        return Ok((rest, Cell::Keep));
    }
    if let Some(rest) = source.strip_word("default") {
        return Ok((rest, Cell::Default));
    }
    if let Ok((rest, value)) = literal(source)
        && rest.rest().starts_with([',', ')'])
    {
        return Ok((rest, Cell::Value(value)));
    }
    let (rest, expr) = expression(source)?;
    Ok((rest, Cell::Expr(Box::new(expr))))
}
