//! Any bytes are read as CSV or refused, with the same result at once and some rows at a time.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use setwise::read::{CsvOptions, RowReader, csv};

fuzz_target!(|document: &[u8]| {
    let table = common::table();
    let cut = document.first().map_or(0, |first| usize::from(*first) * document.len() / 256);
    let most = document.last().map_or(1, |last| usize::from(*last) % 4 + 1);
    let options =
        [CsvOptions::new(), CsvOptions::new().delimiter(';').null(""), CsvOptions::new().delimiter('\t').null("\\N")];
    for options in options {
        for table in [None, Some(&table)] {
            let whole = csv(document, table, &options);
            if let Err(errors) = &whole {
                common::show(errors, document);
            }
            common::compare(
                &whole,
                &common::read_in_pieces(RowReader::csv(table, options.clone()), document, cut, most),
            );
        }
    }
});
