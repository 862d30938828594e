//! What suits an engine best, by measurement.

use std::fmt;

use crate::options::{Output, Strategy};

/// What suits an engine best, as `benches/results` show: strategies by the numbers of rows and of columns, and rows per
/// statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The strategies for values in parameters: the first that suits the update and can express it.
    pub bound: &'static [Choice],
    /// The same for values in the text that a driver sends.
    pub inline: &'static [Choice],
    /// The same for scripts, which people read.
    pub script: &'static [Choice],
    /// Rows per statement of values-join with parameters.
    pub values_bound: usize,
    /// Rows per statement of values-join with values in the text.
    pub values_inline: usize,
    /// Rows per statement of array-join and json-join.
    pub arrays: usize,
    /// The most joined rows whose keys the engine looks up one by one; with more it may read the whole table, unless the
    /// keys are asked for as a list too.
    pub looked_up: usize,
    /// The most rows of a case.
    pub case_rows: usize,
    /// The most branches of all cases of a statement.
    pub case_branches: usize,
    /// Keys per list.
    pub keys: usize,
    /// The most sets of equal values that become a statement each.
    pub groups: usize,
    /// How many rows each of them must have on average.
    pub rows_per_group: usize,
}

/// A strategy, and up to which numbers it is the best.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The strategy.
    pub strategy: Strategy,
    /// The most rows.
    pub most_rows: Option<usize>,
    /// The most columns of the rows that the statement reads, each as often as it reads it.
    pub most_reads: Option<usize>,
}

impl Choice {
    /// A strategy for any number of rows.
    #[must_use]
    pub const fn always(strategy: Strategy) -> Self {
        Self { strategy, most_rows: None, most_reads: None }
    }

    /// Whether the numbers suit it.
    pub(crate) fn suits(&self, rows: usize, reads: usize) -> bool {
        self.most_rows.is_none_or(|most| rows <= most) && self.most_reads.is_none_or(|most| reads <= most)
    }
}

/// Writes the strategy, and the numbers where there are any.
impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { strategy, most_rows, most_reads } = self;
        f.write_str(strategy.name())?;
        most_rows.map_or(Ok(()), |rows| write!(f, " up to {rows} rows"))?;
        most_reads.map_or(Ok(()), |reads| write!(f, " up to {reads} reads"))
    }
}

impl Thresholds {
    /// The strategies for an output, the best first.
    pub(crate) fn choices(&self, output: Output) -> &'static [Choice] {
        match output {
            Output::Binds => self.bound,
            Output::Inline => self.inline,
            Output::Script | Output::ScriptWithoutTransaction => self.script,
        }
    }
}
