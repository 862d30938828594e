//! Depth bombs (T11): whatever is nested a million times is refused on a small stack, and what is just not refused compiles
//! on it.

use std::fmt::Write;

use setwise::read::{self, CsvOptions, RowReader};
use setwise::{
    Array, Binary, Branch, Cell, Cells, Column, Dialect, Expr, Func, Ident, Options, Output, Place, Schema, Selection,
    Strategy, Table, TableName, Type, Unary, Update, Value, compile, lang, stream,
};

/// How often a bomb repeats itself.
const BOMB: usize = 1_000_000;

/// Enough for every kind of level: a frame of the stack takes 26 bytes and more.
const MANY: usize = 20_000;

/// Runs on the stack of a small thread.
fn on_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    on_stack(512 << 10, run)
}

fn on_stack<T: Send + 'static>(bytes: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(bytes).spawn(run).unwrap().join().unwrap()
}

fn schema() -> Schema {
    let column = |name, ty| Column::new(name, ty).unwrap();
    let table = |name| {
        let table = Table::new(TableName::new(name).unwrap()).column(column("id", Type::INT64).not_null());
        let table = table.column(column("c", Type::INT64)).column(column("flag", Type::Bool));
        table.primary_key(["id"]).unwrap()
    };
    Schema::new().table(table("t")).table(table("other"))
}

fn name(text: &str) -> Ident {
    Ident::new(text).unwrap()
}

fn column() -> Expr<'static> {
    Expr::Column(name("c"))
}

/// What puts one more level around an expression.
type Wrap = fn(Expr<'static>) -> Expr<'static>;

/// A level of each kind around an expression, and whether what comes out of it is a condition.
const LEVELS: [(&str, bool, Wrap); 26] = [
    ("not", true, Expr::negate),
    ("minus", false, |inner| Expr::Unary(Unary::Negate, Box::new(inner))),
    ("add left", false, |inner| inner + 1),
    ("add right", false, |inner| Expr::from(1) + inner),
    ("multiply", false, |inner| inner * 2),
    ("and left", true, |inner| inner.and(column().equals(1))),
    ("and right", true, |inner| column().equals(1).and(inner)),
    ("or", true, |inner| inner.or(column().equals(1))),
    ("equals", true, |inner| Expr::Binary(Binary::Equal, Box::new(inner), Box::new(true.into()))),
    ("is distinct", true, |inner| Expr::Binary(Binary::IsDistinct, Box::new(true.into()), Box::new(inner))),
    ("is null", true, |inner| Expr::IsNull(Box::new(inner))),
    ("in operand", true, |inner| Expr::In(Box::new(inner), vec![true.into()])),
    ("in list", true, |inner| Expr::In(Box::new(true.into()), vec![inner])),
    ("in rows", true, |inner| {
        let rows = Selection::new("other", ["flag"]).unwrap();
        Expr::Case { branches: vec![Branch { when: inner.is_in(rows), then: true.into() }], otherwise: None }
    }),
    ("select where", true, |inner| column().is_in(Selection::new("other", ["id"]).unwrap().filter(inner))),
    ("between operand", false, |inner| {
        let between = Expr::Between(Box::new(inner), Box::new(1.into()), Box::new(2.into()));
        Expr::Cast(Box::new(between), Type::INT64)
    }),
    ("between bound", false, |inner| {
        let between = Expr::Between(Box::new(1.into()), Box::new(inner), Box::new(2.into()));
        Expr::Cast(Box::new(between), Type::INT64)
    }),
    ("like", false, |inner| Expr::Like { text: Box::new(inner), pattern: "%".into(), escape: None }),
    ("when", true, |inner| Expr::Case { branches: vec![Branch { when: inner, then: true.into() }], otherwise: None }),
    ("then", false, |inner| Expr::Case {
        branches: vec![Branch { when: column().equals(1), then: inner }],
        otherwise: None,
    }),
    ("else", false, |inner| Expr::Case {
        branches: vec![Branch { when: column().equals(1), then: 1.into() }],
        otherwise: Some(Box::new(inner)),
    }),
    ("cast", false, |inner| Expr::Cast(Box::new(inner), Type::INT64)),
    ("abs", false, |inner| Expr::Call(Func::Abs, vec![inner])),
    ("coalesce", false, |inner| Expr::Call(Func::Coalesce, vec![column(), inner])),
    ("greatest", false, |inner| Expr::Call(Func::Greatest, vec![inner, 1.into()])),
    ("mod", false, |inner| Expr::Call(Func::Mod, vec![inner, 7.into()])),
];

fn nested(levels: usize, is_condition: bool, wrap: Wrap) -> Expr<'static> {
    let core = if is_condition { column().equals(1) } else { column() };
    (0..levels).fold(core, |inner, _| wrap(inner))
}

fn codes<T>(result: Result<T, setwise::Errors>) -> Vec<&'static str> {
    result.err().iter().flat_map(setwise::Errors::iter).map(setwise::Error::code).collect()
}

#[test]
fn deep_expressions_are_refused_and_dropped() {
    for (what, is_condition, wrap) in LEVELS {
        on_small_stack(move || {
            let bomb = || nested(MANY, is_condition, wrap);
            let update = Update::table("t").set("c", bomb()).filter(bomb()).build();
            assert_eq!(codes(update), ["too-deep"; 2], "{what}");
        });
    }
    on_small_stack(|| {
        let update = Update::table("t").set("c", nested(BOMB, true, Expr::negate)).all_rows().build();
        assert_eq!(codes(update), ["too-deep"]);
    });
}

#[test]
fn deep_expressions_of_cells_are_refused() {
    on_small_stack(|| {
        let cells = || [Cell::from(1), Cell::Expr(Box::new(nested(MANY, true, Expr::negate)))];
        let refused = Cells::new(vec![name("id"), name("c")], cells().into()).unwrap_err();
        assert_eq!((refused.code(), refused.place()), ("too-deep", Some(&Place::Cell { row: 0, column: 1 })));
        let rows = [[1.into(), 2.into()], cells()];
        let refused = Update::table("t").key(["id"]).rows(["id", "c"], rows).build().unwrap_err();
        let places: Vec<_> = refused.iter().map(|error| (error.code(), error.place())).collect();
        assert_eq!(places, [("too-deep", Some(&Place::Cell { row: 1, column: 1 }))]);
    });
}

#[test]
fn filters_that_add_up_are_refused() {
    on_small_stack(|| {
        let update = Update::table("t").set("c", 1);
        let update = (0..BOMB).fold(update, |update, _| update.filter(column().equals(1)));
        assert_eq!(codes(update.build()), ["too-deep"]);
    });
}

#[test]
fn deep_expressions_of_streamed_rows_are_refused() {
    on_small_stack(|| {
        let template = Update::table("t").key(["id"]).template(["id", "c"]).unwrap();
        let bomb = Cell::Expr(Box::new(nested(MANY, true, Expr::negate)));
        let rows = [Ok::<_, setwise::Errors>([Cell::from(1), bomb])];
        let mut steps = stream(&template, Dialect::sqlite(), &Options::new(), rows).unwrap();
        let refused = std::iter::from_fn(|| steps.next().map(|step| step.map(drop))).find_map(Result::err).unwrap();
        assert_eq!(codes(Err::<(), _>(refused)), ["too-deep"]);
    });
}

/// What is just not too deep is compiled, or refused with a reason, on the stack that Rust gives a thread.
#[test]
fn the_deepest_expressions_compile() {
    for (what, is_condition, wrap) in LEVELS {
        on_stack(2 << 20, move || {
            let schema = schema();
            let mut compiled = 0;
            for levels in [1, 15, 40, 63] {
                let expression = nested(levels, is_condition, wrap);
                let target = if is_condition || what == "like" { "flag" } else { "c" };
                let update = Update::table("t").schema(&schema).set(target, expression.clone());
                let update = match is_condition {
                    true => update.filter(expression).build(),
                    false => update.all_rows().build(),
                };
                let Ok(update) = update else { continue };
                for dialect in Dialect::all() {
                    for output in [Output::Binds, Output::Inline, Output::Script] {
                        let Ok(mut script) = compile(&update, dialect, &Options::new().output(output)) else {
                            continue;
                        };
                        while let Some(step) = script.next() {
                            assert!(!step.unwrap().text.is_empty());
                            compiled += 1;
                        }
                    }
                }
                let owned = update.clone();
                assert_eq!(owned.to_string(), update.to_string());
            }
            assert!(compiled > 0 || what == "like", "{what} is never compiled");
        });
    }
}

#[test]
fn deep_arrays_are_refused() {
    on_small_stack(|| {
        let inner = |value: Value<'static>| Array::new(vec![value]).map(|array| Value::Array(Box::new(array)));
        let refused = (0..BOMB).try_fold(Value::from(1), |value, _| inner(value)).unwrap_err();
        assert_eq!(refused.code(), "too-deep");
        let deepest = (0..64).try_fold(Value::from(1), |value, _| inner(value)).unwrap();
        let update = Update::table("t").set("c", deepest).all_rows().build().unwrap();
        for dialect in Dialect::all() {
            for strategy in Strategy::ALL {
                let _ = compile(&update, dialect, &Options::new().strategy(strategy).output(Output::Inline)).map(drop);
            }
        }
        assert_eq!(lang::parse_update(&update.to_string()).unwrap(), update);
    });
}

#[test]
fn deep_types_are_refused() {
    on_small_stack(|| {
        let refused = (0..BOMB).try_fold(Type::INT64, |ty, _| Type::array(ty)).unwrap_err();
        assert_eq!(refused.code(), "too-deep");
        let deepest = (0..64).try_fold(Type::INT64, |ty, _| Type::array(ty)).unwrap();
        assert_eq!(deepest.clone(), deepest);
        assert_eq!(deepest.to_string(), format!("int64{}", "[]".repeat(64)));
        assert_eq!(Type::array(deepest).unwrap_err().code(), "too-deep");
    });
}

/// What opens, what is inside, and what closes.
const BRACKETS: [(&str, &str, &str); 15] = [
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{", "1", "}"),
    ("not ", "a", ""),
    ("- ", "1", ""),
    ("-", "1", ""),
    ("+", "1", ""),
    ("case when a then ", "1", " end"),
    ("case when ", "a", " then 1 end"),
    ("array[", "1", "]"),
    ("cast(", "1", " as int64)"),
    ("a in (", "1", ")"),
    ("a in (select b from c where ", "a", ")"),
    ("/*", "", "*/"),
    ("{\"a\":", "1", "}"),
];

/// A bomb, whole and cut off in the middle: a million levels of parentheses and brackets, fewer of the others.
fn bombs((open, inner, close): (&str, &str, &str)) -> [String; 2] {
    let levels = if matches!(open, "(" | "[") { BOMB } else { MANY };
    let opened = open.repeat(levels);
    [format!("{opened}{inner}{}", close.repeat(levels)), opened]
}

#[test]
fn deep_texts_of_the_language_are_refused() {
    for brackets in BRACKETS {
        for bomb in bombs(brackets) {
            on_small_stack(move || {
                let refused = |text: String| assert!(lang::parse_update(&text).is_err(), "{}", &text[..60]);
                refused(bomb.clone());
                refused(format!("update t set a = {bomb} all rows"));
                refused(format!("update t set a = 1 where {bomb}"));
                refused(format!("update t by id rows (id, a)\n(1, {bomb})"));
                refused(format!("update t by id {bomb}"));
                refused(format!("update {bomb}"));
            });
        }
    }
}

#[test]
fn deep_types_of_the_language_are_refused() {
    on_small_stack(|| {
        let error = lang::parse_expr(&format!("cast(a as int64{})", "[]".repeat(BOMB))).map(drop).unwrap_err();
        assert_eq!(error.code(), "too-deep");
    });
}

/// A schema may be taken where the bomb is in what is passed over, so it is enough that it returns.
#[test]
fn deep_schemas_are_read_or_refused() {
    for (at, brackets) in BRACKETS.into_iter().enumerate() {
        for bomb in bombs(brackets) {
            on_small_stack(move || {
                let dialect = Dialect::all()[at % 4];
                let _ =
                    Schema::from_sql(&format!("create table t (id int primary key default {bomb}, a int)"), dialect);
                let _ = Schema::from_sql(&format!("create table {bomb}"), dialect);
            });
        }
    }
    for dialect in Dialect::all() {
        let deep = format!("create table t (id int check {}1{})", "(".repeat(BOMB), ")".repeat(BOMB));
        assert_eq!(on_small_stack(move || codes(Schema::from_sql(&deep, dialect))), ["too-deep"], "{dialect}");
        let arrays = format!("create table t (id int primary key, a int{})", "[]".repeat(BOMB));
        let code = on_small_stack(move || codes(Schema::from_sql(&arrays, dialect)));
        // On SQLite `[]` is a name.
        assert_eq!(code, if dialect.name() == "sqlite" { vec![] } else { vec!["too-deep"] }, "{dialect}");
    }
}

#[test]
fn deep_documents_are_refused() {
    for brackets in [("[", "1", "]"), ("{\"a\":", "1", "}"), ("[{\"a\":", "1", "}]")] {
        for bomb in bombs(brackets) {
            on_small_stack(move || {
                let schema = {
                    let column = |name, ty| Column::new(name, ty).unwrap();
                    let table = Table::new(TableName::new("t").unwrap()).column(column("id", Type::INT64));
                    table.column(column("a", Type::Json)).column(column("b", Type::array(Type::INT64).unwrap()))
                };
                for table in [None, Some(&schema)] {
                    for field in ["a", "b"] {
                        let mut json = format!("{{\"id\": 1, \"{field}\": {bomb}}}");
                        assert!(read::ndjson(json.as_bytes(), table).is_err());
                        assert!(RowReader::ndjson(table).next_rows(json.as_bytes(), true, 1).is_err());
                        json = format!("[{json}]");
                        assert!(read::json(json.as_bytes(), table).is_err());
                        let quoted = bomb.replace('"', "\"\"");
                        let mut csv = String::new();
                        write!(csv, "id,{field}\n1,\"{quoted}\"\n").unwrap();
                        let rows = read::csv(csv.as_bytes(), table, &CsvOptions::default());
                        assert_eq!(rows.unwrap_err().iter().count(), if table.is_some() { 1 } else { 2 }, "{field}");
                    }
                    assert!(read::json(bomb.as_bytes(), table).is_err());
                    assert!(read::ndjson(bomb.as_bytes(), table).is_err());
                }
            });
        }
    }
}

/// Marks that nest in no way are many, not deep.
#[test]
fn many_quotes_are_read_or_refused() {
    for mark in ["\"", "'", "`", "\\", ",", ";", "\n", "\0", "$", "$$", "--", "#", "\"\"", "\r"] {
        on_small_stack(move || {
            let text = mark.repeat(MANY);
            let _ = read::csv(text.as_bytes(), None, &CsvOptions::default());
            let _ = read::json(text.as_bytes(), None);
            let _ = read::ndjson(text.as_bytes(), None);
            let _ = lang::parse(&text).map(drop);
            for dialect in Dialect::all() {
                let _ = Schema::from_sql(&text, dialect);
            }
        });
    }
}
