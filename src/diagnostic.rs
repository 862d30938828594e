//! Errors with the line of the text that they are about.
//!
//! ```text
//! error[syntax]: expected `=`, found `new`
//!  --> posts.setwise:2:11
//!   |
//! 2 | set title new.title
//!   |           ^^^
//! ```

use crate::error::{Error, ErrorKind, Errors, Place};

/// The most characters of a line that are shown; more are left out around the place.
const MAX_LINE: usize = 100;

/// Writes an error with its code, its line of the source, carets under its span, and what to do about it.
///
/// Errors of later stages name a place of the update; `SourceMap::locate` of the language finds its span first.
/// A place that the source does not hold is named in words.
///
/// # Examples
///
/// ```
/// use setwise::{ErrorKind, Place, diagnostic};
///
/// let error = ErrorKind::SetsKey { column: "id".into() }.at(Place::Span { from: 21, to: 27 });
/// let text = diagnostic::render(&error, "posts.setwise", "update posts by id\nset id = 1");
/// assert_eq!(
///     text,
///     "\
/// error[sets-key]: `id` is a key column and cannot be set
///  --> posts.setwise:2:3
///   |
/// 2 | set id = 1
///   |   ^^^^^^
///   = match by another key
/// "
/// );
/// ```
#[must_use]
pub fn render(error: &Error, source_name: &str, source: &str) -> String {
    let message = error.kind().to_string();
    let (message, hint) = message.rsplit_once("; ").unwrap_or((&message, ""));
    let hint = if hint.is_empty() { hint_of_text(error, source) } else { hint };
    let mut text = format!("error[{}]: {}\n", error.code(), visible(message));
    let found = match error.place() {
        Some(&Place::Span { from, to }) => Some(Excerpt::of_span(source, from, to)),
        Some(&Place::Line { line, column }) => Some(Excerpt::of_line(source, line, column)),
        _ => None,
    };
    let margin = match found {
        Some(excerpt) => {
            text += &excerpt.render(source_name);
            excerpt.margin()
        }
        None => {
            let place = error.place().map_or(String::new(), |place| format!(": {place}"));
            text += &format!(" --> {source_name}{}\n", visible(&place));
            1
        }
    };
    if !hint.is_empty() {
        text += &format!("{:margin$} = {}\n", "", visible(hint));
    }
    text
}

/// What the source tells and the update does not: a text in double quotes is a name.
fn hint_of_text(error: &Error, source: &str) -> &'static str {
    let (ErrorKind::UnknownColumn { column, .. }, Some(&Place::Span { from, to })) = (error.kind(), error.place())
    else {
        return "";
    };
    let is_quoted = source.get(from..to).is_some_and(|text| text.contains(&format!("\"{column}\"")));
    if is_quoted { "a text stands in single quotes, a name in double quotes" } else { "" }
}

/// Writes all errors, with an empty line between them, and the count of those that were not kept.
#[must_use]
pub fn render_all(errors: &Errors, source_name: &str, source: &str) -> String {
    let kept: Vec<_> = errors.iter().map(|error| render(error, source_name, source)).collect();
    let more = errors.len() - kept.len();
    let rest = if more > 0 { format!("\nand {more} more errors\n") } else { String::new() };
    kept.join("\n") + &rest
}

/// A line of a source, and what of it is meant. All positions count characters from 0.
struct Excerpt<'s> {
    number: usize,
    line: &'s str,
    from: usize,
    length: usize,
}

impl<'s> Excerpt<'s> {
    fn of_span(source: &'s str, from: usize, to: usize) -> Self {
        // The end of the text is shown behind its last word, not on an empty line.
        let from = from.min(source.trim_end().len());
        let before = floor(source, from);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = source.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let skipped = floor(line, before.len() - start).chars().count();
        let length = floor(line, to.saturating_sub(start)).chars().count().saturating_sub(skipped);
        Self { number: before.matches('\n').count() + 1, line, from: skipped, length }
    }

    fn of_line(source: &'s str, line: usize, column: usize) -> Self {
        let text = source.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        Self { number: line, line: text, from: column.saturating_sub(1), length: 1 }
    }

    fn margin(&self) -> usize {
        self.number.to_string().len()
    }

    fn render(&self, source_name: &str) -> String {
        let Self { number, line, from, length } = *self;
        let (margin, column) = (self.margin(), from + 1);
        let left_out =
            if from > MAX_LINE / 2 && line.chars().nth(MAX_LINE).is_some() { from - MAX_LINE / 2 } else { 0 };
        let mut rest = line.chars().skip(left_out);
        let shown: String = rest.by_ref().take(MAX_LINE).collect();
        let (before, after) = (if left_out > 0 { "…" } else { "" }, if rest.next().is_some() { "…" } else { "" });
        let skipped: String = shown.chars().take(from - left_out).collect();
        let meant: String = shown.chars().skip(from - left_out).take(length).collect();
        let indent = visible(&skipped).chars().count() + before.chars().count();
        let carets = "^".repeat(visible(&meant).chars().count().max(1));
        format!(
            "{:margin$}--> {source_name}:{number}:{column}\n{:margin$} |\n{number} | {before}{}{after}\n{:margin$} | {:indent$}{carets}\n",
            "",
            "",
            visible(&shown).trim_end(),
            "",
            "",
        )
    }
}

/// The text up to a byte, or to the start of the character that the byte is in.
fn floor(text: &str, at: usize) -> &str {
    (0..4).find_map(|back| text.get(..at.checked_sub(back)?)).unwrap_or(text)
}

/// The text as a terminal can show it without harm: tabs as spaces, and a sign for each character that acts on it.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => visible.push_str("    "),
            c if hidden(c) => visible.push('\u{fffd}'),
            c => visible.push(c),
        }
    }
    visible
}
