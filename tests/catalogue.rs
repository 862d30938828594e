//! The rest of the catalogue of bad input: names, sizes and what only an engine can tell; and the proof that no number
//! of it is forgotten.

mod engine;

use std::collections::BTreeMap;
use std::path::Path;

use setwise::{
    Column, Dialect, Errors, Options, Output, Schema, Strategy, Table, TableName, Type, Update, UpdateBuilder, Value,
    compile, lang,
};

/// Numbers that no front end can meet, each with the reason.
const CANNOT_ARISE: [(u32, &str); 6] = [
    (21, "no front end is given the known ids; a row that is missing is ignored or, later, reported by the engine"),
    (27, "there is no cap of a million rows: they stream; above 4,294,967,295 it is `too-many-rows`"),
    (28, "updates of several tables come later"),
    (29, "updates of several tables come later"),
    (30, "updates of several tables come later"),
    (110, "parameters of the language come later; until then `:name` is a syntax error"),
];

/// Where entries of the catalogue are tested: with `(number, ..` at the beginning of a row, or with `case number`.
const SOURCES: [&str; 9] = [
    "tests/bad_input.rs",
    "tests/catalogue.rs",
    "tests/expressions.rs",
    "tests/read.rs",
    "tests/read/cells.rs",
    "tests/read/documents.rs",
    "tests/read/fields.rs",
    "tests/read/scalars.rs",
    "tests/schema.rs",
];

#[test]
fn every_number_is_tested_or_cannot_arise() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tested: BTreeMap<u32, usize> = BTreeMap::new();
    for source in SOURCES {
        let text = std::fs::read_to_string(root.join(source)).unwrap();
        let (_, text) = text.split_once("const SOURCES").unwrap_or(("", &text));
        let lines = text.lines().map(str::trim_start);
        // a long row has its number on a line of its own
        let rows = lines.clone().zip(lines.clone().skip(1)).filter_map(|(line, next)| match line {
            "(" => next.split_once(','),
            line => line.strip_prefix('(')?.split_once(", "),
        });
        let named = lines.flat_map(|line| line.split("case ").skip(1)).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest.split_at(end)
        });
        for number in rows.chain(named).filter_map(|(number, _)| number.parse().ok()) {
            *tested.entry(number).or_default() += 1;
        }
    }
    for number in 1..=118 {
        let excused = CANNOT_ARISE.iter().any(|(excused, _)| *excused == number);
        assert!(
            excused != tested.contains_key(&number),
            "case {number}: excused {excused}, tested {:?}",
            tested.get(&number)
        );
    }
}

fn column(name: &str, ty: Type) -> Column {
    Column::new(name, ty).unwrap()
}

fn table(name: TableName, columns: impl IntoIterator<Item = Column>) -> Table {
    columns.into_iter().fold(Table::new(name), Table::column)
}

/// The outcome on each dialect, `ok` or the code of the first error; one word where it is the same on all.
fn outcome(builder: &UpdateBuilder<'_>, options: &Options) -> String {
    let of = |dialect: Dialect| match builder
        .clone()
        .build()
        .and_then(|update| compile(&update, dialect, options).map(drop))
    {
        Ok(()) => "ok".to_owned(),
        Err(errors) => code(&errors),
    };
    let all: Vec<_> = Dialect::all().iter().map(|dialect| (dialect.name(), of(*dialect))).collect();
    if all.iter().all(|(_, outcome)| *outcome == all[0].1) {
        return all[0].1.clone();
    }
    all.iter().map(|(name, outcome)| format!("{name} {outcome}")).collect::<Vec<_>>().join(", ")
}

fn code(errors: &Errors) -> String {
    errors.iter().next().unwrap().code().to_owned()
}

/// Number, name of a column and of a table, outcome.
#[test]
fn names() {
    let family = "postgres ok, mysql name-not-allowed, mariadb name-not-allowed, sqlite ok";
    let cases = [
        (77, String::new(), "empty-name"),
        (78, "a\0b".to_owned(), "name-with-nul"),
        (79, "x".repeat(63), "ok"),
        (79, "x".repeat(64), "postgres name-too-long, mysql ok, mariadb ok, sqlite ok"),
        (79, "é".repeat(32), "postgres name-too-long, mysql ok, mariadb ok, sqlite ok"),
        (80, "é".repeat(65), "postgres name-too-long, mysql name-too-long, mariadb name-too-long, sqlite ok"),
        (81, "weird\"name".to_owned(), "ok"),
        (81, "a`b".to_owned(), "ok"),
        (81, "a.b".to_owned(), "ok"),
        (81, "a;--".to_owned(), "ok"),
        (83, "a ".to_owned(), family),
        (83, "a🌍".to_owned(), family),
    ];
    for (case, name, expected) in cases {
        let as_column = Update::table("t").set(name.clone(), 1).all_rows();
        assert_eq!(outcome(&as_column, &Options::new()), expected, "case {case}: {name:?} as a column");
        let as_table = Update::table(name.as_str()).set("a", 1).all_rows();
        assert_eq!(outcome(&as_table, &Options::new()), expected, "case {case}: {name:?} as a table");
        if expected != "ok" {
            continue;
        }
        for dialect in Dialect::all() {
            let quote = if matches!(dialect.name(), "mysql" | "mariadb") { "`" } else { "\"" };
            let quoted = format!("{quote}{}{quote}", name.replace(quote, &quote.repeat(2)));
            let update = as_table.clone().build().unwrap();
            let mut script = compile(&update, dialect, &Options::new()).unwrap();
            let text = script.next().unwrap().unwrap().text.to_owned();
            assert!(text.starts_with(&format!("UPDATE {quoted}\n")), "case {case}: {text}");
        }
    }
}

/// Number, update, outcome; the schema has `t` in the schema `public`.
#[test]
fn updates() {
    let columns = ["id", "n"].map(|name| column(name, Type::INT64));
    let known = table(TableName::in_schema("public", "t").unwrap(), columns).primary_key(["id"]).unwrap();
    let schema = Schema::new().table(known);
    let cases = [
        (82, "update public.t set n = 1 all rows", "ok"),
        (82, "update \"public.t\" set n = 1 all rows", "unknown-table"),
        (84, "update t set m = 1 all rows", "unknown-column"),
        (85, "update t set n = 1, n = 2 all rows", "set-twice"),
        (87, "update t by id set id = new.id rows (id) (1)", "sets-key"),
        (92, "update t set n = cast(n as number) all rows", "unknown-type-name"),
        (92, "update t set n = cast(n as int); drop table t; --) all rows", "syntax"),
        (118, "update t set n = 1__0 all rows", "syntax"),
        (118, "update t set n = 1 all rows; delete", "syntax"),
    ];
    for (case, text, expected) in cases {
        let found = match lang::parse(text) {
            Ok(parsed) => outcome(&parsed.into_parts().0.schema(&schema), &Options::new()),
            Err(errors) => code(&errors),
        };
        assert_eq!(found, expected, "case {case}: {text}");
    }
    let update = Update::table("public.t").schema(&schema).set("n", 1).all_rows().build().unwrap();
    let errors = compile(&update, Dialect::postgres(), &Options::new()).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "error[unknown-table]: update: the schema has no table `public.t`; did you mean the table `t` in the schema `public`?",
        "case 82"
    );
}

/// Names that are equal but for case are two on PostgreSQL alone.
#[test]
fn names_that_differ_in_case() {
    let builder = Update::table("t").set("Id", 1).set("id", 2).all_rows();
    let expected = "postgres ok, mysql ambiguous-column, mariadb ambiguous-column, sqlite ambiguous-column";
    assert_eq!(outcome(&builder, &Options::new()), expected, "case 86");
    let builder = Update::table("t").key(["k"]).rows(["k", "A", "a"], [(1, 2, 3)]);
    assert_eq!(outcome(&builder, &Options::new()), expected, "case 86");
}

/// The names of setwise's own making give way to the user's (case 90).
#[test]
fn own_names_are_free_for_users() {
    for mut engine in engine::connect_all() {
        for name in ["v", "V", "w", "setwise_rows", "Setwise_Rows1"] {
            engine.reset().unwrap();
            engine.execute(&format!("CREATE TABLE {name} (k int PRIMARY KEY, {name} int, other int)")).unwrap();
            engine.execute(&format!("INSERT INTO {name} VALUES (1, 1, 1), (2, 2, 2)")).unwrap();
            let name = if engine.name() == "postgres" { name.to_lowercase() } else { name.to_owned() };
            let columns = ["k", &name, "other"].map(|name| column(name, Type::INT32));
            let known = table(TableName::new(name.as_str()).unwrap(), columns);
            let schema = Schema::new().table(known.clone());
            for strategy in engine.dialect().strategies() {
                let rows = [(1, 10, 11), (2, 20, 21)];
                let update = Update::table(name.as_str()).key(["k"]).rows(["k", &name, "other"], rows);
                let update = update.schema(&schema).build().unwrap();
                let options = Options::new().output(Output::Inline).strategy(strategy);
                let mut script = compile(&update, engine.dialect(), &options).unwrap();
                while let Some(step) = script.next() {
                    engine.execute(step.unwrap().text).unwrap_or_else(|failed| panic!("case 90: {name}: {failed}"));
                }
                let found = engine.read_table(&known).unwrap();
                assert_eq!(found, [[1, 10, 11], [2, 20, 21]].map(|row| row.map(Value::Int)), "case 90: {name}");
            }
        }
    }
}

/// T10: without chunks, statements are still cut where the engine's own limit is; one row too large is refused.
#[test]
fn sizes() {
    for (case, name, limit, rows) in [(24, "postgres", 65_535, 32_768), (25, "sqlite", 32_766, 16_384)] {
        let dialect: Dialect = name.parse().unwrap();
        let update = Update::table("t").key(["id"]).rows(["id", "n"], (0..rows).map(|id| (id, id))).build().unwrap();
        let options = Options::new().strategy(Strategy::ValuesJoin).chunk(0);
        let mut script = compile(&update, dialect, &options).unwrap();
        let (mut sent, mut statements) = (0, 0);
        while let Some(step) = script.next() {
            let width = step.unwrap().binds.iter().map(<[_]>::len).max().unwrap();
            assert!(width <= limit, "case {case}: {width} parameters");
            (sent, statements) = (sent + width, statements + 1);
        }
        assert_eq!((sent, statements), (2 * usize::try_from(rows).unwrap(), 2), "case {case}");
    }
    let row = Update::table("t").key(["id"]).rows(["id", "n"], [(1, "x".repeat(2000)), (2, String::new())]);
    let cases = [
        (24, Options::new().max_binds(1), "too-many-binds"),
        (25, Options::new().max_binds(2), "ok"),
        (26, Options::new().output(Output::Inline).max_bytes(1000), "statement-too-long"),
        (26, Options::new().output(Output::Script).max_bytes(1000), "statement-too-long"),
        (51, Options::new().max_bytes(1000), "statement-too-long"),
        (51, Options::new().max_bytes(1000).strategy(Strategy::PerRow), "statement-too-long"),
        (51, Options::new().max_bytes(2000).strategy(Strategy::ValuesJoin), "ok"),
    ];
    for (case, options, expected) in cases {
        assert_eq!(outcome(&row, &options), expected, "case {case}: {options:?}");
    }
    let large = Update::table("t").key(["id"]).rows(["id", "n"], [(1, "x".repeat(17 << 20))]);
    let constant = Update::table("t").set("n", "x".repeat(17 << 20)).all_rows();
    let expected = "postgres ok, mysql ok, mariadb statement-too-long, sqlite ok";
    assert_eq!(outcome(&constant, &Options::new().output(Output::Inline)), expected, "case 26");
    assert_eq!(outcome(&large, &Options::new().output(Output::Inline)), expected, "case 26");
}

/// Columns in the three-byte form of UTF-8, as their definitions say.
#[test]
fn text_beyond_the_basic_plane() {
    for (case, dialect, definition, expected) in [
        (50, "mysql", "v varchar(9) CHARACTER SET utf8mb3", "not-storable"),
        (50, "mysql", "v varchar(9) COLLATE utf8_bin", "not-storable"),
        (50, "mariadb", "v varchar(9) CHARACTER SET utf8mb3", "not-storable"),
        (50, "mariadb", "v varchar(9) CHARACTER SET utf8mb4", "ok"),
        (50, "postgres", "v varchar(9)", "ok"),
    ] {
        let dialect: Dialect = dialect.parse().unwrap();
        let schema = Schema::from_sql(&format!("CREATE TABLE t (id int, {definition})"), dialect).unwrap().schema;
        let rows = Update::table("t").schema(&schema).key(["id"]).rows(["id", "v"], [(1, "ü☕"), (2, "🌍")]);
        let constant = Update::table("t").schema(&schema).set("v", "🌍").all_rows();
        for builder in [rows, constant] {
            let found = builder.build().and_then(|update| compile(&update, dialect, &Options::new()).map(drop));
            let found = found.map_or_else(|errors| code(&errors), |()| "ok".to_owned());
            assert_eq!(found, expected, "case {case}: {dialect} {definition}");
        }
    }
    for mut engine in engine::connect_all().into_iter().filter(|engine| matches!(engine.name(), "mysql" | "mariadb")) {
        engine.execute("CREATE TABLE t (v varchar(9) CHARACTER SET utf8mb3)").unwrap();
        engine.execute("INSERT INTO t VALUES ('☕')").unwrap();
        assert_eq!(engine.execute("UPDATE t SET v = '🌍'").unwrap_err().code, "1366", "case 50");
    }
}

/// Types that setwise knows by name only: the engine judges the text, and the table stays as it was (case 73).
#[test]
fn types_of_the_engine_alone() {
    for (name, definition, wrong, expected) in [
        ("postgres", "inet", "1.2.3.4/33", "22P02"),
        ("postgres", "inet", "1.2.3.4", ""),
        ("mariadb", "inet6", "1.2.3.4/33", "1292"),
        ("mariadb", "inet6", "::ffff:1.2.3.4", ""),
    ] {
        let definition = format!("CREATE TABLE t (id int, v {definition})");
        let schema = Schema::from_sql(&definition, name.parse().unwrap()).unwrap().schema;
        let update = Update::table("t").schema(&schema).key(["id"]).rows(["id", "v"], [(1, "::3"), (2, wrong)]);
        let nowhere = "postgres ok, mysql ok, mariadb ok, sqlite no-such-type";
        assert_eq!(outcome(&update, &Options::new()), nowhere, "{definition}");
        let Some(mut engine) = engine::connect(name) else { continue };
        engine.execute(&definition).unwrap();
        engine.execute("INSERT INTO t VALUES (1, '::1'), (2, '::2')").unwrap();
        let before = engine.read_table(&schema.tables()[0]).unwrap();
        let update = update.build().unwrap();
        for strategy in [Strategy::ValuesJoin, Strategy::Case] {
            let options = Options::new().output(Output::Inline).strategy(strategy);
            let mut script = compile(&update, engine.dialect(), &options).unwrap();
            let found = engine.execute(script.next().unwrap().unwrap().text);
            assert_eq!(found.err().map_or_else(String::new, |failed| failed.code), expected, "{definition} {wrong}");
            assert_eq!(engine.read_table(&schema.tables()[0]).unwrap() == before, !expected.is_empty(), "{definition}");
        }
    }
}
