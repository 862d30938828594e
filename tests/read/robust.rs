//! What no text may do to a reader, and what another scanner says of the same text.

use setwise::Type;
use setwise::read::{CsvOptions, csv, json, ndjson};

use super::{DECIMAL, cell, mood, posts, table};

/// Whatever serde_json takes or refuses, this scanner does too, but for duplicate members and depth, which it allows.
#[test]
fn the_scanner_agrees_with_serde_json() {
    let seeds = [
        r#"{"a":[1,-0.5e+10,true,false,null,"\u00e9\ud83d\ude00\n",{"b":{}}],"c":"x"}"#,
        r#"[[],{},"",0,-1,1E5,"\\\"/\b\f\r\t"]"#,
    ];
    let pieces = [
        "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "+", "u", "\u{1}", "é", " ", "\n", "null",
        "/",
    ];
    let of_json = table(Type::Json);
    let mut compared = 0;
    for seed in seeds {
        for (at, _) in seed.char_indices() {
            for piece in pieces {
                for cut in 0..3 {
                    let Some(rest) = seed.get(at + cut..) else { continue };
                    let document = [&seed[..at], piece, rest].concat();
                    let wrapped = format!("[{{\"v\":{document}}}]");
                    let ours = json(wrapped.as_bytes(), Some(&of_json));
                    let theirs: Result<serde_json::Value, _> = serde_json::from_str(&document);
                    // A piece may close the row itself, or make a second member.
                    let own = document.contains("}]")
                        || matches!(&ours, Err(errors) if errors.iter().any(|error| error.code() != "syntax"));
                    if let (false, Ok(ours)) = (own, &ours) {
                        assert!(theirs.is_ok(), "{document}: {ours:?}");
                    }
                    if theirs.is_ok() {
                        let twice =
                            matches!(&ours, Err(errors) if errors.iter().any(|error| error.code() == "field-twice"));
                        assert!(ours.is_ok() || twice, "{document}: {ours:?}");
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
}

/// No text makes a reader panic, whatever is put together.
#[test]
fn no_text_panics() {
    use proptest::prelude::*;
    let pieces = prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\",
        ":",
        ",",
        "\n",
        "\r",
        ";",
        "id",
        "v",
        "1",
        "-",
        ".",
        "e9",
        "null",
        "true",
        "\\u",
        "d800",
        "é",
        "\0",
        "/*",
        "\u{feff}",
        " ",
        "[{\"id\":1",
        ",\"v\":",
        "}]",
        "id,v\n",
        "\"\"",
    ]);
    let text = prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat());
    let tables = [table(Type::Json), table(array_of_bytes()), table(DECIMAL), posts()];
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) }, |(text in text, pick in 0usize..5)| {
        let table = tables.get(pick);
        let _ = json(text.as_bytes(), table);
        let _ = ndjson(text.as_bytes(), table);
        let _ = csv(text.as_bytes(), table, &CsvOptions::new().null(""));
    });
}

fn array_of_bytes() -> Type {
    Type::array(Type::BYTES).unwrap()
}

/// No text makes a type's reader panic, and what is a number is read back as the same.
#[test]
fn no_field_panics() {
    use proptest::prelude::*;
    let types = [
        Type::Bool,
        Type::INT64,
        Type::Float32,
        Type::Float64,
        Type::DECIMAL,
        Type::BYTES,
        Type::Date,
        Type::TIME,
        Type::TIMESTAMP,
        Type::TIMESTAMPTZ,
        Type::Interval,
        Type::Uuid,
        Type::Json,
        array_of_bytes(),
        mood(),
    ];
    let text = prop_oneof![
        "[-+0-9:.TZ eEP]{0,30}",
        "\\PC{0,20}",
        "(0x|base64:)[0-9a-zA-Z+/=]{0,20}",
        "-?[0-9]{1,20}(\\.[0-9]{1,9})?(e-?[0-9]{1,3})?"
    ];
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) }, |(text in text)| {
        for ty in &types {
            let document = format!("id,v\n1,\"{}\"\n", text.replace('"', "\"\""));
            let _ = csv(document.as_bytes(), Some(&table(ty.clone())), &CsvOptions::new());
        }
    });
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) }, |(float: f64, int: i64)| {
        prop_assume!(float.is_finite());
        prop_assert_eq!(cell(&Type::Float64, &format!("{float:e}")), format!("float {float:?}"));
        prop_assert_eq!(cell(&Type::INT64, &int.to_string()), format!("int {int}"));
    });
}
