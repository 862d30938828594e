//! The documents that are made from the code: `docs/storage.md`, `docs/dialects.md`, `docs/errors.md` and a table of
//! `README.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use setwise::dialect::{Arrays, Class, Evidence, JoinForm, Listed, Placeholder, Storage};
use setwise::{Dialect, ErrorKind, Version};

use crate::checkout;
use crate::process::{Failure, while_doing};

/// What stands around the table in `README.md`.
const MARKS: (&str, &str) = ("<!-- dialects: written by `cargo xtask docs` -->\n", "<!-- end of dialects -->");

/// Writes the documents.
pub(crate) fn write() -> Result<(), Failure> {
    for (path, text) in documents()? {
        fs::write(&path, text).map_err(while_doing(format!("writing {}", path.display())))?;
    }
    Ok(())
}

/// The documents as they should be.
fn documents() -> Result<Vec<(PathBuf, String)>, Failure> {
    let root = checkout::root();
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme).map_err(while_doing("reading README.md"))?;
    let parts = text.split_once(MARKS.0).and_then(|(before, rest)| Some((before, rest.split_once(MARKS.1)?.1)));
    let (before, after) = parts.ok_or_else(|| Failure::new("README.md has lost the marks around its table"))?;
    let text = [before, MARKS.0, &dialects(), MARKS.1, after].concat();
    let in_docs = |name: &str, text| (root.join("docs").join(name), text);
    Ok(vec![
        in_docs("storage.md", storage()),
        in_docs("dialects.md", facts()),
        in_docs("errors.md", errors()),
        (readme, text),
    ])
}

fn dialects() -> String {
    let mut table = String::from(
        "| dialect | engine | oldest covered | newest tested | rows are joined as | parameters |\n|---|---|---|---|---|---|\n",
    );
    for dialect in Dialect::all() {
        let spec = dialect.spec();
        let newest = dialect.at(spec.newest);
        let join = match newest.fact(|spec| &spec.join) {
            JoinForm::FromValues => "`UPDATE … FROM (VALUES …)`",
            JoinForm::FromCte => "`WITH … (VALUES …) UPDATE … FROM`",
            JoinForm::JoinHeader => "`UPDATE … JOIN (SELECT … UNION ALL …)`",
        };
        let arrays = match newest.fact(|spec| &spec.arrays) {
            Arrays::Unnest => "; with parameters `UPDATE … FROM unnest(…)`",
            Arrays::None => "",
        };
        let placeholder = match newest.fact(|spec| &spec.placeholder) {
            Placeholder::Dollar => "`$1`",
            Placeholder::Question => "`?`",
        };
        let most = newest.fact(|spec| &spec.max_binds);
        let (name, title, oldest, newest) = (spec.name, spec.title, spec.oldest, spec.newest);
        let _ = writeln!(
            table,
            "| `{name}` | {title} | {oldest} | {newest} | {join}{arrays} | {placeholder}, at most {most} |"
        );
    }
    table
}

fn storage() -> String {
    let mut text = String::from(
        "# Storage\n\n\
         Written by `cargo xtask docs` from `dialects/`. For each type of setwise: the column types that hold it, the range, \
         and how equality is judged.\n",
    );
    for class in Class::ALL {
        let mut rows = String::new();
        for dialect in Dialect::all() {
            let spec = dialect.spec();
            let mut stored = spec.storage.iter().filter(|stored| stored.class == class).peekable();
            if stored.peek().is_none() {
                let _ = writeln!(rows, "| {} | refused | | |", spec.title);
            }
            for stored in stored {
                let Storage { class: _, columns, cast, form: _, since, note } = stored;
                let columns = columns.iter().map(|column| format!("`{}`", cell(column))).collect::<Vec<_>>().join(", ");
                let since = since.map_or_else(String::new, |since: Version| format!(" since {since}"));
                let cast = cast.map_or_else(String::new, |cast| format!("`{cast}`"));
                let _ = writeln!(rows, "| {}{since} | {columns} | {} | {cast} |", spec.title, cell(note));
            }
        }
        let name = format!("{class:?}").to_lowercase();
        let _ = write!(text, "\n## {name}\n\n| engine | column types | values | cast |\n|---|---|---|---|\n{rows}");
    }
    text
}

/// The facts that have a source, each with what it is on the four engines.
fn facts() -> String {
    let lists = Dialect::all().map(|dialect| dialect.spec().facts());
    let mut text = String::from(
        "# Dialects\n\n\
         Written by `cargo xtask docs` from `dialects/`, in the words of `src/dialect/`. A test executes each fact on the newest \
         version that is tested, unless a link names the manual that it is from. A fact holds since the oldest version covered, or \
         since the version in front of it.\n\n| fact |",
    );
    for dialect in Dialect::all() {
        let spec = dialect.spec();
        let _ = write!(text, " {} {} to {} |", spec.title, spec.oldest, spec.newest);
    }
    text.push_str("\n|---|---|---|---|---|\n");
    let [first, ..] = &lists;
    let mut names: Vec<&str> =
        first.iter().filter(|fact| fact.source.is_some()).map(|fact| fact.name.as_str()).collect();
    names.dedup();
    for name in names {
        let _ = write!(text, "| `{name}` |");
        for list in &lists {
            let stated: Vec<_> = list.iter().filter(|fact| fact.name == name).enumerate().map(state).collect();
            let _ = write!(text, " {} |", stated.join("; "));
        }
        text.push('\n');
    }
    text
}

/// A fact's value with its source, and its version where it changed.
fn state((change, fact): (usize, &Listed)) -> String {
    let since = if change == 0 { String::new() } else { format!("since {}: ", fact.since) };
    let source = match fact.source {
        Some(Evidence::Documented(url)) => format!(" ([documented]({url}))"),
        Some(Evidence::Executed) | None => String::new(),
    };
    format!("{since}`{}`{source}", cell(&fact.value))
}

fn errors() -> String {
    let mut text = String::from(
        "# Errors\n\n\
         Written by `cargo xtask docs` from `src/error/kind.rs`. Codes are stable. In the messages, braces stand for what \
         differs from case to case.\n\n| code | meaning | message |\n|---|---|---|\n",
    );
    let mut kinds = ErrorKind::CATALOGUE.to_vec();
    kinds.sort_unstable();
    for (code, message, meaning) in kinds {
        let _ = writeln!(text, "| `{code}` | {} | {} |", cell(meaning.trim()), cell(message));
    }
    text
}

/// Text within a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn shipped_documents_are_the_written_ones() {
        for (path, text) in documents().unwrap() {
            let shipped = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(shipped == text, "{} is out of date; run `cargo xtask docs`", path.display());
        }
    }
}
