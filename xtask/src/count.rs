//! Counts instructions and memory of a program under valgrind.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::checkout;
use crate::page;
use crate::process::{self, Failure, while_doing};

/// Fails where valgrind is not installed.
pub(crate) fn find() -> Result<(), Failure> {
    let lacks = || Failure::new("`valgrind` is not installed; it counts instructions and memory");
    process::find("valgrind").map(drop).ok_or_else(lacks)
}

/// What is counted with.
pub(crate) fn about() -> Result<String, Failure> {
    let rustc = process::version(&mut Command::new("rustc"))?;
    let valgrind = process::read(Command::new("valgrind").arg("--version"))?;
    let valgrind = valgrind.trim().trim_start_matches("valgrind-");
    Ok(format!("rustc {rustc}, release profile; valgrind {valgrind}; {}", page::here()))
}

/// The instructions of a run.
pub(crate) fn instructions(program: &Path, arguments: &[String]) -> Result<u64, Failure> {
    number(&run("callgrind", "callgrind-out-file", program, arguments)?, "Collected : ")
}

/// The allocations of a run, and the most bytes that it held at a time.
pub(crate) fn memory(program: &Path, arguments: &[String]) -> Result<(u64, u64), Failure> {
    let said = run("dhat", "dhat-out-file", program, arguments)?;
    Ok((number(&said, "bytes in ")?, number(&said, "At t-gmax: ")?))
}

/// Runs a program, whose own output goes nowhere; what valgrind says.
fn run(tool: &str, file: &str, program: &Path, arguments: &[String]) -> Result<String, Failure> {
    let log = checkout::target().join(format!("valgrind-{}.log", std::process::id()));
    let mut command = Command::new("valgrind");
    command.args([format!("--tool={tool}"), format!("--{file}=/dev/null"), format!("--log-file={}", log.display())]);
    command.arg(program).args(arguments).stdout(Stdio::null());
    let good = process::run(&mut command)?.success();
    let said = fs::read_to_string(&log).map_err(while_doing("reading what valgrind says"))?;
    fs::remove_file(&log).map_err(while_doing("removing what valgrind says"))?;
    if good { Ok(said) } else { Err(Failure::new(format!("{}:\n{}", program.display(), process::last_lines(&said)))) }
}

/// The first number behind some words, such as `789,492`.
fn number(said: &str, words: &str) -> Result<u64, Failure> {
    let digits = said.split_once(words).map(|(_, rest)| rest.chars().take_while(|c| c.is_ascii_digit() || *c == ','));
    let digits: Option<String> = digits.map(|digits| digits.filter(char::is_ascii_digit).collect());
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| Failure::new(format!("no `{words}` in what valgrind says:\n{}", process::last_lines(said))))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_read_behind_their_words() {
        assert_eq!(number("==1== Collected : 789,492\n==1==", "Collected : ").unwrap(), 789_492);
        assert_eq!(number("==1== Total: 96 bytes in 3 blocks", "bytes in ").unwrap(), 3);
        assert!(number("nothing", "Collected : ").is_err());
    }
}
