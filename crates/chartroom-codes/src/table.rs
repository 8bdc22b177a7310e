//! The compiled form of a code system: one immutable byte image, read in place.
//!
//! An image holds every edition of one system that it was built from. It is made by a [`TableBuilder`], and can be part
//! of a program (`include_bytes!`) or come from a file. [`Table::from_bytes`] looks at its first few hundred bytes
//! and is ready; nothing is parsed at the start. Every read checks its bounds, so that a damaged image gives an error
//! or leaves codes out, and never stops the program.
//!
//! # Format, version 3
//!
//! Numbers are little-endian. A text is a `u16` length and then that many bytes of UTF-8.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `CHRTCODE` |
//! | 2 | version, 3 |
//! | 1 | characters before the dot of a code; 0 if codes are written without one |
//! | 1 | characters of the longest code, dot left out |
//! | 1 | *g*: there are 2<sup>*g*</sup> groups |
//! | 1 | *s*: how keys are spread |
//! | 1 | bytes of an entry: up to 8, or 10 |
//! | 1 | *a*: characters of the alphabet |
//! | 1 | *e*: editions |
//! | 4 | *n*: codes |
//! | 4 | *h*: histories |
//! | 4 | *w*: words |
//! | 4 | bytes of the front matter |
//! | 4 | bytes of the titles |
//! | 4 | bytes of the words' text |
//! | 8 | FNV-1a of the entries |
//!
//! Then, without gaps:
//!
//! 1. **Front matter**: the alphabet, *a* bytes, ascending; the system's URL and its name, texts; and for each edition
//!    its first day and its last (`u32`, year·10000 + month·100 + day; 0 for a last day not yet known) and its label.
//! 2. **Histories**, *h* times *e* + 1 bytes: how many titles the code has, then its state in each edition: bit 0, it
//!    is listed; bit 1, it is selectable; bits 2 to 7, which of its titles it has.
//! 3. **Groups**, 2<sup>*g*</sup> times `u32`: the seed of the group in the low half, its marks in the high half.
//! 4. **Entries**, one for each of *p* = *n* + *n*/64 + 1 places: the number of the code, and above it that of its history. In an
//!    entry of ten bytes the code's takes eight. All 0 where no code stands.
//! 5. **Title starts**, for each eighth place from the first on (`u32`): where in the titles those of that place begin.
//! 6. **Titles**, in the order of the places: each the numbers of its words, seven bits to a byte, the lowest first, the
//!    high bit set on all but the last byte of a number; then a byte 0. Words are numbered from 1. A blank stands between two.
//! 7. **Word ends**, *w* + 1 times `u32`: where each word begins in the text, and where the last one ends.
//! 8. **Words**: their text. A word may be a whole phrase that many titles share.
//! 9. **Validity**, where any code has days of its own: how many such (`u32`); for each, by place and then edition, the place, the
//!    edition, the first day and the first day past the last (days as in the front matter, 0 for none), and where the
//!    successors end in the text that follows (`u32` each); then that text: for each successor its length in one byte and the code.
//!    In the history, the state of such a code in such an edition has bit 1 set and bit 0 not.
//!
//! Codes are *packed* where they are digits and capital letters, and the longest has, with a dot, at most eight characters. The
//! number of a packed code is the six low bits of each of its characters, dot left out, the first the lowest; its key is all eight.
//! Any other code is a number to the base *a* + 1, its first character the highest digit: characters of the alphabet count from 1,
//! and 0 stands behind the end of a code that is not the longest. Its key is that number.
//!
//! A key is spread by multiplication, within 64 bits, with the power *s* + 1 of `0x9E3779B97F4A7C15`. The *g* high bits name its group,
//! the four below them its mark: where the group has not set that bit, the key is that of no code. Multiplied once more, with twice the
//! group's seed plus 1, its bits from 32 on, times *p*, divided by 2<sup>32</sup>, name its place. There stands the code, or none.

mod build;
mod entry;
mod image;
mod key;
mod near;
mod packed;
mod place;
mod title;
mod validity;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

pub use self::build::{BuildError, Release, Row, TableBuilder, Validity};
pub use self::image::InvalidTable;
pub use self::near::Suggestions;
pub use self::title::Title;
pub use self::validity::Successors;

use self::image::Image;
pub(crate) use self::image::in_order;
use self::packed::{Packed, Text};
use self::validity::Days;

/// A code system in its compiled form, with all its editions. Cloning it is cheap.
#[derive(Clone)]
pub struct Table(Arc<Image>);

/// One release of a code system, and the days on which it is the one to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// What it is called in `Coding.version`, such as `2026`.
    pub label: String,
    /// The first day of its use.
    pub from: NaiveDate,
    /// The last day of its use, or `None` if it serves until a later edition begins.
    pub last: Option<NaiveDate>,
}

/// A code that a table lists in at least one of its editions.
#[derive(Clone, Copy)]
pub struct Concept<'t> {
    table: &'t Table,
    place: usize,
    number: u64,
    history: usize,
}

/// How one edition lists a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'t> {
    /// Whether the code can be recorded as it stands. False for a header, which is too general.
    pub selectable: bool,
    /// The code's title in that edition.
    pub title: Title<'t>,
    /// Whether the code has days of its own within the edition.
    pub(crate) dated: bool,
}

impl Table {
    /// Takes an image that a [`TableBuilder`] made. Looks at the front of it only; the rest is read when asked for.
    ///
    /// # Errors
    ///
    /// If it is not an image of a known version, or its parts do not fit together.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, InvalidTable> {
        Ok(Self(Arc::new(Image::read(bytes.into())?)))
    }

    /// The URL of the code system.
    pub fn system(&self) -> &str {
        &self.0.system
    }

    /// The name of the code system.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The editions, oldest first.
    pub fn editions(&self) -> &[Edition] {
        &self.0.editions
    }

    /// How many codes there are, all editions together.
    pub fn len(&self) -> usize {
        self.0.codes
    }

    /// Whether there is no code at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the whole image takes.
    pub fn size(&self) -> usize {
        self.0.size()
    }

    /// How many of them are titles: the text of their words, and which words each has.
    pub fn size_of_titles(&self) -> usize {
        self.0.size_of_titles()
    }

    /// The index in [`editions`](Self::editions) of the one to use on a day; without a day, of the latest one.
    /// `None` if no edition covers the day.
    #[inline]
    pub fn edition_on(&self, on: Option<NaiveDate>) -> Option<usize> {
        let editions = self.editions();
        let Some(day) = on else { return editions.len().checked_sub(1) };
        let index = editions.iter().rposition(|edition| edition.from <= day)?;
        let covered = editions.get(index)?.last.is_none_or(|last| day <= last);
        covered.then_some(index)
    }

    /// Finds a code, written exactly as FHIR writes it.
    #[inline]
    pub fn get(&self, code: &str) -> Option<Concept<'_>> {
        self.exact(code.as_bytes())
    }

    /// As [`get`](Self::get), for callers in whose code it is to stand.
    #[inline(always)]
    pub(crate) fn exact(&self, code: &[u8]) -> Option<Concept<'_>> {
        match self.0.keys.packed() {
            Some(packed) => self.get_packed(packed, packed.text(code)?),
            None => self.get_unpacked(code),
        }
    }

    #[inline(never)]
    fn get_unpacked(&self, code: &[u8]) -> Option<Concept<'_>> {
        self.get_weighed(self.0.keys.number(code)?)
    }

    /// Finds a code as a person may type it, with blanks around it, in lower case or without its dot, and gives it
    /// as FHIR writes it. `None` if no edition lists it.
    ///
    /// ```
    /// # use chartroom_codes::table::*;
    /// # fn icd() -> Result<Table, Box<dyn std::error::Error>> {
    /// #     let from = chrono::NaiveDate::from_ymd_opt(2025, 10, 1).ok_or("date")?;
    /// #     let row = Row { code: "E119".into(), selectable: true, title: "Type 2 diabetes mellitus without complications".into() };
    /// #     let edition = Edition { label: "2026".into(), from, last: None };
    /// #     let image = TableBuilder::new("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM").dot_after(3).edition(edition, vec![row]).build()?;
    /// #     Ok(Table::from_bytes(image)?)
    /// # }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let table = icd()?;
    /// assert_eq!(table.parse_typed(" e119 ").as_deref(), Some("E11.9"));
    /// assert_eq!(table.parse_typed("e11.8"), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse_typed(&self, typed: &str) -> Option<String> {
        self.get_typed(typed).map(Concept::code)
    }

    /// Finds a code as a person may type it; see [`parse_typed`](Self::parse_typed).
    #[inline]
    pub fn get_typed(&self, typed: &str) -> Option<Concept<'_>> {
        self.usually_typed(typed).unwrap_or_else(|| self.get_loosely_typed(typed))
    }

    /// Finds a code as most people type it. The outer `None` if it is typed in another way, or such codes have no short way.
    #[inline(always)]
    pub(crate) fn usually_typed(&self, typed: &str) -> Option<Option<Concept<'_>>> {
        let packed = self.0.keys.packed()?;
        let text = packed.typed_text(typed.as_bytes())?;
        match self.get_packed(packed, text) {
            None if !text.is_in_one_piece() => None,
            found => Some(found),
        }
    }

    /// Finds a code that is typed in an unusual way, or is not of a kind of which that can be told at once.
    #[inline(never)]
    fn get_loosely_typed(&self, typed: &str) -> Option<Concept<'_>> {
        let keys = &self.0.keys;
        if !keys.has_one_form()
            && let Some(exact) = self.get(typed.trim())
        {
            return Some(exact);
        }
        match keys.in_form(typed).and_then(|form| self.exact(form.bytes())) {
            None if !keys.has_one_form() || !typed.is_ascii() => self.get_spaced(typed),
            found => found,
        }
    }

    /// Finds a code that is typed in its own case, with blanks where none should be.
    fn get_spaced(&self, typed: &str) -> Option<Concept<'_>> {
        let mut plain: String = typed.chars().filter(|typed| !typed.is_whitespace()).collect();
        if let Some(dot) = plain.find('.') {
            // A dot stands in its place or is a slip.
            if dot != self.0.keys.dot() {
                return None;
            }
            plain.remove(dot);
        }
        self.get_plain(&plain).or_else(|| self.get_plain(&plain.to_ascii_uppercase()))
    }

    /// Every code, in the order of the table, which is not that of the alphabet.
    pub fn concepts(&self) -> impl Iterator<Item = Concept<'_>> {
        (0..self.0.places()).filter_map(|place| self.concept_at(place))
    }

    /// The nearest listed code that a code begins with: the header it stands under.
    pub fn parent(&self, code: &str) -> Option<Concept<'_>> {
        let plain = self.0.keys.plain(code)?;
        (1..plain.len()).rev().find_map(|length| self.get_plain(plain.get(..length)?))
    }

    /// The codes that stand directly under a code, in the order of the alphabet.
    pub fn children(&self, code: &str) -> Vec<Concept<'_>> {
        let mut found = Vec::new();
        if let Some(plain) = self.0.keys.plain(code) {
            self.gather_children(&plain, &mut found);
        }
        found
    }

    /// A code's child may be more than one character longer: `S03.0` has `S03.00XA` under it. A longer prefix of
    /// that kind is never a code of its own, so it is looked behind, as far as the longest code goes.
    fn gather_children<'t>(&'t self, plain: &str, found: &mut Vec<Concept<'t>>) {
        if plain.len() >= self.0.keys.longest() {
            return;
        }
        for &character in self.0.keys.alphabet() {
            let longer = format!("{plain}{}", char::from(character));
            match self.get_plain(&longer) {
                Some(child) => found.push(child),
                None if character == PLACEHOLDER => self.gather_children(&longer, found),
                None => {}
            }
        }
    }

    /// A code that a listing names, by [`Concept::index`].
    pub(crate) fn concept_at(&self, index: usize) -> Option<Concept<'_>> {
        let (number, history) = self.0.at(index)?;
        Some(Concept { table: self, place: index, number, history })
    }

    /// What is more than the index of any code.
    pub(crate) fn places(&self) -> usize {
        self.0.places()
    }

    /// Tells tables apart: a number made of all that their front says.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.0.fingerprint()
    }

    /// Characters of the longest code, dot left out.
    pub(crate) fn longest(&self) -> usize {
        self.0.keys.longest()
    }

    /// Every code that begins so, in the order of the alphabet, until it is enough. The beginning has no dot.
    pub(crate) fn with_prefix<'t>(&'t self, plain: &str, take: &mut impl FnMut(Concept<'t>) -> bool) -> bool {
        let itself = self.get_plain(plain);
        // A code of three characters or more stands under another, or behind the characters that fill empty places.
        let may_lead_on = itself.is_some() || plain.len() < SHORTEST || plain.ends_with(char::from(PLACEHOLDER));
        if itself.is_some_and(|concept| !take(concept)) {
            return false;
        }
        !may_lead_on
            || plain.len() >= self.longest()
            || self
                .0
                .keys
                .alphabet()
                .iter()
                .all(|next| self.with_prefix(&format!("{plain}{}", char::from(*next)), take))
    }

    #[inline(always)]
    fn get_packed(&self, packed: &Packed, text: Text) -> Option<Concept<'_>> {
        let (place, number, history) = self.0.find(text.key())?;
        (packed.number(text)? == number).then_some(Concept { table: self, place, number, history })
    }

    /// Finds a code written without its dot.
    pub(crate) fn get_plain(&self, plain: &str) -> Option<Concept<'_>> {
        match self.0.keys.packed() {
            Some(packed) => self.get_packed(packed, packed.plain_text(plain.as_bytes())?),
            None => self.get_weighed(self.0.keys.plain_number(plain)?),
        }
    }

    fn get_weighed(&self, wanted: u64) -> Option<Concept<'_>> {
        let (place, number, history) = self.0.find(wanted)?;
        (number == wanted).then_some(Concept { table: self, place, number, history })
    }
}

/// Codes shorter than this need not be listed for longer ones to be.
const SHORTEST: usize = 3;

/// Fills an empty place within a code of ICD-10-CM, so that what follows keeps its place.
const PLACEHOLDER: u8 = b'X';

impl<'t> Concept<'t> {
    /// The code, as FHIR writes it.
    pub fn code(self) -> String {
        self.table.0.keys.text(self.number)
    }

    /// How the edition of that index lists the code, or `None` if it does not.
    #[inline]
    pub fn in_edition(self, edition: usize) -> Option<Listing<'t>> {
        let state = self.table.0.state(self.history, edition)?;
        let title = self.title(state.title());
        state.listed().then_some(Listing { selectable: state.selectable(), title, dated: state.dated() })
    }

    /// How the latest edition that knows the code lists it.
    pub fn latest(self) -> Option<Listing<'t>> {
        (0..self.table.editions().len()).rev().find_map(|edition| self.in_edition(edition))
    }

    /// The days on which the code can be used, where the latest release that lists it gives it days of its own, and what takes its place.
    pub fn validity(self) -> Option<Validity> {
        let listed = |edition: &usize| self.in_edition(*edition).is_some();
        let latest = (0..self.table.editions().len()).rev().find(listed)?;
        let (from, until, replaced_by) = self.days(latest)?;
        Some(Validity { code: self.code(), from, until, replaced_by: replaced_by.to_vec() })
    }

    /// What an edition says of days of its own.
    pub(crate) fn days(self, edition: usize) -> Option<Days<'t>> {
        self.table.0.validity(self.place, edition)
    }

    /// Its place in the table, from 0.
    pub(crate) fn index(self) -> usize {
        self.place
    }

    /// The URL of its system.
    pub fn system(self) -> &'t str {
        self.table.system()
    }

    fn title(self, which: usize) -> Title<'t> {
        Title::new(&self.table.0, self.place, which)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("system", &self.system()).field("codes", &self.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Concept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Concept").field("system", &self.table.system()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 1, 1).unwrap()
    }

    fn edition(label: &str, year: i32) -> Edition {
        Edition { label: label.into(), from: day(year), last: None }
    }

    fn row(code: &str, selectable: bool, title: &str) -> Row {
        Row { code: code.into(), selectable, title: title.into() }
    }

    fn small() -> Vec<u8> {
        let first = vec![row("A00", true, "the first title"), row("A01", true, "a title")];
        let second = vec![row("A00", false, "the second title"), row("A001", true, "one more title")];
        let builder = TableBuilder::new("urn:s", "S").dot_after(3);
        builder.edition(edition("two", 2026), second).edition(edition("one", 2025), first).build().unwrap()
    }

    #[test]
    fn typed_codes_are_found_whatever_the_alphabet() {
        let edition = || edition("2026", 2026);
        let build = |builder: TableBuilder, codes: &[&str]| {
            let rows = codes.iter().map(|code| row(code, true, "a title")).collect();
            Table::from_bytes(builder.edition(edition(), rows).build().unwrap()).unwrap()
        };
        let dotted = build(TableBuilder::new("urn:s", "S").dot_after(3), &["E119", "I10"]);
        for typed in ["E11.9", "e119", " e1 1.9 ", "\u{a0}E119", "\u{a0}E11.9", "E11 .9"] {
            assert_eq!(dotted.parse_typed(typed).as_deref(), Some("E11.9"), "{typed}");
        }
        for typed in ["E11", "E1.19", "E.119", "E11..9", "é119", "", ".", "E119E119E119E119E119E119E119E119E119"] {
            assert_eq!(dotted.parse_typed(typed), None, "{typed}");
        }
        let mixed = build(TableBuilder::new("urn:s", "S"), &["a1", "A1", "A.2", "B3"]);
        for (typed, meant) in [("a1", "a1"), ("A1", "A1"), ("A.2", "A.2"), ("b3", "B3"), (" B 3", "B3")] {
            assert_eq!(mixed.parse_typed(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn version_3_is_written_byte_by_byte_as_documented() {
        let mut golden = b"CHRTCODE\x03\x00".to_vec();
        golden.extend([3, 4, 1, 0, 4, 3, 2]);
        for number in [3, 3, 7, 39, 15, 27] {
            golden.extend(u32::to_le_bytes(number));
        }
        golden.extend(0xD022_98CA_DCAD_C9A6_u64.to_le_bytes());
        golden.extend(b"01A\x05\x00urn:s\x01\x00S");
        golden.extend([20_250_101u32.to_le_bytes(), [0; 4]].concat());
        golden.extend(b"\x03\x00one");
        golden.extend([20_260_101u32.to_le_bytes(), [0; 4]].concat());
        golden.extend(b"\x03\x00two");
        let image = small();
        assert_eq!(image[..golden.len()], golden);
        assert_eq!(image[golden.len()..][..9], [1, 0, 3, 1, 3, 0, 2, 3, 5], "histories");
        let sum = image.iter().fold(0u32, |sum, byte| sum.rotate_left(5) ^ u32::from(*byte));
        assert_eq!((image.len(), sum), GOLDEN, "a change of the format needs a new version");
    }

    /// Length and rolling sum of the image of [`small`].
    const GOLDEN: (usize, u32) = (199, 1_801_272_010);

    #[test]
    fn each_edition_has_its_own_listing() {
        let table = Table::from_bytes(small()).unwrap();
        let listing = |code: &str, edition: usize| table.get(code).unwrap().in_edition(edition);
        assert_eq!(listing("A00", 0).unwrap().title, "the first title");
        assert_eq!(listing("A00", 1).unwrap().title, "the second title");
        assert!(listing("A00", 0).unwrap().selectable && !listing("A00", 1).unwrap().selectable);
        assert_eq!(listing("A00.1", 0), None);
        assert_eq!(listing("A01", 2), None);
        assert_eq!(table.editions()[0].label, "one");
        assert_eq!(table.edition_on(Some(day(2024))), None);
        assert_eq!(table.edition_on(Some(day(2025))), Some(0));
        assert_eq!(table.edition_on(None), Some(1));
    }

    #[test]
    fn codes_with_days_of_their_own_keep_them() {
        let validity = |code: &str, from, until, replaced_by: &[&str]| Validity {
            code: code.into(),
            from,
            until,
            replaced_by: replaced_by.iter().map(|code| (*code).into()).collect(),
        };
        let all = [
            validity("A01", Some(day(2024)), Some(day(2026)), &["A00", "A02"]),
            validity("A00", None, Some(day(2025)), &[]),
            validity("A03", Some(day(2025)), None, &[]),
        ];
        let rows = ["A00", "A01", "A02", "A03"].map(|code| row(code, true, "a title")).to_vec();
        let release = Release { rows, validity: all.to_vec() };
        let image = TableBuilder::new("urn:s", "S").release(edition("one", 2025), release).build().unwrap();
        let table = Table::from_bytes(image.clone()).unwrap();
        for expected in all {
            let concept = table.get(&expected.code).unwrap();
            assert!(concept.in_edition(0).unwrap().selectable);
            assert_eq!(concept.validity(), Some(expected));
        }
        assert_eq!(table.get("A02").unwrap().validity(), None);
        for place in 0..image.len() {
            let mut damaged = image.clone();
            damaged[place] ^= 0x41;
            read_everything(damaged);
        }
        let stray = Release { rows: vec![row("A", true, "x")], validity: vec![validity("B", None, None, &[])] };
        let refused = TableBuilder::new("urn:s", "S").release(edition("one", 2025), stray).build();
        assert_eq!(refused, Err(BuildError::Stray { edition: "one".into(), validity: 0 }));
    }

    #[test]
    fn long_codes_take_wide_entries() {
        let ids: Vec<Row> =
            (0..500u64).map(|id| row(&format!("{}", 999_999_990_989_000_000 + id * 7), true, "x")).collect();
        let image = TableBuilder::new("urn:ids", "Ids").edition(edition("one", 2025), ids.clone()).build().unwrap();
        let table = Table::from_bytes(image).unwrap();
        assert!(ids.iter().all(|row| table.get(&row.code).unwrap().code() == row.code));
        assert!(table.get("999999990989000001").is_none());
    }

    #[test]
    fn rows_that_make_no_table_are_refused() {
        let build = |rows: Vec<Row>| TableBuilder::new("urn:s", "S").edition(edition("one", 2025), rows).build();
        assert_eq!(build(vec![]), Err(BuildError::Empty));
        assert_eq!(build(vec![row("", true, "x")]), Err(BuildError::NotACode { edition: "one".into(), row: 0 }));
        let twice = vec![row("A", true, "x"), row("A", false, "y")];
        assert_eq!(build(twice), Err(BuildError::Duplicate { edition: "one".into(), row: 1 }));
        assert_eq!(build(vec![row(&"9".repeat(40), true, "x")]), Err(BuildError::TooLong));
        let same_day = TableBuilder::new("urn:s", "S").edition(edition("one", 2025), vec![row("A", true, "x")]);
        assert_eq!(same_day.edition(edition("two", 2025), vec![]).build(), Err(BuildError::Editions));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let refused = |bytes: Vec<u8>| Table::from_bytes(bytes).unwrap_err();
        assert_eq!(refused(vec![]), InvalidTable::NotATable);
        assert_eq!(refused(b"%PDF-1.7 and so on".to_vec()), InvalidTable::NotATable);
        let mut newer = small();
        newer[8] = 4;
        assert_eq!(refused(newer), InvalidTable::Version { version: 4 });
        for length in 10..small().len() {
            assert!(matches!(refused(small()[..length].to_vec()), InvalidTable::Damaged { .. }));
        }
    }

    #[test]
    fn no_damaged_byte_stops_the_program() {
        let whole = small();
        for place in 0..whole.len() {
            for damage in [0x01, 0x80, 0xFF] {
                let mut damaged = whole.clone();
                damaged[place] ^= damage;
                read_everything(damaged);
            }
        }
    }

    fn read_everything(image: Vec<u8>) {
        let Ok(table) = Table::from_bytes(image) else { return };
        for concept in table.concepts() {
            let code = concept.code();
            for edition in 0..table.editions().len() {
                concept.in_edition(edition).map(|listing| listing.title.to_string());
            }
            table.children(&code);
            table.parent(&code);
            concept.validity();
        }
        for code in ["A00", "A00.1", "a001", "B99", ""] {
            if let crate::Standing::Unknown { suggestions } = table.lookup(code, Some(day(2026))).standing {
                suggestions.to_vec();
            }
            table.parse_typed(code);
        }
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(rows in proptest::collection::btree_map("[a-z0-9-]{1,9}", (any::<bool>(), ".{0,30}"), 1..60)) {
            let listed: Vec<Row> = rows.iter().map(|(code, (selectable, title))| row(code, *selectable, title)).collect();
            let image = TableBuilder::new("urn:s", "S").edition(edition("one", 2025), listed).build().unwrap();
            let table = Table::from_bytes(image).unwrap();
            prop_assert_eq!(table.concepts().count(), rows.len());
            for concept in table.concepts() {
                let (selectable, title) = &rows[&concept.code()];
                let listing = concept.in_edition(0).unwrap();
                prop_assert_eq!((listing.selectable, listing.title.to_string()), (*selectable, title.clone()));
                prop_assert!(table.get(&concept.code()).is_some());
            }
        }

        #[test]
        fn random_damage_does_not_stop_the_program(damage in proptest::collection::vec((0usize..300, any::<u8>()), 1..8)) {
            let mut image = small();
            for (place, byte) in damage {
                let length = image.len();
                image[place % length] = byte;
            }
            read_everything(image);
        }
    }
}
