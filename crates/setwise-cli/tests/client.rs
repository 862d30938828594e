//! Scripts in the `sqlite3` shell, as a user pipes them.

mod support;

use support::Folder;

const ROWS: &str = "{\"id\":1,\"title\":\"eins ☕ 'a' \\\\ \\t\\u0001\",\"views\":11}\n{\"id\":3,\"title\":\"drei\\nvier\",\"views\":33}\n";

fn script(folder: &Folder, more: &[&str]) -> String {
    let update = ["compile", "--to", "sqlite@3.33", "--schema", "schema.sql", "--table", "posts", "--key", "id"];
    folder.run(&[&update[..], more, &["rows.ndjson"]].concat()).assert_done().to_owned()
}

#[test]
fn scripts_and_apply_leave_the_same_table() {
    let applied = Folder::new("client_applied");
    applied.database("");
    applied.write("rows.ndjson", ROWS);
    applied.run(&["apply", "--db", "blog.db", "--table", "posts", "--key", "id", "rows.ndjson"]).assert_done();
    assert_eq!(applied.posts(), "1|eins ☕ 'a' \\ \t\u{1}|11\n2|two|20\n3|drei\nvier|33");
    for strategy in ["auto", "per-row", "values-join", "case"] {
        let piped = Folder::new(&format!("client_piped_{strategy}"));
        piped.database("");
        piped.write("rows.ndjson", ROWS);
        let Some(said) = piped.sqlite3(&script(&piped, &["--strategy", strategy])) else { return };
        said.assert_done();
        assert_eq!(piped.posts(), applied.posts(), "{strategy}");
    }
}

#[test]
fn a_failing_statement_undoes_those_before_it() {
    let folder = Folder::new("client_failing");
    folder.database(
        "CREATE TRIGGER no_three BEFORE UPDATE ON posts WHEN NEW.id = 3 BEGIN SELECT RAISE(FAIL, 'not three'); END",
    );
    folder.write("rows.ndjson", ROWS);
    let before = folder.posts();
    let text = script(&folder, &["--chunk", "1"]);
    assert_eq!(text.matches("UPDATE").count(), 2, "{text}");
    let Some(said) = folder.sqlite3(&text) else { return };
    assert!(said.status != 0 && said.err.contains("not three"), "{said:#?}");
    assert_eq!(folder.posts(), before);
}
