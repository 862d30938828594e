//! `setwise explain`: strategy, chunks and casts, for each target.

mod support;

use support::Folder;

#[test]
fn each_target_is_explained() {
    let folder = Folder::new("explain");
    let rows: String = (0..250).map(|id| format!("{{\"id\":{id},\"title\":\"t{id}\"}}\n")).collect();
    folder.write("rows.ndjson", rows);
    let update = ["--schema", "schema.sql", "--table", "posts", "--key", "id", "rows.ndjson"];
    let said = folder.run(&[&["explain", "--to", "postgres@15,sqlite@3.40", "--chunk", "100"], &update[..]].concat());
    let plans: Vec<_> = said.assert_done().split("\n\n").collect();
    let [postgres, sqlite] = plans[..] else { panic!("{plans:#?}") };
    assert!(postgres.starts_with("postgres@15.0: ") && sqlite.starts_with("sqlite@3.40: "), "{plans:#?}");
    for part in ["values-join: ", "250 rows in 3 steps of at most 100 rows", "`id` int32, `title` text(40)"] {
        assert!(postgres.contains(part), "{part}: {postgres}");
    }
    let said = folder.run(&[&["explain", "--to", "sqlite", "--binds"], &update[..]].concat());
    assert!(said.assert_done().contains("per-row: "), "{}", said.out);
}

#[test]
fn what_cannot_be_done_is_refused() {
    let folder = Folder::new("explain_refused");
    folder.write("rows.ndjson", "{\"id\":1,\"title\":null}\n");
    let update = ["--schema", "schema.sql", "--table", "posts", "--key", "id", "rows.ndjson"];
    let said = folder.run(&[&["explain", "--to", "postgres"], &update[..]].concat());
    said.assert_refused(&["error[null-not-allowed]: `title` does not take null", " --> rows.ndjson:1: /title"]);
}

#[test]
fn rows_of_a_table_are_explained() {
    let folder = Folder::new("explain_rows_from");
    let posts = "CREATE TABLE posts (id integer PRIMARY KEY, title varchar(40));";
    folder.write("both.sql", format!("{posts} CREATE TABLE staging (id integer, title varchar(40));"));
    let update = ["--table", "posts", "--key", "id", "--rows-from", "(id, title) from staging"];
    let said = folder.run(&[&["explain", "--to", "postgres@15", "--schema", "both.sql"], &update[..]].concat());
    let parts = [
        "update of `posts`: the rows of `staging` by `id`\n",
        "- lock: nobody else may write to the table from which the rows come\n",
        "- check: a key that is null finds no row\n",
        "- check: of two rows with one key none is the one that is meant\n",
        "- table-join: the rows are in a table, with which one statement joins\n",
    ];
    for part in parts {
        assert!(said.assert_done().contains(part), "{part}: {}", said.out);
    }
    let said = folder.run(
        &[&["explain", "--to", "mysql@8.4", "--schema", "both.sql"], &update[..], &["--lock", "ordered"]].concat(),
    );
    let refusal = "mysql@8.4 has no order of locks where rows come from a table: it locks rows as it meets them, and a table has no order";
    said.assert_refused(&[&format!("error[unsupported]: {refusal}"), "  = leave `lock ordered` out"]);
}

#[test]
fn an_update_that_others_follow_is_explained_as_it_is_done() {
    let folder = Folder::new("explain_followed");
    let tables =
        "CREATE TABLE users (id int PRIMARY KEY, n int); CREATE TABLE posts (id int PRIMARY KEY, author int, n int);";
    folder.write("users.sql", tables);
    folder.write("users.setwise", "update users set n = 0 where n > 1 then posts by author = id set n = 1");
    let run = |dialect: &str| folder.run(&["explain", "--to", dialect, "--schema", "users.sql", "users.setwise"]);
    let (postgres, sqlite) = (run("postgres"), run("sqlite"));
    let (postgres, sqlite) = (postgres.assert_done(), sqlite.assert_done());
    let led = "one statement does both";
    assert!(postgres.contains(led) && !postgres.contains("temporary table"), "{postgres}");
    assert!(postgres.contains("only rows that follow the update before it"), "{postgres}");
    assert!(sqlite.contains("temporary table") && !sqlite.contains(led), "{sqlite}");
}
