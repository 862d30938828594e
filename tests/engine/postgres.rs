//! PostgreSQL, in a database of its own.

mod read;
mod send;

use std::process::Command;

use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, NoTls, SimpleQueryMessage, Statement};
use setwise::{Column, Dialect, Table, Type, Value};

use super::{Engine, Failed, Outcome, Row, new_database, order, quoted, quoted_table, version};

/// A database of a server, dropped at the end.
pub struct Postgres {
    /// Taken at the end, before the database is dropped.
    client: Option<Client>,
    /// The statement prepared last, by its text.
    prepared: Option<(String, Statement)>,
    dialect: Dialect,
    url: String,
    database: String,
    /// Whether the database is this connection's own, to be dropped with it.
    owns: bool,
}

impl Postgres {
    pub fn connect(url: &str) -> Result<Self, String> {
        let failed = |error: postgres::Error| Failed::from(error).to_string();
        let mut server = Client::connect(url, NoTls).map_err(failed)?;
        let said: String = server.query_one("SHOW server_version", &[]).map_err(failed)?.get(0);
        let database = new_database();
        server
            .batch_execute(&format!("CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"))
            .map_err(failed)?;
        let mut config: postgres::Config = url.parse().map_err(failed)?;
        let client = Some(config.dbname(&database).connect(NoTls).map_err(failed)?);
        let dialect = Dialect::postgres().at(version(&said));
        let mut engine = Self { client, prepared: None, dialect, url: url.into(), database, owns: true };
        engine.reset().map_err(|error| error.to_string())?;
        Ok(engine)
    }

    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("connected until dropped")
    }

    /// The statement of a text; prepared anew unless it is the last one.
    fn prepare(&mut self, text: &str) -> Result<Statement, Failed> {
        if let Some((known, statement)) = &self.prepared
            && known == text
        {
            return Ok(statement.clone());
        }
        let statement = self.client().prepare(text)?;
        self.prepared = Some((text.to_owned(), statement.clone()));
        Ok(statement)
    }
}

impl Engine for Postgres {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn placeholder(&self, at: usize) -> String {
        format!("${at}")
    }

    fn reset(&mut self) -> Result<(), Failed> {
        self.prepared = None;
        let client = self.client();
        client.batch_execute("ROLLBACK")?;
        // all of DISCARD ALL but DEALLOCATE: the driver keeps prepared statements of its own
        client.batch_execute("RESET SESSION AUTHORIZATION; RESET ALL; CLOSE ALL; SELECT pg_advisory_unlock_all()")?;
        client.batch_execute("DISCARD TEMP; DISCARD SEQUENCES")?;
        client.batch_execute("SET client_min_messages = warning; SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, MDY'")?;
        let schemas = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for row in client.query(schemas, &[])? {
            client.batch_execute(&format!("DROP SCHEMA {} CASCADE", quoted(row.get(0), '"')))?;
        }
        client.batch_execute("CREATE SCHEMA public")?;
        Ok(())
    }

    fn execute(&mut self, text: &str) -> Result<Outcome, Failed> {
        let mut sum = Outcome::default();
        let mut returns_rows = false;
        for message in self.client().simple_query(text)? {
            match message {
                SimpleQueryMessage::RowDescription(_) => returns_rows = true,
                SimpleQueryMessage::Row(_) => sum.returned += 1,
                SimpleQueryMessage::CommandComplete(count) => {
                    sum.affected += if returns_rows { 0 } else { count };
                    returns_rows = false;
                }
                _ => {}
            }
        }
        Ok(sum)
    }

    fn execute_bound(&mut self, text: &str, binds: &[Value<'_>]) -> Result<Outcome, Failed> {
        let statement = self.prepare(text)?;
        if statement.params().len() != binds.len() {
            let message = format!("{} parameters, {} values", statement.params().len(), binds.len());
            return Err(Failed { code: "driver".into(), message });
        }
        let mut rows = self.client().query_raw(&statement, binds.iter().map(send::AsText))?;
        let mut returned = 0;
        while rows.next()?.is_some() {
            returned += 1;
        }
        let affected = if statement.columns().is_empty() { rows.rows_affected().unwrap_or(0) } else { 0 };
        Ok(Outcome { affected, returned })
    }

    fn query(&mut self, text: &str, binds: &[Value<'_>], columns: &[Column]) -> Result<Vec<Row>, Failed> {
        let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
        let list: Vec<String> = names.iter().zip(columns).map(|(name, c)| as_read(name.clone(), c.ty())).collect();
        let text = format!("WITH r ({}) AS ({text}) SELECT {} FROM r", names.join(", "), list.join(", "));
        let statement = self.prepare(&text)?;
        let rows = self.client().query_raw(&statement, binds.iter().map(send::AsText))?;
        read_rows(rows.collect()?, columns)
    }

    fn another(&self) -> Result<Box<dyn Engine>, String> {
        let mut config: postgres::Config = self.url.parse().map_err(|error: postgres::Error| error.to_string())?;
        let client = config.dbname(&self.database).connect(NoTls).map_err(|error| error.to_string())?;
        let (url, database) = (self.url.clone(), self.database.clone());
        Ok(Box::new(Self { client: Some(client), prepared: None, dialect: self.dialect, url, database, owns: false }))
    }

    fn read_table(&mut self, table: &Table) -> Result<Vec<Row>, Failed> {
        let columns = table.columns().iter().map(|column| as_read(quoted(column.name().as_str(), '"'), column.ty()));
        let columns: Vec<_> = columns.collect();
        let text = format!("SELECT {} FROM {}", columns.join(", "), quoted_table(table, '"'));
        let mut rows = read_rows(self.client().query(&text, &[])?, table.columns())?;
        order::sort(&mut rows, table);
        Ok(rows)
    }

    fn client(&self) -> Option<Command> {
        let config: postgres::Config = self.url.parse().expect("the address that was connected to");
        let host = config.get_hosts().first().map(|host| match host {
            postgres::config::Host::Tcp(name) => name.clone(),
            postgres::config::Host::Unix(path) => path.display().to_string(),
        });
        let mut command = Command::new("psql");
        command.args(["--no-psqlrc", "--quiet", "--dbname", &self.database]);
        command.args(host.map(|host| format!("--host={host}")));
        command.args(config.get_ports().first().map(|port| format!("--port={port}")));
        command.args(config.get_user().map(|user| format!("--username={user}")));
        if let Some(password) = config.get_password() {
            command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
        }
        Some(command)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.client = None;
        if !self.owns {
            return;
        }
        if let Ok(mut server) = Client::connect(&self.url, NoTls) {
            let _ = server.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database));
        }
    }
}

/// A column as the driver can read it.
fn as_read(name: String, ty: &Type) -> String {
    match ty {
        Type::Decimal { .. } | Type::Enum { .. } | Type::Named(_) => name + "::text",
        Type::Array(_) => name + "::text[]",
        _ => name,
    }
}

fn read_rows(rows: Vec<postgres::Row>, columns: &[Column]) -> Result<Vec<Row>, Failed> {
    let read_row = |row: postgres::Row| {
        let cells = columns.iter().enumerate();
        cells.map(|(at, column)| Ok(row.try_get::<_, read::Raw>(at)?.value(column.ty()))).collect()
    };
    rows.into_iter().map(read_row).collect()
}

impl From<postgres::Error> for Failed {
    fn from(error: postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => {
                let detail = said.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
                Self { code: said.code().code().into(), message: said.message().to_owned() + &detail }
            }
            None => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
                Self { code: "driver".into(), message: format!("{error}{cause}") }
            }
        }
    }
}
