//! How deep the parser of an engine has to go for an expression.

use crate::ir::Value;
use crate::sql::Sql;

/// How many values may be named within each other: an engine that flattens subselects writes each of them out again.
pub(super) const MOST_NAMED: usize = 6;
/// What stands on a parser's stack before an expression: the statement around it.
const STATEMENT: usize = 12;
/// What a name or a literal takes: `table . column`, or `( - 1`.
const LEAF: usize = 3;
/// What a text takes that is joined of pieces in groups: `( ( ( expr || name ( distinct list ,`.
const JOINED: usize = 14;
/// What an incoming value takes: `CASE key WHEN 1 THEN ( expr || name ( distinct list ,` at most.
const CASE_INPUT: usize = 14;

/// The most entries that a parser's stack has at any place of an expression, counted as an LALR parser puts them there.
pub(super) fn stack_of(sql: &Sql<'_>) -> usize {
    // most are leaves, for which nothing is allocated
    let (mut first, mut open) = (Some((sql, STATEMENT)), Vec::new());
    let mut most = 0;
    while let Some((sql, used)) = first.take().or_else(|| open.pop()) {
        let leaf = match sql {
            Sql::Input(_) => CASE_INPUT,
            Sql::Value { value, .. } if holds_control(value) => JOINED,
            Sql::Argument { value: Some(value), .. } if holds_control(value) => JOINED,
            _ => LEAF,
        };
        most = most.max(used + leaf);
        let mut go = |sql, more: usize| open.push((sql, used + more));
        match sql {
            Sql::Column(_)
            | Sql::Old(_)
            | Sql::Of(..)
            | Sql::Input(_)
            | Sql::Value { .. }
            | Sql::Argument { .. }
            | Sql::Word(_)
            | Sql::Named(_) => {}
            // expr op (
            Sql::Infix(_, list) => list.iter().enumerate().for_each(|(at, part)| go(part, if at == 0 { 1 } else { 3 })),
            Sql::Prefix(_, a) => go(a, 2),
            Sql::Postfix(a, _) | Sql::Collate(a, _) => go(a, 1),
            // CAST ( expr AS
            Sql::Cast(a, _) => go(a, 2),
            // name ( distinct list ,
            Sql::Call(_, list) => list.iter().for_each(|part| go(part, 5)),
            Sql::Sequence(list) => list.iter().for_each(|part| go(part, 5)),
            // expr NOT BETWEEN expr AND (
            Sql::Between(a, low, high) => {
                go(a, 1);
                go(low, 3);
                go(high, 5);
            }
            // expr NOT IN ( list ,
            Sql::In(a, list) => {
                go(a, 1);
                list.iter().for_each(|part| go(part, 5));
            }
            // ( list , or expr NOT IN ( SELECT distinct columns FROM ( SELECT distinct columns FROM prefix WHERE
            Sql::InRows(operands, rows) => {
                operands.iter().for_each(|part| go(part, 3));
                rows.columns.iter().for_each(|part| go(part, 14));
                rows.filter.iter().for_each(|part| go(part, 16));
            }
            // CASE operand branches WHEN expr THEN
            Sql::Case(branches, otherwise) => {
                for (when, then) in branches {
                    go(when, 4);
                    go(then, 6);
                }
                otherwise.iter().for_each(|part| go(part, 4));
            }
            // ( SELECT distinct columns FROM prefix ( SELECT distinct columns
            Sql::Let(values, body) => {
                values.iter().for_each(|value| go(value, 12));
                go(body, 4);
            }
        }
    }
    most
}

/// Whether a value may be written as joined pieces.
fn holds_control(value: &Value<'_>) -> bool {
    match value {
        Value::Text(text) => text.bytes().any(|byte| byte.is_ascii_control()),
        Value::Json(json) => json.as_str().bytes().any(|byte| byte.is_ascii_control()),
        _ => false,
    }
}

/// How many values are named within each other.
pub(super) fn named_in(sql: &Sql<'_>) -> usize {
    let (mut first, mut open) = (Some((sql, 0usize)), Vec::new());
    let mut most = 0;
    while let Some((sql, depth)) = first.take().or_else(|| open.pop()) {
        let depth = depth + usize::from(matches!(sql, Sql::Let(..)));
        most = most.max(depth);
        open.extend(sql.operands().into_iter().map(|operand| (operand, depth)));
    }
    most
}
