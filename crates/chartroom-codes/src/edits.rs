//! What is wrong with the diagnosis codes of one encounter, taken together, and the official note that says so.
//!
//! ```no_run
//! # fn with(terminology: &chartroom_codes::Table, notes: &chartroom_codes::notes::Notes) {
//! use chartroom_codes::edits::{Edits, Patient};
//!
//! let edits = Edits::new(terminology, notes);
//! let on = "2026-04-01".parse().ok();
//! for edit in edits.of(&["E11.9", "E10.9"], on, &Patient::default()) {
//!     println!("{:?}: {} ({})", edit.severity, edit.kind, edit.grounds);
//! }
//! # }
//! ```
//!
//! Codes are given in the order in which they are reported, the principal or first-listed diagnosis first. Nothing is concluded from a
//! note that names codes in a way that is not understood.

mod companions;
mod laterality;
mod patient;

use std::fmt;

use chrono::NaiveDate;

use crate::notes::{Note, NoteKind, Notes};
use crate::table::Table;
use crate::terminology::Standing;

pub use self::laterality::Laterality;
pub use self::patient::{Patient, PatientRule, Sex};

/// Checks the diagnosis codes of an encounter against one another.
#[derive(Clone, Copy, Debug)]
pub struct Edits<'t> {
    table: &'t Table,
    notes: &'t Notes,
    rules: &'t [PatientRule<'t>],
}

/// Something wrong with the codes of an encounter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What it is.
    pub kind: EditKind,
    /// How sure it is that the codes cannot stay as they are.
    pub severity: Severity,
    /// The index of the code that it is about.
    pub code: usize,
    /// The index of the other code that it is about, if there is one.
    pub other: Option<usize>,
    /// The official note or guideline that it rests on.
    pub grounds: Grounds,
}

/// What can be wrong with the codes of an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditKind {
    /// A header: a more specific code is to be reported.
    Header,
    /// A code that no edition lists, or that of the day does not.
    NotListed,
    /// No edition of the codes or of the notes covers the day, so that nothing can be said.
    NotCovered,
    /// The same code twice.
    Duplicate,
    /// Two codes that exclude each other.
    Excludes1,
    /// A manifestation, or another code that something must stand before, stands first.
    ManifestationFirst,
    /// A code stands before the one that must come first.
    Sequence,
    /// A code that is to be reported with another, and no such code is there.
    MissingCompanion,
    /// Two codes for the same condition that contradict each other on its side.
    Laterality,
    /// A code that is not for a patient of this age.
    Age,
    /// A code that is not for a patient of this sex.
    Sex,
}

/// How sure it is that codes cannot stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Perhaps something is missing.
    Advice,
    /// Probably wrong; the chart decides.
    Warning,
    /// Wrong.
    Error,
}

/// What an edit rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// Where it stands: a code, header or block of the list, or a section of the official guidelines.
    pub place: String,
    /// What it says.
    pub text: String,
}

impl<'t> Edits<'t> {
    /// Checks with these codes and notes, and no rule on age or sex.
    pub fn new(table: &'t Table, notes: &'t Notes) -> Self {
        Self { table, notes, rules: &[] }
    }

    /// Checks age and sex too, by these rules.
    #[must_use]
    pub fn with_rules(self, rules: &'t [PatientRule<'t>]) -> Self {
        Self { rules, ..self }
    }

    /// What is wrong with the codes, written as FHIR writes them, on a day of service; without a day, in the latest
    /// edition. The gravest first.
    pub fn of(&self, codes: &[&str], on: Option<NaiveDate>, patient: &Patient) -> Vec<Edit> {
        let mut edits = Vec::new();
        let listed: Vec<Listed<'_>> =
            (0..).zip(codes).filter_map(|(index, code)| self.listed(index, code, on, &mut edits)).collect();
        self.duplicates(&listed, &mut edits);
        laterality::check(self.table, &listed, &mut edits);
        patient::check(self.rules, &listed, on, patient, &mut edits);
        if self.notes_cover(on) {
            self.excludes(&listed, &mut edits);
            companions::check(self.notes, &listed, &mut edits);
        } else if !listed.is_empty() {
            edits.push(Edit::of_codes(
                EditKind::NotCovered,
                &format!("the notes are those of {}", self.notes.edition().label),
            ));
        }
        edits.sort_by_key(|edit| (std::cmp::Reverse(edit.severity), edit.code, edit.kind));
        edits
    }

    /// A code that can be reported that day; what keeps any other from it becomes an edit.
    fn listed<'c>(
        &self,
        index: usize,
        code: &'c str,
        on: Option<NaiveDate>,
        edits: &mut Vec<Edit>,
    ) -> Option<Listed<'c>> {
        let found = self.table.lookup(code, on);
        let title = found.display.map(|title| title.to_string()).unwrap_or_default();
        let edition = found.edition.map(|edition| edition.label.clone()).unwrap_or_default();
        let (kind, text) = match found.standing {
            Standing::Active => return Some(Listed { index, code, title }),
            Standing::Header => (EditKind::Header, format!("{code} is a header")),
            Standing::Uncovered => (EditKind::NotCovered, "no edition covers the day".to_owned()),
            Standing::Retired { on, .. } => (EditKind::NotListed, format!("{code} is not listed since {on}")),
            Standing::NotYet { from } => (EditKind::NotListed, format!("{code} is listed from {from} on")),
            Standing::Unknown { .. } => (EditKind::NotListed, "not a code of any edition".to_owned()),
        };
        let severity = if kind == EditKind::NotCovered { Severity::Advice } else { Severity::Error };
        edits.push(Edit { kind, severity, code: index, other: None, grounds: Grounds { place: edition, text } });
        None
    }

    fn notes_cover(&self, on: Option<NaiveDate>) -> bool {
        let edition = self.notes.edition();
        on.is_none_or(|day| edition.from <= day && edition.last.is_none_or(|last| day <= last))
    }

    fn duplicates(&self, listed: &[Listed<'_>], edits: &mut Vec<Edit>) {
        for (code, other) in pairs(listed).filter(|(code, other)| code.code == other.code) {
            let text = "each unique ICD-10-CM diagnosis code may be reported only once for an encounter";
            edits.push(Edit::of_two(
                EditKind::Duplicate,
                Severity::Error,
                other,
                code,
                Grounds::guideline("I.B.12", text),
            ));
        }
    }

    /// Two codes of which either excludes the other. A note speaks for the codes under its place, save those that it names itself.
    fn excludes(&self, listed: &[Listed<'_>], edits: &mut Vec<Edit>) {
        for (one, two) in pairs(listed).filter(|(one, two)| one.code != two.code) {
            let note = self.excluding(one.code, two.code).or_else(|| self.excluding(two.code, one.code));
            if let Some(note) = note {
                edits.push(Edit::of_two(EditKind::Excludes1, Severity::Error, one, two, Grounds::note(note)));
            }
        }
    }

    fn excluding(&self, code: &str, other: &str) -> Option<Note<'t>> {
        let mut notes = self.notes.of(code).filter(|note| note.kind() == NoteKind::Excludes1);
        notes.find(|note| note.covers(other) && !note.covers(code))
    }
}

/// A code that can be reported that day, with its place among all.
struct Listed<'c> {
    index: usize,
    code: &'c str,
    title: String,
}

fn pairs<'l, 'c>(listed: &'l [Listed<'c>]) -> impl Iterator<Item = (&'l Listed<'c>, &'l Listed<'c>)> {
    listed.iter().enumerate().flat_map(move |(index, one)| listed.iter().skip(index + 1).map(move |two| (one, two)))
}

impl Edit {
    fn of_codes(kind: EditKind, text: &str) -> Self {
        let grounds = Grounds { place: String::new(), text: text.to_owned() };
        Self { kind, severity: Severity::Advice, code: 0, other: None, grounds }
    }

    fn of_one(kind: EditKind, severity: Severity, code: &Listed<'_>, grounds: Grounds) -> Self {
        Self { kind, severity, code: code.index, other: None, grounds }
    }

    fn of_two(kind: EditKind, severity: Severity, code: &Listed<'_>, other: &Listed<'_>, grounds: Grounds) -> Self {
        Self { kind, severity, code: code.index, other: Some(other.index), grounds }
    }
}

impl Grounds {
    fn note(note: Note<'_>) -> Self {
        Self { place: note.place(), text: note.to_string() }
    }

    /// A section of the ICD-10-CM Official Guidelines for Coding and Reporting.
    fn guideline(section: &str, text: &str) -> Self {
        Self { place: format!("ICD-10-CM Official Guidelines, section {section}"), text: text.to_owned() }
    }
}

impl fmt::Display for Grounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.text) } else { write!(f, "{}: {}", self.place, self.text) }
    }
}

impl fmt::Display for EditKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "a header, where a code is wanted",
            Self::NotListed => "not a code on that day",
            Self::NotCovered => "nothing is known of that day",
            Self::Duplicate => "the same code twice",
            Self::Excludes1 => "codes that exclude each other",
            Self::ManifestationFirst => "stands first, where another must stand before it",
            Self::Sequence => "stands before the code that must come first",
            Self::MissingCompanion => "reported without the code that goes with it",
            Self::Laterality => "contradicts another code on the side",
            Self::Age => "not for a patient of this age",
            Self::Sex => "not for a patient of this sex",
        })
    }
}
