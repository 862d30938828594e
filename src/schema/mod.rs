//! Schemas from the text of `CREATE TABLE` statements and dumps.
//!
//! Statements are read leniently: what says nothing of a column's type or keys is passed over, what is not known is
//! skipped with a [`Note`], and only text that is certainly wrong (a column listed twice, `varchar(0)`) is an error.

mod column;
mod lex;
mod statement;
mod types;
mod words;

use std::collections::HashMap;

use lex::Cursor;
use words::Ddl;

use crate::dialect::Dialect;
use crate::error::{Error, Errors};
use crate::ir::{Ident, Schema, TableName};

/// Words that begin an option of a column, and so end its type or its default.
const OPTIONS: &[&str] = &[
    "CONSTRAINT",
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "REFERENCES",
    "CHECK",
    "COLLATE",
    "GENERATED",
    "AS",
    "ON",
    "COMMENT",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "KEY",
    "CHARSET",
    "INVISIBLE",
    "VISIBLE",
    "VIRTUAL",
    "STORED",
    "PERSISTENT",
    "DEFERRABLE",
    "INITIALLY",
    "STORAGE",
    "COMPRESSION",
    "FIRST",
    "AFTER",
    "SRID",
    "ASC",
    "DESC",
];

/// A schema, and what of its text was skipped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedSchema {
    /// The tables.
    pub schema: Schema,
    /// What was skipped, in the order of the text.
    pub notes: Vec<Note>,
}

/// Something in a schema's text that setwise does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The line of the text, counted from 1.
    pub line: usize,
    /// What it is and what follows from it.
    pub text: String,
}

/// Writes `line 3: ..`.
impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// The enum types of a schema and their labels.
type Enums = HashMap<Ident, Vec<Box<str>>>;

/// What has been read so far.
struct Reader<'d> {
    ddl: &'d Ddl,
    parsed: ParsedSchema,
    enums: Enums,
    /// Where case tells no names apart: the tables, and the columns of each, by their names in lower case.
    tables: HashMap<String, TableName>,
    columns: HashMap<TableName, HashMap<String, Ident>>,
}

impl<'d> Reader<'d> {
    fn new(ddl: &'d Ddl) -> Self {
        let (tables, columns) = (HashMap::new(), HashMap::new());
        Self { ddl, parsed: ParsedSchema::default(), enums: Enums::new(), tables, columns }
    }

    fn note(&mut self, line: usize, text: impl Into<String>) {
        self.parsed.notes.push(Note { line, text: text.into() });
    }
}

impl Schema {
    /// Reads the tables of a schema file or dump in a dialect: `CREATE TABLE`, `CREATE UNIQUE INDEX`,
    /// `CREATE TYPE .. AS ENUM` and `ALTER TABLE`.
    ///
    /// Names that are not quoted fold as the engine folds them. Checks are left to the engine, defaults are kept where
    /// they are literals. Every `on update` and everything that is not known is in the notes.
    ///
    /// # Errors
    ///
    /// `bad-document` for text that is no SQL, `syntax` for a column or key without a name, `column-twice`,
    /// `unknown-column` in a key, `bad-type` for a type that holds nothing; each with its line.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Dialect, Schema};
    ///
    /// let text = "CREATE TABLE posts (id bigint PRIMARY KEY, title varchar(200) NOT NULL)";
    /// let parsed = Schema::from_sql(text, Dialect::postgres())?;
    /// assert_eq!(parsed.schema.tables().len(), 1);
    /// assert!(parsed.notes.is_empty());
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    pub fn from_sql(text: &str, dialect: Dialect) -> Result<ParsedSchema, Errors> {
        read(text, Ddl::of(dialect.spec().definitions))
    }
}

fn read(text: &str, ddl: &Ddl) -> Result<ParsedSchema, Errors> {
    let mut reader = Reader::new(ddl);
    let mut errors = Errors::new();
    for statement in lex::statements(text, ddl)? {
        let cursor = Cursor::new(&statement, ddl);
        let place = cursor.place();
        if let Err(error) = reader.statement(cursor) {
            errors.push(Error::or_at(error, place));
        }
        if errors.is_full() {
            break;
        }
    }
    errors.or(reader.parsed)
}
