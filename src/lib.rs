//! setwise: a compiler for bulk updates. *Set field F on rows R to values V.*
//!
//! A pure, database-free description of an update goes in; the best SQL text for PostgreSQL, MySQL, MariaDB or SQLite
//! comes out, with parameters or with the values in the text, with the same meaning on every one of them, or a clear
//! refusal.
//!
//! ```text
//! builder, language, JSON, CSV -> Update -check-> Checked -plan-> Plan -lower-> small SQL tree -render-> Script
//! ```
//!
//! # Examples
//!
//! ```
//! use setwise::{Dialect, Options, Update, compile};
//!
//! let rows = [(1, "Titel 1"), (2, "Titel 2")];
//! let update = Update::table("posts").key(["id"]).rows(["id", "title"], rows).build()?;
//! let mut script = compile(&update, Dialect::sqlite(), &Options::new())?;
//! while let Some(step) = script.next() {
//!     let step = step?;
//!     for binds in step.binds.iter() {
//!         println!("{} with {:?}", step.text, binds);
//!     }
//! }
//! # Ok::<(), setwise::Errors>(())
//! ```
//!
//! # Features
//!
//! - `lang` (default): the setwise language, parsed and printed.
//! - `sql`: schemas from `CREATE TABLE` text.
//! - `json`, `csv`: rows from JSON arrays, NDJSON and CSV.
//! - `unstable`: the stages `check` and `plan`, one by one.
//!
//! A feature never changes the SQL that comes out.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod check;
pub mod diagnostic;
pub mod dialect;
mod error;
mod expand;
mod explain;
mod ir;
#[cfg(feature = "lang")]
pub mod lang;
mod lower;
mod options;
mod plan;
#[cfg(any(feature = "json", feature = "csv", feature = "sql"))]
pub mod read;
mod render;
#[cfg(feature = "sql")]
mod schema;
mod script;
mod short;
mod sql;
mod stream;

pub use dialect::{Dialect, Version};
pub use error::{Error, ErrorKind, Errors, Place};
pub use explain::explain;
pub use ir::*;
pub use options::{Options, Output, Strategy};
#[cfg(feature = "sql")]
pub use schema::{Note, ParsedSchema};
pub use script::{Bind, BindSets, Bound, Prepared, Purpose, Script, Step, compile, prepare};
pub use stream::{EachRow, RowSource, Stream, Template, stream, stream_from};

/// The stages that refuse, one by one. Their types may change in any release.
#[cfg(feature = "unstable")]
pub mod stages {
    pub use crate::check::{Checked, check};
    pub use crate::plan::{Plan, plan};
}

/// The examples of the readme are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
