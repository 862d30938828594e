//! Scripts: the steps that carry out an update, one after the other, in buffers that are used again.

mod bind;
mod frame;
mod made;
mod owned;
mod prepared;

use std::fmt;

pub use bind::{Bind, BindSets};
pub(crate) use frame::Frame;
use made::Made;
pub(crate) use made::lead;
pub(crate) use owned::OwnedStep;
pub use prepared::{Bound, Prepared, prepare};

use crate::check::{Checked, check};
use crate::dialect::Dialect;
use crate::error::Errors;
use crate::expand::spans_tables;
use crate::ir::{Cells, Ident, Update};
use crate::lower::{Lowered, has_clock, lower, reads_clock};
use crate::options::{Options, Output};
use crate::plan::plan;
use crate::render::{Renderer, Words};
use crate::sql::{Source, Verb};

/// Compiles an update for a dialect. All that can be known to be wrong is reported before any SQL is written.
///
/// # Errors
///
/// Every mistake in the update, and everything that the dialect cannot do or hold.
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Options, Output, Update, compile};
///
/// let update = Update::table("posts").key(["id"]).rows(["id", "title"], [(1, "one"), (2, "two")]).build()?;
/// let mut script = compile(&update, Dialect::postgres(), &Options::new().output(Output::Inline))?;
/// let step = script.next().expect("one step")?;
/// assert_eq!(
///     step.text,
///     r#"UPDATE "posts"
/// SET "title" = "v"."title"
/// FROM (VALUES
/// (CAST(1 AS bigint), CAST('one' AS text)),
/// (2, 'two')) AS "v" ("id", "title")
/// WHERE "posts"."id" = "v"."id""#
/// );
/// assert!(script.next().is_none());
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn compile<'u>(update: &'u Update<'u>, dialect: Dialect, options: &Options) -> Result<Script<'u>, Errors> {
    compile_open(update, dialect, options, true)
}

/// As [`compile`], of an update whose parameters need no arguments yet, unless it is called.
fn compile_open<'u>(
    update: &'u Update<'u>,
    dialect: Dialect,
    options: &Options,
    is_called: bool,
) -> Result<Script<'u>, Errors> {
    if spans_tables(update) {
        return made::compile(update, dialect, options, is_called);
    }
    let checked = check(update)?;
    if is_called {
        update.check_called()?;
    }
    compile_checked(checked, dialect, options)
}

/// Compiles an update of one table.
fn compile_checked<'u>(checked: Checked<'u>, dialect: Dialect, options: &Options) -> Result<Script<'u>, Errors> {
    let update = checked.update;
    let mut script = Script::without_frame(checked, dialect, options)?;
    if !script.statements.is_empty() {
        let keeps = script.statements.iter().any(|lowered| matches!(lowered.statement.verb, Verb::Keep(_)));
        let reads_clock = script.reads_clock || reads_clock(update);
        script.frame = Frame::of(reads_clock, dialect, options, keeps);
    }
    Ok(script)
}

/// The steps of a compiled update. Each call of [`next`](Self::next) writes one step into the script's own buffers.
#[derive(Debug)]
pub struct Script<'u> {
    dialect: Dialect,
    cells: Option<&'u Cells<'u>>,
    order: Vec<u32>,
    statements: Vec<Lowered<'u>>,
    left_out: usize,
    parked: Vec<Ident>,
    frame: Frame,
    /// Whether a cell reads the clock.
    pub(crate) reads_clock: bool,
    renderer: Renderer<'u>,
    /// The rows of a last step, with its last one again and again.
    padded: Vec<u32>,
    at: Position,
    text_id: usize,
    /// The steps of an update over several tables, in the place of statements.
    made: Made,
}

/// The next step: which statement, and which of its chunks.
#[derive(Clone, Copy, Debug, Default)]
struct Position {
    frame: usize,
    statement: usize,
    chunk: usize,
}

/// One step of a script, lent until the next one is asked for.
#[derive(Debug)]
#[non_exhaustive]
pub struct Step<'s> {
    /// What the step is for.
    pub purpose: Purpose,
    /// What the rows are that a [`Purpose::Check`] returns, such as `missing keys`; empty for other purposes.
    pub finds: &'static str,
    /// The statement, without a semicolon.
    pub text: &'s str,
    /// The same number for the same text, so that a driver prepares it once.
    pub text_id: usize,
    /// The sets of parameters; the statement is executed once for each.
    pub binds: BindSets<'s>,
    /// The incoming rows that the step updates, counted from 0.
    pub rows: &'s [u32],
    /// Whether the rows that the statement returns are those that the update is to give back, with its columns in their
    /// order.
    pub returns: bool,
}

/// Writes the step as a client script has it: the text with a semicolon, but for a line for the client itself.
impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)?;
        f.write_str(if self.purpose == Purpose::Client { "" } else { ";" })
    }
}

/// What a step is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// A line for the client program, which takes no semicolon behind it.
    Client,
    /// A setting of the session.
    Session,
    /// Begins the transaction.
    Begin,
    /// Prepares what the updates read.
    Setup,
    /// Locks the rows that will be updated.
    Lock,
    /// Must return no row; each that it returns is a reason to roll back. In a script for a client it fails by itself.
    Check,
    /// Reads what becomes of each incoming row, before any is written: its key, and behind it `missing`, `stale`,
    /// `filtered`, `unchanged` or `updated`.
    Outcome,
    /// Gives back columns of the rows that the updates write, in the update's place.
    Returning,
    /// Updates rows.
    Update,
    /// Puts values that an update has parked in their place, or has the engine judge what it was told to judge later.
    Settle,
    /// Inserts the rows whose keys the table does not have.
    Insert,
    /// Removes what was prepared.
    Teardown,
    /// Commits the transaction.
    Commit,
}

impl<'u> Script<'u> {
    /// The steps that update rows, without those that begin and end a script.
    pub(crate) fn without_frame(checked: Checked<'u>, dialect: Dialect, options: &Options) -> Result<Self, Errors> {
        let plan = plan(checked, dialect, options)?;
        let statements = lower(&plan)?;
        let reads_clock = plan.shapes.iter().flat_map(|shape| shape.form.templates());
        let reads_clock = reads_clock.into_iter().any(|(_, template)| has_clock(template.expr));
        Ok(Self {
            cells: plan.cells(),
            order: plan.order,
            left_out: plan.left_out,
            parked: plan.parked.iter().map(|parked| parked.column.name().clone()).collect(),
            statements,
            reads_clock,
            ..Self::empty(dialect, options)
        })
    }

    /// No steps.
    fn empty(dialect: Dialect, options: &Options) -> Self {
        Self {
            dialect,
            cells: None,
            order: Vec::new(),
            left_out: 0,
            parked: Vec::new(),
            statements: Vec::new(),
            frame: Frame::default(),
            reads_clock: false,
            renderer: Renderer::new(Words::of(dialect, options.output), options.output == Output::Binds),
            padded: Vec::new(),
            at: Position::default(),
            text_id: 0,
            made: Made::default(),
        }
    }

    /// The steps that are left, to keep.
    fn take_steps(&mut self) -> Result<Vec<OwnedStep>, Errors> {
        let mut steps = Vec::new();
        while let Some(step) = self.next() {
            steps.push(OwnedStep::from(step?));
        }
        Ok(steps)
    }

    /// The next step; none behind the last.
    ///
    /// # Errors
    ///
    /// None for a script made by [`compile`]; a stream reports what is wrong with the rows when it meets them.
    #[allow(clippy::should_implement_trait, reason = "a step borrows from the script, which an iterator cannot lend")]
    pub fn next(&mut self) -> Option<Result<Step<'_>, Errors>> {
        let before = self.frame.before.len();
        if self.at.frame == before && self.made.has_next() {
            return self.made.next(&mut self.text_id).map(Ok);
        }
        if self.at.frame == before && self.at.statement < self.statements.len() {
            return self.next_update();
        }
        self.next_frame().map(Ok)
    }

    /// How many incoming rows are left out, because `on duplicate` says that another row of their key counts.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether the steps must run in one transaction to be all or nothing.
    #[must_use]
    pub fn needs_transaction(&self) -> bool {
        let executions = self.statements.iter().map(|lowered| match lowered.statement.source {
            Source::Row => lowered.chunks.iter().map(ExactSizeIterator::len).sum(),
            _ => lowered.chunks.len(),
        });
        executions.sum::<usize>() + self.made.executions() > 1
    }

    /// The unique columns whose values the script parks: steps that update rows set them elsewhere, and the last steps put
    /// them in their place.
    pub fn parked(&self) -> impl Iterator<Item = &Ident> + use<'_, 'u> {
        self.parked.iter()
    }

    /// What the script requires of its connection: statements that set the session so. A client script opens with
    /// them; a driver that keeps its sessions otherwise executes them first.
    ///
    /// - PostgreSQL: UTF-8, in which the text and the parameters are sent; `array_nulls`, without which NULL in an array
    ///   is a text.
    /// - MySQL and MariaDB: utf8mb4, in which names and parameters are sent (literals mean the same in every encoding);
    ///   a time zone of UTC, in which instants are read; a strict mode, without which values are cut, and without
    ///   MariaDB's `EMPTY_STRING_IS_NULL`. None of `sql_select_limit`, `sql_safe_updates` and `max_join_size`, which stop
    ///   statements or hide rows from them; a client started with `--safe-updates` has all three.
    ///
    /// No other setting changes a value: neither `NO_BACKSLASH_ESCAPES`, `ANSI_QUOTES` and `PIPES_AS_CONCAT`, nor
    /// `standard_conforming_strings`, `backslash_quote`, `DateStyle` and `IntervalStyle`.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Dialect, Options, Update, compile};
    ///
    /// let update = Update::table("posts").set("title", "x").all_rows().build()?;
    /// let script = compile(&update, Dialect::mysql(), &Options::new())?;
    /// assert_eq!(script.session().next(), Some("SET NAMES utf8mb4"));
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    pub fn session(&self) -> impl Iterator<Item = &'static str> + use<> {
        let texts = self.dialect.spec().preamble.iter().map(|preamble| frame::preamble_texts(*preamble));
        texts.filter(|(purpose, _)| *purpose == Purpose::Session).flat_map(|(_, texts)| texts.iter().copied())
    }

    fn next_frame(&mut self) -> Option<Step<'_>> {
        let after = self.at.frame.checked_sub(self.frame.before.len()).unwrap_or(usize::MAX);
        let (purpose, text) = self.frame.before.get(self.at.frame).or_else(|| self.frame.after.get(after))?;
        self.at.frame += 1;
        self.text_id += 1;
        let binds = BindSets::new(&[], 0);
        Some(Step { purpose: *purpose, finds: "", text, text_id: self.text_id, binds, rows: &[], returns: false })
    }

    fn next_update(&mut self) -> Option<Result<Step<'_>, Errors>> {
        let lowered = self.statements.get(self.at.statement)?;
        let (purpose, finds) = (lowered.purpose, lowered.finds);
        let chunk = lowered.chunks.get(self.at.chunk)?.clone();
        let earlier = self.at.chunk.checked_sub(1).and_then(|earlier| lowered.chunks.get(earlier));
        let rows = self.order.get(chunk.clone()).unwrap_or_default();
        let is_last = self.at.chunk + 1 == lowered.chunks.len();
        let count = if is_last { lowered.padded.max(rows.len()) } else { rows.len() };
        if count > rows.len() {
            self.padded.clear();
            self.padded.extend_from_slice(rows);
            self.padded.resize(count, rows.last().copied().unwrap_or_default());
            self.renderer.render(&lowered.statement, self.cells, &self.padded);
        } else {
            self.renderer.render(&lowered.statement, self.cells, rows);
        }
        let is_row = lowered.statement.source == Source::Row;
        let is_known = earlier.is_some_and(|earlier| is_row || earlier.len() == count);
        let binds = self.renderer.binds();
        if binds.is_none() || !is_known {
            self.text_id += 1;
        }
        self.at.chunk += 1;
        if self.at.chunk == lowered.chunks.len() {
            (self.at.statement, self.at.chunk) = (self.at.statement + 1, 0);
        }
        let binds = binds.unwrap_or(BindSets::new(&[], 0));
        let returns = purpose == Purpose::Returning || !lowered.statement.returning.is_empty();
        let step = |text| Step { purpose, finds, text, text_id: self.text_id, binds, rows, returns };
        Some(self.renderer.text().map(step).map_err(Errors::from))
    }
}
