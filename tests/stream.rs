//! Streams: the same statements as for the same rows at once, or an error before the step that commits.

use setwise::{
    Cell, Collation, Column, Dialect, Error, Errors, Expr, Func, Ident, OnDuplicate, Options, Output, Purpose, Schema,
    Table, TableName, Template, Type, Update, Value, compile, stream,
};

type Row = (i64, String);

fn template<'a>() -> Template<'a> {
    Update::table("posts").key(["id"]).template(["id", "title"]).unwrap()
}

fn rows(ids: impl IntoIterator<Item = i64>) -> impl Iterator<Item = Result<Row, Error>> {
    ids.into_iter().map(|id| Ok((id, format!("title {id}"))))
}

/// The purposes and texts of all steps, and the errors that ended them.
fn drain(
    dialect: Dialect,
    options: &Options,
    ids: impl IntoIterator<Item = i64>,
) -> (Vec<(Purpose, String)>, Option<Errors>) {
    let mut steps = stream(&template(), dialect, options, rows(ids)).unwrap();
    let mut seen = Vec::new();
    while let Some(step) = steps.next() {
        match step {
            Ok(step) => seen.push((step.purpose, step.text.to_owned())),
            Err(errors) => return (seen, Some(errors)),
        }
    }
    (seen, None)
}

fn code(errors: Option<Errors>) -> String {
    errors.map_or_else(String::new, |errors| errors.iter().map(|error| format!("{}: {error}", error.code())).collect())
}

#[test]
fn a_stream_writes_what_the_same_rows_at_once_do() {
    for dialect in Dialect::all() {
        for output in [Output::Binds, Output::Inline, Output::Script] {
            let options = Options::new().output(output).chunk(100);
            let (streamed, errors) = drain(dialect, &options, 0..1_050);
            assert_eq!(errors, None);
            let all = (0..1_050).map(|id| (id, format!("title {id}")));
            let update = Update::table("posts").key(["id"]).rows(["id", "title"], all).build().unwrap();
            let mut script = compile(&update, dialect, &options).unwrap();
            let mut at_once = Vec::new();
            while let Some(step) = script.next() {
                let step = step.unwrap();
                at_once.push((step.purpose, step.text.to_owned()));
            }
            assert_eq!(streamed, at_once, "{dialect}, {output:?}");
        }
    }
}

#[test]
fn a_key_that_is_not_above_the_one_before_ends_the_stream_before_the_commit() {
    let options = Options::new().output(Output::Script).chunk(3);
    for ids in [vec![1, 2, 3, 4, 5, 6, 6, 7], vec![1, 2, 3, 4, 5, 6, 2, 7]] {
        let (steps, errors) = drain(Dialect::sqlite(), &options, ids);
        assert_eq!(
            code(errors),
            "not-ascending: row 7: the key is not above that of the row before; sort the rows by key, each key once, or give them all at once"
        );
        let updates = steps.iter().filter(|(purpose, _)| *purpose == Purpose::Update).count();
        assert_eq!(updates, 6, "the rows of the chunks before the wrong row");
        assert!(!steps.iter().any(|(purpose, _)| *purpose == Purpose::Commit));
    }
}

#[test]
fn the_first_or_the_last_row_of_a_key_counts_across_chunks() {
    let ids = [1, 2, 2, 2, 3, 4, 4, 5, 5, 5, 5];
    for (on_duplicate, expected) in [(OnDuplicate::First, [0, 1, 4, 5, 7]), (OnDuplicate::Last, [0, 3, 4, 6, 10])] {
        for chunk in 1..=ids.len() + 1 {
            let rows = ids.into_iter().zip(0..).map(|(id, at)| Ok::<_, Error>((id, format!("title {at}"))));
            let template = Update::table("posts").key(["id"]).on_duplicate(on_duplicate).template(["id", "title"]);
            let template = template.unwrap();
            let options = Options::new().chunk(chunk);
            let verified = stream(&template, Dialect::sqlite(), &options, rows.clone()).unwrap().verify();
            assert_eq!(verified, Ok(ids.len()));
            let mut steps = stream(&template, Dialect::sqlite(), &options, rows).unwrap();
            let (mut counted, mut titles) = (Vec::new(), Vec::new());
            while let Some(step) = steps.next() {
                let step = step.unwrap();
                counted.extend_from_slice(step.rows);
                titles.extend(step.binds.iter().flatten().filter_map(|bind| match bind.value() {
                    Value::Text(title) => Some(title.to_string()),
                    _ => None,
                }));
            }
            assert_eq!(counted, expected, "{on_duplicate:?}, {chunk} at a time");
            assert_eq!(titles, expected.map(|at| format!("title {at}")), "{on_duplicate:?}, {chunk} at a time");
        }
        let falling = Update::table("posts").key(["id"]).on_duplicate(on_duplicate).template(["id", "title"]).unwrap();
        let wrong = stream(&falling, Dialect::sqlite(), &Options::new().chunk(2), rows([1, 1, 2, 1])).unwrap().verify();
        assert!(code(wrong.err()).starts_with("not-ascending: row 4: "));
    }
}

#[test]
fn a_wrong_row_is_named_by_its_place_in_the_stream() {
    let schema = Schema::new().table(
        Table::new(TableName::new("posts").unwrap())
            .column(Column::new("id", Type::INT64).unwrap())
            .column(Column::new("title", Type::Text { max: Some(8) }).unwrap()),
    );
    let template = Update::table("posts").schema(&schema).key(["id"]).template(["id", "title"]).unwrap();
    let options = Options::new().chunk(2);
    let mut steps = stream(&template, Dialect::postgres(), &options, rows(97..103)).unwrap();
    assert_eq!(steps.next().unwrap().unwrap().rows, [0, 1]);
    let errors = steps.next().unwrap().unwrap_err();
    assert!(code(Some(errors)).starts_with("too-long: row 4, column 2: 9 characters"));
    assert!(steps.next().is_none());
}

#[test]
fn text_keys_need_an_exact_collation() {
    let table = |collation: Option<&str>| {
        let column = Column::new("slug", Type::TEXT).unwrap();
        let column = match collation {
            Some(name) => column.collate(Collation::named(Ident::new(name).unwrap())),
            None => column,
        };
        let title = Column::new("title", Type::TEXT).unwrap();
        Schema::new().table(Table::new(TableName::new("posts").unwrap()).column(column).column(title))
    };
    let run = |dialect: Dialect, collation: Option<&str>| {
        let schema = table(collation);
        let template = Update::table("posts").schema(&schema).key(["slug"]).template(["slug", "title"]).unwrap();
        let rows = [Ok::<_, Error>(("a", "x")), Ok(("b", "y"))];
        let mut steps = stream(&template, dialect, &Options::new(), rows).unwrap();
        steps.next().unwrap().map(|_| ()).map_err(|errors| errors.iter().next().unwrap().code())
    };
    assert_eq!(run(Dialect::postgres(), None), Ok(()));
    assert_eq!(run(Dialect::mysql(), None), Err("key-collation"));
    assert_eq!(run(Dialect::mysql(), Some("utf8mb4_bin")), Err("key-collation"), "it pads with spaces");
    assert_eq!(run(Dialect::mysql(), Some("utf8mb4_0900_bin")), Ok(()));
}

#[test]
fn without_rows_there_is_nothing_but_the_frame() {
    let (steps, errors) = drain(Dialect::postgres(), &Options::new(), []);
    assert_eq!((steps, errors), (Vec::new(), None));
}

#[test]
fn rows_are_verified_without_a_statement() {
    let verify = |ids: Vec<i64>| stream(&template(), Dialect::postgres(), &Options::new(), rows(ids)).unwrap().verify();
    assert_eq!(verify((0..2_500).collect()), Ok(2_500));
    assert_eq!(verify(Vec::new()), Ok(0));
    let wrong = verify((0..1_500).chain([3]).collect());
    assert!(code(wrong.err()).starts_with("not-ascending: row 1501: "));
}

#[test]
fn without_a_schema_all_chunks_have_values_of_one_type() {
    let run = |values: [Value<'static>; 3]| {
        let template = Update::table("posts").key(["id"]).template(["id", "v"]).unwrap();
        let rows = (1i64..).zip(values).map(|(id, value)| Ok::<_, Error>([Value::Int(id), value]));
        code(stream(&template, Dialect::postgres(), &Options::new().chunk(1), rows).unwrap().verify().err())
    };
    assert_eq!(run([Value::Null, 1.into(), Value::Null]), "");
    let mixed = "`v` holds integer and text values; give a schema or values of one type";
    assert_eq!(run([1.into(), Value::Null, "a".into()]), format!("mixed-types: row 3, column 2: {mixed}"));
    assert!(run([1.into(), 1.5.into(), 1.into()]).starts_with("mixed-types: row 2, column 2"));
}

#[test]
fn a_unique_column_is_not_written_row_by_row() {
    let table = Table::new(TableName::new("posts").unwrap())
        .column(Column::new("id", Type::INT64).unwrap())
        .column(Column::new("title", Type::TEXT).unwrap());
    let schema = Schema::new().table(table.unique(["title"]).unwrap());
    let template = Update::table("posts").schema(&schema).key(["id"]).template(["id", "title"]).unwrap();
    let run = |ids: std::ops::Range<i64>| {
        code(stream(&template, Dialect::sqlite(), &Options::new().chunk(1), rows(ids)).unwrap().verify().err())
    };
    assert_eq!(run(0..1), "");
    assert!(run(0..2).starts_with("unique-column: "));
}

fn views_schema() -> Schema {
    let column = |name| Column::new(name, Type::INT64).unwrap();
    Schema::new().table(Table::new(TableName::new("posts").unwrap()).column(column("id")).column(column("views")))
}

/// A value, a cell that keeps the column, and one that computes it, one after the other.
fn mixed_rows() -> [[Cell<'static>; 2]; 6] {
    let views = || Expr::Column(Ident::new("views").unwrap());
    let computed = |by: i64| Cell::Expr(Box::new(views() + by));
    [
        [1.into(), 10.into()],
        [2.into(), Cell::Keep],
        [3.into(), computed(1)],
        [4.into(), computed(2)],
        [5.into(), Cell::Keep],
        [6.into(), 60.into()],
    ]
}

#[test]
fn kept_and_computed_cells_are_streamed_as_they_are_compiled() {
    let schema = views_schema();
    for dialect in Dialect::all() {
        for chunk in [1, 2, 4, 6] {
            let options = Options::new().output(Output::Inline).chunk(chunk);
            let template = Update::table("posts").schema(&schema).key(["id"]).template(["id", "views"]).unwrap();
            let rows = mixed_rows().map(Ok::<_, Error>);
            let mut steps = stream(&template, dialect, &options, rows).unwrap();
            let mut streamed = Vec::new();
            while let Some(step) = steps.next() {
                let step = step.unwrap();
                streamed.push((step.text.to_owned(), step.rows.to_vec()));
            }
            let mut compiled = Vec::new();
            for (first, rows) in (0u32..).step_by(chunk).zip(mixed_rows().chunks(chunk)) {
                let update = Update::table("posts").schema(&schema).key(["id"]).rows(["id", "views"], rows.to_vec());
                let update = update.build().unwrap();
                let mut script = compile(&update, dialect, &options).unwrap();
                while let Some(step) = script.next() {
                    let step = step.unwrap();
                    compiled.push((step.text.to_owned(), step.rows.iter().map(|row| row + first).collect()));
                }
            }
            assert_eq!(streamed, compiled, "{dialect}, {chunk} at a time");
            let mut written: Vec<u32> = streamed.into_iter().flat_map(|(_, rows)| rows).collect();
            written.sort_unstable();
            assert_eq!(written, [0, 2, 3, 5], "{dialect}, {chunk} at a time");
        }
    }
}

#[test]
fn a_stream_gives_back_the_rows_of_every_chunk() {
    let schema = views_schema();
    let template = Update::table("posts").schema(&schema).key(["id"]).returning(["id", "views"]);
    let template = template.template(["id", "views"]).unwrap();
    let run = |dialect: Dialect| {
        let rows = (1i64..=5).map(|id| Ok::<_, Error>((id, id * 10)));
        let mut returned = Vec::new();
        let mut steps = stream(&template, dialect, &Options::new().chunk(2), rows)?;
        while let Some(step) = steps.next() {
            let step = step?;
            if step.returns {
                returned.extend_from_slice(step.rows);
            }
        }
        Ok::<_, Errors>(returned)
    };
    assert_eq!(run(Dialect::postgres()), Ok(vec![0, 1, 2, 3, 4]));
    assert!(code(run(Dialect::mysql()).err()).starts_with("returning-unsupported: "));
}

#[test]
fn a_cell_reads_the_clock_where_the_stream_was_told_what_it_says() {
    let column = |name, ty| Column::new(name, ty).unwrap();
    let table = Table::new(TableName::new("posts").unwrap()).column(column("id", Type::INT64));
    let schema = Schema::new().table(table.column(column("seen", Type::TIMESTAMPTZ)));
    let template = Update::table("posts").schema(&schema).key(["id"]).template(["id", "seen"]).unwrap();
    let run = |options: Options| {
        let now = Cell::Expr(Box::new(Expr::Call(Func::Now, Vec::new())));
        code(stream(&template, Dialect::mysql(), &options, [Ok::<_, Error>([1.into(), now])]).unwrap().verify().err())
    };
    let refused = run(Options::new());
    assert!(refused.starts_with("unsupported: row 1: ") && refused.ends_with("give the instant with the options"));
    let now = setwise::TimestampTz::parse("2024-02-29 12:00:00Z").unwrap();
    assert_eq!(run(Options::new().now(now)), "");
}

#[test]
fn arguments_stand_for_parameters() {
    let builder = Update::table("t").param("by", Type::INT64).key(["id"]);
    let by = Expr::Input(Ident::new("n").unwrap()) + Expr::Param(Ident::new("by").unwrap());
    let template = builder.set("n", by).template(["id", "n"]).unwrap();
    let rows = || [(1, 1), (2, 3)].into_iter().map(Ok::<_, Error>);
    let options = Options::new().output(Output::Inline);
    let refused = stream(&template, Dialect::sqlite(), &options, rows()).unwrap_err();
    assert_eq!(refused.iter().map(Error::code).collect::<Vec<_>>(), ["missing-argument"]);
    let template = template.call([("by", 10)]).unwrap();
    let mut steps = stream(&template, Dialect::sqlite(), &options, rows()).unwrap();
    assert!(steps.next().unwrap().unwrap().text.contains(" + 10"));
}
