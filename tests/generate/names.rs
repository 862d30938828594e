//! Names, plain and hostile.

use naughty_strings::BLNS;
use setwise::Ident;

use super::caps::Caps;
use super::choices::Choices;

const HOSTILE: &[&str] = &[
    "select",
    "order",
    "group",
    "\"",
    "`",
    "'",
    "''",
    "\"\"",
    "``",
    "a\"b",
    "a`b",
    "a.b",
    "a;--",
    "a b",
    " a",
    "$1",
    "?",
    ":x",
    "%s",
    "@p",
    "\\",
    "\\'",
    "/*",
    "*/",
    "--",
    "#",
    "[a]",
    "é",
    "Ω",
    "ß",
    "日本",
    "\u{202e}x",
    "a\nb",
    "a\tb",
    "a\rb",
    "\u{1}",
    "{}",
    "new",
    "old",
    "v",
    "s",
    "s0",
    "c0",
    "id",
    "key",
    "excluded",
    "rowid_",
    "NaN",
    "inf",
    "null",
    "true",
    "default",
    "current_date",
    "column1",
    "value",
];

/// A name that no other index has.
pub fn name(caps: &Caps, choices: &mut Choices<'_>, plain: &str, index: usize) -> Ident {
    let stem = match choices.below(10) {
        0..6 => plain,
        6..8 => *choices.pick(HOSTILE),
        _ => *choices.pick(BLNS),
    };
    // The index keeps names apart under any folding of case, and its letter keeps a space from being the last.
    let tail = format!("{index}z");
    let size = |c: char| if caps.name_is_basic_plane { 1 } else { c.len_utf8() };
    let mut left = caps.name_bytes - tail.len();
    let fits = |c: &char| {
        let fits = size(*c) <= left;
        left -= if fits { size(*c) } else { left };
        fits
    };
    let holds = |c: &char| *c != '\0' && (!caps.name_is_basic_plane || u32::from(*c) < 0x1_0000);
    let stem: String = stem.chars().filter(holds).take_while(fits).collect();
    let text = if stem == plain { format!("{plain}{index}") } else { stem + &tail };
    Ident::new(text).expect("a name has a character and no NUL")
}
