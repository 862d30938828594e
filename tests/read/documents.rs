//! Whole documents of JSON and NDJSON, wrong ones among them.

use setwise::read::{json, ndjson};

use super::{posts, show};

/// Number in the catalogue, document, outcome; the table has the columns id, v (text), price and ok.
#[test]
fn json_documents() {
    let cases: &[(u32, &str, &str)] = &[
        (0, r#"[{"id":1,"v":"a"},{"v":"b","id":2}]"#, r#"id,v | int 1,"a" | int 2,"b""#),
        (1, "[]", ""),
        (1, " \n[ ] ", ""),
        (0, "[{}]", "error[no-columns]: /0: the incoming rows have no columns; name them"),
        (3, r#"[{"id":1,"v":"a"},{"v":"b"}]"#, r#"id,v | int 1,"a" | Keep,"b""#),
        (
            23,
            r#"[{"id":1,"v":"a"},{"id":2,"ok":true},{"v":null,"id":3},{"ok":null,"id":4,"v":"d"}]"#,
            r#"id,v,ok | int 1,"a",Keep | int 2,Keep,true | int 3,null,Keep | int 4,"d",null"#,
        ),
        (
            84,
            r#"[{"id":1,"pric":1}]"#,
            "error[unknown-field]: /0/pric: there is no field `pric`; did you mean `price`?",
        ),
        (
            84,
            r#"[{"id":1},{"id":2,"pric":1}]"#,
            "error[unknown-field]: /1/pric: there is no field `pric`; did you mean `price`?",
        ),
        (84, r#"[{"id":1,"a/b~c":1}]"#, "error[unknown-field]: /0/a~1b~0c: there is no field `a/b~c` in `t`"),
        (77, r#"[{"":1}]"#, "error[empty-name]: /0/: a name is empty; give it at least one character"),
        (
            78,
            r#"[{"a\u0000b":1}]"#,
            "error[name-with-nul]: /0/a\0b: the name `a\u{fffd}b` holds a NUL character; remove it",
        ),
        (114, r#"{"id":1}"#, "error[not-rows]: line 1, column 1: expected an array of rows, found an object"),
        (114, "7", "error[not-rows]: line 1, column 1: expected an array of rows, found a number"),
        (114, "", "error[truncated]: line 1, column 1: the document ends where a value is expected; is it complete?"),
        (114, "[{\"id\":1},\n7]", "error[not-rows]: /1: expected an object, found a number"),
        (
            114,
            "[{\"id\":1},\n {\"id\":2}",
            "error[truncated]: line 2, column 10: the document ends where `,` or `]` is expected; is it complete?",
        ),
        (
            114,
            "[{\"id\":1",
            "error[truncated]: line 1, column 9: the document ends where `,` or `}` is expected; is it complete?",
        ),
        (
            114,
            "[{\"v\":\"abc",
            "error[truncated]: line 1, column 7: the document ends where the end of the text is expected; is it complete?",
        ),
        (114, "[{\"id\":1},\n]", "error[trailing-comma]: line 1, column 10: nothing follows the comma; remove it"),
        (114, "[{\"id\":1,}]", "error[trailing-comma]: line 1, column 9: nothing follows the comma; remove it"),
        (
            114,
            "[{\"id\":1}]\n[{\"id\":2}]",
            "error[trailing-text]: line 2, column 1: `[{\\\"id\\\":2}]` follows the end of the rows; give one array, or one object a line as NDJSON",
        ),
        (
            114,
            "[{\"id\":1}] // x",
            "error[comment]: line 1, column 12: there is a comment, which JSON does not have; remove it",
        ),
        (
            114,
            "[/* x */{\"id\":1}]",
            "error[comment]: line 1, column 2: there is a comment, which JSON does not have; remove it",
        ),
        (114, "[{'id':1}]", "error[syntax]: line 1, column 3: expected a name in double quotes, found `\\'`"),
        (114, "[{\"id\" 1}]", "error[syntax]: line 1, column 8: expected `:`, found `1`"),
        (114, "[{\"id\":1}{\"id\":2}]", "error[syntax]: line 1, column 10: expected `,` or `]`, found `{`"),
        (114, "[{\"id\":01}]", "error[syntax]: line 1, column 9: expected the end of the number, found `1`"),
        (114, "[{\"id\":1.}]", "error[syntax]: line 1, column 10: expected a digit, found `}`"),
        (114, "[{\"id\":-}]", "error[syntax]: line 1, column 9: expected a digit, found `}`"),
        (
            114,
            "[{\"v\":\"a\nb\"}]",
            "error[syntax]: line 1, column 9: expected an escape for this control character, found `\\n`",
        ),
        (114, "[{\"v\":\"\\x\"}]", "error[syntax]: line 1, column 9: expected an escape of JSON, found `x`"),
        (114, "[{\"v\":\"\\u12\"}]", "error[syntax]: line 1, column 10: expected four hexadecimal digits, found `1`"),
        (114, "[{\"v\":nul}]", "error[syntax]: line 1, column 7: expected a value, found `n`"),
        (115, r#"[{"id":1,"id":2}]"#, "error[field-twice]: /0/id: the field `id` is given twice; keep one"),
        (115, r#"[{"id":1},{"id":1,"id":2}]"#, "error[field-twice]: /1/id: the field `id` is given twice; keep one"),
        (
            115,
            r#"[{"id":1,"__proto__":{}}]"#,
            "error[unknown-field]: /0/__proto__: there is no field `__proto__` in `t`",
        ),
        (
            115,
            r#"[{"id":1,"_connector":1}]"#,
            "error[unknown-field]: /0/_connector: there is no field `_connector` in `t`",
        ),
        (
            116,
            "\u{feff}[]",
            "error[byte-order-mark]: line 1, column 1: the document starts with a byte order mark; save it as UTF-8 without one",
        ),
        (
            0,
            "[{\"id\":\"x\",\"v\":1},{\"id\":true,\"v\":\"ok\"}]",
            "error[wrong-type]: /0/id: text `x` given for `id` of type int64; give a value of that type\nerror[wrong-type]: /0/v: a number `1` given for `v` of type text; give a value of that type\nerror[wrong-type]: /1/id: bool `true` given for `id` of type int64; give a value of that type",
        ),
    ];
    for (case, document, outcome) in cases {
        assert_eq!(show(json(document.as_bytes(), Some(&posts()))), *outcome, "case {case}: {document}");
    }
}

#[test]
fn ndjson_documents() {
    let cases: &[(u32, &str, &str)] = &[
        (0, "{\"id\":1}\n\n \r\n{\"id\":2}\r\n", "id | int 1 | int 2"),
        (1, "", ""),
        (1, "\n\n", ""),
        (3, "{\"id\":1,\"v\":\"a\"}\n {\"id\":2}", r#"id,v | int 1,"a" | int 2,Keep"#),
        (
            36,
            "{\"id\":1}\n{\"id\": 1.5}",
            "error[bad-field]: line 2, column 8: `1.5` is not an integer; write digits only (`id`)",
        ),
        (
            114,
            "{\"id\":1}\n{\"id\":\n2}",
            "error[truncated]: line 2, column 7: the document ends where a value is expected; is it complete?\nerror[not-rows]: line 3, column 1: expected an object, found a number\nerror[trailing-text]: line 3, column 2: `}` follows the end of the rows; give one array, or one object a line as NDJSON",
        ),
        (
            114,
            "{\"id\":1} {\"id\":2}",
            "error[trailing-text]: line 1, column 10: `{\\\"id\\\":2}` follows the end of the rows; give one array, or one object a line as NDJSON",
        ),
        (114, "[{\"id\":1}]", "error[not-rows]: line 1, column 1: expected an object, found an array"),
        (
            114,
            "oops\n{\"id\":1}\n{\"id\":\"é\",\"v\":2}",
            "error[syntax]: line 1, column 1: expected a value, found `o`\nerror[wrong-type]: line 3, column 7: text `é` given for `id` of type int64; give a value of that type\nerror[wrong-type]: line 3, column 15: a number `2` given for `v` of type text; give a value of that type",
        ),
    ];
    for (case, document, outcome) in cases {
        assert_eq!(show(ndjson(document.as_bytes(), Some(&posts()))), *outcome, "case {case}: {document}");
    }
}
