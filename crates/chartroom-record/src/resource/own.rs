//! A box whose content is let go by code of this crate.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

use crate::element::{Element, Home};

/// A boxed structure of one type.
///
/// It is a `Box<T>` to its user. Inside it is a `Box<dyn Element>`, because the code that drops a `Box<T>` is compiled anew in every
/// crate that drops a [`Resource`](super::Resource), for every type there is, which took such a crate five seconds.
pub struct Own<T>(Inside, PhantomData<T>);

impl<T: Element> Own<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Inside(ManuallyDrop::new(Some(Vec::boxed(value)))), PhantomData)
    }

    /// A structure with nothing in it.
    pub(crate) fn empty() -> Self
    where
        T: Default,
    {
        Self(Inside(ManuallyDrop::new(Some(Vec::<T>::empty()))), PhantomData)
    }

    /// The structure, out of its box.
    pub fn into_inner(mut self) -> T {
        let inside = self.0.0.take().map(|inside| inside as Box<dyn Any>);
        match inside.and_then(|inside| inside.downcast().ok()) {
            Some(value) => *value,
            None => unreachable!("a box is made only with a value of its type"),
        }
    }

    pub(crate) fn as_element(&self) -> Option<&dyn Element> {
        self.0.0.as_deref()
    }

    pub(crate) fn as_element_mut(&mut self) -> Option<&mut dyn Element> {
        self.0.0.as_deref_mut()
    }
}

/// What is in the box: `Some` until it is let go.
struct Inside(ManuallyDrop<Option<Box<dyn Element>>>);

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        let_go(&mut self.0);
    }
}

/// A C function, because the compiler knows that such a one does not unwind.
#[allow(improper_ctypes_definitions, reason = "it is called from here alone")]
#[inline(never)]
extern "C" fn let_go(inside: &mut Option<Box<dyn Element>>) {
    *inside = None;
}

impl<T: Element> Deref for Own<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self.as_element().and_then(|inside| (inside as &dyn Any).downcast_ref()) {
            Some(value) => value,
            None => unreachable!("a box is made only with a value of its type"),
        }
    }
}

impl<T: Element> DerefMut for Own<T> {
    fn deref_mut(&mut self) -> &mut T {
        match self.as_element_mut().and_then(|inside| (inside as &mut dyn Any).downcast_mut()) {
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
