//! What is remembered of earlier hunts: which test caught a change, and why a change that nothing catches may stay.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Which case or probe caught a change of a fact, by the change.
#[derive(Default)]
pub struct Caught(BTreeMap<String, String>);

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/facts").join(name)
}

fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path(name)).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

impl Caught {
    pub fn read() -> Self {
        let split = |line: String| line.split_once(" | ").map(|(change, by)| (change.to_owned(), by.to_owned()));
        Self(lines("caught.txt").into_iter().filter_map(split).collect())
    }

    /// What caught a change.
    pub fn by(&self, change: &str) -> Option<&str> {
        self.0.get(change).map(String::as_str)
    }

    pub fn insert(&mut self, change: String, by: String) {
        self.0.insert(change, by);
    }

    /// Takes over what is known of the dialects that did not run now.
    pub fn keep(&mut self, earlier: Self, ran: &[&str]) {
        let others = earlier.0.into_iter().filter(|(change, _)| !ran.contains(&change.split(' ').next().unwrap()));
        others.for_each(|(change, by)| _ = self.0.entry(change).or_insert(by));
    }

    pub fn write(&self) {
        let mut text = String::from(
            "# Which case or probe shows that a fact is needed: dialect, fact, what it is changed to, and what then fails.\n\
             # Written by `cargo xtask facts`.\n",
        );
        self.0.iter().for_each(|(change, by)| text += &format!("{change} | {by}\n"));
        std::fs::write(path("caught.txt"), text).unwrap();
    }
}

/// Changes that nothing catches, each with the reason why it may stay.
pub struct Survivors(Vec<[String; 4]>);

impl Survivors {
    pub fn read() -> Self {
        let split = |line: String| {
            let parts: Vec<String> = line.splitn(4, " | ").map(str::to_owned).collect();
            parts.try_into().unwrap_or_else(|_| panic!("survivors.txt: not four parts: {line}"))
        };
        Self(lines("survivors.txt").into_iter().map(split).collect())
    }

    /// Why a change may survive.
    pub fn reason(&self, dialect: &str, fact: &str, change: &str) -> Option<&str> {
        let fits = |pattern: &str, text: &str| pattern == "*" || pattern == text;
        let of = |[d, f, c, _]: &&[String; 4]| fits(d, dialect) && fits(f, fact) && fits(c, change);
        self.0.iter().find(of).map(|[.., reason]| reason.as_str())
    }
}
