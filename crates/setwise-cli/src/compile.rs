//! `setwise compile` and `setwise explain`: the update as a script, or its plan.

use std::io::{self, BufWriter, Seek, Write};

use setwise::{Dialect, Options, Output, Script, explain};
use tempfile::SpooledTempFile;

use crate::args::{Compile, Explain, Form, Format, Targets};
use crate::failure::Failure;
use crate::print::{Steps, print_json, print_sql};
use crate::update::{Described, Texts};

/// So many bytes of a script are in memory until all of its rows are found to be right.
const IN_MEMORY: usize = 1 << 20;

pub(crate) fn compile(args: &Compile) -> Result<(), Failure> {
    let options = args.means.options().output(output_of(&args.form)?);
    let texts = Texts::load(&args.update)?;
    let schema = texts.schema(schema_dialect(args.update.reading.tables.schema_dialect, &args.targets))?;
    // A chunk of 0 means all rows in one statement.
    let may_stream = args.form.format == Format::Sql && args.means.chunk != Some(0);
    if let Some(streamed) = may_stream.then(|| texts.stream(schema.as_ref())).flatten()
        && let Some(streams) = streamed.streams(&args.targets.to, &options)
        // what is wrong with rows is told by all of them together, if it is more than their order
        && let Ok(mut script) = spool(streams)
    {
        let mut out = io::stdout().lock();
        io::copy(&mut script, &mut out)?;
        return Ok(out.flush()?);
    }
    let described = texts.read(schema.as_ref())?;
    print_each(described.as_ref(), &args.targets, &options, args.form.format)
}

/// The output that a form of scripts asks for.
pub(crate) fn output_of(form: &Form) -> Result<Output, Failure> {
    let for_driver = form.binds || form.format == Format::Json;
    if for_driver && form.no_transaction {
        return Err(Failure::usage(
            "--no-transaction is for scripts; with --binds or JSON the driver begins and commits",
        ));
    }
    Ok(match (form.binds, form.format, form.no_transaction) {
        (true, _, _) => Output::Binds,
        (false, Format::Json, _) => Output::Inline,
        (false, Format::Sql, false) => Output::Script,
        (false, Format::Sql, true) => Output::ScriptWithoutTransaction,
    })
}

/// Prints an update for each target. Everything is checked before anything is printed, so that a refusal leaves standard
/// output empty.
pub(crate) fn print_each(
    described: Option<&Described<'_>>,
    targets: &Targets,
    options: &Options,
    format: Format,
) -> Result<(), Failure> {
    let scripts = compile_each(described, targets, options)?;
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match format {
        Format::Sql => print_sql(&mut out, scripts)?,
        Format::Json => print_json(&mut out, scripts)?,
    }
    Ok(out.flush()?)
}

/// The script of a stream, from its start: in memory where it is short, else in a temporary file without a name.
fn spool<S: Steps>(streams: Vec<(Dialect, Option<S>)>) -> Result<SpooledTempFile, Failure> {
    let mut out = BufWriter::new(SpooledTempFile::new(IN_MEMORY));
    print_sql(&mut out, streams)?;
    let mut script = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    script.rewind()?;
    Ok(script)
}

fn compile_each<'d>(
    described: Option<&'d Described<'d>>,
    targets: &Targets,
    options: &Options,
) -> Result<Vec<(Dialect, Option<Script<'d>>)>, Failure> {
    let Some(described) = described else { return Ok(targets.to.iter().map(|dialect| (*dialect, None)).collect()) };
    for_each_target(described, targets, |dialect| {
        setwise::compile(&described.update, dialect, options).map(|script| (dialect, Some(script)))
    })
}

/// What each target gives; or the errors of all, each error once.
fn for_each_target<T>(
    described: &Described<'_>,
    targets: &Targets,
    make: impl Fn(Dialect) -> Result<T, setwise::Errors>,
) -> Result<Vec<T>, Failure> {
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    for &dialect in &targets.to {
        match make(dialect) {
            Ok(one) => made.push(one),
            Err(errors) => {
                for line in described.show(&errors) {
                    if !refused.contains(&line) {
                        refused.push(line);
                    }
                }
            }
        }
    }
    if refused.is_empty() { Ok(made) } else { Err(Failure::Refused(refused.join("\n"))) }
}

/// Prints the plan for each target.
pub(crate) fn explain_plan(args: &Explain) -> Result<(), Failure> {
    let options = args.means.options().output(if args.binds { Output::Binds } else { Output::Script });
    let texts = Texts::load(&args.update)?;
    let schema = texts.schema(schema_dialect(args.update.reading.tables.schema_dialect, &args.targets))?;
    let Some(described) = texts.read(schema.as_ref())? else {
        return Ok(writeln!(io::stdout(), "0 rows, nothing to do")?);
    };
    let plans = for_each_target(&described, &args.targets, |dialect| explain(&described.update, dialect, &options))?;
    let mut out = io::stdout().lock();
    for (index, plan) in plans.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        writeln!(out, "{gap}{}", plan.trim_end())?;
    }
    Ok(out.flush()?)
}

/// The dialect of the schema file: the one that is named, else the first target.
pub(crate) fn schema_dialect(named: Option<Dialect>, targets: &Targets) -> Dialect {
    named.or_else(|| targets.to.first().copied()).unwrap_or_else(Dialect::postgres)
}
