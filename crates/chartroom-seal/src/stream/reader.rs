use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use zeroize::Zeroizing;

use super::{StreamOpener, TAG_LENGTH};
use crate::{OpenError, padding};

/// Opens a sealed stream as it is read. From [`RecordKey::open_stream`](crate::RecordKey::open_stream).
///
/// It holds one chunk in memory and gives out nothing that was not authenticated. Where the other reader can seek, so can this one: it
/// then opens the last chunk once, so that a stream that was cut off is refused, and after that only what is asked for.
pub struct StreamReader<R> {
    opener: StreamOpener,
    inner: R,
    /// How far the other reader is behind the header.
    read: u64,
    /// The number of the next chunk.
    next: u64,
    /// The first byte of the next chunk. It was read to learn whether there is one.
    ahead: Option<u8>,
    /// The chunk that was opened last.
    chunk: Zeroizing<Vec<u8>>,
    /// How much of it was given out.
    given: usize,
    state: State,
    /// The length of the whole, once the last chunk was opened.
    total: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// The chunk at hand is the last.
    Ended,
    /// Something did not verify, or the other reader failed. Nothing more is given out.
    Failed,
}

impl<R: Read> StreamReader<R> {
    /// Opens what `inner` gives from behind the header.
    pub fn new(opener: StreamOpener, inner: R) -> Self {
        // Room for a chunk, its tag and the byte ahead: a vector that grew would leave plaintext behind.
        let chunk = Zeroizing::new(Vec::with_capacity(opener.chunk_length().bytes() + TAG_LENGTH + 1));
        let state = State::Reading;
        Self { opener, inner, read: 0, next: 0, ahead: None, chunk, given: 0, state, total: None }
    }

    fn open_next(&mut self) -> io::Result<()> {
        let state = std::mem::replace(&mut self.state, State::Failed);
        self.chunk.clear();
        self.given = 0;
        if state == State::Failed {
            return Err(OpenError::Unauthentic.into());
        }
        let last = self.read_next()?;
        let opened = self.open_chunk(last);
        if opened.is_err() {
            self.chunk.clear();
        }
        opened?;
        self.next += 1;
        self.state = if last { State::Ended } else { State::Reading };
        Ok(())
    }

    /// Reads the next chunk and its tag, and tells whether it is the last.
    fn read_next(&mut self) -> io::Result<bool> {
        let whole = self.opener.chunk_length().bytes() + TAG_LENGTH;
        self.chunk.extend(self.ahead.take());
        let wanted = (whole + 1).saturating_sub(self.chunk.len()) as u64;
        self.read += self.inner.by_ref().take(wanted).read_to_end(&mut self.chunk)? as u64;
        let last = self.chunk.len() <= whole;
        if !last {
            self.ahead = self.chunk.pop();
        }
        Ok(last)
    }

    fn open_chunk(&mut self, last: bool) -> Result<(), OpenError> {
        let (_, tag) = self.chunk.split_last_chunk().ok_or(OpenError::Unauthentic)?;
        let tag = *tag;
        let length = self.chunk.len() - TAG_LENGTH;
        self.chunk.truncate(length);
        self.opener.open(self.next, last, &mut self.chunk, &tag)?;
        if last && self.opener.is_padded() { padding::strip(&mut self.chunk) } else { Ok(()) }
    }

    /// How much was given out, or passed over.
    fn position(&self) -> u64 {
        let before = self.next.saturating_sub(1) * self.opener.chunk_length().bytes() as u64;
        before + self.given as u64
    }
}

impl<R: Read + Seek> StreamReader<R> {
    /// Goes to a position, or to the end where that is behind it. Where that fails, nothing more is given out.
    fn go_to(&mut self, position: u64) -> io::Result<u64> {
        let total = self.total()?;
        let position = position.min(total);
        let chunk = self.opener.chunk_length().bytes() as u64;
        let index = (position / chunk).min(total.saturating_sub(1) / chunk);
        self.open_at(index).inspect_err(|_| self.fail())?;
        // At most the length of a chunk.
        self.given = (position - index * chunk) as usize;
        Ok(position)
    }

    /// The length of the whole, once it is known that the last chunk is the last. Where it cannot be known, nothing more is given out.
    fn total(&mut self) -> io::Result<u64> {
        if let Some(total) = self.total {
            return Ok(total);
        }
        let total = self.open_last().inspect_err(|_| self.fail())?;
        self.total = Some(total);
        Ok(total)
    }

    /// Opens the last chunk, and gives the length of the whole.
    fn open_last(&mut self) -> io::Result<u64> {
        let here = self.inner.stream_position()?;
        let end = self.inner.seek(SeekFrom::End(0))?;
        self.inner.seek(SeekFrom::Start(here))?;
        let sealed = self.read + end.saturating_sub(here);
        let last = sealed.saturating_sub(1) / self.whole();
        self.open_at(last)?;
        if self.state != State::Ended {
            return Err(OpenError::Unauthentic.into());
        }
        Ok(self.position() + self.chunk.len() as u64)
    }

    /// Opens the chunk of this number, unless it is the one at hand.
    fn open_at(&mut self, index: u64) -> io::Result<()> {
        self.given = 0;
        if index + 1 == self.next && self.state != State::Failed {
            return Ok(());
        }
        let offset = index * self.whole();
        self.inner.seek_relative(offset.wrapping_sub(self.read).cast_signed())?;
        (self.read, self.next, self.ahead) = (offset, index, None);
        self.open_next()
    }

    fn fail(&mut self) {
        self.chunk.clear();
        (self.given, self.state) = (0, State::Failed);
    }

    /// The length of a chunk and its tag.
    fn whole(&self) -> u64 {
        (self.opener.chunk_length().bytes() + TAG_LENGTH) as u64
    }
}

/// A position behind the end is taken as the end. One before the start is refused, and the reader stays where it is; after any other
/// error it gives out nothing more.
impl<R: Read + Seek> Seek for StreamReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let here = self.position();
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(step) => here.checked_add_signed(step),
            SeekFrom::End(step) => self.total()?.checked_add_signed(step),
        };
        let reached = self.go_to(position.unwrap_or(here))?;
        if position.is_some() { Ok(reached) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }
}

impl<R: Read> Read for StreamReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let length = self.fill_buf()?.read(out)?;
        self.consume(length);
        Ok(length)
    }
}

/// What is left of the chunk at hand is shown where it was opened, so that no copy of it is made.
impl<R: Read> BufRead for StreamReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given >= self.chunk.len() && self.state != State::Ended {
            self.open_next()?;
        }
        Ok(self.chunk.get(self.given..).unwrap_or_default())
    }

    fn consume(&mut self, length: usize) {
        self.given = self.given.saturating_add(length).min(self.chunk.len());
    }
}

impl<R> fmt::Debug for StreamReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opener, inner: _, read: _, next, ahead: _, chunk: _, given: _, state: _, total: _ } = self;
        f.debug_struct("StreamReader").field("opener", opener).field("next", next).finish_non_exhaustive()
    }
}
