//! The bytes of one sealed value: header, nonce, ciphertext, tag.

use crate::hazmat::{NONCE_LENGTH, TAG_LENGTH};
use crate::reader::Reader;
use crate::{KeyLabel, OpenError};

/// The format version that this crate writes.
const FORMAT_VERSION: u8 = 1;
/// AES-256-GCM with HKDF-SHA-256 and HMAC-SHA-256.
const SUITE: u8 = 1;
/// Format version, suite, key label.
pub(crate) const HEADER_LENGTH: usize = 2 + KeyLabel::LENGTH;

/// The header of every value sealed under this key.
pub(crate) fn header(key: KeyLabel) -> [u8; HEADER_LENGTH] {
    let mut header = [0; HEADER_LENGTH];
    let fields = [FORMAT_VERSION, SUITE].into_iter().chain(key.id.to_bytes()).chain(key.version.to_be_bytes());
    header.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
    header
}

/// A sealed value taken apart.
pub(crate) struct Envelope<'a> {
    pub(crate) key: KeyLabel,
    pub(crate) nonce: &'a [u8; NONCE_LENGTH],
    pub(crate) ciphertext: &'a [u8],
    pub(crate) tag: &'a [u8; TAG_LENGTH],
}

impl<'a> Envelope<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        match reader.byte().ok_or(OpenError::Malformed)? {
            FORMAT_VERSION => {}
            unknown => return Err(OpenError::UnknownVersion(unknown)),
        }
        match reader.byte().ok_or(OpenError::Malformed)? {
            SUITE => {}
            unknown => return Err(OpenError::UnknownSuite(unknown)),
        }
        Self::parse_body(reader).ok_or(OpenError::Malformed)
    }

    fn parse_body(mut reader: Reader<'a>) -> Option<Self> {
        let key = reader.label()?;
        let nonce = reader.array()?;
        let (ciphertext, tag) = reader.rest().split_last_chunk()?;
        Some(Self { key, nonce, ciphertext, tag })
    }
}
