//! Files of updates, each with a name by which it is called.

use super::source::Source;
use super::statement::statement_in;
use super::{Parsed, open};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Errors, Place, nearest};
use crate::ir::{Schema, Value};
use crate::options::Options;
use crate::script::{Bound, Prepared, prepare};

/// The updates of a file.
///
/// # Examples
///
/// ```
/// use setwise::lang::Library;
///
/// let library = Library::parse("
///     update archive_old(days: int) on posts
///     set archived = true
///     where updated_at < now() - days(:days);
///
///     update translate on posts by id;
/// ")?;
/// assert_eq!(library.updates().len(), 2);
/// assert!(library.get("translate")?.needs_rows());
/// assert!(library.get("translete").unwrap_err().to_string().contains("did you mean `translate`?"));
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Library<'a> {
    updates: Vec<Parsed<'a>>,
}

impl<'a> Library<'a> {
    /// Reads updates, one behind the other, with a semicolon between two.
    ///
    /// # Errors
    ///
    /// As [`parse`](super::parse), for every update of the file that is wrong; `named-twice`.
    pub fn parse(text: &'a str) -> Result<Self, Errors> {
        let state = open(text)?;
        let mut source = Source::new(&state);
        let (mut errors, mut updates) = (Errors::new(), Vec::<Parsed<'a>>::new());
        while !source.rest().is_empty() {
            match statement_in(source) {
                Ok((rest, parsed)) => {
                    if let Some(name) = parsed.name()
                        && updates.iter().any(|known| known.name() == Some(name))
                    {
                        let kind = ErrorKind::NamedTwice { name: name.to_string() };
                        errors.push(parsed.map().locate(kind.at(Place::Table)));
                    }
                    updates.push(parsed);
                    source = rest;
                }
                Err(fault) => {
                    errors.push(state.explain(fault));
                    state.forget();
                    source = source.after_statement();
                }
            }
        }
        errors.or(Self { updates })
    }

    /// The updates, in the order of the file.
    #[must_use]
    pub fn updates(&self) -> &[Parsed<'a>] {
        &self.updates
    }

    /// The update of a name.
    ///
    /// # Errors
    ///
    /// `unknown-update`, with the name that is nearest.
    pub fn get(&self, name: &str) -> Result<&Parsed<'a>, Error> {
        find(name, self.updates.iter().filter_map(|parsed| Some((parsed.name()?.as_str(), parsed))))
    }

    /// Compiles every named update that brings its own rows, or needs none, once for all arguments.
    ///
    /// # Errors
    ///
    /// As [`prepare`], with spans of the text.
    pub fn prepare(
        &self,
        schema: Option<&Schema>,
        dialect: Dialect,
        options: &Options,
    ) -> Result<PreparedLibrary, Errors> {
        let (mut errors, mut updates) = (Errors::new(), Vec::new());
        for parsed in self.updates.iter().filter(|parsed| !parsed.needs_rows()) {
            let Some(name) = parsed.name() else { continue };
            let (builder, map) = parsed.clone().into_parts();
            let builder = match schema {
                Some(schema) => builder.schema(schema),
                None => builder,
            };
            let prepared = builder.build().and_then(|update| prepare(&update, dialect, options));
            match prepared {
                Ok(prepared) => updates.push((name.to_string(), prepared)),
                Err(found) => errors.append(map.locate_all(found)),
            }
        }
        errors.or(PreparedLibrary { updates })
    }
}

/// The updates of a library, compiled for one dialect.
#[derive(Clone, Debug)]
pub struct PreparedLibrary {
    updates: Vec<(String, Prepared)>,
}

impl PreparedLibrary {
    /// The update of a name.
    ///
    /// # Errors
    ///
    /// `unknown-update`, with the name that is nearest.
    pub fn get(&self, name: &str) -> Result<&Prepared, Error> {
        find(name, self.updates.iter().map(|(known, prepared)| (known.as_str(), prepared)))
    }

    /// Gives the parameters of an update their arguments.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get) and [`Prepared::bind`].
    pub fn bind<'p, N, V>(
        &'p self,
        name: &str,
        arguments: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Bound<'p>, Errors>
    where
        N: AsRef<str>,
        V: Into<Value<'p>>,
    {
        self.get(name)?.bind(arguments)
    }
}

/// What a name stands for.
fn find<'n, T>(name: &str, mut all: impl Iterator<Item = (&'n str, T)> + Clone) -> Result<T, Error> {
    let names = all.clone().map(|(known, _)| known);
    all.find(|(known, _)| *known == name)
        .map(|(_, found)| found)
        .ok_or_else(|| ErrorKind::UnknownUpdate { name: name.to_owned(), hint: nearest(name, names) }.into())
}
