//! `setwise list` and `setwise call`: the updates of a file, and one of them by its name.

use std::io::{self, BufWriter, Write};

use serde_json::json;
use setwise::lang::{Library, Parsed};
use setwise::{Error, ErrorKind, Follower, Param, Value, read};

use crate::args::{Call, List, ListFormat};
use crate::compile::{output_of, print_each, schema_dialect};
use crate::document::{Document, show};
use crate::failure::Failure;
use crate::rows::RowsFormat;
use crate::schema::SchemaFile;
use crate::update::Described;

/// So many characters of an argument are shown.
const MOST_SHOWN: usize = 60;

/// Prints the updates and rules of a file; where engines are named, only if all of them compile for each.
pub(crate) fn list(args: &List) -> Result<(), Failure> {
    let document = Document::load(&args.library)?;
    let library = if args.to.is_empty() && args.tables.schema.is_none() {
        open(&document)?
    } else {
        open_checked(args, &document)?
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        ListFormat::Text => {
            for parsed in library.updates() {
                let name = if parsed.name().is_some() { "" } else { "(no name) " };
                let rows = if parsed.needs_rows() { ", wants rows" } else { "" };
                writeln!(out, "{name}{}{rows}", parsed.heading())?;
            }
            for rule in library.rules() {
                writeln!(out, "{rule}")?;
            }
        }
        ListFormat::Json => {
            let all: Vec<_> = library.updates().iter().map(to_json).chain(library.rules().map(rule_to_json)).collect();
            serde_json::to_writer_pretty(&mut out, &all).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

/// Prints the script of an update.
pub(crate) fn call(args: &Call) -> Result<(), Failure> {
    let options = args.means.options().output(output_of(&args.form)?);
    let document = Document::load(&args.library)?;
    let library = open(&document)?;
    let parsed = library.get(&args.name).map_err(|error| Failure::Refused(document.show(&error)))?;
    let arguments = read_arguments(args, parsed, &document)?;
    let rows = match (&args.rows, parsed.needs_rows()) {
        (Some(path), true) => {
            let format = RowsFormat::of(args.reading.format_of(path)?).ok_or_else(|| {
                let hint = "a .setwise file holds updates and not rows; name a JSON, NDJSON or CSV file";
                Failure::usage(format!("{}: {hint}", path.display()))
            })?;
            Some((format, Document::load(path)?))
        }
        (None, false) => None,
        (Some(_), false) => {
            return Err(Failure::usage(format!("`{}` takes no rows; leave out --rows", args.name)));
        }
        (None, true) => return Err(Failure::usage(format!("`{}` wants rows: name a file with --rows", args.name))),
    };
    let dialect = schema_dialect(args.reading.tables.schema_dialect, &args.targets);
    let schema = SchemaFile::load(&args.reading.tables)?.map(|file| file.parse(dialect)).transpose()?;
    let rows = rows.as_ref().map(|(format, rows)| (*format, rows));
    let described =
        Described::of_library(parsed.clone(), &document, rows, schema.as_ref(), &args.reading.csv(), arguments)?;
    print_each(described.as_ref(), &args.targets, &options, args.form.format)
}

/// The library, where all of it compiles for the engines that are named.
fn open_checked<'t>(args: &List, document: &'t Document) -> Result<Library<'t>, Failure> {
    let Some(first) = args.to.first() else {
        return Err(Failure::usage("--to is missing: for which engines are the updates checked against the schema?"));
    };
    let dialect = args.tables.schema_dialect.unwrap_or(*first);
    let schema = SchemaFile::load(&args.tables)?.map(|file| file.parse(dialect)).transpose()?;
    // what is wrong with one update does not hide what is wrong with the others
    let (library, mut errors) = Library::parse_each(document.text()?);
    errors.append(library.check(schema.as_ref(), &args.to).err().unwrap_or_default());
    let checked = errors.sorted().or(library);
    checked.map_err(|errors| Failure::refused(&errors, |error| document.show(error)))
}

fn open(document: &Document) -> Result<Library<'_>, Failure> {
    Library::parse(document.text()?).map_err(|errors| Failure::refused(&errors, |error| document.show(error)))
}

/// The arguments, each read as its parameter's type says. What no parameter wants stays a text, and is refused with
/// the others.
fn read_arguments<'t>(
    args: &'t Call,
    parsed: &Parsed<'_>,
    document: &Document,
) -> Result<Vec<(&'t str, Value<'t>)>, Failure> {
    let find = |name: &str| parsed.params().iter().find(|param| param.name.as_str() == name);
    let (mut arguments, mut refused, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    let texts = args.arguments.iter().map(|(name, text)| (name.as_str(), Some(text.as_str())));
    for (name, text) in texts.chain(args.nulls.iter().map(|name| (name.as_str(), None))) {
        let param = find(name);
        let read = match (text, param) {
            (None, _) => Ok(Value::Null),
            (Some(text), None) => Ok(Value::from(text)),
            (Some(text), Some(param)) => read::value(name, text, &param.ty),
        };
        let read = read.and_then(|value| param.map_or(Ok(()), |param| param.check(&value)).map(|()| value));
        match read {
            Ok(value) => arguments.push((name, value)),
            Err(error) => {
                let given = text.map_or(format!("--arg-null {name}"), |text| format!("--arg {name}={}", shorten(text)));
                let declared = param.map(|param| format!(", where {param}")).unwrap_or_default();
                refused.push(show(&error, &(given + &declared)));
                wrong.push(name);
            }
        }
    }
    if refused.is_empty() {
        return Ok(arguments);
    }
    let others = parsed.check_arguments(arguments).err().unwrap_or_default();
    let is_new = |error: &&Error| !matches!(error.kind(), ErrorKind::MissingArgument { param, .. } if wrong.contains(&param.as_str()));
    refused.extend(others.iter().filter(is_new).map(|error| document.show(error)));
    Err(Failure::Refused(refused.join("\n")))
}

/// The start of a text that may be long.
fn shorten(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(MOST_SHOWN).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

fn rule_to_json(rule: &Follower<'_>) -> serde_json::Value {
    json!({
        "when": rule.of.as_ref().map(ToString::to_string),
        "then": rule.table.to_string(),
        "by": rule.links.iter().map(|(theirs, ours)| [theirs.as_str(), ours.as_str()]).collect::<Vec<_>>(),
        "sets": rule.set.iter().map(|set| set.column.as_str()).collect::<Vec<_>>(),
    })
}

fn to_json(parsed: &Parsed<'_>) -> serde_json::Value {
    let param = |param: &Param<'_>| json!({ "name": param.name.as_str(), "type": param.type_text(), "nullable": param.nullable });
    json!({
        "name": parsed.name().map(setwise::Ident::as_str),
        "params": parsed.params().iter().map(param).collect::<Vec<_>>(),
        "table": parsed.target().to_string(),
        "key": parsed.key().iter().map(setwise::Ident::as_str).collect::<Vec<_>>(),
        "wants_rows": parsed.needs_rows(),
    })
}
