//! Any update becomes statements of its own words, or is refused: what `tests/structure.rs` asks of each token.
#![no_main]

#[path = "../../tests/structure.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use all of it")]
mod structure;

use libfuzzer_sys::fuzz_target;
use structure::Checked;
use structure::generate::{self, Caps};
// where the generator looks for it
#[allow(unused_imports, reason = "named by path only")]
use structure::model;

const CAPS: [&Caps; 4] = [&Caps::SQLITE, &Caps::POSTGRES, &Caps::MYSQL, &Caps::MARIADB];

fuzz_target!(|data: &[u8]| {
    let Some((engine, choices)) = data.split_first() else { return };
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    let choices: Vec<u32> = choices.chunks(4).map(number).collect();
    let caps = CAPS[usize::from(engine % 4)];
    let case = generate::grow(caps, &choices);
    let mut checked = Checked::default();
    for dialect in structure::dialects() {
        // mostly refused by the others, which may not panic either
        if dialect.name() == caps.name || engine / 4 % 4 == 0 {
            checked.check_update("an update", &case.update(), &case.schema, dialect);
        }
    }
    checked.finish("fuzzed", 0);
});
