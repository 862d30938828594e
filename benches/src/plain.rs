//! What is written by hand: `push_str`, `write!` and a doubled quote, with no checks at all.

use std::fmt::Write;

use crate::data::{COLUMNS, Data, Datum};

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub enum Bind<'d> {
    /// A key.
    Key(i64),
    /// A value of a row.
    Value(&'d Datum),
}

impl Bind<'_> {
    pub(crate) fn datum(&self) -> Datum {
        match self {
            Self::Key(key) => Datum::Int(*key),
            Self::Value(datum) => (*datum).clone(),
        }
    }
}

pub(crate) fn write_values(data: &Data) -> String {
    let mut out = head(data);
    for (index, row) in data.rows.iter().enumerate() {
        out.push_str(if index == 0 { "(CAST(" } else { ",\n(" });
        let _ = write!(out, "{}", row.key);
        if index == 0 {
            out.push_str(" AS bigint)");
        }
        for (datum, (_, ty)) in row.values.iter().zip(COLUMNS.iter().skip(1)) {
            out.push_str(if index == 0 { ", CAST(" } else { ", " });
            write_literal(&mut out, datum);
            if index == 0 {
                let _ = write!(out, " AS {ty})");
            }
        }
        out.push(')');
    }
    close(&mut out, data);
    out
}

pub(crate) fn write_binds(data: &Data) -> (String, Vec<Bind<'_>>) {
    let mut out = head(data);
    let mut binds = Vec::new();
    for (index, row) in data.rows.iter().enumerate() {
        out.push_str(if index == 0 { "(" } else { ",\n(" });
        let values = std::iter::once(Bind::Key(row.key)).chain(row.values.iter().map(Bind::Value));
        for (column, bind) in values.enumerate() {
            if column > 0 {
                out.push_str(", ");
            }
            binds.push(bind);
            let _ = match COLUMNS[column] {
                (_, ty) if index == 0 => write!(out, "CAST(${} AS {ty})", binds.len()),
                _ => write!(out, "${}", binds.len()),
            };
        }
        out.push(')');
    }
    close(&mut out, data);
    (out, binds)
}

pub(crate) fn write_case(data: &Data) -> String {
    let mut out = String::from("UPDATE \"posts\"\nSET ");
    for (column, (name, ty)) in COLUMNS.iter().skip(1).take(data.assigned).enumerate() {
        if column > 0 {
            out.push_str(", ");
        }
        let _ = write!(out, "\"{name}\" = CASE \"id\"");
        for (index, row) in data.rows.iter().enumerate() {
            let _ = write!(out, "\nWHEN {} THEN ", row.key);
            if index == 0 {
                out.push_str("CAST(");
            }
            write_literal(&mut out, &row.values[column]);
            if index == 0 {
                let _ = write!(out, " AS {ty})");
            }
        }
        let _ = write!(out, "\nELSE \"{name}\" END");
    }
    out.push_str("\nWHERE \"id\" IN (");
    for (index, row) in data.rows.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let _ = write!(out, "{}", row.key);
    }
    out.push(')');
    out
}

fn head(data: &Data) -> String {
    let mut out = String::from("UPDATE \"posts\"\nSET ");
    for (index, name) in data.names().skip(1).enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        let _ = write!(out, "{comma}\"{name}\" = \"v\".\"{name}\"");
    }
    out.push_str("\nFROM (VALUES\n");
    out
}

fn close(out: &mut String, data: &Data) {
    let names: Vec<String> = data.names().map(|name| format!("\"{name}\"")).collect();
    let _ = write!(out, ") AS \"v\" ({})\nWHERE \"posts\".\"id\" = \"v\".\"id\"", names.join(", "));
}

fn write_literal(out: &mut String, datum: &Datum) {
    match datum {
        Datum::Null => out.push_str("NULL"),
        Datum::Decimal(digits) => out.push_str(digits),
        Datum::Int(int) => {
            let _ = write!(out, "{int}");
        }
        Datum::Text(text) => {
            let _ = write!(out, "'{}'", text.replace('\'', "''"));
        }
    }
}
