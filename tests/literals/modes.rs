//! The modes of a session under which literals must mean the same, and those that it must not have.

use setwise::{Array, Output, Strategy, TimestampTz, Type, Value};

use super::kinds::Kind;
use super::trial::Way;

/// A mode of a session.
#[derive(Clone, Debug)]
pub struct Mode {
    /// What it is called.
    pub name: &'static str,
    /// The statements that set it.
    pub set: &'static [&'static str],
    /// Whether parameters with text are out: a driver sends them in the encoding of the connection.
    pub spares_bound_text: bool,
}

const fn mode(name: &'static str, set: &'static [&'static str]) -> Mode {
    Mode { name, set, spares_bound_text: false }
}

/// An encoding of the connection on MySQL and MariaDB, whose characters may end in a backslash or a quote.
const fn encoding(name: &'static str, set: &'static [&'static str]) -> Mode {
    Mode { name, set, spares_bound_text: true }
}

const POSTGRES: &[Mode] = &[
    mode("default", &[]),
    mode(
        "standard_conforming_strings = off",
        &["SET standard_conforming_strings = off", "SET escape_string_warning = off"],
    ),
    mode("backslash_quote = off", &["SET backslash_quote = off"]),
    mode(
        "both off",
        &["SET standard_conforming_strings = off", "SET backslash_quote = off", "SET escape_string_warning = off"],
    ),
    mode(
        "other formats",
        &[
            "SET DateStyle = 'German, DMY'",
            "SET IntervalStyle = 'sql_standard'",
            "SET TimeZone = 'Asia/Kolkata'",
            "SET extra_float_digits = -15",
            "SET bytea_output = 'escape'",
        ],
    ),
];

const MYSQL: &[Mode] = &[
    mode("default", &[]),
    mode("no sql_mode", &["SET sql_mode = ''"]),
    mode("NO_BACKSLASH_ESCAPES", &["SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'"]),
    mode("ANSI_QUOTES", &["SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'"]),
    mode("PIPES_AS_CONCAT", &["SET sql_mode = 'PIPES_AS_CONCAT,STRICT_ALL_TABLES'"]),
    mode("ANSI", &["SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'"]),
    encoding("gbk", &["SET NAMES gbk"]),
    encoding("gbk, NO_BACKSLASH_ESCAPES", &["SET NAMES gbk", "SET sql_mode = 'NO_BACKSLASH_ESCAPES'"]),
    encoding("sjis", &["SET NAMES sjis"]),
    encoding("latin1", &["SET NAMES latin1"]),
];

const MARIADB_ALONE: &[Mode] = &[mode("ORACLE", &["SET sql_mode = 'ORACLE'"])];

/// A file in UTF-16 is as good as one in UTF-8.
const SQLITE: &[Mode] = &[mode("default", &[]), mode("UTF-16", &["PRAGMA encoding = 'UTF-16le'"])];

/// The modes of an engine.
pub fn of(engine: &str) -> Vec<&'static Mode> {
    match engine {
        "postgres" => POSTGRES.iter().collect(),
        "mysql" => MYSQL.iter().collect(),
        "mariadb" => MYSQL.iter().chain(MARIADB_ALONE).collect(),
        "sqlite" => SQLITE.iter().collect(),
        other => panic!("no modes for {other}"),
    }
}

/// The statements that undo any mode, so that the test can read.
pub fn unset(engine: &str) -> &'static [&'static str] {
    match engine {
        "postgres" => &["RESET ALL", "SET TimeZone = 'UTC'", "SET client_min_messages = warning"],
        "mysql" | "mariadb" => &["SET sql_mode = DEFAULT", "SET NAMES utf8mb4", "SET time_zone = '+00:00'"],
        _ => &[],
    }
}

impl Mode {
    /// Whether a mode might change many values of a kind, so that a sample of them runs in each.
    pub fn may_change(kind: &Kind) -> bool {
        matches!(kind.ty, Type::Text { .. } | Type::Char { .. } | Type::Bytes { .. } | Type::Json | Type::Jsonb)
    }

    /// Whether the session must not have this mode for values of a kind by a way.
    pub fn must_not(&self, kind: &Kind, way: &Way) -> bool {
        let is_text = matches!(kind.ty, Type::Text { .. } | Type::Char { .. } | Type::Json | Type::Jsonb);
        // SQLite 3.40, as many a client has it, replaces U+FFFE and U+FFFF where it turns UTF-8 into UTF-16
        let replaces = self.name == "UTF-16" && way.by_client;
        is_text && (replaces || (self.spares_bound_text && way.output == Output::Binds))
    }
}

/// A mode that the session must not have, and a value that it changes.
#[derive(Clone, Debug)]
pub struct Breach {
    pub mode: Mode,
    pub ty: Type,
    pub value: Value<'static>,
    pub way: Way,
}

/// What each statement of `Script::session` is good for.
pub fn breaches(engine: &str) -> Vec<Breach> {
    let breach = |mode: Mode, ty: Type, value: Value<'static>, output: Output| {
        let way = Way { strategy: Strategy::ValuesJoin, output, by_client: false };
        Breach { mode, ty, value, way }
    };
    let text = || Value::from("\u{e9}\u{8868}");
    let noon = || Value::TimestampTz(TimestampTz::parse("2026-01-02 12:00:00Z").unwrap());
    let null = || Value::Array(Box::new(Array::new(vec![Value::Null, "x".into()]).unwrap()));
    let latin1 = mode("LATIN1", &["SET client_encoding = 'LATIN1'"]);
    let nulls = mode("array_nulls = off", &["SET array_nulls = off"]);
    let gbk = encoding("gbk", &["SET NAMES gbk"]);
    let zone = mode("time_zone = '+05:30'", &["SET time_zone = '+05:30'"]);
    match engine {
        "postgres" => vec![
            breach(latin1.clone(), Type::TEXT, text(), Output::Inline),
            breach(latin1, Type::TEXT, text(), Output::Binds),
            breach(nulls, Type::array(Type::TEXT).unwrap(), null(), Output::Inline),
        ],
        "mysql" | "mariadb" => {
            let mut list = vec![
                breach(gbk, Type::TEXT, text(), Output::Binds),
                breach(zone.clone(), Type::TIMESTAMPTZ, noon(), Output::Inline),
                breach(zone, Type::TIMESTAMPTZ, noon(), Output::Binds),
            ];
            if engine == "mariadb" {
                let empty = mode("EMPTY_STRING_IS_NULL", &["SET sql_mode = 'EMPTY_STRING_IS_NULL'"]);
                list.push(breach(empty, Type::TEXT, "".into(), Output::Inline));
            }
            list
        }
        other => panic!("nothing is required of {other}"),
    }
}
