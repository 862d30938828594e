//! The CPU time of whoever executes the statements: the server's process or thread for this connection, or our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use setwise::{Column, Type, Value};

use crate::engine::Engine;

/// Where the kernel tells how long the engine has run.
#[derive(Debug)]
pub struct Meter(PathBuf);

impl Meter {
    /// Finds what executes the statements of this connection.
    pub fn of(engine: &mut dyn Engine) -> Self {
        Self(match engine.name() {
            "postgres" => {
                let Value::Int(process) = ask(engine, "SELECT pg_backend_pid()::bigint", Type::INT64) else {
                    panic!("the server does not tell its process")
                };
                format!("/proc/{process}/schedstat").into()
            }
            "mysql" | "mariadb" => busiest_thread(engine),
            _ => "/proc/thread-self/schedstat".into(),
        })
    }

    /// The time that it has been running so far.
    pub fn read(&self) -> Duration {
        // the kernel adds up when a thread stops running; a server has stopped when it has answered
        sleep(Duration::from_micros(20));
        time_of(&self.0).unwrap_or_else(|| panic!("{} holds no time; is the server on this machine?", self.0.display()))
    }
}

/// The first value that a query returns.
pub fn ask(engine: &mut dyn Engine, query: &str, ty: Type) -> Value<'static> {
    let columns = [Column::new("c", ty).expect("a column")];
    let rows = engine.query(query, &[], &columns).unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.into_iter().flatten().next().expect("a value")
}

fn time_of(file: &Path) -> Option<Duration> {
    fs::read_to_string(file).ok()?.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The thread of the server that spends most while this connection keeps it busy.
fn busiest_thread(engine: &mut dyn Engine) -> PathBuf {
    let Value::Text(file) = ask(engine, "SELECT @@pid_file", Type::TEXT) else { panic!("no file of the process") };
    let process = fs::read_to_string(file.as_ref()).expect("the file that holds the server's process");
    let threads = fs::read_dir(format!("/proc/{}/task", process.trim())).expect("the server's threads");
    let threads: Vec<PathBuf> = threads.flatten().map(|thread| thread.path().join("schedstat")).collect();
    let times = || threads.iter().map(|thread| time_of(thread).unwrap_or_default()).collect::<Vec<_>>();
    let before = times();
    ask(engine, "SELECT BENCHMARK(3000000, CRC32('setwise'))", Type::INT64);
    let spent = times().into_iter().zip(before).map(|(after, before)| after.saturating_sub(before));
    let (_, busiest) = spent.zip(threads).max().expect("a thread");
    busiest
}
