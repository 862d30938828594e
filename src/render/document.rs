//! Rows as one JSON document, each value as the text that its type is read from.

use super::out::Out;
use super::{SAMPLE, Words, element};
use crate::dialect::Form;
use crate::ir::Cell;
use crate::short::{SHORT, block};
use crate::sql::InputColumn;

/// Writes `[{"c0":"1","c1":"text"}, …]`; a value that is NULL is left out.
pub(super) fn write<'u>(
    rows: impl ExactSizeIterator<Item = Option<&'u [Cell<'u>]>>,
    inputs: &[InputColumn<'u>],
    words: &Words,
) -> String {
    let names: Vec<String> = (0..inputs.len()).map(|input| format!(",\"c{input}\":\"")).collect();
    let names: Vec<([u8; SHORT], usize)> =
        names.iter().map(|name| (block(name.as_bytes(), b' ').unwrap_or([b' '; SHORT]), name.len())).collect();
    let (mut out, count) = (Out::new(), rows.len());
    out.push('[');
    for (index, row) in rows.enumerate() {
        if index == SAMPLE {
            out.expect_rows(0, SAMPLE, count.saturating_sub(SAMPLE));
        }
        if index > 0 {
            out.push(',');
        }
        let mut open = b'{';
        for (column, (name, length)) in inputs.iter().zip(&names) {
            let value = column.value_in(row);
            let made = (column.form != Form::Native).then(|| words.store(value, column));
            let value = made.as_ref().unwrap_or(value);
            if value.is_null() {
                continue;
            }
            let mut name = *name;
            let [first, ..] = &mut name;
            (*first, open) = (open, b',');
            out.push_block(&name, *length);
            element::write(&mut out, value, push_special);
            out.push_block(b"\"", 1);
        }
        out.push_str(if open == b'{' { "{}" } else { "}" });
    }
    out.push(']');
    out.into_text()
}

/// A character that does not stand for itself in a string of JSON (RFC 8259, section 7).
fn push_special(out: &mut Out, character: char) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    match character {
        '"' | '\\' => out.extend(['\\', character]),
        control => {
            let byte = u32::from(control) as usize;
            out.push_str("\\u00");
            out.extend([byte >> 4, byte & 15].into_iter().filter_map(|nibble| HEX.get(nibble)).copied());
        }
    }
}
