//! Where the rows of a stream come from.

use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Cell, IntoRow};

/// Rows that are read some at a time. They may borrow from a buffer that is used again for the next ones.
///
/// # Examples
///
/// ```
/// use setwise::{Cell, Dialect, Errors, Options, RowSource, Update, stream_from};
///
/// struct Ids(std::ops::Range<i64>);
///
/// impl RowSource for Ids {
///     fn next_rows(&mut self, most: usize) -> Result<Vec<Cell<'_>>, Errors> {
///         Ok(self.0.by_ref().take(most).flat_map(|id| [Cell::Value(id.into()), Cell::Value("done".into())]).collect())
///     }
/// }
///
/// let template = Update::table("tasks").key(["id"]).template(["id", "state"])?;
/// let mut steps = stream_from(&template, Dialect::sqlite(), &Options::new(), Ids(0..5))?;
/// assert_eq!(steps.next().transpose()?.map(|step| step.rows.len()), Some(5));
/// # Ok::<(), Errors>(())
/// ```
pub trait RowSource {
    /// The cells of the next rows, row after row: so many rows, or fewer and behind them none.
    ///
    /// # Errors
    ///
    /// What is wrong with one of the rows, or keeps them from being read.
    fn next_rows(&mut self, most: usize) -> Result<Vec<Cell<'_>>, Errors>;
}

/// The rows that an iterator gives one by one.
#[derive(Debug)]
pub struct EachRow<'a, I> {
    rows: I,
    /// The number of cells in a row.
    width: usize,
    read: usize,
    /// The cells of a row that is given, so that they are counted.
    row: Vec<Cell<'a>>,
}

impl<I> EachRow<'_, I> {
    pub(super) fn new(rows: I, width: usize) -> Self {
        Self { rows, width, read: 0, row: Vec::new() }
    }
}

impl<'a, I, R, E> RowSource for EachRow<'a, I>
where
    I: Iterator<Item = Result<R, E>>,
    R: IntoRow<'a>,
    Errors: From<E>,
{
    fn next_rows(&mut self, most: usize) -> Result<Vec<Cell<'_>>, Errors> {
        let mut cells = Vec::with_capacity(most.saturating_mul(self.width).min(1 << 16));
        for row in self.rows.by_ref().take(most) {
            row?.push_cells(&mut self.row);
            let (expected, found) = (self.width, self.row.len());
            if found != expected {
                return Err(ErrorKind::RaggedRow { expected, found }.at(Place::Row(self.read)).into());
            }
            cells.append(&mut self.row);
            self.read += 1;
        }
        Ok(cells)
    }
}
