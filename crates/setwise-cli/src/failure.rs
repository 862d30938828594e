//! Why a command does not do what it was asked to.

use std::io::{self, Write};
use std::process::ExitCode;

use setwise::{Error, Errors};

/// Why a command ends early. What it says goes to standard error.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The update is refused, or the engine refused it: exit status 1.
    Refused(String),
    /// The command line asks for what cannot be: exit status 2.
    Usage(String),
    /// Whoever reads standard output has left: exit status 1, without a word.
    Unread,
}

impl Failure {
    /// A usage error that names the option or file.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::Usage(what.into())
    }

    /// A refusal with all its errors, each shown with its place.
    pub(crate) fn refused(errors: &Errors, show: impl Fn(&Error) -> String) -> Self {
        Self::Refused(Self::list(errors, show).join("\n"))
    }

    /// A refusal by a script that had begun, which one made by `compile` does not give.
    pub(crate) fn late(errors: Errors) -> Self {
        Self::Refused(errors.to_string())
    }

    /// Errors, each shown with its place, and the count of those that were not kept.
    pub(crate) fn list(errors: &Errors, show: impl Fn(&Error) -> String) -> Vec<String> {
        let mut shown: Vec<_> = errors.iter().map(show).collect();
        let more = errors.len() - shown.len();
        if more > 0 {
            shown.push(format!("and {more} more errors"));
        }
        shown
    }

    /// Reports the failure and tells the exit status.
    pub(crate) fn report(self) -> ExitCode {
        let (text, code) = match self {
            Self::Refused(text) => (text, 1),
            Self::Usage(text) => (format!("error: {text}\n\nFor more information, try '--help'."), 2),
            Self::Unread => return ExitCode::from(1),
        };
        // Nobody is left to be told when standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
        ExitCode::from(code)
    }
}

/// A failure to write to standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Refused(format!("error: standard output: {error}")),
        }
    }
}

/// An error of the embedded SQLite.
impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(format!("error[engine]: SQLite: {error}"))
    }
}
