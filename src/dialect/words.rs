//! The closed vocabulary in which dialects state their facts.
//!
//! A dialect chooses words; what a word means is known in one place of `plan`, `lower`, `render` or `script`, where the
//! compiler points when a word is added.

/// The character around names; inside, it is doubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `"name"`.
    Double,
    /// `` `name` ``, which no session mode changes.
    Backtick,
}

/// How long a name may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameLimit {
    /// So many bytes; a longer one is cut by the engine.
    Bytes(usize),
    /// So many characters.
    Chars(usize),
    /// As long as a statement.
    Unlimited,
}

/// Which characters a name may hold, besides NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameChars {
    /// Any.
    Any,
    /// Any of the basic multilingual plane; no space at the end.
    BasicPlane,
}

/// Whether names that differ in case only are one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameCase {
    /// They are two names.
    Distinct,
    /// They are one.
    Folded,
}

/// The form of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `$1`, `$2`, …
    Dollar,
    /// `?`.
    Question,
}

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLiteral {
    /// `'…'`, and `E'…'` where it holds a backslash or, for clients, a control character.
    EscapeString,
    /// `'…'` where it is plain ASCII without a backslash, else `_utf8mb4 X'…'`: the same under every `sql_mode`.
    HexUnlessPlain,
    /// `'…'`, and `('…'||char(0)||'…')` where it holds NUL or, for clients, a control character: bytes that are cast to
    /// text would be read in the encoding of the database.
    JoinChars,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BytesLiteral {
    /// `E'\\x…'`.
    EscapeHex,
    /// `X'…'`.
    Hex,
}

/// How a float is written so that its bits come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatLiteral {
    /// `'1e308'`, read by the type's input function.
    Quoted,
    /// `1e308`, always with an exponent.
    Exponent,
    /// A decimal where that is exact, else a product of a whole number and a power of two.
    ExactProduct,
}

/// How a truth value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoolLiteral {
    /// `TRUE`.
    Keyword,
    /// `1`.
    Digit,
}

/// How dates and times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemporalLiteral {
    /// `'2024-02-29 12:00:00'`.
    Quoted,
    /// `TIMESTAMP'2024-02-29 12:00:00'`, `DATE'…'`, `TIME'…'`.
    Prefixed,
}

/// In what form values of a type are stored, where the engine has no type of its own for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a value of its own kind.
    Native,
    /// A truth value as 1 or 0.
    Digit,
    /// As text: dates `YYYY-MM-DD`, times and timestamps with six digits of a fraction where it is not zero,
    /// instants in UTC with `+00:00` behind them.
    Text,
    /// An instant as a timestamp in UTC.
    UtcTimestamp,
    /// A decimal as the nearest float; exact to 15 digits.
    Float15,
    /// JSON as it was parsed, whose texts cannot hold NUL.
    Parsed,
    /// Text without spaces at its end.
    Unpadded,
    /// A UUID as text, but for those of version 8 and above whose variant is older than RFC 4122's.
    RfcUuid,
}

/// Which floats that are not finite are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialFloats {
    /// NaN and both infinities.
    All,
    /// Both infinities.
    Infinities,
    /// None.
    None,
}

/// What becomes of -0.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NegativeZero {
    /// It is stored.
    Kept,
    /// It becomes 0.0.
    Lost,
}

/// What becomes of the numbers in JSON that is kept parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonNumbers {
    /// They are kept.
    Exact,
    /// Those that are not integers of 64 bits become doubles.
    Double,
}

/// Whether text may hold NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NulInText {
    /// It is stored.
    Stored,
    /// It is refused.
    Refused,
}

/// How an update joins its target with rows given in the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinForm {
    /// `UPDATE t SET c = v.c FROM (VALUES …) AS v (k, c) WHERE t.k = v.k`.
    FromValues,
    /// `WITH v (k, c) AS (VALUES …) UPDATE t SET c = v.c FROM v WHERE t.k = v.k`.
    FromCte,
    /// `UPDATE t JOIN (SELECT k, c FROM t WHERE 0 UNION ALL …) AS v ON t.k = v.k SET t.c = v.c`: the first arm
    /// gives each column the target's type.
    JoinHeader,
}

/// How the rows behind a header are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsForm {
    /// `VALUES (…), (…)`.
    Values,
    /// `VALUES ROW(…), ROW(…)`.
    ValuesRow,
    /// `SELECT … UNION ALL SELECT …`.
    UnionAll,
}

/// Whether rows can come in as one array for each column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrays {
    /// `unnest($1, $2) AS v (k, c)`.
    Unnest,
    /// There are none.
    None,
}

/// Whether rows can come in as one JSON document, each value as the text that its type is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Documents {
    /// `(SELECT CAST("a" AS bigint) AS k FROM json_to_recordset($1) AS j ("a" text)) AS v`.
    Recordset,
    /// They cannot, or not exactly.
    None,
}

/// The temporary table that can hold rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staging {
    /// `CREATE TEMP TABLE r (k bigint)`, read as `pg_temp.r`: the columns have the types of casts. It goes with a
    /// transaction that fails.
    Typed,
    /// `CREATE TEMPORARY TABLE r AS SELECT k FROM t WHERE …`, beside the target: the columns have the types of the target's.
    /// It stays where a transaction fails, and no statement may name it twice.
    Copied,
    /// `CREATE TEMP TABLE r (k)`, read as `temp.r`: each value keeps its own type. It goes with a transaction that fails.
    Untyped,
}

/// Where the type of a value in the rows must be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casts {
    /// In the first row; the others follow it.
    FirstRow,
    /// Nowhere.
    Never,
    /// On each parameter whose type loses digits without it.
    LossyParameters,
    /// As `LossyParameters`, but there is no cast to a float.
    LossyTimes,
}

/// How `(a, b) in (…)` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowIn {
    /// `(a, b) IN ((1, 2), (3, 4))`.
    List,
    /// `(a, b) IN (VALUES (1, 2), (3, 4))`.
    Values,
}

/// How a column is set to its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultCell {
    /// `SET c = DEFAULT`.
    Keyword,
    /// There is no word for it: the literal that the schema declares is written.
    Literal,
}

/// When assignments read the columns that they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentOrder {
    /// All read the old row.
    Simultaneous,
    /// Each reads what the ones before it wrote.
    LeftToRight,
}

/// The comparison in which NULL equals NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distinct {
    /// `a IS DISTINCT FROM b`.
    IsDistinctFrom,
    /// `NOT (a <=> b)`.
    Spaceship,
    /// `a IS NOT b`.
    IsNot,
}

/// How it is told whether a value is another, byte for byte, where equality does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Floats, spans and lists by the bytes in which they are sent; JSON, decimals without a scale and the engine's own
    /// types by their text.
    Sent,
    /// Floats that are zero by their text; JSON by the text of what is parsed.
    Printed,
    /// Floats that are zero by their text.
    PrintedFloats,
    /// Equal values are the same bytes.
    Equality,
}

/// What integer arithmetic does above 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// It is an error.
    Error,
    /// The result becomes a float; a guard must make it an error.
    Float,
}

/// How texts are compared by code point, whatever the columns' collation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePointOrder {
    /// `a COLLATE "C"`.
    CollateC,
    /// `CAST(CONVERT(a USING utf8mb4) AS BINARY)`.
    Bytes,
    /// `a COLLATE BINARY`.
    CollateBinary,
}

/// How text is matched against a pattern, with case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternMatch {
    /// `LIKE … ESCAPE …` is case-sensitive as it is.
    Like,
    /// `LIKE` under a binary collation.
    LikeBinary,
    /// `GLOB`, with the pattern rewritten.
    Glob,
}

/// How A to Z alone change case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsciiCase {
    /// `lower(a COLLATE "C")`.
    CollateC,
    /// `lower(a)` does just that.
    Native,
    /// `LOWER` in a character set of one byte whose other letters have no case.
    SingleByte,
}

/// How dates and times are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// `a + make_interval(days => n)`.
    MakeInterval,
    /// `a + INTERVAL n DAY`.
    Interval,
    /// `strftime('…', a, n || ' days')`, with the fraction carried over.
    Strftime,
}

/// Where the instant of a script comes from when it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// `now()` is the same in a whole transaction.
    Transaction,
    /// A session variable, set first.
    Variable,
    /// A temporary table of one row, filled first.
    TempTable,
}

/// How key texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEquality {
    /// By every character.
    Exact,
    /// By every character but spaces at the end.
    PadSpace,
    /// By rules that setwise does not know.
    Folding,
}

/// A collation that the dialect knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCollation {
    /// Its name, as the engine spells it.
    pub name: &'static str,
    /// How it compares.
    pub equality: KeyEquality,
}

/// How `CREATE TABLE` is written: how names fold and which word means which type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definitions {
    /// As PostgreSQL has it.
    Postgres,
    /// As MySQL has it.
    Mysql,
    /// As MariaDB has it: MySQL's, with types of its own.
    Mariadb,
    /// As SQLite has it: any words make a type.
    Sqlite,
}

/// A line that a client script opens with, before the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preamble {
    /// psql's `\set ON_ERROR_STOP on`.
    PsqlStop,
    /// sqlite3's `.bail on`.
    SqliteBail,
    /// `SET client_encoding`, `TimeZone` and `array_nulls` for PostgreSQL.
    PostgresSession,
    /// `SET NAMES utf8mb4`, strict `sql_mode` and a UTC `time_zone` for MySQL and MariaDB.
    MysqlSession,
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// `BEGIN`.
    Begin,
    /// `START TRANSACTION`.
    StartTransaction,
    /// `BEGIN IMMEDIATE`: takes the write lock at once.
    BeginImmediate,
}

/// How rows are locked before they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locking {
    /// `SELECT … FOR UPDATE`, but for a table whose rows may be missing from a join. Each query reads what is committed.
    ForUpdate,
    /// `SELECT … FOR UPDATE`, which reads rows as they are now; other queries may read them as they once were.
    Current,
    /// The transaction locks the whole database when it begins.
    Database,
}

/// Where a script keeps a number that it has read for its later statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// A setting of the transaction: `set_config('setwise.…', …, true)`.
    Setting,
    /// A session variable: `SELECT … INTO @setwise_…`.
    Variable,
    /// A row of a temporary table.
    TempTable,
}

/// How others are kept from writing to a table while its values are parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// `LOCK TABLE … IN EXCLUSIVE MODE`: others may read, but lock no row either, so that nobody waits for the other.
    LockTable,
    /// What is measured is read with `FOR UPDATE`, which locks the gap above it too.
    LockingRead,
    /// The transaction locks the whole database.
    Database,
}

/// Whether a transaction may break a unique constraint on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferring {
    /// One that is `DEFERRABLE`, by `SET CONSTRAINTS`.
    SetConstraints,
    /// None.
    Never,
}

/// Which values an update gives back of the rows that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returning {
    /// None.
    Nothing,
    /// Those that it writes: `RETURNING a`.
    New,
    /// Those before as well: `RETURNING old.a, new.a`.
    OldAndNew,
}

/// Whether an update reads what another gives back that stands before it in the same statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// It does: `WITH updated AS (UPDATE … RETURNING a) UPDATE …`.
    WithUpdate,
    /// It does not.
    Apart,
}

/// How a script fails where a query has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raise {
    /// A text that names the rows is cast to an integer, and the error quotes it.
    CastText,
    /// A subquery that is one value has two rows.
    TwoRows,
    /// The least integer has no absolute value.
    AbsLeast,
}

impl Raise {
    /// Whether the error names the rows.
    #[must_use]
    pub fn says_rows(self) -> bool {
        self == Self::CastText
    }
}
