use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};

use super::{NONCE_LENGTH, TAG_LENGTH};
use crate::{OpenError, SealError};

/// AES-256-GCM of RustCrypto.
pub(super) struct Cipher(Box<Aes256Gcm>);

impl Cipher {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(Box::new(Aes256Gcm::new(key.into())))
    }

    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LENGTH], SealError> {
        let tag = self.0.encrypt_inout_detached(nonce.into(), associated_data, InOutBuf::from(buffer));
        tag.map(Into::into).map_err(|_| SealError::ValueTooLong)
    }

    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        let opened = self.0.decrypt_inout_detached(nonce.into(), associated_data, InOutBuf::from(buffer), tag.into());
        opened.map_err(|_| OpenError::Unauthentic)
    }
}
