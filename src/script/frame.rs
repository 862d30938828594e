//! What stands before and behind the statements of a script: settings, the transaction, the clock.

use super::Purpose;
use crate::dialect::{Begin, Dialect, Keeping, Preamble};
use crate::lower::{clock_setup, clock_teardown};
use crate::options::{Options, Output};

/// Texts before and behind the statements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    pub before: Vec<(Purpose, &'static str)>,
    pub after: Vec<(Purpose, &'static str)>,
}

impl Frame {
    /// What begins and ends a script, which may read the clock; `keeps` says whether it keeps numbers of its own.
    pub(crate) fn of(reads_clock: bool, dialect: Dialect, options: &Options, keeps: bool) -> Self {
        let mut frame = Self::default();
        let (client, transaction) = match options.output {
            Output::Binds | Output::Inline => (false, false),
            Output::Script => (true, true),
            Output::ScriptWithoutTransaction => (true, false),
        };
        let preamble = if client { dialect.spec().preamble } else { &[] };
        for preamble in preamble {
            let (purpose, texts) = preamble_texts(*preamble);
            frame.before.extend(texts.iter().map(|text| (purpose, *text)));
        }
        if transaction {
            let begin = match dialect.fact(|spec| &spec.begin) {
                Begin::Begin => "BEGIN",
                Begin::StartTransaction => "START TRANSACTION",
                Begin::BeginImmediate => "BEGIN IMMEDIATE",
            };
            frame.before.push((Purpose::Begin, begin));
        }
        if options.now.is_none() && reads_clock {
            frame.before.extend(clock_setup(dialect).iter().map(|text| (Purpose::Setup, *text)));
            frame.after.extend(clock_teardown(dialect).iter().map(|text| (Purpose::Teardown, *text)));
        }
        if keeps {
            let (before, after) = keeping_texts(dialect.fact(|spec| &spec.keeping));
            frame.before.extend(before.iter().map(|text| (Purpose::Setup, *text)));
            frame.after.extend(after.iter().map(|text| (Purpose::Teardown, *text)));
        }
        if transaction {
            frame.after.push((Purpose::Commit, "COMMIT"));
        }
        frame
    }
}

/// What stands before and behind statements that keep numbers.
pub(super) fn keeping_texts(keeping: Keeping) -> (&'static [&'static str], &'static [&'static str]) {
    match keeping {
        // the end of the transaction forgets settings, and each script sets its variables before it reads them
        Keeping::Setting | Keeping::Variable => (&[], &[]),
        Keeping::TempTable => (
            &[
                "DROP TABLE IF EXISTS temp.setwise_parked",
                "CREATE TEMP TABLE setwise_parked (at INTEGER PRIMARY KEY, high, low, shift)",
            ],
            &["DROP TABLE temp.setwise_parked"],
        ),
    }
}

/// What a client script opens with.
pub(super) fn preamble_texts(preamble: Preamble) -> (Purpose, &'static [&'static str]) {
    match preamble {
        Preamble::PsqlStop => (Purpose::Client, &["\\set ON_ERROR_STOP on"]),
        Preamble::SqliteBail => (Purpose::Client, &[".bail on"]),
        Preamble::PostgresSession => {
            (Purpose::Session, &["SET client_encoding = 'UTF8'", "SET TimeZone = 'UTC'", "SET array_nulls = on"])
        }
        Preamble::MysqlSession => (
            Purpose::Session,
            &[
                "SET NAMES utf8mb4",
                "SET time_zone = '+00:00'",
                // a limit would lock and tell of the first rows only
                "SET sql_select_limit = DEFAULT",
                // an update of all rows, or by another key than an index, is meant
                "SET sql_safe_updates = 0",
                // whatever `max_join_size` says of a join with many rows
                "SET sql_big_selects = 1",
                "SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
            ],
        ),
    }
}
