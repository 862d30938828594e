//! The words for what engines do differently in expressions.

/// How operands of integer arithmetic are brought to 64 bits with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerOperand {
    /// Narrower columns and constants are cast to `bigint`.
    Bigint,
    /// Unsigned columns are cast to `SIGNED`.
    Signed,
    /// Every integer is one.
    AsIs,
}

/// How one integer is subtracted from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subtraction {
    /// `a - b`.
    Native,
    /// `(CAST(a AS DECIMAL(20,0)) - b) DIV 1`: `a - b` wraps where b is the least integer.
    ByDecimal,
}

/// How integers are divided towards zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeDivision {
    /// `a / b`.
    Slash,
    /// `a DIV b`.
    Div,
}

/// Whose range an integer column checks when it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeCheck {
    /// That of every integer type.
    All,
    /// That of signed integers of 16, 32 and 64 bits; the others are kept in one of these.
    Standard,
    /// None.
    None,
}

/// What becomes of text that is longer than its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFit {
    /// It is an error, but for spaces at its end, which are cut.
    CutsSpaces,
    /// It is stored.
    Unchecked,
}

/// How a text column is read, so that engines agree what it holds and how it goes with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextOperand {
    /// As it is; padded columns and enums are cast to `text`.
    CastPadded,
    /// `CONVERT(a USING utf8mb4) COLLATE utf8mb4_bin`.
    Utf8mb4,
    /// As it is; columns of fixed length without their spaces: `rtrim(a, ' ')`.
    TrimPadded,
}

/// How a time column is compared with constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeOperand {
    /// As it is.
    AsIs,
    /// Cast to all digits: a computed constant is rounded to those of the column before it is compared.
    Cast,
}

/// How texts are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concat {
    /// `a || b`.
    Pipes,
    /// `CONCAT(a, b)`.
    Function,
}

/// How characters are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// `char_length(a)`, of 32 bits.
    CharLength,
    /// `length(a)`.
    Length,
}

/// How spaces are removed at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trim {
    /// `btrim(a, ' ')`.
    Btrim,
    /// `TRIM(BOTH ' ' FROM a)`.
    TrimBoth,
    /// `trim(a)`.
    Trim,
}

/// How the greatest and the least of values are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greatest {
    /// `GREATEST` leaves NULL out, so a test stands before it.
    SkipsNull,
    /// `GREATEST` gives NULL where one is NULL.
    GivesNull,
    /// `max` and `min` of several arguments, which give NULL where one is NULL.
    MinMax,
}

/// How whole numbers below and above are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// `floor(a)` of the type of a.
    Function,
    /// `FLOOR(a)`, an integer for a decimal.
    Integer,
    /// By casts; there is no function in every build.
    Casts,
}

/// How an integer becomes a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatCast {
    /// `CAST(a AS name)`.
    Cast(&'static str),
    /// `a + 0e0`.
    AddZero,
}

/// Whether a value can be named and used more than once within an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `(SELECT … FROM (SELECT a AS x0) AS x)`, which may read the columns outside.
    Subselect,
    /// Such a subselect reads no columns outside.
    None,
}

/// What a replacement by NULL gives where nothing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplaceByNull {
    /// NULL.
    Null,
    /// The text as it was, so a test stands before it.
    Unchanged,
}

/// What a NULL parameter makes of its column among the joined rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullParameter {
    /// The column has the type of the others.
    KeepsType,
    /// The column becomes text, so that whoever computes with an integer says its type.
    MakesText,
}

/// What a column of instants that does not take NULL becomes when it is set to NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullInstant {
    /// It is an error.
    Error,
    /// The current time; an empty text in place of NULL is the error.
    CurrentTime,
}
