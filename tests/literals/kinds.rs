//! The values: each kind is one type of column and what goes into it.

use naughty_strings::BLNS;
use setwise::{Array, Decimal, Type, Value};

use super::edges;

/// A value, and the engines that do not hold it.
#[derive(Clone, Debug)]
pub struct Sample {
    pub value: Value<'static>,
    pub refused_by: Vec<&'static str>,
    /// How many things it stands for: a text of many characters is compared at once.
    pub counts: usize,
}

/// Values of one type.
#[derive(Clone, Debug)]
pub struct Kind {
    pub name: String,
    pub ty: Type,
    pub samples: Vec<Sample>,
    /// How many are written at once.
    pub rows: usize,
    /// Whether they are written in every way.
    pub is_edge: bool,
}

impl Kind {
    fn new(name: &str, ty: Type, rows: usize, samples: impl IntoIterator<Item = Sample>) -> Self {
        Self { name: name.into(), ty, samples: samples.into_iter().collect(), rows, is_edge: false }
    }

    /// A few values, written in every way.
    pub fn edge(name: &str, ty: Type, values: Vec<Value<'static>>) -> Self {
        Self { is_edge: true, ..Self::new(name, ty, 100, values.into_iter().map(sample)) }
    }

    /// One of so many values, unless all are asked for.
    fn one_of(mut self, step: usize, is_full: bool) -> Self {
        let mut at = 0;
        self.samples.retain(|_| {
            at += 1;
            is_full || (at - 1) % step == 0
        });
        self
    }
}

fn sample(value: Value<'static>) -> Sample {
    Sample { value, refused_by: Vec::new(), counts: 1 }
}

/// Text, which PostgreSQL holds without NUL only.
fn text(text: String) -> Sample {
    let refused_by = if text.contains('\0') { vec!["postgres"] } else { Vec::new() };
    Sample { value: text.into(), refused_by, counts: 1 }
}

/// A double, by what each engine is known to hold.
fn float(float: f64) -> Sample {
    let mut refused_by = Vec::new();
    if float.is_nan() {
        refused_by = vec!["sqlite", "mysql", "mariadb"];
    } else if float == 0.0 && float.is_sign_negative() {
        refused_by = vec!["sqlite", "mariadb"];
    } else if float.is_infinite() {
        refused_by = vec!["mysql", "mariadb"];
    }
    Sample { value: Value::Float(float), refused_by, counts: 1 }
}

/// All kinds for an engine: the edges of its types, and then those of which there are many.
pub fn all(engine: &str, is_full: bool) -> Vec<Kind> {
    let mut kinds = edges::load(engine);
    kinds.push(Kind::new("naughty strings", Type::TEXT, 515, BLNS.iter().map(|string| text((*string).into()))));
    if engine == "postgres" {
        let (texts, floats) = (Type::array(Type::TEXT).unwrap(), Type::array(Type::Float64).unwrap());
        let pairs = ascii_pairs().filter(|pair| pair.refused_by.is_empty());
        kinds.push(Kind::new("pairs of ASCII in arrays", texts, 64, arrays(pairs, 127)).one_of(7, is_full));
        kinds.push(Kind::new("doubles in arrays", floats, 64, arrays(doubles(20_000), 100)).one_of(37, is_full));
    }
    kinds.push(Kind::new("NUL before digits", Type::TEXT, 30, nul_before_digits()));
    kinds.extend([
        Kind::new("scalars alone", Type::TEXT, 1024, scalars().take(0x800).flat_map(alone)).one_of(3, is_full),
        Kind::new("scalars", Type::TEXT, 16, packed()).one_of(16, is_full),
        Kind::new("pairs of ASCII", Type::TEXT, 4096, ascii_pairs()).one_of(37, is_full),
        Kind::new("bytes", Type::BYTES, 256, (0..=255).map(|byte| bytes(vec![byte]))),
        Kind::new("pairs of bytes", Type::BYTES, 4096, byte_pairs()).one_of(97, is_full),
        Kind::new(
            "int16",
            Type::Int { bits: 16 },
            4096,
            (i16::MIN..=i16::MAX).map(|int| sample(i64::from(int).into())),
        )
        .one_of(101, is_full),
        Kind::new("powers", Type::Float64, 4096, powers()).one_of(13, is_full),
        Kind::new("doubles", Type::Float64, 2048, doubles(200_000)).one_of(307, is_full),
        Kind::new("float32", Type::Float32, 2048, singles(20_000)).one_of(43, is_full),
        Kind::new("decimals", Type::Decimal { precision: Some(15), scale: Some(6) }, 2048, decimals(20_000))
            .one_of(41, is_full),
    ]);
    kinds
}

/// Every Unicode scalar.
fn scalars() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

/// A scalar alone, and before a digit that an escape would swallow.
fn alone(scalar: char) -> [Sample; 2] {
    [text(scalar.into()), text(format!("{scalar}0"))]
}

/// Every scalar but NUL, alone and before a digit, many in one text; and NUL in a text of its own.
fn packed() -> impl Iterator<Item = Sample> {
    let mut scalars = scalars().skip(1);
    let blocks = std::iter::from_fn(move || {
        let block: Vec<char> = scalars.by_ref().take(4096).collect();
        let joined: String = block.iter().flat_map(|scalar| [*scalar, *scalar, '0']).collect();
        (!block.is_empty()).then(|| Sample { counts: block.len() * 2, ..text(joined) })
    });
    std::iter::once(Sample { counts: 2, ..text("\0\x000".into()) }).chain(blocks)
}

/// The values in arrays of so many, which quote and escape their items.
fn arrays(samples: impl Iterator<Item = Sample>, length: usize) -> impl Iterator<Item = Sample> {
    let values: Vec<Value<'static>> = samples.map(|sample| sample.value).collect();
    let arrays: Vec<_> =
        values.chunks(length).map(|items| (Array::new(items.to_vec()).unwrap(), items.len())).collect();
    arrays.into_iter().map(|(array, counts)| Sample { counts, ..sample(array.into()) })
}

/// NUL first, within and twice, before each digit.
fn nul_before_digits() -> impl Iterator<Item = Sample> {
    (0..10).flat_map(|digit| [format!("\0{digit}"), format!("a\0{digit}b"), format!("\0\0{digit}\0")]).map(text)
}

fn ascii_pairs() -> impl Iterator<Item = Sample> {
    ('\0'..='\x7f').flat_map(|first| ('\0'..='\x7f').map(move |second| text([first, second].iter().collect())))
}

fn bytes(bytes: Vec<u8>) -> Sample {
    sample(Value::Bytes(bytes.into()))
}

fn byte_pairs() -> impl Iterator<Item = Sample> {
    (0..=u16::MAX).map(|pair| bytes(pair.to_be_bytes().to_vec()))
}

/// Every power of two and of ten that a double holds, with its neighbours.
fn powers() -> impl Iterator<Item = Sample> {
    let twos =
        (1..2047).map(|exponent| f64::from_bits(exponent << 52)).chain((0..52).map(|bit| f64::from_bits(1 << bit)));
    let tens = (-323..=308).map(|power| format!("1e{power}").parse().unwrap());
    let all = twos.chain(tens).flat_map(|float: f64| [float.next_down(), float, float.next_up()]);
    all.flat_map(|positive| [float(positive), float(-positive)])
}

/// Doubles of random bits, of every sign and exponent.
fn doubles(count: usize) -> impl Iterator<Item = Sample> {
    random(1).map(f64::from_bits).map(float).take(count)
}

/// Floats of random 32 bits; NaN is among the doubles.
fn singles(count: usize) -> impl Iterator<Item = Sample> {
    let bits = random(2).map(|bits| f32::from_bits((bits >> 32) as u32));
    bits.filter(|single| !single.is_nan()).map(|single| float(single.into())).take(count)
}

/// Decimals of up to 15 digits, 6 of them behind the point.
fn decimals(count: usize) -> impl Iterator<Item = Sample> {
    random(3).take(count).map(|bits| {
        let digits = (bits >> 8) % 10u64.pow(1 + u32::try_from(bits % 15).unwrap());
        let (sign, behind) = (if bits & 16 == 0 { "" } else { "-" }, 1_000_000);
        let text = format!("{sign}{}.{:06}", digits / behind, digits % behind);
        sample(Value::Decimal(Decimal::parse(text).unwrap()))
    })
}

/// Random numbers, the same in every run: splitmix64.
fn random(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::from_fn(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some(mixed ^ (mixed >> 31))
    })
}
