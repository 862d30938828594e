//! A named update: compiled once and given its arguments, compiled each time, or read and compiled each time.

use std::fmt::Write;
use std::hint::black_box;

use setwise::{Column, Dialect, Options, Output, Schema, Step, Table, TableName, Type, Value, compile, lang, prepare};

/// The columns that the long update compares.
const COLUMNS: usize = 200;

/// Executes `times` calls of an update by one of three ways.
pub(crate) fn run(way: &str, length: &str, times: &str) -> Option<()> {
    let schema = schema();
    let text = match length {
        "short" => short(),
        "long" => long(),
        _ => return None,
    };
    let times: u32 = times.parse().ok()?;
    let parse = || lang::parse(&text).expect("an update").into_parts().0.schema(&schema).build().expect("an update");
    let options = Options::new().output(Output::Binds);
    let dialect = Dialect::postgres();
    let update = parse();
    let compile_once = |update: setwise::Update<'_>| {
        let update = update.call(arguments()).expect("arguments");
        let mut script = compile(&update, dialect, &options).expect("a script");
        while let Some(step) = script.next() {
            show(&step.expect("a step"));
        }
    };
    match way {
        "bind" => {
            let prepared = prepare(&update, dialect, &options).expect("a script");
            for _ in 0..times {
                let bound = prepared.bind(arguments()).expect("arguments");
                bound.steps().for_each(|step| show(&step));
            }
        }
        "compile" => (0..times).for_each(|_| compile_once(update.clone())),
        "read" => (0..times).for_each(|_| compile_once(parse())),
        "size" => {
            let prepared = prepare(&update, dialect, &options).expect("a script");
            let bound = prepared.bind(arguments()).expect("arguments");
            println!("{}", bound.steps().map(|step| step.text.len()).sum::<usize>());
        }
        _ => return None,
    }
    Some(())
}

fn show(step: &Step<'_>) {
    for binds in step.binds.iter() {
        black_box((step.text, binds));
    }
}

fn arguments() -> [(&'static str, Value<'static>); 3] {
    black_box([("days", 30.into()), ("bonus", 100.into()), ("level", "premium".into())])
}

fn short() -> String {
    "update upgrade(days: int, bonus: int, level: text(20)) on users
     set membership = :level, credits = credits + :bonus
     where country = 'US' and last_login <= now() - days(:days)"
        .into()
}

/// The same with a condition of many columns, and without another constant.
fn long() -> String {
    let mut text = short();
    for column in 1..COLUMNS {
        _ = write!(text, "\n  and (number_{} <= number_{column} or number_{column} is null)", column - 1);
    }
    text
}

fn schema() -> Schema {
    let column = |name: &str, ty| Column::new(name, ty).expect("a column");
    let table = Table::new(TableName::new("users").expect("a name"))
        .column(column("id", Type::INT64).not_null())
        .column(column("country", Type::TEXT))
        .column(column("membership", Type::Text { max: Some(20) }))
        .column(column("credits", Type::INT64))
        .column(column("last_login", Type::TIMESTAMPTZ));
    let numbers = (0..COLUMNS).map(|number| column(&format!("number_{number}"), Type::INT64));
    Schema::new().table(numbers.fold(table, Table::column).primary_key(["id"]).expect("a key"))
}
