//! Streams: updates whose rows are too many to be held at once.

mod chunk;
mod source;

use std::collections::VecDeque;

use chunk::Chunks;
pub use source::{EachRow, RowSource};

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Errors, Place};
use crate::expand::spans_tables;
use crate::ir::{Cell, Ident, IntoRow, Update, UpdateBuilder, Value};
use crate::lower::reads_clock;
use crate::options::Options;
use crate::script::{Frame, OwnedStep, Purpose, Step};

/// An update by key whose rows are still to come; made by [`UpdateBuilder::template`](crate::UpdateBuilder::template).
#[derive(Clone, Debug)]
pub struct Template<'a> {
    update: Update<'a>,
}

impl<'a> UpdateBuilder<'a> {
    /// The update of rows that are still to come, by their columns. See [`stream`](crate::stream()).
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn template<N>(self, columns: impl IntoIterator<Item = N>) -> Result<Template<'a>, Errors>
    where
        N: TryInto<Ident>,
        Error: From<N::Error>,
    {
        let none: [[Cell<'a>; 0]; 0] = [];
        self.rows(columns, none).build().map(|update| Template { update })
    }
}

impl<'a> Template<'a> {
    /// The columns of the rows to come.
    #[must_use]
    pub fn columns(&self) -> &[Ident] {
        self.update.rows().cells().map_or(&[], crate::ir::Cells::columns)
    }

    /// The template with an argument for each of its parameters, by their names.
    ///
    /// # Errors
    ///
    /// As [`Update::call`].
    pub fn call<N, V>(self, arguments: impl IntoIterator<Item = (N, V)>) -> Result<Self, Errors>
    where
        N: AsRef<str>,
        V: Into<Value<'a>>,
    {
        self.update.call(arguments).map(|update| Self { update })
    }
}

/// Compiles rows as they come, in the memory of one chunk.
///
/// The rows come in ascending order of their keys, which is verified: so a key that comes twice is seen, and the rows
/// of one key are neighbours where the first or the last of them counts. Text keys need an exact collation. What is
/// equal in all rows is found out for each chunk alone. Where no schema declares a column, all chunks must have values
/// of one type for it.
///
/// # Errors
///
/// What is wrong with the template, or what the dialect cannot do with it. What is wrong with the rows is reported
/// by [`Stream::next`].
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Error, Options, Update, stream};
///
/// let template = Update::table("posts").key(["id"]).template(["id", "title"])?;
/// let rows = (0..10_000).map(|id| Ok::<_, Error>((id, format!("title {id}"))));
/// let mut steps = stream(&template, Dialect::postgres(), &Options::new(), rows)?;
/// let mut count = 0;
/// while let Some(step) = steps.next() {
///     count += step?.rows.len();
/// }
/// assert_eq!(count, 10_000);
/// # Ok::<(), setwise::Errors>(())
/// ```
pub fn stream<'a, I, R, E>(
    template: &Template<'a>,
    dialect: Dialect,
    options: &Options,
    rows: I,
) -> Result<Stream<'a, EachRow<'a, I::IntoIter>>, Errors>
where
    I: IntoIterator<Item = Result<R, E>>,
    R: IntoRow<'a>,
    Errors: From<E>,
{
    stream_from(template, dialect, options, EachRow::new(rows.into_iter(), template.columns().len()))
}

/// Compiles rows as they come, as [`stream`] does, from where they can be read some at a time.
///
/// # Errors
///
/// As [`stream`].
pub fn stream_from<'a, S: RowSource>(
    template: &Template<'a>,
    dialect: Dialect,
    options: &Options,
    rows: S,
) -> Result<Stream<'a, S>, Errors> {
    template.update.check_called()?;
    if spans_tables(&template.update) {
        let table = template.update.table.to_string();
        return Err(ErrorKind::StreamAcrossTables { table }.at(Place::Table).into());
    }
    if template.update.schema().is_some() {
        // without a schema only rows tell the types; with one, mistakes show before the first row
        drop(crate::compile(&template.update, dialect, options)?);
    }
    let of = |(purpose, text): (Purpose, &str)| OwnedStep::of(purpose, text.to_owned());
    let Frame { before, after } = Frame::of(reads_clock(&template.update), dialect, options, false);
    let steps = before.into_iter().map(of).collect();
    Ok(Stream {
        rows,
        chunks: Chunks::new(template.clone(), dialect, options.clone()),
        after: after.into_iter().map(of).collect(),
        steps,
        current: OwnedStep::of(Purpose::Update, String::new()),
        text_id: 0,
        state: State::Open,
    })
}

/// The steps of a stream. Each call of [`next`](Self::next) lends one.
#[derive(Debug)]
pub struct Stream<'a, S> {
    rows: S,
    chunks: Chunks<'a>,
    steps: VecDeque<OwnedStep>,
    after: VecDeque<OwnedStep>,
    current: OwnedStep,
    text_id: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Ended,
    Failed,
}

impl<S: RowSource> Stream<'_, S> {
    /// The next step; none behind the last.
    ///
    /// # Errors
    ///
    /// The first chunk of rows that is wrong ends the stream, before the step that commits.
    #[allow(clippy::should_implement_trait, reason = "a step borrows from the stream, which an iterator cannot lend")]
    pub fn next(&mut self) -> Option<Result<Step<'_>, Errors>> {
        while self.steps.is_empty() && self.state == State::Open {
            if let Err(errors) = self.read_chunk() {
                self.state = State::Failed;
                return Some(Err(errors));
            }
        }
        let step = self.steps.pop_front()?;
        if step.text != self.current.text || self.text_id == 0 {
            self.text_id += 1;
        }
        self.current = step;
        Some(Ok(Step { text_id: self.text_id, ..self.current.lend() }))
    }

    /// Checks all rows to come without writing a statement, and counts them. A stream of the same rows has no errors.
    ///
    /// # Errors
    ///
    /// What [`next`](Self::next) would report.
    pub fn verify(mut self) -> Result<usize, Errors> {
        while let Some(chunk) = self.chunks.take(&mut self.rows)? {
            self.chunks.plan(&chunk)?;
        }
        Ok(self.chunks.read())
    }

    /// Writes the steps of the next rows; behind the last, those that end the script.
    fn read_chunk(&mut self) -> Result<(), Errors> {
        let Some(chunk) = self.chunks.take(&mut self.rows)? else {
            self.state = State::Ended;
            self.steps.append(&mut self.after);
            return Ok(());
        };
        let mut script = self.chunks.plan(&chunk)?;
        let offset = u32::try_from(chunk.first()).unwrap_or(u32::MAX);
        while let Some(step) = script.next() {
            let mut step = OwnedStep::from(step?);
            step.rows.iter_mut().for_each(|row| *row = row.saturating_add(offset));
            self.steps.push_back(step);
        }
        Ok(())
    }
}
