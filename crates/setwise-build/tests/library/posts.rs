// Written by setwise-build from posts.setwise.

fn __schema() -> &'static setwise::Schema {
    const __TEXT: &str = r#"CREATE TABLE posts (
    id BIGINT PRIMARY KEY,
    lang VARCHAR(5) NOT NULL,
    title VARCHAR(40) NOT NULL,
    body TEXT,
    views INTEGER NOT NULL,
    price DECIMAL(6, 2),
    archived BOOLEAN NOT NULL,
    published DATE,
    "weird ""name" SMALLINT
);

CREATE TABLE wide (
    id BIGINT PRIMARY KEY,
    a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER, f INTEGER,
    g INTEGER, h INTEGER, i INTEGER, j INTEGER, k INTEGER, l INTEGER
);
"#;
    static __SCHEMA: std::sync::LazyLock<setwise::Schema> = std::sync::LazyLock::new(|| {
        let dialect = setwise::Dialect::sqlite().at(setwise::Version::new(3, 33, 0));
        // It was read without a mistake when this was written.
        let parsed = setwise::Schema::from_sql(__TEXT, dialect);
        parsed.unwrap_or_default().schema
    });
    &__SCHEMA
}

/// Archives posts that few have seen.
///
/// Drafts have a price of *null*.
///
/// ```text
/// update archive(least: int, lang: text(5) null) on posts
/// set archived = true
/// where views < :least and (:lang is null or lang = :lang)
/// ```
///
/// # Errors
///
/// An argument that its parameter does not take, or that the dialect cannot hold.
#[allow(dead_code)]
pub fn archive(
    dialect: setwise::Dialect,
    least: i64,
    lang: Option<&str>,
) -> Result<setwise::Bound<'_>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r"update archive(least: int, lang: text(5) null) on posts
set archived = true
where views < :least and (:lang is null or lang = :lang)";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 2] =
        [("least", least.into()), ("lang", lang.into())];
    __UPDATE.bind(dialect, arguments)
}

/// ```text
/// update reset on posts
/// set views = 0, title = 'say "it''s"'
/// all rows
/// ```
///
/// # Errors
///
/// An argument that its parameter does not take, or that the dialect cannot hold.
#[allow(dead_code)]
pub fn reset(dialect: setwise::Dialect) -> Result<setwise::Bound<'static>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r#"update reset on posts
set views = 0, title = 'say "it''s"'
all rows"#;
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 0] = [];
    __UPDATE.bind(dialect, arguments)
}

/// Arguments of every kind that a column of these engines has.
///
/// ```text
/// update fill(
///     type: bool, small: int16, int: int32, views: int64, price: decimal(6,2), title: text(40), body: text null,
///     published: date, dialect: text) on posts
/// set archived = :type, "weird ""name" = :small, views = :int + :views, price = :price, title = :title, body = :body,
///     published = :published, lang = :dialect
/// where id = 1
/// ```
///
/// # Errors
///
/// An argument that its parameter does not take, or that the dialect cannot hold.
#[allow(dead_code, clippy::too_many_arguments)]
pub fn fill<'a>(
    dialect_: setwise::Dialect,
    r#type: bool,
    small: i16,
    int: i32,
    views: i64,
    price: setwise::Decimal<'a>,
    title: &'a str,
    body: Option<&'a str>,
    published: setwise::Date,
    dialect: &'a str,
) -> Result<setwise::Bound<'a>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r#"update fill(
    type: bool, small: int16, int: int32, views: int64, price: decimal(6,2), title: text(40), body: text null,
    published: date, dialect: text) on posts
set archived = :type, "weird ""name" = :small, views = :int + :views, price = :price, title = :title, body = :body,
    published = :published, lang = :dialect
where id = 1"#;
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 9] = [
        ("type", r#type.into()),
        ("small", small.into()),
        ("int", int.into()),
        ("views", views.into()),
        ("price", price.into()),
        ("title", title.into()),
        ("body", body.into()),
        ("published", published.into()),
        ("dialect", dialect.into()),
    ];
    __UPDATE.bind(dialect_, arguments)
}

/// ```text
/// update renameAll(Prefix: text(2)) on posts set title = concat(:Prefix, 'x') all rows
/// ```
///
/// # Errors
///
/// An argument that its parameter does not take, or that the dialect cannot hold.
#[allow(dead_code, non_snake_case)]
pub fn renameAll(
    dialect: setwise::Dialect,
    Prefix: &str,
) -> Result<setwise::Bound<'_>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str =
        r"update renameAll(Prefix: text(2)) on posts set title = concat(:Prefix, 'x') all rows";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 1] = [("Prefix", Prefix.into())];
    __UPDATE.bind(dialect, arguments)
}

/// Titles in one language.
///
/// ```text
/// update translate(lang: text(5)) on posts by id
/// set title = new.title, body = new.body
/// where lang = :lang
/// ```
///
/// Each row holds `id`, `title`, `body`.
///
/// # Errors
///
/// An argument or a row that its parameter or column does not take.
#[allow(dead_code)]
pub fn translate<'a>(
    lang: &'a str,
    rows: impl IntoIterator<Item = (i64, &'a str, Option<&'a str>)>,
) -> Result<setwise::Update<'a>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r"update translate(lang: text(5)) on posts by id
set title = new.title, body = new.body
where lang = :lang";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 1] = [("lang", lang.into())];
    let columns = ["id", "title", "body"];
    __UPDATE.rows(columns, rows, arguments)
}

/// ```text
/// update count("rows": int) on posts by id set views = views + :"rows"
/// ```
///
/// Each row holds `id`.
///
/// # Errors
///
/// An argument or a row that its parameter or column does not take.
#[allow(dead_code)]
pub fn count(
    rows: i64,
    rows_: impl IntoIterator<Item = (i64,)>,
) -> Result<setwise::Update<'static>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r#"update count("rows": int) on posts by id set views = views + :"rows""#;
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 1] = [("rows", rows.into())];
    let columns = ["id"];
    __UPDATE.rows(columns, rows_, arguments)
}

/// ```text
/// update widen on wide by id
/// set a = new.a, b = new.b, c = new.c, d = new.d, e = new.e, f = new.f, g = new.g, h = new.h, i = new.i, j = new.j,
///     k = new.k, l = new.l
/// ```
///
/// Each row holds `id`, `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i`, `j`, `k`, `l`.
///
/// # Errors
///
/// An argument or a row that its parameter or column does not take.
#[allow(dead_code)]
pub fn widen<'a>(
    rows: impl IntoIterator<Item = [setwise::Cell<'a>; 13]>,
) -> Result<setwise::Update<'a>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r"update widen on wide by id
set a = new.a, b = new.b, c = new.c, d = new.d, e = new.e, f = new.f, g = new.g, h = new.h, i = new.i, j = new.j,
    k = new.k, l = new.l";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, "", Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 0] = [];
    let columns = [
        "id", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
    ];
    __UPDATE.rows(columns, rows, arguments)
}
