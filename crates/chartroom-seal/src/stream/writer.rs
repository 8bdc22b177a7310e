use std::fmt;
use std::io::{self, Write};

use zeroize::Zeroizing;

use super::{StreamSealer, TAG_LENGTH};
use crate::padding;

/// Seals what is written to it and passes it on. From [`RecordKey::seal_stream`](crate::RecordKey::seal_stream).
///
/// It holds one chunk in memory. Where the other writer failed, the stream is lost: every later call fails too.
pub struct StreamWriter<W> {
    /// `None` once the other writer has failed.
    sealer: Option<StreamSealer>,
    /// What is to become the next chunk. A full one waits until it is known whether it is the last.
    chunk: Zeroizing<Vec<u8>>,
    length: usize,
    inner: W,
}

impl<W: Write> StreamWriter<W> {
    /// Writes the header of the stream, then seals whatever is written.
    ///
    /// # Errors
    ///
    /// That of the other writer.
    pub fn new(sealer: StreamSealer, mut inner: W) -> io::Result<Self> {
        inner.write_all(sealer.header())?;
        let length = sealer.chunk_length().bytes();
        // Room for a chunk and its tag from the start: a vector that grew would leave plaintext behind.
        let chunk = Zeroizing::new(Vec::with_capacity(length + TAG_LENGTH));
        Ok(Self { sealer: Some(sealer), chunk, length, inner })
    }

    /// Seals the last chunk and gives the other writer back. Without it the stream is cut off, and does not open to its end.
    ///
    /// # Errors
    ///
    /// That of the other writer.
    pub fn finish(mut self) -> io::Result<W> {
        if self.sealer.as_ref().is_some_and(StreamSealer::is_padded) {
            if self.chunk.len() == self.length {
                self.seal_full_chunk()?;
            }
            padding::fill(&mut self.chunk, self.length);
        }
        let sealer = self.sealer.take().ok_or_else(lost)?;
        let tag = sealer.seal_last(&mut self.chunk)?;
        self.pass_on(tag)?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    fn seal_full_chunk(&mut self) -> io::Result<()> {
        let mut sealer = self.sealer.take().ok_or_else(lost)?;
        let tag = sealer.seal_next(&mut self.chunk)?;
        self.pass_on(tag)?;
        self.sealer = Some(sealer);
        Ok(())
    }

    fn pass_on(&mut self, tag: [u8; TAG_LENGTH]) -> io::Result<()> {
        self.chunk.extend_from_slice(&tag);
        self.inner.write_all(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }
}

impl<W: Write> Write for StreamWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == self.length && !bytes.is_empty() {
            self.seal_full_chunk()?;
        }
        if self.sealer.is_none() {
            return Err(lost());
        }
        let taken = bytes.split_at_checked(self.length - self.chunk.len()).map_or(bytes, |(taken, _)| taken);
        self.chunk.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// Passes on to the other writer what is sealed so far. What is not yet a whole chunk stays.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn lost() -> io::Error {
    io::Error::other("the stream was lost when it could not be written")
}

impl<W> fmt::Debug for StreamWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sealer, chunk: _, length: _, inner: _ } = self;
        f.debug_struct("StreamWriter").field("sealer", sealer).finish_non_exhaustive()
    }
}
