use super::*;
use crate::ir::{Date, Decimal, Json, Time, Timestamp, TimestampTz, Uuid};

fn values() -> Vec<Value<'static>> {
    let (date, time) = (Date::parse("9999-12-31").unwrap(), Time::parse("23:59:59.999999").unwrap());
    let text = "'\u{7f}".repeat(300);
    let array = Array::new(vec![Value::from(text.clone()), Value::Null, Value::from("\\".repeat(300))]).unwrap();
    vec![
        Value::Null,
        true.into(),
        i64::MIN.into(),
        u64::MAX.into(),
        5e-324.into(),
        f64::MAX.into(),
        Decimal::parse(format!("-{}", "9".repeat(300))).unwrap().into(),
        text.clone().into(),
        "\n".repeat(300).into(),
        Json::new(text).into(),
        vec![0xff_u8; 300].into(),
        array.into(),
        date.into(),
        time.into(),
        Timestamp::new(date, time).into(),
        TimestampTz::parse("9999-12-31 23:59:59.999999Z").unwrap().into(),
        Uuid::from_bytes([0xff; 16]).into(),
    ]
}

#[test]
fn no_literal_is_longer_than_its_bound() {
    for dialect in Dialect::all() {
        for output in [Output::Inline, Output::Script] {
            let words = Words::of(dialect, output);
            for value in values() {
                let (length, bound) = (words.length(&value), words.bound(&value));
                assert!(length <= bound, "{dialect}, {output:?}: {length} > {bound} for {value}");
            }
        }
    }
}

/// Chunks are cut by the bounds, so that another bound is another SQL.
#[test]
fn bounds_are_what_they_were() {
    let bounds = |dialect| {
        let words = Words::of(dialect, Output::Inline);
        let values = [
            Value::Int(1),
            1.5.into(),
            Decimal::parse("12.5").unwrap().into(),
            "abc".into(),
            Json::new("[10]").into(),
            vec![1_u8, 2, 3].into(),
            Array::new(vec!["abc".into(), "d".into()]).unwrap().into(),
        ];
        values.map(|value| words.bound(&value))
    };
    assert_eq!(bounds(Dialect::postgres()), [120, 900, 124, 52, 56, 46, 40 + 4 * (52 + 44)]);
    assert_eq!(bounds(Dialect::sqlite()), [120, 900, 124, 67, 76, 46, 40 + 4 * (67 + 49)]);
    assert_eq!(Words::of(Dialect::mysql(), Output::Inline).length(&Value::from("abc")), 5);
}

fn stored(value: Value<'_>) -> String {
    format!("{value:?}")
}

fn bound(value: impl Into<Value<'static>>, ty: Type, dialect: Dialect) -> String {
    let bind = Words::of(dialect, Output::Binds).bind(Cow::Owned(value.into()), &Cow::Owned(ty));
    format!("{:?}", bind.value())
}

#[test]
fn parameters_have_the_form_in_which_they_are_stored() {
    let (date, time) = (Date::parse("2026-01-02").unwrap(), Time::parse("03:04:05").unwrap());
    let stamp = Timestamp::new(date, time);
    let instant = TimestampTz::parse("2026-01-02 03:04:05+01:00").unwrap();
    let uuid = Uuid::from_bytes([0x11; 16]);
    let sqlite = Dialect::sqlite();
    assert_eq!(bound(true, Type::Bool, sqlite), stored(Value::Int(1)));
    assert_eq!(bound(date, Type::Date, sqlite), stored(Value::from("2026-01-02")));
    assert_eq!(bound(time, Type::TIME, sqlite), stored(Value::from("03:04:05")));
    assert_eq!(bound(stamp, Type::TIMESTAMP, sqlite), stored(Value::from("2026-01-02 03:04:05")));
    assert_eq!(bound(instant, Type::TIMESTAMPTZ, sqlite), stored(Value::from(instant.to_string())));
    assert_eq!(bound(uuid, Type::Uuid, sqlite), stored(Value::from(uuid.to_string())));
    assert_eq!(bound(Json::new("[1]"), Type::Json, sqlite), stored(Value::from("[1]")));
    assert_eq!(bound(Decimal::parse("1.50").unwrap(), Type::DECIMAL, sqlite), stored(Value::Float(1.5)));
    assert_eq!(bound(instant, Type::TIMESTAMPTZ, Dialect::mysql()), stored(Value::Timestamp(instant.to_utc())));
    assert_eq!(bound(instant, Type::TIMESTAMPTZ, Dialect::postgres()), stored(Value::TimestampTz(instant)));
    assert_eq!(
        bound(uuid, Type::Uuid, Dialect::mariadb().at(crate::Version::new(10, 11, 0))),
        stored(Value::from(uuid.to_string()))
    );
}

/// The casts of a parameter and of a literal, at each place that asks for one.
fn casts(dialect: Dialect, ty: &Type) -> [[String; 2]; 3] {
    let words = Words::of(dialect, Output::Binds);
    [Say::Type, Say::Operand, Say::OperandBehind].map(|say| {
        [true, false].map(|is_bind| match words.cast(ty, say, is_bind) {
            None => String::new(),
            Some(CastName::Word(word)) => word.to_owned(),
            Some(CastName::Own) => "its own".to_owned(),
            Some(CastName::Decimal { digits, scale }) => format!("({digits},{scale})"),
        })
    })
}

#[test]
fn casts_are_where_an_engine_guesses_otherwise() {
    let (postgres, mysql, mariadb) = (Dialect::postgres(), Dialect::mysql(), Dialect::mariadb());
    let (both, first, each) = (|word| [word; 2], |word| [word, ""], |word| [["", ""], [word, ""], [word, ""]]);
    let named = Type::Named("citext".try_into().unwrap());
    let decimal = |precision, scale| Type::Decimal { precision, scale };
    assert_eq!(casts(postgres, &Type::INT64), [both("bigint"), both("bigint"), both("")]);
    assert_eq!(casts(postgres, &named), [both("its own"), both("its own"), both("")]);
    assert_eq!(casts(postgres, &Type::list_of(Type::INT64)), [both("its own"), both("its own"), both("")]);
    assert_eq!(casts(mysql, &Type::TIMESTAMP), [first("DATETIME(6)"); 3]);
    for ty in [named, Type::Float64, Type::INT64] {
        assert_eq!(casts(mysql, &ty), [both(""); 3]);
        assert_eq!(casts(mariadb, &ty), [both(""); 3]);
    }
    assert_eq!(casts(mariadb, &decimal(Some(9), Some(2))), each("(9,2)"));
    assert_eq!(casts(mariadb, &decimal(Some(65), Some(38))), each("(65,38)"));
    assert_eq!(casts(mariadb, &decimal(Some(66), Some(2))), each("(65,38)"));
    assert_eq!(casts(mariadb, &decimal(Some(60), Some(39))), each("(65,38)"));
    assert_eq!(casts(mariadb, &decimal(None, None)), each("(65,38)"));
    assert_eq!(casts(Dialect::sqlite(), &decimal(None, None)), [both(""); 3]);
}
