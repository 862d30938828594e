//! Patterns of `like`, taken apart.

use crate::error::ErrorKind;

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Any run of characters: `%`.
    Run,
    /// Any one character: `_`.
    One,
    /// This character.
    Is(char),
}

/// The parts of a pattern.
///
/// # Errors
///
/// `bad-pattern` where the pattern ends in its escape character, or that stands before an ordinary character.
pub(crate) fn parse_pattern(pattern: &str, escape: Option<char>) -> Result<Vec<Piece>, ErrorKind> {
    let bad = |reason| ErrorKind::BadPattern { pattern: pattern.to_owned(), reason };
    if matches!(escape, Some('%' | '_')) {
        return Err(bad("has a wildcard as its escape character"));
    }
    let mut pieces = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            _ if Some(character) == escape => match characters.next() {
                Some(next) if matches!(next, '%' | '_') || Some(next) == escape => Piece::Is(next),
                Some(_) => return Err(bad("escapes a character that is no wildcard; leave the escape out")),
                None => return Err(bad("ends in its escape character; double it")),
            },
            '%' => Piece::Run,
            '_' => Piece::One,
            character => Piece::Is(character),
        });
    }
    Ok(pieces)
}
