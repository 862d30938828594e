//! Every example of the readme and of the reference of the language compiles for every dialect, and on every engine the
//! table afterwards is the model's.

mod case;
mod engine;
mod matrix;
mod model;
mod run;

#[path = "lang/blocks.rs"]
mod blocks;

use blocks::{Block, blocks};
use case::Case;
use engine::Engine;
use matrix::Matrix;
use run::{Subject, means_of};
use setwise::lang::{self, Library, Parsed};
use setwise::{Dialect, Options, Strategy, compile};

const README: &str = include_str!("../README.md");
const REFERENCE: &str = include_str!("../docs/language.md");

/// A table of the examples, with its rows, and the rows that come from elsewhere.
struct Example {
    table: &'static str,
    columns: &'static str,
    rows: &'static str,
    given: &'static str,
}

const EXAMPLES: [Example; 10] = [
    Example {
        table: "posts",
        columns: "id int64 primary key
author_id int64
title text(40) not null
old_title text(40)
lang text(5) not null
views int64 default 0
price decimal(10,2)
draft bool not null
archived bool not null
revision int32 not null
updated_at timestamptz",
        rows: "(1, 10, 'one', 'un', 'de', 120, 7.25, false, false, 4, timestamptz '2025-01-01 10:00:00Z'),
(2, 11, '100% two', null, 'en', null, null, false, false, 1, null),
(3, 11, ' Three ', 'trois', 'fr', 7, 10.50, true, true, 2, timestamptz '2026-01-01 00:00:00Z'),
(4711, null, 'oresund', null, 'da', 1, 0.05, false, false, 1, null),
(4712, 10, 'rock', 'roll', 'en', 2, 1.15, false, false, 1, null)",
        given: "",
    },
    Example {
        table: "users",
        columns: "id int64 primary key
name text not null
country text(2) not null
membership text(20)
credits int64 not null
is_active bool not null
last_login timestamptz",
        rows: "(1, 'Ann', 'US', 'basic', 10, true, timestamptz '2025-10-01 10:00:00Z'),
(2, 'Bob', 'DE', null, 20, true, timestamptz '2026-01-01 10:00:00Z'),
(3, 'Cleo', 'US', null, 30, false, null)",
        given: "rows (id, name) (1, 'Anna'), (3, 'Clea'), (9, 'None')",
    },
    Example {
        table: "translations",
        columns: "post_id int64 key
lang text(5) binary key
title text(40)
locked bool not null",
        rows: "(1, 'de', 'eins', false), (1, 'en', 'one', true), (2, 'de', null, false)",
        given: "rows (post_id, lang, title) (1, 'de', 'Eins'), (1, 'en', 'One'), (2, 'de', 'Zwei')",
    },
    Example {
        table: "items",
        columns: "id int64 primary key
slug text(40) not null
unique (slug)",
        rows: "(1, 'stale'), (2, 'other')",
        given: "",
    },
    Example {
        table: "authors",
        columns: "id int64 primary key
country text(2)",
        rows: "(10, 'DE'), (11, 'US'), (12, null)",
        given: "",
    },
    Example {
        table: "staging_posts",
        columns: "id int64
title text(40) not null
views int64
batch int32",
        rows: "(1, 'Eins', 5, 7), (2, 'Zwei', null, 7), (2, 'two', 1, 8), (null, 'none', 0, 8)",
        given: "",
    },
    Example {
        table: "person",
        columns: "id int64 primary key
name text(20) not null
country text(2)",
        rows: "(1, 'Ann', 'US'), (2, 'Bob', 'DE'), (3, 'Cleo', 'US'), (4, 'Dan', 'US')",
        given: "",
    },
    Example {
        table: "customer",
        columns: "person_id int64 primary key
credits int64 not null
extends person by id",
        rows: "(1, 10), (2, 10), (3, 90)",
        given: "",
    },
    Example {
        table: "profiles",
        columns: "id int64 primary key
user_id int64
points int64 not null
frozen bool not null",
        rows: "(1, 1, 10, false), (2, 1, 20, true), (3, 2, 30, false), (4, null, 40, false)",
        given: "",
    },
    Example {
        table: "\"a.b\"",
        columns: "id int64 primary key
\"order\" int64
\"select\" int64
\"weird \"\"name\" int64",
        rows: "(1, 5, 5, 3), (2, 5, 5, 4)",
        given: "",
    },
];

/// The arguments of the parameters, by their names.
const ARGUMENTS: [(&str, &str); 3] = [("days", "30"), ("level", "'gold'"), ("prefix", "'Dr. '")];

/// Columns of incoming rows that expressions read, with a value for each of three rows.
const INPUTS: [(&str, [&str; 3]); 3] =
    [("title", ["'eins'", "null", "'drei'"]), ("views", ["5", "0", "-1"]), ("offset", ["1", "48", "0"])];

/// The types that an example's result may have; the first that takes it is its column's.
const TYPES: [&str; 15] = [
    "bool",
    "int64",
    "uint64",
    "decimal(20,4)",
    "float64",
    "text",
    "date",
    "timestamp(3)",
    "timestamptz",
    "time",
    "bytes",
    "uuid",
    "json",
    "interval",
    "int64[]",
];

fn example(table: &str) -> &'static Example {
    let found = EXAMPLES.iter().find(|example| example.table.trim_matches('"') == table);
    found.unwrap_or_else(|| panic!("no table `{table}` for an example"))
}

/// The tables that a text names, and those that they extend, which come before them.
fn named_tables(text: &str) -> Vec<&'static Example> {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    let names = |example: &&Example| match example.table.strip_prefix('"') {
        Some(_) => text.contains(example.table),
        None => text.split(|c| !is_word(c)).any(|word| word == example.table),
    };
    let mut named: Vec<_> = EXAMPLES.iter().filter(names).collect();
    let parents =
        named.iter().flat_map(|example| example.columns.lines().filter_map(|line| line.strip_prefix("extends ")));
    let parents: Vec<_> = parents.map(|line| example(line.split(' ').next().unwrap())).collect();
    named.retain(|example| parents.iter().all(|parent| parent.table != example.table));
    [parents, named].concat()
}

/// The case of an update of a document, with the rules of its block as clauses.
fn case_of(name: &str, parsed: &Parsed<'_>, text: &str, rules: &[String]) -> Case {
    assert!(rules.is_empty() || parsed.key().is_empty(), "{name}: clauses stand before the rows");
    let text = [&[text.to_owned()], rules].concat().join("\n");
    let given = if parsed.needs_rows() { example(parsed.target().name().as_str()).given } else { "" };
    let arguments = parsed.params().iter().map(|param| {
        let known = ARGUMENTS.iter().find(|(name, _)| *name == param.name.as_str());
        let (name, value) = known.unwrap_or_else(|| panic!("no argument for `{}`", param.name));
        format!("{name} = {value}\n")
    });
    let arguments: String = arguments.collect();
    // the engines of the tests have one schema
    let text = text.replace("blog.", "");
    let tables = named_tables(&text)
        .into_iter()
        .map(|Example { table, columns, rows, given: _ }| format!("== table {table}\n{columns}\n== rows\n{rows}\n"));
    let tables: String = tables.collect();
    Case::parse(name, &format!("# An example.\n{tables}== arguments\n{arguments}== update\n{text}\n{given}"))
}

/// The updates of both documents.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (document, text, kind) in [("readme", README, "text"), ("reference", REFERENCE, "setwise")] {
        for Block { text, line, .. } in blocks(text, kind).filter(|block| block.is_update()) {
            let library = Library::parse(text).unwrap_or_else(|errors| panic!("{document}:{line}: {errors}"));
            let rules: Vec<String> = library.rules().map(ToString::to_string).collect();
            assert!(!library.updates().is_empty(), "{document}:{line}: no update has the rules");
            for parsed in library.updates() {
                let name = format!("{document}:{line}:{}", parsed.span().start);
                cases.push(case_of(&name, parsed, &text[parsed.span()], &rules));
            }
        }
    }
    cases
}

/// The case of an expression: what it gives is set to a column of a type that takes it.
fn case_of_expression(name: &str, text: &str, dialects: &[Dialect]) -> Result<Case, String> {
    let probe = format!("update posts by id set result = {text}");
    let inputs = lang::parse(&probe).unwrap_or_else(|errors| panic!("{name}: {errors}")).columns().unwrap();
    let inputs: Vec<&str> = inputs.iter().map(setwise::Ident::as_str).filter(|input| *input != "id").collect();
    let values = |row: usize| {
        let value = |input: &&str| INPUTS.iter().find(|(known, _)| known == input).expect("a known input").1[row];
        inputs.iter().map(|input| format!(", {}", value(input))).collect::<String>()
    };
    let update = if inputs.is_empty() {
        format!("update posts set result = {text} all rows")
    } else {
        let rows = [0, 1, 2].map(|row| format!("({}{})", row + 1, values(row))).join(", ");
        format!("update posts by id set result = {text} rows (id, {}) {rows}", inputs.join(", "))
    };
    let Example { columns, rows, .. } = example("posts");
    let rows =
        rows.lines().map(|row| format!("{}, null{}", &row[..row.rfind(')').unwrap()], &row[row.rfind(')').unwrap()..]));
    let rows = rows.collect::<Vec<_>>().join("\n");
    let more = "tags text[]";
    let is_for_postgres = dialects.len() == 1;
    let case = |ty: &str| {
        let (more, rows) = match is_for_postgres {
            true => (format!("{more}\n"), rows.replace(", null)", ", array['a', null], null)")),
            false => (String::new(), rows.clone()),
        };
        let text = format!(
            "# An example.\n== table posts\n{columns}\n{more}result {ty}\n== rows\n{rows}\n== update\n{update}"
        );
        Case::parse(name, &text)
    };
    let takes = |case: &Case| dialects.iter().filter(|dialect| compile_case(case, **dialect).is_ok()).count();
    let types = TYPES.iter().copied().chain(is_for_postgres.then_some("text[]"));
    let mut best: Option<Case> = None;
    for case in types.map(case) {
        if best.as_ref().is_none_or(|best| takes(best) < takes(&case)) {
            best = Some(case);
        }
    }
    let best = best.expect("a type");
    let refused: Vec<String> = dialects
        .iter()
        .filter_map(|dialect| compile_case(&best, *dialect).err().map(|errors| format!("{dialect}: {errors}")))
        .collect();
    if refused.is_empty() { Ok(best) } else { Err(format!("{name}: `{text}` is refused: {refused:#?}")) }
}

fn compile_case(case: &Case, dialect: Dialect) -> Result<(), setwise::Errors> {
    let schema = case.schema(dialect);
    let update = case.update(&schema)?;
    compile(&update, dialect, &Options::new().emulate_returning(true)).map(drop)
}

/// Runs a case by the planner's own choice in every form; all runs must end as the model says.
fn run_example(case: &Case, engine: &mut dyn Engine) -> Matrix {
    let mut matrix = Matrix::default();
    let schema = case.schema(engine.dialect());
    let subject = Subject::of(case, &schema).unwrap_or_else(|errors| panic!("{}: {errors}", case.name));
    let means = means_of(Strategy::Auto);
    subject.run_by(&means, engine, &mut matrix);
    matrix.assert_good(1);
    let [equal, ..] = matrix.counts();
    assert_eq!(equal, means.len(), "{} on {}: {:?}", case.name, engine.label(), matrix.lines());
    matrix
}

#[test]
fn every_update_compiles_for_every_dialect() {
    let mut refused = Vec::new();
    for case in cases() {
        for dialect in Dialect::all() {
            let errors = compile_case(&case, dialect).err();
            refused.extend(errors.map(|errors| format!("{} for {dialect}: {errors}", case.name)));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn every_update_ends_as_the_model_says() {
    let cases = cases();
    assert!(cases.len() >= 20, "{} examples", cases.len());
    for form in ["in (select ", "not in (select ", "rows from ", "\nthen ", "\nwhen ", "update customer"] {
        assert!(cases.iter().any(|case| case.update.contains(form)), "no example with {form:?}");
    }
    let seed = |case: &Case| case.name.starts_with("readme") && case.update.contains("\nthen profiles");
    assert!(cases.iter().any(seed), "the readme has no rows that follow");
    for mut engine in engine::connect_all() {
        for case in &cases {
            let matrix = run_example(case, &mut *engine);
            assert!(matrix.matched() > 0, "{} changes nothing on {}", case.name, engine.label());
        }
        engine::say(&format!("{} examples on {}", cases.len(), engine.label()));
    }
}

#[test]
fn every_expression_ends_as_the_model_says() {
    let (mut cases, mut refused) = (Vec::new(), Vec::new());
    for block in blocks(REFERENCE, "setwise-expressions") {
        let dialects = block.dialects();
        for (at, text) in block.text.lines().enumerate() {
            let name = format!("reference:{}", block.line + 1 + at);
            match case_of_expression(&name, text, &dialects) {
                Ok(case) => cases.push((case, dialects.clone())),
                Err(why) => refused.push(why),
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(cases.len() >= 18, "{} examples", cases.len());
    for mut engine in engine::connect_all() {
        for (case, dialects) in &cases {
            if dialects.iter().any(|dialect| dialect.name() == engine.dialect().name()) {
                run_example(case, &mut *engine);
            }
        }
    }
}
