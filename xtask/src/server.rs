//! A server: started on a free port of the loopback address, watched until it is ready, stopped when dropped.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::process::{self, Failure, while_doing};

const TIME_TO_START: Duration = Duration::from_secs(120);
const TIME_TO_STOP: Duration = Duration::from_secs(30);

/// How to start a server and to know that it is up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Launch<'l> {
    /// The name, for messages.
    pub(crate) name: &'l str,
    /// Where its output goes.
    pub(crate) log: &'l Path,
    /// What it writes there when it takes connections.
    pub(crate) ready: &'l str,
    /// The signal that stops it fast.
    pub(crate) stop: &'l str,
}

/// A running server of ours.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    stop: String,
    port: u16,
}

impl Launch<'_> {
    /// Starts the server; where another program took the port meanwhile, once more on another one.
    pub(crate) fn start(&self, command: impl Fn(u16) -> Command) -> Result<Server, Failure> {
        let first = self.try_start(&command, free_port()?);
        match first {
            Err(_) if fs::read_to_string(self.log).is_ok_and(|log| log.contains("Address already in use")) => {
                self.try_start(&command, free_port()?)
            }
            outcome => outcome,
        }
    }

    fn try_start(&self, command: impl Fn(u16) -> Command, port: u16) -> Result<Server, Failure> {
        let failed = || while_doing(format!("starting {}", self.name));
        let log = File::create(self.log).map_err(failed())?;
        let mut command = command(port);
        command.stdout(log.try_clone().map_err(failed())?).stderr(log);
        let mut server = Server { child: process::spawn(&mut command)?, stop: self.stop.into(), port };
        let deadline = Instant::now() + TIME_TO_START;
        loop {
            process::go_on()?;
            let log = fs::read(self.log).map_err(failed())?;
            let log = String::from_utf8_lossy(&log);
            if log.contains(self.ready) {
                return Ok(server);
            }
            let gone = server.child.try_wait().map_err(failed())?;
            if gone.is_some() || Instant::now() > deadline {
                let why = gone.map_or("is not ready in time".into(), |status| format!("ended ({status})"));
                return Err(Failure::new(format!("{} {why}; its log ends:\n{}", self.name, process::last_lines(&log))));
            }
            sleep(Duration::from_millis(50));
        }
    }
}

impl Server {
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process::end(&mut self.child, &self.stop, TIME_TO_STOP);
    }
}

/// A port that nobody listens on just now.
fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(while_doing("looking for a free port"))?;
    Ok(listener.local_addr().map_err(while_doing("looking for a free port"))?.port())
}
