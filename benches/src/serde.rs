//! `serde_json`, straight from the rows: the document that one sends with `json_to_recordset`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::data::{COLUMNS, Data, Datum, Row};
use crate::plain::{Bind, head, tail};

pub(crate) fn write(data: &Data) -> (String, Vec<Bind<'_>>) {
    let document = serde_json::to_string(data).expect("a document");
    let names: Vec<&str> = data.names().collect();
    let columns = COLUMNS.iter().take(data.assigned + 1).map(|(name, ty)| format!("\"{name}\" {ty}"));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let rows = format!("(SELECT {} FROM json_to_recordset($1) AS j ({columns})", names.join(", "));
    (head(data) + &rows + &tail(data), vec![Bind::Document(document)])
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in &self.rows {
            rows.serialize_element(row)?;
        }
        rows.end()
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.values.len() + 1))?;
        members.serialize_entry(COLUMNS[0].0, &self.key)?;
        for ((name, _), datum) in COLUMNS.iter().skip(1).zip(&self.values) {
            members.serialize_entry(name, datum)?;
        }
        members.end()
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Int(int) => serializer.serialize_i64(*int),
            Self::Decimal(text) | Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => items.serialize(serializer),
        }
    }
}
