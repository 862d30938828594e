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
