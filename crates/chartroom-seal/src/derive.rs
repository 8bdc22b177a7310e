//! Keys from keys: HKDF-Expand of HKDF-SHA-256 (RFC 5869), one-step derivation (NIST SP 800-56C), and HMAC-SHA-256 (RFC 2104).

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit};
use sha2::digest::FixedOutput;
use sha2::{Digest, Sha256};

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

/// One of several secrets that a secret stands for: NIST SP 800-56C Rev. 2, section 4.1, with SHA-256.
///
/// The secret is random and serves nothing else. With an information of up to 19 bytes this is one compression, where HMAC takes
/// four. No information may be the beginning of another.
pub(crate) fn one_step(secret: &Secret, information: &[u8], out: &mut [u8; 32]) {
    const COUNTER: [u8; 4] = 1_u32.to_be_bytes();
    let hash = Sha256::new_with_prefix(COUNTER).chain_update(secret.bytes()).chain_update(information);
    FixedOutput::finalize_into(hash, out.into());
}

/// Begins a code under this key.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub(crate) fn mac(key: &Secret) -> Mac {
    Mac::new_from_slice(key.bytes()).expect("HMAC takes 32 bytes")
}
