//! The rows, from a fixed seed.

use std::fmt::Write;

/// The columns and their PostgreSQL types: the key, then as many as are assigned.
pub const COLUMNS: [(&str, &str); 5] =
    [("id", "bigint"), ("title", "text"), ("views", "bigint"), ("price", "numeric"), ("changed", "timestamptz")];

/// Rows in ascending order of their keys.
#[derive(Clone, Debug)]
pub struct Data {
    /// How many columns are assigned.
    pub assigned: usize,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row: its key, and a value for each assigned column.
#[derive(Clone, Debug)]
pub struct Row {
    /// The key.
    pub key: i64,
    /// The values, in the order of [`COLUMNS`] behind the key.
    pub values: Vec<Datum>,
}

/// A value as an application holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// NULL.
    Null,
    /// An integer.
    Int(i64),
    /// A decimal, as its digits.
    Decimal(String),
    /// Text, or an instant as text.
    Text(String),
    /// All values of a column, as a parameter.
    Array(Vec<Datum>),
}

impl Data {
    /// Spreads the keys evenly over the numbers from 1 to `most`, each somewhere in its part, and keeps them ascending.
    #[must_use]
    pub fn spread(mut self, most: i64) -> Self {
        let mut random = Random(self.rows.len() as u64);
        let part = most / i64::try_from(self.rows.len().max(1)).unwrap_or(i64::MAX);
        for (row, start) in self.rows.iter_mut().zip((1..).step_by(usize::try_from(part.max(1)).unwrap_or(1))) {
            row.key = start + random.below(part.max(1));
        }
        self
    }

    /// The names of the columns, the key's first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        COLUMNS.iter().take(self.assigned + 1).map(|(name, _)| *name)
    }
}

/// Rows with one or four assigned columns: a text of two to six short words, an integer, a decimal and an instant. One
/// value in 33 is NULL; one text in 20 holds a quote.
#[must_use]
pub fn generate(rows: usize, assigned: usize) -> Data {
    let mut random = Random(2026);
    let mut key = 1_000_000;
    let mut row = || {
        key += 1 + random.below(3);
        Row { key, values: (0..assigned).map(|column| datum(column, &mut random)).collect() }
    };
    Data { assigned, rows: (0..rows).map(|_| row()).collect() }
}

fn datum(column: usize, random: &mut Random) -> Datum {
    if random.below(100) < 3 {
        return Datum::Null;
    }
    match column {
        0 => Datum::Text(words(random)),
        1 => Datum::Int(random.below(1_000_000_000)),
        2 => Datum::Decimal(format!("{}.{:02}", random.below(100_000), random.below(100))),
        _ => {
            let mut part = |from: i64, to: i64| from + random.below(to - from);
            let (year, month, day) = (part(1990, 2030), part(1, 13), part(1, 29));
            let (hour, minute, second) = (part(0, 24), part(0, 60), part(0, 60));
            let micro = part(1, 1_000_000);
            let date = format!("{year:04}-{month:02}-{day:02}");
            Datum::Text(format!("{date} {hour:02}:{minute:02}:{second:02}.{micro:06}+00:00"))
        }
    }
}

fn words(random: &mut Random) -> String {
    const WORDS: [&str; 12] =
        ["red", "fox", "jumps", "over", "lazy", "dog", "blue", "sky", "and", "rain", "falls", "down"];
    let mut text = String::new();
    for index in 0..2 + random.below(5) {
        let word = WORDS[usize::try_from(random.below(12)).unwrap_or(0)];
        let space = if index == 0 { "" } else { " " };
        let _ = write!(text, "{space}{word}");
    }
    if random.below(20) == 0 {
        text.push_str("'s");
    }
    text
}

/// The generator splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        i64::try_from(bits >> 1).unwrap_or(0) % bound
    }
}
