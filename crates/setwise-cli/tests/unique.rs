//! Unique columns whose values change places: through the command and the engines' own clients, and by `setwise apply`.

#[path = "clients/client.rs"]
#[allow(dead_code, reason = "each test program uses its part")]
mod client;
#[path = "../../../tests/engine/mod.rs"]
mod engine;
mod support;

use rusqlite::Connection;
use setwise::{Purpose, Schema, Update, Value};
use support::Folder;

const SCHEMA: &str = "CREATE TABLE items (
    id INTEGER NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    note VARCHAR(20),
    CONSTRAINT one_place UNIQUE (position)
);
";

/// An update of a hundred rows, whose positions are their ids.
struct Change {
    name: &'static str,
    /// What the command is told besides table and schema.
    arguments: &'static [&'static str],
    /// The rows that come in.
    rows: String,
    /// Where a row stands afterwards.
    place: fn(i64) -> i64,
    /// How many rows are written and changed.
    changed: usize,
}

fn changes() -> Vec<Change> {
    let listed = |head: &str, ids: std::ops::RangeInclusive<i64>, value: fn(i64) -> i64| {
        ids.fold(format!("{head}\n"), |text, id| format!("{text}{id},{}\n", value(id)))
    };
    vec![
        Change {
            name: "swap",
            arguments: &["--key", "id", "rows.csv"],
            rows: "id,position\n7,8\n8,7\n".into(),
            place: |id| {
                if id == 7 {
                    8
                } else if id == 8 {
                    7
                } else {
                    id
                }
            },
            changed: 2,
        },
        Change {
            name: "rotation",
            arguments: &["--key", "id", "rows.csv"],
            rows: listed("id,position", 1..=100, |id| id % 100 + 1),
            place: |id| id % 100 + 1,
            changed: 100,
        },
        Change {
            name: "everywhere",
            arguments: &["--set", "position = position + 1", "--all-rows"],
            rows: String::new(),
            place: |id| id + 1,
            changed: 100,
        },
        Change {
            name: "guard",
            arguments: &["--key", "id", "--where", "position < 51", "rows.csv"],
            rows: listed("id,position", 1..=100, |id| if id <= 50 { id % 50 + 1 } else { 1000 }),
            place: |id| if id <= 50 { id % 50 + 1 } else { id },
            changed: 50,
        },
        Change {
            name: "expression",
            arguments: &["--key", "id", "--set", "position = position + new.position", "rows.csv"],
            rows: listed("id,position", 1..=100, |id| if id % 2 == 0 { -1 } else { 1 }),
            place: |id| if id % 2 == 0 { id - 1 } else { id + 1 },
            changed: 100,
        },
    ]
}

fn fill() -> String {
    let rows: Vec<String> = (1..=100).map(|id| format!("({id}, {id}, NULL)")).collect();
    format!("{SCHEMA}INSERT INTO items VALUES {};\n", rows.join(", "))
}

/// Every strategy in small chunks, and the automatic one without.
fn means() -> impl Iterator<Item = [&'static str; 4]> {
    let chunked =
        ["auto", "uniform", "per-row", "case", "values-join"].map(|name| ["--strategy", name, "--chunk", "7"]);
    chunked.into_iter().chain([["--strategy", "auto", "--chunk", "0"]])
}

#[test]
fn values_change_places_through_every_client() {
    for client in &mut client::all() {
        let to = client.dialect().to_string();
        let table = Schema::from_sql(SCHEMA, client.dialect()).unwrap().schema.tables()[0].clone();
        for change in changes() {
            let folder = Folder::new(&format!("unique_{}_{}", change.name, client.name()));
            folder.write("schema.sql", SCHEMA);
            folder.write("rows.csv", &change.rows);
            let update = ["compile", "--to", &to, "--schema", "schema.sql", "--table", "items"];
            for means in means() {
                let compiled = folder.run(&[&update[..], &means[..], change.arguments].concat());
                if compiled.err.contains("strategy-not-legal") {
                    continue;
                }
                client.reset();
                client.pipe(&fill()).assert_done();
                client.pipe(compiled.assert_done()).assert_done();
                let found: Vec<(Value<'_>, Value<'_>)> =
                    client.read(&table).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
                let expected: Vec<_> = (1..=100).map(|id| (Value::Int(id), Value::Int((change.place)(id)))).collect();
                assert_eq!(found, expected, "{} by {means:?} on {to}", change.name);
            }
        }
    }
}

#[test]
fn a_value_that_another_row_keeps_leaves_every_table_untouched() {
    for client in &mut client::all() {
        let to = client.dialect().to_string();
        let table = Schema::from_sql(SCHEMA, client.dialect()).unwrap().schema.tables()[0].clone();
        let folder = Folder::new(&format!("unique_taken_{}", client.name()));
        folder.write("schema.sql", SCHEMA);
        folder.write("rows.csv", "id,position\n7,8\n8,9\n");
        let update = ["compile", "--to", &to, "--schema", "schema.sql", "--table", "items", "--key", "id", "rows.csv"];
        client.reset();
        client.pipe(&fill()).assert_done();
        assert_ne!(client.pipe(folder.run(&update).assert_done()).status, 0);
        assert!(client.read(&table).iter().all(|row| row[0] == row[1]), "{to}");
    }
}

#[test]
fn apply_parks_and_counts_each_row_once() {
    for change in changes() {
        for means in means() {
            let folder = Folder::new(&format!("unique_apply_{}_{}_{}", change.name, means[1], means[3]));
            let connection = Connection::open(folder.path("list.db")).unwrap();
            connection.execute_batch(&fill()).unwrap();
            folder.write("rows.csv", &change.rows);
            let update = ["apply", "--db", "list.db", "--table", "items"];
            let said = folder.run(&[&update[..], &means[..], change.arguments].concat());
            let counted = format!("{0} matched, {0} changed", change.changed);
            assert!(said.assert_done().contains(&counted), "{} by {means:?}: {}", change.name, said.out);
            let mut query = connection.prepare("SELECT id, position FROM items").unwrap();
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            let places: Vec<(i64, i64)> = rows.map(Result::unwrap).collect();
            assert_eq!(places.len(), 100);
            for (id, position) in places {
                assert_eq!(position, (change.place)(id), "{} by {means:?}", change.name);
            }
        }
    }
}

#[test]
fn nobody_else_writes_a_value_while_some_are_parked() {
    for client in &mut client::all() {
        let schema = Schema::from_sql(SCHEMA, client.dialect()).unwrap().schema;
        let update = Update::table("items").schema(&schema).key(["id"]).rows(["id", "position"], [(7, 8), (8, 7)]);
        let update = update.build().unwrap();
        client.reset();
        client.pipe(&fill()).assert_done();
        let mut script = setwise::compile(&update, client.dialect(), &client::options()).unwrap();
        while let Some(step) = script.next() {
            let step = step.unwrap();
            if !matches!(step.purpose, Purpose::Client | Purpose::Session) {
                client.execute(step.text);
            }
            if step.purpose == Purpose::Update {
                break;
            }
        }
        let wait = client.pick("SET lock_timeout = '300ms';", "SET innodb_lock_wait_timeout = 1;", "");
        let other = client.pipe(&format!("{wait}\nINSERT INTO items VALUES (1000, 5000, NULL);\n"));
        assert!(other.err.to_lowercase().contains("lock"), "{}: {other:?}", client.name());
        client.execute("ROLLBACK");
    }
}
