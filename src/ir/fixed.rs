//! Dates and times in the layout that nearly all have, with each part at its place. Whatever is laid out otherwise is
//! none of these, and may still be right.

use super::{Date, Time, Timestamp};

/// Eight characters: a separator stands for itself, `0` for any digit.
struct Layout {
    text: u64,
    /// What carries into a byte's highest bit where it differs from the text by more than it may.
    over: u64,
}

const DAY: Layout = Layout::new(*b"00-00-00", [0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f, 0x76, 0x76]);
const CLOCK: Layout = Layout::new(*b"00:00:00", [0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f, 0x76, 0x76]);
const FRACTION: Layout = Layout::new(*b"0.000000", [0x76, 0x7f, 0x76, 0x76, 0x76, 0x76, 0x76, 0x76]);

impl Layout {
    const fn new(text: [u8; 8], over: [u8; 8]) -> Self {
        Self { text: u64::from_le_bytes(text), over: u64::from_le_bytes(over) }
    }

    /// At the place of each digit, the number that it and the one behind it are; none where the text is laid out
    /// otherwise.
    #[inline(always)]
    fn pairs(&self, text: [u8; 8]) -> Option<[u8; 8]> {
        const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
        let digits = u64::from_le_bytes(text) ^ self.text;
        let wrong = (((digits & LOW) + self.over) | digits) & !LOW;
        // each byte is 9 at most, and its pair 99
        (wrong == 0).then(|| (digits * 10 + (digits >> 8)).to_le_bytes())
    }
}

/// `YYYY-MM-DD`
pub(super) fn date(text: &str) -> Option<Date> {
    day(text.as_bytes().try_into().ok()?)
}

/// `HH:MM:SS`, up to six digits of a fraction, and what is behind them.
pub(super) fn time(text: &str) -> Option<(Time, &str)> {
    let bytes = text.as_bytes();
    let [hour, _, _, minute, _, _, second, _] = CLOCK.pairs(*bytes.first_chunk()?)?;
    let (micro, length) = match bytes.get(8) {
        Some(b'.') => fraction(bytes.get(7..)?)?,
        _ => (0, 8),
    };
    Some((Time::checked(hour, minute, second, micro)?, text.get(length..)?))
}

/// A date and a time, and what is behind them.
pub(super) fn timestamp(text: &str) -> Option<(Timestamp, &str)> {
    let date = day(text.as_bytes().first_chunk()?)?;
    let (b' ' | b'T') = text.as_bytes().get(10)? else { return None };
    let (time, rest) = time(text.get(11..)?)?;
    Some((Timestamp::new(date, time), rest))
}

#[inline(always)]
fn day(text: &[u8; 10]) -> Option<Date> {
    let [y1, y2, rest @ ..] = *text;
    let [year, _, _, month, _, _, day, _] = DAY.pairs(rest)?;
    let (y1, y2) = (y1.wrapping_sub(b'0'), y2.wrapping_sub(b'0'));
    let year = i32::from(y1) * 1000 + i32::from(y2) * 100 + i32::from(year);
    if y1 < 10 && y2 < 10 { Date::checked(year, month, day) } else { None }
}

/// The fraction of a second as microseconds, from its last digit before the point, and how long the time is with it.
#[inline(always)]
fn fraction(text: &[u8]) -> Option<(u32, usize)> {
    if let Some([_, _, high, _, middle, _, low, _]) = text.first_chunk().and_then(|text| FRACTION.pairs(*text)) {
        return Some((u32::from(high) * 10_000 + u32::from(middle) * 100 + u32::from(low), 15));
    }
    let digits = text.get(2..)?.iter().take(6).map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit < 10);
    let (micro, length) = digits.fold((0, 0), |(micro, length), digit| (micro * 10 + u32::from(digit), length + 1));
    (length > 0)
        .then(|| (micro * 10u32.pow(6 - length), 9))
        .and_then(|(micro, start)| Some((micro, start + usize::try_from(length).ok()?)))
}
