//! Wrong texts, and what is said of each: every file of `tests/cases/refused/language` in one snapshot.

use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;
use setwise::diagnostic::{render, render_all};
use setwise::lang::Library;
use setwise::{Dialect, ErrorKind, Errors, Options, Place, Schema, compile, lang};

/// What is wrong with a text: in its form, else in its meaning.
fn refuse(text: &str) -> Result<(), Errors> {
    let (builder, map) = lang::parse(text)?.into_parts();
    let update = builder.build().map_err(|errors| map.locate_all(errors))?;
    compile(&update, Dialect::sqlite(), &Options::new()).map(drop).map_err(|errors| map.locate_all(errors))
}

/// What is wrong with a library: with the form of any of its updates, else with the meaning of any.
fn refuse_library(text: &str) -> Result<(), Errors> {
    let library = Library::parse(text)?;
    library.prepare(None, Dialect::sqlite(), &Options::new()).map(drop)
}

/// What is wrong with a library on known tables, for any dialect.
fn refuse_checked(text: &str) -> Result<(), Errors> {
    let parsed = Schema::from_sql(include_str!("../cases/refused/schema.sql"), Dialect::postgres()).unwrap();
    let schema = parsed.schema.extend_by_keys();
    let (library, mut errors) = Library::parse_each(text);
    errors.append(library.check(Some(&schema), &Dialect::all()).err().unwrap_or_default());
    errors.sorted().or(())
}

#[test]
fn every_wrong_text_is_explained() {
    explain_all("language", refuse);
}

#[test]
fn every_wrong_library_is_explained() {
    explain_all("library", refuse_library);
}

#[test]
fn every_wrong_library_of_known_tables_is_explained() {
    explain_all("checked", refuse_checked);
}

fn explain_all(kind: &str, refuse: impl Fn(&str) -> Result<(), Errors>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/refused").join(kind);
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut report, mut taken) = (String::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        match refuse(&text) {
            Ok(()) => taken.push(name.to_owned()),
            Err(errors) => writeln!(report, "{}", render_all(&errors, name, &text)).unwrap(),
        }
    }
    assert!(taken.is_empty(), "nothing is found wrong with {taken:?}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../snapshots/{kind}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("refused", report));
}

proptest! {
    /// Whatever the place, even within a character or behind the end, a diagnostic is one.
    #[test]
    fn any_place_can_be_shown(source in "(?s).{0,80}|[a\n\té漢]{0,300}", from in 0..1000usize, length in 0..1000usize) {
        let kind = || ErrorKind::TooDeep { most: 64 };
        for place in [Place::Span { from, to: from + length }, Place::Line { line: from, column: length }] {
            let shown = render(&kind().at(place), "x", &source);
            prop_assert!(shown.contains('^') && shown.lines().all(|line| line.chars().count() < 120), "{}", shown);
        }
        let everywhere = render(&kind().at(Place::Span { from: 0, to: usize::MAX }), "x", &source);
        prop_assert!(everywhere.contains('^'));
    }
}
