//! Values of each type, ordinary ones and edges.

use naughty_strings::BLNS;
use setwise::{Array, Date, Decimal, Interval, Json, Time, Timestamp, TimestampTz, Type, Uuid, Value};

use super::caps::Caps;
use super::choices::Choices;

const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "ab",
    "abc",
    "a ",
    " a",
    "  ",
    "é",
    "e",
    "ß",
    "ss",
    "É",
    "😀",
    "\u{ffff}",
    "e\u{301}",
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\'",
    "\\0",
    "%",
    "_",
    "a%b",
    "a_b",
    "*",
    "?",
    "[",
    "]",
    "[a]",
    "!",
    "$1",
    ":x",
    "%s",
    "--",
    ";",
    "/*",
    "\n",
    "\r\n",
    "\t",
    "\u{1a}",
    "\u{1}",
    "\u{7f}",
    "\u{feff}",
    "\u{202e}",
    "0",
    "1",
    "-1",
    "1e5",
    "null",
    "NULL",
    "true",
    "2024-01-01",
    "{}",
    "x'41'",
    "日本語",
    "Straße",
    "ǅ",
    "ı",
    "İ",
    "K",
];

const JSON: &[&str] = &[
    "{}",
    "[]",
    "null",
    "true",
    r#""a""#,
    r#"{"a": 1}"#,
    r#"{"b": [1, 2.5, null], "a": "é'\\\"😀"}"#,
    r#"[{"a": {"b": {}}}]"#,
    r#"{"":""}"#,
    r#"[9007199254740991, -1, 0.5]"#,
    r#"{"a":1,"A":2}"#,
];

/// How far values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Small numbers and days of this century, so that computing with them rarely fails.
    Mild,
    /// To the edges of the type.
    Wild,
}

/// A value of a type; not NULL.
pub fn value(caps: &Caps, choices: &mut Choices<'_>, ty: &Type, reach: Reach) -> Value<'static> {
    let wild = reach == Reach::Wild && choices.chance(50);
    match ty {
        Type::Bool => Value::Bool(choices.chance(50)),
        Type::Int { .. } | Type::UInt { .. } => integer(choices, ty, wild),
        Type::Float32 => Value::Float(f64::from(float32(caps, choices, wild))),
        Type::Float64 => Value::Float(float64(caps, choices, wild)),
        Type::Decimal { precision, scale } => {
            let precision = precision.unwrap_or(40).min(caps.decimal.0);
            decimal(choices, precision, scale.unwrap_or(if precision == 40 { 10 } else { 0 }), wild)
        }
        Type::Text { max } => text(caps, choices, max.unwrap_or(200)).into(),
        Type::Char { length } => text(caps, choices, *length).trim_end_matches(' ').to_string().into(),
        Type::Bytes { max } => bytes(choices, max.unwrap_or(40)).into(),
        Type::Date => date(choices, years(caps.years, wild)).into(),
        Type::Time { digits } => time(choices, *digits).into(),
        Type::Timestamp { digits } => timestamp(choices, *digits, years(caps.years, wild)).into(),
        Type::TimestampTz { digits } => {
            TimestampTz::utc(timestamp(choices, *digits, years(caps.instants, wild))).into()
        }
        Type::Interval => Value::Interval(Interval {
            months: choices.between(0, 1200) as i32 - 600,
            days: choices.between(0, 2000) as i32 - 1000,
            micros: choices.between(-86_400_000_000_000, 86_400_000_000_000),
        }),
        Type::Uuid => {
            let (high, low) = (choices.bits(), choices.bits());
            let low = if caps.any_uuid { low } else { low | 3 << 62 };
            let bytes = [high.to_be_bytes(), low.to_be_bytes()].concat();
            Value::Uuid(Uuid::from_bytes(bytes.try_into().expect("eight bytes twice")))
        }
        Type::Json | Type::Jsonb => Value::Json(Json::new(*choices.pick(JSON))),
        Type::Enum { labels, .. } => Value::from(choices.pick(labels).to_string()),
        Type::Array(element) => {
            let count = choices.below(4);
            let items = (0..count).map(|_| match choices.chance(20) {
                true => Value::Null,
                false => value(caps, choices, element, reach),
            });
            Value::Array(Box::new(Array::new(items.collect()).expect("items of one type")))
        }
        _ => Value::Null,
    }
}

fn integer(choices: &mut Choices<'_>, ty: &Type, wild: bool) -> Value<'static> {
    let (least, most) = ty.integer_range().expect("an integer type");
    let n = if wild {
        let edges =
            [most, least, most - 1, least + 1, most / 2, (1 << 31) - 1, 1 << 31, 1 << 53, (1 << 53) + 1, 9_999_999];
        *choices.pick(&edges)
    } else {
        i128::from(choices.below(40) as i32) - if least < 0 { 10 } else { 0 }
    };
    let n = n.clamp(least, most);
    i64::try_from(n).map_or_else(|_| Value::UInt(n as u64), Value::Int)
}

fn float64(caps: &Caps, choices: &mut Choices<'_>, wild: bool) -> f64 {
    let mut edges = vec![
        0.1,
        0.2,
        0.3,
        1e15,
        1e16,
        -1e-7,
        123456.789,
        9007199254740993.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        1e308,
        1e-308,
        1.0 / 3.0,
        2.225_073_858_507_201e-308,
        179769313486231570000.0,
    ];
    edges.extend(caps.negative_zero.then_some(-0.0));
    edges.extend(caps.nan.then_some(f64::NAN));
    edges.extend(caps.infinity.then_some([f64::INFINITY, f64::NEG_INFINITY]).into_iter().flatten());
    match choices.below(if wild { 3 } else { 1 }) {
        0 => choices.between(0, 4000) as f64 / 8.0 - 100.0,
        1 => *choices.pick(&edges),
        _ => {
            let float = f64::from_bits(choices.bits());
            if float.is_finite() { float } else { 0.5 }
        }
    }
}

fn float32(caps: &Caps, choices: &mut Choices<'_>, wild: bool) -> f32 {
    let edges = [0.1f32, 1.0 / 3.0, f32::MAX, f32::MIN_POSITIVE, 16_777_217.0, 1e-45];
    match choices.below(if wild { 3 } else { 1 }) {
        0 => choices.between(0, 4000) as f32 / 8.0 - 100.0,
        // MySQL prints a float of 32 bits in six digits only where it is not asked by a driver.
        1 => *choices.pick(&edges),
        _ if caps.negative_zero => -0.0,
        _ => 0.25,
    }
}

fn decimal(choices: &mut Choices<'_>, precision: u32, scale: u32, wild: bool) -> Value<'static> {
    let whole = precision - scale;
    let digits = |choices: &mut Choices<'_>, count: u32| -> String {
        (0..count)
            .map(|_| if wild && choices.chance(50) { '9' } else { char::from(b'0' + choices.below(10) as u8) })
            .collect()
    };
    let whole = if wild { whole } else { whole.min(2) };
    let fraction = if wild { scale } else { scale.min(2) };
    let (whole, fraction) = (digits(choices, whole), digits(choices, fraction));
    let sign = if choices.chance(30) { "-" } else { "" };
    let text = match fraction.is_empty() {
        true => format!("{sign}0{whole}"),
        false => format!("{sign}0{whole}.{fraction}"),
    };
    let text = if text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { text } else { "0".to_string() };
    Value::Decimal(Decimal::parse(text).expect("digits"))
}

/// A text of at most so many characters.
pub fn text(caps: &Caps, choices: &mut Choices<'_>, max: u32) -> String {
    let text = match choices.below(10) {
        0..6 => (*choices.pick(TEXTS)).to_string(),
        6 => choices.pick(TEXTS).to_string() + *choices.pick(TEXTS),
        7 => (*choices.pick(BLNS)).to_string(),
        8 => {
            let count = choices.below(6);
            (0..count).map(|_| char::from_u32(choices.below(0x11_0000) as u32).unwrap_or('x')).collect()
        }
        _ if choices.chance(20) => "a\u{0}1".to_string(),
        _ => "x".repeat(choices.below(max as usize + 1)),
    };
    let holds = |c: &char| caps.nul || *c != '\0';
    text.chars().filter(holds).take(max as usize).collect()
}

fn bytes(choices: &mut Choices<'_>, max: u32) -> Vec<u8> {
    const EDGES: &[&[u8]] = &[b"", b"a", b"\0", b"\0\0", b"\xff\xfe", b"'", b"\\", b"a ", b"\x80", b"\\x41"];
    let bytes = match choices.chance(50) {
        true => choices.bits().to_be_bytes()[..choices.below(9)].to_vec(),
        false => choices.pick(EDGES).to_vec(),
    };
    bytes.into_iter().take(max as usize).collect()
}

fn years(of: (i32, i32), wild: bool) -> (i32, i32) {
    if wild { of } else { (of.0.max(2000), of.1.min(2030)) }
}

fn date(choices: &mut Choices<'_>, (least, most): (i32, i32)) -> Date {
    let year = match choices.below(8) {
        6 => least,
        7 => most,
        _ => choices.between(least.into(), most.into()) as i32,
    };
    let month = 1 + choices.below(12) as u8;
    let day = *choices.pick(&[1u8, 2, 15, 28, 29, 30, 31]);
    Date::new(year, month, day).or(Date::new(year, month, 28)).expect("every month has 28 days")
}

fn time(choices: &mut Choices<'_>, digits: u8) -> Time {
    let micro = *choices.pick(&[0u32, 0, 1, 500_000, 123_457, 999_999, 120_000]);
    let step = 10u32.pow(6 - u32::from(digits));
    let (hour, minute, second) = match choices.below(5) {
        4 => (23, 59, 59),
        3 => (0, 0, 0),
        _ => (choices.below(24) as u8, choices.below(60) as u8, choices.below(60) as u8),
    };
    Time::new(hour, minute, second, micro / step * step).expect("a time of day")
}

fn timestamp(choices: &mut Choices<'_>, digits: u8, years: (i32, i32)) -> Timestamp {
    Timestamp::new(date(choices, years), time(choices, digits))
}
