//! Runs an update on an engine by each combination of means, and compares the table with the model's.
#![allow(dead_code, reason = "each test program uses its own part of this module")]

mod seen;

use std::fmt;

use setwise::{
    Dialect, Errors, Options, Output, Purpose, Schema, Strategy, Timestamp, Update, Value, compile, prepare,
};

pub use seen::{Gives, Seen};

use crate::case::{self, Case};
use crate::engine::{Engine, Failed};
use crate::matrix::{Matrix, Outcome};
use crate::model::{self, Effect, ModelError, TableData};

/// The instant of cases that give none.
const NOW: &str = "2026-01-02 03:04:05.678901+00:00";

/// One way to carry out an update.
#[derive(Clone, Copy, Debug)]
pub struct Means {
    pub strategy: Strategy,
    pub output: Output,
    pub chunk: usize,
}

impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.strategy.name(), self.output, self.chunk)
    }
}

/// Every strategy that the dialect has, with parameters and inline, one row and three rows at a time and without limit; and as a client's
/// script.
pub fn all_means(dialect: Dialect) -> Vec<Means> {
    [Strategy::Auto].into_iter().chain(dialect.strategies()).flat_map(means_of).collect()
}

/// The same of one strategy.
pub fn means_of(strategy: Strategy) -> Vec<Means> {
    let mut means = Vec::new();
    for output in [Output::Binds, Output::Inline] {
        for chunk in [1, 3, 0] {
            means.push(Means { strategy, output, chunk });
        }
    }
    means.push(Means { strategy, output: Output::ScriptWithoutTransaction, chunk: 3 });
    means
}

/// Runs a case by all means.
pub fn run_case(case: &Case, engine: &mut dyn Engine, matrix: &mut Matrix) {
    let schema = case.schema(engine.dialect());
    match Subject::of(case, &schema) {
        Ok(subject) => subject.run(engine, matrix),
        Err(errors) => matrix.add(&case.name, &engine.label(), "all", Outcome::Refused(codes(&errors))),
    }
}

/// An update, the table that it is for, and the tables beside it.
pub struct Subject<'s> {
    pub name: String,
    pub schema: &'s Schema,
    pub data: TableData,
    pub others: Vec<TableData>,
    pub update: Update<'s>,
    pub now: setwise::TimestampTz,
}

impl<'s> Subject<'s> {
    /// What a case says, with the schema that it has on a dialect.
    pub fn of(case: &'s Case, schema: &'s Schema) -> Result<Self, Errors> {
        let update = case.update(schema)?;
        let now = case.now.unwrap_or_else(|| setwise::TimestampTz::parse(NOW).unwrap());
        let target = schema.find(update.target()).unwrap_or(&schema.tables()[0]).name();
        let data_of = |table: &setwise::Table| TableData { table: table.clone(), rows: case.rows(table) };
        let (data, others): (Vec<_>, Vec<_>) =
            schema.tables().iter().map(data_of).partition(|data| data.table.name() == target);
        let data = data.into_iter().next().expect("a table");
        Ok(Self { name: case.name.clone(), schema, data, others, update, now })
    }

    /// All tables, in the order in which they are created.
    fn tables(&self) -> Vec<&TableData> {
        let mut tables: Vec<_> = std::iter::once(&self.data).chain(&self.others).collect();
        let place = |data: &&TableData| self.schema.tables().iter().position(|table| table.name() == data.table.name());
        tables.sort_by_key(place);
        tables
    }

    /// What it is compiled with.
    pub fn options(&self, means: Means) -> Options {
        let options = Options::new().strategy(means.strategy).output(means.output).chunk(means.chunk).now(self.now);
        options.emulate_returning(true)
    }
    /// Runs by all means on a fresh table; the engine is left with the table as it was.
    pub fn run(&self, engine: &mut dyn Engine, matrix: &mut Matrix) {
        // the strategies are for rows in memory: one shows that the others are refused
        let mut means = all_means(engine.dialect());
        let rows = self.update.rows();
        if matches!(rows, setwise::Rows::Keyed(keyed) if matches!(keyed.input, setwise::Input::Table(_))) {
            means.retain(|Means { strategy, output, chunk }| match strategy {
                Strategy::Auto => true,
                Strategy::Staged => *output == Output::Inline && *chunk == 0,
                _ => false,
            });
        }
        self.run_by(&means, engine, matrix);
    }

    /// Runs by some means.
    pub fn run_by(&self, means: &[Means], engine: &mut dyn Engine, matrix: &mut Matrix) {
        let expected = model::effect_among(&self.update, &self.data, &self.others, self.now.to_utc());
        let mut is_filled = false;
        for &means in means {
            let outcome = match compile(&self.update, engine.dialect(), &self.options(means)) {
                Err(errors) => self.judge_refusal(&expected, &errors),
                Ok(_) if self.is_refused_by_model(&expected) => {
                    Outcome::Wrong(format!("the model refuses ({:?}), the compiler does not", expected.as_ref().err()))
                }
                Ok(mut script) => {
                    if !is_filled {
                        fill_all(engine, &self.tables())
                            .unwrap_or_else(|error| panic!("{}: {}: {error}", engine.label(), self.name));
                        is_filled = true;
                    }
                    self.check_prepared(engine.dialect(), means);
                    self.execute(engine, &mut script, means, &expected)
                }
            };
            matrix.add(&self.name, &engine.label(), &means.to_string(), outcome);
        }
        if is_filled {
            engine.reset().unwrap();
        }
    }

    /// What is compiled once and then bound has the text and the parameters of what is compiled with its arguments.
    fn check_prepared(&self, dialect: Dialect, means: Means) {
        if means.output != Output::Binds || self.update.params().is_empty() {
            return;
        }
        let prepared = prepare(&self.update, dialect, &self.options(means)).unwrap();
        let arguments = self.update.params().iter();
        let arguments = arguments.map(|param| (param.name.as_str(), param.argument.clone().unwrap().into_owned()));
        let bound = prepared.bind(arguments).unwrap();
        let mut script = compile(&self.update, dialect, &self.options(means)).unwrap();
        let mut steps = bound.steps();
        while let Some(step) = script.next() {
            let (step, bound) = (step.unwrap(), steps.next().expect("a step"));
            assert_eq!((bound.text, bound.text_id, bound.purpose), (step.text, step.text_id, step.purpose));
            let [bound, given] = [&bound, &step].map(|step| step.binds.iter().flatten().collect::<Vec<_>>());
            let same = |(a, b): (&&setwise::Bind<'_>, &&setwise::Bind<'_>)| a.value() == b.value() && a.ty() == b.ty();
            assert!(
                bound.len() == given.len() && bound.iter().zip(&given).all(same),
                "{}: {bound:?}, {given:?}",
                self.name
            );
        }
        assert!(steps.next().is_none(), "{}: more steps", self.name);
    }

    fn is_refused_by_model(&self, expected: &Result<Effect, ModelError>) -> bool {
        expected.as_ref().is_err_and(|error| error.refusal().is_some())
    }

    fn judge_refusal(&self, expected: &Result<Effect, ModelError>, errors: &Errors) -> Outcome {
        let codes = codes(errors);
        if codes.iter().any(|code| code == "internal") {
            return Outcome::Wrong(errors.to_string());
        }
        let of_schema = self.schema.tables().iter().any(|table| !table.followers().is_empty());
        let is_followed = of_schema || !self.update.followers().is_empty();
        match expected.as_ref().err().and_then(ModelError::refusal) {
            // what follows an update that is refused is not looked at
            Some(code) if !codes.contains(&code.to_owned()) && is_followed => Outcome::Refused(codes),
            Some(code) if !codes.contains(&code.to_owned()) => {
                Outcome::Wrong(format!("refused with {codes:?}, the model refuses with {code}"))
            }
            Some(_) => Outcome::RefusedEverywhere(codes),
            None if expected.is_err() => Outcome::RefusedEverywhere(codes),
            None => Outcome::Refused(codes),
        }
    }

    fn execute(
        &self,
        engine: &mut dyn Engine,
        script: &mut setwise::Script<'_>,
        means: Means,
        expected: &Result<Effect, ModelError>,
    ) -> Outcome {
        engine.execute("BEGIN").unwrap();
        let mut text = String::new();
        let table = model::as_seen(self.schema, self.update.target()).unwrap_or_else(|| self.data.table.clone());
        let gives = Gives::of(&self.update, &table);
        let ran = run_reading(engine, script, means.output, &mut text, &gives);
        let outcome = match (&ran, expected) {
            (Ok(seen), Ok(expected)) => {
                let found = engine.read_table(&self.data.table).unwrap();
                let differ = || seen.differ(&gives, &self.update, &table, expected);
                let others = || differ_beside(engine, &expected.others);
                match model::diff(&expected.data, &found).or_else(others).or_else(differ) {
                    None => Outcome::Equal { matched: expected.changes(&self.data, &self.others) },
                    Some(diff) => Outcome::Wrong(format!("{diff}\n{text}")),
                }
            }
            (Err(failed), Err(_)) if !is_of_the_text(failed) => Outcome::Failed,
            (Ok(_), Err(error)) if error.is_engine_dependent() => Outcome::Failed,
            (Ok(_), Err(error)) => Outcome::Wrong(format!("ran, but the model says {error}\n{text}")),
            (Err(failed), _) => Outcome::Wrong(format!("{failed}\n{text}")),
        };
        engine.execute("ROLLBACK").unwrap();
        if ran.is_err() {
            let changed = self.tables().into_iter().find_map(|data| {
                let found = engine.read_table(&data.table).unwrap();
                model::diff(data, &found)
            });
            if let Some(diff) = changed {
                return Outcome::Wrong(format!("the table changed although the script failed: {diff}\n{text}"));
            }
        }
        outcome
    }
}

/// Whether an engine's error is about the statement's text, which no data excuses: syntax, names, types, parameters.
fn is_of_the_text(failed: &Failed) -> bool {
    let of_mysql = ["1054", "1064", "1109", "1146", "1210", "1267", "1271", "1305", "1390", "1582", "1583"];
    let words = ["syntax error", "no such", "unrecognized token", "wrong number of arguments", "ambiguous"];
    let code = failed.code.as_str();
    let of_postgres = code.len() == 5 && code.starts_with("42") || code == "driver";
    of_postgres || of_mysql.contains(&code) || words.iter().any(|word| failed.message.contains(word))
}

/// Runs the steps of a script; `text` is left with the last step's text.
pub fn run_steps(
    engine: &mut dyn Engine,
    script: &mut setwise::Script<'_>,
    output: Output,
    text: &mut String,
) -> Result<(), Failed> {
    run_reading(engine, script, output, text, &Gives::default()).map(drop)
}

/// As [`run_steps`], and reads the rows that the script gives back.
pub fn run_reading(
    engine: &mut dyn Engine,
    script: &mut setwise::Script<'_>,
    output: Output,
    text: &mut String,
    gives: &Gives,
) -> Result<Seen, Failed> {
    let mut seen = Seen::default();
    while let Some(step) = script.next() {
        let step = step.expect("a step of a compiled script");
        if matches!(step.purpose, Purpose::Client | Purpose::Session) {
            continue;
        }
        text.clear();
        text.push_str(step.text);
        for binds in step.binds.iter() {
            if step.purpose == Purpose::Outcome {
                let values: Vec<Value<'_>> = binds.iter().map(|bind| bind.value().clone()).collect();
                Seen::read(engine, step.text, &values, &gives.outcome, &mut seen.outcomes)?;
                continue;
            }
            if step.returns && !gives.returned.is_empty() {
                let values: Vec<Value<'_>> = binds.iter().map(|bind| bind.value().clone()).collect();
                Seen::read(engine, step.text, &values, &gives.returned, &mut seen.returned)?;
                continue;
            }
            let outcome = if binds.is_empty() {
                engine.execute(step.text)?
            } else {
                let values: Vec<Value<'_>> = binds.iter().map(|bind| bind.value().clone()).collect();
                if let Some(value) = values.iter().find(|value| !engine.has(value)) {
                    let message = format!("{value:?} is bound, and the engine has no such value");
                    return Err(Failed { code: "driver".into(), message });
                }
                engine.execute_bound(step.text, &values)?
            };
            // what a driver must enforce, a client's script does by itself
            if step.purpose == Purpose::Check && !output.is_for_client() && outcome.returned > 0 {
                let message = format!("a check returned {} rows", outcome.returned);
                return Err(Failed { code: "check".into(), message });
            }
        }
    }
    Ok(seen)
}

/// Creates a table with its rows, alone in the database.
pub fn fill(engine: &mut dyn Engine, data: &TableData) -> Result<(), Failed> {
    fill_all(engine, &[data])
}

/// Creates tables with their rows, alone in the database.
pub fn fill_all(engine: &mut dyn Engine, tables: &[&TableData]) -> Result<(), Failed> {
    let dialect: Dialect = engine.dialect();
    engine.reset()?;
    let mut done: Vec<String> = Vec::new();
    for data in tables {
        // two tables may have columns of one enum or one collation
        for statement in case::create(&data.table, dialect).expect("a table that the engine can have") {
            if !done.contains(&statement) {
                engine.execute(&statement)?;
                done.push(statement);
            }
        }
        let insert = case::insert(&data.table, dialect, |at| engine.placeholder(at));
        for row in &data.rows {
            engine.execute_bound(&insert, row)?;
        }
    }
    Ok(())
}

/// What is not as the model says in the tables beside the target.
fn differ_beside(engine: &mut dyn Engine, expected: &[TableData]) -> Option<String> {
    expected.iter().find_map(|expected| {
        let found = engine.read_table(&expected.table).unwrap();
        model::diff(expected, &found).map(|diff| format!("`{}`: {diff}", expected.table.name()))
    })
}

pub fn codes(errors: &Errors) -> Vec<String> {
    let mut codes: Vec<String> = errors.iter().map(|error| error.code().to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// The instant of a script as the model takes it.
pub fn utc(now: setwise::TimestampTz) -> Timestamp {
    now.to_utc()
}
