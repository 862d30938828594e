//! Looks for a case that ends otherwise when a dialect's fact is changed.

use std::cell::Cell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use setwise::Strategy::{self, Auto, ValuesJoin};
use setwise::dialect::Spec;
use setwise::{Column, Dialect, Purpose, Table, Value, compile};

use crate::case::Case;
use crate::engine::{self, Engine, Failed, Outcome as Done, Row};
use crate::matrix::{Matrix, Outcome};
use crate::probes::Probe;
use crate::run::{self, Means, Subject};

thread_local! {
    /// Whether a panic is one way to fail, which is told elsewhere.
    static EXPECTS_PANIC: Cell<bool> = const { Cell::new(false) };
}

/// Leaves out the messages of panics that are only caught changes.
pub fn quiet_panics() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !EXPECTS_PANIC.get() {
            tell(info);
        }
    }));
}

/// What something gives, or the message of its panic.
fn attempt<T>(what: impl FnOnce() -> T) -> Result<T, String> {
    EXPECTS_PANIC.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(what));
    EXPECTS_PANIC.set(false);
    outcome.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("a panic").to_owned()
    })
}

/// An engine of which something else is believed than is so.
struct Believed {
    engine: Box<dyn Engine>,
    dialect: Dialect,
}

impl Engine for Believed {
    fn dialect(&self) -> Dialect {
        self.dialect
    }
    fn placeholder(&self, at: usize) -> String {
        self.engine.placeholder(at)
    }
    fn has(&self, value: &Value<'_>) -> bool {
        self.engine.has(value)
    }
    fn reset(&mut self) -> Result<(), Failed> {
        self.engine.reset()
    }
    fn execute(&mut self, text: &str) -> Result<Done, Failed> {
        self.engine.execute(text)
    }
    fn execute_bound(&mut self, text: &str, binds: &[Value<'_>]) -> Result<Done, Failed> {
        self.engine.execute_bound(text, binds)
    }
    fn read_table(&mut self, table: &Table) -> Result<Vec<Row>, Failed> {
        self.engine.read_table(table)
    }
    fn query(&mut self, text: &str, binds: &[Value<'_>], columns: &[Column]) -> Result<Vec<Row>, Failed> {
        self.engine.query(text, binds, columns)
    }
    fn another(&self) -> Result<Box<dyn Engine>, String> {
        self.engine.another()
    }
    fn client(&self) -> Option<Command> {
        self.engine.client()
    }
}

/// What a case is compiled to: the hash of all that is sent, or the codes of the refusal.
type Text = Result<u64, Vec<String>>;

/// An engine with all cases that it can have.
pub struct Ground {
    engine: Believed,
    dialect: Dialect,
    subjects: Vec<Subject<'static>>,
    means: Vec<Means>,
    /// What is compiled to with the dialect as it is, by case and means.
    known: HashMap<(usize, usize), Text>,
}

impl Ground {
    pub fn new(engine: Box<dyn Engine>, cases: &'static [Case]) -> Self {
        let dialect = engine.dialect();
        let own = cases.iter().filter(|case| case.is_for(dialect));
        let subjects = own.filter_map(|case| Subject::of(case, Box::leak(Box::new(case.schema(dialect)))).ok());
        Self {
            engine: Believed { engine, dialect },
            dialect,
            subjects: subjects.collect(),
            // what shows with one row at a time shows with three too; strategies that the engine has not are among them, for
            // one may be believed of it
            means: [Auto]
                .into_iter()
                .chain(Strategy::ALL)
                .flat_map(run::means_of)
                .filter(|means| means.chunk == 3 || matches!(means.strategy, Auto | ValuesJoin))
                .collect(),
            known: HashMap::new(),
        }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether what caught a change before does so again; why.
    pub fn try_again(&mut self, spec: &'static Spec, by: &str, probes: &[Probe]) -> Option<String> {
        if let Some(probe) = probes.iter().find(|probe| by == format!("probe {}", probe.name)) {
            return self.probe(spec, probe);
        }
        let (name, means) = by.split_once(": ")?;
        let subject = self.subjects.iter().position(|subject| subject.name == name)?;
        let means = self.means.iter().position(|known| known.to_string() == means)?;
        self.run(spec, subject, means)
    }

    /// The first probe or case that fails with the changed facts, and why.
    pub fn hunt(&mut self, spec: &'static Spec, fact: &str, probes: &[Probe]) -> Option<(String, String)> {
        for probe in probes.iter().filter(|probe| probe.shows(fact)) {
            if let Some(why) = self.probe(spec, probe) {
                return Some((format!("probe {}", probe.name), why));
            }
        }
        for subject in 0..self.subjects.len() {
            for means in 0..self.means.len() {
                if let Some(why) = self.run(spec, subject, means) {
                    return Some((format!("{}: {}", self.subjects[subject].name, self.means[means]), why));
                }
            }
        }
        None
    }

    /// The probes that fail with the facts as they are, and why; there must be none.
    pub fn failing(&mut self, probes: &[Probe]) -> Vec<String> {
        let spec = self.dialect.spec();
        let fails = |probe: &Probe| {
            let why = self.probe(spec, probe)?;
            Some(format!("{}: the probe `{}` fails: {why}", self.dialect, probe.name))
        };
        probes.iter().filter_map(fails).collect()
    }

    fn probe(&mut self, spec: &'static Spec, probe: &Probe) -> Option<String> {
        let engine = &mut self.engine;
        engine.dialect = self.dialect.with_spec(spec);
        let outcome = attempt(|| (probe.run)(engine));
        engine.dialect = self.dialect;
        engine.reset().unwrap();
        outcome.unwrap_or_else(Err).err()
    }

    /// Runs a case by one of the means, unless the change makes no difference to it; says what is wrong.
    fn run(&mut self, spec: &'static Spec, subject: usize, means: usize) -> Option<String> {
        let at = (subject, means);
        let (subject, means) = (&self.subjects[subject], self.means[means]);
        let before = self.known.entry(at).or_insert_with(|| outline(subject, self.dialect, means)).clone();
        let dialect = self.dialect.with_spec(spec);
        if outline(subject, dialect, means) == before {
            return None;
        }
        let (mut matrix, engine) = (Matrix::default(), &mut self.engine);
        engine.dialect = dialect;
        let ran = attempt(|| subject.run_by(&[means], engine, &mut matrix));
        engine.dialect = self.dialect;
        if let Err(panic) = ran {
            engine.reset().unwrap();
            return Some(panic);
        }
        match matrix.into_only() {
            Outcome::Wrong(why) => Some(why),
            Outcome::Refused(codes) if before.is_ok() => Some(format!("refused: {}", codes.join(", "))),
            _ => None,
        }
    }
}

/// What a case is compiled to, but for what only clients run.
fn outline(subject: &Subject<'_>, dialect: Dialect, means: Means) -> Text {
    let mut script =
        compile(&subject.update, dialect, &subject.options(means)).map_err(|errors| run::codes(&errors))?;
    let mut hasher = DefaultHasher::new();
    while let Some(step) = script.next() {
        let Ok(step) = step else { return Ok(0) };
        if !matches!(step.purpose, Purpose::Client | Purpose::Session) {
            step.text.hash(&mut hasher);
            format!("{:?}", step.binds.iter().collect::<Vec<_>>()).hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// The engines of a dialect, each with its cases.
pub fn grounds(dialect: &str, cases: &'static [Case]) -> Vec<Ground> {
    let engines = engine::names_of(dialect).filter_map(engine::connect);
    engines.map(|engine| Ground::new(engine, cases)).collect()
}
