//! MariaDB: the programs on `PATH`, else Debian's package; and the newest series, from a newer suite of Debian,
//! unpacked but not installed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Failure, while_doing};
use crate::server::{Launch, Server};
use crate::unpacked::Unpacked;
use crate::workplace::Workplace;
use crate::{apt, engines::NoPrograms};

/// The suite of Debian that has MariaDB 11.8.
const SUITE: &str = "trixie";

/// How to call the server and how to make its system tables.
#[derive(Debug)]
pub(crate) enum Programs {
    /// Installed: the server and the program that makes system tables.
    Installed {
        server: PathBuf,
        install: PathBuf,
    },
    Unpacked(Unpacked),
}

pub(crate) fn obtain() -> Result<Programs, NoPrograms> {
    if let Some(programs) = find() {
        return Ok(programs);
    }
    apt::install(&["mariadb-server-core", "mariadb-client-core"])?;
    find().ok_or_else(|| NoPrograms::unavailable("the package `mariadb-server-core` holds no `mariadbd`"))
}

/// MariaDB 11.8, whatever is installed.
pub(crate) fn obtain_newest() -> Result<Programs, NoPrograms> {
    Unpacked::obtain("mariadb11", SUITE, &["mariadb-server-core"], "usr/sbin/mariadbd", "usr/share/mariadb")
        .map(Programs::Unpacked)
}

fn find() -> Option<Programs> {
    Some(Programs::Installed { server: process::find("mariadbd")?, install: process::find("mariadb-install-db")? })
}

impl Programs {
    pub(crate) fn version(&self) -> Result<String, Failure> {
        let version = match self {
            Self::Installed { server, .. } => process::version(&mut Command::new(server))?,
            Self::Unpacked(unpacked) => unpacked.version()?,
        };
        Ok(version.split('-').next().unwrap_or_default().into())
    }

    pub(crate) fn start(&self, name: &str, place: &Workplace) -> Result<Server, Failure> {
        let data = place.create(name)?;
        let (program, arguments) = match self {
            Self::Installed { server, install } => {
                let mut install = place.command(install, None);
                install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
                process::read(install.arg(argument("--datadir", &data)))?;
                (server.clone(), vec!["--no-defaults".into()])
            }
            Self::Unpacked(unpacked) => {
                let unpacked = unpacked.within_reach(place)?;
                let call = unpacked.call()?;
                make_tables(&call, &unpacked.share(), &data, place)?;
                call
            }
        };
        let log = place.path().join(format!("{name}.log"));
        let launch = Launch { name: "MariaDB", log: &log, ready: "ready for connections", stop: "TERM" };
        launch.start(|port| {
            let mut command = place.command(&program, Some("TERM"));
            command.args(&arguments).args(SETTINGS).arg(format!("--port={port}"));
            let socket = place.path().join(format!("{name}.sock"));
            command.arg(argument("--datadir", &data)).arg(argument("--socket", &socket));
            command.arg(argument("--pid-file", &data.join("server.pid")));
            // without grant tables any user may connect, from any host name that 127.0.0.1 has here
            command.args(["--skip-grant-tables", "--skip-log-bin"]);
            command
        })
    }
}

/// Makes the system tables as `mariadb-install-db` does, which finds nothing in packages that are not installed.
fn make_tables(
    (program, arguments): &(PathBuf, Vec<OsString>),
    share: &Path,
    data: &Path,
    place: &Workplace,
) -> Result<(), Failure> {
    let failed = || while_doing("reading the statements for MariaDB's system tables");
    let mut text = String::from("create database mysql;\nuse mysql;\n");
    for part in ["mariadb_system_tables", "mariadb_performance_tables", "mariadb_system_tables_data"] {
        text += &fs::read_to_string(share.join(part).with_extension("sql")).map_err(failed())?;
    }
    let file = place.path().join("system_tables.sql");
    fs::write(&file, text).map_err(failed())?;
    let mut command = place.command(program, None);
    command.args(arguments).arg(argument("--datadir", data)).args(["--bootstrap", "--skip-networking"]);
    process::read_given(&mut command, File::open(&file).map_err(failed())?.into()).map(drop)
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
pub(crate) fn argument(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push("=");
    argument.push(path);
    argument
}

pub(crate) fn url(port: u16) -> String {
    format!("mysql://root@127.0.0.1:{port}/")
}
