//! The tokens of emitted SQL. Only the forms that setwise writes are known, so that anything else is an error: a
//! comment, a semicolon, a quote of another dialect, an escape whose meaning hangs on a mode of the session.

use std::fmt;

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lexis {
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    Sqlite,
}

impl Lexis {
    pub fn of(dialect: setwise::Dialect) -> Self {
        match dialect.name() {
            "postgres" => Self::Postgres,
            "mysql" | "mariadb" => Self::Mysql,
            "sqlite" => Self::Sqlite,
            other => panic!("no lexis for {other}"),
        }
    }
}

/// A token, with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word without quotes.
    Word(String),
    /// A name in quotes.
    Name(String),
    /// A text, whatever its spelling.
    Text(String),
    Bytes(Vec<u8>),
    /// A number without its sign.
    Number(String),
    /// `?`, or `$1` with its number.
    Parameter(Option<usize>),
    Symbol(&'static str),
}

/// What is not a token of setwise, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alien {
    pub what: &'static str,
    pub at: usize,
}

impl fmt::Display for Alien {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

const SYMBOLS: [&str; 18] =
    ["<=>", "<=", ">=", "<>", "||", "[]", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", ",", "."];

const TYPES_WITH_DIGITS: [&str; 3] = ["DECIMAL", "DATETIME", "TIME"];

/// Whether these are the digits of a type, of which there are at most 65.
fn is_digits(text: &str) -> bool {
    text.parse().is_ok_and(|digits: u8| digits <= 65) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes a text apart.
pub fn tokens(text: &str, lexis: Lexis) -> Result<Vec<Token>, Alien> {
    let mut lexer = Lexer { text, rest: text, lexis };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        // neither `--` nor `- -`: a minus never has a minus for its neighbour
        if token == Token::Symbol("-") && tokens.last() == Some(&Token::Symbol("-")) {
            return Err(lexer.alien("a minus beside a minus"));
        }
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'t> {
    text: &'t str,
    rest: &'t str,
    lexis: Lexis,
}

impl<'t> Lexer<'t> {
    fn alien(&self, what: &'static str) -> Alien {
        Alien { what, at: self.text.len() - self.rest.len() }
    }

    fn strip(&mut self, prefix: &str) -> bool {
        let stripped = self.rest.strip_prefix(prefix);
        self.rest = stripped.unwrap_or(self.rest);
        stripped.is_some()
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn next(&mut self) -> Result<Option<Token>, Alien> {
        self.take_while(|c| c == ' ' || c == '\n');
        for (start, what) in [("--", "a comment"), ("/*", "a comment"), ("#", "a comment"), (";", "a semicolon")] {
            if self.rest.starts_with(start) {
                return Err(self.alien(what));
            }
        }
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        if self.lexis == Lexis::Sqlite
            && (first == '(' || self.rest.starts_with("char("))
            && let Some(text) = self.joined()?
        {
            return Ok(Some(Token::Text(text)));
        }
        let token = match (first, self.lexis) {
            ('\'', _) => Token::Text(self.plain()?),
            ('"', Lexis::Postgres | Lexis::Sqlite) | ('`', Lexis::Mysql) => Token::Name(self.quoted(first)?),
            ('?', Lexis::Mysql | Lexis::Sqlite) if self.strip("?") => Token::Parameter(None),
            ('$', Lexis::Postgres) if self.strip("$") => {
                let number = self.take_while(|c| c.is_ascii_digit()).parse();
                Token::Parameter(Some(number.map_err(|_| self.alien("a dollar"))?))
            }
            ('0'..='9', _) => self.number()?,
            ('E', Lexis::Postgres) if self.strip("E'") => {
                let text = self.escaped()?;
                text.strip_prefix("\\x").and_then(unhex).map_or(Token::Text(text), Token::Bytes)
            }
            ('X', Lexis::Mysql | Lexis::Sqlite) if self.strip("X'") => Token::Bytes(self.hex()?),
            ('_', Lexis::Mysql) if self.strip("_utf8mb4 X'") => {
                Token::Text(String::from_utf8(self.hex()?).map_err(|_| self.alien("bytes that are not UTF-8"))?)
            }
            ('A'..='Z' | 'a'..='z' | '_' | '@', _) => {
                let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '@');
                Token::Word(word.to_owned() + self.digits_of(word))
            }
            _ => {
                let known = SYMBOLS.into_iter().find(|symbol| self.strip(symbol));
                Token::Symbol(known.ok_or_else(|| self.alien("no token of setwise"))?)
            }
        };
        Ok(Some(token))
    }

    /// The parentheses behind a type that has digits: `(14,2)` becomes `()`.
    fn digits_of(&mut self, word: &str) -> &'static str {
        let inside = self.rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        match inside {
            Some((digits, rest)) if TYPES_WITH_DIGITS.contains(&word) && digits.split(',').all(is_digits) => {
                self.rest = rest;
                "()"
            }
            _ => "",
        }
    }

    /// What stands between quotes, where two stand for one.
    fn quoted(&mut self, quote: char) -> Result<String, Alien> {
        let start = self.alien("an open quote");
        let mut inside = String::new();
        self.rest = &self.rest[1..];
        loop {
            let end = self.rest.find(quote).ok_or(start.clone())?;
            inside.push_str(&self.rest[..end]);
            self.rest = &self.rest[end + 1..];
            if !self.rest.starts_with(quote) {
                return Ok(inside);
            }
            self.rest = &self.rest[1..];
            inside.push(quote);
        }
    }

    /// A text in plain quotes, which means the same in every mode and every encoding of the session.
    fn plain(&mut self) -> Result<String, Alien> {
        let start = self.alien("a text that hangs on the session");
        let text = self.quoted('\'')?;
        let hangs = match self.lexis {
            Lexis::Postgres => text.contains('\\'),
            Lexis::Mysql => text.contains('\\') || !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
            Lexis::Sqlite => text.contains('\0'),
        };
        if hangs { Err(start) } else { Ok(text) }
    }

    /// The rest of PostgreSQL's `E'…'`.
    fn escaped(&mut self) -> Result<String, Alien> {
        let mut text = String::new();
        loop {
            let mut chars = self.rest.chars();
            let next = chars.next().ok_or_else(|| self.alien("an open quote"))?;
            let escape = chars.next();
            let hex = self.rest.get(2..4).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            let (character, length) = match (next, escape) {
                ('\'', Some('\'')) => ('\'', 2),
                ('\'', _) => {
                    self.rest = &self.rest[1..];
                    return Ok(text);
                }
                ('\\', Some('\\')) => ('\\', 2),
                ('\\', Some('n')) => ('\n', 2),
                ('\\', Some('r')) => ('\r', 2),
                ('\\', Some('t')) => ('\t', 2),
                ('\\', Some('x')) if hex.is_some_and(|byte| byte.is_ascii_control()) => {
                    (char::from(hex.unwrap_or(0)), 4)
                }
                ('\\', _) => return Err(self.alien("an escape")),
                (other, _) => (other, other.len_utf8()),
            };
            text.push(character);
            self.rest = &self.rest[length..];
        }
    }

    fn hex(&mut self) -> Result<Vec<u8>, Alien> {
        let digits = self.take_while(|c| c.is_ascii_hexdigit());
        let bytes = unhex(digits).filter(|_| self.strip("'"));
        bytes.ok_or_else(|| self.alien("no pairs of hexadecimal digits"))
    }

    fn number(&mut self) -> Result<Token, Alien> {
        let start = self.rest;
        self.take_while(|c| c.is_ascii_digit());
        if self.strip(".") && self.take_while(|c| c.is_ascii_digit()).is_empty() {
            return Err(self.alien("a point without digits"));
        }
        if self.strip("e") {
            let _ = self.strip("-") || self.strip("+");
            if self.take_while(|c| c.is_ascii_digit()).is_empty() {
                return Err(self.alien("an exponent without digits"));
            }
        }
        if self.rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
            return Err(self.alien("a number beside a word"));
        }
        Ok(Token::Number(start[..start.len() - self.rest.len()].to_owned()))
    }

    /// SQLite's texts of pieces: `('a'||char(0)||'b')`. Without white space, which joins of the update's own have.
    fn joined(&mut self) -> Result<Option<String>, Alien> {
        let before = self.rest;
        let mut text = String::new();
        let mut joins = 0;
        let is_joined = self.piece(&mut text, &mut joins)? && (joins > 0 || before.starts_with("char("));
        if !is_joined {
            self.rest = before;
        }
        Ok(is_joined.then_some(text))
    }

    fn piece(&mut self, text: &mut String, joins: &mut usize) -> Result<bool, Alien> {
        if self.rest.starts_with('\'') {
            text.push_str(&self.plain()?);
            return Ok(true);
        }
        if self.strip("char(") {
            let numbers = self.take_while(|c| c.is_ascii_digit() || c == ',');
            let chars = numbers.split(',').map(|number| number.parse().ok().map(|byte: u8| char::from(byte)));
            let Some(chars) = chars.collect::<Option<String>>() else { return Ok(false) };
            text.push_str(&chars);
            return Ok(self.strip(")"));
        }
        if !self.strip("(") || !self.piece(text, joins)? {
            return Ok(false);
        }
        while self.strip("||") {
            *joins += 1;
            if !self.piece(text, joins)? {
                return Ok(false);
            }
        }
        Ok(self.strip(")"))
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.len().is_multiple_of(2).then(|| pairs.map(byte).collect()).flatten()
}
