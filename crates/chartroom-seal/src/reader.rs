//! Reads fixed-length fields from the front of a byte slice.

use crate::{KeyId, KeyLabel};

/// What is left to read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next bytes, or `None` where fewer are left.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(field)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| *byte)
    }

    /// Four bytes, the most significant first.
    pub(crate) fn number(&mut self) -> Option<u32> {
        self.array().copied().map(u32::from_be_bytes)
    }

    pub(crate) fn label(&mut self) -> Option<KeyLabel> {
        let id = KeyId::from_bytes(*self.array()?);
        Some(KeyLabel { id, version: self.number()? })
    }

    /// Everything that was not read.
    pub(crate) const fn rest(self) -> &'a [u8] {
        self.0
    }
}
