//! Statements of a schema: `CREATE TABLE`, `CREATE UNIQUE INDEX`, `CREATE TYPE .. AS ENUM`, `ALTER TABLE`.

use super::Reader;
use super::column::{Declared, references};
use super::lex::{Cursor, Lexeme};
use crate::error::{Error, ErrorKind};
use crate::ir::{Collation, ForeignKey, Ident, Table, TableName};

/// Words that begin a table's constraint on every engine.
const CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];

/// Words that a table's name may follow in `CREATE`.
const KINDS: &[&str] = &["TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "FOREIGN"];

/// Things whose creation says nothing of a table's columns and keys.
const NO_TABLES: &[&str] = &[
    "INDEX",
    "SEQUENCE",
    "SCHEMA",
    "DATABASE",
    "EXTENSION",
    "FUNCTION",
    "PROCEDURE",
    "TRIGGER",
    "ROLE",
    "USER",
    "EVENT",
];

/// What follows where a unique index is not known.
const UNSEEN: &str =
    ": an update whose rows trade values in it may fail on the engine, which leaves the table as it was";

/// What follows where an index sees only the start of a column.
const STARTS: &str = ": two rows that start alike are equal there, so `disjoint` must be true of the starts";

impl Reader<'_> {
    pub(super) fn statement(&mut self, mut cursor: Cursor<'_>) -> Result<(), Error> {
        let line = cursor.line();
        if cursor.take(&["CREATE"]) {
            if cursor.take(&["OR"]) {
                cursor.next();
            }
            while cursor.take_any(KINDS) {}
            if cursor.take(&["TABLE"]) {
                return self.create_table(cursor);
            }
            if cursor.take(&["UNIQUE", "INDEX"]) {
                return self.create_unique_index(cursor);
            }
            if cursor.take(&["TYPE"]) {
                return self.create_type(cursor);
            }
            if !cursor.starts_any(NO_TABLES) {
                let what = cursor.peek().map(Lexeme::shown).unwrap_or_default();
                self.note(line, format!("`create` {what} was skipped"));
            }
        } else if cursor.take(&["ALTER", "TABLE"]) {
            return self.alter_table(cursor);
        } else if cursor.take(&["DROP", "TABLE"]) {
            cursor.take(&["IF", "EXISTS"]);
            if let Some(table) = cursor.table_name().ok().and_then(|name| self.known(&name)) {
                self.note(line, format!("`{}` is dropped later in the text and was kept", table.name()));
            }
        }
        Ok(())
    }

    /// The table of a name, in any case where the engine does not tell cases apart.
    fn known(&self, name: &TableName) -> Option<Table> {
        let schema = &self.parsed.schema;
        let alike = || {
            let wanted = name.to_string().to_lowercase();
            schema
                .tables()
                .iter()
                .find(|table| self.ddl.case_blind && table.name().to_string().to_lowercase() == wanted)
        };
        schema.find(name).or_else(alike).cloned()
    }

    fn keep(&mut self, table: Table) {
        self.parsed.schema = std::mem::take(&mut self.parsed.schema).table(table);
    }

    fn create_table(&mut self, mut cursor: Cursor<'_>) -> Result<(), Error> {
        let line = cursor.line();
        let exists = cursor.take(&["IF", "NOT", "EXISTS"]);
        let name = cursor.table_name()?;
        if exists && self.known(&name).is_some() {
            return Ok(());
        }
        let Some(group) = cursor.group() else {
            self.note(line, format!("`{name}` was skipped: its columns are not listed"));
            return Ok(());
        };
        let collation = self.table_options(cursor, &name);
        let mut table = Table::new(name);
        let mut constraints = Vec::new();
        for item in group.items() {
            if item.starts_any(CONSTRAINTS) || item.starts_any(self.ddl.item_words) {
                constraints.push(item);
            } else {
                table = self.add_column(table, item, collation.as_ref())?;
            }
        }
        for mut item in constraints {
            while !item.is_empty() {
                table = self.constraint(table, &mut item)?;
            }
        }
        self.keep(table);
        Ok(())
    }

    /// Reads what follows the columns: the collation of columns that name none.
    fn table_options(&mut self, mut cursor: Cursor<'_>, table: &TableName) -> Option<Ident> {
        let (mut charset, mut collation) = (None, None);
        while !cursor.is_empty() {
            let line = cursor.line();
            if cursor.take(&["CHARSET"]) || cursor.take(&["CHARACTER", "SET"]) {
                cursor.take_mark("=");
                charset = cursor.name().ok();
            } else if cursor.take(&["COLLATE"]) {
                cursor.take_mark("=");
                collation = cursor.name().ok();
            } else if cursor.take(&["INHERITS"]) {
                self.note(line, format!("`{table}` inherits columns that are not read"));
            } else if cursor.take(&["PARTITION"]) {
                break;
            } else if cursor.group().is_none() {
                cursor.next();
            }
        }
        let charset = charset.map(|name: Ident| name.as_str().to_ascii_lowercase());
        collation.or_else(|| self.charset_collation(&charset?, false))
    }

    fn add_column(&mut self, table: Table, item: Cursor<'_>, collation: Option<&Ident>) -> Result<Table, Error> {
        let place = item.place();
        let Declared { column, primary, unique, references } = self.column(item, collation)?;
        let name = column.name().clone();
        if self.resolve(&table, &name).is_some() {
            return Err(ErrorKind::ColumnTwice { column: name.to_string() }.at(place));
        }
        let mut table = table.column(column);
        if primary {
            table = table.primary_key([&name])?;
        }
        if unique {
            table = table.unique([&name])?;
        }
        match references {
            Some((target, columns)) => {
                table.foreign_key(ForeignKey { columns: vec![name], table: target, references: columns })
            }
            None => Ok(table),
        }
    }

    /// The name of a column as the table spells it.
    fn resolve(&self, table: &Table, name: &Ident) -> Option<Ident> {
        let mut names = table.columns().iter().map(crate::ir::Column::name);
        let same = |known: &&Ident| {
            *known == name || (self.ddl.case_blind && known.as_str().to_lowercase() == name.as_str().to_lowercase())
        };
        names.find(same).cloned()
    }

    /// Reads one constraint or index of a table.
    fn constraint(&mut self, table: Table, cursor: &mut Cursor<'_>) -> Result<Table, Error> {
        let line = cursor.line();
        let mut name = None;
        if cursor.take(&["CONSTRAINT"]) && !cursor.starts_any(CONSTRAINTS) {
            name = Some(cursor.name()?);
        }
        if cursor.take(&["PRIMARY", "KEY"]) {
            return match self.key_columns(&table, cursor, line)? {
                Some(columns) => table.primary_key(columns),
                None => Ok(table),
            };
        }
        if cursor.take(&["UNIQUE"]) {
            let deferrable = name.filter(|_| is_deferrable(*cursor));
            return match (self.key_columns(&table, cursor, line)?, deferrable) {
                (Some(columns), Some(name)) => table.deferrable_unique(name, columns),
                (Some(columns), None) => table.unique(columns),
                (None, _) => Ok(table),
            };
        }
        if cursor.take(&["FOREIGN", "KEY"]) {
            let columns = self.key_columns(&table, cursor, line)?.unwrap_or_default();
            if !cursor.take(&["REFERENCES"]) {
                return Err(cursor.expected("`REFERENCES`"));
            }
            let (target, references) = references(cursor)?;
            return table.foreign_key(ForeignKey { columns, table: target, references });
        }
        if cursor.starts_any(&["LIKE", "EXCLUDE", "PERIOD"]) {
            let what = cursor.peek().map(Lexeme::shown).unwrap_or_default();
            self.note(line, format!("{what} in `{}` is not known and was skipped", table.name()));
        }
        // Checks are the engine's to enforce, and plain indexes change nothing; SQLite needs no comma behind them.
        if cursor.take(&["CHECK"]) {
            cursor.group();
        }
        cursor.until(CONSTRAINTS);
        Ok(table)
    }

    /// Reads the columns of a key up to the end of its options; none where it cannot be stated by columns.
    fn key_columns(
        &mut self,
        table: &Table,
        cursor: &mut Cursor<'_>,
        line: usize,
    ) -> Result<Option<Vec<Ident>>, Error> {
        if cursor.take(&["USING", "INDEX"]) {
            // The index itself was read before.
            cursor.next();
            return Ok(None);
        }
        let group = loop {
            match cursor.group() {
                Some(group) => break group,
                None => cursor.next().ok_or_else(|| cursor.expected("`(`"))?,
            };
        };
        let mut columns = Vec::new();
        for mut item in group.items() {
            let name = item.name().ok();
            let found = name.as_ref().and_then(|name| self.resolve(table, name));
            match (name, found) {
                (Some(_), Some(column)) => {
                    let mut prefix = item.group();
                    if let Some(length) = prefix.as_mut().and_then(Cursor::next) {
                        let length = length.shown();
                        self.note(
                            line,
                            format!("a key of `{}` covers only {length} of `{column}`{STARTS}", table.name()),
                        );
                    }
                    columns.push(column);
                }
                (Some(name), None) if item.is_empty() => {
                    return Err(ErrorKind::unknown_column(&name, table).at(item.place()));
                }
                _ => {
                    self.note(
                        line,
                        format!("a unique index of `{}` on an expression was skipped{UNSEEN}", table.name()),
                    );
                    return Ok(None);
                }
            }
        }
        while !cursor.is_empty() && !cursor.starts_any(CONSTRAINTS) && !cursor.starts(&["REFERENCES"]) {
            if cursor.take(&["WHERE"]) {
                self.note(line, format!("a partial unique index of `{}` was skipped{UNSEEN}", table.name()));
                cursor.until(&[]);
                return Ok(None);
            }
            if cursor.group().is_none() {
                cursor.next();
            }
        }
        Ok(Some(columns))
    }

    fn create_unique_index(&mut self, mut cursor: Cursor<'_>) -> Result<(), Error> {
        let line = cursor.line();
        while !cursor.take(&["ON"]) {
            cursor.next().ok_or_else(|| cursor.expected("`ON`"))?;
        }
        cursor.take(&["ONLY"]);
        let name = cursor.table_name()?;
        let Some(table) = self.known(&name) else {
            self.note(line, format!("a unique index of `{name}` was skipped: no such table was read"));
            return Ok(());
        };
        if let Some(columns) = self.key_columns(&table, &mut cursor, line)? {
            self.keep(table.unique(columns)?);
        }
        Ok(())
    }

    fn create_type(&mut self, mut cursor: Cursor<'_>) -> Result<(), Error> {
        let line = cursor.line();
        let name = cursor.table_name()?.name().clone();
        match (cursor.take(&["AS", "ENUM"]), cursor.group()) {
            (true, Some(group)) => {
                let mut labels = Vec::new();
                for mut item in group.items().into_iter().filter(|item| !item.is_empty()) {
                    match item.next() {
                        Some(Lexeme::Text(label)) => labels.push(label.as_str().into()),
                        _ => return Err(item.expected("a label in quotes")),
                    }
                }
                self.enums.0.push((name, labels));
            }
            _ => self.note(line, format!("the type `{name}` was skipped; its values are given as text")),
        }
        Ok(())
    }

    fn alter_table(&mut self, mut cursor: Cursor<'_>) -> Result<(), Error> {
        let line = cursor.line();
        cursor.take(&["IF", "EXISTS"]);
        cursor.take(&["ONLY"]);
        let name = cursor.table_name()?;
        if cursor.starts(&["OWNER"]) {
            // Said of sequences and views too.
            return Ok(());
        }
        let Some(mut table) = self.known(&name) else {
            self.note(line, format!("a change of `{name}` was skipped: no such table was read"));
            return Ok(());
        };
        for mut action in cursor.items() {
            if action.take(&["ADD"]) {
                if action.starts_any(CONSTRAINTS) || action.starts_any(self.ddl.item_words) {
                    table = self.constraint(table, &mut action)?;
                } else {
                    action.take(&["COLUMN"]);
                    action.take(&["IF", "NOT", "EXISTS"]);
                    table = self.add_column(table, action, None)?;
                }
            } else if action.starts_any(&["MODIFY", "CHANGE"]) {
                table = self.redefine(table, action)?;
            } else if action.take(&["ALTER"]) {
                table = self.alter_column(table, action)?;
            } else if action.starts_any(&["DROP", "RENAME"]) {
                self.note(line, format!("a change of `{name}` was skipped"));
            }
        }
        self.keep(table);
        Ok(())
    }

    /// Reads MySQL's `MODIFY name ..` and `CHANGE name name ..`, which may rename the column.
    fn redefine(&mut self, table: Table, mut action: Cursor<'_>) -> Result<Table, Error> {
        let place = action.place();
        let renames = action.take(&["CHANGE"]) || !action.take(&["MODIFY"]);
        action.take(&["COLUMN"]);
        let rest = action;
        let name = action.name()?;
        let Some(known) = self.resolve(&table, &name).and_then(|name| table.find(&name).cloned()) else {
            return Err(ErrorKind::unknown_column(&name, &table).at(place));
        };
        let collation = known.collation().map(Collation::name);
        let mut column = self.column(if renames { action } else { rest }, collation)?.column;
        if self.resolve(&table, column.name()).is_some_and(|other| other != *known.name()) {
            return Err(ErrorKind::ColumnTwice { column: column.name().to_string() }.at(place));
        }
        if table.key().contains(known.name()) {
            column = column.not_null();
        }
        Ok(table.replace(known.name(), column))
    }

    fn alter_column(&mut self, table: Table, mut action: Cursor<'_>) -> Result<Table, Error> {
        let place = action.place();
        action.take(&["COLUMN"]);
        let name = action.name()?;
        let found = self.resolve(&table, &name).and_then(|name| table.find(&name).cloned());
        let Some(column) = found else {
            return Err(ErrorKind::unknown_column(&name, &table).at(place));
        };
        if action.take(&["ADD", "GENERATED", "ALWAYS", "AS", "IDENTITY"]) {
            Ok(table.column(column.not_null().generated()))
        } else if action.take(&["ADD", "GENERATED"]) {
            Ok(table.column(column.not_null().filled()))
        } else if action.take(&["SET", "NOT", "NULL"]) {
            Ok(table.column(column.not_null()))
        } else if action.take(&["SET", "DEFAULT"]) {
            Ok(table.column(column.filled()))
        } else {
            // Statistics and storage.
            if action.take(&["TYPE"]) || action.take(&["SET", "DATA", "TYPE"]) {
                self.note(action.line(), format!("a new type of `{name}` was skipped"));
            }
            Ok(table)
        }
    }
}

/// Whether the options behind the columns of a key say that it may be deferred.
fn is_deferrable(mut cursor: Cursor<'_>) -> bool {
    while !cursor.is_empty() && !cursor.starts_any(CONSTRAINTS) && !cursor.starts(&["REFERENCES"]) {
        if cursor.take(&["NOT", "DEFERRABLE"]) {
            return false;
        }
        if cursor.take(&["DEFERRABLE"]) {
            return true;
        }
        if cursor.group().is_none() {
            cursor.next();
        }
    }
    false
}
