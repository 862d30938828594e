//! Missing rows of a table and of those that it extends.

use super::divide::Division;
use super::{Beside, Does, Part, Stands, Tie};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{Guard, Policy, Table, Update};

impl<'u> Division<'_, '_, 'u> {
    /// What keeps missing rows from being inserted into several tables.
    pub(super) fn check_insert(&self, errors: &mut Errors) {
        let Some(chain) = self.chain.filter(|_| self.inserts && self.sets.len() > 1) else { return };
        for (index, set) in self.update.set.iter().enumerate() {
            if self.selects_chain(&set.value) {
                let column = set.column.to_string();
                errors.push(ErrorKind::InsertSelects { column }.at(Place::Assignment(index)));
            }
        }
        for (at, level) in chain.levels().iter().enumerate().skip(1) {
            // those that can be set were checked with the whole
            let hidden = level.table.columns().iter().filter(|column| self.owner(column.name()) != Some(at));
            for column in hidden {
                let name = column.name().to_string();
                if level.key.contains(column.name()) {
                    if column.is_generated() {
                        errors.push(ErrorKind::GeneratedColumn { column: name }.at(Place::Table));
                    }
                } else if !column.may_be_left_out() {
                    errors.push(ErrorKind::InsertLacks { column: name }.at(Place::Table));
                }
            }
        }
    }

    /// A part for each table into which missing rows are inserted. Those that are extended come first, so that no foreign key
    /// is broken on the way; the first table comes last, so that until then it tells which rows are missing.
    pub(super) fn insert(&self, does: &Does) -> Result<Vec<Part<'u>>, Errors> {
        let levels = if self.inserts { self.sets.len() } else { 0 };
        (0..levels).rev().map(|level| self.insert_at(level, does.clone())).collect()
    }

    fn insert_at(&self, level: usize, does: Does) -> Result<Part<'u>, Errors> {
        let first = self.chain.and_then(|chain| chain.levels().first()).filter(|_| level > 0);
        let tell = |table: &Table| {
            let on = self.key(level).iter().cloned().zip(self.key(0).iter().cloned()).collect();
            Beside { from: Stands::Table(table.name().clone()), on, columns: Vec::new(), tie: Tie::Without }
        };
        let beside = first.map(|first| tell(first.table)).into_iter().collect();
        let set = if does == Does::Insert { self.set_of(level).collect() } else { Vec::new() };
        let policy = Policy { disjoint: Vec::new(), ..self.update.policy.clone() };
        // conditions are on an old row, which is not there
        let update = Update { guard: Guard::default(), policy, returning: Vec::new(), ..self.update.clone() };
        Ok(Part { does, ..self.part(level, set, update, beside)? })
    }
}
