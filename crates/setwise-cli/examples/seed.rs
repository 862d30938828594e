//! Makes a SQLite file from files of SQL: `seed blog.db schema.sql seed.sql`. A file that is there is replaced.

use std::error::Error;
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let path = arguments.next().ok_or("usage: seed FILE SQL…")?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let connection = rusqlite::Connection::open(&path)?;
    for file in arguments {
        connection.execute_batch(&fs::read_to_string(file)?)?;
    }
    Ok(())
}
