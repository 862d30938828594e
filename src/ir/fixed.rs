//! Dates and times in the layout that nearly all have, with each part at its place. Whatever is laid out otherwise is
//! none of these, and may still be right.

use super::{Date, Time, Timestamp};

/// `YYYY-MM-DD`
pub(super) fn date(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    Date::new(i32::try_from(year).ok()?, part(m1, m2)?, part(d1, d2)?).ok()
}

/// `HH:MM:SS`, up to six digits of a fraction, and what is behind them.
pub(super) fn time(text: &str) -> Option<(Time, &str)> {
    let (clock, rest) = text.split_at_checked(8)?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *clock.as_bytes() else { return None };
    let (micro, rest) = rest.strip_prefix('.').map_or(Some((0, rest)), fraction)?;
    let time = Time::new(part(h1, h2)?, part(m1, m2)?, part(s1, s2)?, micro).ok()?;
    Some((time, rest))
}

/// A date and a time, and what is behind them.
pub(super) fn timestamp(text: &str) -> Option<(Timestamp, &str)> {
    let (day, clock) = text.split_at_checked(10)?;
    let clock = clock.strip_prefix([' ', 'T'])?;
    let (time, rest) = time(clock)?;
    Some((Timestamp::new(date(day)?, time), rest))
}

/// Digits of a second's fraction as microseconds, and what is behind them.
fn fraction(text: &str) -> Option<(u32, &str)> {
    if let Some((&[a, b, c, d, e, f], _)) = text.as_bytes().split_first_chunk()
        && let (Some(high), Some(middle), Some(low)) = (pair(a, b), pair(c, d), pair(e, f))
    {
        return Some((high * 10_000 + middle * 100 + low, text.get(6..)?));
    }
    let length = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    let number: u32 = digits.parse().ok()?;
    Some((number * 10u32.pow(6 - u32::try_from(length).ok()?), rest))
}

fn part(a: u8, b: u8) -> Option<u8> {
    u8::try_from(pair(a, b)?).ok()
}

/// The number of two digits.
#[inline(always)]
fn pair(a: u8, b: u8) -> Option<u32> {
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    (a < 10 && b < 10).then(|| u32::from(a) * 10 + u32::from(b))
}
