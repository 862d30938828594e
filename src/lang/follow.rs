//! Clauses and statements for rows that follow others.

use super::SourceMap;
use super::expr::expression;
use super::name::{name, table_name};
use super::source::{Expected, Parse, Source, clause, list, word};
use super::statement::assignments;
use crate::ir::{Assignment, Follower, Ident, UpdateBuilder};

/// The parts of a link, as they are expected.
pub(super) const FOLLOWING: &str = "a column of the table that follows";
pub(super) const EQUALS: &str = "`=` and a column of the updated table";
pub(super) const UPDATED: &str = "a column of the updated table";

/// Takes the clauses for what follows the update, as many as there are.
pub(super) fn followers<'a, 's>(
    mut source: Source<'a, 's>,
    mut builder: UpdateBuilder<'a>,
    map: &mut SourceMap,
) -> Parse<'a, 's, UpdateBuilder<'a>> {
    while clause("then")(source).is_ok() || clause("when")(source).is_ok() {
        let (rest, follower) = follower(source)?;
        map.push_follower(source.span_to(rest));
        builder = builder.follow(follower);
        source = rest;
    }
    Ok((source, builder))
}

/// Takes `then t by their = our set … where …`, perhaps behind `when t`.
pub(super) fn follower<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Follower<'a>> {
    let (source, of) = match source.strip_word("when") {
        Some(source) => {
            let (source, table) = table_name(source)?;
            (source, Some(table))
        }
        None => (source, None),
    };
    let (source, ()) = word("then")(source)?;
    let (source, table) = table_name(source)?;
    let (source, ()) = word("by")(source)?;
    let (source, links) = list(link)(source)?;
    let (source, ()) = word("set")(source)?;
    let (source, set): (_, Vec<Assignment<'a>>) = assignments(source, &mut SourceMap::default())?;
    let (source, filter) = match clause("where")(source) {
        Ok((source, ())) => {
            let (source, condition) = expression(source)?;
            (source, Some(condition))
        }
        Err(_) => (source, None),
    };
    Ok((source, Follower { of, table, links, set, filter }))
}

/// Takes `their = our`.
fn link<'a, 's>(source: Source<'a, 's>) -> Parse<'a, 's, (Ident, Ident)> {
    let (source, theirs) = name(FOLLOWING)(source)?;
    let source = source.strip("=").ok_or_else(|| source.mismatch(Expected::Thing(EQUALS)))?;
    let (source, ours) = name(UPDATED)(source)?;
    Ok((source, (theirs, ours)))
}
