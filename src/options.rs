//! Options: by what means an update is carried out. Any choice gives the same table.

use crate::ir::TimestampTz;

/// By what means an update is carried out.
///
/// # Examples
///
/// ```
/// use setwise::{Options, Output, Strategy};
///
/// let options = Options::new().output(Output::Inline).strategy(Strategy::Case).chunk(100);
/// assert_eq!(options, options.clone());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    pub(crate) output: Output,
    pub(crate) strategy: Strategy,
    pub(crate) chunk: Option<usize>,
    pub(crate) max_binds: Option<usize>,
    pub(crate) max_bytes: Option<usize>,
    pub(crate) now: Option<TimestampTz>,
    pub(crate) emulate_returning: bool,
    /// Whether the rows follow others of the same stream, so that they are planned as those were.
    pub(crate) continued: bool,
}

impl Options {
    /// Parameters, and the strategy and chunk size that the planner chooses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where values go: into parameters, or into the text.
    #[must_use]
    pub fn output(self, output: Output) -> Self {
        Self { output, ..self }
    }

    /// Asks for a strategy; one that cannot express the update is refused.
    #[must_use]
    pub fn strategy(self, strategy: Strategy) -> Self {
        Self { strategy, ..self }
    }

    /// Asks for so many rows per statement, instead of the dialect's default; 0 means no limit but the engine's own.
    #[must_use]
    pub fn chunk(self, rows: usize) -> Self {
        Self { chunk: Some(rows), ..self }
    }

    /// Says how many parameters the engine takes, where it was built or set otherwise than by default.
    #[must_use]
    pub fn max_binds(self, binds: usize) -> Self {
        Self { max_binds: Some(binds), ..self }
    }

    /// Says how many bytes of statement the server takes (`max_allowed_packet`), where it was set otherwise.
    #[must_use]
    pub fn max_bytes(self, bytes: usize) -> Self {
        Self { max_bytes: Some(bytes), ..self }
    }

    /// Lets a query give back what the engine's update does not: old values before it, new values behind it. Where neither
    /// gives the same rows, it is refused.
    #[must_use]
    pub fn emulate_returning(self, emulate: bool) -> Self {
        Self { emulate_returning: emulate, ..self }
    }

    /// Gives the instant that `now()` means. Without it, the engine's clock is read once, when the script runs.
    #[must_use]
    pub fn now(self, now: TimestampTz) -> Self {
        Self { now: Some(now), ..self }
    }
}

/// Where values go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Output {
    /// Into parameters, for a driver.
    #[default]
    Binds,
    /// Into the text, for a driver.
    Inline,
    /// Into the text of a whole script for the engine's own client, in one transaction.
    Script,
    /// As `Script`, without the transaction.
    ScriptWithoutTransaction,
}

impl Output {
    /// Whether the engine's own client reads the text, which may rewrite control characters.
    #[must_use]
    pub fn is_for_client(self) -> bool {
        matches!(self, Self::Script | Self::ScriptWithoutTransaction)
    }
}

/// The form of the statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// The planner chooses.
    #[default]
    Auto,
    /// `UPDATE … SET c = value WHERE key IN (…)`, a statement for each set of equal values.
    Uniform,
    /// `UPDATE … WHERE key = …`, a statement or a set of parameters for each row.
    PerRow,
    /// `SET c = CASE key WHEN … END WHERE key IN (…)`.
    Case,
    /// A join with the rows, in the dialect's own form.
    ValuesJoin,
    /// A join with `unnest($1, $2)`: one array for each column, and one text for any number of rows.
    ArrayJoin,
    /// A join with one JSON document, and one text for any number of rows, for drivers without arrays.
    JsonJoin,
    /// A join with a temporary table, which the rows fill in chunks: one statement updates all of them.
    Staged,
}

impl Strategy {
    /// All strategies that can be asked for by name.
    pub const ALL: [Self; 7] =
        [Self::Uniform, Self::PerRow, Self::Case, Self::ValuesJoin, Self::ArrayJoin, Self::JsonJoin, Self::Staged];

    /// The name, as the command line spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Uniform => "uniform",
            Self::PerRow => "per-row",
            Self::Case => "case",
            Self::ValuesJoin => "values-join",
            Self::ArrayJoin => "array-join",
            Self::JsonJoin => "json-join",
            Self::Staged => "staged",
        }
    }
}
