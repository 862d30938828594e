//! The intermediate representation: an update as plain data, with no dialect, span or driver in it.

mod builder;
mod decimal;
mod expr;
mod fixed;
mod ident;
mod owned;
mod param;
pub(crate) mod parse;
mod policy;
mod row;
mod schema;
mod temporal;
mod types;
mod update;
mod uuid;
mod value;

pub use builder::UpdateBuilder;
pub use decimal::Decimal;
pub(crate) use expr::MAX_DEPTH;
pub use expr::{Binary, Branch, Expr, Func, Unary};
pub use ident::{Ident, TableName};
pub use param::Param;
pub(crate) use param::give;
pub use policy::{Lock, Moment, OnDuplicate, OnMissing, Policy, Returned};
pub use row::IntoRow;
pub use schema::{Collation, Column, ForeignKey, Schema, Table, Unique};
pub use temporal::{Date, Interval, Time, Timestamp, TimestampTz};
pub use types::{Element, Type};
pub(crate) use update::ColumnCells;
pub use update::{Assignment, Cell, Cells, Guard, Input, Keyed, Rows, Update};
pub use uuid::Uuid;
pub use value::{Array, Json, Value};
