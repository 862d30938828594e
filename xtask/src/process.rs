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

/// How long a command may take whose output is read, and how long a download: a hung one must not hold up all that follows.
const TIME_TO_READ: Duration = Duration::from_secs(900);
const TIME_TO_FETCH: Duration = Duration::from_secs(180);

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
    wait_for(child, Duration::MAX)
}

/// Waits for a child; a signal ends it, and so does the end of our patience.
fn wait_for(child: &mut Child, patience: Duration) -> Result<ExitStatus, Failure> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(while_doing("waiting for a child"))? {
            go_on()?;
            return Ok(status);
        }
        let in_time = if start.elapsed() < patience {
            Ok(())
        } else {
            Err(Failure(format!("not done within {} s", patience.as_secs())))
        };
        if let Err(failure) = go_on().and(in_time) {
            end(child, "TERM", Duration::from_secs(10));
            return Err(failure);
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
    read_within(TIME_TO_READ, command, input)
}

/// As [`read`], for a command that fetches something: one that hangs or fails is given a second try.
pub(crate) fn fetch(command: &mut Command) -> Result<String, Failure> {
    let mut attempt = || read_within(TIME_TO_FETCH, command, Stdio::null());
    attempt().or_else(|failure| {
        go_on()?;
        eprintln!("trying again: {failure}");
        attempt()
    })
}

fn read_within(patience: Duration, command: &mut Command, input: Stdio) -> Result<String, Failure> {
    let name = command.get_program().display().to_string();
    let mut child = spawn_given(command.stdout(Stdio::piped()).stderr(Stdio::piped()), input)?;
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let (status, text, said) = thread::scope(|scope| {
        let (output, errors) = (scope.spawn(|| read_all(output)), scope.spawn(|| read_all(errors)));
        let status = wait_for(&mut child, patience);
        (status, output.join().unwrap_or_default(), errors.join().unwrap_or_default())
    });
    let status = status.map_err(while_doing(format!("`{name}`")))?;
    if status.success() {
        return Ok(text);
    }
    Err(Failure(format!("`{name}`: {status}\n{}{}", last_lines(&text), last_lines(&said))))
}

fn read_all(stream: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    // what came before an error is still worth showing
    let _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The end of a long output.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(20)).map(|line| format!("  {line}\n")).collect()
}

/// Starts a child as the head of a process group, so that [`end`] reaches its children and ctrl-c reaches only us.
pub(crate) fn spawn(command: &mut Command) -> Result<Child, Failure> {
    spawn_given(command, Stdio::null())
}

fn spawn_given(command: &mut Command, input: Stdio) -> Result<Child, Failure> {
    let name = command.get_program().display().to_string();
    command.stdin(input).process_group(0).spawn().map_err(while_doing(format!("starting `{name}`")))
}

/// Ends a child and its group: with a signal that it can obey, and by force when it has not gone after a while.
pub(crate) fn end(child: &mut Child, signal: &str, patience: Duration) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    signal_group(child, signal);
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
            return;
        }
        sleep(TICK);
    }
    signal_group(child, "KILL");
    let _ = child.wait();
}

fn signal_group(child: &Child, signal: &str) {
    // std can only kill, and only the child; every shell has `kill` built in
    let group = format!("-{}", child.id());
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", signal]).arg(group).stdin(Stdio::null());
    let _ = kill.status();
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

#[cfg(test)]
mod tests {
    use super::{Command, Duration, Stdio, read, read_within};

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_command_that_hangs_is_ended_with_its_children() {
        let hung = read_within(Duration::from_millis(50), &mut shell("sleep 600 & sleep 600"), Stdio::null());
        assert!(hung.unwrap_err().to_string().contains("not done within"));
    }

    #[test]
    fn a_command_is_read_whole_and_fails_with_what_it_said() {
        let lines = read(&mut shell("yes | head -100000; echo end")).unwrap();
        assert!(lines.ends_with("y\nend\n") && lines.len() == 200_004, "{} bytes", lines.len());
        let failed = read(&mut shell("echo nothing there >&2; exit 3")).unwrap_err().to_string();
        assert!(failed.contains("exit status: 3") && failed.contains("nothing there"), "{failed}");
    }
}
