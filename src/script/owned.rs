//! Steps that outlive the script that lent them.

use super::bind::{Bind, BindSets};
use super::{Purpose, Step};

/// A step that holds its own text and parameters.
#[derive(Clone, Debug)]
pub(crate) struct OwnedStep {
    purpose: Purpose,
    finds: &'static str,
    pub(crate) text: String,
    text_id: usize,
    pub(super) binds: Vec<Bind<'static>>,
    width: usize,
    pub(crate) rows: Vec<u32>,
    returns: bool,
}

impl OwnedStep {
    /// A step without rows and parameters.
    pub(crate) fn of(purpose: Purpose, text: String) -> Self {
        let (finds, text_id, binds, width, rows, returns) = ("", 0, Vec::new(), 0, Vec::new(), false);
        Self { purpose, finds, text, text_id, binds, width, rows, returns }
    }

    /// The step as it was lent.
    pub(crate) fn lend(&self) -> Step<'_> {
        self.lend_with(&self.binds)
    }

    /// The step with as many other parameters.
    pub(super) fn lend_with<'s>(&'s self, binds: &'s [Bind<'s>]) -> Step<'s> {
        let Self { purpose, finds, text, text_id, binds: _, width, rows, returns } = self;
        let binds = BindSets::new(binds, *width);
        Step { purpose: *purpose, finds, text, text_id: *text_id, binds, rows, returns: *returns }
    }

    /// How often its statement is executed.
    pub(super) fn executions(&self) -> usize {
        self.binds.len().checked_div(self.width).unwrap_or(1)
    }
}

impl From<Step<'_>> for OwnedStep {
    fn from(step: Step<'_>) -> Self {
        let Step { purpose, finds, text, text_id, binds, rows, returns } = step;
        let BindSets { binds, width } = binds;
        let binds = binds.iter().map(Bind::to_owned).collect();
        Self { purpose, finds, text: text.to_owned(), text_id, binds, width, rows: rows.to_vec(), returns }
    }
}
