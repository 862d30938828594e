//! Days since 1970-01-01 and microseconds since its midnight, by the Gregorian calendar carried back.

use setwise::{Date, Time, Timestamp};

use super::Class;

pub const MICROS_OF_DAY: i128 = 86_400_000_000;

/// The days from 1970-01-01 to a day.
pub fn day_number(date: Date) -> i128 {
    let (year, month) = (i128::from(date.year()), i128::from(date.month()));
    // Years that begin in March put the leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_before_month = (153 * month + 2) / 5;
    year * 365 + leaps + days_before_month + i128::from(date.day()) - 1 - 719_468
}

/// The day so many days from 1970-01-01.
pub fn day(number: i128) -> Result<Date, Class> {
    const OUTSIDE: Class = Class::EngineDependent("a day outside the years 1 to 9999");
    if number.abs() > 10_000 * 366 {
        return Err(OUTSIDE);
    }
    let from_march_of_0 = number + 719_468;
    let era = from_march_of_0.div_euclid(146_097);
    let of_era = from_march_of_0.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let (month, carry) = if shifted < 10 { (shifted + 3, 0) } else { (shifted - 9, 1) };
    let year = era * 400 + year_of_era + carry;
    if !(1..=9999).contains(&year) {
        return Err(OUTSIDE);
    }
    Ok(Date::new(year as i32, month as u8, day as u8).expect("the calendar has every numbered day"))
}

/// The microseconds from 1970-01-01 00:00:00 to a timestamp.
pub fn micros(at: Timestamp) -> i128 {
    let time = at.time();
    let seconds = (i128::from(time.hour()) * 60 + i128::from(time.minute())) * 60 + i128::from(time.second());
    day_number(at.date()) * MICROS_OF_DAY + seconds * 1_000_000 + i128::from(time.micro())
}

/// The timestamp so many microseconds from 1970-01-01 00:00:00.
pub fn timestamp(micros: i128) -> Result<Timestamp, Class> {
    let date = day(micros.div_euclid(MICROS_OF_DAY))?;
    let of_day = micros.rem_euclid(MICROS_OF_DAY) as u64;
    let (seconds, micro) = (of_day / 1_000_000, of_day % 1_000_000);
    let time = Time::new((seconds / 3600) as u8, (seconds / 60 % 60) as u8, (seconds % 60) as u8, micro as u32);
    Ok(Timestamp::new(date, time.expect("a day has no more microseconds")))
}

/// The timestamp with a fraction of so many digits, cut towards the past.
pub fn cut(at: Timestamp, digits: u8) -> Timestamp {
    let time = at.time();
    let step = 10u32.pow(6 - u32::from(digits.min(6)));
    let micro = time.micro() / step * step;
    Timestamp::new(at.date(), Time::new(time.hour(), time.minute(), time.second(), micro).expect("less than before"))
}

/// Whether an instant is within what MySQL's `timestamp` holds: from one second of 1970 to the end of 32 bits.
pub fn is_unix_32(at: Timestamp) -> bool {
    (1_000_000..(1 << 31) * 1_000_000).contains(&micros(at))
}
