//! The contestants: who writes, and in which form.

use crate::data::{Data, Datum};
use crate::plain::Bind;
use crate::{limit, ours, plain, sea, serde};

/// Who writes the update, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contestant {
    /// Who writes.
    pub writer: Writer,
    /// What is written.
    pub form: Form,
}

/// Who writes the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// setwise.
    Setwise,
    /// sea-query.
    Sea,
    /// `serde_json`, straight from the rows.
    Serde,
    /// What one writes by hand: `write!` and `push_str`.
    Plain,
    /// Bytes put where they belong, and nothing else.
    Limit,
}

/// The form of the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows joined, values in the text.
    Values,
    /// The same, with a schema to check the values against.
    Declared,
    /// `CASE key WHEN …`, values in the text.
    Case,
    /// Rows joined, values in parameters.
    Binds,
    /// Rows joined, a parameter for each column.
    Arrays,
    /// Rows joined, all values in one parameter.
    Json,
}

/// The rows as the contestants want them, made before anything is measured.
#[derive(Debug)]
pub struct Input<'d> {
    data: &'d Data,
    update: setwise::Update<'d>,
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
    /// Borrowed from the rows, or made.
    Plain(&'b [Bind<'b>]),
}

impl Writer {
    const ALL: [Self; 5] = [Self::Setwise, Self::Sea, Self::Serde, Self::Plain, Self::Limit];

    /// The writer's name, such as `sea-query`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Setwise => "setwise",
            Self::Sea => "sea-query",
            Self::Serde => "serde_json",
            Self::Plain => "plain",
            Self::Limit => "limit",
        }
    }
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 6] = [Self::Values, Self::Declared, Self::Case, Self::Binds, Self::Arrays, Self::Json];

    /// The form's name, such as `values`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Declared => "declared",
            Self::Case => "case",
            Self::Binds => "binds",
            Self::Arrays => "arrays",
            Self::Json => "json",
        }
    }

    /// The form of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

impl Contestant {
    /// All contestants, form by form, setwise first.
    pub fn all() -> impl Iterator<Item = Self> {
        Form::ALL.into_iter().flat_map(Self::of)
    }

    /// Those who write a form.
    pub fn of(form: Form) -> impl Iterator<Item = Self> {
        let writes = move |writer: &Writer| match (writer, form) {
            (Writer::Setwise, _) => true,
            (_, Form::Declared) => false,
            (Writer::Serde, _) => form == Form::Json,
            (Writer::Sea | Writer::Plain, _) => form != Form::Json,
            (Writer::Limit, _) => true,
        };
        Writer::ALL.into_iter().filter(writes).map(move |writer| Self { writer, form })
    }

    /// The contestant of a writer's name and a form's.
    #[must_use]
    pub fn named(writer: &str, form: &str) -> Option<Self> {
        Self::of(Form::named(form)?).find(|contestant| contestant.writer.name() == writer)
    }

    /// The rows as this contestant wants them.
    #[must_use]
    pub fn prepare(self, data: &Data) -> Input<'_> {
        Input { data, update: ours::update(data, self.form == Form::Declared) }
    }

    /// Writes the update from the rows to the text, and shows both text and parameters.
    ///
    /// # Panics
    ///
    /// Where the contestant is not one of [`all`](Self::all).
    pub fn write(self, input: &Input<'_>, show: &mut dyn FnMut(&str, Binds<'_>)) {
        let Input { data, update } = input;
        let (text, binds) = match (self.writer, self.form) {
            (Writer::Setwise, form) => return ours::write(update, form, show),
            (Writer::Sea, form) => {
                let (text, binds) = sea::write(data, form);
                return show(&text, Binds::Sea(&binds.0));
            }
            (Writer::Serde, _) => serde::write(data),
            (Writer::Plain, form) => plain::write(data, form),
            (Writer::Limit, form) => limit::write(data, form),
        };
        show(&text, if binds.is_empty() { Binds::None } else { Binds::Plain(&binds) });
    }
}

impl Binds<'_> {
    /// The bytes of a document that is the only parameter.
    #[must_use]
    pub fn bytes_of_document(&self) -> usize {
        match self {
            Self::Setwise([bind]) => match bind.value() {
                setwise::Value::Json(json) => json.as_str().len(),
                _ => 0,
            },
            Self::Plain([Bind::Document(text)]) => text.len(),
            _ => 0,
        }
    }

    /// The parameters as plain data, so that contestants can be compared.
    #[must_use]
    pub fn data(&self) -> Vec<Datum> {
        match self {
            Self::None => Vec::new(),
            Self::Setwise(binds) => binds.iter().map(|bind| ours::datum(bind.value())).collect(),
            Self::Sea(binds) => binds.iter().map(sea::datum).collect(),
            Self::Plain(binds) => binds.iter().map(Bind::datum).collect(),
        }
    }
}
