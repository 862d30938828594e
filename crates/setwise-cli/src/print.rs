//! Prints scripts: as SQL for a client, or as JSON for a program.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};
use setwise::{Bind, Dialect, Errors, Script, Step, Value};

use crate::failure::Failure;

/// What gives steps, one after the other.
pub(crate) trait Steps {
    /// The next step; none behind the last.
    fn next_step(&mut self) -> Option<Result<Step<'_>, Errors>>;
}

impl Steps for Script<'_> {
    fn next_step(&mut self) -> Option<Result<Step<'_>, Errors>> {
        self.next()
    }
}

/// Prints scripts as SQL; several under a heading each.
pub(crate) fn print_sql<S: Steps>(out: &mut impl Write, scripts: Vec<(Dialect, Option<S>)>) -> Result<(), Failure> {
    let headed = scripts.len() > 1;
    for (index, (dialect, mut script)) in scripts.into_iter().enumerate() {
        if headed {
            let gap = if index == 0 { "" } else { "\n" };
            writeln!(out, "{gap}-- {dialect}")?;
        }
        let mut steps = 0;
        while let Some(step) = script.as_mut().and_then(S::next_step) {
            print_step(out, &step.map_err(Failure::late)?)?;
            steps += 1;
        }
        if steps == 0 {
            writeln!(out, "-- 0 rows, nothing to do")?;
        }
    }
    Ok(())
}

fn print_step(out: &mut impl Write, step: &Step<'_>) -> io::Result<()> {
    writeln!(out, "{step}")?;
    for set in step.binds.iter().filter(|set| !set.is_empty()) {
        let values: Vec<_> = set.iter().map(|bind| value_to_json(bind.value())).collect();
        writeln!(out, "-- binds: {}", Json::Array(values))?;
    }
    Ok(())
}

/// Prints scripts as a JSON array with an object for each.
pub(crate) fn print_json(out: &mut impl Write, scripts: Vec<(Dialect, Option<Script<'_>>)>) -> Result<(), Failure> {
    write!(out, "[")?;
    for (index, (dialect, mut script)) in scripts.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let transaction = script.as_ref().is_some_and(Script::needs_transaction);
        let session: Vec<&str> = script.iter().flat_map(Script::session).collect();
        write!(out, "{comma}\n{{\"dialect\":{},\"session\":{},", json!(dialect.to_string()), json!(session))?;
        write!(out, "\"transaction\":{transaction},\"steps\":[")?;
        let mut comma = "";
        while let Some(step) = script.as_mut().and_then(Script::next) {
            writeln!(out, "{comma}")?;
            write_step(out, &step.map_err(Failure::late)?)?;
            comma = ",";
        }
        write!(out, "\n]}}")?;
    }
    Ok(writeln!(out, "\n]")?)
}

fn write_step(out: &mut impl Write, step: &Step<'_>) -> io::Result<()> {
    let purpose = format!("{:?}", step.purpose).to_lowercase();
    let rows = step.rows.len();
    write!(out, "{{\"purpose\":{},\"statement\":{},\"rows\":{rows},", json!(purpose), step.text_id)?;
    if !step.finds.is_empty() {
        write!(out, "\"finds\":{},", json!(step.finds))?;
    }
    if step.returns {
        write!(out, "\"returns\":true,")?;
    }
    write!(out, "\"text\":")?;
    serde_json::to_writer(&mut *out, step.text)?;
    let mut comma = ",\"binds\":[";
    for set in step.binds.iter().filter(|set| !set.is_empty()) {
        let binds: Vec<_> = set.iter().map(bind_to_json).collect();
        write!(out, "{comma}")?;
        serde_json::to_writer(&mut *out, &binds)?;
        comma = ",";
    }
    write!(out, "{}", if comma == "," { "]}" } else { "}" })
}

/// A parameter with the type of its column and the kind of its value.
fn bind_to_json(bind: &Bind<'_>) -> Json {
    let mut object = Map::new();
    object.insert("type".into(), bind.ty().to_string().into());
    object.insert("kind".into(), bind.value().kind().into());
    object.insert("value".into(), value_to_json(bind.value()));
    Json::Object(object)
}

/// A value as JSON. Whatever JSON's readers might take for a float, or cannot read, is text.
pub(crate) fn value_to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) if value.unsigned_abs() < 1 << 53 => (*value).into(),
        Value::Int(value) => value.to_string().into(),
        Value::UInt(value) => value.to_string().into(),
        Value::Float(value) => {
            serde_json::Number::from_f64(*value).map_or_else(|| value.to_string().into(), Json::Number)
        }
        Value::Decimal(value) => value.as_str().into(),
        Value::Text(value) => value.as_ref().into(),
        Value::Bytes(value) => hex(value).into(),
        Value::Date(value) => value.to_string().into(),
        Value::Time(value) => value.to_string().into(),
        Value::Timestamp(value) => value.to_string().into(),
        Value::TimestampTz(value) => value.to_string().into(),
        Value::Interval(value) => value.to_string().into(),
        Value::Uuid(value) => value.to_string().into(),
        Value::Json(value) => value.as_str().into(),
        Value::Array(value) => value.items().iter().map(value_to_json).collect::<Vec<_>>().into(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
