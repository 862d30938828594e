//! Files of updates, each with a name by which it is called, and of rules for what follows updates of a table.

use super::source::Source;
use super::statement::{Statement, statement_in};
use super::{Parsed, open};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Errors, Place, nearest};
use crate::ir::{Follower, Schema, Value};
use crate::options::Options;
use crate::script::{Bound, Prepared, prepare};

/// So many names are listed in a hint.
const MOST_NAMED: usize = 8;

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
    /// What follows updates of a table, whichever they are.
    rules: Vec<(Follower<'a>, Place)>,
}

impl<'a> Library<'a> {
    /// Reads updates, one behind the other, with a semicolon between two.
    ///
    /// # Errors
    ///
    /// As [`parse`](super::parse), for every update of the file that is wrong; `named-twice`.
    pub fn parse(text: &'a str) -> Result<Self, Errors> {
        let (library, errors) = Self::parse_each(text);
        errors.or(library)
    }

    /// Reads updates as [`parse`](Self::parse) does: those that are right, and what is wrong with the others.
    #[must_use]
    pub fn parse_each(text: &'a str) -> (Self, Errors) {
        let state = match open(text) {
            Ok(state) => state,
            Err(error) => return (Self { updates: Vec::new(), rules: Vec::new() }, error.into()),
        };
        let mut source = Source::new(&state);
        let (mut errors, mut updates) = (Errors::new(), Vec::<Parsed<'a>>::new());
        let mut rules: Vec<(Follower<'a>, Place)> = Vec::new();
        while !source.rest().is_empty() {
            let taken = statement_in(source);
            let noted = state.take_noted();
            let is_whole = noted.is_empty();
            errors.append(noted);
            source = match taken {
                Ok((rest, _)) if !is_whole => rest,
                Ok((rest, Statement::Rule(rule, place))) => {
                    rules.push((rule, place));
                    rest
                }
                Ok((rest, Statement::Update(parsed))) => {
                    if let Some(name) = parsed.name()
                        && updates.iter().any(|known| known.name() == Some(name))
                    {
                        let kind = ErrorKind::NamedTwice { name: name.to_string() };
                        errors.push(parsed.map().locate(kind.at(Place::Table)));
                    }
                    updates.push(*parsed);
                    rest
                }
                Err(fault) => {
                    errors.push(state.explain(fault));
                    state.forget();
                    source.after_wrong()
                }
            };
        }
        let mut library = Self { updates: Vec::new(), rules };
        library.updates = updates.into_iter().map(|parsed| library.with_rules(parsed)).collect();
        (library, errors)
    }

    /// An update with the rules of this file as followers of its own.
    pub(super) fn with_rules(&self, parsed: Parsed<'a>) -> Parsed<'a> {
        self.rules.iter().fold(parsed, |parsed, (rule, place)| parsed.follow(rule.clone(), place.clone()))
    }

    /// The updates, in the order of the file.
    #[must_use]
    pub fn updates(&self) -> &[Parsed<'a>] {
        &self.updates
    }

    /// The rules, in the order of the file; each update has them as its own followers too.
    pub fn rules(&self) -> impl Iterator<Item = &Follower<'a>> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// The update of a name.
    ///
    /// # Errors
    ///
    /// `unknown-update`, with the name that is nearest.
    pub fn get(&self, name: &str) -> Result<&Parsed<'a>, Error> {
        find(name, self.updates.iter().filter_map(|parsed| Some((parsed.name()?.as_str(), parsed))))
    }

    /// Compiles every update for every one of some dialects, to see whether it can be; see [`Parsed::check`].
    ///
    /// # Errors
    ///
    /// All that is wrong, in the order of the text; what is wrong for several dialects alike is said once.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Dialect, lang::Library};
    ///
    /// let library = Library::parse("update a on t set x = new.x all rows; update b on t set y = new.y all rows")?;
    /// assert_eq!(library.check(None, &Dialect::all()).unwrap_err().len(), 2);
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    pub fn check(&self, schema: Option<&Schema>, dialects: &[Dialect]) -> Result<(), Errors> {
        let mut errors = self.check_rules(schema);
        for parsed in &self.updates {
            let found = dialects.iter().filter_map(|dialect| parsed.check(schema, *dialect).err());
            found.for_each(|found| errors.append(found));
        }
        errors.sorted().or(())
    }

    /// What is wrong with the rules, whether an update leads to them or not.
    fn check_rules(&self, schema: Option<&Schema>) -> Errors {
        let mut errors = Errors::new();
        let Some(schema) = schema else { return errors };
        for (Follower { of, table, links, set: _, filter: _ }, place) in &self.rules {
            let found = of.iter().chain([table]).map(|table| schema.require(table).map(drop));
            let linked = links.iter().flat_map(|(theirs, ours)| {
                let theirs = schema.require_column(table, theirs).map(drop);
                [Some(theirs), of.as_ref().map(|of| schema.require_column(of, ours).map(drop))]
            });
            let wrong = found.chain(linked.flatten()).filter_map(Result::err);
            wrong.for_each(|error| errors.push(error.moved_to(place.clone())));
        }
        errors
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
        let (mut errors, mut updates) = (self.check_rules(schema), Vec::new());
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
        errors.sorted().or(PreparedLibrary { updates })
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

/// What a name stands for; `unknown-update` with the name that is nearest, or with the first that there are.
fn find<'n, T>(name: &str, mut all: impl Iterator<Item = (&'n str, T)> + Clone) -> Result<T, Error> {
    let mut names = all.clone().map(|(known, _)| known);
    if let Some((_, found)) = all.find(|(known, _)| *known == name) {
        return Ok(found);
    }
    let mut hint = nearest(name, names.clone());
    if hint.is_empty() {
        let first: Vec<String> = names.by_ref().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
        let more = if names.next().is_some() { ", …" } else { "" };
        hint = if first.is_empty() { hint } else { format!("; there are {}{more}", first.join(", ")) };
    }
    Err(ErrorKind::UnknownUpdate { name: name.to_owned(), hint }.into())
}
