//! The engines that tests run on: SQLite in process, and the servers whose addresses the environment gives.
//!
//! `cargo xtask test` starts the servers and sets the variables; without them a server's engine is left out, loudly.
#![allow(dead_code, reason = "each test program uses its own part of this module")]

mod mysql;
mod order;
mod postgres;
mod sqlite;

use std::fmt;
use std::io::Write;
use std::process::Command;
use std::sync::Once;

use setwise::{Dialect, Table, Value};

#[allow(unused_imports, reason = "each test program uses its own part of this module")]
pub use order::same;

/// A row of a table, one value per column.
pub type Row = Vec<Value<'static>>;

/// An engine with an empty database of its own.
pub trait Engine {
    /// What setwise calls the engine, at the version that runs.
    fn dialect(&self) -> Dialect;

    /// The dialect's name.
    fn name(&self) -> &'static str {
        self.dialect().name()
    }

    /// The placeholder of a parameter, counted from 1.
    fn placeholder(&self, at: usize) -> String {
        let _ = at;
        "?".into()
    }

    /// Makes the database empty and the session new.
    fn reset(&mut self) -> Result<(), Failed>;

    /// Runs statements given as one text; stops at the first that fails.
    fn execute(&mut self, text: &str) -> Result<Outcome, Failed>;

    /// Runs one prepared statement with its parameters. Its text is prepared once when it comes again.
    fn execute_bound(&mut self, text: &str, binds: &[Value<'_>]) -> Result<Outcome, Failed>;

    /// Reads the whole table, bit for bit, sorted by its key, or by all columns where it has none.
    ///
    /// A stored value that the column's type cannot hold comes back as what it is: a float in an integer column of
    /// SQLite as a float, a date that is none as text.
    fn read_table(&mut self, table: &Table) -> Result<Vec<Row>, Failed>;

    /// The engine's own client program, about to connect to the same database; none for a database in memory.
    fn client(&self) -> Option<Command>;
}

/// What statements did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows matched by statements that return none, changed or not.
    pub affected: u64,
    /// Rows returned.
    pub returned: u64,
}

/// An engine's refusal, or a value that its driver cannot send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The engine's own code: `23505`, `1062`, `2067`; `driver` where the engine was not reached.
    pub code: String,
    /// What it says.
    pub message: String,
}

impl Failed {
    fn to_send(value: &Value<'_>, why: &str) -> Self {
        Self { code: "driver".into(), message: format!("cannot send {value:?}: {why}") }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Failed {}

/// The variables with the servers' addresses, by dialect.
const SERVERS: [(&str, &str); 3] =
    [("postgres", "SETWISE_POSTGRES_URL"), ("mariadb", "SETWISE_MARIADB_URL"), ("mysql", "SETWISE_MYSQL_URL")];

/// Connects to every engine that is there, each with a new database. A server that is given must answer.
pub fn connect_all() -> Vec<Box<dyn Engine>> {
    say_left_out();
    ["sqlite", "postgres", "mariadb", "mysql"].into_iter().filter_map(connect).collect()
}

/// Connects to the engine of a name; none where its variable is not set.
pub fn connect(name: &str) -> Option<Box<dyn Engine>> {
    if name == "sqlite" {
        return Some(Box::new(sqlite::Sqlite::new()));
    }
    say_left_out();
    let (_, variable) = SERVERS.into_iter().find(|(server, _)| *server == name).expect("a known engine");
    let url = address(variable)?;
    let engine: Result<Box<dyn Engine>, String> = match name {
        "postgres" => postgres::Postgres::connect(&url).map(|engine| Box::new(engine) as _),
        _ => mysql::Mysql::connect(&url, name).map(|engine| Box::new(engine) as _),
    };
    Some(engine.unwrap_or_else(|error| panic!("{variable} is set, but {name} cannot be used: {error}")))
}

/// As [`connect`], with a database that the engine's client program reaches too: SQLite's is a file.
pub fn connect_shared(name: &str) -> Option<Box<dyn Engine>> {
    if name == "sqlite" { Some(Box::new(sqlite::Sqlite::in_file())) } else { connect(name) }
}

fn address(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

/// The engines that are left out, each with the reason.
pub fn left_out() -> Vec<String> {
    let missing = SERVERS.into_iter().filter(|(_, variable)| address(variable).is_none());
    missing.map(|(name, variable)| format!("left out: {name} ({variable} is not set)")).collect()
}

/// Says once per test program what is left out.
fn say_left_out() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| left_out().iter().for_each(|line| say(line)));
}

/// Writes a line that the test runner does not capture.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A new name for a database, that no other test uses.
fn new_database() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("setwise_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A name in its quotes, which are doubled inside.
fn quoted(name: &str, quote: char) -> String {
    let doubled: String = [quote, quote].iter().collect();
    format!("{quote}{}{quote}", name.replace(quote, &doubled))
}

/// The table's name in quotes, with its schema.
fn quoted_table(table: &Table, quote: char) -> String {
    let name = table.name();
    let schema = name.schema().map(|schema| quoted(schema.as_str(), quote) + ".").unwrap_or_default();
    schema + &quoted(name.name().as_str(), quote)
}

/// The numbers at the start of what a server says of its version.
fn version(text: &str) -> setwise::Version {
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    setwise::Version::parse(&text[..end]).unwrap_or_else(|| panic!("no version in {text:?}"))
}
