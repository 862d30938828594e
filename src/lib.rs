//! setwise: a compiler for bulk updates. *Set field F on rows R to values V.*
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

#[allow(dead_code)]
mod check;
pub mod diagnostic;
pub mod dialect;
mod error;
mod explain;
mod ir;
#[cfg(feature = "lang")]
pub mod lang;
#[allow(dead_code)]
mod lower;
mod options;
#[allow(dead_code)]
mod plan;
#[cfg(any(feature = "json", feature = "csv", feature = "sql"))]
pub mod read;
#[allow(dead_code)]
mod render;
#[cfg(feature = "sql")]
mod schema;
mod script;
#[allow(dead_code)]
mod sql;
mod stream;

pub use dialect::{Dialect, Version};
pub use error::{Error, ErrorKind, Errors, Place};
pub use explain::explain;
pub use ir::*;
pub use options::{Options, Output, Strategy};
#[cfg(feature = "sql")]
pub use schema::{Note, Parsed};
pub use script::{Bind, BindSets, Purpose, Script, Step, compile};
pub use stream::{Stream, Template, stream};
