//! What is written by hand: `push_str`, `write!` and a doubled quote, with no checks at all.

use std::fmt::Write;

use crate::contestant::Form;
use crate::data::{COLUMNS, Data, Datum};

/// A parameter.
#[derive(Clone, Debug)]
pub enum Bind<'d> {
    /// A key.
    Key(i64),
    /// A value of a row.
    Value(&'d Datum),
    /// All keys.
    Keys(Vec<i64>),
    /// All values of a column.
    Values(Vec<&'d Datum>),
    /// All rows.
    Document(String),
}

impl Bind<'_> {
    pub(crate) fn datum(&self) -> Datum {
        match self {
            Self::Key(key) => Datum::Int(*key),
            Self::Value(datum) => (*datum).clone(),
            Self::Keys(keys) => Datum::Array(keys.iter().map(|key| Datum::Int(*key)).collect()),
            Self::Values(data) => Datum::Array(data.iter().map(|datum| (*datum).clone()).collect()),
            Self::Document(text) => Datum::Text(text.clone()),
        }
    }
}

pub(crate) fn write(data: &Data, form: Form) -> (String, Vec<Bind<'_>>) {
    match form {
        Form::Values => (write_values(data), Vec::new()),
        Form::Case => (write_case(data), Vec::new()),
        Form::Binds => write_binds(data),
        Form::Arrays => write_arrays(data),
        Form::Declared | Form::Json => panic!("not one that is written by hand"),
    }
}

fn write_values(data: &Data) -> String {
    let mut out = head(data) + "(VALUES\n";
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
    out + &tail(data)
}

fn write_binds(data: &Data) -> (String, Vec<Bind<'_>>) {
    let mut out = head(data) + "(VALUES\n";
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
    (out + &tail(data), binds)
}

fn write_case(data: &Data) -> String {
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

/// Collects each column with `push`, as one does.
fn write_arrays(data: &Data) -> (String, Vec<Bind<'_>>) {
    let (mut keys, mut columns) = (Vec::new(), vec![Vec::new(); data.assigned]);
    for row in &data.rows {
        keys.push(row.key);
        for (column, datum) in columns.iter_mut().zip(&row.values) {
            column.push(datum);
        }
    }
    let binds = std::iter::once(Bind::Keys(keys)).chain(columns.into_iter().map(Bind::Values));
    (text_of_arrays(data), binds.collect())
}

/// The statement that takes an array for each column.
pub(crate) fn text_of_arrays(data: &Data) -> String {
    let types = COLUMNS.iter().take(data.assigned + 1).enumerate();
    let arrays: Vec<String> = types.map(|(at, (_, ty))| format!("CAST(${} AS {ty}[])", at + 1)).collect();
    let keyed = " AND \"posts\".\"id\" = ANY(CAST($1 AS bigint[]))";
    head(data) + "unnest(" + &arrays.join(", ") + &tail(data) + keyed
}

/// The statement up to the rows.
pub(crate) fn head(data: &Data) -> String {
    let mut out = String::from("UPDATE \"posts\"\nSET ");
    for (index, name) in data.names().skip(1).enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        let _ = write!(out, "{comma}\"{name}\" = \"v\".\"{name}\"");
    }
    out.push_str("\nFROM ");
    out
}

/// The statement behind the rows.
pub(crate) fn tail(data: &Data) -> String {
    let names: Vec<String> = data.names().map(|name| format!("\"{name}\"")).collect();
    format!(") AS \"v\" ({})\nWHERE \"posts\".\"id\" = \"v\".\"id\"", names.join(", "))
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
        Datum::Array(_) => panic!("there is no array in the data"),
    }
}
