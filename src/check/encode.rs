//! Bytes that are the same for what is the same, so that rows can be grouped.

use crate::check::rows::type_of;
use crate::ir::{Expr, Value};

/// Appends bytes that are the same for the same value only.
pub(crate) fn encode(value: &Value<'_>, bytes: &mut Vec<u8>) {
    let mut put = |tag: u8, content: &[u8]| {
        bytes.push(tag);
        bytes.extend_from_slice(&content.len().to_le_bytes());
        bytes.extend_from_slice(content);
    };
    match value {
        Value::Null => put(0, &[]),
        Value::Bool(v) => put(1, &[u8::from(*v)]),
        Value::Int(v) => put(2, &v.to_le_bytes()),
        Value::UInt(v) => put(3, &v.to_le_bytes()),
        Value::Float(v) => put(4, &v.to_bits().to_le_bytes()),
        Value::Decimal(v) => put(5, v.as_str().as_bytes()),
        Value::Text(v) => put(6, v.as_bytes()),
        Value::Bytes(v) => put(7, v),
        Value::Date(v) => put(8, v.to_string().as_bytes()),
        Value::Time(v) => put(9, v.to_string().as_bytes()),
        Value::Timestamp(v) => put(10, v.to_string().as_bytes()),
        Value::TimestampTz(v) => put(11, v.to_string().as_bytes()),
        Value::Interval(v) => put(12, v.to_string().as_bytes()),
        Value::Uuid(v) => put(13, v.as_bytes()),
        Value::Json(v) => put(14, v.as_str().as_bytes()),
        Value::Array(v) => {
            put(15, &v.items().len().to_le_bytes());
            v.items().iter().for_each(|item| encode(item, bytes));
        }
    }
}

/// Appends bytes that are the same for expressions that differ in constants only. A constant that `is_open` says may
/// differ is left out but for its type.
pub(super) fn encode_expression(expr: &Expr<'_>, is_open: &impl Fn(&Expr<'_>) -> bool, bytes: &mut Vec<u8>) {
    let mut put = |tag: u8, content: &str| {
        bytes.push(tag);
        bytes.extend_from_slice(&content.len().to_le_bytes());
        bytes.extend_from_slice(content.as_bytes());
    };
    match expr {
        Expr::Value(value) if is_open(expr) => put(32, &type_of(value).to_string()),
        Expr::Value(value) => encode(value, bytes),
        Expr::Column(name) => put(33, name.as_str()),
        Expr::Input(name) => put(34, name.as_str()),
        Expr::Param(name) => put(46, name.as_str()),
        Expr::Unary(op, _) => put(35, &format!("{op:?}")),
        Expr::Binary(op, _, _) => put(36, &format!("{op:?}")),
        Expr::And(_) => put(37, ""),
        Expr::Or(_) => put(38, ""),
        Expr::IsNull(_) => put(39, ""),
        Expr::In(..) => put(40, ""),
        Expr::InRows { operands: _, rows } => {
            put(47, &format!("{:?}", rows.table()));
            bytes.extend_from_slice(&rows.columns.len().to_le_bytes());
            rows.columns.iter().chain(rows.condition()).for_each(|part| encode_expression(part, is_open, bytes));
        }
        Expr::Between(..) => put(41, ""),
        Expr::Like { text: _, pattern, escape } => put(42, &format!("{escape:?}{pattern}")),
        Expr::Case { branches, otherwise: _ } => put(43, &branches.len().to_string()),
        Expr::Cast(_, ty) => put(44, &format!("{ty:?}")),
        Expr::Call(func, _) => put(45, func.name()),
    }
    let operands = expr.operands();
    bytes.extend_from_slice(&operands.len().to_le_bytes());
    operands.into_iter().for_each(|operand| encode_expression(operand, is_open, bytes));
}
