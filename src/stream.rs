//! Streams: updates whose rows are too many to be held at once.

use std::cmp::Ordering;
use std::collections::VecDeque;

use crate::check::key::{compare_keys, compare_row_keys};
use crate::check::rows::kind_of_type;
use crate::check::{Checked, check};
use crate::dialect::{Dialect, KeyEquality};
use crate::error::{Error, ErrorKind, Errors, Place};
use crate::ir::{Cell, Cells, Ident, Input, IntoRow, Keyed, OnDuplicate, Rows, Type, Update, UpdateBuilder, Value};
use crate::lower::{clock_setup, reads_clock};
use crate::options::Options;
use crate::plan::{refuse_parking, undecided_key};
use crate::script::{Bind, BindSets, Frame, Purpose, Script, Step};

/// Rows in memory at a time, where the options do not say otherwise.
pub(crate) const ROWS: usize = 1000;

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
        match self.update.rows() {
            Rows::Keyed(Keyed { input: Input::Cells(cells), .. }) => cells.columns(),
            Rows::All | Rows::Where(_) => &[],
        }
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
) -> Result<Stream<'a, I::IntoIter>, Errors>
where
    I: IntoIterator<Item = Result<R, E>>,
    R: IntoRow<'a>,
    Errors: From<E>,
{
    if template.update.schema().is_some() {
        // without a schema only rows tell the types; with one, mistakes show before the first row
        drop(crate::compile(&template.update, dialect, options)?);
    }
    let Frame { before, after } = Frame::of(reads_clock(&template.update), dialect, options, false);
    let steps = before.into_iter().map(|(purpose, text)| Owned::of(purpose, text.to_owned())).collect();
    Ok(Stream {
        template: template.clone(),
        dialect,
        options: options.clone(),
        rows: rows.into_iter(),
        after: after.into_iter().map(|(purpose, text)| Owned::of(purpose, text.to_owned())).collect(),
        steps,
        current: Owned::of(Purpose::Update, String::new()),
        text_id: 0,
        ahead: Vec::new(),
        last_key: Vec::new(),
        types: Vec::new(),
        read: 0,
        state: State::Open,
    })
}

/// The steps of a stream. Each call of [`next`](Self::next) lends one.
#[derive(Debug)]
pub struct Stream<'a, I> {
    template: Template<'a>,
    dialect: Dialect,
    options: Options,
    rows: I,
    steps: VecDeque<Owned>,
    after: VecDeque<Owned>,
    current: Owned,
    text_id: usize,
    /// A row that was read to know whether the row before it is the last of its key; it is the next chunk's first.
    ahead: Vec<Cell<'a>>,
    last_key: Vec<Value<'static>>,
    /// For each column that no schema declares, the type of the values so far.
    types: Vec<Option<Type>>,
    read: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Ended,
    Failed,
}

/// A step that holds its own text and parameters.
#[derive(Debug)]
struct Owned {
    purpose: Purpose,
    finds: &'static str,
    text: String,
    binds: Vec<Bind<'static>>,
    width: usize,
    rows: Vec<u32>,
    returns: bool,
}

/// Some rows, as an update of their own.
#[derive(Debug)]
struct Chunk<'a> {
    update: Update<'a>,
    /// The number of rows before them.
    first: usize,
    /// The key of a row in another chunk that counts in place of the rows here with that key.
    counted: Vec<Value<'static>>,
}

impl Owned {
    fn of(purpose: Purpose, text: String) -> Self {
        Self { purpose, finds: "", text, binds: Vec::new(), width: 0, rows: Vec::new(), returns: false }
    }
}

impl<'a, I, R, E> Stream<'a, I>
where
    I: Iterator<Item = Result<R, E>>,
    R: IntoRow<'a>,
    Errors: From<E>,
{
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
        let Owned { purpose, finds, text, binds, width, rows, returns } = &self.current;
        let binds = BindSets::new(binds, *width);
        Some(Ok(Step { purpose: *purpose, finds, text, text_id: self.text_id, binds, rows, returns: *returns }))
    }

    /// Checks all rows to come without writing a statement, and counts them. A stream of the same rows has no errors.
    ///
    /// # Errors
    ///
    /// What [`next`](Self::next) would report.
    pub fn verify(mut self) -> Result<usize, Errors> {
        while let Some(chunk) = self.take_chunk()? {
            self.plan_chunk(&chunk)?;
        }
        Ok(self.read)
    }

    /// Writes the steps of the next rows; behind the last, those that end the script.
    fn read_chunk(&mut self) -> Result<(), Errors> {
        let Some(chunk) = self.take_chunk()? else {
            self.state = State::Ended;
            self.steps.append(&mut self.after);
            return Ok(());
        };
        let mut script = self.plan_chunk(&chunk)?;
        let offset = u32::try_from(chunk.first).unwrap_or(u32::MAX);
        while let Some(step) = script.next() {
            let Step { purpose, finds, text, text_id: _, binds, rows, returns } = step?;
            self.steps.push_back(Owned {
                purpose,
                finds,
                text: text.to_owned(),
                binds: binds.binds.iter().map(Bind::to_owned).collect(),
                width: binds.width,
                rows: rows.iter().map(|row| row.saturating_add(offset)).collect(),
                returns,
            });
        }
        Ok(())
    }

    /// Reads the next rows; none behind the last.
    fn take_chunk(&mut self) -> Result<Option<Chunk<'a>>, Errors> {
        let most = self.options.chunk.filter(|rows| *rows > 0).unwrap_or(ROWS);
        let columns = self.template.columns().to_vec();
        let mut cells = std::mem::take(&mut self.ahead);
        let first = self.read.saturating_sub(usize::from(!cells.is_empty()));
        cells.reserve(most.saturating_mul(columns.len()).min(1 << 16));
        while self.read - first < most && self.read_row(&mut cells, columns.len())? {}
        if self.read == first {
            return Ok(None);
        }
        let on_duplicate = self.template.update.policy().on_duplicate;
        let mut counted = Vec::new();
        if on_duplicate == OnDuplicate::First {
            counted.clone_from(&self.last_key);
        }
        let cells = Cells::new(columns, cells)?;
        self.check_order(&cells, first)?;
        if on_duplicate == OnDuplicate::Last {
            let mut ahead = Vec::new();
            if self.read_row(&mut ahead, cells.columns().len())? {
                counted = self.key_of(&ahead).map(|value| value.clone().into_owned()).collect();
                self.ahead = ahead;
            }
        }
        Ok(Some(Chunk { update: self.template.update.with_cells(cells), first, counted }))
    }

    /// Reads a row behind those that were read; whether there is one.
    fn read_row(&mut self, cells: &mut Vec<Cell<'a>>, width: usize) -> Result<bool, Errors> {
        let Some(row) = self.rows.next() else { return Ok(false) };
        let before = cells.len();
        row?.push_cells(cells);
        let found = cells.len() - before;
        if found != width {
            return Err(ErrorKind::RaggedRow { expected: width, found }.at(Place::Row(self.read)).into());
        }
        self.read += 1;
        Ok(true)
    }

    /// The key of a row.
    fn key_of<'r, 'c>(&'r self, row: &'r [Cell<'c>]) -> impl Iterator<Item = &'r Value<'c>> {
        let key = match self.template.update.rows() {
            Rows::Keyed(Keyed { key, .. }) => key.as_slice(),
            Rows::All | Rows::Where(_) => &[],
        };
        let columns = self.template.columns();
        let cells = key.iter().filter_map(move |name| row.get(columns.iter().position(|column| column == name)?));
        cells.filter_map(|cell| if let Cell::Value(value) = cell { Some(value) } else { None })
    }

    /// Plans the update of some rows, and checks what only all rows together tell.
    fn plan_chunk<'u>(&mut self, chunk: &'u Chunk<'a>) -> Result<Script<'u>, Errors> {
        let Chunk { update, first, counted } = chunk;
        if let (Some(table), true) = (update.declared(), self.read > 1) {
            let mut errors = Errors::new();
            refuse_parking(update, table, &mut errors);
            errors.or(())?;
        }
        let mut checked = check(update).map_err(|errors| shift(errors, *first))?;
        self.check_types(&checked, *first)?;
        if let (Some(rows), Rows::Keyed(Keyed { input: Input::Cells(cells), .. })) = (&mut checked.rows, update.rows())
            && !counted.is_empty()
        {
            let is_counted = |row: &[Cell<'_>]| compare_all(counted, self.key_of(row)).is_eq();
            rows.retain(cells, |row| !cells.row(row).is_some_and(is_counted));
        }
        let options = Options { continued: *first > 0, ..self.options.clone() };
        let script = Script::without_frame(checked, self.dialect, &options);
        let script = script.map_err(|errors| shift(errors, *first))?;
        let is_set_up = self.options.now.is_some() || reads_clock(&self.template.update);
        if script.reads_clock && !is_set_up && !clock_setup(self.dialect).is_empty() {
            let reason = "the clock is read before the first row; give the instant with the options".to_owned();
            let (what, dialect) = ("now in the cells of a stream".to_owned(), self.dialect.to_string());
            return Err(ErrorKind::Unsupported { what, dialect, reason }.at(Place::Row(*first)).into());
        }
        Ok(script)
    }

    /// Verifies that values have the types of those in the chunks before.
    fn check_types(&mut self, checked: &Checked<'_>, first: usize) -> Result<(), Error> {
        let columns = checked.rows.iter().flat_map(|rows| &rows.columns);
        self.types.resize(self.template.columns().len(), None);
        for (position, (column, known)) in columns.zip(&mut self.types).enumerate() {
            let (None, Some(ty)) = (column.declared, column.ty.as_deref()) else { continue };
            let known = known.get_or_insert_with(|| ty.clone());
            let are_integers = known.integer_range().is_some() && ty.integer_range().is_some();
            if known != ty && !are_integers {
                let (first_kind, second) = (kind_of_type(known), kind_of_type(ty));
                let kind = ErrorKind::MixedTypes { column: column.name.to_string(), first: first_kind, second };
                return Err(kind.at(Place::Cell { row: first, column: position }));
            }
        }
        Ok(())
    }

    /// Verifies that keys ascend, over the chunks' borders too.
    fn check_order(&mut self, cells: &Cells<'_>, first: usize) -> Result<(), Error> {
        let Rows::Keyed(Keyed { key, .. }) = self.template.update.rows() else { return Ok(()) };
        let positions: Vec<usize> = key.iter().filter_map(|name| cells.position(name)).collect();
        self.check_collation(cells, &positions)?;
        let may_repeat = self.template.update.policy().on_duplicate != OnDuplicate::Error;
        let follows = |order: Ordering| order.is_lt() || may_repeat && order.is_eq();
        let mut before: Option<&[Cell<'_>]> = None;
        for (index, row) in cells.rows().enumerate() {
            let is_value = |at: &usize| matches!(row.get(*at), Some(Cell::Value(_)));
            if !positions.iter().all(is_value) {
                // refused with the other cells
                return Ok(());
            }
            let is_in_order = match before {
                Some(before) => follows(compare_row_keys(before, row, &positions)),
                None => self.last_key.is_empty() || follows(compare_all(&self.last_key, self.key_of(row))),
            };
            if !is_in_order {
                return Err(ErrorKind::NotAscending.at(Place::Row(first + index)));
            }
            before = Some(row);
        }
        if let Some(last) = before {
            self.last_key = self.key_of(last).map(|value| value.clone().into_owned()).collect();
        }
        Ok(())
    }

    fn check_collation(&self, cells: &Cells<'_>, key: &[usize]) -> Result<(), Error> {
        for position in key {
            let Some(name) = cells.columns().get(*position) else { continue };
            let declared = self.template.update.declared().and_then(|table| table.find(name));
            let first = cells.rows().next().and_then(|row| row.get(*position));
            let is_padded = declared.is_some_and(|column| matches!(column.ty(), Type::Char { .. }));
            let is_text = matches!(first, Some(Cell::Value(Value::Text(_))));
            let collation = declared.and_then(|column| column.collation());
            if is_text && (is_padded || self.dialect.key_equality(collation) != KeyEquality::Exact) {
                return Err(undecided_key(name, collation, self.dialect).at(Place::Table));
            }
        }
        Ok(())
    }
}

/// Orders keys.
fn compare_all<'r, 'a: 'r, 'b: 'r>(
    a: impl IntoIterator<Item = &'r Value<'a>>,
    b: impl IntoIterator<Item = &'r Value<'b>>,
) -> Ordering {
    let parts = a.into_iter().zip(b).map(|(a, b)| compare_keys(a, b));
    parts.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Counts the rows of a chunk's errors from the first row of the stream.
fn shift(errors: Errors, first: usize) -> Errors {
    errors.map(|error| match error.place().cloned() {
        Some(Place::Row(row)) => error.moved_to(Place::Row(row + first)),
        Some(Place::Cell { row, column }) => error.moved_to(Place::Cell { row: row + first, column }),
        _ => error,
    })
}
