//! The setwise language: parsing and printing are inverse, and wrong texts are refused without harm.

#[path = "lang/blocks.rs"]
#[allow(dead_code, reason = "another test program uses all of it")]
mod blocks;
#[path = "lang/docs.rs"]
mod docs;
#[path = "lang/generate.rs"]
mod generate;
#[path = "lang/limits.rs"]
mod limits;
#[path = "lang/refused.rs"]
mod refused;
#[path = "lang/tables.rs"]
mod tables;

use proptest::prelude::*;
use setwise::{Update, lang};

/// Floats that are not a number equal nothing, so updates are compared as Rust prints them.
fn assert_same(left: &Update, right: &Update) {
    assert_eq!(format!("{left:#?}"), format!("{right:#?}"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_gives_back_what_was_printed(update in generate::update()) {
        let text = update.to_string();
        let parsed = lang::parse_update(&text).map_err(|errors| TestCaseError::fail(format!("{errors}\n{text}")))?;
        assert_same(&parsed, &update);
        prop_assert_eq!(&parsed.to_string(), &text);
    }

    #[test]
    fn parsing_gives_back_expressions(expr in generate::expr()) {
        let text = expr.to_string();
        let parsed = lang::parse_expr(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(format!("{parsed:?}"), format!("{expr:?}"), "{}", text);
    }

    #[test]
    fn printed_text_can_be_seen(update in generate::update()) {
        let hidden = |c: char| c.is_control() && c != '\n';
        prop_assert!(!update.to_string().contains(hidden));
    }

    #[test]
    fn any_text_is_taken_or_refused(text in "(?s).{0,200}") {
        let _ = lang::parse(&text);
        let _ = lang::parse_expr(&text);
    }

    /// Texts made of the language's own words come further than random ones. What is taken prints to a fixpoint.
    #[test]
    fn any_words_are_taken_or_refused(words in prop::collection::vec(prop::sample::select(generate::WORDS), 0..40)) {
        let text = words.join(" ");
        let _ = lang::parse(&text);
        if let Ok(expr) = lang::parse_expr(&text) {
            let printed = expr.to_string();
            let again = lang::parse_expr(&printed).map_err(|error| TestCaseError::fail(format!("{error}\n{printed}")))?;
            prop_assert_eq!(&again.to_string(), &printed);
        }
    }
}
