use crate::ir::{Column, Schema, Table, Type};
use crate::{Dialect, Options, compile, lang};

#[test]
fn keys_that_differ_in_what_pads_them_are_one() {
    let key = Column::new("k", Type::Char { length: 5 }).unwrap();
    let table = Table::new("samples".try_into().unwrap()).column(key).column(Column::new("n", Type::INT64).unwrap());
    let schema = Schema::new().table(table.primary_key(["k"]).unwrap());
    let update = "update samples by k set n = new.n rows (k, n) ('c', 20), ('ab', 10), ('ab ', 11)";
    let update = lang::parse(update).unwrap().into_parts().0.schema(&schema).build().unwrap();
    let errors = compile(&update, Dialect::postgres(), &Options::new()).err().unwrap();
    assert_eq!(errors.iter().map(crate::Error::code).collect::<Vec<_>>(), ["folded-key"]);
}
