//! Updates that are compiled once and executed with other arguments each time.

use super::bind::Bind;
use super::{OwnedStep, Step, compile_open};
use crate::dialect::Dialect;
use crate::error::Errors;
use crate::ir::{Param, Update, Value, give};
use crate::options::{Options, Output};
use crate::plan::check_argument;
use crate::render::Words;

/// An update as text with parameters, which takes its arguments when it is executed.
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Options, Value, lang, prepare};
///
/// let update = lang::parse_update("update give(bonus: int) on users set bonus = :bonus where bonus is null")?;
/// let prepared = prepare(&update, Dialect::postgres(), &Options::new())?;
/// let bound = prepared.bind([("bonus", 30)])?;
/// let step = bound.steps().next().expect("an update");
/// assert_eq!(step.text, "UPDATE \"users\"\nSET \"bonus\" = CAST($1 AS bigint)\nWHERE \"bonus\" IS NULL");
/// assert!(step.binds.iter().flatten().all(|bind| *bind.value() == Value::Int(30)));
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    dialect: Dialect,
    words: Words,
    params: Vec<Param<'static>>,
    steps: Vec<OwnedStep>,
}

/// Compiles an update once for all arguments of its parameters. Values always go into parameters of the text.
///
/// # Errors
///
/// As [`compile`](crate::compile).
pub fn prepare(update: &Update<'_>, dialect: Dialect, options: &Options) -> Result<Prepared, Errors> {
    let mut open = update.clone();
    open.params.iter_mut().for_each(|param| param.argument = None);
    let mut script = compile_open(&open, dialect, &options.clone().output(Output::Binds), false)?;
    let steps = script.take_steps()?;
    drop(script);
    let params = open.params.into_iter().map(Param::into_owned).collect();
    Ok(Prepared { dialect, words: Words::of(dialect, Output::Binds), params, steps })
}

impl Prepared {
    /// The parameters that want an argument.
    #[must_use]
    pub fn params(&self) -> &[Param<'static>] {
        &self.params
    }

    /// Gives the parameters their arguments, by their names. No text is written and nothing is compiled.
    ///
    /// # Errors
    ///
    /// As [`Update::call`], and `not-storable` where the dialect cannot hold an argument.
    pub fn bind<'p, N, V>(&'p self, arguments: impl IntoIterator<Item = (N, V)>) -> Result<Bound<'p>, Errors>
    where
        N: AsRef<str>,
        V: Into<Value<'p>>,
    {
        let given = give(&self.params, arguments)?;
        let mut errors = Errors::new();
        for (Param { name, ty, nullable: _, argument: _ }, value) in self.params.iter().zip(&given) {
            if let Err(kind) = check_argument(value, ty, name, self.dialect) {
                errors.push(kind.at(crate::error::Place::Table));
            }
        }
        let bind = |bind: &'p Bind<'static>| match bind.awaited() {
            Some(at) => {
                let value = given.get(at).unwrap_or(&Value::Null);
                Bind::made(self.words.store_as(value, bind.ty()), bind.ty().clone())
            }
            None => bind.lend(),
        };
        let binds = self.steps.iter().map(|step| step.binds.iter().map(bind).collect()).collect();
        errors.or(Bound { prepared: self, binds })
    }
}

/// An update with its arguments, ready to be executed.
#[derive(Debug)]
pub struct Bound<'p> {
    prepared: &'p Prepared,
    /// The parameters of each step, in place of its own.
    binds: Vec<Vec<Bind<'p>>>,
}

impl Bound<'_> {
    /// The steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.prepared.steps.iter().zip(&self.binds).map(|(step, binds)| step.lend_with(binds))
    }
}
