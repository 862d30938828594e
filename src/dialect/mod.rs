//! Dialects: an engine's facts, at a version.

mod expression;
mod fact;
mod list;
mod spec;
mod threshold;
mod words;

#[path = "../../dialects/mariadb.rs"]
mod mariadb;
#[path = "../../dialects/mysql.rs"]
mod mysql;
#[path = "../../dialects/postgres.rs"]
mod postgres;
#[path = "../../dialects/sqlite.rs"]
mod sqlite;

use std::fmt;
use std::str::FromStr;

pub use expression::*;
pub use fact::{Evidence, Fact, Since, Version};
pub use list::Listed;
pub use spec::{Class, Spec, Storage};
pub use threshold::{Choice, Thresholds};
pub use words::*;

use crate::error::{Error, ErrorKind};
use crate::ir::{Collation, Type};
use crate::options::Strategy;

/// An engine at a version: a value, so that what differs between engines is looked up and never asked for by name.
///
/// # Examples
///
/// ```
/// use setwise::{Dialect, Version};
///
/// let dialect = Dialect::postgres().at(15);
/// assert_eq!(dialect.to_string(), "postgres@15.0");
/// assert_eq!("sqlite@3.40.1".parse::<Dialect>()?.version(), Version::new(3, 40, 1));
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Dialect {
    spec: &'static Spec,
    version: Version,
}

impl Dialect {
    /// PostgreSQL, at the oldest version covered.
    #[must_use]
    pub fn postgres() -> Self {
        Self::oldest(&postgres::POSTGRES)
    }

    /// MySQL, at the oldest version covered.
    #[must_use]
    pub fn mysql() -> Self {
        Self::oldest(&mysql::MYSQL)
    }

    /// MariaDB, at the oldest version covered.
    #[must_use]
    pub fn mariadb() -> Self {
        Self::oldest(&mariadb::MARIADB)
    }

    /// SQLite, at the oldest version covered.
    #[must_use]
    pub fn sqlite() -> Self {
        Self::oldest(&sqlite::SQLITE)
    }

    /// All dialects, at the oldest version covered.
    #[must_use]
    pub fn all() -> [Self; 4] {
        [Self::postgres(), Self::mysql(), Self::mariadb(), Self::sqlite()]
    }

    fn oldest(spec: &'static Spec) -> Self {
        Self { spec, version: spec.oldest }
    }

    /// The same engine at a version; one older than the oldest covered is refused when an update is compiled.
    #[must_use]
    pub fn at(self, version: impl Into<Version>) -> Self {
        Self { version: version.into(), ..self }
    }

    /// The dialect's name, such as `postgres`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The engine's facts, over all versions.
    #[must_use]
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The same engine with other facts: for tests that change a fact and show that an engine then fails.
    #[cfg(feature = "unstable")]
    #[must_use]
    pub fn with_spec(self, spec: &'static Spec) -> Self {
        Self { spec, ..self }
    }

    /// What is so at this version.
    #[must_use]
    pub fn fact<T: Copy + 'static>(&self, of: impl Fn(&'static Spec) -> &'static Fact<T>) -> T {
        of(self.spec).at(self.version)
    }

    /// The strategies that it has forms for; an update may still be none that one of them can express.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::{Dialect, Strategy};
    ///
    /// assert!(Dialect::postgres().strategies().any(|strategy| strategy == Strategy::ArrayJoin));
    /// assert!(Dialect::mysql().strategies().all(|strategy| strategy != Strategy::ArrayJoin));
    /// ```
    pub fn strategies(self) -> impl Iterator<Item = Strategy> {
        Strategy::ALL.into_iter().filter(move |strategy| match strategy {
            Strategy::ArrayJoin => self.fact(|spec| &spec.arrays) != Arrays::None,
            Strategy::JsonJoin => self.fact(|spec| &spec.documents) != Documents::None,
            _ => true,
        })
    }

    /// How values of a type are stored; none where no column type holds them exactly.
    #[must_use]
    pub fn storage(&self, ty: &Type) -> Option<&'static Storage> {
        self.stored(Class::of(ty))
    }

    /// The form in which values of a type are stored; their own where the dialect does not know the type.
    pub(crate) fn form_of(&self, ty: &Type) -> Form {
        self.storage(ty).map_or(Form::Native, |storage| storage.form)
    }

    /// How values of a class of types are stored.
    pub(crate) fn stored(&self, class: Class) -> Option<&'static Storage> {
        let holds =
            |storage: &&Storage| storage.class == class && storage.since.is_none_or(|since| since <= self.version);
        self.spec.storage.iter().find(holds)
    }

    /// How keys are compared under a collation, or under the engine's default.
    #[must_use]
    pub fn key_equality(&self, collation: Option<&Collation>) -> KeyEquality {
        match collation {
            None => self.fact(|spec| &spec.default_collation),
            Some(named) => {
                let name = named.name().as_str();
                let known = self.spec.collations.iter().find(|known| known.name.eq_ignore_ascii_case(name));
                known.map_or(KeyEquality::Folding, |known| known.equality)
            }
        }
    }

    /// Whether this version is covered.
    ///
    /// # Errors
    ///
    /// `version-too-old` below the oldest version covered.
    pub(crate) fn check_version(&self) -> Result<(), Error> {
        if self.version < self.spec.oldest {
            let (version, oldest) = (self.version.to_string(), self.spec.oldest.to_string());
            return Err(ErrorKind::VersionTooOld { dialect: self.spec.name, version, oldest }.into());
        }
        Ok(())
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Self) -> bool {
        self.spec.name == other.spec.name && self.version == other.version
    }
}

impl Eq for Dialect {}

/// Writes `name@version`.
impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.spec.name, self.version)
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `name` or `name@version`.
impl FromStr for Dialect {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::from(ErrorKind::UnknownDialect { name: text.to_owned() });
        let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let mut dialect = Self::all().into_iter().find(|dialect| dialect.name() == name).ok_or_else(unknown)?;
        if let Some(version) = version {
            let Spec { name: dialect_name, oldest, newest, .. } = dialect.spec;
            dialect = dialect.at(Version::parse(version).ok_or_else(|| ErrorKind::VersionNotANumber {
                dialect: dialect_name,
                version: version.to_owned(),
                oldest: oldest.to_string(),
                newest: newest.to_string(),
            })?);
        }
        dialect.check_version().map(|()| dialect)
    }
}
