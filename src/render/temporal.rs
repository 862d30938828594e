//! Dates and times of day as text, digit pair by digit pair.

use std::fmt;

use super::digits::pair;
use crate::dialect::Form;
use crate::ir::{Date, Time, Timestamp};
use crate::short::SHORT;

/// A date, a time or both, as text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stamp {
    /// `YYYY-MM-DD`
    Date(Date),
    /// `HH:MM:SS`, and six digits of a fraction where it is not zero.
    Time(Time),
    /// Date and time.
    Timestamp(Timestamp),
    /// Date, time and `+00:00`.
    Instant(Timestamp),
}

impl Stamp {
    fn year(self) -> i32 {
        match self {
            Self::Date(date) => date.year(),
            Self::Time(_) => 1,
            Self::Timestamp(timestamp) | Self::Instant(timestamp) => timestamp.date().year(),
        }
    }

    /// An instant in the form in which a dialect stores it.
    #[inline(always)]
    pub(super) fn of_instant(utc: Timestamp, form: Form) -> Self {
        if form == Form::UtcTimestamp { Self::Timestamp(utc) } else { Self::Instant(utc) }
    }

    /// The word for such a literal.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Date(_) => "DATE",
            Self::Time(_) => "TIME",
            Self::Timestamp(_) | Self::Instant(_) => "TIMESTAMP",
        }
    }

    /// Puts the text in a place, and says how long it is, where the year has four digits.
    #[inline(always)]
    pub(super) fn put_short(self, place: &mut [u8; SHORT]) -> Option<usize> {
        let year = u32::try_from(self.year()).ok().filter(|year| (1..=9999).contains(year))?;
        Some(self.put(year, place))
    }

    /// Puts the text in a place, with these digits of the year. Behind it is what is none of it.
    #[inline(always)]
    fn put(self, year: u32, place: &mut [u8; SHORT]) -> usize {
        *place = *b"0000-00-00 00:00:00.000000+00:00";
        match self {
            Self::Date(date) => put_date(place, year, date),
            Self::Time(time) => {
                put(place, 0, *b"00:00:00.");
                put_time(place, 0, time)
            }
            Self::Timestamp(timestamp) | Self::Instant(timestamp) => {
                put_date(place, year, timestamp.date());
                let end = put_time(place, 11, timestamp.time());
                if timestamp.time().micro() == 0 {
                    put(place, end, *b"+00:00");
                }
                if matches!(self, Self::Instant(_)) { end + 6 } else { end }
            }
        }
    }
}

/// With all digits of the year, and ` BC` behind a year before 1.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year();
        if year > 9999 {
            write!(f, "{}", year / 10_000)?;
        }
        let mut place = [0; SHORT];
        // there is no year 0
        let digits = if year > 0 { year } else { 1 - year }.unsigned_abs() % 10_000;
        let length = self.put(digits, &mut place);
        let text = place.get(..length).and_then(|bytes| str::from_utf8(bytes).ok());
        f.write_str(text.ok_or(fmt::Error)?)?;
        f.write_str(if year < 1 { " BC" } else { "" })
    }
}

/// Puts a few bytes at a place.
#[inline(always)]
fn put<const N: usize>(place: &mut [u8; SHORT], at: usize, bytes: [u8; N]) {
    if let Some(room) = place.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *room = bytes;
    }
}

/// Puts the digits of a date to the front; where its text ends.
#[inline(always)]
fn put_date(place: &mut [u8; SHORT], year: u32, date: Date) -> usize {
    put(place, 0, pair_of(year / 100));
    put(place, 2, pair_of(year % 100));
    put(place, 5, pair(date.month()));
    put(place, 8, pair(date.day()));
    10
}

/// Puts the digits of a time at a place; where its text ends.
#[inline(always)]
fn put_time(place: &mut [u8; SHORT], at: usize, time: Time) -> usize {
    put(place, at, pair(time.hour()));
    put(place, at + 3, pair(time.minute()));
    put(place, at + 6, pair(time.second()));
    let micro = time.micro();
    if micro == 0 {
        return at + 8;
    }
    put(place, at + 9, pair_of(micro / 10_000));
    put(place, at + 11, pair_of(micro / 100 % 100));
    put(place, at + 13, pair_of(micro % 100));
    at + 15
}

/// The two digits of a number below 100.
#[inline(always)]
fn pair_of(number: u32) -> [u8; 2] {
    pair(number.to_le_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::Stamp;
    use crate::ir::{Date, Time, Timestamp};

    #[test]
    fn years_have_four_digits_or_more_and_an_era() {
        let date = |year| Stamp::Date(Date::new(year, 2, 3).unwrap()).to_string();
        assert_eq!(date(1), "0001-02-03");
        assert_eq!(date(9999), "9999-02-03");
        assert_eq!(date(10_203), "10203-02-03");
        assert_eq!(date(0), "0001-02-03 BC");
        assert_eq!(date(-4712), "4713-02-03 BC");
    }

    #[test]
    fn fractions_stand_where_there_are_any() {
        let time = |micro| Stamp::Time(Time::new(4, 5, 6, micro).unwrap()).to_string();
        assert_eq!(time(0), "04:05:06");
        assert_eq!(time(1), "04:05:06.000001");
        assert_eq!(time(987_654), "04:05:06.987654");
    }

    #[test]
    fn zones_stand_before_the_era() {
        let timestamp = |year, micro, zone| {
            let timestamp = Timestamp::new(Date::new(year, 2, 3).unwrap(), Time::new(4, 5, 6, micro).unwrap());
            if zone { Stamp::Instant(timestamp) } else { Stamp::Timestamp(timestamp) }.to_string()
        };
        assert_eq!(timestamp(2024, 0, false), "2024-02-03 04:05:06");
        assert_eq!(timestamp(2024, 0, true), "2024-02-03 04:05:06+00:00");
        assert_eq!(timestamp(2024, 120, false), "2024-02-03 04:05:06.000120");
        assert_eq!(timestamp(0, 120, true), "0001-02-03 04:05:06.000120+00:00 BC");
        assert_eq!(timestamp(98_765, 0, true), "98765-02-03 04:05:06+00:00");
    }
}
