//! Values of unique columns that are parked: measured, moved out of the way, and put in their place.

use std::borrow::Cow;

use super::expr::{FAIL, state_type, widen};
use crate::dialect::{Dialect, Exclusion, Greatest, Keeping, Overflow};
use crate::ir::{Moment, Returned, Type, Value};
use crate::options::Output;
use crate::plan::{Bounds, Parked, Plan};
use crate::sql::{From, Given, Keep, Number, Select, Set, Source, Sql, Verb};

/// A verb and its conditions.
type Built<'u> = (Verb<'u>, Vec<Sql<'u>>);

/// Measures what the table has; where all new values come in, the distance follows from it.
pub(super) fn measure_table<'u>(plan: &Plan<'u>, at: usize) -> Built<'u> {
    let Some(parked) = plan.parked.get(at) else { return (Verb::LockTable, Vec::new()) };
    let most = Sql::Call("max", vec![Sql::Column(parked.column.name())]);
    // the distance between two integers may need a bit more than they do
    let most = match parked.column.ty() {
        ty @ (Type::Int { .. } | Type::UInt { .. }) => widen(plan.dialect, most, ty),
        _ => most,
    };
    let (of, numbers, list) = match parked.bounds {
        Bounds::Measured => (None, vec![Number::High, Number::Low], vec![most, Sql::word("NULL")]),
        Bounds::Known(None) => (None, vec![Number::High, Number::Shift], vec![most, Sql::word("NULL")]),
        Bounds::Known(Some((least, greatest))) => {
            let bound = |value: &'u Value<'u>| bound(value, parked.column.ty());
            let high = outermost(plan.dialect, true, most, bound(greatest));
            let list = vec![Sql::Named(0), distance(Sql::Named(0), bound(least))];
            (Some(high), vec![Number::High, Number::Shift], list)
        }
    };
    let select = select(plan, From::Target, list);
    (Verb::Keep(Keep { at, numbers, is_first: true, of, select }), Vec::new())
}

/// Measures the new values of some rows.
pub(super) fn measure_rows<'u>(
    plan: &Plan<'u>,
    at: usize,
    source: Source,
    set: Vec<Set<'u>>,
    filter: Vec<Sql<'u>>,
) -> Built<'u> {
    let Some(parked) = plan.parked.get(at) else { return (Verb::LockTable, Vec::new()) };
    let name = parked.column.name();
    let new = set.into_iter().find(|set| set.column == name).map_or(Sql::Column(name), |set| set.value);
    let [high, low] = [Number::High, Number::Low].map(|number| kept(plan, parked, at, number));
    let found = |aggregate| Sql::Call(aggregate, vec![Sql::Named(0)]);
    let list =
        vec![outermost(plan.dialect, true, found("max"), high), outermost(plan.dialect, false, found("min"), low)];
    let from = if matches!(source, Source::Join { .. }) { From::RowsInTarget } else { From::Target };
    let (numbers, select) = (vec![Number::High, Number::Low], select(plan, from, list));
    (Verb::Keep(Keep { at, numbers, is_first: false, of: Some(operand(plan, parked, new)), select }), filter)
}

/// Keeps the distance between measured bounds.
pub(super) fn keep_distance<'u>(plan: &Plan<'u>, at: usize) -> Built<'u> {
    let Some(parked) = plan.parked.get(at) else { return (Verb::LockTable, Vec::new()) };
    let [high, low] = [Number::High, Number::Low].map(|number| kept(plan, parked, at, number));
    let select = select(plan, From::Nothing, vec![distance(high, low)]);
    (Verb::Keep(Keep { at, numbers: vec![Number::Shift], is_first: false, of: None, select }), Vec::new())
}

/// The same assignments, with the values of parked columns out of the way.
pub(super) fn park<'u>(plan: &Plan<'u>, set: Vec<Set<'u>>) -> Vec<Set<'u>> {
    let mut set = set;
    for (at, parked) in plan.parked.iter().enumerate() {
        let name = parked.column.name();
        let shift = kept(plan, parked, at, Number::Shift);
        let away = |value: Sql<'u>| whole(plan.dialect, Sql::infix(operand(plan, parked, value), "+", shift));
        match set.iter_mut().find(|set| set.column == name) {
            Some(set) => set.value = away(std::mem::replace(&mut set.value, Sql::word("NULL"))),
            None => set.push(Set { column: name, value: away(Sql::Column(name)) }),
        }
    }
    set
}

/// What is given back of a column: a new value as it will be in its place, in the column's type.
pub(super) fn give<'u>(plan: &Plan<'u>, returned: &'u Returned) -> Given<'u> {
    let is_parked = |(_, parked): &(usize, &Parked<'u>)| parked.column.name() == &returned.column;
    let parked = plan.parked.iter().enumerate().find(is_parked).filter(|_| returned.at == Moment::New);
    let value = parked.map(|(at, parked)| {
        let value = Sql::infix(Sql::Column(&returned.column), "-", kept(plan, parked, at, Number::Shift));
        state_type(plan.dialect, value, parked.column.ty())
    });
    Given { returned, value }
}

/// Puts parked values in their place.
pub(super) fn settle<'u>(plan: &Plan<'u>, at: usize) -> Built<'u> {
    let Some(parked) = plan.parked.get(at) else { return (Verb::LockTable, Vec::new()) };
    let name = parked.column.name();
    let [high, shift] = [Number::High, Number::Shift].map(|number| kept(plan, parked, at, number));
    let value = Sql::infix(Sql::Column(name), "-", shift);
    (Verb::Update { set: vec![Set { column: name, value }] }, vec![Sql::infix(Sql::Column(name), ">", high)])
}

/// A query whose rows nobody else may change.
fn select<'u>(plan: &Plan<'u>, from: From, list: Vec<Sql<'u>>) -> Select<'u> {
    let lock = from != From::Nothing && plan.dialect.fact(|spec| &spec.exclusion) == Exclusion::LockingRead;
    Select { lock, ..Select::new(list, from) }
}

/// The greater or the lesser of two; where one is NULL, the other.
fn outermost<'u>(dialect: Dialect, greatest: bool, a: Sql<'u>, b: Sql<'u>) -> Sql<'u> {
    let call = |name| Sql::Call(name, vec![a.clone(), b.clone()]);
    let or_other = |both| Sql::Call("COALESCE", vec![both, a.clone(), b.clone()]);
    match (dialect.fact(|spec| &spec.greatest), greatest) {
        (Greatest::SkipsNull, true) => call("GREATEST"),
        (Greatest::SkipsNull, false) => call("LEAST"),
        (Greatest::GivesNull, true) => or_other(call("GREATEST")),
        (Greatest::GivesNull, false) => or_other(call("LEAST")),
        (Greatest::MinMax, true) => or_other(call("max")),
        (Greatest::MinMax, false) => or_other(call("min")),
    }
}

/// One more than lies between two.
fn distance<'u>(high: Sql<'u>, low: Sql<'u>) -> Sql<'u> {
    Sql::infix(Sql::infix(high, "-", low), "+", Sql::word("1"))
}

/// A known bound.
fn bound<'u>(value: &'u Value<'u>, ty: &Type) -> Sql<'u> {
    let (value, ty) = match (value, ty) {
        (Value::Int(v), Type::Decimal { .. }) => (Value::Decimal((*v).into()), ty.clone()),
        (Value::Int(_), _) => (value.clone(), Type::INT64),
        (value, ty) => (value.clone(), ty.clone()),
    };
    Sql::Value { value: Cow::Owned(value), ty: Cow::Owned(ty), cast: false }
}

/// A new value, as an operand: of the type of what is kept, where the engine cannot tell it from a NULL, or goes by
/// parameters.
fn operand<'u>(plan: &Plan<'u>, parked: &Parked<'u>, value: Sql<'u>) -> Sql<'u> {
    let is_bind = plan.options.output == Output::Binds;
    let is_untyped = match &value {
        Sql::Value { .. } | Sql::Argument { .. } | Sql::Word(_) => true,
        Sql::Input(_) => is_bind,
        // operands say their types themselves
        Sql::Column(_) | Sql::Cast(..) | Sql::Infix(..) => false,
        value => {
            let is_given = |leaf: &Sql<'_>| matches!(leaf, Sql::Input(_) | Sql::Value { .. } | Sql::Argument { .. });
            is_bind && plan.dialect.fact(|spec| &spec.keeping) == Keeping::Variable && value.walk().any(is_given)
        }
    };
    match kept_type(plan, parked.column.ty()) {
        Some(ty) if is_untyped => value.cast(ty),
        _ => value,
    }
}

/// Where an integer that leaves 64 bits becomes a float, it is an error instead.
fn whole(dialect: Dialect, sum: Sql<'_>) -> Sql<'_> {
    if dialect.fact(|spec| &spec.overflow) != Overflow::Float {
        return sum;
    }
    let real = Sql::infix(Sql::Call("typeof", vec![Sql::Named(0)]), "=", Sql::word("'real'"));
    Sql::Let(vec![sum], Box::new(Sql::choose(real, Sql::word(FAIL), Sql::Named(0))))
}

/// The type of the numbers that are kept of a column; none where they keep their own.
fn kept_type(plan: &Plan<'_>, ty: &Type) -> Option<Cow<'static, str>> {
    match (plan.dialect.fact(|spec| &spec.keeping), ty) {
        (Keeping::Setting, Type::Decimal { .. }) => Some("numeric".into()),
        (Keeping::Setting, _) => Some("bigint".into()),
        (Keeping::Variable, Type::Decimal { scale, .. }) => Some(format!("DECIMAL(65,{})", scale.unwrap_or(0)).into()),
        (Keeping::Variable, Type::UInt { bits: 33.. }) => Some("UNSIGNED".into()),
        (Keeping::Variable, _) => Some("SIGNED".into()),
        (Keeping::TempTable, _) => None,
    }
}

/// A number that an earlier statement has kept.
fn kept<'u>(plan: &Plan<'u>, parked: &Parked<'u>, at: usize, number: Number) -> Sql<'u> {
    let name = number.name();
    let number = Sql::word(match plan.dialect.fact(|spec| &spec.keeping) {
        // what is set to NULL is an empty text
        Keeping::Setting => format!("nullif(current_setting('setwise.{name}{at}'), '')"),
        Keeping::Variable => format!("@setwise_{name}{at}"),
        Keeping::TempTable => format!("(SELECT {name} FROM temp.setwise_parked WHERE at = {at})"),
    });
    match kept_type(plan, parked.column.ty()) {
        Some(ty) => number.cast(ty),
        None => number,
    }
}
