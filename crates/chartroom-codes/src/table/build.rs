//! Building the image of a table from the rows of its editions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::Edition;
use super::entry::Entry;
use super::image::{MAGIC, State, TITLE_STRIDE, VERSION, in_order};
use super::key::Keys;
use super::place::{Group, Places, Seated};
use super::validity;
use crate::image::{push_edition, push_text, sum, u32_of};
use crate::phrases::Phrases;

/// One code of one edition: what every reader of a release file gives, and what tables are built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The code, without the dot that a system may write into it.
    pub code: String,
    /// Whether the code can be recorded as it stands, as a billable code can. False for a header.
    pub selectable: bool,
    /// The code's title in this edition.
    pub title: String,
}

/// What a release lists, and what it says of the time of single codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// One for each code.
    pub rows: Vec<Row>,
    /// One for each code that has days of its own, rather than those of the whole release.
    pub validity: Vec<Validity>,
}

/// The days on which a code can be used, where they are not simply those of its edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The code, as its row has it.
    pub code: String,
    /// The first day, or `None` if it is not known.
    pub from: Option<NaiveDate>,
    /// The first day on which it can no longer be used, or `None` if there is none.
    pub until: Option<NaiveDate>,
    /// The codes that take its place, where the release says so.
    pub replaced_by: Vec<String>,
}

/// Why rows do not make a table. It names the edition and the row, by its index from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// There is no edition, or none of them has a row.
    #[error("no code in any edition")]
    Empty,
    /// An edition ends before it begins, or begins before the one before it has ended.
    #[error("the editions overlap or end before they begin")]
    Editions,
    /// More editions than a table can number.
    #[error("more than 255 editions")]
    TooManyEditions,
    /// A code that is empty or holds something else than visible ASCII characters.
    #[error("edition {edition}, row {row}: not a code")]
    NotACode {
        /// The edition's label.
        edition: String,
        /// The row's index.
        row: usize,
    },
    /// A code that the edition has already listed.
    #[error("edition {edition}, row {row}: a code that stands twice")]
    Duplicate {
        /// The edition's label.
        edition: String,
        /// The row's index.
        row: usize,
    },
    /// Days of a code that the edition does not list.
    #[error("edition {edition}, validity {validity}: of no code")]
    Stray {
        /// The edition's label.
        edition: String,
        /// The index of the validity.
        validity: usize,
    },
    /// The longest code, in the alphabet of all of them, makes a number of more than 63 bits.
    #[error("codes too long for this form of table")]
    TooLong,
    /// A code with more titles than a history can tell apart, or more than four gigabytes of something.
    #[error("too much for this form of table")]
    TooLarge,
}

/// Collects the editions of a code system, then makes the image of its table.
///
/// ```
/// use chartroom_codes::table::{Edition, Row, Table, TableBuilder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let from = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).ok_or("no such day")?;
/// let edition = Edition { label: "first".into(), from, last: None };
/// let blue = Row { code: "BLUE".into(), selectable: true, title: "the colour of the sky".into() };
/// let image = TableBuilder::new("https://example.org/colours", "Colours").edition(edition, vec![blue]).build()?;
///
/// let table = Table::from_bytes(image)?;
/// assert_eq!(table.get("BLUE").and_then(|code| code.latest()).map(|listing| listing.title.to_string()).as_deref(), Some("the colour of the sky"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TableBuilder {
    system: String,
    name: String,
    dot_after: u8,
    editions: Vec<(Edition, Release)>,
}

impl TableBuilder {
    /// A table of the system with this URL and this name, with no edition yet.
    pub fn new(system: impl Into<String>, name: impl Into<String>) -> Self {
        Self { system: system.into(), name: name.into(), dot_after: 0, editions: Vec::new() }
    }

    /// Writes the codes with a dot after so many characters, where more follow.
    #[must_use]
    pub fn dot_after(mut self, characters: u8) -> Self {
        self.dot_after = characters;
        self
    }

    /// Adds an edition, in any order.
    #[must_use]
    pub fn edition(self, edition: Edition, rows: Vec<Row>) -> Self {
        self.release(edition, Release { rows, validity: Vec::new() })
    }

    /// Adds an edition with what its release says of the days of single codes, in any order. What a release says counts on the days of
    /// its own edition.
    #[must_use]
    pub fn release(mut self, edition: Edition, release: Release) -> Self {
        self.editions.push((edition, release));
        self
    }

    /// Makes the image. The same editions make the same bytes.
    ///
    /// # Errors
    ///
    /// If the rows or editions contradict one another, or do not fit this form of table.
    pub fn build(mut self) -> Result<Vec<u8>, BuildError> {
        self.editions.sort_by_key(|(edition, _)| edition.from);
        let editions: Vec<Edition> = self.editions.iter().map(|(edition, _)| edition.clone()).collect();
        if !in_order(editions.iter()) {
            return Err(BuildError::Editions);
        }
        let codes = collect(&self.editions)?;
        let (alphabet, longest) = spelling(&codes)?;
        let keys = Keys::new(&alphabet, self.dot_after, longest).ok_or(BuildError::TooLong)?;
        let histories = Histories::of(&codes)?;
        let entry = Entry::fitting(keys.bits(), histories.bits());
        let placed = Placed::new(&codes, &keys)?;
        let phrases = Phrases::found_in(placed.codes().flat_map(|(_, code)| code.titles.iter().copied()));

        let mut image = Vec::new();
        let front = self.front_matter(&alphabet, &editions)?;
        let PlaceSections { entries, title_starts, titles } = place_sections(&placed, entry, &histories, &phrases)?;
        let (word_ends, words) = phrases.sections()?;
        let dated =
            placed.codes().flat_map(|(place, code)| code.dated().map(move |(edition, days)| (place, edition, days)));
        let validity = validity::section(&dated.collect::<Vec<_>>())?;
        image.extend_from_slice(MAGIC);
        image.extend_from_slice(&VERSION.to_le_bytes());
        let edition_count = u8::try_from(editions.len()).map_err(|_| BuildError::TooManyEditions)?;
        let alphabet_count = u8::try_from(alphabet.len()).map_err(|_| BuildError::TooLong)?;
        image.extend([self.dot_after, longest, placed.group_bits, placed.spread, entry.width() as u8]);
        image.extend([alphabet_count, edition_count]);
        for length in [codes.len(), histories.all.len(), phrases.len(), front.len(), titles.len(), words.len()] {
            image.extend(u32_of(length)?);
        }
        image.extend(sum(&entries).to_le_bytes());
        let histories = histories.section();
        let groups = placed.groups.iter().flat_map(|group| group.bytes()).collect();
        for section in [front, histories, groups, entries, title_starts, titles, word_ends, words, validity] {
            image.extend(section);
        }
        Ok(image)
    }

    fn front_matter(&self, alphabet: &[u8], editions: &[Edition]) -> Result<Vec<u8>, BuildError> {
        let mut front = alphabet.to_vec();
        push_text(&mut front, &self.system)?;
        push_text(&mut front, &self.name)?;
        for edition in editions {
            push_edition(&mut front, edition)?;
        }
        Ok(front)
    }
}

/// A code through all its editions: a state for each, and its distinct titles, oldest first.
struct Code<'r> {
    states: Vec<State>,
    titles: Vec<&'r str>,
    validity: Vec<Option<&'r Validity>>,
}

fn collect(editions: &[(Edition, Release)]) -> Result<BTreeMap<&str, Code<'_>>, BuildError> {
    let mut codes = BTreeMap::new();
    for (number, (edition, release)) in editions.iter().enumerate() {
        for (index, row) in release.rows.iter().enumerate() {
            let place = || (edition.label.clone(), index);
            if row.code.is_empty() || !row.code.bytes().all(|byte| byte.is_ascii_graphic()) {
                let (edition, row) = place();
                return Err(BuildError::NotACode { edition, row });
            }
            let code = codes.entry(row.code.as_str()).or_insert_with(|| Code::new(editions.len()));
            let title = code.title(&row.title)?;
            match code.states.get_mut(number) {
                Some(state) if !state.listed() => *state = State::new(row.selectable, title),
                _ => {
                    let (edition, row) = place();
                    return Err(BuildError::Duplicate { edition, row });
                }
            }
        }
    }
    for (number, (edition, release)) in editions.iter().enumerate() {
        for (index, validity) in release.validity.iter().enumerate() {
            let stray = || BuildError::Stray { edition: edition.label.clone(), validity: index };
            codes.get_mut(validity.code.as_str()).and_then(|code| code.note(number, validity)).ok_or_else(stray)?;
        }
    }
    if codes.is_empty() { Err(BuildError::Empty) } else { Ok(codes) }
}

impl<'r> Code<'r> {
    fn new(editions: usize) -> Self {
        Self { states: vec![State::default(); editions], titles: Vec::new(), validity: vec![None; editions] }
    }

    /// The number of a title of this code, from 0.
    fn title(&mut self, title: &'r str) -> Result<u8, BuildError> {
        let number = self.titles.iter().position(|known| *known == title).unwrap_or_else(|| {
            self.titles.push(title);
            self.titles.len() - 1
        });
        u8::try_from(number).ok().filter(|number| *number < 64).ok_or(BuildError::TooLarge)
    }

    /// Notes that the code has days of its own in an edition. `None` if the edition does not list it.
    fn note(&mut self, edition: usize, validity: &'r Validity) -> Option<()> {
        let state = self.states.get_mut(edition).filter(|state| state.listed())?;
        *state = state.with_validity();
        *self.validity.get_mut(edition)? = Some(validity);
        Some(())
    }

    /// The days of its own, each with the edition that says so.
    fn dated(&self) -> impl Iterator<Item = (usize, &'r Validity)> {
        self.validity.iter().enumerate().filter_map(|(edition, days)| Some((edition, (*days)?)))
    }

    fn history(&self) -> Vec<u8> {
        let titles = self.titles.len() as u8;
        std::iter::once(titles).chain(self.states.iter().map(|state| state.0)).collect()
    }
}

/// The alphabet of the codes, and the length of the longest.
fn spelling(codes: &BTreeMap<&str, Code<'_>>) -> Result<(Vec<u8>, u8), BuildError> {
    let characters: BTreeSet<u8> = codes.keys().flat_map(|code| code.bytes()).collect();
    let characters: Vec<u8> = characters.into_iter().collect();
    let longest = codes.keys().map(|code| code.len()).max().unwrap_or_default();
    let longest = u8::try_from(longest).map_err(|_| BuildError::TooLong)?;
    Ok((characters, longest))
}

/// The distinct histories of all codes, in ascending order.
struct Histories {
    all: Vec<Vec<u8>>,
    numbers: HashMap<Vec<u8>, usize>,
}

impl Histories {
    fn of(codes: &BTreeMap<&str, Code<'_>>) -> Result<Self, BuildError> {
        let distinct: BTreeSet<Vec<u8>> = codes.values().map(Code::history).collect();
        let numbers = distinct.iter().cloned().zip(0..).collect();
        let all: Vec<_> = distinct.into_iter().collect();
        if all.len() > usize::from(u16::MAX) { Err(BuildError::TooLarge) } else { Ok(Self { all, numbers }) }
    }

    fn number(&self, code: &Code<'_>) -> usize {
        self.numbers.get(&code.history()).copied().unwrap_or_default()
    }

    /// How many bits the number of a history takes.
    fn bits(&self) -> u32 {
        usize::BITS - (self.all.len() - 1).leading_zeros()
    }

    fn section(&self) -> Vec<u8> {
        self.all.concat()
    }
}

/// What stands in each place: a code with its number, or nothing.
struct Placed<'c, 'r> {
    group_bits: u8,
    spread: u8,
    groups: Vec<Group>,
    codes: Vec<Option<(u64, &'c Code<'r>)>>,
}

impl<'c, 'r> Placed<'c, 'r> {
    fn new(codes: &'c BTreeMap<&str, Code<'r>>, keys: &Keys) -> Result<Self, BuildError> {
        let numbered = codes.iter().map(|(text, code)| Some((keys.plain_number(text)?, code)));
        let numbered: Vec<_> = numbered.collect::<Option<_>>().ok_or(BuildError::TooLong)?;
        let placed_by: Option<Vec<u64>> = codes.keys().map(|text| keys.place_key(text)).collect();
        let seated = Places::seat(&placed_by.ok_or(BuildError::TooLong)?);
        let Seated { group_bits, spread, groups, seats } = seated.ok_or(BuildError::TooLarge)?;
        let codes = seats.into_iter().map(|index| numbered.get(index?).copied()).collect();
        Ok(Self { group_bits, spread, groups, codes })
    }

    /// Those that are there, each with its place.
    fn codes(&self) -> impl Iterator<Item = (usize, &'c Code<'r>)> {
        self.codes.iter().enumerate().filter_map(|(place, placed)| placed.map(|(_, code)| (place, code)))
    }
}

/// The sections that hold something for every place.
#[derive(Default)]
struct PlaceSections {
    entries: Vec<u8>,
    title_starts: Vec<u8>,
    titles: Vec<u8>,
}

fn place_sections(
    placed: &Placed<'_, '_>,
    entry: Entry,
    histories: &Histories,
    phrases: &Phrases,
) -> Result<PlaceSections, BuildError> {
    let mut sections = PlaceSections::default();
    for (place, code) in placed.codes.iter().enumerate() {
        if place % TITLE_STRIDE == 0 {
            sections.title_starts.extend(u32_of(sections.titles.len())?);
        }
        let (number, history) = code.map_or((0, 0), |(number, code)| (number, histories.number(code)));
        sections.entries.extend(entry.bytes(number, history));
        let titles = code.iter().flat_map(|(_, code)| &code.titles);
        titles.for_each(|title| phrases.write(title, &mut sections.titles));
    }
    Ok(sections)
}
