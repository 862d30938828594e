//! Parameters: a value and its type.

use std::borrow::Cow;

use crate::ir::{Type, Value};

/// A parameter: its value in the form in which the engine stores it, and the type of the column it is for.
///
/// Where rows come in as arrays ([`Strategy::ArrayJoin`](crate::Strategy::ArrayJoin)), a parameter is all values of a column and
/// its type an array of the column's.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind<'u> {
    value: Stored<'u>,
    ty: BindType<'u>,
}

/// A value lent from the update, or made for the engine. (A `Cow` of a value would not let its lifetime shrink.)
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stored<'u> {
    Lent(&'u Value<'u>),
    Made(Value<'u>),
    /// The argument of a parameter, by its position, which is given when the statement is bound.
    Awaited(usize),
}

/// A type lent from a schema, or made for the values. (There are many binds, and a `Cow` of a type is large.)
#[derive(Clone, Debug)]
pub(crate) enum BindType<'u> {
    Lent(&'u Type),
    Made(Box<Type>),
}

impl<'u> From<&Cow<'u, Type>> for BindType<'u> {
    fn from(ty: &Cow<'u, Type>) -> Self {
        match ty {
            Cow::Borrowed(ty) => Self::Lent(ty),
            Cow::Owned(ty) => Self::Made(Box::new(ty.clone())),
        }
    }
}

impl PartialEq for BindType<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl BindType<'_> {
    fn get(&self) -> &Type {
        match self {
            Self::Lent(ty) => ty,
            Self::Made(ty) => ty,
        }
    }
}

impl<'u> Bind<'u> {
    pub(crate) fn new(value: Stored<'u>, ty: BindType<'u>) -> Self {
        Self { value, ty }
    }

    /// A value as it is, of a type that is lent too.
    #[inline(always)]
    pub(crate) fn lent(value: &'u Value<'u>, ty: &'u Type) -> Self {
        Self { value: Stored::Lent(value), ty: BindType::Lent(ty) }
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value<'_> {
        match &self.value {
            Stored::Lent(value) => value,
            Stored::Made(value) => value,
            Stored::Awaited(_) => &Value::Null,
        }
    }

    /// The parameter of the update whose argument it awaits.
    pub(super) fn awaited(&self) -> Option<usize> {
        match self.value {
            Stored::Awaited(at) => Some(at),
            Stored::Lent(_) | Stored::Made(_) => None,
        }
    }

    /// The same parameter, lent.
    pub(super) fn lend(&self) -> Bind<'_> {
        Bind::lent(self.value(), self.ty())
    }

    /// Its type, lent.
    pub(super) fn lend_type(&self) -> BindType<'_> {
        BindType::Lent(self.ty())
    }

    /// The same parameter, holding its own value.
    pub(crate) fn to_owned(&self) -> Bind<'static> {
        let value = match &self.value {
            Stored::Awaited(at) => Stored::Awaited(*at),
            Stored::Lent(_) | Stored::Made(_) => Stored::Made(self.value().clone().into_owned()),
        };
        Bind { value, ty: BindType::Made(Box::new(self.ty().clone())) }
    }

    /// The type of the column that it is for.
    #[must_use]
    pub fn ty(&self) -> &Type {
        self.ty.get()
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
