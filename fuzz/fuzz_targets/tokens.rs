//! Any update becomes statements of its own words, or is refused: see `tests/words/mod.rs`.
#![no_main]

#[path = "../../tests/generate/mod.rs"]
mod generate;
#[path = "../../tests/model/mod.rs"]
mod model;
#[path = "../../tests/words/mod.rs"]
mod words;

use libfuzzer_sys::fuzz_target;
use setwise::{Options, Output, Strategy, TimestampTz, compile};

use generate::Caps;
use words::Words;

const CAPS: [&Caps; 4] = [&Caps::SQLITE, &Caps::POSTGRES, &Caps::MYSQL, &Caps::MARIADB];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let choices: Vec<u32> = rest.chunks(4).map(|bytes| bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))).collect();
    let case = generate::grow(CAPS[usize::from(first % 4)], &choices);
    let update = case.update();
    let words = Words::of(&update, &case.schema);
    let options = Options::new().chunk([0, 1, 3][usize::from(first / 4 % 3)]);
    let options = if first / 16 % 2 == 0 { options } else { options.now(TimestampTz::utc(case.now)) };
    // The update is for one engine's types; the others mostly refuse it, and that is tried too.
    for (dialect, grammar) in words::grammars() {
        for strategy in [Strategy::Auto].into_iter().chain(Strategy::ALL) {
            for output in [Output::Binds, Output::Inline] {
                let options = options.clone().strategy(strategy).output(output);
                let Ok(mut script) = compile(&update, dialect, &options) else { continue };
                while let Some(step) = script.next() {
                    let step = step.expect("a step");
                    words.check(step.text, &*grammar, &format!("{update}\non {dialect}"));
                }
            }
        }
    }
});
