//! What expressions give.

use super::*;

#[test]
fn integers() {
    gives("n", col("n") + 5, 12);
    gives("n", col("i8") + 100, 200);
    gives("n", col("n") - int(MAX), 7 - MAX);
    gives("n", col("x") + 1, Value::Null);
    gives("n", neg(col("n")), -7);
    gives("n", call(Func::Div, [int(-7), val(2)]), -3);
    gives("n", call(Func::Mod, [int(-7), val(2)]), -1);
    gives("n", call(Func::Mod, [int(7), val(-2)]), 1);
    gives("n", call(Func::Mod, [col("min"), val(-1)]), 0);
    gives("n", call(Func::Div, [col("n"), call(Func::Nullif, [int(0), val(0)])]), Value::Null);
    gives("n", call(Func::Abs, [int(-9)]), 9);
    gives("u", val(u64::MAX), u64::MAX);
    for overflow in [
        int(MAX) + 1,
        col("min") - 1,
        val(0) - col("min"),
        int(MAX) * 2,
        neg(col("min")),
        call(Func::Abs, [col("min")]),
        call(Func::Div, [col("min"), val(-1)]),
    ] {
        fails("n", overflow, Class::OutOfRange);
    }
    fails("i8", col("i8") + 28, Class::OutOfRange);
    fails("n", val(MAX) + 1, Class::Refused("out-of-range"));
    fails("n", col("u") + 1, Class::Refused("mistyped"));
    fails("n", col("n") / 2, Class::Refused("integer-division"));
    fails("n", call(Func::Div, [col("n"), val(0)]), Class::Refused("zero-divisor"));
    fails("n", call(Func::Mod, [col("n"), col("x")]), Class::Refused("maybe-zero-divisor"));
    fails("n", col("n") + val("1"), Class::Refused("mistyped"));
    fails("i8", val(128), Class::Refused("out-of-range"));
}

#[test]
fn decimals() {
    gives("d", col("d") + 1, dec("3.5"));
    gives("d4", col("d") * col("d"), dec("6.25"));
    gives("d4", col("d4") - val(dec("0.0001")), dec("-2.4501"));
    gives("d", call(Func::Round, [col("d4"), val(1)]), dec("-2.5"));
    gives("d", call(Func::Round, [col("d")]), dec("3"));
    gives("d", call(Func::Round, [neg(col("d"))]), dec("-3"));
    gives("d4", call(Func::Round, [col("d4"), val(30)]), dec("-2.45"));
    gives("d", call(Func::Floor, [col("d4")]), dec("-3"));
    gives("d", call(Func::Ceil, [col("d4")]), dec("-2"));
    gives("d", call(Func::Abs, [neg(col("d"))]), dec("2.5"));
    gives("d", call(Func::Greatest, [col("d"), col("n")]), dec("7"));
    gives("d", cast(col("n"), Type::DECIMAL), dec("7"));
    gives("n", cast(call(Func::Round, [col("d")]), Type::INT64), 3);
    fails("d", col("d") * col("d") * col("d4"), Class::Refused("too-precise"));
    fails("d", col("d") * int(100_000_000), Class::OutOfRange);
    fails("d", col("d") / 2, Class::Refused("mistyped"));
    fails("n", cast(col("d"), Type::INT64), Class::Refused("mistyped"));
    fails("d", val(dec("1.005")), Class::Refused("too-precise"));
}

#[test]
fn floats() {
    gives("f", col("f") + val(0.1) + val(0.2), 2.5 + 0.1 + 0.2);
    gives("f", col("f") * 2, 5.0);
    gives("f", col("f") / val(-10.0), -0.25);
    gives("f", col("f") / call(Func::Nullif, [float(-0.0), val(0)]), Value::Null);
    gives("f", call(Func::Floor, [float(-0.5)]), -1.0);
    gives("f", call(Func::Ceil, [float(-0.5)]), 0.0);
    gives("f", col("f") * val(-0.0), 0.0);
    gives("f", val(-0.0), -0.0);
    gives("f", cast(col("i8"), Type::Float64), 100.0);
    gives("f32", col("f") / val(3.0), f64::from((2.5f64 / 3.0) as f32));
    fails("f", float(1e308) * 10, Class::OutOfRange);
    fails("f32", float(1e39), Class::OutOfRange);
    fails("f", float(1e-300) * val(1e-300), Class::EngineDependent("a float that underflows to zero"));
    fails("f", call(Func::Round, [col("f")]), Class::Refused("mistyped"));
    fails("f32", val(0.1), Class::Refused("too-precise"));
}

#[test]
fn texts() {
    gives("n", call(Func::Length, [col("s")]), 11);
    gives("n", call(Func::Length, [col("c")]), 2);
    gives("s", call(Func::Lower, [col("s")]), "straße 😀 Éa");
    gives("s", call(Func::Upper, [col("s")]), "STRAßE 😀 ÉA");
    gives("s", call(Func::Trim, [text("  \t a  ")]), "\t a");
    gives("s", call(Func::Substring, [col("s"), val(8), val(1)]), "😀");
    gives("s", call(Func::Substring, [col("s"), val(10)]), "Éa");
    gives("s", call(Func::Substring, [col("s"), val(12)]), "");
    gives("s", call(Func::Replace, [text("aaaA"), val("aa"), val("b")]), "baA");
    gives("s", call(Func::Concat, [col("c"), val("|")]), "ab|");
    gives("s", call(Func::Concat, [col("s"), col("xs")]), Value::Null);
    gives("s", call(Func::Coalesce, [col("xs"), val("x")]), "x");
    gives("s", cast(col("min"), Type::TEXT), "-9223372036854775808");
    gives("c", text("abc       "), "abc");
    fails("s5", text("abcdef"), Class::OutOfRange);
    fails("s5", text("abc   "), Class::OutOfRange);
    fails("s5", val("abc   "), Class::Refused("too-long"));
    fails("c", text("abcdef"), Class::OutOfRange);
    fails("s", call(Func::Substring, [col("s"), val(0)]), Class::Refused("bad-argument"));
    fails("s", call(Func::Replace, [col("s"), val(""), val("b")]), Class::Refused("bad-argument"));
    fails("s", call(Func::Concat, [col("s"), col("n")]), Class::Refused("mistyped"));
}

#[test]
fn patterns() {
    let like = |of: E, pattern: &str, escape| Expr::Like { text: of.into(), pattern: pattern.into(), escape };
    for (of, pattern, matches) in [
        ("abc", "a%", true),
        ("abc", "A%", false),
        ("abc", "a_c", true),
        ("abc", "a_", false),
        ("é😀", "__", true),
        ("", "%", true),
        ("", "_", false),
        ("a%b", "a!%_", true),
        ("axb", "a!%_", false),
        ("a!b", "a!!b", true),
        ("a\\b", "a\\b", true),
        ("a ", "a", false),
        ("abcabc", "%b%b%", true),
        ("a*b?[", "a*b?[", true),
    ] {
        gives("b", like(text(of), pattern, Some('!')), matches);
    }
    gives("b", like(col("xs"), "%", None), Value::Null);
    gives("b", like(text("a!b"), "a!b", None), true);
    fails("b", like(col("s"), "a!", Some('!')), Class::Refused("bad-pattern"));
    fails("b", like(col("s"), "!ab", Some('!')), Class::Refused("bad-pattern"));
}

#[test]
fn comparisons() {
    gives("b", col("n").equals(7), true);
    gives("b", col("d").equals(dec("2.5")), true);
    gives("b", col("n").less_than(col("d")), false);
    gives("b", col("u").less_than(MAX), false);
    gives("b", text("a").equals("a "), false);
    gives("b", text("a").equals("A"), false);
    gives("b", text("\u{ffff}").less_than("😀"), true);
    gives("b", text("Z").less_than("a"), true);
    gives("b", col("c").equals("ab"), true);
    gives("b", col("x").equals(1), Value::Null);
    gives("b", op(Binary::NotEqual, col("b"), val(false)), true);
    gives("b", op(Binary::IsDistinct, col("x"), null()), false);
    gives("b", op(Binary::IsDistinct, col("x"), val(1)), true);
    gives("b", op(Binary::IsDistinct, col("n"), val(7)), false);
    gives("b", op(Binary::GreaterOrEqual, col("at"), val(at("2024-02-29 23:59:59.123457"))), true);
    gives("b", col("tz").less_than(call(Func::Now, [])), true);
    gives("b", Expr::Between(col("n").into(), val(7).into(), col("x").into()), Value::Null);
    gives("b", Expr::Between(col("n").into(), val(8).into(), col("x").into()), false);
    gives("b", Expr::In(col("n").into(), vec![col("x"), val(7)]), true);
    gives("b", Expr::In(col("n").into(), vec![col("x"), val(8)]), Value::Null);
    gives("b", Expr::In(col("x").into(), vec![]), false);
    gives("b", Expr::IsNull(col("x").into()), true);
    gives("b", col("uuid").equals(Uuid::from_bytes([7; 16])), true);
    fails("b", col("uuid").less_than(Uuid::from_bytes([7; 16])), Class::Refused("mistyped"));
    fails("b", col("b").less_than(true), Class::Refused("mistyped"));
    fails("b", col("b").equals(1), Class::Refused("mistyped"));
    fails("b", col("n").equals("7"), Class::Refused("mistyped"));
    fails("b", col("at").less_than(col("tz")), Class::Refused("mistyped"));
    fails("b", col("n").equals(null()), Class::Refused("compares-null"));
    fails("b", Expr::In(col("n").into(), vec![null()]), Class::Refused("null-in-list"));
}

#[test]
fn three_valued_logic() {
    let (yes, no, unknown) = (col("b"), col("b").negate(), col("xb"));
    gives("b", Expr::And(vec![yes.clone(), unknown.clone()]), Value::Null);
    gives("b", Expr::And(vec![unknown.clone(), no.clone()]), false);
    gives("b", Expr::Or(vec![unknown.clone(), yes.clone()]), true);
    gives("b", Expr::Or(vec![unknown.clone(), no.clone()]), Value::Null);
    gives("b", unknown.clone().negate(), Value::Null);
    gives("b", Expr::And(vec![]), true);
    gives("b", Expr::Or(vec![]), false);
    let overflow = (int(MAX) + 1).equals(0);
    fails("b", yes.clone().and(overflow.clone()), Class::OutOfRange);
    let undecided = Class::EngineDependent("an error in a part that does not decide");
    fails("b", no.and(overflow.clone()), undecided);
    fails("b", yes.or(overflow), undecided);
    fails("b", Expr::And(vec![col("n")]), Class::Refused("mistyped"));
}

#[test]
fn cases() {
    let case = |when: E, then: E, otherwise: Option<E>| Expr::Case {
        branches: vec![Branch { when, then }],
        otherwise: otherwise.map(Box::new),
    };
    gives("n", case(col("b"), val(1), Some(val(2))), 1);
    gives("n", case(col("xb"), val(1), Some(val(2))), 2);
    gives("n", case(col("xb"), val(1), None), Value::Null);
    gives("n", case(col("b"), val(1), Some(col("min") - 1)), 1);
    gives("n", call(Func::Coalesce, [col("n"), col("min") - 1]), 7);
    fails("n", case(col("xb"), val(1), Some(col("min") - 1)), Class::OutOfRange);
    gives("n", call(Func::Nullif, [col("n"), val(7)]), Value::Null);
    gives("n", call(Func::Nullif, [col("x"), val(7)]), Value::Null);
    gives("n", call(Func::Greatest, [col("n"), val(9), val(8)]), 9);
    gives("n", call(Func::Least, [col("n"), col("x")]), Value::Null);
    gives("day", call(Func::Least, [col("day"), val(day("2024-03-01"))]), day("2024-02-29"));
    gives("n", cast(col("b"), Type::INT64), 1);
    gives("n", cast(null(), Type::INT64), Value::Null);
    fails("n", cast(col("s"), Type::INT64), Class::Refused("mistyped"));
    fails("s", call(Func::Greatest, [col("s"), val("x")]), Class::Refused("mistyped"));
}

#[test]
fn times() {
    let days = |n| call(Func::Days, [n]);
    gives("day", col("day") + days(val(1)), day("2024-03-01"));
    gives("day", col("day") - days(val(366)), day("2023-02-28"));
    gives("day", col("day") + days(int(-738_944)), day("0001-01-01"));
    gives("day", col("day") + days(col("x")), Value::Null);
    gives("at", col("at") + call(Func::Seconds, [val(1)]), at("2024-03-01 00:00:00.123457"));
    gives("at", col("at") - call(Func::Hours, [val(25)]), at("2024-02-28 22:59:59.123457"));
    gives("at", col("at") + call(Func::Minutes, [val(90)]), at("2024-03-01 01:29:59.123457"));
    gives("tz", col("tz") + days(val(1)), TimestampTz::utc(at("2024-03-01 23:59:59.5")));
    gives("at", call(Func::Now, []), now());
    gives("at0", call(Func::Now, []), at("2026-11-20 10:20:30"));
    gives("tz", call(Func::Now, []) + days(val(1)), TimestampTz::utc(at("2026-11-21 10:20:30.123456")));
    gives("day", call(Func::CurrentDate, []), day("2026-11-20"));
    gives("at", cast(col("day"), Type::TIMESTAMP), at("2024-02-29 00:00:00"));
    let outside = Class::EngineDependent("a day outside the years 1 to 9999");
    fails("day", col("day") + days(val(4_000_000)), outside);
    fails("at", col("at") - days(col("min")), outside);
    fails("at0", col("at"), Class::Refused("too-precise"));
    fails("day", col("day") + call(Func::Hours, [val(1)]), Class::Refused("mistyped"));
    fails("day", days(val(1)) + col("day"), Class::Refused("mistyped"));
    fails("at", col("tz"), Class::Refused("mistyped"));
}
