//! Where others fail: the failures of Django's `bulk_update`, each at the size at which it fails, and the traps that
//! need a session of their own.

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use engine::{Engine, connect};
use matrix::Matrix;
use model::TableData;
use run::{Means, Subject};
use setwise::{
    Column, Date, Dialect, Options, Output, Schema, Strategy, Table, TableName, TimestampTz, Type, Update, Value,
    compile,
};

const INPUT: [&str; 5] = ["id", "title", "views", "price", "day"];

/// A table of four columns and its key.
fn posts() -> Schema {
    let table = Table::new(TableName::new("posts").unwrap())
        .column(Column::new("id", Type::INT64).unwrap().not_null())
        .column(Column::new("title", Type::Text { max: Some(200) }).unwrap())
        .column(Column::new("views", Type::INT32).unwrap())
        .column(Column::new("price", Type::Decimal { precision: Some(10), scale: Some(2) }).unwrap())
        .column(Column::new("day", Type::Date).unwrap());
    Schema::new().table(table.primary_key(["id"]).unwrap())
}

/// The values of a row; each round gives others.
fn row(id: i64, round: i64) -> Vec<Value<'static>> {
    let price = setwise::Decimal::parse(format!("{}.{:02}", id * 7 % 1000, (id + round) % 100)).unwrap();
    vec![
        Value::Int(id),
        Value::from(format!("title {id} of round {round}, it's \\ \u{e9}")),
        if id % 11 == 0 { Value::Null } else { Value::Int(id * round % 100_000) },
        Value::Decimal(price),
        Value::Date(Date::new(2000 + i32::try_from(id % 20).unwrap(), 2, 28).unwrap()),
    ]
}

/// Updates many rows, of which the last is missing in the table, by each of some means.
fn run_many(engine: &mut dyn Engine, rows: i64, means: &[Means]) {
    let schema = posts();
    let new: Vec<_> = (1..=rows).rev().map(|id| row(id, 2)).collect();
    let update = Update::table("posts").schema(&schema).key(["id"]).rows(INPUT, new).build().unwrap();
    let data = TableData { table: schema.tables()[0].clone(), rows: (0..rows).map(|id| row(id, 1)).collect() };
    let mut matrix = Matrix::default();
    let now = TimestampTz::parse("2026-01-02 03:04:05Z").unwrap();
    Subject { name: format!("{rows} rows"), schema: &schema, data, others: Vec::new(), update, now }.run_by(
        means,
        engine,
        &mut matrix,
    );
    let [equal, ..] = matrix.counts();
    matrix.assert_good(1);
    assert_eq!((equal, matrix.matched()), (means.len(), means.len()), "some of the means were refused");
}

fn means(strategy: Strategy, output: Output, chunk: usize) -> Means {
    Means { strategy, output, chunk }
}

/// Steps and the most parameters of any of them.
fn measure(rows: i64, dialect: Dialect, options: &Options) -> (usize, usize) {
    let schema = posts();
    let new: Vec<_> = (1..=rows).map(|id| row(id, 2)).collect();
    let update = Update::table("posts").schema(&schema).key(["id"]).rows(INPUT, new).build().unwrap();
    let mut script = compile(&update, dialect, options).unwrap();
    let (mut steps, mut most) = (0, 0);
    while let Some(step) = script.next() {
        steps += 1;
        most = most.max(step.unwrap().binds.iter().map(|binds| binds.len()).max().unwrap_or(0));
    }
    (steps, most)
}

/// T10: as many parameters as the engine takes, and one row more.
#[test]
fn five_thousand_rows_pass_the_parameter_limit_of_sqlite() {
    let mut engine = connect("sqlite").unwrap();
    let all = [
        means(Strategy::ValuesJoin, Output::Binds, 0),
        means(Strategy::Auto, Output::Binds, 0),
        means(Strategy::Case, Output::Binds, 100),
        means(Strategy::ValuesJoin, Output::Inline, 0),
    ];
    run_many(&mut *engine, 5000, &all);
    let options = Options::new().strategy(Strategy::ValuesJoin).chunk(0);
    // 6,553 rows of five values are the most that 32,766 parameters hold
    assert_eq!(measure(6553, engine.dialect(), &options), (1, 32_765));
    assert_eq!(measure(6554, engine.dialect(), &options), (2, 32_765));
    // a build with fewer parameters, as SQLite once had by default
    let (steps, most) = measure(5000, engine.dialect(), &options.max_binds(999));
    assert_eq!((steps, most), (26, 995));
}

/// T10: 65,535 parameters, and one row more.
#[test]
fn ten_thousand_rows_go_to_postgres_at_once() {
    let Some(mut engine) = connect("postgres") else { return };
    let all = [
        means(Strategy::ValuesJoin, Output::Inline, 0),
        means(Strategy::ValuesJoin, Output::Binds, 0),
        means(Strategy::Auto, Output::Binds, 0),
    ];
    run_many(&mut *engine, 10_000, &all);
    let inline = Options::new().strategy(Strategy::ValuesJoin).output(Output::Inline).chunk(0);
    assert_eq!(measure(10_000, engine.dialect(), &inline), (1, 0));
    // T10: 65,535 parameters are 13,107 rows of five values
    let binds = Options::new().strategy(Strategy::ValuesJoin).chunk(0);
    assert_eq!(measure(13_107, engine.dialect(), &binds), (1, 65_535));
    assert_eq!(measure(13_108, engine.dialect(), &binds), (2, 65_535));
}

#[test]
fn ten_thousand_rows_go_to_mysql_and_mariadb_within_their_limits() {
    for name in ["mysql", "mariadb"] {
        let Some(mut engine) = connect(name) else { continue };
        let all = [means(Strategy::ValuesJoin, Output::Binds, 0), means(Strategy::ValuesJoin, Output::Inline, 0)];
        run_many(&mut *engine, 10_000, &all);
    }
}

/// A table with a text of three characters.
fn codes(nullable: Column) -> Schema {
    let id = Column::new("id", Type::INT64).unwrap().not_null();
    let table = Table::new(TableName::new("codes").unwrap()).column(id).column(nullable);
    Schema::new().table(table.primary_key(["id"]).unwrap())
}

/// Compiles for an engine, runs all steps and gives back the engine's error.
fn try_run(engine: &mut dyn Engine, update: &Update<'_>, options: &Options) -> Result<(), engine::Failed> {
    let mut script = compile(update, engine.dialect(), options).unwrap();
    engine.execute("START TRANSACTION").unwrap();
    let ran = run::run_steps(engine, &mut script, Output::Binds, &mut String::new());
    engine.execute(if ran.is_ok() { "COMMIT" } else { "ROLLBACK" }).unwrap();
    ran
}

fn every_strategy(update: &Update<'_>, dialect: Dialect, mut each: impl FnMut(&Options)) {
    for strategy in [Strategy::Auto].into_iter().chain(Strategy::ALL) {
        for output in [Output::Binds, Output::Inline] {
            let options = Options::new().strategy(strategy).output(output);
            if compile(update, dialect, &options).is_ok() {
                each(&options);
            }
        }
    }
}

/// T14, Django #33647: `'abcdef'` for `varchar(3)` was stored as `'abc'`, because the cast carried the length.
#[test]
fn text_that_is_too_long_is_refused_or_an_error_but_never_cut() {
    let schema = codes(Column::new("code", Type::Text { max: Some(3) }).unwrap());
    let new = [(1, "abcdef"), (2, "xy")];
    let known = Update::table("codes").schema(&schema).key(["id"]).rows(["id", "code"], new).build().unwrap();
    let unknown = Update::table("codes").key(["id"]).rows(["id", "code"], new).build().unwrap();
    let before = vec![vec![Value::Int(1), Value::from("one")], vec![Value::Int(2), Value::from("two")]];
    let data = TableData { table: schema.tables()[0].clone(), rows: before.clone() };
    // SQLite does not know lengths: there nothing but the schema can refuse
    for name in ["postgres", "mysql", "mariadb"] {
        let Some(mut engine) = connect(name) else { continue };
        run::fill(&mut *engine, &data).unwrap();
        let refused = compile(&known, engine.dialect(), &Options::new()).unwrap_err();
        assert_eq!(refused.iter().map(setwise::Error::code).collect::<Vec<_>>(), ["too-long"]);
        let mut tried = 0;
        every_strategy(&unknown, engine.dialect(), |options| {
            let failed = try_run(&mut *engine, &unknown, options).expect_err("a text that is too long was taken");
            // string data right truncated, data too long, data truncated (in strict mode)
            assert!(["22001", "1406", "1265"].contains(&failed.code.as_str()), "{name} by {options:?}: {failed}");
            assert_eq!(engine.read_table(&data.table).unwrap(), before, "{name} by {options:?}");
            tried += 1;
        });
        // a temporary table takes its types from a schema, but on PostgreSQL
        let staged = usize::from(name != "postgres");
        assert_eq!(tried, 2 * (1 + engine.dialect().strategies().count() - staged), "{name}");
    }
}

/// T14: values that a column does not hold are the engine's errors, by every strategy, where no schema tells earlier.
#[test]
fn what_is_beyond_a_column_is_an_error_without_a_schema_too() {
    let decimal = |text: &'static str| Value::Decimal(setwise::Decimal::parse(text).unwrap());
    let columns: [(Type, Value<'static>, Value<'static>); 6] = [
        (Type::Int { bits: 16 }, Value::Int(7), Value::Int(70_000)),
        (Type::INT32, Value::Int(7), Value::Int(-2_147_483_649)),
        (Type::Text { max: Some(3) }, "old".into(), "abcd".into()),
        (Type::Char { length: 3 }, "old".into(), "abcd".into()),
        (Type::Decimal { precision: Some(5), scale: Some(2) }, decimal("1.50"), decimal("1000.00")),
        (Type::Date, Value::Date(Date::new(2024, 2, 29).unwrap()), "2024-02-30".into()),
    ];
    for name in ["postgres", "mysql", "mariadb"] {
        let Some(mut engine) = connect(name) else { continue };
        for (ty, old, beyond) in &columns {
            let schema = codes(Column::new("held", ty.clone()).unwrap());
            let before = vec![vec![Value::Int(1), old.clone()], vec![Value::Int(2), old.clone()]];
            let data = TableData { table: schema.tables()[0].clone(), rows: before.clone() };
            run::fill(&mut *engine, &data).unwrap();
            let new = [(1, old.clone()), (2, beyond.clone())].map(|(id, value)| vec![Value::Int(id), value]);
            // of one type, as far as setwise can know
            let new =
                if matches!(ty, Type::Date) { [vec![Value::Int(1), "2024-02-28".into()], new[1].clone()] } else { new };
            let update = Update::table("codes").key(["id"]).rows(["id", "held"], new).build().unwrap();
            let mut tried = 0;
            every_strategy(&update, engine.dialect(), |options| {
                let ran = try_run(&mut *engine, &update, options);
                assert!(ran.is_err(), "{name}: {beyond:?} went into {ty} by {options:?}");
                assert_eq!(engine.read_table(&data.table).unwrap(), before, "{name}: {ty} by {options:?}");
                tried += 1;
            });
            assert!(tried >= 8, "{name}: {ty} by {tried} strategies only");
        }
    }
}

/// Django #33647's sibling: a column of nothing but NULL is text to PostgreSQL.
#[test]
fn a_column_of_nulls_needs_no_schema() {
    let types = [
        (Type::INT32, Value::Int(7)),
        (Type::TEXT, Value::from("x")),
        (Type::Date, Value::Date(Date::new(2024, 2, 29).unwrap())),
        (Type::Bool, Value::Bool(true)),
        (Type::Jsonb, Value::Json(setwise::Json::new("{}"))),
        (Type::array(Type::INT32).unwrap(), setwise::Array::new(vec![Value::Int(1)]).unwrap().into()),
    ];
    let Some(mut engine) = connect("postgres") else { return };
    for (ty, old) in types {
        let schema = codes(Column::new("held", ty.clone()).unwrap());
        let rows = (1..=3).map(|id| vec![Value::Int(id), old.clone()]).collect();
        let data = TableData { table: schema.tables()[0].clone(), rows };
        let new = || (1i64..=3).map(|id| vec![Value::Int(id), Value::Null]);
        let known = Update::table("codes").schema(&schema).key(["id"]).rows(["id", "held"], new()).build().unwrap();
        let unknown = Update::table("codes").key(["id"]).rows(["id", "held"], new()).build().unwrap();
        for update in [&known, &unknown] {
            every_strategy(update, engine.dialect(), |options| {
                run::fill(&mut *engine, &data).unwrap();
                try_run(&mut *engine, update, options).unwrap_or_else(|failed| panic!("{ty} by {options:?}: {failed}"));
                let found = engine.read_table(&data.table).unwrap();
                assert!(found.iter().all(|row| row[1].is_null()), "{ty} by {options:?}: {found:?}");
            });
        }
    }
}

/// Rows of a number and a text.
fn number(texts: &[&'static str]) -> Vec<Vec<Value<'static>>> {
    (1i64..).zip(texts).map(|(id, text)| vec![Value::Int(id), Value::from(*text)]).collect()
}

/// T9: texts, bytes and names mean the same under every mode of the session.
#[test]
fn the_mode_of_the_session_changes_nothing() {
    let modes: [(&str, &[&str]); 3] = [
        (
            "postgres",
            &["SET standard_conforming_strings = off", "SET backslash_quote = off", "SET escape_string_warning = off"],
        ),
        (
            "mysql",
            &[
                "SET sql_mode = ''",
                "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'",
                "SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
                "SET sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION'",
            ],
        ),
        (
            "mariadb",
            &[
                "SET sql_mode = ''",
                "SET sql_mode = 'ORACLE'",
                "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'",
                "SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
                "SET sql_mode = 'EMPTY_STRING_IS_NULL'",
            ],
        ),
    ];
    let texts = ["\\", "\\'", "'", "\"", "`", "a\\nb", "\u{1a}", "\u{e9}\\", "\\\\", "--", "a||b", "\u{8868}'"];
    let schema = codes(Column::new("a \"held\" `one`", Type::Text { max: Some(20) }).unwrap());
    let table = schema.tables()[0].clone();
    let column = table.columns()[1].name().clone();
    let expected = number(&texts);
    let new: Vec<Vec<Value<'_>>> = expected.clone();
    let update = Update::table("codes").schema(&schema).key(["id"]).rows(["id", column.as_str()], new).build().unwrap();
    let data = TableData { table, rows: number(&["old"; 12]) };
    for (name, modes) in modes {
        let Some(mut engine) = connect(name) else { continue };
        for mode in modes {
            every_strategy(&update, engine.dialect(), |options| {
                run::fill(&mut *engine, &data).unwrap();
                engine.execute(mode).unwrap();
                try_run(&mut *engine, &update, options)
                    .unwrap_or_else(|failed| panic!("{mode} by {options:?}: {failed}"));
                assert_eq!(engine.read_table(&data.table).unwrap(), expected, "{mode} by {options:?}");
            });
        }
    }
}

/// T8: a connection in an encoding whose second bytes may be a backslash.
#[test]
fn the_encoding_of_the_connection_changes_nothing() {
    let texts = ["\u{8868}\u{80fd}\u{30bd}", "\\", "'", "\u{bf}'", "\u{8868}' or 1=1 -- "];
    let schema = codes(Column::new("held", Type::Text { max: Some(40) }).unwrap());
    let expected = number(&texts);
    let new: Vec<Vec<Value<'_>>> = expected.clone();
    let update = Update::table("codes").schema(&schema).key(["id"]).rows(["id", "held"], new).build().unwrap();
    let data = TableData { table: schema.tables()[0].clone(), rows: number(&["old"; 5]) };
    for name in ["mysql", "mariadb"] {
        let Some(mut engine) = connect(name) else { continue };
        for charset in ["gbk", "sjis", "big5", "latin1"] {
            for strategy in [Strategy::PerRow, Strategy::Case, Strategy::ValuesJoin] {
                let options = Options::new().strategy(strategy).output(Output::Inline);
                run::fill(&mut *engine, &data).unwrap();
                engine.execute(&format!("SET character_set_client = {charset}")).unwrap();
                try_run(&mut *engine, &update, &options).unwrap_or_else(|failed| panic!("{charset}: {failed}"));
                engine.execute("SET NAMES utf8mb4").unwrap();
                assert_eq!(engine.read_table(&data.table).unwrap(), expected, "{name} in {charset} by {strategy:?}");
            }
        }
    }
}

/// T23: no incoming row, no statement.
#[test]
fn no_rows_make_no_statement() {
    let schema = posts();
    let none: [Vec<Value<'_>>; 0] = [];
    let update = Update::table("posts").schema(&schema).key(["id"]).rows(INPUT, none).build().unwrap();
    for dialect in [Dialect::postgres(), Dialect::mysql(), Dialect::mariadb(), Dialect::sqlite()] {
        for strategy in [Strategy::Auto].into_iter().chain(Strategy::ALL) {
            for output in [Output::Binds, Output::Inline] {
                let options = Options::new().strategy(strategy).output(output);
                let mut script = compile(&update, dialect, &options).unwrap();
                assert!(script.next().is_none(), "{dialect} by {options:?}");
            }
        }
    }
}
