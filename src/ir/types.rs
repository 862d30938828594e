//! Types of columns and expressions.

use std::fmt;

use super::{Ident, MAX_DEPTH};
use crate::error::{Error, ErrorKind};

/// The type of a column or expression, in the standard's terms.
///
/// A type says what a column can hold, so that a value is stored exactly or refused. Which column types of an
/// engine hold it is in `docs/storage.md`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Type {
    /// True or false.
    Bool,
    /// A signed integer of 8, 16, 24, 32 or 64 bits.
    Int {
        /// The width in bits.
        bits: u8,
    },
    /// An unsigned integer of 8, 16, 24, 32 or 64 bits (MySQL, MariaDB).
    UInt {
        /// The width in bits.
        bits: u8,
    },
    /// An IEEE 754 number of 32 bits.
    Float32,
    /// An IEEE 754 number of 64 bits.
    Float64,
    /// An exact decimal number.
    Decimal {
        /// Digits in all; none where the column does not limit them.
        precision: Option<u32>,
        /// Digits behind the point; none where the column does not limit them.
        scale: Option<u32>,
    },
    /// Text of variable length.
    Text {
        /// The most characters that the column holds; none where it does not say.
        max: Option<u32>,
    },
    /// Text padded with spaces to a fixed number of characters.
    Char {
        /// The number of characters.
        length: u32,
    },
    /// Bytes.
    Bytes {
        /// The most bytes that the column holds; none where it does not say.
        max: Option<u32>,
    },
    /// A day of the proleptic Gregorian calendar.
    Date,
    /// A time of day, without a zone.
    Time {
        /// Digits of a second's fraction that the column keeps, 0 to 6.
        digits: u8,
    },
    /// A date and time of day, without a zone.
    Timestamp {
        /// Digits of a second's fraction that the column keeps, 0 to 6.
        digits: u8,
    },
    /// An instant.
    TimestampTz {
        /// Digits of a second's fraction that the column keeps, 0 to 6.
        digits: u8,
    },
    /// A span of months, days and microseconds (PostgreSQL).
    Interval,
    /// A UUID of 16 bytes.
    Uuid,
    /// JSON, kept as text.
    Json,
    /// JSON, kept parsed (PostgreSQL's `jsonb`, MySQL's `JSON`).
    Jsonb,
    /// One of a list of labels.
    Enum {
        /// The name of the type where the engine names it (PostgreSQL).
        name: Option<Ident>,
        /// The labels, in their order.
        labels: Vec<Box<str>>,
    },
    /// A list of elements of one type (PostgreSQL).
    Array(Element),
    /// A type of the engine's own, by name: `citext`, `inet`, `vector`, a domain. Its values are given as text.
    Named(Ident),
}

/// The type of the elements of a list. It bounds how deep lists are within each other, so that types can be compared,
/// printed and dropped on any stack.
///
/// # Examples
///
/// ```
/// use setwise::Type;
///
/// let Type::Array(element) = Type::array(Type::TEXT)? else { panic!("no list") };
/// assert_eq!(*element, Type::TEXT);
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Element(Box<Type>);

impl Element {
    /// The type of the elements of a list.
    ///
    /// # Errors
    ///
    /// `too-deep` where a list of them would have more than 64 levels.
    pub fn new(ty: Type) -> Result<Self, Error> {
        let (mut levels, mut inner) = (1, &ty);
        while let Type::Array(element) = inner {
            (levels, inner) = (levels + 1, element);
        }
        if levels > MAX_DEPTH {
            return Err(ErrorKind::TooDeep { most: MAX_DEPTH }.into());
        }
        Ok(Self(Box::new(ty)))
    }
}

/// Shows the type as it is.
impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::ops::Deref for Element {
    type Target = Type;

    fn deref(&self) -> &Type {
        &self.0
    }
}

impl Type {
    /// A list of elements of a type.
    ///
    /// # Errors
    ///
    /// As [`Element::new`].
    pub fn array(element: Type) -> Result<Self, Error> {
        Element::new(element).map(Self::Array)
    }

    /// A list of elements of a type that has few levels.
    pub(crate) fn list_of(element: Type) -> Self {
        Self::Array(Element(Box::new(element)))
    }

    /// A signed integer of 32 bits.
    pub const INT32: Self = Self::Int { bits: 32 };
    /// A signed integer of 64 bits.
    pub const INT64: Self = Self::Int { bits: 64 };
    /// An exact decimal without a declared precision.
    pub const DECIMAL: Self = Self::Decimal { precision: None, scale: None };
    /// Text without a declared length.
    pub const TEXT: Self = Self::Text { max: None };
    /// Bytes without a declared length.
    pub const BYTES: Self = Self::Bytes { max: None };
    /// A time of day to the microsecond.
    pub const TIME: Self = Self::Time { digits: 6 };
    /// A date and time to the microsecond.
    pub const TIMESTAMP: Self = Self::Timestamp { digits: 6 };
    /// An instant to the microsecond.
    pub const TIMESTAMPTZ: Self = Self::TimestampTz { digits: 6 };

    /// The least and greatest integer of an integer type; none for any other type.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::Type;
    ///
    /// assert_eq!(Type::Int { bits: 16 }.integer_range(), Some((-32768, 32767)));
    /// assert_eq!(Type::UInt { bits: 8 }.integer_range(), Some((0, 255)));
    /// assert_eq!(Type::TEXT.integer_range(), None);
    /// ```
    #[must_use]
    pub fn integer_range(&self) -> Option<(i128, i128)> {
        match *self {
            Self::Int { bits } => {
                let half = 1i128 << bits.clamp(1, 64).saturating_sub(1);
                Some((-half, half - 1))
            }
            Self::UInt { bits } => Some((0, (1i128 << bits.clamp(1, 64)) - 1)),
            _ => None,
        }
    }
}

/// Writes the type as the setwise language spells it, such as `decimal(10,2)`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int { bits } => write!(f, "int{bits}"),
            Self::UInt { bits } => write!(f, "uint{bits}"),
            Self::Float32 => f.write_str("float32"),
            Self::Float64 => f.write_str("float64"),
            Self::Decimal { precision: None, .. } => f.write_str("decimal"),
            Self::Decimal { precision: Some(precision), scale } => {
                write!(f, "decimal({precision},{})", scale.unwrap_or(0))
            }
            Self::Text { max: None } => f.write_str("text"),
            Self::Text { max: Some(max) } => write!(f, "text({max})"),
            Self::Char { length } => write!(f, "char({length})"),
            Self::Bytes { max: None } => f.write_str("bytes"),
            Self::Bytes { max: Some(max) } => write!(f, "bytes({max})"),
            Self::Date => f.write_str("date"),
            Self::Time { digits: 6 } => f.write_str("time"),
            Self::Time { digits } => write!(f, "time({digits})"),
            Self::Timestamp { digits: 6 } => f.write_str("timestamp"),
            Self::Timestamp { digits } => write!(f, "timestamp({digits})"),
            Self::TimestampTz { digits: 6 } => f.write_str("timestamptz"),
            Self::TimestampTz { digits } => write!(f, "timestamptz({digits})"),
            Self::Interval => f.write_str("interval"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
            Self::Jsonb => f.write_str("jsonb"),
            Self::Enum { name: Some(name), .. } => write!(f, "{name}"),
            Self::Enum { name: None, .. } => f.write_str("enum"),
            Self::Array(element) => write!(f, "{}[]", **element),
            Self::Named(name) => write!(f, "{name}"),
        }
    }
}
