//! Updates that span tables: a table with those that it extends is one table of joined rows, and what follows is an
//! update of its own behind it.

use std::collections::BTreeSet;

use setwise::{Expr, Follower, Ident, Keyed, OnMissing, Rows, Schema, Table, TableName, Timestamp, Update, Value};

use super::apply::{canonical, is_unique, of_one_table};
use super::eval::UNDECIDED;
use super::guard::{Effect, NEEDLESS, Row};
use super::refuse::may_be_left_out;
use super::same::same;
use super::{Class, ModelError, TableData};

/// A table and those that it extends.
struct Joined {
    /// As one table: of columns of one name the nearest, and the key by all of its names.
    table: Table,
    /// Each column's level, and its place in the table there.
    origins: Vec<(usize, usize)>,
    /// The name of each level's table, and the places of the shared key in it.
    levels: Vec<(TableName, Vec<usize>)>,
}

/// The table whose rows an update sees, with the columns of those that it extends.
pub fn as_seen(schema: &Schema, name: &TableName) -> Option<Table> {
    schema.find(name).and_then(|table| Joined::of(schema, table)).map(|joined| joined.table)
}

/// The rows that an update sees.
pub fn joined(schema: &Schema, name: &TableName, tables: &[TableData]) -> TableData {
    let joined = Joined::of(schema, schema.find(name).expect("a table")).expect("a chain of tables");
    let (rows, _) = joined.join(tables);
    TableData { table: joined.table, rows }
}

/// What an update does to all tables.
///
/// # Errors
///
/// Every reason why the update does not happen.
pub fn effect(
    update: &Update<'_>,
    data: &TableData,
    others: &[TableData],
    now: Timestamp,
) -> Result<Effect, ModelError> {
    let Some(schema) = update.schema() else { return of_one_table(update, data, others, now, &[]) };
    let mut tables: Vec<TableData> = std::iter::once(data).chain(others).cloned().collect();
    let effect = carry_out(update, update.followers(), true, &mut tables, schema, now, &[])?;
    let mut tables = tables.into_iter();
    let data = tables.next().expect("the first table");
    Ok(Effect { data, others: tables.collect(), ..effect })
}

fn carry_out(
    update: &Update<'_>,
    rules: &[Follower<'_>],
    is_first: bool,
    tables: &mut [TableData],
    schema: &Schema,
    now: Timestamp,
    path: &[TableName],
) -> Result<Effect, ModelError> {
    let Some(table) = schema.find(update.target()) else { return Err(Class::Refused("unknown-table").into()) };
    let joined = Joined::of(schema, table).ok_or(Class::Refused("extends-by-no-key"))?;
    let (rows, places) = joined.join(tables);
    let data = TableData { table: joined.table.clone(), rows };
    let beside: Vec<TableData> = tables.iter().filter(|data| data.table.name() != table.name()).cloned().collect();
    let shared = joined.shared();
    let effect = of_one_table(update, &data, &beside, now, &shared)?;
    for row in joined.apart(tables, &places) {
        let alone = TableData { table: joined.table.clone(), rows: vec![row] };
        let is_at_fault = |class: &Class| !matches!(class, Class::Missing | Class::Unique | Class::Refused(_));
        if of_one_table(update, &alone, &beside, now, &shared).is_err_and(|error| error.classes.iter().any(is_at_fault))
        {
            return Err(UNDECIDED.into());
        }
    }
    let written: BTreeSet<usize> = update.assignments().iter().filter_map(|set| joined.level_of(&set.column)).collect();
    if joined.levels.len() > 1 && update.assignments().iter().any(|set| joined.level_of(&set.column).is_none()) {
        return Err(Class::Refused("shared-key").into());
    }
    joined.split(&effect.data.rows, &places, tables);
    if let (OnMissing::Insert, Rows::Keyed(keyed)) = (update.policy().on_missing, update.rows()) {
        joined.insert(&effect.data.rows[places.len()..], keyed, tables)?;
    }
    if !tables.iter().all(is_unique) {
        return Err(Class::Unique.into());
    }
    let mut path = path.to_vec();
    for (level, (name, _)) in joined.levels.iter().enumerate() {
        if level == 0 || written.contains(&level) {
            if path.contains(name) {
                return Err(Class::Refused("follows-itself").into());
            }
            path.push(name.clone());
        }
    }
    let applies = |level: &usize| *level == 0 || written.contains(level);
    let level_of_rule = |rule: &Follower<'_>| match &rule.of {
        None => is_first.then_some(0),
        Some(of) => joined.levels.iter().position(|(name, _)| schema.find(of).is_some_and(|of| of.name() == name)),
    };
    let of_update = rules.iter().filter_map(|rule| Some((level_of_rule(rule).filter(applies)?, rule)));
    let of_schema =
        joined.levels.iter().enumerate().filter(|(level, _)| applies(level)).flat_map(|(level, (name, _))| {
            schema.find(name).expect("a table").followers().iter().map(move |rule| (level, rule))
        });
    let mut found: Vec<(usize, Follower<'static>)> =
        of_update.map(|(level, rule)| (level, rule.clone().into_owned())).collect();
    found.extend(of_schema.map(|(level, rule)| (level, rule.clone())));
    let columns = joined.table.columns();
    let is_needless = |(old, new): &(Row, Row)| {
        let mut pairs = old.iter().zip(new).zip(columns);
        update.guard().only_changed && pairs.all(|((old, new), column)| same(old, new, column.ty()))
    };
    if !found.is_empty() && effect.written.iter().any(is_needless) {
        return Err(NEEDLESS.into());
    }
    for (level, rule) in found {
        let following = joined.follow(level, &rule, &effect.written, update, schema)?;
        carry_out(&following, rules, false, tables, schema, now, &path)?;
    }
    Ok(effect)
}

impl Joined {
    fn of(schema: &Schema, table: &Table) -> Option<Self> {
        let at = |table: &Table, name: &Ident| table.columns().iter().position(|column| column.name() == name);
        let mut levels = vec![(table, table.key().to_vec())];
        while let Some(parent) = levels.last().and_then(|(child, _)| child.parent()) {
            let (child, key) = levels.last()?;
            let parent = schema.find(parent)?;
            let theirs = if child.parent_key().is_empty() { parent.key() } else { child.parent_key() };
            let other = |name: &Ident| theirs.get(child.key().iter().position(|own| own == name)?).cloned();
            let key = key.iter().map(other).collect::<Option<Vec<Ident>>>()?;
            if levels.iter().any(|(known, _)| known.name() == parent.name()) {
                return None;
            }
            levels.push((parent, key));
        }
        let (mut taken, mut origins) = (BTreeSet::new(), Vec::new());
        let mut joined = Table::new(table.name().clone());
        for (level, (table, _)) in levels.iter().enumerate() {
            for (place, column) in table.columns().iter().enumerate() {
                if !taken.contains(&column.name().as_str().to_lowercase()) {
                    joined = joined.column(column.clone());
                    origins.push((level, place));
                }
            }
            taken.extend(table.columns().iter().map(|column| column.name().as_str().to_lowercase()));
        }
        if !table.key().is_empty() {
            joined = joined.primary_key(table.key()).ok()?;
        }
        for unique in table.uniques() {
            joined = joined.unique(unique.columns()).ok()?;
        }
        let levels = levels.iter().map(|(table, key)| {
            Some((table.name().clone(), key.iter().map(|name| at(table, name)).collect::<Option<Vec<_>>>()?))
        });
        Some(Self { table: joined, origins, levels: levels.collect::<Option<_>>()? })
    }

    /// The joined rows, and for each the place of its row at every level.
    fn join(&self, tables: &[TableData]) -> (Vec<Row>, Vec<Vec<usize>>) {
        let data_of = |name: &TableName| tables.iter().find(|data| data.table.name() == name).expect("a table");
        let all: Vec<(&TableData, &[usize])> =
            self.levels.iter().map(|(name, key)| (data_of(name), &key[..])).collect();
        let key_of = |(data, key): (&TableData, &[usize]), row: &Row| -> Vec<String> {
            key.iter().map(|at| canonical(&row[*at], data.table.columns()[*at].ty())).collect()
        };
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        for (first, row) in all[0].0.rows.iter().enumerate() {
            let key = key_of(all[0], row);
            let others = all[1..].iter().map(|level| level.0.rows.iter().position(|row| key_of(*level, row) == key));
            if let Some(others) = others.collect::<Option<Vec<_>>>() {
                let place: Vec<usize> = std::iter::once(first).chain(others).collect();
                let value = |(level, at): &(usize, usize)| all[*level].0.rows[place[*level]][*at].clone();
                rows.push(self.origins.iter().map(value).collect());
                places.push(place);
            }
        }
        (rows, places)
    }

    /// The rows of tables that are extended which no row goes on from: an engine may test one before it looks for the others.
    fn apart(&self, tables: &[TableData], places: &[Vec<usize>]) -> Vec<Row> {
        let mut apart = Vec::new();
        for (level, (name, key)) in self.levels.iter().enumerate().skip(1) {
            let data = tables.iter().find(|data| data.table.name() == name).expect("a table");
            for (place, row) in data.rows.iter().enumerate() {
                if places.iter().any(|places| places[level] == place) {
                    continue;
                }
                let value = |(of, at): &(usize, usize)| match self.levels[*of].1.iter().position(|key| key == at) {
                    _ if *of == level => row[*at].clone(),
                    Some(position) => row[key[position]].clone(),
                    None => Value::Null,
                };
                apart.push(self.origins.iter().map(value).collect());
            }
        }
        apart
    }

    /// Puts the values of joined rows into their tables.
    fn split(&self, rows: &[Row], places: &[Vec<usize>], tables: &mut [TableData]) {
        for (row, places) in rows.iter().zip(places) {
            for ((level, at), value) in self.origins.iter().zip(row) {
                let (name, _) = &self.levels[*level];
                let data = tables.iter_mut().find(|data| data.table.name() == name).expect("a table");
                data.rows[places[*level]][*at] = value.clone();
            }
        }
    }

    /// The columns that are the shared key by one of its names.
    fn shared(&self) -> Vec<usize> {
        let is_key = |(level, at): &(usize, usize)| self.levels.len() > 1 && self.levels[*level].1.contains(at);
        (0..self.origins.len()).filter(|place| is_key(&self.origins[*place])).collect()
    }

    /// Puts rows that no row of the first table had the key of into all tables, none of which may have it.
    fn insert(&self, rows: &[Row], keyed: &Keyed<'_>, tables: &mut [TableData]) -> Result<(), Class> {
        // by which columns the rows are known, in the order of the shared key
        let place = |name: &Ident| self.table.columns().iter().position(|column| column.name() == name);
        let places: Vec<usize> = keyed.key.iter().filter_map(place).collect();
        let names = |position: usize| {
            let is_it = |(level, at): (usize, usize)| self.levels[level].1.get(position) == Some(&at);
            places.iter().copied().find(|place| is_it(self.origins[*place]))
        };
        let key: Option<Vec<usize>> = (0..self.levels[0].1.len()).map(names).collect();
        let key = match key {
            _ if self.levels.len() == 1 => Vec::new(),
            Some(key) if key.len() == places.len() => key,
            _ => return Err(Class::Refused("chain-key")),
        };
        for (level, (name, own)) in self.levels.iter().enumerate() {
            let data = tables.iter_mut().find(|data| data.table.name() == name).expect("a table");
            let columns = data.table.columns();
            let is_visible = |at: usize| self.origins.contains(&(level, at));
            let mut hidden = columns.iter().enumerate().filter(|(at, _)| !is_visible(*at) && !own.contains(at));
            if !hidden.all(|(_, column)| may_be_left_out(column)) {
                return Err(Class::Refused("insert-lacks-column"));
            }
            let texts = |row: &Row, places: &[usize]| -> Vec<String> {
                let pairs = places.iter().zip(own);
                pairs.map(|(place, at)| canonical(&row[*place], columns[*at].ty())).collect()
            };
            let has = |new: &Row| data.rows.iter().any(|row| texts(row, own) == texts(new, &key));
            if level > 0 && rows.iter().any(has) {
                return Err(Class::HalfMissing);
            }
            let value = |row: &Row, at: usize| {
                let as_key = own.iter().position(|own| *own == at).and_then(|position| key.get(position));
                let place = || self.origins.iter().position(|origin| *origin == (level, at));
                match as_key.copied().or_else(place) {
                    Some(place) => row[place].clone(),
                    None => columns[at].default().cloned().unwrap_or(Value::Null),
                }
            };
            let new: Vec<Row> = rows.iter().map(|row| (0..columns.len()).map(|at| value(row, at)).collect()).collect();
            data.rows.extend(new);
        }
        Ok(())
    }

    /// The level whose table has a column; none for the shared key of several.
    fn level_of(&self, name: &Ident) -> Option<usize> {
        let at = self.table.columns().iter().position(|column| column.name() == name)?;
        let (level, place) = self.origins[at];
        let is_shared = self.levels.len() > 1 && self.levels[level].1.contains(&place);
        (!is_shared).then_some(level)
    }

    /// What follows rows that were written, as an update of its own.
    fn follow<'f>(
        &self,
        level: usize,
        rule: &Follower<'f>,
        written: &[(Row, Row)],
        update: &Update<'f>,
        schema: &'f Schema,
    ) -> Result<Update<'f>, ModelError> {
        if rule.links.is_empty() {
            return Err(Class::Refused("follower-without-link").into());
        }
        let mut places = Vec::new();
        for (_, ours) in &rule.links {
            let own = schema.find(&self.levels[level].0).expect("a table");
            let at_level = own.columns().iter().position(|column| column.name() == ours).map(|at| (level, at));
            let is_key = at_level.and_then(|(_, at)| self.levels[level].1.iter().position(|key| *key == at));
            let by_name = || self.table.columns().iter().position(|column| column.name() == ours);
            let found = match (is_key, at_level) {
                (Some(position), _) => Some((0, self.levels[0].1[position])),
                (None, Some(origin)) => Some(origin),
                (None, None) if level == 0 => by_name().map(|at| self.origins[at]),
                (None, None) => None,
            };
            let origin = found.ok_or(Class::Refused("unknown-column"))?;
            let place = self.origins.iter().position(|known| *known == origin);
            places.push(place.ok_or(Class::Refused("chain-column"))?);
        }
        let mut seen = BTreeSet::new();
        let mut any = Vec::new();
        for (old, _) in written {
            let values: Vec<&Value<'static>> = places.iter().map(|at| &old[*at]).collect();
            let texts: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
            if values.iter().any(|value| value.is_null()) || !seen.insert(texts) {
                continue;
            }
            let equal = rule
                .links
                .iter()
                .zip(values)
                .map(|((theirs, _), value)| Expr::Column(theirs.clone()).equals(Expr::Value((*value).clone())));
            any.push(Expr::And(equal.collect()));
        }
        let mut builder = Update::table(&rule.table).schema(schema).filter(Expr::Or(any));
        for set in &rule.set {
            builder = builder.set(&set.column, set.value.clone());
        }
        if let Some(filter) = &rule.filter {
            builder = builder.filter(filter.clone());
        }
        for param in update.params() {
            builder = match param.nullable {
                true => builder.nullable_param(&param.name, param.ty.clone()),
                false => builder.param(&param.name, param.ty.clone()),
            };
        }
        let following = builder.build().expect("an update");
        let arguments = update.params().iter().filter_map(|param| Some((param.name.as_str(), param.argument.clone()?)));
        Ok(following.call(arguments).expect("arguments"))
    }
}
