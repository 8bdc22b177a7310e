//! Thirty-two secret bytes.

use std::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// A 256-bit key. It stays in one place on the heap, is never copied, and is wiped when dropped.
pub(crate) struct Secret(Box<Zeroizing<[u8; Self::LENGTH]>>);

impl Secret {
    pub(crate) const LENGTH: usize = 32;

    /// A secret that `fill` writes where it will stay.
    pub(crate) fn filled_by(fill: impl FnOnce(&mut [u8; Self::LENGTH])) -> Self {
        let mut bytes = Box::new(Zeroizing::new([0; Self::LENGTH]));
        fill(&mut bytes);
        Self(bytes)
    }

    pub(crate) fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self::filled_by(|bytes| rng.fill_bytes(bytes))
    }

    pub(crate) fn copied_from(secret: &[u8; Self::LENGTH]) -> Self {
        Self::filled_by(|bytes| bytes.copy_from_slice(secret))
    }

    pub(crate) fn bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
