//! Every statement of every case is one statement to sqlparser.
//!
//! sqlparser accepts more than the engines do, so its parse is a check of the grammar only; `tests/structure.rs` looks
//! at each token, and `tests/engines.rs` proves the meaning.

mod case;

use std::collections::BTreeSet;

use setwise::{Dialect, Options, Output, Strategy, Version, compile};
use sqlparser::dialect as sql;
use sqlparser::parser::{Parser, ParserError};

fn grammars() -> Vec<(Dialect, Box<dyn sql::Dialect>)> {
    vec![
        (Dialect::postgres().at(15), Box::new(sql::PostgreSqlDialect {})),
        (Dialect::mysql().at(Version::new(9, 7, 0)), Box::new(sql::MySqlDialect {})),
        (Dialect::mysql(), Box::new(sql::MySqlDialect {})),
        (Dialect::mariadb().at(Version::new(10, 11, 0)), Box::new(sql::MySqlDialect {})),
        (Dialect::sqlite().at(Version::new(3, 54, 0)), Box::new(sql::SQLiteDialect {})),
    ]
}

#[test]
fn every_statement_is_one_statement() {
    let mut checked = 0;
    let mut unparsed = BTreeSet::new();
    for case in case::load("updates") {
        for (dialect, grammar) in grammars() {
            let schema = case.schema(dialect);
            let Ok(update) = case.update(&schema) else { continue };
            for strategy in [Strategy::Auto].into_iter().chain(dialect.strategies()) {
                for output in [Output::Binds, Output::Inline] {
                    let options = Options::new().strategy(strategy).output(output).chunk(3);
                    let Ok(mut script) = compile(&update, dialect, &options) else { continue };
                    while let Some(step) = script.next() {
                        let text = step.unwrap().text.to_owned();
                        match Parser::parse_sql(&*grammar, &text) {
                            Ok(statements) => assert_eq!(statements.len(), 1, "{}: {text}", case.name),
                            // deeper than the parser goes, but not too deep for the engines
                            Err(ParserError::RecursionLimitExceeded) if case.name == "updates/expressions/deep" => {}
                            Err(error) => {
                                assert!(is_known_gap(&text, dialect), "{} on {dialect}: {error}\n{text}", case.name);
                                unparsed.insert(dialect.name());
                            }
                        }
                        checked += 1;
                    }
                }
            }
        }
    }
    println!("{checked} statements checked; forms beyond the parser on {unparsed:?}");
    assert!(checked > 100);
}

/// What sqlparser cannot read although the engine does.
fn is_known_gap(text: &str, dialect: Dialect) -> bool {
    match dialect.name() {
        "postgres" => text.starts_with("SET CONSTRAINTS "),
        // rows of a union written as VALUES, behind a header
        "mysql" => text.contains("UNION ALL VALUES\nROW("),
        "mariadb" => text.contains("UNION ALL VALUES\n("),
        // the comparison in which NULL equals NULL, of any two expressions
        "sqlite" => text.contains(" IS NOT "),
        _ => false,
    }
}
