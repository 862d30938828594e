//! What each engine makes of numbers in JSON, against what its dialect says.

mod engine;

use setwise::dialect::JsonNumbers;
use setwise::{Column, Table, TableName, Type, Value};

#[test]
fn numbers_in_json_are_kept_or_become_doubles_as_the_dialect_says() {
    for mut engine in engine::connect_all() {
        let numbers = engine.dialect().fact(|spec| &spec.json_numbers);
        let declared = engine.dialect().storage(&Type::Jsonb).unwrap().columns[0];
        let table = Table::new(TableName::new("t").unwrap()).column(Column::new("j", Type::Jsonb).unwrap());
        engine.reset().unwrap();
        let stored = engine
            .execute(&format!("CREATE TABLE t (j {declared})"))
            .and_then(|_| engine.execute("INSERT INTO t VALUES ('[0.12345678901234567890]')"));
        stored.unwrap();
        let rows = engine.read_table(&table).unwrap();
        let [Value::Json(json)] = rows[0].as_slice() else { panic!("{}: {rows:?}", engine.name()) };
        let kept = json.as_str().contains("0.12345678901234567890");
        assert_eq!(kept, numbers == JsonNumbers::Exact, "{}: {json:?}", engine.name());
        let huge = engine.execute("INSERT INTO t VALUES ('[1e400]')");
        assert_eq!(huge.is_ok(), numbers == JsonNumbers::Exact, "{}: {huge:?}", engine.name());
    }
}
