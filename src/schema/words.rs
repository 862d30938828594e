//! What each engine's `CREATE TABLE` says: how names fold, and which type word means which type. Data only.

use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};

use super::types::Make;
use crate::dialect::Definitions;
use crate::ir::Type;

type Words = &'static [(&'static str, Make)];

/// An engine's data definition language.
#[derive(Debug)]
pub(crate) struct Ddl {
    /// The lexer for its text.
    pub(super) lexer: fn() -> Box<dyn Dialect>,
    /// Whether bare names are folded to lower case.
    pub(super) folds: bool,
    /// Whether names that differ in case only are one name.
    pub(super) case_blind: bool,
    /// Whether its dumps hold lines for the client: commands behind a backslash, rows of `COPY`.
    pub(super) client_lines: bool,
    /// Whether `unsigned` changes a type.
    pub(super) unsigned: bool,
    /// The words that may follow the first word of a type; none where any may.
    pub(super) type_words: Option<&'static [&'static str]>,
    /// The words that begin a table's constraint or index, besides those that every engine has.
    pub(super) item_words: &'static [&'static str],
    /// The types by their words, searched list by list.
    pub(super) types: &'static [Words],
    /// The types by a part of their words, searched last.
    pub(super) affinity: Words,
    /// The collation of a character set where none is named and every version has the same.
    pub(super) charsets: &'static [(&'static str, &'static str)],
}

impl Ddl {
    /// What a dialect names as its way to write schemas.
    pub(super) fn of(definitions: Definitions) -> &'static Self {
        match definitions {
            Definitions::Postgres => &POSTGRES,
            Definitions::Mysql => &MYSQL,
            Definitions::Mariadb => &MARIADB,
            Definitions::Sqlite => &SQLITE,
        }
    }
}

/// PostgreSQL's.
const POSTGRES: Ddl = Ddl {
    lexer: || Box::new(PostgreSqlDialect {}),
    folds: true,
    case_blind: false,
    client_lines: true,
    unsigned: false,
    type_words: Some(&["PRECISION", "VARYING", "CHARACTER", "CHAR", "WITH", "WITHOUT", "TIME", "ZONE"]),
    item_words: &["LIKE", "EXCLUDE"],
    types: &[&[
        ("bool", Make::Is(Type::Bool)),
        ("boolean", Make::Is(Type::Bool)),
        ("smallint", Make::Int(16)),
        ("int2", Make::Int(16)),
        ("integer", Make::Int(32)),
        ("int", Make::Int(32)),
        ("int4", Make::Int(32)),
        ("bigint", Make::Int(64)),
        ("int8", Make::Int(64)),
        ("smallserial", Make::Serial(Type::Int { bits: 16 })),
        ("serial2", Make::Serial(Type::Int { bits: 16 })),
        ("serial", Make::Serial(Type::INT32)),
        ("serial4", Make::Serial(Type::INT32)),
        ("bigserial", Make::Serial(Type::INT64)),
        ("serial8", Make::Serial(Type::INT64)),
        ("numeric", Make::Decimal { plain: None, scale_within: false }),
        ("decimal", Make::Decimal { plain: None, scale_within: false }),
        ("dec", Make::Decimal { plain: None, scale_within: false }),
        ("real", Make::Is(Type::Float32)),
        ("float4", Make::Is(Type::Float32)),
        ("float", Make::Float(Type::Float64)),
        ("float8", Make::Is(Type::Float64)),
        ("double precision", Make::Is(Type::Float64)),
        ("text", Make::Is(Type::TEXT)),
        ("varchar", Make::Text),
        ("character varying", Make::Text),
        ("char varying", Make::Text),
        ("national character varying", Make::Text),
        ("char", Make::Char),
        ("character", Make::Char),
        ("bpchar", Make::Char),
        ("nchar", Make::Char),
        ("bytea", Make::Is(Type::BYTES)),
        ("date", Make::Is(Type::Date)),
        ("time", Make::Time(6)),
        ("time without time zone", Make::Time(6)),
        ("timestamp", Make::Timestamp(6)),
        ("timestamp without time zone", Make::Timestamp(6)),
        ("timestamptz", Make::TimestampTz(6)),
        ("timestamp with time zone", Make::TimestampTz(6)),
        ("interval", Make::Is(Type::Interval)),
        ("uuid", Make::Is(Type::Uuid)),
        ("json", Make::Is(Type::Json)),
        ("jsonb", Make::Is(Type::Jsonb)),
        ("time with time zone", Make::OwnAs("timetz")),
        ("bit", Make::Own),
        ("bit varying", Make::OwnAs("varbit")),
        ("timetz", Make::Own),
        ("varbit", Make::Own),
        ("citext", Make::Own),
        ("inet", Make::Own),
        ("cidr", Make::Own),
        ("macaddr", Make::Own),
        ("macaddr8", Make::Own),
        ("money", Make::Own),
        ("xml", Make::Own),
        ("tsvector", Make::Own),
        ("vector", Make::Own),
    ]],
    affinity: &[],
    charsets: &[],
};

/// What MySQL and MariaDB share.
const MYSQL_TYPES: Words = &[
    ("bool", Make::Is(Type::Bool)),
    ("boolean", Make::Is(Type::Bool)),
    ("tinyint", Make::TinyInt),
    ("int1", Make::TinyInt),
    ("smallint", Make::Int(16)),
    ("int2", Make::Int(16)),
    ("mediumint", Make::Int(24)),
    ("int3", Make::Int(24)),
    ("middleint", Make::Int(24)),
    ("int", Make::Int(32)),
    ("integer", Make::Int(32)),
    ("int4", Make::Int(32)),
    ("bigint", Make::Int(64)),
    ("int8", Make::Int(64)),
    ("serial", Make::Serial(Type::UInt { bits: 64 })),
    ("bit", Make::Bits),
    ("decimal", Make::Decimal { plain: Some((10, 0)), scale_within: true }),
    ("numeric", Make::Decimal { plain: Some((10, 0)), scale_within: true }),
    ("dec", Make::Decimal { plain: Some((10, 0)), scale_within: true }),
    ("fixed", Make::Decimal { plain: Some((10, 0)), scale_within: true }),
    ("float", Make::Float(Type::Float32)),
    ("float4", Make::Float(Type::Float32)),
    ("double", Make::Float(Type::Float64)),
    ("double precision", Make::Float(Type::Float64)),
    ("float8", Make::Float(Type::Float64)),
    ("real", Make::Float(Type::Float64)),
    ("varchar", Make::Text),
    ("nvarchar", Make::Text),
    ("character varying", Make::Text),
    ("char varying", Make::Text),
    ("national varchar", Make::Text),
    ("char", Make::Char),
    ("character", Make::Char),
    ("nchar", Make::Char),
    ("tinytext", Make::Is(Type::TEXT)),
    ("text", Make::Is(Type::TEXT)),
    ("mediumtext", Make::Is(Type::TEXT)),
    ("longtext", Make::Is(Type::TEXT)),
    ("binary", Make::Binary),
    ("varbinary", Make::Bytes),
    ("tinyblob", Make::Is(Type::Bytes { max: Some(255) })),
    ("blob", Make::Is(Type::Bytes { max: Some(65_535) })),
    ("mediumblob", Make::Is(Type::Bytes { max: Some(16_777_215) })),
    ("longblob", Make::Is(Type::BYTES)),
    ("date", Make::Is(Type::Date)),
    ("time", Make::Time(0)),
    ("datetime", Make::Timestamp(0)),
    ("timestamp", Make::TimestampTz(0)),
    ("enum", Make::Labels),
    ("vector", Make::Own),
];

const MYSQL_CHARSETS: &[(&str, &str)] = &[
    ("latin1", "latin1_swedish_ci"),
    ("ascii", "ascii_general_ci"),
    ("utf8mb3", "utf8mb3_general_ci"),
    ("binary", "binary"),
];

/// MySQL's.
const MYSQL: Ddl = Ddl {
    lexer: || Box::new(MySqlDialect {}),
    folds: false,
    case_blind: true,
    client_lines: false,
    unsigned: true,
    type_words: Some(&["PRECISION", "VARYING", "VARCHAR", "CHAR"]),
    item_words: &["KEY", "INDEX", "FULLTEXT", "SPATIAL"],
    types: &[&[("json", Make::Is(Type::Jsonb))], MYSQL_TYPES],
    affinity: &[],
    charsets: MYSQL_CHARSETS,
};

/// MariaDB's.
const MARIADB: Ddl = Ddl {
    item_words: &["KEY", "INDEX", "FULLTEXT", "SPATIAL", "PERIOD"],
    types: &[
        &[
            ("json", Make::Is(Type::Json)),
            ("uuid", Make::Is(Type::Uuid)),
            ("inet4", Make::Own),
            ("inet6", Make::Own),
            ("number", Make::Decimal { plain: Some((10, 0)), scale_within: true }),
        ],
        MYSQL_TYPES,
    ],
    ..MYSQL
};

/// SQLite's: any words make a type; those that say what is meant come before the rules of affinity.
const SQLITE: Ddl = Ddl {
    lexer: || Box::new(SQLiteDialect {}),
    folds: false,
    case_blind: true,
    client_lines: false,
    unsigned: false,
    type_words: None,
    item_words: &[],
    types: &[&[
        ("bool", Make::Is(Type::Bool)),
        ("boolean", Make::Is(Type::Bool)),
        ("tinyint", Make::Int(8)),
        ("smallint", Make::Int(16)),
        ("int2", Make::Int(16)),
        ("mediumint", Make::Int(24)),
        ("int4", Make::Int(32)),
        ("real", Make::Is(Type::Float64)),
        ("double", Make::Is(Type::Float64)),
        ("double precision", Make::Is(Type::Float64)),
        ("float", Make::Is(Type::Float64)),
        ("decimal", Make::Decimal { plain: None, scale_within: true }),
        ("numeric", Make::Decimal { plain: None, scale_within: true }),
        ("char", Make::Text),
        ("character", Make::Text),
        ("varchar", Make::Text),
        ("nchar", Make::Text),
        ("nvarchar", Make::Text),
        ("character varying", Make::Text),
        ("varying character", Make::Text),
        ("native character", Make::Text),
        ("text", Make::Text),
        ("clob", Make::Text),
        ("blob", Make::Is(Type::BYTES)),
        ("date", Make::Is(Type::Date)),
        ("time", Make::Time(6)),
        ("datetime", Make::Timestamp(6)),
        ("timestamp", Make::Timestamp(6)),
        ("timestamptz", Make::TimestampTz(6)),
        ("timestamp with time zone", Make::TimestampTz(6)),
        ("timestamp without time zone", Make::Timestamp(6)),
        ("uuid", Make::Is(Type::Uuid)),
        ("json", Make::Is(Type::Json)),
        ("any", Make::Own),
    ]],
    // https://sqlite.org/datatype3.html#determination_of_column_affinity, in its order.
    affinity: &[
        ("int", Make::Int(64)),
        ("char", Make::Text),
        ("clob", Make::Text),
        ("text", Make::Text),
        ("blob", Make::Is(Type::BYTES)),
        ("real", Make::Is(Type::Float64)),
        ("floa", Make::Is(Type::Float64)),
        ("doub", Make::Is(Type::Float64)),
    ],
    charsets: &[],
};
