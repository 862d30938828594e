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
        self.params = give(&self.params, arguments)?;
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

/// The parameters with their arguments.
///
/// # Errors
///
/// As [`Update::call`].
pub(crate) fn give<'a, N, V>(
    params: &[Param<'_>],
    arguments: impl IntoIterator<Item = (N, V)>,
) -> Result<Vec<Param<'a>>, Errors>
where
    N: AsRef<str>,
    V: Into<Value<'a>>,
{
    let mut errors = Errors::new();
    let open = |param: &Param<'_>| Param {
        name: param.name.clone(),
        ty: param.ty.clone(),
        nullable: param.nullable,
        argument: None,
    };
    let mut given: Vec<Param<'a>> = params.iter().map(open).collect();
    let mut wrong = Vec::new();
    for (name, value) in arguments {
        if let Err(kind) = give_one(&mut given, name.as_ref(), value.into()) {
            wrong.push(name.as_ref().to_owned());
            errors.push(kind.at(Place::Table));
        }
    }
    let is_missing =
        |param: &&Param<'a>| param.argument.is_none() && !wrong.iter().any(|name| name == param.name.as_str());
    given.iter().filter(is_missing).for_each(|param| errors.push(param.missing()));
    errors.or(given)
}

fn give_one<'a>(params: &mut [Param<'a>], name: &str, value: Value<'a>) -> Result<(), ErrorKind> {
    match params.iter_mut().find(|param| param.name.as_str() == name) {
        Some(param) if param.argument.is_some() => Err(ErrorKind::ArgumentTwice { argument: name.to_owned() }),
        Some(param) => {
            check_value(&value, &param.ty, param.nullable, &param.name)?;
            param.argument = Some(value);
            Ok(())
        }
        None => {
            let hint = nearest(name, params.iter().map(|param| param.name.as_str()));
            Err(ErrorKind::UnknownArgument { argument: name.to_owned(), hint })
        }
    }
}
