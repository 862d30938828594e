//! Schema text as statements of tokens, and a cursor over them.

use sqlparser::tokenizer::{Token as Sql, Tokenizer};

use super::Ddl;
use crate::error::{Error, ErrorKind, Place};
use crate::ir::parse::shown;
use crate::ir::{Ident, TableName};

/// The most levels of parentheses; real schemas need few, and a depth bomb needs many.
const MAX_DEPTH: usize = 128;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) lexeme: Lexeme,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lexeme {
    /// A keyword or a bare name.
    Word(String),
    /// A quoted name.
    Name(String),
    /// A string.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// Anything else.
    Mark(String),
}

impl Lexeme {
    fn from_sql(token: Sql) -> Self {
        match token {
            Sql::Word(word) if word.quote_style.is_none() => Self::Word(word.value),
            Sql::Word(word) => Self::Name(word.value),
            Sql::SingleQuotedString(text)
            | Sql::DoubleQuotedString(text)
            | Sql::EscapedStringLiteral(text)
            | Sql::UnicodeStringLiteral(text)
            | Sql::NationalStringLiteral(text) => Self::Text(text),
            Sql::Number(number, _) => Self::Number(number),
            other => Self::Mark(other.to_string()),
        }
    }

    pub(super) fn shown(&self) -> String {
        let (Self::Word(text) | Self::Name(text) | Self::Text(text) | Self::Number(text) | Self::Mark(text)) = self;
        format!("`{}`", shown(text))
    }
}

/// The statements of a text, without comments and semicolons.
pub(super) fn statements(text: &str, ddl: &Ddl) -> Result<Vec<Vec<Token>>, Error> {
    let lexer = (ddl.lexer)();
    let text = if ddl.client_lines { &blank_client_lines(text) } else { text };
    let tokens = Tokenizer::new(&*lexer, text).tokenize_with_location().map_err(|error| {
        let place = Place::Line { line: number(error.location.line), column: number(error.location.column) };
        ErrorKind::BadDocument { format: "SQL", reason: error.message }.at(place)
    })?;
    let mut statements = Vec::new();
    let mut current = Vec::new();
    let mut depth = 0usize;
    for token in tokens {
        let (line, column) = (number(token.span.start.line), number(token.span.start.column));
        match token.token {
            Sql::Whitespace(_) => continue,
            Sql::SemiColon => {
                statements.push(std::mem::take(&mut current));
                depth = 0;
                continue;
            }
            Sql::LParen => depth += 1,
            Sql::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(ErrorKind::TooDeep { most: MAX_DEPTH }.at(Place::Line { line, column }));
        }
        current.push(Token { lexeme: Lexeme::from_sql(token.token), line, column });
    }
    statements.push(current);
    statements.retain(|statement| !statement.is_empty());
    Ok(statements)
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The text with psql's own lines emptied: commands behind a backslash, and the rows of `COPY .. FROM stdin;`.
/// Lines are kept, so that places stay true.
fn blank_client_lines(text: &str) -> String {
    let mut in_rows = false;
    let keep = |line| {
        let line: &str = line;
        let blank = in_rows || line.starts_with('\\');
        if in_rows {
            in_rows = line.trim_end() != "\\.";
        } else {
            in_rows = line.starts_with("COPY ") && line.trim_end().ends_with("FROM stdin;");
        }
        if blank { if line.ends_with('\n') { "\n" } else { "" } } else { line }
    };
    text.split_inclusive('\n').map(keep).collect()
}

/// A place in the tokens of a statement or of a group in parentheses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    tokens: &'t [Token],
    /// The line and column to blame where the tokens end.
    end: (usize, usize),
    folds: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(tokens: &'t [Token], ddl: &Ddl) -> Self {
        let end = tokens.last().map_or((1, 1), |token| (token.line, token.column));
        Self { tokens, end, folds: ddl.folds }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'t Lexeme> {
        self.tokens.first().map(|token| &token.lexeme)
    }

    pub(super) fn next(&mut self) -> Option<&'t Lexeme> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(&first.lexeme)
    }

    pub(super) fn line(&self) -> usize {
        self.tokens.first().map_or(self.end.0, |token| token.line)
    }

    pub(super) fn place(&self) -> Place {
        let (line, column) = self.tokens.first().map_or(self.end, |token| (token.line, token.column));
        Place::Line { line, column }
    }

    pub(super) fn expected(&self, expected: &str) -> Error {
        let found = self.peek().map_or_else(|| "the end".to_owned(), Lexeme::shown);
        ErrorKind::Syntax { expected: expected.to_owned(), found }.at(self.place())
    }

    /// Whether the tokens begin with these keywords.
    pub(super) fn starts(&self, words: &[&str]) -> bool {
        let is = |(token, word): (&Token, &&str)| matches!(&token.lexeme, Lexeme::Word(found) if found.eq_ignore_ascii_case(word));
        self.tokens.len() >= words.len() && self.tokens.iter().zip(words).all(is)
    }

    /// Whether the next token is one of these keywords.
    pub(super) fn starts_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.starts(&[word]))
    }

    /// Takes these keywords where they are next.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let starts = self.starts(words);
        if starts {
            self.tokens = self.tokens.get(words.len()..).unwrap_or_default();
        }
        starts
    }

    /// Takes one of these keywords where it is next.
    pub(super) fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(&[word]))
    }

    pub(super) fn take_mark(&mut self, mark: &str) -> bool {
        let is = matches!(self.peek(), Some(Lexeme::Mark(found)) if found == mark);
        if is {
            self.next();
        }
        is
    }

    /// Takes a group in parentheses where one is next, and gives what is inside.
    pub(super) fn group(&mut self) -> Option<Self> {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate() {
            match &token.lexeme {
                Lexeme::Mark(mark) if mark == "(" => depth += 1,
                Lexeme::Mark(mark) if mark == ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let inside = self.tokens.get(1..at)?;
                self.tokens = self.tokens.get(at + 1..)?;
                return Some(Self { tokens: inside, end: (token.line, token.column), ..*self });
            }
        }
        None
    }

    /// The parts between the commas outside parentheses.
    pub(super) fn items(self) -> Vec<Self> {
        let mut depth = 0i64;
        let comma = |token: &Token| match &token.lexeme {
            Lexeme::Mark(mark) => {
                depth += i64::from(matches!(mark.as_str(), "(" | "[")) - i64::from(matches!(mark.as_str(), ")" | "]"));
                mark == "," && depth == 0
            }
            _ => false,
        };
        self.tokens.split(comma).map(|tokens| Self { tokens, ..self }).collect()
    }

    /// Takes tokens up to one of these keywords outside parentheses, at least one.
    pub(super) fn until(&mut self, words: &[&str]) -> Self {
        let start = *self;
        let mut taken = 0;
        while !self.is_empty() && (taken == 0 || !self.starts_any(words)) {
            if self.group().is_none() {
                self.next();
            }
            taken = start.tokens.len() - self.tokens.len();
        }
        Self { tokens: start.tokens.get(..taken).unwrap_or_default(), ..start }
    }

    /// The next token as a name.
    pub(super) fn name(&mut self) -> Result<Ident, Error> {
        let name = match self.peek() {
            Some(Lexeme::Word(name)) if self.folds => name.to_ascii_lowercase(),
            Some(Lexeme::Word(name) | Lexeme::Name(name)) => name.clone(),
            _ => return Err(self.expected("a name")),
        };
        let name = Ident::new(name).map_err(|error| error.or_at(self.place()))?;
        self.next();
        Ok(name)
    }

    /// The next tokens as a name with or without a schema; of three parts, the first is the database.
    pub(super) fn table_name(&mut self) -> Result<TableName, Error> {
        let mut schema = None;
        let mut name = self.name()?;
        while self.take_mark(".") {
            schema = Some(std::mem::replace(&mut name, self.name()?));
        }
        match schema {
            Some(schema) => TableName::in_schema(schema.as_str(), name.as_str()),
            None => Ok(name.into()),
        }
    }
}
