//! Two sessions at once: what a check has seen stays so until the script is through, and what it sees is not old.
#![allow(dead_code, reason = "the modules are shared with other test programs")]

#[path = "clients/client.rs"]
mod client;
#[path = "../../../tests/engine/mod.rs"]
mod engine;
mod support;

use client::{Client, column};
use setwise::{OnMissing, Options, Output, Purpose, Schema, Table, TableName, Type, Update, Value, compile};

fn table() -> Table {
    let table = Table::new(TableName::new("t").unwrap()).column(column("id", Type::INT64).not_null());
    table.column(column("n", Type::Int { bits: 32 })).primary_key(["id"]).unwrap()
}

fn fill(client: &mut Client) {
    client.reset();
    client.execute("CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, n int)");
    client.execute("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
}

/// The steps of an update that needs rows 1 and 3.
fn steps(client: &Client, schema: &Schema) -> Vec<(Purpose, String)> {
    let update = Update::table("t").schema(schema).key(["id"]).rows(["id", "n"], [(1, 10), (3, 30)]);
    let update = update.on_missing(OnMissing::Error).build().unwrap();
    let options = Options::new().output(Output::ScriptWithoutTransaction);
    let mut script = compile(&update, client.dialect(), &options).unwrap();
    let mut steps = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        if matches!(step.purpose, Purpose::Lock | Purpose::Check | Purpose::Update) {
            steps.push((step.purpose, step.text.to_owned()));
        }
    }
    steps
}

/// Servers on which rows are locked one by one.
fn servers() -> Vec<Client> {
    client::all().into_iter().filter(|client| client.name() != "sqlite").collect()
}

#[test]
fn a_row_that_a_check_has_found_cannot_vanish_before_it_is_updated() {
    let schema = Schema::new().table(table());
    for client in &mut servers() {
        let wait = client.pick("SET lock_timeout = '300ms'", "SET innodb_lock_wait_timeout = 1", "");
        for isolation in ["READ COMMITTED", "REPEATABLE READ"] {
            fill(client);
            client.execute(client.pick(
                &format!("BEGIN; SET TRANSACTION ISOLATION LEVEL {isolation}"),
                &format!("SET TRANSACTION ISOLATION LEVEL {isolation}; START TRANSACTION"),
                "",
            ));
            let mut taken = 0;
            for (purpose, text) in steps(client, &schema) {
                client.execute(&text);
                if purpose == Purpose::Check {
                    let said = client.pipe(&format!("{wait};\nDELETE FROM t WHERE id = 3;\n"));
                    assert!(said.err.contains("timeout"), "{} {isolation}: {said:#?}", client.name());
                    taken += 1;
                }
            }
            assert!(taken > 0, "{}: no check", client.name());
            client.execute("COMMIT");
            let expected = [[1, 10], [2, 2], [3, 30]].map(|row| row.map(Value::Int));
            assert_eq!(client.read(&table()), expected, "{} {isolation}", client.name());
        }
    }
}

#[test]
fn a_check_does_not_read_what_is_old() {
    let schema = Schema::new().table(table());
    for client in &mut servers() {
        fill(client);
        client.execute(client.pick(
            "BEGIN; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION",
            "",
        ));
        // from here on, plain queries of this session see all three rows
        client.execute("SELECT * FROM t");
        client.pipe("DELETE FROM t WHERE id = 3;\n").assert_done();
        let ran = steps(client, &schema).iter().all(|(_, text)| client.takes(text));
        assert!(!ran, "{}: a row that is gone was not missed", client.name());
        client.execute("ROLLBACK");
        let expected = [[1, 1], [2, 2]].map(|row| row.map(Value::Int));
        assert_eq!(client.read(&table()), expected, "{}", client.name());
    }
}
