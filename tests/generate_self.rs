//! What random cases are like: most can be carried out, change rows, and use every function.

mod case;
mod generate;
mod model;

use std::collections::BTreeMap;

use generate::{Caps, CaseRows};
use model::apply;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use setwise::{Cell, Dialect, Expr, Func};

const ALL: [&Caps; 4] = [&Caps::SQLITE, &Caps::POSTGRES, &Caps::MYSQL, &Caps::MARIADB];

fn count<'e>(expr: &'e Expr<'e>, seen: &mut BTreeMap<String, usize>) {
    let name = match expr {
        Expr::Call(func, _) => func.name().to_string(),
        Expr::Binary(op, ..) => format!("{op:?}"),
        Expr::Unary(op, _) => format!("{op:?}"),
        other => format!("{other:?}").split([' ', '(', '{']).next().unwrap_or_default().to_string(),
    };
    *seen.entry(name).or_default() += 1;
    expr.operands().into_iter().for_each(|operand| count(operand, seen));
}

#[test]
fn most_cases_can_be_carried_out() {
    for caps in ALL {
        let mut runner = TestRunner::deterministic();
        let (mut seen, mut ends, mut changed) = (BTreeMap::new(), BTreeMap::<String, usize>::new(), 0);
        let strategy = generate::case(caps);
        for _ in 0..1500 {
            let case = strategy.new_tree(&mut runner).unwrap().current();
            let exprs = case.set.iter().map(|(_, e)| e).chain(&case.filter);
            exprs.for_each(|e| count(e, &mut seen));
            if let CaseRows::Keyed { cells, .. } = &case.rows {
                for cell in cells.iter().flatten() {
                    let said = match cell {
                        Cell::Value(_) => continue,
                        Cell::Keep => "keep",
                        Cell::Default => "default",
                        Cell::Expr(_) => "computed",
                    };
                    *seen.entry(said.to_owned()).or_default() += 1;
                }
            }
            let end = match apply(&case.update(), &case.data, case.now) {
                Ok(after) => {
                    changed += usize::from(after != case.data);
                    "done".to_string()
                }
                Err(error) => error.to_string(),
            };
            *ends.entry(end).or_default() += 1;
        }
        for said in ["keep", "default", "computed"] {
            assert!(seen.get(said).is_some_and(|n| *n >= 10), "{}: {said} {seen:?}", caps.name);
        }
        println!("{}: changed {changed}, {ends:#?}\n{seen:?}", caps.name);
        assert!(ends["done"] >= 1125, "{}: {ends:?}", caps.name);
        assert!(changed >= 750, "{}: only {changed} cases change a row", caps.name);
        for func in Func::ALL {
            let refused = func == Func::Round && !caps.decimal_arithmetic;
            assert!(refused || seen.get(func.name()).is_some_and(|n| *n >= 5), "{}: {}", caps.name, func.name());
        }
    }
}

#[test]
fn a_case_without_choices_is_simple() {
    let case = generate::grow(&Caps::SQLITE, &[]);
    let CaseRows::Keyed { columns, cells, .. } = &case.rows else { panic!("keyed is simplest") };
    assert_eq!((case.data.rows.len(), case.set.len(), columns.len()), (1, 1, 2));
    assert!(cells.len() <= 2 && case.filter.is_none());
    apply(&case.update(), &case.data, case.now).unwrap();
}

#[test]
fn what_is_found_is_kept_as_it_is() {
    for (caps, dialect) in
        ALL.into_iter().zip([Dialect::sqlite(), Dialect::postgres(), Dialect::mysql(), Dialect::mariadb()])
    {
        let mut runner = TestRunner::deterministic();
        let strategy = generate::case(caps);
        for _ in 0..300 {
            let found = strategy.new_tree(&mut runner).unwrap().current();
            let table = &found.data.table;
            let text = case::print("By chance.", caps.name, table, &found.data.rows, &found.update(), found.now);
            let kept = case::Case::parse("found/case", &text);
            let schema = kept.schema(dialect);
            assert_eq!(schema.tables(), std::slice::from_ref(table), "{text}");
            // NaN is not equal to itself
            assert_eq!(format!("{:?}", kept.rows(table)), format!("{:?}", found.data.rows), "{text}");
            assert_eq!(format!("{:?}", kept.update(&found.schema).unwrap()), format!("{:?}", found.update()), "{text}");
            assert_eq!(kept.now.unwrap().to_utc(), found.now);
        }
    }
}
