//! Scripts of updates that span tables: the steps of all parts, one behind the other in one transaction.

use super::frame::keeping_texts;
use super::{Frame, OwnedStep, Position, Purpose, Script, Step};
use crate::check::check_part;
use crate::dialect::{Dialect, Following};
use crate::error::Errors;
use crate::expand::{Part, Unit, expand};
use crate::ir::{Follower, Ident, Update};
use crate::lower::{Lowered, reads_clock};
use crate::options::Options;
use crate::render::LEADING;
use crate::sql::{Act, Verb};

/// The steps of the parts of an update.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    steps: Vec<OwnedStep>,
    /// What removes what all parts read.
    teardown: Vec<OwnedStep>,
    next: usize,
    left_out: usize,
    reads_clock: bool,
    parked: Vec<Ident>,
}

impl Made {
    pub(super) fn has_next(&self) -> bool {
        self.next < self.steps.len()
    }

    /// The next step, with the number of its text.
    pub(super) fn next(&mut self, text_id: &mut usize) -> Option<Step<'_>> {
        let last = self.next.checked_sub(1).and_then(|last| self.steps.get(last)).map(|last| &last.text);
        let step = self.steps.get(self.next)?;
        *text_id += usize::from(last != Some(&step.text));
        self.next += 1;
        Some(Step { text_id: *text_id, ..step.lend() })
    }

    pub(super) fn executions(&self) -> usize {
        self.steps.iter().map(OwnedStep::executions).sum()
    }

    /// Adds the steps of an update and of what follows it.
    fn add(&mut self, unit: &Unit<'_>, dialect: Dialect, options: &Options) -> Result<(), Errors> {
        let Unit { checks, snapshot, parts, followers, leading, place } = unit;
        let at = |errors: Errors| match place {
            Some(place) => errors.map(|error| error.moved_to(place.clone())),
            None => errors,
        };
        if let (Some(leading), [Unit { parts: following, .. }]) = (leading, &followers[..])
            && let [following] = &following[..]
            && self.add_led(leading, following, dialect, options).map_err(at)?
        {
            return Ok(());
        }
        for check in checks {
            self.add_part(check, dialect, options).map_err(at)?;
        }
        if let Some(snapshot) = snapshot
            && !self.add_part(snapshot, dialect, options).map_err(at)?
        {
            // no row is updated, and none follows
            return Ok(());
        }
        let mut errors = Errors::new();
        for part in parts {
            if let Err(found) = self.add_part(part, dialect, options) {
                errors.append(at(found));
            }
        }
        for follower in followers {
            if let Err(found) = self.add(follower, dialect, options) {
                errors.append(found);
            }
        }
        errors.or(())
    }

    /// Adds an update and what follows it as one statement; whether the engine takes them so.
    fn add_led(
        &mut self,
        leading: &Part<'_>,
        following: &Part<'_>,
        dialect: Dialect,
        options: &Options,
    ) -> Result<bool, Errors> {
        let is_named = |part: &Part<'_>| part.update.table.name().as_str().eq_ignore_ascii_case(LEADING);
        let follows = dialect.fact(|spec| &spec.following) == Following::WithUpdate;
        if !follows || is_named(leading) || is_named(following) {
            return Ok(false);
        }
        let behind = following.behind_update();
        let (first, second) = (leading.with_schema(), behind.with_schema());
        let first_checked = check_part(&first, leading).map_err(|errors| leading.locate(errors))?;
        let second_checked = check_part(&second, &behind).map_err(|errors| following.locate(errors))?;
        let mut first_script =
            Script::without_frame(first_checked, dialect, options).map_err(|errors| leading.locate(errors))?;
        let mut script =
            Script::without_frame(second_checked, dialect, options).map_err(|errors| following.locate(errors))?;
        let ([_], [_]) = (&first_script.statements[..], &script.statements[..]) else { return Ok(false) };
        let led_by = first_script.statements.pop().map(|lowered| Box::new(lowered.statement));
        script.statements.iter_mut().for_each(|lowered| lowered.statement.led_by.clone_from(&led_by));
        let mut steps = Vec::new();
        while let Some(step) = script.next() {
            steps.push(OwnedStep::from(step?));
        }
        let most = options.max_bytes.unwrap_or_else(|| dialect.fact(|spec| &spec.max_bytes));
        if steps.iter().any(|step| step.text.len() > most) {
            return Ok(false);
        }
        self.reads_clock |= reads_clock(&first) || reads_clock(&second);
        self.steps.append(&mut steps);
        Ok(true)
    }

    /// Adds the steps of a part; whether it keeps old values.
    fn add_part(&mut self, part: &Part<'_>, dialect: Dialect, options: &Options) -> Result<bool, Errors> {
        let update = part.with_schema();
        let checked = check_part(&update, part).map_err(|errors| part.locate(errors))?;
        let mut script = Script::without_frame(checked, dialect, options).map_err(|errors| part.locate(errors))?;
        if script.statements.is_empty() {
            return Ok(false);
        }
        self.left_out = self.left_out.max(script.left_out);
        self.reads_clock |= script.reads_clock || reads_clock(&update);
        self.parked.extend(script.parked().cloned());
        let is_drop = |lowered: &Lowered<'_>| matches!(lowered.statement.verb, Verb::KeepOld { act: Act::Drop, .. });
        let drops: Vec<Lowered<'_>> = script.statements.iter().filter(|lowered| is_drop(lowered)).cloned().collect();
        script.statements.retain(|lowered| !is_drop(lowered));
        let keeps_old = !drops.is_empty();
        let keeps = script.statements.iter().any(|lowered| matches!(lowered.statement.verb, Verb::Keep(_)));
        let (before, after) =
            if keeps { keeping_texts(dialect.fact(|spec| &spec.keeping)) } else { (&[][..], &[][..]) };
        self.steps.extend(before.iter().map(|text| OwnedStep::of(Purpose::Setup, (*text).to_owned())));
        while let Some(step) = script.next() {
            self.steps.push(OwnedStep::from(step?));
        }
        self.steps.extend(after.iter().map(|text| OwnedStep::of(Purpose::Teardown, (*text).to_owned())));
        (script.statements, script.at) = (drops, Position::default());
        while let Some(step) = script.next() {
            self.teardown.push(OwnedStep::from(step?));
        }
        Ok(keeps_old)
    }
}

/// Compiles an update that spans tables.
///
/// # Errors
///
/// As [`compile`](super::compile).
pub(super) fn compile<'u>(
    update: &'u Update<'u>,
    dialect: Dialect,
    options: &Options,
    is_called: bool,
) -> Result<Script<'u>, Errors> {
    let unit = expand(update)?;
    if is_called {
        update.check_called()?;
    }
    let mut made = Made::default();
    made.add(&unit, dialect, options)?;
    let teardown = std::mem::take(&mut made.teardown);
    made.steps.extend(teardown.into_iter().rev());
    let frame =
        if made.steps.is_empty() { Frame::default() } else { Frame::of(made.reads_clock, dialect, options, false) };
    let parked = made.parked.iter().filter_map(|name| find_set(update, name)).collect();
    let (left_out, reads_clock) = (made.left_out, made.reads_clock);
    Ok(Script { left_out, parked, frame, reads_clock, made, ..Script::empty(dialect, options) })
}

/// A column that the update or one of its followers sets.
fn find_set<'u>(update: &'u Update<'u>, name: &Ident) -> Option<&'u Ident> {
    let of_schema = update.schema.into_iter().flat_map(crate::ir::Schema::tables);
    let of_schema = of_schema.flat_map(|table| table.followers()).flat_map(|follower: &'u Follower<'_>| &follower.set);
    let of_update = update.followers.iter().flat_map(|follower| &follower.set);
    let mut columns = update.set.iter().chain(of_update).map(|set| &set.column).chain(of_schema.map(|set| &set.column));
    columns.find(|column| *column == name)
}
