//! What a fact could be instead: each other word of its enum, other numbers, other names.

use setwise::Strategy;
use setwise::dialect::*;

/// A value that could be another.
pub trait Other: Sized {
    /// The others; for a number, the ones beside it.
    fn others(&self) -> Vec<Self>;
}

/// Lists the words of each enum; the compiler says which is missing.
macro_rules! words {
    ($($of:ident: $($word:ident)+;)+) => {
        $(impl Other for $of {
            fn others(&self) -> Vec<Self> {
                match self {
                    $($of::$word => {})+
                }
                [$($of::$word),+].into_iter().filter(|word| word != self).collect()
            }
        })+
    };
}

words! {
    Quote: Double Backtick;
    NameChars: Any BasicPlane;
    NameCase: Distinct Folded;
    Placeholder: Dollar Question;
    TextLiteral: EscapeString HexUnlessPlain JoinChars;
    BytesLiteral: EscapeHex Hex;
    FloatLiteral: Quoted Exponent ExactProduct;
    BoolLiteral: Keyword Digit;
    TemporalLiteral: Quoted Prefixed;
    SpecialFloats: All Infinities None;
    NegativeZero: Kept Lost;
    JsonNumbers: Exact Double;
    NulInText: Stored Refused;
    JoinForm: FromValues FromCte JoinHeader;
    RowsForm: Values ValuesRow UnionAll;
    Arrays: Unnest None;
    Documents: Recordset None;
    Staging: Typed Copied Untyped;
    Casts: FirstRow Never LossyParameters LossyTimes;
    RowIn: List Values;
    AssignmentOrder: Simultaneous LeftToRight;
    DefaultCell: Keyword Literal;
    Distinct: IsDistinctFrom Spaceship IsNot;
    Overflow: Error Float;
    CodePointOrder: CollateC Bytes CollateBinary;
    PatternMatch: Like LikeBinary Glob;
    AsciiCase: CollateC Native SingleByte;
    Calendar: MakeInterval Interval Strftime;
    Now: Transaction Variable TempTable;
    KeyEquality: Exact PadSpace Folding;
    Definitions: Postgres Mysql Mariadb Sqlite;
    Preamble: PsqlStop SqliteBail PostgresSession MysqlSession;
    Begin: Begin StartTransaction BeginImmediate;
    IntegerOperand: Bigint Signed AsIs;
    Subtraction: Native ByDecimal;
    WholeDivision: Slash Div;
    RangeCheck: All Standard None;
    TextFit: CutsSpaces Unchecked;
    TextOperand: CastPadded Utf8mb4 TrimPadded;
    TimeOperand: AsIs Cast;
    Concat: Pipes Function;
    Length: CharLength Length;
    Trim: Btrim TrimBoth Trim;
    Greatest: SkipsNull GivesNull MinMax;
    Floor: Function Integer Casts;
    Naming: Subselect None;
    ReplaceByNull: Null Unchanged;
    NullInstant: Error CurrentTime;
    Locking: ForUpdate Current Database;
    Keeping: Setting Variable TempTable;
    Exclusion: LockTable LockingRead Database;
    Deferring: SetConstraints Never;
    Returning: Nothing New OldAndNew;
    Following: WithUpdate Apart;
    Raise: CastText TwoRows AbsLeast;
    Identity: Sent Printed PrintedFloats Equality;
    NullParameter: KeepsType MakesText;
}

/// A type to which nothing is cast.
const OTHER_TYPE: &str = "blob";

impl Other for NameLimit {
    fn others(&self) -> Vec<Self> {
        match self {
            Self::Bytes(most) => {
                vec![Self::Bytes(most - 1), Self::Bytes(most + 1), Self::Chars(*most), Self::Unlimited]
            }
            Self::Chars(most) => {
                vec![Self::Chars(most - 1), Self::Chars(most + 1), Self::Bytes(*most), Self::Unlimited]
            }
            Self::Unlimited => vec![Self::Bytes(64), Self::Chars(64)],
        }
    }
}

impl Other for FloatCast {
    fn others(&self) -> Vec<Self> {
        match self {
            Self::Cast(_) => vec![Self::Cast(OTHER_TYPE), Self::AddZero],
            Self::AddZero => vec![Self::Cast("double precision"), Self::Cast("REAL")],
        }
    }
}

impl Other for &'static str {
    fn others(&self) -> Vec<Self> {
        vec![OTHER_TYPE]
    }
}

/// Beginnings of names: each of them left out, or, where there is none, the one with which all names begin.
impl Other for &'static [&'static str] {
    fn others(&self) -> Vec<Self> {
        if self.is_empty() {
            return vec![&[""]];
        }
        let without = |one| self.iter().copied().filter(|name| *name != one).collect::<Vec<_>>().leak();
        self.iter().map(|one| -> Self { without(*one) }).collect()
    }
}

impl Other for usize {
    fn others(&self) -> Vec<Self> {
        vec![self / 2, self - 1, self + 1, self * 2]
    }
}

impl Other for i32 {
    fn others(&self) -> Vec<Self> {
        vec![self - 1, self + 1]
    }
}

impl<T: Other + Copy> Other for (T, T) {
    fn others(&self) -> Vec<Self> {
        let first = self.0.others().into_iter().map(|first| (first, self.1));
        first.chain(self.1.others().into_iter().map(|second| (self.0, second))).collect()
    }
}

const CASE: &[Choice] = &[Choice::always(Strategy::Case)];
const PER_ROW: &[Choice] = &[Choice::always(Strategy::PerRow)];

impl Other for Thresholds {
    fn others(&self) -> Vec<Self> {
        let Self {
            bound: _,
            inline: _,
            script: _,
            values_bound: _,
            values_inline: _,
            arrays: _,
            looked_up: _,
            case_rows: _,
            case_branches: _,
            keys: _,
            groups: _,
            rows_per_group: _,
        } = *self;
        vec![
            Self { bound: CASE, ..*self },
            Self { inline: PER_ROW, ..*self },
            Self { script: CASE, ..*self },
            Self { values_bound: 1, ..*self },
            Self { values_inline: 1, ..*self },
            Self { arrays: 1, ..*self },
            Self { looked_up: 1, ..*self },
            Self { case_rows: 1, ..*self },
            Self { case_branches: 1, ..*self },
            Self { keys: 1, ..*self },
            Self { groups: 0, ..*self },
            Self { rows_per_group: 1, ..*self },
        ]
    }
}
