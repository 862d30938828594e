//! Type names of schemas: words, arguments and brackets into a [`Type`].

use super::lex::{Cursor, Lexeme};
use super::{Ddl, Enums, OPTIONS};
use crate::error::{Error, ErrorKind};
use crate::ir::{Ident, MAX_DEPTH, Type};

/// How an engine's type name becomes a type.
#[derive(Debug)]
pub(crate) enum Make {
    /// This type, whatever its arguments say.
    Is(Type),
    /// An integer of so many bits; `unsigned` applies.
    Int(u8),
    /// MySQL's smallest integer, which with a width of 1 is its boolean.
    TinyInt,
    /// A row of bits, which is an unsigned integer; one bit without an argument.
    Bits,
    /// An integer that the engine counts up, never null.
    Serial(Type),
    /// A decimal; without arguments of this precision and scale.
    Decimal { plain: Option<(u32, u32)>, scale_within: bool },
    /// A float; up to 24 bits of precision it is a single, without an argument it is this type.
    Float(Type),
    /// Text of at most so many characters.
    Text,
    /// Text padded to so many characters, 1 by default.
    Char,
    /// Bytes, at most so many.
    Bytes,
    /// Bytes padded with zeros to so many, 1 by default.
    Binary,
    /// A time of day with so many digits of a fraction.
    Time(u8),
    /// A date and time with so many digits of a fraction.
    Timestamp(u8),
    /// An instant with so many digits of a fraction.
    TimestampTz(u8),
    /// The labels are the arguments.
    Labels,
    /// A type of the engine's own.
    Own,
    /// A type of the engine's own, by its name of one word.
    OwnAs(&'static str),
}

/// A type, and what else its name says of the column.
pub(super) struct DeclaredType {
    pub(super) ty: Type,
    pub(super) not_null: bool,
    pub(super) note: Option<String>,
}

impl DeclaredType {
    fn plain(ty: Type) -> Self {
        Self { ty, not_null: false, note: None }
    }

    fn noted(ty: Type, note: &str) -> Self {
        Self { ty, not_null: false, note: Some(note.to_owned()) }
    }
}

/// Reads the type of a column.
pub(super) fn read_type(
    cursor: &mut Cursor<'_>,
    ddl: &Ddl,
    enums: &Enums,
    column: &Ident,
) -> Result<DeclaredType, Error> {
    let place = cursor.place();
    let name = TypeName::read(cursor, ddl)?;
    let bad = |reason: &str| {
        ErrorKind::BadType { ty: name.to_string(), column: column.to_string(), reason: reason.to_owned() }
            .at(place.clone())
    };
    if name.brackets > MAX_DEPTH {
        return Err(ErrorKind::TooDeep { most: MAX_DEPTH }.at(place));
    }
    let mut typed = name.resolve(ddl, enums).map_err(bad)?;
    for _ in 0..name.brackets {
        typed.ty = Type::list_of(typed.ty);
    }
    Ok(typed)
}

struct TypeName {
    /// In lower case with single spaces; as it is written where it was quoted.
    words: String,
    /// The last part of the name, in its spelling.
    name: Option<Ident>,
    quoted: bool,
    args: Vec<String>,
    unsigned: bool,
    brackets: usize,
}

impl TypeName {
    fn read(cursor: &mut Cursor<'_>, ddl: &Ddl) -> Result<Self, Error> {
        let mut read =
            Self { words: String::new(), name: None, quoted: false, args: vec![], unsigned: false, brackets: 0 };
        if cursor.is_empty() || cursor.starts_any(OPTIONS) {
            return Ok(read);
        }
        read.quoted = matches!(cursor.peek(), Some(Lexeme::Name(_)));
        let mut name = cursor.name()?;
        while cursor.take_mark(".") {
            read.quoted = matches!(cursor.peek(), Some(Lexeme::Name(_)));
            name = cursor.name()?;
        }
        read.words = if read.quoted { name.to_string() } else { name.as_str().to_ascii_lowercase() };
        read.name = Some(name);
        loop {
            if cursor.take_any(&["UNSIGNED", "ZEROFILL"]) && ddl.unsigned {
                read.unsigned = true;
            } else if let Some(group) = cursor.group() {
                read.args = group.items().into_iter().map(argument).collect();
            } else if cursor.take_mark("[") {
                while !cursor.take_mark("]") {
                    cursor.next().ok_or_else(|| cursor.expected("`]`"))?;
                }
                read.brackets += 1;
            } else if cursor.take(&["ARRAY"]) {
                read.brackets = read.brackets.max(1);
            } else {
                let more = match ddl.type_words {
                    Some(known) => cursor.starts_any(known),
                    None => !cursor.starts_any(OPTIONS),
                };
                match cursor.peek() {
                    Some(Lexeme::Word(word)) if more => {
                        read.words.push(' ');
                        read.words.push_str(&word.to_ascii_lowercase());
                        cursor.next();
                    }
                    _ => return Ok(read),
                }
            }
        }
    }

    fn resolve(&self, ddl: &Ddl, enums: &Enums) -> Result<DeclaredType, &'static str> {
        let Some(name) = &self.name else {
            let any = Ident::new("any").map_err(|_| "has no name")?;
            return Ok(DeclaredType::noted(Type::Named(any), "it has no declared type; values are given as text"));
        };
        if let Some(labels) = enums.get(name) {
            return Ok(DeclaredType::plain(Type::Enum { name: Some(name.clone()), labels: labels.to_vec() }));
        }
        let mut known = ddl.types.iter().copied().flatten().filter(|_| !self.quoted);
        let make = known
            .find(|(words, _)| *words == self.words)
            .or_else(|| ddl.affinity.iter().find(|(part, _)| self.words.contains(part)));
        let named = || Type::Named(name.clone());
        match make {
            Some((_, make)) => self.make(make, named),
            None => {
                let note = format!("its type `{}` is not known; values are given as text", self.words);
                Ok(DeclaredType { ty: named(), not_null: false, note: Some(note) })
            }
        }
    }

    fn make(&self, make: &Make, named: impl Fn() -> Type) -> Result<DeclaredType, &'static str> {
        let first = self.number(0)?;
        let plain = |ty| Ok(DeclaredType::plain(ty));
        match make {
            Make::Is(ty) => plain(ty.clone()),
            Make::Int(bits) if self.unsigned => plain(Type::UInt { bits: *bits }),
            Make::Int(bits) => plain(Type::Int { bits: *bits }),
            Make::TinyInt if self.unsigned => plain(Type::UInt { bits: 8 }),
            Make::TinyInt if first == Some(1) => plain(Type::Bool),
            Make::TinyInt => plain(Type::Int { bits: 8 }),
            Make::Bits => match u8::try_from(first.unwrap_or(1)) {
                Ok(bits @ 1..=64) => plain(Type::UInt { bits }),
                _ => Err("holds 1 to 64 bits"),
            },
            Make::Serial(ty) => Ok(DeclaredType { ty: ty.clone(), not_null: true, note: None }),
            Make::Decimal { plain: None, .. } if self.args.is_empty() => plain(Type::DECIMAL),
            Make::Decimal { .. } if self.args.get(1).is_some_and(|scale| scale.starts_with('-')) => {
                Ok(DeclaredType::noted(named(), "it rounds before the point; values are given as text"))
            }
            Make::Decimal { plain: default, scale_within } => {
                let (precision, scale) = default.unwrap_or_default();
                let (precision, scale) = (first.unwrap_or(precision), self.number(1)?.unwrap_or(scale));
                match precision {
                    0 => Err("has no digits; give it at least one"),
                    _ if *scale_within && scale > precision => Err("has more digits behind the point than in all"),
                    _ => plain(Type::Decimal { precision: Some(precision), scale: Some(scale) }),
                }
            }
            Make::Float(_) if self.args.len() > 1 => {
                Ok(DeclaredType::noted(named(), "it rounds to its decimals; values are given as text"))
            }
            Make::Float(ty) => plain(match first {
                None => ty.clone(),
                Some(0..=24) => Type::Float32,
                Some(_) => Type::Float64,
            }),
            Make::Text => self.sized(first).map(|max| DeclaredType::plain(Type::Text { max })),
            Make::Bytes => self.sized(first).map(|max| DeclaredType::plain(Type::Bytes { max })),
            Make::Char => Ok(DeclaredType::plain(Type::Char { length: self.sized(first)?.unwrap_or(1) })),
            Make::Binary => {
                let max = self.sized(first)?.or(Some(1));
                Ok(DeclaredType::noted(Type::Bytes { max }, "the engine pads its values with zero bytes"))
            }
            Make::Time(digits) => Ok(DeclaredType::plain(Type::Time { digits: fraction(first, *digits)? })),
            Make::Timestamp(digits) => Ok(DeclaredType::plain(Type::Timestamp { digits: fraction(first, *digits)? })),
            Make::TimestampTz(digits) => {
                Ok(DeclaredType::plain(Type::TimestampTz { digits: fraction(first, *digits)? }))
            }
            Make::Labels if self.args.is_empty() => Err("has no labels"),
            Make::Labels => {
                let labels = self.args.iter().map(|label| label.as_str().into()).collect();
                plain(Type::Enum { name: None, labels })
            }
            Make::Own => plain(named()),
            Make::OwnAs(name) => plain(Type::Named(Ident::new(*name).map_err(|_| "has no name")?)),
        }
    }

    /// The argument at a position as a number; labels and keywords are none.
    fn number(&self, at: usize) -> Result<Option<u32>, &'static str> {
        match self.args.get(at) {
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => {
                text.parse().map(Some).map_err(|_| "is wider than any engine allows")
            }
            _ => Ok(None),
        }
    }

    fn sized(&self, size: Option<u32>) -> Result<Option<u32>, &'static str> {
        if size == Some(0) { Err("holds nothing; give it at least one") } else { Ok(size) }
    }
}

impl std::fmt::Display for TypeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words)?;
        if self.args.is_empty() { Ok(()) } else { write!(f, "({})", self.args.join(",")) }
    }
}

fn fraction(given: Option<u32>, default: u8) -> Result<u8, &'static str> {
    match given.map(u8::try_from) {
        None => Ok(default),
        Some(Ok(digits @ 0..=6)) => Ok(digits),
        Some(_) => Err("has more than six digits of a second's fraction; microseconds are the limit"),
    }
}

/// An argument of a type as text: a number with its sign, a label, a word.
fn argument(mut cursor: Cursor<'_>) -> String {
    let mut text = String::new();
    while let Some(lexeme) = cursor.next() {
        let (Lexeme::Word(part) | Lexeme::Name(part) | Lexeme::Text(part) | Lexeme::Number(part) | Lexeme::Mark(part)) =
            lexeme;
        text.push_str(part);
    }
    text
}
