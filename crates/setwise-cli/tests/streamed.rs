//! Rows in the order of their keys are never held: the script is the same, the memory is not.

mod support;

use std::fmt::Write as _;
use std::io::Read;
use std::process::{Command, Stdio};

use support::Folder;

const POSTS: [&str; 6] = ["--schema", "schema.sql", "--table", "posts", "--key", "id"];

/// As many keys, in order or not.
fn keys(count: usize, sorted: bool) -> impl Iterator<Item = usize> {
    // 7919 is a prime that divides none of the counts, so every key comes once
    (0..count).map(move |at| 1 + if sorted { at } else { at * 7919 % count })
}

fn ndjson(count: usize, sorted: bool) -> String {
    keys(count, sorted).fold(String::new(), |mut text, id| {
        writeln!(text, "{{\"id\":{id},\"title\":\"Titel {id}: was bringt's?\",\"views\":{}}}", id * 13 % 5000).unwrap();
        text
    })
}

fn csv(count: usize, sorted: bool) -> String {
    keys(count, sorted).fold("id,title,views\n".to_owned(), |mut text, id| {
        writeln!(text, "{id},\"Titel {id}:\nwas bringt's?\",{}", id * 13 % 5000).unwrap();
        text
    })
}

fn compile(folder: &Folder, to: &str, more: &[&str]) -> support::Said {
    folder.run(&[&["compile", "--to", to], more].concat())
}

#[test]
fn sorted_rows_give_the_same_script_as_shuffled_ones() {
    let folder = Folder::new("sorted_rows");
    for (name, text) in [("ndjson", ndjson as fn(usize, bool) -> String), ("csv", csv)] {
        folder.write(&format!("sorted.{name}"), text(2_500, true));
        folder.write(&format!("shuffled.{name}"), text(2_500, false));
    }
    let schemaless = ["--table", "posts", "--key", "id"];
    let set = [&POSTS[..], &["--set", "views = views + new.views, title = new.title"]].concat();
    let binds = [&POSTS[..], &["--binds"]].concat();
    let chunks = [&POSTS[..], &["--chunk", "700", "--strategy", "case"]].concat();
    let means: [(&str, &[&str]); 6] = [
        ("ndjson", &POSTS),
        ("ndjson", &schemaless),
        ("ndjson", &set),
        ("ndjson", &binds),
        ("ndjson", &chunks),
        ("csv", &POSTS),
    ];
    for to in ["postgres@15,sqlite", "mysql,mariadb"] {
        for (name, means) in means {
            let run = |order: &str| compile(&folder, to, &[means, &[format!("{order}.{name}").as_str()]].concat());
            let (sorted, shuffled) = (run("sorted"), run("shuffled"));
            assert!(sorted.assert_done() == shuffled.assert_done(), "{to}: {name} {means:?} differ");
            assert!(sorted.out.contains("2500"), "{}", sorted.out);
        }
    }
}

#[test]
fn an_error_in_the_last_row_keeps_all_sql_back() {
    let folder = Folder::new("error_in_the_last_row");
    folder.write("rows.ndjson", ndjson(2_500, true) + "{\"id\":2501,\"title\":null,\"views\":\"x\"}\n");
    let said = compile(&folder, "postgres", &[&POSTS[..], &["rows.ndjson"]].concat());
    said.assert_refused(&["    --> rows.ndjson:2501:33"]);
    folder.write("rows.ndjson", ndjson(2_500, true) + "{\"id\":2500,\"title\":\"again\",\"views\":1}\n");
    let said = compile(&folder, "postgres", &[&POSTS[..], &["rows.ndjson"]].concat());
    said.assert_refused(&[" --> rows.ndjson:2501"]);
    assert!(said.err.starts_with("error[duplicate-key]: "), "{}", said.err);
}

#[test]
fn types_are_those_of_all_rows() {
    let folder = Folder::new("types_of_all_rows");
    let means = ["--table", "posts", "--key", "id", "rows.ndjson"];
    let first = ndjson(1_000, true);
    folder.write("rows.ndjson", first.clone() + "{\"id\":1001,\"title\":\"x\",\"views\":\"many\"}\n");
    let said = compile(&folder, "postgres", &means);
    said.assert_refused(&[" --> rows.ndjson:1001: /views"]);
    assert!(said.err.starts_with("error[mixed-types]: "), "{}", said.err);
    folder.write("rows.ndjson", first + "{\"id\":1001,\"title\":\"x\",\"views\":1.5}\n");
    let said = compile(&folder, "postgres", &means);
    assert!(!said.assert_done().contains("CAST(13 AS bigint)"), "the column is numeric in every statement");
}

#[test]
fn what_cannot_be_read_twice_is_read_once() {
    let folder = Folder::new("read_once");
    let (rows, from_file) = (ndjson(2_500, true), ["rows.ndjson"]);
    folder.write("rows.ndjson", &rows);
    let said = compile(&folder, "mysql", &[&POSTS[..], &from_file].concat());
    let stdin = |name| [&["compile", "--to", "mysql"], &POSTS[..], &["--rows-format", "ndjson", name]].concat();
    assert!(folder.run_with(&stdin("-"), &rows).assert_done() == said.assert_done());
    if cfg!(target_os = "linux") {
        assert!(folder.run_with(&stdin("/dev/stdin"), &rows).assert_done() == said.assert_done());
    }
}

/// The most memory that the command had while it wrote, in kilobytes; none where the system does not tell.
fn measure(folder: &Folder, rows: &str) -> Option<usize> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_setwise"));
    command.args(["compile", "--to", "postgres@15"]).args(POSTS).arg(folder.path(rows)).current_dir(folder.path("."));
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let (mut out, mut block, mut most, mut size) = (child.stdout.take().unwrap(), vec![0; 1 << 16], None, 0);
    loop {
        // the mark never falls, and stays until the process has ended
        let marks = std::fs::read_to_string(&status).unwrap_or_default();
        let mark = marks.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(mark);
        match out.read(&mut block).unwrap() {
            0 => break,
            read => size += read,
        }
    }
    assert!(child.wait().unwrap().success());
    assert!(size > 4_000_000, "{size} bytes of SQL");
    most
}

#[test]
fn a_hundred_thousand_rows_need_little_memory() {
    let folder = Folder::new("little_memory");
    folder.write(
        "schema.sql",
        "CREATE TABLE posts (id bigint PRIMARY KEY, title varchar(80) NOT NULL, views int NOT NULL, price numeric(8,2))",
    );
    for (name, sorted, most) in [("shuffled.ndjson", false, 200_000), ("sorted.ndjson", true, 16_000)] {
        let rows = ndjson(100_000, sorted).lines().zip(0..).fold(String::new(), |mut text, (row, at)| {
            let row = row.strip_suffix('}').unwrap();
            writeln!(text, "{row},\"price\":{}.{:02}}}", at % 90, at % 100).unwrap();
            text
        });
        folder.write(name, rows);
        match measure(&folder, name) {
            Some(used) => {
                println!("{name}: {used} kB");
                assert!(used < most, "{name}: {used} kB of memory, at most {most}");
            }
            None => eprintln!("LEFT OUT: this system does not tell how much memory a process has"),
        }
    }
}
