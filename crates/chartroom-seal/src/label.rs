//! Which key: public names of keys.

use std::fmt;

use rand_core::CryptoRng;

use crate::OpenError;
use crate::envelope::{self, Envelope, Suite};
use crate::reader::Reader;

/// The random public name of a key. It says nothing about whom the key belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; Self::LENGTH]);

impl KeyId {
    /// Length in bytes.
    pub const LENGTH: usize = 16;

    /// A new random name.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut bytes = [0; Self::LENGTH];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The name with these bytes.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes of the name.
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A key's name and version, written `NAME/VERSION`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyLabel {
    /// The name, the same for every version of the key.
    pub id: KeyId,
    /// The version, from 1.
    pub version: u32,
}

impl KeyLabel {
    /// Length of the encoded label in bytes.
    pub(crate) const LENGTH: usize = KeyId::LENGTH + 4;

    /// The key that something is sealed under, by what its header says. Whether that is true, only opening tells.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownVersion`], [`OpenError::UnknownSuite`] or [`OpenError::Malformed`] where the bytes are no sealed value.
    pub fn of_sealed(bytes: &[u8]) -> Result<Self, OpenError> {
        Envelope::parse(bytes).map(|envelope| envelope.key)
    }

    /// The key that a stream is sealed under, by what stands before its first chunk.
    ///
    /// # Errors
    ///
    /// As [`of_sealed`](Self::of_sealed), where the bytes begin no stream.
    pub fn of_stream(header: &[u8]) -> Result<Self, OpenError> {
        envelope::read_header(&mut Reader::new(header), &Suite::STREAMS).map(|(_, key)| key)
    }

    pub(crate) fn encode(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.id.to_bytes());
        out.extend_from_slice(&self.version.to_be_bytes());
    }
}

impl fmt::Display for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.id, self.version)
    }
}

impl fmt::Debug for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_prints_its_name_and_version() {
        let label = KeyLabel { id: KeyId::from_bytes([0xa5; 16]), version: 3 };
        assert_eq!(label.to_string(), format!("{}/3", "a5".repeat(16)));
        assert_eq!(format!("{label:?}"), label.to_string());
    }
}
