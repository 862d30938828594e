//! Statements for facts that no case of the matrix reaches: limits, names, and what a session or a client does.

#[path = "probes/limits.rs"]
mod limits;
#[path = "probes/names.rs"]
mod names;
#[path = "probes/session.rs"]
mod session;

use crate::engine::Engine;

/// A test of some facts: it fails where the engine is not as its dialect says.
pub struct Probe {
    pub name: &'static str,
    /// The facts that it is for.
    pub facts: &'static [&'static str],
    pub run: fn(&mut dyn Engine) -> Result<(), String>,
}

impl Probe {
    /// Whether it is for a fact.
    pub fn shows(&self, fact: &str) -> bool {
        self.facts.iter().any(|own| fact == *own || fact.strip_prefix(own).is_some_and(|rest| rest.starts_with('.')))
    }
}

pub const PROBES: &[Probe] = &[
    Probe { name: "length of names", facts: &["name_limit"], run: names::check_length },
    Probe { name: "characters of names", facts: &["name_chars"], run: names::check_characters },
    Probe { name: "case of names", facts: &["name_case"], run: names::check_case },
    Probe { name: "keys alike", facts: &["default_collation"], run: names::check_keys },
    Probe { name: "words of definitions", facts: &["definitions", "storage"], run: names::check_definitions },
    Probe { name: "parameters", facts: &["max_binds"], run: limits::check_binds },
    Probe { name: "bytes", facts: &["max_bytes"], run: limits::check_bytes },
    Probe { name: "numbers in JSON", facts: &["json_numbers"], run: limits::check_json },
    Probe { name: "many rows", facts: &["rows"], run: limits::check_rows },
    Probe { name: "cases of the client", facts: &["float", "parser_stack"], run: session::check_cases },
    Probe { name: "clock", facts: &["now"], run: session::check_clock },
    Probe { name: "client", facts: &["begin", "preamble"], run: session::check_client },
    Probe { name: "exclusion", facts: &["exclusion"], run: session::check_exclusion },
    Probe { name: "snapshot", facts: &["locking"], run: session::check_snapshot },
    Probe { name: "locks", facts: &["begin", "locking"], run: session::check_locks },
];

/// Fails with a sentence unless something is so.
fn ensure(is_so: bool, sentence: impl Into<String>) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(sentence.into()) }
}

/// What an engine or the compiler says.
fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
