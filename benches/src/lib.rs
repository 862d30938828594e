//! What setwise is measured against: the same update over the same rows, written by several contestants.

mod contestant;
mod data;
mod limit;
mod ours;
mod plain;
mod sea;
mod serde;

pub use contestant::{Binds, Contestant, Form, Input, Writer};
pub use data::{COLUMNS, Data, Datum, Row, generate};
pub use ours::{SCHEMA, update};
