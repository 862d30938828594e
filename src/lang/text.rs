//! Quoted text: plain quotes, where only the quote itself is doubled, and escaped ones for what cannot be seen.

use std::borrow::Cow;

use super::source::{Fault, Parse, Source};
use crate::error::ErrorKind;

/// Takes text between two quotes; a doubled quote stands for one.
pub(super) fn quoted<'a, 's>(source: Source<'a, 's>, quote: char) -> Parse<'a, 's, Cow<'a, str>> {
    let body = source.rest().strip_prefix(quote).unwrap_or_default();
    let mut doubled = false;
    let mut at = 0;
    while let Some(next) = body.get(at..).and_then(|rest| rest.find(quote)) {
        let (inside, rest) = body.split_at_checked(at + next).unwrap_or_default();
        let rest = rest.strip_prefix(quote).unwrap_or_default();
        if !rest.starts_with(quote) {
            source.note_quoted(body, rest);
            let text = if doubled { unquote(inside, quote).into() } else { Cow::Borrowed(inside) };
            return Ok((source.after(rest), text));
        }
        doubled = true;
        at += next + 2;
    }
    Err(unclosed(source))
}

/// Whether escaped text is next.
pub(super) fn starts_escaped(source: Source<'_, '_>, quote: char) -> bool {
    source.rest().strip_prefix(['e', 'E']).is_some_and(|rest| rest.starts_with(quote))
}

fn unquote(inside: &str, quote: char) -> String {
    let double: String = [quote, quote].iter().collect();
    inside.replace(&double, quote.encode_utf8(&mut [0; 4]))
}

fn unclosed(source: Source<'_, '_>) -> nom::Err<Fault> {
    source.wrong(source.rest().len().min(1), ErrorKind::UnclosedQuote)
}

/// Takes text such as `e'a\n\u{1F}'`: as [`quoted`], with escapes for characters.
pub(super) fn escaped<'a, 's>(source: Source<'a, 's>, quote: char) -> Parse<'a, 's, String> {
    let body = source.rest().strip_prefix(['e', 'E']).and_then(|rest| rest.strip_prefix(quote)).unwrap_or_default();
    let mut text = String::new();
    let mut chars = body.chars();
    while let Some(next) = chars.next() {
        if next == quote {
            let rest = chars.as_str();
            if !rest.starts_with(quote) {
                source.note_quoted(body, rest);
                return Ok((source.after(rest), text));
            }
            chars.next();
            text.push(quote);
        } else if next == '\\' {
            let before = chars.as_str();
            match escape(&mut chars) {
                Some(escaped) => text.push(escaped),
                None => {
                    let wrong = before.chars().next().map_or(String::new(), |c| c.to_string());
                    let length = wrong.len();
                    return Err(source.at(before).wrong(length, ErrorKind::BadEscape { escape: wrong }));
                }
            }
        } else {
            text.push(next);
        }
    }
    Err(unclosed(source))
}

/// The character of an escape whose backslash has been taken.
fn escape(chars: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        '0' => '\0',
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        '\\' => '\\',
        'u' => {
            let (digits, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
            *chars = rest.chars();
            let plain = (1..=6).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            plain.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten()?
        }
        _ => return None,
    })
}

/// Whether a character is written as an escape, because it cannot be seen or changes how others look.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
