//! What a dialect can hold and compute, as far as random cases must know it.

use setwise::Type;

/// What a dialect can hold and compute.
#[derive(Debug)]
pub struct Caps {
    /// The dialect's name.
    pub name: &'static str,
    /// Unsigned integers up to so many bits; 0 for none.
    pub unsigned: u8,
    /// Whether there are integers of 8 and 24 bits.
    pub odd_widths: bool,
    /// The most digits of a decimal, and the most behind its point.
    pub decimal: (u32, u32),
    /// Whether a decimal column may leave its digits open.
    pub open_decimal: bool,
    /// Whether decimals are computed with and compared.
    pub decimal_arithmetic: bool,
    /// Whether a computed float goes into a column of 32 bits.
    pub computed_float32: bool,
    /// Whether -0.0 is kept.
    pub negative_zero: bool,
    /// Whether NaN and infinities are kept.
    pub nan: bool,
    pub infinity: bool,
    /// Whether text may hold U+0000.
    pub nul: bool,
    /// The years that dates have.
    pub years: (i32, i32),
    /// The years that instants have.
    pub instants: (i32, i32),
    /// Whether every UUID is held: MariaDB refuses those of version 8 and above whose ninth byte is 0x80 or less.
    pub any_uuid: bool,
    /// Types that only some have.
    pub extra: &'static [Extra],
    /// A collation under which text is compared byte by byte, for keys.
    pub binary_collation: Option<&'static str>,
    /// A collation to which the cases of a letter are one, for keys.
    pub folding_collation: &'static str,
    /// Whether there is a word for a column's default, declared or not.
    pub default_word: bool,
    /// The most bytes of a name, or characters where only the basic plane is taken.
    pub name_bytes: usize,
    pub name_is_basic_plane: bool,
}

/// A type that only some dialects have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    Uuid,
    Json,
    Jsonb,
    Interval,
    Array,
}

impl Caps {
    pub const SQLITE: Self = Self {
        name: "sqlite",
        default_word: false,
        unsigned: 32,
        odd_widths: true,
        decimal: (15, 14),
        open_decimal: false,
        decimal_arithmetic: false,
        computed_float32: false,
        negative_zero: false,
        nan: false,
        infinity: true,
        nul: true,
        years: (1, 9999),
        instants: (1, 9999),
        any_uuid: true,
        extra: &[Extra::Uuid, Extra::Json],
        binary_collation: Some("BINARY"),
        folding_collation: "NOCASE",
        name_bytes: 200,
        name_is_basic_plane: false,
    };

    pub const POSTGRES: Self = Self {
        name: "postgres",
        default_word: true,
        unsigned: 0,
        odd_widths: false,
        decimal: (60, 30),
        open_decimal: true,
        decimal_arithmetic: true,
        computed_float32: true,
        negative_zero: true,
        nan: true,
        infinity: true,
        nul: false,
        years: (-4000, 20_000),
        instants: (-4000, 20_000),
        any_uuid: true,
        extra: &[Extra::Uuid, Extra::Json, Extra::Jsonb, Extra::Interval, Extra::Array],
        binary_collation: Some("C"),
        folding_collation: "folding",
        name_bytes: 63,
        name_is_basic_plane: false,
    };

    pub const MYSQL: Self = Self {
        name: "mysql",
        default_word: true,
        unsigned: 64,
        odd_widths: true,
        decimal: (65, 30),
        open_decimal: false,
        decimal_arithmetic: true,
        computed_float32: true,
        negative_zero: false,
        nan: false,
        infinity: false,
        nul: true,
        years: (1, 9999),
        instants: (1971, 2037),
        any_uuid: false,
        extra: &[Extra::Jsonb],
        binary_collation: Some("utf8mb4_0900_bin"),
        folding_collation: "utf8mb4_0900_ai_ci",
        name_bytes: 64,
        name_is_basic_plane: true,
    };

    pub const MARIADB: Self = Self {
        name: "mariadb",
        extra: &[Extra::Uuid, Extra::Json],
        binary_collation: Some("utf8mb4_nopad_bin"),
        folding_collation: "utf8mb4_general_ci",
        ..Self::MYSQL
    };

    /// Whether the dialect holds values of a type.
    pub fn holds(&self, ty: &Type) -> bool {
        let extra = |extra| self.extra.contains(&extra);
        match ty {
            Type::Int { bits: 8 | 24 } => self.odd_widths,
            Type::UInt { bits } => *bits <= self.unsigned,
            Type::Decimal { precision: None, .. } => self.open_decimal,
            Type::Decimal { precision: Some(precision), .. } => *precision <= self.decimal.0,
            Type::Uuid => extra(Extra::Uuid),
            Type::Json => extra(Extra::Json),
            Type::Jsonb => extra(Extra::Jsonb),
            Type::Interval => extra(Extra::Interval),
            Type::Array(_) => extra(Extra::Array),
            Type::Named(_) => false,
            _ => true,
        }
    }
}
