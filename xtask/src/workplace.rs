//! Where throwaway servers live: a folder of their own, owned by a user without rights.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout;
use crate::process::{self, Failure, while_doing};

/// The account that servers run as when we are root; servers refuse to run as root.
const ACCOUNT: &str = "setwise-test";

/// The folder whose files are in memory, and the least room that servers need there, in KiB.
const MEMORY: &str = "/dev/shm";
const ROOM: u64 = 4 << 20;

/// A temporary folder for the data of servers, removed at the end, and the user who owns it.
#[derive(Debug)]
pub(crate) struct Workplace {
    folder: PathBuf,
    /// The user and group to become; none where we are not root.
    account: Option<(u32, u32)>,
}

impl Workplace {
    /// A new folder which the user can reach.
    pub(crate) fn new() -> Result<Self, Failure> {
        let account = if is_root()? { Some(find_account()?) } else { None };
        // creating a table is many times faster in memory
        let memory = has_room(Path::new(MEMORY)).then(|| PathBuf::from(MEMORY));
        let roots = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
        for root in memory.into_iter().chain(roots) {
            let folder = root.join(format!("setwise-{}", std::process::id()));
            // a socket's path must stay below about 100 bytes
            if folder.as_os_str().len() > 70 || fs::create_dir(&folder).is_err() {
                continue;
            }
            let place = Self { folder, account };
            place.give(&place.folder)?;
            if place.can_reach(&place.folder) {
                return Ok(place);
            }
        }
        Err(Failure::new("no temporary folder that an unprivileged user can reach; set TMPDIR to one"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// A new folder below this one, owned by the user.
    pub(crate) fn create(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.folder.join(name);
        fs::create_dir(&folder).map_err(while_doing(format!("creating {}", folder.display())))?;
        self.give(&folder)?;
        Ok(folder)
    }

    fn give(&self, folder: &Path) -> Result<(), Failure> {
        let failed = || while_doing(format!("preparing {}", folder.display()));
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed())?;
        match self.account {
            Some((user, group)) => chown(folder, Some(user), Some(group)).map_err(failed()),
            None => Ok(()),
        }
    }

    /// A command that runs as the user; with a signal, it gets that when we die without a chance to stop it.
    pub(crate) fn command(&self, program: &Path, orphaned: Option<&str>) -> Command {
        let setpriv = process::find("setpriv");
        let mut command = match (self.account, setpriv) {
            (None, None) => Command::new(program),
            (account, setpriv) => {
                let mut command = Command::new(setpriv.unwrap_or_else(|| "setpriv".into()));
                if let Some((user, group)) = account {
                    command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
                }
                orphaned.map(|signal| command.args(["--pdeathsig", signal]));
                command.arg("--").arg(program);
                command
            }
        };
        command.current_dir(&self.folder).env("HOME", &self.folder).env("LC_ALL", "C").env("TZ", "UTC");
        command.stdin(Stdio::null());
        command
    }

    /// A copy of the folder of an engine's programs that the user can reach.
    pub(crate) fn copy(&self, folder: &Path, name: &str) -> Result<PathBuf, Failure> {
        let copy = self.folder.join(format!("{name}-programs"));
        process::read(Command::new("cp").args(["-r", "--no-dereference"]).arg(folder).arg(&copy))?;
        Ok(copy)
    }

    /// Whether the user can read a file or folder.
    pub(crate) fn can_reach(&self, path: &Path) -> bool {
        let mut test = self.command(Path::new("/usr/bin/test"), None);
        test.arg("-r").arg(path).status().is_ok_and(|status| status.success())
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = process::remove(&self.folder) {
            eprintln!("warning: {} was left behind: {error}", self.folder.display());
        }
    }
}

/// Where fetched engines are kept.
pub(crate) fn cache() -> Result<PathBuf, Failure> {
    let folder =
        std::env::var_os("SETWISE_ENGINES_DIR").map_or_else(|| checkout::root().join("target/engines"), PathBuf::from);
    fs::create_dir_all(&folder).map_err(while_doing("creating the folder for engines"))?;
    folder.canonicalize().map_err(while_doing("finding the folder for engines"))
}

/// Whether a folder is there and has room for the data of all servers.
fn has_room(folder: &Path) -> bool {
    let said = process::read(Command::new("df").args(["-k", "--output=avail"]).arg(folder));
    let free = said.ok().and_then(|said| said.lines().nth(1).and_then(|line| line.trim().parse::<u64>().ok()));
    free.is_some_and(|free| free >= ROOM)
}

/// Whether we have the rights of root.
pub(crate) fn is_root() -> Result<bool, Failure> {
    Ok(fs::metadata("/proc/self").map_err(while_doing("asking for our user id"))?.uid() == 0)
}

/// The user and group of the account, which is created where it is missing.
fn find_account() -> Result<(u32, u32), Failure> {
    let id = |flag| -> Result<u32, Failure> {
        let text = process::read(Command::new("id").args([flag, ACCOUNT]))?;
        text.trim().parse().map_err(|_| Failure::new(format!("`id {flag} {ACCOUNT}` says `{text}`")))
    };
    if id("-u").is_err() {
        let mut add = Command::new(process::find("useradd").unwrap_or_else(|| "useradd".into()));
        process::read(add.args([
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT,
        ]))?;
    }
    Ok((id("-u")?, id("-g")?))
}
