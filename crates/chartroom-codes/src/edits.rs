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

use std::collections::HashMap;
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
    /// Two codes that exclude each other, unless the conditions have nothing to do with one another.
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
    ///
    /// Every code is held against every other, so that the time grows with the square of the number of different codes. An encounter has
    /// some dozens; a caller that takes codes from strangers sets a limit.
    pub fn of(&self, codes: &[&str], on: Option<NaiveDate>, patient: &Patient) -> Vec<Edit> {
        let mut edits = Vec::new();
        let listed: Vec<Listed<'_>> =
            (0..).zip(codes).filter_map(|(index, code)| self.listed(index, code, on, &mut edits)).collect();
        let listed = without_duplicates(listed, &mut edits);
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

    /// Two codes of which either excludes the other. A note speaks for the codes under its place, save those that it names itself. Both
    /// are reported where the conditions have nothing to do with one another, which the chart knows (guidelines, section I.A.12.a).
    fn excludes(&self, listed: &[Listed<'_>], edits: &mut Vec<Edit>) {
        for (one, two) in pairs(listed) {
            let note = self.excluding(one.code, two.code).or_else(|| self.excluding(two.code, one.code));
            if let Some(note) = note {
                edits.push(Edit::of_two(EditKind::Excludes1, Severity::Warning, one, two, Grounds::note(note)));
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

/// Each code where it stands first. Where it stands again, it becomes an edit, and nothing else is said of it.
fn without_duplicates<'c>(listed: Vec<Listed<'c>>, edits: &mut Vec<Edit>) -> Vec<Listed<'c>> {
    let text = "each unique ICD-10-CM diagnosis code may be reported only once for an encounter";
    let (mut places, mut first) = (HashMap::new(), Vec::new());
    for code in listed {
        match places.entry(code.code).or_insert(code.index) {
            index if *index == code.index => first.push(code),
            index => edits.push(Edit {
                kind: EditKind::Duplicate,
                severity: Severity::Error,
                code: code.index,
                other: Some(*index),
                grounds: Grounds::guideline("I.B.12", text),
            }),
        }
    }
    first
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::{NoteRow, NotesBuilder, Place};
    use crate::table::{Edition, Row, TableBuilder};

    fn edition() -> Edition {
        Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None }
    }

    fn edits_of(codes: &[&str], patient: &Patient, rules: &[PatientRule<'_>]) -> Vec<Edit> {
        let row = |(code, title): (&str, &str)| Row { code: code.into(), selectable: true, title: title.into() };
        let rows = [
            ("I10", "Hypertension"),
            ("J449", "Chronic obstructive pulmonary disease"),
            ("H2511", "Cataract, right eye"),
            ("H2512", "Cataract, left eye"),
            ("H2510", "Cataract, unspecified eye"),
            ("Z23", "Encounter for immunization"),
        ];
        let table = TableBuilder::new("urn:icd", "ICD").dot_after(3).edition(edition(), rows.map(row).into());
        let table = Table::from_bytes(table.build().unwrap()).unwrap();
        let note = |code: &str, kind, text: &str| NoteRow {
            place: Place::Code(code.into()),
            kind,
            heading: None,
            text: text.into(),
            opens_paragraph: true,
        };
        let notes = [
            note("I10", NoteKind::Excludes1, "something else (J44.-)"),
            note("Z23", NoteKind::CodeFirst, "any routine childhood examination"),
        ];
        let categories = ["I10", "J44", "H25", "Z23"].map(str::to_owned).into();
        let notes = NotesBuilder::new(edition(), categories, notes.into()).build().unwrap();
        let notes = Notes::from_bytes(notes).unwrap();
        Edits::new(&table, &notes).with_rules(rules).of(codes, None, patient)
    }

    fn kinds(codes: &[&str]) -> Vec<(EditKind, Severity, usize, Option<usize>)> {
        let edits = edits_of(codes, &Patient::default(), &[]);
        edits.into_iter().map(|edit| (edit.kind, edit.severity, edit.code, edit.other)).collect()
    }

    #[test]
    fn a_code_that_stands_again_is_one_edit() {
        let duplicate = |code| (EditKind::Duplicate, Severity::Error, code, Some(1));
        let sides = (EditKind::Laterality, Severity::Warning, 0, Some(1));
        let again = ["H25.10", "H25.11", "H25.11", "H25.11"];
        assert_eq!(kinds(&again), [duplicate(2), duplicate(3), sides]);
        assert_eq!(kinds(&["I10"; 20_000]).len(), 19_999);
    }

    #[test]
    fn what_the_chart_decides_is_a_warning() {
        assert_eq!(kinds(&["I10", "J44.9"]), [(EditKind::Excludes1, Severity::Warning, 0, Some(1))]);
        assert_eq!(kinds(&["Z23"]), [], "a code is wanted first if there is one");
    }

    #[test]
    fn a_rule_reaches_to_all_that_stands_under_its_last_code() {
        let ages = |codes: &[(&str, &str)], code: &str| {
            let from = "2025-10-01".parse().unwrap();
            let rule = PatientRule { citation: "a rule", from, last: None, codes, ages: Some(0..=1), sex: None };
            let patient = Patient { age: Some(70), sex: None };
            edits_of(&[code], &patient, &[rule]).iter().any(|edit| edit.kind == EditKind::Age)
        };
        assert!(ages(&[("A00", "T360")], "I10") && ages(&[("A00", "T360")], "J44.9"));
        assert!(ages(&[("A00", "J44")], "J44.9") && ages(&[("J449", "J4490")], "J44.9"));
        assert!(
            !ages(&[("A00", "I0999")], "I10") && !ages(&[("I101", "T36")], "I10") && !ages(&[("A00", "J43")], "J44.9")
        );
    }
}
