//! Any bytes are read as JSON and NDJSON or refused, with the same result at once and some rows at a time.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use setwise::read::{RowReader, json, ndjson};

fuzz_target!(|document: &[u8]| {
    let table = common::table();
    let cut = document.first().map_or(0, |first| usize::from(*first) * document.len() / 256);
    let most = document.last().map_or(1, |last| usize::from(*last) % 4 + 1);
    for table in [None, Some(&table)] {
        let array = json(document, table);
        if let Err(errors) = &array {
            common::show(errors, document);
        } else {
            let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
            serde_json::from_slice::<IgnoredAny>(document).expect("what was read is JSON");
        }
        let lines = ndjson(document, table);
        if let Err(errors) = &lines {
            common::show(errors, document);
        }
        common::compare(&lines, &common::read_in_pieces(RowReader::ndjson(table), document, cut, most));
    }
});
