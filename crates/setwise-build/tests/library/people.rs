// Written by setwise-build from people.setwise.

fn __schema() -> &'static setwise::Schema {
    const __TEXT: &str = r"CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    name VARCHAR(20) NOT NULL
);

CREATE TABLE customer (
    person_id BIGINT PRIMARY KEY REFERENCES person (id),
    credits INTEGER NOT NULL
);

CREATE TABLE notes (
    id BIGINT PRIMARY KEY,
    about BIGINT NOT NULL,
    stars INTEGER NOT NULL
);

CREATE TABLE staging (
    id BIGINT,
    stars INTEGER,
    batch INTEGER
);
";
    static __SCHEMA: std::sync::LazyLock<setwise::Schema> = std::sync::LazyLock::new(|| {
        let dialect = setwise::Dialect::sqlite().at(setwise::Version::new(3, 33, 0));
        // It was read without a mistake when this was written.
        let parsed = setwise::Schema::from_sql(__TEXT, dialect);
        parsed.unwrap_or_default().schema.extend_by_keys()
    });
    &__SCHEMA
}

const __RULES: &str = r"when person then notes by about = id set stars = stars + 1 where stars < 9;
";

/// Names of customers, each of whom gets a credit.
///
/// ```text
/// update rename(least: int) on customer by person_id
/// set name = new.name, credits = credits + 1
/// where credits >= :least
/// ```
///
/// Each row holds `person_id`, `name`.
///
/// # Errors
///
/// An argument or a row that its parameter or column does not take.
#[allow(dead_code)]
pub fn rename<'a>(
    least: i64,
    rows: impl IntoIterator<Item = (i64, &'a str)>,
) -> Result<setwise::Update<'a>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r"update rename(least: int) on customer by person_id
set name = new.name, credits = credits + 1
where credits >= :least";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, __RULES, Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 1] = [("least", least.into())];
    let columns = ["person_id", "name"];
    __UPDATE.rows(columns, rows, arguments)
}

/// Stars that a batch of staged rows brings.
///
/// ```text
/// update take(batch: int) on notes by id
/// set stars = stars + new.stars
/// rows from staging where batch = :batch
/// ```
///
/// # Errors
///
/// An argument that its parameter does not take, or that the dialect cannot hold.
#[allow(dead_code)]
pub fn take(
    dialect: setwise::Dialect,
    batch: i64,
) -> Result<setwise::Bound<'static>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r"update take(batch: int) on notes by id
set stars = stars + new.stars
rows from staging where batch = :batch";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, __RULES, Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 1] = [("batch", batch.into())];
    __UPDATE.bind(dialect, arguments)
}

/// ```text
/// update forget(id: int, most: int) on customer
/// set name = '-'
/// where person_id = :id and credits < :most
/// ```
///
/// # Errors
///
/// An argument that its parameter does not take, or that the dialect cannot hold.
#[allow(dead_code)]
pub fn forget(
    dialect: setwise::Dialect,
    id: i64,
    most: i64,
) -> Result<setwise::Bound<'static>, setwise::Errors> {
    use setwise::lang::Embedded;
    const __TEXT: &str = r"update forget(id: int, most: int) on customer
set name = '-'
where person_id = :id and credits < :most";
    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, __RULES, Some(__schema));
    let arguments: [(&str, setwise::Value<'_>); 2] = [("id", id.into()), ("most", most.into())];
    __UPDATE.bind(dialect, arguments)
}
