//! The names and values that the statements of an update may hold.

use std::collections::{BTreeMap, BTreeSet};

use setwise::{Cell, Expr, Follower, Input, Rows, Schema, Selection, Type, Update, Value};

/// The names and values of an update.
#[derive(Debug, Default)]
pub struct Known {
    pub names: BTreeSet<String>,
    texts: BTreeSet<String>,
    bytes: BTreeSet<Vec<u8>>,
    /// Digits of integers and decimals, without sign and zeros that change nothing.
    digits: BTreeSet<String>,
    /// Bits of the floats' absolute values.
    floats: BTreeSet<u64>,
    /// Wholes of which SQLite makes floats.
    wholes: BTreeSet<String>,
    /// Whether the incoming rows are those of a table.
    pub is_from_table: bool,
    /// Whether other tables are written too: each statement then has some of the columns.
    pub spans_tables: bool,
}

impl Known {
    /// All that the update and its table say.
    pub fn of(update: &Update<'_>, schema: &Schema) -> Self {
        let mut known = Self::default();
        known.names.insert(update.target().name().to_string());
        known.names.extend(update.target().schema().map(ToString::to_string));
        for column in schema.tables().iter().flat_map(setwise::Table::columns) {
            known.names.insert(column.name().to_string());
            known.names.extend(column.collation().map(|named| named.name().to_string()));
            known.add_type(column.ty());
            column.default().into_iter().for_each(|default| known.add_value(default));
        }
        let own = schema.find(update.target());
        known.spans_tables = !update.followers().is_empty()
            || own.is_some_and(|table| table.parent().is_some() || !table.followers().is_empty());
        if known.spans_tables {
            known.names.extend(schema.tables().iter().map(|table| table.name().name().to_string()));
        }
        let of_schema = schema.tables().iter().flat_map(setwise::Table::followers);
        of_schema.for_each(|follower| known.add_follower(follower));
        update.followers().iter().for_each(|follower| known.add_follower(follower));
        for unique in schema.tables().iter().flat_map(setwise::Table::uniques) {
            known.names.extend(unique.deferrable().map(ToString::to_string));
        }
        for assignment in update.assignments() {
            known.names.insert(assignment.column.to_string());
            known.add_expression(&assignment.value);
        }
        update.guard().filter.iter().for_each(|filter| known.add_expression(filter));
        for param in update.params() {
            known.add_type(&param.ty);
            param.argument.iter().for_each(|value| known.add_value(value));
        }
        known.names.extend(update.returning().iter().map(|returned| returned.column.to_string()));
        match update.rows() {
            Rows::All => {}
            Rows::Where(condition) => known.add_expression(condition),
            Rows::Keyed(keyed) => {
                known.names.extend(keyed.key.iter().map(ToString::to_string));
                match &keyed.input {
                    Input::Cells(cells) => {
                        known.names.extend(cells.columns().iter().map(ToString::to_string));
                        cells.cells().iter().for_each(|cell| known.add_cell(cell));
                    }
                    Input::Table(rows) => {
                        known.is_from_table = true;
                        known.add_selection(rows);
                    }
                    _ => panic!("input of another kind"),
                }
            }
        }
        known
    }

    /// What one value may be written as.
    pub fn of_value(value: &Value<'_>) -> Self {
        let mut known = Self::default();
        known.add_value(value);
        known
    }

    fn add_cell(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Value(value) => self.add_value(value),
            Cell::Expr(expression) => self.add_expression(expression),
            _ => {}
        }
    }

    /// A type's own name, and the numbers in it.
    fn add_type(&mut self, ty: &Type) {
        let mut add = |number: u64| self.digits.insert(number.to_string());
        match ty {
            Type::Enum { name: Some(name), .. } | Type::Named(name) => _ = self.names.insert(name.to_string()),
            Type::Array(element) => self.add_type(element),
            Type::Decimal { precision, scale } => {
                [precision, scale].into_iter().flatten().for_each(|digits| _ = add(u64::from(*digits)));
            }
            Type::Text { max: Some(most) } | Type::Bytes { max: Some(most) } | Type::Char { length: most } => {
                add(u64::from(*most));
            }
            _ => {}
        }
    }

    fn add_expression(&mut self, expression: &Expr<'_>) {
        match expression {
            Expr::Value(value) => self.add_value(value),
            Expr::Column(name) | Expr::Input(name) => _ = self.names.insert(name.to_string()),
            Expr::Cast(_, ty) => self.add_type(ty),
            Expr::InRows { rows, .. } => self.add_selection(rows),
            Expr::Like { pattern, escape, .. } => self.texts.extend(patterns(pattern, *escape)),
            _ => {}
        }
        expression.operands().into_iter().for_each(|operand| self.add_expression(operand));
    }

    fn add_follower(&mut self, follower: &Follower<'_>) {
        self.names.insert(follower.table.name().to_string());
        self.names.extend(follower.links.iter().flat_map(|(theirs, ours)| [theirs, ours]).map(ToString::to_string));
        self.names.extend(follower.set.iter().map(|set| set.column.to_string()));
        follower.set.iter().for_each(|set| self.add_expression(&set.value));
        follower.filter.iter().for_each(|filter| self.add_expression(filter));
    }

    fn add_selection(&mut self, rows: &Selection<'_>) {
        let table = rows.table().schema().into_iter().chain([rows.table().name()]);
        self.names.extend(table.chain(rows.columns()).map(ToString::to_string));
        rows.condition().into_iter().for_each(|condition| self.add_expression(condition));
    }

    fn add_value(&mut self, value: &Value<'_>) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Int(int) => {
                self.add_number(&int.to_string());
                // the least integer is written as one less than its neighbour
                self.digits.extend((*int == i64::MIN).then(|| i64::MAX.to_string()));
            }
            Value::UInt(int) => self.add_number(&int.to_string()),
            Value::Decimal(decimal) => self.add_number(decimal.as_str()),
            Value::Float(float) => self.add_float(*float),
            Value::Text(text) => _ = self.texts.insert(text.to_string()),
            Value::Json(json) => _ = self.texts.insert(json.as_str().to_owned()),
            Value::Bytes(bytes) => _ = self.bytes.insert(bytes.to_vec()),
            Value::Uuid(uuid) => _ = self.texts.insert(uuid.to_string()),
            Value::Interval(interval) => _ = self.texts.insert(interval.to_string()),
            Value::Time(time) => _ = self.texts.insert(time.to_string()),
            Value::Date(date) => self.add_day(&date.to_string(), date.year()),
            Value::Timestamp(stamp) => self.add_day(&stamp.to_string(), stamp.date().year()),
            Value::TimestampTz(instant) => {
                let utc = instant.to_utc();
                self.add_day(&utc.to_string(), utc.date().year());
                self.add_day(&format!("{utc}+00:00"), utc.date().year());
            }
            Value::Array(array) => array.items().iter().for_each(|item| self.add_value(item)),
        }
    }

    /// A date and what follows it; PostgreSQL writes years before 1 with their era.
    fn add_day(&mut self, text: &str, year: i32) {
        self.texts.insert(text.to_owned());
        if year < 1 {
            let rest = text.trim_start_matches('-').split_once('-').expect("a year").1;
            self.texts.insert(format!("{:04}-{rest} BC", 1 - year));
        }
    }

    fn add_number(&mut self, text: &str) {
        self.digits.insert(plain(text));
        self.add_float(text.parse().expect("a number"));
    }

    fn add_float(&mut self, float: f64) {
        let float = float.abs();
        self.floats.insert(float.to_bits());
        if float.is_finite() && float != 0.0 {
            let (exponent, fraction) = (float.to_bits() >> 52, float.to_bits() & ((1 << 52) - 1));
            let whole = if exponent == 0 { fraction } else { fraction | 1 << 52 };
            self.wholes.insert(format!("{}.0", whole >> whole.trailing_zeros()));
        }
    }

    /// Whether a text is one of these values.
    pub fn holds_text(&self, text: &str) -> bool {
        let bytes = || text.strip_prefix("\\x").and_then(unhex).is_some_and(|bytes| self.bytes.contains(&bytes));
        let items = || items(text).is_some_and(|items| items.iter().all(|item| self.holds_text(item)));
        let is_bool = ["true", "false"].contains(&text);
        self.texts.contains(text) || bytes() || self.holds_number(text) || is_bool || items()
    }

    /// Whether a text is one of these values, or an array or a document of rows that has one.
    pub fn is_in_text(&self, text: &str) -> bool {
        let is_item = |text: &str| items(text).is_some_and(|items| items.iter().any(|item| self.holds_text(item)));
        let is_in_rows = || rows(text).is_some_and(|texts| texts.iter().any(|text| self.holds_text(text)));
        self.holds_text(text) || is_item(text) || is_in_rows()
    }

    /// Whether a text is a document of rows all of whose values are these.
    pub fn holds_rows(&self, text: &str) -> bool {
        rows(text).is_some_and(|texts| texts.iter().all(|text| self.holds_text(text)))
    }

    pub fn holds_bytes(&self, bytes: &[u8]) -> bool {
        self.bytes.contains(bytes)
    }

    /// Whether a number, with a sign or without, is one of these values.
    pub fn holds_number(&self, text: &str) -> bool {
        let text = text.strip_prefix('-').unwrap_or(text);
        // `9e999` is how infinity is written without its name
        let float = text.parse().map(|float: f64| f64::to_bits(float.abs()));
        self.digits.contains(&plain(text)) || float.is_ok_and(|bits| self.floats.contains(&bits))
    }

    /// Whether a number is a part of a float that SQLite computes.
    pub fn holds_part(&self, text: &str) -> bool {
        let is_power =
            || text.strip_suffix(".0").and_then(|whole| whole.parse().ok()).is_some_and(u64::is_power_of_two);
        self.wholes.contains(text) || is_power()
    }

    /// Whether a number is the whole of which one of these floats is made.
    pub fn is_whole(&self, text: &str) -> bool {
        self.wholes.contains(text)
    }
}

/// Digits without sign, and without zeros at either end that change nothing.
fn plain(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() || digits.starts_with('.') { format!("0{digits}") } else { digits.to_owned() }
}

/// The items of an array in PostgreSQL's text form, those of inner arrays too; NULL is left out.
fn items(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix('{')?.strip_suffix('}')?.chars().peekable();
    let mut items = Vec::new();
    while let Some(next) = rest.next() {
        match next {
            '"' => {
                let mut item = String::new();
                loop {
                    match rest.next()? {
                        '"' => break,
                        '\\' => item.push(rest.next()?),
                        other => item.push(other),
                    }
                }
                items.push(item);
            }
            'N' => ['U', 'L', 'L'].into_iter().try_for_each(|c| rest.next_if_eq(&c).map(|_| ()))?,
            ',' | '{' | '}' => {}
            _ => return None,
        }
    }
    Some(items)
}

/// The values of a document of rows, `[{"c0":"1"}]`.
fn rows(text: &str) -> Option<Vec<String>> {
    let rows: Vec<BTreeMap<String, String>> = serde_json::from_str(text).ok()?;
    Some(rows.into_iter().flat_map(BTreeMap::into_values).collect())
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let byte = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// A pattern as `LIKE … ESCAPE '!'` and as `GLOB` take it.
fn patterns(pattern: &str, escape: Option<char>) -> [String; 2] {
    let (mut like, mut glob) = (String::new(), String::new());
    let mut chars = pattern.chars();
    while let Some(next) = chars.next() {
        let is_literal = Some(next) == escape;
        let character = if is_literal { chars.next().expect("a character behind the escape") } else { next };
        match character {
            '%' | '_' if !is_literal => {
                like.push(character);
                glob.push(if character == '%' { '*' } else { '?' });
                continue;
            }
            '%' | '_' | '!' => like.extend(['!', character]),
            _ => like.push(character),
        }
        if matches!(character, '*' | '?' | '[') {
            glob.extend(['[', character, ']']);
        } else {
            glob.push(character);
        }
    }
    [like, glob]
}
