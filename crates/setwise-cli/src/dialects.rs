//! `setwise dialects`: every fact of every dialect.

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};
use setwise::Dialect;
use setwise::dialect::{Evidence, Listed};

use crate::args::{Dialects, ListFormat};
use crate::failure::Failure;

pub(crate) fn print(args: &Dialects) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        ListFormat::Text => Dialect::all().iter().try_for_each(|dialect| print_text(&mut out, *dialect))?,
        ListFormat::Json => {
            let all: Vec<_> = Dialect::all().iter().map(|dialect| to_json(*dialect)).collect();
            serde_json::to_writer_pretty(&mut out, &all).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

fn print_text(out: &mut impl Write, dialect: Dialect) -> io::Result<()> {
    let spec = dialect.spec();
    writeln!(out, "{} ({}), {} to {}", spec.name, spec.title, spec.oldest, spec.newest)?;
    for fact in spec.facts() {
        let since = if fact.since > spec.oldest { format!("since {}: ", fact.since) } else { String::new() };
        let source = match fact.source {
            Some(Evidence::Documented(url)) => format!("  ({url})"),
            Some(Evidence::Executed) | None => String::new(),
        };
        writeln!(out, "  {:<24} {since}{}{source}", fact.name, fact.value)?;
    }
    writeln!(out)
}

fn to_json(dialect: Dialect) -> Value {
    let spec = dialect.spec();
    let facts: Vec<_> = spec.facts().iter().map(fact_to_json).collect();
    json!({
        "name": spec.name,
        "title": spec.title,
        "oldest": spec.oldest.to_string(),
        "newest": spec.newest.to_string(),
        "facts": facts,
    })
}

fn fact_to_json(fact: &Listed) -> Value {
    let (executed, url) = match fact.source {
        Some(Evidence::Executed) => (Value::Bool(true), Value::Null),
        Some(Evidence::Documented(url)) => (Value::Bool(false), url.into()),
        None => (Value::Null, Value::Null),
    };
    json!({
        "name": fact.name,
        "value": fact.value,
        "since": fact.since.to_string(),
        "executed": executed,
        "documented": url,
    })
}
