//! Every code of the catalogue of errors is the answer to some input.

use std::collections::BTreeSet;

use setwise::lang::Library;
use setwise::read::{CsvOptions, csv, json, ndjson_rows};
use setwise::{
    Array, Cells, Collation, Column, Date, Decimal, Dialect, Error, ErrorKind, Errors, Expr, Follower, Ident, Json,
    Options, Schema, Strategy, Table, TableName, Type, Update, UpdateBuilder, Value, compile, lang, stream,
};

/// Codes that no test can cause, each with the reason.
const UNREACHED: [(&str, &str); 2] = [
    ("internal", "a fault of setwise's own"),
    ("too-many-rows", "more than 4,294,967,295 rows do not fit the memory of a test"),
];

fn schema() -> Schema {
    let column = |name: &str, ty: Type| Column::new(name, ty).unwrap();
    let named = |name: &str| Collation::named(Ident::new(name).unwrap());
    let table = Table::new(TableName::new("t").unwrap())
        .column(column("id", Type::INT64).not_null())
        .column(column("n", Type::INT32).not_null())
        .column(column("m", Type::INT32))
        .column(column("code", Type::INT32))
        .column(column("total", Type::INT32).generated())
        .column(column("price", Type::Decimal { precision: Some(5), scale: Some(2) }))
        .column(column("score", Type::Float64))
        .column(column("title", Type::Text { max: Some(3) }))
        .column(column("label", Type::Enum { name: None, labels: vec!["a".into(), "b".into()] }))
        .column(column("data", Type::Json))
        .column(column("slug", Type::TEXT).collate(named("utf8mb4_bin")))
        .column(column("day", Type::Date))
        .column(column("clock", Type::TIME))
        .column(column("stamp", Type::TIMESTAMP))
        .column(column("made", Type::TIMESTAMPTZ))
        .column(column("span", Type::Interval))
        .column(column("own", Type::Uuid))
        .column(column("live", Type::Bool));
    Schema::new().table(table.primary_key(["id"]).unwrap().unique(["day"]).unwrap())
}

/// What all dialects say of an update together.
fn refusals(build: impl Fn() -> Result<UpdateBuilder<'static>, Errors>, schema: bool, options: &Options) -> Errors {
    let known: &'static Schema = Box::leak(Box::new(self::schema()));
    let mut all = Errors::new();
    for dialect in Dialect::all() {
        let builder = build().map(|builder| if schema { builder.schema(known) } else { builder });
        let compiled =
            builder.and_then(UpdateBuilder::build).and_then(|update| compile(&update, dialect, options).map(|_| ()));
        all.append(compiled.err().unwrap_or_default());
    }
    all
}

/// Text of the language, with the schema.
fn text(text: &'static str) -> Errors {
    refusals(|| lang::parse(text).map(|parsed| parsed.into_parts().0), true, &Options::new())
}

fn set(assignments: &str) -> Errors {
    text(Box::leak(format!("update t set {assignments} all rows").into()))
}

fn by_id(rows: &str) -> Errors {
    text(Box::leak(format!("update t by id rows {rows}").into()))
}

/// A value as a row's of a column, with the schema.
fn value(column: &'static str, value: Value<'static>) -> Errors {
    built(move || Update::table("t").key(["id"]).rows(["id", column], [(1, value.clone())]))
}

fn built(build: impl Fn() -> UpdateBuilder<'static>) -> Errors {
    refusals(|| Ok(build()), true, &Options::new())
}

fn without_schema(build: impl Fn() -> UpdateBuilder<'static>) -> Errors {
    refusals(|| Ok(build()), false, &Options::new())
}

fn by_means(options: &Options) -> Errors {
    refusals(|| Ok(Update::table("t").key(["id"]).rows(["id", "n"], [(1, 1), (2, 3)])), false, options)
}

fn called(arguments: &[(&str, i64)]) -> Errors {
    let update = lang::parse_update("update (n: int) on t set n = :n all rows").unwrap();
    update.call(arguments.iter().copied()).err().unwrap_or_default()
}

fn one<T>(result: Result<T, Error>) -> Errors {
    result.err().map(Errors::from).unwrap_or_default()
}

fn document(text: &str) -> Errors {
    json(text.as_bytes(), schema().tables().first()).err().unwrap_or_default()
}

/// A field of a JSON row.
fn field(column: &str, value: &str) -> Errors {
    document(&format!(r#"[{{"id":1,"{column}":{value}}}]"#))
}

fn records(text: &str) -> Errors {
    csv(text.as_bytes(), schema().tables().first(), &CsvOptions::new()).err().unwrap_or_default()
}

fn definitions(text: &str) -> Errors {
    Schema::from_sql(text, Dialect::mysql()).err().unwrap_or_default()
}

fn column(name: &str) -> Expr<'static> {
    Expr::Column(ident(name))
}

fn ident(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

fn fall() -> Errors {
    let template = Update::table("t").key(["id"]).template(["id", "n"]).unwrap();
    let rows = [(2, 1), (1, 1)].into_iter().map(Ok::<_, Error>);
    let script = stream(&template, Dialect::sqlite(), &Options::new(), rows);
    script.and_then(|script| script.verify()).err().unwrap_or_default()
}

fn texts_streamed() -> Errors {
    let template = Update::table("t").key(["title"]).template(["title", "n"]).unwrap();
    let rows = [("a", 1), ("b", 1)].into_iter().map(Ok::<_, Error>);
    let script = stream(&template, Dialect::mysql(), &Options::new(), rows);
    script.and_then(|script| script.verify()).err().unwrap_or_default()
}

/// Keys under a collation that the table's own have not.
fn from_other_collation() -> Errors {
    let source = Table::new(TableName::new("u").unwrap())
        .column(Column::new("title", Type::TEXT).unwrap().collate(Collation::named(ident("nocase"))))
        .column(Column::new("n", Type::INT32).unwrap());
    let schema = schema().table(source);
    let parsed = lang::parse("update t by title rows (title, n) from u").unwrap();
    let update = parsed.into_parts().0.schema(&schema).build().unwrap();
    compile(&update, Dialect::sqlite(), &Options::new()).err().unwrap_or_default()
}

/// Text of the language, with tables that extend others and follow each other.
fn spanning(text: &'static str) -> Errors {
    let column = |name: &str, ty: Type| Column::new(name, ty).unwrap();
    let table = |name: &str| Table::new(TableName::new(name).unwrap());
    let keyed = |name: &str, key: &str| table(name).column(column(key, Type::INT64)).primary_key([key]).unwrap();
    let person = keyed("person", "id").column(column("name", Type::TEXT));
    let customer = keyed("customer", "person_id").column(column("credits", Type::INT32));
    let hiding = keyed("hiding", "person_id").column(column("id", Type::INT32));
    let badge = keyed("badge", "n").column(column("holder", Type::TEXT)).column(column("points", Type::INT32));
    let circle = |name: &str, other: &str| keyed(name, "id").extends_by(other, ["id"]).unwrap();
    let schema = Schema::new()
        .table(person)
        .table(customer.extends_by("person", ["id"]).unwrap())
        .table(hiding.extends_by("person", ["id"]).unwrap())
        .table(badge)
        .table(circle("a", "b"))
        .table(circle("b", "a"));
    let update = lang::parse(text).map(|parsed| parsed.into_parts().0.schema(&schema)).and_then(UpdateBuilder::build);
    update.and_then(|update| compile(&update, Dialect::mysql(), &Options::new()).map(drop)).err().unwrap_or_default()
}

/// An update that more follow, one behind the other, than are taken.
fn follow_far() -> Errors {
    let rule = |at: usize| format!(" when t{at} then t{} by id = id set n = 1", at + 1);
    let text = format!("update t0 set n = 1 all rows{}", (0..40).map(rule).collect::<String>());
    let update = lang::parse_update(&text).unwrap();
    compile(&update, Dialect::sqlite(), &Options::new()).map(drop).err().unwrap_or_default()
}

/// A stream of an update that others follow.
fn stream_followed() -> Errors {
    let update = lang::parse("update t by id then u by id = id set n = 1").unwrap().into_parts().0;
    let template = update.template(["id", "n"]).unwrap();
    let rows = [Ok::<_, Error>((1, 1))];
    stream(&template, Dialect::sqlite(), &Options::new(), rows).err().unwrap_or_default()
}

/// Each code with what causes it.
#[rustfmt::skip]
fn causes() -> Vec<(&'static str, Errors)> {
    vec![
        ("unknown-argument", called(&[("m", 1), ("n", 1)])),
        ("argument-twice", called(&[("n", 1), ("n", 1)])),
        ("missing-argument", called(&[])),
        ("param-twice", text("update (n: int, n: int) on t set n = :n all rows")),
        ("unknown-param", set("n = :m")),
        ("unused-param", text("update (m: int) on t set n = 1 all rows")),
        ("unknown-update", one(Library::parse("update a on t").unwrap().get("b"))),
        ("named-twice", Library::parse("update a on t; update a on t").err().unwrap_or_default()),
        ("empty-name", one(Ident::new(""))),
        ("name-with-nul", one(Ident::new("a\0"))),
        ("name-too-long", without_schema(|| Update::table("t").set(Ident::new("x".repeat(65)).unwrap(), 1).all_rows())),
        ("name-not-allowed", without_schema(|| Update::table("t").set("x ", 1).all_rows())),
        ("nothing-set", built(|| Update::table("t").all_rows())),
        ("set-twice", set("n = 1, n = 2")),
        ("sets-key", text("update t by id set id = 2 rows (id) (1)")),
        ("no-rows", built(|| Update::table("t").set("n", 1))),
        ("rows-and-all", built(|| Update::table("t").key(["id"]).rows(["id", "n"], [(1, 1)]).all_rows())),
        ("key-without-rows", built(|| Update::table("t").key(["id"]).set("n", 1).all_rows())),
        ("no-key", built(|| Update::table("t").rows(["id", "n"], [(1, 1)]))),
        ("no-columns", one(Cells::new(vec![], vec![]))),
        ("ragged-row", by_id("(id, n) (1, 2, 3)")),
        ("column-twice", built(|| Update::table("t").key(["id"]).set("n", 1).rows(["id", "id"], [(1, 1)]))),
        ("key-missing", by_id("(n) (1)")),
        ("unknown-input", text("update t by id set n = new.m rows (id, n) (1, 2)")),
        ("input-without-rows", set("n = new.m")),
        ("input-in-selection", text("update t by id set n = new.n where id in (select id from t where n = new.n) rows (id, n) (1, 2)")),
        ("selected-columns", text("update t set n = 1 where (id, n) in (select id from t)")),
        ("selects-assigned", refusals(|| Ok(lang::parse("update t by id where id in (select n from t) rows (id, n) (1, 1), (2, 3)")?.into_parts().0), true, &Options::new().strategy(Strategy::PerRow))),
        ("rows-twice", built(|| Update::table("t").key(["id"]).rows(["id", "n"], [(1, 1)]).rows_from_table("u"))),
        ("rows-from-target", text("update t by id rows (id, n) from t")),
        ("unordered-rows", text("update t by id on duplicate last rows (id, n) from u")),
        ("collations-differ", from_other_collation()),
        ("extends-by-no-key", Table::new(TableName::new("t").unwrap()).extends("u").map(drop).map_err(Errors::from).err().unwrap_or_default()),
        ("extends-itself", spanning("update a set n = 1 all rows")),
        ("shared-key", spanning("update customer set id = 1, name = 'x' all rows")),
        ("chain-key", spanning("update customer by name set credits = new.credits rows (name, credits) ('x', 1)")),
        ("chain-column", spanning("update hiding set name = 'x' where id = 1")),
        ("link-collation", spanning("update person set name = 'x' all rows then badge by holder = name set points = 1")),
        ("across-tables", spanning("update customer set credits = 1, name = 'x' where person_id = 1 returning credits, name")),
        ("follower-without-link", refusals(|| Ok(Update::table("t").set("n", 1).all_rows().follow(Follower::new("t")?.set("n", 1)?)), true, &Options::new())),
        ("follows-itself", spanning("update customer set credits = 1 all rows then customer by person_id = person_id set credits = 2")),
        ("follows-too-far", follow_far()),
        ("stream-across-tables", stream_followed()),
        ("unused-column", text("update t by id set n = 1 rows (id, m) (1, 2)")),
        ("unknown-table", text("update u set n = 1 all rows")),
        ("unknown-column", set("nn = 1")),
        ("ambiguous-column", without_schema(|| Update::table("t").set("x", 1).set("X", 2).all_rows())),
        ("generated-column", set("total = 1")),
        ("bad-type", definitions("CREATE TABLE t (a varchar(0))")),
        ("unknown-type", without_schema(|| Update::table("t").set("a", Expr::Column(ident("b")) + Expr::from(1)).all_rows())),
        ("null-key", by_id("(id, n) (null, 1)")),
        ("duplicate-key", by_id("(id, n) (1, 1), (1, 2)")),
        ("folded-key", text("update t by slug rows (slug, n) ('a', 1), ('a ', 2)")),
        ("float-key", text("update t by score rows (score, n) (1e0, 1)")),
        ("key-collation", texts_streamed()),
        ("too-many-keys", refusals(|| Ok(lang::parse("update t by title rows (title, n) ('a', 1), ('b', 2), ('c', 3)")?.into_parts().0), false, &Options::new().max_binds(2))),
        ("key-type", built(|| Update::table("t").key(["data"]).rows(["data", "n"], [(Value::Json(Json::new("{}")), 1)]))),
        ("wrong-type", value("n", "1".into())),
        ("out-of-range", value("n", 2_147_483_648_i64.into())),
        ("too-long", value("title", "abcd".into())),
        ("too-precise", value("price", Value::Decimal(Decimal::parse("0.005").unwrap()))),
        ("null-not-allowed", value("n", Value::Null)),
        ("not-a-label", value("label", "c".into())),
        ("not-storable", value("score", f64::NAN.into())),
        ("no-such-type", set("span = null")),
        ("mixed-types", without_schema(|| Update::table("t").key(["id"]).rows(["id", "n"], [(1, Value::from(1)), (2, "b".into())]))),
        ("mixed-array", one(Array::new(vec![1.into(), "b".into()]))),
        ("no-such-day", one(Date::parse("2024-02-30"))),
        ("no-such-time", field("clock", r#""24:00:00""#)),
        ("too-fine", field("clock", r#""23:59:59.1234567""#)),
        ("has-offset", field("stamp", r#""2024-01-01 00:00:00Z""#)),
        ("needs-offset", field("made", r#""2024-01-01 00:00:00""#)),
        ("bad-offset", field("made", r#""2024-01-01 00:00:00+99""#)),
        ("not-an-interval", field("span", r#""soon""#)),
        ("not-a-decimal", one(Decimal::parse("1,5"))),
        ("too-many-digits", one(Decimal::parse("1E+999999999"))),
        ("not-a-uuid", field("own", r#""{}""#)),
        ("mistyped", set("n = lower(n)")),
        ("zero-divisor", set("score = score / 0")),
        ("maybe-zero-divisor", set("score = score / score")),
        ("integer-division", set("n = n / 2")),
        ("compares-null", set("live = n = null")),
        ("null-in-list", set("live = n not in (1, null)")),
        ("bad-argument", set("price = round(price, n)")),
        ("bad-arity", set("n = abs(n, n)")),
        ("bad-pattern", set("live = title like '!' escape '!'")),
        ("too-deep", set(&format!("live = {}live", "not ".repeat(1000)))),
        ("unsupported", set("price = round(price * 1.5, 2)")),
        ("reads-assigned", without_schema(|| Update::table("t").set("n", column("m")).set("m", column("n")).all_rows())),
        ("policy-without-rows", text("update t set n = 1 where n > 1 on missing error")),
        ("insert-reads-old", text("update t by id set n = n + new.n on missing insert rows (id, n) (1, 1)")),
        ("insert-selects", text("update t by id set n = new.n, live = new.n in (select n from t) on missing insert rows (id, n) (1, 1)")),
        ("insert-version", text("update t by id set n = new.n on missing insert version m rows (id, n, m) (1, 1, 1)")),
        ("insert-lacks-column", text("update t by id set m = new.m on missing insert rows (id, m) (1, 1)")),
        ("insert-returning", text("update t by id set n = new.n on missing insert returning n rows (id, n) (1, 1)")),
        ("insert-cell", text("update t by id on missing insert rows (id, n, m) (1, 1, keep)")),
        ("returning-unsupported", text("update t by id set n = new.n returning n, old.n rows (id, n) (1, 1)")),
        ("version-type", text("update t by id version title rows (id, title) (1, 'a')")),
        ("lock-without-index", text("update t by n set title = new.title lock ordered rows (n, title) (1, 'a'), (2, 'b')")),
        ("unique-column", by_id("(id, day) (1, date '2026-01-01'), (2, date '2026-01-02')")),
        ("mixed-columns", ndjson_rows(b"{\"id\":1}\n{\"id\":2,\"n\":3}", None).unwrap().find_map(Result::err).unwrap()),
        ("needs-value", text("update t by id set n = new.n where new.n > 1 rows (id, n) (1, keep)")),
        ("no-default", text("update t by id rows (id, label) (1, default)")),
        ("strategy-not-legal", refusals(|| Ok(lang::parse("update t by id set n = new.x rows (id, x) (1, 1), (2, 3)")?.into_parts().0), false, &Options::new().strategy(Strategy::ValuesJoin))),
        ("too-many-binds", by_means(&Options::new().max_binds(1))),
        ("statement-too-long", by_means(&Options::new().output(setwise::Output::Inline).max_bytes(9))),
        ("version-too-old", one("postgres@9".parse::<Dialect>())),
        ("version-not-a-number", one("postgres@x".parse::<Dialect>())),
        ("unknown-dialect", one("oracle".parse::<Dialect>())),
        ("not-ascending", fall()),
        ("syntax", text("update")),
        ("bad-escape", set("title = e'\\y'")),
        ("number-too-large", set("n = 99999999999999999999")),
        ("unknown-function", set("n = count(n)")),
        ("unknown-type-name", set("n = cast(n as number)")),
        ("unclosed-quote", set("title = 'a")),
        ("not-utf8", json(b"[\"\xff\"]", None).unwrap_err()),
        ("utf-16", json(b"\xff\xfe[\0]\0", None).unwrap_err()),
        ("byte-order-mark", document("\u{feff}[]")),
        ("nul-in-document", records("id,title\n1,\0\n")),
        ("truncated", document(r#"[{"id":1"#)),
        ("trailing-comma", document(r#"[{"id":1},]"#)),
        ("trailing-text", document("[] []")),
        ("comment", document("[/* none */]")),
        ("not-rows", document("{}")),
        ("lone-surrogate", field("title", r#""\ud800""#)),
        ("document-too-deep", field("data", &"[".repeat(1000))),
        ("wrong-delimiter", records("id;n\n1;2\n")),
        ("empty-field", records("id,n\n1,\n")),
        ("document-too-long", text(Box::leak(" ".repeat((64 << 20) + 1).into()))),
        ("unknown-field", field("nn", "1")),
        ("field-twice", document(r#"[{"id":1,"id":2}]"#)),
        ("bad-field", field("n", "1.5")),
        ("bad-document", records("id,title\n1,a\"b\n")),
    ]
}

#[test]
fn every_code_is_some_inputs_answer() {
    let mut wrong = Vec::new();
    let mut caused = BTreeSet::new();
    for (code, errors) in causes() {
        caused.insert(code);
        if !errors.iter().any(|error| error.code() == code) {
            wrong.push(format!("{code}: {errors}"));
        }
    }
    caused.extend(UNREACHED.map(|(code, _)| code));
    let known: BTreeSet<_> = ErrorKind::CATALOGUE.iter().map(|(code, _, _)| *code).collect();
    wrong.extend(known.difference(&caused).map(|code| format!("{code}: nothing causes it")));
    wrong.extend(caused.difference(&known).map(|code| format!("{code}: not in the catalogue")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_are_unique_and_messages_say_what_is_wrong() {
    let mut seen = BTreeSet::new();
    for (code, message, meaning) in ErrorKind::CATALOGUE {
        assert!(seen.insert(code), "{code} is there twice");
        assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'0'..=b'9')), "{code}");
        assert!(!message.starts_with(char::is_uppercase) && !message.ends_with('.'), "{code}: {message}");
        assert!(meaning.trim().ends_with('.') && meaning.len() > 10, "{code}: {meaning}");
    }
}
