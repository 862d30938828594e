//! The digits of numbers, eight at a time: in words of 64 bits, which are little-endian.

use super::out::Out;

/// The digits of two numbers below 10,000.
#[inline(always)]
pub(super) fn eight(first: u64, second: u64) -> u64 {
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

/// Writes a number.
#[inline(always)]
pub(super) fn write(out: &mut Out, number: u64) {
    if number < EIGHT {
        out.push_short(|window| write_first(window, number));
    } else if number < EIGHT * EIGHT {
        out.push_short(|window| {
            let length = write_first(window, number / EIGHT);
            if let Some(rest) = window.get_mut(length..).and_then(<[u8]>::first_chunk_mut) {
                *rest = eight_of(number % EIGHT).to_le_bytes();
            }
            length + 8
        });
    } else {
        write_large(out, number);
    }
}

#[cold]
#[inline(never)]
fn write_large(out: &mut Out, number: u64) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Writes a number of up to eight digits; how many they are.
#[inline(always)]
fn write_first<const N: usize>(window: &mut [u8; N], number: u64) -> usize {
    let digits = eight_of(number);
    let zeros = usize::try_from((digits ^ ZEROS).trailing_zeros() / 8).unwrap_or(0).min(7);
    if let Some(room) = window.first_chunk_mut() {
        *room = (digits >> (8 * zeros)).to_le_bytes();
    }
    8 - zeros
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
