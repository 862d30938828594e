//! Types, as `cast` names them.

use super::expr::too_deep;
use super::literal::text;
use super::name::name;
use super::source::{Expected, Parse, Source, list, shown, symbol, word};
use super::text::starts_escaped;
use crate::error::{ErrorKind, nearest};
use crate::ir::Type;

/// The types that are one word.
static PLAIN: [(&str, Type); 25] = [
    ("bool", Type::Bool),
    ("int", Type::INT64),
    ("int8", Type::Int { bits: 8 }),
    ("int16", Type::Int { bits: 16 }),
    ("int24", Type::Int { bits: 24 }),
    ("int32", Type::Int { bits: 32 }),
    ("int64", Type::Int { bits: 64 }),
    ("uint8", Type::UInt { bits: 8 }),
    ("uint16", Type::UInt { bits: 16 }),
    ("uint24", Type::UInt { bits: 24 }),
    ("uint32", Type::UInt { bits: 32 }),
    ("uint64", Type::UInt { bits: 64 }),
    ("float32", Type::Float32),
    ("float64", Type::Float64),
    ("decimal", Type::DECIMAL),
    ("text", Type::TEXT),
    ("bytes", Type::BYTES),
    ("date", Type::Date),
    ("time", Type::TIME),
    ("timestamp", Type::TIMESTAMP),
    ("timestamptz", Type::TIMESTAMPTZ),
    ("interval", Type::Interval),
    ("uuid", Type::Uuid),
    ("json", Type::Json),
    ("jsonb", Type::Jsonb),
];

/// Types of engines that have another name here.
const FOREIGN: [(&str, &str); 21] = [
    ("integer", "int"),
    ("bigint", "int64"),
    ("mediumint", "int24"),
    ("smallint", "int16"),
    ("tinyint", "int8"),
    ("unsigned", "uint64"),
    ("boolean", "bool"),
    ("float", "float64"),
    ("double", "float64"),
    ("real", "float32"),
    ("numeric", "decimal"),
    ("number", "decimal"),
    ("string", "text"),
    ("varchar", "text"),
    ("character", "char"),
    ("blob", "bytes"),
    ("bytea", "bytes"),
    ("binary", "bytes"),
    ("datetime", "timestamp"),
    ("instant", "timestamptz"),
    ("citext", "\"citext\""),
];

/// Takes a type.
pub(super) fn ty<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Type> {
    let (mut source, mut ty) = element(source)?;
    let mut levels = 0;
    while let Some(rest) = source.strip("[").and_then(|rest| rest.strip("]")) {
        levels += 1;
        if levels > super::MAX_DEPTH {
            return Err(too_deep(source));
        }
        source = rest;
        ty = Type::list_of(ty);
    }
    Ok((source, ty))
}

fn element<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Type> {
    let (spelled, rest) = source.word();
    if spelled.is_empty() || starts_escaped(source, '"') {
        // A type of the engine's own stands in quotes, so that a slip of the pen is never taken for one.
        return match name("a type")(source) {
            Ok((rest, name)) => Ok((rest, Type::Named(name))),
            Err(nom::Err::Error(_)) => Err(source.mismatch(Expected::Thing("a type"))),
            Err(fault) => Err(fault),
        };
    }
    let after = source.after(rest);
    let is = |known: &str| spelled.eq_ignore_ascii_case(known);
    if is("enum") {
        return labels(after);
    }
    if is("char") {
        let (after, length) = in_brackets(after, |source| whole(source, u32::MAX))?;
        return Ok((after, Type::Char { length }));
    }
    let Some((_, ty)) = PLAIN.iter().find(|(known, _)| is(known)) else {
        let known = PLAIN.iter().map(|(known, _)| *known).chain(["char", "enum"]);
        let name = shown(spelled);
        let foreign = FOREIGN.iter().find(|(foreign, _)| is(foreign));
        let hint = foreign.map_or_else(|| nearest(&name, known), |(_, ours)| format!("; write `{ours}`"));
        let own = "; a type of the engine's own is written in double quotes";
        let hint = if hint.is_empty() { own.to_owned() } else { hint };
        return Err(source.wrong(spelled.len(), ErrorKind::UnknownTypeName { name, hint }));
    };
    if !after.rest().starts_with('(') {
        return Ok((after, ty.clone()));
    }
    match ty {
        Type::Decimal { .. } => in_brackets(after, decimal_digits),
        Type::Text { .. } => {
            in_brackets(after, |source| whole(source, u32::MAX).map(|(rest, n)| (rest, Type::Text { max: Some(n) })))
        }
        Type::Bytes { .. } => {
            in_brackets(after, |source| whole(source, u32::MAX).map(|(rest, n)| (rest, Type::Bytes { max: Some(n) })))
        }
        Type::Time { .. } => in_brackets(after, |source| fraction(source, |digits| Type::Time { digits })),
        Type::Timestamp { .. } => in_brackets(after, |source| fraction(source, |digits| Type::Timestamp { digits })),
        Type::TimestampTz { .. } => {
            in_brackets(after, |source| fraction(source, |digits| Type::TimestampTz { digits }))
        }
        _ => Ok((after, ty.clone())),
    }
}

fn in_brackets<'a, 's, T>(
    source: Source<'a, 's>,
    inner: impl Fn(Source<'a, 's>) -> Parse<'a, 's, T>,
) -> Parse<'a, 's, T> {
    let (source, ()) = symbol("(")(source)?;
    let (source, inner) = inner(source)?;
    let (source, ()) = symbol(")")(source)?;
    Ok((source, inner))
}

/// Takes a whole number up to a limit.
fn whole<'a, 's>(source: Source<'a, 's>, most: u32) -> Parse<'a, 's, u32> {
    let (digits, rest) = source.word();
    match digits.parse() {
        Ok(number) if number <= most => Ok((source.after(rest), number)),
        _ => Err(source.mismatch(Expected::Thing(if most == 6 { "a number from 0 to 6" } else { "a number" }))),
    }
}

fn fraction<'a, 's>(source: Source<'a, 's>, make: impl Fn(u8) -> Type) -> Parse<'a, 's, Type> {
    let (rest, digits) = whole(source, 6)?;
    Ok((rest, make(u8::try_from(digits).unwrap_or(6))))
}

fn decimal_digits<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Type> {
    let (source, precision) = whole(source, u32::MAX)?;
    let (source, scale) = match symbol(",")(source) {
        Ok((source, ())) => whole(source, u32::MAX)?,
        Err(_) => (source, 0),
    };
    Ok((source, Type::Decimal { precision: Some(precision), scale: Some(scale) }))
}

/// Takes what follows `enum`: its name where the engine names it, and its labels.
fn labels<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Type> {
    let (source, name) = match name("a type")(source) {
        Ok((source, name)) => (source, Some(name)),
        Err(nom::Err::Error(_)) => (source, None),
        Err(fault) => return Err(fault),
    };
    let (source, ()) = symbol("(")(source)?;
    let (source, labels) = match symbol(")")(source) {
        Ok(_) => (source, Vec::new()),
        Err(_) => list(text)(source)?,
    };
    let (source, ()) = symbol(")")(source)?;
    Ok((source, Type::Enum { name, labels: labels.into_iter().map(|label| label.into()).collect() }))
}

/// Takes `as` and a type.
pub(super) fn as_type<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Type> {
    let (source, ()) = word("as")(source)?;
    ty(source)
}
