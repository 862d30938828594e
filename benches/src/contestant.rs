//! The contestants: who writes, and in which form.

use crate::data::{Data, Datum};
use crate::{ours, plain, sea};

/// Who writes the update, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contestant {
    /// setwise: rows joined, values in the text.
    SetwiseValues,
    /// The same, with a schema to check the values against.
    SetwiseValuesDeclared,
    /// setwise: `CASE key WHEN …`, values in the text.
    SetwiseCase,
    /// setwise: rows joined, values in parameters.
    SetwiseBinds,
    /// sea-query: rows joined, values in the text.
    SeaValues,
    /// sea-query: `CASE WHEN key = …`, values in the text.
    SeaCase,
    /// sea-query: rows joined, values in parameters.
    SeaBinds,
    /// `write!` and `push_str`: rows joined, values in the text.
    PlainValues,
    /// `write!` and `push_str`: `CASE key WHEN …`, values in the text.
    PlainCase,
    /// `write!` and `push_str`: rows joined, values in parameters that borrow them.
    PlainBinds,
}

/// The rows as the contestants want them, made before anything is measured.
#[derive(Debug)]
pub struct Input<'d> {
    pub(crate) data: &'d Data,
    pub(crate) update: setwise::Update<'d>,
}

/// The parameters of a statement, in the contestant's own types.
#[derive(Clone, Copy, Debug)]
pub enum Binds<'b> {
    /// The values are in the text.
    None,
    /// setwise's.
    Setwise(&'b [setwise::Bind<'b>]),
    /// sea-query's.
    Sea(&'b [sea_query::Value]),
    /// Borrowed from the rows; keys are made.
    Plain(&'b [plain::Bind<'b>]),
}

impl Contestant {
    /// All contestants, each of setwise's forms beside its rivals.
    pub const ALL: [Self; 10] = [
        Self::SetwiseValues,
        Self::SetwiseValuesDeclared,
        Self::SeaValues,
        Self::PlainValues,
        Self::SetwiseCase,
        Self::SeaCase,
        Self::PlainCase,
        Self::SetwiseBinds,
        Self::SeaBinds,
        Self::PlainBinds,
    ];

    /// The contestant's name, such as `setwise-values`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SetwiseValues => "setwise-values",
            Self::SetwiseValuesDeclared => "setwise-values-declared",
            Self::SetwiseCase => "setwise-case",
            Self::SetwiseBinds => "setwise-binds",
            Self::SeaValues => "sea-query-values",
            Self::SeaCase => "sea-query-case",
            Self::SeaBinds => "sea-query-binds",
            Self::PlainValues => "plain-values",
            Self::PlainCase => "plain-case",
            Self::PlainBinds => "plain-binds",
        }
    }

    /// The rows as this contestant wants them.
    #[must_use]
    pub fn prepare(self, data: &Data) -> Input<'_> {
        Input { data, update: ours::update(data, self == Self::SetwiseValuesDeclared) }
    }

    /// Writes the update from the rows to the text, and shows both text and parameters.
    pub fn write(self, input: &Input<'_>, show: &mut dyn FnMut(&str, Binds<'_>)) {
        let Input { data, update } = input;
        match self {
            Self::SetwiseValues | Self::SetwiseValuesDeclared => ours::write_values(update, show),
            Self::SetwiseCase => ours::write_case(update, show),
            Self::SetwiseBinds => ours::write_binds(update, show),
            Self::SeaValues => show(&sea::write_values(data), Binds::None),
            Self::SeaCase => show(&sea::write_case(data), Binds::None),
            Self::SeaBinds => {
                let (text, binds) = sea::write_binds(data);
                show(&text, Binds::Sea(&binds.0));
            }
            Self::PlainValues => show(&plain::write_values(data), Binds::None),
            Self::PlainCase => show(&plain::write_case(data), Binds::None),
            Self::PlainBinds => {
                let (text, binds) = plain::write_binds(data);
                show(&text, Binds::Plain(&binds));
            }
        }
    }
}

impl Binds<'_> {
    /// The parameters as plain data, so that contestants can be compared.
    #[must_use]
    pub fn data(&self) -> Vec<Datum> {
        match self {
            Self::None => Vec::new(),
            Self::Setwise(binds) => binds.iter().map(|bind| ours::datum(bind.value())).collect(),
            Self::Sea(binds) => binds.iter().map(sea::datum).collect(),
            Self::Plain(binds) => binds.iter().map(plain::Bind::datum).collect(),
        }
    }
}
