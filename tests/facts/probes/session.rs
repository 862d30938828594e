//! What a session does: the clock, transactions, locks, and the client that reads a script.

use std::io::Write;
use std::process::{Command, Stdio};

use setwise::{
    Column, Options, Output, Purpose, Schema, Strategy, Table, TableName, Type, Update, UpdateBuilder, Value, compile,
};

use super::{ensure, said};
use crate::engine::{self, Engine};
use crate::{case, model, run};

fn table(columns: [Column; 2]) -> Schema {
    let id = Column::new("id", Type::INT32).unwrap().not_null();
    let table = columns.into_iter().fold(Table::new(TableName::new("t").unwrap()).column(id), Table::column);
    Schema::new().table(table.primary_key(["id"]).unwrap())
}

/// Every statement of a script sees the same instant.
pub fn check_clock(engine: &mut dyn Engine) -> Result<(), String> {
    let schema = table(["made", "score"].map(|name| Column::new(name, Type::Timestamp { digits: 6 }).unwrap()));
    let declared = &schema.tables()[0];
    let column = if matches!(engine.name(), "mysql" | "mariadb") { "datetime(6)" } else { "timestamp" };
    engine.execute(&format!("CREATE TABLE t (id int PRIMARY KEY, made {column}, score {column})")).map_err(said)?;
    engine.execute("INSERT INTO t VALUES (1, NULL, NULL), (2, NULL, NULL), (3, NULL, NULL)").map_err(said)?;
    let text = "update t by id set made = now(), score = now() rows (id) (1), (2), (3)";
    let update = setwise::lang::parse(text).unwrap().into_parts().0.schema(&schema).build().unwrap();
    for output in [Output::Inline, Output::Binds] {
        let options = Options::new().output(output).chunk(1).strategy(Strategy::PerRow);
        let mut script = compile(&update, engine.dialect(), &options).map_err(said)?;
        engine.execute("BEGIN").map_err(said)?;
        let ran = run::run_steps(engine, &mut script, output, &mut String::new());
        engine.execute(if ran.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(said)?;
        ran.map_err(said)?;
        let rows = engine.read_table(declared).map_err(said)?;
        let is_one = |row: &Vec<Value<'_>>| row[1] == rows[0][1] && row[2] == rows[0][1] && !row[1].is_null();
        ensure(rows.iter().all(is_one), format!("more than one instant: {rows:?}"))?;
    }
    Ok(())
}

/// Pipes a text into a client whose session is not as a script needs it; whether it says that all went well.
fn pipe(engine: &dyn Engine, text: &str) -> Result<bool, String> {
    let mut command: Command = engine.client().expect("a database that clients reach");
    match engine.name() {
        "postgres" => _ = command.env("PGCLIENTENCODING", "LATIN1"),
        "sqlite" => {}
        _ => _ = command.args(["--init-command=SET sql_mode = ''", "--default-character-set=latin1"]),
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(said)?;
    // a client that stops early closes the pipe
    let _ = child.stdin.take().expect("a pipe").write_all(text.as_bytes());
    Ok(child.wait().map_err(said)?.success())
}

/// The engine with a database that its client reaches, with the facts that the given one has.
fn shared(engine: &mut dyn Engine) -> Option<Box<dyn Engine>> {
    (engine.name() == "sqlite").then(|| engine::connect_shared("sqlite")).flatten()
}

/// A script through the client: it is all done, or the client fails and the table is as it was.
pub fn check_client(engine: &mut dyn Engine) -> Result<(), String> {
    let dialect = engine.dialect();
    let mut shared = shared(engine);
    let engine = shared.as_deref_mut().unwrap_or(engine);
    let column = |name| Column::new(name, Type::TEXT).unwrap();
    let schema = table([column("body"), column("more")]);
    let declared = &schema.tables()[0];
    engine
        .execute(
            "CREATE TABLE t (id int PRIMARY KEY, body varchar(5), more varchar(9), CHECK (char_length(body) <= 5))",
        )
        .or_else(|_| {
            engine.execute("CREATE TABLE t (id int PRIMARY KEY, body text, more text, CHECK (length(body) <= 5))")
        })
        .map_err(said)?;
    engine.execute("INSERT INTO t VALUES (1, 'one', NULL), (2, 'two', NULL)").map_err(said)?;
    for (bodies, is_right) in [(["éß", "ü\t\\"], true), (["fine", "too long"], false)] {
        let before = engine.read_table(declared).map_err(said)?;
        let rows = (1..).zip(bodies).map(|(id, body)| vec![Value::Int(id), Value::from(body), Value::from("é")]);
        let update = Update::table("t").key(["id"]).rows(["id", "body", "more"], rows).build().unwrap();
        let options = Options::new().output(Output::Script).strategy(Strategy::PerRow);
        // the shell's SQLite is older than the one in process
        let dialect = if dialect.name() == "sqlite" { dialect.at(dialect.spec().oldest) } else { dialect };
        let mut script = compile(&update, dialect, &options).map_err(said)?;
        let mut text = String::new();
        while let Some(step) = script.next() {
            text += &format!("{}\n", step.map_err(said)?);
        }
        let went_well = pipe(engine, &text)?;
        let after = engine.read_table(declared).map_err(said)?;
        let expected: Vec<_> =
            (1..).zip(bodies).map(|(id, body)| vec![Value::Int(id), body.into(), "é".into()]).collect();
        ensure(went_well == is_right, format!("the client says that all went well: {went_well}"))?;
        let expected = if is_right { expected } else { before };
        ensure(after == expected, format!("not the expected rows: {after:?}"))?;
    }
    Ok(())
}

/// A statement for another session, which waits for no lock; whether it is done.
fn other_session(engine: &dyn Engine, statement: &str) -> Result<bool, String> {
    let wait = match engine.name() {
        "postgres" => "\\set ON_ERROR_STOP on\nSET lock_timeout = '50ms';",
        "sqlite" => ".bail on\n.timeout 50",
        _ => "SET innodb_lock_wait_timeout = 1;",
    };
    pipe(engine, &format!("{wait}\n{statement};\n"))
}

/// Runs a script up to its first update, with another session's statement behind it, which must not be done.
fn check_shut_out(
    engine: &mut dyn Engine,
    column: &str,
    update: &UpdateBuilder<'_>,
    other: &str,
) -> Result<(), String> {
    let dialect = engine.dialect();
    let mut shared = shared(engine);
    let engine = shared.as_deref_mut().unwrap_or(engine);
    engine.execute(&format!("CREATE TABLE t (id int PRIMARY KEY, {column}, more int)")).map_err(said)?;
    engine.execute("INSERT INTO t VALUES (1, 1, NULL), (2, 2, NULL)").map_err(said)?;
    let update = update.clone().build().unwrap();
    let mut script = compile(&update, dialect, &Options::new().output(Output::Script)).map_err(said)?;
    while let Some(step) = script.next() {
        let step = step.map_err(said)?;
        match step.purpose {
            Purpose::Client | Purpose::Session => {}
            Purpose::Update => break,
            _ => _ = engine.execute(step.text).map_err(said)?,
        }
    }
    let done = other_session(engine, other);
    engine.execute("ROLLBACK").map_err(said)?;
    ensure(!done?, "another session wrote what the script had locked")
}

fn numbers() -> [Column; 2] {
    ["body", "more"].map(|name| Column::new(name, Type::INT32).unwrap())
}

/// After its locks, nobody else writes what a script will update.
pub fn check_locks(engine: &mut dyn Engine) -> Result<(), String> {
    let schema = table(numbers());
    let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "body"], [(1, 7), (2, 8)]).lock_ordered();
    check_shut_out(engine, "body int", &update, "UPDATE t SET more = 1 WHERE id = 2")
}

/// While values of a unique column are parked, nobody else adds one.
pub fn check_exclusion(engine: &mut dyn Engine) -> Result<(), String> {
    let declared = table(numbers()).tables()[0].clone().unique(["body"]).unwrap();
    let schema = Schema::new().table(declared);
    let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "body"], [(1, 2), (2, 1)]);
    check_shut_out(engine, "body int UNIQUE", &update, "INSERT INTO t VALUES (9, 99, 1)")
}

/// What a check reads is as the update will find it, whatever the transaction has read before.
pub fn check_snapshot(engine: &mut dyn Engine) -> Result<(), String> {
    // nobody writes between, once SQLite's transaction has begun
    if engine.name() == "sqlite" {
        return Ok(());
    }
    let schema = table(numbers());
    engine.execute("CREATE TABLE t (id int PRIMARY KEY, body int, more int)").map_err(said)?;
    engine.execute("INSERT INTO t VALUES (1, 1, NULL)").map_err(said)?;
    let text = "update t by id on missing error rows (id, body) (1, 7), (2, 8)";
    let update = setwise::lang::parse(text).unwrap().into_parts().0.schema(&schema).build().unwrap();
    let mut script = compile(&update, engine.dialect(), &Options::new()).map_err(said)?;
    engine.execute("BEGIN; SELECT * FROM t").map_err(said)?;
    let ran = other_session(engine, "INSERT INTO t VALUES (2, 2, NULL)").and_then(|done| {
        ensure(done, "the other session cannot write")?;
        let ran = run::run_steps(engine, &mut script, Output::Binds, &mut String::new());
        // MariaDB 11.6 and later fail rather than read what their snapshot does not have
        ran.or_else(|failed| if failed.code == "1020" { Ok(()) } else { Err(said(failed)) })
    });
    engine.execute("ROLLBACK").map_err(said)?;
    ran
}

/// Cases that the engine's own client runs, which may be of another version than the engine in process.
pub fn check_cases(engine: &mut dyn Engine) -> Result<(), String> {
    let (dialect, mut shared) = (engine.dialect(), shared(engine));
    let Some(engine) = shared.as_deref_mut() else { return Ok(()) };
    let dialect = dialect.at(dialect.spec().oldest);
    for case in case::load("updates/client") {
        let schema = case.schema(dialect);
        let subject = run::Subject::of(&case, &schema).map_err(said)?;
        let expected =
            model::apply(&subject.update, &subject.data, subject.now.to_utc()).map_err(|_| "no such table")?;
        for strategy in [Strategy::Auto, Strategy::ValuesJoin, Strategy::Case] {
            let options = Options::new().output(Output::Script).strategy(strategy);
            let Ok(mut script) = compile(&subject.update, dialect, &options) else { continue };
            run::fill(engine, &subject.data).map_err(said)?;
            let mut text = String::new();
            while let Some(step) = script.next() {
                text += &format!("{}\n", step.map_err(said)?);
            }
            ensure(pipe(engine, &text)?, format!("{} fails by {strategy:?}", case.name))?;
            let found = engine.read_table(&subject.data.table).map_err(said)?;
            if let Some(diff) = model::diff(&expected, &found) {
                return Err(format!("{} by {strategy:?}: {diff}", case.name));
            }
        }
    }
    Ok(())
}
