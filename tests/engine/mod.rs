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

use setwise::{Column, Dialect, Table, Value};

#[allow(unused_imports, reason = "each test program uses its own part of this module")]
pub use order::same;

/// A row of a table, one value per column.
pub type Row = Vec<Value<'static>>;

/// An engine with an empty database of its own.
pub trait Engine: Send {
    /// What setwise calls the engine, at the version that runs.
    fn dialect(&self) -> Dialect;

    /// The dialect's name.
    fn name(&self) -> &'static str {
        self.dialect().name()
    }

    /// The dialect's name and the version that runs, for reports.
    fn label(&self) -> String {
        self.dialect().to_string()
    }

    /// The placeholder of a parameter, counted from 1.
    fn placeholder(&self, at: usize) -> String {
        let _ = at;
        "?".into()
    }

    /// Whether the engine has such a value: what a script binds must be one, so that every driver sends the same.
    fn has(&self, value: &Value<'_>) -> bool {
        let _ = value;
        true
    }

    /// Makes the database empty and the session new.
    fn reset(&mut self) -> Result<(), Failed>;

    /// Runs statements given as one text; stops at the first that fails.
    fn execute(&mut self, text: &str) -> Result<Outcome, Failed>;

    /// Runs one prepared statement with its parameters. Its text is prepared once when it comes again.
    fn execute_bound(&mut self, text: &str, binds: &[Value<'_>]) -> Result<Outcome, Failed>;

    /// Runs one statement that gives rows, and reads them, bit for bit, as values of these columns.
    fn query(&mut self, text: &str, binds: &[Value<'_>], columns: &[Column]) -> Result<Vec<Row>, Failed>;

    /// Another connection to the same database, which has to be a shared one; closed when dropped.
    fn another(&self) -> Result<Box<dyn Engine>, String>;

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

/// A server that tests may have.
struct Server {
    /// What the tests call it.
    name: &'static str,
    /// Its dialect's name.
    dialect: &'static str,
    /// The variable with its address.
    variable: &'static str,
}

const SERVERS: [Server; 6] = [
    Server { name: "postgres", dialect: "postgres", variable: "SETWISE_POSTGRES_URL" },
    Server { name: "mariadb", dialect: "mariadb", variable: "SETWISE_MARIADB_URL" },
    Server { name: "mysql", dialect: "mysql", variable: "SETWISE_MYSQL_URL" },
    Server { name: "postgres13", dialect: "postgres", variable: "SETWISE_POSTGRES13_URL" },
    Server { name: "postgres18", dialect: "postgres", variable: "SETWISE_POSTGRES18_URL" },
    Server { name: "mariadb11", dialect: "mariadb", variable: "SETWISE_MARIADB11_URL" },
];

/// The names of all engines, the one in process first, those with one of each kind before more of a kind.
pub fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once("sqlite").chain(SERVERS.iter().map(|server| server.name))
}

/// The names of the engines of a dialect.
pub fn names_of(dialect: &str) -> impl Iterator<Item = &'static str> {
    let is_of = move |server: &&Server| server.dialect == dialect;
    (dialect == "sqlite").then_some("sqlite").into_iter().chain(SERVERS.iter().filter(is_of).map(|server| server.name))
}

/// Connects to every engine that is there, each with a new database. A server that is given must answer.
pub fn connect_all() -> Vec<Box<dyn Engine>> {
    say_left_out();
    names().filter_map(connect).collect()
}

/// Connects to the engine of a name; none where its variable is not set.
pub fn connect(name: &str) -> Option<Box<dyn Engine>> {
    if name == "sqlite" {
        return Some(Box::new(sqlite::Sqlite::new()));
    }
    say_left_out();
    let Server { dialect, variable, .. } = SERVERS.iter().find(|server| server.name == name).expect("a known engine");
    let url = address(variable)?;
    let engine: Result<Box<dyn Engine>, String> = match *dialect {
        "postgres" => postgres::Postgres::connect(&url).map(|engine| Box::new(engine) as _),
        dialect => mysql::Mysql::connect(&url, dialect).map(|engine| Box::new(engine) as _),
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
    let missing = SERVERS.iter().filter(|server| address(server.variable).is_none());
    missing.map(|Server { name, variable, .. }| format!("left out: {name} ({variable} is not set)")).collect()
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
