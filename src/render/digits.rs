//! The digits of numbers: in pairs from a table, or eight at a time in words of 64 bits, which are little-endian.

use super::out::Out;

/// The digits of two numbers below 10,000.
#[inline(always)]
fn eight(first: u64, second: u64) -> u64 {
    let fours = first | second << 32;
    // a hundredth of each, exact for four digits
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    // a tenth of each, exact for two digits
    let tens = (twos * 103) >> 10 & 0x000f_000f_000f_000f;
    tens | (twos - tens * 10) << 8 | ZEROS
}

/// Eight digits `0`.
const ZEROS: u64 = u64::from_le_bytes(*b"00000000");

/// So many numbers have eight digits or fewer.
const EIGHT: u64 = 100_000_000;

/// The two digits of each number below 100.
#[allow(clippy::indexing_slicing, reason = "what is out of bounds in a constant does not compile")]
const PAIRS: [[u8; 2]; 128] = {
    let mut pairs = [*b"00"; 128];
    let mut number = 0;
    while number < 100u8 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

/// The two digits of a number below 100.
#[inline(always)]
pub(super) fn pair(number: u8) -> [u8; 2] {
    PAIRS.get(usize::from(number % 128)).copied().unwrap_or_default()
}

/// Writes a number.
#[inline(always)]
pub(super) fn write(out: &mut Out, number: u64) {
    if number < EIGHT {
        out.push_short(|window| write_first(window, number));
    } else {
        write_large(out, number);
    }
}

#[inline(never)]
fn write_large(out: &mut Out, number: u64) {
    match u8::try_from(number / EIGHT) {
        Ok(front @ 0..100) => out.push_short(|window| {
            let [tens, ones] = pair(front);
            let length = 1 + usize::from(front >= 10);
            let [first, second, ..] = window;
            [*first, *second] = if front >= 10 { [tens, ones] } else { [ones, ones] };
            if let Some(behind) = window.get_mut(length..).and_then(<[u8]>::first_chunk_mut) {
                *behind = eight_of(number % EIGHT).to_le_bytes();
            }
            length + 8
        }),
        _ => out.push_str(itoa::Buffer::new().format(number)),
    }
}

/// Writes a number of up to eight digits; how many they are.
#[inline(always)]
fn write_first<const N: usize>(window: &mut [u8; N], number: u64) -> usize {
    let digits = eight_of(number);
    // the last digit counts, whatever it is
    let zeros = ((digits ^ ZEROS) | 1 << 56).trailing_zeros() / 8;
    if let Some(room) = window.first_chunk_mut() {
        *room = (digits >> (8 * zeros)).to_le_bytes();
    }
    8 - usize::try_from(zeros).unwrap_or(0)
}

/// The eight digits of a number that has no more.
#[inline(always)]
fn eight_of(number: u64) -> u64 {
    eight(number / 10_000, number % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_are_exact() {
        for number in 0..10_000 {
            let digits = eight(number, 9999 - number).to_le_bytes();
            assert_eq!(String::from_utf8_lossy(&digits), format!("{number:04}{:04}", 9999 - number));
        }
    }

    #[test]
    fn numbers_have_no_zeros_in_front() {
        let powers = (0..20).map(|power| 10u64.pow(power));
        let numbers = powers.flat_map(|power| [power - 1, power, power + 1, power.wrapping_mul(9) / 7]);
        for number in numbers.chain([u64::MAX, 9_999_999_999_999_999, 1_000_000_010_000_000]) {
            let mut out = Out::new();
            write(&mut out, number);
            out.flush();
            assert_eq!(out.text().unwrap(), number.to_string());
        }
    }
}
