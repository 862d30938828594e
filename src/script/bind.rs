//! Parameters: a value and its type.

use std::borrow::Cow;
use std::fmt;

use crate::ir::{Type, Value};

/// A parameter: its value in the form in which the engine stores it, and the type of the column it is for.
///
/// Where rows come in as arrays ([`Strategy::ArrayJoin`](crate::Strategy::ArrayJoin)), a parameter is all values of a column and
/// its type an array of the column's.
#[derive(Clone)]
pub struct Bind<'u>(Held<'u>);

/// There are many parameters, and most are lent: two words, with nothing to drop.
#[derive(Clone)]
enum Held<'u> {
    /// From the update, and from a schema.
    Lent(&'u Value<'u>, &'u Type),
    /// For the engine.
    Made(Box<Made<'u>>),
}

/// A value of a type that nobody lends.
#[derive(Clone)]
struct Made<'u> {
    value: Value<'u>,
    ty: Type,
    /// The parameter of the update whose argument it awaits, by its position: that is given when the statement is bound.
    awaits: Option<usize>,
}

impl<'u> Bind<'u> {
    pub(crate) fn new(value: Cow<'u, Value<'u>>, ty: Cow<'u, Type>) -> Self {
        match (value, ty) {
            (Cow::Borrowed(value), Cow::Borrowed(ty)) => Self::lent(value, ty),
            (Cow::Borrowed(value), ty) => Self::made(value.lend(), ty.into_owned()),
            (Cow::Owned(value), ty) => Self::made(value, ty.into_owned()),
        }
    }

    /// A value as it is, of a type that is lent too.
    #[inline(always)]
    pub(crate) fn lent(value: &'u Value<'u>, ty: &'u Type) -> Self {
        Self(Held::Lent(value, ty))
    }

    pub(crate) fn made(value: Value<'u>, ty: Type) -> Self {
        Self(Held::Made(Box::new(Made { value, ty, awaits: None })))
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value<'_> {
        match &self.0 {
            Held::Lent(value, _) => value,
            Held::Made(made) => &made.value,
        }
    }

    /// The type of the column that it is for.
    #[must_use]
    pub fn ty(&self) -> &Type {
        match &self.0 {
            Held::Lent(_, ty) => ty,
            Held::Made(made) => &made.ty,
        }
    }

    /// The argument of a parameter, which is given later.
    pub(crate) fn awaiting(param: usize, ty: Type) -> Self {
        Self(Held::Made(Box::new(Made { value: Value::Null, ty, awaits: Some(param) })))
    }

    /// The parameter of the update whose argument it awaits.
    pub(super) fn awaited(&self) -> Option<usize> {
        match &self.0 {
            Held::Lent(..) => None,
            Held::Made(made) => made.awaits,
        }
    }

    /// The same parameter, lent.
    pub(super) fn lend(&self) -> Bind<'_> {
        Bind::lent(self.value(), self.ty())
    }

    /// The same parameter, holding its own value.
    pub(crate) fn to_owned(&self) -> Bind<'static> {
        let (value, ty) = (self.value().clone().into_owned(), self.ty().clone());
        Bind(Held::Made(Box::new(Made { value, ty, awaits: self.awaited() })))
    }
}

impl PartialEq for Bind<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.value(), self.ty(), self.awaited()) == (other.value(), other.ty(), other.awaited())
    }
}

impl fmt::Debug for Bind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bind").field("value", self.value()).field("ty", self.ty()).finish()
    }
}

/// The parameters of a step: for each execution of its statement, as many as the text has placeholders.
#[derive(Clone, Copy, Debug)]
pub struct BindSets<'s> {
    pub(crate) binds: &'s [Bind<'s>],
    pub(crate) width: usize,
}

impl<'s> BindSets<'s> {
    pub(crate) fn new(binds: &'s [Bind<'s>], width: usize) -> Self {
        Self { binds, width }
    }

    /// Each execution's parameters, in the order of the placeholders. A statement without parameters is executed
    /// once, with none.
    pub fn iter(&self) -> impl Iterator<Item = &'s [Bind<'s>]> + use<'s> {
        let once: Option<&'s [Bind<'s>]> = (self.width == 0).then_some(&[]);
        self.binds.chunks_exact(self.width.max(1)).chain(once)
    }
}
