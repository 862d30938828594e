//! The input of the parsers: the text that is left, and what would have been right at the furthest place reached.

use std::cell::{Cell, RefCell};
use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till};
use nom::character::complete::multispace1;
use nom::multi::many0_count;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::hint::{any_of, hint};
use super::name::is_word_char;
use super::text::{escaped, quoted, starts_escaped};
use crate::error::{Error, ErrorKind, Errors, Place};

/// What every parser of the language returns.
pub(super) type Parse<'a, 's, T> = IResult<Source<'a, 's>, T, Fault>;

/// Why a parser fails. What was expected instead is kept in [`State`], so that a mismatch costs nothing.
#[derive(Debug)]
pub(super) enum Fault {
    /// The text is something else; another parser may take it.
    Mismatch,
    /// The text is wrong, whatever is tried.
    Wrong(Error),
}

impl<I> nom::error::ParseError<I> for Fault {
    fn from_error_kind(_: I, _: nom::error::ErrorKind) -> Self {
        Self::Mismatch
    }

    fn append(_: I, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

/// What a parser would have taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Expected {
    /// This very text.
    Text(&'static str),
    /// The word that begins a clause.
    Clause(&'static str),
    /// A name of something.
    Name(&'static str),
    /// Something, in words.
    Thing(&'static str),
}

impl Expected {
    /// Whether it is this very text.
    pub(super) fn is_text(self, text: &str) -> bool {
        matches!(self, Self::Text(known) | Self::Clause(known) if known.eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Clause(text) => write!(f, "`{text}`"),
            Self::Name(words) | Self::Thing(words) => f.write_str(words),
        }
    }
}

/// The whole text, and what was expected at the furthest place where a parser failed.
#[derive(Debug)]
pub(super) struct State<'a> {
    text: &'a str,
    offset: RefCell<usize>,
    expected: RefCell<Vec<Expected>>,
    /// The furthest text in quotes: from behind its first quote to behind its last.
    quoted: Cell<(usize, usize)>,
    /// What is wrong and does not keep a parser from going on.
    noted: RefCell<Errors>,
}

impl<'a> State<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: RefCell::new(0),
            expected: RefCell::new(Vec::new()),
            quoted: Cell::new((0, 0)),
            noted: RefCell::new(Errors::new()),
        }
    }

    fn expect(&self, offset: usize, what: Expected) {
        let (mut furthest, mut expected) = (self.offset.borrow_mut(), self.expected.borrow_mut());
        if offset > *furthest {
            *furthest = offset;
            expected.clear();
        }
        if offset == *furthest && !expected.contains(&what) {
            expected.push(what);
        }
    }

    /// Forgets what was expected, before another statement is read.
    pub(super) fn forget(&self) {
        self.expected.borrow_mut().clear();
    }

    /// What parsers noted and went on, once.
    pub(super) fn take_noted(&self) -> Errors {
        self.noted.take()
    }

    /// The error of a parser that failed.
    pub(super) fn explain(&self, fault: nom::Err<Fault>) -> Error {
        match fault {
            nom::Err::Error(Fault::Wrong(error)) | nom::Err::Failure(Fault::Wrong(error)) => error,
            _ => self.mismatch(),
        }
    }

    /// The text in quotes that spans lines and that a word follows at once, where a parser failed: it may have been meant
    /// to end before, and its last quote to open another.
    fn unclosed(&self) -> Option<&'a str> {
        let ((from, to), failed) = (self.quoted.get(), *self.offset.borrow());
        let follows = to == failed && self.text.get(failed..).is_some_and(|rest| rest.starts_with(is_word_char));
        self.text.get(from..to).filter(|text| follows && text.contains('\n'))
    }

    fn mismatch(&self) -> Error {
        let from = *self.offset.borrow();
        let token = token(self.text.get(from..).unwrap_or_default());
        let expected = self.expected.borrow();
        let (before, rest) = self.text.split_at_checked(from).unwrap_or_default();
        let mut found = describe(token) + &hint(before, token, rest, &expected);
        if self.unclosed().is_some() {
            let before = self.text.get(..self.quoted.get().0).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
            found += &format!(", or the text that opens at {line}:{column} is not closed");
        }
        let kind = ErrorKind::Syntax { expected: any_of(&expected), found };
        kind.at(Place::Span { from, to: from + token.len() })
    }
}

/// The text's first token as a message repeats it.
pub(super) fn describe(token: &str) -> String {
    match token.chars().next() {
        None => "the end".into(),
        Some('`') => "a backquote".into(),
        Some(first) if first.is_ascii_graphic() || first.is_alphanumeric() => format!("`{}`", shown(token)),
        Some(first) => format!("the character U+{:04X}", u32::from(first)),
    }
}

/// The start of a text, in one line.
pub(super) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().nth(40).is_some() || line.len() < text.len() {
        line.chars().take(39).chain(['…']).collect()
    } else {
        line.into()
    }
}

/// The first token of a text, roughly: enough to name it.
fn token(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return "" };
    let end = match first {
        '\'' | '"' => {
            text.char_indices().skip(1).find(|(_, c)| *c == first || *c == '\n').map(|(at, c)| at + c.len_utf8())
        }
        c if is_word_char(c) => text.find(|c| !is_word_char(c)),
        c => Some(c.len_utf8()),
    };
    text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim_end_matches('\n')
}

/// What is left of a text, from the start of a token on. A copy is a place to come back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a, 's> {
    rest: &'a str,
    end: usize,
    state: &'s State<'a>,
}

impl<'a, 's> Source<'a, 's> {
    pub(super) fn new(state: &'s State<'a>) -> Self {
        let text = state.text.strip_prefix('\u{feff}').unwrap_or(state.text);
        Self { rest: skip_blanks(text), end: 0, state }
    }

    /// The text that is left.
    pub(super) fn rest(self) -> &'a str {
        self.rest
    }

    /// Where the next token starts.
    pub(super) fn offset(self) -> usize {
        self.state.text.len() - self.rest.len()
    }

    /// Where the last token ended.
    pub(super) fn end(self) -> usize {
        self.end
    }

    /// The span from here to the last token of a later place.
    pub(super) fn span_to(self, later: Self) -> Place {
        Place::Span { from: self.offset(), to: later.end }
    }

    /// Behind a token, and the blanks and comments that follow it.
    pub(super) fn after(self, rest: &'a str) -> Self {
        Self { rest: skip_blanks(rest), end: self.state.text.len() - rest.len(), ..self }
    }

    /// At a later place within a token.
    pub(super) fn at(self, rest: &'a str) -> Self {
        Self { rest, ..self }
    }

    /// Behind a token that is next; none where another one is.
    pub(super) fn strip(self, token: &str) -> Option<Self> {
        self.rest.strip_prefix(token).map(|rest| self.after(rest))
    }

    /// Behind a word that is next, in upper or lower case; none where another one is.
    pub(super) fn strip_word(self, word: &str) -> Option<Self> {
        let (start, rest) = self.rest.split_at_checked(word.len())?;
        (start.eq_ignore_ascii_case(word) && !rest.starts_with(is_word_char)).then(|| self.after(rest))
    }

    /// The run of word characters that is next, perhaps empty, and the text behind it.
    pub(super) fn word(self) -> (&'a str, &'a str) {
        let end = self.rest.find(|c| !is_word_char(c)).unwrap_or(self.rest.len());
        self.rest.split_at_checked(end).unwrap_or((self.rest, ""))
    }

    /// Notes that a type's name is wrong, and takes it with the digits and brackets behind it.
    pub(super) fn note_wrong(self, error: Error) -> Self {
        self.state.noted.borrow_mut().push(error);
        let digits = |c: char| c.is_ascii_digit() || c.is_whitespace() || c == ',';
        let length = |behind: Self| {
            let inside = behind.strip("(")?;
            inside.at(inside.rest.trim_start_matches(digits)).strip(")")
        };
        let mut behind = self.after(self.word().1);
        behind = length(behind).unwrap_or(behind);
        while let Some(next) = behind.strip("[").and_then(|inside| inside.strip("]")) {
            behind = next;
        }
        behind
    }

    /// Notes a text in quotes: what is behind the first of them, and behind the last.
    pub(super) fn note_quoted(self, body: &str, rest: &str) {
        let (_, furthest) = self.state.quoted.get();
        let to = self.state.text.len() - rest.len();
        if to > furthest {
            self.state.quoted.set((self.state.text.len() - body.len(), to));
        }
    }

    /// Where to go on behind a statement that is wrong: the next one, even where a text that is not closed swallowed it.
    pub(super) fn after_wrong(self) -> Self {
        let swallowed = self.state.unclosed().unwrap_or_default();
        let mut lines = swallowed.match_indices('\n').filter_map(|(at, _)| {
            let line = self.state.text.get(self.state.quoted.get().0 + at..)?;
            let next = self.at(skip_blanks(line));
            // behind where this one begins, so that there is an end
            let is_further = next.rest.len() < self.rest.len();
            (is_further && next.strip_word("update").is_some()).then_some(next)
        });
        lines.next().unwrap_or_else(|| self.after_statement())
    }

    /// Where the next statement starts: behind a semicolon, or at a line that begins with `update`.
    fn after_statement(self) -> Self {
        let mut source = self;
        loop {
            if let Some(rest) = source.strip(";") {
                return rest;
            }
            let begins_line = source
                .state
                .text
                .get(..source.offset())
                .is_some_and(|before| before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']));
            if source.offset() > self.offset() && begins_line && source.strip_word("update").is_some() {
                return source;
            }
            source = match skip_token(source) {
                Some(rest) => rest,
                None => return source,
            };
        }
    }

    /// The fault of a parser that takes something else.
    pub(super) fn mismatch(self, expected: Expected) -> nom::Err<Fault> {
        self.state.expect(self.offset(), expected);
        nom::Err::Error(Fault::Mismatch)
    }

    /// The fault of a text that is wrong from here to so many bytes on.
    pub(super) fn wrong(self, bytes: usize, kind: ErrorKind) -> nom::Err<Fault> {
        let from = self.offset();
        wrong(kind.at(Place::Span { from, to: from + bytes }))
    }

    /// The fault of a token that cannot stand here.
    pub(super) fn unexpected(self, token: &str, expected: &str, hint: &str) -> nom::Err<Fault> {
        let kind = ErrorKind::Syntax { expected: expected.into(), found: format!("`{token}`; {hint}") };
        self.wrong(token.len(), kind)
    }
}

/// The fault of a text that is wrong.
pub(super) fn wrong(error: Error) -> nom::Err<Fault> {
    nom::Err::Failure(Fault::Wrong(error))
}

/// The text behind blanks and comments.
fn skip_blanks(text: &str) -> &str {
    let comment = preceded(tag("--"), take_till(|c| c == '\n' || c == '\r'));
    let blanks: IResult<&str, usize, ()> = many0_count(alt((multispace1, comment))).parse(text);
    blanks.map_or(text, |(rest, _)| rest)
}

/// Behind the next token, as far as it shows where a statement ends; none at the end.
fn skip_token<'a, 's>(source: Source<'a, 's>) -> Option<Source<'a, 's>> {
    let first = source.rest.chars().next()?;
    let whole = match first {
        '\'' | '"' => quoted(source, first).ok().map(|(rest, _)| rest),
        _ if starts_escaped(source, '\'') => escaped(source, '\'').ok().map(|(rest, _)| rest),
        _ if starts_escaped(source, '"') => escaped(source, '"').ok().map(|(rest, _)| rest),
        first if is_word_char(first) => Some(source.after(source.word().1)),
        _ => None,
    };
    whole.or_else(|| source.rest.get(first.len_utf8()..).map(|rest| source.after(rest)))
}

/// Takes a word of the language.
pub(super) fn word<'a: 's, 's>(word: &'static str) -> impl Fn(Source<'a, 's>) -> Parse<'a, 's, ()> {
    move |source| match source.strip_word(word) {
        Some(rest) => Ok((rest, ())),
        None => Err(source.mismatch(Expected::Text(word))),
    }
}

/// Takes the word that begins a clause.
pub(super) fn clause<'a: 's, 's>(word: &'static str) -> impl Fn(Source<'a, 's>) -> Parse<'a, 's, ()> {
    move |source| match source.strip_word(word) {
        Some(rest) => Ok((rest, ())),
        None => Err(source.mismatch(Expected::Clause(word))),
    }
}

/// Takes a token such as `(`.
pub(super) fn symbol<'a: 's, 's>(symbol: &'static str) -> impl Fn(Source<'a, 's>) -> Parse<'a, 's, ()> {
    move |source| match source.strip(symbol) {
        Some(rest) => Ok((rest, ())),
        None => Err(source.mismatch(Expected::Text(symbol))),
    }
}

/// Takes the end of the text.
pub(super) fn end<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, ()> {
    if source.rest.is_empty() { Ok((source, ())) } else { Err(source.mismatch(Expected::Thing("the end"))) }
}

/// Takes one or more items between commas.
pub(super) fn list<'a: 's, 's, T>(
    mut item: impl FnMut(Source<'a, 's>) -> Parse<'a, 's, T>,
) -> impl FnMut(Source<'a, 's>) -> Parse<'a, 's, Vec<T>> {
    move |source| {
        let (mut source, first) = item(source)?;
        let mut items = vec![first];
        while let Ok((rest, ())) = symbol(",")(source) {
            let (rest, next) = item(rest)?;
            items.push(next);
            source = rest;
        }
        Ok((source, items))
    }
}
