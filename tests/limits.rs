//! Chunks by the bytes of a statement: none is longer than the limit, and none is refused that would fit by far.

use setwise::{
    Bind, Column, Dialect, Options, Output, Purpose, Schema, Strategy, Table, TableName, Type, Update, Value, compile,
    lang,
};

/// The strategies that a dialect has for rows that differ.
fn strategies(dialect: Dialect) -> impl Iterator<Item = Strategy> {
    dialect.strategies().filter(|strategy| *strategy != Strategy::Uniform)
}

/// A table of integers and one text, which a temporary table takes its types from.
fn schema(integers: &[String], text: &str) -> Schema {
    let table = Table::new(TableName::new("t").unwrap());
    let integer = |name: &String| Column::new(name.as_str(), Type::INT64).unwrap();
    let table = integers.iter().fold(table, |table, name| table.column(integer(name)));
    let table = table.column(Column::new(text, Type::TEXT).unwrap());
    Schema::new().table(table.primary_key(["id"]).unwrap())
}

/// The bytes of each update, and of what brings its rows in, or the code of the refusal.
fn lengths(update: &Update<'_>, dialect: Dialect, strategy: Strategy, most: usize) -> Result<Vec<usize>, String> {
    let options = Options::new().output(Output::Inline).strategy(strategy).chunk(0).max_bytes(most);
    let mut script = compile(update, dialect, &options).map_err(|errors| errors.to_string())?;
    let mut lengths = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        if step.purpose == Purpose::Update || !step.rows.is_empty() {
            lengths.push(step.text.len());
        }
    }
    Ok(lengths)
}

/// T10: no statement passes the limit of bytes.
#[test]
fn a_value_that_is_read_often_counts_as_often() {
    let long = |row: i64| [Value::Int(row), Value::from("é".repeat(1000 + usize::try_from(row).unwrap()))];
    let text = format!("concat({})", ["new.body"; 12].join(", "));
    let often = lang::parse_expr(&text).unwrap();
    let update = Update::table("t").key(["id"]).rows(["id", "body"], (0..40).map(long)).set("body", often);
    let schema = schema(&["id".to_owned()], "body");
    let update = update.schema(&schema).build().unwrap();
    for dialect in Dialect::all() {
        for strategy in strategies(dialect) {
            for most in [30_000, 200_000, 1_000_000] {
                let Ok(lengths) = lengths(&update, dialect, strategy, most) else { continue };
                let longest = lengths.iter().max();
                assert!(longest <= Some(&most), "{dialect} {strategy:?}: {longest:?} bytes, the limit is {most}");
            }
            let lengths = lengths(&update, dialect, strategy, 1_000_000).unwrap();
            assert!(lengths.iter().sum::<usize>() > 40 * 1000, "{dialect} {strategy:?}");
        }
    }
}

#[test]
fn many_columns_and_a_long_text_fit() {
    let columns: Vec<String> =
        ["id".to_owned()].into_iter().chain((0..200).map(|column| format!("c{column}"))).collect();
    let schema = schema(&columns[..200], &columns[200]);
    let row = |row: i64| {
        let ints = (0..199).map(|column| Value::Int(row * column)).collect::<Vec<_>>();
        [vec![Value::Int(row)], ints, vec![Value::from("ü".repeat(60_000))]].concat()
    };
    let update = Update::table("t").key(["id"]).rows(columns, (0..20).map(row)).schema(&schema).build().unwrap();
    for dialect in Dialect::all() {
        for strategy in strategies(dialect) {
            let lengths = lengths(&update, dialect, strategy, 4_000_000).unwrap_or_else(|refused| panic!("{refused}"));
            assert!(lengths.len() < 20 || strategy == Strategy::PerRow, "{dialect} {strategy:?}: one row each");
            assert!(lengths.iter().all(|length| *length <= 4_000_000), "{dialect} {strategy:?}: {lengths:?}");
        }
    }
}

/// One array for each column: no number of rows is too many for the parameters.
#[test]
fn arrays_take_any_number_of_rows() {
    let rows = (0..100_000).map(|row: i64| [Value::Int(row), Value::from(format!("text {row}"))]);
    let update = Update::table("t").key(["id"]).rows(["id", "body"], rows).build().unwrap();
    let options = Options::new().strategy(Strategy::ArrayJoin).chunk(0);
    let mut script = compile(&update, Dialect::postgres(), &options).unwrap();
    let step = script.next().unwrap().unwrap();
    let [keys, bodies] = step.binds.iter().next().unwrap() else { panic!("not two parameters") };
    assert_eq!(keys.ty(), &Type::array(Type::INT64).unwrap());
    let items = |bind: &Bind<'_>| if let Value::Array(array) = bind.value() { array.items().len() } else { 0 };
    assert_eq!((items(keys), items(bodies)), (100_000, 100_000));
    // so many keys are asked for as a list too, by the same parameter
    assert!(step.text.ends_with("AND \"t\".\"id\" = ANY(CAST($1 AS bigint[]))"), "{}", step.text);
    assert!(script.next().is_none());
}

/// So many terms took minutes where time went with their square or worse; no clock judges it, since machines are busy.
#[test]
fn conditions_have_thousands_of_terms() {
    const TERMS: usize = 2_000;
    let names: Vec<String> = std::iter::once("id".to_owned()).chain((0..TERMS).map(|at| format!("c{at}"))).collect();
    let schema = schema(&names, "body");
    let join = |term: &dyn Fn(usize) -> String, between: &str| (0..TERMS).map(term).collect::<Vec<_>>().join(between);
    let case = join(&|at| format!("when c1 = {at} then {at}"), " ");
    let texts = [
        format!("update t set c0 = 1 where {}", join(&|at| format!("c{at} = {at}"), " or ")),
        format!("update t set c0 = 1 where c1 in ({})", join(&|at| at.to_string(), ", ")),
        format!("update t by id set c0 = new.c0 rows (id, c0) (1, case {case} end), (2, case {case} else 7 end)"),
    ];
    for text in texts {
        let (builder, _) = lang::parse(&text).unwrap().into_parts();
        let update = builder.schema(&schema).build().unwrap();
        let mut script = compile(&update, Dialect::sqlite(), &Options::new()).unwrap();
        assert!(script.next().unwrap().unwrap().text.len() > TERMS);
    }
}
