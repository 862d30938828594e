use crate::ir::{Column, ForeignKey, Ident, Schema, Table, Type};
use crate::{Dialect, Options, explain, lang};

fn table(name: &str) -> Table {
    let columns = [("id", Type::INT64), ("position", Type::INT64), ("title", Type::TEXT), ("parent", Type::INT64)];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).unwrap());
    let table = columns.into_iter().fold(Table::new(lang::parse_table(name).unwrap()), Table::column);
    table.primary_key(["id"]).unwrap()
}

fn key(columns: &str, table: &str, references: &[&str]) -> ForeignKey {
    let names = |names: &[&str]| names.iter().map(|name| Ident::new(*name).unwrap()).collect();
    ForeignKey { columns: names(&[columns]), table: lang::parse_table(table).unwrap(), references: names(references) }
}

/// How an update is carried out, or why it is not.
fn explained(update: &str, schema: &Schema) -> String {
    let update = lang::parse(update).unwrap().into_parts().0.schema(schema).build().unwrap();
    explain(&update, Dialect::sqlite(), &Options::new()).unwrap_or_else(|errors| errors.to_string())
}

#[test]
fn columns_that_refer_or_are_referred_to_stay_in_their_place() {
    let (own, other, parked) = ("must be those of another table", "another table refers to it", "parked first");
    let move_positions = "update app.items by id set position = new.position rows (id, position) (1, 2), (2, 1)";
    let plain = || table("app.items").unique(["position"]).unwrap();
    for (key, said) in [(key("position", "lists", &[]), own), (key("parent", "lists", &[]), parked)] {
        let schema = Schema::new().table(plain().foreign_key(key).unwrap());
        assert!(explained(move_positions, &schema).contains(said), "{said}");
    }
    let move_ids = "update app.items set id = id + 1 all rows";
    for (update, key, said) in [
        (move_positions, key("parent", "app.items", &["position"]), other),
        (move_positions, key("parent", "items", &["position"]), other),
        (move_positions, key("parent", "items", &["id"]), parked),
        (move_positions, key("parent", "old.items", &["position"]), parked),
        (move_positions, key("parent", "app.lists", &["position"]), parked),
        (move_positions, key("parent", "lists", &["position"]), parked),
        (move_positions, key("parent", "items", &[]), parked),
        (move_ids, key("parent", "items", &[]), other),
        (move_ids, key("parent", "lists", &[]), parked),
    ] {
        let shown = format!("{update}, {key:?}");
        let schema = Schema::new().table(plain()).table(table("others").foreign_key(key).unwrap());
        assert!(explained(update, &schema).contains(said), "{shown}");
    }
}

#[test]
fn a_generated_column_is_not_parked_for_another() {
    let generated = Column::new("place", Type::INT64).unwrap().generated();
    let schema = Schema::new().table(table("items").column(generated).unique(["title", "place"]).unwrap());
    let update = "update items by id set title = new.title rows (id, title) (1, 'a'), (2, 'b')";
    assert!(explained(update, &schema).contains("only integers and exact decimals"));
}

#[test]
fn each_step_says_why_it_is_there() {
    let schema = Schema::new().table(table("items").unique(["position"]).unwrap());
    let update = "update items by id set position = position + new.n rows (id, n) (1, 1), (2, 1)";
    let text = explained(update, &schema);
    for line in [
        "- measure: new values are parked above all that the table has",
        "- measure: new values are computed from old ones, so the script reads how far they go",
        "- measure: so far above their place they are parked",
        "- settle: parked values are put in their place",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
