//! Building the image of notes from the rows that a reader of the list gives.

use std::collections::BTreeMap;

use super::reference::{Named, named_in};
use super::{FORM, HAS_HEADING, NoteKind, OPENS, UNDERSTOOD, filled, packed};
use crate::image::{push_edition, push_number, u32_of};
use crate::phrases::Phrases;
use crate::table::{BuildError, Edition};

/// Where in the list a note stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a code or a header, written without its dot.
    Code(String),
    /// At all categories from one to another, both included.
    Block {
        /// What the list calls it.
        name: String,
        /// The first category.
        first: String,
        /// The last category.
        last: String,
    },
}

/// One note, as a reader of the list gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Where it stands.
    pub place: Place,
    /// What kind it is.
    pub kind: NoteKind,
    /// Whether it is the first of its paragraph.
    pub opens_paragraph: bool,
    /// The line that introduces it.
    pub heading: Option<String>,
    /// Its text.
    pub text: String,
}

/// Makes the image of the notes of one edition.
#[derive(Debug)]
pub struct NotesBuilder {
    edition: Edition,
    categories: Vec<String>,
    rows: Vec<NoteRow>,
}

impl NotesBuilder {
    /// The notes of an edition. A range such as `M05-M14` is one in the order of the list, which is not that of the
    /// alphabet (`M1A` stands before `M10`), so every category is wanted in the order of the list.
    pub fn new(edition: Edition, categories: Vec<String>, rows: Vec<NoteRow>) -> Self {
        Self { edition, categories, rows }
    }

    /// Makes the image. The same rows make the same bytes.
    ///
    /// # Errors
    ///
    /// If a place is no code, or there are more than four gigabytes of something.
    pub fn build(self) -> Result<Vec<u8>, BuildError> {
        let ranges = Ranges::new(&self.categories);
        let blocks = self.blocks(&ranges);
        let texts = self.rows.iter().flat_map(|row| row.heading.iter().chain([&row.text])).map(String::as_str);
        let mut pools = Pools::new(texts.chain(blocks.iter().map(|block| block.name)));

        let (mut codes, mut starts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for (code, rows) in self.by_code()? {
            codes.extend(code.to_le_bytes());
            starts.extend(u32_of(notes.len())?);
            rows.iter().try_for_each(|row| pools.push_note(row, &ranges, &mut notes))?;
        }
        starts.extend(u32_of(notes.len())?);
        let mut block_part = Vec::new();
        for block in &blocks {
            let start = notes.len();
            block.rows.iter().try_for_each(|row| pools.push_note(row, &ranges, &mut notes))?;
            for (first, last) in &block.intervals {
                block_part.extend([first.to_le_bytes(), last.to_le_bytes()].concat());
                let name = pools.text(block.name);
                block_part.extend([u32_of(start)?, u32_of(notes.len())?, u32_of(name)?].concat());
            }
        }
        let mut edition = Vec::new();
        push_edition(&mut edition, &self.edition)?;
        let (ends, words) = pools.phrases.sections()?;
        let words = [u32_of(pools.phrases.len())?.to_vec(), ends, words].concat();
        FORM.write(&[
            edition,
            codes,
            starts,
            block_part,
            notes,
            pools.references.bytes,
            pools.conditions.bytes,
            pools.texts,
            words,
        ])
    }

    fn by_code(&self) -> Result<BTreeMap<u64, Vec<&NoteRow>>, BuildError> {
        let mut by_code: BTreeMap<u64, Vec<&NoteRow>> = BTreeMap::new();
        for (row, note) in self.rows.iter().enumerate() {
            if let Place::Code(code) = &note.place {
                let edition = || self.edition.label.clone();
                let code = packed(code).ok_or_else(|| BuildError::NotACode { edition: edition(), row })?;
                by_code.entry(code).or_default().push(note);
            }
        }
        Ok(by_code)
    }

    /// The blocks, those with the most categories first.
    fn blocks<'r>(&'r self, ranges: &Ranges) -> Vec<Block<'r>> {
        let mut by_place: BTreeMap<&Place, Vec<&NoteRow>> = BTreeMap::new();
        for row in &self.rows {
            by_place.entry(&row.place).or_default().push(row);
        }
        let block = |(place, rows): (&'r Place, Vec<&'r NoteRow>)| match place {
            Place::Code(_) => None,
            Place::Block { name, first, last } => Some(Block { name, rows, intervals: ranges.intervals(first, last) }),
        };
        let mut blocks: Vec<_> = by_place.into_iter().filter_map(block).collect();
        let width = |block: &Block<'_>| {
            let ends = block.intervals.first().zip(block.intervals.last());
            ends.map_or(0, |((first, _), (_, last))| last - first)
        };
        blocks.sort_by_key(|block| std::cmp::Reverse(width(block)));
        blocks
    }
}

struct Block<'r> {
    name: &'r str,
    intervals: Vec<(u64, u64)>,
    rows: Vec<&'r NoteRow>,
}

/// Turns ranges in the order of the list to ranges in the order of the codes as numbers.
struct Ranges {
    /// The categories in the order of the list.
    listed: Vec<u64>,
    /// The same, ascending.
    sorted: Vec<u64>,
}

impl Ranges {
    fn new(categories: &[String]) -> Self {
        let listed: Vec<u64> = categories.iter().filter_map(|category| packed(category)).collect();
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        Self { listed, sorted }
    }

    /// The codes from one to another with all that stands under them, as runs of numbers.
    fn intervals(&self, first: &str, last: &str) -> Vec<(u64, u64)> {
        let Some((first, last)) = packed(first).zip(packed(last)) else { return Vec::new() };
        let category = |code: u64| super::prefix(code, 3).unwrap_or(code);
        let at = |code: u64| self.listed.iter().position(|listed| *listed == category(code));
        let Some(listed) = at(first).zip(at(last)).and_then(|(from, to)| self.listed.get(from..=to)) else {
            return vec![(first, filled(last))];
        };
        let mut places: Vec<usize> = listed.iter().filter_map(|code| self.sorted.binary_search(code).ok()).collect();
        places.sort_unstable();
        let runs = places.chunk_by(|before, after| before + 1 == *after);
        let run = |run: &[usize]| Some((self.end(run.first()?, first)?, filled(self.end(run.last()?, last)?)));
        runs.filter_map(run).collect()
    }

    /// The category at a place, or the code of it that a range begins or ends with.
    fn end(&self, place: &usize, code: u64) -> Option<u64> {
        let category = *self.sorted.get(*place)?;
        Some(if super::prefix(code, 3) == Some(category) { code } else { category })
    }
}

/// What notes share: texts, references and conditions, each written once.
struct Pools {
    phrases: Phrases,
    texts: Vec<u8>,
    starts: BTreeMap<String, usize>,
    references: Pool,
    conditions: Pool,
}

/// Entries of equal length, each written once.
#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    numbers: BTreeMap<Vec<u8>, usize>,
}

impl Pool {
    fn number(&mut self, entry: Vec<u8>) -> usize {
        let next = self.numbers.len();
        let bytes = &mut self.bytes;
        *self.numbers.entry(entry).or_insert_with_key(|entry| {
            bytes.extend_from_slice(entry);
            next
        })
    }
}

impl Pools {
    fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Self {
            phrases: Phrases::found_in(texts),
            texts: Vec::new(),
            starts: BTreeMap::new(),
            references: Pool::default(),
            conditions: Pool::default(),
        }
    }

    /// Where a text begins.
    fn text(&mut self, text: &str) -> usize {
        if let Some(start) = self.starts.get(text) {
            return *start;
        }
        let start = self.texts.len();
        self.phrases.write(text, &mut self.texts);
        self.starts.insert(text.to_owned(), start);
        start
    }

    fn push_note(&mut self, row: &NoteRow, ranges: &Ranges, notes: &mut Vec<u8>) -> Result<(), BuildError> {
        let (named, understood) = if row.kind.refers() { named_in(&row.text) } else { (Vec::new(), true) };
        let kind = NoteKind::ALL.iter().position(|kind| *kind == row.kind).unwrap_or_default() as u8;
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        let heading = flag(row.heading.is_some(), HAS_HEADING);
        notes.push(kind | flag(row.opens_paragraph, OPENS) | flag(understood, UNDERSTOOD) | heading);
        for text in [&row.text].into_iter().chain(&row.heading) {
            push_number(notes, self.text(text));
        }
        let mut references = Vec::new();
        for named in &named {
            references.extend(self.references(named, ranges)?);
        }
        push_number(notes, references.len());
        references.iter().for_each(|reference| push_number(notes, *reference));
        Ok(())
    }

    /// The numbers of what a note names, one for each run of codes.
    fn references(&mut self, named: &Named, ranges: &Ranges) -> Result<Vec<usize>, BuildError> {
        let condition = if named.condition.is_empty() {
            0
        } else {
            let rules = named.condition.iter().map(|rule| (rule.places, rule.characters));
            let rules = rules.chain(std::iter::repeat((0, 0))).take(4);
            let entry = rules.flat_map(|(places, set)| places.to_le_bytes().into_iter().chain(set.to_le_bytes()));
            self.conditions.number(entry.collect()) + 1
        };
        let condition = u32_of(condition)?;
        let entry = |(first, last): (u64, u64)| {
            [first.to_le_bytes().as_slice(), last.to_le_bytes().as_slice(), condition.as_slice()].concat()
        };
        let intervals = ranges.intervals(&named.first, &named.last);
        Ok(intervals.into_iter().map(|interval| self.references.number(entry(interval))).collect())
    }
}

impl NoteKind {
    /// Whether codes in such notes are meant to be followed.
    fn refers(self) -> bool {
        matches!(self, Self::Excludes1 | Self::Excludes2 | Self::CodeFirst | Self::UseAdditional | Self::CodeAlso)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Notes;
    use super::*;
    use proptest::prelude::*;

    fn row(place: Place, kind: NoteKind, text: &str) -> NoteRow {
        NoteRow { place, kind, opens_paragraph: true, heading: None, text: text.into() }
    }

    fn code(code: &str) -> Place {
        Place::Code(code.into())
    }

    fn image() -> Vec<u8> {
        let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
        let block = Place::Block { name: "M05-M14".into(), first: "M05".into(), last: "M14".into() };
        let categories = ["E08", "E11", "M05", "M08", "M1A", "M10", "M14", "M15"].map(str::to_owned).to_vec();
        let rows = vec![
            row(block, NoteKind::Excludes1, "not these (E08-E11 with .6-, M15.2)"),
            row(code("M10"), NoteKind::SeventhCharacter, "0 without tophus"),
            row(code("M10"), NoteKind::SeventhCharacter, "1 with tophus"),
            row(code("M100"), NoteKind::CodeFirst, "poisoning (M05-M14)"),
            row(code("M100"), NoteKind::Inclusion, "Gouty bursitis"),
        ];
        NotesBuilder::new(edition, categories, rows).build().unwrap()
    }

    #[test]
    fn notes_are_inherited_from_headers_and_blocks() {
        let notes = Notes::from_bytes(image()).unwrap();
        let found: Vec<_> = notes.of("M10.011").map(|note| (note.place(), note.kind())).collect();
        let wanted = [
            ("M10.0", NoteKind::CodeFirst),
            ("M10.0", NoteKind::Inclusion),
            ("M10", NoteKind::SeventhCharacter),
            ("M10", NoteKind::SeventhCharacter),
            ("M05-M14", NoteKind::Excludes1),
        ];
        assert_eq!(found, wanted.map(|(place, kind)| (place.to_owned(), kind)));
        assert_eq!(notes.of("M15").count(), 0);
        assert_eq!(notes.of("M1A.0").count(), 1, "the list has it before M10");
        assert_eq!(notes.of("nothing of the kind").count(), 0);
        assert_eq!(notes.seventh_characters("M10.0")[1], ('1', "with tophus".to_owned()));
    }

    #[test]
    fn references_cover_what_they_name() {
        let notes = Notes::from_bytes(image()).unwrap();
        let note = notes.of("M10.0").next().unwrap();
        assert!(note.covers("M1A.09X0") && note.covers("M14") && !note.covers("M15") && !note.covers("E11.9"));
        let excludes = notes.of("M10.0").last().unwrap();
        assert!(excludes.covers("E11.65") && !excludes.covers("E11.9") && excludes.covers("M15.2"));
        assert!(!excludes.covers("M15.20000000") && !excludes.covers(""));
        assert_eq!(excludes.to_string(), "Excludes1: not these (E08-E11 with .6-, M15.2)");
    }

    #[test]
    fn a_place_that_is_no_code_is_refused() {
        let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
        let rows = vec![row(code("what?"), NoteKind::Note, "text")];
        let refused = NotesBuilder::new(edition, Vec::new(), rows).build();
        assert_eq!(refused, Err(BuildError::NotACode { edition: "2026".into(), row: 0 }));
    }

    proptest! {
        #[test]
        fn damage_does_not_stop_the_program(damage in proptest::collection::vec((0usize..2000, any::<u8>()), 1..8)) {
            let mut image = image();
            for (place, byte) in damage {
                let length = image.len();
                image[place % length] = byte;
            }
            if let Ok(notes) = Notes::from_bytes(image) {
                for note in notes.of("M10.011").take(100) {
                    prop_assert!(!note.to_string().is_empty());
                    note.covers("E11.65");
                }
                notes.seventh_characters("M10.0");
            }
        }
    }
}
