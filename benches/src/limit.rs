//! How fast it can be: every byte is put where it belongs, once, into memory that is there. Nothing is checked, no other
//! rule than the doubled quote is known. Safe Rust, as all else here.

use crate::contestant::Form;
use crate::data::{COLUMNS, Data, Datum, Row};
use crate::plain::{Bind, head, tail, text_of_arrays};

pub(crate) fn write(data: &Data, form: Form) -> (String, Vec<Bind<'_>>) {
    match form {
        Form::Values => (write_values(data), Vec::new()),
        Form::Case => (write_case(data), Vec::new()),
        Form::Binds => write_binds(data),
        Form::Arrays => write_arrays(data),
        Form::Json => (text_of_document(data), vec![write_document(data)]),
        Form::Declared => panic!("nothing is checked"),
    }
}

/// Bytes, written from the front into memory that is long enough.
struct Bytes {
    bytes: Vec<u8>,
    at: usize,
}

/// More than any number or fixed piece between two values takes.
const SLACK: usize = 48;

impl Bytes {
    /// Room for so many bytes of text, each perhaps twice, and for so many other pieces.
    fn with_room(text: usize, pieces: usize) -> Self {
        Self { bytes: vec![0; 2 * text + pieces * SLACK], at: 0 }
    }

    fn put<const N: usize>(&mut self, piece: &[u8; N]) {
        if let Some(room) = self.bytes.get_mut(self.at..).and_then(|room| room.first_chunk_mut()) {
            *room = *piece;
        }
        self.at += N;
    }

    fn put_all(&mut self, piece: &[u8]) {
        let end = self.at + piece.len();
        self.bytes[self.at..end].copy_from_slice(piece);
        self.at = end;
    }

    fn put_int(&mut self, int: i64) {
        self.put_all(itoa::Buffer::new().format(int).as_bytes());
    }

    fn put_text(&mut self, text: &str, mark: u8, doubles: impl Fn(u8) -> [u8; 2], needs: impl Fn(u8) -> bool) {
        self.put(&[mark]);
        let start = self.at;
        self.put_all(text.as_bytes());
        if text.bytes().fold(false, |any, byte| any | needs(byte)) {
            self.at = start;
            for byte in text.bytes() {
                if needs(byte) { self.put(&doubles(byte)) } else { self.put(&[byte]) }
            }
        }
        self.put(&[mark]);
    }

    fn put_literal(&mut self, datum: &Datum) {
        match datum {
            Datum::Null => self.put(b"NULL"),
            Datum::Decimal(digits) => self.put_all(digits.as_bytes()),
            Datum::Int(int) => self.put_int(*int),
            Datum::Text(text) => self.put_text(text, b'\'', |quote| [quote, quote], |byte| byte == b'\''),
            Datum::Array(_) => panic!("there is no array in the data"),
        }
    }

    fn finish(mut self) -> String {
        self.bytes.truncate(self.at);
        String::from_utf8(self.bytes).expect("pieces of text")
    }
}

/// The bytes of all text in the rows.
fn text_in(data: &Data) -> usize {
    let length = |datum: &Datum| match datum {
        Datum::Text(text) | Datum::Decimal(text) => text.len(),
        _ => 0,
    };
    data.rows.iter().flat_map(|row| &row.values).map(length).sum()
}

fn room_for(data: &Data) -> Bytes {
    Bytes::with_room(text_in(data), (data.rows.len() + 9) * (data.assigned + 1))
}

fn write_values(data: &Data) -> String {
    let mut out = room_for(data);
    out.put_all(head(data).as_bytes());
    out.put(b"(VALUES\n");
    let (first, others) = data.rows.split_first().expect("a row");
    out.put(b"(CAST(");
    out.put_int(first.key);
    out.put(b" AS bigint)");
    for (datum, (_, ty)) in first.values.iter().zip(COLUMNS.iter().skip(1)) {
        out.put(b", CAST(");
        out.put_literal(datum);
        put_type(&mut out, ty);
    }
    for row in others {
        out.put(b"),\n(");
        out.put_int(row.key);
        for datum in &row.values {
            out.put(b", ");
            out.put_literal(datum);
        }
    }
    out.put(b")");
    out.put_all(tail(data).as_bytes());
    out.finish()
}

fn put_type(out: &mut Bytes, ty: &str) {
    out.put(b" AS ");
    out.put_all(ty.as_bytes());
    out.put(b")");
}

fn write_case(data: &Data) -> String {
    let mut out = Bytes::with_room(text_in(data), (data.rows.len() + 9) * 2 * (data.assigned + 1));
    out.put(b"UPDATE \"posts\"\nSET ");
    let (first, others) = data.rows.split_first().expect("a row");
    for (column, (name, ty)) in COLUMNS.iter().skip(1).take(data.assigned).enumerate() {
        let comma = if column > 0 { ", " } else { "" };
        out.put_all(format!("{comma}\"{name}\" = CASE \"id\"").as_bytes());
        let put_key = |out: &mut Bytes, row: &Row| {
            out.put(b"\nWHEN ");
            out.put_int(row.key);
            out.put(b" THEN ");
        };
        put_key(&mut out, first);
        out.put(b"CAST(");
        out.put_literal(&first.values[column]);
        put_type(&mut out, ty);
        for row in others {
            put_key(&mut out, row);
            out.put_literal(&row.values[column]);
        }
        out.put_all(format!("\nELSE \"{name}\" END").as_bytes());
    }
    out.put(b"\nWHERE \"id\" IN (");
    out.put_int(first.key);
    for row in others {
        out.put(b", ");
        out.put_int(row.key);
    }
    out.put(b")");
    out.finish()
}

fn write_binds(data: &Data) -> (String, Vec<Bind<'_>>) {
    let mut out = Bytes::with_room(0, data.rows.len() * (data.assigned + 1) / 4 + 99);
    let mut binds = Vec::with_capacity(data.rows.len() * (data.assigned + 1));
    out.put_all(head(data).as_bytes());
    out.put(b"(VALUES\n");
    let mut number = 0;
    for (index, row) in data.rows.iter().enumerate() {
        if index == 0 {
            out.put(b"(")
        } else {
            out.put(b"),\n(")
        }
        binds.push(Bind::Key(row.key));
        binds.extend(row.values.iter().map(Bind::Value));
        for (column, (_, ty)) in COLUMNS.iter().take(data.assigned + 1).enumerate() {
            if column > 0 {
                out.put(b", ");
            }
            number += 1;
            if index == 0 {
                out.put(b"CAST(");
            }
            out.put(b"$");
            out.put_int(number);
            if index == 0 {
                put_type(&mut out, ty);
            }
        }
    }
    out.put(b")");
    out.put_all(tail(data).as_bytes());
    (out.finish(), binds)
}

fn write_arrays(data: &Data) -> (String, Vec<Bind<'_>>) {
    let keys = Bind::Keys(data.rows.iter().map(|row| row.key).collect());
    let column = |column: usize| Bind::Values(data.rows.iter().map(|row| &row.values[column]).collect());
    (text_of_arrays(data), std::iter::once(keys).chain((0..data.assigned).map(column)).collect())
}

/// The statement that takes one document.
fn text_of_document(data: &Data) -> String {
    let columns = || COLUMNS.iter().take(data.assigned + 1).enumerate();
    let casts: Vec<String> = columns().map(|(at, (_, ty))| format!("CAST(\"c{at}\" AS {ty})")).collect();
    let texts: Vec<String> = columns().map(|(at, _)| format!("\"c{at}\" text")).collect();
    format!(
        "{}(SELECT {} FROM json_to_recordset(CAST($1 AS json)) AS j ({}){}",
        head(data),
        casts.join(", "),
        texts.join(", "),
        tail(data)
    )
}

fn write_document(data: &Data) -> Bind<'_> {
    let mut out = room_for(data);
    for (index, row) in data.rows.iter().enumerate() {
        if index == 0 {
            out.put(b"[{\"c0\":\"")
        } else {
            out.put(b"},{\"c0\":\"")
        }
        out.put_int(row.key);
        out.put(b"\"");
        for (datum, digit) in row.values.iter().zip(b'1'..) {
            if *datum != Datum::Null {
                out.put(&[b',', b'"', b'c', digit, b'"', b':']);
            }
            match datum {
                Datum::Text(text) | Datum::Decimal(text) => {
                    let needs = |byte| byte == b'"' || byte == b'\\';
                    out.put_text(text, b'"', |byte| [b'\\', byte], needs);
                }
                Datum::Int(int) => {
                    out.put(b"\"");
                    out.put_int(*int);
                    out.put(b"\"");
                }
                Datum::Null | Datum::Array(_) => {}
            }
        }
    }
    out.put(b"}]");
    Bind::Document(out.finish())
}
