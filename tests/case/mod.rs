//! Cases: a table, its rows and an update, each in a file below `tests/cases`.
//!
//! ```text
//! # What the case shows.
//! == table posts
//! id int64 primary key
//! title text(20) binary
//! views int32 not null
//! unique (title)
//! == rows
//! (1, 'one', 10),
//! (2, 'two', 20)
//! == update
//! update posts by id
//! set title = new.title
//! rows (id, title) (1, 'eins')
//! ```
//!
//! Several tables stand one behind the other, each section `== table` with its own `== rows` behind it: tables from which rows are
//! selected, for one. They are created in that order, so that what is referred to comes first. The update is of the table that it
//! names; the model gives what all of them hold afterwards, and all are compared.
//!
//! Behind a column's type stand `primary key` (or `key` for one of several), `not null`, `binary` (the dialect's
//! exact collation), `folding` (a collation of the dialect's to which `a` and `A` are one), `collate NAME`, `latin1` (a
//! character set of one byte, on MySQL and MariaDB), `generated`, `labels ('a', 'b')` for an enum, `named` for a type of
//! the engine's own; last, `default` and a literal. A section `== now` gives the instant, `== engines` the dialects that the
//! case is for, where it is not for all; `== arguments` what the parameters stand for, as `name = constant`; `== shown` a strategy and the rows per statement in which its snapshot is. Behind a `unique (…)` may stand `deferrable`.
//! A line `extends table by columns` says that the primary key is that of another table, and lines `then table by their = our set …` what
//! follows.
#![allow(dead_code, reason = "each test program uses its own part of this module")]

mod ddl;
mod print;

use std::path::{Path, PathBuf};

use setwise::{
    Cell, Collation, Column, Dialect, Expr, Ident, Schema, Strategy, Table, TableName, TimestampTz, Type, Update,
    Value, lang,
};

#[allow(unused_imports, reason = "each test program uses its own part of this module")]
pub use ddl::{create, exact_collation, folding_collation, insert};
#[allow(unused_imports, reason = "each test program uses its own part of this module")]
pub use print::{print, print_tables, save};

/// The constraint that may be deferred, of which a table of a case has one at most.
const DEFERRED: &str = "judged later";

/// A case as its file says it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The topic and the name: `values/text`.
    pub name: String,
    /// What it shows.
    pub about: String,
    tables: Vec<TableText>,
    /// The update, in the setwise language.
    pub update: String,
    /// The instant of the script.
    pub now: Option<TimestampTz>,
    arguments: Vec<(String, Value<'static>)>,
    engines: Vec<String>,
    /// The strategy and the rows per statement that the snapshot shows.
    pub shown: Option<(Strategy, usize)>,
}

/// A table as the file says it.
#[derive(Clone, Debug, Default)]
struct TableText {
    name: String,
    columns: Vec<String>,
    rows: String,
}

/// All cases below a folder of `tests/cases`, in the order of their names.
pub fn load(folder: &str) -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    files.sort();
    assert!(!files.is_empty(), "no case in {folder}");
    files.iter().map(|file| Case::read(file, &root)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "case") {
            files.push(path);
        }
    }
}

impl Case {
    fn read(file: &Path, root: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let name = file.strip_prefix(root).unwrap().with_extension("");
        Self::parse(&name.to_str().unwrap().replace('\\', "/"), &text)
    }

    /// A case from the text of its file.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut case = Self {
            name: name.to_owned(),
            about: String::new(),
            tables: Vec::new(),
            update: String::new(),
            now: None,
            arguments: Vec::new(),
            engines: Vec::new(),
            shown: None,
        };
        let (about, sections) = text.split_once("\n== ").unwrap_or_else(|| panic!("{}: no section", case.name));
        case.about = about.lines().map(|line| line.trim_start_matches(['#', ' '])).collect::<Vec<_>>().join(" ");
        for section in sections.split("\n== ") {
            let (head, body) = section.split_once('\n').unwrap_or((section, ""));
            let (word, rest) = head.split_once(' ').unwrap_or((head, ""));
            match word {
                "table" => {
                    let columns = body.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
                    case.tables.push(TableText { name: rest.to_owned(), columns, rows: String::new() });
                }
                "rows" => {
                    let table = case.tables.last_mut().unwrap_or_else(|| panic!("{}: rows of no table", case.name));
                    table.rows = body.trim().to_owned();
                }
                "update" => case.update = body.trim().to_owned(),
                "now" => case.now = Some(TimestampTz::parse(rest).unwrap()),
                "arguments" => {
                    case.arguments = body.lines().filter(|line| !line.is_empty()).map(parse_argument).collect()
                }
                "engines" => case.engines = rest.split_whitespace().map(str::to_owned).collect(),
                "shown" => {
                    let (name, rows) = rest.split_once(' ').expect("a strategy and rows per statement");
                    let strategy =
                        Strategy::ALL.into_iter().find(|strategy| strategy.name() == name).expect("a strategy");
                    case.shown = Some((strategy, rows.parse().expect("a number of rows")));
                }
                other => panic!("{}: unknown section `{other}`", case.name),
            }
        }
        case
    }

    /// Whether the case is for a dialect.
    pub fn is_for(&self, dialect: Dialect) -> bool {
        self.engines.is_empty() || self.engines.iter().any(|name| name == dialect.name())
    }

    /// The schema, with the collations that the dialect has for exact comparison.
    pub fn schema(&self, dialect: Dialect) -> Schema {
        self.tables.iter().fold(Schema::new(), |schema, text| schema.table(self.table(text, dialect)))
    }

    fn table(&self, text: &TableText, dialect: Dialect) -> Table {
        let mut table = Table::new(self.table_name(text));
        let mut key = Vec::new();
        let is_more = |line: &&String| ["unique ", "extends ", "then "].iter().any(|word| line.starts_with(word));
        for line in text.columns.iter().filter(|line| !is_more(line)) {
            let (column, is_key) = self.column(line, dialect);
            if is_key {
                key.push(column.name().clone());
            }
            table = table.column(column);
        }
        if !key.is_empty() {
            table = table.primary_key(key.iter()).unwrap();
        }
        for line in text.columns.iter().filter_map(|line| line.strip_prefix("unique ")) {
            let (columns, deferrable) = line.split_once(") ").unwrap_or((line, ""));
            let columns = lang::parse_columns(columns.trim_matches(['(', ')'])).unwrap();
            table = match deferrable {
                "" => table.unique(columns.iter()).unwrap(),
                "deferrable" => table.deferrable_unique(DEFERRED, columns.iter()).unwrap(),
                other => panic!("{}: a unique that is `{other}`", self.name),
            };
        }
        for line in text.columns.iter().filter_map(|line| line.strip_prefix("extends ")) {
            let (parent, columns) = line.split_once(" by ").expect("`extends table by columns`");
            let columns = lang::parse_columns(columns).unwrap();
            table = table.extends_by(&lang::parse_table(parent).unwrap(), columns.iter()).unwrap();
        }
        for line in text.columns.iter().filter(|line| line.starts_with("then ")) {
            let text = format!("update t set x = 1 all rows {line}");
            let update = lang::parse_update(&text).unwrap_or_else(|errors| panic!("{}: {errors}", self.name));
            table = table.follower(update.followers()[0].clone().into_owned());
        }
        table
    }

    fn table_name(&self, text: &TableText) -> TableName {
        lang::parse_table(&text.name).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn column(&self, line: &str, dialect: Dialect) -> (Column, bool) {
        let (name, rest) = split_name(line);
        let name = lang::parse_columns(name).unwrap().remove(0);
        let (ty, flags) = split_type(rest.trim());
        let (flags, default) = match flags.split_once(" default ") {
            Some((flags, default)) => (flags, Some(default)),
            None => (flags, None),
        };
        let (flags, labels) = match flags.split_once("labels ") {
            Some((flags, labels)) => (flags, labels.trim_matches(['(', ')'])),
            None => (flags, ""),
        };
        let has = |flag: &str| flags.contains(flag);
        let ty = if labels.is_empty() && !has("named") {
            self.parse_type(ty)
        } else if has("named") {
            Type::Named(Ident::new(ty).unwrap())
        } else {
            let labels = labels.split(',').map(|label| label.trim().trim_matches('\'').into()).collect();
            Type::Enum { name: Some(Ident::new(ty).unwrap()), labels }
        };
        let mut column = Column::new(name, ty).unwrap();
        if has("not null") || has("key") {
            column = column.not_null();
        }
        if has("generated") {
            column = column.generated();
        }
        if has("binary") {
            column = column.collate(Collation::named(Ident::new(ddl::exact_collation(dialect)).unwrap()));
        }
        if has("folding") {
            column = column.collate(Collation::named(Ident::new(ddl::folding_collation(dialect)).unwrap()));
        }
        if let Some((_, rest)) = flags.split_once("collate ") {
            let name = rest.split(' ').next().unwrap_or_default();
            column = column.collate(Collation::named(Ident::new(name).unwrap()));
        }
        if has("latin1") {
            column = column.collate(Collation::named(Ident::new("latin1_swedish_ci").unwrap()));
        }
        if let Some(default) = default {
            match &lang::parse_expr(default) {
                Ok(Expr::Value(value)) => column = column.default_value(value.clone().into_owned()),
                other => panic!("{}: no default `{default}`: {other:?}", self.name),
            }
        }
        (column, has("key"))
    }

    fn parse_type(&self, text: &str) -> Type {
        match &lang::parse_expr(&format!("cast(null as {text})")) {
            Ok(Expr::Cast(_, ty)) => ty.clone(),
            other => panic!("{}: no type `{text}`: {other:?}", self.name),
        }
    }

    /// The rows of a table before the update.
    pub fn rows(&self, table: &Table) -> Vec<Vec<Value<'static>>> {
        let text = self.tables.iter().find(|text| self.table_name(text) == *table.name()).expect("a table of the case");
        if text.rows.is_empty() {
            return Vec::new();
        }
        let columns: Vec<String> = table.columns().iter().map(|column| print::name(column.name())).collect();
        let first = columns.first().unwrap();
        let text = format!("update t by {first} rows ({}) {}", columns.join(", "), text.rows);
        let text = text.replacen(" rows ", " set x_ = 1 rows ", 1);
        let update = lang::parse_update(&text).unwrap_or_else(|errors| panic!("{}: {errors}\n{text}", self.name));
        let setwise::Rows::Keyed(keyed) = update.rows() else { panic!("{}: no rows", self.name) };
        let setwise::Input::Cells(cells) = &keyed.input else { panic!("{}: no cells", self.name) };
        let value = |cell: &Cell<'_>| match cell {
            Cell::Value(value) => value.clone().into_owned(),
            other => panic!("{}: {other:?} among the rows of the table", self.name),
        };
        cells.rows().map(|row| row.iter().map(value).collect()).collect()
    }

    /// The update, checked against a schema.
    pub fn update<'a>(&'a self, schema: &'a Schema) -> Result<Update<'a>, setwise::Errors> {
        let parsed = lang::parse(&self.update).unwrap_or_else(|errors| panic!("{}: {errors}", self.name));
        let (builder, _) = parsed.into_parts();
        let arguments = self.arguments.iter().map(|(name, value)| (name, value.clone()));
        builder.schema(schema).build()?.call(arguments)
    }
}

/// `name = constant`.
fn parse_argument(line: &str) -> (String, Value<'static>) {
    let (name, value) = line.split_once(" = ").unwrap_or_else(|| panic!("no argument: {line}"));
    match &lang::parse_expr(value) {
        Ok(Expr::Value(value)) => (name.to_owned(), value.clone().into_owned()),
        other => panic!("no constant `{value}`: {other:?}"),
    }
}

/// A column's name, quoted or not, and what follows.
fn split_name(line: &str) -> (&str, &str) {
    let quote = if line.starts_with("e\"") { 1 } else { 0 };
    if !line[quote..].starts_with('"') {
        return line.split_once(' ').unwrap_or((line, ""));
    }
    let mut at = quote + 1;
    let bytes = line.as_bytes();
    while at < bytes.len() {
        if bytes[at] == b'"' {
            if bytes.get(at + 1) == Some(&b'"') {
                at += 1;
            } else {
                break;
            }
        }
        at += 1;
    }
    line.split_at(at + 1)
}

/// A type, with its parentheses, and the flags behind it.
fn split_type(text: &str) -> (&str, &str) {
    if text.starts_with("enum ") && !text.contains(" labels (") {
        return text.split_at(text.rfind(')').map_or(text.len(), |end| end + 1));
    }
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '(') - i32::from(*c == ')');
        *c == ' ' && depth == 0
    });
    end.map_or((text, ""), |(at, _)| text.split_at(at))
}
