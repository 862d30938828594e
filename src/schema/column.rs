//! Columns of a `CREATE TABLE`: name, type and options.

use super::lex::{Cursor, Lexeme};
use super::types::{DeclaredType, read_type};
use super::{OPTIONS, Reader};
use crate::error::Error;
use crate::ir::{Collation, Column, Ident, TableName, Type, Value};
use crate::read::field;

/// A column, and the keys that its own options state.
pub(super) struct Declared {
    pub(super) column: Column,
    pub(super) primary: bool,
    pub(super) unique: bool,
    pub(super) references: Option<(TableName, Vec<Ident>)>,
}

/// What the options of a column say, before they are one.
#[derive(Default)]
struct Stated<'t> {
    not_null: bool,
    generated: bool,
    filled: bool,
    charset: Option<Ident>,
    collation: Option<Ident>,
    binary: bool,
    holds_json: bool,
    default: Option<Cursor<'t>>,
    primary: bool,
    unique: bool,
    references: Option<(TableName, Vec<Ident>)>,
}

impl Reader<'_> {
    /// Reads a column; text without a character set of its own takes the table's collation.
    pub(super) fn column(&mut self, mut cursor: Cursor<'_>, table: Option<&Ident>) -> Result<Declared, Error> {
        let line = cursor.line();
        let name = cursor.name()?;
        let DeclaredType { mut ty, not_null, note } = read_type(&mut cursor, self.ddl, &self.enums, &name)?;
        if let Some(note) = note {
            self.note(line, format!("`{name}`: {note}"));
        }
        // a type that is not null by itself is that of a sequence
        let mut options = Stated { not_null, filled: not_null, ..Stated::default() };
        while !cursor.is_empty() {
            self.option(&mut cursor, &mut options, &name)?;
        }
        if options.holds_json && matches!(ty, Type::Text { .. }) {
            ty = Type::Json;
        }
        let is_text = matches!(ty, Type::Text { .. } | Type::Char { .. } | Type::Enum { name: None, .. });
        let mut collation = options.collation.or_else(|| {
            let charset = options.charset.as_ref().map(|charset| charset.as_str().to_ascii_lowercase());
            match charset {
                Some(charset) => self.charset_collation(&charset, options.binary),
                None => table.cloned(),
            }
        });
        if !is_text {
            collation = None;
        } else if collation.as_ref().is_some_and(|name| name.as_str().eq_ignore_ascii_case("binary"))
            && let Type::Text { max } = ty
        {
            self.note(line, format!("`{name}`: text of the character set binary holds bytes"));
            (ty, collation) = (Type::Bytes { max }, None);
        }
        let mut column = Column::new(&name, ty)?;
        if options.not_null || options.primary {
            column = column.not_null();
        }
        if options.generated {
            column = column.generated();
        }
        if options.filled {
            column = column.filled();
        }
        if let Some(collation) = collation {
            column = column.collate(Collation::named(collation));
        }
        if let Some(default) = options.default {
            column = match literal(default, &column) {
                Some(value) => column.default_value(value),
                None => column.filled(),
            };
        }
        let Stated { primary, unique, references, .. } = options;
        Ok(Declared { column, primary, unique, references })
    }

    /// The collation that a character set has without a named one; with `binary` it is the binary one.
    pub(super) fn charset_collation(&self, charset: &str, binary: bool) -> Option<Ident> {
        let known = self.ddl.charsets.iter().find(|(known, _)| *known == charset);
        match known {
            _ if binary => Ident::new(format!("{charset}_bin")).ok(),
            Some((_, collation)) => Ident::new(*collation).ok(),
            None => None,
        }
    }

    fn option<'t>(&mut self, cursor: &mut Cursor<'t>, options: &mut Stated<'t>, name: &Ident) -> Result<(), Error> {
        let line = cursor.line();
        if cursor.take(&["NOT", "NULL"]) {
            options.not_null = true;
        } else if cursor.take(&["PRIMARY", "KEY"]) || cursor.take(&["KEY"]) {
            options.primary = true;
        } else if cursor.take(&["UNIQUE"]) {
            cursor.take(&["KEY"]);
            options.unique = true;
        } else if cursor.take(&["CONSTRAINT"]) {
            if !cursor.starts_any(OPTIONS) {
                cursor.name()?;
            }
        } else if cursor.take(&["DEFAULT"]) {
            options.default = Some(cursor.until(OPTIONS));
        } else if cursor.take(&["COLLATE"]) {
            let collation = cursor.table_name()?.name().clone();
            options.collation = Some(collation).filter(|collation| collation.as_str() != "default");
        } else if cursor.take(&["CHARACTER", "SET"]) || cursor.take(&["CHARSET"]) {
            options.charset = Some(cursor.name()?);
        } else if cursor.take(&["BINARY"]) {
            options.binary = true;
        } else if cursor.take(&["REFERENCES"]) {
            options.references = Some(references(cursor)?);
        } else if cursor.take(&["CHECK"]) {
            let check = cursor.group().ok_or_else(|| cursor.expected("`(`"))?;
            options.holds_json |= is_json_check(check, name);
        } else if cursor.take(&["GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"]) {
            (options.not_null, options.filled) = (true, true);
            cursor.group();
        } else if cursor.take(&["GENERATED", "ALWAYS", "AS", "IDENTITY"]) {
            (options.not_null, options.generated) = (true, true);
            cursor.group();
        } else if cursor.take(&["GENERATED", "ALWAYS", "AS", "ROW"]) {
            options.generated = true;
            cursor.next();
        } else if cursor.take(&["GENERATED", "ALWAYS", "AS"]) || cursor.take(&["AS"]) {
            options.generated = true;
            cursor.group().ok_or_else(|| cursor.expected("`(`"))?;
        } else if cursor.take_any(&["AUTO_INCREMENT", "AUTOINCREMENT"]) {
            options.filled = true;
        } else if cursor.take(&["ON", "UPDATE"]) {
            cursor.until(OPTIONS);
            self.note(line, format!("`{name}`: the engine sets it on every update of the row"));
        } else if cursor.take(&["ON", "CONFLICT"]) || cursor.take_any(&["COMMENT", "STORAGE", "COMPRESSION", "SRID"]) {
            cursor.next();
        } else if !cursor.take_any(OPTIONS) {
            let skipped = cursor.peek().map(Lexeme::shown).unwrap_or_default();
            self.note(line, format!("`{name}`: {skipped} is not known and was skipped"));
            cursor.until(OPTIONS);
        }
        Ok(())
    }
}

/// Reads the rest of a reference: a table, its columns and what happens when they change.
pub(super) fn references(cursor: &mut Cursor<'_>) -> Result<(TableName, Vec<Ident>), Error> {
    let table = cursor.table_name()?;
    let columns = match cursor.group() {
        Some(group) => group.items().into_iter().map(|mut item| item.name()).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    loop {
        if cursor.take(&["ON", "DELETE"]) || cursor.take(&["ON", "UPDATE"]) {
            if cursor.take(&["SET"]) || cursor.take(&["NO"]) {
                cursor.next();
                cursor.group();
            } else {
                cursor.next();
            }
        } else if cursor.take(&["MATCH"]) {
            cursor.next();
        } else if !(cursor.take(&["NOT", "DEFERRABLE"])
            || cursor.take(&["NOT", "VALID"])
            || cursor.take_any(&["DEFERRABLE", "INITIALLY", "DEFERRED", "IMMEDIATE"]))
        {
            return Ok((table, columns));
        }
    }
}

/// Whether a check is `json_valid(column)`, as MariaDB declares JSON columns.
fn is_json_check(mut check: Cursor<'_>, column: &Ident) -> bool {
    let valid = check.take(&["json_valid"]);
    let inside = check.group().and_then(|mut inside| inside.name().ok());
    valid && check.is_empty() && inside.is_some_and(|name| name.as_str().eq_ignore_ascii_case(column.as_str()))
}

/// A default as a value where it is a literal of the column's type, with or without parentheses and a cast.
fn literal(mut cursor: Cursor<'_>, column: &Column) -> Option<Value<'static>> {
    while let Some(inside) = cursor.group() {
        if !cursor.is_empty() && !cursor.take_mark("::") {
            return None;
        }
        cursor = inside;
    }
    let negative = cursor.take_mark("-");
    let (text, quoted) = match cursor.next()? {
        Lexeme::Text(text) => (text.clone(), true),
        Lexeme::Number(number) => (if negative { format!("-{number}") } else { number.clone() }, false),
        Lexeme::Word(word) => (word.to_ascii_lowercase(), false),
        _ => return None,
    };
    if (negative && quoted) || !(cursor.is_empty() || cursor.take_mark("::")) {
        return None;
    }
    let ty = column.ty();
    match (text.as_str(), ty) {
        ("null", _) if !quoted => Some(Value::Null),
        ("0" | "1", Type::Bool) => Some(Value::Bool(text == "1")),
        (_, Type::Text { .. } | Type::Char { .. } | Type::Enum { .. } | Type::Named(_)) if !quoted => None,
        _ => field::from_text(column.name().as_str(), &text, ty).ok().map(Value::into_owned),
    }
}
