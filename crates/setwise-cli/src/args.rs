//! The command line.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use setwise::read::CsvOptions;
use setwise::{Dialect, Lock, OnDuplicate, OnMissing, Options, Strategy, TimestampTz};

use crate::failure::Failure;

/// Compiles bulk updates: set these columns, on those rows, to these values.
#[derive(Debug, Parser)]
#[command(name = "setwise", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  # rows of a file as a script for psql, each field set to its incoming value
  setwise compile --to postgres@15 --schema schema.sql --table posts --key id rows.ndjson | psql blog

  # add to a column instead, for two engines
  setwise compile --to mysql@8.0 --to mariadb@10.11 --schema schema.sql --table posts --key id \\
      --set 'views = views + new.views' rows.csv

  # into a SQLite file, in one transaction
  setwise apply --db sqlite:blog.db --table posts --key id rows.ndjson

  # what would be done, and why
  setwise explain --to postgres@15 --schema schema.sql --table posts --key id rows.ndjson

Exit status: 0 done; 1 refused, with every error on standard error and nothing done; 2 wrong usage.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints the update as a script that the engine's own client runs.
    #[command(after_help = COMPILE)]
    Compile(Compile),
    /// Carries the update out on a SQLite file, in one transaction.
    #[command(after_help = APPLY)]
    Apply(Apply),
    /// Prints the plan: strategy, chunks and casts, and why.
    Explain(Explain),
    /// Lists the updates and rules of a .setwise file, and checks them where engines are named.
    List(List),
    /// Calls an update of a .setwise file by its name, and prints it as `compile` does.
    #[command(after_help = CALL)]
    Call(Call),
    /// Prints every fact of every dialect.
    Dialects(Dialects),
}

const COMPILE: &str = "\
The script runs in one transaction and stops at the first error:
  setwise compile --to postgres@15 … | psql -X -q blog
  setwise compile --to mysql@8.0   … | mysql blog
  setwise compile --to sqlite@3.40 … | sqlite3 blog.db

A setwise file in place of table, key and rows:
  setwise compile --to postgres@15 --schema schema.sql update.setwise";

const CALL: &str = "\
Examples:
  setwise call users.setwise upgrade_inactive --arg days=30 --to mysql@8.0 --schema schema.sql
  setwise call posts.setwise translate --rows posts.csv --to postgres@15 --schema schema.sql";

const APPLY: &str = "\
Examples:
  setwise apply --db sqlite:blog.db --table posts --key id rows.ndjson
  setwise apply --db blog.db --table posts --key id --set 'views = views + new.views' rows.csv
  setwise apply --db blog.db --table posts --all-rows --set 'views = 0' --dry-run";

#[derive(Args, Debug)]
pub(crate) struct Compile {
    #[command(flatten)]
    pub(crate) targets: Targets,
    #[command(flatten)]
    pub(crate) update: Update,
    #[command(flatten)]
    pub(crate) means: Means,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// The form in which scripts are printed.
#[derive(Args, Debug)]
pub(crate) struct Form {
    /// Write parameters instead of values, and the parameters' values beside the text, for a driver.
    #[arg(long)]
    pub(crate) binds: bool,
    /// Leave out the transaction.
    #[arg(long)]
    pub(crate) no_transaction: bool,
    /// SQL text, or JSON with each step's text and typed parameters (docs/cli.md).
    #[arg(long, value_enum, default_value_t = Format::Sql)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    /// The file of updates; `-` is standard input.
    #[arg(value_name = "LIBRARY|-")]
    pub(crate) library: PathBuf,
    /// Check that every update and rule compiles for this engine. May be given several times.
    #[arg(long, value_name = "DIALECT[@VERSION]", value_delimiter = ',')]
    pub(crate) to: Vec<Dialect>,
    #[command(flatten)]
    pub(crate) tables: Tables,
    /// A text for people, or JSON.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Args, Debug)]
pub(crate) struct Call {
    /// The file of updates; `-` is standard input.
    #[arg(value_name = "LIBRARY|-")]
    pub(crate) library: PathBuf,
    /// The name of the update.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The argument of a parameter, written as in a CSV file: `--arg days=30`.
    #[arg(long = "arg", value_name = "PARAMETER=VALUE", value_parser = parse_argument)]
    pub(crate) arguments: Vec<(String, String)>,
    /// A parameter that is NULL.
    #[arg(long = "arg-null", value_name = "PARAMETER")]
    pub(crate) nulls: Vec<String>,
    /// The rows, where the update wants some: a file that ends in .json, .ndjson, .jsonl or .csv.
    #[arg(long, value_name = "ROWS")]
    pub(crate) rows: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) targets: Targets,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) means: Means,
    #[command(flatten)]
    pub(crate) form: Form,
}

#[derive(Args, Debug)]
pub(crate) struct Apply {
    /// The SQLite file, as a path or as `sqlite:` and a path.
    #[arg(long, value_name = "sqlite:FILE", value_parser = parse_database)]
    pub(crate) db: PathBuf,
    #[command(flatten)]
    pub(crate) update: Update,
    #[command(flatten)]
    pub(crate) means: Means,
    /// Only compile, and count the rows that would be matched; the file is opened for reading alone.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) targets: Targets,
    #[command(flatten)]
    pub(crate) update: Update,
    #[command(flatten)]
    pub(crate) means: Means,
    /// Explain the plan with parameters, instead of values in the text.
    #[arg(long)]
    pub(crate) binds: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Dialects {
    /// A text for people, or JSON.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Args, Debug)]
pub(crate) struct Targets {
    /// The engine and its version: `postgres@15`, `mysql@8.0`, `mariadb@10.11`, `sqlite@3.40`. Without a version, the
    /// oldest covered. May be given several times.
    #[arg(long, required = true, value_name = "DIALECT[@VERSION]", value_delimiter = ',')]
    pub(crate) to: Vec<Dialect>,
}

/// What is updated.
#[derive(Args, Debug)]
pub(crate) struct Update {
    /// Rows: a file that ends in .json, .ndjson, .jsonl or .csv. Or a whole update: a file that ends in .setwise.
    /// `-` is standard input.
    #[arg(value_name = "ROWS|-")]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The table: `posts`, `blog.posts`, or in double quotes where a name is not a plain word.
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Option<String>,
    /// The columns that identify a row: `id`, or several, separated by commas.
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) key: Vec<String>,
    /// A table from which the rows come, in place of a file: `staging_posts`, `staging_posts where batch = 7`, or with the
    /// columns that come in: `(id, title) from staging_posts`. It needs a schema.
    #[arg(long, value_name = "TABLE", conflicts_with = "input")]
    pub(crate) rows_from: Option<String>,
    /// What is set: `views = views + new.views`, where `new.` reads the incoming row. Several are separated by
    /// commas. Without it, every field besides the key is set to its incoming value.
    #[arg(long, value_name = "COLUMN = EXPRESSION")]
    pub(crate) set: Vec<String>,
    /// Rows for which this is not true stay as they are.
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) filter: Vec<String>,
    /// Update every row of the table; needed where there are neither rows nor a condition.
    #[arg(long)]
    pub(crate) all_rows: bool,
    #[command(flatten)]
    pub(crate) policies: Policies,
}

/// How files of rows and schemas are read.
#[derive(Args, Debug)]
pub(crate) struct Reading {
    /// The form of the file, where its name does not tell.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) rows_format: Option<InputFormat>,
    /// The text that means NULL in a CSV file. Without it, no field is NULL.
    #[arg(long, value_name = "TEXT")]
    pub(crate) null: Option<String>,
    /// The character between the fields of a CSV file.
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = parse_delimiter)]
    pub(crate) delimiter: char,
    #[command(flatten)]
    pub(crate) tables: Tables,
}

/// What is known of the tables.
#[derive(Args, Debug)]
pub(crate) struct Tables {
    /// A file with the tables' CREATE TABLE statements.
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,
    /// The dialect of the schema file. Without it, the first dialect of `--to`.
    #[arg(long, value_name = "DIALECT[@VERSION]")]
    pub(crate) schema_dialect: Option<Dialect>,
    /// Take tables of the schema whose whole primary key is a foreign key to another's for tables that extend those.
    #[arg(long, requires = "schema")]
    pub(crate) extend_by_keys: bool,
}

/// What happens to rows that collide, are missing or have changed.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(crate) struct Policies {
    /// Which of the rows of one key counts; without it, a key that comes twice is an error.
    #[arg(long, value_name = "error|first|last", value_parser = parse_duplicate)]
    pub(crate) on_duplicate: Option<OnDuplicate>,
    /// What becomes of rows whose key the table does not have; without it, they are left out.
    #[arg(long, value_name = "ignore|error|insert", value_parser = parse_missing)]
    pub(crate) on_missing: Option<OnMissing>,
    /// Leave rows alone whose columns would all be set to what they are.
    #[arg(long)]
    pub(crate) only_changed: bool,
    /// Update a row only where this column of it is what came in, and count it up.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) version_column: Option<String>,
    /// Set these columns to the instant of the script.
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) touch: Vec<String>,
    /// Unique columns whose new values no row has before.
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) disjoint: Vec<String>,
    /// Lock all rows in the order of their keys before the first is written.
    #[arg(long, value_name = "ordered", value_parser = parse_lock)]
    pub(crate) lock: Option<Lock>,
    /// Columns of the written rows to give back: `id`, or `old.views` for what it was.
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) returning: Vec<String>,
}

impl Reading {
    /// The form of a file: the one that is asked for, or that its name tells.
    pub(crate) fn format_of(&self, path: &Path) -> Result<InputFormat, Failure> {
        self.rows_format.or_else(|| InputFormat::of(path)).ok_or_else(|| {
            let hint = "the name does not tell the form of the rows; say it with --rows-format";
            Failure::usage(format!("{}: {hint}", path.display()))
        })
    }

    /// How a CSV file is written.
    pub(crate) fn csv(&self) -> CsvOptions {
        let options = CsvOptions::new().delimiter(self.delimiter);
        self.null.iter().fold(options, |options, null| options.null(null))
    }
}

/// By what means it is updated; none changes the result.
#[derive(Args, Debug)]
pub(crate) struct Means {
    /// The form of the statements, instead of the one that suits the engine best.
    #[arg(long, value_parser = parse_strategy, value_name = "auto|uniform|per-row|case|values-join|array-join|json-join|staged")]
    pub(crate) strategy: Option<Strategy>,
    /// Rows per statement, instead of the number that suits the engine best; 0 for no limit but the engine's.
    #[arg(long, value_name = "ROWS", allow_negative_numbers = true)]
    pub(crate) chunk: Option<usize>,
    /// The instant that `now()` means, such as 2026-01-31T12:00:00Z. Without it, the engine's clock.
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    pub(crate) now: Option<TimestampTz>,
    /// The most parameters of a statement, where the engine was built otherwise than by default.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) max_binds: Option<usize>,
    /// The most bytes of a statement, where the server was set otherwise (`max_allowed_packet`).
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) max_bytes: Option<usize>,
    /// Give back the rows of `--returning` by a query before or behind the update, where the engine's update gives none.
    #[arg(long)]
    pub(crate) emulate_returning: bool,
}

impl Means {
    pub(crate) fn options(&self) -> Options {
        let mut options = Options::new().strategy(self.strategy.unwrap_or_default());
        options = options.emulate_returning(self.emulate_returning);
        if let Some(rows) = self.chunk {
            options = options.chunk(rows);
        }
        if let Some(now) = self.now {
            options = options.now(now);
        }
        if let Some(binds) = self.max_binds {
            options = options.max_binds(binds);
        }
        if let Some(bytes) = self.max_bytes {
            options = options.max_bytes(bytes);
        }
        options
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Sql,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Rows: a JSON array of objects.
    Json,
    /// Rows: a JSON object on each line.
    Ndjson,
    /// Rows: comma-separated values with a header.
    Csv,
    /// A whole update in the setwise language.
    Setwise,
}

impl InputFormat {
    /// The form that a file's name tells.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "csv" => Some(Self::Csv),
            "setwise" => Some(Self::Setwise),
            _ => None,
        }
    }
}

fn parse_argument(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected `parameter=value`")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

fn parse_delimiter(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(only),
        _ if text == "\\t" => Ok('\t'),
        _ => Err("a delimiter is one character, or `\\t` for a tab".into()),
    }
}

fn parse_strategy(name: &str) -> Result<Strategy, String> {
    let mut known = Strategy::ALL.into_iter().chain([Strategy::Auto]);
    known.find(|strategy| strategy.name() == name).ok_or_else(|| {
        let names: Vec<_> = Strategy::ALL.iter().map(|strategy| strategy.name()).collect();
        format!("the strategies are auto, {}", names.join(", "))
    })
}

fn parse_duplicate(word: &str) -> Result<OnDuplicate, String> {
    let found = OnDuplicate::ALL.into_iter().find(|(known, _)| *known == word);
    found.map(|(_, policy)| policy).ok_or_else(|| "it is one of error, first, last".into())
}

fn parse_missing(word: &str) -> Result<OnMissing, String> {
    let found = OnMissing::ALL.into_iter().find(|(known, _)| *known == word);
    found.map(|(_, policy)| policy).ok_or_else(|| "it is one of ignore, error, insert".into())
}

fn parse_lock(word: &str) -> Result<Lock, String> {
    if word == "ordered" { Ok(Lock::Ordered) } else { Err("rows are locked `ordered`, or as they are met".into()) }
}

fn parse_instant(text: &str) -> Result<TimestampTz, String> {
    TimestampTz::parse(text).map_err(|error| error.to_string())
}

fn parse_database(text: &str) -> Result<PathBuf, String> {
    let path = text.strip_prefix("sqlite:").unwrap_or(text);
    if path.is_empty() || text.contains("://") {
        return Err("only SQLite files can be written to: sqlite:FILE".into());
    }
    Ok(path.into())
}
