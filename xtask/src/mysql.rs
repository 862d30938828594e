//! MySQL: the program on `PATH`, else Debian sid's packages with all that they need, unpacked but not installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::engines::NoPrograms;
use crate::mariadb::{SETTINGS, argument};
use crate::process::{self, Failure};
use crate::server::{Launch, Server};
use crate::unpacked::Unpacked;
use crate::workplace::Workplace;

/// The suite of Debian that has MySQL.
const SUITE: &str = "sid";

/// The server's program, and how to call it.
#[derive(Debug)]
pub(crate) enum Programs {
    /// Installed: it knows its own folders.
    Installed(PathBuf),
    Unpacked(Unpacked),
}

pub(crate) fn obtain() -> Result<Programs, NoPrograms> {
    if let Some(program) = process::find("mysqld").filter(|program| is_mysql(program)) {
        return Ok(Programs::Installed(program));
    }
    Unpacked::obtain("mysql", SUITE, &["mysql-server-core"], "usr/sbin/mysqld", "usr/share/mysql")
        .map(Programs::Unpacked)
}

/// MariaDB's packages have a `mysqld` too.
fn is_mysql(program: &Path) -> bool {
    process::read(Command::new(program).arg("--version")).is_ok_and(|text| !text.contains("MariaDB"))
}

impl Programs {
    pub(crate) fn version(&self) -> Result<String, Failure> {
        match self {
            Self::Installed(program) => process::version(&mut Command::new(program)),
            Self::Unpacked(unpacked) => unpacked.version(),
        }
    }

    pub(crate) fn start(&self, place: &Workplace) -> Result<Server, Failure> {
        let data = place.create("mysql")?;
        let (program, arguments) = match self {
            Self::Installed(program) => (program.clone(), vec!["--no-defaults".into()]),
            Self::Unpacked(unpacked) => unpacked.within_reach(place)?.call()?,
        };
        let server = |orphaned| {
            let mut command = place.command(&program, orphaned);
            command.args(&arguments).arg(argument("--datadir", &data));
            command
        };
        process::read(server(None).arg("--initialize-insecure"))?;
        let log = place.path().join("mysql.log");
        let launch = Launch { name: "MySQL", log: &log, ready: "ready for connections", stop: "TERM" };
        launch.start(|port| {
            let mut command = server(Some("TERM"));
            command.args(SETTINGS).args(["--skip-log-bin", "--mysqlx=OFF", "--performance-schema=OFF"]);
            command.arg(format!("--port={port}")).arg(argument("--socket", &place.path().join("mysql.sock")));
            command.arg(argument("--pid-file", &data.join("server.pid")));
            command
        })
    }
}
