//! A dialect's words, looked up once for a script.

use std::borrow::Cow;

use crate::dialect::{
    BoolLiteral, BytesLiteral, Casts, Class, Dialect, FloatLiteral, Form, JoinForm, Keeping, Placeholder, Quote, Raise,
    RowIn, Staging, Storage, TemporalLiteral, TextLiteral,
};
use crate::ir::{Array, Type, Value};
use crate::options::Output;
use crate::render::Say;
use crate::script::Bind;
use crate::sql::InputColumn;

/// What the renderer needs to know of the dialect.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// How each class of types is stored, by its place in [`Class::ALL`].
    storage: [Option<&'static Storage>; Class::ALL.len()],
    pub quote: char,
    pub placeholder: Placeholder,
    pub text: TextLiteral,
    pub bytes: BytesLiteral,
    pub float: FloatLiteral,
    pub boolean: BoolLiteral,
    pub temporal: TemporalLiteral,
    pub staging: Staging,
    pub join: JoinForm,
    pub casts: Casts,
    pub row_in: RowIn,
    pub raise: Raise,
    pub keeping: Keeping,
    /// Whether a client reads the text, which may rewrite raw control characters.
    pub client: bool,
    /// How decimals are stored.
    pub decimal: Form,
    /// The most digits of a decimal, and the most behind its point.
    pub decimal_digits: (usize, usize),
    /// How instants are stored.
    pub instant: Form,
}

/// A type as `CAST` names it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CastName {
    /// The engine's name of the class.
    Word(&'static str),
    /// The type's own name.
    Own,
    /// A decimal of so many digits, so many of them behind the point.
    Decimal {
        /// The digits.
        digits: usize,
        /// Those behind the point.
        scale: usize,
    },
}

impl Words {
    pub(crate) fn of(dialect: Dialect, output: Output) -> Self {
        let form = |ty: &Type| dialect.form_of(ty);
        Self {
            storage: Class::ALL.map(|class| dialect.stored(class)),
            quote: match dialect.fact(|spec| &spec.quote) {
                Quote::Double => '"',
                Quote::Backtick => '`',
            },
            placeholder: dialect.fact(|spec| &spec.placeholder),
            text: dialect.fact(|spec| &spec.text),
            bytes: dialect.fact(|spec| &spec.bytes),
            float: dialect.fact(|spec| &spec.float),
            boolean: dialect.fact(|spec| &spec.boolean),
            temporal: dialect.fact(|spec| &spec.temporal),
            staging: dialect.fact(|spec| &spec.staging),
            join: dialect.fact(|spec| &spec.join),
            casts: dialect.fact(|spec| &spec.casts),
            raise: dialect.fact(|spec| &spec.raise),
            keeping: dialect.fact(|spec| &spec.keeping),
            row_in: dialect.fact(|spec| &spec.row_in),
            client: output.is_for_client(),
            decimal: form(&Type::DECIMAL),
            decimal_digits: dialect.fact(|spec| &spec.decimal_digits),
            instant: form(&Type::TIMESTAMPTZ),
        }
    }

    /// The cast that a value of a type needs at a place; none where it needs none.
    #[inline]
    pub(crate) fn cast(&self, ty: &Type, say: Say, is_bind: bool) -> Option<CastName> {
        match self.casts {
            Casts::FirstRow if matches!(say, Say::Type | Say::Operand) => self.own_cast(ty),
            Casts::LossyParameters if is_bind && matches!(say, Say::Operand | Say::OperandBehind) => {
                self.operand_cast(ty)
            }
            Casts::LossyTimes if matches!(ty, Type::Float32 | Type::Float64) => None,
            Casts::LossyParameters | Casts::LossyTimes if is_bind => self.own_cast(ty),
            Casts::FirstRow | Casts::LossyParameters | Casts::LossyTimes | Casts::Never => None,
        }
    }

    /// The cast of a parameter with which others compute: a decimal is sent as text, which would become a float.
    fn operand_cast(&self, ty: &Type) -> Option<CastName> {
        let &Type::Decimal { precision, scale } = ty else { return self.own_cast(ty) };
        let (most, most_scale) = self.decimal_digits;
        let known = precision.and_then(|digits| usize::try_from(digits).ok()).filter(|digits| *digits <= most);
        let behind = scale.and_then(|scale| usize::try_from(scale).ok()).unwrap_or(0);
        Some(match known {
            Some(digits) if behind <= most_scale => CastName::Decimal { digits, scale: behind },
            _ => CastName::Decimal { digits: most, scale: most_scale },
        })
    }

    /// How the dialect names a type in `CAST`.
    pub(crate) fn own_cast(&self, ty: &Type) -> Option<CastName> {
        match ty {
            Type::Enum { name: Some(_), .. } | Type::Named(_) if self.casts == Casts::FirstRow => Some(CastName::Own),
            Type::Array(element) => self.own_cast(element).map(|_| CastName::Own),
            ty => self.storage(ty).and_then(|Storage { cast, .. }| *cast).map(CastName::Word),
        }
    }

    /// A value as a parameter: in the form in which the dialect stores it.
    #[allow(clippy::ptr_arg, reason = "a lent type is lent on")]
    pub(crate) fn bind<'u>(&self, value: Cow<'u, Value<'u>>, ty: &Cow<'u, Type>) -> Bind<'u> {
        let form = self.storage(ty).map_or(Form::Native, |storage| storage.form);
        Bind::new(restore(&value, form).unwrap_or(value), ty.clone())
    }

    /// A cell as a parameter.
    #[inline]
    pub(crate) fn bind_cell<'u>(&self, value: &'u Value<'u>, column: &InputColumn<'u>) -> Bind<'u> {
        match (&column.ty, column.form) {
            (Cow::Borrowed(ty), Form::Native) => Bind::lent(value, ty),
            (ty, form) => Bind::new(restore(value, form).unwrap_or(Cow::Borrowed(value)), ty.clone()),
        }
    }

    /// A cell's value in the form in which the dialect stores it.
    pub(crate) fn store<'u>(&self, value: &'u Value<'u>, column: &InputColumn<'u>) -> Value<'u> {
        restore(value, column.form).map_or_else(|| value.lend(), Cow::into_owned)
    }

    /// A value in the form in which the dialect stores those of a type.
    pub(crate) fn store_as<'v>(&self, value: &Value<'v>, ty: &Type) -> Value<'v> {
        let form = self.storage(ty).map_or(Form::Native, |storage| storage.form);
        restore(value, form).map_or_else(|| value.clone(), Cow::into_owned)
    }

    fn storage(&self, ty: &Type) -> Option<&'static Storage> {
        self.storage.get(Class::of(ty) as usize).copied().flatten()
    }

    /// So many bytes does the literal of a value have.
    pub(crate) fn length(&self, value: &Value<'_>) -> usize {
        let mut out = super::out::Out::new();
        super::literal::write(&mut out, value, self);
        out.len()
    }

    /// At most so many bytes does the literal of a value have.
    #[inline]
    pub(crate) fn bound(&self, value: &Value<'_>) -> usize {
        match value {
            Value::Text(v) => self.bound_length(v.len()),
            Value::Json(v) => self.bound_length(v.as_str().len()),
            Value::Bytes(v) => 2 * v.len() + 40,
            Value::Decimal(v) => self.bound_digits(v.as_str().len()),
            Value::Float(_) => 900,
            Value::Array(v) => self.bound_array(v),
            _ => 120,
        }
    }

    /// At most so many bytes does the literal of any value of a type have, of which no text or decimal has more bytes than
    /// these; none where that does not tell.
    pub(crate) fn bound_of_type(&self, ty: &Type, longest: usize) -> Option<usize> {
        match ty {
            Type::Bool | Type::Int { .. } | Type::UInt { .. } | Type::Date | Type::Time { .. } => Some(120),
            Type::Timestamp { .. } | Type::TimestampTz { .. } | Type::Interval | Type::Uuid => Some(120),
            Type::Float32 | Type::Float64 => Some(900),
            Type::Decimal { .. } => Some(self.bound_digits(longest)),
            Type::Text { .. } | Type::Char { .. } | Type::Enum { .. } | Type::Named(_) => {
                Some(self.bound_length(longest))
            }
            _ => None,
        }
    }

    fn bound_digits(&self, length: usize) -> usize {
        length + 120
    }

    fn bound_length(&self, length: usize) -> usize {
        // `''''||char(127)||` for two characters, or `\x7F` for one
        let most = if self.text == TextLiteral::JoinChars { 9 } else { 4 };
        most * length + 40
    }

    fn bound_array(&self, array: &Array<'_>) -> usize {
        40 + array.items().iter().map(|item| 4 * self.bound(item)).sum::<usize>()
    }
}

/// The value in the form in which the dialect stores it, where that is not its own.
fn restore<'r>(value: &Value<'_>, form: Form) -> Option<Cow<'r, Value<'r>>> {
    Some(Cow::Owned(match (form, value) {
        (Form::Digit, Value::Bool(false)) => return Some(Cow::Borrowed(&Value::Int(0))),
        (Form::Digit, Value::Bool(true)) => return Some(Cow::Borrowed(&Value::Int(1))),
        (Form::Text, Value::Date(v)) => Value::from(v.to_string()),
        (Form::Text, Value::Time(v)) => Value::from(v.to_string()),
        (Form::Text, Value::Timestamp(v)) => Value::from(v.to_string()),
        (Form::Text, Value::TimestampTz(v)) => Value::from(v.to_string()),
        (Form::Text | Form::RfcUuid, Value::Uuid(v)) => Value::from(v.to_string()),
        (Form::Text, Value::Json(v)) => Value::from(v.as_str().to_owned()),
        (Form::UtcTimestamp, Value::TimestampTz(v)) => Value::Timestamp(v.to_utc()),
        (Form::Float15, Value::Decimal(v)) => Value::Float(v.as_str().parse().ok()?),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests;
