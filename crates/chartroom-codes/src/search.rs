//! Finding codes by words: what a code picker asks while someone types.
//!
//! A [`SearchIndex`] is compiled from a table's titles and any further texts (inclusion terms, an alphabetic index), and
//! used in place. What is typed may be words, the beginnings of words, an abbreviation, or a code in any spelling. Codes that
//! can be recorded come before headers, and short texts before long ones, because who types "hypertension" means `I10`. The text of a
//! header leads to the code under it for when nothing more is known: "malignant neoplasm of breast" to `C50.919`.
//!
//! # Format, version 1
//!
//! `CHRTFIND`, the version (`u16`), the lengths of seven parts (`u32` each), then the parts. Numbers are little-endian.
//!
//! 1. **Table**: the fingerprint of the table that it was compiled for (`u64`).
//! 2. **Texts**: for each text, the best first, the index of its code in the table (`u32`).
//! 3. **Word ends**: where each word begins and the last one ends (`u32`).
//! 4. **Words**: in lower case, without accents, ascending.
//! 5. **Starts**: for each word where its texts begin in the next part, and where those of the last word end (`u32`).
//! 6. **Postings**: for each word the texts that hold it: if it takes as many bytes as a bit for each text does, those bits, the lowest first;
//!    else the distance of each text from the one before it, as short numbers, the first one counted from -1.
//! 7. **Abbreviations**: lines of a phrase, a tab, and what it stands for.

mod bits;
mod build;
mod typed;
mod words;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::image::{Form, InvalidImage, Parts, u32_at, u64_at};
use crate::table::{Concept, Table, Title};
use crate::terminology::Standing;

pub use self::build::SearchBuilder;

use self::bits::Bits;
use self::words::words;

/// The compiled texts of one table. Cloning it is cheap.
#[derive(Clone)]
pub struct SearchIndex {
    table: Table,
    parts: Arc<Parts>,
}

/// Searches the code systems of several indexes.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    indexes: Vec<SearchIndex>,
}

/// What a search may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'w> {
    /// Only codes of this system.
    pub system: Option<&'w str>,
    /// Only codes that are listed on this day; without one, in the latest edition.
    pub on: Option<NaiveDate>,
    /// Only codes that can be recorded on that day: no headers, and none that has ended or not begun.
    pub selectable: bool,
    /// How many codes at most.
    pub limit: usize,
}

/// A code that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit<'i> {
    /// The URL of its system.
    pub system: &'i str,
    /// The code, as FHIR writes it.
    pub code: String,
    /// Its title on the day asked for.
    pub display: Title<'i>,
    /// Whether it can be recorded on the day asked for. False for a header, and for a code that has ended or not begun.
    pub selectable: bool,
}

const FORM: Form = Form { magic: b"CHRTFIND", what: "search index", parts: 7 };
const TABLE: usize = 0;
const TEXTS: usize = 1;
const WORD_ENDS: usize = 2;
const WORDS: usize = 3;
const STARTS: usize = 4;
const POSTINGS: usize = 5;
const ABBREVIATIONS: usize = 6;

/// What is typed beyond so many characters is not looked at.
const MOST_TYPED: usize = 256;
/// More words than this are not looked for.
const MOST_WORDS: usize = 12;

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self { system: None, on: None, selectable: false, limit: 10 }
    }
}

impl Picker {
    /// Nothing to search yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the index of a code system.
    #[must_use]
    pub fn with(mut self, index: SearchIndex) -> Self {
        self.indexes.push(index);
        self
    }

    /// What someone means who typed this, the likeliest first; of several systems in turn.
    pub fn search(&self, typed: &str, wanted: &Wanted<'_>) -> Vec<Hit<'_>> {
        let asked =
            self.indexes.iter().filter(|index| wanted.system.is_none_or(|system| index.table.system() == system));
        let found = asked.map(|index| index.search(typed, wanted));
        let mut ranked: Vec<(usize, Hit<'_>)> = found.flat_map(|hits| (0..).zip(hits)).collect();
        ranked.sort_by_key(|(rank, hit)| (!hit.selectable, *rank));
        ranked.into_iter().map(|(_, hit)| hit).take(wanted.limit).collect()
    }
}

impl SearchIndex {
    /// Takes an image that a [`SearchBuilder`] made of this table. Looks at the front of it only.
    ///
    /// # Errors
    ///
    /// If it is not an image of a known version, its parts do not fit together, or it was made of another table.
    pub fn from_bytes(table: Table, bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, InvalidImage> {
        let parts = FORM.read(bytes.into())?;
        if u64_at(parts.part(TABLE), 0) != Some(table.fingerprint()) {
            return Err(InvalidImage::OtherTable { what: FORM.what });
        }
        Ok(Self { table, parts: Arc::new(parts) })
    }

    /// How many bytes it takes beside its table.
    pub fn size(&self) -> usize {
        self.parts.size()
    }

    /// What someone means who typed this, the likeliest first. The system that is wanted is not looked at.
    pub fn search(&self, typed: &str, wanted: &Wanted<'_>) -> Vec<Hit<'_>> {
        let Some(edition) = self.table.edition_on(wanted.on) else { return Vec::new() };
        let typed: String = typed.chars().take(MOST_TYPED).collect();
        let mut found = Found::new(&self.table, edition, wanted);
        typed::find(&self.table, &typed, &mut found);
        let typed = words(&typed);
        let singular = typed.iter().map(|word| words::singular(word).to_owned()).collect();
        let mut readings = vec![self.spelled_out(&typed), typed, singular];
        readings.dedup();
        for words in &readings {
            self.gather(words, |_, _| false, &mut found);
        }
        for words in &readings {
            let last = words.len().saturating_sub(1);
            self.gather(words, |index, word| is_prefix(word, index == last), &mut found);
        }
        found.hits()
    }

    /// Adds the codes whose texts hold every word, or for some words one that begins with it.
    fn gather<'t>(&'t self, words: &[String], may_go_on: impl Fn(usize, &str) -> bool, found: &mut Found<'t, '_>) {
        let mut all: Option<Bits> = None;
        for (index, word) in words.iter().enumerate().take(MOST_WORDS) {
            if found.is_enough() {
                return;
            }
            let texts = self.texts_with(self.words_from(word, may_go_on(index, word)));
            all = Some(match all {
                None => texts,
                Some(both) => both.and(texts),
            });
        }
        let texts = self.parts.part(TEXTS);
        let all = all.unwrap_or_default();
        let indexes = all.ones().filter_map(|text| u32_at(texts, text));
        for concept in indexes.filter_map(|index| self.table.concept_at(index)) {
            if found.is_enough() {
                return;
            }
            found.add(concept);
        }
    }

    /// The texts that hold one of some words.
    fn texts_with(&self, words: Range<usize>) -> Bits {
        let mut bits = Bits::none(self.parts.part(TEXTS).len() / 4);
        let (starts, postings) = (self.parts.part(STARTS), self.parts.part(POSTINGS));
        for word in words {
            let place = u32_at(starts, word).zip(u32_at(starts, word + 1));
            let texts = place.and_then(|(start, end)| postings.get(start..end)).unwrap_or_default();
            bits.add(texts);
        }
        bits
    }

    /// The numbers of the words that are this one, or that begin with it.
    fn words_from(&self, word: &str, may_go_on: bool) -> Range<usize> {
        let count = (self.parts.part(WORD_ENDS).len() / 4).saturating_sub(1);
        let first = partition(count, |index| self.word(index) < word.as_bytes());
        let is_one = |index: usize| {
            let found = self.word(index);
            if may_go_on { found.starts_with(word.as_bytes()) } else { found == word.as_bytes() }
        };
        let more = partition(count - first, |index| is_one(first + index));
        first..first + more
    }

    fn word(&self, index: usize) -> &[u8] {
        let ends = self.parts.part(WORD_ENDS);
        let place = u32_at(ends, index).zip(u32_at(ends, index + 1));
        place.and_then(|(start, end)| self.parts.part(WORDS).get(start..end)).unwrap_or_default()
    }

    /// The words, each abbreviation among them replaced by what it stands for.
    fn spelled_out(&self, words: &[String]) -> Vec<String> {
        let mut typed = format!(" {} ", words.join(" "));
        for line in std::str::from_utf8(self.parts.part(ABBREVIATIONS)).unwrap_or_default().lines() {
            let Some((phrase, meaning)) = line.split_once('\t') else { continue };
            let place = typed.match_indices(phrase).map(|(start, _)| start..start + phrase.len()).find(|place| {
                let bytes = typed.as_bytes();
                bytes.get(place.start.wrapping_sub(1)) == Some(&b' ') && bytes.get(place.end) == Some(&b' ')
            });
            if let Some(place) = place {
                typed.replace_range(place, meaning);
            }
        }
        typed.split_whitespace().map(str::to_owned).collect()
    }
}

/// The last word may not be finished; a longer one may be cut short; a number is always whole.
fn is_prefix(word: &str, is_last: bool) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    !is_number && (is_last || word.len() >= 3)
}

/// How many of the first numbers hold, where those that hold come first.
fn partition(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// What was found so far.
struct Found<'t, 'w> {
    table: &'t Table,
    edition: usize,
    wanted: &'w Wanted<'w>,
    seen: Vec<usize>,
    selectable: Vec<Hit<'t>>,
    others: Vec<Hit<'t>>,
}

impl<'t, 'w> Found<'t, 'w> {
    fn new(table: &'t Table, edition: usize, wanted: &'w Wanted<'w>) -> Self {
        Self { table, edition, wanted, seen: Vec::new(), selectable: Vec::new(), others: Vec::new() }
    }

    fn is_enough(&self) -> bool {
        self.selectable.len() >= self.wanted.limit
    }

    /// Adds a code, and says whether more are wanted.
    fn add_more(&mut self, concept: Concept<'t>) -> bool {
        self.add(concept);
        !self.is_enough()
    }

    fn add(&mut self, concept: Concept<'t>) {
        let Some(listing) = concept.in_edition(self.edition) else { return };
        let selectable = listing.selectable && (!listing.dated || self.is_usable(&concept.code()));
        let full = if selectable { self.is_enough() } else { self.others.len() >= self.wanted.limit };
        let unwanted = self.wanted.selectable && !selectable;
        if full || unwanted || self.seen.contains(&concept.index()) {
            return;
        }
        self.seen.push(concept.index());
        let (system, code) = (concept.system(), concept.code());
        let hit = Hit { system, code, display: listing.title, selectable };
        if selectable { self.selectable.push(hit) } else { self.others.push(hit) }
    }

    /// Whether a code with days of its own can be recorded on the day asked for.
    fn is_usable(&self, code: &str) -> bool {
        matches!(self.table.lookup(code, self.wanted.on).standing, Standing::Active)
    }

    /// Those that can be recorded, then the others.
    fn hits(self) -> Vec<Hit<'t>> {
        self.selectable.into_iter().chain(self.others).take(self.wanted.limit).collect()
    }
}

impl fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchIndex").field("system", &self.table.system()).finish_non_exhaustive()
    }
}
