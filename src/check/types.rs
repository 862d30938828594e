//! Types of expressions, without any dialect: the rules of `docs/expressions.md`.

mod assign;
mod call;
mod cast;
mod constant;
mod kind;
mod operator;
mod pattern;
mod select;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use kind::{Kind, are_alike, decimal_digits, is_comparable, is_float32, is_integer, is_text, text_length};
pub(crate) use pattern::{Piece, parse_pattern};

use super::form::Template;
use crate::error::{ErrorKind, nearest};
use crate::ir::{Column, Expr, Func, Ident, Param, Schema, Table, Type, Value};

/// What an expression can read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope<'u> {
    /// The table, where it is declared.
    pub table: Option<&'u Table>,
    /// The incoming columns with their types; empty where the update has no rows.
    pub inputs: Vec<(&'u Ident, Option<Cow<'u, Type>>)>,
    /// The parameters.
    pub params: &'u [Param<'u>],
    /// The incoming columns whose cells are an expression, which is read in their place.
    pub templates: Vec<(&'u Ident, Template<'u>)>,
    /// The tables from which rows may be selected, where tables are declared.
    pub schema: Option<&'u Schema>,
    /// Whether it is the condition of a selection, which knows of no incoming row.
    pub is_selection: bool,
}

impl<'u> Scope<'u> {
    /// What the condition on the rows of another table can read.
    pub(crate) fn of_selection(&self, table: Option<&'u Table>) -> Self {
        let Self { table: _, inputs: _, params, templates: _, schema, is_selection: _ } = *self;
        Self { table, params, schema, is_selection: true, ..Self::default() }
    }
}

/// An expression with the types that its surroundings give it: what the lowering starts from.
#[derive(Clone, Debug)]
pub(crate) struct Typed<'u> {
    /// The expression.
    pub expr: &'u Expr<'u>,
    /// Its type.
    pub kind: Kind,
    /// Its operands, in the order of [`Expr::operands`].
    pub operands: Vec<Typed<'u>>,
    /// Where it is an incoming column: the constant of the expression in its cells that is meant, if not the cell.
    pub slot: Option<usize>,
    /// Where rows of a table are selected: what is read of them.
    pub rows: Option<Box<TypedRows<'u>>>,
}

/// What is read of the rows of a table, with its types.
#[derive(Clone, Debug)]
pub(crate) struct TypedRows<'u> {
    /// The table, where it is declared.
    pub table: Option<&'u Table>,
    /// The columns.
    pub columns: Vec<Typed<'u>>,
    /// The condition.
    pub filter: Option<Typed<'u>>,
}

impl Typed<'_> {
    /// The type, where it is known.
    pub(crate) fn ty(&self) -> Option<&Type> {
        match &self.kind {
            Kind::Of(ty) => Some(ty),
            Kind::Null | Kind::Unknown | Kind::Duration => None,
        }
    }
}

/// Types what a column is set to.
///
/// # Errors
///
/// All mistakes in the expression, or that the column does not take it.
pub(crate) fn type_assignment<'u>(
    value: &'u Expr<'u>,
    name: &Ident,
    column: Option<&Column>,
    scope: &Scope<'u>,
) -> Result<Typed<'u>, Vec<ErrorKind>> {
    let mut typed = infer(value, scope)?;
    if let (Some(column), false) = (column, matches!(typed.expr, Expr::Value(_))) {
        assign::check(&mut typed, name, column.ty()).map_err(|kind| vec![kind])?;
    }
    Ok(typed)
}

/// Types a condition.
///
/// # Errors
///
/// All mistakes in the expression, or that it is not true or false.
pub(crate) fn type_condition<'u>(condition: &'u Expr<'u>, scope: &Scope<'u>) -> Result<Typed<'u>, Vec<ErrorKind>> {
    let mut typed = infer(condition, scope)?;
    operator::expect_bool("a condition", &mut typed).map_err(|kind| vec![kind])?;
    Ok(typed)
}

/// Whether an expression, with those that are read in the place of columns, is nested deeper than so many levels.
pub(crate) fn is_typed_deeper(typed: &Typed<'_>, most: usize) -> bool {
    // most are leaves, for which nothing is allocated
    let (mut first, mut open) = (Some((typed, 1usize)), Vec::new());
    while let Some((typed, depth)) = first.take().or_else(|| open.pop()) {
        if depth > most {
            return true;
        }
        let filter = typed.rows.iter().filter_map(|rows| rows.filter.as_ref());
        open.extend(typed.operands.iter().chain(filter).map(|part| (part, depth + 1)));
    }
    false
}

/// The builder has bounded the depth.
fn infer<'u>(expr: &'u Expr<'u>, scope: &Scope<'u>) -> Result<Typed<'u>, Vec<ErrorKind>> {
    let mut typer = Typer { scope, errors: Vec::new(), cell: None };
    match typer.infer(expr) {
        Some(typed) if typer.errors.is_empty() => Ok(typed),
        _ => Err(typer.errors),
    }
}

struct Typer<'s, 'u> {
    scope: &'s Scope<'u>,
    errors: Vec<ErrorKind>,
    /// Inside an expression that is read in the place of an incoming column: that column, and the constants that come in.
    cell: Option<(&'u Expr<'u>, Vec<(usize, &'u Expr<'u>)>)>,
}

impl<'u> Typer<'_, 'u> {
    /// The typed expression; none where it, or an operand, has an error.
    fn infer(&mut self, expr: &'u Expr<'u>) -> Option<Typed<'u>> {
        match (expr, &self.cell) {
            (Expr::Input(name), None) => {
                if let Some((_, template)) = self.scope.templates.iter().find(|(known, _)| *known == name) {
                    self.cell = Some((expr, template.incoming_nodes().collect()));
                    let typed = self.infer(template.expr);
                    self.cell = None;
                    return typed;
                }
            }
            (Expr::Value(value), Some((input, incoming))) => {
                if let Some((slot, _)) = incoming.iter().find(|(_, node)| std::ptr::eq(*node, expr)) {
                    let kind = Kind::Of(super::rows::type_of(value).into_owned());
                    return Some(Typed { expr: input, kind, operands: Vec::new(), slot: Some(*slot), rows: None });
                }
            }
            _ => {}
        }
        let operands = expr.operands();
        let mut typed = Vec::with_capacity(operands.len());
        let mut known = true;
        for operand in operands {
            match self.infer(operand) {
                Some(operand) => typed.push(operand),
                None => known = false,
            }
        }
        let mut rows = None;
        if let Some(selection) = expr.selection() {
            rows = self.select(selection).map(Box::new);
            known &= rows.is_some();
        }
        if !known {
            return None;
        }
        let mut typed = Typed { expr, kind: Kind::Null, operands: typed, slot: None, rows };
        match self.combine(&mut typed) {
            Ok(kind) => {
                typed.kind = kind;
                Some(typed)
            }
            Err(kind) => {
                self.errors.push(kind);
                None
            }
        }
    }

    fn combine(&self, typed: &mut Typed<'u>) -> Result<Kind, ErrorKind> {
        let needs_types = !matches!(typed.expr, Expr::IsNull(_));
        let selected = typed.rows.iter().flat_map(|rows| &rows.columns);
        let mut parts = typed.operands.iter().chain(selected);
        if let Some(unknown) = parts.find(|part| needs_types && part.kind == Kind::Unknown) {
            let (Expr::Column(column) | Expr::Input(column)) = unknown.expr else {
                return Err(ErrorKind::Internal { what: "name a column" });
            };
            return Err(ErrorKind::UnknownType { column: column.to_string() });
        }
        let kind = match typed.expr {
            Expr::Value(value) => return Ok(Kind::of_value(value)),
            Expr::Column(name) => return self.column(name),
            Expr::Input(name) => return self.input(name),
            Expr::Param(name) => return self.param(name),
            Expr::Cast(_, ty) => cast::combine(ty, &mut typed.operands),
            Expr::Call(func, list) => call::combine(*func, list, &mut typed.operands),
            Expr::InRows { .. } => select::combine(typed),
            _ => operator::combine(typed.expr, &mut typed.operands),
        }?;
        constant::check(typed)?;
        Ok(kind)
    }

    fn column(&self, name: &Ident) -> Result<Kind, ErrorKind> {
        let Some(table) = self.scope.table else { return Ok(Kind::Unknown) };
        match table.find(name) {
            Some(column) => Ok(Kind::Of(column.ty().clone())),
            None if self.scope.params.iter().any(|param| param.name == *name) => {
                let hint = format!("; did you mean the parameter `:{name}`?");
                Err(ErrorKind::UnknownColumn { column: name.to_string(), table: table.name().to_string(), hint })
            }
            None => Err(ErrorKind::unknown_column(name, table)),
        }
    }

    fn param(&self, name: &Ident) -> Result<Kind, ErrorKind> {
        let params = self.scope.params;
        match params.iter().find(|param| param.name == *name) {
            Some(param) => Ok(Kind::Of(param.ty.clone())),
            None => {
                let hint = nearest(name.as_str(), params.iter().map(|param| param.name.as_str()));
                Err(ErrorKind::UnknownParam { param: name.to_string(), hint })
            }
        }
    }

    fn input(&self, name: &Ident) -> Result<Kind, ErrorKind> {
        if self.scope.is_selection {
            return Err(ErrorKind::InputInSelection { column: name.to_string() });
        }
        let inputs = &self.scope.inputs;
        match inputs.iter().find(|(known, _)| *known == name) {
            Some((_, Some(ty))) => Ok(Kind::Of(ty.clone().into_owned())),
            Some((_, None)) => Ok(Kind::Unknown),
            None if inputs.is_empty() => Err(ErrorKind::InputWithoutRows { column: name.to_string() }),
            None => {
                let known: Vec<String> = inputs.iter().map(|(known, _)| format!("`{known}`")).collect();
                let hint = nearest(name.as_str(), inputs.iter().map(|(known, _)| known.as_str()));
                let known = known.join(", ") + &hint;
                Err(ErrorKind::InputNotInRows { column: name.to_string(), known })
            }
        }
    }
}

impl<'u> Typed<'u> {
    /// Gives the expression a type from its surroundings, where it is one or is made of what adapts: constants, and
    /// `now()`. Says whether it has that type now.
    pub(crate) fn adapt(&mut self, ty: &Type) -> bool {
        match (&self.kind, self.expr) {
            (Kind::Null, _) => self.adapt_parts(ty),
            (_, Expr::Value(value)) => match kind::adapt_value(value, ty) {
                Some(adapted) => {
                    self.kind = Kind::Of(adapted);
                    true
                }
                None => false,
            },
            (_, Expr::Call(Func::Now, _)) if matches!(ty, Type::Timestamp { .. }) => {
                self.kind = Kind::Of(Type::Timestamp { digits: 0 });
                true
            }
            (_, Expr::Call(Func::Now, _)) => matches!(ty, Type::TimestampTz { .. }),
            (Kind::Of(own), _) if kind::join(own, ty).is_some_and(|joined| kind::same_class(own, &joined)) => true,
            _ => self.adapts() && self.adapt_parts(ty),
        }
    }

    fn adapt_parts(&mut self, ty: &Type) -> bool {
        let expr = self.expr;
        let mut parts = self.operands.iter_mut().enumerate().filter(|(at, _)| flows(expr, *at)).map(|(_, part)| part);
        if parts.all(|part| part.adapt(ty)) {
            self.kind = Kind::Of(ty.clone());
            return true;
        }
        false
    }

    /// Whether the expression takes the type of what it stands beside.
    pub(crate) fn adapts(&self) -> bool {
        match self.expr {
            Expr::Value(_) | Expr::Call(Func::Now, _) => true,
            expr => {
                let mut parts = self.operands.iter().enumerate().filter(|(at, _)| flows(expr, *at)).peekable();
                parts.peek().is_some() && parts.all(|(_, part)| part.adapts())
            }
        }
    }

    /// Whether the expression is the constant NULL.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.expr, Expr::Value(Value::Null))
    }
}

/// Whether the value of an operand can be the value of the whole, so that they have one type.
pub(crate) fn flows(expr: &Expr<'_>, operand: usize) -> bool {
    match expr {
        Expr::Case { branches, .. } => operand % 2 == 1 || operand == branches.len() * 2,
        Expr::Unary(crate::ir::Unary::Negate, _) => true,
        Expr::Binary(crate::ir::Binary::Add | crate::ir::Binary::Subtract, _, other) => {
            let duration = matches!(&**other, Expr::Call(func, _) if call::is_duration(*func));
            operand == 0 && duration
        }
        Expr::Call(Func::Coalesce | Func::Nullif | Func::Greatest | Func::Least, _) => true,
        _ => false,
    }
}
