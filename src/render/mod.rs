//! Writes statements as text. It alone writes names and values, in one pass, and nothing scans its output again.

mod beside;
mod binds;
mod case;
mod digits;
mod document;
mod element;
mod float;
mod joined;
mod keep;
mod literal;
mod many;
mod out;
mod query;
mod rows;
mod selection;
mod snapshot;
mod stage;
mod statement;
mod temporal;
mod words;

use std::borrow::Cow;

use binds::Binds;
use many::Heads;
use out::Out;
pub(crate) use snapshot::KEPT;
pub(crate) use statement::LEADING;
pub(crate) use words::Words;

use crate::dialect::{Casts, Form};
use crate::error::{Error, ErrorKind, Place};
use crate::ir::{Array, Cell, Cells, Ident, Json, TableName, Type, Value};
use crate::script::{Bind, BindSets};
use crate::sql::{InputColumn, Statement};

/// After so many rows, the room that the others need is known well enough.
const SAMPLE: usize = 64;

/// Writes the statements of a script into one buffer.
#[derive(Debug)]
pub(crate) struct Renderer<'u> {
    words: Words,
    out: Out,
    sink: Sink<'u>,
    heads: Option<Heads>,
}

/// Where values go.
#[derive(Debug)]
enum Sink<'u> {
    /// Into the text.
    Inline,
    /// Into parameters.
    Bind(Binds<'u>),
}

/// Whether a value's type must be said at this place, where the dialect's engine needs it at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Say {
    /// The place does not tell the type.
    Type,
    /// The place tells the type.
    Nothing,
    /// Others compute with the value, so that a parameter must not be taken for text.
    Operand,
    /// As `Operand`, behind another value whose type it takes.
    OperandBehind,
}

impl<'u> Renderer<'u> {
    pub(crate) fn new(words: Words, binds: bool) -> Self {
        let sink = if binds { Sink::Bind(Binds::default()) } else { Sink::Inline };
        Self { words, out: Out::new(), sink, heads: None }
    }

    /// Writes a statement for some rows, given by their numbers; see `text` and `binds`.
    pub(crate) fn render(&mut self, statement: &Statement<'u>, cells: Option<&'u Cells<'u>>, rows: &[u32]) {
        self.out.clear();
        self.heads.iter_mut().for_each(|heads| heads.ends.clear());
        if let Sink::Bind(binds) = &mut self.sink {
            binds.start(statement, rows.len());
        }
        statement::write(self, statement, cells, rows);
        self.out.flush();
        if let Sink::Bind(binds) = &mut self.sink {
            binds.finish(&self.words, statement, cells, rows);
        }
    }

    pub(crate) fn text(&self) -> Result<&str, Error> {
        let heads = self.heads.as_ref().map_or(Some(""), |heads| heads.out.text());
        heads.and(self.out.text()).ok_or_else(|| ErrorKind::Internal { what: "write text" }.at(Place::Table))
    }

    /// The parameters, and how many of them the text has; none where values are in the text.
    pub(crate) fn binds(&self) -> Option<BindSets<'_>> {
        match &self.sink {
            Sink::Inline => None,
            Sink::Bind(binds) => Some(BindSets::new(&binds.all, binds.width)),
        }
    }

    fn words(&self) -> &Words {
        &self.words
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn ident(&mut self, name: &Ident) {
        let quote = self.words.quote;
        self.out.push(quote);
        if name.as_str().contains(quote) {
            for character in name.as_str().chars() {
                if character == quote {
                    self.out.push(quote);
                }
                self.out.push(character);
            }
        } else {
            self.out.push_str(name.as_str());
        }
        self.out.push(quote);
    }

    fn table(&mut self, name: &TableName) {
        if let Some(schema) = name.schema() {
            self.ident(schema);
            self.out.push('.');
        }
        self.ident(name.name());
    }

    /// Writes a cell of an input column: a literal or a parameter, with its type where it must be said.
    fn cell(&mut self, value: &'u Value<'u>, input: usize, column: &InputColumn<'u>, say: Say) {
        if say == Say::Nothing && matches!(self.sink, Sink::Inline) {
            return literal::write(&mut self.out, value, &self.words);
        }
        let cast = self.open_cast(&column.ty, say);
        match &mut self.sink {
            Sink::Inline => literal::write(&mut self.out, value, &self.words),
            Sink::Bind(binds) => {
                binds.push(self.words.bind_cell(value, column), Some(input));
                binds.write_placeholder(&mut self.out, &self.words);
            }
        }
        self.close_cast(cast, &column.ty);
    }

    /// Writes the values of an input column in many rows, as one array.
    fn array(&mut self, values: impl Iterator<Item = &'u Value<'u>>, input: usize, column: &InputColumn<'u>) {
        let ty = Type::list_of(column.ty.clone().into_owned());
        self.whole(ty, Some(input), |words| {
            let items = match column.form {
                Form::Native => values.map(Value::lend).collect(),
                _ => values.map(|value| words.store(value, column)).collect(),
            };
            Value::Array(Box::new(Array::of_column(items)))
        });
    }

    /// Writes rows as one JSON document: for each an object with the text of each value, and none for NULL.
    fn document(&mut self, rows: impl ExactSizeIterator<Item = Option<&'u [Cell<'u>]>>, inputs: &[InputColumn<'u>]) {
        self.whole(Type::Json, None, |words| Value::Json(Json::new(document::write(rows, inputs, words))));
    }

    /// Writes one value that stands for many rows; that of an input is one parameter, wherever it is written again.
    fn whole(&mut self, ty: Type, input: Option<usize>, value: impl FnOnce(&Words) -> Value<'u>) {
        let Self { words, out, sink, heads: _ } = self;
        out.push_str("CAST(");
        let is_again = match sink {
            Sink::Inline => false,
            Sink::Bind(binds) => input.is_some_and(|input| binds.write_again(out, words, input)),
        };
        let value = (!is_again).then(|| value(words));
        match (sink, &value) {
            (Sink::Inline, Some(value)) => literal::write(out, value, words),
            (Sink::Bind(binds), Some(_)) => binds.write_placeholder(out, words),
            (_, None) => {}
        }
        self.close_own_cast(&ty);
        if let (Sink::Bind(binds), Some(value)) = (&mut self.sink, value) {
            binds.push(Bind::made(value, ty), input);
        }
    }

    /// Ends a cast to a type.
    fn close_own_cast(&mut self, ty: &Type) {
        let cast = self.words.own_cast(ty);
        self.close_cast(cast, ty);
    }

    /// Whether no row but the first needs a cast.
    fn casts_first_row_only(&self) -> bool {
        matches!(self.sink, Sink::Inline) || matches!(self.words.casts, Casts::FirstRow | Casts::Never)
    }

    /// Writes a value that is the same for every row.
    fn constant(&mut self, value: Cow<'u, Value<'u>>, ty: Cow<'u, Type>, say: Say) {
        let cast = self.open_cast(&ty, say);
        match &mut self.sink {
            Sink::Inline => literal::write(&mut self.out, &value, &self.words),
            Sink::Bind(binds) => {
                binds.push(self.words.bind(value, &ty), None);
                binds.write_placeholder(&mut self.out, &self.words);
            }
        }
        self.close_cast(cast, &ty);
    }

    /// Writes the argument of a parameter, which may be given later.
    fn argument(&mut self, at: usize, value: Option<&'u Value<'u>>, ty: &'u Type) {
        if value.is_none() && matches!(self.sink, Sink::Bind(_)) {
            let cast = self.open_cast(ty, Say::Operand);
            if let Sink::Bind(binds) = &mut self.sink {
                binds.push(Bind::awaiting(at, ty.clone()), None);
                binds.write_placeholder(&mut self.out, &self.words);
            }
            return self.close_cast(cast, ty);
        }
        self.constant(Cow::Borrowed(value.unwrap_or(&Value::Null)), Cow::Borrowed(ty), Say::Operand);
    }

    /// Begins a cast to a type where it must be said; `close_cast` ends it.
    #[inline]
    fn open_cast(&mut self, ty: &Type, say: Say) -> Option<words::CastName> {
        let cast = self.words.cast(ty, say, matches!(self.sink, Sink::Bind(_)));
        if cast.is_some() {
            self.out.push_str("CAST(");
        }
        cast
    }

    #[inline]
    fn close_cast(&mut self, cast: Option<words::CastName>, ty: &Type) {
        if let Some(cast) = cast {
            self.out.push_str(" AS ");
            self.cast_name(cast, ty);
            self.out.push(')');
        }
    }

    /// Writes a type for `CAST`: the engine's name for a class, or the type's own name.
    fn cast_name(&mut self, cast: words::CastName, ty: &Type) {
        match (cast, ty) {
            (words::CastName::Word(word), _) => self.out.push_str(word),
            (words::CastName::Own, Type::Enum { name: Some(name), .. } | Type::Named(name)) => {
                self.ident(name);
            }
            (words::CastName::Own, Type::Array(element)) => {
                if let Some(cast) = self.words.own_cast(element) {
                    self.cast_name(cast, element);
                }
                self.out.push_str("[]");
            }
            (words::CastName::Decimal { digits, scale }, _) => {
                let mut buffer = itoa::Buffer::new();
                self.out.push_str("DECIMAL(");
                self.out.push_str(buffer.format(digits));
                self.out.push(',');
                self.out.push_str(buffer.format(scale));
                self.out.push(')');
            }
            (words::CastName::Own, _) => {}
        }
    }

    /// As a value alone, but compared, so that a parameter must not be taken for text.
    fn say_key(&self) -> Say {
        if matches!(self.sink, Sink::Bind(_)) { Say::Operand } else { Say::Nothing }
    }

    /// Where a value stands alone, its type is said for a parameter and told by the place for a literal.
    fn say_alone(&self) -> Say {
        if matches!(self.sink, Sink::Bind(_)) { Say::Type } else { Say::Nothing }
    }
}
