//! Pieces of Rust: types, texts, comments.

use setwise::{Dialect, Type};

/// No line is longer, unless it holds one long word.
pub(crate) const WIDTH: usize = 100;

/// The most characters of a list in one line, as rustfmt has it.
const LIST_WIDTH: usize = 60;

/// Items that are no longer stand side by side, as rustfmt has it.
const SHORT_WIDTH: usize = 10;

/// The Rust type of the values of a type; those that borrow do so for `'a`.
pub(crate) fn rust_type(ty: &Type, nullable: bool) -> String {
    let inner = match ty {
        Type::Bool => "bool",
        Type::Int { bits: 8 } => "i8",
        Type::Int { bits: 16 } => "i16",
        Type::Int { bits: 24 | 32 } => "i32",
        Type::Int { .. } => "i64",
        Type::UInt { bits: 8 } => "u8",
        Type::UInt { bits: 16 } => "u16",
        Type::UInt { bits: 24 | 32 } => "u32",
        Type::UInt { .. } => "u64",
        Type::Float32 => "f32",
        Type::Float64 => "f64",
        Type::Decimal { .. } => "setwise::Decimal<'a>",
        Type::Text { .. } | Type::Char { .. } | Type::Enum { .. } | Type::Named(_) => "&'a str",
        Type::Bytes { .. } => "&'a [u8]",
        Type::Date => "setwise::Date",
        Type::Time { .. } => "setwise::Time",
        Type::Timestamp { .. } => "setwise::Timestamp",
        Type::TimestampTz { .. } => "setwise::TimestampTz",
        Type::Interval => "setwise::Interval",
        Type::Uuid => "setwise::Uuid",
        Type::Json | Type::Jsonb => "setwise::Json<'a>",
        Type::Array(_) => "setwise::Array<'a>",
        _ => ANY,
    };
    if nullable { format!("Option<{inner}>") } else { inner.to_owned() }
}

/// The Rust type of values whose type is not known.
pub(crate) const ANY: &str = "setwise::Value<'a>";

/// A dialect as an expression.
pub(crate) fn dialect(dialect: Dialect) -> String {
    let version = dialect.version().to_string();
    let mut parts: Vec<&str> = version.split('.').collect();
    parts.resize(3, "0");
    format!("setwise::Dialect::{}().at(setwise::Version::new({}))", dialect.name(), parts.join(", "))
}

/// A text as a literal: as it is, line for line, where all of it can be seen.
pub(crate) fn text(text: &str) -> String {
    let is_seen = |c: char| matches!(c, '\n' | '\t' | '\'' | '"' | '\\') || c.escape_debug().count() == 1;
    if !text.chars().all(is_seen) {
        return format!("{text:?}");
    }
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A line as it may stand in a comment: what cannot be seen is escaped.
pub(crate) fn in_comment(line: &str) -> String {
    let show = |c: char| match c {
        '\t' => "    ".to_owned(),
        '\'' | '"' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    line.chars().map(show).collect()
}

/// An assignment in a function's body; what does not fit behind the sign stands in the next line.
pub(crate) fn assign(left: &str, right: &str) -> String {
    let line = format!("    {left} = {right};\n");
    if right.contains('\n') || line.len() <= WIDTH + 1 {
        return line;
    }
    format!("    {left} =\n        {right};\n")
}

/// Items between brackets, in a function's body: in one line where they fit, else each in a line of its own, but short
/// ones side by side.
pub(crate) fn list(items: &[String]) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.len() <= LIST_WIDTH {
        return line;
    }
    let are_short = items.iter().all(|item| item.len() <= SHORT_WIDTH);
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut().filter(|line| are_short && 8 + line.len() + 1 + item.len() < WIDTH) {
            Some(line) => *line += &format!(" {item},"),
            None => lines.push(format!("{item},")),
        }
    }
    let lines: String = lines.iter().map(|line| format!("        {line}\n")).collect();
    format!("[\n{lines}    ]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_literals_as_they_are() {
        assert_eq!(text("set a = 'it'\n"), "r\"set a = 'it'\n\"");
        assert_eq!(text("on \"a\""), "r#\"on \"a\"\"#");
        assert_eq!(text("\"#"), "r##\"\"#\"##");
        assert_eq!(text("a\r\u{202e}"), "\"a\\r\\u{202e}\"");
        assert_eq!(in_comment("it's\r"), "it's\\r");
    }

    #[test]
    fn what_is_long_stands_in_lines_of_its_own() {
        let items = |item: &str, count| vec![item.to_owned(); count];
        assert_eq!(list(&items("a", 3)), "[a, a, a]");
        assert_eq!(list(&items("\"column\"", 10)).lines().count(), 4);
        assert_eq!(list(&items("\"a column\"+", 10)).lines().count(), 12);
        assert!(assign("let x", "1").starts_with("    let x = 1;"));
        assert_eq!(assign("let x", &"1".repeat(90)).lines().count(), 2);
    }

    #[test]
    fn dialects_have_all_of_their_version() {
        let written = dialect(Dialect::postgres().at(15));
        assert_eq!(written, "setwise::Dialect::postgres().at(setwise::Version::new(15, 0, 0))");
    }
}
