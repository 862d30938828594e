//! The main job on the example: ten thousand translated titles into a SQLite file, and the SQL for every dialect.

use std::fs;
use std::process::Command;

use crate::checkout;
use crate::example;
use crate::process::{Failure, read, run, while_doing};

const TARGETS: &str = "postgres@15,mysql@8.0,mariadb@10.11,sqlite@3.40";

/// How much of each script is shown: the first lines, the last ones, and how many characters of each.
const FIRST: usize = 12;
const LAST: usize = 4;
const WIDTH: usize = 110;

/// Runs the demonstration; whether all went well.
pub(crate) fn show() -> Result<bool, Failure> {
    let target = checkout::target();
    let folder = target.join("demo");
    fs::create_dir_all(&folder).map_err(while_doing(format!("creating {}", folder.display())))?;
    let blog = example::folder();
    let (database, rows) = (folder.join("blog.db"), blog.join("rows.ndjson"));

    let built =
        run(checkout::cargo().args(["build", "--release", "-p", "setwise-cli", "--bins", "--example", "seed"]))?;
    let program = |name: &str| Command::new(target.join("release").join(name));
    let seeded = built.success()
        && run(program("examples/seed").arg(&database).args([blog.join("schema.sql"), blog.join("seed.sql")]))?
            .success();
    if !seeded {
        return Ok(false);
    }
    let update = ["--table", "posts", "--key", "id"];

    println!("\n$ setwise apply --db sqlite:target/demo/blog.db --table posts --key id examples/blog/rows.ndjson");
    let applied = run(program("setwise").args(["apply", "--db"]).arg(&database).args(update).arg(&rows))?;

    println!(
        "\n$ setwise compile --to {TARGETS} --schema examples/blog/schema.sql --table posts --key id examples/blog/rows.ndjson"
    );
    let mut compile = program("setwise");
    compile.args(["compile", "--to", TARGETS, "--schema"]).arg(blog.join("schema.sql")).args(update).arg(&rows);
    print!("{}", shorten(&read(&mut compile)?));
    Ok(applied.success())
}

/// The start and the end of each script; scripts begin with `-- dialect`.
fn shorten(scripts: &str) -> String {
    let mut shown = String::new();
    for script in scripts.split("\n-- ") {
        let lines: Vec<_> = script.lines().filter(|line| !line.is_empty()).collect();
        let (heading, lines) = lines.split_first().unwrap_or((&"", &[]));
        shown += &format!("\n-- {}\n", heading.trim_start_matches("-- "));
        let left_out = lines.len().saturating_sub(FIRST + LAST);
        for (at, line) in lines.iter().enumerate() {
            if at < FIRST || at >= FIRST + left_out {
                let cut = if line.chars().nth(WIDTH).is_some() { "…" } else { "" };
                shown.extend(line.chars().take(WIDTH).chain(cut.chars()).chain(['\n']));
            } else if at == FIRST {
                shown += &format!("… {left_out} lines …\n");
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn shows_both_ends_of_each_script() {
        let lines: Vec<_> = (1..=30).map(|line| line.to_string()).collect();
        let text = format!("-- a@1\nBEGIN;\nCOMMIT;\n\n-- b@2\n{}\n{}\n", lines.join("\n"), "x".repeat(200));
        let shown = shorten(&text);
        assert!(shown.starts_with("\n-- a@1\nBEGIN;\nCOMMIT;\n\n-- b@2\n1\n"), "{shown}");
        assert!(shown.contains("\n12\n… 15 lines …\n28\n29\n30\n"), "{shown}");
        assert!(shown.ends_with(&format!("\n{}…\n", "x".repeat(110))), "{shown}");
    }
}
