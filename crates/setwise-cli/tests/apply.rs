//! `setwise apply`: what becomes of a SQLite file, and what is said of it.

mod support;

use support::Folder;

const ROWS: &str = "id,title,views\n3,drei,30\n1,one,10\n9,neun,90\n";

fn apply(folder: &Folder, more: &[&str]) -> support::Said {
    folder.run(&[&["apply", "--db", "sqlite:blog.db", "--table", "posts"], more].concat())
}

#[test]
fn rows_are_written_and_counted() {
    let folder = Folder::new("rows_are_written");
    folder.database("");
    folder.write("rows.csv", ROWS);
    let said = apply(&folder, &["--key", "id", "rows.csv"]);
    let report = said.assert_done();
    assert!(report.starts_with("posts: 3 rows given, 2 matched, 1 changed, 1 missing\n"), "{report}");
    assert!(report.contains(" ms, "), "{report}");
    assert_eq!(folder.posts(), "1|one|10\n2|two|20\n3|drei|30");
}

#[test]
fn a_dry_run_counts_and_leaves_every_byte() {
    let folder = Folder::new("dry_run");
    folder.database("");
    folder.write("rows.csv", ROWS);
    let before = folder.read("blog.db");
    let said = apply(&folder, &["--key", "id", "--dry-run", "rows.csv"]);
    let report = said.assert_done();
    assert!(report.starts_with("posts: 3 rows given, 2 matched, 1 changed, 1 missing\n"), "{report}");
    assert!(report.ends_with("dry run: nothing was written\n"), "{report}");
    assert!(folder.read("blog.db") == before);
    assert_eq!(std::fs::read_dir(folder.path("")).unwrap().count(), 3, "only schema, rows and database");
}

#[test]
fn a_failure_in_the_middle_leaves_the_file_as_it_was() {
    let folder = Folder::new("failure_in_the_middle");
    folder.database(
        "CREATE TRIGGER no_three BEFORE UPDATE ON posts WHEN NEW.id = 3 BEGIN SELECT RAISE(ABORT, 'not three'); END",
    );
    folder.write("rows.csv", "id,title,views\n1,eins,11\n2,zwei,22\n3,drei,33\n");
    let before = folder.read("blog.db");
    for strategy in ["per-row", "values-join", "case", "auto"] {
        for dry in [&["--dry-run"][..], &[]] {
            let said = apply(
                &folder,
                &[&["--key", "id", "--strategy", strategy, "--chunk", "1"], dry, &["rows.csv"]].concat(),
            );
            said.assert_refused(&["error[engine]: SQLite: not three"]);
            assert!(folder.read("blog.db") == before, "{strategy}");
        }
    }
}

#[test]
fn rows_come_from_a_table() {
    let folder = Folder::new("rows_from_a_table");
    folder.database(
        "CREATE TABLE staging (id INTEGER, title VARCHAR(40), batch INTEGER);
         INSERT INTO staging VALUES (3, 'drei', 7), (9, 'neun', 7), (1, 'eins', 8)",
    );
    let set = ["--key", "id", "--set", "title = new.title"];
    let said = apply(&folder, &[&set[..], &["--rows-from", "staging where batch = 7"]].concat());
    let report = said.assert_done();
    assert!(report.starts_with("posts: 1 matched, 1 changed\n"), "{report}");
    assert_eq!(folder.posts(), "1|one|10\n2|two|20\n3|drei|30");
    let said = apply(&folder, &["--key", "id", "--rows-from", "(id, titel) from staging"]);
    said.assert_refused(&["error[unknown-column]: the table `staging` has no column `titel`", " --> --rows-from"]);
}

#[test]
fn every_strategy_gives_the_same_table() {
    for strategy in ["auto", "per-row", "values-join", "case", "uniform"] {
        let folder = Folder::new(&format!("same_table_{strategy}"));
        folder.database("");
        folder.write("rows.csv", ROWS);
        let said = apply(&folder, &["--key", "id", "--strategy", strategy, "--chunk", "2", "rows.csv"]);
        assert!(said.assert_done().contains(" 2 matched, 1 changed, 1 missing\n"), "{strategy}: {}", said.out);
        assert_eq!(folder.posts(), "1|one|10\n2|two|20\n3|drei|30", "{strategy}");
    }
}

#[test]
fn the_schema_of_the_database_is_strict() {
    let folder = Folder::new("strict_schema");
    folder.database("");
    folder.write("rows.csv", "id,titel\n1,eins\n");
    let said = apply(&folder, &["--key", "id", "rows.csv"]);
    said.assert_refused(&[]);
    assert!(said.err.contains("did you mean `title`?"), "{}", said.err);
    folder.write("rows.csv", "id,title\n1,a title with more characters than the column holds\n");
    let said = apply(&folder, &["--key", "id", "rows.csv"]);
    said.assert_refused(&[" --> rows.csv:2: field `title`"]);
    assert!(said.err.starts_with("error[too-long]: "), "{}", said.err);
    assert_eq!(folder.posts(), "1|one|10\n2|two|20\n3|three|30");
}

#[test]
fn names_and_values_are_only_that() {
    let folder = Folder::new("hostile");
    let connection =
        folder.database("CREATE TABLE \"a\"\"; DROP TABLE posts; --\" (\"k\"\"'\" TEXT PRIMARY KEY, \"v\" TEXT)");
    connection.execute_batch("INSERT INTO \"a\"\"; DROP TABLE posts; --\" VALUES ('x''); --', 'old')").unwrap();
    folder.write("rows.json", r#"[{"k\"'": "x'); --", "v": "'; DROP TABLE posts; --\u0000"}]"#);
    let table = "\"a\"\"; DROP TABLE posts; --\"";
    let said = folder.run(&["apply", "--db", "blog.db", "--table", table, "--key", "\"k\"\"'\"", "rows.json"]);
    assert!(said.assert_done().contains("1 rows given, 1 matched, 1 changed, 0 missing"), "{}", said.out);
    let query = format!("SELECT v FROM {table}");
    let value: String = connection.query_row(&query, [], |row| row.get(0)).unwrap();
    assert_eq!(value, "'; DROP TABLE posts; --\0");
    assert_eq!(folder.posts().lines().count(), 3);
}
#[test]
fn conditions_and_old_values_count_in() {
    let folder = Folder::new("conditions");
    folder.database("");
    folder.write("rows.csv", "id,views\n1,5\n2,5\n9,5\n");
    let said =
        apply(&folder, &["--key", "id", "--set", "views = views + new.views", "--where", "views > 10", "rows.csv"]);
    assert!(said.assert_done().starts_with("posts: 3 rows given, 1 matched, 1 changed, 1 missing\n"), "{}", said.out);
    assert_eq!(folder.posts(), "1|one|10\n2|two|25\n3|three|30");
    let said = apply(&folder, &["--set", "views = 0", "--all-rows"]);
    assert!(said.assert_done().starts_with("posts: 3 matched, 3 changed\n"), "{}", said.out);
    assert_eq!(folder.posts(), "1|one|0\n2|two|0\n3|three|0");
}

#[test]
fn a_key_may_find_several_rows() {
    let folder = Folder::new("several_rows");
    folder.database("INSERT INTO posts VALUES (4, 'two', 40)");
    folder.write("rows.csv", "title,views\ntwo,0\nthree,30\nfour,4\n");
    let said = apply(&folder, &["--key", "title", "rows.csv"]);
    assert!(said.assert_done().starts_with("posts: 3 rows given, 3 matched, 2 changed, 1 missing\n"), "{}", said.out);
    assert_eq!(folder.posts(), "1|one|10\n2|two|0\n3|three|30\n4|two|0");
}

#[test]
fn the_row_of_a_key_that_counts_is_written_and_the_others_are_counted() {
    let folder = Folder::new("duplicates");
    folder.database("");
    folder.write("rows.csv", "id,views\n9,1\n1,11\n2,20\n1,12\n9,2\n");
    let said = apply(&folder, &["--key", "id", "--on-duplicate", "first", "rows.csv"]);
    let report = said.assert_done();
    assert!(report.starts_with("posts: 5 rows given, 2 left out, 2 matched, 1 changed, 1 missing\n"), "{report}");
    assert_eq!(folder.posts(), "1|one|11\n2|two|20\n3|three|30");
    let with_condition = ["--key", "id", "--on-duplicate", "last", "--where", "views < 20", "rows.csv"];
    let said = apply(&folder, &with_condition);
    let report = said.assert_done();
    assert!(report.starts_with("posts: 5 rows given, 2 left out, 1 matched, 1 changed, 1 missing\n"), "{report}");
    assert_eq!(folder.posts(), "1|one|12\n2|two|20\n3|three|30");
}

#[test]
fn a_check_names_what_it_finds_and_nothing_is_written() {
    let folder = Folder::new("checks");
    folder.database("CREATE TABLE tags (name TEXT COLLATE NOCASE PRIMARY KEY, uses INTEGER)");
    folder.write("rows.csv", ROWS);
    let before = folder.read("blog.db");
    let said = apply(&folder, &["--key", "id", "--on-missing", "error", "rows.csv"]);
    said.assert_refused(&["error[check]: missing keys: 9"]);
    folder.write("tags.csv", "name,uses\nb,1\nA,2\na,3\n");
    let said = folder.run(&["apply", "--db", "blog.db", "--table", "tags", "--key", "name", "tags.csv"]);
    said.assert_refused(&["error[check]: equal keys: A"]);
    assert!(folder.read("blog.db") == before);
}

#[test]
fn missing_rows_are_inserted_and_counted() {
    for strategy in ["auto", "per-row", "values-join", "case", "uniform"] {
        let folder = Folder::new(&format!("inserted_{strategy}"));
        folder.database("");
        folder.write("rows.csv", "id,title,views\n3,drei,30\n1,one,10\n9,neun,90\n7,sieben,70\n");
        let insert = ["--key", "id", "--on-missing", "insert", "--strategy", strategy, "rows.csv"];
        let report = apply(&folder, &insert);
        let counts = "posts: 4 rows given, 2 matched, 1 changed, 2 missing, 2 inserted\n";
        assert!(report.assert_done().starts_with(counts), "{}", report.out);
        assert_eq!(folder.posts(), "1|one|10\n2|two|20\n3|drei|30\n7|sieben|70\n9|neun|90");
        let again = apply(&folder, &[&insert[..], &["--where", "views < 50"]].concat());
        let counts = "posts: 4 rows given, 2 matched, 0 changed, 0 missing, 0 inserted\n";
        assert!(again.assert_done().starts_with(counts), "{}", again.out);
    }
}

#[test]
fn a_row_that_cannot_be_inserted_leaves_the_file_as_it_was() {
    let folder = Folder::new("not_inserted");
    folder.database("CREATE TABLE pages (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, views INTEGER NOT NULL)");
    folder.write("rows.csv", "id,slug\n1,a\n");
    let insert = ["apply", "--db", "blog.db", "--table", "pages", "--key", "id", "--on-missing", "insert"];
    let said = folder.run(&[&insert[..], &["rows.csv"]].concat());
    said.assert_refused(&[]);
    assert!(said.err.starts_with("error[insert-lacks-column]: `views` takes no null"), "{}", said.err);
    folder.write("rows.csv", "id,views\n1,1\n2,2\n");
    folder.run(&[&insert[..], &["rows.csv"]].concat()).assert_done();
    folder.write("rows.csv", "id,slug,views\n1,a,1\n");
    folder.run(&[&insert[..], &["rows.csv"]].concat()).assert_done();
    let before = folder.read("blog.db");
    folder.write("rows.csv", "id,slug,views\n3,a,1\n");
    let said = folder.run(&[&insert[..], &["rows.csv"]].concat());
    said.assert_refused(&["error[engine]: SQLite: UNIQUE constraint failed: pages.slug"]);
    assert!(folder.read("blog.db") == before);
}

#[test]
fn what_became_of_each_row_is_told() {
    let folder = Folder::new("outcomes");
    let connection = folder.database("ALTER TABLE posts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1");
    folder.write("rows.csv", "id,title,revision\n1,eins,1\n2,zwei,7\n3,three,1\n9,neun,1\n");
    let said = apply(&folder, &["--key", "id", "--only-changed", "--version-column", "revision", "rows.csv"]);
    let report = said.assert_done();
    assert!(report.starts_with("posts: 4 rows given, 1 matched, 1 changed, 1 missing\n"), "{report}");
    assert!(report.contains("\n1 missing: 9\n1 stale: 2\n1 unchanged: 3\n1 updated\n"), "{report}");
    assert_eq!(folder.posts(), "1|eins|10\n2|two|20\n3|three|30");
    let revisions: String =
        connection.query_row("SELECT group_concat(revision) FROM posts", [], |row| row.get(0)).unwrap();
    assert_eq!(revisions, "2,1,1");
}

#[test]
fn rows_that_stay_the_same_are_not_touched() {
    let folder = Folder::new("only_changed");
    let connection = folder.database("ALTER TABLE posts ADD COLUMN touched DATETIME");
    folder.write("rows.csv", "id,title\n1,one\n2,Two\n3,three\n");
    let said = apply(&folder, &["--key", "id", "--only-changed", "--touch", "touched", "rows.csv"]);
    let report = said.assert_done();
    assert!(report.starts_with("posts: 3 rows given, 1 matched, 1 changed, 0 missing\n"), "{report}");
    let touched: String = connection
        .query_row("SELECT group_concat(id) FROM posts WHERE touched IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(touched, "2");
}

#[test]
fn rows_are_given_back() {
    let folder = Folder::new("returning");
    folder.database("");
    folder.write("rows.csv", ROWS);
    let said = apply(&folder, &["--key", "id", "--returning", "id, title", "rows.csv"]);
    let report = said.assert_done();
    let rows = "{\"id\":1,\"title\":\"one\"}\n{\"id\":3,\"title\":\"drei\"}\nposts: 3 rows given, 2 matched";
    assert!(report.starts_with(rows), "{report}");
    let old = ["--set", "views = 0", "--where", "id < 3", "--returning", "old.views"];
    let refused = apply(&folder, &old);
    refused.assert_refused(&[]);
    assert!(refused.err.starts_with("error[returning-unsupported]"), "{}", refused.err);
    let said = apply(&folder, &[&old[..], &["--emulate-returning"]].concat());
    let report = said.assert_done();
    assert!(report.starts_with("{\"old.views\":10}\n{\"old.views\":20}\nposts: 2 matched, 2 changed\n"), "{report}");
    assert_eq!(folder.posts(), "1|one|0\n2|two|0\n3|drei|30");
}

#[test]
fn a_file_that_is_no_database_is_wrong_usage() {
    let folder = Folder::new("no_database");
    folder.write("rows.csv", ROWS);
    for (file, why) in [("gone.db", "No such file or directory"), ("schema.sql", "file is not a database")] {
        for more in [&[][..], &["--dry-run"]] {
            let apply = ["apply", "--db", file, "--table", "posts", "--key", "id", "rows.csv"];
            let said = folder.run(&[&apply[..], more].concat());
            assert_eq!((said.status, said.out.as_str()), (2, ""), "{said:#?}");
            assert!(said.err.starts_with(&format!("error: {file}: {why}")), "{}", said.err);
        }
    }
}
