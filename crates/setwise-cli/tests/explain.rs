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
