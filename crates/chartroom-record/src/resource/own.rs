//! A box whose content is let go by code of this crate.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use crate::element::Element;

/// A boxed resource of one type.
///
/// It is a `Box<T>` to its user. Inside it is a `Box<dyn Element>`, because the code that drops a `Box<T>` is compiled anew in every
/// crate that drops a [`Resource`](super::Resource), for every type there is, which took such a crate five seconds.
pub struct Own<T>(Box<dyn Element>, PhantomData<T>);

impl<T: Element> Own<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Box::new(value), PhantomData)
    }

    /// A resource with nothing in it. Not inlined, so that the one read function for all types needs no room for each of them.
    #[inline(never)]
    pub(crate) fn empty() -> Self
    where
        T: Default,
    {
        Self::new(T::default())
    }

    /// The resource, out of its box.
    pub fn into_inner(self) -> T {
        let inside: Box<dyn Any> = self.0;
        match inside.downcast() {
            Ok(value) => *value,
            Err(_) => unreachable!("a box is made only with a value of its type"),
        }
    }

    pub(crate) fn as_element(&self) -> &dyn Element {
        &*self.0
    }

    pub(crate) fn as_element_mut(&mut self) -> &mut dyn Element {
        &mut *self.0
    }
}

impl<T: Element> Deref for Own<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match (&*self.0 as &dyn Any).downcast_ref() {
            Some(value) => value,
            None => unreachable!("a box is made only with a value of its type"),
        }
    }
}

impl<T: Element> DerefMut for Own<T> {
    fn deref_mut(&mut self) -> &mut T {
        match (&mut *self.0 as &mut dyn Any).downcast_mut() {
            Some(value) => value,
            None => unreachable!("a box is made only with a value of its type"),
        }
    }
}

impl<T: Element> From<T> for Own<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Element + Clone> Clone for Own<T> {
    fn clone(&self) -> Self {
        Self::new(T::clone(self))
    }
}

impl<T: Element + PartialEq> PartialEq for Own<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Element + fmt::Debug> fmt::Debug for Own<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
