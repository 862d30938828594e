//! Random updates of a random table, and the rows of both.

use setwise::{Cell, Column, Expr, Func, Ident, OnDuplicate, OnMissing, Schema, Table, Timestamp, Type, Value};

use super::caps::Caps;
use super::cells::Sayings;
use super::choices::Choices;
use super::exprs::{E, Grower, Kind, call, int};
use super::values::{self, Reach};
use super::{Case, CaseRows, params, uniques};
use crate::model::{TableData, same};

/// The case that the choices make.
pub fn case(caps: &'static Caps, choices: &mut Choices<'_>) -> Case {
    let (mut table, key) = super::tables::table(caps, choices);
    let reach = if choices.chance(30) { Reach::Wild } else { Reach::Mild };
    let is_keyed = !choices.chance(20);
    let on_duplicate = match is_keyed && choices.chance(15) {
        true => *choices.pick(&[OnDuplicate::First, OnDuplicate::Last]),
        false => OnDuplicate::Error,
    };
    let has_own_key = table.key() == key;
    let on_missing = match choices.below(100) {
        85.. if is_keyed && has_own_key => OnMissing::Insert,
        75..85 if is_keyed => OnMissing::Error,
        _ => OnMissing::Ignore,
    };
    let inserts = on_missing == OnMissing::Insert;
    let only_changed = choices.chance(25);
    let touch = choices.chance(if only_changed { 80 } else { 10 }).then(|| super::names::name(caps, choices, "w", 20));
    if let Some(touch) = &touch {
        table = table.column(Column::new(touch.clone(), Type::TIMESTAMP).expect("a name"));
    }
    let mut table = uniques::constrain(choices, table, &key);
    let version = (is_keyed && !inserts && choices.chance(20)).then(|| super::names::name(caps, choices, "y", 21));
    if let Some(version) = &version {
        let column = Column::new(version.clone(), Type::INT32).expect("a name");
        table = table.column(if choices.chance(50) { column.not_null() } else { column });
    }
    let own = |column: &Column| [&touch, &version].into_iter().flatten().any(|own| own == column.name());
    let free = |column: &&Column| !own(column) && !key.contains(column.name()) && !table.key().contains(column.name());
    let free: Vec<&Column> = table.columns().iter().filter(free).collect();
    let inputs: Vec<&Column> = free.iter().copied().filter(|_| is_keyed && !choices.chance(30)).collect();
    let mut targets: Vec<&Column> =
        free.iter().copied().filter(|column| inserts && !column.is_nullable() || !choices.chance(35)).collect();
    if targets.is_empty() {
        targets.push(free[0]);
    }
    let typed = |columns: &[&Column]| columns.iter().map(|c| (c.name().clone(), c.ty().clone())).collect::<Vec<_>>();
    let all: Vec<&Column> = table.columns().iter().collect();
    let mut set: Vec<(Ident, E)> = Vec::new();
    for target in &targets {
        let now_digits = match target.ty() {
            Type::Timestamp { digits } | Type::TimestampTz { digits } => *digits,
            _ => 6,
        };
        // a row that is inserted has no old one to read
        let (columns, inputs) = (if inserts { Vec::new() } else { typed(&all) }, typed(&inputs));
        let mut grower = Grower { caps, choices, columns, inputs, reach, now_digits };
        let is_whole = matches!(target.ty(), Type::Int { .. } | Type::UInt { .. });
        let value = match uniques::is_in_unique(&table, target.name()) && is_whole && grower.choices.chance(80) {
            true if grower.inputs.iter().any(|(name, _)| name == target.name()) => Expr::Input(target.name().clone()),
            true if !inserts => uniques::moved(grower.choices, target),
            _ => assigned(&mut grower, target),
        };
        set.push((target.name().clone(), value));
    }
    let mut filter = choices.chance(if is_keyed { 25 } else { 70 }).then(|| {
        let (columns, inputs) = (typed(&all), typed(&inputs));
        Grower { caps, choices, columns, inputs, reach, now_digits: 6 }.condition(2)
    });
    let data = rows(caps, choices, &table, reach);
    let params = match choices.chance(25) {
        true => params::lift(choices, set.iter_mut().map(|(_, value)| value).chain(&mut filter)),
        false => Vec::new(),
    };
    let rows = match is_keyed {
        true => {
            let is_read = |c: &&&Column| set.iter().map(|(_, e)| e).chain(&filter).any(|e| reads(e, c.name()));
            let read = inputs.iter().filter(is_read).copied();
            let read: Vec<&Column> = read.chain(version.as_ref().and_then(|name| table.find(name))).collect();
            let manner = Manner { reach, version: version.as_ref(), on_duplicate, on_missing };
            keyed(caps, choices, &data, key, &read, (&set, &filter), manner)
        }
        false => CaseRows::All,
    };
    let mut returning = Vec::new();
    if choices.chance(12) {
        returning = all.iter().filter(|_| choices.chance(40)).map(|column| column.name().clone()).collect();
    }
    let returning = (returning, choices.chance(40));
    let now = Timestamp::parse("2026-11-20 10:20:30.123456").expect("a timestamp");
    let returning = if on_missing == OnMissing::Insert { (Vec::new(), false) } else { returning };
    Case {
        schema: Schema::new().table(table),
        data,
        rows,
        set,
        filter,
        params,
        now,
        only_changed,
        touch,
        version,
        on_duplicate,
        on_missing,
        returning,
    }
}

/// What a column is set to.
pub fn assigned(grower: &mut Grower<'_, '_>, target: &Column) -> E {
    let incoming = grower.inputs.iter().find(|(name, _)| name == target.name()).cloned();
    let plain = grower.choices.below(100);
    match incoming {
        Some((name, _)) if plain < 50 => return Expr::Input(name),
        None if plain < 15 => {
            let value = values::value(grower.caps, grower.choices, target.ty(), grower.reach);
            let null = target.is_nullable() && grower.choices.chance(20);
            return E::Value(if null { Value::Null } else { value });
        }
        _ => {}
    }
    let kind = Kind::of(target.ty());
    if *target.ty() == Type::Float32 && !grower.caps.computed_float32 {
        let named = grower.named(|ty| *ty == Type::Float32);
        let (caps, reach) = (grower.caps, grower.reach);
        return named.unwrap_or_else(|| E::Value(values::value(caps, grower.choices, target.ty(), reach)));
    }
    let depth = 1 + grower.choices.below(3);
    let value = grower.expr(&kind, depth);
    let is_bare = matches!(value, Expr::Value(_) | Expr::Input(_) | Expr::Column(_));
    let value = match target.ty() {
        // Keeps most results within the column.
        Type::Int { bits: ..=32 } | Type::UInt { .. } if kind == Kind::Int && grower.choices.chance(70) => {
            let value = call(Func::Mod, [value, int(100)]);
            if matches!(target.ty(), Type::UInt { .. }) { call(Func::Abs, [value]) } else { value }
        }
        Type::Text { max: Some(max) } | Type::Char { length: max } if !is_bare || grower.choices.chance(50) => {
            match grower.choices.chance(80) {
                true => call(Func::Substring, [value, int(1), int((*max).into())]),
                false => value,
            }
        }
        // A bare incoming value of another column may be longer or finer than the target.
        ty if is_bare && *ty != type_of(grower, &value) => grower.constant(&kind),
        _ => value,
    };
    if target.is_nullable() || grower.choices.chance(10) {
        return value;
    }
    match value {
        Expr::Value(_) => value,
        value if matches!(kind, Kind::Same(_)) => {
            let own = grower.named(|ty| ty == target.ty());
            if own.is_some() { call(Func::Coalesce, [value, grower.constant(&kind)]) } else { value }
        }
        value => call(Func::Coalesce, [value, grower.constant(&kind)]),
    }
}

fn type_of(grower: &Grower<'_, '_>, value: &E) -> Type {
    let find = |list: &[(Ident, Type)], name: &Ident| list.iter().find(|(n, _)| n == name).map(|(_, ty)| ty.clone());
    let found = match value {
        Expr::Column(name) => find(&grower.columns, name),
        Expr::Input(name) => find(&grower.inputs, name),
        _ => None,
    };
    found.unwrap_or(Type::Bool)
}

fn reads(expr: &E, input: &Ident) -> bool {
    matches!(expr, Expr::Input(name) if name == input) || expr.operands().into_iter().any(|e| reads(e, input))
}

fn rows(caps: &'static Caps, choices: &mut Choices<'_>, table: &Table, reach: Reach) -> TableData {
    let most = *choices.pick(&[3, 6, 12, 24, 64]);
    let key: Vec<usize> = positions(table, table.key());
    let mut rows: Vec<Vec<Value<'static>>> = Vec::new();
    for _ in 0..most {
        let cell = |column: &Column| cell(caps, &mut *choices, column, reach);
        let row: Vec<Value<'static>> = table.columns().iter().map(cell).collect();
        let is_new = !rows.iter().any(|other| same_key(caps, table, &key, other, &row));
        if is_new && uniques::may_stand(table, &rows, &row) {
            rows.push(row);
        }
        if choices.is_empty() {
            break;
        }
    }
    TableData { table: table.clone(), rows }
}

pub(super) fn cell(caps: &Caps, choices: &mut Choices<'_>, column: &Column, reach: Reach) -> Value<'static> {
    match column.is_nullable() && choices.chance(20) {
        true => Value::Null,
        false => key_value(caps, choices, column, reach),
    }
}

/// A value of a column. Under a collation that takes cases of letters for one, a text of the letters that all take so.
fn key_value(caps: &Caps, choices: &mut Choices<'_>, column: &Column, reach: Reach) -> Value<'static> {
    if !is_folding(caps, column) {
        return values::value(caps, choices, column.ty(), reach);
    }
    let letters = ["a", "B", "b", "A", "z", "x-y", "7"];
    let text: String = (0..=choices.below(3)).map(|_| *choices.pick(&letters)).collect();
    Value::from(text)
}

fn is_folding(caps: &Caps, column: &Column) -> bool {
    column.collation().is_some_and(|named| named.name().as_str() == caps.folding_collation)
        && matches!(column.ty(), Type::Text { max: Some(20) })
}

fn positions(table: &Table, names: &[Ident]) -> Vec<usize> {
    names.iter().filter_map(|name| table.columns().iter().position(|column| column.name() == name)).collect()
}

fn same_key(caps: &Caps, table: &Table, key: &[usize], a: &[Value<'_>], b: &[Value<'_>]) -> bool {
    key.iter().all(|at| match (&a[*at], &b[*at], &table.columns()[*at]) {
        (Value::Text(a), Value::Text(b), column) if is_folding(caps, column) => a.eq_ignore_ascii_case(b),
        (a, b, column) => same(a, b, column.ty()),
    })
}

/// What incoming rows are made for.
pub(super) struct Manner<'c> {
    pub reach: Reach,
    pub version: Option<&'c Ident>,
    pub on_duplicate: OnDuplicate,
    pub on_missing: OnMissing,
}

/// Incoming rows: half of the table's keys, and half as many that it does not have.
pub(super) fn keyed(
    caps: &'static Caps,
    choices: &mut Choices<'_>,
    data: &TableData,
    key: Vec<Ident>,
    inputs: &[&Column],
    (set, filter): (&[(Ident, E)], &Option<E>),
    Manner { reach, version, on_duplicate, on_missing }: Manner<'_>,
) -> CaseRows {
    let table = &data.table;
    let again = if on_duplicate == OnDuplicate::Error { 1 } else { 60 };
    let at = positions(table, &key);
    let mut keys: Vec<Vec<Value<'static>>> = Vec::new();
    let mut add = |values: Vec<Value<'static>>, choices: &mut Choices<'_>| {
        let same = |other: &Vec<Value<'_>>| {
            other.iter().zip(&values).zip(&at).all(|((a, b), at)| same(a, b, table.columns()[*at].ty()))
        };
        // A repeated key is refused; it is left in now and then.
        if !values.iter().any(Value::is_null) && (!keys.iter().any(same) || choices.chance(again)) {
            let place = choices.below(keys.len() + 1);
            keys.insert(keys.len() - place, values);
        }
    };
    for row in &data.rows {
        if !choices.chance(50) {
            add(at.iter().map(|at| row[*at].clone()).collect(), choices);
            if again > 1 && choices.chance(30) {
                add(at.iter().map(|at| row[*at].clone()).collect(), choices);
            }
        }
    }
    // a missing key that must not be missing says little
    let missing = if on_missing == OnMissing::Error && !choices.chance(20) { 0 } else { data.rows.len().div_ceil(4) };
    for _ in 0..missing {
        let new = |at: &usize| key_value(caps, &mut *choices, &table.columns()[*at], reach);
        let values = at.iter().map(new).collect();
        add(values, choices);
    }
    let columns: Vec<Ident> = key.iter().cloned().chain(inputs.iter().map(|column| column.name().clone())).collect();
    let is_bare = |column: &Column| {
        set.iter().any(|(name, value)| {
            matches!(value, Expr::Input(input) if input == column.name())
                && table.find(name).is_some_and(|target| !target.is_nullable())
        })
    };
    let readable: Vec<_> = table.columns().iter().map(|c| (c.name().clone(), c.ty().clone())).collect();
    let sayings: Option<Vec<Sayings>> = choices.chance(25).then(|| {
        let choose = |column: &&Column| Sayings::choose(caps, &mut *choices, column, &readable, (set, filter));
        inputs.iter().map(choose).collect()
    });
    let mut cells = Vec::new();
    for values in keys {
        let has_key = |row: &&Vec<Value<'_>>| {
            at.iter().zip(&values).all(|(at, value)| same(&row[*at], value, table.columns()[*at].ty()))
        };
        let old = data.rows.iter().find(has_key);
        let mut row: Vec<Cell<'static>> = values.into_iter().map(Cell::Value).collect();
        for (index, column) in inputs.iter().enumerate() {
            let sayings = sayings.as_ref().filter(|_| version != Some(column.name())).map(|sayings| &sayings[index]);
            if let Some(cell) = sayings.and_then(|sayings| sayings.say(caps, &mut *choices, column, &readable)) {
                row.push(cell);
                continue;
            }
            // now and then what the table has already
            let kept = old.zip(positions(table, std::slice::from_ref(column.name())).pop());
            let percent = if version == Some(column.name()) { 70 } else { 30 };
            if let (Some((old, at)), true) = (kept, choices.chance(percent)) {
                row.push(Cell::Value(old[at].clone()));
                continue;
            }
            let null = choices.chance(20) && !is_bare(column);
            let value = values::value(caps, choices, column.ty(), reach);
            row.push(Cell::Value(if null { Value::Null } else { value }));
        }
        cells.push(row);
    }
    uniques::rotate(choices, data, &key, &columns, &mut cells);
    CaseRows::Keyed { key, columns, cells }
}
