//! Child processes: run, watched, and ended by their id when a signal asks for it.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// Whether a signal, or the end of standard input, asked to stop.
static STOP: AtomicBool = AtomicBool::new(false);

const TICK: Duration = Duration::from_millis(20);

/// Why a task could not go on, as a sentence.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Adds what was being done to an error.
pub(crate) fn while_doing<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| Failure(format!("{what}: {error}"))
}

/// Makes SIGINT, SIGTERM and SIGHUP end the task in order, so that what it started is stopped.
pub(crate) fn stop_on_signals() -> Result<(), Failure> {
    ctrlc::set_handler(ask_to_stop).map_err(|error| Failure(format!("cannot handle signals: {error}")))
}

pub(crate) fn ask_to_stop() {
    STOP.store(true, Ordering::SeqCst);
}

pub(crate) fn wait_to_stop() {
    while !STOP.load(Ordering::SeqCst) {
        sleep(TICK);
    }
}

/// Fails when a signal came.
pub(crate) fn go_on() -> Result<(), Failure> {
    if STOP.load(Ordering::SeqCst) { Err(Failure::new("interrupted")) } else { Ok(()) }
}

/// Waits for a child; a signal ends it.
pub(crate) fn wait(child: &mut Child) -> Result<ExitStatus, Failure> {
    loop {
        if let Some(status) = child.try_wait().map_err(while_doing("waiting for a child"))? {
            go_on()?;
            return Ok(status);
        }
        if let Err(interrupted) = go_on() {
            end(child, "TERM", Duration::from_secs(10));
            return Err(interrupted);
        }
        sleep(TICK);
    }
}

/// Waits for a child whose output is taken line by line, whatever bytes are in it; a signal ends it.
pub(crate) fn watch(
    child: &mut Child,
    output: Option<impl Read + Send>,
    mut take: impl FnMut(&str) + Send,
) -> Result<ExitStatus, Failure> {
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let lines = output.into_iter().flat_map(|output| BufReader::new(output).split(b'\n'));
            lines.map_while(Result::ok).for_each(|line| take(&String::from_utf8_lossy(&line)));
        });
        let status = wait(child)?;
        reader.join().map_err(|_| Failure::new("the output of a child could not be read"))?;
        Ok(status)
    })
}

/// Runs a command to its end, with its output where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus, Failure> {
    wait(&mut spawn(command)?)
}

/// Runs a command to its end and returns its standard output; fails with all of its output.
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    read_given(command, Stdio::null())
}

/// As [`read`], for a command that gets something on its standard input.
pub(crate) fn read_given(command: &mut Command, input: Stdio) -> Result<String, Failure> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(input).output().map_err(while_doing(format!("starting `{name}`")))?;
    go_on()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Failure(format!("`{name}`: {}\n{}{}", output.status, last_lines(&text), last_lines(&said))))
}

/// The end of a long output.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(20)).map(|line| format!("  {line}\n")).collect()
}

/// Starts a child as the head of a process group, so that [`end`] reaches its children and ctrl-c reaches only us.
pub(crate) fn spawn(command: &mut Command) -> Result<Child, Failure> {
    let name = command.get_program().display().to_string();
    command.stdin(Stdio::null()).process_group(0).spawn().map_err(while_doing(format!("starting `{name}`")))
}

/// Ends a child and its group: with a signal that it can obey, and by force when it has not gone after a while.
pub(crate) fn end(child: &mut Child, signal: &str, patience: Duration) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    // std can only kill; every shell has `kill` built in
    let group = format!("-{}", child.id());
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", signal]).arg(group).stdin(Stdio::null());
    let _ = kill.status();
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
            return;
        }
        sleep(TICK);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The program of a name on `PATH` or among the folders where servers are installed.
pub(crate) fn find(name: impl AsRef<OsStr>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let servers = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec"].map(PathBuf::from);
    std::env::split_paths(&path).chain(servers).map(|folder| folder.join(name.as_ref())).find(|path| path.is_file())
}

/// The first version number in the output of `program --version`.
pub(crate) fn version(command: &mut Command) -> Result<String, Failure> {
    let text = read(command.arg("--version"))?;
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    text.split_whitespace().find(is_version).map(Into::into).ok_or_else(|| Failure(format!("no version in `{text}`")))
}

/// Removes a folder and all below it; that it is gone already is fine.
pub(crate) fn remove(folder: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(while_doing("removing a folder")(error)),
        _ => Ok(()),
    }
}
