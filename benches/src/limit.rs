//! How fast it can be: every byte is put where it belongs, once, into memory that is there. Nothing is checked, no other
//! rule than the doubled quote is known. Safe Rust, as all else here.

use std::ops::Range;

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

/// Bytes: those of a row are written from the front into memory that is long enough, and then copied behind all others.
struct Bytes {
    all: Vec<u8>,
    row: Vec<u8>,
    at: usize,
}

/// What a number and the pieces around a value take, on average.
const SLACK: usize = 16;

/// The most bytes in front of and behind the rows.
const HEAD: usize = 1024;

impl Bytes {
    /// Room for so many bytes in all, and for the longest row.
    fn with_room(all: usize, row: usize) -> Self {
        Self { all: Vec::with_capacity(all), row: vec![0; row + HEAD], at: 0 }
    }

    /// Room for the rows' text, each byte perhaps twice, and so many times for all else.
    fn for_text(data: &Data, times: usize) -> Self {
        let length = |row: &Row| row.values.iter().map(|datum| text_in(datum).len()).sum::<usize>();
        let (all, most) = data.rows.iter().map(length).fold((0, 0), |(all, most), text| (all + text, most.max(text)));
        let pieces = (data.assigned + 1) * SLACK;
        Self::with_room(all + all / 8 + times * data.rows.len() * pieces, 2 * most + times * pieces)
    }

    /// Ends a row.
    fn next(&mut self) {
        self.all.extend_from_slice(&self.row[..self.at]);
        self.at = 0;
    }

    fn put<const N: usize>(&mut self, piece: &[u8; N]) {
        if let Some(room) = self.row.get_mut(self.at..).and_then(|room| room.first_chunk_mut()) {
            *room = *piece;
        }
        self.at += N;
    }

    /// Short pieces as two of one size that overlap, so that no loop is needed.
    fn put_all(&mut self, piece: &[u8]) {
        match piece.len() {
            16..=32 => self.put_ends::<16>(piece),
            8..=15 => self.put_ends::<8>(piece),
            4..=7 => self.put_ends::<4>(piece),
            length => {
                self.row[self.at..self.at + length].copy_from_slice(piece);
                self.at += length;
            }
        }
    }

    fn put_ends<const N: usize>(&mut self, piece: &[u8]) {
        let room = &mut self.row[self.at..self.at + piece.len()];
        if let (Some(first), Some(last)) = (piece.first_chunk::<N>(), piece.last_chunk::<N>()) {
            if let Some(room) = room.first_chunk_mut() {
                *room = *first;
            }
            if let Some(room) = room.last_chunk_mut() {
                *room = *last;
            }
        }
        self.at += piece.len();
    }

    fn put_int(&mut self, int: i64) {
        self.put_all(itoa::Buffer::new().format(int).as_bytes());
    }

    /// Writes a text between marks; if one of the two bytes is in it, once more, with `before` in front of each.
    fn put_text(&mut self, text: &str, mark: u8, special: [u8; 2], before: impl Fn(u8) -> u8) {
        let text = text.as_bytes();
        self.put(&[mark]);
        let start = self.at;
        self.put_all(text);
        if holds(text, special) {
            self.at = start;
            for byte in text {
                if special.contains(byte) { self.put(&[before(*byte), *byte]) } else { self.put(&[*byte]) }
            }
        }
        self.put(&[mark]);
    }

    fn put_literal(&mut self, datum: &Datum) {
        match datum {
            Datum::Null => self.put(b"NULL"),
            Datum::Decimal(digits) => self.put_all(digits.as_bytes()),
            Datum::Int(int) => self.put_int(*int),
            Datum::Text(text) => self.put_text(text, b'\'', [b'\''; 2], |quote| quote),
            Datum::Array(_) => panic!("there is no array in the data"),
        }
    }

    fn finish(mut self) -> String {
        self.next();
        String::from_utf8(self.all).expect("pieces of text")
    }
}

/// Whether one of two bytes is in a text: sixteen at a time, the last ones overlapping.
fn holds(text: &[u8], special: [u8; 2]) -> bool {
    let [one, other] = special.map(|byte| u128::from_ne_bytes([byte; 16]));
    let marks = |bytes: [u8; 16]| {
        let bytes = u128::from_ne_bytes(bytes);
        zeros(bytes ^ one) | zeros(bytes ^ other)
    };
    let (chunks, _) = text.as_chunks::<16>();
    match text.last_chunk::<16>() {
        Some(last) => chunks.iter().fold(marks(*last), |any, chunk| any | marks(*chunk)) != 0,
        None => text.iter().any(|byte| special.contains(byte)),
    }
}

/// Not zero where a byte of the number is.
fn zeros(number: u128) -> u128 {
    const LOW: u128 = u128::from_ne_bytes([1; 16]);
    const HIGH: u128 = u128::from_ne_bytes([128; 16]);
    number.wrapping_sub(LOW) & !number & HIGH
}

/// The text of a value.
fn text_in(datum: &Datum) -> &str {
    match datum {
        Datum::Text(text) | Datum::Decimal(text) => text,
        _ => "",
    }
}

fn write_values(data: &Data) -> String {
    let mut out = Bytes::for_text(data, 1);
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
        out.next();
        out.put(b"),\n(");
        out.put_int(row.key);
        for datum in &row.values {
            out.put(b", ");
            out.put_literal(datum);
        }
    }
    out.next();
    out.put(b")");
    out.put_all(tail(data).as_bytes());
    out.finish()
}

fn put_type(out: &mut Bytes, ty: &str) {
    out.put(b" AS ");
    out.put_all(ty.as_bytes());
    out.put(b")");
}

/// Each key is written once, and copied into each column.
fn write_case(data: &Data) -> String {
    let mut keys = Bytes::with_room(2 * data.rows.len() * SLACK, 0);
    let mut key_of = |row: &Row| {
        let start = keys.all.len();
        keys.put(b"\nWHEN ");
        keys.put_int(row.key);
        keys.put(b" THEN ");
        keys.next();
        start..keys.all.len()
    };
    let places: Vec<Range<usize>> = data.rows.iter().map(&mut key_of).collect();
    let rows = || data.rows.iter().zip(&places);
    let mut out = Bytes::for_text(data, 2);
    out.put(b"UPDATE \"posts\"\nSET ");
    for (column, (name, ty)) in COLUMNS.iter().skip(1).take(data.assigned).enumerate() {
        let comma = if column > 0 { ", " } else { "" };
        out.put_all(format!("{comma}\"{name}\" = CASE \"id\"").as_bytes());
        for (first, place) in rows().take(1) {
            out.put_all(&keys.all[place.clone()]);
            out.put(b"CAST(");
            out.put_literal(&first.values[column]);
            put_type(&mut out, ty);
        }
        for (row, place) in rows().skip(1) {
            out.next();
            out.put_all(&keys.all[place.clone()]);
            out.put_literal(&row.values[column]);
        }
        out.next();
        out.put_all(format!("\nELSE \"{name}\" END").as_bytes());
    }
    out.put(b"\nWHERE \"id\" IN (");
    for (index, row) in data.rows.iter().enumerate() {
        out.next();
        if index > 0 {
            out.put(b", ");
        }
        out.put_int(row.key);
    }
    out.put(b")");
    out.finish()
}

fn write_binds(data: &Data) -> (String, Vec<Bind<'_>>) {
    let mut out = Bytes::with_room(data.rows.len() * (data.assigned + 1) * SLACK, 0);
    let mut binds = Vec::with_capacity(data.rows.len() * (data.assigned + 1));
    out.put_all(head(data).as_bytes());
    out.put(b"(VALUES\n");
    let mut number = 0;
    for (index, row) in data.rows.iter().enumerate() {
        out.next();
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
    let mut out = Bytes::for_text(data, 1);
    for (index, row) in data.rows.iter().enumerate() {
        out.next();
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
                    out.put_text(text, b'"', *b"\"\\", |_| b'\\');
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
