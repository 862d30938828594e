use super::*;

#[test]
fn names_are_taken_up_to_the_last_character() {
    let takes = |name: &str, dialect, output| check_name(&Ident::new(name).unwrap(), dialect, output).is_ok();
    assert!(takes("a\r\nb", Dialect::sqlite(), Output::Inline));
    assert!(!takes("a\r\nb", Dialect::sqlite(), Output::Script));
    assert!(takes("a\rb\n", Dialect::sqlite(), Output::Script));
    assert!(takes("\u{ffff}a", Dialect::mysql(), Output::Script));
    assert!(!takes("\u{10000}a", Dialect::mysql(), Output::Script));
}
