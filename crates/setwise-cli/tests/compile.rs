//! `setwise compile`: what it prints, and where.

mod support;

use support::Folder;

const ROWS: &str = "{\"id\":2,\"title\":\"zwei\",\"views\":5}\n{\"id\":1,\"title\":\"it's\",\"views\":7}\n";

const POSTS: [&str; 6] = ["--schema", "schema.sql", "--table", "posts", "--key", "id"];

fn compile(folder: &Folder, to: &str, more: &[&str]) -> support::Said {
    folder.run(&[&["compile", "--to", to], &POSTS[..], more].concat())
}

#[test]
fn scripts_are_whole_and_in_one_transaction() {
    let folder = Folder::new("scripts_are_whole");
    folder.write("rows.ndjson", ROWS);
    let said = compile(&folder, "postgres@15", &["rows.ndjson"]);
    let out = said.assert_done();
    assert!(out.starts_with("\\set ON_ERROR_STOP on\n"), "{out}");
    assert!(out.contains("\nBEGIN;\nUPDATE \"posts\"\nSET \"title\" = "), "{out}");
    assert!(out.contains("'it''s'"), "{out}");
    assert!(out.ends_with(";\nCOMMIT;\n"), "{out}");
    let said = compile(&folder, "sqlite", &["--no-transaction", "rows.ndjson"]);
    let out = said.assert_done();
    assert!(out.starts_with(".bail on\n") && !out.contains("BEGIN") && !out.contains("COMMIT"), "{out}");
}

#[test]
fn a_table_that_the_schema_lacks_is_named_before_its_columns() {
    let folder = Folder::new("unknown_table");
    folder.write("rows.csv", "id,title\n1,a\n");
    folder.write("rows.ndjson", ROWS);
    for rows in ["rows.csv", "rows.ndjson"] {
        let said = folder.run(&[
            "compile",
            "--to",
            "sqlite",
            "--schema",
            "schema.sql",
            "--table",
            "Posts",
            "--key",
            "id",
            rows,
        ]);
        assert_eq!((said.status, said.out.as_str()), (1, ""));
        assert!(said.err.starts_with("error[unknown-table]"), "{}", said.err);
        assert!(said.err.contains("--> the update\n  = did you mean `posts`?"), "{}", said.err);
        assert!(!said.err.contains("unknown-type"), "{}", said.err);
    }
}

#[test]
fn several_targets_stand_under_headings() {
    let folder = Folder::new("several_targets");
    folder.write("rows.ndjson", ROWS);
    let said = compile(&folder, "postgres@15", &["--to", "mysql@8.0,sqlite@3.40", "rows.ndjson"]);
    let headings: Vec<_> = said.assert_done().lines().filter(|line| line.starts_with("-- ")).collect();
    assert_eq!(headings, ["-- postgres@15.0", "-- mysql@8.0", "-- sqlite@3.40"]);
    let alone = compile(&folder, "mysql@8.0", &["rows.ndjson"]);
    assert!(said.out.contains(alone.assert_done()));
}

#[test]
fn the_same_rows_in_any_form_give_the_same_script() {
    let folder = Folder::new("same_rows");
    folder.write("rows.ndjson", ROWS);
    folder
        .write("rows.json", "[{\"id\":2,\"title\":\"zwei\",\"views\":5},\n {\"id\":1,\"title\":\"it's\",\"views\":7}]");
    folder.write("rows.csv", "id,title,views\n2,zwei,5\n1,it's,7\n");
    folder.write("semicolons.csv", "id;title;views\n2;zwei;5\n1;it's;7\n");
    folder.write(
        "update.setwise",
        "update posts by id\nset title = new.title, views = new.views\nrows (id, title, views)\n  (2, 'zwei', 5),\n  (1, 'it''s', 7)\n",
    );
    let ndjson = compile(&folder, "postgres@15", &["rows.ndjson"]);
    let ndjson = ndjson.assert_done();
    assert!(ndjson.contains("zwei"));
    assert_eq!(compile(&folder, "postgres@15", &["rows.json"]).assert_done(), ndjson);
    assert_eq!(compile(&folder, "postgres@15", &["rows.csv"]).assert_done(), ndjson);
    assert_eq!(compile(&folder, "postgres@15", &["--delimiter", ";", "semicolons.csv"]).assert_done(), ndjson);
    let stdin = [&["compile", "--to", "postgres@15"], &POSTS[..], &["--rows-format", "ndjson", "-"]].concat();
    assert_eq!(folder.run_with(&stdin, ROWS).assert_done(), ndjson);
    let whole = ["compile", "--to", "postgres@15", "--schema", "schema.sql", "update.setwise"];
    assert_eq!(folder.run(&whole).assert_done(), ndjson);
}

#[test]
fn all_errors_are_reported_with_code_and_place() {
    let folder = Folder::new("all_errors");
    folder.write(
        "rows.ndjson",
        "{\"id\":1,\"title\":\"a\"}\n\n{\"id\":2,\"title\":null}\n{\"id\":null,\"title\":\"c\"}\n",
    );
    let said = compile(&folder, "postgres@15", &["rows.ndjson"]);
    said.assert_refused(&[" --> rows.ndjson:3: /title", " --> rows.ndjson:4: /id"]);
    assert!(said.err.contains("error[null-not-allowed]: ") && said.err.contains("error[null-key]: "), "{}", said.err);
    folder
        .write("rows.ndjson", "{\"id\":1,\"title\":\"a\"}\n\n{\"id\":2,\"title\":\"b\"}\n{\"id\":1,\"title\":\"c\"}\n");
    let said = compile(&folder, "postgres@15", &["rows.ndjson"]);
    said.assert_refused(&[" --> rows.ndjson:4"]);
    assert!(said.err.starts_with("error[duplicate-key]: "), "{}", said.err);

    folder.write("rows.csv", "id,title,views\n1,\"line\nbreak\",5\n2,b,many\n3,c,1.5\n");
    let said = compile(&folder, "postgres@15", &["rows.csv"]);
    said.assert_refused(&[" --> rows.csv:4:5", "4 | 2,b,many", " --> rows.csv:5:5", "5 | 3,c,1.5"]);
    folder.write("rows.csv", "id,title,views\n1,\"line\nbreak\",5\n3,c,3000000000\n");
    compile(&folder, "postgres@15", &["rows.csv"]).assert_refused(&[" --> rows.csv:4: field `views`"]);

    folder.write("rows.json", "[{\"id\":1,\"title\":7}, {\"id\":\"x\",\"title\":\"b\"}]");
    compile(&folder, "postgres@15", &["rows.json"])
        .assert_refused(&[" --> rows.json: /0/title", " --> rows.json: /1/id"]);
}

#[test]
fn errors_of_the_command_line_show_the_text() {
    let folder = Folder::new("errors_of_the_command_line");
    folder.write("rows.ndjson", ROWS);
    let said = compile(
        &folder,
        "postgres@15",
        &["--set", "title = new.title, views = ,", "--where", "views >", "rows.ndjson"],
    );
    said.assert_refused(&[
        " --> --set:1:28",
        "1 | title = new.title, views = ,",
        "  |                            ^",
        " --> --where:1:8",
    ]);
    let said = compile(&folder, "postgres@15", &["--set", "titel = new.title", "rows.ndjson"]);
    said.assert_refused(&[" --> --set: titel = new.title"]);
    assert!(said.err.contains("did you mean `title`?"), "{}", said.err);
}

#[test]
fn errors_of_a_setwise_file_show_the_line() {
    let folder = Folder::new("errors_of_a_setwise_file");
    folder.write(
        "update.setwise",
        "update posts by id\nset title = new.title\nrows (id, title)\n  (1, 'a'),\n  (1, 'b')\n",
    );
    let said = folder.run(&["compile", "--to", "postgres", "--schema", "schema.sql", "update.setwise"]);
    said.assert_refused(&[" --> update.setwise:5:4", "5 |   (1, 'b')", "  |    ^^^^^^"]);
    assert!(said.err.starts_with("error[duplicate-key]: "), "{}", said.err);
}

#[test]
fn one_refusing_target_keeps_all_sql_back() {
    let folder = Folder::new("one_refusing_target");
    folder.write("schema.sql", "CREATE TABLE t (id int PRIMARY KEY, tags text[]);");
    folder.write("rows.json", "[{\"id\":1,\"tags\":[\"a\",\"b\"]},{\"id\":2,\"tags\":[\"c\"]}]");
    let update = ["--schema", "schema.sql", "--table", "t", "--key", "id", "rows.json"];
    let both = [&["compile", "--to", "postgres@15,sqlite@3.40"], &update[..]].concat();
    let said = folder.run(&both);
    said.assert_refused(&[]);
    assert!(said.err.contains("sqlite@3.40"), "{}", said.err);
    let one = [&["compile", "--to", "postgres@15"], &update[..]].concat();
    assert!(folder.run(&one).assert_done().contains("UPDATE"));
}

#[test]
fn json_holds_typed_parameters() {
    let folder = Folder::new("json_holds_typed_parameters");
    folder.write("rows.ndjson", ROWS);
    let said =
        compile(&folder, "postgres@15", &["--binds", "--format", "json", "--strategy", "per-row", "rows.ndjson"]);
    let all: serde_json::Value = serde_json::from_str(said.assert_done()).unwrap();
    let script = &all[0];
    assert_eq!((script["dialect"].as_str(), script["transaction"].as_bool()), (Some("postgres@15.0"), Some(true)));
    assert_eq!(script["session"][1], "SET TimeZone = 'UTC'");
    let steps = script["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0]["rows"], 2);
    assert!(steps[0]["text"].as_str().unwrap().contains("$3"), "{script}");
    let sets = steps[0]["binds"].as_array().unwrap();
    assert_eq!(sets.len(), 2);
    let titles: Vec<_> = sets.iter().map(|set| &set.as_array().unwrap()[0]).collect();
    assert_eq!(*titles[0], serde_json::json!({"type": "text(40)", "kind": "text", "value": "it's"}));
}

#[test]
fn binds_stand_behind_the_text_as_comments() {
    let folder = Folder::new("binds_stand_behind");
    folder.write("rows.ndjson", ROWS);
    let said = compile(&folder, "sqlite", &["--binds", "--strategy", "per-row", "rows.ndjson"]);
    let lines: Vec<_> = said.assert_done().lines().collect();
    assert_eq!(lines[lines.len() - 2..], ["-- binds: [\"it's\",7,1]", "-- binds: [\"zwei\",5,2]"]);
}

#[test]
fn no_rows_are_nothing_to_do() {
    let folder = Folder::new("no_rows");
    for (name, text) in [("rows.json", "[]"), ("rows.ndjson", "\n"), ("rows.csv", "id,title\n")] {
        folder.write(name, text);
        assert_eq!(compile(&folder, "mysql", &[name]).assert_done(), "-- 0 rows, nothing to do\n", "{name}");
    }
}

#[test]
fn usage_errors_end_with_status_2() {
    let folder = Folder::new("usage_errors");
    folder.write("rows.ndjson", ROWS);
    folder.write("update.setwise", "update posts set views = 0 all rows");
    let cases: [(&[&str], &str); 10] = [
        (&["compile", "--table", "posts", "--key", "id", "rows.ndjson"], "--to"),
        (
            &["compile", "--to", "oracle", "--table", "posts", "--key", "id", "rows.ndjson"],
            "there is no dialect `oracle`",
        ),
        (
            &["compile", "--to", "postgres@x", "--table", "posts", "--key", "id", "rows.ndjson"],
            "`x` is no version of postgres; write a number, such as `postgres@",
        ),
        (&["compile", "--to", "postgres@9", "--table", "posts", "--key", "id", "rows.ndjson"], "the oldest is 13.0"),
        (&["compile", "--to", "postgres", "--key", "id", "rows.ndjson"], "--table is missing"),
        (&["compile", "--to", "postgres", "--table", "posts", "rows.ndjson"], "--key is missing"),
        (&["compile", "--to", "postgres", "--table", "posts", "--key", "id", "none.ndjson"], "none.ndjson: "),
        (&["compile", "--to", "postgres", "--table", "posts", "--key", "id", "-"], "--rows-format"),
        (&["compile", "--to", "postgres", "--table", "posts", "update.setwise"], "says it all"),
        (&["apply", "--db", "none.db", "--table", "posts", "--key", "id", "rows.ndjson"], "none.db: "),
    ];
    for (arguments, part) in cases {
        let said = folder.run(arguments);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{arguments:?}: {said:#?}");
        assert!(said.err.contains(part), "{arguments:?}: {}", said.err);
    }
    assert!(!folder.path("none.db").exists());
}

#[test]
fn help_has_examples() {
    let folder = Folder::new("help");
    for arguments in [&["--help"][..], &["compile", "--help"], &["apply", "--help"]] {
        let said = folder.run(arguments);
        assert!(
            said.assert_done().contains("setwise compile --to") || said.out.contains("setwise apply --db"),
            "{said:#?}"
        );
    }
}
