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
        let is_test = name.ends_with("/tests.rs");
        let is_free = is_test || name.starts_with("src/dialect/") || MAY_NAME_ENGINES.contains(&name.as_str());
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

/// T25: the workspace forbids unsafe code, and every crate takes its lints.
#[test]
fn no_crate_may_hold_unsafe_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
    let members = manifest.split_once("members = [").and_then(|(_, rest)| rest.split_once(']')).expect("members").0;
    let members: Vec<&str> = members.split(',').map(|member| member.trim().trim_matches('"')).collect();
    assert!(members.len() > 2, "{members:?}");
    for member in members.into_iter().chain(["."]) {
        let manifest = std::fs::read_to_string(root.join(member).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{member} has lints of its own");
    }
}

/// T10: sizes are never cut to fit, and no input makes the library panic.
#[test]
fn the_library_denies_what_panics_or_cuts() {
    let library = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let denied = library.split_once("#![deny(").and_then(|(_, rest)| rest.split_once(")]")).expect("lints").0;
    for lint in [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "string_slice",
        "cast_possible_truncation",
        "cast_possible_wrap",
        "cast_sign_loss",
    ] {
        assert!(denied.contains(&format!("clippy::{lint}")), "{lint} is not denied");
    }
}

/// Where words of SQL may be written.
const MAY_WRITE_SQL: [&str; 5] = ["src/render/", "src/lower/", "src/script/frame.rs", "src/sql/", "src/schema/"];

/// T2: no other code writes a piece of a statement, so none can let a word of the input in.
#[test]
fn statements_are_written_by_the_renderer_alone() {
    let words = ["UPDATE ", "SELECT ", "FROM ", "WHERE ", "VALUES ", "CAST(", "INSERT "];
    let mut found = Vec::new();
    for (name, text) in rust_files() {
        if !name.starts_with("src/") || MAY_WRITE_SQL.iter().any(|place| name.starts_with(place)) {
            continue;
        }
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            // what stands in quotes is every second part
            let is_written =
                line.split('"').skip(1).step_by(2).any(|part| words.iter().any(|word| part.contains(word)));
            if is_written {
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
