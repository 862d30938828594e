//! MySQL: the program on `PATH`, else Debian sid's packages with all that they need, unpacked but not installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::mariadb::{SETTINGS, argument};
use crate::process::{self, Failure, while_doing};
use crate::server::{Launch, Server};
use crate::workplace::Workplace;
use crate::{apt, engines::NoPrograms};

/// The suite of Debian that has MySQL, and the package.
const SUITE: &str = "sid";
const PACKAGE: &str = "mysql-server-core";

/// The server's program, and how to call it.
#[derive(Debug)]
pub(crate) enum Programs {
    /// Installed: it knows its own folders.
    Installed(PathBuf),
    /// Unpacked below a folder: it needs its own loader, libraries and folders named.
    Unpacked(PathBuf),
}

pub(crate) fn obtain() -> Result<Programs, NoPrograms> {
    if let Some(program) = process::find("mysqld").filter(|program| is_mysql(program)) {
        return Ok(Programs::Installed(program));
    }
    let folder = cache()?.join("mysql");
    let programs = Programs::Unpacked(folder.clone());
    if folder.is_dir() && programs.version().is_ok() {
        return Ok(programs);
    }
    eprintln!("fetching MySQL from Debian {SUITE}");
    apt::unpack(SUITE, &[PACKAGE], &folder)?;
    Ok(programs)
}

/// MariaDB's packages have a `mysqld` too.
fn is_mysql(program: &Path) -> bool {
    process::read(Command::new(program).arg("--version")).is_ok_and(|text| !text.contains("MariaDB"))
}

/// Where fetched engines are kept.
fn cache() -> Result<PathBuf, Failure> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let folder =
        std::env::var_os("SETWISE_ENGINES_DIR").map_or_else(|| workspace.join("target/engines"), PathBuf::from);
    std::fs::create_dir_all(&folder).map_err(while_doing("creating the folder for engines"))?;
    folder.canonicalize().map_err(while_doing("finding the folder for engines"))
}

impl Programs {
    pub(crate) fn version(&self) -> Result<String, Failure> {
        let (program, arguments) = self.call()?;
        process::version(Command::new(program).args(arguments))
    }

    pub(crate) fn start(&self, place: &Workplace) -> Result<Server, Failure> {
        if let Self::Unpacked(folder) = self
            && !place.can_reach(&folder.join("usr/sbin/mysqld"))
        {
            let reachable = place.path().join("mysql-programs");
            process::read(Command::new("cp").arg("-r").arg(folder).arg(&reachable))?;
            return Self::Unpacked(reachable).start_reachable(place);
        }
        self.start_reachable(place)
    }

    fn start_reachable(&self, place: &Workplace) -> Result<Server, Failure> {
        let data = place.create("mysql")?;
        let (program, arguments) = self.call()?;
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

    /// The program to start and the arguments that go before all others.
    fn call(&self) -> Result<(PathBuf, Vec<std::ffi::OsString>), Failure> {
        let folder = match self {
            Self::Installed(program) => return Ok((program.clone(), vec!["--no-defaults".into()])),
            Self::Unpacked(folder) => folder,
        };
        let libraries = folder.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
        let entries = std::fs::read_dir(&libraries).map_err(while_doing("looking for MySQL's libraries"))?;
        let is_loader = |name: &str| name.starts_with("ld-linux") && name.contains(".so.");
        let loader = entries.flatten().find(|entry| entry.file_name().to_str().is_some_and(is_loader));
        let loader = loader.ok_or_else(|| Failure::new("the fetched packages hold no dynamic loader"))?;
        let share = folder.join("usr/share/mysql");
        let path = [libraries, folder.join("usr/lib/mysql/private"), folder.join("usr/lib/mysql")];
        let path = std::env::join_paths(path).map_err(|error| Failure::new(error.to_string()))?;
        let arguments = vec![
            "--library-path".into(),
            path,
            folder.join("usr/sbin/mysqld").into_os_string(),
            "--no-defaults".into(),
            argument("--basedir", &folder.join("usr")),
            argument("--lc-messages-dir", &share),
            argument("--character-sets-dir", &share.join("charsets")),
            argument("--plugin-dir", &folder.join("usr/lib/mysql/plugin")),
        ];
        Ok((loader.path(), arguments))
    }
}
