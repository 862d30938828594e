use crate::ir::{Cell, Column, Expr, Schema, Table, Type, Update};
use crate::{Dialect, Error, Options, compile};

#[test]
fn an_expression_that_is_a_value_is_checked_as_one() {
    let columns = [("id", Type::INT64), ("held", Type::Char { length: 5 })];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).unwrap());
    let table = columns.into_iter().fold(Table::new("samples".try_into().unwrap()), Table::column);
    let schema = Schema::new().table(table.primary_key(["id"]).unwrap());
    let codes = |text: &'static str| {
        let rows: [[Cell<'_>; 2]; 2] =
            [[1.into(), Cell::Expr(Box::new(Expr::Value(text.into())))], [2.into(), Cell::Keep]];
        let update = Update::table("samples").schema(&schema).key(["id"]).rows(["id", "held"], rows).build().unwrap();
        let errors = compile(&update, Dialect::sqlite(), &Options::new()).err();
        errors.iter().flat_map(|errors| errors.iter().map(Error::code)).collect::<Vec<_>>()
    };
    assert_eq!(codes("ab"), [""; 0]);
    assert_eq!(codes("ab "), ["not-storable"]);
}
