use super::*;
use crate::{Column, Dialect, Json, Options, Purpose, Schema, Strategy, Table, compile, lang};

fn schema() -> Schema {
    let columns = [
        ("site", Type::INT64),
        ("id", Type::INT64),
        ("n", Type::INT64),
        ("title", Type::TEXT),
        ("note", Type::TEXT),
        ("data", Type::Json),
        ("raw", Type::BYTES),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).unwrap());
    let table = columns.into_iter().fold(Table::new("posts".try_into().unwrap()), Table::column);
    Schema::new().table(table.primary_key(["site", "id"]).unwrap())
}

/// How many rows each chunk has, or the refusal.
fn cut(update: &str, dialect: Dialect, options: &Options) -> Result<Vec<usize>, String> {
    let schema = schema();
    let update = lang::parse(update).unwrap().into_parts().0.schema(&schema).build().unwrap();
    let mut script = compile(&update, dialect, options).map_err(|errors| errors.to_string())?;
    let mut rows = Vec::new();
    while let Some(step) = script.next() {
        let step = step.unwrap();
        if matches!(step.purpose, Purpose::Update | Purpose::Insert) {
            rows.push(step.rows.len());
        }
    }
    Ok(rows)
}

/// The least limit of bytes at which the first chunk has so many rows.
fn least_bytes(update: &str, dialect: Dialect, options: &Options, rows: usize) -> usize {
    let (mut low, mut high) = (0usize, 100_000);
    while high - low > 1 {
        let middle = low.midpoint(high);
        match cut(update, dialect, &options.clone().max_bytes(middle)) {
            Ok(chunks) if chunks[0] >= rows => high = middle,
            _ => low = middle,
        }
    }
    high
}

fn least_binds(update: &str, strategy: Strategy, rows: usize) -> usize {
    let options = Options::new().strategy(strategy).chunk(0);
    (1..200)
        .find(|binds| {
            let chunks = cut(update, Dialect::sqlite(), &options.clone().max_binds(*binds));
            chunks.is_ok_and(|chunks| chunks[0] >= rows)
        })
        .unwrap_or(0)
}

const TWO_KEYS: &str = "update posts by site, id set title = new.title, \
    note = concat(new.title, '-', new.title, note), n = n + new.n + 2 where note <> 'old' \
    rows (site, id, title, n) (1, 1, 'one', 10), (1, 2, 'two', 20), (1, 3, 'ten', 30), (1, 4, 'six', 40)";

fn least(update: &str, strategy: Strategy, rows: usize) -> usize {
    let options = Options::new().output(Output::Inline).strategy(strategy).chunk(0);
    least_bytes(update, Dialect::postgres(), &options, rows)
}

/// Where chunks are cut is part of the SQL that comes out, so that what changes these numbers changes SQL.
#[test]
fn chunks_are_cut_by_what_each_row_is_judged_to_need() {
    assert_eq!([1, 2, 3].map(|rows| least(TWO_KEYS, Strategy::ValuesJoin, rows)), [2153, 3144, 3732]);
    assert_eq!([1, 2, 3].map(|rows| least(TWO_KEYS, Strategy::Case, rows)), [2935, 6800, 9216]);
    assert_eq!(least(TWO_KEYS, Strategy::PerRow, 1), 2271);
}

#[test]
fn a_row_that_just_fits_is_not_measured() {
    let update = format!(
        "update posts by site, id set title = new.title rows (site, id, title) (1, 1, '{}'), (1, 2, 'b')",
        "a".repeat(2000)
    );
    let of = |most: usize| {
        let options = Options::new().output(Output::Inline).strategy(Strategy::ValuesJoin).chunk(0).max_bytes(most);
        cut(&update, Dialect::postgres(), &options)
    };
    // measured, the first row leaves room for the second
    let measured = (3000..20_000).find(|most| of(*most) == Ok(vec![2])).unwrap();
    let just = (measured..20_000).find(|most| of(*most) == Ok(vec![1, 1])).unwrap();
    assert_eq!(just, 9316);
}

#[test]
fn keys_alone_are_cut_too() {
    let update = "update posts by site, id set title = 'same' rows (site, id) (1, 1), (1, 2), (1, 3), (1, 4)";
    assert_eq!([1, 2, 3].map(|rows| least(update, Strategy::Uniform, rows)), [894, 1496, 1860]);
    assert_eq!([1, 2, 3].map(|rows| least_binds(update, Strategy::Uniform, rows)), [3, 5, 7]);
}

#[test]
fn what_is_inserted_and_given_back_counts() {
    let update = "update posts by site, id set title = new.title, n = new.n on missing insert \
        rows (site, id, title, n) (1, 1, 'one', 1), (1, 2, 'two', 2)";
    assert_eq!(least(update, Strategy::ValuesJoin, 2), 1504);
    let update = "update posts by site, id set title = new.title, n = new.n returning title \
        rows (site, id, title, n) (1, 1, 'one', 1), (1, 2, 'two', 2)";
    assert_eq!(least(update, Strategy::ValuesJoin, 2), 1560);
}

#[test]
fn a_statement_without_rows_is_measured() {
    let update = "update posts set title = 'a''b', note = concat(title, note), raw = null where title <> 'cc'";
    for (output, bytes) in [(Output::Inline, 866), (Output::Binds, 861)] {
        let of = |most: usize| cut(update, Dialect::postgres(), &Options::new().output(output).max_bytes(most));
        assert_eq!(of(bytes), Ok(vec![0]));
        assert!(of(bytes - 1).unwrap_err().contains(&format!("{bytes} bytes")), "{output:?}");
    }
}

#[test]
fn parameters_are_counted_as_the_statement_has_them() {
    let least = |strategy| [1, 2, 3].map(|rows| least_binds(TWO_KEYS, strategy, rows));
    assert_eq!(least(Strategy::ValuesJoin), [7, 11, 15]);
    assert_eq!(least(Strategy::Case), [17, 31, 45]);
    assert_eq!(least(Strategy::PerRow), [9; 3]);
}

#[test]
fn chunks_of_parameters_are_cut_by_what_is_sent() {
    let update = "update posts by site, id set note = new.note, data = new.data, raw = new.raw \
        rows (site, id, note, data, raw) (1, 1, 'aaaa', json '[1,2]', bytes '010203'), \
        (1, 2, 'bbbb', json '[3,4]', bytes '040506'), (1, 3, 'c', json '{}', bytes '0708')";
    let of = |strategy: Strategy, most: usize| {
        cut(update, Dialect::postgres(), &Options::new().strategy(strategy).max_bytes(most))
    };
    for (most, chunks) in [(29, vec![3]), (28, vec![2, 1]), (24, vec![2, 1]), (23, vec![1, 2]), (12, vec![1, 1, 1])] {
        assert_eq!(of(Strategy::ValuesJoin, most), Ok(chunks), "{most} bytes");
    }
    assert!(of(Strategy::ValuesJoin, 11).unwrap_err().contains("12 bytes"), "{:?}", of(Strategy::ValuesJoin, 11));
    assert_eq!(of(Strategy::PerRow, 12), Ok(vec![3]));
    assert_eq!(sent_bytes(&Value::from(Json::new("[1,2]"))), 5);
}

#[test]
fn rows_are_cut_evenly() {
    assert_eq!(cut_evenly(&(3..10), 3), [3..6, 6..9, 9..10]);
    assert_eq!(cut_evenly(&(3..9), 3), [3..6, 6..9]);
    assert_eq!(cut_evenly(&(3..5), 0), [3..4, 4..5]);
    assert_eq!(cut_evenly(&(3..3), 2), Vec::<Range<usize>>::new());
    let options = Options::new().output(Output::Inline).chunk(2);
    assert_eq!(cut(TWO_KEYS, Dialect::postgres(), &options), Ok(vec![2, 2]));
}

#[test]
fn numbers_of_rows_are_few() {
    for (rows, padded) in [(0, 0), (1, 1), (6, 6), (7, 8), (9, 10), (13, 15), (51, 60), (61, 80), (81, 100), (101, 120)]
    {
        assert_eq!(one_of_few(rows), padded, "{rows}");
    }
    let few: std::collections::BTreeSet<usize> = (1..=1000).map(one_of_few).collect();
    assert_eq!(few.len(), 28, "{few:?}");
    assert!((7..=100_000).all(|rows| (rows..=rows + rows / 3).contains(&one_of_few(rows))));
    assert!(one_of_few(usize::MAX) == usize::MAX);
}
