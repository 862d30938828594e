//! MariaDB: the programs on `PATH`, else Debian's package.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Failure};
use crate::server::{Launch, Server};
use crate::workplace::Workplace;
use crate::{apt, engines::NoPrograms};

/// The server's program and the one that makes its system tables.
#[derive(Debug)]
pub(crate) struct Programs {
    server: PathBuf,
    install: PathBuf,
}

pub(crate) fn obtain() -> Result<Programs, NoPrograms> {
    if let Some(programs) = find() {
        return Ok(programs);
    }
    apt::install(&["mariadb-server-core", "mariadb-client-core"])?;
    find().ok_or_else(|| NoPrograms::unavailable("the package `mariadb-server-core` holds no `mariadbd`"))
}

fn find() -> Option<Programs> {
    Some(Programs { server: process::find("mariadbd")?, install: process::find("mariadb-install-db")? })
}

impl Programs {
    pub(crate) fn version(&self) -> Result<String, Failure> {
        let version = process::version(&mut Command::new(&self.server))?;
        Ok(version.split('-').next().unwrap_or_default().into())
    }

    pub(crate) fn start(&self, place: &Workplace) -> Result<Server, Failure> {
        let data = place.create("mariadb")?;
        let mut install = place.command(&self.install, None);
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        process::read(install.arg(argument("--datadir", &data)))?;
        let log = place.path().join("mariadb.log");
        let launch = Launch { name: "MariaDB", log: &log, ready: "ready for connections", stop: "TERM" };
        launch.start(|port| {
            let mut command = place.command(&self.server, Some("TERM"));
            command.arg("--no-defaults").args(SETTINGS).arg(format!("--port={port}"));
            command.arg(argument("--datadir", &data)).arg(argument("--socket", &place.path().join("mariadb.sock")));
            command.arg(argument("--pid-file", &data.join("server.pid")));
            // without grant tables any user may connect, from any host name that 127.0.0.1 has here
            command.args(["--skip-grant-tables", "--skip-log-bin"]);
            command
        })
    }
}

/// What MariaDB and MySQL are both started with.
pub(crate) const SETTINGS: [&str; 6] = [
    "--bind-address=127.0.0.1",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    "--innodb-flush-log-at-trx-commit=0",
    "--skip-innodb-doublewrite",
    "--secure-file-priv=",
];

/// `--option=path`, as the servers want it.
pub(crate) fn argument(option: &str, path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(option);
    argument.push("=");
    argument.push(path);
    argument
}

pub(crate) fn url(port: u16) -> String {
    format!("mysql://root@127.0.0.1:{port}/")
}
