//! What may follow an operand.

use super::level::Level;
use super::source::{Expected, Fault, Source, word};
use crate::ir::Binary;

/// What follows an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Infix {
    Or,
    And,
    Binary(Binary),
    In,
    Between,
    Like,
    /// `is`, and what it tests follows.
    Is,
    /// `is null`.
    Null,
    /// `not`, and what it negates follows: `in`, `between` or `like`.
    Not,
}

impl Infix {
    pub(super) fn level(self) -> Level {
        match self {
            Self::Or => Level::Or,
            Self::And => Level::And,
            Self::Binary(operator) => Level::of(operator),
            Self::In | Self::Between | Self::Like | Self::Is | Self::Null | Self::Not => Level::Compare,
        }
    }
}

/// Operators that others write, and what to write here.
const FOREIGN: [(&str, &str); 9] = [
    ("==", "write `=`"),
    ("<=>", "write `is not distinct from`"),
    ("&&", "write `and`"),
    ("->", "no part of a JSON document can be read"),
    ("!=", "write `<>`"),
    ("||", "write `concat(a, b)`"),
    ("%", "write `mod(a, b)`"),
    ("::", "write `cast(a as type)`"),
    (".", "columns stand without their table"),
];

const SYMBOLS: [(&str, Binary); 10] = [
    ("<=", Binary::LessOrEqual),
    (">=", Binary::GreaterOrEqual),
    ("<>", Binary::NotEqual),
    ("=", Binary::Equal),
    ("<", Binary::Less),
    (">", Binary::Greater),
    ("+", Binary::Add),
    ("-", Binary::Subtract),
    ("*", Binary::Multiply),
    ("/", Binary::Divide),
];

const WORDS: [(&str, Infix); 7] = [
    ("or", Infix::Or),
    ("and", Infix::And),
    ("is", Infix::Is),
    ("in", Infix::In),
    ("not", Infix::Not),
    ("between", Infix::Between),
    ("like", Infix::Like),
];

/// The operator that is next, and the place behind it; none where the expression ends.
pub(super) fn infix<'a, 's>(source: Source<'a, 's>) -> Result<Option<(Source<'a, 's>, Infix)>, nom::Err<Fault>> {
    let first = source.rest().bytes().next().unwrap_or(b')');
    if first.is_ascii_alphabetic() {
        let word = WORDS.iter().find_map(|&(word, infix)| Some((source.strip_word(word)?, infix)));
        if word.is_some() {
            return Ok(word);
        }
    } else if !matches!(first, b',' | b')') {
        if let Some((token, hint)) = FOREIGN.iter().find(|(token, _)| source.rest().starts_with(token)) {
            return Err(source.unexpected(token, "an operator", hint));
        }
        let symbol = SYMBOLS.iter().find_map(|&(symbol, operator)| Some((source.strip(symbol)?, operator)));
        if let Some((after, operator)) = symbol {
            return Ok(Some((after, Infix::Binary(operator))));
        }
    }
    // Only notes what would have been right; whatever ends the expression is taken by others.
    let _ = source.mismatch(Expected::Thing("an operator"));
    Ok(None)
}

/// A test in more than one word: the place behind it, the test, and whether it is negated.
type Test<'a, 's> = Result<(Source<'a, 's>, Infix, bool), nom::Err<Fault>>;

/// Takes what follows `is`: `[not] null` or `[not] distinct from`.
pub(super) fn test_behind_is<'a, 's>(source: Source<'a, 's>) -> Test<'a, 's> {
    let (source, not) = word("not")(source).map_or((source, false), |(rest, ())| (rest, true));
    if let Ok((rest, ())) = word("null")(source) {
        return Ok((rest, Infix::Null, not));
    }
    let (source, ()) = word("distinct")(source)?;
    let (source, ()) = word("from")(source)?;
    Ok((source, Infix::Binary(Binary::IsDistinct), not))
}

/// Takes what follows `not` behind an operand: `in`, `between` or `like`.
pub(super) fn test_behind_not<'a, 's>(source: Source<'a, 's>) -> Test<'a, 's> {
    if let Ok((rest, ())) = word("in")(source) {
        return Ok((rest, Infix::In, true));
    }
    if let Ok((rest, ())) = word("between")(source) {
        return Ok((rest, Infix::Between, true));
    }
    let (source, ()) = word("like")(source)?;
    Ok((source, Infix::Like, true))
}
