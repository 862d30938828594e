//! Refuses values that the dialect cannot hold exactly.

use super::{Plan, json};
use crate::check::form::{Form as CellForm, Says};
use crate::check::key::row_index;
use crate::check::{CheckedColumn, cells::in_row_order, rows::type_of, value::check_value, value::shown};
use crate::dialect::{DefaultCell, Dialect, Form, JsonNumbers, NegativeZero, NulInText, SpecialFloats};
use crate::error::{ErrorKind, Errors, Place};
use crate::ir::{
    Assignment, Cell, Cells, Column, ColumnCells, Date, Expr, Guard, Ident, Param, Selection, Timestamp, Type, Update,
    Value,
};
use crate::short;

/// Checks every cell of the input.
pub(super) fn check_cells(cells: &Cells<'_>, columns: &[CheckedColumn<'_>], dialect: Dialect, errors: &mut Errors) {
    let limits = Limits::of(dialect);
    let mut limited = Vec::with_capacity(columns.len());
    for (position, column) in columns.iter().enumerate() {
        let Some(ty) = column.ty.as_deref() else { continue };
        match check_type(ty, column.name, dialect) {
            // whoever has such a type has all of its values
            Ok(Form::Native) if matches!(ty, Type::Bool | Type::Int { .. } | Type::UInt { .. }) => {}
            Ok(Form::Native) if matches!(ty, Type::Decimal { .. }) && limits.has_room_for(column.longest) => {}
            Ok(form) => limited.push((position, column, form)),
            Err(kind) => errors.push(kind.at(Place::Table)),
        }
    }
    let limits = &limits;
    let refused = limited.iter().map(|(position, column, form)| {
        let passed = limits.pass(column, *form);
        let mut cells = cells.column(*position);
        std::iter::from_fn(move || {
            loop {
                let (row, cell) = limits.next_close(&mut cells, passed)?;
                let Cell::Value(value) = cell else { continue };
                let checked = limits.check(value, *form).and_then(|()| limits.check_plane(value, column.declared));
                if let Err(reason) = checked {
                    return Some((row, (value, reason)));
                }
            }
        })
    });
    for (row, at, (value, reason)) in in_row_order(refused) {
        let Some((position, column, _)) = limited.get(at) else { continue };
        let kind = refuse(value, column.name.as_str(), reason, dialect);
        errors.push(kind.at(Place::Cell { row, column: *position }));
    }
}

/// Checks the constants of the expressions in cells.
pub(super) fn check_expressions(cells: &Cells<'_>, dialect: Dialect, errors: &mut Errors) {
    let limits = Limits::of(dialect);
    for (row, row_cells) in cells.rows().enumerate() {
        for (column, (cell, name)) in row_cells.iter().zip(cells.columns()).enumerate() {
            let Cell::Expr(expr) = cell else { continue };
            check_parts(expr, name.as_str(), &Place::Cell { row, column }, &limits, dialect, errors);
        }
    }
}

/// Checks the constants of an expression, each by its own type.
fn check_parts(expr: &Expr<'_>, column: &str, place: &Place, limits: &Limits, dialect: Dialect, errors: &mut Errors) {
    for part in expr.walk_all() {
        let Expr::Value(value) = part else { continue };
        if let Err(reason) = limits.check(value, dialect.form_of(&type_of(value))) {
            errors.push(refuse(value, column, reason, dialect).at(place.clone()));
        }
    }
}

/// Checks the defaults that are written as literals, and what an expression gives a column without computing.
pub(super) fn check_defaults(form: &CellForm<'_>, row: u32, plan: &Plan<'_>, errors: &mut Errors) {
    let limits = Limits::of(plan.dialect);
    let place = Place::Row(row_index(row));
    let table = plan.update.declared();
    for Assignment { column, value } in plan.update.assignments() {
        let declared = table.and_then(|table| table.find(column));
        let written = match value {
            Expr::Input(name) => match form.of(name) {
                Some(Says::Default) => match default_of(plan, column, declared) {
                    Ok(literal) => literal,
                    Err(kind) => {
                        errors.push(kind.at(place.clone()));
                        continue;
                    }
                },
                Some(Says::Expr(template)) => match template.expr {
                    Expr::Value(value) => Some(value),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let (Some(value), Some(declared)) = (written, declared) else { continue };
        let form = plan.dialect.form_of(declared.ty());
        if let Err(reason) = limits.check(value, form).and_then(|()| limits.check_plane(value, Some(declared))) {
            errors.push(refuse(value, column.as_str(), reason, plan.dialect).at(place.clone()));
        }
    }
}

/// The literal that is written for a column's default; none where the engine has a word for it.
pub(crate) fn default_of<'u>(
    plan: &Plan<'u>,
    name: &Ident,
    declared: Option<&'u Column>,
) -> Result<Option<&'u Value<'u>>, ErrorKind> {
    let has_word = plan.dialect.fact(|spec| &spec.default_cell) == DefaultCell::Keyword;
    let is_parked = plan.parked.iter().any(|parked| parked.column.name() == name);
    if has_word && !is_parked {
        return Ok(None);
    }
    match declared.and_then(|column| column.default().map(|default| (column, default))) {
        Some((column, default)) => {
            check_value(default, column.ty(), column.is_nullable(), name).map(|()| Some(default))
        }
        None => {
            let dialect = plan.dialect;
            let reason = match has_word {
                true => "it is unique and values are parked, and the schema declares no literal for it".to_owned(),
                false => format!("{dialect} has no word for it, and the schema declares no literal for it"),
            };
            Err(ErrorKind::NoDefault { column: name.to_string(), reason })
        }
    }
}

/// Checks that a dialect holds an argument of a type.
pub(crate) fn check_argument(value: &Value<'_>, ty: &Type, name: &Ident, dialect: Dialect) -> Result<(), ErrorKind> {
    let form = dialect.form_of(ty);
    Limits::of(dialect).check(value, form).map_err(|reason| refuse(value, name.as_str(), reason, dialect))
}

/// A value that a dialect does not hold, by the reason.
fn refuse(value: &Value<'_>, column: &str, reason: String, dialect: Dialect) -> ErrorKind {
    ErrorKind::NotStorable { value: shown(value), column: column.to_owned(), reason, dialect: dialect.to_string() }
}

/// Checks the constants of assignments and filters.
pub(super) fn check_constants(update: &Update<'_>, dialect: Dialect, errors: &mut Errors) {
    let limits = Limits::of(dialect);
    let Update { name: _, params, table: _, set, rows, guard, policy: _, returning: _, followers: _, schema: _ } =
        update;
    for Param { name, ty, nullable: _, argument } in params {
        let checked = argument.iter().try_for_each(|value| check_argument(value, ty, name, dialect));
        checked.unwrap_or_else(|kind| errors.push(kind.at(Place::Table)));
    }
    for (index, Assignment { column, value }) in set.iter().enumerate() {
        check_parts(value, column.as_str(), &Place::Assignment(index), &limits, dialect, errors);
    }
    let Guard { filter, only_changed: _, version: _, touch: _ } = guard;
    for expression in filter.iter().chain(rows.condition()) {
        check_parts(expression, "filter", &Place::Filter, &limits, dialect, errors);
    }
    if let Some(expression) = rows.selection().and_then(Selection::condition) {
        check_parts(expression, "filter", &Place::Input, &limits, dialect, errors);
    }
    let Some(table) = update.declared() else { return };
    for (index, Assignment { column, value }) in set.iter().enumerate() {
        let Some(column) = table.find(column) else { continue };
        let form = dialect.form_of(column.ty());
        let check_text = |value: &Value<'_>| match value {
            Value::Text(text) => check_padding(text, form).and_then(|()| limits.check_plane(value, Some(column))),
            _ => Ok(()),
        };
        if let Expr::Value(value) = value
            && let Err(reason) = check_text(value)
        {
            let kind = refuse(value, column.name().as_str(), reason, dialect);
            errors.push(kind.at(Place::Assignment(index)));
        }
        if let Err(kind) = check_type(column.ty(), column.name(), dialect) {
            errors.push(kind.at(Place::Assignment(index)));
        }
    }
}

/// The form in which a type's values are stored, where there is one.
pub(super) fn check_type(ty: &Type, column: &Ident, dialect: Dialect) -> Result<Form, ErrorKind> {
    let missing =
        || ErrorKind::NoSuchType { ty: ty.to_string(), column: column.to_string(), dialect: dialect.to_string() };
    let storage = dialect.storage(ty).ok_or_else(missing)?;
    if let Type::Array(element) = ty {
        check_type(element, column, dialect)?;
    }
    Ok(storage.form)
}

/// The values of a column that need no closer look.
#[derive(Clone, Copy, Debug)]
enum Passed {
    None,
    /// Texts.
    Texts,
    /// Texts without NUL.
    TextsWithoutNul,
    /// Instants of the years that there are.
    Instants,
}

/// What a dialect says of values, looked up once.
struct Limits {
    special_floats: SpecialFloats,
    negative_zero: NegativeZero,
    nul_in_text: NulInText,
    json_numbers: JsonNumbers,
    basic_plane_text: &'static [&'static str],
    years: (i32, i32),
    decimal_digits: (usize, usize),
}

impl Limits {
    fn of(dialect: Dialect) -> Self {
        Self {
            special_floats: dialect.fact(|spec| &spec.special_floats),
            negative_zero: dialect.fact(|spec| &spec.negative_zero),
            nul_in_text: dialect.fact(|spec| &spec.nul_in_text),
            json_numbers: dialect.fact(|spec| &spec.json_numbers),
            basic_plane_text: dialect.fact(|spec| &spec.basic_plane_text),
            years: dialect.fact(|spec| &spec.years),
            decimal_digits: dialect.fact(|spec| &spec.decimal_digits),
        }
    }

    /// Which values of a column need no closer look.
    fn pass(&self, column: &CheckedColumn<'_>, form: Form) -> Passed {
        let has_collation = column.declared.is_some_and(|declared| declared.collation().is_some());
        match column.ty.as_deref() {
            _ if form == Form::Unpadded || has_collation && !self.basic_plane_text.is_empty() => Passed::None,
            Some(Type::Text { .. } | Type::Enum { .. }) => match self.nul_in_text {
                NulInText::Stored => Passed::Texts,
                NulInText::Refused => Passed::TextsWithoutNul,
            },
            Some(Type::TimestampTz { .. }) if form != Form::UtcTimestamp => Passed::Instants,
            _ => Passed::None,
        }
    }

    /// The next cell that needs a closer look.
    fn next_close<'c, 'u>(&self, cells: &mut ColumnCells<'c, 'u>, passed: Passed) -> Option<(usize, &'c Cell<'u>)> {
        let (first, last) = self.years;
        match passed {
            Passed::None => cells.seek(|_| true),
            Passed::Texts => cells.seek(|cell| !matches!(cell, Cell::Value(Value::Text(_)))),
            Passed::TextsWithoutNul => {
                cells.seek(|cell| !matches!(cell, Cell::Value(Value::Text(text)) if !short::has_nul(text.as_bytes())))
            }
            Passed::Instants => cells.seek(|cell| {
                let Cell::Value(Value::TimestampTz(instant)) = cell else { return true };
                let year = instant.to_utc().date().year();
                year < first || last < year
            }),
        }
    }

    fn check(&self, value: &Value<'_>, form: Form) -> Result<(), String> {
        match value {
            Value::Float(float) => self.check_float(*float),
            Value::Text(text) => self.check_text(text).and_then(|()| check_padding(text, form)),
            Value::Json(json) if form == Form::Text && is_bare_number(json.as_str()) => {
                Err("a column declared JSON turns a bare number into a number of its own; declare it TEXT".to_owned())
            }
            Value::Json(json) if form == Form::Parsed && escapes_nul(json.as_str()) => {
                Err("parsed JSON cannot hold \\u0000".to_owned())
            }
            Value::Json(json) => self.check_json(json.as_str()),
            Value::Date(date) => self.check_year(*date),
            Value::Timestamp(timestamp) => self.check_year(timestamp.date()),
            Value::TimestampTz(instant) if form == Form::UtcTimestamp => check_seconds(instant.to_utc()),
            Value::TimestampTz(instant) => self.check_year(instant.to_utc().date()),
            Value::Decimal(decimal) => {
                if self.has_room_for(decimal.as_str().len()) {
                    return Ok(());
                }
                let (digits, scale) = self.decimal_digits;
                let trimmed = decimal.trimmed();
                let fraction = trimmed.split_once('.').map_or(0, |(_, fraction)| fraction.len());
                let significant = trimmed.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
                if significant > digits || fraction > scale {
                    return Err(format!("it holds {digits} digits exactly, {scale} of them behind the point"));
                }
                Ok(())
            }
            Value::Int(int) if form == Form::Float15 && int.unsigned_abs() >= 1_000_000_000_000_000 => {
                Err("it holds 15 digits exactly".to_owned())
            }
            Value::Uuid(uuid) if form == Form::RfcUuid => match uuid.as_bytes() {
                [_, _, _, _, _, _, 0x80..=0xff, _, 0..=0x7f, ..] => {
                    Err("its version is 8 or above, its variant older than RFC 4122".to_owned())
                }
                _ => Ok(()),
            },
            Value::Array(array) => array.items().iter().try_for_each(|item| self.check(item, form)),
            _ => Ok(()),
        }
    }

    /// Whether every decimal of so many characters at most has few enough digits.
    fn has_room_for(&self, characters: usize) -> bool {
        let (digits, scale) = self.decimal_digits;
        characters <= digits.min(scale)
    }

    fn check_float(&self, float: f64) -> Result<(), String> {
        match self.special_floats {
            SpecialFloats::All => {}
            SpecialFloats::Infinities | SpecialFloats::None if float.is_nan() => {
                return Err("there is no NaN".to_owned());
            }
            SpecialFloats::None if float.is_infinite() => return Err("there are no infinities".to_owned()),
            SpecialFloats::Infinities | SpecialFloats::None => {}
        }
        if float == 0.0 && float.is_sign_negative() && self.negative_zero == NegativeZero::Lost {
            return Err("-0.0 becomes 0.0; give 0.0".to_owned());
        }
        Ok(())
    }

    fn check_text(&self, text: &str) -> Result<(), String> {
        if self.nul_in_text == NulInText::Refused && memchr::memchr(0, text.as_bytes()).is_some() {
            return Err("text cannot hold NUL".to_owned());
        }
        Ok(())
    }

    /// Refuses text beyond the basic multilingual plane for a column whose collation tells that it ends there.
    #[inline]
    fn check_plane(&self, value: &Value<'_>, column: Option<&Column>) -> Result<(), String> {
        let Value::Text(text) = value else { return Ok(()) };
        if self.basic_plane_text.is_empty() || !text.bytes().any(|byte| byte >= 0xf0) {
            return Ok(());
        }
        let Some(collation) = column.and_then(Column::collation) else { return Ok(()) };
        let name = collation.name().as_str().to_ascii_lowercase();
        if self.basic_plane_text.iter().any(|prefix| name.starts_with(prefix)) {
            return Err(format!("under {name} it holds no character of four bytes; declare utf8mb4"));
        }
        Ok(())
    }

    fn check_json(&self, text: &str) -> Result<(), String> {
        self.check_text(text)?;
        let changed = match self.json_numbers {
            JsonNumbers::Exact => None,
            JsonNumbers::Double => json::numbers(text).find(|number| !json::is_double(number)),
        };
        match changed {
            None => Ok(()),
            Some(number) => {
                let shown: String = number.chars().take(40).collect();
                Err(format!("its JSON would change the number {shown}, which no double holds; give it as text"))
            }
        }
    }

    fn check_year(&self, date: Date) -> Result<(), String> {
        let (first, last) = self.years;
        if (first..=last).contains(&date.year()) { Ok(()) } else { Err(format!("years run from {first} to {last}")) }
    }
}

/// Refuses spaces at the end of a text that would lose them.
fn check_padding(text: &str, form: Form) -> Result<(), String> {
    if form == Form::Unpadded && text.ends_with(' ') {
        return Err("a char has no spaces at its end; leave them out".to_owned());
    }
    Ok(())
}

fn is_bare_number(json: &str) -> bool {
    json.trim().starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// Whether JSON has the escape of U+0000: `\u0000` behind an even number of backslashes.
fn escapes_nul(json: &str) -> bool {
    let mut parts = json.split("\\u0000");
    let mut before = parts.next().unwrap_or_default();
    parts.any(|after| {
        let backslashes = before.bytes().rev().take_while(|byte| *byte == b'\\').count();
        before = after;
        backslashes.is_multiple_of(2)
    })
}

/// Instants that are kept as 32 bits of seconds since 1970, of which 0 means none.
fn check_seconds(utc: Timestamp) -> Result<(), String> {
    let years = (1970..=2038).contains(&utc.date().year());
    // within these years the texts are in the order of time
    if years && ("1970-01-01 00:00:01".."2038-01-19 03:14:08").contains(&utc.to_string().as_str()) {
        return Ok(());
    }
    Err("instants run from 1970-01-01 00:00:01 to 2038-01-19 03:14:07".to_owned())
}

#[cfg(test)]
mod tests;
