//! Values: the closed set of what a cell can hold.

use std::borrow::Cow;

use super::{Date, Decimal, Interval, MAX_DEPTH, Time, Timestamp, TimestampTz, Uuid};
use crate::error::{Error, ErrorKind};

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
    #[inline]
    pub(crate) fn lend(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(v) => Value::Int(*v),
            Self::TimestampTz(v) => Value::TimestampTz(*v),
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
