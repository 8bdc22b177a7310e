use std::iter::Zip;
use std::vec::IntoIter;

use zeroize::Zeroize;

use super::{Aes256Gcm, Cipher, NONCE_LENGTH, TAG_LENGTH, rust_crypto};
use crate::SealError;

/// What several values are sealed with: a nonce for each, and for short values, where the backend can, the key stream. Each serves
/// once.
pub(crate) struct Streams {
    values: Zip<IntoIter<[u8; NONCE_LENGTH]>, IntoIter<usize>>,
    /// How long the key stream of a value of some length is, where it is made before.
    length: fn(usize) -> Option<usize>,
    /// The key streams that there are, one behind the other.
    bytes: Vec<u8>,
    used: usize,
}

/// What one value is sealed with.
pub(crate) struct Stream<'a> {
    pub(crate) nonce: [u8; NONCE_LENGTH],
    longest: usize,
    /// Empty where it is not made yet.
    bytes: &'a [u8],
}

impl Streams {
    /// That of the next value.
    pub(crate) fn next(&mut self) -> Option<Stream<'_>> {
        let (nonce, longest) = self.values.next()?;
        let stream = (self.length)(longest).unwrap_or_default();
        let bytes = self.bytes.get(self.used..self.used + stream)?;
        self.used += stream;
        Some(Stream { nonce, longest, bytes })
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        self.bytes.as_mut_slice().zeroize();
    }
}

impl Aes256Gcm {
    /// What values of up to these lengths are sealed with, under as many nonces that were never used.
    pub(crate) fn streams(&self, nonces: Vec<[u8; NONCE_LENGTH]>, longest: Vec<usize>) -> Streams {
        let length = match &self.0 {
            Cipher::RustCrypto(_) => rust_crypto::Cipher::stream_length,
            #[cfg(feature = "aws-lc-rs")]
            Cipher::AwsLc(_) => |_| None,
        };
        let streams = nonces.iter().zip(longest.iter().map(|longest| length(*longest).unwrap_or_default()));
        let mut bytes = vec![0; streams.clone().map(|(_, stream)| stream).sum()];
        match &self.0 {
            Cipher::RustCrypto(cipher) => cipher.fill_streams(streams, &mut bytes),
            #[cfg(feature = "aws-lc-rs")]
            Cipher::AwsLc(_) => {}
        }
        Streams { values: nonces.into_iter().zip(longest), length, bytes, used: 0 }
    }

    /// Encrypts the buffer where it stands and writes the tag.
    ///
    /// # Errors
    ///
    /// [`SealError::ValueTooLong`] where it is longer than was said before.
    #[inline]
    pub(crate) fn seal_by(
        &self,
        stream: Stream<'_>,
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &mut [u8; TAG_LENGTH],
    ) -> Result<(), SealError> {
        if buffer.len() > stream.longest {
            return Err(SealError::ValueTooLong);
        }
        match &self.0 {
            Cipher::RustCrypto(cipher) if !stream.bytes.is_empty() => {
                *tag = cipher.seal_by(stream.bytes, associated_data, buffer);
                Ok(())
            }
            _ => self.seal_with_tag(&stream.nonce, associated_data, buffer, tag),
        }
    }
}
