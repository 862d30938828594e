//! Parameters of an update, and the arguments that a caller gives for them.

use super::{Ident, Type, Update, Value};
use crate::check::value::check_value;
use crate::error::{Error, ErrorKind, Errors, Place, nearest};

/// A parameter of an update: a value of a type that is said when the update is called.
///
/// # Examples
///
/// ```
/// use setwise::{Expr, Ident, Type, Update};
///
/// let credits = Ident::new("credits")?;
/// let update = Update::table("users")
///     .param("bonus", Type::INT64)
///     .set("credits", Expr::Column(credits) + Expr::Param(Ident::new("bonus")?))
///     .all_rows()
///     .build()?;
/// assert_eq!(update.params().len(), 1);
/// let update = update.call([("bonus", 100)])?;
/// # Ok::<(), setwise::Errors>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Param<'a> {
    /// Its name.
    pub name: Ident,
    /// The type of its values.
    pub ty: Type,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The argument; none until one is given.
    pub argument: Option<Value<'a>>,
}

impl Param<'_> {
    /// The same parameter, holding its own argument.
    pub(crate) fn into_owned(self) -> Param<'static> {
        let Self { name, ty, nullable, argument } = self;
        Param { name, ty, nullable, argument: argument.map(Value::into_owned) }
    }

    /// Checks that a value can be an argument.
    ///
    /// # Errors
    ///
    /// What a column of the parameter's type would say of the value.
    ///
    /// # Examples
    ///
    /// ```
    /// let parsed = setwise::lang::parse("update name(to: text(3)) on users set name = :to all rows")?;
    /// let [to] = parsed.params() else { panic!("one parameter") };
    /// assert!(to.check(&"Ann".into()).is_ok());
    /// assert_eq!(to.check(&"Anna".into()).unwrap_err().code(), "too-long");
    /// # Ok::<(), setwise::Errors>(())
    /// ```
    pub fn check(&self, value: &Value<'_>) -> Result<(), Error> {
        Ok(check_value(value, &self.ty, self.nullable, &self.name)?)
    }

    fn missing(&self) -> Error {
        ErrorKind::MissingArgument { param: self.name.to_string(), ty: self.ty.to_string() }.at(Place::Table)
    }
}

impl<'a> Update<'a> {
    /// The update with an argument for each of its parameters, by their names.
    ///
    /// # Errors
    ///
    /// `unknown-argument`, `argument-twice` and `missing-argument`; what a column of the parameter's type would say of
    /// the value.
    pub fn call<N, V>(mut self, arguments: impl IntoIterator<Item = (N, V)>) -> Result<Self, Errors>
    where
        N: AsRef<str>,
        V: Into<Value<'a>>,
    {
        let given = give(&self.params, arguments)?;
        for (param, argument) in self.params.iter_mut().zip(given) {
            param.argument = Some(argument);
        }
        Ok(self)
    }

    /// Every parameter must have its argument.
    pub(crate) fn check_called(&self) -> Result<(), Errors> {
        let mut errors = Errors::new();
        let open = self.params.iter().filter(|param| param.argument.is_none());
        open.for_each(|param| errors.push(param.missing()));
        errors.or(())
    }
}

/// The arguments, in the order of their parameters.
///
/// # Errors
///
/// As [`Update::call`].
pub(crate) fn give<'a, N, V>(
    params: &[Param<'_>],
    arguments: impl IntoIterator<Item = (N, V)>,
) -> Result<Vec<Value<'a>>, Errors>
where
    N: AsRef<str>,
    V: Into<Value<'a>>,
{
    let mut errors = Errors::new();
    let mut given: Vec<Option<Value<'a>>> = params.iter().map(|_| None).collect();
    let mut wrong = Vec::new();
    for (name, value) in arguments {
        if let Err(kind) = give_one(params, &mut given, name.as_ref(), value.into()) {
            wrong.push(name.as_ref().to_owned());
            errors.push(kind.at(Place::Table));
        }
    }
    for (param, argument) in params.iter().zip(&given) {
        if argument.is_none() && !wrong.iter().any(|name| name == param.name.as_str()) {
            errors.push(param.missing());
        }
    }
    errors.or(given.into_iter().flatten().collect())
}

fn give_one<'a>(
    params: &[Param<'_>],
    given: &mut [Option<Value<'a>>],
    name: &str,
    value: Value<'a>,
) -> Result<(), ErrorKind> {
    match params.iter().zip(given).find(|(param, _)| param.name.as_str() == name) {
        Some((_, Some(_))) => Err(ErrorKind::ArgumentTwice { argument: name.to_owned() }),
        Some((param, place)) => {
            check_value(&value, &param.ty, param.nullable, &param.name)?;
            *place = Some(value);
            Ok(())
        }
        None => {
            let hint = nearest(name, params.iter().map(|param| param.name.as_str()));
            Err(ErrorKind::UnknownArgument { argument: name.to_owned(), hint })
        }
    }
}
