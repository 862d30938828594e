//! Fuzzing: each target for a while, on seeds of its own and those made from the test cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout;
use crate::process::{self, Failure, while_doing};

/// The targets of `fuzz/`, and where else than in `fuzz/seeds` their seeds are.
const TARGETS: [(&str, &[&str]); 6] = [
    ("json", &[]),
    ("csv", &[]),
    (
        "schema",
        &[
            "tests/cases/schema/postgres",
            "tests/cases/schema/mysql",
            "tests/cases/schema/mariadb",
            "tests/cases/schema/sqlite",
        ],
    ),
    ("language", &["fuzz/corpus/cases"]),
    ("library", &["tests/cases/refused/library", "tests/cases/refused/checked", "fuzz/corpus/cases"]),
    ("tokens", &[]),
];

/// Runs every target, or those named, for so many seconds; whether none found anything.
pub(crate) fn run(seconds: u64, wanted: &[String]) -> Result<bool, Failure> {
    let root = checkout::root();
    if !process::run(cargo(root).args(["fuzz", "--version"]))?.success() {
        return Err(Failure::new("install a nightly toolchain and `cargo install cargo-fuzz`"));
    }
    if let Some(unknown) = wanted.iter().find(|wanted| TARGETS.iter().all(|(target, _)| target != wanted)) {
        return Err(Failure::new(format!("there is no target `{unknown}`")));
    }
    write_cases(root)?;
    let mut reports = Vec::new();
    for (target, seeds) in TARGETS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == target) {
            reports.push(run_target(root, target, seeds, seconds)?);
        }
    }
    for report in &reports {
        println!("{}", report.line());
    }
    Ok(reports.iter().all(|report| report.passed))
}

/// What a run of a target came to.
#[derive(Debug, Default)]
struct Report {
    target: &'static str,
    passed: bool,
    executions: u64,
    /// Edges of the program and features of its runs that were reached.
    edges: u64,
    features: u64,
}

impl Report {
    fn line(&self) -> String {
        let Self { target, passed, executions, edges, features } = self;
        let outcome = if *passed { "clean" } else { "FAILED: see `fuzz/artifacts`" };
        format!("{target}: {executions} executions, {edges} edges, {features} features, {outcome}")
    }

    /// Reads a line of libFuzzer's, such as `#4096 NEW cov: 812 ft: 2054 corp: 311/9Kb lim: 58 ...`.
    fn add(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix('#') else { return };
        let mut words = rest.split_whitespace();
        if let Some(count) = words.next().and_then(|count| count.parse().ok()) {
            self.executions = count;
        }
        while let Some(word) = words.next() {
            match word {
                "cov:" => self.edges = words.next().and_then(|count| count.parse().ok()).unwrap_or(self.edges),
                "ft:" => self.features = words.next().and_then(|count| count.parse().ok()).unwrap_or(self.features),
                _ => {}
            }
        }
    }
}

/// The sanitizers look for what unsafe code does; there is none, and without them the runs are faster.
fn run_target(root: &Path, target: &'static str, seeds: &[&str], seconds: u64) -> Result<Report, Failure> {
    let corpus = root.join("fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).map_err(while_doing("making a corpus"))?;
    let own = PathBuf::from("fuzz/seeds").join(target);
    let mut command = cargo(root);
    command.args(["fuzz", "run", "--sanitizer", "none", target]).arg(&corpus);
    command.args(seeds.iter().map(Path::new).chain([own.as_path()]).filter(|seeds| root.join(seeds).is_dir()));
    command.args(["--", "-timeout=20", "-max_len=4096", "-len_control=0", "-print_final_stats=1", "-close_fd_mask=1"]);
    command.arg(format!("-max_total_time={seconds}"));
    let mut child = process::spawn(command.stderr(Stdio::piped()))?;
    let mut report = Report { target, ..Report::default() };
    let said = child.stderr.take();
    report.passed = process::watch(&mut child, said, |line| {
        eprintln!("{line}");
        report.add(line);
    })?
    .success();
    Ok(report)
}

/// Writes the updates of the test cases where the target for the language takes its seeds.
fn write_cases(root: &Path) -> Result<(), Failure> {
    let folder = root.join("fuzz/corpus/cases");
    fs::create_dir_all(&folder).map_err(while_doing("making the seeds"))?;
    let mut open = vec![root.join("tests/cases/updates")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).map_err(while_doing("listing the cases"))?;
            open.extend(entries.filter_map(Result::ok).map(|entry| entry.path()));
            continue;
        }
        let text = fs::read_to_string(&path).map_err(while_doing("reading a case"))?;
        let Some((_, update)) = text.split_once("\n== update\n") else { continue };
        let update = update.split("\n== ").next().unwrap_or(update);
        let topic = path.parent().and_then(Path::file_name).unwrap_or_default();
        let name = format!("{}-{}", topic.display(), path.file_name().unwrap_or_default().display());
        fs::write(folder.join(name), update).map_err(while_doing("writing a seed"))?;
    }
    Ok(())
}

fn cargo(root: &Path) -> Command {
    // the proxy of rustup, since only a nightly compiler can count what is reached
    let mut command = Command::new("cargo");
    command.arg("+nightly").current_dir(root).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    command
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn reads_what_the_fuzzer_says() {
        let mut report = Report { target: "json", passed: true, ..Report::default() };
        report.add("#4096\tNEW    cov: 812 ft: 2054 corp: 311/9Kb lim: 58 exec/s: 4096 rss: 40Mb");
        report.add("INFO: seed corpus: files: 3");
        report.add("#5000\tDONE   cov: 813 ft: 2060 corp: 312/9Kb lim: 58 exec/s: 5000 rss: 40Mb");
        assert_eq!(report.line(), "json: 5000 executions, 813 edges, 2060 features, clean");
    }
}
