//! Carries an update out through tokio-postgres, in one transaction.
//!
//! `SETWISE_POSTGRES_URL=postgres://user@localhost/db cargo run --example tokio_postgres`

use std::error::Error;

use setwise::{Bind, Dialect, Options, Output, Update, Value, compile};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Prints the posts of a temporary table after an update of two of them.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<()> {
    let url = std::env::var("SETWISE_POSTGRES_URL").map_err(|_| "set SETWISE_POSTGRES_URL to a server's address")?;
    let (mut client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    let connection = tokio::spawn(connection);
    client
        .batch_execute(
            "CREATE TEMPORARY TABLE posts (id int PRIMARY KEY, title text NOT NULL, views bigint, price numeric(10,2));
             INSERT INTO posts VALUES (1, 'one', 10, 0), (2, 'two', 20, 0), (3, 'three', 30, 0);",
        )
        .await?;
    let price = |text: &'static str| setwise::Decimal::parse(text);
    let rows = [(3, "drei", None, price("3.50")?), (1, "eins", Some(11), price("1.25")?)];
    let update = Update::table("posts").key(["id"]).rows(["id", "title", "views", "price"], rows).build()?;
    println!("{} rows updated", execute(&mut client, &update).await?);

    let query = "SELECT concat_ws('|', id, title, coalesce(views::text, 'null'), price) FROM posts ORDER BY id";
    let posts: Vec<String> = client.query(query, &[]).await?.iter().map(|row| row.get(0)).collect();
    println!("{posts:?}");
    assert_eq!(posts, ["1|eins|11|1.25", "2|two|20|0.00", "3|drei|null|3.50"]);
    drop(client);
    Ok(connection.await??)
}

/// Carries an update out in one transaction; an error on the way rolls it back.
async fn execute(client: &mut Client, update: &Update<'_>) -> Result<u64> {
    let mut script = compile(update, Dialect::postgres(), &Options::new().output(Output::Binds))?;
    let transaction = client.transaction().await?;
    let mut prepared = None;
    let mut updated = 0;
    while let Some(step) = script.next() {
        let step = step?;
        // Steps of one text follow each other, so that the statement prepared last is all to be kept.
        let statement = match prepared.take() {
            Some((id, statement)) if id == step.text_id => statement,
            _ => transaction.prepare(step.text).await?,
        };
        for binds in step.binds.iter() {
            updated += transaction.execute_raw(&statement, binds.iter().map(Parameter)).await?;
        }
        prepared = Some((step.text_id, statement));
    }
    transaction.commit().await?;
    Ok(updated)
}

/// A parameter, sent as text: PostgreSQL reads it as the type that the statement says.
#[derive(Debug)]
struct Parameter<'b>(&'b Bind<'b>);

impl ToSql for Parameter<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull> {
        let Some(text) = text(self.0.value())? else { return Ok(IsNull::Yes) };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// The text that PostgreSQL reads a value from; none is NULL.
fn text(value: &Value<'_>) -> Result<Option<String>> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Decimal(value) => value.to_string(),
        Value::Text(value) => value.to_string(),
        Value::Date(value) => value.to_string(),
        Value::Time(value) => value.to_string(),
        Value::Timestamp(value) => value.to_string(),
        Value::TimestampTz(value) => value.to_string(),
        Value::Interval(value) => value.to_string(),
        Value::Uuid(value) => value.to_string(),
        Value::Json(value) => value.as_str().to_owned(),
        Value::Array(array) => {
            let quoted = |text: String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let item = |item| text(item).map(|text| text.map_or_else(|| "NULL".to_owned(), quoted));
            format!("{{{}}}", array.items().iter().map(item).collect::<Result<Vec<_>>>()?.join(","))
        }
        other => return Err(format!("no {} in this example", other.kind()).into()),
    }))
}
