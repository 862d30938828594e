//! Random values, expressions and updates of every kind.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use setwise::{
    Array, Assignment, Binary, Branch, Cell, Cells, Date, Decimal, Expr, Follower, Func, Ident, Interval, Json,
    OnDuplicate, OnMissing, Selection, TableName, Time, Timestamp, TimestampTz, Type, Unary, Update, UpdateBuilder,
    Uuid, Value,
};

/// Words, symbols and literals of the language.
pub const WORDS: &[&str] = &[
    "update",
    "by",
    "set",
    "where",
    "rows",
    "all",
    "and",
    "or",
    "not",
    "is",
    "null",
    "distinct",
    "from",
    "in",
    "between",
    "like",
    "escape",
    "case",
    "when",
    "then",
    "else",
    "end",
    "cast",
    "as",
    "new",
    ".",
    ",",
    "(",
    ")",
    "=",
    "<>",
    "<",
    "+",
    "-",
    "*",
    "/",
    "--",
    ";",
    ":",
    "on",
    "int",
    "a",
    "b",
    "\"c\"\"\"",
    "1",
    "-1",
    "0.50",
    "1e3",
    "'t'",
    "e'\\n'",
    "array",
    "[",
    "]",
    "int64",
    "decimal",
    "coalesce",
    "now",
    "date '2024-02-29'",
    "true",
    "keep",
    "default",
    "float 'nan'",
    "e\"\\0\"",
    "select",
    "where",
    "in (select a from b where",
    "\n",
];

pub fn text() -> impl Strategy<Value = String> {
    let hostile = [
        "",
        "'",
        "''",
        "\\",
        "\\'",
        "\"",
        "\0",
        "a\0b",
        "\n",
        "\r\n",
        "\u{1b}[31m",
        "\u{85}",
        "\u{202e}x",
        "\u{feff}",
        "--",
        ";",
        "${x}",
        "%s",
        "?",
        ":a",
        "e'",
        "it's",
        "\u{1f469}\u{200d}\u{1f469}",
        "\u{301}",
        "\u{e0001}",
        "null",
        "\\u{41}",
    ];
    prop_oneof![select(hostile.to_vec()).prop_map(String::from), any::<String>(), "[a-z' ]{0,12}"]
}

pub fn ident() -> impl Strategy<Value = Ident> {
    let hostile = [
        "set", "new", "Null", "a.b", "\"", "\"\"", "order", "e", "1a", "a b", "-", "größe", "rows", "x'y", "date",
        "int64", "a\nb", "array", "cast", "keep", "Upper", "_", "e\"", "\u{202e}",
    ];
    let any_name =
        any::<String>().prop_map(|name| name.replace('\0', "0")).prop_filter("empty", |name| !name.is_empty());
    prop_oneof![4 => "[a-z]{1,6}".boxed(), 2 => select(hostile.to_vec()).prop_map(String::from).boxed(), 1 => any_name.boxed()]
        .prop_map(|name| Ident::new(name).unwrap())
}

fn date() -> impl Strategy<Value = Date> {
    (-4713..=99_999i32, 1..=12u8, 1..=28u8).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn time() -> impl Strategy<Value = Time> {
    let micro = prop_oneof![Just(0), 0..1_000_000u32];
    (0..24u8, 0..60u8, 0..60u8, micro).prop_map(|(h, m, s, micro)| Time::new(h, m, s, micro).unwrap())
}

fn scalar() -> BoxedStrategy<Value<'static>> {
    let floats =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 1.0, 1e300, 5e-324, 0.1, f64::MIN, 1e16, -1e-7];
    let decimals = ["0", "-0", "-0.00", "12.50", "-12.50", "123456789012345678901234567890", "0.000001", "-7"];
    let stamp = || (date(), time()).prop_map(|(date, time)| Timestamp::new(date, time));
    let interval = (any::<i32>(), any::<i32>(), any::<i64>());
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof![any::<i64>(), Just(i64::MIN), -9..9i64].prop_map(Value::Int),
        prop_oneof![any::<u64>(), 0..9u64].prop_map(Value::UInt),
        prop_oneof![any::<f64>(), select(floats.to_vec())].prop_map(Value::Float),
        prop_oneof![select(decimals.to_vec()).prop_map(String::from), "-?[1-9][0-9]{0,30}(\\.[0-9]{1,9})?"]
            .prop_map(|text| Value::Decimal(Decimal::parse(text).unwrap())),
        text().prop_map(Value::from),
        vec(any::<u8>(), 0..20).prop_map(Value::from),
        date().prop_map(Value::Date),
        time().prop_map(Value::Time),
        stamp().prop_map(Value::Timestamp),
        stamp().prop_map(|utc| Value::TimestampTz(TimestampTz::utc(utc))),
        interval.prop_map(|(months, days, micros)| Value::Interval(Interval { months, days, micros })),
        any::<[u8; 16]>().prop_map(|bytes| Value::Uuid(Uuid::from_bytes(bytes))),
        text().prop_map(|text| Value::Json(Json::new(text))),
    ]
    .boxed()
}

pub fn value() -> BoxedStrategy<Value<'static>> {
    scalar()
        .prop_recursive(3, 12, 4, |item| {
            vec(item, 0..4)
                .prop_map(|items| Array::new(items).map_or(Value::Null, |array| Value::Array(Box::new(array))))
        })
        .boxed()
}

fn ty() -> BoxedStrategy<Type> {
    let bits = || select(&[8u8, 16, 24, 32, 64][..]);
    let digits = || 0..=6u8;
    let labels = vec(text().prop_map(String::into_boxed_str), 0..3);
    prop_oneof![
        select(vec![
            Type::Bool,
            Type::Float32,
            Type::Float64,
            Type::Date,
            Type::Interval,
            Type::Uuid,
            Type::Json,
            Type::Jsonb
        ]),
        bits().prop_map(|bits| Type::Int { bits }),
        bits().prop_map(|bits| Type::UInt { bits }),
        option::of((0..99u32, 0..99u32)).prop_map(|digits| match digits {
            Some((precision, scale)) => Type::Decimal { precision: Some(precision), scale: Some(scale) },
            None => Type::DECIMAL,
        }),
        option::of(any::<u32>()).prop_map(|max| Type::Text { max }),
        option::of(any::<u32>()).prop_map(|max| Type::Bytes { max }),
        any::<u32>().prop_map(|length| Type::Char { length }),
        digits().prop_map(|digits| Type::Time { digits }),
        digits().prop_map(|digits| Type::Timestamp { digits }),
        digits().prop_map(|digits| Type::TimestampTz { digits }),
        (option::of(ident()), labels).prop_map(|(name, labels)| Type::Enum { name, labels }),
        ident().prop_map(Type::Named),
    ]
    .boxed()
    .prop_recursive(2, 2, 1, |element| element.prop_map(|element| Type::array(element).unwrap()))
    .boxed()
}

const OPERATORS: [Binary; 11] = [
    Binary::Add,
    Binary::Subtract,
    Binary::Multiply,
    Binary::Divide,
    Binary::Equal,
    Binary::NotEqual,
    Binary::Less,
    Binary::LessOrEqual,
    Binary::Greater,
    Binary::GreaterOrEqual,
    Binary::IsDistinct,
];

pub fn expr() -> BoxedStrategy<Expr<'static>> {
    let leaf = prop_oneof![
        value().prop_map(Expr::Value),
        ident().prop_map(Expr::Column),
        ident().prop_map(Expr::Input),
        ident().prop_map(Expr::Param)
    ];
    leaf.boxed()
        .prop_recursive(7, 60, 5, |inner| {
            let one = || inner.clone().prop_map(Box::new);
            let list = || vec(inner.clone(), 0..4);
            let branch = (inner.clone(), inner.clone()).prop_map(|(when, then)| Branch { when, then });
            prop_oneof![
                (select(&[Unary::Not, Unary::Negate][..]), one()).prop_map(|(operator, a)| Expr::Unary(operator, a)),
                (select(&OPERATORS[..]), one(), one()).prop_map(|(operator, a, b)| Expr::Binary(operator, a, b)),
                list().prop_map(Expr::And),
                list().prop_map(Expr::Or),
                one().prop_map(Expr::IsNull),
                (one(), list()).prop_map(|(a, list)| Expr::In(a, list)),
                (vec(inner.clone(), 1..3), table(), vec(ident(), 1..3), option::of(inner.clone())).prop_map(
                    |(operands, table, columns, filter)| {
                        let rows = Selection::new(&table, columns).unwrap();
                        let rows = Box::new(filter.into_iter().fold(rows, Selection::filter));
                        Expr::InRows { operands, rows }
                    }
                ),
                (one(), one(), one()).prop_map(|(a, low, high)| Expr::Between(a, low, high)),
                (one(), text(), option::of(any::<char>())).prop_map(|(text, pattern, escape)| Expr::Like {
                    text,
                    pattern: pattern.into(),
                    escape
                }),
                (vec(branch, 1..3), option::of(one()))
                    .prop_map(|(branches, otherwise)| Expr::Case { branches, otherwise }),
                (one(), ty()).prop_map(|(a, ty)| Expr::Cast(a, ty)),
                (select(&Func::ALL[..]), list()).prop_map(|(func, list)| Expr::Call(func, list)),
            ]
        })
        .boxed()
}

fn cell() -> impl Strategy<Value = Cell<'static>> {
    prop_oneof![
        1 => Just(Cell::Keep),
        1 => Just(Cell::Default),
        6 => value().prop_map(Cell::Value),
        2 => expr().prop_map(|expr| Cell::Expr(Box::new(expr))),
    ]
}

fn cells() -> impl Strategy<Value = Cells<'static>> {
    (vec(ident(), 1..4), 0..4usize)
        .prop_flat_map(|(columns, rows)| (vec(cell(), rows * columns.len()), Just(columns)))
        .prop_map(|(cells, columns)| Cells::new(columns, cells).unwrap())
}

/// One thing that an update says of rows that collide, are missing or have changed.
#[derive(Clone, Debug)]
enum Policy {
    OnDuplicate(OnDuplicate),
    OnMissing(OnMissing),
    OnlyChanged,
    Version(Ident),
    Touch(Vec<Ident>),
    Disjoint(Vec<Ident>),
    Lock,
    Returning(Vec<Ident>),
    ReturningOld(Vec<Ident>),
    Follow(Box<Follower<'static>>),
}

impl Policy {
    fn apply(builder: UpdateBuilder<'static>, policy: Self) -> UpdateBuilder<'static> {
        match policy {
            Self::OnDuplicate(which) => builder.on_duplicate(which),
            Self::OnMissing(which) => builder.on_missing(which),
            Self::OnlyChanged => builder.only_changed(),
            Self::Version(column) => builder.version_column(column),
            Self::Touch(columns) => builder.touch(columns),
            Self::Disjoint(columns) => builder.disjoint(columns),
            Self::Lock => builder.lock_ordered(),
            Self::Returning(columns) => builder.returning(columns),
            Self::ReturningOld(columns) => builder.returning_old(columns),
            Self::Follow(follower) => builder.follow(*follower),
        }
    }
}

fn policies() -> impl Strategy<Value = Vec<Policy>> {
    let columns = || vec(ident(), 1..3);
    let policy = prop_oneof![
        select(&OnDuplicate::ALL[..]).prop_map(|(_, which)| Policy::OnDuplicate(which)),
        select(&OnMissing::ALL[..]).prop_map(|(_, which)| Policy::OnMissing(which)),
        Just(Policy::OnlyChanged),
        ident().prop_map(Policy::Version),
        columns().prop_map(Policy::Touch),
        columns().prop_map(Policy::Disjoint),
        Just(Policy::Lock),
        columns().prop_map(Policy::Returning),
        columns().prop_map(Policy::ReturningOld),
        follower().prop_map(|follower| Policy::Follow(Box::new(follower))),
    ];
    prop_oneof![2 => Just(Vec::new()), 1 => vec(policy, 1..4)]
}

fn follower() -> impl Strategy<Value = Follower<'static>> {
    let set = vec((ident(), expr()), 1..3);
    let parts = (option::of(table()), table(), vec((ident(), ident()), 1..3), set, option::of(expr()));
    parts.prop_map(|(of, table, links, set, filter)| {
        let set = set.into_iter().map(|(column, value)| Assignment { column, value }).collect();
        Follower { of, table, links, set, filter }
    })
}

fn params() -> impl Strategy<Value = Vec<(Ident, Type, bool)>> {
    let param = (ident(), ty(), any::<bool>());
    vec(param, 0..3).prop_map(|mut params| {
        let mut seen = std::collections::HashSet::new();
        params.retain(|(name, _, _)| seen.insert(name.clone()));
        params
    })
}

fn table() -> impl Strategy<Value = TableName> {
    (option::of(ident()), ident()).prop_map(|(schema, name)| match schema {
        Some(schema) => TableName::from((schema, name)),
        None => TableName::from(name),
    })
}

pub fn update() -> impl Strategy<Value = Update<'static>> {
    let set = vec((ident(), expr()), 0..4);
    let keyed = option::of((vec(ident(), 1..3), cells()));
    let heading = (option::of(ident()), params());
    let parts = (heading, table(), set, keyed, option::of(expr()), policies());
    parts.prop_map(|((name, params), table, set, keyed, filter, policies)| {
        let mut builder = policies.into_iter().fold(Update::table(&table), Policy::apply);
        builder = name.into_iter().fold(builder, UpdateBuilder::name);
        for (name, ty, nullable) in params {
            builder = if nullable { builder.nullable_param(name, ty) } else { builder.param(name, ty) };
        }
        for (column, value) in set {
            builder = builder.set(column, value);
        }
        builder = match keyed {
            Some((key, cells)) => builder.key(key).cells(cells),
            None if filter.is_none() => builder.all_rows(),
            None => builder,
        };
        if let Some(filter) = filter {
            builder = builder.filter(filter);
        }
        builder.build().unwrap()
    })
}
