//! Random chains of tables with rows that follow, and updates of them.

use std::cell::RefCell;

use setwise::{
    Cell, Column, Expr, Follower, Ident, OnDuplicate, OnMissing, Schema, Table, TableName, Timestamp, Type, Update,
    Value,
};

use super::caps::Caps;
use super::choices::Choices;
use super::exprs::{E, Grower};
use super::names::name;
use super::updates::{Manner, assigned, cell, keyed};
use super::values::Reach;
use super::{CaseRows, MOST_CHOICES, tables};
use crate::model::{self, TableData};

/// Tables with their rows, and an update of the first with those that it extends.
#[derive(Clone, Debug)]
pub struct Span {
    /// What is declared.
    pub schema: Schema,
    /// The tables, those that others extend last, and those that follow behind them.
    pub tables: Vec<TableData>,
    rows: CaseRows,
    set: Vec<(Ident, E)>,
    filter: Option<E>,
    only_changed: bool,
    version: Option<Ident>,
    touch: Option<Ident>,
    on_duplicate: OnDuplicate,
    on_missing: OnMissing,
    followers: Vec<Follower<'static>>,
    /// What `now()` is.
    pub now: Timestamp,
}

impl Span {
    /// The update.
    pub fn update(&self) -> Update<'_> {
        let mut update = Update::table(self.tables[0].table.name()).schema(&self.schema);
        for (column, value) in &self.set {
            update = update.set(column, value.clone());
        }
        if let Some(filter) = &self.filter {
            update = update.filter(filter.clone());
        }
        if self.only_changed {
            update = update.only_changed();
        }
        if let Some(version) = &self.version {
            update = update.version_column(version);
        }
        update = update.touch(&self.touch).on_duplicate(self.on_duplicate).on_missing(self.on_missing);
        for follower in &self.followers {
            update = update.follow(follower.clone());
        }
        match &self.rows {
            CaseRows::All if self.filter.is_none() => update.all_rows(),
            CaseRows::All => update,
            CaseRows::Keyed { key, columns, cells } => update.key(key).rows(columns, cells.iter().map(Vec::as_slice)),
        }
        .build()
        .expect("a generated update is whole")
    }
}

/// The span that a list of choices makes.
pub fn grow(caps: &'static Caps, list: &[u32]) -> Span {
    span(caps, &mut Choices::new(list))
}

/// A level's table before it has rows.
struct Level {
    table: Table,
    key: Vec<Ident>,
}

fn span(caps: &'static Caps, choices: &mut Choices<'_>) -> Span {
    let levels = levels(caps, choices);
    let follows = choices.chance(if levels.len() == 1 { 100 } else { 35 });
    let reach = if choices.chance(10) { Reach::Wild } else { Reach::Mild };
    let mut tables = rows_of(caps, choices, &levels, reach);
    let first = tables[0].table.name().clone();
    let seen = seen(&tables, &first);
    let is_key = |column: &&Column| levels.iter().any(|level| level.key.contains(column.name()));
    let free: Vec<&Column> = seen.table.columns().iter().filter(|column| !is_key(column)).collect();
    let is_keyed = choices.chance(50);
    let on_missing = match choices.below(100) {
        85.. if is_keyed => OnMissing::Insert,
        75..85 if is_keyed => OnMissing::Error,
        _ => OnMissing::Ignore,
    };
    let inserts = on_missing == OnMissing::Insert;
    let inputs: Vec<&Column> = free.iter().copied().filter(|_| is_keyed && !choices.chance(40)).collect();
    let mut targets: Vec<&Column> =
        free.iter().copied().filter(|column| inserts && !column.is_nullable() || choices.chance(50)).collect();
    if targets.is_empty() {
        targets.push(free[choices.below(free.len())]);
    }
    let typed = |columns: &[&Column]| columns.iter().map(|c| (c.name().clone(), c.ty().clone())).collect::<Vec<_>>();
    let all: Vec<&Column> = seen.table.columns().iter().collect();
    let mut set = Vec::new();
    for target in &targets {
        let now_digits = match target.ty() {
            Type::Timestamp { digits } | Type::TimestampTz { digits } => *digits,
            _ => 6,
        };
        // a row that is inserted has no old one to read
        let (columns, inputs) = (if inserts { Vec::new() } else { typed(&all) }, typed(&inputs));
        let mut grower = Grower { caps, choices, columns, inputs, reach, now_digits };
        set.push((target.name().clone(), assigned(&mut grower, target)));
    }
    let filter = choices.chance(if is_keyed { 40 } else { 75 }).then(|| {
        let (columns, inputs) = (typed(&all), typed(&inputs));
        Grower { caps, choices, columns, inputs, reach, now_digits: 6 }.condition(2)
    });
    let whole = |column: &&&Column| matches!(column.ty(), Type::Int { bits: 32 | 64 });
    let wholes: Vec<&&Column> = free.iter().filter(whole).filter(|column| !inputs.contains(column)).collect();
    let version = match is_keyed && !inserts && !wholes.is_empty() && choices.chance(12) {
        true => Some(choices.pick(&wholes).name().clone()),
        false => None,
    };
    let set: Vec<(Ident, E)> = set.into_iter().filter(|(name, _)| Some(name) != version.as_ref()).collect();
    let (set, version) =
        if set.is_empty() { (vec![(targets[0].name().clone(), own(targets[0]))], None) } else { (set, version) };
    let is_stamp = |ty: &Type| matches!(ty, Type::Timestamp { .. } | Type::TimestampTz { .. });
    let is_free =
        |c: &&&Column| is_stamp(c.ty()) && !inputs.contains(c) && set.iter().all(|(name, _)| name != c.name());
    let stamps: Vec<&&Column> = free.iter().filter(is_free).collect();
    let touch = (!stamps.is_empty() && choices.chance(30)).then(|| choices.pick(&stamps).name().clone());
    let on_duplicate = match is_keyed && choices.chance(10) {
        true => *choices.pick(&[OnDuplicate::First, OnDuplicate::Last]),
        false => OnDuplicate::Error,
    };
    let mut rows = match is_keyed {
        true => {
            let is_read = |c: &&&Column| set.iter().map(|(_, e)| e).chain(&filter).any(|e| reads(e, c.name()));
            let read = inputs.iter().filter(is_read).copied();
            let read: Vec<&Column> = read.chain(version.as_ref().and_then(|name| seen.table.find(name))).collect();
            let manner = Manner { reach, version: version.as_ref(), on_duplicate, on_missing };
            keyed(caps, choices, &seen, levels[0].key.clone(), &read, (&set, &filter), manner)
        }
        false => CaseRows::All,
    };
    if inserts && choices.chance(15) {
        halve(choices, &levels, &tables, &mut rows);
    }
    let mut followers = Vec::new();
    if follows {
        for number in 0..1 + choices.below(2) {
            let place = choices.below(3);
            let (data, follower) = follow(caps, choices, &seen, 10 * (number + 1), reach);
            match place {
                0 => followers.push(follower),
                1 => tables[0].table = tables[0].table.clone().follower(follower),
                _ => {
                    // of any of the tables, by a column that it has
                    let at = choices.below(levels.len());
                    let has_link = follower.links.iter().all(|(_, ours)| levels[at].table.find(ours).is_some());
                    let at = if has_link { at } else { 0 };
                    tables[at].table = tables[at].table.clone().follower(follower);
                }
            }
            if choices.chance(25) {
                let (badges, mut further) = follow(caps, choices, &data, 10 * (number + 1) + 5, reach);
                further.of = Some(data.table.name().clone());
                followers.push(further);
                tables.push(badges);
            }
            tables.push(data);
        }
    }
    let schema = tables.iter().fold(Schema::new(), |schema, data| schema.table(data.table.clone()));
    let only_changed = choices.chance(15);
    let now = Timestamp::parse("2026-11-20 10:20:30.123456").expect("a timestamp");
    Span { schema, tables, rows, set, filter, only_changed, version, touch, on_duplicate, on_missing, followers, now }
}

/// Has the last row a key that a table has and the one that extends it has not, where there is one.
fn halve(choices: &mut Choices<'_>, levels: &[Level], tables: &[TableData], rows: &mut CaseRows) {
    let CaseRows::Keyed { cells, .. } = rows else { return };
    let key_of = |at: usize, row: &Vec<Value<'static>>| row[..levels[at].key.len()].to_vec();
    let first: Vec<Vec<Value<'static>>> = tables[0].rows.iter().map(|row| key_of(0, row)).collect();
    let above = (1..levels.len()).flat_map(|at| tables[at].rows.iter().map(move |row| key_of(at, row)));
    let half: Vec<Vec<Value<'static>>> = above.filter(|key| !first.contains(key)).collect();
    if let (Some(row), false) = (cells.last_mut(), half.is_empty()) {
        let key = choices.pick(&half).iter().cloned().map(Cell::Value);
        row.iter_mut().zip(key).for_each(|(cell, value)| *cell = value);
    }
}

/// The joined rows of a table and those that it extends.
fn seen(tables: &[TableData], first: &TableName) -> TableData {
    let schema = tables.iter().fold(Schema::new(), |schema, data| schema.table(data.table.clone()));
    model::joined(&schema, first, tables)
}

fn own(column: &Column) -> E {
    Expr::Column(column.name().clone())
}

fn reads(expr: &E, input: &Ident) -> bool {
    matches!(expr, Expr::Input(name) if name == input) || expr.operands().into_iter().any(|e| reads(e, input))
}

fn levels(caps: &'static Caps, choices: &mut Choices<'_>) -> Vec<Level> {
    let count = *choices.pick(&[2, 1, 2, 2, 3, 3]);
    let types: Vec<Type> = (0..*choices.pick(&[1, 1, 1, 2])).map(|_| key_type(choices)).collect();
    let mut levels: Vec<Level> = Vec::new();
    // from the table that extends no other
    for level in (0..count).rev() {
        // of a long name no more than tells the tables apart is kept
        let table_name = name(caps, choices, "t", level).as_str().chars().take(30).collect::<String>();
        let table_name = format!("{table_name}{level}z");
        let mut table = Table::new(TableName::new(table_name).expect("a name"));
        let shared = levels.last().filter(|_| choices.chance(40)).map(|above| above.key.clone());
        let names = |choices: &mut Choices<'_>| {
            (0..types.len()).map(|at| name(caps, choices, "k", 100 + 10 * level + at)).collect::<Vec<Ident>>()
        };
        let key = shared.unwrap_or_else(|| names(choices));
        for (name, ty) in key.iter().zip(&types) {
            table = table.column(tables::collated(caps, Column::new(name.clone(), ty.clone()).expect("a name"), true));
        }
        for at in 0..1 + choices.below(3) {
            // now and then one that another table has too
            let others: Vec<Ident> =
                levels.iter().flat_map(|level| level.table.columns()).map(|c| c.name().clone()).collect();
            let hides = !others.is_empty() && choices.chance(8);
            let own = name(caps, choices, "c", 20 + 10 * level + at);
            let own = if hides { choices.pick(&others).clone() } else { own };
            if table.find(&own).is_some() || key.contains(&own) || levels.iter().any(|level| level.key.contains(&own)) {
                continue;
            }
            let column = Column::new(own, tables::value_type(caps, choices)).expect("a name");
            let column = tables::collated(caps, column, true);
            table = table.column(if choices.chance(20) { column.not_null() } else { column });
        }
        if table.columns().len() == key.len() {
            let own = name(caps, choices, "c", 29 + 10 * level);
            table = table.column(Column::new(own, Type::INT32).expect("a name"));
        }
        table = table.primary_key(&key).expect("its own columns");
        if let Some(above) = levels.last() {
            table = table.extends_by(above.table.name(), &above.key).expect("a key");
        }
        levels.push(Level { table, key });
    }
    levels.reverse();
    levels
}

fn key_type(choices: &mut Choices<'_>) -> Type {
    choices.pick(&[Type::INT64, Type::INT32, Type::INT64, Type::Text { max: Some(20) }]).clone()
}

/// The rows of each level's table: of those above, some go on below.
fn rows_of(caps: &'static Caps, choices: &mut Choices<'_>, levels: &[Level], reach: Reach) -> Vec<TableData> {
    let keys = RefCell::new(Vec::<Vec<Value<'static>>>::new());
    let mut all: Vec<TableData> = Vec::new();
    for (at, level) in levels.iter().enumerate().rev() {
        let mut rows = Vec::new();
        let known = keys.borrow().clone();
        let most = if at + 1 == levels.len() { 2 + choices.below(10) } else { known.len() };
        let mut kept = Vec::new();
        for index in 0..most {
            let row: Vec<Value<'static>> =
                level.table.columns().iter().map(|column| cell(caps, choices, column, reach)).collect();
            let mut row = row;
            let key = match known.get(index) {
                Some(key) => key.clone(),
                None => row[..level.key.len()].to_vec(),
            };
            if at + 1 < levels.len() && choices.chance(25) || kept.contains(&key) || key.iter().any(Value::is_null) {
                continue;
            }
            row[..key.len()].clone_from_slice(&key);
            kept.push(key);
            rows.push(row);
        }
        *keys.borrow_mut() = kept;
        all.push(TableData { table: level.table.clone(), rows });
    }
    all.reverse();
    all
}

/// A table whose rows follow those of another, and how.
fn follow(
    caps: &'static Caps,
    choices: &mut Choices<'_>,
    of: &TableData,
    number: usize,
    reach: Reach,
) -> (TableData, Follower<'static>) {
    let is_plain = |ty: &Type| matches!(ty, Type::Int { bits: 32 | 64 });
    let plain: Vec<&Column> = of.table.columns().iter().filter(|column| is_plain(column.ty())).collect();
    let key: Vec<&Column> = of.table.columns().iter().filter(|column| of.table.key().contains(column.name())).collect();
    let ours: Vec<&Column> = if plain.is_empty() || choices.chance(60) { key } else { vec![*choices.pick(&plain)] };
    let mut table = Table::new(TableName::new(format!("f{number}")).expect("a name"));
    table = table.column(Column::new(format!("n{number}"), Type::INT32).expect("a name"));
    let mut links = Vec::new();
    for (at, ours) in ours.iter().enumerate() {
        let theirs = Ident::new(format!("l{number}_{at}")).expect("a name");
        let column = Column::new(theirs.clone(), ours.ty().clone()).expect("a name");
        table = table.column(tables::collated(caps, column, true));
        links.push((theirs, ours.name().clone()));
    }
    let mut values = Vec::new();
    for at in 0..1 + choices.below(2) {
        let own = name(caps, choices, "w", 200 + 10 * number + at);
        let column = Column::new(own, tables::value_type(caps, choices)).expect("a name");
        values.push(column.clone());
        table = table.column(column);
    }
    let table = table.primary_key([format!("n{number}")]).expect("its own column");
    let mut rows = Vec::new();
    for at in 0..choices.below(12) {
        let mut row: Vec<Value<'static>> =
            table.columns().iter().map(|column| cell(caps, choices, column, reach)).collect();
        row[0] = Value::Int(at as i64);
        if !of.rows.is_empty() && choices.chance(75) {
            let led = &of.rows[choices.below(of.rows.len())];
            for (index, ours) in ours.iter().enumerate() {
                let place =
                    of.table.columns().iter().position(|column| column.name() == ours.name()).expect("a column");
                row[1 + index] = led[place].clone();
            }
        }
        rows.push(row);
    }
    let typed: Vec<(Ident, Type)> = table.columns().iter().map(|c| (c.name().clone(), c.ty().clone())).collect();
    let mut follower = Follower::new(table.name()).expect("a name");
    follower.links = links;
    for column in &values {
        let (columns, inputs) = (typed.clone(), Vec::new());
        let now_digits = match column.ty() {
            Type::Timestamp { digits } | Type::TimestampTz { digits } => *digits,
            _ => 6,
        };
        let value = assigned(&mut Grower { caps, choices, columns, inputs, reach, now_digits }, column);
        follower = follower.set(column.name(), value).expect("a name");
    }
    if choices.chance(30) {
        let (columns, inputs) = (typed, Vec::new());
        follower = follower.filter(Grower { caps, choices, columns, inputs, reach, now_digits: 6 }.condition(2));
    }
    (TableData { table, rows }, follower)
}

/// Random spans that a dialect with these capabilities can mostly carry out.
pub fn spans(caps: &'static Caps) -> impl proptest::strategy::Strategy<Value = Span> {
    use proptest::prelude::*;
    prop::collection::vec(any::<u32>(), 0..MOST_CHOICES).prop_map(move |list| grow(caps, &list))
}
