use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::{NONCE_LENGTH, TAG_LENGTH};
use crate::{OpenError, SealError};

/// AES-256-GCM of AWS-LC.
pub(super) struct Cipher(LessSafeKey);

impl Cipher {
    #[expect(clippy::expect_used, reason = "AES-256 takes every key of 32 bytes")]
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("AES-256 takes 32 bytes")))
    }

    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &mut [u8; TAG_LENGTH],
    ) -> Result<(), SealError> {
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let made = self.0.seal_in_place_separate_tag(nonce, Aad::from(associated_data), buffer);
        *tag = made.ok().and_then(|tag| tag.as_ref().try_into().ok()).ok_or(SealError::ValueTooLong)?;
        Ok(())
    }

    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        let nonce = Nonce::assume_unique_for_key(*nonce);
        // AWS-LC wipes what it refuses; the buffer is to be left as it was.
        let sealed = buffer.to_vec();
        let opened = self.0.open_separate_gather(nonce, Aad::from(associated_data), &sealed, tag, buffer);
        opened.map_err(|_| {
            buffer.copy_from_slice(&sealed);
            OpenError::Unauthentic
        })
    }
}
