//! Dates and times of day as text, digit by digit.

use std::ops::Range;

use crate::ir::{Date, Time, Timestamp};

/// Writes `YYYY-MM-DD`, and ` BC` behind it where the year is before 1.
pub(super) fn write_date(out: &mut String, date: Date) {
    write_long_year(out, date);
    out.push_str(Stamp::of(Some(date), None).part(0..10));
    write_era(out, date);
}

/// Writes `HH:MM:SS`, and six digits of a fraction where it is not zero.
pub(super) fn write_time(out: &mut String, time: Time) {
    let end = if time.micro() == 0 { 19 } else { 26 };
    out.push_str(Stamp::of(None, Some(time)).part(11..end));
}

/// Writes date and time, `+00:00` where asked for, and then the era.
pub(super) fn write_timestamp(out: &mut String, timestamp: Timestamp, zone: bool) {
    let (date, time) = (timestamp.date(), timestamp.time());
    let stamp = Stamp::of(Some(date), Some(time));
    write_long_year(out, date);
    match (time.micro(), zone) {
        (0, false) => out.push_str(stamp.part(0..19)),
        (0, true) => {
            out.push_str(stamp.part(0..19));
            out.push_str(stamp.part(26..32));
        }
        (_, false) => out.push_str(stamp.part(0..26)),
        (_, true) => out.push_str(stamp.part(0..32)),
    }
    write_era(out, date);
}

/// The digits of a year in front of its last four.
fn write_long_year(out: &mut String, date: Date) {
    if date.year() > 9999 {
        out.push_str(itoa::Buffer::new().format(date.year() / 10_000));
    }
}

fn write_era(out: &mut String, date: Date) {
    if date.year() < 1 {
        out.push_str(" BC");
    }
}

/// `YYYY-MM-DD HH:MM:SS.ffffff+00:00`, of which every form is a part. Aligned, so that it is known to be text at once.
#[repr(align(16))]
struct Stamp([u8; 32]);

impl Stamp {
    fn of(date: Option<Date>, time: Option<Time>) -> Self {
        let (year, month, day) = date.map_or((1, 1, 1), |date| (date.year(), date.month(), date.day()));
        let (hour, minute, second, micro) =
            time.map_or((0, 0, 0, 0), |time| (time.hour(), time.minute(), time.second(), time.micro()));
        // there is no year 0
        let year = if year > 0 { year.unsigned_abs() } else { (1 - year).unsigned_abs() };
        let ([y1, y2], [y3, y4]) = (pair(last_two(year / 100)), pair(last_two(year)));
        let ([m1, m2], [d1, d2]) = (pair(month), pair(day));
        let ([h1, h2], [n1, n2], [s1, s2]) = (pair(hour), pair(minute), pair(second));
        let [f1, f2] = pair(last_two(micro / 10_000));
        let [f3, f4] = pair(last_two(micro / 100));
        let [f5, f6] = pair(last_two(micro));
        Self([
            y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1, f2, f3, f4,
            f5, f6, b'+', b'0', b'0', b':', b'0', b'0',
        ])
    }

    fn part(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(&self.0).ok().and_then(|text| text.get(range)).unwrap_or_default()
    }
}

fn last_two(number: u32) -> u8 {
    u8::try_from(number % 100).unwrap_or(0)
}

/// The digits of a number below 100.
fn pair(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}

#[cfg(test)]
mod tests {
    use super::{write_date, write_time, write_timestamp};
    use crate::ir::{Date, Time, Timestamp};

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn years_have_four_digits_or_more_and_an_era() {
        let date = |year| written(|out| write_date(out, Date::new(year, 2, 3).unwrap()));
        assert_eq!(date(1), "0001-02-03");
        assert_eq!(date(9999), "9999-02-03");
        assert_eq!(date(10_203), "10203-02-03");
        assert_eq!(date(0), "0001-02-03 BC");
        assert_eq!(date(-4712), "4713-02-03 BC");
    }

    #[test]
    fn fractions_stand_where_there_are_any() {
        let time = |micro| written(|out| write_time(out, Time::new(4, 5, 6, micro).unwrap()));
        assert_eq!(time(0), "04:05:06");
        assert_eq!(time(1), "04:05:06.000001");
        assert_eq!(time(987_654), "04:05:06.987654");
    }

    #[test]
    fn zones_stand_before_the_era() {
        let timestamp = |year, micro, zone| {
            let timestamp = Timestamp::new(Date::new(year, 2, 3).unwrap(), Time::new(4, 5, 6, micro).unwrap());
            written(|out| write_timestamp(out, timestamp, zone))
        };
        assert_eq!(timestamp(2024, 0, false), "2024-02-03 04:05:06");
        assert_eq!(timestamp(2024, 0, true), "2024-02-03 04:05:06+00:00");
        assert_eq!(timestamp(2024, 120, false), "2024-02-03 04:05:06.000120");
        assert_eq!(timestamp(0, 120, true), "0001-02-03 04:05:06.000120+00:00 BC");
    }
}
