//! The engines of a run: where each comes from, its address, and those that could not be had.

use std::fmt::Write as _;

use clap::ValueEnum;

use crate::process::{self, Failure};
use crate::server::Server;
use crate::workplace::Workplace;
use crate::{mariadb, mysql, postgres};

/// An engine with a server. SQLite is part of the test programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Postgres,
    Mariadb,
    Mysql,
    /// The oldest PostgreSQL that is covered.
    Postgres13,
    /// The newest PostgreSQL.
    Postgres18,
    /// The newest MariaDB.
    Mariadb11,
}

impl Engine {
    pub(crate) const ALL: [Self; 6] =
        [Self::Postgres, Self::Mariadb, Self::Mysql, Self::Postgres13, Self::Postgres18, Self::Mariadb11];

    fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
            Self::Mysql => "mysql",
            Self::Postgres13 => "postgres13",
            Self::Postgres18 => "postgres18",
            Self::Mariadb11 => "mariadb11",
        }
    }

    /// The variable that tells the tests its address.
    fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "SETWISE_POSTGRES_URL",
            Self::Mariadb => "SETWISE_MARIADB_URL",
            Self::Mysql => "SETWISE_MYSQL_URL",
            Self::Postgres13 => "SETWISE_POSTGRES13_URL",
            Self::Postgres18 => "SETWISE_POSTGRES18_URL",
            Self::Mariadb11 => "SETWISE_MARIADB11_URL",
        }
    }
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why there are no programs of an engine.
#[derive(Debug)]
pub(crate) enum NoPrograms {
    /// It is not here and cannot be fetched: what `--allow-missing` allows.
    Unavailable(String),
    /// Anything else that went wrong, which nothing allows.
    Failed(Failure),
}

impl NoPrograms {
    pub(crate) fn unavailable(why: impl std::fmt::Display) -> Self {
        Self::Unavailable(why.to_string())
    }
}

impl From<Failure> for NoPrograms {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// An engine that takes connections.
#[derive(Debug)]
struct Running {
    engine: Engine,
    url: String,
    about: String,
    /// None where it is someone else's.
    _server: Option<Server>,
}

/// The engines of a run. Dropping it stops the servers that it started, then removes their data.
#[derive(Debug)]
pub(crate) struct Engines {
    running: Vec<Running>,
    missing: Vec<(Engine, String)>,
    _place: Option<Workplace>,
}

impl Engines {
    /// Finds, fetches and starts engines. Fails where one does not start; notes one that cannot be had.
    pub(crate) fn start(wanted: &[Engine]) -> Result<Self, Failure> {
        let mut place = None;
        let (mut running, mut missing) = (Vec::new(), Vec::new());
        for engine in Engine::ALL.into_iter().filter(|engine| wanted.contains(engine)) {
            if let Some(url) = std::env::var(engine.variable()).ok().filter(|url| !url.is_empty()) {
                let about = format!("given by {}", engine.variable());
                running.push(Running { engine, url, about, _server: None });
                continue;
            }
            let place = match &mut place {
                Some(place) => place,
                none => none.insert(Workplace::new()?),
            };
            match engine.start(place)? {
                Ok(started) => running.push(started),
                Err(why) => missing.push((engine, why)),
            }
        }
        Ok(Self { running, missing, _place: place })
    }

    /// The variables that tell the tests where the engines are.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.running.iter().map(|running| (running.engine.variable(), running.url.as_str()))
    }

    /// The variables of engines that the tests shall not use.
    pub(crate) fn unused(&self) -> impl Iterator<Item = &'static str> {
        let is_running = |engine: &Engine| self.running.iter().any(|running| running.engine == *engine);
        Engine::ALL.into_iter().filter(move |engine| !is_running(engine)).map(Engine::variable)
    }

    /// Whether no engine is missing but those that may be.
    pub(crate) fn suffice(&self, allowed: &[Engine]) -> bool {
        self.missing.iter().all(|(engine, _)| allowed.contains(engine))
    }

    /// What ran and what is missing, one engine a line.
    pub(crate) fn report(&self, allowed: &[Engine]) -> String {
        let mut text = String::new();
        for Running { engine, about, .. } in &self.running {
            let _ = writeln!(text, "engine {engine}: {about}");
        }
        for (engine, why) in &self.missing {
            let verdict = if allowed.contains(engine) { "allowed" } else { "not allowed" };
            let _ = writeln!(text, "engine {engine}: MISSING ({verdict}): {}", why.trim_end());
        }
        text
    }
}

impl Engine {
    /// Starts the engine, or says why it cannot be had.
    fn start(self, place: &Workplace) -> Result<Result<Running, String>, Failure> {
        let obtained = match self {
            Self::Postgres => postgres::obtain().map(Programs::Postgres),
            Self::Mariadb => mariadb::obtain().map(Programs::Mariadb),
            Self::Mysql => mysql::obtain().map(Programs::Mysql),
            Self::Postgres13 => postgres::obtain_package(self.name(), postgres::OLDEST).map(Programs::Postgres),
            Self::Postgres18 => postgres::obtain_package(self.name(), postgres::NEWEST).map(Programs::Postgres),
            Self::Mariadb11 => mariadb::obtain_newest().map(Programs::Mariadb),
        };
        // a signal makes a download fail, but says nothing of the engine
        process::go_on()?;
        let programs = match obtained {
            Ok(programs) => programs,
            Err(NoPrograms::Unavailable(why)) => return Ok(Err(why)),
            Err(NoPrograms::Failed(failure)) => return Err(failure),
        };
        let (server, version, url): (Server, String, fn(u16) -> String) = match &programs {
            Programs::Postgres(programs) => {
                (postgres::start(programs, self.name(), place)?, postgres::version(programs)?, postgres::url)
            }
            Programs::Mariadb(programs) => (programs.start(self.name(), place)?, programs.version()?, mariadb::url),
            Programs::Mysql(programs) => (programs.start(place)?, programs.version()?, mariadb::url),
        };
        let url = url(server.port());
        Ok(Ok(Running { engine: self, url, about: format!("version {version}"), _server: Some(server) }))
    }
}

/// The programs of an engine.
enum Programs {
    Postgres(std::path::PathBuf),
    Mariadb(mariadb::Programs),
    Mysql(mysql::Programs),
}
