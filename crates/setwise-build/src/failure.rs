//! Why a module cannot be made.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a module cannot be made. A build script that returns it from `main` shows it as it is meant to be read.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    text: String,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    pub(crate) fn of_file(file: &Path, error: &io::Error) -> Self {
        Self::new(format!("{}: {error}", file.display()))
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.trim_end())
    }
}

/// What `main` returns is shown by this, so it is the text; it starts on a line of its own.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}
