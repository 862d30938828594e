//! Texts from files, standard input and the command line, and places in them.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use setwise::{ErrorKind, diagnostic};

use crate::failure::Failure;

/// A text, and the name under which errors show it.
#[derive(Debug)]
pub(crate) struct Document {
    name: String,
    bytes: Vec<u8>,
}

impl Document {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn load(path: &Path) -> Result<Self, Failure> {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin { "<stdin>".into() } else { path.display().to_string() };
        let bytes = if is_stdin {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(path)
        };
        let bytes = bytes.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        Ok(Self { name, bytes })
    }

    /// A text that is at hand, such as one of the command line, under the name of its option.
    pub(crate) fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), bytes: text.into().into_bytes() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text; refused where it is not UTF-8.
    pub(crate) fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes).map_err(|error| {
            let kind = ErrorKind::NotUtf8 { offset: error.valid_up_to() };
            Failure::Refused(show(&kind.into(), &self.name))
        })
    }

    /// The error, with its place in this text.
    pub(crate) fn show(&self, error: &setwise::Error) -> String {
        diagnostic::render(error, &self.name, &String::from_utf8_lossy(&self.bytes)).trim_end().to_owned()
    }
}

/// A file that is read whole only when its text is asked for, and may be read piece by piece instead.
#[derive(Debug)]
pub(crate) struct Source {
    path: PathBuf,
    document: OnceCell<Document>,
}

impl Source {
    /// Finds the file. What cannot be read again, such as standard input or a pipe, is read now.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let source = Self { path: path.to_owned(), document: OnceCell::new() };
        let is_file = path.as_os_str() != "-" && fs::metadata(path).is_ok_and(|found| found.is_file());
        if !is_file {
            source.document()?;
        }
        Ok(source)
    }

    /// All of the file.
    pub(crate) fn document(&self) -> Result<&Document, Failure> {
        match self.document.get() {
            Some(document) => Ok(document),
            None => {
                let document = Document::load(&self.path)?;
                Ok(self.document.get_or_init(|| document))
            }
        }
    }

    /// The bytes of the file, from its start.
    pub(crate) fn bytes(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self.document.get() {
            Some(document) => Box::new(document.bytes()),
            None => Box::new(File::open(&self.path)?),
        })
    }
}

/// The error at a place that is not one of a text.
pub(crate) fn show(error: &setwise::Error, place: &str) -> String {
    let error = setwise::Error::from(error.kind().clone());
    diagnostic::render(&error, place, "").trim_end().to_owned()
}
