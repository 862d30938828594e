//! By what means the update is carried out: every strategy and chunk size, and what the planner chooses.

use std::fmt;
use std::time::{Duration, Instant};

use setwise::{Dialect, Options, Output, Purpose, Strategy, Update, Value, compile};
use setwise_bench::{COLUMNS, Data, Datum};

/// Rows per statement; 0 is no limit.
const CHUNKS: [usize; 6] = [50, 100, 500, 1000, 5000, 0];

/// The same where there are so many rows that each takes long.
const FEW_CHUNKS: [usize; 4] = [100, 500, 1000, 0];
const MANY_ROWS: usize = 100_000;

/// The most rows of one CASE that are tried: what it costs grows with their square.
const MOST_IN_CASE: usize = 1000;

/// Where values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Bound,
    Inline,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bound => "bound",
            Self::Inline => "inline",
        })
    }
}

/// One that takes part: the statements of a script, kept so that each run executes the same.
#[derive(Debug)]
pub struct Contender {
    pub strategy: &'static str,
    /// Rows per statement.
    pub chunk: usize,
    pub form: Form,
    /// Whether it is what the planner chooses.
    pub is_choice: bool,
    pub statements: Vec<Statement>,
    /// A setting of the session, and what takes it back.
    pub setting: Option<[&'static str; 2]>,
    /// What writing the statements took.
    pub compiled: Duration,
}

/// A statement, and the sets of parameters that it is executed with.
#[derive(Debug, PartialEq)]
pub struct Statement {
    pub text: String,
    pub binds: Vec<Vec<Value<'static>>>,
    /// Whether it updates the table; what else there is makes, fills and drops a temporary one.
    pub updates: bool,
}

impl Contender {
    /// Bytes of text, each text once for all of its sets of parameters.
    pub fn bytes(&self) -> usize {
        self.statements.iter().map(|statement| statement.text.len()).sum()
    }

    /// How often the engine executes something.
    pub fn executions(&self) -> usize {
        self.statements.iter().map(|statement| statement.binds.len().max(1)).sum()
    }
}

/// All that differ; the planner's choice is marked, whether or not it is one of those asked for.
pub fn contenders(update: &Update<'_>, rows: usize, dialect: Dialect) -> Vec<Contender> {
    let mut all = Vec::new();
    for form in [Form::Bound, Form::Inline] {
        let start = all.len();
        for strategy in dialect.strategies().filter(|strategy| *strategy != Strategy::Uniform) {
            let sizes = if rows < MANY_ROWS { &CHUNKS[..] } else { &FEW_CHUNKS[..] };
            let sizes = sizes.iter().copied().filter(|chunk| *chunk < rows && is_tried(strategy, *chunk, rows));
            // and as many as the dialect says
            for chunk in std::iter::once(None).chain(sizes.map(Some)) {
                let options = options(form).strategy(strategy);
                let options = chunk.map_or(options.clone(), |chunk| options.chunk(chunk));
                add(&mut all, start, update, dialect, strategy.name(), form, &options);
            }
        }
        add(&mut all, start, update, dialect, Strategy::Auto.name(), form, &options(form));
    }
    all
}

fn options(form: Form) -> Options {
    Options::new().output(if form == Form::Bound { Output::Binds } else { Output::Inline })
}

fn is_tried(strategy: Strategy, chunk: usize, rows: usize) -> bool {
    match strategy {
        // the statements are one for each row, whatever the chunk
        Strategy::PerRow => chunk == 0,
        // one statement reads all rows; the chunks are those that fill the table
        Strategy::Staged => false,
        Strategy::Case => (if chunk == 0 { rows } else { chunk }) <= MOST_IN_CASE,
        _ => true,
    }
}

/// Adds what the options give, unless it is there already.
fn add(
    all: &mut Vec<Contender>,
    start: usize,
    update: &Update<'_>,
    dialect: Dialect,
    strategy: &'static str,
    form: Form,
    options: &Options,
) {
    let before = Instant::now();
    write(update, dialect, options, |_| ());
    let compiled = before.elapsed();
    let mut statements: Vec<Statement> = Vec::new();
    let mut last = 0;
    let mut chunk = 0;
    write(update, dialect, options, |step| {
        let updates = step.purpose == Purpose::Update;
        if updates {
            chunk = chunk.max(step.rows.len());
        }
        let sets = step.binds.iter().filter(|set| !set.is_empty());
        let sets = sets.map(|set| set.iter().map(|bind| bind.value().clone().into_owned()).collect());
        if step.text_id == last && form == Form::Bound {
            statements.last_mut().expect("a statement of that text").binds.extend(sets);
        } else {
            statements.push(Statement { text: step.text.to_owned(), binds: sets.collect(), updates });
        }
        last = step.text_id;
    });
    let is_choice = strategy == Strategy::Auto.name();
    match all[start..].iter_mut().find(|known| known.statements == statements) {
        Some(known) => known.is_choice |= is_choice,
        None => all.push(Contender { strategy, chunk, form, is_choice, statements, setting: None, compiled }),
    }
}

fn write(update: &Update<'_>, dialect: Dialect, options: &Options, mut take: impl FnMut(setwise::Step<'_>)) {
    let mut script = compile(update, dialect, options).unwrap_or_else(|errors| panic!("{dialect}: {errors}"));
    while let Some(step) = script.next() {
        take(step.expect("a step"));
    }
}

/// What Django's `bulk_update` sends: for the column one `CASE WHEN key = .. THEN ..` over all rows, with a cast.
pub fn django(data: &Data, dialect: Dialect) -> Contender {
    let before = Instant::now();
    let (quote, text) = match dialect.name() {
        "mysql" | "mariadb" => ('`', "char"),
        _ => ('"', "text"),
    };
    let name = |name: &str| format!("{quote}{name}{quote}");
    let (table, key, title) = (name("posts"), name("id"), name(COLUMNS[1].0));
    let mut sql = format!("UPDATE {table} SET {title} = CAST(CASE");
    for row in &data.rows {
        let value = match &row.values[0] {
            Datum::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Datum::Null => "NULL".into(),
            other => panic!("{other:?} in a column of texts"),
        };
        sql += &format!(" WHEN ({table}.{key} = {}) THEN {value}", row.key);
    }
    let keys: Vec<String> = data.rows.iter().map(|row| row.key.to_string()).collect();
    sql += &format!(" ELSE NULL END AS {text}) WHERE {table}.{key} IN ({})", keys.join(", "));
    let compiled = before.elapsed();
    let setting = (dialect.name() == "postgres").then_some(["SET jit = off", "SET jit = on"]);
    let statements = vec![Statement { text: sql, binds: Vec::new(), updates: true }];
    Contender {
        strategy: "django",
        chunk: data.rows.len(),
        form: Form::Inline,
        is_choice: false,
        statements,
        setting,
        compiled,
    }
}
