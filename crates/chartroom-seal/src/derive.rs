//! Keys from keys: HKDF-Expand of HKDF-SHA-256 (RFC 5869), and HMAC-SHA-256 (RFC 2104).

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit};
use sha2::Sha256;

use crate::secret::Secret;

/// A message authentication code in the making.
pub(crate) type Mac = Hmac<Sha256>;

/// A random secret from which others are derived, each for a purpose and a context.
pub(crate) struct Deriver(Hkdf<Sha256>);

impl Deriver {
    /// HKDF's second half alone: such a secret is random from end to end, so there is nothing to extract (RFC 5869, section 3.3).
    #[expect(clippy::expect_used, reason = "HKDF-SHA-256 refuses only keys below 32 bytes")]
    pub(crate) fn new(secret: &Secret) -> Self {
        Self(Hkdf::from_prk(secret.bytes()).expect("HKDF takes 32 bytes"))
    }

    /// The secret for this purpose in this context. No purpose may be the beginning of another.
    pub(crate) fn derive(&self, purpose: &[u8], context: &[u8]) -> Secret {
        Secret::filled_by(|bytes| self.fill(purpose, context, std::array::from_mut(bytes)))
    }

    /// Several secrets at once.
    #[expect(clippy::expect_used, reason = "HKDF-SHA-256 refuses only more than 255 of them")]
    pub(crate) fn fill<const N: usize>(&self, purpose: &[u8], context: &[u8], secrets: &mut [[u8; 32]; N]) {
        const { assert!(N <= 255) };
        self.0.expand_multi_info(&[purpose, context], secrets.as_flattened_mut()).expect("HKDF yields so few bytes");
    }
}

/// Begins a code under this key.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub(crate) fn mac(key: &Secret) -> Mac {
    Mac::new_from_slice(key.bytes()).expect("HMAC takes 32 bytes")
}
