//! Rows from JSON arrays, NDJSON and CSV, each field typed by the schema.

#[allow(dead_code, reason = "the JSON reader uses it")]
pub(crate) mod field;
#[allow(dead_code, reason = "the JSON reader uses it")]
mod scan;
