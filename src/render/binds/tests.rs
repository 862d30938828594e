use crate::{Dialect, Options, Strategy, Update, Value, compile};

/// The text of the only step, and its sets of parameters.
fn step(rows: i64, dialect: Dialect, strategy: Strategy) -> (String, Vec<Vec<i64>>) {
    let rows = (0..rows).map(|row| [row, 100 + row]);
    let update = Update::table("t").key(["id"]).rows(["id", "n"], rows).build().unwrap();
    let mut script = compile(&update, dialect, &Options::new().strategy(strategy)).unwrap();
    let step = script.next().unwrap().unwrap();
    let int = |value: &Value<'_>| if let Value::Int(int) = value { *int } else { -1 };
    let sets = step.binds.iter().map(|set| set.iter().map(|bind| int(bind.value())).collect()).collect();
    (step.text.to_owned(), sets)
}

#[test]
fn placeholders_are_counted() {
    let (text, sets) = step(60, Dialect::postgres(), Strategy::ValuesJoin);
    let numbers: Vec<usize> = text
        .split('$')
        .skip(1)
        .map(|part| part.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=120).collect::<Vec<_>>());
    assert_eq!(sets, [(0..60).flat_map(|row| [row, 100 + row]).collect::<Vec<_>>()]);
    assert_eq!(step(60, Dialect::sqlite(), Strategy::ValuesJoin).0.matches('?').count(), 120);
}

#[test]
fn each_row_has_parameters_of_its_own() {
    let (text, sets) = step(3, Dialect::sqlite(), Strategy::PerRow);
    assert_eq!(text.matches('?').count(), 2);
    assert_eq!(sets, [[100, 0], [101, 1], [102, 2]]);
}

#[test]
fn numbers_of_any_width_are_counted() {
    let (mut numbers, mut out) = (super::Numbers::default(), super::Out::new());
    for number in 1..=100_011 {
        out.clear();
        match numbers.count() {
            true => out.push_block(&numbers.text.to_le_bytes(), numbers.length),
            false => numbers.write_large(&mut out, ", "),
        }
        out.flush();
        assert_eq!(out.text().unwrap(), format!(", ${number}"));
    }
}
