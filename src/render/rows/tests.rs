use crate::ir::{Column, Schema, Table, Type};
use crate::{Dialect, Options, Strategy, compile, lang};

fn text(update: &str, options: &Options) -> String {
    let columns = [("site", Type::INT64), ("id", Type::INT64), ("title", Type::TEXT)];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).unwrap());
    let table = columns.into_iter().fold(Table::new("posts".try_into().unwrap()), Table::column);
    let schema = Schema::new().table(table.primary_key(["site", "id"]).unwrap());
    let update = lang::parse(update).unwrap().into_parts().0.schema(&schema).build().unwrap();
    let mut script = compile(&update, Dialect::postgres(), options).unwrap();
    let mut out = String::new();
    while let Some(step) = script.next() {
        out.push_str(step.unwrap().text);
    }
    out
}

#[test]
fn rows_may_come_as_one_document() {
    let update = "update posts by site, id set title = new.title rows (site, id, title) (1, 1, 'one'), (1, 2, 'two')";
    let text = text(update, &Options::new().strategy(Strategy::JsonJoin));
    let rows = "(SELECT CAST(\"c0\" AS bigint), CAST(\"c1\" AS bigint), CAST(\"c2\" AS text) \
        FROM json_to_recordset(CAST($1 AS json)) AS j (\"c0\" text, \"c1\" text, \"c2\" text)) AS \"v\" (\"site\", \"id\", \"title\")";
    assert!(text.contains(rows), "{text}");
}

#[test]
fn keys_of_large_chunks_are_asked_for_as_a_list_too() {
    let update = "update posts by id set title = new.title rows (id, title) (1, 'one'), (2, 'two')";
    let options = |chunk| Options::new().strategy(Strategy::ArrayJoin).chunk(chunk);
    let end = |text: String| text.split_once("WHERE ").map(|(_, end)| end.to_owned()).unwrap_or_default();
    let matched = r#""posts"."id" = "v"."id""#;
    assert_eq!(end(text(update, &options(10))), matched);
    let listed = format!(r#"{matched} AND "posts"."id" = ANY(CAST($1 AS bigint[]))"#);
    assert_eq!(end(text(update, &options(1_000_000))), listed);
}
