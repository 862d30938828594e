//! What a client tells, and what it leaves in the table, where a script fails.

use setwise::{Collation, Ident, OnMissing, Output, Schema, Strategy, Table, TableName, Type, Update, Value};

use crate::client::{self, column, options, script};

/// What makes the second of three statements fail.
const FAILURES: [(&str, &str); 4] = [
    ("a check", "CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int, body varchar(9), CHECK (n < 100))"),
    ("not null", "CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int, body varchar(9) NOT NULL)"),
    ("a unique column", "CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int UNIQUE, body varchar(9))"),
    ("no such column", "CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int, other varchar(9))"),
];

#[test]
fn a_failure_in_the_middle_leaves_every_table_untouched() {
    for client in &mut client::all() {
        for (why, create) in FAILURES {
            let is_late = why != "no such column";
            for strategy in [Strategy::PerRow, Strategy::ValuesJoin, Strategy::Case] {
                for output in [Output::Script, Output::ScriptWithoutTransaction] {
                    client.reset();
                    client.execute(create);
                    client.execute(
                        "INSERT INTO t VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'three'), (4, 104 - 100, 'four')",
                    );
                    let read = Table::new(TableName::new("t").unwrap())
                        .column(column("id", Type::Int { bits: 32 }))
                        .column(column("n", Type::Int { bits: 32 }));
                    let before = client.read(&read);
                    let second = match why {
                        "a check" => (2, 200, Some("zwei")),
                        "not null" => (2, 22, None),
                        "a unique column" => (2, 4, Some("zwei")),
                        _ => (2, 22, Some("zwei")),
                    };
                    let update = Update::table("t")
                        .key(["id"])
                        .rows(["id", "n", "body"], [(1, 11, Some("eins")), second, (3, 33, Some("drei"))]);
                    let options = options().output(output).strategy(strategy).chunk(1);
                    let text = script(&update.build().unwrap(), client.dialect(), &options).unwrap();
                    assert_eq!(text.matches("UPDATE ").count(), 3, "{text}");
                    let said = client.pipe(&text);
                    let shown = format!("{} {why} {strategy:?} {output:?}: {said:#?}", client.name());
                    assert!(said.status != 0 && !said.err.is_empty(), "{shown}");
                    let after = client.read(&read);
                    if output == Output::Script || !is_late {
                        assert_eq!(after, before, "{shown}");
                    } else {
                        // without a transaction the client still stops at once
                        let n: Vec<_> = after.iter().map(|row| row[1].clone()).collect();
                        assert_eq!(n, [11, 2, 3, 4].map(Value::Int), "{shown}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_failing_commit_is_told() {
    let clients = &mut client::all();
    let Some(client) = clients.iter_mut().find(|client| client.name() == "postgres") else { return };
    client.execute("CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1)");
    client.execute("CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
    client.execute("INSERT INTO t VALUES (1, 1), (2, 1)");
    let update = Update::table("t").key(["id"]).rows(["id", "p"], [(1, 1), (2, 9)]).build().unwrap();
    let said = client.pipe(&script(&update, client.dialect(), &options()).unwrap());
    assert!(said.status != 0 && said.err.contains("foreign key"), "{said:#?}");
}

#[test]
fn a_check_says_what_it_finds_and_leaves_the_table() {
    for client in &mut client::all() {
        let folding = client.pick("text", "varchar(9)", "varchar(9) COLLATE NOCASE");
        client.reset();
        client.execute(&format!("CREATE TABLE t (k {folding} NOT NULL PRIMARY KEY, n int)"));
        client.execute("INSERT INTO t VALUES ('a', 1), ('b', 2)");
        let collation = client.pick("C", "utf8mb4_general_ci", "NOCASE");
        let key = column("k", Type::Text { max: Some(9) }).not_null();
        let key = key.collate(Collation::named(Ident::new(collation).unwrap()));
        let table = Table::new(TableName::new("t").unwrap()).column(key).column(column("n", Type::Int { bits: 32 }));
        let schema = Schema::new().table(table.clone());
        let before = client.read(&table);
        let update = |rows| Update::table("t").schema(&schema).key(["k"]).rows(["k", "n"], rows);
        let missing = update([("a", 10), ("gone", 20)]).on_missing(OnMissing::Error);
        let said = client.pipe(&script(&missing.build().unwrap(), client.dialect(), &options()).unwrap());
        let told = format!("{}{}", said.out, said.err);
        assert!(said.status != 0 && told.contains("missing key") && told.contains("gone"), "{said:#?}");
        let equal = update([("A", 10), ("a", 20)]).build().unwrap();
        let said = client.pipe(&script(&equal, client.dialect(), &options()).unwrap());
        if client.name() == "postgres" {
            said.assert_done();
            continue;
        }
        assert!(said.status != 0 && said.out.contains("equal keys"), "{said:#?}");
        assert_eq!(client.read(&table), before, "{}", client.name());
    }
}
