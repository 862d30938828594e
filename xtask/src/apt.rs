//! Debian's packages: installed, or unpacked from another suite without being installed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::engines::NoPrograms;
use crate::process::{self, Failure, while_doing};
use crate::workplace::is_root;

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Installs packages of the system's own suite; their services are not started.
pub(crate) fn install(packages: &[&str]) -> Result<(), NoPrograms> {
    let wanted = packages.join(" ");
    if !is_root()? {
        return Err(NoPrograms::unavailable(format!(
            "not installed, and only root may do so: apt-get install {wanted}"
        )));
    }
    eprintln!("installing {wanted}");
    process::fetch(apt_get().arg("update")).map_err(NoPrograms::unavailable)?;
    let mut install = apt_get();
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    process::read(&mut install).map(drop).map_err(NoPrograms::unavailable)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]);
    // invoke-rc.d starts no service at this run level
    command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    command
}

/// Unpacks packages of a suite and all that they depend on below a folder, which then is whole or not there.
pub(crate) fn unpack(suite: &str, packages: &[&str], folder: &Path) -> Result<(), NoPrograms> {
    let state = folder.with_extension("apt");
    let partial = folder.with_extension("partial");
    for old in [&state, &partial, &folder.to_path_buf()] {
        process::remove(old)?;
    }
    let config = prepare(&state, suite)?;
    process::fetch(apt_get().env("APT_CONFIG", &config).arg("update")).map_err(NoPrograms::unavailable)?;
    let mut download = apt_get();
    download.env("APT_CONFIG", &config).args(["install", "--yes", "--download-only"]).args(packages);
    process::fetch(&mut download).map_err(NoPrograms::unavailable)?;
    fs::create_dir(&partial).map_err(while_doing("unpacking packages"))?;
    for archive in list(&state.join("cache/archives"), "deb")? {
        process::read(Command::new("dpkg-deb").arg("--extract").arg(archive).arg(&partial))?;
    }
    process::remove(&state)?;
    fs::rename(&partial, folder).map_err(while_doing("unpacking packages"))?;
    Ok(())
}

/// A state of its own for apt, in which nothing is installed, so that it fetches every dependency.
fn prepare(state: &Path, suite: &str) -> Result<PathBuf, Failure> {
    let failed = || while_doing("preparing a state for apt");
    let mirror = find_mirror()?;
    for folder in ["lists/partial", "cache/archives/partial", "preferences.d"] {
        fs::create_dir_all(state.join(folder)).map_err(failed())?;
    }
    fs::write(state.join("status"), "").map_err(failed())?;
    let source = format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n");
    fs::write(state.join("sources.list"), source).map_err(failed())?;
    let at = |name: &str| state.join(name).display().to_string();
    let mut config = String::new();
    for (option, value) in [
        ("Dir::Etc::SourceList", at("sources.list")),
        ("Dir::Etc::SourceParts", "-".into()),
        ("Dir::Etc::PreferencesParts", at("preferences.d")),
        ("Dir::State", state.display().to_string()),
        ("Dir::State::Status", at("status")),
        ("Dir::Cache", at("cache")),
        ("Acquire::Languages", "none".into()),
        ("APT::Install-Recommends", "false".into()),
        // apt would drop its rights for a user who may not reach this folder
        ("APT::Sandbox::User", "root".into()),
    ] {
        let _ = writeln!(config, "{option} \"{value}\";");
    }
    let path = state.join("apt.conf");
    fs::write(&path, config).map_err(failed())?;
    Ok(path)
}

/// The archive that the system is configured with, so that a local mirror serves this too.
fn find_mirror() -> Result<String, Failure> {
    let mut sources = vec![PathBuf::from("/etc/apt/sources.list")];
    for ending in ["list", "sources"] {
        sources.extend(list(Path::new("/etc/apt/sources.list.d"), ending).unwrap_or_default());
    }
    let text: String = sources.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.flat_map(str::split_whitespace).map(|word| word.trim_end_matches('/'));
    let mirror = words.filter(|word| word.contains("://")).find(|word| word.ends_with("/debian"));
    mirror.map(str::to_owned).ok_or_else(|| Failure::new("no Debian archive is configured in /etc/apt"))
}

fn list(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(while_doing(format!("reading {}", folder.display())))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    Ok(paths)
}
