//! The bytes of a table: what stands where, and reading it without trusting it.

use std::borrow::Cow;
use std::ops::Range;

use super::Edition;
use super::filter;
use super::key::Keys;
use super::validity::{self, Days};
use crate::image::{Cursor, little_endian, u32_at};

pub(super) const MAGIC: &[u8; 8] = b"CHRTCODE";
pub(super) const VERSION: u16 = 2;

/// Why some bytes are not a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTable {
    /// The bytes do not begin as a table does.
    #[error("not a compiled code table")]
    NotATable,
    /// A table of another version of the format.
    #[error("a compiled code table of version {version}, where version {VERSION} is read")]
    Version {
        /// The version that the table claims.
        version: u16,
    },
    /// The front of the table contradicts itself or the length of the whole: it is cut short or damaged.
    #[error("a damaged code table: {part} does not fit")]
    Damaged {
        /// The part that does not fit.
        part: &'static str,
    },
}

/// A table's bytes, with what its front says.
pub(super) struct Image {
    bytes: Cow<'static, [u8]>,
    pub(super) keys: Keys,
    pub(super) system: String,
    pub(super) name: String,
    pub(super) editions: Vec<Edition>,
    pub(super) codes: usize,
    bucket_bits: u32,
    /// The low bits of an entry, which hold the remainder of its code; above them stands its history.
    remainder_bits: u32,
    remainder_mask: u64,
    entry_width: usize,
    history_count: usize,
    histories: Range<usize>,
    directory: Range<usize>,
    entries: Range<usize>,
    title_starts: Range<usize>,
    titles: Range<usize>,
    word_ends: Range<usize>,
    words: Range<usize>,
    filter: Range<usize>,
    filter_bits: u32,
    validity: Range<usize>,
}

/// How many entries are compared at once. Few buckets have more.
const WINDOW: usize = 8;

/// The titles of each so many entries have their start noted.
pub(super) const TITLE_STRIDE: usize = 8;

/// What one edition says of a code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct State(pub(super) u8);

impl State {
    pub(super) fn new(selectable: bool, title: u8) -> Self {
        Self(1 | u8::from(selectable) << 1 | title << 2)
    }

    /// The same, of a selectable code that has days of its own.
    pub(super) fn with_validity(self) -> Self {
        if self.selectable() { Self(self.0 & !1) } else { self }
    }

    pub(super) fn listed(self) -> bool {
        self.0 & 3 != 0
    }

    pub(super) fn dated(self) -> bool {
        self.0 & 3 == 2
    }

    pub(super) fn selectable(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn title(self) -> usize {
        usize::from(self.0 >> 2)
    }
}

impl Image {
    pub(super) fn read(bytes: Cow<'static, [u8]>) -> Result<Self, InvalidTable> {
        let mut front = Cursor { bytes: &bytes, at: 0 };
        if front.take(MAGIC.len()) != Some(MAGIC.as_slice()) {
            return Err(InvalidTable::NotATable);
        }
        let version = front.u16().ok_or(InvalidTable::Damaged { part: "header" })?;
        if version != VERSION {
            return Err(InvalidTable::Version { version });
        }
        let header = Header::read(&mut front).ok_or(InvalidTable::Damaged { part: "header" })?;
        let front_end = front.at.saturating_add(header.front_length);
        let matter = FrontMatter::read(&mut front, &header).ok_or(InvalidTable::Damaged { part: "front matter" })?;
        if front.at != front_end {
            return Err(InvalidTable::Damaged { part: "front matter" });
        }
        if !in_order(&matter.editions) {
            return Err(InvalidTable::Damaged { part: "order of editions" });
        }
        let keys = Keys::new(&matter.alphabet, header.dot_after, header.longest)
            .filter(|keys| header.bucket_bits < 32 && header.bucket_bits <= keys.bits())
            .filter(|_| matches!(header.entry_width, 4 | 8))
            .ok_or(InvalidTable::Damaged { part: "alphabet" })?;
        let sections = header.sections(front_end).ok_or(InvalidTable::Damaged { part: "length" })?;
        let [histories, directory, entries, title_starts, titles, word_ends, words, filter] = sections;
        let validity = filter.end..bytes.len();
        if validity.start > validity.end {
            return Err(InvalidTable::Damaged { part: "length" });
        }
        if !validity::fits(bytes.get(validity.clone()).unwrap_or_default()) {
            return Err(InvalidTable::Damaged { part: "validity" });
        }
        let FrontMatter { system, name, editions, .. } = matter;
        let Header { bucket_bits, entry_width, codes, histories: history_count, .. } = header;
        let remainder_bits = keys.bits() - bucket_bits;
        Ok(Self {
            bytes,
            keys,
            system,
            name,
            editions,
            codes,
            bucket_bits,
            remainder_bits,
            remainder_mask: (1 << remainder_bits) - 1,
            entry_width,
            history_count,
            histories,
            directory,
            entries,
            title_starts,
            titles,
            word_ends,
            words,
            filter,
            filter_bits: filter::index_bits(codes).ok_or(InvalidTable::Damaged { part: "length" })?,
            validity,
        })
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn size_of_titles(&self) -> usize {
        [&self.titles, &self.word_ends, &self.words].into_iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether the code that the filter knows by this key may be one of the table's. If not, it is none of them.
    #[inline(always)]
    pub(super) fn may_hold(&self, key: u64) -> bool {
        let (word, set) = filter::place(key, self.filter_bits);
        let word = self.chunk::<8>(self.filter.start + 8 * word).map_or(0, |word| u64::from_le_bytes(*word));
        word & set == set
    }

    pub(super) fn buckets(&self) -> usize {
        1 << self.bucket_bits
    }

    /// The entry of a code's scattered number: its bucket, its index, its value.
    #[inline(always)]
    pub(super) fn find(&self, scattered: u64) -> Option<(usize, usize, u64)> {
        let (bucket, wanted) = ((scattered >> self.remainder_bits) as usize, scattered & self.remainder_mask);
        let (first, past) = self.bounds(bucket)?;
        let (index, entry) = match self.window(first) {
            Some(window) if past - first <= WINDOW => self.find_in_window(window, past - first, wanted)?,
            _ => self.find_in_turn(bucket, wanted)?,
        };
        Some((bucket, first + index, entry))
    }

    #[inline(never)]
    fn find_in_turn(&self, bucket: usize, wanted: u64) -> Option<(usize, u64)> {
        let mut entries = self.entries(bucket).map(|(_, entry)| entry).enumerate();
        entries.find(|(_, entry)| entry & self.remainder_mask == wanted)
    }

    #[inline(always)]
    fn chunk<const N: usize>(&self, start: usize) -> Option<&[u8; N]> {
        self.bytes.get(start..)?.first_chunk()
    }

    /// The four bytes of each of the next few entries, if there are so many bytes.
    #[inline(always)]
    fn window(&self, first: usize) -> Option<&[u8; 4 * WINDOW]> {
        if self.entry_width != 4 {
            return None;
        }
        self.chunk(self.entries.start + 4 * first)
    }

    /// Compares all entries at once: to stop at the right one would cost more, because its place cannot be foreseen.
    #[inline(always)]
    fn find_in_window(&self, window: &[u8; 4 * WINDOW], count: usize, wanted: u64) -> Option<(usize, u64)> {
        let (mask, wanted, count) = (self.remainder_mask as u32, wanted as u32, count as u32);
        let entries = window.as_chunks::<4>().0;
        let mut place = 0;
        for (number, entry) in (1u32..).zip(entries) {
            let same = (u32::from_le_bytes(*entry) & mask == wanted) & (number <= count);
            place |= if same { number } else { 0 };
        }
        let index = (place as usize).checked_sub(1)?;
        // Where a damaged bucket has a remainder twice, the place is that of neither.
        let entry = u32::from_le_bytes(*entries.get(index)?);
        (entry & mask == wanted).then_some((index, u64::from(entry)))
    }

    /// The entries of a bucket, each with its index. None at all if the bucket's bounds are damaged.
    #[inline]
    pub(super) fn entries(&self, bucket: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
        let (first, past) = self.bounds(bucket).unwrap_or_default();
        self.entries_at(first..past)
    }

    /// The entries of some indices, each with its index.
    #[inline]
    fn entries_at(&self, indices: Range<usize>) -> impl Iterator<Item = (usize, u64)> + '_ {
        let width = self.entry_width;
        let place = self.entries.start + indices.start * width..self.entries.start + indices.end * width;
        let bytes = self.bytes.get(place).unwrap_or_default();
        indices.zip(bytes.chunks_exact(width).map(little_endian))
    }

    /// The bucket of an entry, by its index.
    pub(super) fn bucket_of(&self, index: usize) -> Option<usize> {
        let (mut low, mut high) = (0, self.buckets());
        while low < high {
            let middle = low.midpoint(high);
            if self.bounds(middle)?.1 <= index { low = middle + 1 } else { high = middle }
        }
        (low < self.buckets()).then_some(low)
    }

    /// A number made of the header, the front matter and the histories.
    pub(super) fn fingerprint(&self) -> u64 {
        let front = self.bytes.get(..self.histories.end).unwrap_or_default();
        front
            .iter()
            .fold(0xCBF2_9CE4_8422_2325, |sum: u64, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3))
    }

    /// What an edition says of the code of an entry.
    #[inline(always)]
    pub(super) fn state(&self, entry: u64, edition: usize) -> Option<State> {
        self.history(entry, edition.checked_add(1)?).map(State)
    }

    /// The code of an entry.
    pub(super) fn code_of(&self, bucket: usize, entry: u64) -> String {
        let scattered = (bucket as u64) << self.remainder_bits | entry & self.remainder_mask;
        self.keys.text(self.keys.gathered(scattered))
    }

    /// The titles from the given one of an entry on: the first ends at the first byte 0.
    pub(super) fn titles_from(&self, index: usize, which: usize) -> Option<&[u8]> {
        let start = u32_at(self.bytes.get(self.title_starts.clone())?, index / TITLE_STRIDE)?;
        let earlier = self.entries_at(index / TITLE_STRIDE * TITLE_STRIDE..index);
        let skipped: usize = earlier.map(|(_, entry)| self.titles_of(entry)).sum();
        let mut rest = self.bytes.get(self.titles.clone())?.get(start..)?;
        for _ in 0..skipped + which {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
        Some(rest)
    }

    /// Where the words end, and their text.
    pub(super) fn words(&self) -> (&[u8], &[u8]) {
        let section = |place: &Range<usize>| self.bytes.get(place.clone()).unwrap_or_default();
        (section(&self.word_ends), section(&self.words))
    }

    /// What the table says of the days of a code with days of its own: the first, the first past the last, the successors.
    pub(super) fn validity(&self, index: usize) -> Option<Days<'_>> {
        validity::find(self.bytes.get(self.validity.clone())?, u32::try_from(index).ok()?)
    }

    fn titles_of(&self, entry: u64) -> usize {
        self.history(entry, 0).map_or(0, usize::from)
    }

    /// A byte of the history of an entry's code: how many titles, then a state for every edition.
    #[inline(always)]
    fn history(&self, entry: u64, place: usize) -> Option<u8> {
        let (number, width) = ((entry >> self.remainder_bits) as usize, self.editions.len() + 1);
        let is_there = number < self.history_count && place < width;
        if is_there { self.bytes.get(self.histories.start + number * width + place).copied() } else { None }
    }

    /// The first entry of a bucket, and the one past its last.
    #[inline(always)]
    fn bounds(&self, bucket: usize) -> Option<(usize, usize)> {
        let [a, b, c, d, e, f, g, h] = *self.chunk(self.directory.start + 4 * bucket)?;
        let bounds = (u32::from_le_bytes([a, b, c, d]) as usize, u32::from_le_bytes([e, f, g, h]) as usize);
        (bounds.0 <= bounds.1 && bounds.1 <= self.codes).then_some(bounds)
    }
}

/// Whether editions are dated, oldest first, and none reaches into the next.
pub(super) fn in_order(editions: &[Edition]) -> bool {
    editions.iter().all(|edition| edition.last.is_none_or(|last| edition.from <= last))
        && editions.is_sorted_by(|before, after| before.last.unwrap_or(before.from) < after.from)
}

/// The fixed part of the front.
struct Header {
    dot_after: u8,
    longest: u8,
    bucket_bits: u32,
    entry_width: usize,
    alphabet: usize,
    editions: usize,
    codes: usize,
    histories: usize,
    words: usize,
    front_length: usize,
    titles_length: usize,
    words_length: usize,
}

impl Header {
    fn read(front: &mut Cursor<'_>) -> Option<Self> {
        Some(Self {
            dot_after: front.u8()?,
            longest: front.u8()?,
            bucket_bits: u32::from(front.u8()?),
            entry_width: usize::from(front.u8()?),
            alphabet: usize::from(front.u8()?),
            editions: usize::from(front.u8()?),
            codes: front.u32()?,
            histories: front.u32()?,
            words: front.u32()?,
            front_length: front.u32()?,
            titles_length: front.u32()?,
            words_length: front.u32()?,
        })
    }

    /// The sections after the front matter, one behind the other.
    fn sections(&self, start: usize) -> Option<[Range<usize>; 8]> {
        let lengths = [
            self.histories.checked_mul(self.editions + 1)?,
            (1usize << self.bucket_bits).checked_add(1)?.checked_mul(4)?,
            self.codes.checked_mul(self.entry_width)?,
            self.codes.div_ceil(TITLE_STRIDE).checked_mul(4)?,
            self.titles_length,
            self.words.checked_add(1)?.checked_mul(4)?,
            self.words_length,
            filter::length(self.codes)?,
        ];
        let mut sections = [const { 0..0 }; 8];
        let mut at = start;
        for (section, length) in sections.iter_mut().zip(lengths) {
            *section = at..at.checked_add(length)?;
            at = section.end;
        }
        Some(sections)
    }
}

/// The part of the front whose length varies.
struct FrontMatter {
    alphabet: Vec<u8>,
    system: String,
    name: String,
    editions: Vec<Edition>,
}

impl FrontMatter {
    fn read(front: &mut Cursor<'_>, header: &Header) -> Option<Self> {
        let alphabet = front.take(header.alphabet)?.to_vec();
        let (system, name) = (front.text()?, front.text()?);
        let editions = (0..header.editions).map(|_| front.edition()).collect::<Option<_>>()?;
        Some(Self { alphabet, system, name, editions })
    }
}
