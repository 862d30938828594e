//! Updates that are part of a program.

use std::sync::OnceLock;

use super::{Library, Parsed, parse};
use crate::dialect::Dialect;
use crate::error::{Error, Errors};
use crate::ir::{Ident, IntoRow, Schema, Update, UpdateBuilder, Value};
use crate::options::Options;
use crate::script::{Bound, Prepared, prepare};

/// An update that is part of a program, as the crate `setwise-build` writes it from a file.
///
/// Its text is read once, and compiled once for each dialect, when that is first asked for. From then on a call only
/// checks arguments and binds them.
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, lang::Embedded};
///
/// static GIVE: Embedded = Embedded::new("update give(bonus: int) on users set bonus = :bonus where bonus is null");
///
/// let bound = GIVE.bind(Dialect::sqlite(), [("bonus", 30)])?;
/// let again = GIVE.bind(Dialect::sqlite(), [("bonus", 40)])?;
/// let [first, second] = [&bound, &again].map(|bound| bound.steps().next().expect("an update").text);
/// assert!(std::ptr::eq(first, second));
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Debug)]
pub struct Embedded {
    text: &'static str,
    rules: &'static str,
    schema: Option<fn() -> &'static Schema>,
    parsed: OnceLock<Result<Parsed<'static>, Errors>>,
    compiled: OnceLock<Box<Compiled>>,
}

/// The update for a dialect, and behind it for those that were asked for later.
#[derive(Debug)]
struct Compiled {
    dialect: Dialect,
    prepared: Result<Prepared, Errors>,
    next: OnceLock<Box<Compiled>>,
}

impl Embedded {
    /// An update, by its text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self::with_rules(text, "", None)
    }

    /// An update, by its text, with rules for what follows it, a library without updates, and on tables of a schema.
    #[must_use]
    pub const fn with_rules(text: &'static str, rules: &'static str, schema: Option<fn() -> &'static Schema>) -> Self {
        Self { text, rules, schema, parsed: OnceLock::new(), compiled: OnceLock::new() }
    }

    /// The update for a dialect; compiled if that was not asked for before.
    ///
    /// # Errors
    ///
    /// As [`parse`] and [`prepare`].
    pub fn prepared(&self, dialect: Dialect) -> Result<&Prepared, Errors> {
        let mut place = &self.compiled;
        loop {
            let compiled = place.get_or_init(|| {
                let prepared = self.prepare(dialect);
                Box::new(Compiled { dialect, prepared, next: OnceLock::new() })
            });
            if compiled.dialect == dialect {
                return compiled.prepared.as_ref().map_err(Clone::clone);
            }
            place = &compiled.next;
        }
    }

    /// Gives the parameters their arguments, by their names.
    ///
    /// # Errors
    ///
    /// As [`prepared`](Self::prepared) and [`Prepared::bind`].
    pub fn bind<'p, N, V>(
        &'p self,
        dialect: Dialect,
        arguments: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Bound<'p>, Errors>
    where
        N: AsRef<str>,
        V: Into<Value<'p>>,
    {
        self.prepared(dialect)?.bind(arguments)
    }

    /// The update of some rows, with its arguments.
    ///
    /// # Errors
    ///
    /// As [`parse`], [`UpdateBuilder::build`] and [`Update::call`].
    pub fn rows<'a, C, R, N, V>(
        &self,
        columns: impl IntoIterator<Item = C>,
        rows: impl IntoIterator<Item = R>,
        arguments: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Update<'a>, Errors>
    where
        C: TryInto<Ident>,
        Error: From<C::Error>,
        R: IntoRow<'a>,
        N: AsRef<str>,
        V: Into<Value<'a>>,
    {
        let builder: UpdateBuilder<'a> = self.builder()?;
        builder.rows(columns, rows).build()?.call(arguments)
    }

    fn prepare(&self, dialect: Dialect) -> Result<Prepared, Errors> {
        prepare(&self.builder()?.build()?, dialect, &Options::new())
    }

    fn builder(&self) -> Result<UpdateBuilder<'static>, Errors> {
        let read = || Library::parse(self.rules).and_then(|rules| Ok(rules.with_rules(parse(self.text)?)));
        let parsed = self.parsed.get_or_init(read).clone()?;
        let (builder, _) = parsed.into_parts();
        Ok(match self.schema {
            Some(schema) => builder.schema(schema()),
            None => builder,
        })
    }
}
