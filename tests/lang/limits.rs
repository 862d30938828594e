//! Texts made to exhaust the stack, the memory or patience.

use setwise::lang;

/// Runs on the stack of a small thread.
fn on_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap()
}

fn code(text: String) -> Option<&'static str> {
    on_small_stack(move || lang::parse_expr(&text).err().map(|error| error.code()))
}

/// T11: depth of the language.
#[test]
fn deep_texts_are_refused() {
    for (before, inner, after) in [
        ("(", "1", ")"),
        ("not ", "a", ""),
        ("- ", "a", ""),
        ("abs(", "a", ")"),
        ("array[", "1", "]"),
        ("case when ", "a", " then 1 end"),
        ("case when a then ", "a", " end"),
        ("a in (", "1", ")"),
        ("a = (", "1", ")"),
        ("a or b and c = d + e * (", "1", ")"),
        ("cast(", "a", " as text)"),
        ("", "a", " + 1"),
        ("", "a", " * b"),
    ] {
        let nested = |levels: usize| format!("{}{inner}{}", before.repeat(levels), after.repeat(levels));
        assert_eq!(code(nested(1_000_000)), Some("too-deep"), "{before}{after}");
        assert_eq!(code(nested(10)), None, "{before}{after}");
    }
}

#[test]
fn the_deepest_expression_is_printed_and_parsed() {
    for (before, after) in
        [("not ", ""), ("- ", ""), ("abs(", ")"), ("", " + 1"), ("a * (1 + ", ")"), ("not (b and ", ")")]
    {
        let levels = if before.contains('(') && before != "abs(" { 31 } else { 63 };
        let text = format!("{}a{}", before.repeat(levels), after.repeat(levels));
        let same = on_small_stack(move || {
            let expr = lang::parse_expr(&text).unwrap();
            lang::parse_expr(&expr.to_string()) == Ok(expr)
        });
        assert!(same, "{before}{after}");
    }
}

#[test]
fn long_lists_are_no_depth() {
    assert_eq!(code(vec!["a = 1"; 100_000].join(" or ")), None);
    assert_eq!(code(format!("a in ({})", vec!["1"; 100_000].join(", "))), None);
    assert_eq!(code(format!("case {} end", "when a then b ".repeat(50_000))), None);
}

#[test]
fn case_operands_are_not_copied_without_limit() {
    let nested = "case a when 1 then 1 when 2 then 2 end";
    assert_eq!(code(format!("case {nested} when 1 then 1 end")), Some("syntax"));
    assert_eq!(code(format!("case {} when 1 then 1 end", "a".repeat(300))), Some("syntax"));
}

#[test]
fn documents_have_a_limit() {
    let text = " ".repeat((64 << 20) + 1);
    assert_eq!(lang::parse(&text).unwrap_err().iter().next().unwrap().code(), "document-too-long");
}

#[test]
fn long_tokens_are_repeated_in_part() {
    for token in
        ["a".repeat(1 << 20) + "(", "'".to_owned() + &"x".repeat(1 << 20), "9".repeat(1 << 20), "1_".repeat(1 << 19)]
    {
        let error = lang::parse_expr(&token).unwrap_err();
        assert!(error.to_string().len() < 500, "{} bytes", error.to_string().len());
    }
}

#[test]
fn hundred_thousand_rows_are_read_in_linear_time() {
    let row = "\n(1, 'Titel', -5, 12.50, null, e'a\\nb', -- comment\n a + 1),";
    let text = format!("update t by a rows (a, b, c, d, e, f, g) {}", row.repeat(100_000));
    let update = lang::parse_update(text.trim_end_matches(',')).unwrap();
    assert!(update.to_string().len() > 1_000_000);
}
