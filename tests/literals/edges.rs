//! Reads `edges.txt`: the values at the edges of each type.
//!
//! `== type` begins a type, with `: engine engine` where not all engines have it. Each line below is a literal of the
//! setwise language, with ` | engine engine` behind it where some refuse it.

use setwise::{Expr, Type, lang};

use super::kinds::{Kind, Sample};

const TEXT: &str = include_str!("edges.txt");
const ENGINES: [&str; 4] = ["sqlite", "postgres", "mariadb", "mysql"];

/// The kinds that an engine has.
pub fn load(engine: &str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut is_for = true;
    for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix("== ") {
            let (ty, engines) = head.split_once(": ").unwrap_or((head, ""));
            is_for = engines.is_empty() || names(engines).contains(&engine);
            if is_for {
                kinds.push(Kind::edge(ty, parse_type(ty), Vec::new()));
            }
        } else if is_for {
            kinds.last_mut().expect("a type before its values").samples.push(parse(line));
        }
    }
    kinds
}

fn names(text: &str) -> Vec<&'static str> {
    let known = |word: &str| ENGINES.into_iter().find(|name| *name == word).unwrap_or_else(|| panic!("`{word}`?"));
    text.split_whitespace().map(known).collect()
}

fn parse(line: &str) -> Sample {
    let (literal, refused_by) = match line.rsplit_once(" | ") {
        Some((literal, engines)) => (literal, names(engines)),
        None => (line, Vec::new()),
    };
    match &lang::parse_expr(literal) {
        Ok(Expr::Value(value)) => Sample { value: value.clone().into_owned(), refused_by, counts: 1 },
        other => panic!("no literal `{literal}`: {other:?}"),
    }
}

fn parse_type(text: &str) -> Type {
    match &lang::parse_expr(&format!("cast(null as {text})")) {
        Ok(Expr::Cast(_, ty)) => ty.clone(),
        other => panic!("no type `{text}`: {other:?}"),
    }
}
