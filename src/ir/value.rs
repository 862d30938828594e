//! Values: the closed set of what a cell can hold.

use std::borrow::Cow;
use std::fmt;

use super::{Date, Interval, MAX_DEPTH, Time, Timestamp, TimestampTz};
use crate::error::{Error, ErrorKind};

/// The most digits that a [`Decimal`] may have; more is an input made to exhaust memory.
const MAX_DECIMAL_DIGITS: usize = 1000;

/// A value of a cell or a constant of an expression.
///
/// Text, bytes, decimals and JSON are borrowed where the caller can lend them.
///
/// # Examples
///
/// ```
/// use setwise::Value;
///
/// assert_eq!(Value::from(7i32), Value::Int(7));
/// assert_eq!(Value::from(None::<&str>), Value::Null);
/// assert_eq!(Value::from("text"), Value::Text("text".into()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// SQL's NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer; within the range of `i64` it means the same as `Int`.
    UInt(u64),
    /// A binary floating point number.
    Float(f64),
    /// An exact decimal number.
    Decimal(Decimal<'a>),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A date and time without a zone.
    Timestamp(Timestamp),
    /// An instant.
    TimestampTz(TimestampTz),
    /// A span.
    Interval(Interval),
    /// A UUID.
    Uuid(Uuid),
    /// JSON, as text.
    Json(Json<'a>),
    /// A list of values.
    Array(Box<Array<'a>>),
}

impl Value<'_> {
    /// The kind of the value in a word, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::UInt(_) => "integer",
            Self::Float(_) => "float",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Timestamp(_) => "timestamp",
            Self::TimestampTz(_) => "timestamptz",
            Self::Interval(_) => "interval",
            Self::Uuid(_) => "uuid",
            Self::Json(_) => "json",
            Self::Array(_) => "array",
        }
    }

    /// Whether the value is NULL.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same value, with its text borrowed.
    pub(crate) fn lend(&self) -> Value<'_> {
        match self {
            Self::Text(v) => Value::Text(Cow::Borrowed(v)),
            Self::Bytes(v) => Value::Bytes(Cow::Borrowed(v)),
            Self::Decimal(v) => Value::Decimal(Decimal(Cow::Borrowed(&v.0))),
            Self::Json(v) => Value::Json(Json(Cow::Borrowed(&v.0))),
            other => other.clone(),
        }
    }

    /// The same value, holding its own text and bytes.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(v) => Value::Bool(v),
            Self::Int(v) => Value::Int(v),
            Self::UInt(v) => Value::UInt(v),
            Self::Float(v) => Value::Float(v),
            Self::Decimal(v) => Value::Decimal(Decimal(Cow::Owned(v.0.into_owned()))),
            Self::Text(v) => Value::Text(Cow::Owned(v.into_owned())),
            Self::Bytes(v) => Value::Bytes(Cow::Owned(v.into_owned())),
            Self::Date(v) => Value::Date(v),
            Self::Time(v) => Value::Time(v),
            Self::Timestamp(v) => Value::Timestamp(v),
            Self::TimestampTz(v) => Value::TimestampTz(v),
            Self::Interval(v) => Value::Interval(v),
            Self::Uuid(v) => Value::Uuid(v),
            Self::Json(v) => Value::Json(Json(Cow::Owned(v.0.into_owned()))),
            Self::Array(v) => {
                let items = v.items.into_iter().map(Value::into_owned).collect();
                Value::Array(Box::new(Array { items, depth: v.depth }))
            }
        }
    }
}

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
pub struct Decimal<'a>(Cow<'a, str>);

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
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(is_digits)
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

/// A UUID, as its 16 bytes.
///
/// # Examples
///
/// ```
/// use setwise::Uuid;
///
/// let id = Uuid::parse("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11")?;
/// assert_eq!(id.to_string(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
/// assert!(Uuid::parse("{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}").is_err());
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid([u8; 16]);

impl Uuid {
    /// A UUID from its bytes, the most significant first.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A UUID from its canonical text of 36 characters, in upper or lower case.
    ///
    /// # Errors
    ///
    /// `not-a-uuid` for any other form: braces, `urn:`, no hyphens.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = || Error::from(ErrorKind::NotAUuid { text: text.chars().take(50).collect() });
        if text.len() != 36 {
            return Err(bad());
        }
        let mut bytes = [0u8; 16];
        let mut digits = text.bytes().enumerate();
        for byte in &mut bytes {
            let mut pair = 0u8;
            for _ in 0..2 {
                let (at, mut digit) = digits.next().ok_or_else(bad)?;
                if matches!(at, 8 | 13 | 18 | 23) {
                    if digit != b'-' {
                        return Err(bad());
                    }
                    (_, digit) = digits.next().ok_or_else(bad)?;
                }
                let nibble = char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok()).ok_or_else(bad)?;
                pair = pair << 4 | nibble;
            }
            *byte = pair;
        }
        Ok(Self(bytes))
    }

    /// The bytes, the most significant first.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Writes the canonical text in lower case.
impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// A JSON document as text. It is JSON by the maker's word; readers check it, engines check it again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Json<'a>(Cow<'a, str>);

impl<'a> Json<'a> {
    /// A JSON document from its text.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// The text of the document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A list of values of one kind, NULLs among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<'a> {
    items: Vec<Value<'a>>,
    /// How many arrays are within each other, this one among them; bounded, so that the stages can recurse.
    depth: usize,
}

impl<'a> Array<'a> {
    /// A list of values.
    ///
    /// # Errors
    ///
    /// `mixed-array` where two items that are not NULL are of different kinds, `too-deep` above 64 levels of arrays.
    pub fn new(items: Vec<Value<'a>>) -> Result<Self, Error> {
        let mut kinds = items.iter().enumerate().filter(|(_, item)| !item.is_null());
        if let Some((_, first)) = kinds.next()
            && let Some((index, other)) = kinds.find(|(_, item)| item.kind() != first.kind())
        {
            return Err(ErrorKind::MixedArray { index, expected: first.kind(), found: other.kind() }.into());
        }
        let inner = |item: &Value<'_>| if let Value::Array(array) = item { array.depth } else { 0 };
        let depth = items.iter().map(inner).max().unwrap_or(0) + 1;
        if depth > MAX_DEPTH {
            return Err(ErrorKind::TooDeep { most: MAX_DEPTH }.into());
        }
        Ok(Self { items, depth })
    }

    /// The values of a column, which its type makes one of a kind.
    pub(crate) fn of_column(items: Vec<Value<'a>>) -> Self {
        Self { items, depth: 1 }
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[Value<'a>] {
        &self.items
    }
}

macro_rules! value_from {
    ($($source:ty => $value:ident => $made:expr;)*) => {
        $(impl<'a> From<$source> for Value<'a> {
            fn from($value: $source) -> Self {
                $made
            }
        })*
    };
}

value_from! {
    bool => v => Value::Bool(v);
    i8 => v => Value::Int(v.into());
    i16 => v => Value::Int(v.into());
    i32 => v => Value::Int(v.into());
    i64 => v => Value::Int(v);
    u8 => v => Value::Int(v.into());
    u16 => v => Value::Int(v.into());
    u32 => v => Value::Int(v.into());
    u64 => v => i64::try_from(v).map_or(Value::UInt(v), Value::Int);
    f32 => v => Value::Float(v.into());
    f64 => v => Value::Float(v);
    &'a str => v => Value::Text(Cow::Borrowed(v));
    &'a String => v => Value::Text(Cow::Borrowed(v));
    String => v => Value::Text(Cow::Owned(v));
    Cow<'a, str> => v => Value::Text(v);
    &'a [u8] => v => Value::Bytes(Cow::Borrowed(v));
    Vec<u8> => v => Value::Bytes(Cow::Owned(v));
    Decimal<'a> => v => Value::Decimal(v);
    Date => v => Value::Date(v);
    Time => v => Value::Time(v);
    Timestamp => v => Value::Timestamp(v);
    TimestampTz => v => Value::TimestampTz(v);
    Interval => v => Value::Interval(v);
    Uuid => v => Value::Uuid(v);
    Json<'a> => v => Value::Json(v);
    Array<'a> => v => Value::Array(Box::new(v));
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}
