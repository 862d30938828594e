//! Every case as one file: the update, and what each dialect makes of it, side by side.

mod case;

use std::fmt::Write;

use case::Case;
use setwise::{Dialect, Options, Output, Purpose, Version, compile};

/// The versions that the snapshots show.
fn dialects() -> [Dialect; 4] {
    [
        Dialect::postgres().at(15),
        Dialect::mysql().at(Version::new(9, 7, 0)),
        Dialect::mariadb().at(Version::new(10, 11, 0)),
        Dialect::sqlite().at(Version::new(3, 54, 0)),
    ]
}

#[test]
fn cases_compile_as_shown() {
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    for case in case::load("updates") {
        let (topic, name) = case.name.trim_start_matches("updates/").rsplit_once('/').expect("a topic");
        let mut settings = settings.clone();
        settings.set_snapshot_path(format!("../snapshots/{topic}"));
        settings.bind(|| insta::assert_snapshot!(name, show(&case)));
    }
}

fn show(case: &Case) -> String {
    let mut out = format!("# {}\n\n{}\n", case.about, case.update);
    for dialect in dialects().into_iter().filter(|dialect| case.is_for(*dialect)) {
        write!(out, "\n== {dialect}\n").unwrap();
        let inline = steps(case, dialect, Output::Inline);
        let binds = steps(case, dialect, Output::Binds);
        writeln!(out, "{inline}").unwrap();
        if binds != inline {
            writeln!(out, "-- with parameters\n{binds}").unwrap();
        }
        let script = steps(case, dialect, Output::ScriptWithoutTransaction);
        if script.contains("CASE WHEN EXISTS") || script.contains("string_agg") {
            writeln!(out, "-- as a client's script\n{script}").unwrap();
        }
    }
    out
}

fn steps(case: &Case, dialect: Dialect, output: Output) -> String {
    let schema = case.schema(dialect);
    let mut out = String::new();
    let update = match case.update(&schema) {
        Ok(update) => update,
        Err(errors) => return errors.to_string(),
    };
    let mut options = Options::new().output(output);
    if let Some(now) = case.now {
        options = options.now(now);
    }
    if let Some((strategy, rows)) = case.shown {
        options = options.strategy(strategy).chunk(rows);
    }
    let mut script = match compile(&update, dialect, &options) {
        Ok(script) => script,
        Err(errors) => return errors.to_string(),
    };
    while let Some(step) = script.next() {
        let step = step.expect("a step of a compiled script");
        if matches!(step.purpose, Purpose::Client | Purpose::Session) {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(step.text);
        for binds in step.binds.iter().filter(|binds| !binds.is_empty()) {
            let values: Vec<String> = binds.iter().map(|bind| bind.value().to_string()).collect();
            write!(out, "\n  -- {}", values.join(", ")).unwrap();
        }
    }
    out
}
