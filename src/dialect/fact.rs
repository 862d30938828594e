//! Facts about engines, each with the version since which it holds and how it is known.

use std::fmt;

/// A version of an engine: major, minor, patch.
///
/// # Examples
///
/// ```
/// use setwise::Version;
///
/// assert!(Version::new(3, 40, 1) > Version::from(3));
/// assert_eq!(Version::parse("10.11"), Some(Version::new(10, 11, 0)));
/// assert_eq!(Version::new(10, 11, 0).to_string(), "10.11");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u16, u16, u16);

impl Version {
    /// A version from its parts.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self(major, minor, patch)
    }

    /// A version from text such as `15`, `3.40` or `8.0.19`; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse::<u16>().ok());
        let major = parts.next()??;
        let minor = parts.next().unwrap_or(Some(0))?;
        let patch = parts.next().unwrap_or(Some(0))?;
        parts.next().is_none().then_some(Self(major, minor, patch))
    }
}

impl From<u16> for Version {
    fn from(major: u16) -> Self {
        Self(major, 0, 0)
    }
}

/// Writes the parts, without a patch of zero.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)?;
        if self.2 != 0 {
            write!(f, ".{}", self.2)?;
        }
        Ok(())
    }
}

/// How a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A test runs it on the real engine.
    Executed,
    /// The manual says so; no such engine could be had.
    Documented(&'static str),
}

/// What is so, since which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since<T: 'static> {
    /// The first version of which it is so.
    pub version: Version,
    /// What is so.
    pub is: T,
    /// How it is known.
    pub source: Evidence,
}

/// A fact over all versions: what was so first, and each change since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact<T: 'static> {
    /// What is so since the oldest version covered.
    pub first: (T, Evidence),
    /// The changes since, oldest first.
    pub changes: &'static [Since<T>],
}

impl<T: Copy> Fact<T> {
    /// So in every version that is covered, and a test runs it.
    pub const fn executed(is: T) -> Self {
        Self { first: (is, Evidence::Executed), changes: &[] }
    }

    /// So in every version that is covered, as the manual says.
    pub const fn documented(is: T, url: &'static str) -> Self {
        Self { first: (is, Evidence::Documented(url)), changes: &[] }
    }

    /// What is so at a version.
    pub fn at(&self, version: Version) -> T {
        let holds = self.changes.iter().rev().find(|change| change.version <= version);
        holds.map_or(self.first.0, |change| change.is)
    }
}
