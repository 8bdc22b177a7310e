//! Keys from keys: HKDF-SHA-256 (RFC 5869) and HMAC-SHA-256 (RFC 2104).

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit};
use sha2::Sha256;

use crate::secret::Secret;

/// A message authentication code in the making.
pub(crate) type Mac = Hmac<Sha256>;

/// A secret from which others are derived, each for a purpose and a context.
pub(crate) struct Deriver(Hkdf<Sha256>);

impl Deriver {
    pub(crate) fn new(salt: Option<&[u8]>, secret: &Secret) -> Self {
        Self(Hkdf::new(salt, secret.bytes()))
    }

    /// The secret for this purpose in this context. No purpose may be the beginning of another.
    #[expect(clippy::expect_used, reason = "HKDF-SHA-256 refuses only outputs above 8160 bytes, and this one has 32")]
    pub(crate) fn derive(&self, purpose: &[u8], context: &[u8]) -> Secret {
        Secret::filled_by(|bytes| {
            self.0.expand_multi_info(&[purpose, context], bytes).expect("HKDF yields 32 bytes");
        })
    }
}

/// Begins a code under this key.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub(crate) fn mac(key: &Secret) -> Mac {
    Mac::new_from_slice(key.bytes()).expect("HMAC takes 32 bytes")
}
