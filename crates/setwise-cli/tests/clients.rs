//! Scripts through the engines' own clients: `psql`, `mariadb` (on MariaDB and on MySQL) and the `sqlite3` shell.

#[path = "clients/client.rs"]
mod client;
#[path = "../../../tests/engine/mod.rs"]
mod engine;
#[path = "clients/failures.rs"]
mod failures;
mod support;
#[path = "clients/texts.rs"]
mod texts;

use std::path::Path;

use client::{Client, column, options, script};
use setwise::{
    Array, Collation, Expr, Ident, Interval, OnMissing, Options, Output, Schema, Strategy, Table, TableName, Type,
    Update, Value,
};

#[test]
fn the_example_is_the_same_table_everywhere() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/blog");
    let read = |name: &str| std::fs::read_to_string(example.join(name)).unwrap();
    let (schema, seed, rows) = (read("schema.sql"), read("seed.sql"), read("rows.ndjson"));
    let post = |line: &str| {
        let post: serde_json::Value = serde_json::from_str(line).unwrap();
        let whole = |name: &str| Value::Int(post[name].as_i64().unwrap());
        (
            post["id"].as_i64().unwrap(),
            vec![whole("id"), post["title"].as_str().unwrap().to_owned().into(), whole("views")],
        )
    };
    let mut expected: Vec<_> = rows.lines().map(post).collect();
    expected.sort_by_key(|(id, _)| *id);
    let expected: Vec<_> = expected.into_iter().map(|(_, row)| row).collect();
    assert_eq!(expected.len(), 10_000);
    for client in &mut client::all() {
        client.pipe(&schema).assert_done();
        client.pipe(&seed).assert_done();
        let to = client.dialect().to_string();
        let folder = support::Folder::new(&format!("clients_example_{}", client.name()));
        folder.write("schema.sql", &schema);
        folder.write("rows.ndjson", &rows);
        let update =
            ["compile", "--to", &to, "--schema", "schema.sql", "--table", "posts", "--key", "id", "rows.ndjson"];
        client.pipe(folder.run(&update).assert_done()).assert_done();
        let table = Schema::from_sql(&schema, client.dialect()).unwrap().schema.tables()[0].clone();
        assert!(client.read(&table) == expected, "{to}: not the rows that came in");
    }
}

/// A table of texts and bytes, each row empty.
fn fill_texts(client: &mut Client, rows: usize) -> Table {
    client.reset();
    let columns = client.pick("body text, raw bytea", "body longtext, raw longblob", "body text, raw blob");
    client.execute(&format!("CREATE TABLE t (id int NOT NULL PRIMARY KEY, {columns})"));
    for id in 0..rows {
        client.execute(&format!("INSERT INTO t (id) VALUES ({id})"));
    }
    let table = Table::new(TableName::new("t").unwrap()).column(column("id", Type::Int { bits: 32 }).not_null());
    table.column(column("body", Type::TEXT)).column(column("raw", Type::BYTES)).primary_key(["id"]).unwrap()
}

/// The hostile texts that an engine stores.
fn texts_for(client: &Client) -> Vec<String> {
    let mut texts: Vec<String> = texts::SHORT.into_iter().map(str::to_owned).chain(texts::long()).collect();
    if client.name() != "postgres" {
        texts.extend(texts::WITH_NUL.map(str::to_owned));
    }
    texts
}

fn rows_of(texts: &[String]) -> Vec<Vec<Value<'static>>> {
    let row = |(id, text): (i64, &String)| {
        vec![id.into(), text.clone().into(), Value::Bytes(text.clone().into_bytes().into())]
    };
    (0..).zip(texts).map(row).collect()
}

/// Compiles the hostile texts by a strategy, pipes the script in, and compares.
#[track_caller]
fn assert_texts_arrive(client: &mut Client, options: &Options, more: &[&str]) {
    let texts = texts_for(client);
    let rows = rows_of(&texts);
    let table = fill_texts(client, rows.len());
    let schema = Schema::new().table(table.clone());
    let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "body", "raw"], rows.clone());
    let text = script(&update.build().unwrap(), client.dialect(), options).unwrap();
    client.pipe_as(&text, more).assert_done();
    let found = client.read(&table);
    for (found, expected) in found.iter().zip(&rows) {
        assert!(found == expected, "{} {options:?}: {expected:.200?} became {found:.200?}", client.name());
    }
    assert_eq!(found.len(), rows.len());
}

#[test]
fn hostile_texts_arrive_as_they_are() {
    for client in &mut client::all() {
        for strategy in client.dialect().strategies().chain([Strategy::Auto]) {
            for chunk in [3, 0] {
                assert_texts_arrive(client, &options().strategy(strategy).chunk(chunk), &[]);
            }
        }
    }
}

#[test]
fn session_modes_change_nothing() {
    for client in &mut client::all() {
        let modes: &[&[&str]] = match client.name() {
            "postgres" => &[
                &["PGOPTIONS=-c standard_conforming_strings=off"],
                &["PGOPTIONS=-c standard_conforming_strings=off -c backslash_quote=off"],
                &["PGCLIENTENCODING=LATIN1"],
                &["PGCLIENTENCODING=SJIS"],
                &["PGOPTIONS=-c DateStyle=SQL,DMY -c TimeZone=Asia/Kolkata"],
            ],
            "mysql" | "mariadb" => &[
                &["--init-command=SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'"],
                &["--init-command=SET sql_mode = 'NO_BACKSLASH_ESCAPES'"],
                &["--init-command=SET sql_mode = ''"],
                &["--default-character-set=latin1"],
                &["--default-character-set=gbk"],
                &["--binary-mode"],
            ],
            _ => &[&["-init", "/dev/null"]],
        };
        for more in modes {
            assert_texts_arrive(client, &options(), more);
            assert_texts_arrive(client, &options().strategy(Strategy::Case), more);
        }
    }
}

/// A session that reads and writes but few rows at a time, as `--safe-updates` has it.
#[test]
fn no_limit_of_a_session_stops_a_script() {
    let limits = ["sql_safe_updates = 1", "sql_select_limit = 0", "max_join_size = 1"];
    let limits = limits.map(|limit| format!("--init-command=SET {limit}"));
    let rows = || (0..100i64).map(|id| (id, (id + 37) % 100, format!("body {id}")));
    for client in client::all().iter_mut().filter(|client| matches!(client.name(), "mysql" | "mariadb")) {
        let table = Table::new(TableName::new("t").unwrap())
            .column(column("id", Type::INT64).not_null())
            .column(column("position", Type::INT64))
            .column(column("body", Type::Text { max: Some(20) }))
            .primary_key(["id"])
            .unwrap();
        let table = table.unique(["position"]).unwrap();
        let schema = Schema::new().table(table.clone());
        for limit in &limits {
            client.reset();
            client.execute("CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, position bigint UNIQUE, body varchar(20))");
            for (id, _, _) in rows() {
                client.execute(&format!("INSERT INTO t VALUES ({id}, {id}, '')"));
            }
            let keyed = Update::table("t").schema(&schema).key(["id"]).rows(["id", "position", "body"], rows());
            let keyed = keyed.on_missing(OnMissing::Error).build().unwrap();
            let found = setwise::lang::parse("update t set position = position + 1 where body <> ''").unwrap();
            let found = found.into_parts().0.schema(&schema).build().unwrap();
            for update in [keyed, found] {
                let text = script(&update, client.dialect(), &options()).unwrap();
                client.pipe_as(&text, &[limit]).assert_done();
            }
            let expected: Vec<_> =
                rows().map(|(id, position, body)| vec![id.into(), (position + 1).into(), body.into()]).collect();
            assert_eq!(client.read(&table), expected, "{} {limit}", client.name());
        }
    }
}

#[test]
fn locked_keys_are_counted_and_not_printed() {
    let table = Table::new(TableName::new("t").unwrap()).column(column("id", Type::INT64).not_null());
    let table = table.column(column("n", Type::INT64)).primary_key(["id"]).unwrap();
    let schema = Schema::new().table(table.clone());
    for client in &mut client::all() {
        client.reset();
        client.execute("CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, n bigint)");
        let values: Vec<_> = (0..500).map(|id| format!("({id}, 0)")).collect();
        client.execute(&format!("INSERT INTO t VALUES {}", values.join(", ")));
        let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "n"], (0..500i64).map(|id| (id, id)));
        let update = update.on_missing(OnMissing::Error).lock_ordered().build().unwrap();
        let said = client.pipe(&script(&update, client.dialect(), &options()).unwrap());
        said.assert_done();
        let counts = said.out.lines().filter(|line| line.trim() == "500").count();
        assert_eq!(counts, usize::from(client.name() != "sqlite"), "{}: {said:#?}", client.name());
        assert!(said.out.lines().count() < 40, "{}: {said:#?}", client.name());
        assert_eq!(client.read(&table), (0..500i64).map(|id| vec![id.into(), id.into()]).collect::<Vec<_>>());
    }
}

#[test]
fn spans_and_lists_change_in_no_session_mode() {
    for client in client::all().iter_mut().filter(|client| client.name() == "postgres") {
        let span = |months, days, micros| Value::Interval(Interval { months, days, micros });
        let list = |items: Vec<Value<'static>>| Value::Array(Box::new(Array::new(items).unwrap()));
        let spans = [span(-14, 3, 14_400_000_000), span(-1, 0, 0), span(0, -1, 1), span(2, -3, -4)];
        let rows = spans.into_iter().zip(0i64..).map(|(span, id)| {
            let texts = list(vec![Value::Null, "NULL".into(), "".into(), "null".into()]);
            vec![id.into(), span.clone(), texts, list(vec![span, Value::Null])]
        });
        let rows: Vec<_> = rows.collect();
        let table = Table::new(TableName::new("t").unwrap())
            .column(column("id", Type::Int { bits: 32 }).not_null())
            .column(column("span", Type::Interval))
            .column(column("texts", Type::array(Type::TEXT).unwrap()))
            .column(column("spans", Type::array(Type::Interval).unwrap()))
            .primary_key(["id"])
            .unwrap();
        let schema = Schema::new().table(table.clone());
        for mode in ["IntervalStyle=sql_standard", "IntervalStyle=iso_8601", "array_nulls=off"] {
            for strategy in [Strategy::ValuesJoin, Strategy::Case, Strategy::PerRow] {
                client.reset();
                client.execute("CREATE TABLE t (id int PRIMARY KEY, span interval, texts text[], spans interval[])");
                client.execute("INSERT INTO t SELECT generate_series(0, 3)");
                let update = Update::table("t").schema(&schema).key(["id"]);
                let update = update.rows(["id", "span", "texts", "spans"], rows.clone()).build().unwrap();
                let text = script(&update, client.dialect(), &options().strategy(strategy)).unwrap();
                client.pipe_as(&text, &[&format!("PGOPTIONS=-c {mode}")]).assert_done();
                assert_eq!(client.read(&table), rows, "{mode} {strategy:?}");
            }
        }
    }
}

/// The same without a client: what a driver sends must not depend on the session either.
#[test]
fn inline_text_is_right_in_every_session_mode() {
    for client in &mut client::all() {
        let modes: &[&str] = match client.name() {
            "postgres" => &["SET standard_conforming_strings = off", "SET DateStyle = 'SQL, DMY'"],
            "mysql" | "mariadb" => &[
                "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
                "SET sql_mode = 'ANSI'",
                "SET sql_mode = 'NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
            ],
            _ => &["PRAGMA legacy_alter_table = on"],
        };
        for mode in modes {
            for strategy in [Strategy::ValuesJoin, Strategy::Case, Strategy::PerRow] {
                let rows = rows_of(&texts_for(client));
                let table = fill_texts(client, rows.len());
                client.execute(mode);
                let schema = Schema::new().table(table.clone());
                let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "body", "raw"], rows.clone());
                let options = Options::new().output(Output::Inline).strategy(strategy);
                client.execute(&script(&update.build().unwrap(), client.dialect(), &options).unwrap());
                assert!(client.read(&table) == rows, "{} {mode} {strategy:?}", client.name());
            }
        }
    }
}

#[test]
fn hostile_keys_constants_and_conditions_match() {
    for client in &mut client::all() {
        client.reset();
        let padless = if client.name() == "mysql" { "utf8mb4_0900_bin" } else { "utf8mb4_nopad_bin" };
        let (collation, ty) = (client.pick("\"C\"", padless, "BINARY"), client.pick("text", "varchar(60)", "text"));
        client.execute(&format!(
            "CREATE TABLE t (k {ty} COLLATE {collation} NOT NULL PRIMARY KEY, id int, body varchar(80))"
        ));
        let collation = collation.trim_matches('"');
        let table = Table::new(TableName::new("t").unwrap())
            .column(column("k", Type::TEXT).not_null().collate(Collation::named(Ident::new(collation).unwrap())))
            .column(column("id", Type::Int { bits: 32 }))
            .column(column("body", Type::TEXT))
            .primary_key(["k"])
            .unwrap();
        let schema = Schema::new().table(table.clone());
        // the keys get into the table by the client too
        for (id, text) in (0i64..).zip(texts::SHORT) {
            client.execute(&format!("INSERT INTO t (k, id, body) VALUES ('{id}', {id}, 'old')"));
            let update = Update::table("t").key(["id"]).rows(["id", "k"], [(id, text)]);
            client.pipe(&script(&update.build().unwrap(), client.dialect(), &options()).unwrap()).assert_done();
        }
        for strategy in [Strategy::ValuesJoin, Strategy::Case, Strategy::PerRow, Strategy::Uniform] {
            let rows = texts::SHORT.map(|text| (text, format!("{strategy:?} {text}")));
            let old = Expr::Column(Ident::new("body").unwrap()).equals("no\nsuch\\'text").negate();
            let update = Update::table("t").schema(&schema).key(["k"]).rows(["k", "body"], rows.clone()).filter(old);
            let text = script(&update.build().unwrap(), client.dialect(), &options().strategy(strategy)).unwrap();
            client.pipe(&text).assert_done();
            let mut found = client.read(&table);
            found.sort_by_key(|row| if let Value::Int(id) = row[1] { id } else { -1 });
            for ((found, id), (text, body)) in found.iter().zip(0i64..).zip(&rows) {
                assert_eq!(found, &[(*text).into(), id.into(), body.as_str().into()], "{}", client.name());
            }
        }
    }
}

#[test]
fn hostile_names_are_one_name_or_refused() {
    for client in &mut client::all() {
        let (mut ran, mut refused) = (0, Vec::new());
        for name in texts::SHORT.into_iter().filter(|name| !name.is_empty()) {
            client.reset();
            let (table, field) = (client.quoted(&format!("t{name}.")), client.quoted(&format!("{name}.")));
            let update = Update::table(TableName::new(format!("t{name}.")).unwrap())
                .key(["id"])
                .rows(["id", &format!("{name}.")], [(1, 11), (2, 22), (3, 33)])
                .build()
                .unwrap();
            let text = match script(&update, client.dialect(), &options()) {
                Ok(text) => text,
                Err(errors) => {
                    assert!(errors.iter().all(|error| error.code() == "name-not-allowed"), "{name:?}: {errors}");
                    refused.push(name);
                    continue;
                }
            };
            let create = format!("CREATE TABLE {table} (id int NOT NULL PRIMARY KEY, {field} int)");
            assert!(client.takes(&create), "{}: setwise takes the name {name:?}, the engine does not", client.name());
            client.execute(&format!("INSERT INTO {table} VALUES (1, 1), (2, 2), (3, 3)"));
            client.pipe(&text).assert_done();
            let read = Table::new(TableName::new(format!("t{name}.")).unwrap())
                .column(column("id", Type::Int { bits: 32 }))
                .column(column(&format!("{name}."), Type::Int { bits: 32 }));
            let found = client.read(&read);
            assert_eq!(
                found,
                [[1, 11], [2, 22], [3, 33]].map(|row| row.map(Value::Int)),
                "{}: {name:?}",
                client.name()
            );
            ran += 1;
        }
        assert!(ran > 50, "{}: {ran} names, refused {refused:?}", client.name());
        assert!(refused.iter().all(|name| name.contains("\r\n") || name.contains(|c| c > '\u{ffff}')), "{refused:?}");
    }
}

#[test]
fn missing_rows_are_inserted_through_the_clients() {
    let rows = || (0..50i64).map(|id| (id, format!("it's {id} \\")));
    for client in &mut client::all() {
        let table = Table::new(TableName::new("t").unwrap()).column(column("id", Type::INT64).not_null());
        let table = table.column(column("body", Type::Text { max: Some(40) })).primary_key(["id"]).unwrap();
        let schema = Schema::new().table(table.clone());
        for (strategy, chunk) in [(Strategy::Auto, 0), (Strategy::PerRow, 0), (Strategy::Case, 7)] {
            client.reset();
            client.execute("CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, body varchar(40))");
            client.execute("INSERT INTO t VALUES (3, 'old'), (40, 'old'), (99, 'kept')");
            let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "body"], rows());
            let update = update.on_missing(OnMissing::Insert).build().unwrap();
            let options = options().strategy(strategy).chunk(chunk);
            client.pipe(&script(&update, client.dialect(), &options).unwrap()).assert_done();
            let mut expected: Vec<_> = rows().map(|(id, body)| vec![Value::Int(id), Value::from(body)]).collect();
            expected.push(vec![Value::Int(99), Value::from("kept")]);
            assert_eq!(client.read(&table), expected, "{} {strategy:?}", client.name());
        }
        let folder = support::Folder::new(&format!("clients_inserted_{}", client.name()));
        folder.write("schema.sql", "CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, body varchar(40));");
        folder.write("rows.csv", "id,body\n100,first\n99,x\n100,last\n");
        let to = client.dialect().to_string();
        let compile = ["compile", "--to", &to, "--schema", "schema.sql", "--table", "t", "--key", "id"];
        let policies = ["--on-missing", "insert", "--on-duplicate", "last", "rows.csv"];
        client.pipe(folder.run(&[&compile[..], &policies].concat()).assert_done()).assert_done();
        let rows = client.read(&table);
        let expected = [(99, "x"), (100, "last")].map(|(id, body)| vec![Value::Int(id), Value::from(body)]);
        assert_eq!(rows[rows.len() - 2..], expected, "{}", client.name());
    }
}
