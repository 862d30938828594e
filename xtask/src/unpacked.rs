//! Programs of Debian packages that are unpacked below a folder and not installed: they need their own loader and
//! libraries, and their folders named.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::engines::NoPrograms;
use crate::process::{self, Failure, while_doing};
use crate::workplace::{self, Workplace};
use crate::{apt, mariadb::argument};

/// A server of the MySQL family below a folder.
#[derive(Clone, Debug)]
pub(crate) struct Unpacked {
    /// The engine's name.
    name: &'static str,
    folder: PathBuf,
    /// The server's program and its folder of messages, below the folder.
    server: &'static str,
    share: &'static str,
}

impl Unpacked {
    /// The server from the folder of that name, fetched from a suite of Debian where it is not there or does not run.
    pub(crate) fn obtain(
        name: &'static str,
        suite: &str,
        packages: &[&str],
        server: &'static str,
        share: &'static str,
    ) -> Result<Self, NoPrograms> {
        let programs = Self { name, folder: workplace::cache()?.join(name), server, share };
        if !programs.folder.is_dir() || programs.version().is_err() {
            eprintln!("fetching {} from Debian {suite}", packages.join(" "));
            apt::unpack(suite, packages, &programs.folder)?;
        }
        Ok(programs)
    }

    pub(crate) fn version(&self) -> Result<String, Failure> {
        let (program, arguments) = self.call()?;
        process::version(Command::new(program).args(arguments))
    }

    /// The same where the user of the servers can reach it: a copy, if need be.
    pub(crate) fn within_reach(&self, place: &Workplace) -> Result<Self, Failure> {
        if place.can_reach(&self.folder.join(self.server)) {
            return Ok(self.clone());
        }
        Ok(Self { folder: place.copy(&self.folder, self.name)?, ..*self })
    }

    /// The folder of messages and of the statements that make the system tables.
    pub(crate) fn share(&self) -> PathBuf {
        self.folder.join(self.share)
    }

    /// The program to start and the arguments that go before all others.
    pub(crate) fn call(&self) -> Result<(PathBuf, Vec<OsString>), Failure> {
        let libraries = self.folder.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
        let entries = std::fs::read_dir(&libraries).map_err(while_doing("looking for the libraries of a server"))?;
        let is_loader = |name: &str| name.starts_with("ld-linux") && name.contains(".so.");
        let loader = entries.flatten().find(|entry| entry.file_name().to_str().is_some_and(is_loader));
        let loader = loader.ok_or_else(|| Failure::new("the fetched packages hold no dynamic loader"))?;
        let of_mysql = self.folder.join("usr/lib/mysql");
        let path = std::env::join_paths([&libraries, &of_mysql.join("private"), &of_mysql]);
        let arguments = vec![
            "--library-path".into(),
            path.map_err(|error| Failure::new(error.to_string()))?,
            self.folder.join(self.server).into_os_string(),
            "--no-defaults".into(),
            argument("--basedir", &self.folder.join("usr")),
            argument("--lc-messages-dir", &self.share()),
            argument("--character-sets-dir", &self.share().join("charsets")),
            argument("--plugin-dir", &of_mysql.join("plugin")),
        ];
        Ok((loader.path(), arguments))
    }
}
