//! All that a dialect states: no defaults and no inheritance, so that an omission does not compile.

use super::expression::{
    Concat, FloatCast, Floor, Greatest, IntegerOperand, Length, Naming, NullInstant, NullParameter, RangeCheck,
    ReplaceByNull, Subtraction, TextFit, TextOperand, TimeOperand, Trim, WholeDivision,
};
use super::threshold::Thresholds;
use super::words::{
    Arrays, AsciiCase, AssignmentOrder, Begin, BoolLiteral, BytesLiteral, Calendar, Casts, CodePointOrder, DefaultCell,
    Deferring, Definitions, Distinct, Documents, Exclusion, FloatLiteral, Following, Form, Identity, JoinForm,
    JsonNumbers, Keeping, KeyEquality, KnownCollation, Locking, NameCase, NameChars, NameLimit, NegativeZero, Now,
    NulInText, Overflow, PatternMatch, Placeholder, Preamble, Quote, Raise, Returning, RowIn, RowsForm, SpecialFloats,
    Staging, TemporalLiteral, TextLiteral,
};
use super::{Fact, Version};
use crate::ir::Type;

/// The facts of one engine, over all versions covered.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The dialect's name, as the command line spells it.
    pub name: &'static str,
    /// The engine's name, as people spell it.
    pub title: &'static str,
    /// The oldest version covered.
    pub oldest: Version,
    /// The newest version on which tests ran.
    pub newest: Version,

    /// How schemas are written.
    pub definitions: Definitions,
    /// The character around names.
    pub quote: Fact<Quote>,
    /// How long a name may be.
    pub name_limit: Fact<NameLimit>,
    /// Which characters a name may hold.
    pub name_chars: Fact<NameChars>,
    /// Whether column names that differ in case only are one.
    pub name_case: Fact<NameCase>,
    /// The form of a parameter.
    pub placeholder: Fact<Placeholder>,

    /// How text is written.
    pub text: Fact<TextLiteral>,
    /// How bytes are written.
    pub bytes: Fact<BytesLiteral>,
    /// How floats are written.
    pub float: Fact<FloatLiteral>,
    /// How truth values are written.
    pub boolean: Fact<BoolLiteral>,
    /// How dates and times are written.
    pub temporal: Fact<TemporalLiteral>,

    /// Which floats that are not finite are stored.
    pub special_floats: Fact<SpecialFloats>,
    /// What becomes of -0.0.
    pub negative_zero: Fact<NegativeZero>,
    /// Whether text may hold NUL.
    pub nul_in_text: Fact<NulInText>,
    /// What becomes of the numbers in JSON that is kept parsed.
    pub json_numbers: Fact<JsonNumbers>,
    /// How the collations begin under which text holds the basic multilingual plane only.
    pub basic_plane_text: Fact<&'static [&'static str]>,
    /// The first and the last year that dates may have.
    pub years: Fact<(i32, i32)>,
    /// The most digits that a decimal may have, and the most behind its point.
    pub decimal_digits: Fact<(usize, usize)>,
    /// The types that have columns, and how their values are stored. What is not listed is refused.
    pub storage: &'static [Storage],

    /// How an update joins its target with rows given in the statement.
    pub join: Fact<JoinForm>,
    /// How such rows are written.
    pub rows: Fact<RowsForm>,
    /// Whether they can come in as one array for each column.
    pub arrays: Fact<Arrays>,
    /// Whether they can come in as one JSON document.
    pub documents: Fact<Documents>,
    /// The temporary table that can hold them.
    pub staging: Fact<Staging>,
    /// Where their types must be said.
    pub casts: Fact<Casts>,
    /// How `(a, b) in (…)` is written.
    pub row_in: Fact<RowIn>,
    /// When assignments read the columns that they write.
    pub assignment_order: Fact<AssignmentOrder>,
    /// How a column is set to its default.
    pub default_cell: Fact<DefaultCell>,

    /// The comparison in which NULL equals NULL.
    pub distinct: Fact<Distinct>,
    /// How it is told whether a value is another, where equality does not tell.
    pub identity: Fact<Identity>,
    /// What integer arithmetic does above 64 bits.
    pub overflow: Fact<Overflow>,
    /// How texts are compared by code point.
    pub code_point_order: Fact<CodePointOrder>,
    /// How text is matched against a pattern.
    pub pattern_match: Fact<PatternMatch>,
    /// How A to Z alone change case.
    pub ascii_case: Fact<AsciiCase>,
    /// How dates and times are computed.
    pub calendar: Fact<Calendar>,
    /// Where the instant of a script comes from.
    pub now: Fact<Now>,
    /// What becomes of a computed -0.0.
    pub computed_zero: Fact<NegativeZero>,
    /// How operands of integer arithmetic are brought to 64 bits.
    pub integer_operand: Fact<IntegerOperand>,
    /// How integers are subtracted.
    pub subtraction: Fact<Subtraction>,
    /// How integers are divided.
    pub whole_division: Fact<WholeDivision>,
    /// Whose range an integer column checks.
    pub range_check: Fact<RangeCheck>,
    /// How whole numbers below and above are found.
    pub floor: Fact<Floor>,
    /// How an integer becomes a float.
    pub float_cast: Fact<FloatCast>,
    /// What becomes of text that is longer than its column.
    pub text_fit: Fact<TextFit>,
    /// How a text column is read.
    pub text_operand: Fact<TextOperand>,
    /// How a time column is compared with constants.
    pub time_operand: Fact<TimeOperand>,
    /// The type to which an integer is cast for its text.
    pub text_cast: Fact<&'static str>,
    /// How texts are put together.
    pub concat: Fact<Concat>,
    /// How characters are counted.
    pub length: Fact<Length>,
    /// How spaces are removed.
    pub trim: Fact<Trim>,
    /// How the greatest and the least are found.
    pub greatest: Fact<Greatest>,
    /// What a replacement by NULL gives.
    pub replace_by_null: Fact<ReplaceByNull>,
    /// What a column of instants makes of NULL that it does not take.
    pub null_instant: Fact<NullInstant>,
    /// What a NULL parameter makes of its column among the joined rows.
    pub null_parameter: Fact<NullParameter>,
    /// Whether a value can be named within an expression.
    pub naming: Fact<Naming>,
    /// How many entries the parser's stack has.
    pub parser_stack: Fact<usize>,
    /// How deep expressions may be nested.
    pub depth: Fact<usize>,

    /// How keys are compared where the column declares no collation.
    pub default_collation: Fact<KeyEquality>,
    /// The collations known by name.
    pub collations: &'static [KnownCollation],

    /// The most parameters of a statement.
    pub max_binds: Fact<usize>,
    /// The most bytes of a statement, with the server's own settings.
    pub max_bytes: Fact<usize>,
    /// Which strategies and how many rows per statement measured best.
    pub thresholds: Fact<Thresholds>,

    /// How rows are locked.
    pub locking: Fact<Locking>,
    /// Where a number is kept for later statements.
    pub keeping: Fact<Keeping>,
    /// How others are kept from writing while values are parked.
    pub exclusion: Fact<Exclusion>,
    /// Whether unique constraints may be deferred.
    pub deferring: Fact<Deferring>,
    /// Which values an update gives back.
    pub returning: Fact<Returning>,
    /// Whether an update reads what another gives back in the same statement.
    pub following: Fact<Following>,
    /// How a script fails where a query has a row.
    pub raise: Fact<Raise>,

    /// What a client script opens with.
    pub preamble: &'static [Preamble],
    /// How a transaction begins.
    pub begin: Fact<Begin>,
}

/// How values of one class of types are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    /// The class.
    pub class: Class,
    /// The column types that hold it, as the engine names them.
    pub columns: &'static [&'static str],
    /// The type to cast to, without length, precision or scale; none where no cast is needed.
    pub cast: Option<&'static str>,
    /// In what form the values are stored.
    pub form: Form,
    /// The version since which there is such a column type; none where every version covered has it.
    pub since: Option<Version>,
    /// The exact range and how equality is judged, for `docs/storage.md`.
    pub note: &'static str,
}

/// A type without its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the type of the same name")]
pub enum Class {
    Bool,
    Int8,
    Int16,
    Int24,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt24,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Decimal,
    Text,
    Char,
    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Enum,
    Array,
    Named,
}

impl Class {
    /// All classes, in the order of the documentation.
    pub const ALL: [Self; 28] = [
        Self::Bool,
        Self::Int8,
        Self::Int16,
        Self::Int24,
        Self::Int32,
        Self::Int64,
        Self::UInt8,
        Self::UInt16,
        Self::UInt24,
        Self::UInt32,
        Self::UInt64,
        Self::Float32,
        Self::Float64,
        Self::Decimal,
        Self::Text,
        Self::Char,
        Self::Bytes,
        Self::Date,
        Self::Time,
        Self::Timestamp,
        Self::TimestampTz,
        Self::Interval,
        Self::Uuid,
        Self::Json,
        Self::Jsonb,
        Self::Enum,
        Self::Array,
        Self::Named,
    ];

    /// The class of a type.
    #[must_use]
    pub fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::Int { bits: 0..=8 } => Self::Int8,
            Type::Int { bits: 9..=16 } => Self::Int16,
            Type::Int { bits: 17..=24 } => Self::Int24,
            Type::Int { bits: 25..=32 } => Self::Int32,
            Type::Int { .. } => Self::Int64,
            Type::UInt { bits: 0..=8 } => Self::UInt8,
            Type::UInt { bits: 9..=16 } => Self::UInt16,
            Type::UInt { bits: 17..=24 } => Self::UInt24,
            Type::UInt { bits: 25..=32 } => Self::UInt32,
            Type::UInt { .. } => Self::UInt64,
            Type::Float32 => Self::Float32,
            Type::Float64 => Self::Float64,
            Type::Decimal { .. } => Self::Decimal,
            Type::Text { .. } => Self::Text,
            Type::Char { .. } => Self::Char,
            Type::Bytes { .. } => Self::Bytes,
            Type::Date => Self::Date,
            Type::Time { .. } => Self::Time,
            Type::Timestamp { .. } => Self::Timestamp,
            Type::TimestampTz { .. } => Self::TimestampTz,
            Type::Interval => Self::Interval,
            Type::Uuid => Self::Uuid,
            Type::Json => Self::Json,
            Type::Jsonb => Self::Jsonb,
            Type::Enum { .. } => Self::Enum,
            Type::Array(_) => Self::Array,
            Type::Named(_) => Self::Named,
        }
    }
}
