//! The bytes of a table: what stands where, and reading it without trusting it.

use std::borrow::Cow;
use std::ops::Range;

use super::Edition;
use super::entry::Entry;
use super::key::Keys;
use super::place::{GROUP, Group, Places};
use super::validity::{self, Days};
use crate::image::{Cursor, sum, u32_at};

pub(super) const MAGIC: &[u8; 8] = b"CHRTCODE";
pub(super) const VERSION: u16 = 3;

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
    places: Places,
    entry: Entry,
    history_count: usize,
    histories: Range<usize>,
    groups: Range<usize>,
    entries: Range<usize>,
    title_starts: Range<usize>,
    titles: Range<usize>,
    word_ends: Range<usize>,
    words: Range<usize>,
    validity: Range<usize>,
}

/// The titles of each so many places have their start noted.
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
        if !in_order(matter.editions.iter()) {
            return Err(InvalidTable::Damaged { part: "order of editions" });
        }
        let keys = Keys::new(&matter.alphabet, header.dot_after, header.longest)
            .ok_or(InvalidTable::Damaged { part: "alphabet" })?;
        let places = Places::new(header.group_bits, header.spread, header.codes)
            .ok_or(InvalidTable::Damaged { part: "header" })?;
        let entry = Entry::of_width(header.entry_width, keys.bits()).ok_or(InvalidTable::Damaged { part: "header" })?;
        let sections = header.sections(front_end, places).ok_or(InvalidTable::Damaged { part: "length" })?;
        let [histories, groups, entries, title_starts, titles, word_ends, words] = sections;
        let validity = words.end..bytes.len();
        if validity.start > validity.end {
            return Err(InvalidTable::Damaged { part: "length" });
        }
        if !validity::fits(bytes.get(validity.clone()).unwrap_or_default()) {
            return Err(InvalidTable::Damaged { part: "validity" });
        }
        let FrontMatter { system, name, editions, .. } = matter;
        let Header { codes, histories: history_count, .. } = header;
        Ok(Self {
            bytes,
            keys,
            system,
            name,
            editions,
            codes,
            places,
            entry,
            history_count,
            histories,
            groups,
            entries,
            title_starts,
            titles,
            word_ends,
            words,
            validity,
        })
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn size_of_titles(&self) -> usize {
        [&self.titles, &self.word_ends, &self.words].into_iter().map(ExactSizeIterator::len).sum()
    }

    /// The number of the code that has this key, its place, and the number of its history. What the key is that of, the caller has
    /// to compare.
    #[inline(always)]
    pub(super) fn find(&self, key: u64) -> Option<(usize, u64, usize)> {
        let start = self.groups.start + GROUP * self.places.group(key);
        let group = Group::from_bytes(*self.bytes.get(start..start.wrapping_add(GROUP))?.first_chunk()?);
        if !self.places.may_hold(key, group) {
            return None;
        }
        let place = self.places.place(key, group);
        let (number, history) = self.entry.read(&self.bytes, self.entries.start, place)?;
        Some((place, number, history))
    }

    /// How many places there are for codes.
    pub(super) fn places(&self) -> usize {
        self.places.count()
    }

    /// The numbers of a place's code and of its history. `None` if there is no code.
    pub(super) fn at(&self, place: usize) -> Option<(u64, usize)> {
        if place < self.places() { self.entry.read(&self.bytes, self.entries.start, place) } else { None }
    }

    /// A number made of the header, the front matter and the histories; in the header stands one made of all entries.
    pub(super) fn fingerprint(&self) -> u64 {
        sum(self.bytes.get(..self.histories.end).unwrap_or_default())
    }

    /// What an edition says of a code with this history.
    #[inline(always)]
    pub(super) fn state(&self, history: usize, edition: usize) -> Option<State> {
        self.history(history, edition.checked_add(1)?).map(State)
    }

    /// The titles from the given one of a place on: the first ends at the first byte 0.
    pub(super) fn titles_from(&self, place: usize, which: usize) -> Option<&[u8]> {
        let start = u32_at(self.bytes.get(self.title_starts.clone())?, place / TITLE_STRIDE)?;
        let earlier = place / TITLE_STRIDE * TITLE_STRIDE..place;
        let skipped: usize = earlier.map(|place| self.titles_of(place)).sum();
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

    /// What an edition says of the days of a code with days of its own: the first, the first past the last, the successors.
    pub(super) fn validity(&self, place: usize, edition: usize) -> Option<Days<'_>> {
        validity::find(self.bytes.get(self.validity.clone())?, u32::try_from(place).ok()?, u32::try_from(edition).ok()?)
    }

    fn titles_of(&self, place: usize) -> usize {
        self.at(place).and_then(|(_, history)| self.history(history, 0)).map_or(0, usize::from)
    }

    /// A byte of a history: how many titles, then a state for every edition.
    #[inline(always)]
    fn history(&self, number: usize, place: usize) -> Option<u8> {
        let width = self.editions.len() + 1;
        let is_there = number < self.history_count && place < width;
        if is_there { self.bytes.get(self.histories.start + number * width + place).copied() } else { None }
    }
}

/// Whether editions are dated, oldest first, and none reaches into the next.
pub(crate) fn in_order<'e>(editions: impl Iterator<Item = &'e Edition> + Clone) -> bool {
    editions.clone().all(|edition| edition.last.is_none_or(|last| edition.from <= last))
        && editions.is_sorted_by(|before, after| before.last.unwrap_or(before.from) < after.from)
}

/// The fixed part of the front.
struct Header {
    dot_after: u8,
    longest: u8,
    group_bits: u8,
    spread: u8,
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
        let header = Self {
            dot_after: front.u8()?,
            longest: front.u8()?,
            group_bits: front.u8()?,
            spread: front.u8()?,
            entry_width: usize::from(front.u8()?),
            alphabet: usize::from(front.u8()?),
            editions: usize::from(front.u8()?),
            codes: front.u32()?,
            histories: front.u32()?,
            words: front.u32()?,
            front_length: front.u32()?,
            titles_length: front.u32()?,
            words_length: front.u32()?,
        };
        // What the entries sum up to tells tables apart, and is not needed to read one.
        front.take(size_of::<u64>())?;
        Some(header)
    }

    /// The sections after the front matter, one behind the other.
    fn sections(&self, start: usize, places: Places) -> Option<[Range<usize>; 7]> {
        let lengths = [
            self.histories.checked_mul(self.editions + 1)?,
            places.groups().checked_mul(GROUP)?,
            places.count().checked_mul(self.entry_width)?,
            places.count().div_ceil(TITLE_STRIDE).checked_mul(4)?,
            self.titles_length,
            self.words.checked_add(1)?.checked_mul(4)?,
            self.words_length,
        ];
        let mut sections = [const { 0..0 }; 7];
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
