//! `setwise list` and `setwise call`: updates of a file, by their names.

mod support;

use support::{Folder, Said};

const LIBRARY: &str = "\
update add_views(step: int, least: int null) on posts
set views = views + :step
where :least is null or views >= :least;

update translate(prefix: text(10)) on posts by id
set title = concat(:prefix, new.title);

update reset on posts
set views = 0
all rows;
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("posts.setwise", LIBRARY);
    folder
}

fn call(folder: &Folder, more: &[&str]) -> Said {
    folder.run(&[&["call", "posts.setwise"], more, &["--to", "sqlite", "--schema", "schema.sql"]].concat())
}

#[test]
fn updates_are_listed_with_their_parameters() {
    let folder = folder("list");
    let said = folder.run(&["list", "posts.setwise"]);
    assert_eq!(
        said.assert_done(),
        "\
add_views(step: int64, least: int64 null) on posts
translate(prefix: text(10)) on posts by id, wants rows
reset on posts
"
    );
    let said = folder.run(&["list", "posts.setwise", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(said.assert_done()).unwrap();
    assert_eq!(listed[0]["params"][1]["nullable"], true);
    assert_eq!(listed[1]["key"][0], "id");
    assert_eq!(listed[1]["wants_rows"], true);
}

#[test]
fn what_is_called_leaves_the_table_as_it_says() {
    let folder = folder("call");
    folder.database("");
    let run = |arguments: &[&str]| {
        let script = call(&folder, arguments).assert_done().to_owned();
        let connection = rusqlite::Connection::open(folder.path("blog.db")).unwrap();
        connection.execute_batch(script.trim_start_matches(".bail on\n")).unwrap();
        folder.posts()
    };
    let posts = run(&["add_views", "--arg", "step=5", "--arg", "least=20"]);
    assert_eq!(posts, "1|one|10\n2|two|25\n3|three|35");
    let posts = run(&["add_views", "--arg", "step=-1", "--arg-null", "least"]);
    assert_eq!(posts, "1|one|9\n2|two|24\n3|three|34");
    folder.write("rows.csv", "id,title\n2,zwei\n1,it's\n");
    let posts = run(&["translate", "--arg", "prefix=a=b ", "--rows", "rows.csv"]);
    assert_eq!(posts, "1|a=b it's|9\n2|a=b zwei|24\n3|three|34");
    assert_eq!(run(&["reset"]), "1|a=b it's|0\n2|a=b zwei|0\n3|three|0");
}

#[test]
fn values_go_into_parameters_where_they_are_asked_for() {
    let said = call(
        &folder("call_binds"),
        &["add_views", "--arg", "step=5", "--arg", "least=20", "--format", "json", "--binds"],
    );
    let out = said.assert_done();
    assert!(out.contains("\"views\\\" + ?") && out.contains("20"), "{out}");
}

#[test]
fn wrong_calls_are_refused_with_all_that_is_wrong() {
    let folder = folder("call_refused");
    let refused = |arguments: &[&str], status: i32, says: &[&str]| {
        let said = call(&folder, arguments);
        assert_eq!((said.status, said.out.as_str()), (status, ""), "{}", said.err);
        says.iter().for_each(|text| assert!(said.err.contains(text), "no {text:?} in {}", said.err));
    };
    refused(&["add_view"], 1, &["error[unknown-update]", "did you mean `add_views`?"]);
    refused(
        &["add_views", "--arg", "stepp=5"],
        1,
        &[
            "did you mean `step`?",
            "parameter `step` of type int64 has no argument",
            "parameter `least`",
            "posts.setwise:1:8",
        ],
    );
    refused(&["add_views", "--arg", "step=five", "--arg-null", "least"], 1, &["--arg step=five, where step: int64"]);
    refused(&["add_views", "--arg", "step=1", "--arg", "step=2", "--arg-null", "least"], 1, &["error[argument-twice]"]);
    refused(&["add_views", "--arg-null", "step", "--arg-null", "least"], 1, &["error[null-not-allowed]"]);
    refused(
        &["translate", "--arg", "prefix=much too long"],
        1,
        &[
            "error[too-long]: 13 characters given for `prefix`",
            "--> --arg prefix=much too long, where prefix: text(10)",
        ],
    );
    refused(
        &["add_views", "--arg", "step=five", "--arg", "leest=1"],
        1,
        &["--arg step=five", "did you mean `least`?", "parameter `least`"],
    );
    let said = call(&folder, &["add_views", "--arg", "step=five"]);
    assert!(!said.err.contains("parameter `step`"), "{}", said.err);
    refused(&["add_views", "--arg-null", "step"], 1, &["--> --arg-null step, where step: int64", "parameter `least`"]);
    refused(&["translate", "--arg", "prefix=x"], 2, &["wants rows", "--rows"]);
    refused(&["reset", "--rows", "rows.csv"], 2, &["takes no rows"]);
    refused(&["add_views", "--arg", "step"], 2, &["parameter=value"]);
    folder.write("rows.csv", "id,title\n1,a\n1,b\n");
    refused(&["translate", "--arg", "prefix=x", "--rows", "rows.csv"], 1, &["error[duplicate-key]", "rows.csv:3"]);
    folder
        .write("posts.setwise", "update a on posts set views 0 all rows;\nupdate b on posts set views == 1 all rows;");
    refused(&["a"], 1, &["posts.setwise:1:", "posts.setwise:2:"]);
}

#[test]
fn rules_are_listed_behind_the_updates() {
    let folder = folder("list_rules");
    folder
        .write("rules.setwise", format!("when posts then notes by post = id set seen = false where seen;\n{LIBRARY}"));
    let said = folder.run(&["list", "rules.setwise"]);
    let lines: Vec<_> = said.assert_done().lines().collect();
    assert_eq!(lines[2..], ["reset on posts", "when posts then notes by post = id set seen = false where seen"]);
    let said = folder.run(&["list", "rules.setwise", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(said.assert_done()).unwrap();
    let rule = serde_json::json!({ "when": "posts", "then": "notes", "by": [["post", "id"]], "sets": ["seen"] });
    assert_eq!((listed[2]["name"].as_str(), &listed[3]), (Some("reset"), &rule));
}

#[test]
fn updates_are_checked_where_engines_are_named() {
    let folder = folder("list_checked");
    let schema = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE posts (id INTEGER PRIMARY KEY REFERENCES person (id), title VARCHAR(9), views INTEGER NOT NULL);";
    folder.write("schema.sql", schema);
    let list = |more: &[&str]| folder.run(&[&["list", "posts.setwise"], more].concat());
    let (all, schema) = (["--to", "postgres@15,mysql@8.0,mariadb,sqlite"], ["--schema", "schema.sql"]);
    assert_eq!(list(&[&all[..], &schema].concat()).assert_done(), list(&[]).assert_done());

    let wrong = "update name(to: text) on posts set name = :to where id = 1;
update spread(by: interval) on posts set views = views where id = 1 and now() + :by > now();
update typo on posts set views = view all rows;
when posts then perso by id = id set name = null;
update unclosed on posts set views = (0 all rows;
";
    folder.write("posts.setwise", wrong);
    // only the form is looked at without engines
    assert_eq!(list(&[]).status, 1);
    let said = list(&[&all[..], &schema].concat());
    assert_eq!((said.status, said.out.as_str()), (1, ""));
    let places: Vec<_> = said.err.lines().filter_map(|line| line.strip_prefix(" --> posts.setwise:")).collect();
    let lines: Vec<_> = places.iter().map(|place| place.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["1", "2", "3", "4", "5"], "{}", said.err);
    for text in ["no column `name`", "did you mean `views`?", "did you mean `person`?"] {
        assert!(said.err.contains(text), "no {text:?} in {}", said.err);
    }
    let extended = list(&[&["--to", "sqlite", "--extend-by-keys"], &schema[..]].concat());
    assert!(!extended.err.contains("no column `name`") && extended.err.contains(":3:"), "{}", extended.err);
    // without a schema, less is known
    let said = list(&["--to", "sqlite"]);
    assert!(said.status == 1 && !said.err.contains("did you mean"), "{}", said.err);
    let said = list(&schema);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("--to is missing"), "{}", said.err);
}
