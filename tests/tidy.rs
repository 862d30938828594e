//! Habits that a reader relies on: files of one job, no engine's name where facts should decide, nothing left undone.

use std::path::{Path, PathBuf};

/// The most lines of a file; data and generated tables are not Rust files.
const MOST_LINES: usize = 500;

/// Where an engine may be named outside `dialects/` and `src/dialect/`, and why.
const MAY_NAME_ENGINES: [&str; 3] = [
    "src/schema/words.rs", // the words of each engine's CREATE TABLE, as data
    "src/error/kind.rs",   // the message that lists the dialects
    "src/script/frame.rs", // the words of the closed enum `Preamble`
];

fn rust_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<PathBuf> = ["src", "dialects", "tests", "crates", "xtask", "benches", "examples"]
        .iter()
        .map(|folder| root.join(folder))
        .collect();
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(files.len() > 100, "the sources were not found");
    files
}

#[test]
fn files_have_one_job() {
    let long: Vec<String> = rust_files()
        .iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "longer than {MOST_LINES} lines: {long:#?}");
}

#[test]
fn no_code_asks_which_engine_it_has() {
    let engines = ["postgres", "mysql", "mariadb", "sqlite"];
    let mut found = Vec::new();
    for (name, text) in rust_files() {
        let is_free = name.starts_with("src/dialect/") || MAY_NAME_ENGINES.contains(&name.as_str());
        if !name.starts_with("src/") || is_free {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_start().to_lowercase();
            if !line.starts_with("//") && engines.iter().any(|engine| line.contains(engine)) {
                found.push(format!("{name}:{}: {line}", index + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_is_left_undone() {
    let marks = ["todo!(", "unimplemented!(", "dbg!(", concat!("TO", "DO"), concat!("FIX", "ME"), "#[ignore"];
    let mut found = Vec::new();
    for (name, text) in rust_files().iter().filter(|(name, _)| name != "tests/tidy.rs") {
        let lines = text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
        found.extend(lines.map(|(index, line)| format!("{name}:{}: {line}", index + 1)));
    }
    assert!(found.is_empty(), "{found:#?}");
}
