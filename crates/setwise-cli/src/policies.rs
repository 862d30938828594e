//! What the command line says of rows that collide, are missing or have changed.

use setwise::lang;
use setwise::{Ident, Moment, Returned, UpdateBuilder};

use crate::args;
use crate::document::Document;
use crate::update::parse_each;

/// The policies as they were written.
#[derive(Debug)]
pub(crate) struct Policies {
    given: args::Policies,
    version: Option<Document>,
    touch: Vec<Document>,
    disjoint: Vec<Document>,
    returning: Vec<Document>,
}

/// The policies, with their columns.
#[derive(Debug)]
pub(crate) struct ParsedPolicies<'p> {
    given: &'p args::Policies,
    version: Vec<Ident>,
    touch: Vec<Ident>,
    disjoint: Vec<Ident>,
    returning: Vec<Returned>,
}

impl Policies {
    pub(crate) fn load(given: &args::Policies) -> Self {
        let columns =
            |name: &str, texts: &[String]| texts.iter().map(|text| Document::new(name, text)).collect::<Vec<_>>();
        Self {
            version: given.version_column.as_deref().map(|text| Document::new("--version-column", text)),
            touch: columns("--touch", &given.touch),
            disjoint: columns("--disjoint", &given.disjoint),
            returning: columns("--returning", &given.returning),
            given: given.clone(),
        }
    }

    /// The columns that the policies name; what is wrong with any goes to the list.
    pub(crate) fn parse(&self, refused: &mut Vec<String>) -> ParsedPolicies<'_> {
        let columns =
            |documents, refused: &mut Vec<String>| parse_each(documents, lang::parse_columns, refused).concat();
        ParsedPolicies {
            given: &self.given,
            version: columns(self.version.as_slice(), refused),
            touch: columns(&self.touch, refused),
            disjoint: columns(&self.disjoint, refused),
            returning: parse_each(&self.returning, lang::parse_returning, refused).concat(),
        }
    }
}

impl ParsedPolicies<'_> {
    /// The update with these policies.
    pub(crate) fn apply(self, mut builder: UpdateBuilder<'_>) -> UpdateBuilder<'_> {
        let args::Policies { on_duplicate, on_missing, only_changed, lock, .. } = self.given;
        builder = on_duplicate.iter().fold(builder, |builder, policy| builder.on_duplicate(*policy));
        builder = on_missing.iter().fold(builder, |builder, policy| builder.on_missing(*policy));
        if *only_changed {
            builder = builder.only_changed();
        }
        builder = self.version.into_iter().fold(builder, UpdateBuilder::version_column);
        builder = builder.touch(self.touch).disjoint(self.disjoint);
        if lock.is_some() {
            builder = builder.lock_ordered();
        }
        self.returning.into_iter().fold(builder, |builder, Returned { column, at }| match at {
            Moment::Old => builder.returning_old([column]),
            Moment::New => builder.returning([column]),
        })
    }
}
