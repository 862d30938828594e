//! What follows an update.

use super::chain::Chain;
use super::{Beside, Does, Expander, Part, Snapshot, Stands, Tie, Times, Unit, is_exact};
use crate::check::types::are_alike;
use crate::error::{Error, ErrorKind, Errors, Place};
use crate::ir::{Expr, Follower, Guard, Ident, Policy, Rows, Table, TableName, Update};

/// A follower that an update has.
#[derive(Clone, Debug)]
pub(super) struct Found<'u> {
    follower: Follower<'u>,
    /// The linked columns of the updated rows, as the update calls them.
    pub ours: Vec<Ident>,
    place: Option<Place>,
}

impl<'u> Expander<'_, 'u> {
    /// The followers of the update's table, and of those that it extends and writes; and what is wrong with others.
    pub(super) fn find_followers(
        &self,
        update: &Update<'u>,
        chain: Option<&Chain<'_>>,
        is_first: bool,
    ) -> (Vec<Found<'u>>, Errors) {
        let (mut found, mut errors) = (Vec::new(), Errors::new());
        let levels = chain.map(Chain::levels).unwrap_or_default();
        let takes_part = |level: usize| chain.is_none_or(|chain| chain.takes_part(update, level));
        for (index, follower) in self.rules.iter().enumerate() {
            let place = Place::Follower(index);
            let level = match &follower.of {
                None if is_first => Some(0),
                None => None,
                Some(of) => match update.schema.map(|schema| schema.require(of)) {
                    Some(Ok(of)) => levels.iter().position(|level| level.table.name() == of.name()),
                    Some(Err(error)) if is_first => {
                        errors.push(error.moved_to(place));
                        continue;
                    }
                    Some(Err(_)) => None,
                    None => (*of == update.table).then_some(0),
                },
            };
            let Some(level) = level.filter(|level| takes_part(*level)) else { continue };
            match find(follower, level, update, chain) {
                Ok(ours) => found.push(Found { follower: follower.clone(), ours, place: Some(place) }),
                Err(error) => errors.push(error.moved_to(place)),
            }
        }
        for (at, level) in levels.iter().enumerate().filter(|(at, _)| takes_part(*at)) {
            for follower in level.table.followers() {
                match find(follower, at, update, chain) {
                    Ok(ours) => found.push(Found { follower: follower.clone(), ours, place: None }),
                    Err(error) => errors.push(error),
                }
            }
        }
        (found, errors)
    }

    /// What follows an update, as an update of its own.
    pub(super) fn follow(
        &mut self,
        unit: &Unit<'u>,
        update: &Update<'u>,
        found: Found<'u>,
        path: &mut Vec<Vec<TableName>>,
    ) -> Result<Unit<'u>, Errors> {
        let Found { follower: Follower { of: _, table, links, set, filter }, ours, place } = found;
        let Some((part, Does::Keep(kept))) = unit.snapshot.as_ref().map(|part| (part, &part.does)) else {
            return Err(ErrorKind::Internal { what: "find what is kept" }.at(Place::Table).into());
        };
        let times = count_times(part, kept, &ours);
        let theirs = links.into_iter().map(|(theirs, _)| theirs);
        let within = Beside {
            from: Stands::Kept(kept.table.clone()),
            on: theirs.zip(ours).collect(),
            columns: Vec::new(),
            tie: Tie::Within(times),
        };
        let following = Update {
            name: None,
            params: update.params.clone(),
            table,
            set,
            rows: filter.map_or(Rows::All, Rows::Where),
            guard: Guard::default(),
            policy: Policy::default(),
            returning: Vec::new(),
            followers: Vec::new(),
            schema: update.schema,
        };
        let at = |errors: Errors| match &place {
            Some(place) => errors.map(|error| match error.place() {
                Some(Place::Follower(_)) => error,
                _ => error.moved_to(place.clone()),
            }),
            None => errors.map(|error| error.moved_to(Place::Table)),
        };
        let unit = self.expand(&following, Some(within), path).map_err(at)?;
        Ok(Unit { place: place.or(Some(Place::Table)), ..unit })
    }
}

/// Whether what follows is one statement that reads no other table, so that it may stand behind what it follows in the same
/// one.
pub(super) fn may_be_led(unit: &Unit<'_>) -> bool {
    let [part] = &unit.parts[..] else { return false };
    let expressions = part.update.set.iter().map(|set| &set.value).chain(part.update.rows.condition());
    let selects = expressions.flat_map(Expr::selections).next().is_some();
    unit.snapshot.is_none() && part.beside.len() == 1 && !selects
}

/// How often what was kept may have the same linked columns.
fn count_times(part: &Part<'_>, kept: &Snapshot, links: &[Ident]) -> Times {
    let key = kept.columns.get(..kept.key).unwrap_or_default();
    if !key.is_empty() && key.iter().all(|column| links.contains(column)) {
        return Times::Once;
    }
    let table = part.schema.as_ref().and_then(|schema| schema.find(&part.update.table));
    let is_exact = |name: &Ident| table.and_then(|table| table.find(name)).is_some_and(|column| is_exact(column.ty()));
    if links.iter().all(is_exact) { Times::Distinct } else { Times::Any }
}

/// The linked columns of the updated rows, as the update calls them.
fn find(
    follower: &Follower<'_>,
    level: usize,
    update: &Update<'_>,
    chain: Option<&Chain<'_>>,
) -> Result<Vec<Ident>, Error> {
    if follower.links.is_empty() {
        return Err(ErrorKind::FollowerWithoutLink { table: follower.table.to_string() }.at(Place::Table));
    }
    let Some((chain, own)) = chain.and_then(|chain| Some((chain, chain.levels().get(level)?.table))) else {
        return Ok(follower.links.iter().map(|(_, ours)| ours.clone()).collect());
    };
    let name = |ours: &Ident| {
        let found = if level == 0 { chain.plain_name(ours) } else { chain.name_of(level, ours) };
        found.ok_or_else(|| match own.find(ours) {
            Some(_) => {
                let (column, table) = (ours.to_string(), update.table.to_string());
                ErrorKind::ChainColumn { column, table }.at(Place::Table)
            }
            None => ErrorKind::unknown_column(ours, own).at(Place::Table),
        })
    };
    let link = |(theirs, ours): &(Ident, Ident)| {
        let found = name(ours)?;
        check_link(follower, theirs, own, ours, update)?;
        Ok(found)
    };
    follower.links.iter().map(link).collect()
}

/// Linked columns are compared by value, so that both are of one kind.
fn check_link(
    follower: &Follower<'_>,
    theirs: &Ident,
    own: &Table,
    ours: &Ident,
    update: &Update<'_>,
) -> Result<(), Error> {
    let Some(schema) = update.schema else { return Ok(()) };
    let columns = schema.find_column(&follower.table, theirs).zip(schema.find_column(own.name(), ours));
    match columns.map(|(theirs, ours)| (theirs.ty(), ours.ty())) {
        Some((expected, found)) if !are_alike(expected, found) => {
            let what = format!("the link `{theirs}` of `{}`", follower.table);
            Err(ErrorKind::Mistyped { what, expected: expected.to_string(), found: found.to_string() }.at(Place::Table))
        }
        _ => Ok(()),
    }
}
