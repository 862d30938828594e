//! The clauses between the condition and the rows: what happens to rows that collide, are missing or have changed.

use super::name::name;
use super::source::{Expected, Parse, Source, clause, list, symbol, word};
use crate::ir::{Ident, Moment, OnDuplicate, OnMissing, Returned, UpdateBuilder};

/// Takes the clauses that are there, each at most once and in this order.
pub(super) fn clauses<'a, 's>(source: Source<'a, 's>, builder: UpdateBuilder<'a>) -> Parse<'a, 's, UpdateBuilder<'a>> {
    let (source, builder) = match on(source, "duplicate") {
        Some(source) => {
            let (source, policy) = one_of(source, &OnDuplicate::ALL, "`error`, `first` or `last`")?;
            (source, builder.on_duplicate(policy))
        }
        None => (source, builder),
    };
    let (source, builder) = match on(source, "missing") {
        Some(source) => {
            let (source, policy) = one_of(source, &OnMissing::ALL, "`ignore`, `error` or `insert`")?;
            (source, builder.on_missing(policy))
        }
        None => (source, builder),
    };
    let (source, builder) = match clause("only")(source) {
        Ok((source, ())) => (word("changed")(source)?.0, builder.only_changed()),
        Err(_) => (source, builder),
    };
    let (source, builder) = match clause("version")(source) {
        Ok((source, ())) => {
            let (source, column) = name("a column")(source)?;
            (source, builder.version_column(column))
        }
        Err(_) => (source, builder),
    };
    let (source, touched) = columns(source, "touch")?;
    let (source, disjoint) = columns(source, "disjoint")?;
    let builder = builder.touch(touched).disjoint(disjoint);
    let (source, builder) = match clause("lock")(source) {
        Ok((source, ())) => (word("ordered")(source)?.0, builder.lock_ordered()),
        Err(_) => (source, builder),
    };
    match clause("returning")(source) {
        Ok((source, ())) => {
            let (source, columns) = returned(source)?;
            let builder = columns.into_iter().fold(builder, |builder, Returned { column, at }| match at {
                Moment::Old => builder.returning_old([column]),
                Moment::New => builder.returning([column]),
            });
            Ok((source, builder))
        }
        Err(_) => Ok((source, builder)),
    }
}

/// Behind `on` and a word, where they are there.
fn on<'a, 's>(source: Source<'a, 's>, what: &'static str) -> Option<Source<'a, 's>> {
    let (source, ()) = clause("on")(source).ok()?;
    word(what)(source).ok().map(|(source, ())| source)
}

fn one_of<'a, 's, T: Copy>(
    source: Source<'a, 's>,
    known: &[(&'static str, T)],
    expected: &'static str,
) -> Parse<'a, 's, T> {
    let found = known.iter().find_map(|(word, is)| Some((source.strip_word(word)?, *is)));
    found.ok_or_else(|| source.mismatch(Expected::Thing(expected)))
}

fn columns<'a, 's>(source: Source<'a, 's>, word: &'static str) -> Parse<'a, 's, Vec<Ident>> {
    match clause(word)(source) {
        Ok((source, ())) => list(name("a column"))(source),
        Err(_) => Ok((source, Vec::new())),
    }
}

/// Takes columns between commas, each as `column` or, for what it was, as `old.column`.
pub(super) fn returned<'a: 's, 's>(source: Source<'a, 's>) -> Parse<'a, 's, Vec<Returned>> {
    list(|source| {
        let old = word("old")(source).and_then(|(dot, ())| symbol(".")(dot));
        let (from, at) = match old {
            Ok((rest, ())) => (rest, Moment::Old),
            Err(_) => (source, Moment::New),
        };
        let (rest, column) = name("a column")(from)?;
        Ok((rest, Returned { column, at }))
    })(source)
}
