//! The bare parts, for those who must: cipher without place, keys as bytes.
//!
//! Nothing here protects you from yourself. A nonce used twice under one key gives away both values and lets anyone forge more;
//! a value sealed without its place can be moved. It is for test vectors and for key services that keep keys in hardware.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use key_wrap::KeyWrap;

use crate::secret::Secret;
use crate::{KeyLabel, OpenError, SealError, SubjectKey};

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
mod ghash;
mod key_wrap;
mod rust_crypto;
mod streams;

pub(crate) use streams::Streams;

/// Length of a nonce in bytes.
pub const NONCE_LENGTH: usize = 12;
/// Length of an authentication tag in bytes.
pub const TAG_LENGTH: usize = 16;
/// Length of a block of AES in bytes.
const BLOCK: usize = 16;
/// Length of what associated data begins with as a rule: whole blocks.
pub(crate) const BEGINNING_LENGTH: usize = 3 * BLOCK;

/// Whose AES-256-GCM is used. The bytes are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// RustCrypto, Rust alone: the crate `aes-gcm`, and for values of up to 1008 bytes its parts `aes` and `polyval`.
    #[cfg_attr(not(feature = "aws-lc-rs"), default)]
    RustCrypto,
    /// The crate `aws-lc-rs`: C and assembly.
    #[cfg(feature = "aws-lc-rs")]
    #[default]
    AwsLc,
}

impl Backend {
    /// Those that this program was built with; the last is the one that is used.
    pub const ALL: &[Self] = &[
        Self::RustCrypto,
        #[cfg(feature = "aws-lc-rs")]
        Self::AwsLc,
    ];
}

/// AES-256-GCM (NIST SP 800-38D) with 96-bit nonces and 128-bit tags, its key schedule ready.
pub struct Aes256Gcm(Cipher);

enum Cipher {
    RustCrypto(rust_crypto::Cipher),
    #[cfg(feature = "aws-lc-rs")]
    AwsLc(aws_lc::Cipher),
}

impl Aes256Gcm {
    /// The cipher under this key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self::by(Backend::default(), key)
    }

    /// The cipher under this key, by this backend.
    pub fn by(backend: Backend, key: &[u8; 32]) -> Self {
        Self(match backend {
            Backend::RustCrypto => Cipher::RustCrypto(rust_crypto::Cipher::new(key)),
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLc => Cipher::AwsLc(aws_lc::Cipher::new(key)),
        })
    }

    /// The same cipher, quicker with associated data that begins with these bytes.
    pub(crate) fn expecting(mut self, beginning: &[u8; BEGINNING_LENGTH]) -> Self {
        match &mut self.0 {
            Cipher::RustCrypto(cipher) => cipher.expect(beginning),
            #[cfg(feature = "aws-lc-rs")]
            Cipher::AwsLc(_) => {}
        }
        self
    }

    /// Encrypts the buffer where it stands and gives the tag. The nonce must never have been used under this key.
    ///
    /// # Errors
    ///
    /// [`SealError::ValueTooLong`] above 2^36 - 32 bytes.
    #[inline]
    pub fn seal_in_place(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LENGTH], SealError> {
        let mut tag = [0; TAG_LENGTH];
        self.seal_with_tag(nonce, associated_data, buffer, &mut tag)?;
        Ok(tag)
    }

    /// The same, with the tag written where it belongs.
    #[inline]
    pub(crate) fn seal_with_tag(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &mut [u8; TAG_LENGTH],
    ) -> Result<(), SealError> {
        match &self.0 {
            Cipher::RustCrypto(cipher) => cipher.seal(nonce, associated_data, buffer, tag),
            #[cfg(feature = "aws-lc-rs")]
            Cipher::AwsLc(cipher) => cipher.seal(nonce, associated_data, buffer, tag),
        }
    }

    /// Decrypts the buffer where it stands; leaves it as it is where the tag does not verify.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unauthentic`] unless key, nonce, associated data, buffer and tag belong together.
    #[inline]
    pub fn open_in_place(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        match &self.0 {
            Cipher::RustCrypto(cipher) => cipher.open(nonce, associated_data, buffer, tag),
            #[cfg(feature = "aws-lc-rs")]
            Cipher::AwsLc(cipher) => cipher.open(nonce, associated_data, buffer, tag),
        }
    }
}

impl std::fmt::Debug for Aes256Gcm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Aes256Gcm(..)")
    }
}

/// HKDF-SHA-256 (RFC 5869), extract and expand.
///
/// # Errors
///
/// [`SealError::ValueTooLong`] where more than 8160 bytes are asked for.
pub fn hkdf_sha256(salt: &[u8], key: &[u8], info: &[u8], out: &mut [u8]) -> Result<(), SealError> {
    Hkdf::<Sha256>::new(Some(salt), key).expand(info, out).map_err(|_| SealError::ValueTooLong)
}

/// HMAC-SHA-256 (RFC 2104).
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes every key");
    mac.chain_update(message).finalize().into_bytes().into()
}

/// The bytes of a subject key, for a key service that wraps it elsewhere.
pub fn subject_key_bytes(key: &SubjectKey) -> &[u8; 32] {
    key.secret.bytes()
}

/// The subject key that a key service has unwrapped. The bytes must come from [`SubjectKey::generate`]: random, never derived.
pub fn subject_key_from_bytes(label: KeyLabel, bytes: &[u8; 32]) -> SubjectKey {
    SubjectKey::new(label, Secret::copied_from(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 and 14.
    #[test]
    fn the_cipher_is_aes_256_gcm() {
        for backend in Backend::ALL {
            let cipher = Aes256Gcm::by(*backend, &[0; 32]);
            let mut buffer = [0; 16];
            let tag = cipher.seal_in_place(&[0; 12], b"", &mut []).expect("sealed");
            assert_eq!(tag, 0x530f_8afb_c745_36b9_a963_b4f1_c4cb_738b_u128.to_be_bytes());
            let tag = cipher.seal_in_place(&[0; 12], b"", &mut buffer).expect("sealed");
            assert_eq!(buffer, 0xcea7_403d_4d60_6b6e_074e_c5d3_baf3_9d18_u128.to_be_bytes());
            assert_eq!(tag, 0xd0d1_c8a7_9999_6bf0_265b_98b5_d48a_b919_u128.to_be_bytes());
        }
    }

    #[test]
    fn a_refused_buffer_is_left_alone() {
        for backend in Backend::ALL {
            let cipher = Aes256Gcm::by(*backend, &[1; 32]);
            let mut buffer = *b"ciphertext";
            assert_eq!(cipher.open_in_place(&[0; 12], b"", &mut buffer, &[0; 16]), Err(OpenError::Unauthentic));
            assert_eq!(&buffer, b"ciphertext");
        }
    }

    proptest! {
        /// With the feature `aws-lc-rs` there are two backends, and the whole suite of this crate runs on the second.
        #[test]
        fn what_one_backend_seals_each_seals_and_opens(key: [u8; 32], nonce: [u8; 12], place: Vec<u8>, plain: Vec<u8>) {
            let seal = |backend: &Backend| {
                let mut sealed = plain.clone();
                let tag = Aes256Gcm::by(*backend, &key).seal_in_place(&nonce, &place, &mut sealed).expect("sealed");
                (sealed, tag)
            };
            let (sealed, tag) = seal(&Backend::RustCrypto);
            for backend in Backend::ALL {
                prop_assert_eq!(&seal(backend), &(sealed.clone(), tag));
                let mut opened = sealed.clone();
                let outcome = Aes256Gcm::by(*backend, &key).open_in_place(&nonce, &place, &mut opened, &tag);
                prop_assert_eq!((outcome, &opened), (Ok(()), &plain));
            }
        }
    }

    #[test]
    fn the_last_backend_is_the_one_that_is_used() {
        assert_eq!(Backend::ALL.last(), Some(&Backend::default()));
    }
}
