//! Literals: constants of every kind of value.

use std::borrow::Cow;

use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{opt, recognize};
use nom::{IResult, Parser};

use super::expr::too_deep;
use super::name::is_word_char;
use super::source::{Expected, Fault, Parse, Source, shown, symbol, wrong};
use super::text::{escaped, quoted, starts_escaped};
use crate::error::{Error, ErrorKind};
use crate::ir::parse::hex;
use crate::ir::{Array, Date, Decimal, Interval, Json, Time, Timestamp, TimestampTz, Uuid, Value};

/// Makes a value from the text behind its kind: `date '2024-02-29'`.
type Make = for<'a> fn(Cow<'a, str>) -> Result<Value<'a>, Error>;

/// The kinds whose literals are the kind and a text.
static KINDS: [(&str, Make); 11] = [
    ("bytes", |text| Ok(Value::Bytes(bytes(&text)?.into()))),
    ("date", |text| Ok(Value::Date(Date::parse(&text)?))),
    ("decimal", |text| Ok(Value::Decimal(Decimal::parse(text)?))),
    ("float", |text| named_float(&text)),
    ("interval", |text| Ok(Value::Interval(Interval::parse(&text)?))),
    ("json", |text| Ok(Value::Json(Json::new(text)))),
    ("time", |text| Ok(Value::Time(Time::parse(&text)?))),
    ("timestamp", |text| Ok(Value::Timestamp(Timestamp::parse(&text)?))),
    ("timestamptz", |text| Ok(Value::TimestampTz(TimestampTz::parse(&text)?))),
    ("uint", |text| text.parse().map(Value::UInt).map_err(|_| bad_literal(&text, "an unsigned integer of 64 bits"))),
    ("uuid", |text| Ok(Value::Uuid(Uuid::parse(&text)?))),
];

/// Takes a literal. What is none is a mismatch, and the caller says what it expects.
pub(super) fn literal<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Value<'a>> {
    let mut chars = source.rest().chars();
    match chars.next() {
        Some('\'') => text(source).map(|(rest, text)| (rest, Value::Text(text))),
        Some('0'..='9') => number(source),
        Some('-') if chars.next().is_some_and(|c| c.is_ascii_digit()) => number(source),
        Some(c) if c.is_ascii_alphabetic() => worded(source),
        _ => Err(nom::Err::Error(Fault::Mismatch)),
    }
}

/// Takes a text, plain or with escapes.
pub(super) fn text<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Cow<'a, str>> {
    if source.rest().starts_with('\'') {
        quoted(source, '\'')
    } else if starts_escaped(source, '\'') {
        escaped(source, '\'').map(|(rest, text)| (rest, text.into()))
    } else {
        Err(source.mismatch(Expected::Thing("a text in single quotes")))
    }
}

/// Takes a literal that starts with a word.
fn worded<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Value<'a>> {
    if starts_escaped(source, '\'') {
        return text(source).map(|(rest, text)| (rest, Value::Text(text)));
    }
    let (word, rest) = source.word();
    let after = source.after(rest);
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    if is("null") {
        return Ok((after, Value::Null));
    }
    if is("true") || is("false") {
        return Ok((after, Value::Bool(is("true"))));
    }
    if open_array(source).is_some() {
        return array(source);
    }
    if (after.rest().starts_with('\'') || starts_escaped(after, '\''))
        && let Some((_, make)) = KINDS.iter().find(|(kind, _)| is(kind))
    {
        let (end, text) = text(after)?;
        let value = make(text).map_err(|error| wrong(error.or_at(after.span_to(end))))?;
        return Ok((end, value));
    }
    Err(nom::Err::Error(Fault::Mismatch))
}

/// Takes the arrays that start here. Those that are not closed wait in a vector, not on the stack.
fn array<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Value<'a>> {
    let mut open: Vec<(Source<'a, 's>, Vec<Value<'a>>)> = Vec::new();
    let mut source = source;
    loop {
        let (rest, item) = if let Some(inner) = open_array(source) {
            if open.len() == super::MAX_DEPTH {
                return Err(too_deep(source));
            }
            open.push((source, Vec::new()));
            if !inner.rest().starts_with(']') {
                source = inner;
                continue;
            }
            (inner, None)
        } else {
            match literal(source) {
                Ok((rest, value)) => (rest, Some(value)),
                Err(nom::Err::Error(_)) => return Err(source.mismatch(Expected::Thing("a value"))),
                Err(fault) => return Err(fault),
            }
        };
        match close_arrays(rest, &mut open, item)? {
            (rest, Some(whole)) => return Ok((rest, whole)),
            (rest, None) => source = rest,
        }
    }
}

/// The place behind `array[`, where that is next.
fn open_array<'a, 's>(source: Source<'a, 's>) -> Option<Source<'a, 's>> {
    source.strip_word("array")?.strip("[")
}

/// Takes what follows an item: a comma, or the brackets of all arrays that end here.
fn close_arrays<'a, 's>(
    source: Source<'a, 's>,
    open: &mut Vec<(Source<'a, 's>, Vec<Value<'a>>)>,
    item: Option<Value<'a>>,
) -> Parse<'a, 's, Option<Value<'a>>> {
    let (mut source, mut item) = (source, item);
    while let Some((start, mut items)) = open.pop() {
        let first = item.is_none();
        items.extend(item);
        if !first && let Ok((rest, ())) = symbol(",")(source) {
            open.push((start, items));
            return Ok((rest, None));
        }
        (source, _) = symbol("]")(source)?;
        let array = Array::new(items).map_err(|error| wrong(error.or_at(start.span_to(source))))?;
        item = Some(Value::Array(Box::new(array)));
    }
    Ok((source, item))
}

/// Takes a number: an integer, with a point a decimal, with an exponent a float.
fn number<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Value<'a>> {
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    let digits = recognize((opt(char('-')), digit1, opt((char('.'), digit1)), opt(exponent)));
    let taken: IResult<&str, &str, ()> = { digits }.parse(source.rest());
    let (rest, digits) = taken.map_err(|_| nom::Err::Error(Fault::Mismatch))?;
    if rest.starts_with(|c| is_word_char(c) || c == '.') {
        let length = source.rest().find(|c| !is_word_char(c) && c != '.' && c != '-').unwrap_or(source.rest().len());
        let found = shown(source.rest().get(..length).unwrap_or_default());
        return Err(
            source.wrong(length, ErrorKind::Syntax { expected: "a number".into(), found: format!("`{found}`") })
        );
    }
    let too_large = || ErrorKind::NumberTooLarge { text: shown(digits) };
    let value = if digits.contains(['e', 'E']) {
        let float = digits.parse().ok().filter(|float: &f64| float.is_finite() && (*float != 0.0 || is_zero(digits)));
        float.map(Value::Float).ok_or_else(|| source.wrong(digits.len(), too_large()))?
    } else if digits.contains('.') {
        let span = source.span_to(source.after(rest));
        Value::Decimal(Decimal::parse(digits).map_err(|error| wrong(error.or_at(span)))?)
    } else {
        let signed = digits.parse().map(Value::Int);
        let unsigned = signed.or_else(|_| digits.parse().map(Value::UInt));
        unsigned.map_err(|_| source.wrong(digits.len(), too_large()))?
    };
    Ok((source.after(rest), value))
}

/// Whether a number with an exponent is written as zero.
fn is_zero(digits: &str) -> bool {
    digits.bytes().take_while(|b| !matches!(b, b'e' | b'E')).all(|b| matches!(b, b'0' | b'.' | b'-'))
}

/// The floats that digits cannot write.
fn named_float(text: &str) -> Result<Value<'static>, Error> {
    Ok(Value::Float(match text {
        "nan" => f64::NAN,
        "inf" => f64::INFINITY,
        "-inf" => f64::NEG_INFINITY,
        "-0" => -0.0,
        _ => return Err(bad_literal(text, "one of 'nan', 'inf', '-inf' and '-0'")),
    }))
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    hex(text).map_err(|_| bad_literal(text, "pairs of hexadecimal digits"))
}

fn bad_literal(text: &str, expected: &str) -> Error {
    ErrorKind::Syntax { expected: expected.into(), found: format!("`{}`", shown(text)) }.into()
}
