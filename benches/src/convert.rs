//! What is written by hand to make a script of a file: each line into a struct, each struct into `write!`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use serde::Deserialize;

/// Rows per statement.
const CHUNK: usize = 500;

/// A row of the files; numbers stay as they are written.
#[derive(Deserialize)]
struct Row<'r> {
    id: i64,
    #[serde(borrow)]
    title: Option<Cow<'r, str>>,
    views: Option<i64>,
    price: Option<f64>,
    #[serde(borrow)]
    changed: Option<Cow<'r, str>>,
}

pub(crate) fn run(format: &str, file: &str) -> Option<()> {
    let mut script = Script { out: io::stdout().lock(), text: String::new(), rows: 0 };
    let file = File::open(file).expect("a file");
    script.out.write_all(b"BEGIN;\n").expect("output");
    match format {
        "ndjson" => read_ndjson(BufReader::with_capacity(1 << 16, file), &mut script),
        "csv" => read_csv(file, &mut script),
        _ => return None,
    }
    script.end();
    script.out.write_all(b"COMMIT;\n").expect("output");
    Some(())
}

fn read_ndjson(mut file: impl BufRead, script: &mut Script) {
    let mut line = String::new();
    while file.read_line(&mut line).expect("text") > 0 {
        script.write(&serde_json::from_str(&line).expect("a row"));
        line.clear();
    }
}

fn read_csv(file: File, script: &mut Script) {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
    let head = reader.headers().expect("a head").clone();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).expect("a record") {
        script.write(&record.deserialize(Some(&head)).expect("a row"));
    }
}

/// Statements of so many rows each.
struct Script {
    out: io::StdoutLock<'static>,
    text: String,
    rows: usize,
}

impl Script {
    fn write(&mut self, row: &Row<'_>) {
        let Row { id, title, views, price, changed } = row;
        if self.rows == 0 {
            self.text.push_str("UPDATE \"posts\"\nSET \"title\" = \"v\".\"title\", \"views\" = \"v\".\"views\", ");
            self.text.push_str("\"price\" = \"v\".\"price\", \"changed\" = \"v\".\"changed\"\nFROM (VALUES\n");
        }
        let [start, open, close] = if self.rows == 0 { ["(CAST(", "CAST(", ")"] } else { [",\n(", "", ""] };
        let ty = |ty: &'static str| if self.rows == 0 { ty } else { "" };
        let text = &mut self.text;
        let _ = write!(text, "{start}{id}{}{close}, {open}", ty(" AS bigint"));
        write_text(text, title.as_deref());
        let _ = write!(text, "{}{close}, {open}", ty(" AS text"));
        let _ = match views {
            None => write!(text, "NULL"),
            Some(views) => write!(text, "{views}"),
        };
        let _ = write!(text, "{}{close}, {open}", ty(" AS bigint"));
        let _ = match price {
            None => write!(text, "NULL"),
            Some(price) => write!(text, "{price:.2}"),
        };
        let _ = write!(text, "{}{close}, {open}", ty(" AS numeric"));
        write_text(text, changed.as_deref());
        let _ = write!(text, "{}{close})", ty(" AS timestamptz"));
        self.rows += 1;
        if self.rows == CHUNK {
            self.end();
        }
    }

    fn end(&mut self) {
        if self.rows > 0 {
            self.text.push_str(") AS \"v\" (\"id\", \"title\", \"views\", \"price\", \"changed\")\n");
            self.text.push_str("WHERE \"posts\".\"id\" = \"v\".\"id\";\n");
            self.out.write_all(self.text.as_bytes()).expect("output");
        }
        self.rows = 0;
        self.text.clear();
    }
}

fn write_text(out: &mut String, text: Option<&str>) {
    let _ = match text {
        None => write!(out, "NULL"),
        Some(text) => write!(out, "'{}'", text.replace('\'', "''")),
    };
}
