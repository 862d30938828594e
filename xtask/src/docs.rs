//! The documents that are made from the code: `docs/storage.md`, `docs/errors.md` and a table of `README.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use setwise::dialect::{Class, JoinForm, Placeholder, Storage};
use setwise::{Dialect, ErrorKind, Version};

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme).map_err(while_doing("reading README.md"))?;
    let parts = text.split_once(MARKS.0).and_then(|(before, rest)| Some((before, rest.split_once(MARKS.1)?.1)));
    let (before, after) = parts.ok_or_else(|| Failure::new("README.md has lost the marks around its table"))?;
    let text = [before, MARKS.0, &dialects(), MARKS.1, after].concat();
    Ok(vec![(root.join("docs/storage.md"), storage()), (root.join("docs/errors.md"), errors()), (readme, text)])
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
        let placeholder = match newest.fact(|spec| &spec.placeholder) {
            Placeholder::Dollar => "`$1`",
            Placeholder::Question => "`?`",
        };
        let most = newest.fact(|spec| &spec.max_binds);
        let (name, title, oldest, newest) = (spec.name, spec.title, spec.oldest, spec.newest);
        let _ =
            writeln!(table, "| `{name}` | {title} | {oldest} | {newest} | {join} | {placeholder}, at most {most} |");
    }
    table
}

fn storage() -> String {
    let mut text = String::from(
        "# Storage\n\n\
         Written by `cargo xtask docs` from `dialects/`. For each type of setwise: the column types that hold it, the range, \
         and how equality is judged. A type that is not listed for a dialect is refused there.\n",
    );
    for class in Class::ALL {
        let mut rows = String::new();
        for dialect in Dialect::all() {
            let spec = dialect.spec();
            for stored in spec.storage.iter().filter(|stored| stored.class == class) {
                let Storage { class: _, columns, cast, form: _, since, note } = stored;
                let columns = columns.iter().map(|column| format!("`{}`", cell(column))).collect::<Vec<_>>().join(", ");
                let since = since.map_or_else(String::new, |since: Version| format!(" since {since}"));
                let cast = cast.map_or_else(String::new, |cast| format!("`{cast}`"));
                let _ = writeln!(rows, "| {}{since} | {columns} | {} | {cast} |", spec.title, cell(note));
            }
        }
        if !rows.is_empty() {
            let name = format!("{class:?}").to_lowercase();
            let _ = write!(text, "\n## {name}\n\n| engine | column types | values | cast |\n|---|---|---|---|\n{rows}");
        }
    }
    text
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
