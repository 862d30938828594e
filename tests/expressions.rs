//! Expressions: what is refused, by the number of the catalogue of bad inputs, the engine's own clock, and how deep
//! each engine's parser goes.

mod case;
mod engine;
mod matrix;
mod model;
mod run;

use setwise::{
    Column, Dialect, Expr, Func, Ident, Options, Output, Schema, Table, TableName, Type, Update, Value, compile, lang,
};

fn table() -> Table {
    let columns = [
        ("id", Type::INT64),
        ("small", Type::Int { bits: 16 }),
        ("views", Type::INT64),
        ("price", Type::Decimal { precision: Some(10), scale: Some(2) }),
        ("score", Type::Float64),
        ("title", Type::Text { max: Some(20) }),
        ("live", Type::Bool),
        ("day", Type::Date),
        ("at", Type::TIMESTAMP),
        ("made", Type::TIMESTAMPTZ),
        ("seconds", Type::Timestamp { digits: 0 }),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).unwrap());
    let table = columns.into_iter().fold(Table::new(TableName::new("posts").unwrap()), Table::column);
    table.primary_key(["id"]).unwrap()
}

/// The outcome of an update on each dialect: `ok`, or the codes of its errors; one where it is the same on all.
fn outcome(text: &str) -> String {
    let schema = Schema::new().table(table());
    let outcome = |dialect: Dialect| {
        let parsed = lang::parse(text).map(|parsed| parsed.into_parts().0.schema(&schema));
        let update = parsed.and_then(setwise::UpdateBuilder::build);
        match update.and_then(|update| compile(&update, dialect, &Options::new()).map(|_| ())) {
            Ok(()) => "ok".to_owned(),
            Err(errors) => errors.iter().map(setwise::Error::code).collect::<Vec<_>>().join("+"),
        }
    };
    let all: Vec<_> = Dialect::all().iter().map(|dialect| (dialect.name(), outcome(*dialect))).collect();
    if all.iter().all(|(_, outcome)| *outcome == all[0].1) {
        return all[0].1.clone();
    }
    all.iter().map(|(name, outcome)| format!("{name} {outcome}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn bad_expressions_by_number() {
    let cases = [
        (94, "set score = score / 0", "zero-divisor"),
        (94, "set score = score / score", "maybe-zero-divisor"),
        (94, "set score = score / nullif(score, 0)", "ok"),
        (94, "set views = mod(views, small)", "maybe-zero-divisor"),
        (95, "set views = views / 2", "integer-division"),
        (95, "set views = div(views, 2)", "ok"),
        (96, "set score = mod(score, 2e0)", "mistyped"),
        (97, "set views = views << 65", "syntax"),
        (98, "set views = ~views", "syntax"),
        (99, "set views = 9223372036854775807 + 1", "out-of-range"),
        (99, "set small = 32767 + 1", "ok"),
        (100, "set title = concat(title, null)", "ok"),
        (100, "set title = title || 'x'", "syntax"),
        (101, "set live = title = 'A'", "ok"),
        (102, "set live = title like '100!' escape '!'", "bad-pattern"),
        (102, "set live = title like '1!00' escape '!'", "bad-pattern"),
        (103, "set live = views = null", "compares-null"),
        (103, "set live = views is null", "ok"),
        (104, "set live = views not in (1, null)", "null-in-list"),
        (105, "set live = views in ()", "ok"),
        (106, "set title = case when live then 1 else 'x' end", "mistyped"),
        (107, "set score = round(score)", "mistyped"),
        (107, "set price = round(price * 1.5, 2)", "postgres ok, mysql ok, mariadb ok, sqlite unsupported"),
        (108, "set small = views, views = small", "ok"),
        (109, "set title = name", "unknown-column"),
        (109, "set title = new.name", "input-without-rows"),
        (112, "set title = reverse(title)", "unknown-function"),
        (112, "set views = abs(views, 2)", "bad-arity"),
        (113, "set views = count(views)", "unknown-function"),
    ];
    let mut wrong = Vec::new();
    for (number, set, expected) in cases {
        let found = outcome(&format!("update posts {set} all rows"));
        if found != expected {
            wrong.push(format!("{number}: {set}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let schema = Schema::new().table(table());
    let text = "update posts set views = vews + 1, price = price * 1.5, live = title like '!' escape '!' where views";
    let builder = lang::parse(text).unwrap().into_parts().0.schema(&schema);
    let errors = compile(&builder.build().unwrap(), Dialect::postgres(), &Options::new()).unwrap_err();
    let shown: Vec<String> = errors.iter().map(|error| format!("{}: {error}", error.code())).collect();
    assert_eq!(
        shown,
        [
            "unknown-column: assignment 1: the table `posts` has no column `vews`; did you mean `views`?",
            "too-precise: assignment 2: `decimal(12,3)` does not fit `price` of type decimal(10,2) exactly; round it first",
            "bad-pattern: assignment 3: the pattern `!` ends in its escape character; double it",
            "mistyped: filter: a condition takes true or false, not int64",
        ]
    );
}

#[test]
fn without_a_schema_only_what_needs_no_type_is_taken() {
    let code = |text: &str| match compile(&lang::parse_update(text).unwrap(), Dialect::postgres(), &Options::new()) {
        Ok(_) => "ok",
        Err(errors) => errors.iter().next().unwrap().code(),
    };
    assert_eq!(code("update posts set title = 'x' where title is null"), "ok");
    assert_eq!(code("update posts set old_title = title all rows"), "ok");
    assert_eq!(code("update posts set views = views + 1 all rows"), "unknown-type");
    assert_eq!(code("update posts set live = true where not draft"), "unknown-type");
}

/// Without an instant of its own, a script reads the engine's clock once: every statement sees the same one.
#[test]
fn the_clock_is_read_once() {
    let text = "update posts by id
        set made = now(), at = now(), seconds = now() - days(1), day = current_date(), score = new.score
        rows (id, score) (1, 1e0), (2, 2e0), (3, 3e0)";
    let schema = Schema::new().table(table());
    let update = lang::parse(text).unwrap().into_parts().0.schema(&schema).build().unwrap();
    for mut engine in engine::connect_all() {
        let table = table();
        let mut row = vec![Value::Null; table.columns().len()];
        let rows = (1..=3i64).map(|id| {
            row[0] = Value::from(id);
            row.clone()
        });
        let data = model::TableData { table: table.clone(), rows: rows.collect() };
        run::fill(&mut *engine, &data).unwrap();
        for output in [Output::Inline, Output::Binds] {
            let options = Options::new().output(output).chunk(1);
            let mut script = compile(&update, engine.dialect(), &options).unwrap();
            engine.execute("BEGIN").unwrap();
            run::run_steps(&mut *engine, &mut script, output, &mut String::new()).unwrap();
            engine.execute("COMMIT").unwrap();
            let rows = engine.read_table(&table).unwrap();
            for row in &rows {
                assert_eq!(row[6..], rows[0][6..], "{}", engine.name());
            }
            let [Value::Date(day), Value::Timestamp(at), Value::TimestampTz(made), Value::Timestamp(before)] =
                &rows[0][7..]
            else {
                panic!("{}: {:?}", engine.name(), rows[0]);
            };
            assert_eq!(made.to_utc(), *at);
            assert_eq!(*day, at.date());
            assert!(day.year() >= 2024 && before < at && before.time().micro() == 0);
        }
        engine.reset().unwrap();
    }
}

/// The deepest expressions that a dialect lets through are taken by the engine's parser; one level more is refused (case 111).
#[test]
fn the_deepest_expressions_run() {
    for mut engine in engine::connect_all() {
        let dialect = engine.dialect();
        let table = table();
        run::fill(&mut *engine, &model::TableData { table: table.clone(), rows: Vec::new() }).unwrap();
        for (name, wrap, column) in nestings() {
            let nest = |levels: usize| (1..levels).fold(Expr::Column(ident(column)), |inner, _| wrap(inner));
            let deepest = (2..=65).take_while(|levels| compiles(&nest(*levels), column, dialect).is_ok()).last();
            let deepest = deepest.unwrap_or_else(|| panic!("{}: {name} cannot be nested", engine.name()));
            let refused = compiles(&nest(deepest + 1), column, dialect).unwrap_err();
            assert_eq!(refused, "too-deep", "{}: {name}", engine.name());
            let text = compiles(&nest(deepest), column, dialect).unwrap();
            if let Err(error) = engine.execute(&text) {
                panic!("{}: {name} of {deepest} levels: {error}", engine.name());
            }
        }
        engine.reset().unwrap();
    }
}

type Wrap = fn(Expr<'static>) -> Expr<'static>;

fn nestings() -> [(&'static str, Wrap, &'static str); 12] {
    [
        ("+", |a| a + 1, "views"),
        ("+ on the right", |a| Expr::from(1) + a, "views"),
        ("*", |a| a * 1.5, "score"),
        ("coalesce", |a| Expr::Call(Func::Coalesce, vec![Expr::Column(ident("small")), a]), "views"),
        ("greatest", |a| Expr::Call(Func::Greatest, vec![a, 1.into()]), "views"),
        ("nullif", |a| Expr::Call(Func::Nullif, vec![a, "x".into()]), "title"),
        ("lower", |a| Expr::Call(Func::Lower, vec![a]), "title"),
        ("replace", |a| Expr::Call(Func::Replace, vec![a, "a".into(), "b".into()]), "title"),
        ("floor", |a| Expr::Call(Func::Floor, vec![a]), "score"),
        ("days", |a| a + Expr::Call(Func::Days, vec![1.into()]), "day"),
        ("hours", |a| a + Expr::Call(Func::Hours, vec![1.into()]), "at"),
        ("not", |a| Expr::negate(a), "live"),
    ]
}

fn ident(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

/// The one statement that sets a column to an expression, or the code of the first error.
fn compiles(value: &Expr<'static>, column: &str, dialect: Dialect) -> Result<String, String> {
    let schema = Schema::new().table(table());
    let code = |errors: setwise::Errors| errors.iter().next().unwrap().code().to_owned();
    let update = Update::table("posts").schema(&schema).set(column, value.clone()).all_rows();
    let update = update.build().map_err(code)?;
    let mut script = compile(&update, dialect, &Options::new().output(Output::Inline)).map_err(code)?;
    Ok(script.next().unwrap().unwrap().text.to_owned())
}

/// Whatever is nested, the text grows with the expression and no faster.
#[test]
fn text_grows_with_the_expression() {
    for dialect in Dialect::all() {
        for (name, wrap, column) in nestings() {
            let nest = |levels: usize| (1..levels).fold(Expr::Column(ident(column)), |inner, _| wrap(inner));
            let lengths: Vec<usize> = (2..=64)
                .map_while(|levels| compiles(&nest(levels), column, dialect).ok())
                .map(|text| text.len())
                .collect();
            let steps = lengths.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
            assert!(steps.max().unwrap_or(0) < 700, "{dialect}: {name}: {lengths:?}");
        }
    }
}
