//! The file that declares the tables.

use setwise::{Dialect, Schema};

use crate::args::Tables;
use crate::document::Document;
use crate::failure::Failure;

/// A file of CREATE TABLE statements, and how it is read.
#[derive(Debug)]
pub(crate) struct SchemaFile {
    document: Document,
    extend_by_keys: bool,
}

impl SchemaFile {
    /// The file that the command line names, if it names one.
    pub(crate) fn load(tables: &Tables) -> Result<Option<Self>, Failure> {
        let Some(path) = &tables.schema else { return Ok(None) };
        Ok(Some(Self { document: Document::load(path)?, extend_by_keys: tables.extend_by_keys }))
    }

    /// Its schema; what of it is not known goes to standard error.
    pub(crate) fn parse(&self, dialect: Dialect) -> Result<Schema, Failure> {
        let Self { document, extend_by_keys } = self;
        let parsed = Schema::from_sql(document.text()?, dialect)
            .map_err(|errors| Failure::refused(&errors, |error| document.show(error)))?;
        for note in &parsed.notes {
            eprintln!("note: {}: {note}", document.name());
        }
        Ok(if *extend_by_keys { parsed.schema.extend_by_keys() } else { parsed.schema })
    }
}
