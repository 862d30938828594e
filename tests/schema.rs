//! Schemas from SQL text: what is read from the files of `tests/cases/schema`, and what is refused.

use std::fmt::Write;

use setwise::{Column, Dialect, Ident, ParsedSchema, Schema, Table};

fn names(columns: &[Ident]) -> String {
    columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

fn show_column(out: &mut String, column: &Column) {
    write!(out, "  {:?} {:?}", column.name().as_str(), column.ty()).unwrap();
    if !column.is_nullable() {
        out.push_str(" not null");
    }
    if column.is_generated() {
        out.push_str(" generated");
    }
    if let Some(collation) = column.collation() {
        write!(out, " collate {}", collation.name()).unwrap();
    }
    if let Some(default) = column.default() {
        write!(out, " default {default:?}").unwrap();
    }
    out.push('\n');
}

fn show_table(out: &mut String, table: &Table) {
    writeln!(out, "table {}", table.name()).unwrap();
    table.columns().iter().for_each(|column| show_column(out, column));
    if !table.key().is_empty() {
        writeln!(out, "  primary key ({})", names(table.key())).unwrap();
    }
    for unique in table.uniques() {
        let later = unique.deferrable().map_or(String::new(), |name| format!(" by {name}, which may be deferred"));
        writeln!(out, "  unique ({}){later}", names(unique.columns())).unwrap();
    }
    for key in table.foreign_keys() {
        writeln!(out, "  ({}) references {} ({})", names(&key.columns), key.table, names(&key.references)).unwrap();
    }
}

fn show(parsed: &ParsedSchema) -> String {
    let mut out = String::new();
    parsed.schema.tables().iter().for_each(|table| show_table(&mut out, table));
    parsed.notes.iter().for_each(|note| writeln!(out, "note {note}").unwrap());
    out
}

#[test]
fn files_become_tables() {
    for dialect in Dialect::all() {
        let folder = format!("{}/tests/cases/schema/{}", env!("CARGO_MANIFEST_DIR"), dialect.name());
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql")).collect();
        assert!(!files.is_empty(), "{folder}");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let parsed = Schema::from_sql(&text, dialect).unwrap();
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            insta::with_settings!({ snapshot_path => &folder, prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, show(&parsed));
            });
        }
    }
}

#[test]
fn wrong_text_is_refused_with_its_line() {
    let deep = format!("CREATE TABLE t (a int CHECK {}1{})", "(".repeat(100_000), ")".repeat(100_000));
    for (dialect, text, error) in [
        // case 91: the schema file lists a column twice
        (
            Dialect::postgres(),
            "CREATE TABLE t (\n a int,\n A text)",
            "error[column-twice]: line 3, column 2: `a` is listed twice; remove one of the two",
        ),
        (
            Dialect::sqlite(),
            "CREATE TABLE t (a int, \"A\" text)",
            "error[column-twice]: line 1, column 24: `A` is listed twice; remove one of the two",
        ),
        (
            Dialect::mysql(),
            "CREATE TABLE t (a int, `a` text)",
            "error[column-twice]: line 1, column 24: `a` is listed twice; remove one of the two",
        ),
        (
            Dialect::mysql(),
            "CREATE TABLE t (a int, b int);\nALTER TABLE t CHANGE a B text",
            "error[column-twice]: line 2, column 15: `B` is listed twice; remove one of the two",
        ),
        // case 93: `varchar(0)`, `decimal(2,5)`
        (
            Dialect::mysql(),
            "CREATE TABLE t (a varchar(0))",
            "error[bad-type]: line 1, column 19: the type `varchar(0)` of `a` holds nothing; give it at least one",
        ),
        (
            Dialect::postgres(),
            "CREATE TABLE t (a varchar(0))",
            "error[bad-type]: line 1, column 19: the type `varchar(0)` of `a` holds nothing; give it at least one",
        ),
        (
            Dialect::mysql(),
            "CREATE TABLE t (a decimal(2,5))",
            "error[bad-type]: line 1, column 19: the type `decimal(2,5)` of `a` has more digits behind the point than in all",
        ),
        (
            Dialect::mariadb(),
            "CREATE TABLE t (a datetime(9))",
            "error[bad-type]: line 1, column 19: the type `datetime(9)` of `a` has more than six digits of a second's fraction; microseconds are the limit",
        ),
        (
            Dialect::mysql(),
            "CREATE TABLE t (a enum)",
            "error[bad-type]: line 1, column 19: the type `enum` of `a` has no labels",
        ),
        (
            Dialect::sqlite(),
            "CREATE TABLE t (a varchar(99999999999999))",
            "error[bad-type]: line 1, column 19: the type `varchar(99999999999999)` of `a` is wider than any engine allows",
        ),
        // case 77: an empty name
        (
            Dialect::postgres(),
            "CREATE TABLE t (\"\" int)",
            "error[empty-name]: line 1, column 17: a name is empty; give it at least one character",
        ),
        // case 118: unclosed strings, and depth bombs, which must not abort
        (
            Dialect::postgres(),
            "CREATE TABLE t (a text DEFAULT 'x)",
            "error[bad-document]: line 1, column 32: not SQL: Unterminated string literal",
        ),
        (
            Dialect::sqlite(),
            &deep,
            "error[too-deep]: line 1, column 156: the expression is nested deeper than 128 levels; simplify it",
        ),
        (Dialect::postgres(), "CREATE TABLE", "error[syntax]: line 1, column 8: expected a name, found the end"),
        (
            Dialect::postgres(),
            "CREATE TABLE t (a int,)",
            "error[syntax]: line 1, column 23: expected a name, found the end",
        ),
        (
            Dialect::postgres(),
            "CREATE TABLE t (a int, PRIMARY KEY (b))",
            "error[unknown-column]: line 1, column 38: the table `t` has no column `b`; did you mean `a`?",
        ),
        (
            Dialect::postgres(),
            "CREATE TABLE t (a int);\nCREATE UNIQUE INDEX i ON t",
            "error[syntax]: line 2, column 26: expected `(`, found the end",
        ),
        (
            Dialect::postgres(),
            "CREATE TYPE m AS ENUM (1)",
            "error[syntax]: line 1, column 25: expected a label in quotes, found the end",
        ),
    ] {
        let errors = Schema::from_sql(text, dialect).unwrap_err();
        assert_eq!(errors.to_string(), error, "{text:.100}");
    }
}

#[test]
fn every_wrong_statement_is_reported() {
    let text = "CREATE TABLE a (x varchar(0));\nCREATE TABLE b (y int, y int);\nCREATE TABLE c (z int)";
    let errors = Schema::from_sql(text, Dialect::postgres()).unwrap_err();
    let codes: Vec<_> = errors.iter().map(setwise::Error::code).collect();
    assert_eq!(codes, ["bad-type", "column-twice"]);
}

#[test]
fn text_without_tables_is_an_empty_schema() {
    for dialect in Dialect::all() {
        for text in ["", ";;;", "-- nothing", "SELECT 1; INSERT INTO t VALUES (1)"] {
            assert_eq!(Schema::from_sql(text, dialect).unwrap(), ParsedSchema::default(), "{text}");
        }
    }
}

/// Text that is cut anywhere gives an error or tables, never a panic.
#[test]
fn cut_text_never_panics() {
    for dialect in Dialect::all() {
        for file in ["types", "dump", "keys"] {
            let path = format!("{}/tests/cases/schema/{}/{file}.sql", env!("CARGO_MANIFEST_DIR"), dialect.name());
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            for (at, _) in text.char_indices().step_by(7) {
                let _ = Schema::from_sql(&text[..at], dialect);
                let _ = Schema::from_sql(&text[at..], dialect);
            }
        }
    }
}

#[test]
fn constraints_that_may_be_deferred_are_known_by_name() {
    let text = "CREATE TABLE t (a int UNIQUE, b int, c int,
        CONSTRAINT later UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT now UNIQUE (b) NOT DEFERRABLE,
        UNIQUE (c) DEFERRABLE);
        ALTER TABLE ONLY t ADD CONSTRAINT \"too\" UNIQUE (b, c) DEFERRABLE;";
    let schema = Schema::from_sql(text, Dialect::postgres()).unwrap().schema;
    let uniques = schema.tables()[0].uniques().iter();
    let shown = uniques.map(|unique| (unique.columns().len(), unique.deferrable().map(ToString::to_string)));
    let expected = [(1, None), (2, Some("later".to_owned())), (1, None), (1, None), (2, Some("too".to_owned()))];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

/// Time grows with the length of the text: what is quadratic takes minutes here.
#[test]
fn long_schemas_are_read_in_time() {
    let many = |each: fn(usize) -> String| (0..30_000).map(each).collect::<String>();
    let columns = format!("CREATE TABLE t (id int{});", many(|at| format!(", c{at} int UNIQUE")));
    let tables = many(|at| format!("CREATE TABLE IF NOT EXISTS t{at} (id int);"));
    let texts = [
        columns.clone() + &many(|at| format!("ALTER TABLE T ADD COLUMN d{at} int;")),
        columns + &many(|_| "CREATE UNIQUE INDEX i ON t (c29999);".to_owned()),
        tables + &many(|at| format!("ALTER TABLE T{at} ADD PRIMARY KEY (ID);")),
    ];
    for dialect in [Dialect::postgres(), Dialect::mysql()] {
        for text in &texts {
            let started = std::time::Instant::now();
            let schema = Schema::from_sql(text, dialect).unwrap().schema;
            assert!(schema.tables().iter().map(|table| table.columns().len()).sum::<usize>() >= 30_000);
            assert!(started.elapsed().as_secs() < 20, "{dialect}: {:?}", started.elapsed());
        }
    }
}

/// A table keeps its columns where a later statement about it is wrong, and names keep their spelling.
#[test]
fn a_wrong_change_leaves_the_table() {
    let text = "CREATE TABLE T (Id int, N int); ALTER TABLE t ADD COLUMN n int; ALTER TABLE t ADD UNIQUE (x);
        ALTER TABLE t CHANGE n Amount int; ALTER TABLE t ADD COLUMN n int; CREATE UNIQUE INDEX i ON t (AMOUNT);";
    let errors = Schema::from_sql(text, Dialect::mysql()).unwrap_err();
    let codes: Vec<_> = errors.iter().map(|error| error.kind().code()).collect();
    assert_eq!(codes, ["column-twice", "unknown-column"]);
    let text = "CREATE TABLE T (Id int, N int); ALTER TABLE t CHANGE n Amount int; ALTER TABLE t ADD COLUMN n int;
        CREATE UNIQUE INDEX i ON t (AMOUNT);";
    let schema = Schema::from_sql(text, Dialect::mysql()).unwrap().schema;
    let [table] = schema.tables() else { panic!("{schema:?}") };
    let names: Vec<_> = table.columns().iter().map(|column| column.name().as_str()).collect();
    assert_eq!(
        (names.as_slice(), table.uniques()[0].columns()[0].as_str()),
        (["Id", "Amount", "n"].as_slice(), "Amount")
    );
}
