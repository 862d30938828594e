//! Rows for a table that extends others, whose fields are columns of all of them.

mod support;

use rusqlite::Connection;
use support::{Folder, Said};

const SCHEMA: &str = "\
CREATE TABLE party (id INTEGER PRIMARY KEY, seen TIMESTAMP, note TEXT);
CREATE TABLE person (id INTEGER PRIMARY KEY REFERENCES party (id), name VARCHAR(20) NOT NULL, rate DECIMAL(6, 2));
CREATE TABLE customer (person_id INTEGER PRIMARY KEY REFERENCES person (id), credits INTEGER NOT NULL);
";

const ROWS: &str = "\
INSERT INTO party VALUES (1, NULL, 'a'), (2, NULL, 'b'), (3, NULL, 'c');
INSERT INTO person VALUES (1, 'Ann', NULL), (2, 'Bob', NULL), (3, 'Cleo', NULL);
INSERT INTO customer VALUES (1, 10), (2, 20);
";

/// The same two rows, in every form. Texts, numbers and instants are told by the columns' types alone.
const FILES: [(&str, &str); 3] = [
    (
        "rows.json",
        r#"[{"person_id": 2, "name": "7", "rate": "0.50", "seen": "2026-01-31 12:00:00", "credits": 5},
            {"person_id": 1, "name": "it's", "rate": 12.25, "seen": null, "credits": 6}]"#,
    ),
    (
        "rows.ndjson",
        "{\"person_id\":1,\"name\":\"it's\",\"rate\":12.25,\"seen\":null,\"credits\":6}\n\
         {\"person_id\":2,\"name\":\"7\",\"rate\":\"0.50\",\"seen\":\"2026-01-31 12:00:00\",\"credits\":5}\n",
    ),
    ("rows.csv", "person_id,name,rate,seen,credits\n1,it's,12.25,NULL,6\n2,7,0.50,2026-01-31 12:00:00,5\n"),
];

const TABLE: [&str; 7] =
    ["--schema", "chain.sql", "--schema-dialect", "postgres", "--extend-by-keys", "--null", "NULL"];

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("chain.sql", SCHEMA);
    FILES.iter().for_each(|(file, text)| folder.write(file, text));
    folder
}

fn compile(folder: &Folder, to: &str, more: &[&str]) -> Said {
    folder.run(&[&["compile", "--to", to], &TABLE[..], &["--table", "customer"], more].concat())
}

/// All three tables after a script, on a database of its own.
fn run(script: &str) -> Vec<String> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    connection.execute_batch(ROWS).unwrap();
    connection.execute_batch(script.trim_start_matches(".bail on\n")).unwrap();
    see(&connection)
}

/// All three tables, joined.
fn see(connection: &Connection) -> Vec<String> {
    let text = "SELECT concat_ws('|', id, name, rate, seen, note, credits) FROM party JOIN person USING (id)
        LEFT JOIN customer ON person_id = id ORDER BY id";
    let mut query = connection.prepare(text).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn fields_are_columns_of_all_tables_in_every_form() {
    let folder = folder("chain_forms");
    let mut scripts = Vec::new();
    for (file, _) in FILES {
        let said = compile(&folder, "sqlite", &["--key", "person_id", file]);
        let rows = run(said.assert_done());
        assert_eq!(rows, ["1|it's|12.25|a|6", "2|7|0.5|2026-01-31 12:00:00|b|5", "3|Cleo|c"], "{file}");
        scripts.push(said.out);
        let said = compile(&folder, "postgres", &["--key", "person_id", file]);
        let out = said.assert_done();
        for text in ["12.25", "'2026-01-31 12:00:00'", "'7'", "\"party\"", "\"person\"", "\"customer\""] {
            assert!(out.contains(text), "{file}: no {text} in {out}");
        }
    }
    assert!(scripts.iter().all(|script| *script == scripts[0]));
}

#[test]
fn the_key_may_have_the_name_of_any_table() {
    let folder = folder("chain_alias");
    folder.write("by_id.csv", "id,rate\n1,1.5\n2,2.25\n3,9.75\n");
    let said = compile(&folder, "sqlite", &["--key", "id", "by_id.csv"]);
    assert_eq!(run(said.assert_done()), ["1|Ann|1.5|a|10", "2|Bob|2.25|b|20", "3|Cleo|c"]);
}

/// Rows in the order of their keys are streamed, but not where another table comes into it.
#[test]
fn rows_that_could_be_streamed_are_read_at_once() {
    let folder = folder("chain_streams");
    folder.write("own.csv", "person_id,credits\n1,7\n2,8\n");
    let own = compile(&folder, "sqlite", &["--key", "person_id", "own.csv"]);
    assert_eq!(run(own.assert_done()), ["1|Ann|a|7", "2|Bob|b|8", "3|Cleo|c"]);
    let said = compile(&folder, "sqlite", &["--key", "person_id", "--where", "name = 'Bob'", "own.csv"]);
    assert_eq!(run(said.assert_done()), ["1|Ann|a|10", "2|Bob|b|8", "3|Cleo|c"]);
}

#[test]
fn wrong_fields_are_refused_at_their_place() {
    let folder = folder("chain_refused");
    let refused = |rows: &str, says: &[&str]| {
        folder.write("rows.csv", rows);
        let said = compile(&folder, "sqlite", &["--key", "person_id", "rows.csv"]);
        assert_eq!((said.status, said.out.as_str()), (1, ""));
        says.iter().for_each(|text| assert!(said.err.contains(text), "no {text:?} in {}", said.err));
    };
    refused("person_id,naem,rate\n1,Ann,1.5\n", &["error[unknown-field]", "did you mean `name`?"]);
    refused("person_id,rate,seen\n1,many,NULL\n2,1.5,soon\n", &["rows.csv:2:3", "rows.csv:3:7"]);
    let long = "person_id,name,rate\n1,Ann,1.5\n2,a name of more than twenty letters,1.125\n";
    refused(long, &["error[too-long]", "rows.csv:3: field `name`", "error[too-precise]", "rows.csv:3: field `rate`"]);
}

#[test]
fn named_updates_take_such_rows_too() {
    let folder = folder("chain_call");
    folder.write("people.setwise", "update rate on customer by person_id set rate = new.rate where credits > 10;");
    folder.write("rows.ndjson", "{\"person_id\":1,\"rate\":\"1.25\"}\n{\"person_id\":2,\"rate\":1.5}\n");
    let said = folder
        .run(&[&["call", "people.setwise", "rate", "--to", "sqlite", "--rows", "rows.ndjson"], &TABLE[..]].concat());
    assert_eq!(run(said.assert_done()), ["1|Ann|a|10", "2|Bob|1.5|b|20", "3|Cleo|c"]);
}

#[test]
fn a_file_can_be_updated_through_all_tables() {
    let folder = folder("chain_apply");
    let connection = Connection::open(folder.path("people.db")).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    connection.execute_batch(ROWS).unwrap();
    drop(connection);
    folder.write("rows.csv", "id,rate,credits\n1,1.5,11\n3,2.5,13\n");
    folder
        .write("seen.setwise", "update person set name = upper(name) all rows then party by id = id set note = 'seen'");
    let apply = |arguments: &[&str]| {
        let said = folder.run(&[&["apply", "--db", "people.db"], &TABLE[..], arguments].concat());
        said.assert_done().lines().next().unwrap().to_owned()
    };
    let said = apply(&["--table", "customer", "--key", "id", "rows.csv"]);
    assert_eq!(said, "customer: 2 rows given, 2 written in all tables, 1 missing");
    assert_eq!(apply(&["seen.setwise"]), "person: 6 written in all tables");
    let connection = Connection::open(folder.path("people.db")).unwrap();
    assert_eq!(see(&connection), ["1|ANN|1.5|seen|11", "2|BOB|seen|20", "3|CLEO|seen"]);
}
