//! Exact decimal numbers.

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, ErrorKind};

/// The most digits that a [`Decimal`] may have; more is an input made to exhaust memory.
const MAX_DECIMAL_DIGITS: usize = 1000;

/// An exact decimal number, as its digits: `-?digits[.digits]`, with its trailing zeros kept.
///
/// # Examples
///
/// ```
/// use setwise::Decimal;
///
/// let price = Decimal::parse("12.50")?;
/// assert_eq!((price.as_str(), price.digits(), price.scale()), ("12.50", 4, 2));
/// assert_eq!(Decimal::parse("+1.5e3")?.as_str(), "1500");
/// assert!(Decimal::parse("1e999999999").is_err());
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal<'a>(pub(super) Cow<'a, str>);

impl<'a> Decimal<'a> {
    /// A decimal from text: digits with an optional sign, point and exponent.
    ///
    /// # Errors
    ///
    /// `not-a-decimal` for anything else, `too-many-digits` above 1,000 digits.
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, Error> {
        let text = text.into();
        if is_canonical(&text) && text.len() <= MAX_DECIMAL_DIGITS {
            return Ok(Self(text));
        }
        Ok(Self(Cow::Owned(canonical(&text)?)))
    }

    /// The digits, with sign and point.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of significant digits, trailing zeros among them, leading zeros not.
    #[must_use]
    pub fn digits(&self) -> usize {
        let bytes = self.0.bytes().filter(u8::is_ascii_digit);
        bytes.skip_while(|&digit| digit == b'0').count()
    }

    /// The number of digits behind the point.
    #[must_use]
    pub fn scale(&self) -> usize {
        self.0.split_once('.').map_or(0, |(_, fraction)| fraction.len())
    }

    /// The same number without trailing zeros behind the point, and without the sign of zero.
    #[must_use]
    pub fn trimmed(&self) -> &str {
        let text = if self.0.contains('.') { self.0.trim_end_matches('0').trim_end_matches('.') } else { &self.0 };
        if text == "-0" { "0" } else { text }
    }
}

impl From<i64> for Decimal<'_> {
    fn from(whole: i64) -> Self {
        Self(Cow::Owned(whole.to_string()))
    }
}

impl From<u64> for Decimal<'_> {
    fn from(whole: u64) -> Self {
        Self(Cow::Owned(whole.to_string()))
    }
}

fn is_canonical(text: &str) -> bool {
    let count = |digits: &[u8]| digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = text.as_bytes().strip_prefix(b"-").unwrap_or(text.as_bytes());
    let whole = count(digits);
    let is_fraction = |fraction: &[u8]| !fraction.is_empty() && count(fraction) == fraction.len();
    let ends = match digits.get(whole..) {
        Some([b'.', fraction @ ..]) => is_fraction(fraction),
        rest => rest.is_some_and(<[u8]>::is_empty),
    };
    ends && (whole == 1 || (whole > 1 && digits.first() != Some(&b'0')))
}

fn canonical(text: &str) -> Result<String, Error> {
    let bad = || Error::from(ErrorKind::NotADecimal { text: text.chars().take(40).collect() });
    let too_many = || Error::from(ErrorKind::TooManyDigits { most: MAX_DECIMAL_DIGITS });
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>().map_err(|_| too_many())?)
        }
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    let most = i64::try_from(MAX_DECIMAL_DIGITS).unwrap_or(i64::MAX);
    if exponent.abs() > most || whole.len() + fraction.len() > MAX_DECIMAL_DIGITS {
        return Err(too_many());
    }
    let mut digits: String = [whole, fraction].concat();
    let mut scale = i64::try_from(fraction.len()).unwrap_or(i64::MAX) - exponent;
    while scale < 0 {
        digits.push('0');
        scale += 1;
    }
    let scale = usize::try_from(scale).unwrap_or(0);
    while digits.len() <= scale {
        digits.insert(0, '0');
    }
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let whole = whole.trim_start_matches('0');
    let sign = if negative { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

impl fmt::Display for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
