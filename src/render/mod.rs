//! Writes statements as text. It alone writes names and values, in one pass, and nothing scans its output again.

mod float;
mod literal;
mod rows;
mod statement;
mod words;

use std::borrow::Cow;

pub(crate) use words::Words;

use crate::dialect::Placeholder;
use crate::ir::{Cells, Ident, TableName, Type, Value};
use crate::script::Bind;
use crate::sql::Statement;

/// Writes the statements of a script into one buffer.
#[derive(Debug)]
pub(crate) struct Renderer<'u> {
    words: Words,
    out: String,
    sink: Sink<'u>,
}

/// Where values go.
#[derive(Debug)]
pub(crate) enum Sink<'u> {
    /// Into the text.
    Inline,
    /// Into parameters; for statements of one row, `slots` says what each parameter of the text is.
    Bind { binds: Vec<Bind<'u>>, slots: Vec<Slot<'u>> },
}

/// What a parameter stands for, where a statement is executed once for each row.
#[derive(Clone, Debug)]
pub(crate) enum Slot<'u> {
    /// An input column, by its position in the statement's inputs.
    Input(usize),
    /// The same value for every row.
    Constant(Bind<'u>),
}

/// Whether a value's type must be said at this place, where the dialect's engine needs it at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Say {
    /// The place does not tell the type.
    Type,
    /// The place tells the type.
    Nothing,
}

impl<'u> Renderer<'u> {
    pub(crate) fn new(words: Words, binds: bool) -> Self {
        let sink = if binds { Sink::Bind { binds: Vec::new(), slots: Vec::new() } } else { Sink::Inline };
        Self { words, out: String::new(), sink }
    }

    /// Writes a statement for some rows, given by their numbers; returns nothing, see `text` and `binds`.
    pub(crate) fn render(&mut self, statement: &Statement<'u>, cells: Option<&'u Cells<'u>>, rows: &[u32]) {
        self.out.clear();
        if let Sink::Bind { binds, slots } = &mut self.sink {
            binds.clear();
            slots.clear();
        }
        statement::write(self, statement, cells, rows);
    }

    pub(crate) fn text(&self) -> &str {
        &self.out
    }

    pub(crate) fn sink(&mut self) -> &mut Sink<'u> {
        &mut self.sink
    }

    pub(crate) fn words(&self) -> &Words {
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

    /// Writes a value: a literal or a parameter, with its type where it must be said.
    fn value(&mut self, value: Cow<'u, Value<'u>>, ty: &Cow<'u, Type>, say: Say, input: Option<usize>) {
        let cast = self.words.cast(ty, say, matches!(self.sink, Sink::Bind { .. }));
        if cast.is_some() {
            self.out.push_str("CAST(");
        }
        match &mut self.sink {
            Sink::Inline => literal::write(&mut self.out, &value, &self.words),
            Sink::Bind { binds, slots } => {
                let bind = self.words.bind(value, ty);
                slots.push(input.map_or_else(|| Slot::Constant(bind.clone()), Slot::Input));
                binds.push(bind);
                match self.words.placeholder {
                    Placeholder::Question => self.out.push('?'),
                    Placeholder::Dollar => {
                        self.out.push('$');
                        self.out.push_str(itoa::Buffer::new().format(binds.len()));
                    }
                }
            }
        }
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
                self.ident(&name.clone())
            }
            (words::CastName::Own, Type::Array(element)) => {
                if let Some(cast) = self.words.own_cast(element) {
                    self.cast_name(cast, element);
                }
                self.out.push_str("[]");
            }
            (words::CastName::Own, _) => {}
        }
    }

    /// Where a value stands alone, its type is said for a parameter and told by the place for a literal.
    fn say_alone(&self) -> Say {
        if matches!(self.sink, Sink::Bind { .. }) { Say::Type } else { Say::Nothing }
    }
}
