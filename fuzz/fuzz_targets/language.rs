//! Any text is parsed or refused, and parsing and printing are inverse.
//!
//! Bytes that start with 0xFF, as no text does, are the seed of a random update; all others are text.
#![no_main]

#[path = "../../tests/lang/generate.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod generate;
mod grow;

use libfuzzer_sys::fuzz_target;
use setwise::{Update, diagnostic, lang};

fuzz_target!(|data: &[u8]| {
    if let Some(choices) = data.strip_prefix(b"\xff") {
        if let Some(update) = grow::grow(&generate::update(), choices) {
            let text = update.to_string();
            let parsed = lang::parse_update(&text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
            assert_same(&parsed, &update, &text);
        }
        return;
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match lang::parse_update(text) {
        Ok(update) => {
            let printed = update.to_string();
            let again = lang::parse_update(&printed).unwrap_or_else(|errors| panic!("{errors}\n{printed}"));
            assert_same(&again, &update, &printed);
        }
        Err(errors) => errors.iter().for_each(|error| _ = diagnostic::render(error, "text", text)),
    }
    if let Ok(expr) = lang::parse_expr(text) {
        let printed = expr.to_string();
        let again = lang::parse_expr(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
        assert_eq!(format!("{again:?}"), format!("{expr:?}"), "{printed}");
    }
    let _ = (lang::parse_assignments(text).is_ok(), lang::parse_table(text).is_ok(), lang::parse_columns(text).is_ok());
});

/// Floats that are not a number equal nothing, so updates are compared as Rust prints them.
fn assert_same(left: &Update, right: &Update, text: &str) {
    assert_eq!(format!("{left:?}"), format!("{right:?}"), "{text}");
    assert_eq!(left.to_string(), text);
}
