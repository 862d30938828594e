//! The functions of libraries are those that are kept in `tests/library`, which `tests/functions.rs` calls.

use std::fs;
use std::process::Command;

use setwise::Dialect;
use setwise_build::Module;

/// The module of each file that is kept.
fn modules() -> [(&'static str, Module); 2] {
    let module = |name: &str, schema: &str| {
        let dialects = [Dialect::sqlite(), Dialect::postgres().at(15), Dialect::mysql(), Dialect::mariadb()];
        setwise_build::module(format!("tests/library/{name}"))
            .schema(format!("tests/library/{schema}"))
            .dialects(dialects)
    };
    [
        ("tests/library/posts.rs", module("posts.setwise", "schema.sql")),
        ("tests/library/people.rs", module("people.setwise", "people.sql").extend_by_keys()),
    ]
}

/// `INSTA_UPDATE=always` keeps what is made now, as it does for snapshots.
#[test]
fn functions_are_those_that_are_kept() {
    for (file, module) in modules() {
        let made = module.generate().unwrap_or_else(|failure| panic!("{failure}"));
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(file, &made).unwrap();
        }
        let kept = fs::read_to_string(file).unwrap();
        assert!(made == kept, "{file} is stale; INSTA_UPDATE=always writes:\n{made}");
    }
}

#[test]
fn functions_are_formatted() {
    let config = ["--check", "--edition", "2024", "--config", "max_width=100,use_small_heuristics=Default"];
    for (file, _) in modules() {
        let said =
            Command::new("rustfmt").args(config).arg(file).output().expect("rustfmt, a component of the toolchain");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}

#[test]
fn a_module_is_written_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made.rs");
    for (kept, module) in modules() {
        module.to(&file).write().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), fs::read_to_string(kept).unwrap());
    }
}

#[test]
fn a_schema_is_read_in_its_own_dialect() {
    let folder = tempfile::tempdir().unwrap();
    let [updates, schema] = ["t.setwise", "t.sql"].map(|name| folder.path().join(name));
    fs::write(&updates, "update raise(step: int) on t set n = n + :step all rows;").unwrap();
    fs::write(&schema, "CREATE TABLE t (id int PRIMARY KEY, n tinyint(1));").unwrap();
    let module = setwise_build::module(&updates).schema(&schema).dialects([Dialect::mysql()]);
    let refused = module.generate().expect_err("`tinyint(1)` is a bool there").to_string();
    assert!(refused.contains("bool"), "{refused}");
    assert!(
        module
            .schema_dialect(Dialect::sqlite())
            .generate()
            .unwrap()
            .contains("let dialect = setwise::Dialect::sqlite()")
    );
}
