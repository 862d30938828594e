//! Dates, times, instants and spans from their text, in the ISO forms only.

use super::{Date, Interval, Time, Timestamp, TimestampTz, fixed};
use crate::error::{Error, ErrorKind};

/// The most characters of a wrong text that a message repeats.
const SHOWN: usize = 40;

const MINUTE: i64 = 60_000_000;

/// The start of a text, as messages show it.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// Bytes from pairs of hexadecimal digits.
#[cfg(any(feature = "lang", feature = "json", feature = "csv", feature = "sql"))]
pub(crate) fn hex(digits: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let mut high = None;
    for (at, digit) in digits.chars().enumerate() {
        let value = digit.to_digit(16).and_then(|value| u8::try_from(value).ok());
        let value = value.ok_or_else(|| format!("hexadecimal: `{digit}` is no digit (character {})", at + 1))?;
        match high.take() {
            None => high = Some(value),
            Some(high) => bytes.push(high << 4 | value),
        }
    }
    if high.is_some() { Err("hexadecimal: it has an odd number of digits".into()) } else { Ok(bytes) }
}

/// A number of so many ASCII digits, and nothing else.
fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let plain = count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Digits of a second's fraction as microseconds; none where there are more than six or none at all.
fn micros(fraction: &str) -> Option<u32> {
    let places = u32::try_from(fraction.len()).ok()?;
    Some(digits(fraction, 1..=6)? * 10u32.pow(6 - places))
}

impl Date {
    /// A day from `YYYY-MM-DD`. Years have four or five digits; `-0043` is 44 BC.
    ///
    /// # Errors
    ///
    /// `no-such-day` for any other form, and where the calendar has no such day.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::Date;
    ///
    /// assert_eq!(Date::parse("2024-02-29")?, Date::new(2024, 2, 29)?);
    /// assert!(Date::parse("2024-2-9").is_err());
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some(date) = fixed::date(text) {
            return Ok(date);
        }
        let bad = || Error::from(ErrorKind::NoSuchDay { text: shown(text) });
        let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let mut parts = rest.split('-');
        let mut part = |count| parts.next().and_then(|part| digits(part, count)).ok_or_else(bad);
        let (year, month, day) = (part(4..=5)?, part(2..=2)?, part(2..=2)?);
        if parts.next().is_some() {
            return Err(bad());
        }
        let year = i32::try_from(year).map_err(|_| bad())? * sign;
        let (month, day) = (u8::try_from(month).map_err(|_| bad())?, u8::try_from(day).map_err(|_| bad())?);
        Self::new(year, month, day).map_err(|_| bad())
    }
}

impl Time {
    /// A time of day from `HH:MM:SS`, with up to six digits of a fraction.
    ///
    /// # Errors
    ///
    /// `no-such-time` for any other form, 24:00:00 and leap seconds, `too-fine` above six digits of a fraction,
    /// `has-offset` for a time with a zone.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::Time;
    ///
    /// assert_eq!(Time::parse("23:59:59.5")?, Time::new(23, 59, 59, 500_000)?);
    /// assert!(Time::parse("24:00:00").is_err());
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some((time, "")) = fixed::time(text) {
            return Ok(time);
        }
        let bad = || Error::from(ErrorKind::NoSuchTime { text: shown(text) });
        if split_offset(text).is_some() {
            return Err(ErrorKind::HasOffset { text: shown(text) }.into());
        }
        let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, part)| (clock, Some(part)));
        let mut parts = clock.split(':');
        let mut part = || -> Result<u8, Error> {
            let number = parts.next().and_then(|part| digits(part, 2..=2)).ok_or_else(bad)?;
            u8::try_from(number).map_err(|_| bad())
        };
        let (hour, minute, second) = (part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(bad());
        }
        let micro = match fraction {
            None => 0,
            Some(part) if part.len() > 6 && part.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(ErrorKind::TooFine { text: shown(text) }.into());
            }
            Some(part) => micros(part).ok_or_else(bad)?,
        };
        Self::new(hour, minute, second, micro).map_err(|_| bad())
    }
}

impl Timestamp {
    /// A date and a time from `YYYY-MM-DD HH:MM:SS`, with a space or `T` between them, without an offset.
    ///
    /// # Errors
    ///
    /// `has-offset` where an offset follows; else as [`Date::parse`] and [`Time::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::Timestamp;
    ///
    /// assert_eq!(Timestamp::parse("2024-02-29T12:00:00")?.to_string(), "2024-02-29 12:00:00");
    /// assert!(Timestamp::parse("2024-02-29T12:00:00Z").is_err());
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some((timestamp, "")) = fixed::timestamp(text) {
            return Ok(timestamp);
        }
        let (date, time) = split_timestamp(text)?;
        if split_offset(time).is_some() {
            return Err(ErrorKind::HasOffset { text: shown(text) }.into());
        }
        Ok(Self::new(Date::parse(date)?, Time::parse(time)?))
    }
}

impl TimestampTz {
    /// An instant from `YYYY-MM-DD HH:MM:SS` and an offset: `Z`, `+HH`, `+HHMM` or `+HH:MM`.
    ///
    /// # Errors
    ///
    /// `needs-offset` without an offset, `bad-offset` for one of another form; else as [`Timestamp::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::TimestampTz;
    ///
    /// assert_eq!(TimestampTz::parse("2024-02-29T12:00:00+02:00")?.to_string(), "2024-02-29 10:00:00+00:00");
    /// assert!(TimestampTz::parse("2024-02-29T12:00:00").is_err());
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some((local, offset)) = fixed::timestamp(text)
            && let Some(seconds) = offset_seconds(offset)
        {
            return Self::with_offset(local, seconds);
        }
        let (date, time) = split_timestamp(text)?;
        let needs = || Error::from(ErrorKind::NeedsOffset { text: shown(text) });
        let (time, offset) = split_offset(time).ok_or_else(needs)?;
        let seconds = offset_seconds(offset).ok_or_else(|| ErrorKind::BadOffset { text: shown(offset) })?;
        Self::with_offset(Timestamp::new(Date::parse(date)?, Time::parse(time)?), seconds)
    }
}

fn split_timestamp(text: &str) -> Result<(&str, &str), Error> {
    let expected =
        || ErrorKind::Syntax { expected: "`YYYY-MM-DD HH:MM:SS`".into(), found: format!("`{}`", shown(text)) };
    text.split_once(['T', ' ']).ok_or_else(|| expected().into())
}

/// A time and the offset behind it, where there is one.
fn split_offset(time: &str) -> Option<(&str, &str)> {
    time.find(['Z', 'z', '+', '-']).map(|at| time.split_at(at))
}

/// The seconds that an offset is ahead of UTC; up to 15:59, as PostgreSQL has it.
fn offset_seconds(offset: &str) -> Option<i32> {
    if matches!(offset, "Z" | "z" | "+00:00") {
        return Some(0);
    }
    let (sign, rest) = match offset.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, offset.strip_prefix('-')?),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None => rest.split_at_checked(2)?,
    };
    let minutes = if minutes.is_empty() && !rest.contains(':') { 0 } else { digits(minutes, 2..=2)? };
    let hours = digits(hours, 2..=2)?;
    let within = hours <= 15 && minutes <= 59;
    within.then(|| i32::try_from(hours * 3600 + minutes * 60).ok().map(|seconds| sign * seconds)).flatten()
}

impl Interval {
    /// A span from ISO 8601 (`P1Y2M3DT4H5M6.5S`, each number with its own sign), or from numbers with units and a
    /// time as PostgreSQL prints it (`1 year 2 mons -3 days 04:05:06.5`).
    ///
    /// # Errors
    ///
    /// `not-an-interval` for any other form, and where a part is out of range.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::Interval;
    ///
    /// let span = Interval::parse("P1Y2M3DT1.5S")?;
    /// assert_eq!(span, Interval { months: 14, days: 3, micros: 1_500_000 });
    /// assert_eq!(Interval::parse(&span.to_string())?, span);
    /// # Ok::<(), setwise::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let span = match text.strip_prefix('P') {
            Some(rest) => iso_span(rest),
            None => unit_span(text),
        };
        span.ok_or_else(|| ErrorKind::NotAnInterval { text: shown(text) }.into())
    }

    /// Adds so many microseconds of a unit, months and days to their own part.
    fn add(&mut self, number: &str, unit: &str) -> Option<()> {
        let whole = || number.parse::<i32>().ok().filter(|_| !number.starts_with('+'));
        match unit {
            "Y" | "year" | "years" => self.months = self.months.checked_add(whole()?.checked_mul(12)?)?,
            "M" | "mon" | "mons" | "month" | "months" => self.months = self.months.checked_add(whole()?)?,
            "W" | "week" | "weeks" => self.days = self.days.checked_add(whole()?.checked_mul(7)?)?,
            "D" | "day" | "days" => self.days = self.days.checked_add(whole()?)?,
            "TH" | "hour" | "hours" => {
                let hours: i64 = number.parse().ok().filter(|_| !number.starts_with('+'))?;
                self.add_micros(hours.checked_mul(60 * MINUTE)?)?;
            }
            "TM" | "minute" | "minutes" => self.add_micros(i64::from(whole()?).checked_mul(MINUTE)?)?,
            "TS" | "second" | "seconds" => self.add_micros(second_micros(number)?)?,
            "microsecond" | "microseconds" => {
                self.add_micros(number.parse().ok().filter(|_| !number.starts_with('+'))?)?;
            }
            _ => return None,
        }
        Some(())
    }

    fn add_micros(&mut self, micros: i64) -> Option<()> {
        self.micros = self.micros.checked_add(micros)?;
        Some(())
    }
}

/// Seconds with a fraction, as microseconds.
fn second_micros(number: &str) -> Option<i64> {
    let (sign, rest) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
    let (whole, fraction) =
        rest.split_once('.').map_or((rest, 0), |(whole, part)| (whole, micros(part).unwrap_or(u32::MAX)));
    let plain = whole.bytes().all(|byte| byte.is_ascii_digit()) && fraction < 1_000_000;
    let seconds: i64 = plain.then(|| whole.parse().ok()).flatten()?;
    seconds.checked_mul(1_000_000)?.checked_add(fraction.into())?.checked_mul(sign)
}

fn iso_span(mut rest: &str) -> Option<Interval> {
    let mut span = Interval { months: 0, days: 0, micros: 0 };
    // Units of the clock carry a `T`, so that `M` for months and for minutes stay apart; units must come in order.
    let mut units = ["Y", "M", "W", "D", "TH", "TM", "TS"].iter();
    let mut clock = "";
    let mut parts = 0;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('T') {
            if !clock.is_empty() || behind.is_empty() {
                return None;
            }
            (clock, rest) = ("T", behind);
        }
        let at = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        let (number, behind) = rest.split_at(at);
        let (letter, behind) = behind.split_at(1);
        let unit = [clock, letter].concat();
        units.find(|known| **known == unit)?;
        span.add(number, &unit)?;
        rest = behind;
        parts += 1;
    }
    (parts > 0).then_some(span)
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

fn unit_span(text: &str) -> Option<Interval> {
    let mut span = Interval { months: 0, days: 0, micros: 0 };
    let mut words = text.split(' ').peekable();
    words.peek().filter(|first| !first.is_empty())?;
    while let Some(word) = words.next() {
        // PostgreSQL writes a plus behind a negative part.
        let word = word.strip_prefix('+').filter(|word| word.starts_with(is_digit)).unwrap_or(word);
        if word.contains(':') {
            let (sign, clock) = word.strip_prefix('-').map_or(("", word), |clock| ("-", clock));
            let mut parts = clock.splitn(3, ':');
            for unit in ["TH", "TM", "TS"] {
                let part = parts.next().filter(|part| part.starts_with(is_digit))?;
                span.add(&[sign, part].concat(), unit)?;
            }
        } else {
            span.add(word, words.next()?)?;
        }
    }
    Some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans() {
        for (text, months, days, micros) in [
            ("P1Y", 12, 0, 0),
            ("P-1Y2M", -10, 0, 0),
            ("P2W1D", 0, 15, 0),
            ("PT1H2M3S", 0, 0, 3_723_000_000),
            ("PT-0.000001S", 0, 0, -1),
            ("1 year 2 mons -3 days 04:05:06.5", 14, -3, 14_706_500_000),
            ("-00:00:01", 0, 0, -1_000_000),
            ("90 minutes", 0, 0, 5_400_000_000),
            ("-1 years -2 mons +3 days -04:00:00", -14, 3, -14_400_000_000),
            ("+1 day +00:00:01", 0, 1, 1_000_000),
        ] {
            assert_eq!(Interval::parse(text), Ok(Interval { months, days, micros }), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "P1D1Y",
            "PT1H1H",
            "P1.5Y",
            "1",
            "1 fortnight",
            "1  day",
            "P3000000000D",
            "PT1.0000001S",
            "++1 day",
            "+-1 day",
            "P+1D",
            "P1Ä",
            "1:2",
            "::",
            "1:-2:3",
        ] {
            assert_eq!(Interval::parse(text).map_err(|error| error.code()), Err("not-an-interval"), "{text}");
        }
    }

    #[test]
    fn reads_what_it_writes() {
        for micros in [0, 1, i64::from(i32::MAX), i64::from(i32::MAX) + 1, 14_706_500_000, i64::MAX] {
            for micros in [micros, -micros, -1 - micros] {
                for (months, days) in [(0, 0), (-1, 1), (1, -1), (i32::MIN, i32::MIN), (i32::MAX, i32::MAX)] {
                    let span = Interval { months, days, micros };
                    let text = span.to_string();
                    assert_eq!(Interval::parse(&text), Ok(span), "{text}");
                }
            }
        }
    }

    #[test]
    fn reads_offsets() {
        for (text, utc) in [
            ("2024-01-01 00:00:00Z", "2024-01-01 00:00:00+00:00"),
            ("2024-01-01T00:00:00.25+05:30", "2023-12-31 18:30:00.250000+00:00"),
            ("2024-01-01 00:00:00-08", "2024-01-01 08:00:00+00:00"),
            ("2024-01-01 00:00:00+0100", "2023-12-31 23:00:00+00:00"),
        ] {
            assert_eq!(TimestampTz::parse(text).map(|instant| instant.to_string()), Ok(utc.to_string()));
        }
        for text in ["+1", "+16:00", "+01:60", "+01:", "+001", "Zulu", "+ä1", "-0é"] {
            let text = format!("2024-01-01 00:00:00{text}");
            assert_eq!(TimestampTz::parse(&text).map_err(|error| error.code()), Err("bad-offset"), "{text}");
        }
    }
}
