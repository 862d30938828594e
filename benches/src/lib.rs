//! What setwise is measured against: the same update over the same rows, written by several contestants.

mod contestant;
mod data;
mod ours;
mod plain;
mod sea;

pub use contestant::{Binds, Contestant, Input};
pub use data::{COLUMNS, Data, Datum, Row, generate};
pub use ours::{SCHEMA, update};
