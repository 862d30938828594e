//! A scanner of JSON text: one pass, no tree; numbers and nested documents stay text.

use std::borrow::Cow;

use super::plain::{plain_integer, plain_length};
use crate::error::ErrorKind;

/// The most levels of a nested document.
const MAX_DEPTH: usize = 128;

/// What is wrong, and at which byte of the text.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: Box<ErrorKind>,
    pub(crate) at: usize,
}

impl Fault {
    pub(crate) fn new(kind: ErrorKind, at: usize) -> Self {
        Self { kind: Box::new(kind), at }
    }
}

/// A JSON value: its text, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) raw: &'a str,
    pub(crate) kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind<'a> {
    Null,
    Bool(bool),
    Number,
    Text(Cow<'a, str>),
    Array,
    Object,
}

impl Kind<'_> {
    /// The kind in words, for messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number => "a number",
            Self::Text(_) => "text",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// A position in JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The byte at which the scanner stands.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn fault(&self, kind: ErrorKind) -> Fault {
        Fault::new(kind, self.at)
    }

    /// The fault of finding something else, or the end.
    #[cold]
    pub(crate) fn unexpected(&self, expected: &'static str) -> Fault {
        self.fault(match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some('/' | '#') => ErrorKind::Comment,
            Some(found) => {
                ErrorKind::Syntax { expected: expected.to_owned(), found: format!("`{}`", found.escape_debug()) }
            }
            None => ErrorKind::Truncated { expected },
        })
    }

    /// Skips white space and gives the next byte.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let next = self.byte();
        if next.is_some_and(|byte| byte > b' ') { next } else { self.skip_space() }
    }

    #[inline(never)]
    fn skip_space(&mut self) -> Option<u8> {
        let space = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        self.at += space.count();
        self.byte()
    }

    /// Takes a mark where it is next.
    #[inline]
    pub(crate) fn take(&mut self, mark: u8) -> bool {
        let found = self.peek() == Some(mark);
        self.at += usize::from(found);
        found
    }

    /// Takes the comma before the next item, or the mark that ends the list.
    #[inline(always)]
    pub(crate) fn more(&mut self, end: u8, expected: &'static str) -> Result<bool, Fault> {
        let next = self.peek();
        let at = self.at;
        if next == Some(b',') {
            self.at += 1;
            return if self.peek() == Some(end) { Err(Fault::new(ErrorKind::TrailingComma, at)) } else { Ok(true) };
        }
        if next == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        Err(self.unexpected(expected))
    }

    /// Takes the name of a member, in quotes, and the colon behind it, where they are what is expected.
    #[inline(always)]
    pub(crate) fn take_name(&mut self, quoted: &str) -> bool {
        let start = self.at;
        if !self.rest().starts_with(quoted.as_bytes()) {
            return false;
        }
        self.at += quoted.len();
        let found = self.take(b':');
        if !found {
            self.at = start;
        }
        found
    }

    /// Takes a whole number that surely fits, where it is next.
    #[inline]
    pub(crate) fn integer(&mut self) -> Option<i64> {
        let (number, length) = plain_integer(self.rest())?;
        let behind = self.rest().get(length);
        matches!(behind, Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t')).then(|| {
            self.at += length;
            number
        })
    }

    /// Takes the text of a number, where it is next.
    #[inline]
    pub(crate) fn number_text(&mut self) -> Option<&'a str> {
        let start = self.at;
        if matches!(self.byte(), Some(b'-' | b'0'..=b'9')) && self.number().is_ok() {
            return Some(self.since(start));
        }
        self.at = start;
        None
    }

    /// Takes a string without escapes, where it is next.
    #[inline]
    pub(crate) fn plain_text(&mut self) -> Option<&'a str> {
        let text = self.rest().strip_prefix(b"\"")?;
        let length = plain_length(text, b'"', b'\\');
        if text.get(length) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        self.at = start + length + 1;
        self.text.get(start..start + length)
    }

    /// The name of a member, and the colon behind it.
    pub(crate) fn member(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a name in double quotes"));
        }
        let name = self.string()?;
        if self.take(b':') { Ok(name) } else { Err(self.unexpected("`:`")) }
    }

    /// The next value; nested ones are checked whole.
    pub(crate) fn value(&mut self) -> Result<Item<'a>, Fault> {
        self.nested(0)
    }

    /// Fails where anything but white space follows.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(b'/' | b'#') => Err(self.fault(ErrorKind::Comment)),
            Some(_) => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let found = format!("`{}`", rest.chars().take(10).collect::<String>().escape_debug());
                Err(self.fault(ErrorKind::TrailingText { found }))
            }
        }
    }

    fn nested(&mut self, depth: usize) -> Result<Item<'a>, Fault> {
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'[' | b'{') if depth == MAX_DEPTH => {
                return Err(self.fault(ErrorKind::DocumentTooDeep { most: MAX_DEPTH }));
            }
            Some(b'[') => self.array(depth + 1)?,
            Some(b'{') => self.object(depth + 1)?,
            _ => self.word()?,
        };
        Ok(Item { raw: self.since(start), kind })
    }

    fn array(&mut self, depth: usize) -> Result<Kind<'a>, Fault> {
        self.at += 1;
        let mut more = !self.take(b']');
        while more {
            self.nested(depth)?;
            more = self.more(b']', "`,` or `]`")?;
        }
        Ok(Kind::Array)
    }

    fn object(&mut self, depth: usize) -> Result<Kind<'a>, Fault> {
        self.at += 1;
        let mut names = Vec::new();
        let mut more = !self.take(b'}');
        while more {
            names.push(self.member()?);
            self.nested(depth)?;
            more = self.more(b'}', "`,` or `}`")?;
        }
        names.sort_unstable();
        match names.windows(2).find_map(|pair| matches!(pair, [a, b] if a == b).then(|| pair.first())).flatten() {
            Some(name) => Err(self.fault(ErrorKind::FieldTwice { field: name.clone().into_owned() })),
            None => Ok(Kind::Object),
        }
    }

    fn word(&mut self) -> Result<Kind<'a>, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let words = [("null", Kind::Null), ("true", Kind::Bool(true)), ("false", Kind::Bool(false))];
        for (word, kind) in words {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.unexpected("a value"))
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.unexpected("a digit")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Kind<'a>, Fault> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.byte() {
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-') => {
                Err(self.unexpected("the end of the number"))
            }
            _ => Ok(Kind::Number),
        }
    }

    /// A string, borrowed where it holds no escape.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        if let Some(text) = self.plain_text() {
            return Ok(Cow::Borrowed(text));
        }
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            self.at += plain_length(self.rest(), b'"', b'\\');
            text.push_str(self.since(start));
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => {
                    let escaped = self.escape()?;
                    text.push(escaped);
                }
                Some(_) => return Err(self.unexpected("an escape for this control character")),
                None => return Err(Fault::new(ErrorKind::Truncated { expected: "the end of the text" }, open)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.at += 1;
        let escaped = match self.byte() {
            Some(mark @ (b'"' | b'\\' | b'/')) => char::from(mark),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point(start);
            }
            _ => return Err(self.unexpected("an escape of JSON")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// The character of a `\u` escape, or of two that make a pair.
    fn code_point(&mut self, start: usize) -> Result<char, Fault> {
        let first = self.hex()?;
        let lone =
            |scanner: &Self| Fault::new(ErrorKind::LoneSurrogate { escape: scanner.since(start).to_owned() }, start);
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let alone = lone(self);
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !(0xd800..0xdc00).contains(&first) || !rest.starts_with("\\u") {
            return Err(alone);
        }
        self.at += 2;
        let second = self.hex()?;
        let low = (0xdc00..0xe000).contains(&second).then_some(second & 0x3ff).ok_or(alone)?;
        char::from_u32(0x10000 + ((first & 0x3ff) << 10 | low)).ok_or_else(|| lone(self))
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.unexpected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}
