//! Dates, times, documents, arrays and other fields from JSON.

use setwise::read::json;
use setwise::{Ident, Type};

use super::{field, mood, show};

/// Number in the catalogue (0 where it has none), type, field in JSON, outcome.
#[test]
fn fields_from_json() {
    let cases: &[(u32, Type, &str, &str)] = &[
        (
            54,
            Type::Date,
            "\"2024-02-30\"",
            "error[no-such-day]: /0/v: there is no day `2024-02-30`; dates are written YYYY-MM-DD",
        ),
        (
            55,
            Type::Date,
            "\"0000-00-00\"",
            "error[no-such-day]: /0/v: there is no day `0000-00-00`; dates are written YYYY-MM-DD",
        ),
        (
            56,
            Type::Date,
            "\"2024-1-5\"",
            "error[no-such-day]: /0/v: there is no day `2024-1-5`; dates are written YYYY-MM-DD",
        ),
        (
            56,
            Type::Date,
            "\"05.01.2024\"",
            "error[no-such-day]: /0/v: there is no day `05.01.2024`; dates are written YYYY-MM-DD",
        ),
        (
            56,
            Type::Date,
            "20240105",
            "error[wrong-type]: /0/v: a number `20240105` given for `v` of type date; give a value of that type",
        ),
        (57, Type::Date, "\"10000-01-01\"", "date 10000-01-01"),
        (0, Type::Date, "\"2024-02-29\"", "date 2024-02-29"),
        (
            58,
            Type::TIME,
            "\"24:00:00\"",
            "error[no-such-time]: /0/v: there is no time `24:00:00`; 24:00 and leap seconds are not times of day",
        ),
        (
            58,
            Type::TIMESTAMP,
            "\"2016-12-31 23:59:60\"",
            "error[no-such-time]: /0/v: there is no time `23:59:60`; 24:00 and leap seconds are not times of day",
        ),
        (
            59,
            Type::TIME,
            "\"23:59:59.9999999\"",
            "error[too-fine]: /0/v: `23:59:59.9999999` has more than six digits of a second's fraction; microseconds are the limit",
        ),
        (0, Type::TIME, "\"23:59:59.5\"", "time 23:59:59.500000"),
        (
            0,
            Type::TIME,
            "\"9:00:00\"",
            "error[no-such-time]: /0/v: there is no time `9:00:00`; 24:00 and leap seconds are not times of day",
        ),
        (
            60,
            Type::TIMESTAMP,
            "\"2024-01-01T00:00:00Z\"",
            "error[has-offset]: /0/v: `2024-01-01T00:00:00Z` has an offset, the column has none; convert it and leave the offset out",
        ),
        (
            60,
            Type::TIMESTAMP,
            "\"2024-01-01 00:00:00-05:00\"",
            "error[has-offset]: /0/v: `2024-01-01 00:00:00-05:00` has an offset, the column has none; convert it and leave the offset out",
        ),
        (
            61,
            Type::TIMESTAMPTZ,
            "\"2024-01-01 00:00:00\"",
            "error[needs-offset]: /0/v: `2024-01-01 00:00:00` needs an offset, such as `Z` or `+02:00`",
        ),
        (
            62,
            Type::TIMESTAMPTZ,
            "\"2024-03-31 02:30:00 Europe/Berlin\"",
            "error[needs-offset]: /0/v: `2024-03-31 02:30:00 Europe/Berlin` needs an offset, such as `Z` or `+02:00`",
        ),
        (0, Type::TIMESTAMPTZ, "\"2024-01-01T00:00:00.000001+01:00\"", "timestamptz 2023-12-31 23:00:00.000001+00:00"),
        (
            0,
            Type::TIMESTAMP,
            "\"2024-01-01\"",
            "error[syntax]: /0/v: expected `YYYY-MM-DD HH:MM:SS`, found `2024-01-01`",
        ),
        (63, Type::Interval, "\"P1M\"", "interval 1 mons 0 days 0 microseconds"),
        (
            0,
            Type::Interval,
            "\"soon\"",
            "error[not-an-interval]: /0/v: `soon` is not an interval; write `P1Y2M3DT4H5M6S` or `1 year 2 mons 3 days 04:05:06`",
        ),
        (
            64,
            Type::Jsonb,
            "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
            "error[field-twice]: line 1, column 38: the field `c` is given twice; keep one",
        ),
        (
            64,
            Type::Jsonb,
            "{\"a\":1,\"\\u0061\":2}",
            "error[field-twice]: line 1, column 32: the field `a` is given twice; keep one",
        ),
        (65, Type::Jsonb, "[1e400, 0.10]", "json [1e400, 0.10]"),
        (0, Type::Json, "\"text\"", "json \"text\""),
        (0, Type::Json, "{\"a\": [1, {}, []], \"b\": null}", "json {\"a\": [1, {}, []], \"b\": null}"),
        (67, Type::Jsonb, "null", "null"),
        (67, Type::Jsonb, "{\"$json_null\": true}", "json null"),
        (
            67,
            Type::TEXT,
            "{\"$json_null\": true}",
            "error[wrong-type]: /0/v: an object `{\"$json_null\": true}` given for `v` of type text; give a value of that type",
        ),
        (
            69,
            mood(),
            "\"glad\"",
            "error[not-a-label]: /0/v: `glad` is not a label of `v`; the labels are `sad`, `it's ok`",
        ),
        (69, mood(), "\"it's ok\"", "\"it's ok\""),
        (
            71,
            Type::array(Type::INT32).unwrap(),
            "[1, \"2\"]",
            "error[wrong-type]: /0/v: text `2` given for `v[1]` of type int32; give a value of that type",
        ),
        (0, Type::array(Type::INT32).unwrap(), "[1, null, 3]", "[int 1,null,int 3]"),
        (0, Type::array(Type::array(Type::TEXT).unwrap()).unwrap(), "[[\"a\"],[]]", "[[\"a\"],[]]"),
        (
            0,
            Type::array(Type::INT32).unwrap(),
            "\"{1,2}\"",
            "error[wrong-type]: /0/v: text `{1,2}` given for `v` of type int32[]; give a value of that type",
        ),
        (
            72,
            Type::Uuid,
            "\"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}\"",
            "error[not-a-uuid]: /0/v: `{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits",
        ),
        (
            72,
            Type::Uuid,
            "\"urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
            "error[not-a-uuid]: /0/v: `urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits",
        ),
        (
            72,
            Type::Uuid,
            "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1\"",
            "error[not-a-uuid]: /0/v: `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1` is not a canonical UUID; write 8-4-4-4-12 hexadecimal digits",
        ),
        (10, Type::Uuid, "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"", "uuid a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        (
            74,
            Type::DECIMAL,
            "1E+999999999",
            "error[too-many-digits]: /0/v: the number has more than 1000 digits; shorten it",
        ),
        (74, Type::DECIMAL, "1.5e3", "decimal 1500"),
        (76, Type::TEXT, "\"$keep\"", "\"$keep\""),
        (0, Type::Named(Ident::new("inet").unwrap()), "\"1.2.3.4/33\"", "\"1.2.3.4/33\""),
        (
            0,
            Type::Named(Ident::new("inet").unwrap()),
            "4",
            "error[wrong-type]: /0/v: a number `4` given for `v` of type inet; give a value of that type",
        ),
    ];
    for (case, ty, text, outcome) in cases {
        assert_eq!(field(ty, text), *outcome, "case {case}: {text}");
    }
}

/// T11: a hundred levels of arrays, and too many (case 66).
#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(field(&Type::Json, &nested(128)), format!("json {}", nested(128)));
    let error =
        "error[document-too-deep]: line 1, column 142: the document is nested deeper than 128 levels; flatten it";
    assert_eq!(field(&Type::Json, &nested(129)), error, "case 66");
    assert_eq!(
        show(json("[".repeat(1_000_000).as_bytes(), None)).split(':').next(),
        Some("error[document-too-deep]"),
        "case 66"
    );
}
