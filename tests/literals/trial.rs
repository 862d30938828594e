//! A table with a column for each kind, to which values are written, and from which they are read back.

use std::io::Write;
use std::process::Stdio;

use setwise::{
    Column, Dialect, Options, Output, Place, Purpose, Schema, Strategy, Table, TableName, Type, Update, Value, compile,
};

use super::kinds::{Kind, Sample};
use super::modes::{Mode, unset};
use crate::engine::{self, Engine};
use crate::{case, model};

/// How values come into a statement.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub strategy: Strategy,
    pub output: Output,
    /// Whether the engine's own client program runs the script.
    pub by_client: bool,
}

/// An engine, in one mode, with the table in an empty database.
pub struct Trial<'e> {
    engine: &'e mut dyn Engine,
    mode: &'e Mode,
    /// Whether the session is made what the script requires, as a client script does for itself.
    pub keeps_session: bool,
}

/// The column of a kind, alone with the key.
fn describe(at: usize, kind: &Kind) -> Table {
    let table = Table::new(TableName::new("literals").unwrap())
        .column(Column::new("id", Type::INT64).unwrap().not_null())
        .column(Column::new(format!("held_{at}"), kind.ty.clone()).unwrap());
    table.primary_key(["id"]).unwrap()
}

fn update<'a>(schema: &'a Schema, samples: &[&'a Sample]) -> Update<'a> {
    let names = schema.tables()[0].columns().iter().map(Column::name);
    let rows = (0i64..).zip(samples).map(|(id, sample)| vec![Value::Int(id), sample.value.clone()]);
    let update = Update::table("literals").schema(schema).key(["id"]).rows(names, rows);
    update.build().unwrap_or_else(|errors| panic!("{errors}"))
}

/// The values that an engine holds, and how many it does not: those that the kind says, and no other.
pub fn split<'k>(kind: &'k Kind, engine: &dyn Engine) -> (Vec<&'k Sample>, usize) {
    let (out, held): (Vec<&Sample>, Vec<&Sample>) =
        kind.samples.iter().partition(|sample| sample.refused_by.contains(&engine.name()));
    let schema = Schema::new().table(describe(0, kind));
    // a hundred errors are kept
    for refused in out.chunks(100) {
        let update = update(&schema, refused);
        let errors = compile(&update, engine.dialect(), &Options::new()).unwrap_err();
        for (row, sample) in refused.iter().enumerate() {
            let place = Place::Cell { row, column: 1 };
            let is_refused = errors.iter().any(|error| error.code() == "not-storable" && error.place() == Some(&place));
            assert!(is_refused, "{} takes {:?} as {}", engine.name(), sample.value, kind.ty);
        }
    }
    (held, out.len())
}

impl<'e> Trial<'e> {
    /// Creates the table, each row NULL but for its key.
    pub fn new(engine: &'e mut dyn Engine, mode: &'e Mode, kinds: &[Kind]) -> Self {
        engine.reset().unwrap();
        let mut trial = Self { engine, mode, keeps_session: false };
        // how SQLite writes text is decided for the whole database before it has a table
        if trial.engine.name() == "sqlite" {
            trial.execute(mode.set);
            trial.execute(&["PRAGMA synchronous = off"]);
        }
        let columns = kinds.iter().enumerate().map(|(at, kind)| trial.define(at, kind));
        let create =
            format!("CREATE TABLE literals (id bigint PRIMARY KEY, {})", columns.collect::<Vec<_>>().join(", "));
        let rows = kinds.iter().map(|kind| kind.rows.min(kind.samples.len())).max().unwrap_or(0);
        let rows: Vec<String> = (0..rows).map(|id| format!("({id})")).collect();
        trial.execute(&[&create, &format!("INSERT INTO literals (id) VALUES {}", rows.join(", "))]);
        trial
    }

    fn execute(&mut self, statements: &[&str]) {
        for statement in statements {
            self.engine.execute(statement).unwrap_or_else(|failed| panic!("{failed}\n{statement}"));
        }
    }

    /// The column of a kind, as `CREATE TABLE` has it.
    fn define(&self, at: usize, kind: &Kind) -> String {
        let (name, dialect) = (format!("held_{at}"), self.engine.dialect());
        let is_family = matches!(dialect.name(), "mysql" | "mariadb");
        match kind.ty {
            Type::Text { max: None } if is_family => format!("{name} longtext NULL"),
            Type::Bytes { max: None } if is_family => format!("{name} longblob NULL"),
            _ => {
                let create = case::create(&describe(at, kind), dialect).expect("a type that the engine has").remove(0);
                let column = create.rsplit_once(&name).expect("the column").1;
                // behind the quote of the name, up to the key
                format!("{name}{}", column[1..].split_once(", PRIMARY").expect("the key").0)
            }
        }
    }

    /// Sets every row by a way and reads it back.
    pub fn write_and_read(&mut self, at: usize, kind: &Kind, way: Way, samples: &[&Sample]) -> Result<(), String> {
        let schema = Schema::new().table(describe(at, kind));
        // what an earlier way wrote must not be taken for what this one writes
        self.execute(&[&format!("UPDATE literals SET held_{at} = NULL WHERE held_{at} IS NOT NULL")]);
        for batch in samples.chunks(kind.rows) {
            self.execute(self.mode.set);
            let ran = if way.by_client { self.pipe(&schema, way, batch) } else { self.run(&schema, way, batch) };
            if ran.is_err() {
                let _ = self.engine.execute("ROLLBACK");
            }
            if !self.mode.set.is_empty() || way.output.is_for_client() || self.keeps_session {
                self.execute(unset(self.engine.name()));
            }
            ran?;
            let found = self.engine.read_table(&schema.tables()[0]).map_err(|failed| failed.to_string())?;
            assert!(found.len() >= batch.len());
            for (sample, found) in batch.iter().zip(&found) {
                if !model::same(&sample.value, &found[1], &kind.ty) {
                    return Err(format!("{} became {}", shown(&sample.value), shown(&found[1])));
                }
            }
        }
        Ok(())
    }

    /// Gives the script of one batch to the engine's client, in a session of the same mode.
    fn pipe(&mut self, schema: &Schema, way: Way, batch: &[&Sample]) -> Result<(), String> {
        let update = update(schema, batch);
        // the client's SQLite is another than the one in process
        let dialect = if self.engine.name() == "sqlite" { Dialect::sqlite() } else { self.engine.dialect() };
        let options = Options::new().strategy(way.strategy).output(way.output);
        let mut script = compile(&update, dialect, &options).map_err(|errors| errors.to_string())?;
        let mut text: String = self.mode.set.iter().map(|statement| format!("{statement};\n")).collect();
        while let Some(step) = script.next() {
            text += &format!("{}\n", step.map_err(|errors| errors.to_string())?);
        }
        let mut command = self.engine.client().expect("a client");
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        let mut input = child.stdin.take().expect("a pipe");
        // a client that stops early says why
        let written = std::thread::spawn(move || input.write_all(text.as_bytes()));
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_written = written.join().expect("no panic").is_ok();
        if output.status.success() && is_written { Ok(()) } else { Err(format!("{said:.2000}")) }
    }

    /// Runs the script of one batch in a transaction.
    fn run(&mut self, schema: &Schema, way: Way, batch: &[&Sample]) -> Result<(), String> {
        let failed = |failed: engine::Failed| failed.to_string();
        let update = update(schema, batch);
        let options = Options::new().strategy(way.strategy).output(way.output);
        let mut script = compile(&update, self.engine.dialect(), &options).map_err(|errors| errors.to_string())?;
        if self.keeps_session {
            for statement in script.session() {
                self.engine.execute(statement).map_err(failed)?;
            }
        }
        let is_whole = way.output.is_for_client();
        if !is_whole {
            // `BEGIN` opens a block in Oracle's mode
            self.execute(&[if self.engine.name() == "sqlite" { "BEGIN" } else { "START TRANSACTION" }]);
        }
        while let Some(step) = script.next() {
            let step = step.map_err(|errors| errors.to_string())?;
            if step.purpose == Purpose::Client {
                continue;
            }
            for binds in step.binds.iter() {
                let ran = if binds.is_empty() {
                    self.engine.execute(step.text)
                } else {
                    let values: Vec<Value<'_>> = binds.iter().map(|bind| bind.value().clone()).collect();
                    self.engine.execute_bound(step.text, &values)
                };
                ran.map_err(|failed| format!("{failed}\n{:.2000}", step.text))?;
            }
        }
        if is_whole { Ok(()) } else { self.engine.execute("COMMIT").map(|_| ()).map_err(failed) }
    }
}

fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Float(float) => format!("{float:e} ({:016x})", float.to_bits()),
        other => format!("{other:.400?}"),
    }
}
