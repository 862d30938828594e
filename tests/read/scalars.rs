//! Numbers, truth values, text and bytes from JSON.

use setwise::Type;

use super::{DECIMAL, field};

/// Number in the catalogue (0 where it has none), type, field in JSON, outcome.
#[test]
fn scalars_from_json() {
    let cases: &[(u32, Type, &str, &str)] = &[
        (6, Type::INT64, "1.0", "error[bad-field]: /0/v: `1.0` is not an integer; write digits only (`v`)"),
        (13, Type::INT64, "18446744073709551615", "uint 18446744073709551615"),
        (
            13,
            Type::INT64,
            "18446744073709551616",
            "error[out-of-range]: /0/v: 18446744073709551616 does not fit `v` of type int64, which holds -9223372036854775808 to 9223372036854775807",
        ),
        (
            13,
            Type::INT64,
            "-9223372036854775809",
            "error[out-of-range]: /0/v: -9223372036854775809 does not fit `v` of type int64, which holds -9223372036854775808 to 9223372036854775807",
        ),
        (0, Type::INT64, "-9223372036854775808", "int -9223372036854775808"),
        (0, Type::UInt { bits: 64 }, "9223372036854775808", "uint 9223372036854775808"),
        (
            18,
            Type::INT64,
            "true",
            "error[wrong-type]: /0/v: bool `true` given for `v` of type int64; give a value of that type",
        ),
        (31, Type::Float64, "\"NaN\"", "float NaN"),
        (31, Type::Float64, "NaN", "error[syntax]: line 1, column 14: expected a value, found `N`"),
        (32, Type::Float64, "\"-Infinity\"", "float -inf"),
        (33, Type::Float64, "-0.0", "float -0.0"),
        (34, Type::Float64, "1e400", "error[bad-field]: /0/v: `1e400` is not a number that fits a double (`v`)"),
        (34, Type::Float64, "1e-400", "error[bad-field]: /0/v: `1e-400` is not a number that fits a double (`v`)"),
        (34, Type::Float32, "1e39", "error[bad-field]: /0/v: `1e39` is not a number that fits a single (`v`)"),
        (0, Type::Float64, "0e-400", "float 0.0"),
        (
            0,
            Type::Float64,
            "9007199254740993",
            "error[bad-field]: /0/v: `9007199254740993` is not a whole number that a double holds exactly (`v`)",
        ),
        (0, Type::Float64, "9007199254740994", "float 9007199254740994.0"),
        (0, Type::Float32, "0.1", "float 0.10000000149011612"),
        (
            0,
            Type::Float64,
            "\"1.5\"",
            "error[wrong-type]: /0/v: text `1.5` given for `v` of type float64; give a value of that type",
        ),
        (35, DECIMAL, "0.1", "decimal 0.1"),
        (35, DECIMAL, "0.005", "decimal 0.005"),
        (35, DECIMAL, "12345678901234567890.10", "decimal 12345678901234567890.10"),
        (0, DECIMAL, "\"0.10\"", "decimal 0.10"),
        (
            0,
            DECIMAL,
            "\"+1\"",
            "error[not-a-decimal]: /0/v: `+1` is not a decimal number; write digits, a point, digits",
        ),
        (
            0,
            DECIMAL,
            "\"NaN\"",
            "error[not-a-decimal]: /0/v: `NaN` is not a decimal number; write digits, a point, digits",
        ),
        (36, Type::INT64, "1.5", "error[bad-field]: /0/v: `1.5` is not an integer; write digits only (`v`)"),
        (36, Type::INT64, "1e3", "error[bad-field]: /0/v: `1e3` is not an integer; write digits only (`v`)"),
        (
            40,
            Type::INT64,
            "\"12\"",
            "error[wrong-type]: /0/v: text `12` given for `v` of type int64; give a value of that type",
        ),
        (
            41,
            Type::INT64,
            "\"1_000\"",
            "error[wrong-type]: /0/v: text `1_000` given for `v` of type int64; give a value of that type",
        ),
        (41, Type::INT64, "1_000", "error[syntax]: line 1, column 15: expected the end of the number, found `_`"),
        (41, Type::INT64, "+12", "error[syntax]: line 1, column 14: expected a value, found `+`"),
        (41, Type::INT64, "012", "error[syntax]: line 1, column 15: expected the end of the number, found `1`"),
        (
            43,
            Type::Bool,
            "1",
            "error[wrong-type]: /0/v: a number `1` given for `v` of type bool; give a value of that type",
        ),
        (
            43,
            Type::Bool,
            "\"true\"",
            "error[wrong-type]: /0/v: text `true` given for `v` of type bool; give a value of that type",
        ),
        (0, Type::Bool, "true", "true"),
        (
            0,
            Type::TEXT,
            "7",
            "error[wrong-type]: /0/v: a number `7` given for `v` of type text; give a value of that type",
        ),
        (
            0,
            Type::TEXT,
            "{\"a\":1}",
            "error[wrong-type]: /0/v: an object `{\"a\":1}` given for `v` of type text; give a value of that type",
        ),
        (0, Type::TEXT, r#""\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00""#, r#""\"\\/\u{8}\u{c}\n\r\t\0é😀""#),
        (
            48,
            Type::TEXT,
            "\"\\ud800\"",
            "error[lone-surrogate]: line 1, column 15: `\\ud800` is half of a character and not valid Unicode; correct the text",
        ),
        (
            48,
            Type::TEXT,
            "\"a\\udc00\"",
            "error[lone-surrogate]: line 1, column 16: `\\udc00` is half of a character and not valid Unicode; correct the text",
        ),
        (
            48,
            Type::TEXT,
            "\"\\ud800\\u0041\"",
            "error[lone-surrogate]: line 1, column 15: `\\ud800` is half of a character and not valid Unicode; correct the text",
        ),
        (49, Type::TEXT, "\"\u{ffff}\u{feff}\u{202e}\"", "\"\\u{ffff}\\u{feff}\\u{202e}\""),
        (
            52,
            Type::BYTES,
            "\"0xabc\"",
            "error[bad-field]: /0/v: `0xabc` is not hexadecimal: it has an odd number of digits (`v`)",
        ),
        (
            52,
            Type::BYTES,
            "\"0xabzz\"",
            "error[bad-field]: /0/v: `0xabzz` is not hexadecimal: `z` is no digit (character 3) (`v`)",
        ),
        (0, Type::BYTES, "\"0x00fF\"", "bytes [0, 255]"),
        (0, Type::BYTES, "\"\\\\x00fF\"", "bytes [0, 255]"),
        (0, Type::BYTES, "\"0x\"", "bytes []"),
        (
            53,
            Type::BYTES,
            "\"base64:AP_=\"",
            "error[bad-field]: /0/v: `base64:AP_=` is not base64: `_` is no digit (character 3) (`v`)",
        ),
        (
            53,
            Type::BYTES,
            "\"base64:AP8\"",
            "error[bad-field]: /0/v: `base64:AP8` is not base64: its length is not a multiple of four; pad it with `=` (`v`)",
        ),
        (
            53,
            Type::BYTES,
            "\"base64:AP9=\"",
            "error[bad-field]: /0/v: `base64:AP9=` is not base64: its last digit has bits to spare (character 3) (`v`)",
        ),
        (0, Type::BYTES, "\"base64:AP8=\"", "bytes [0, 255]"),
        (0, Type::BYTES, "\"base64:/+AB\"", "bytes [255, 224, 1]"),
        (
            0,
            Type::BYTES,
            "\"AP8=\"",
            "error[bad-field]: /0/v: `AP8=` is not bytes; write `0x…` or `\\x…` in hexadecimal, or `base64:…` (`v`)",
        ),
    ];
    for (case, ty, text, outcome) in cases {
        assert_eq!(field(ty, text), *outcome, "case {case}: {text}");
    }
}
