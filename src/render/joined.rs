//! Texts whose control characters must not stand in quotes: pieces in quotes, joined with characters by number.

use std::iter::Peekable;

use super::literal::push_doubled;
use super::out::Out;

/// How many pieces are joined side by side, and how many numbers one call takes: engines limit both.
const SIDE_BY_SIDE: usize = 64;

/// Writes `('…'||char(0)||'…')`. Many pieces are joined in groups, so that no chain is long and no nesting deep.
pub(super) fn write(out: &mut Out, text: &str, all_controls: bool) {
    let pieces = Pieces { rest: text, all_controls };
    let count = pieces.count();
    if count < 2 {
        return pieces.for_each(|piece| piece.write(out));
    }
    let (mut levels, mut held) = (0, SIDE_BY_SIDE);
    while held < count {
        levels += 1;
        held = held.saturating_mul(SIDE_BY_SIDE);
    }
    write_group(out, &mut pieces.peekable(), levels);
}

/// Writes up to 64 pieces, or groups of them, in parentheses.
fn write_group(out: &mut Out, pieces: &mut Peekable<Pieces<'_>>, levels: usize) {
    out.push('(');
    for index in 0..SIDE_BY_SIDE {
        if pieces.peek().is_none() {
            break;
        }
        if index > 0 {
            out.push_str("||");
        }
        match levels {
            0 => pieces.next().into_iter().for_each(|piece| piece.write(out)),
            _ => write_group(out, pieces, levels - 1),
        }
    }
    out.push(')');
}

/// A run of characters of one sort.
#[derive(Clone, Copy, Debug)]
enum Piece<'t> {
    /// Those that may stand in quotes.
    Quoted(&'t str),
    /// Those that go by their numbers.
    Numbers(&'t str),
}

impl Piece<'_> {
    fn write(self, out: &mut Out) {
        match self {
            Self::Quoted(text) => push_doubled(out, text),
            Self::Numbers(text) => {
                out.push_str("char(");
                for (index, byte) in text.bytes().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(itoa::Buffer::new().format(byte));
                }
                out.push(')');
            }
        }
    }
}

/// The pieces of a text, in order.
#[derive(Clone, Copy, Debug)]
struct Pieces<'t> {
    rest: &'t str,
    /// Whether all control characters go by number, and not NUL alone.
    all_controls: bool,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let is_numbered = |byte: &u8| if self.all_controls { byte.is_ascii_control() } else { *byte == 0 };
        let bytes = self.rest.as_bytes();
        let numbered = is_numbered(bytes.first()?);
        let length = bytes.iter().take_while(|byte| is_numbered(byte) == numbered).count();
        let length = if numbered { length.min(SIDE_BY_SIDE) } else { length };
        // control characters are one byte each, so that a run ends between characters
        let (piece, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(if numbered { Piece::Numbers(piece) } else { Piece::Quoted(piece) })
    }
}

#[cfg(test)]
mod tests {
    fn written(text: &str, all_controls: bool) -> String {
        let mut out = super::Out::new();
        super::write(&mut out, text, all_controls);
        out.flush();
        out.text().unwrap().to_owned()
    }

    #[test]
    fn control_characters_go_by_number() {
        assert_eq!(written("\0", false), "char(0)");
        assert_eq!(written("a\0\n1", false), "('a'||char(0)||'\n1')");
        assert_eq!(written("it's\r\n\u{e9}", true), "('it''s'||char(13,10)||'\u{e9}')");
        assert_eq!(written("\u{7f}'", true), "(char(127)||'''')");
    }

    #[test]
    fn many_pieces_are_joined_in_groups() {
        let text = "a\n".repeat(32);
        assert!(!written(&text, true).contains("(("));
        let text = "a\n".repeat(2048 + 1);
        let sql = written(&text, true);
        assert!(sql.starts_with("((('a'||char(10)||"), "{sql:.40}");
        assert!(sql.ends_with(")||(('a'||char(10))))"), "{sql}");
        assert_eq!(written(&"\n".repeat(65), true).matches("char(").count(), 2);
    }
}
