//! Turns a file of named updates into typed Rust functions, in a build script.
//!
//! Each update of `updates.setwise` becomes a function of its name, with an argument for each parameter:
//!
//! ```text
//! -- Users who were away for so many days.
//! update deactivate(days: int) on users
//! set is_active = false
//! where last_login <= now() - days(:days);
//! ```
//!
//! `build.rs` checks the file against the schema and every dialect that the program speaks. What is wrong fails the build,
//! each mistake with its line of the file:
//!
//! ```no_run
//! use setwise::Dialect;
//!
//! fn main() -> Result<(), setwise_build::Failure> {
//!     setwise_build::module("updates.setwise")
//!         .schema("schema.sql")
//!         .dialects([Dialect::sqlite(), Dialect::postgres().at(15)])
//!         .write()
//! }
//! ```
//!
//! The program includes what came of it, and needs `setwise` itself, with the feature `sql` where there is a schema:
//!
//! ```text
//! mod updates {
//!     include!(concat!(env!("OUT_DIR"), "/updates.rs"));
//! }
//!
//! let bound = updates::deactivate(Dialect::sqlite(), 30)?;
//! for step in bound.steps() { … }
//! ```
//!
//! Rules of the file (`when users then profiles by user_id = id set …`) hold for all of its functions, and rows may come from a
//! table of the schema (`rows from staging_posts`). Such functions have several steps, to be executed in one transaction.
//!
//! The text of an update is read once, and compiled once for each dialect, when that is first called. After that a call
//! checks its arguments and binds them; it writes no SQL and reads no text.
//!
//! An update whose rows come from elsewhere becomes a function that takes them as tuples, in the order of its key and of
//! what it reads of a row, and gives the [`Update`](setwise::Update) to compile.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod check;
mod failure;
mod function;
mod name;
mod rust;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use setwise::diagnostic::render_all;
use setwise::{Dialect, Schema};

pub use failure::Failure;

/// A module to be made of a file of updates.
#[derive(Clone, Debug)]
#[must_use = "nothing is made until `write`"]
pub struct Module {
    file: PathBuf,
    schema: Option<PathBuf>,
    schema_dialect: Option<Dialect>,
    extend_by_keys: bool,
    dialects: Vec<Dialect>,
    to: Option<PathBuf>,
}

/// A module of the updates of a file, whose name is relative to the package's folder.
pub fn module(file: impl Into<PathBuf>) -> Module {
    Module {
        file: file.into(),
        schema: None,
        schema_dialect: None,
        extend_by_keys: false,
        dialects: Vec::new(),
        to: None,
    }
}

impl Module {
    /// Checks against a file of `CREATE TABLE` statements; its text becomes part of the program.
    pub fn schema(mut self, file: impl Into<PathBuf>) -> Self {
        self.schema = Some(file.into());
        self
    }

    /// The dialect of the schema's file. Without it, the first of [`dialects`](Self::dialects).
    pub fn schema_dialect(mut self, dialect: Dialect) -> Self {
        self.schema_dialect = Some(dialect);
        self
    }

    /// Takes tables of the schema whose whole primary key is a foreign key to another's for tables that extend those; see
    /// [`Schema::extend_by_keys`].
    pub fn extend_by_keys(mut self) -> Self {
        self.extend_by_keys = true;
        self
    }

    /// The dialects that every update must compile for.
    pub fn dialects(mut self, dialects: impl IntoIterator<Item = Dialect>) -> Self {
        self.dialects.extend(dialects);
        self
    }

    /// The file to write. Without it, the name of the file of updates with `.rs`, in the folder `OUT_DIR`.
    pub fn to(mut self, file: impl Into<PathBuf>) -> Self {
        self.to = Some(file.into());
        self
    }

    /// Writes the module, and tells Cargo which files it depends on.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or written; every mistake of every update, with its line.
    pub fn write(&self) -> Result<(), Failure> {
        for file in [Some(&self.file), self.schema.as_ref()].into_iter().flatten() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        let (text, notes) = self.make()?;
        for note in notes {
            println!("cargo::warning={note}");
        }
        let to = match &self.to {
            Some(to) => to.clone(),
            None => out_dir()?.join(self.file.with_extension("rs").file_name().unwrap_or_default()),
        };
        fs::write(&to, text).map_err(|error| Failure::of_file(&to, &error))
    }

    /// The text of the module.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn generate(&self) -> Result<String, Failure> {
        self.make().map(|(text, _)| text)
    }

    /// The text of the module, and what of the schema is not known.
    fn make(&self) -> Result<(String, Vec<String>), Failure> {
        let Some(first) = self.dialects.first() else {
            return Err(Failure::new("name the dialects that the updates must compile for, with `dialects`"));
        };
        let text = read(&self.file)?;
        let ddl = self.schema.as_deref().map(read).transpose()?;
        let (schema, notes) = match (&ddl, &self.schema) {
            (Some(ddl), Some(file)) => {
                let (schema, notes) = read_schema(ddl, file, self.schema_dialect.unwrap_or(*first))?;
                (Some(schema), notes)
            }
            _ => (None, Vec::new()),
        };
        let schema = if self.extend_by_keys { schema.map(Schema::extend_by_keys) } else { schema };
        let (functions, rules) = check::functions(&text, schema.as_ref(), &self.dialects)
            .map_err(|errors| Failure::new(render_all(&errors, &self.file.display().to_string(), &text)))?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let mut module = format!("// Written by setwise-build from {}.\n", rust::in_comment(&name));
        if let Some(ddl) = &ddl {
            let dialect = self.schema_dialect.unwrap_or(*first);
            module.push_str(&function::schema(ddl, dialect, self.extend_by_keys));
        }
        if !rules.is_empty() {
            module.push_str(&function::rules(&rules));
        }
        for function in &functions {
            _ = write!(module, "\n{}", function.print(schema.is_some(), !rules.is_empty()));
        }
        Ok((module, notes))
    }
}

fn read(file: impl AsRef<Path>) -> Result<String, Failure> {
    let file = file.as_ref();
    fs::read_to_string(file).map_err(|error| Failure::of_file(file, &error))
}

/// A schema, and what of its text is not known.
fn read_schema(ddl: &str, file: &Path, dialect: Dialect) -> Result<(Schema, Vec<String>), Failure> {
    let name = file.display().to_string();
    let parsed = Schema::from_sql(ddl, dialect).map_err(|errors| Failure::new(render_all(&errors, &name, ddl)))?;
    let notes = parsed.notes.iter().map(|note| format!("{name}: {note}")).collect();
    Ok((parsed.schema, notes))
}

fn out_dir() -> Result<PathBuf, Failure> {
    let folder = env::var_os("OUT_DIR");
    folder.map(PathBuf::from).ok_or_else(|| Failure::new("OUT_DIR is not set: this is not a build script; say `to`"))
}
