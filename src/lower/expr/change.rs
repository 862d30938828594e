//! Whether setting a column changes it, byte by byte: a needless write is allowed, a missed one is not.

use super::text::as_bytes;
use super::{Lower, Lowering, state_type};
use crate::dialect::{CodePointOrder, Distinct, Form, Identity};
use crate::error::ErrorKind;
use crate::ir::{Column, Expr, Type};
use crate::sql::Sql;

impl<'u> Lowering<'_, 'u> {
    /// The condition that a column changes when it is set to what its assignment was lowered to.
    ///
    /// # Errors
    ///
    /// `too-deep` where the engine's parser would give up.
    pub(crate) fn lower_change(
        &self,
        expr: &'u Expr<'u>,
        column: &'u Column,
        value: Sql<'u>,
    ) -> Result<Sql<'u>, ErrorKind> {
        let change = Lower { all: self, digits: 6 }.change(column, value);
        // as it stands among others
        let among = Sql::Infix("OR", vec![Sql::word("0"), change]);
        self.check_stack(expr, &among)?;
        let Sql::Infix(_, mut list) = among else { return Err(super::missing_operand()) };
        list.pop().ok_or_else(super::missing_operand)
    }

    /// Checks that the engine's parser has room for what conditions were put together to.
    ///
    /// # Errors
    ///
    /// `too-deep` where it has not.
    pub(crate) fn check_room(&self, sql: &Sql<'u>) -> Result<(), ErrorKind> {
        let most = self.dialect.fact(|spec| &spec.parser_stack);
        let room = self.dialect.fact(|spec| &spec.depth);
        if super::depth::stack_of(sql) <= most { Ok(()) } else { Err(ErrorKind::TooDeep { most: room / 2 }) }
    }
}

impl<'u> Lower<'_, 'u> {
    fn change(&self, column: &'u Column, value: Sql<'u>) -> Sql<'u> {
        let old = Sql::Column(column.name());
        if matches!(&value, Sql::Word(word) if word == "NULL") {
            return old.postfix("IS NOT NULL");
        }
        let new = match value {
            Sql::Value { value, ty, .. } => Sql::Value { value, ty, cast: true },
            other => other,
        };
        let order = self.dialect().fact(|spec| &spec.code_point_order);
        match (column.ty(), self.dialect().fact(|spec| &spec.identity)) {
            (ty @ (Type::Float32 | Type::Float64), Identity::Sent) => {
                let name = if *ty == Type::Float32 { "float4send" } else { "float8send" };
                self.change_float(old, state_type(self.dialect(), new, ty), |float| sent(name, float))
            }
            (Type::Interval, Identity::Sent) => self.differ(sent("interval_send", old), sent("interval_send", new)),
            (Type::Array(_), Identity::Sent) => self.differ(sent("array_send", old), sent("array_send", new)),
            (Type::Decimal { precision: None, .. } | Type::Json | Type::Jsonb | Type::Named(_), Identity::Sent) => {
                self.differ(old.cast("text").postfix("COLLATE \"C\""), new.cast("text"))
            }
            (Type::Float32 | Type::Float64, Identity::Printed | Identity::PrintedFloats) => {
                let text = self.dialect().fact(|spec| &spec.text_cast);
                self.change_float(old, new, |float| float.cast(text))
            }
            (Type::Json | Type::Jsonb, Identity::Printed) => self.differ(as_bytes(old), as_bytes(new.cast("JSON"))),
            (ty, _) => self.change_by_text(ty, order, old, new),
        }
    }

    fn change_by_text(&self, ty: &Type, order: CodePointOrder, old: Sql<'u>, new: Sql<'u>) -> Sql<'u> {
        let form = self.dialect().form_of(ty);
        match (order, ty) {
            (CodePointOrder::CollateC, Type::Text { .. }) => self.differ(old.postfix("COLLATE \"C\""), new),
            (CodePointOrder::CollateC, Type::Char { .. }) => {
                self.differ(old.postfix("COLLATE \"C\""), new.cast("bpchar"))
            }
            (CodePointOrder::CollateC, _) => self.differ(old, new),
            (CodePointOrder::Bytes, Type::Char { .. }) => {
                self.differ(as_bytes(old), as_bytes(Sql::Call("RTRIM", vec![new])))
            }
            (
                CodePointOrder::Bytes,
                Type::Text { .. } | Type::Enum { .. } | Type::Json | Type::Jsonb | Type::Named(_),
            ) => self.differ(as_bytes(old), as_bytes(new)),
            (CodePointOrder::Bytes, Type::Bytes { .. }) => self.differ(old, new.cast("BINARY")),
            (CodePointOrder::Bytes, _) => self.differ(old, new),
            (CodePointOrder::CollateBinary, Type::Text { .. } | Type::Char { .. } | Type::Enum { .. }) => {
                self.differ(old.postfix("COLLATE BINARY"), new)
            }
            (CodePointOrder::CollateBinary, _) if form == Form::Text => self.differ(old.postfix("COLLATE BINARY"), new),
            (CodePointOrder::CollateBinary, _) => self.differ(old, new),
        }
    }

    /// Floats as numbers, and both zeros by what tells them apart; NaN has a sign too, which is none of its value.
    fn change_float(&self, old: Sql<'u>, new: Sql<'u>, tell: impl Fn(Sql<'u>) -> Sql<'u>) -> Sql<'u> {
        let zeros = self.differ(tell(old.clone()), tell(new.clone()));
        let zeros = Sql::infix(Sql::infix(old.clone(), "=", Sql::word("0")), "AND", zeros);
        Sql::infix(self.differ(old, new), "OR", zeros)
    }

    /// `a` and `b` differ, where NULL equals NULL.
    pub(super) fn differ(&self, a: Sql<'u>, b: Sql<'u>) -> Sql<'u> {
        match self.dialect().fact(|spec| &spec.distinct) {
            Distinct::IsDistinctFrom => Sql::infix(a, "IS DISTINCT FROM", b),
            Distinct::Spaceship => Sql::Prefix("NOT", Box::new(Sql::infix(a, "<=>", b))),
            Distinct::IsNot => Sql::infix(a, "IS NOT", b),
        }
    }
}

/// The bytes in which the engine sends a value.
fn sent<'u>(name: &'static str, value: Sql<'u>) -> Sql<'u> {
    Sql::Call(name, vec![value])
}
