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
                self.note(line, format!("`{table}` is dropped later in the text and was kept"));
            }
        }
        Ok(())
    }

    /// The name of a table as it is spelt, in any case where the engine does not tell cases apart.
    fn known(&self, name: &TableName) -> Option<TableName> {
        let found = self.parsed.schema.find(name).map(Table::name);
        let alike = || self.tables.get(&name.to_string().to_lowercase()).filter(|_| self.ddl.case_blind);
        found.or_else(alike).cloned()
    }

    /// Takes out the table of a name, to be kept again when it has been changed.
    fn take(&mut self, name: &TableName) -> Option<Table> {
        self.known(name).and_then(|name| self.parsed.schema.take(&name))
    }

    fn keep(&mut self, table: Table) {
        if self.ddl.case_blind {
            self.tables.entry(table.name().to_string().to_lowercase()).or_insert_with(|| table.name().clone());
        }
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
        self.columns.remove(&name);
        let mut table = Table::new(name);
        let mut constraints = Vec::new();
        for item in group.items() {
            if item.starts_any(CONSTRAINTS) || item.starts_any(self.ddl.item_words) {
                constraints.push(item);
            } else {
                self.add_column(&mut table, item, collation.as_ref())?;
            }
        }
        for mut item in constraints {
            while !item.is_empty() {
                self.constraint(&mut table, &mut item)?;
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

    fn add_column(&mut self, table: &mut Table, item: Cursor<'_>, collation: Option<&Ident>) -> Result<(), Error> {
        let place = item.place();
        let Declared { column, primary, unique, references } = self.column(item, collation)?;
        let name = column.name().clone();
        if self.resolve(table, &name).is_some() {
            return Err(ErrorKind::ColumnTwice { column: name.to_string() }.at(place));
        }
        self.spell(table, &name);
        change(table, |table| {
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
        })
    }

    /// The name of a column as the table spells it.
    fn resolve(&self, table: &Table, name: &Ident) -> Option<Ident> {
        let alike = || self.columns.get(table.name())?.get(&name.as_str().to_lowercase());
        table.find(name).map(crate::ir::Column::name).or_else(alike).cloned()
    }

    /// Remembers how a table spells a column.
    fn spell(&mut self, table: &Table, name: &Ident) {
        if self.ddl.case_blind {
            let columns = self.columns.entry(table.name().clone()).or_default();
            columns.insert(name.as_str().to_lowercase(), name.clone());
        }
    }

    /// Reads one constraint or index of a table.
    fn constraint(&mut self, table: &mut Table, cursor: &mut Cursor<'_>) -> Result<(), Error> {
        let line = cursor.line();
        let mut name = None;
        if cursor.take(&["CONSTRAINT"]) && !cursor.starts_any(CONSTRAINTS) {
            name = Some(cursor.name()?);
        }
        if cursor.take(&["PRIMARY", "KEY"]) {
            return match self.key_columns(table, cursor, line)? {
                Some(columns) => change(table, |table| table.primary_key(columns)),
                None => Ok(()),
            };
        }
        if cursor.take(&["UNIQUE"]) {
            let deferrable = name.filter(|_| is_deferrable(*cursor));
            return match (self.key_columns(table, cursor, line)?, deferrable) {
                (Some(columns), Some(name)) => change(table, |table| table.deferrable_unique(name, columns)),
                (Some(columns), None) => change(table, |table| table.unique(columns)),
                (None, _) => Ok(()),
            };
        }
        if cursor.take(&["FOREIGN", "KEY"]) {
            let columns = self.key_columns(table, cursor, line)?.unwrap_or_default();
            if !cursor.take(&["REFERENCES"]) {
                return Err(cursor.expected("`REFERENCES`"));
            }
            let (target, references) = references(cursor)?;
            return change(table, |table| table.foreign_key(ForeignKey { columns, table: target, references }));
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
        Ok(())
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
        let Some(mut table) = self.take(&name) else {
            self.note(line, format!("a unique index of `{name}` was skipped: no such table was read"));
            return Ok(());
        };
        let columns = self.key_columns(&table, &mut cursor, line);
        let done = columns.and_then(|columns| match columns {
            Some(columns) => change(&mut table, |table| table.unique(columns)),
            None => Ok(()),
        });
        self.keep(table);
        done
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
                self.enums.insert(name, labels);
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
        let Some(mut table) = self.take(&name) else {
            self.note(line, format!("a change of `{name}` was skipped: no such table was read"));
            return Ok(());
        };
        let done = self.alter(&mut table, cursor, line);
        self.keep(table);
        done
    }

    fn alter(&mut self, table: &mut Table, cursor: Cursor<'_>, line: usize) -> Result<(), Error> {
        for mut action in cursor.items() {
            if action.take(&["ADD"]) {
                if action.starts_any(CONSTRAINTS) || action.starts_any(self.ddl.item_words) {
                    self.constraint(table, &mut action)?;
                } else {
                    action.take(&["COLUMN"]);
                    action.take(&["IF", "NOT", "EXISTS"]);
                    self.add_column(table, action, None)?;
                }
            } else if action.starts_any(&["MODIFY", "CHANGE"]) {
                self.redefine(table, action)?;
            } else if action.take(&["ALTER"]) {
                self.alter_column(table, action)?;
            } else if action.starts_any(&["DROP", "RENAME"]) {
                self.note(line, format!("a change of `{}` was skipped", table.name()));
            }
        }
        Ok(())
    }

    /// Reads MySQL's `MODIFY name ..` and `CHANGE name name ..`, which may rename the column.
    fn redefine(&mut self, table: &mut Table, mut action: Cursor<'_>) -> Result<(), Error> {
        let place = action.place();
        let renames = action.take(&["CHANGE"]) || !action.take(&["MODIFY"]);
        action.take(&["COLUMN"]);
        let rest = action;
        let name = action.name()?;
        let Some(known) = self.resolve(table, &name).and_then(|name| table.find(&name).cloned()) else {
            return Err(ErrorKind::unknown_column(&name, table).at(place));
        };
        let collation = known.collation().map(Collation::name);
        let mut column = self.column(if renames { action } else { rest }, collation)?.column;
        if self.resolve(table, column.name()).is_some_and(|other| other != *known.name()) {
            return Err(ErrorKind::ColumnTwice { column: column.name().to_string() }.at(place));
        }
        if table.key().contains(known.name()) {
            column = column.not_null();
        }
        if let Some(columns) = self.columns.get_mut(table.name()) {
            columns.remove(&known.name().as_str().to_lowercase());
        }
        self.spell(table, column.name());
        change(table, |table| Ok(table.replace(known.name(), column)))
    }

    fn alter_column(&mut self, table: &mut Table, mut action: Cursor<'_>) -> Result<(), Error> {
        let place = action.place();
        action.take(&["COLUMN"]);
        let name = action.name()?;
        let found = self.resolve(table, &name).and_then(|name| table.find(&name).cloned());
        let Some(column) = found else {
            return Err(ErrorKind::unknown_column(&name, table).at(place));
        };
        if action.take(&["ADD", "GENERATED", "ALWAYS", "AS", "IDENTITY"]) {
            change(table, |table| Ok(table.column(column.not_null().generated())))
        } else if action.take(&["ADD", "GENERATED"]) {
            change(table, |table| Ok(table.column(column.not_null().filled())))
        } else if action.take(&["SET", "NOT", "NULL"]) {
            change(table, |table| Ok(table.column(column.not_null())))
        } else if action.take(&["SET", "DEFAULT"]) {
            change(table, |table| Ok(table.column(column.filled())))
        } else {
            // Statistics and storage.
            if action.take(&["TYPE"]) || action.take(&["SET", "DATA", "TYPE"]) {
                self.note(action.line(), format!("a new type of `{name}` was skipped"));
            }
            Ok(())
        }
    }
}

/// Changes a table where it is.
fn change(table: &mut Table, with: impl FnOnce(Table) -> Result<Table, Error>) -> Result<(), Error> {
    let empty = Table::new(table.name().clone());
    *table = with(std::mem::replace(table, empty))?;
    Ok(())
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
