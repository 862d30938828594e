//! Plain text: how far it goes, found out eight bytes at a time.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// The number of bytes before the first control character or one of two marks; all where there is none.
#[inline]
pub(super) fn plain_length(bytes: &[u8], mark: u8, other: u8) -> usize {
    let (marks, others) = (ONES * u64::from(mark), ONES * u64::from(other));
    let (words, rest) = bytes.as_chunks::<8>();
    let mut length = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // the first byte that is flagged is right; those behind it may be flagged by what was borrowed
        let controls = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (controls | find_zero(word ^ marks) | find_zero(word ^ others)) & HIGHS;
        if found != 0 {
            return length + usize::try_from(found.trailing_zeros() / 8).unwrap_or(0);
        }
        length += 8;
    }
    let is_plain = |byte: &u8| *byte >= 0x20 && *byte != mark && *byte != other;
    length + rest.iter().take_while(|byte| is_plain(byte)).count()
}

/// Flags bytes that are zero in their highest bit.
#[inline(always)]
fn find_zero(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word
}

#[cfg(test)]
mod tests {
    use super::plain_length;

    #[test]
    fn every_byte_ends_plain_text_or_does_not() {
        for byte in 0..=u8::MAX {
            let ends = byte < 0x20 || matches!(byte, b'"' | b'\\');
            for (length, at) in (0..20).flat_map(|length| (0..=length).map(move |at| (length, at))) {
                for filler in [b'a', b' ', b'!', 0x7f, 0x80, 0xff] {
                    let mut text = vec![filler; length];
                    text.insert(at, byte);
                    text.extend(b"\"\0");
                    let expected = if ends { at } else { length + 1 };
                    assert_eq!(plain_length(&text, b'"', b'\\'), expected, "{text:?}");
                }
            }
        }
        assert_eq!(plain_length(b"", b'"', b','), 0);
        assert_eq!(plain_length("→".as_bytes(), b'"', b','), 3);
    }
}
