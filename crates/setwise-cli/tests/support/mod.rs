//! A folder of files to run the command in.

#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;

pub const SCHEMA: &str = "CREATE TABLE posts (
    id INTEGER NOT NULL PRIMARY KEY,
    title VARCHAR(40) NOT NULL,
    views INTEGER NOT NULL DEFAULT 0
);
";

/// A folder of its own for one test.
pub struct Folder(PathBuf);

/// What the command said, and its exit status.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Folder {
    /// A folder with the schema file in it.
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.write("schema.sql", SCHEMA);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Makes `blog.db` with three posts and what more is asked for.
    pub fn database(&self, more: &str) -> Connection {
        let connection = Connection::open(self.path("blog.db")).unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        connection.execute_batch("INSERT INTO posts VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30)").unwrap();
        connection.execute_batch(more).unwrap();
        connection
    }

    /// The table as text.
    pub fn posts(&self) -> String {
        let connection = Connection::open(self.path("blog.db")).unwrap();
        let mut query = connection.prepare("SELECT id || '|' || title || '|' || views FROM posts ORDER BY id").unwrap();
        let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }

    /// Runs `setwise` in the folder.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, "")
    }

    /// Runs `setwise` in the folder, with a text as its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Said {
        send(Command::new(env!("CARGO_BIN_EXE_setwise")).args(arguments).current_dir(&self.0), input)
    }

    /// Runs the `sqlite3` shell on `blog.db`; none where the machine has no such program.
    pub fn sqlite3(&self, script: &str) -> Option<Said> {
        let found = Command::new("sqlite3").arg("--version").output().is_ok();
        if !found {
            eprintln!("LEFT OUT: there is no sqlite3 shell on this machine");
        }
        found.then(|| send(Command::new("sqlite3").arg("blog.db").current_dir(&self.0), script))
    }
}

/// Runs a program with a text as its standard input.
pub fn send(command: &mut Command, input: &str) -> Said {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A program that does not read its input closes it; that is not this test's failure.
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

impl Said {
    /// Asserts that the command refused, with these lines and without a word on standard output.
    #[track_caller]
    pub fn assert_refused(&self, lines: &[&str]) {
        assert_eq!((self.status, self.out.as_str()), (1, ""), "{self:#?}");
        for line in lines {
            assert!(self.err.lines().any(|said| said == *line), "no line {line:?} in:\n{}", self.err);
        }
    }

    #[track_caller]
    pub fn assert_done(&self) -> &str {
        assert_eq!((self.status, self.err.as_str()), (0, ""), "{self:#?}");
        &self.out
    }
}
