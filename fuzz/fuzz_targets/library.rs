//! Any text is a library or refused, update by update; each update reads alone as it does among others, and what can be
//! compiled takes arguments or refuses them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use setwise::lang::{self, Library};
use setwise::{Dialect, Errors, Options, Value, diagnostic};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (library, errors) = Library::parse_each(text);
    assert_eq!(Library::parse(text).is_ok(), errors.is_empty());
    show(&errors, text);
    let mut end = 0;
    for parsed in library.updates() {
        let span = parsed.span();
        assert!(span.start >= end, "{span:?} begins before {end}");
        end = span.end;
        let alone = lang::parse(&text[span]).expect("an update that was one among others");
        assert_eq!((alone.name(), alone.target(), alone.key()), (parsed.name(), parsed.target(), parsed.key()));
        assert_eq!(format!("{:?}", alone.params()), format!("{:?}", parsed.params()));
        assert_eq!((alone.columns(), alone.needs_rows()), (parsed.columns(), parsed.needs_rows()));
    }
    if let Err(errors) = library.check(None, &Dialect::all()) {
        show(&errors, text);
    }
    for dialect in Dialect::all() {
        let Ok(prepared) = library.prepare(None, dialect, &Options::new()) else { continue };
        let open = library.updates().iter().filter(|parsed| !parsed.needs_rows());
        for (parsed, name) in open.filter_map(|parsed| parsed.name().map(|name| (parsed, name.as_str()))) {
            let arguments = |value: &Value<'static>| {
                parsed.params().iter().map(|param| (param.name.to_string(), value.clone())).collect::<Vec<_>>()
            };
            for value in [Value::Null, Value::Int(1), Value::from("a")] {
                match prepared.bind(name, arguments(&value)) {
                    Ok(bound) => assert!(bound.steps().all(|step| step.binds.iter().count() > 0)),
                    Err(errors) => show(&errors, text),
                }
            }
        }
    }
});

fn show(errors: &Errors, text: &str) {
    let _ = (errors.to_string(), diagnostic::render_all(errors, "text", text));
}
