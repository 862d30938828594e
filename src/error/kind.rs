//! The closed list of what can be wrong.

use std::fmt;

use super::{Error, Place};
use crate::ir::{Ident, Table};

/// Declares [`ErrorKind`] once: each variant with its code, its message and what it means.
macro_rules! error_kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident $({ $($field:ident: $ty:ty),+ })? = $code:literal, $message:literal;)+) => {
        /// What is wrong. Each kind has a stable [`code`](Self::code).
        #[derive(Clone, Debug, PartialEq, thiserror::Error)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the fields are named in the message of each kind")]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ #[error($message)] $variant $({ $($field: $ty),+ })?,)+
        }

        impl ErrorKind {
            /// The stable code of the kind, such as `duplicate-key`.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                }
            }

            /// Every code, with its message's pattern and its explanation: the content of `docs/errors.md`.
            pub const CATALOGUE: &'static [(&'static str, &'static str, &'static str)] =
                &[$(($code, $message, concat!($($doc),+)),)+];
        }
    };
}

error_kinds! {
    // Names
    /// A table, column or schema name has no character.
    EmptyName = "empty-name", "a name is empty; give it at least one character";
    /// No engine takes a NUL character in a name.
    NameWithNul { name: String } = "name-with-nul", "the name `{name}` holds a NUL character; remove it";
    /// The name is longer than the engine keeps; PostgreSQL would cut it and might hit another table.
    NameTooLong { name: String, length: usize, most: usize, unit: &'static str, dialect: String } =
        "name-too-long", "the name `{name}` has {length} {unit}, {dialect} takes {most}; shorten it";
    /// The engine does not take a name with such a character, or at that position.
    NameNotAllowed { name: String, reason: &'static str, dialect: String } =
        "name-not-allowed", "{dialect} does not take the name `{name}`: {reason}";

    // Shape of the update
    /// An update without an assignment would do nothing.
    NothingSet = "nothing-set", "no column is set; add an assignment";
    /// Two assignments to one column; engines differ in which of them wins.
    SetTwice { column: String } = "set-twice", "`{column}` is set twice; keep one of the assignments";
    /// A key column would be written.
    SetsKey { column: String } = "sets-key", "`{column}` is a key column and cannot be set; match by another key";
    /// An update must say which rows it means, and every row must be said aloud.
    NoRows = "no-rows", "no rows are named; give rows, a filter, or say that all rows are meant";
    /// Rows by key and all rows cannot both be meant.
    RowsAndAll = "rows-and-all", "rows are given and all rows are asked for; keep one of the two";
    /// A key finds rows by what comes in, and nothing does.
    KeyWithoutRows = "key-without-rows", "a key is named, but no rows are given; give rows or leave the key out";
    /// A table extends another by its whole primary key, which is a foreign key to the other's.
    ExtendsByNoKey { table: String, parent: String } = "extends-by-no-key",
        "`{table}` extends `{parent}` by no key; declare the foreign key from its primary key, or name the columns";
    /// A table would extend itself, over others.
    ExtendsItself { tables: String } = "extends-itself", "these tables extend each other in a circle: {tables}; leave one out";
    /// The tables of a chain share their key, and so it cannot be set in one of them.
    SharedKey { column: String, table: String } = "shared-key",
        "`{column}` is the key that `{table}` shares with the tables that it extends, and cannot be set; update one table alone";
    /// Rows of tables that extend others are found by the key that the tables share.
    ChainKey { table: String, key: String } = "chain-key",
        "an update over `{table}` and the tables that it extends finds its rows by {key}; match by that key";
    /// Two columns of a chain cannot be told from each other.
    ChainColumn { column: String, table: String } = "chain-column",
        "`{column}` also names the key of `{table}`, so that a statement on that table cannot read it; update one table alone";
    /// An update over several tables cannot do this, or not in one script.
    AcrossTables { what: String, reason: &'static str } = "across-tables", "{what} over several tables is not supported: {reason}";
    /// Rows that follow others are found by at least one column.
    FollowerWithoutLink { table: String } = "follower-without-link",
        "no column tells which rows of `{table}` follow; link one of its columns";
    /// Rows would follow each other for ever.
    FollowsItself { tables: String } = "follows-itself", "what follows leads back to a table that is updated already: {tables}; leave it out";
    /// Updates that follow one another are taken apart within each other.
    FollowsTooFar { table: String, most: usize } = "follows-too-far", "the update of `{table}` follows more than {most} others; update it by itself";
    /// Rows of a stream come one after the other, and what spans tables needs them all.
    StreamAcrossTables { table: String } = "stream-across-tables",
        "an update of `{table}` spans several tables, which a stream does not; use `compile`";
    /// Incoming rows without a key cannot be matched.
    NoKey = "no-key", "no key column is named; name the columns that identify a row";
    /// Incoming rows need at least one column.
    NoColumns = "no-columns", "the incoming rows have no columns; name them";
    /// A row has more or fewer cells than there are columns.
    RaggedRow { expected: usize, found: usize } =
        "ragged-row", "the row has {found} cells, the input has {expected} columns; make them equal";
    /// A column is named twice among the columns of the rows, or twice in the key.
    ColumnTwice { column: String } = "column-twice", "`{column}` is listed twice; remove one of the two";
    /// The key names a column that the rows do not have.
    KeyNotInRows { column: String } = "key-missing", "the key column `{column}` is not among the columns of the rows; add it";
    /// An expression reads an incoming column that the rows do not have.
    InputNotInRows { column: String, known: String } =
        "unknown-input", "the rows have no column `{column}`; they have {known}";
    /// An expression reads the incoming row, but the update has no rows.
    InputWithoutRows { column: String } =
        "input-without-rows", "`new.{column}` is read where no rows come in; give rows or use a constant (what follows reads its own rows alone)";
    /// The rows of another table are selected once for all rows, so that no incoming row can be read there.
    InputInSelection { column: String } =
        "input-in-selection", "`new.{column}` is read where rows of a table are selected, which are the same for all incoming rows; leave it out of that condition";
    /// Each operand is compared with the column in its place.
    SelectedColumns { operands: usize, columns: usize } =
        "selected-columns", "the values before `in` are {operands}, the selected columns {columns}; make them equal in number";
    /// Rows of the updated table are selected by what is set, and a later statement would read what an earlier one wrote.
    SelectsAssigned { column: String } =
        "selects-assigned", "`{column}` is set, and read by a `select` from the same table; that needs one statement for all rows, so leave the strategy and the chunks to the planner and declare the columns, or give fewer rows";
    /// Rows are given, and taken from a table too.
    RowsTwice = "rows-twice", "rows are given twice, or taken from a table besides; keep one of the two";
    /// A table that the update writes would change while its rows are taken.
    RowsFromTarget { table: String } =
        "rows-from-target", "the rows are taken from `{table}`, which is updated, or depend on it; copy them into a table of their own first";
    /// The rows of a table have no order, so that none is the first or the last.
    UnorderedRows = "unordered-rows", "the rows of a table have no order, so none of a key is the first or the last; select one row of each key";
    /// Keys that are compared under two collations may be one or two.
    CollationsDiffer { column: String, own: String, other: String } =
        "collations-differ", "the key `{column}` has {own} in the one table and {other} in the other; declare one collation for both";
    /// A column of the rows is neither in the key nor read by any assignment or filter.
    UnusedColumn { column: String } =
        "unused-column", "the column `{column}` of the rows is not used; set it or leave it out";

    /// The policy speaks of incoming rows, and there are none.
    PolicyWithoutRows { policy: &'static str } =
        "policy-without-rows", "`{policy}` is for incoming rows, and the update has none; leave it out or give rows by key";
    /// Rows are locked in the order of their keys by going along an index; without one the engine locks what it meets.
    LockWithoutIndex { key: String } =
        "lock-without-index", "rows are locked in order by {key}, which is not known to be the primary key or a unique index; declare it or leave the lock out";
    /// A row that is inserted has no old row to read.
    InsertReadsOld { column: String, reads: String } =
        "insert-reads-old", "`{column}` is set from `{reads}` of the old row, which a missing row does not have; read the incoming row, or leave out `on missing insert`";
    /// A row that is inserted may be one that a later statement reads.
    InsertSelects { column: String } =
        "insert-selects", "`{column}` is set from a `select` from the table into which missing rows are inserted; select from another table, or leave out `on missing insert`";
    /// A row that is inserted has no version to compare.
    InsertVersion { column: String } =
        "insert-version", "`{column}` is compared as a version, which a missing row does not have; leave out the version or `on missing insert`";
    /// A row that is inserted needs a value for every column that takes no NULL and has no default.
    InsertLacks { column: String } =
        "insert-lacks-column", "`{column}` takes no null, has no default and is not set, so no row can be inserted; set it";
    /// What is given back is of rows that were updated, and an inserted row would be missing there.
    InsertReturns =
        "insert-returning", "`returning` does not give back rows that are inserted; leave out `returning` or `on missing insert`";
    /// A row that may be inserted says what it has in every column that is set.
    InsertCell { column: String } =
        "insert-cell", "the row may be inserted and gives no value for `{column}`; give one, or leave out `on missing insert`";
    /// Versions are counted, so that they are integers.
    VersionType { column: String, ty: String } =
        "version-type", "`{column}` of type {ty} cannot be a version; a version is an integer column";

    // Schema
    /// The schema has no such table.
    UnknownTable { table: String, hint: String } = "unknown-table", "the schema has no table `{table}`{hint}";
    /// The table has no such column.
    UnknownColumn { column: String, table: String, hint: String } =
        "unknown-column", "the table `{table}` has no column `{column}`{hint}";
    /// Two columns differ in case only, and the name given is neither's exact spelling.
    AmbiguousColumn { column: String, other: String } =
        "ambiguous-column", "`{column}` and `{other}` are one name to the engine; keep one";
    /// The engine computes the column.
    GeneratedColumn { column: String } =
        "generated-column", "`{column}` is generated and cannot be set; leave it out";
    /// The schema declares a type that holds nothing, or that no engine has.
    BadType { ty: String, column: String, reason: String } = "bad-type", "the type `{ty}` of `{column}` {reason}";
    /// The column's type is not known and nothing tells it.
    UnknownType { column: String } =
        "unknown-type", "the type of `{column}` is not known; give a schema that declares it";

    // Keys
    /// NULL equals nothing, so no row could match.
    NullKey { column: String } = "null-key", "the key column `{column}` is null; null equals nothing, so no row could match";
    /// Two rows have the same key; which one wins would depend on the engine.
    DuplicateKey { key: String, first: usize } =
        "duplicate-key", "the key {key} was given before, in row {first}; keep one of the rows";
    /// Rows of a stream come in ascending order of their keys, so that a key that comes twice is seen.
    NotAscending = "not-ascending", "the key is not above that of the row before; sort the rows by key, each key once, or give them all at once";
    /// Two text keys differ only in what the column's collation does not see.
    FoldedKey { first: usize } =
        "folded-key", "the key differs from that of row {first} only in spaces at its end, which the column's collation does not see; keep one of the rows";
    /// Binary floating point numbers cannot be matched safely.
    FloatKey { column: String } =
        "float-key", "the key column `{column}` is a binary float, which cannot be matched safely; use decimal or text";
    /// The engine's collation decides which text keys are equal, and setwise does not know it well enough.
    KeyCollation { column: String, collation: String, dialect: String } =
        "key-collation", "keys of `{column}` are compared by {dialect} under {collation}, which may equate different texts; declare a binary collation, or give all rows at once";
    /// Different texts would lead to the same row where the collation takes them for one.
    LinkCollation { column: String, collation: String, dialect: String } =
        "link-collation", "rows follow by `{column}`, whose texts {dialect} compares under {collation}, which may equate different ones; link by columns of a binary collation without padding, or by numbers";
    /// Only the engine can tell which of the keys are equal, and not all of them fit into the one statement that asks it.
    TooManyKeys { keys: usize, column: String, dialect: String } =
        "too-many-keys", "the {keys} keys do not fit into one statement, and {dialect} must compare those of `{column}` with each other; declare the column, or a binary collation for it, write values inline, or split the rows";
    /// Values of such a type are not compared by the engine as keys must be.
    KeyType { column: String, ty: String } =
        "key-type", "`{column}` of type {ty} cannot be a key; match by another column";
    /// More rows than can be numbered.
    TooManyRows { rows: usize, most: u32 } =
        "too-many-rows", "{rows} rows are given, at most {most} can be handled at once; split them";

    // Values
    /// The value is of another kind than the column.
    WrongType { value: String, found: &'static str, expected: String, column: String } =
        "wrong-type", "{found} `{value}` given for `{column}` of type {expected}; give a value of that type";
    /// The number is outside the column's range.
    OutOfRange { value: String, column: String, ty: String, least: String, most: String } =
        "out-of-range", "{value} does not fit `{column}` of type {ty}, which holds {least} to {most}";
    /// The update has no parameter of that name.
    UnknownArgument { argument: String, hint: String } =
        "unknown-argument", "there is no parameter `{argument}`{hint}";
    /// Two arguments for one parameter.
    ArgumentTwice { argument: String } = "argument-twice", "`{argument}` is given twice; give it once";
    /// A parameter without an argument.
    MissingArgument { param: String, ty: String } =
        "missing-argument", "the parameter `{param}` of type {ty} has no argument; give one";
    /// The library has no update of that name.
    UnknownUpdate { name: String, hint: String } = "unknown-update", "there is no update `{name}`{hint}";
    /// Two updates of one name.
    NamedTwice { name: String } = "named-twice", "there is another update `{name}`; rename one";
    /// Two parameters of one name.
    ParamTwice { param: String } = "param-twice", "the parameter `{param}` is declared twice; leave one out";
    /// An expression reads a parameter that the update does not have.
    UnknownParam { param: String, hint: String } =
        "unknown-param", "the update has no parameter `{param}`{hint}; declare it behind the update's name";
    /// No expression reads the parameter.
    UnusedParam { param: String } = "unused-param", "nothing reads the parameter `{param}`; leave it out";
    /// The text has more characters than the column holds; no engine's cutting is relied on.
    TooLong { length: usize, most: usize, unit: &'static str, column: String } =
        "too-long", "{length} {unit} given for `{column}`, which holds {most}; shorten the value or widen the type";
    /// The number or the time has more digits than the column holds.
    TooPrecise { value: String, column: String, ty: String } =
        "too-precise", "`{value}` does not fit `{column}` of type {ty} exactly; round it first";
    /// NULL for a column that does not take it.
    NullNotAllowed { column: String } = "null-not-allowed", "`{column}` does not take null; give a value";
    /// The label is not one of the enum's.
    NotALabel { value: String, column: String, labels: String } =
        "not-a-label", "`{value}` is not a label of `{column}`; the labels are {labels}";
    /// The engine cannot store the value exactly.
    NotStorable { value: String, column: String, reason: String, dialect: String } =
        "not-storable", "{dialect} cannot store {value} in `{column}`: {reason}";
    /// The engine has no column type for such values.
    NoSuchType { ty: String, column: String, dialect: String } =
        "no-such-type", "{dialect} has no column type that holds {ty} exactly (`{column}`)";
    /// Values of different kinds in one column of the rows, without a schema to tell what is meant.
    MixedTypes { column: String, first: &'static str, second: &'static str } =
        "mixed-types", "`{column}` holds {first} and {second} values; give a schema or values of one type";
    /// Items of different kinds in an array.
    MixedArray { index: usize, expected: &'static str, found: &'static str } =
        "mixed-array", "item {index} of the array is {found}, the others are {expected}; give items of one type";
    /// The calendar has no such day.
    NoSuchDay { text: String } = "no-such-day", "there is no day `{text}`; dates are written YYYY-MM-DD";
    /// The clock has no such time.
    NoSuchTime { text: String } = "no-such-time", "there is no time `{text}`; 24:00 and leap seconds are not times of day";
    /// The fraction of a second has more digits than any engine keeps.
    TooFine { text: String } =
        "too-fine", "`{text}` has more than six digits of a second's fraction; microseconds are the limit";
    /// A time with an offset where the type has no zone; dropping it would change the instant.
    HasOffset { text: String } = "has-offset", "`{text}` has an offset, the column has none; convert it and leave the offset out";
    /// A time without an offset where an instant is meant.
    NeedsOffset { text: String } = "needs-offset", "`{text}` needs an offset, such as `Z` or `+02:00`";
    /// Not an offset from UTC.
    BadOffset { text: String } = "bad-offset", "`{text}` is not an offset from UTC; write `Z` or `+HH:MM`";
    /// Not a span of time.
    NotAnInterval { text: String } =
        "not-an-interval", "`{text}` is not an interval; write `P1Y2M3DT4H5M6S` or `1 year 2 mons 3 days 04:05:06`";
    /// Not a decimal number.
    NotADecimal { text: String } = "not-a-decimal", "`{text}` is not a decimal number; write digits, a point, digits";
    /// A number with more digits than any column holds.
    TooManyDigits { most: usize } = "too-many-digits", "the number has more than {most} digits; shorten it";
    /// Not a UUID in its canonical form.
    NotAUuid { text: String } = "not-a-uuid", "`{text}` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits";

    // Expressions
    /// The operand's type is not one that the operator takes.
    Mistyped { what: String, expected: String, found: String } =
        "mistyped", "{what} takes {expected}, not {found}";
    /// Division by a constant zero.
    ZeroDivisor = "zero-divisor", "the divisor is zero; nothing can be divided by it";
    /// The divisor may be zero, and engines differ in what happens then.
    MaybeZeroDivisor = "maybe-zero-divisor", "the divisor may be zero, where engines differ; write `nullif(divisor, 0)` for null";
    /// Engines differ in what dividing integers gives.
    IntegerDivision = "integer-division", "`/` of integers differs between engines; write `div(a, b)`, or `cast(a as float64) / b` where `a` is a column of at most 32 bits";
    /// Comparing with NULL is never true.
    ComparesNull = "compares-null", "a comparison with null is never true; write `is null` or `is not null`";
    /// A list with NULL makes `not in` never true.
    NullInList = "null-in-list", "the list holds null, so `in` is never false; remove it or test `is null`";
    /// The argument must be a constant, or of a form that is the same everywhere.
    BadArgument { function: &'static str, expected: &'static str } =
        "bad-argument", "`{function}` takes {expected}";
    /// The function takes another number of arguments.
    BadArity { function: &'static str, takes: String, found: usize } =
        "bad-arity", "`{function}` takes {takes}, not {found}";
    /// The pattern ends in its escape character, or escapes an ordinary one.
    BadPattern { pattern: String, reason: &'static str } = "bad-pattern", "the pattern `{pattern}` {reason}";
    /// The expression is nested deeper than the engine's parser allows.
    TooDeep { most: usize } = "too-deep", "the expression is nested deeper than {most} levels; simplify it";

    // What a dialect cannot do
    /// The engine has no form with this meaning.
    Unsupported { what: String, dialect: String, reason: String } =
        "unsupported", "{dialect} has no {what}: {reason}";
    /// Assignments read what each other write, the engine assigns from left to right, and without a primary key the old row cannot be read beside the new one.
    ReadsAssigned { column: String, dialect: String } =
        "reads-assigned", "`{column}` is set and read in a circle of assignments; {dialect} assigns from left to right and needs the primary key to read the old row: declare it in the schema";
    /// Several rows are written to a unique column, and a new value may be the old one of a row that is still to come.
    UniqueColumn { column: String, reason: &'static str } =
        "unique-column", "`{column}` is unique and several rows are written to it, but its new values cannot be parked: {reason}; say `disjoint {column}` where no row has a new value before, or update one row at a time";
    /// A row that names columns which the first does not, where that one must name them all.
    MixedColumns { added: String } =
        "mixed-columns", "the first row does not have {added}; name every column in the first row, or read all rows at once";
    /// A cell that is no value where one is needed: in a key, a version, a filter or a larger expression.
    NeedsValue { reader: String, column: String, found: &'static str } =
        "needs-value", "{reader} needs a value of `{column}`, and this row {found}; give it a value, or leave the row out";
    /// A default that is not known, or that engines do not agree on.
    NoDefault { column: String, reason: String } =
        "no-default", "`{column}` has no default that can be set: {reason}; give the value itself";
    /// The engine gives back no rows of an update, or not as they were before.
    ReturningUnsupported { what: &'static str, dialect: String, reason: &'static str } =
        "returning-unsupported", "{dialect} does not give back {what} of an update: {reason}";
    /// A strategy was asked for that cannot express this update here.
    StrategyNotLegal { strategy: &'static str, dialect: String, reason: &'static str } =
        "strategy-not-legal", "the strategy {strategy} cannot be used on {dialect}: {reason}";
    /// One row already needs more parameters than the engine takes.
    TooManyBinds { needed: usize, most: usize, dialect: String } =
        "too-many-binds", "the statement needs {needed} parameters, {dialect} takes {most}; use smaller chunks or inline values";
    /// The statement is longer than the server takes.
    StatementTooLong { bytes: usize, most: usize } =
        "statement-too-long", "the statement has {bytes} bytes, the limit is {most}; use smaller chunks or raise the limit";
    /// The engine in question is older than the oldest covered.
    VersionTooOld { dialect: &'static str, version: String, oldest: String } =
        "version-too-old", "{dialect} {version} is not covered; the oldest is {oldest}";
    /// A version has one, two or three numbers.
    VersionNotANumber { dialect: &'static str, version: String, oldest: String, newest: String } =
        "version-not-a-number", "`{version}` is no version of {dialect}; write a number, such as `{dialect}@{newest}`; {oldest} to {newest} are covered";
    /// No dialect of that name.
    UnknownDialect { name: String } =
        "unknown-dialect", "there is no dialect `{name}`; there are postgres, mysql, mariadb and sqlite, each with an optional @version";

    // Documents
    /// The text is not of the form expected at that place.
    Syntax { expected: String, found: String } = "syntax", "expected {expected}, found {found}";
    /// Text with escapes, `e'…'`, holds a backslash that starts none.
    BadEscape { escape: String } =
        "bad-escape", "`\\{escape}` is not an escape; there are \\0 \\t \\n \\r \\\\ and \\u{{1F}}, and a quote is doubled";
    /// The number has more digits than its kind holds.
    NumberTooLarge { text: String } = "number-too-large", "`{text}` does not fit 64 bits; write decimal '{text}'";
    /// There is no function of that name.
    UnknownFunction { name: String, hint: String } = "unknown-function", "there is no function `{name}`{hint}";
    /// There is no type of that name.
    UnknownTypeName { name: String, hint: String } =
        "unknown-type-name", "there is no type `{name}`{hint}";
    /// The document is not in UTF-8.
    NotUtf8 { offset: usize } = "not-utf8", "byte {offset} is not UTF-8; convert the document";
    /// The document is in UTF-16.
    Utf16 = "utf-16", "the document is in UTF-16; convert it to UTF-8";
    /// The document starts with a byte order mark, which would become part of its first name.
    ByteOrderMark = "byte-order-mark", "the document starts with a byte order mark; save it as UTF-8 without one";
    /// The document holds a NUL character.
    NulInDocument = "nul-in-document", "there is a NUL character; remove it";
    /// The document ends in the middle.
    Truncated { expected: &'static str } = "truncated", "the document ends where {expected} is expected; is it complete?";
    /// A comma with nothing behind it.
    TrailingComma = "trailing-comma", "nothing follows the comma; remove it";
    /// Something follows the document.
    TrailingText { found: String } =
        "trailing-text", "{found} follows the end of the rows; give one array, or one object a line as NDJSON";
    /// JSON has no comments.
    Comment = "comment", "there is a comment, which JSON does not have; remove it";
    /// The document is not a list of rows, or an item of it is not a row.
    NotRows { expected: &'static str, found: &'static str } = "not-rows", "expected {expected}, found {found}";
    /// Half of a pair of surrogates, which is no character.
    LoneSurrogate { escape: String } = "lone-surrogate", "`{escape}` is half of a character and not valid Unicode; correct the text";
    /// The document is nested deeper than any data is.
    DocumentTooDeep { most: usize } = "document-too-deep", "the document is nested deeper than {most} levels; flatten it";
    /// A quoted text, name or cell that does not end.
    UnclosedQuote = "unclosed-quote", "the quote that opens here is not closed; close it, and double the quotes inside";
    /// A header that looks as if another delimiter were used.
    WrongDelimiter { given: char, likely: String } =
        "wrong-delimiter", "the header has one cell only; `{given}` delimits, did you mean {likely}?";
    /// An empty cell for a column that is not text, without a rule that says what it means.
    EmptyField { field: String } =
        "empty-field", "the cell of `{field}` is empty; say that an empty cell is null, or give a value";
    /// The document is longer than the limit.
    DocumentTooLong { bytes: usize, most: usize } =
        "document-too-long", "the document has {bytes} bytes, the limit is {most}";
    /// A member or header that is not a column of the table.
    UnknownField { field: String, hint: String } = "unknown-field", "there is no field `{field}`{hint}";
    /// A member that is given twice in one object, or a header that is given twice.
    FieldTwice { field: String } = "field-twice", "the field `{field}` is given twice; keep one";
    /// The field's text is not a value of the column's type.
    BadField { field: String, text: String, expected: String } =
        "bad-field", "`{text}` is not {expected} (`{field}`)";
    /// The document is not of the format.
    BadDocument { format: &'static str, reason: String } = "bad-document", "not {format}: {reason}";

    /// A state that setwise's own checks should have made impossible.
    Internal { what: &'static str } = "internal", "setwise failed to {what}; please report it";
}

impl ErrorKind {
    /// The error at a place.
    #[must_use]
    pub fn at(self, place: Place) -> Error {
        Error::from(self).or_at(place)
    }

    /// A column that a table does not have, with the nearest name that it has.
    #[must_use]
    pub fn unknown_column(column: &Ident, table: &Table) -> Self {
        let known = table.columns().iter().map(|known| known.name().as_str());
        let is_nothing =
            ["none", "nil", "undefined"].into_iter().any(|word| column.as_str().eq_ignore_ascii_case(word));
        let hint = if is_nothing { "; write `null`".to_owned() } else { nearest(column.as_str(), known) };
        Self::UnknownColumn { column: column.to_string(), table: table.name().to_string(), hint }
    }

    /// A text that is none of an enum's labels.
    pub(crate) fn not_a_label(value: String, column: impl ToString, labels: &[Box<str>]) -> Self {
        Self::NotALabel { value, column: column.to_string(), labels: list_quoted(labels) }
    }

    /// A field that is no column of the table, with the nearest column.
    #[must_use]
    pub fn unknown_field(field: &str, table: &Table) -> Self {
        let hint = nearest(field, table.columns().iter().map(|known| known.name().as_str()));
        let hint = if hint.is_empty() { format!(" in `{}`", table.name()) } else { hint };
        Self::UnknownField { field: field.to_owned(), hint }
    }
}

/// Names as an error lists them.
pub(crate) fn list_quoted(names: impl IntoIterator<Item = impl fmt::Display>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A hint that names the known name nearest to a wrong one; empty where none is near.
pub(crate) fn nearest<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> String {
    let most = wrong.chars().count() / 3 + 1;
    let near =
        known.take(1000).map(|name| (distance(wrong, name), name)).filter(|(distance, _)| *distance <= most).min();
    near.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"))
}

/// Edits that make one word another: Levenshtein's distance, blind to case.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().flat_map(char::to_lowercase).take(100).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().flat_map(char::to_lowercase).take(100).enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let change = diagonal + usize::from(a != *b);
            diagonal = *cell;
            left = change.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
