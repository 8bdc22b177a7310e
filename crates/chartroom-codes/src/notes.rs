//! What a classification says beside the titles of its codes: inclusion terms, what a code excludes, what is coded with it.
//!
//! Notes stand at a code, at a header or at a whole block of the list, and hold for all that stands under it. They
//! are compiled to one image that is used in place, as a [`Table`](crate::Table) is. [`edits`](crate::edits)
//! are made from them.
//!
//! # Format, version 1
//!
//! `CHRTNOTE`, the version (`u16`), the lengths of nine parts (`u32` each), then the parts. Numbers are little-endian; a *short
//! number* has seven bits to a byte, the lowest first, the high bit set on all but its last byte. A code is a number of eight bytes,
//! its first character the highest, filled up with 0; the last code of a range is filled up with `FF`.
//!
//! 1. **Edition**: first day and last (`u32`, year·10000 + month·100 + day, 0 if not known), length of the label (`u16`), label.
//! 2. **Codes** that have notes of their own, ascending.
//! 3. **Starts**: for each of them where its notes begin (`u32`), and where those of the last end.
//! 4. **Blocks**, the widest first: first code, last code, where the notes begin and end (`u32`), where the name stands in the texts (`u32`).
//! 5. **Notes**: a byte (bits 0 to 3 the kind; 4: it is the first of its paragraph; 5: all its references were understood; 6: it has
//!    a heading); as short numbers where its text begins, where its heading begins if it has one, how many references, and their numbers.
//! 6. **References**: first code, last code, number of the condition (`u32`, 0 for none).
//! 7. **Conditions**, each of four rules, unused ones 0: places (`u16`: bit 0 the first character, bit 8 the last, bit 9 the last but
//!    one), characters (`u64`: bit 0 for `0`, bit 10 for `A`). A code fulfils it if for every rule one of the characters stands at one of the places.
//! 8. **Texts**: each the short numbers of its words, from 1, then a byte 0.
//! 9. **Words**: how many (`u32`), where each begins and the last ends (`u32`), and their text.

mod build;
mod reference;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::image::{Cursor, Form, InvalidImage, Parts, little_endian, number, u32_at, u64_at};
use crate::phrases::words_of;
use crate::table::Edition;

pub use self::build::{NoteRow, NotesBuilder, Place};

use self::reference::Rule;

/// The notes of one edition of a classification. Cloning it is cheap.
#[derive(Clone)]
pub struct Notes(Arc<Image>);

struct Image {
    parts: Parts,
    edition: Edition,
}

/// What a note says of the code that it stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A condition that the code is for.
    Inclusion,
    /// What the category or block includes.
    Includes,
    /// What is not coded here, and never together with it.
    Excludes1,
    /// What is not included here; a patient may have both, and then both are coded.
    Excludes2,
    /// What stands before this code.
    CodeFirst,
    /// What is coded in addition, after this code.
    UseAdditional,
    /// What may have to be coded too, in either order.
    CodeAlso,
    /// A seventh character and its meaning, parted by a blank.
    SeventhCharacter,
    /// Anything else.
    Note,
}

/// One note, at one place of the list.
#[derive(Clone, Copy)]
pub struct Note<'n> {
    notes: &'n Notes,
    stands_at: StandsAt,
    kind: NoteKind,
    opens: bool,
    understood: bool,
    text: usize,
    heading: Option<usize>,
    references: &'n [u8],
}

#[derive(Clone, Copy, PartialEq)]
enum StandsAt {
    Code(u64),
    /// Where the block's name stands in the texts.
    Block(usize),
}

const FORM: Form = Form { magic: b"CHRTNOTE", what: "notes", parts: 9 };
const EDITION: usize = 0;
const CODES: usize = 1;
const STARTS: usize = 2;
const BLOCKS: usize = 3;
const NOTES: usize = 4;
const REFERENCES: usize = 5;
const CONDITIONS: usize = 6;
const TEXTS: usize = 7;
const WORDS: usize = 8;

/// Bytes of a block, a reference, a rule and a condition.
const BLOCK: usize = 28;
const REFERENCE: usize = 20;
const RULE: usize = 10;
const CONDITION: usize = 4 * RULE;

impl Notes {
    /// Takes an image that a [`NotesBuilder`] made. Looks at the front of it only; the rest is read when asked for.
    ///
    /// # Errors
    ///
    /// If it is not an image of a known version, or its parts do not fit together.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, InvalidImage> {
        let parts = FORM.read(bytes.into())?;
        let edition = Cursor { bytes: parts.part(EDITION), at: 0 }.edition().ok_or(FORM.damaged())?;
        Ok(Self(Arc::new(Image { parts, edition })))
    }

    /// The edition whose notes they are.
    pub fn edition(&self) -> &Edition {
        &self.0.edition
    }

    /// How many bytes they take, all included.
    pub fn size(&self) -> usize {
        self.0.parts.size()
    }

    /// The notes that hold for a code, as FHIR writes it: its own, then those of each header above it, then those of the blocks.
    pub fn of(&self, code: &str) -> impl Iterator<Item = Note<'_>> {
        let code = packed(code).unwrap_or_default();
        let own = (1..=8).rev().filter_map(move |length| self.at_code(prefix(code, length)?));
        let starts = self.part(BLOCKS).as_chunks::<BLOCK>().0.iter().rev();
        own.chain(starts.filter_map(move |block| at_block(block, code))).flat_map(|place| self.at(place))
    }

    /// The seventh characters that a code can take, with their meaning: those of the nearest header that defines any.
    pub fn seventh_characters(&self, code: &str) -> Vec<(char, String)> {
        let mut defined = self.of(code).filter(|note| note.kind == NoteKind::SeventhCharacter).peekable();
        let nearest = defined.peek().map(|note| note.stands_at);
        let same = defined.take_while(|note| Some(note.stands_at) == nearest);
        same.filter_map(|note| {
            let text = note.text();
            let (character, meaning) = text.split_once(' ')?;
            Some((character.chars().next()?, meaning.to_owned()))
        })
        .collect()
    }

    /// Where the notes of a code itself stand.
    fn at_code(&self, code: u64) -> Option<(StandsAt, usize, usize)> {
        let codes = self.part(CODES).as_chunks::<8>().0;
        let index = codes.binary_search_by_key(&code, |bytes| u64::from_le_bytes(*bytes)).ok()?;
        let bounds = (u32_at(self.part(STARTS), index)?, u32_at(self.part(STARTS), index + 1)?);
        Some((StandsAt::Code(code), bounds.0, bounds.1))
    }

    fn at(&self, (stands_at, start, end): (StandsAt, usize, usize)) -> impl Iterator<Item = Note<'_>> {
        let mut rest = self.part(NOTES).get(start..end).unwrap_or_default();
        std::iter::from_fn(move || self.note(stands_at, &mut rest))
    }

    fn note<'n>(&'n self, stands_at: StandsAt, rest: &mut &'n [u8]) -> Option<Note<'n>> {
        let (flags, after) = rest.split_first()?;
        *rest = after;
        let kind = NoteKind::ALL.get(usize::from(flags & 0xF)).copied()?;
        let text = number(rest)?;
        let heading = if flags & HAS_HEADING != 0 { Some(number(rest)?) } else { None };
        let count = number(rest)?;
        let references = *rest;
        for _ in 0..count {
            number(rest)?;
        }
        let references = references.get(..references.len() - rest.len())?;
        let (opens, understood) = (flags & OPENS != 0, flags & UNDERSTOOD != 0);
        Some(Note { notes: self, stands_at, kind, opens, understood, text, heading, references })
    }

    fn text(&self, start: usize) -> String {
        let words = self.part(WORDS);
        let count = u32_at(words, 0).unwrap_or_default();
        let both = words.get(4..).and_then(|words| words.split_at_checked(count.checked_add(1)?.checked_mul(4)?));
        let (ends, words) = both.unwrap_or_default();
        let text = self.part(TEXTS).get(start..).unwrap_or_default();
        words_of(text, ends, words).collect::<Vec<_>>().join(" ")
    }

    /// Whether a reference, by its number, covers a code.
    fn covers(&self, reference: usize, code: u64) -> bool {
        let reference = self.part(REFERENCES).as_chunks::<REFERENCE>().0.get(reference);
        reference.is_some_and(|reference| {
            let ends = u64_at(reference, 0).zip(u64_at(reference, 1));
            let condition = u32_at(reference, 4).unwrap_or(usize::MAX);
            ends.is_some_and(|(first, last)| (first..=last).contains(&code)) && self.fulfils(condition, code)
        })
    }

    fn fulfils(&self, condition: usize, code: u64) -> bool {
        let Some(index) = condition.checked_sub(1) else { return true };
        let Some(condition) = self.part(CONDITIONS).as_chunks::<CONDITION>().0.get(index) else { return false };
        let characters = code.to_be_bytes();
        let length = characters.iter().position(|byte| *byte == 0).unwrap_or(characters.len());
        let code = characters.get(..length).unwrap_or_default();
        let mut rules = condition.as_chunks::<RULE>().0.iter().map(|rule| {
            let (places, characters) = rule.split_at(2);
            Rule { places: little_endian(places) as u16, characters: little_endian(characters) }
        });
        rules.all(|rule| rule.places == 0 || rule.holds(code))
    }

    fn part(&self, index: usize) -> &[u8] {
        self.0.parts.part(index)
    }
}

/// The flags of a note.
const OPENS: u8 = 1 << 4;
const UNDERSTOOD: u8 = 1 << 5;
const HAS_HEADING: u8 = 1 << 6;

impl NoteKind {
    /// By their numbers.
    const ALL: [Self; 9] = [
        Self::Inclusion,
        Self::Includes,
        Self::Excludes1,
        Self::Excludes2,
        Self::CodeFirst,
        Self::UseAdditional,
        Self::CodeAlso,
        Self::SeventhCharacter,
        Self::Note,
    ];

    /// The words that the list prints before such notes.
    pub fn label(self) -> &'static str {
        match self {
            Self::Inclusion => "Inclusion term",
            Self::Includes => "Includes",
            Self::Excludes1 => "Excludes1",
            Self::Excludes2 => "Excludes2",
            Self::CodeFirst => "Code first",
            Self::UseAdditional => "Use additional",
            Self::CodeAlso => "Code also",
            Self::SeventhCharacter => "Seventh character",
            Self::Note => "Note",
        }
    }
}

impl<'n> Note<'n> {
    /// What kind of note it is.
    pub fn kind(self) -> NoteKind {
        self.kind
    }

    /// Its text, as the list prints it.
    pub fn text(self) -> String {
        self.notes.text(self.text)
    }

    /// The line that introduces it and its neighbours, such as "underlying disease, such as:".
    pub fn heading(self) -> Option<String> {
        self.heading.map(|start| self.notes.text(start))
    }

    /// The code, header or block it stands at, as the list names it: `E11.9`, `E08-E13`, `Chapter 4`.
    pub fn place(self) -> String {
        match self.stands_at {
            StandsAt::Code(code) => dotted(code),
            StandsAt::Block(name) => self.notes.text(name),
        }
    }

    /// Whether it stands at a whole block of the list.
    pub fn is_of_block(self) -> bool {
        matches!(self.stands_at, StandsAt::Block(_))
    }

    /// Whether it names a code, itself or among a range, and the code has what the note demands of its characters.
    pub fn covers(self, code: &str) -> bool {
        packed(code).is_some_and(|code| self.references().any(|reference| self.notes.covers(reference, code)))
    }

    /// Whether it names any code at all.
    pub fn names_codes(self) -> bool {
        !self.references.is_empty()
    }

    /// Whether everything in it that looks like a code was understood. If not, it may mean more codes than it is known to cover.
    pub fn is_understood(self) -> bool {
        self.understood
    }

    /// Whether it is the first of its paragraph: the notes up to the next such one belong together.
    pub fn opens_paragraph(self) -> bool {
        self.opens
    }

    fn references(self) -> impl Iterator<Item = usize> {
        let mut rest = self.references;
        std::iter::from_fn(move || number(&mut rest))
    }
}

/// As the list prints it: the kind, the heading if there is one, the text.
impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.kind.label())?;
        if let Some(heading) = self.heading() {
            write!(f, "{heading} ")?;
        }
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self, self.place())
    }
}

impl PartialEq for Note<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place() && self.kind == other.kind && self.text() == other.text()
    }
}

impl Eq for Note<'_> {}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notes").field("edition", &self.edition().label).finish_non_exhaustive()
    }
}

fn at_block(block: &[u8; BLOCK], code: u64) -> Option<(StandsAt, usize, usize)> {
    let holds = u64_at(block, 0)? <= code && code <= u64_at(block, 1)?;
    holds.then_some((StandsAt::Block(u32_at(block, 6)?), u32_at(block, 4)?, u32_at(block, 5)?))
}

/// A code as a number, with its dot or without. `None` if it is longer than seven characters or holds others than its own.
fn packed(code: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    let mut places = bytes.iter_mut().take(7);
    for byte in code.bytes().filter(|byte| *byte != b'.') {
        *places.next()? = Some(byte).filter(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
    }
    Some(u64::from_be_bytes(bytes)).filter(|code| *code != 0)
}

/// The first characters of a code, if it has so many.
fn prefix(code: u64, length: u32) -> Option<u64> {
    let shift = 64u32.checked_sub(8 * length)?;
    let prefix = code.checked_shr(shift)? << shift;
    (code >> shift & 0xFF != 0).then_some(prefix)
}

/// The last code that can stand under one.
fn filled(code: u64) -> u64 {
    code | u64::MAX.checked_shr(64 - code.trailing_zeros() / 8 * 8).unwrap_or(0)
}

fn dotted(code: u64) -> String {
    let text: String = code.to_be_bytes().iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    match text.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
        _ => text,
    }
}
