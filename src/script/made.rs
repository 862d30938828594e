//! Scripts of updates that span tables: the steps of all parts, one behind the other in one transaction.

use super::frame::keeping_texts;
use super::{Frame, OwnedStep, Position, Purpose, Script, Step};
use crate::check::check_part;
use crate::dialect::{Dialect, Following};
use crate::error::Errors;
use crate::expand::{Part, Unit, expand};
use crate::ir::{Ident, Update};
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
        if let Some(steps) = lead(unit, dialect, options).map_err(at)? {
            let updates = leading.iter().chain(followers.iter().flat_map(|follower| &follower.parts));
            self.reads_clock |= updates.map(Part::with_schema).any(|update| reads_clock(&update));
            self.steps.extend(steps);
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

    /// Adds the steps of a part; whether it keeps old values.
    fn add_part(&mut self, part: &Part<'_>, dialect: Dialect, options: &Options) -> Result<bool, Errors> {
        let update = part.with_schema();
        let mut script = compile_part(&update, part, dialect, options)?;
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
        self.steps.extend(script.take_steps()?);
        self.steps.extend(after.iter().map(|text| OwnedStep::of(Purpose::Teardown, (*text).to_owned())));
        (script.statements, script.at) = (drops, Position::default());
        self.teardown.extend(script.take_steps()?);
        Ok(keeps_old)
    }
}

/// An update and what follows it as one statement; none where the engine takes none, or where that is too large.
///
/// # Errors
///
/// What is wrong with either.
pub(crate) fn lead(unit: &Unit<'_>, dialect: Dialect, options: &Options) -> Result<Option<Vec<OwnedStep>>, Errors> {
    let Some((leading, behind)) = find_led(unit, dialect) else { return Ok(None) };
    let (first, second) = (leading.with_schema(), behind.with_schema());
    let mut leading = compile_part(&first, leading, dialect, options)?;
    let mut script = compile_part(&second, &behind, dialect, options)?;
    let ([_], [_]) = (&leading.statements[..], &script.statements[..]) else { return Ok(None) };
    let led_by = leading.statements.pop().map(|lowered| Box::new(lowered.statement));
    script.statements.iter_mut().for_each(|lowered| lowered.statement.led_by.clone_from(&led_by));
    let steps = script.take_steps()?;
    let most_bytes = options.max_bytes.unwrap_or_else(|| dialect.fact(|spec| &spec.max_bytes));
    let most_binds = options.max_binds.unwrap_or_else(|| dialect.fact(|spec| &spec.max_binds));
    let fits = |step: &OwnedStep| step.text.len() <= most_bytes && step.binds.len() <= most_binds;
    Ok(Some(steps).filter(|steps| steps.iter().all(fits)))
}

/// An update that may lead, and what follows it as it stands behind it.
fn find_led<'p, 'u>(unit: &'p Unit<'u>, dialect: Dialect) -> Option<(&'p Part<'u>, Part<'u>)> {
    let (Some(leading), [Unit { parts: following, .. }]) = (&unit.leading, &unit.followers[..]) else { return None };
    let [following] = &following[..] else { return None };
    let is_named = |part: &Part<'_>| part.update.table.name().as_str().eq_ignore_ascii_case(LEADING);
    let follows = dialect.fact(|spec| &spec.following) == Following::WithUpdate;
    (follows && !is_named(leading) && !is_named(following)).then(|| (leading, following.behind_update()))
}

/// The steps of a part, whose update has what is known of its table.
fn compile_part<'p>(
    update: &'p Update<'p>,
    part: &'p Part<'p>,
    dialect: Dialect,
    options: &Options,
) -> Result<Script<'p>, Errors> {
    let script = check_part(update, part).and_then(|checked| Script::without_frame(checked, dialect, options));
    script.map_err(|errors| part.locate(errors))
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
    let parked = std::mem::take(&mut made.parked);
    let (left_out, reads_clock) = (made.left_out, made.reads_clock);
    Ok(Script { left_out, parked, frame, reads_clock, made, ..Script::empty(dialect, options) })
}
