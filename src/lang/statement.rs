//! The update statement, clause by clause.

use super::expr::expression;
use super::follow::{follower, followers};
use super::literal::literal;
use super::name::{name, table_name};
use super::policy::clauses;
use super::source::{Expected, Fault, Parse, Source, clause, end, list, symbol, word, wrong};
use super::types::ty;
use super::{Parsed, SourceMap};
use crate::error::{ErrorKind, Place};
use crate::ir::{Assignment, Cell, Cells, Follower, Ident, Param, Selection, Type, Update, UpdateBuilder};

/// Takes an update and the end of the text.
pub(super) fn statement<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Parsed<'a>> {
    let (source, parsed) = update(source)?;
    let source = symbol(";")(source).map_or(source, |(source, ())| source);
    let (source, ()) = end(source)?;
    Ok((source, parsed))
}

/// A statement of a library.
pub(super) enum Statement<'a> {
    Update(Box<Parsed<'a>>),
    /// `when t then …`, and where it stands.
    Rule(Follower<'a>, Place),
}

/// Takes a statement among others, with the semicolon behind it unless it is the last.
pub(super) fn statement_in<'a, 's>(start: Source<'a, 's>) -> Parse<'a, 's, Statement<'a>> {
    let is_rule = word("update")(start).is_err() && word("when")(start).is_ok();
    let (source, statement) = if is_rule {
        let (source, rule) = follower(start)?;
        (source, Statement::Rule(rule, start.span_to(source)))
    } else {
        let (source, parsed) = update(start)?;
        (source, Statement::Update(Box::new(parsed)))
    };
    let (source, ()) = match symbol(";")(source) {
        Ok(behind) => behind,
        Err(_) => end(source)?,
    };
    Ok((source, statement))
}

fn update<'a, 's>(start: Source<'a, 's>) -> Parse<'a, 's, Parsed<'a>> {
    let mut map = SourceMap::default();
    let (head, ()) = word("update")(start)?;
    let (source, (own_name, params)) = heading(head)?;
    let (source, table) = table_name(source)?;
    let (source, key) = match clause("by")(source) {
        Ok((source, ())) => list(name("a key column"))(source)?,
        Err(_) => (source, Vec::new()),
    };
    map.set_table(head.span_to(source));
    let mut builder = Update::table(&table).key(&key);
    let (source, set) = match clause("set")(source) {
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
    let (source, condition) = match clause("where")(source) {
        Ok((source, ())) => {
            let (rest, condition) = expression(source)?;
            map.set_filter(source.span_to(rest));
            (rest, Some(condition))
        }
        Err(_) => (source, None),
    };
    let (source, builder) = match condition {
        Some(condition) => (source, builder.filter(condition)),
        None => match clause("all")(source) {
            Ok((source, ())) => {
                let (source, ()) = word("rows")(source)?;
                (source, builder.all_rows())
            }
            Err(_) => (source, builder),
        },
    };
    let (source, builder) = clauses(source, builder)?;
    let (source, builder) = followers(source, builder, &mut map)?;
    let (source, has_rows, builder) = match clause("rows")(source) {
        Ok((source, ())) => {
            let (source, builder) = rows(source, builder, &mut map)?;
            (source, true, builder)
        }
        Err(_) => (source, false, builder),
    };
    let span = (start.offset(), source.end());
    Ok((source, Parsed { name: own_name, table, key, has_rows, builder, map, span }))
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
    let (source, ty) = match ty(source) {
        // the types of the other parameters may be wrong too
        Err(nom::Err::Failure(Fault::Wrong(error))) if matches!(error.kind(), ErrorKind::UnknownTypeName { .. }) => {
            (source.note_wrong(error), Type::TEXT)
        }
        taken => taken?,
    };
    if source.rest().starts_with('=') || source.strip_word("default").is_some() {
        let token = source.word().0;
        return Err(source.unexpected(
            if token.is_empty() { "=" } else { token },
            "`,` or `)`",
            "a parameter has no default",
        ));
    }
    if source.strip_word("not").is_some() {
        let hint = "a parameter takes no null unless `null` stands behind its type";
        return Err(source.unexpected("not", "`,` or `)`", hint));
    }
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

/// Takes the columns and the cells that follow `rows`, or the table from which they come.
fn rows<'a, 's>(
    start: Source<'a, 's>,
    builder: UpdateBuilder<'a>,
    map: &mut SourceMap,
) -> Parse<'a, 's, UpdateBuilder<'a>> {
    if let Ok((source, ())) = word("from")(start) {
        let (source, table) = table_name(source)?;
        return rows_of(start, source, Selection::unnamed(table), builder, map);
    }
    let (source, ()) = symbol("(")(start)?;
    let (source, columns) = list(name("a column"))(source)?;
    let (mut source, ()) = symbol(")")(source)?;
    if let Ok((rest, ())) = word("from")(source) {
        let (rest, table) = table_name(rest)?;
        return rows_of(start, rest, Selection::new(&table, &columns).map_err(wrong)?, builder, map);
    }
    map.set_columns(columns.len());
    let mut cells = Vec::new();
    // there may be none, but then something is expected
    let mut more = opened(source).is_ok();
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
    Ok((source, builder.cells(cells)))
}

/// Takes the table from which rows come, their columns before it where they are named, and the condition on them.
pub(super) fn rows_from<'a, 's>(start: Source<'a, 's>) -> Parse<'a, 's, Selection<'a>> {
    if let Some(source) = start.strip("(") {
        let (source, columns) = list(name("a column"))(source)?;
        let (source, ()) = symbol(")")(source)?;
        let (source, ()) = word("from")(source)?;
        let (source, table) = table_name(source)?;
        return filtered(source, Selection::new(&table, &columns).map_err(wrong)?);
    }
    let (source, table) = table_name(start)?;
    filtered(source, Selection::unnamed(table))
}

/// Takes the condition on the rows of a table.
fn filtered<'a, 's>(source: Source<'a, 's>, rows: Selection<'a>) -> Parse<'a, 's, Selection<'a>> {
    match word("where")(source) {
        Ok((source, ())) => {
            let (source, condition) = expression(source)?;
            Ok((source, rows.filter(condition)))
        }
        Err(_) => Ok((source, rows)),
    }
}

/// Takes the condition on the rows of a table, and gives them to the builder.
fn rows_of<'a, 's>(
    start: Source<'a, 's>,
    source: Source<'a, 's>,
    rows: Selection<'a>,
    builder: UpdateBuilder<'a>,
    map: &mut SourceMap,
) -> Parse<'a, 's, UpdateBuilder<'a>> {
    let (source, rows) = filtered(source, rows)?;
    map.set_input(start.span_to(source));
    Ok((source, builder.rows_from(rows)))
}

/// Takes what opens a row.
fn opened<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, ()> {
    match source.strip("(") {
        Some(rest) => Ok((rest, ())),
        None => Err(source.mismatch(Expected::Thing("a row in parentheses"))),
    }
}

/// Takes one row, and adds its cells to those before.
fn row<'a, 's>(
    start: Source<'a, 's>,
    columns: &[Ident],
    cells: &mut Vec<Cell<'a>>,
    map: &mut SourceMap,
) -> Parse<'a, 's, ()> {
    let before = cells.len();
    let mut source = opened(start)?.0;
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
