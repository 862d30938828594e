//! Names that Rust takes.

/// The words that are names in Rust only behind `r#`.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words that are never names, and those that a pattern takes for a constant.
const REFUSED: [&str; 9] = ["_", "crate", "self", "Self", "super", "None", "Some", "Ok", "Err"];

/// The name as Rust takes it; none where it cannot.
pub(crate) fn rust_name(name: &str) -> Option<String> {
    let starts_right = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    let is_word = starts_right && name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
    if !is_word || REFUSED.contains(&name) {
        return None;
    }
    Some(if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() })
}

/// Whether a name is in the form that Rust has for functions and variables.
pub(crate) fn is_snake(name: &str) -> bool {
    !name.bytes().any(|b| b.is_ascii_uppercase()) && !name.trim_matches('_').contains("__")
}

/// A name that none of the others is.
pub(crate) fn free_name(name: &str, others: &[&str]) -> String {
    let mut free = name.to_owned();
    while others.contains(&free.as_str()) {
        free.push('_');
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_stand_behind_a_mark() {
        let named = |name| rust_name(name).unwrap();
        assert_eq!([named("type"), named("kind"), named("_x1")], ["r#type", "kind", "_x1"]);
        for wrong in ["self", "a b", "é", "1a", "", "_", "None"] {
            assert_eq!(rust_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_of_rust_are_in_one_form() {
        assert!(["a", "_a", "a_b1"].into_iter().all(is_snake));
        assert!(!["aB", "A", "a__b"].into_iter().any(is_snake));
        assert_eq!(free_name("rows", &["rows", "rows_"]), "rows__");
    }
}
