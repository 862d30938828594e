//! The contestants write the same update: setwise's text is the plain writer's, and on an engine all leave the same
//! table.

use postgres::types::{Format, IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, NoTls};
use setwise_bench::{Binds, COLUMNS, Contestant, Data, Datum, Form, Writer, generate};

fn write(contestant: Contestant, data: &Data) -> (String, Vec<Datum>) {
    let mut written = Vec::new();
    contestant.write(&contestant.prepare(data), &mut |text, binds: Binds<'_>| {
        written.push((text.to_owned(), binds.data()));
    });
    assert_eq!(written.len(), 1, "one statement");
    written.remove(0)
}

#[test]
fn setwise_writes_what_is_written_by_hand() {
    for assigned in [1, 4] {
        let data = generate(10_000, assigned);
        let by_hand = |contestant: &Contestant| matches!(contestant.writer, Writer::Plain | Writer::Limit);
        for other in Contestant::all().filter(by_hand) {
            let setwise = Contestant { writer: Writer::Setwise, ..other };
            let ((text, binds), (other_text, other_binds)) = (write(setwise, &data), write(other, &data));
            for (line, other_line) in text.lines().zip(other_text.lines()) {
                assert_eq!(line, other_line, "{other:?} with {assigned}");
            }
            assert_eq!(text.len(), other_text.len(), "{other:?} with {assigned}");
            assert!(binds == other_binds, "{other:?} with {assigned}");
        }
    }
}

#[test]
fn a_schema_changes_nothing_that_is_written() {
    let data = generate(1_000, 4);
    let write = |form| write(Contestant { writer: Writer::Setwise, form }, &data);
    assert!(write(Form::Values) == write(Form::Declared));
}

#[test]
fn the_data_have_nulls_and_quotes() {
    let data = generate(1_000, 4);
    let all = || data.rows.iter().flat_map(|row| &row.values);
    let nulls = all().filter(|datum| **datum == Datum::Null).count();
    let quotes = all().filter(|datum| matches!(datum, Datum::Text(text) if text.contains('\''))).count();
    assert!((80..=160).contains(&nulls), "{nulls} NULLs");
    assert!((25..=80).contains(&quotes), "{quotes} quotes");
    assert!(data.rows.windows(2).all(|pair| pair[0].key < pair[1].key));
}

#[test]
fn contestants_leave_the_same_table_on_postgres() {
    let Ok(url) = std::env::var("SETWISE_POSTGRES_URL") else {
        eprintln!("left out: PostgreSQL (SETWISE_POSTGRES_URL is not set)");
        return;
    };
    let mut client = Client::connect(&url, NoTls).expect("PostgreSQL");
    client.batch_execute("SET TimeZone = 'UTC'").unwrap();
    for assigned in [1, 4] {
        let data = generate(500, assigned);
        let expected = expected(&data);
        for contestant in Contestant::all() {
            let (text, binds) = write(contestant, &data);
            // sea-query does not say the types of parameters; its drivers do
            let declared = if contestant.writer == Writer::Sea { binds.len() } else { 0 };
            let in_arrays = contestant.form == Form::Arrays;
            let ty = |at| parameter_type(at % (assigned + 1), in_arrays);
            let declared: Vec<Type> = (0..declared).map(ty).collect();
            let mut transaction = client.transaction().unwrap();
            transaction.batch_execute(&create(&data)).unwrap();
            let statement = transaction.prepare_typed(&text, &declared).expect("a good statement");
            let binds: Vec<AsText> = binds.into_iter().map(AsText).collect();
            let binds: Vec<&(dyn ToSql + Sync)> = binds.iter().map(|bind| bind as &(dyn ToSql + Sync)).collect();
            assert_eq!(transaction.execute(&statement, &binds).unwrap(), 500, "{contestant:?}");
            let columns = data.names().map(|name| format!("{name}::text")).collect::<Vec<_>>().join(", ");
            let rows = transaction.query(&format!("SELECT {columns} FROM posts ORDER BY id"), &[]).unwrap();
            let found: Vec<Vec<Option<String>>> =
                rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect();
            assert_eq!(found, expected, "{contestant:?} with {assigned}");
            transaction.rollback().unwrap();
        }
    }
}

/// A table with the keys of the data, and other values.
fn create(data: &Data) -> String {
    let columns: Vec<String> =
        COLUMNS.iter().take(data.assigned + 1).map(|(name, ty)| format!("{name} {ty}")).collect();
    let keys: Vec<String> = data.rows.iter().map(|row| format!("({})", row.key)).collect();
    format!("CREATE TEMP TABLE posts ({}); INSERT INTO posts (id) VALUES {};", columns.join(", "), keys.join(", "))
}

/// The rows afterwards, as the engine shows them.
fn expected(data: &Data) -> Vec<Vec<Option<String>>> {
    let show = |(column, datum): (usize, &Datum)| match datum {
        // PostgreSQL leaves out the zeros at the end of a fraction, and half of the zone
        Datum::Text(text) if column == 3 => {
            Some(format!("{}+00", text.trim_end_matches("+00:00").trim_end_matches('0')))
        }
        datum => show(datum),
    };
    let rows = data.rows.iter();
    rows.map(|row| [Some(row.key.to_string())].into_iter().chain(row.values.iter().enumerate().map(show)).collect())
        .collect()
}

/// What a driver says of the parameter of a column: the types that the contestants' values have.
fn parameter_type(column: usize, in_arrays: bool) -> Type {
    match (matches!(column, 0 | 2), in_arrays) {
        (true, false) => Type::INT8,
        (true, true) => Type::INT8_ARRAY,
        (false, false) => Type::TEXT,
        (false, true) => Type::TEXT_ARRAY,
    }
}

/// A value as PostgreSQL reads it; none is NULL.
fn show(datum: &Datum) -> Option<String> {
    match datum {
        Datum::Null => None,
        Datum::Int(int) => Some(int.to_string()),
        Datum::Text(text) | Datum::Decimal(text) => Some(text.clone()),
        Datum::Array(items) => {
            let quoted = |text: String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let items: Vec<String> = items.iter().map(|item| show(item).map_or("NULL".into(), quoted)).collect();
            Some(format!("{{{}}}", items.join(",")))
        }
    }
}

/// A value sent as text.
#[derive(Debug)]
struct AsText(Datum);

impl ToSql for AsText {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let Some(text) = show(&self.0) else { return Ok(IsNull::Yes) };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    postgres::types::to_sql_checked!();
}
