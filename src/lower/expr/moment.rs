//! Dates and times: moved by durations, and the instant of the script.

use std::borrow::Cow;

use super::{FAIL, Lower, missing_operand};
use crate::check::types::Typed;
use crate::dialect::{Calendar, Now};
use crate::error::ErrorKind;
use crate::ir::{Binary, Expr, Func, Time, Timestamp, TimestampTz, Type, Value};
use crate::sql::Sql;

impl<'u> Lower<'_, 'u> {
    /// A date or timestamp and a duration.
    pub(super) fn moved(&self, op: Binary, at: &Typed<'u>, by: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let (Expr::Call(unit, _), [count]) = (by.expr, by.operands.as_slice()) else { return Err(missing_operand()) };
        let add = op == Binary::Add;
        let is_date = matches!(at.ty(), Some(Type::Date));
        let is_narrow = match count.ty() {
            Some(Type::Int { bits: ..=24 } | Type::UInt { bits: ..=24 }) => true,
            Some(Type::Int { bits: ..=32 }) => is_date || *unit != Func::Days,
            _ => false,
        };
        let (at, count) = (self.lower(at)?, self.settled(count)?);
        let sign = if add { "+" } else { "-" };
        match self.dialect().fact(|spec| &spec.calendar) {
            Calendar::MakeInterval if is_narrow || fits(&count) => {
                Ok(Sql::infix(at, sign, interval(*unit, count, is_date)))
            }
            // a count of any size moves no instant to none
            Calendar::MakeInterval => Ok(self.name_all(vec![at], |mut named| {
                let at = named.pop().unwrap_or_else(|| Sql::word("NULL"));
                let moved = Sql::infix(at.clone(), sign, interval(*unit, count, is_date));
                Sql::Case(vec![(at.postfix("IS NOT NULL"), moved)], None)
            })),
            Calendar::Interval => {
                let unit = match unit {
                    Func::Days => " DAY",
                    Func::Hours => " HOUR",
                    Func::Minutes => " MINUTE",
                    _ => " SECOND",
                };
                let interval = Sql::Sequence(vec![Sql::word("INTERVAL "), count, Sql::word(unit)]);
                Ok(Sql::Call(if add { "DATE_ADD" } else { "DATE_SUB" }, vec![at, interval]))
            }
            Calendar::Strftime => {
                let unit = match unit {
                    Func::Days => "' days'",
                    Func::Hours => "' hours'",
                    Func::Minutes => "' minutes'",
                    _ => "' seconds'",
                };
                Ok(self.name_all(vec![at, count], |named| by_text(named, add, is_date, unit)))
            }
        }
    }

    /// The first instant of a day.
    pub(super) fn midnight(&self, date: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let date = self.lower(date)?;
        Ok(match self.dialect().fact(|spec| &spec.calendar) {
            Calendar::MakeInterval => date.cast("timestamp"),
            Calendar::Interval => date.cast("DATETIME(6)"),
            Calendar::Strftime => Sql::infix(date, "||", Sql::word("' 00:00:00'")),
        })
    }

    pub(super) fn now(&self, typed: &Typed<'u>) -> Result<Sql<'u>, ErrorKind> {
        let local = matches!(typed.ty(), Some(Type::Timestamp { .. }));
        if let Some(now) = self.all.now {
            let utc = cut(now.to_utc(), self.digits)?;
            return Ok(match local {
                true => Sql::constant(Value::Timestamp(utc), Type::TIMESTAMP),
                false => Sql::constant(Value::TimestampTz(TimestampTz::utc(utc)), Type::TIMESTAMPTZ),
            });
        }
        // engines cut by whole seconds and milliseconds only
        let (unit, length) = match self.digits {
            0..=2 => (Some("'second'"), 19),
            3..=5 => (Some("'milliseconds'"), 23),
            _ => (None, 26),
        };
        Ok(match self.dialect().fact(|spec| &spec.now) {
            Now::Transaction => {
                let now = Sql::Call("now", Vec::new());
                let now = if local { Sql::infix(now, "AT TIME ZONE", Sql::word("'UTC'")) } else { now };
                match unit {
                    Some(unit) => Sql::Call("date_trunc", vec![Sql::word(unit), now]),
                    None => now,
                }
            }
            Now::Variable => {
                let text = Sql::Call("LEFT", vec![Sql::word("@setwise_now"), Sql::word(length.to_string())]);
                text.cast("DATETIME(6)")
            }
            Now::TempTable => {
                let text = match length {
                    19 => Sql::word("(SELECT substr(utc, 1, 19) FROM temp.setwise_now)"),
                    _ => Sql::word("(SELECT utc FROM temp.setwise_now)"),
                };
                if local { text } else { Sql::infix(text, "||", Sql::word("'+00:00'")) }
            }
        })
    }

    pub(super) fn current_date(&self) -> Result<Sql<'u>, ErrorKind> {
        if let Some(now) = self.all.now {
            return Ok(Sql::constant(Value::Date(now.to_utc().date()), Type::Date));
        }
        Ok(match self.dialect().fact(|spec| &spec.now) {
            Now::Transaction => {
                Sql::infix(Sql::Call("now", Vec::new()), "AT TIME ZONE", Sql::word("'UTC'")).cast("date")
            }
            Now::Variable => Sql::Call("LEFT", vec![Sql::word("@setwise_now"), Sql::word("10")]).cast("DATE"),
            Now::TempTable => Sql::word("(SELECT substr(utc, 1, 10) FROM temp.setwise_now)"),
        })
    }
}

/// PostgreSQL's interval; days are 24 hours in every time zone, and a date moves by a number.
fn interval(unit: Func, count: Sql<'_>, is_date: bool) -> Sql<'_> {
    if is_date {
        return as_integer(count);
    }
    let (zeros, count) = match unit {
        Func::Days => (4, Sql::infix(count, "*", Sql::word("24")).cast("integer")),
        Func::Hours => (4, as_integer(count)),
        Func::Minutes => (5, as_integer(count)),
        _ => (6, count.cast("double precision")),
    };
    let zeros = (0..zeros).map(|_| Sql::word("0"));
    Sql::Call("make_interval", zeros.chain([count]).collect())
}

/// Whether a count is known to be that of an interval of any unit, which has hours in 32 bits.
fn fits(count: &Sql<'_>) -> bool {
    matches!(count, Sql::Value { value, .. } if matches!(**value, Value::Int(-80_000_000..=80_000_000)))
}

/// A count as an integer of 32 bits, without the way over 64.
fn as_integer(count: Sql<'_>) -> Sql<'_> {
    match count {
        Sql::Value { value, .. } => Sql::Value { value, ty: Cow::Owned(Type::INT32), cast: true },
        Sql::Cast(narrow, name) if name == "bigint" => narrow.cast("integer"),
        other => other.cast("integer"),
    }
}

/// SQLite's date functions on whole seconds; the text behind the seconds is carried over. They give NULL or a year
/// with a sign beyond the years 0 to 9999, which becomes an error.
fn by_text<'u>(mut named: Vec<Sql<'u>>, add: bool, is_date: bool, unit: &'static str) -> Sql<'u> {
    let count = named.pop().unwrap_or_else(|| Sql::word("NULL"));
    let at = named.pop().unwrap_or_else(|| Sql::word("NULL"));
    let signed = if add { count.clone() } else { Sql::infix(Sql::word("0"), "-", count.clone()) };
    let modifier = Sql::infix(signed, "||", Sql::word(unit));
    let moved = if is_date {
        Sql::Call("date", vec![at.clone(), modifier])
    } else {
        let seconds = Sql::Call("substr", vec![at.clone(), Sql::word("1"), Sql::word("19")]);
        Sql::Call("datetime", vec![seconds, modifier])
    };
    // a year below 0 begins with a minus, which stands before every digit
    let dated = Sql::Call("NULLIF", vec![Sql::Call("max", vec![moved, Sql::word("'0001'")]), Sql::word("'0001'")]);
    let checked = Sql::Call("COALESCE", vec![dated, Sql::word(FAIL)]);
    let whole = if is_date {
        checked
    } else {
        let rest = Sql::Call("substr", vec![at.clone(), Sql::word("20")]);
        Sql::infix(checked, "||", rest)
    };
    let known = Sql::infix(at.postfix("IS NOT NULL"), "AND", count.postfix("IS NOT NULL"));
    Sql::Case(vec![(known, whole)], None)
}

/// An instant without the digits that a column does not keep.
fn cut(at: Timestamp, digits: u8) -> Result<Timestamp, ErrorKind> {
    let time = at.time();
    let step = 10u32.pow(u32::from(6u8.saturating_sub(digits)));
    let micro = time.micro() - time.micro() % step;
    let time = Time::new(time.hour(), time.minute(), time.second(), micro);
    let time = time.map_err(|_| ErrorKind::Internal { what: "cut an instant" })?;
    Ok(Timestamp::new(at.date(), time))
}
