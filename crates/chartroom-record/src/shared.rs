//! Text that is cheap to clone: short text lies inside, longer text is shared.

use std::mem::ManuallyDrop;
use std::ops::Deref;

use smol_str::SmolStr;

/// Text that is cheap to clone.
///
/// It is let go by a C function, because the compiler knows that such a one does not unwind. Nearly all fields hold text: each
/// would need code to drop the fields behind it while a panic passes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Shared(ManuallyDrop<SmolStr>);

impl Shared {
    /// Text known when the program is compiled; takes no memory of its own.
    pub(crate) const fn from_static(text: &'static str) -> Self {
        Self(ManuallyDrop::new(SmolStr::new_static(text)))
    }
}

impl Drop for Shared {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_heap_allocated() {
            let_go(&mut self.0);
        }
    }
}

#[inline(never)]
extern "C" fn let_go(text: &mut SmolStr) {
    *text = SmolStr::default();
}

impl Deref for Shared {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Shared {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Shared {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl From<&str> for Shared {
    #[inline]
    fn from(text: &str) -> Self {
        Self(ManuallyDrop::new(SmolStr::new(text)))
    }
}

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(ManuallyDrop::new(text.into()))
    }
}
