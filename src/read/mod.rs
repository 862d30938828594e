//! Rows from JSON arrays, NDJSON and CSV, each field typed by the schema.
#![cfg_attr(not(all(feature = "json", feature = "csv")), allow(dead_code, reason = "each reader uses a part"))]

#[cfg(feature = "csv")]
mod csv;
pub(crate) mod field;
#[cfg(feature = "json")]
mod json;
mod plain;
#[cfg(any(feature = "json", feature = "csv"))]
mod reader;
#[cfg(any(feature = "json", feature = "csv"))]
mod rows;
mod scan;
#[cfg(any(feature = "json", feature = "csv"))]
mod split;
#[cfg(any(feature = "json", feature = "csv"))]
mod text;

use crate::error::Error;
use crate::ir::{Type, Value};

/// Reads one value of a type from text, as a field of a CSV file is read.
///
/// # Errors
///
/// What is wrong with the text, under the name of the field.
///
/// # Examples
///
/// ```
/// use setwise::{Type, Value, read};
///
/// assert_eq!(read::value("days", "30", &Type::INT64)?, Value::Int(30));
/// assert_eq!(read::value("days", "soon", &Type::INT64).unwrap_err().code(), "bad-field");
/// # Ok::<(), setwise::Error>(())
/// ```
pub fn value<'a>(name: &str, text: &'a str, ty: &Type) -> Result<Value<'a>, Error> {
    field::from_text(name, text, ty)
}

#[cfg(feature = "csv")]
pub use csv::{CsvOptions, csv};
#[cfg(feature = "json")]
pub use json::{json, ndjson};
#[cfg(feature = "csv")]
pub use reader::csv_rows;
#[cfg(feature = "json")]
pub use reader::ndjson_rows;
#[cfg(any(feature = "json", feature = "csv"))]
pub use reader::{Read, RowIter, RowReader};
