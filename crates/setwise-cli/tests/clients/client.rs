//! An engine with its own client program, on one database.

use std::process::Command;

use setwise::{Column, Dialect, Options, Output, Type, Update};

use crate::engine::{self, Engine, Row, say};
use crate::support::{Said, send};

/// An engine with its own client program.
pub struct Client(Box<dyn Engine>);

/// The clients of all engines that are there.
pub fn all() -> Vec<Client> {
    let engines = engine::names().filter_map(engine::connect_shared);
    engines.map(Client).filter(Client::is_here).collect()
}

impl Client {
    fn is_here(&self) -> bool {
        let command = self.command();
        let is_here = Command::new(command.get_program()).arg("--version").output().is_ok();
        if !is_here {
            say(&format!("left out: the client of {} ({:?} is not there)", self.name(), command.get_program()));
        }
        is_here
    }

    fn command(&self) -> Command {
        self.0.client().expect("a database that clients reach")
    }

    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// The dialect as the client has it: the shell's SQLite is another than the one in process.
    pub fn dialect(&self) -> Dialect {
        if self.name() == "sqlite" { Dialect::sqlite() } else { self.0.dialect() }
    }

    /// One of three texts: PostgreSQL's, that of MySQL and MariaDB, SQLite's.
    pub fn pick<'t>(&self, postgres: &'t str, mysql: &'t str, sqlite: &'t str) -> &'t str {
        match self.name() {
            "postgres" => postgres,
            "sqlite" => sqlite,
            _ => mysql,
        }
    }

    /// Pipes a script into the client.
    pub fn pipe(&self, script: &str) -> Said {
        self.pipe_as(script, &[])
    }

    /// Pipes a script into the client, with more arguments or environment variables (`NAME=value`).
    pub fn pipe_as(&self, script: &str, more: &[&str]) -> Said {
        let (mut command, mut database) = (self.command(), None);
        if matches!(self.name(), "mysql" | "mariadb") {
            // the database comes behind the options
            let all = self.command();
            let given: Vec<_> = all.get_args().map(ToOwned::to_owned).collect();
            command = Command::new(all.get_program());
            command.args(&given[..given.len() - 1]);
            database = given.last().cloned();
        }
        for one in more {
            match one.split_once('=') {
                Some((name, value)) if !name.starts_with('-') => command.env(name, value),
                _ => command.arg(one),
            };
        }
        send(command.args(database), script)
    }

    /// Runs statements without the client.
    pub fn execute(&mut self, text: &str) {
        self.0.execute(text).unwrap_or_else(|failed| panic!("{}: {failed}: {text}", self.0.name()));
    }

    /// Whether the engine takes statements, run without the client.
    pub fn takes(&mut self, text: &str) -> bool {
        self.0.execute(text).is_ok()
    }

    pub fn read(&mut self, table: &setwise::Table) -> Vec<Row> {
        self.0.read_table(table).unwrap()
    }

    pub fn reset(&mut self) {
        self.0.reset().unwrap();
    }

    /// A name in the engine's quotes.
    pub fn quoted(&self, name: &str) -> String {
        let quote = self.pick("\"", "`", "\"");
        format!("{quote}{}{quote}", name.replace(quote, &quote.repeat(2)))
    }
}

/// The whole script as text.
pub fn script(update: &Update<'_>, dialect: Dialect, options: &Options) -> Result<String, setwise::Errors> {
    let mut script = setwise::compile(update, dialect, options)?;
    let mut text = String::new();
    while let Some(step) = script.next() {
        text += &format!("{}\n", step?);
    }
    Ok(text)
}

/// What scripts for clients are compiled with.
pub fn options() -> Options {
    Options::new().output(Output::Script)
}

pub fn column(name: &str, ty: Type) -> Column {
    Column::new(name, ty).unwrap()
}
