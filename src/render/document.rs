//! Rows as one JSON document, each value as the text that its type is read from.

use super::Words;
use super::element::element_text;
use crate::ir::Cell;
use crate::sql::InputColumn;

/// Writes `[{"c0":"1","c1":"text"}, …]`; a value that is NULL is left out.
pub(super) fn write<'u>(
    rows: impl Iterator<Item = Option<&'u [Cell<'u>]>>,
    inputs: &[InputColumn<'u>],
    words: &Words,
) -> String {
    let mut out = String::from("[");
    for (index, row) in rows.enumerate() {
        out.push_str(if index == 0 { "{" } else { ",{" });
        let mut is_first = true;
        for (input, column) in inputs.iter().enumerate() {
            let value = words.store(column.value_in(row), column);
            if value.is_null() {
                continue;
            }
            out.push_str(if is_first { "\"c" } else { ",\"c" });
            is_first = false;
            out.push_str(itoa::Buffer::new().format(input));
            out.push_str("\":");
            push_string(&mut out, &element_text(&value));
        }
        out.push('}');
    }
    out.push(']');
    out
}

/// A string of JSON (RFC 8259, section 7).
fn push_string(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control < ' ' => {
                let byte = u32::from(control) as usize;
                out.push_str("\\u00");
                out.extend([byte >> 4, byte & 15].into_iter().filter_map(|nibble| HEX.get(nibble)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
