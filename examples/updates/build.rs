//! Checks the updates and makes functions of them.

use setwise::Dialect;

fn main() -> Result<(), setwise_build::Failure> {
    setwise_build::module("users.setwise").schema("schema.sql").dialects([Dialect::sqlite()]).write()
}
