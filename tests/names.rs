//! Every character in names of tables, columns and keys, on every engine: a name is a name, whatever it holds.

mod case;
mod engine;
mod model;

use engine::{Engine, connect_all, say};
use setwise::{
    Column, Dialect, Ident, Options, Output, Schema, Strategy, Table, TableName, Type, Update, Value, compile,
};

fn is_family(dialect: Dialect) -> bool {
    matches!(dialect.name(), "mysql" | "mariadb")
}

/// A table of a key and columns of integers.
fn table(name: &str, key: &str, columns: &[String]) -> Table {
    let table = Table::new(TableName::new(name).unwrap()).column(Column::new(key, Type::INT64).unwrap().not_null());
    let table =
        columns.iter().fold(table, |table, name| table.column(Column::new(name.as_str(), Type::INT64).unwrap()));
    table.primary_key([key]).unwrap()
}

/// Creates the table with three rows, updates two of them inline and bound, and reads all back.
fn check(engine: &mut dyn Engine, table: Table) {
    let dialect = engine.dialect();
    let what = format!("{} {:?}", dialect, table.name());
    let create = case::create(&table, dialect).expect("a table of integers");
    create.iter().for_each(|create| _ = engine.execute(create).unwrap_or_else(|failed| panic!("{what}: {failed}")));
    let insert = case::insert(&table, dialect, |at| engine.placeholder(at));
    let width = i64::try_from(table.columns().len()).unwrap();
    let row = |id: i64, plus: i64| (0..width).map(|at| Value::Int(if at == 0 { id } else { at + plus })).collect();
    for id in 1..=3 {
        let row: Vec<Value<'_>> = row(id, 0);
        engine.execute_bound(&insert, &row).unwrap();
    }
    let schema = Schema::new().table(table.clone());
    let names: Vec<&Ident> = table.columns().iter().map(Column::name).collect();
    let mut expected: Vec<Vec<Value<'static>>> = (1..=3).map(|id| row(id, 0)).collect();
    for (output, plus) in [(Output::Inline, 1000), (Output::Binds, 2000)] {
        let new: Vec<Vec<Value<'_>>> = vec![row(1, plus), row(3, plus + 7)];
        let update =
            Update::table(table.name()).schema(&schema).key([names[0]]).rows(names.iter().copied(), new.clone());
        let update = update.build().unwrap();
        let options = Options::new().output(output).strategy(Strategy::ValuesJoin);
        let mut script = compile(&update, dialect, &options).unwrap_or_else(|errors| panic!("{what}: {errors}"));
        while let Some(step) = script.next() {
            let step = step.unwrap();
            for binds in step.binds.iter() {
                let values: Vec<Value<'_>> = binds.iter().map(|bind| bind.value().clone()).collect();
                engine.execute_bound(step.text, &values).unwrap_or_else(|failed| panic!("{what}: {failed}"));
            }
        }
        (expected[0], expected[2]) = (row(1, plus), row(3, plus + 7));
        assert_eq!(engine.read_table(&table).unwrap(), expected, "{what}");
    }
    let quote = if is_family(dialect) { '`' } else { '"' };
    let doubled = table.name().name().as_str().replace(quote, &format!("{quote}{quote}"));
    engine.execute(&format!("DROP TABLE {quote}{doubled}{quote}")).unwrap();
}

/// T1: each ASCII character alone as the name of a key, and first in the names of a table and a column.
#[test]
fn every_ascii_character_is_a_name() {
    for mut engine in connect_all() {
        for character in '\u{1}'..='\u{7f}' {
            let (mut key, dialect) = (character.to_string(), engine.dialect());
            // white space cannot be the last of a name there
            if matches!(character, ' ' | '\t'..='\r') && is_family(dialect) {
                let update = Update::table("t").key([&*key]).rows([&*key, "v"], [(1, 2)]).build().unwrap();
                let errors = compile(&update, dialect, &Options::new()).unwrap_err();
                assert_eq!(errors.iter().map(setwise::Error::code).collect::<Vec<_>>(), ["name-not-allowed"]);
                key.push('k');
            }
            check(&mut *engine, table(&format!("{character}t"), &key, &[format!("{character}c")]));
        }
    }
}

/// T1: every character of the basic multilingual plane, some in each name of tables with many columns.
#[test]
fn every_character_of_the_basic_plane_is_in_a_name() {
    let characters: Vec<char> = ('\u{1}'..='\u{ffff}').collect();
    assert_eq!(characters.len(), 63_487);
    // the number keeps names apart under any folding of case, and a space from being the last
    let name = |(index, block): (usize, &[char])| block.iter().collect::<String>() + &index.to_string();
    let names: Vec<String> = characters.chunks(16).enumerate().map(name).collect();
    for mut engine in connect_all() {
        for names in names.chunks(200) {
            // MySQL and MariaDB write each such character as five bytes of a file's name
            check(&mut *engine, table(&names[0], &names[1], &names[2..]));
        }
        say(&format!("{}: {} characters in {} names", engine.name(), characters.len(), names.len()));
    }
}
