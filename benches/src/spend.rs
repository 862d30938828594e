//! What another program spends, of which this one is the only parent, so that nothing else is counted.

use std::fs::File;
use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Runs a program with its output in a file, and prints the microseconds that it spent and its most memory in kilobytes.
pub(crate) fn run(output: &str, program: &str, arguments: &[&str]) -> Option<()> {
    let output = File::create(output).expect("a file for the output");
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(output);
    assert!(command.status().expect("a program").success(), "{program} fails");
    let spent = getrusage(UsageWho::RUSAGE_CHILDREN).expect("what it spent");
    let micros = spent.user_time().num_microseconds() + spent.system_time().num_microseconds();
    println!("{micros} {}", spent.max_rss());
    Some(())
}
