//! The contestants write the same update: setwise's text is the plain writer's, and on an engine all leave the same
//! table.

use postgres::types::{Format, IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, NoTls};
use setwise_bench::{Binds, COLUMNS, Contestant, Data, Datum, generate};

/// Each of setwise's forms with the plain writer's.
const PAIRS: [(Contestant, Contestant); 4] = [
    (Contestant::SetwiseValues, Contestant::PlainValues),
    (Contestant::SetwiseValuesDeclared, Contestant::PlainValues),
    (Contestant::SetwiseCase, Contestant::PlainCase),
    (Contestant::SetwiseBinds, Contestant::PlainBinds),
];

fn write(contestant: Contestant, data: &Data) -> (String, Vec<Datum>) {
    let mut written = Vec::new();
    contestant.write(&contestant.prepare(data), &mut |text, binds: Binds<'_>| {
        written.push((text.to_owned(), binds.data()));
    });
    assert_eq!(written.len(), 1, "one statement");
    written.remove(0)
}

#[test]
fn setwise_writes_what_the_plain_writer_writes() {
    for assigned in [1, 4] {
        let data = generate(1_000, assigned);
        for (setwise, plain) in PAIRS {
            let ((text, binds), (plain_text, plain_binds)) = (write(setwise, &data), write(plain, &data));
            for (line, plain_line) in text.lines().zip(plain_text.lines()) {
                assert_eq!(line, plain_line, "{setwise:?} with {assigned}");
            }
            assert_eq!(text.len(), plain_text.len(), "{setwise:?} with {assigned}");
            assert!(binds == plain_binds, "{setwise:?} with {assigned}");
        }
    }
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
        for contestant in Contestant::ALL {
            let (text, binds) = write(contestant, &data);
            // sea-query does not say the types of parameters; its drivers do
            let declared = if contestant == Contestant::SeaBinds { binds.len() } else { 0 };
            let declared: Vec<Type> = (0..declared).map(|at| parameter_type(at % (assigned + 1))).collect();
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
        Datum::Null => None,
        Datum::Int(int) => Some(int.to_string()),
        // PostgreSQL leaves out the zeros at the end of a fraction, and half of the zone
        Datum::Text(text) if column == 3 => {
            Some(format!("{}+00", text.trim_end_matches("+00:00").trim_end_matches('0')))
        }
        Datum::Text(text) | Datum::Decimal(text) => Some(text.clone()),
    };
    let rows = data.rows.iter();
    rows.map(|row| [Some(row.key.to_string())].into_iter().chain(row.values.iter().enumerate().map(show)).collect())
        .collect()
}

/// What a driver says of the parameter of a column: the types that the contestants' values have.
fn parameter_type(column: usize) -> Type {
    if matches!(column, 0 | 2) { Type::INT8 } else { Type::TEXT }
}

/// A value sent as text.
#[derive(Debug)]
struct AsText(Datum);

impl ToSql for AsText {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Datum::Null => return Ok(IsNull::Yes),
            Datum::Int(int) => out.extend_from_slice(int.to_string().as_bytes()),
            Datum::Text(text) | Datum::Decimal(text) => out.extend_from_slice(text.as_bytes()),
        }
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
