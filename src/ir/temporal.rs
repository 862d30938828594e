//! Dates, times, instants and spans, checked when made and exact to the microsecond.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// A day of the proleptic Gregorian calendar.
///
/// # Examples
///
/// ```
/// use setwise::Date;
///
/// assert_eq!(Date::new(2024, 2, 29)?.to_string(), "2024-02-29");
/// assert!(Date::new(2023, 2, 29).is_err());
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// A day by year (-4713 to 99999; 0 is 1 BC), month and day.
    ///
    /// # Errors
    ///
    /// `no-such-day` where the calendar has no such day, or the year is out of range.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, Error> {
        let text = || ErrorKind::NoSuchDay { text: format!("{year:04}-{month:02}-{day:02}") };
        Self::checked(year, month, day).ok_or_else(|| text().into())
    }

    /// The day, where the calendar has it.
    #[inline(always)]
    pub(super) fn checked(year: i32, month: u8, day: u8) -> Option<Self> {
        let is_late = || time::Month::try_from(month).map_or(true, |month| day > month.length(year));
        let is_right = (-4713..=99_999).contains(&year) && (1..=12).contains(&month) && day > 0;
        (is_right && (day <= 28 || !is_late())).then_some(Self { year, month, day })
    }

    /// The year; 0 is 1 BC.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }
}

/// Writes `YYYY-MM-DD`; a year before 0 has its sign in front of four digits.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

/// A time of day from 00:00:00 to 23:59:59.999999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
    micro: u32,
}

impl Time {
    /// A time of day; `micro` counts microseconds, 0 to 999,999.
    ///
    /// # Errors
    ///
    /// `no-such-time` where a part is out of range; 24:00:00 and leap seconds are.
    pub fn new(hour: u8, minute: u8, second: u8, micro: u32) -> Result<Self, Error> {
        let text = || format!("{hour:02}:{minute:02}:{second:02}.{micro:06}");
        Self::checked(hour, minute, second, micro).ok_or_else(|| ErrorKind::NoSuchTime { text: text() }.into())
    }

    /// The time, where a day has it.
    #[inline(always)]
    pub(super) fn checked(hour: u8, minute: u8, second: u8, micro: u32) -> Option<Self> {
        let is_right = hour < 24 && minute < 60 && second < 60 && micro < 1_000_000;
        is_right.then_some(Self { hour, minute, second, micro })
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    #[must_use]
    pub fn second(self) -> u8 {
        self.second
    }

    /// The microseconds within the second.
    #[must_use]
    pub fn micro(self) -> u32 {
        self.micro
    }
}

/// Writes `HH:MM:SS`, and six digits of a fraction where it is not zero.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.micro != 0 {
            write!(f, ".{:06}", self.micro)?;
        }
        Ok(())
    }
}

/// A date and a time of day, without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    date: Date,
    time: Time,
}

impl Timestamp {
    /// A date and a time of day together.
    #[must_use]
    pub fn new(date: Date, time: Time) -> Self {
        Self { date, time }
    }

    /// The date.
    #[must_use]
    pub fn date(self) -> Date {
        self.date
    }

    /// The time of day.
    #[must_use]
    pub fn time(self) -> Time {
        self.time
    }
}

/// Writes `YYYY-MM-DD HH:MM:SS`, and six digits of a fraction where it is not zero.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.time)
    }
}

/// An instant, held in UTC.
///
/// # Examples
///
/// ```
/// use setwise::{Date, Time, Timestamp, TimestampTz};
///
/// let local = Timestamp::new(Date::new(2024, 3, 1)?, Time::new(0, 30, 0, 0)?);
/// assert_eq!(TimestampTz::with_offset(local, 3600)?.to_string(), "2024-02-29 23:30:00+00:00");
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimestampTz(Timestamp);

impl TimestampTz {
    /// An instant given in UTC.
    #[must_use]
    pub fn utc(utc: Timestamp) -> Self {
        Self(utc)
    }

    /// An instant given as local time and the seconds that it is ahead of UTC.
    ///
    /// # Errors
    ///
    /// `no-such-day` where the instant leaves the range of [`Date`].
    pub fn with_offset(local: Timestamp, offset_seconds: i32) -> Result<Self, Error> {
        if offset_seconds == 0 {
            return Ok(Self(local));
        }
        let out_of_range = || Error::from(ErrorKind::NoSuchDay { text: local.to_string() });
        let (date, time) = (local.date, local.time);
        let month = time::Month::try_from(date.month).map_err(|_| out_of_range())?;
        let utc = time::Date::from_calendar_date(date.year, month, date.day)
            .and_then(|day| day.with_hms_micro(time.hour, time.minute, time.second, time.micro))
            .map_err(|_| out_of_range())?
            .checked_sub(time::Duration::seconds(offset_seconds.into()))
            .ok_or_else(out_of_range)?;
        Ok(Self(Timestamp {
            date: Date::new(utc.year(), utc.month().into(), utc.day())?,
            time: Time::new(utc.hour(), utc.minute(), utc.second(), utc.microsecond())?,
        }))
    }

    /// The instant as a date and time in UTC.
    #[must_use]
    pub fn to_utc(self) -> Timestamp {
        self.0
    }
}

impl TimestampTz {
    pub(crate) fn utc_ref(&self) -> &Timestamp {
        &self.0
    }
}

/// Writes the instant in UTC, with `+00:00` behind it.
impl fmt::Display for TimestampTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+00:00", self.0)
    }
}

/// A span of months, days and microseconds, each kept apart as PostgreSQL does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Whole months.
    pub months: i32,
    /// Whole days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

/// Writes PostgreSQL's form, such as `1 mons -2 days 3 microseconds`.
///
/// Behind a negative first part the others have a sign each: with `IntervalStyle = sql_standard` a lone minus at the
/// front would hold for all of them. Before version 15, PostgreSQL takes no number above 32 bits, so a longer time is
/// split: `0 mons 0 days 2 hours 1800 seconds 0 microseconds`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECOND: i64 = 1_000_000;
        const HOUR: i64 = 3600 * SECOND;
        let Self { months, days, micros } = *self;
        let long = i32::try_from(micros).is_err();
        let clock = [(micros / HOUR, "hours"), (micros % HOUR / SECOND, "seconds")];
        let rest = if long { micros % SECOND } else { micros };
        write!(f, "{months} mons")?;
        let parts = [(days.into(), "days")].into_iter().chain(clock.into_iter().filter(|_| long));
        for (number, unit) in parts.chain([(rest, "microseconds")]) {
            if months < 0 { write!(f, " {number:+} {unit}") } else { write!(f, " {number} {unit}") }?;
        }
        Ok(())
    }
}
