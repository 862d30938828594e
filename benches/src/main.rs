//! Runs one contestant for a profiler, or all of them against the clock; or another program, to see what it spends.

mod call;
mod convert;
mod spend;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use setwise_bench::{Contestant, Input, generate};

const USAGE: &str = "\
usage: setwise-bench run WRITER FORM ROWS COLUMNS ITERATIONS
       setwise-bench table
       setwise-bench call bind|compile|read|size short|long TIMES
       setwise-bench convert ndjson|csv FILE
       setwise-bench spend OUTPUT PROGRAM ARGUMENT..";

/// The sizes of the table: rows, and assigned columns.
const SIZES: [(usize, usize); 3] = [(10_000, 1), (1_000, 4), (10_000, 4)];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["run", writer, form, rows, columns, iterations] => {
            Contestant::named(writer, form).and_then(|contestant| run(contestant, rows, columns, iterations))
        }
        ["table"] => {
            print_table();
            Some(())
        }
        ["call", way, length, times] => call::run(way, length, times),
        ["convert", format, file] => convert::run(format, file),
        ["spend", output, program, arguments @ ..] => spend::run(output, program, arguments),
        _ => None,
    };
    if done.is_none() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

fn run(contestant: Contestant, rows: &str, columns: &str, iterations: &str) -> Option<()> {
    let columns = columns.parse().ok().filter(|columns| (1..=4).contains(columns))?;
    let data = generate(rows.parse().ok()?, columns);
    let input = contestant.prepare(&data);
    for _ in 0..iterations.parse::<usize>().ok()? {
        write_once(contestant, &input);
    }
    Some(())
}

/// Writes once, and returns the bytes of SQL: the text, and a document that is its parameter.
fn write_once(contestant: Contestant, input: &Input<'_>) -> usize {
    let mut bytes = 0;
    contestant.write(black_box(input), &mut |text, binds| {
        black_box(binds);
        bytes += black_box(text).len() + binds.bytes_of_document();
    });
    bytes
}

/// Prints a line for each contestant and size: writer, form, rows, columns, nanoseconds per value, bytes of SQL.
fn print_table() {
    for (rows, columns) in SIZES {
        let data = generate(rows, columns);
        for contestant in Contestant::all() {
            let input = contestant.prepare(&data);
            let bytes = write_once(contestant, &input);
            let mut times: Vec<f64> = (0..7).map(|_| time(contestant, &input)).collect();
            times.sort_by(f64::total_cmp);
            let per_value = times[times.len() / 2] / (rows * columns) as f64;
            let (writer, form) = (contestant.writer.name(), contestant.form.name());
            println!("{writer}\t{form}\t{rows}\t{columns}\t{per_value:.1}\t{bytes}");
        }
    }
}

/// Nanoseconds of one writing, averaged over as many as take a fiftieth of a second.
fn time(contestant: Contestant, input: &Input<'_>) -> f64 {
    let start = Instant::now();
    let mut count = 0u32;
    while start.elapsed().as_millis() < 20 {
        write_once(contestant, input);
        count += 1;
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}
