//! Attachments of any size: a sealed stream of chunks.
//!
//! Every chunk is authenticated with its number and with whether it is the last, under a key that belongs to one stream in one part of
//! one record version. So chunks cannot be taken out, exchanged, repeated or brought over from another stream, and a stream that was cut
//! off does not open to its end.
//!
//! Under a key that is [padded](RecordKey::padded), in whatever way, the last chunk is filled up: a stream then tells how many chunks it
//! has, and no more.

mod reader;
mod writer;

use std::fmt;
use std::io::{self, Read, Write};

use rand_core::CryptoRng;

use crate::envelope::{self, HEADER_LENGTH, Suite};
use crate::hazmat::{Aes256Gcm, NONCE_LENGTH, TAG_LENGTH};
use crate::reader::Reader;
use crate::{OpenError, Part, RecordKey, SealError};

pub use reader::StreamReader;
pub use writer::StreamWriter;

/// Length of what stands before the first chunk of a stream, in bytes.
pub const STREAM_HEADER_LENGTH: usize = HEADER_LENGTH + 4 + SALT_LENGTH;

const SALT_LENGTH: usize = 32;
/// A stream has at most this many chunks: 256 TiB in chunks of the usual length.
const MOST_CHUNKS: u64 = 1 << 32;

/// How many bytes of a stream are sealed together. Whoever reads a stream holds one chunk in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkLength(u32);

impl ChunkLength {
    /// The shortest that is accepted: 1 KiB.
    pub const LEAST: Self = Self(1024);
    /// The longest that is accepted: 16 MiB.
    pub const MOST: Self = Self(16 * 1024 * 1024);

    /// Chunks of this many bytes; `None` outside the bounds [`LEAST`](Self::LEAST) and [`MOST`](Self::MOST).
    pub const fn new(bytes: u32) -> Option<Self> {
        if bytes < Self::LEAST.0 || bytes > Self::MOST.0 { None } else { Some(Self(bytes)) }
    }

    /// The length in bytes.
    pub const fn bytes(self) -> usize {
        self.0 as usize
    }
}

impl Default for ChunkLength {
    /// 64 KiB: the sixteen bytes of a tag are then nothing, and a range is read without much around it.
    fn default() -> Self {
        Self(64 * 1024)
    }
}

impl RecordKey {
    /// Seals whatever is written, as a part of the record, and passes it on to `inner`. [`StreamWriter::finish`] ends it.
    ///
    /// # Errors
    ///
    /// As [`stream_sealer`](Self::stream_sealer), or that of `inner`.
    pub fn seal_stream<W: Write>(
        &self,
        part: Part<'_>,
        chunk: ChunkLength,
        inner: W,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> io::Result<StreamWriter<W>> {
        StreamWriter::new(self.stream_sealer(part, chunk, rng)?, inner)
    }

    /// Opens a stream that was sealed as this part of the record, from its first byte.
    ///
    /// # Errors
    ///
    /// As [`stream_opener`](Self::stream_opener), or that of `inner`. Reading gives [`OpenError::Unauthentic`], as the cause of an
    /// [`io::Error`], where a chunk is not the one that was sealed there.
    pub fn open_stream<R: Read>(&self, part: Part<'_>, mut inner: R) -> io::Result<StreamReader<R>> {
        let mut header = [0; STREAM_HEADER_LENGTH];
        inner.read_exact(&mut header).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => OpenError::Malformed.into(),
            _ => error,
        })?;
        Ok(StreamReader::new(self.stream_opener(part, &header)?, inner))
    }

    /// What seals a stream chunk by chunk, for a program that moves the bytes itself.
    ///
    /// # Errors
    ///
    /// [`SealError::PlaceTooLong`].
    pub fn stream_sealer(
        &self,
        part: Part<'_>,
        chunk: ChunkLength,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<StreamSealer, SealError> {
        let mut salt = [0; SALT_LENGTH];
        rng.fill_bytes(&mut salt);
        let mut header = [0; STREAM_HEADER_LENGTH];
        let suite = self.padding.suite_of_stream();
        let fields = envelope::header(suite, self.label()).into_iter().chain(chunk.0.to_be_bytes()).chain(salt);
        header.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
        let cipher = Aes256Gcm::new(self.stream_key(&header, part)?.bytes());
        Ok(StreamSealer { header, chunk, is_padded: suite == Suite::PaddedStream, chunks: Chunks(cipher), next: 0 })
    }

    /// What opens the chunks of a stream, in any order.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownVersion`], [`OpenError::UnknownSuite`], [`OpenError::UnknownKey`] or [`OpenError::Malformed`] by what the
    /// header says of itself. Whether it is authentic, only the first chunk tells.
    pub fn stream_opener(&self, part: Part<'_>, header: &[u8]) -> Result<StreamOpener, OpenError> {
        let mut reader = Reader::new(header);
        let (suite, key) = envelope::read_header(&mut reader, &Suite::STREAMS)?;
        let chunk = reader.number().and_then(ChunkLength::new).ok_or(OpenError::Malformed)?;
        if reader.rest().len() != SALT_LENGTH {
            return Err(OpenError::Malformed);
        }
        if key != self.label() {
            return Err(OpenError::UnknownKey(key));
        }
        let key = self.stream_key(header, part).map_err(|_| OpenError::Unauthentic)?;
        let chunks = Chunks(Aes256Gcm::new(key.bytes()));
        Ok(StreamOpener { chunk, is_padded: suite == Suite::PaddedStream, chunks })
    }
}

/// Seals a stream, one chunk after the other, where each stands in memory.
pub struct StreamSealer {
    header: [u8; STREAM_HEADER_LENGTH],
    chunk: ChunkLength,
    is_padded: bool,
    chunks: Chunks,
    next: u64,
}

impl StreamSealer {
    /// What stands before the first chunk.
    pub const fn header(&self) -> &[u8; STREAM_HEADER_LENGTH] {
        &self.header
    }

    /// How long each chunk but the last must be.
    pub const fn chunk_length(&self) -> ChunkLength {
        self.chunk
    }

    /// Whether the last chunk must be as long as the others: the rest of the value, a byte 80 (hexadecimal), and zeros.
    pub const fn is_padded(&self) -> bool {
        self.is_padded
    }

    /// Seals the next chunk, one that is not the last. The tag stands behind it in the stream.
    ///
    /// # Errors
    ///
    /// [`SealError::ChunkLength`] for a chunk of another length, [`SealError::KeyUsedUp`] after 2^32 chunks.
    pub fn seal_next(&mut self, chunk: &mut [u8]) -> Result<[u8; TAG_LENGTH], SealError> {
        if chunk.len() != self.chunk.bytes() {
            return Err(SealError::ChunkLength);
        }
        let tag = self.chunks.seal(self.next, false, chunk)?;
        self.next += 1;
        Ok(tag)
    }

    /// Seals the last chunk, and so ends the stream. It is empty only where it is the first as well, and not padded.
    ///
    /// # Errors
    ///
    /// As [`seal_next`](Self::seal_next).
    pub fn seal_last(self, chunk: &mut [u8]) -> Result<[u8; TAG_LENGTH], SealError> {
        let full = chunk.len() == self.chunk.bytes();
        let shorter = chunk.len() < self.chunk.bytes() && (!chunk.is_empty() || self.next == 0);
        if !full && (self.is_padded || !shorter) {
            return Err(SealError::ChunkLength);
        }
        self.chunks.seal(self.next, true, chunk)
    }
}

/// Opens the chunks of a stream.
pub struct StreamOpener {
    chunk: ChunkLength,
    is_padded: bool,
    chunks: Chunks,
}

impl StreamOpener {
    /// How long each chunk but the last is.
    pub const fn chunk_length(&self) -> ChunkLength {
        self.chunk
    }

    /// Whether the last chunk ends with a byte 80 (hexadecimal) and zeros, which are not of the value.
    pub const fn is_padded(&self) -> bool {
        self.is_padded
    }

    /// Opens the chunk of this number, from 0, where it stands in memory.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unauthentic`] unless it is the chunk of this number in this stream, and the last if it is said to be the last.
    pub fn open(&self, index: u64, last: bool, chunk: &mut [u8], tag: &[u8; TAG_LENGTH]) -> Result<(), OpenError> {
        let full = chunk.len() == self.chunk.bytes();
        let shorter = chunk.len() < self.chunk.bytes() && (!chunk.is_empty() || index == 0);
        let short_last = last && shorter && !self.is_padded;
        if full || short_last { self.chunks.open(index, last, chunk, tag) } else { Err(OpenError::Unauthentic) }
    }
}

/// The cipher of one stream.
struct Chunks(Aes256Gcm);

impl Chunks {
    fn seal(&self, index: u64, last: bool, chunk: &mut [u8]) -> Result<[u8; TAG_LENGTH], SealError> {
        if index >= MOST_CHUNKS {
            return Err(SealError::KeyUsedUp);
        }
        self.0.seal_in_place(&nonce(index, last), &[], chunk)
    }

    fn open(&self, index: u64, last: bool, chunk: &mut [u8], tag: &[u8; TAG_LENGTH]) -> Result<(), OpenError> {
        self.0.open_in_place(&nonce(index, last), &[], chunk, tag)
    }
}

/// The number of the chunk, and whether it is the last.
fn nonce(index: u64, last: bool) -> [u8; NONCE_LENGTH] {
    ((u128::from(index) << 8) | u128::from(last)).to_be_bytes().last_chunk().copied().unwrap_or_default()
}

impl fmt::Debug for StreamSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { header: _, chunk, is_padded: _, chunks: _, next } = self;
        f.debug_struct("StreamSealer").field("chunk", chunk).field("next", next).finish_non_exhaustive()
    }
}

impl fmt::Debug for StreamOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chunk, is_padded: _, chunks: _ } = self;
        f.debug_struct("StreamOpener").field("chunk", chunk).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
