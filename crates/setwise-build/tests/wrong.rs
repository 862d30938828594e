//! What is wrong with a file fails the build, with its lines: every file of `tests/wrong` in one snapshot.

use std::fmt::Write;

use setwise::Dialect;

#[test]
fn every_wrong_file_is_explained() {
    let mut files: Vec<_> = std::fs::read_dir("tests/wrong").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut report = String::new();
    for file in files {
        let module = setwise_build::module(&file).schema("tests/library/schema.sql");
        let failure = module.dialects(Dialect::all()).generate().expect_err(&file.display().to_string());
        // what `main` of a build script shows
        writeln!(report, "Error: {failure:?}\n").unwrap();
    }
    insta::assert_snapshot!("wrong", report.replace('\\', "/"));
}

#[test]
fn what_cannot_be_read_is_named() {
    let said = |module: &setwise_build::Module| module.generate().unwrap_err().to_string();
    let module = setwise_build::module("tests/none.setwise");
    assert!(said(&module).contains("name the dialects"));
    let module = module.dialects([Dialect::sqlite()]);
    assert!(said(&module).starts_with("tests/none.setwise: "));
    let module = setwise_build::module("tests/library/posts.setwise").dialects([Dialect::sqlite()]);
    assert!(said(&module.clone().schema("tests/none.sql")).starts_with("tests/none.sql: "));
    // a schema in the wrong place holds no table, and says where
    let said = said(&module.schema("tests/library/posts.setwise"));
    assert!(said.contains("tests/library/posts.setwise"), "{said}");
}
