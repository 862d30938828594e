//! What single texts mean, as tables.

use setwise::{Date, Decimal, Json, Value, lang};

fn value(text: &str) -> Value<'_> {
    match &lang::parse_expr(text) {
        Ok(setwise::Expr::Value(value)) => value.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn literals_are_values() {
    let decimal = |digits: &'static str| Value::Decimal(Decimal::parse(digits).unwrap());
    for (text, expected) in [
        ("NULL", Value::Null),
        ("True", Value::Bool(true)),
        ("-5", Value::Int(-5)),
        ("007", Value::Int(7)),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        ("9223372036854775808", Value::UInt(1 << 63)),
        ("18446744073709551615", Value::UInt(u64::MAX)),
        ("uint '5'", Value::UInt(5)),
        ("12.50", decimal("12.50")),
        ("-0.10", decimal("-0.10")),
        ("decimal '1e3'", decimal("1000")),
        ("1.5e0", Value::Float(1.5)),
        ("-1E-3", Value::Float(-0.001)),
        ("float '-inf'", Value::Float(f64::NEG_INFINITY)),
        ("'it''s -- no comment'", Value::from("it's -- no comment")),
        ("'a\nb\\n'", Value::from("a\nb\\n")),
        (r"e'\0\t\n\r\\\u{1F}''\u{1F600}'", Value::from("\0\t\n\r\\\u{1f}'\u{1f600}")),
        ("bytes 'DEADbeef'", Value::from(vec![0xde, 0xad, 0xbe, 0xef])),
        ("bytes ''", Value::from(Vec::new())),
        ("date '2024-02-29'", Value::Date(Date::new(2024, 2, 29).unwrap())),
        ("DATE -- of birth\n '2024-02-29'", Value::Date(Date::new(2024, 2, 29).unwrap())),
        ("json '{\"a\": \"it''s\"}'", Value::Json(Json::new("{\"a\": \"it's\"}"))),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

/// Each expression prints as it is written here, and as it means with every parenthesis.
#[test]
fn operators_bind_as_in_sql() {
    for (text, grouped) in [
        ("a or b and not c = d + e * -f", "(a or (b and (not (c = (d + (e * (-f)))))))"),
        ("a - b - c", "((a - b) - c)"),
        ("a - (b - c)", "(a - (b - c))"),
        ("(a or b) and c", "((a or b) and c)"),
        ("(a and b) and c", "((a and b) and c)"),
        ("a and b and c", "(a and b and c)"),
        ("not not a", "(not (not a))"),
        ("not a is null", "(a is not null)"),
        ("a is not null", "(a is not null)"),
        ("(a is null) = b", "((a is null) = b)"),
        ("a between b + 1 and c and d", "((a between (b + 1) and c) and d)"),
        ("a not in (1, -2) or b not like 'x!%' escape '!'", "((a not in (1, -2)) or (b not like 'x!%' escape '!'))"),
        ("a is not distinct from b + 1", "(a is not distinct from (b + 1))"),
        ("- -a", "(- (-a))"),
        ("-(5)", "(-(5))"),
        ("a - -5", "(a - -5)"),
        ("-a * b", "((-a) * b)"),
        ("-(a * b)", "(-(a * b))"),
        ("a = (not b)", "(a = (not b))"),
        ("and() and or(a)", "(and() and or(a))"),
    ] {
        let expr = lang::parse_expr(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(lang::parse_expr(grouped), Ok(expr.clone()), "{text}");
        let normal = if text == "not a is null" { "a is not null" } else { text };
        assert_eq!(expr.to_string(), normal);
    }
}

#[test]
fn spellings_are_one() {
    for (text, printed) in [
        ("CASE a WHEN 1 THEN 'x' ELSE b END", "case when a = 1 then 'x' else b end"),
        ("Coalesce( NEW . \"weird\"\"name\" ,0)", "coalesce(new.\"weird\"\"name\", 0)"),
        ("cast(a as Decimal ( 10 ))", "cast(a as decimal(10,0))"),
        ("cast(a as int32[ ])", "cast(a as int32[])"),
        ("cast(a as \"citext\")", "cast(a as \"citext\")"),
        ("größe", "\"größe\""),
        ("\"plain\"", "plain"),
        ("\"set\"", "\"set\""),
        ("date", "date"),
        ("e\"a\\nb\"", "e\"a\\nb\""),
        ("array[ array[1], null, array[] ]", "array[array[1], null, array[]]"),
        ("now()-days(30)", "now() - days(30)"),
        ("timestamptz '2024-02-29T12:00:00+02:00'", "timestamptz '2024-02-29 10:00:00+00:00'"),
        ("time '12:34:56.5'", "time '12:34:56.500000'"),
        ("interval 'P1Y2DT0.000003S'", "interval '12 mons 2 days 3 microseconds'"),
    ] {
        let expr = lang::parse_expr(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(expr.to_string(), printed);
    }
}

#[test]
fn updates_print_clause_by_clause() {
    for (text, printed) in [
        ("update t set a=1 all rows", "update t\nset a = 1\nall rows"),
        ("UPDATE s.t SET a=1 WHERE b;", "update s.t\nset a = 1\nwhere b"),
        (
            "\u{feff}-- comment\r\nupdate \"a.b\" by id rows (id, x) (1, keep), (2, default), (3, (4)), (5, x+1) -- end",
            "update \"a.b\" by id\nset x = new.x\nrows (id, x)\n  (1, keep),\n  (2, default),\n  (3, (4)),\n  (5, x + 1)",
        ),
        (
            "update t by a, b set c = new.c where d rows (a, b, c)",
            "update t by a, b\nset c = new.c\nwhere d\nrows (a, b, c)",
        ),
        (
            "update t by id set a=new.\"end\" rows (id,\"end\") from \"rows\" where b in(select \"all\" from u)",
            "update t by id\nset a = new.\"end\"\nrows (id, \"end\") from \"rows\" where b in (select \"all\" from u)",
        ),
        (
            "update t set a=1 all rows when \"rows\" then \"all\" by \"on\"=\"set\" set \"by\"=2",
            "update t\nset a = 1\nall rows\nwhen \"rows\" then \"all\" by \"on\" = \"set\" set \"by\" = 2",
        ),
    ] {
        let update = lang::parse_update(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
        assert_eq!(update.to_string(), printed);
    }
}

#[test]
fn an_update_may_leave_rows_open() {
    let parsed = lang::parse("update blog.posts by id, lang set title = new.title").unwrap();
    assert_eq!(parsed.target().to_string(), "blog.posts");
    assert_eq!(parsed.key().len(), 2);
    assert!(parsed.needs_rows());
    assert_eq!(parsed.build().unwrap_err().iter().next().unwrap().code(), "key-without-rows");
    assert!(!lang::parse("update t set a = 1 where b").unwrap().needs_rows());
    assert!(!lang::parse("update t by id rows (id, a) (1, 2)").unwrap().needs_rows());
}

#[test]
fn places_lead_back_to_the_text() {
    use setwise::Place;
    let text = "update t by id\nset a = new.a, b = 1\nwhere c > 2\nrows (id, a) (1, 'x'), (2, a + 1)";
    let parsed = lang::parse(text).unwrap();
    let at = |place: Place| match parsed.map().find(&place) {
        Some(Place::Span { from, to }) => Some(&text[from..to]),
        _ => None,
    };
    assert_eq!(at(Place::Table), Some("t by id"));
    assert_eq!(at(Place::Assignment(1)), Some("b = 1"));
    assert_eq!(at(Place::Assignment(2)), Some("t by id"), "what is set without a word");
    assert_eq!(at(Place::Filter), Some("c > 2"));
    assert_eq!(at(Place::Row(1)), Some("2, a + 1"));
    assert_eq!(at(Place::Cell { row: 0, column: 1 }), Some("'x'"));
    assert_eq!(at(Place::Cell { row: 0, column: 2 }), None);
    assert_eq!(at(Place::Row(2)), None);
}

/// A rule of a file holds for the updates of its table, wherever it stands, and is parsed as the clause of an update is.
#[test]
fn rules_of_a_file_hold_for_its_updates() {
    let library = lang::Library::parse(
        "update off on users set is_active = false all rows;
         when users then profiles by user_id = id set points = 1 where frozen is null;
         update other on posts set n = 1 all rows",
    )
    .unwrap();
    let off = library.get("off").unwrap().clone().build().unwrap();
    let clause = "update off on users\nset is_active = false\nall rows\nwhen users then profiles by user_id = id \
                  set points = 1 where frozen is null";
    assert_eq!(off.to_string(), clause);
    let steps = |name: &str, dialect| {
        let update = library.get(name).unwrap().clone().build().unwrap();
        let mut script = setwise::compile(&update, dialect, &setwise::Options::new()).unwrap();
        let mut texts = Vec::new();
        while let Some(step) = script.next() {
            texts.push(step.unwrap().text.to_owned());
        }
        texts
    };
    assert!(steps("off", setwise::Dialect::sqlite()).iter().any(|text| text.starts_with("UPDATE \"profiles\"")));
    assert_eq!(steps("off", setwise::Dialect::postgres()).len(), 1);
    assert_eq!(steps("other", setwise::Dialect::postgres()).len(), 1);
    assert!(library.get("other").unwrap().clone().build().unwrap().to_string().contains("when users"));
}
