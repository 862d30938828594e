//! Limits: what is as large as the dialect says is taken, and what is larger is not.

use setwise::dialect::JsonNumbers;
use setwise::{Column, Options, Output, Strategy, Table, TableName, Type, Update, Value, compile};

use super::{ensure, said};
use crate::engine::Engine;

pub fn check_binds(engine: &mut dyn Engine) -> Result<(), String> {
    let most = engine.dialect().fact(|spec| &spec.max_binds);
    engine.execute("CREATE TABLE t (id int)").map_err(said)?;
    let mut takes = |count: usize| {
        let places: Vec<String> = (1..=count).map(|at| engine.placeholder(at)).collect();
        let text = format!("SELECT id FROM t WHERE id IN ({})", places.join(", "));
        engine.execute_bound(&text, &vec![Value::Int(1); count]).map_err(said)
    };
    takes(most)?;
    ensure(takes(most + 1).is_err(), format!("{} parameters are taken", most + 1))
}

pub fn check_bytes(engine: &mut dyn Engine) -> Result<(), String> {
    let most = engine.dialect().fact(|spec| &spec.max_bytes);
    // gigabytes are too much for a test
    if most > 500_000_000 {
        return Ok(());
    }
    let mut takes = |bytes: usize| {
        let mut text = String::from("SELECT '");
        text.extend(std::iter::repeat_n('x', bytes - text.len() - 1));
        text.push('\'');
        engine.execute(&text).map_err(said)
    };
    takes(most)?;
    let more = takes(most + 1);
    // the server may have gone
    let _ = engine.reset();
    ensure(more.is_err(), format!("{} bytes are taken", most + 1))
}

/// So many rows at once as a list of `SELECT`s cannot have.
pub fn check_rows(engine: &mut dyn Engine) -> Result<(), String> {
    engine.execute("CREATE TABLE t (id int PRIMARY KEY, n int)").map_err(said)?;
    let update = Update::table("t").key(["id"]).rows(["id", "n"], (0..600).map(|id| (id, -id))).build().unwrap();
    let options = Options::new().output(Output::Inline).strategy(Strategy::ValuesJoin).chunk(0);
    let mut script = compile(&update, engine.dialect(), &options).map_err(said)?;
    while let Some(step) = script.next() {
        engine.execute(step.map_err(said)?.text).map_err(said)?;
    }
    Ok(())
}

/// Numbers in parsed JSON are kept, or become doubles.
pub fn check_json(engine: &mut dyn Engine) -> Result<(), String> {
    const NUMBER: &str = "0.12345678901234567890";
    let numbers = engine.dialect().fact(|spec| &spec.json_numbers);
    let declared = engine.dialect().storage(&Type::Jsonb).map_or("json", |stored| stored.columns[0]);
    let table = Table::new(TableName::new("t").unwrap()).column(Column::new("j", Type::Jsonb).unwrap());
    engine.execute(&format!("CREATE TABLE t (j {declared})")).map_err(said)?;
    engine.execute(&format!("INSERT INTO t VALUES ('[{NUMBER}]')")).map_err(said)?;
    let rows = engine.read_table(&table).map_err(said)?;
    let Value::Json(json) = &rows[0][0] else { return Err(format!("{rows:?}")) };
    let is_exact = numbers == JsonNumbers::Exact;
    ensure(json.as_str().contains(NUMBER) == is_exact, format!("{json:?}"))?;
    let huge = engine.execute("INSERT INTO t VALUES ('[1e400]')");
    ensure(huge.is_ok() == is_exact, format!("{huge:?}"))
}
