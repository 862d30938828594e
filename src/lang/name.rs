//! Names of tables and columns in the language: plain, or in double quotes.

use super::source::{Expected, Parse, Source, symbol, wrong};
use super::text::{escaped, quoted, starts_escaped};
use crate::error::Error;
use crate::ir::{Ident, TableName};

/// The words that are names only in double quotes.
const RESERVED: [&str; 37] = [
    "all",
    "and",
    "as",
    "between",
    "by",
    "case",
    "cast",
    "default",
    "distinct",
    "else",
    "end",
    "escape",
    "false",
    "from",
    "in",
    "insert",
    "is",
    "keep",
    "like",
    "new",
    "not",
    "null",
    "on",
    "only",
    "or",
    "returning",
    "rows",
    "select",
    "set",
    "then",
    "true",
    "update",
    "values",
    "when",
    "where",
    "with",
    "delete",
];

/// Whether a word is a name only in double quotes.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

/// Whether a character can stand within a word.
pub(super) fn is_word_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Whether a name is written without quotes. Letters beyond ASCII are read without quotes, but written in them.
pub(super) fn is_plain(name: &str) -> bool {
    let starts_right = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    starts_right && name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric()) && !is_reserved(name)
}

/// Takes a name; `what` says of what.
pub(super) fn name<'a: 's, 's>(what: &'static str) -> impl Fn(Source<'a, 's>) -> Parse<'a, 's, Ident> {
    move |source| match any_name(source)? {
        (rest, Some(name)) => Ok((rest, name)),
        (_, None) => Err(source.mismatch(Expected::Name(what))),
    }
}

fn any_name<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Option<Ident>> {
    let (after, name) = if source.rest().starts_with('"') {
        let (rest, name) = quoted(source, '"')?;
        (rest, name.into_owned())
    } else if starts_escaped(source, '"') {
        escaped(source, '"')?
    } else {
        let (word, rest) = source.word();
        if word.is_empty() || word.starts_with(char::is_numeric) || is_reserved(word) {
            return Ok((source, None));
        }
        (source.after(rest), word.into())
    };
    let name = Ident::new(name).map_err(|error: Error| wrong(error.or_at(source.span_to(after))))?;
    Ok((after, Some(name)))
}

/// Takes the name of a table, with its schema where one is given.
pub(super) fn table_name<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, TableName> {
    let (source, first) = name("a table")(source)?;
    let Ok((source, ())) = symbol(".")(source) else { return Ok((source, TableName::from(first))) };
    let (source, second) = name("a table")(source)?;
    Ok((source, TableName::from((first, second))))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_reference_lists_the_reserved_words() {
        let reference = include_str!("../../docs/language.md").split_whitespace().collect::<Vec<_>>().join(" ");
        let mut words = super::RESERVED.to_vec();
        words.sort_unstable();
        assert!(reference.contains(&format!("`{}`", words.join(" "))), "{}", words.join(" "));
    }

    #[test]
    fn names_are_plain_words_or_in_quotes() {
        let plain = |name: &str| super::is_plain(name);
        assert!(["a", "_", "_1", "a_1b", "Z9"].into_iter().all(plain));
        assert!(!["", "1a", "é", "aé", "a b", "a-b", "$", "select", "Select"].into_iter().any(plain));
        let read = |text: &str| crate::lang::parse_table(text).map(|table| table.to_string()).ok();
        for name in ["a", "_1", "aé", "éa", "Z9"] {
            assert_eq!(read(name).as_deref(), Some(name));
        }
        assert_eq!(read(r#""select".b"#).as_deref(), Some("select.b"));
        for wrong in ["", "1a", "٣a", "select", "SELECT", "a.", ".a", "a.b.c", "a b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
