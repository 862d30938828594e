//! Files of figures: what they were measured with, and a line for each, in columns.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checkout;
use crate::process::{Failure, while_doing};

/// Figures, and what they were measured with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures<T> {
    pub(crate) about: String,
    pub(crate) lines: Vec<T>,
}

impl<T: Serialize + DeserializeOwned> Figures<T> {
    /// Reads a file of the workspace.
    pub(crate) fn read(file: &str) -> Result<Self, Failure> {
        let text = fs::read_to_string(checkout::root().join(file)).map_err(while_doing(format!("reading {file}")))?;
        Self::parse(&text)
    }

    /// Reads text whose first line is about the others. A file of no figures is empty, and about nothing.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let about = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned();
        let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').comment(Some(b'#')).from_reader(text.as_bytes());
        let lines = reader.deserialize().collect::<Result<_, _>>().map_err(while_doing("reading figures"))?;
        Ok(Self { about, lines })
    }

    /// Writes them in the place of what was there.
    pub(crate) fn write(&self, file: &str) -> Result<(), Failure> {
        let path = checkout::root().join(file);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(while_doing(format!("creating {file}")))?;
        fs::write(path, self.print()?).map_err(while_doing(format!("writing {file}")))
    }

    /// The text that [`parse`](Self::parse) reads.
    pub(crate) fn print(&self) -> Result<String, Failure> {
        let Self { about, lines } = self;
        let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
        lines.iter().try_for_each(|line| writer.serialize(line)).map_err(while_doing("writing figures"))?;
        let written = writer.into_inner().map_err(while_doing("writing figures"))?;
        Ok(format!("# {about}\n{}", String::from_utf8_lossy(&written)))
    }
}

/// A figure with so many digits behind the point, so that files and differences of them stay short.
pub(crate) fn rounded(figure: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (figure * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::{Figures, rounded};

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Line {
        form: String,
        rows: usize,
        peak: Option<f64>,
    }

    #[test]
    fn figures_are_read_as_they_are_printed() {
        let line = |rows, peak| Line { form: "case".to_owned(), rows, peak };
        let figures = Figures { about: "a machine".to_owned(), lines: vec![line(10, None), line(20, Some(1.5))] };
        let text = figures.print().unwrap();
        assert_eq!(text, "# a machine\nform\trows\tpeak\ncase\t10\t\ncase\t20\t1.5\n");
        assert_eq!(Figures::parse(&text).unwrap(), figures);
        assert!(Figures::<Line>::parse("form\trows\tpeak\ncase\tten\t").is_err(), "not a number");
    }

    #[test]
    fn figures_are_rounded() {
        assert!((rounded(178.04, 1) - 178.0).abs() < f64::EPSILON);
    }
}
