//! Checks every update of a file, and says what functions they become.

use setwise::lang::{Library, Parsed};
use setwise::{Dialect, ErrorKind, Errors, Ident, Place, Schema};

use crate::function::{Argument, Function, InputColumn};
use crate::name::rust_name;

/// The functions of a file, and its rules as a file of their own; or all that is wrong with any of its updates, in the order
/// of the file.
pub(crate) fn functions(
    text: &str,
    schema: Option<&Schema>,
    dialects: &[Dialect],
) -> Result<(Vec<Function>, String), Errors> {
    let (library, mut errors) = Library::parse_each(text);
    let mut functions = Vec::new();
    for parsed in library.updates() {
        match function(text, parsed, schema) {
            Ok(function) => functions.push(function),
            Err(found) => errors.append(found),
        }
    }
    errors.append(library.check(schema, dialects).err().unwrap_or_default());
    let rules = library.rules().map(|rule| format!("{rule};\n")).collect();
    errors.sorted().or((functions, rules))
}

/// What the update becomes.
fn function(text: &str, parsed: &Parsed<'_>, schema: Option<&Schema>) -> Result<Function, Errors> {
    let mut errors = Errors::new();
    let mut refuse = |expected: &str, found: String| {
        let kind = ErrorKind::Syntax { expected: expected.to_owned(), found };
        errors.push(parsed.map().locate(kind.at(Place::Table)));
    };
    let name = match parsed.name() {
        Some(name) => rust_name(name.as_str()).unwrap_or_else(|| {
            refuse("a name that a Rust function can have", format!("`{name}`; rename the update"));
            String::new()
        }),
        None => {
            refuse("a name", "none; only `update name on table` becomes a function".to_owned());
            String::new()
        }
    };
    let arguments = parsed.params().iter().filter_map(|param| {
        let argument = Argument::of(param);
        if argument.is_none() {
            let found = format!("`{}`; rename the parameter", param.name);
            refuse("names that arguments of a Rust function can have", found);
        }
        argument
    });
    let arguments = arguments.collect();
    if parsed.needs_rows() && parsed.columns().is_none() {
        refuse("`set`", "none; without it the columns of the rows are not known".to_owned());
    }
    let rows = parsed.columns().filter(|_| parsed.needs_rows());
    let rows = rows.map(|columns| columns.into_iter().map(|name| input_column(name, parsed, schema)).collect());
    let span = parsed.span();
    let about = comment_above(text.get(..span.start).unwrap_or_default());
    let text = text.get(span).unwrap_or_default().to_owned();
    errors.or(Function { name, text, about, arguments, rows })
}

fn input_column(name: Ident, parsed: &Parsed<'_>, schema: Option<&Schema>) -> InputColumn {
    let table = schema.and_then(|schema| schema.with_extended(schema.find(parsed.target())?).ok());
    let column = table.as_deref().and_then(|table| table.find(&name));
    let ty = column.map(|column| (column.ty().clone(), column.is_nullable() && !parsed.key().contains(&name)));
    InputColumn { name, ty }
}

/// The lines of the comment that a text ends with.
fn comment_above(text: &str) -> Vec<String> {
    let lines = text.lines().rev().map(|line| line.trim_start().strip_prefix("--"));
    let mut comment: Vec<String> =
        lines.map_while(|line| line).map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()).collect();
    comment.reverse();
    comment
}

#[cfg(test)]
mod tests {
    use super::comment_above;

    #[test]
    fn the_comment_of_an_update_is_right_above_it() {
        assert_eq!(comment_above("-- not this\n\n-- one\n--two\n"), ["one", "two"]);
        assert!(comment_above("update x; \n").is_empty());
        assert!(comment_above("-- one\n\n").is_empty());
    }
}
