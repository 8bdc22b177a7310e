//! The bytes of one sealed value: header, nonce, ciphertext, tag.

use crate::hazmat::{NONCE_LENGTH, TAG_LENGTH};
use crate::reader::Reader;
use crate::{KeyLabel, OpenError};

/// The format version that this crate writes.
const FORMAT_VERSION: u8 = 1;
/// Format version, suite, key label.
pub(crate) const HEADER_LENGTH: usize = 2 + KeyLabel::LENGTH;

/// How something is sealed. Every suite is AES-256-GCM with HKDF-SHA-256 and differs in what is sealed; one is AES-256-SIV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Suite {
    /// A value, as long as it is.
    Value = 1,
    /// A value behind which padding hides its length.
    Padded = 2,
    /// A value that is sealed to the same bytes each time.
    Deterministic = 3,
    /// A stream of chunks.
    Stream = 4,
    /// The list of a record's parts, which is in clear and only authenticated.
    List = 5,
    /// A stream whose last chunk is filled up with padding.
    PaddedStream = 6,
}

impl Suite {
    const ALL: [Self; 6] =
        [Self::Value, Self::Padded, Self::Deterministic, Self::Stream, Self::List, Self::PaddedStream];

    /// The suites of streams.
    pub(crate) const STREAMS: [Self; 2] = [Self::Stream, Self::PaddedStream];

    fn read(reader: &mut Reader<'_>) -> Result<Self, OpenError> {
        match reader.byte().ok_or(OpenError::Malformed)? {
            FORMAT_VERSION => {}
            unknown => return Err(OpenError::UnknownVersion(unknown)),
        }
        let suite = reader.byte().ok_or(OpenError::Malformed)?;
        Self::ALL.into_iter().find(|known| *known as u8 == suite).ok_or(OpenError::UnknownSuite(suite))
    }
}

/// The header of everything sealed under this key with this suite.
pub(crate) fn header(suite: Suite, key: KeyLabel) -> [u8; HEADER_LENGTH] {
    let mut header = [0; HEADER_LENGTH];
    let [format, suite_at, id @ .., a, b, c, d] = &mut header;
    (*format, *suite_at, *id) = (FORMAT_VERSION, suite as u8, key.id.to_bytes());
    [*a, *b, *c, *d] = key.version.to_be_bytes();
    header
}

/// Reads a header of one of these suites; any other is refused.
pub(crate) fn read_header(reader: &mut Reader<'_>, suites: &[Suite]) -> Result<(Suite, KeyLabel), OpenError> {
    let suite = Suite::read(reader)?;
    if !suites.contains(&suite) {
        return Err(OpenError::UnknownSuite(suite as u8));
    }
    Ok((suite, reader.label().ok_or(OpenError::Malformed)?))
}

/// A sealed value taken apart.
pub(crate) struct Envelope<'a> {
    pub(crate) suite: Suite,
    pub(crate) key: KeyLabel,
    pub(crate) nonce: &'a [u8; NONCE_LENGTH],
    pub(crate) ciphertext: &'a [u8],
    pub(crate) tag: &'a [u8; TAG_LENGTH],
}

impl<'a> Envelope<'a> {
    /// A value that was sealed with a random nonce.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        match Suite::read(&mut reader)? {
            suite @ (Suite::Value | Suite::Padded) => Self::parse_body(suite, reader).ok_or(OpenError::Malformed),
            other => Err(OpenError::UnknownSuite(other as u8)),
        }
    }

    fn parse_body(suite: Suite, mut reader: Reader<'a>) -> Option<Self> {
        let key = reader.label()?;
        let nonce = reader.array()?;
        let (ciphertext, tag) = reader.rest().split_last_chunk()?;
        Some(Self { suite, key, nonce, ciphertext, tag })
    }
}
