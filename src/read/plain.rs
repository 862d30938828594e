//! Plain text and plain numbers: how far they go, found out eight bytes at a time.

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

/// A whole number of at most fifteen digits that a text begins with, and how many bytes it takes; none where it begins with
/// another, or with a zero that needs not be there.
#[inline]
pub(super) fn plain_integer(text: &[u8]) -> Option<(i64, usize)> {
    let (is_negative, digits) = text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
    let (mut number, mut length) = read_digits(digits);
    if length == 8 {
        let (low, more) = read_digits(digits.get(8..).unwrap_or_default());
        number = number * TENS.get(more)? + low;
        length += more;
    }
    if length == 0 || (length > 1 && digits.first() == Some(&b'0')) {
        return None;
    }
    let number = i64::try_from(number).ok()?;
    Some((if is_negative { -number } else { number }, length + usize::from(is_negative)))
}

/// By how much the digits before a number of so many digits count.
const TENS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The number that the digits at the start of a text are, eight at most, and how many there are.
#[inline(always)]
fn read_digits(text: &[u8]) -> (u64, usize) {
    let Some(word) = text.first_chunk() else {
        let digits = text.iter().map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit < 10);
        return digits.fold((0, 0), |(number, length), digit| (number * 10 + u64::from(digit), length + 1));
    };
    let digits = u64::from_le_bytes(*word) ^ (ONES * u64::from(b'0'));
    let others = (((digits & !HIGHS) + ONES * 0x76) | digits) & HIGHS;
    let length = others.trailing_zeros() / 8;
    // the digits move to the end of the word, with zeros before them, and are joined to pairs, fours and eight
    let digits = digits.checked_shl(64 - 8 * length).unwrap_or(0);
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let eight = (fours * 10_000 + (fours >> 32)) & 0xffff_ffff;
    (eight, usize::try_from(length).unwrap_or(0))
}

/// Flags bytes that are zero in their highest bit.
#[inline(always)]
fn find_zero(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word
}

#[cfg(test)]
mod tests {
    use super::{plain_integer, plain_length};

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

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        for length in 0..=17 {
            for digits in ["12345678901234567", "99999999999999999", "10000000000000000", "00000000000000001"] {
                for behind in ["", ",", ".5", "e3", ":", "/", "\u{b9}", ", and more"] {
                    let digits: String = digits.chars().take(length).collect();
                    let is_plain = (1..16).contains(&length) && (length == 1 || !digits.starts_with('0'));
                    let expected = |sign: &str| is_plain.then(|| format!("{sign}{digits}").parse::<i64>().unwrap());
                    for sign in ["", "-"] {
                        let found = plain_integer(format!("{sign}{digits}{behind}").as_bytes());
                        let expected = expected(sign).map(|number| (number, sign.len() + length));
                        assert_eq!(found, expected, "{sign}{digits}{behind}");
                    }
                }
            }
        }
    }
}
