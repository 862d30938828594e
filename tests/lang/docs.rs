//! The examples of `docs/language.md`.

use setwise::lang::{self, Library};
use setwise::{Expr, Func};

const REFERENCE: &str = include_str!("../../docs/language.md");

/// The texts of the blocks of one kind.
fn blocks(kind: &'static str) -> Vec<&'static str> {
    super::blocks::blocks(REFERENCE, kind).map(|block| block.text).collect()
}

#[test]
fn every_update_is_one() {
    let updates = blocks("setwise");
    assert!(updates.len() >= 7);
    for text in updates {
        let library = Library::parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
        for parsed in library.updates().iter().filter(|parsed| !parsed.needs_rows()) {
            let update = parsed.clone().build().unwrap();
            assert_eq!(lang::parse_update(&update.to_string()).unwrap(), update);
        }
    }
}

#[test]
fn every_expression_is_one() {
    let lines: Vec<_> = blocks("setwise-expressions").into_iter().flat_map(str::lines).collect();
    assert!(lines.len() >= 12);
    for text in lines {
        let expr = lang::parse_expr(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(lang::parse_expr(&expr.to_string()), Ok(expr), "{text}");
    }
    let values: Vec<_> = blocks("setwise-values").into_iter().flat_map(str::lines).collect();
    assert!(values.len() >= 12);
    for text in values {
        assert!(matches!(lang::parse_expr(text), Ok(Expr::Value(_))), "{text}");
    }
}

/// Every piece of code within the table of values is a value.
#[test]
fn every_kind_of_value_is_written_so() {
    let table = REFERENCE.split("## Values").nth(1).unwrap().split("A minus directly").next().unwrap();
    let mut count = 0;
    for line in table.lines().skip(4).filter(|line| line.starts_with('|')) {
        let written = line.split(" | ").nth(1).unwrap_or_default();
        for code in written.split('`').skip(1).step_by(2).filter(|code| !code.starts_with("\\0") && *code != "Z") {
            assert!(matches!(lang::parse_expr(code), Ok(Expr::Value(_))), "{code}");
            count += 1;
        }
    }
    assert!(count >= 24, "{count}");
}

#[test]
fn every_function_and_word_is_listed() {
    let between = |from: &str, to: &str| {
        let text = REFERENCE.split(from).nth(1).unwrap().split(to).next().unwrap();
        text.split_whitespace()
            .map(|word| word.trim_matches(['`', ':']))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
    };
    assert_eq!(between("**Functions**", ".\n"), Func::ALL.map(Func::name));
    for word in between("So do these words:", ".\n") {
        assert!(lang::parse_columns(word).is_err(), "{word}");
        assert!(lang::parse_columns(&format!("\"{word}\"")).is_ok(), "{word}");
    }
    // Whatever is a word of the language prints in quotes; every other name here does not.
    for word in ["date", "array", "float", "e", "json", "coalesce", "first"] {
        assert_eq!(lang::parse_expr(word).unwrap().to_string(), word);
    }
}
