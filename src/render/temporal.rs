//! Dates and times of day as text, eight bytes at a time: the words of 64 bits are little-endian.

use std::fmt;

use super::digits::eight;
use crate::ir::{Date, Time, Timestamp};
use crate::short::SHORT;

/// The text of a date, a time or both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    /// The text, and behind it what is none of it. A year has its last four digits.
    words: [u64; 4],
    length: usize,
    year: i32,
}

impl Stamp {
    /// `YYYY-MM-DD`
    pub(super) fn of_date(date: Date) -> Self {
        let digits = date_digits(date);
        Self { words: [year_and_month(digits), digits >> 48, 0, 0], length: 10, year: date.year() }
    }

    /// `HH:MM:SS`, and six digits of a fraction where it is not zero.
    pub(super) fn of_time(time: Time) -> Self {
        let (clock, micro) = time_digits(time);
        let seconds = seconds_and_fraction(clock, micro);
        let first = clock & 0xffff | mark(b':', 2) | (clock >> 16 & 0xffff) << 24 | seconds << 40;
        let length = if time.micro() == 0 { 8 } else { 15 };
        Self { words: [first, seconds >> 24 | micro >> 16 << 40, 0, 0], length, year: 1 }
    }

    /// Date and time, and `+00:00` where asked for.
    #[inline(always)]
    pub(super) fn of_timestamp(timestamp: Timestamp, zone: bool) -> Self {
        let (date, time) = (timestamp.date(), timestamp.time());
        let (date_digits, (clock, micro)) = (date_digits(date), time_digits(time));
        let hours = date_digits >> 48 | mark(b' ', 2) | (clock & 0xffff) << 24 | mark(b':', 5) | (clock >> 16) << 48;
        let (seconds, rest, length) = match time.micro() {
            0 => (clock >> 24 & 0x00ff_ff00 | mark(b':', 0) | ZONE << 24, ZONE >> 40, 19),
            _ => (seconds_and_fraction(clock, micro), micro >> 16 | ZONE << 16, 26),
        };
        let length = if zone { length + 6 } else { length };
        Self { words: [year_and_month(date_digits), hours, seconds, rest], length, year: date.year() }
    }

    /// The text and its length, where it is short: of years with four digits.
    #[inline(always)]
    pub(super) fn short(&self) -> Option<([u8; SHORT], usize)> {
        let mut block = [0; SHORT];
        for (bytes, word) in block.chunks_exact_mut(8).zip(self.words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        (1..=9999).contains(&self.year).then_some((block, self.length))
    }
}

/// With all digits of the year, and ` BC` behind a year before 1.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.year > 9999 {
            write!(f, "{}", self.year / 10_000)?;
        }
        let bytes = self.words.map(u64::to_le_bytes);
        let text = bytes.as_flattened().get(..self.length).and_then(|bytes| str::from_utf8(bytes).ok());
        f.write_str(text.ok_or(fmt::Error)?)?;
        f.write_str(if self.year < 1 { " BC" } else { "" })
    }
}

/// `+00:00`
const ZONE: u64 = u64::from_le_bytes(*b"+00:00\0\0");

/// A mark at a place in a word.
const fn mark(mark: u8, at: u32) -> u64 {
    (mark as u64) << (8 * at)
}

/// `YYYYMMDD`, the last four digits of the year.
#[inline(always)]
fn date_digits(date: Date) -> u64 {
    // there is no year 0
    let year = if date.year() > 0 { date.year() } else { 1 - date.year() }.unsigned_abs();
    eight(u64::from(year % 10_000), u64::from(date.month()) * 100 + u64::from(date.day()))
}

/// `HHMMSSff`, and the other four digits of the fraction.
#[inline(always)]
fn time_digits(time: Time) -> (u64, u64) {
    let micro = u64::from(time.micro());
    let minutes = u64::from(time.hour()) * 100 + u64::from(time.minute());
    (eight(minutes, u64::from(time.second()) * 100 + micro / 10_000), eight(micro % 10_000, 0) & 0xffff_ffff)
}

/// `YYYY-MM-`
#[inline(always)]
fn year_and_month(date: u64) -> u64 {
    date & 0xffff_ffff | mark(b'-', 4) | (date >> 32 & 0xffff) << 40 | mark(b'-', 7)
}

/// `:SS.ffff`
#[inline(always)]
fn seconds_and_fraction(clock: u64, micro: u64) -> u64 {
    mark(b':', 0) | (clock >> 24 & 0x00ff_ff00) | mark(b'.', 3) | clock >> 48 << 32 | micro << 48
}

#[cfg(test)]
mod tests {
    use super::Stamp;
    use crate::ir::{Date, Time, Timestamp};

    #[test]
    fn years_have_four_digits_or_more_and_an_era() {
        let date = |year| Stamp::of_date(Date::new(year, 2, 3).unwrap()).to_string();
        assert_eq!(date(1), "0001-02-03");
        assert_eq!(date(9999), "9999-02-03");
        assert_eq!(date(10_203), "10203-02-03");
        assert_eq!(date(0), "0001-02-03 BC");
        assert_eq!(date(-4712), "4713-02-03 BC");
    }

    #[test]
    fn fractions_stand_where_there_are_any() {
        let time = |micro| Stamp::of_time(Time::new(4, 5, 6, micro).unwrap()).to_string();
        assert_eq!(time(0), "04:05:06");
        assert_eq!(time(1), "04:05:06.000001");
        assert_eq!(time(987_654), "04:05:06.987654");
    }

    #[test]
    fn zones_stand_before_the_era() {
        let timestamp = |year, micro, zone| {
            let timestamp = Timestamp::new(Date::new(year, 2, 3).unwrap(), Time::new(4, 5, 6, micro).unwrap());
            Stamp::of_timestamp(timestamp, zone).to_string()
        };
        assert_eq!(timestamp(2024, 0, false), "2024-02-03 04:05:06");
        assert_eq!(timestamp(2024, 0, true), "2024-02-03 04:05:06+00:00");
        assert_eq!(timestamp(2024, 120, false), "2024-02-03 04:05:06.000120");
        assert_eq!(timestamp(0, 120, true), "0001-02-03 04:05:06.000120+00:00 BC");
        assert_eq!(timestamp(98_765, 0, true), "98765-02-03 04:05:06+00:00");
    }
}
