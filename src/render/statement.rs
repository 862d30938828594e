//! Statements and their expressions.

use super::rows::{self, Chunk};
use super::{Renderer, Say, beside, keep, query, selection, snapshot, stage};
use crate::dialect::JoinForm;
use crate::ir::{Cells, Moment, Returned};
use crate::sql::{Given, Set, Source, Sql, Statement, Verb};

/// The name of what an update gives back to another in the same statement; no table of theirs has it.
pub(crate) const LEADING: &str = "updated";

/// Writes a statement for the rows of a chunk.
pub(super) fn write<'u>(
    renderer: &mut Renderer<'u>,
    statement: &Statement<'u>,
    cells: Option<&'u Cells<'u>>,
    rows: &[u32],
) {
    let chunk = Chunk { statement, cells, rows };
    match &statement.verb {
        Verb::Update { set } => write_update(renderer, chunk, set),
        Verb::Insert { columns, select } => query::write_insert(renderer, chunk, columns, select),
        Verb::Select(select) => query::write_select(renderer, chunk, select),
        Verb::Count(select) => query::write_count(renderer, chunk, select),
        Verb::Raise { message, select } => query::write_raise(renderer, chunk, message, select),
        Verb::Keep(keep) => keep::write_keep(renderer, chunk, keep),
        Verb::Stage { stage, act } => stage::write_stage(renderer, chunk, *stage, *act),
        Verb::KeepOld { snapshot, act, select } => snapshot::write_snapshot(renderer, chunk, snapshot, *act, select),
        Verb::LockTable => keep::write_lock(renderer, chunk),
        Verb::LockSource(table) => keep::write_lock_source(renderer, table),
        Verb::Constraints { names, later } => keep::write_constraints(renderer, chunk, names, *later),
    }
}

fn write_update<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, set: &[Set<'u>]) {
    if let Some(first) = &chunk.statement.led_by {
        renderer.push("WITH ");
        renderer.push(LEADING);
        renderer.push(" AS (\n");
        write(renderer, first, None, &[]);
        renderer.push(")\n");
    }
    rows::write_with(renderer, chunk);
    renderer.push("UPDATE ");
    match chunk.statement.source {
        Source::Join { form: JoinForm::JoinHeader, .. } if chunk.statement.along_key => {
            rows::write_rows_in_target(renderer, chunk);
        }
        Source::Join { form: JoinForm::JoinHeader, .. } => {
            rows::write_target(renderer, chunk);
            rows::write_join_word(renderer, chunk);
            rows::write_from_rows(renderer, chunk);
            renderer.push(" ON ");
            rows::write_match(renderer, chunk);
        }
        _ => rows::write_target(renderer, chunk),
    }
    let is_joined = renderer.words().join == JoinForm::JoinHeader;
    if is_joined {
        beside::write_joins(renderer, chunk, "\nJOIN ");
    }
    rows::write_old_row(renderer, chunk);
    write_set(renderer, chunk, set);
    let mut word = "\nFROM ";
    if let Source::Join { form: JoinForm::FromValues | JoinForm::FromCte, .. } = chunk.statement.source {
        renderer.push(word);
        rows::write_from_rows(renderer, chunk);
        word = ", ";
    }
    if !is_joined {
        beside::write_from(renderer, chunk, word);
    }
    write_where(renderer, chunk);
    write_returning(renderer, chunk);
}

/// The columns of the written rows.
fn write_returning<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let returning = &chunk.statement.returning;
    let is_both = returning.iter().any(|given| given.returned.at == Moment::Old);
    let is_joined = matches!(chunk.statement.source, Source::Join { form: JoinForm::FromValues, .. })
        || beside::are_joined(renderer, chunk) && renderer.words().join == JoinForm::FromValues;
    for (index, Given { returned, value }) in returning.iter().enumerate() {
        let Returned { column, at } = returned;
        renderer.push(if index == 0 { "\nRETURNING " } else { ", " });
        if let Some(value) = value {
            write_expression(renderer, chunk, value, false);
            renderer.push(" AS ");
            renderer.ident(column);
            continue;
        }
        match at {
            Moment::Old => renderer.push("old."),
            Moment::New if is_both => renderer.push("new."),
            Moment::New if is_joined => {
                renderer.ident(chunk.statement.target.name());
                renderer.push(".");
            }
            Moment::New => {}
        }
        renderer.ident(column);
    }
}

fn write_set<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, set: &[Set<'u>]) {
    renderer.push("\nSET ");
    let is_joined = beside::are_joined(renderer, chunk) && renderer.words().join == JoinForm::JoinHeader;
    let qualified = is_joined
        || chunk.joins_old_row()
        || matches!(chunk.statement.source, Source::Join { form: JoinForm::JoinHeader, .. });
    for (index, Set { column, value }) in set.iter().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        if qualified {
            renderer.ident(chunk.statement.target.name());
            renderer.push(".");
        }
        renderer.ident(column);
        renderer.push(" = ");
        match value {
            Sql::Input(input) => rows::write_input(renderer, chunk, *input, Some(column)),
            value => write_expression(renderer, chunk, value, false),
        }
    }
}

/// Writes the conditions: the match with the chunk's rows, where no join has it, and the filter.
pub(super) fn write_where<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>) {
    let mut word = "\nWHERE ";
    match chunk.statement.source {
        Source::None | Source::Join { form: JoinForm::JoinHeader, .. } => {}
        Source::Keys | Source::Row | Source::Case => {
            renderer.push(word);
            rows::write_keys(renderer, chunk);
            word = " AND ";
        }
        Source::Join { .. } => {
            renderer.push(word);
            rows::write_match(renderer, chunk);
            rows::write_key_list(renderer, chunk);
            word = " AND ";
        }
    }
    if matches!(chunk.statement.verb, Verb::Update { .. }) && renderer.words().join != JoinForm::JoinHeader {
        beside::write_matches(renderer, chunk, &mut word);
    }
    beside::write_within(renderer, chunk, &mut word);
    beside::write_without(renderer, chunk, &mut word);
    let alone = chunk.statement.filter.len() == 1 && word == "\nWHERE ";
    for filter in &chunk.statement.filter {
        renderer.push(word);
        write_expression(renderer, chunk, filter, !alone);
        word = " AND ";
    }
}

/// Writes an expression; `inside` says that it is an operand, where anything but a leaf is put in parentheses.
pub(super) fn write_expression<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, sql: &Sql<'u>, inside: bool) {
    let open = matches!(
        sql,
        Sql::Infix(..) | Sql::Prefix(..) | Sql::Postfix(..) | Sql::In(..) | Sql::InRows(..) | Sql::Between(..)
    ) && inside;
    if open {
        renderer.push("(");
    }
    match sql {
        Sql::Column(name) => {
            rows::write_column(renderer, chunk, name);
        }
        Sql::Old(name) => {
            rows::write_old_alias(renderer, chunk);
            renderer.push(".");
            renderer.ident(name);
        }
        Sql::Input(input) => rows::write_input(renderer, chunk, *input, None),
        Sql::Value { value, ty, cast } => {
            let say = if *cast { Say::Operand } else { renderer.say_alone() };
            renderer.constant(value.clone(), ty.clone(), say);
        }
        Sql::Argument { at, value, ty } => renderer.argument(*at, *value, ty),
        Sql::Word(word) => renderer.push(word),
        Sql::Infix(operator, operands) => {
            for (index, operand) in operands.iter().enumerate() {
                if index > 0 {
                    renderer.push(" ");
                    renderer.push(operator);
                    renderer.push(" ");
                }
                write_expression(renderer, chunk, operand, true);
            }
        }
        Sql::Prefix(operator, operand) => {
            renderer.push(operator);
            renderer.push(" ");
            write_expression(renderer, chunk, operand, true);
        }
        Sql::Postfix(operand, operator) => {
            write_expression(renderer, chunk, operand, true);
            renderer.push(" ");
            renderer.push(operator);
        }
        Sql::Call(name, arguments) => {
            renderer.push(name);
            renderer.push("(");
            write_list(renderer, chunk, arguments);
            renderer.push(")");
        }
        Sql::Cast(operand, ty) => {
            renderer.push("CAST(");
            write_expression(renderer, chunk, operand, false);
            renderer.push(" AS ");
            renderer.push(ty);
            renderer.push(")");
        }
        Sql::Case(branches, otherwise) => {
            renderer.push("CASE");
            for (when, then) in branches {
                renderer.push(" WHEN ");
                write_expression(renderer, chunk, when, false);
                renderer.push(" THEN ");
                write_expression(renderer, chunk, then, false);
            }
            if let Some(otherwise) = otherwise {
                renderer.push(" ELSE ");
                write_expression(renderer, chunk, otherwise, false);
            }
            renderer.push(" END");
        }
        Sql::Collate(operand, name) => {
            write_expression(renderer, chunk, operand, true);
            renderer.push(" COLLATE ");
            renderer.ident(name);
        }
        Sql::In(operand, list) => {
            write_expression(renderer, chunk, operand, true);
            renderer.push(" IN (");
            write_list(renderer, chunk, list);
            renderer.push(")");
        }
        Sql::InRows(operands, rows) => selection::write_in_rows(renderer, chunk, operands, rows),
        Sql::Of(table, name) => {
            renderer.ident(table.name());
            renderer.push(".");
            renderer.ident(name);
        }
        Sql::Between(operand, low, high) => {
            write_expression(renderer, chunk, operand, true);
            renderer.push(" BETWEEN ");
            write_expression(renderer, chunk, low, true);
            renderer.push(" AND ");
            write_expression(renderer, chunk, high, true);
        }
        Sql::Let(values, body) => {
            renderer.push("(SELECT ");
            write_expression(renderer, chunk, body, false);
            renderer.push(" FROM (SELECT ");
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    renderer.push(", ");
                }
                write_expression(renderer, chunk, value, false);
                renderer.push(" AS x");
                renderer.push(itoa::Buffer::new().format(index));
            }
            renderer.push(") AS x)");
        }
        Sql::Named(index) => {
            renderer.push("x");
            renderer.push(itoa::Buffer::new().format(*index));
        }
        Sql::Sequence(pieces) => pieces.iter().for_each(|piece| write_expression(renderer, chunk, piece, true)),
    }
    if open {
        renderer.push(")");
    }
}

/// Writes expressions with commas between them.
pub(super) fn write_list<'u>(renderer: &mut Renderer<'u>, chunk: Chunk<'_, 'u>, list: &[Sql<'u>]) {
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            renderer.push(", ");
        }
        write_expression(renderer, chunk, item, false);
    }
}
