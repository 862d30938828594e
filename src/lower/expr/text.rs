//! Text: compared by code point whatever the columns' collation, and functions of it.

use super::{Lower, missing_operand};
use crate::check::types::{self, Piece, Typed, parse_pattern};
use crate::check::value::check_value;
use crate::dialect::{
    AsciiCase, CodePointOrder, Concat, IntegerOperand, KeyEquality, Length, PatternMatch, ReplaceByNull, TextOperand,
    TimeOperand, Trim,
};
use crate::error::ErrorKind;
use crate::ir::{Expr, Func, Type, Value};
use crate::sql::Sql;

const UTF8MB4_BIN: &str = "COLLATE utf8mb4_bin";
/// The longest pattern that SQLite's GLOB takes, in bytes.
const MOST_GLOB: usize = 50_000;
/// The most nodes of an expression that is written twice where it cannot be named.
const MOST_TWICE: usize = 60;

fn is_textual(typed: &Typed<'_>) -> bool {
    typed.ty().is_some_and(|ty| types::is_text(ty) || matches!(ty, Type::Enum { .. }))
}

impl<'u> Lower<'_, 'u> {
    /// Operands in the form in which the engine compares them as the IR means it.
    pub(super) fn comparable<const N: usize>(
        &self,
        operands: [&Typed<'u>; N],
        equality: bool,
    ) -> Result<[Sql<'u>; N], ErrorKind> {
        let lowered = self.compare_all(&operands, equality)?;
        <[Sql<'u>; N]>::try_from(lowered).map_err(|_| missing_operand())
    }

    pub(super) fn comparable_list(&self, operands: &[Typed<'u>]) -> Result<(Sql<'u>, Vec<Sql<'u>>), ErrorKind> {
        let operands: Vec<&Typed<'u>> = operands.iter().collect();
        let mut lowered = self.compare_all(&operands, true)?.into_iter();
        let operand = lowered.next().ok_or_else(missing_operand)?;
        Ok((operand, lowered.collect()))
    }

    fn compare_all(&self, operands: &[&Typed<'u>], equality: bool) -> Result<Vec<Sql<'u>>, ErrorKind> {
        if !operands.iter().any(|operand| is_textual(operand)) {
            return operands
                .iter()
                .map(|operand| Ok(self.unrounded(operand, operands, self.compared_bytes(operand)?)))
                .collect();
        }
        let mut texts = operands.iter().map(|operand| self.compared_text(operand)).collect::<Result<Vec<_>, _>>()?;
        match self.dialect().fact(|spec| &spec.code_point_order) {
            CodePointOrder::Bytes => Ok(texts.into_iter().map(as_bytes).collect()),
            CodePointOrder::CollateBinary => {
                collate_first(&mut texts, "COLLATE BINARY");
                Ok(texts)
            }
            CodePointOrder::CollateC => {
                let constants = operands.iter().skip(1).all(|operand| matches!(operand.expr, Expr::Value(_)));
                let exact = operands.iter().all(|operand| self.is_exact(operand));
                if !(equality && constants && exact) {
                    collate_first(&mut texts, "COLLATE \"C\"");
                }
                Ok(texts)
            }
        }
    }

    /// An operand and what another row has, in the form in which the engine finds them equal as the IR means it.
    pub(super) fn pair(
        &self,
        operand: &Typed<'u>,
        (other, column): (&Self, &Typed<'u>),
        is_apart: bool,
    ) -> Result<(Sql<'u>, Sql<'u>), ErrorKind> {
        if !is_textual(operand) && !is_textual(column) {
            let both = [operand, column];
            return Ok((
                self.unrounded(operand, &both, self.compared_bytes(operand)?),
                other.unrounded(column, &both, other.compared_bytes(column)?),
            ));
        }
        let (operand, column) = (self.compared_text(operand)?, other.compared_text(column)?);
        let (collation, is_said) = match self.dialect().fact(|spec| &spec.code_point_order) {
            CodePointOrder::Bytes => return Ok((as_bytes(operand), as_bytes(column))),
            CodePointOrder::CollateBinary => ("COLLATE BINARY", is_apart),
            // PostgreSQL before 18 may make the rows distinct under their own collation first
            CodePointOrder::CollateC => ("COLLATE \"C\"", true),
        };
        // rows that are kept apart are distinct, and must be so by every character
        let column = if is_said { column.postfix(collation) } else { column };
        Ok((operand.postfix(collation), column))
    }

    /// Whether the engine's own equality of a text tells every two texts apart.
    fn is_exact(&self, typed: &Typed<'u>) -> bool {
        let Expr::Column(name) = typed.expr else { return true };
        let collation = self.all.scope.table.and_then(|table| table.find(name)).and_then(|column| column.collation());
        collation.is_none() || self.dialect().key_equality(collation) == KeyEquality::Exact
    }

    /// An operand of a comparison that is not of text.
    fn compared_bytes(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        Ok(self.settled_bytes(typed, self.compared(typed)?))
    }

    /// A time column beside what has more digits than it.
    fn unrounded(&self, typed: &Typed<'u>, beside: &[&Typed<'u>], sql: Sql<'u>) -> Sql<'u> {
        let (Expr::Column(name), Some(ty @ Type::Time { digits: 0..6 })) = (typed.expr, typed.ty()) else {
            return sql;
        };
        let fits = |other: &&Typed<'u>| match other.expr {
            Expr::Column(_) => true,
            Expr::Value(value @ Value::Time(_)) => check_value(value, ty, true, name).is_ok(),
            _ => false,
        };
        let rounds = self.dialect().fact(|spec| &spec.time_operand) == TimeOperand::Cast;
        let whole = self.dialect().storage(&Type::Time { digits: 6 }).and_then(|storage| storage.cast);
        match whole.filter(|_| rounds && !beside.iter().all(fits)) {
            Some(whole) => sql.cast(whole),
            None => sql,
        }
    }

    /// Bytes that are not a column's are said to be bytes: as parameters they would be taken for text.
    pub(super) fn settled_bytes(&self, typed: &Typed<'u>, sql: Sql<'u>) -> Sql<'u> {
        let is_column = matches!(typed.expr, Expr::Column(_));
        let are_bytes = matches!(typed.ty(), Some(Type::Bytes { .. }));
        let by_bytes = self.dialect().fact(|spec| &spec.code_point_order) == CodePointOrder::Bytes;
        if are_bytes && by_bytes && !is_column { sql.cast("BINARY") } else { sql }
    }

    /// An operand of a comparison that is not of text: a column as it is, so that its indexes serve.
    pub(super) fn compared(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        match typed.expr {
            Expr::Value(_) | Expr::Column(_) | Expr::Input(_) | Expr::Param(_) => self.leaf(typed),
            _ => self.settled(typed),
        }
    }

    fn compared_text(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let is_leaf = matches!(typed.expr, Expr::Column(_) | Expr::Input(_) | Expr::Param(_));
        match (typed.expr, typed.ty()) {
            (Expr::Value(value @ Value::Text(_)), _) => Ok(self.constant(value, Some(&Type::TEXT))),
            (_, Some(Type::Enum { .. })) => self.enum_text(typed),
            (_, Some(ty)) if is_leaf => match self.dialect().fact(|spec| &spec.text_operand) {
                TextOperand::Utf8mb4 => self.leaf(typed),
                TextOperand::CastPadded | TextOperand::TrimPadded => Ok(self.text_operand(self.leaf(typed)?, ty)),
            },
            _ => self.lower(typed),
        }
    }

    /// Whether a plain comparison beside that of the bytes lets an index serve.
    pub(super) fn indexed(&self, a: &Typed<'u>, b: &Typed<'u>) -> bool {
        self.dialect().fact(|spec| &spec.code_point_order) == CodePointOrder::Bytes
            && is_textual(a)
            && matches!(a.expr, Expr::Column(_))
            && matches!(b.expr, Expr::Value(_))
    }

    /// A text column, in the form in which it goes with other text.
    pub(super) fn text_operand(&self, sql: Sql<'u>, ty: &Type) -> Sql<'u> {
        let padded = matches!(ty, Type::Char { .. });
        match self.dialect().fact(|spec| &spec.text_operand) {
            TextOperand::Utf8mb4 => utf8mb4_bin(sql),
            TextOperand::CastPadded if padded => sql.cast("text"),
            TextOperand::TrimPadded if padded => Sql::Call("rtrim", vec![sql, Sql::word("' '")]),
            TextOperand::CastPadded | TextOperand::TrimPadded => sql,
        }
    }

    /// An enum as text.
    pub(super) fn enum_text(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let value = match typed.expr {
            Expr::Column(_) | Expr::Input(_) | Expr::Param(_) | Expr::Value(_) => self.leaf(typed)?,
            _ => self.lower(typed)?,
        };
        Ok(match self.dialect().fact(|spec| &spec.text_operand) {
            TextOperand::CastPadded => value.cast("text"),
            TextOperand::Utf8mb4 => utf8mb4_bin(value),
            TextOperand::TrimPadded => value,
        })
    }

    pub(super) fn nullif(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let [a, b] = typed.operands.as_slice() else { return Err(missing_operand()) };
        let native_enum = matches!(a.ty(), Some(Type::Enum { .. }))
            && self.dialect().fact(|spec| &spec.text_operand) == TextOperand::CastPadded;
        if !is_textual(a) || native_enum {
            let both = [a, b].map(|operand| Ok(self.unrounded(operand, &[a, b], self.settled(operand)?)));
            return Ok(Sql::Call("NULLIF", both.into_iter().collect::<Result<_, ErrorKind>>()?));
        }
        let order = self.dialect().fact(|spec| &spec.code_point_order);
        let (a, b) = (self.compared_text(a)?, self.compared_text(b)?);
        Ok(match order {
            CodePointOrder::Bytes => utf8mb4_bin(Sql::Call("NULLIF", vec![as_bytes(a), as_bytes(b)])),
            CodePointOrder::CollateC => Sql::Call("NULLIF", vec![a.postfix("COLLATE \"C\""), b]),
            CodePointOrder::CollateBinary => Sql::Call("NULLIF", vec![a.postfix("COLLATE BINARY"), b]),
        })
    }

    pub(super) fn like(&self, typed: &Typed<'u>, pattern: &str, escape: Option<char>) -> Result<Sql<'u>, ErrorKind> {
        let [text] = typed.operands.as_slice() else { return Err(missing_operand()) };
        let text = self.lower(text)?;
        let pieces = parse_pattern(pattern, escape)?;
        let pattern = |text: String| Sql::constant(Value::from(text), Type::TEXT);
        let like = |text| {
            let escaped = vec![pattern(like_pattern(&pieces)), Sql::word(" ESCAPE '!'")];
            Sql::infix(text, "LIKE", Sql::Sequence(escaped))
        };
        match self.dialect().fact(|spec| &spec.pattern_match) {
            PatternMatch::Like => Ok(like(text.postfix("COLLATE \"C\""))),
            PatternMatch::LikeBinary => Ok(like(utf8mb4_bin(text))),
            PatternMatch::Glob => {
                let glob = glob_pattern(&pieces);
                if glob.contains('\0') {
                    return Err(self.unsupported("pattern with U+0000", "it would end there"));
                }
                if glob.len() > MOST_GLOB {
                    return Err(self.unsupported("pattern so long", "patterns have at most 50000 bytes"));
                }
                Ok(Sql::infix(text, "GLOB", pattern(glob)))
            }
        }
    }

    pub(super) fn text_function(&self, func: Func, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let mut list = match func {
            Func::Substring => vec![self.only(typed)?],
            _ => self.all(typed)?,
        };
        let name = if func == Func::Lower { "LOWER" } else { "UPPER" };
        let mut take = || if list.is_empty() { Sql::word("NULL") } else { list.remove(0) };
        match func {
            Func::Length => match self.dialect().fact(|spec| &spec.length) {
                Length::Length => Ok(Sql::Call("length", list)),
                Length::CharLength => {
                    let length = Sql::Call("char_length", list);
                    let wide = self.dialect().fact(|spec| &spec.integer_operand) == IntegerOperand::Bigint;
                    Ok(if wide { length.cast("bigint") } else { length })
                }
            },
            Func::Trim => Ok(match self.dialect().fact(|spec| &spec.trim) {
                Trim::Btrim => Sql::Call("btrim", vec![take(), Sql::word("' '")]),
                Trim::TrimBoth => Sql::Sequence(vec![Sql::word("TRIM(BOTH ' ' FROM "), take(), Sql::word(")")]),
                Trim::Trim => Sql::Call("trim", list),
            }),
            Func::Substring => {
                let numbers = typed.operands.iter().skip(1).map(|number| match number.expr {
                    Expr::Value(Value::Int(number)) => Ok(Sql::word(number.to_string())),
                    _ => Err(missing_operand()),
                });
                let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
                Ok(Sql::Call("substr", list.into_iter().chain(numbers).collect()))
            }
            Func::Replace => {
                let from = typed.operands.get(1).map(|from| from.expr);
                let glob = self.dialect().fact(|spec| &spec.pattern_match) == PatternMatch::Glob;
                if matches!(from, Some(Expr::Value(Value::Text(from))) if glob && from.contains('\0')) {
                    return Err(self.unsupported("replacement of U+0000", "it finds nothing there"));
                }
                let text = take();
                list.insert(
                    0,
                    match self.dialect().fact(|spec| &spec.code_point_order) {
                        CodePointOrder::CollateC => text.postfix("COLLATE \"C\""),
                        CodePointOrder::Bytes => utf8mb4_bin(text),
                        CodePointOrder::CollateBinary => text,
                    },
                );
                let to = list.get(2).cloned().ok_or_else(missing_operand)?;
                let constant =
                    typed.operands.get(2).is_some_and(|to| matches!(to.expr, Expr::Value(_)) && !to.is_null());
                let unchanged = self.dialect().fact(|spec| &spec.replace_by_null) == ReplaceByNull::Unchanged;
                if constant || !unchanged {
                    return Ok(Sql::Call("replace", list));
                }
                if to.is_larger(MOST_TWICE) {
                    let reason = "the text to put in is written twice there, and this one is long";
                    return Err(self.unsupported("replacement by so long an expression", reason));
                }
                let known = Sql::postfix(to, "IS NOT NULL");
                Ok(Sql::Case(vec![(known, Sql::Call("replace", list))], None))
            }
            Func::Concat => Ok(match self.dialect().fact(|spec| &spec.concat) {
                Concat::Pipes => Sql::Infix("||", list),
                Concat::Function => Sql::Call("CONCAT", list),
            }),
            _ => Ok(match self.dialect().fact(|spec| &spec.ascii_case) {
                AsciiCase::CollateC => Sql::Call(name, vec![take().postfix("COLLATE \"C\"")]),
                AsciiCase::Native => Sql::Call(name, list),
                AsciiCase::SingleByte => {
                    let single = converted(as_bytes(take()), " USING tis620)");
                    utf8mb4_bin(Sql::Call(name, vec![single]).cast("BINARY"))
                }
            }),
        }
    }

    /// Puts texts together; for use with what is lowered already.
    pub(super) fn join(&self, list: Vec<Sql<'u>>) -> Sql<'u> {
        match self.dialect().fact(|spec| &spec.concat) {
            Concat::Pipes => Sql::Infix("||", list),
            Concat::Function => Sql::Call("CONCAT", list),
        }
    }

    /// The number of characters of what is lowered already.
    pub(super) fn count(&self, sql: Sql<'u>) -> Sql<'u> {
        match self.dialect().fact(|spec| &spec.length) {
            Length::Length => Sql::Call("length", vec![sql]),
            Length::CharLength => Sql::Call("char_length", vec![sql]),
        }
    }
}

fn collate_first(list: &mut [Sql<'_>], collation: &'static str) {
    if let Some(first) = list.first_mut() {
        let plain = std::mem::replace(first, Sql::Named(0));
        *first = plain.postfix(collation);
    }
}

fn converted<'u>(sql: Sql<'u>, to: &'static str) -> Sql<'u> {
    Sql::Sequence(vec![Sql::word("CONVERT("), sql, Sql::word(to)])
}

/// The bytes of a text in UTF-8, which compare as its code points do.
pub(super) fn as_bytes(sql: Sql<'_>) -> Sql<'_> {
    match sql {
        Sql::Postfix(converted, UTF8MB4_BIN) => converted.cast("BINARY"),
        other => converted(other, " USING utf8mb4)").cast("BINARY"),
    }
}

/// A text under the collation in which every character counts.
fn utf8mb4_bin(sql: Sql<'_>) -> Sql<'_> {
    match sql {
        Sql::Postfix(_, UTF8MB4_BIN) => sql,
        other => converted(other, " USING utf8mb4)").postfix(UTF8MB4_BIN),
    }
}

fn like_pattern(pieces: &[Piece]) -> String {
    let mut pattern = String::new();
    for piece in pieces {
        match piece {
            Piece::Run => pattern.push('%'),
            Piece::One => pattern.push('_'),
            Piece::Is(character) => {
                if matches!(character, '%' | '_' | '!') {
                    pattern.push('!');
                }
                pattern.push(*character);
            }
        }
    }
    pattern
}

fn glob_pattern(pieces: &[Piece]) -> String {
    let mut pattern = String::new();
    for piece in pieces {
        match piece {
            Piece::Run => pattern.push('*'),
            Piece::One => pattern.push('?'),
            Piece::Is(character @ ('*' | '?' | '[')) => pattern.extend(['[', *character, ']']),
            Piece::Is(character) => pattern.push(*character),
        }
    }
    pattern
}
