//! The worksheet of a breach: whose records, and what of them, someone's openings touched between two times.
//!
//! When an account was misused, 45 CFR 164.402 asks for the nature and extent of the information, and 164.404 for a notice to each
//! patient concerned. What was opened is on the trail; this gathers it by patient. It tells what was opened, not what was read, copied or
//! passed on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::TrailError;
use crate::event::{Event, RecordReference};

/// Whose openings, and when.
#[derive(Clone, PartialEq, Eq)]
pub struct Query<'a> {
    /// The user's identifier, as the trail has it.
    pub actor: &'a str,
    /// From the first moment up to, not including, the last.
    pub period: Range<DateTime<Utc>>,
}

/// What the openings touched, by patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worksheet {
    /// Each patient once, in the order of their tokens.
    pub patients: Vec<Touched>,
}

/// What the openings touched of one patient.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Touched {
    /// The token that stands for the patient; absent where an opening names none. Where charts were merged, a store gives the token that
    /// is left; the entries still name those of before.
    pub patient: Option<String>,
    /// The classes of information that were opened.
    pub classes: BTreeSet<String>,
    /// The record versions that were opened, each once, by type, id and version.
    pub records: Vec<RecordReference>,
    /// The first opening.
    pub first: DateTime<Utc>,
    /// The last opening.
    pub last: DateTime<Utc>,
    /// The entries of the trail that tell of it, in their order. Each can be proven.
    pub entries: Vec<u64>,
}

/// Gathers the worksheet from stored events. A store may hand over all events, or only those that can match.
///
/// # Errors
///
/// When an event cannot be read: then the worksheet would not be whole.
pub fn worksheet(
    query: &Query<'_>,
    events: impl IntoIterator<Item = Result<(u64, Event), TrailError>>,
) -> Result<Worksheet, TrailError> {
    let mut patients = BTreeMap::new();
    for event in events {
        let (index, event) = event?;
        if query.covers(&event) {
            let touched = patients.entry(event.patient.clone()).or_insert_with(|| Touched::before(&event));
            touched.add(index, event);
        }
    }
    Ok(Worksheet { patients: patients.into_values().collect() })
}

impl Query<'_> {
    /// Whether an event belongs on the worksheet.
    #[must_use]
    pub fn covers(&self, event: &Event) -> bool {
        event.discloses() && event.agent.id == self.actor && self.period.contains(&event.recorded)
    }
}

impl Touched {
    fn before(first: &Event) -> Self {
        Self {
            patient: first.patient.clone(),
            classes: BTreeSet::new(),
            records: Vec::new(),
            first: first.recorded,
            last: first.recorded,
            entries: Vec::new(),
        }
    }

    fn add(&mut self, index: u64, event: Event) {
        self.first = self.first.min(event.recorded);
        self.last = self.last.max(event.recorded);
        self.entries.push(index);
        self.classes.extend(event.granted);
        if let Some(record) = event.record
            && let Err(place) = self.records.binary_search_by(|known| known.key().cmp(&record.key()))
        {
            self.records.insert(place, record);
        }
    }
}

impl RecordReference {
    fn key(&self) -> (&str, &str, u64) {
        (&self.resource_type, &self.id, self.version)
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { actor: _, period } = self;
        f.debug_struct("Query").field("period", period).finish_non_exhaustive()
    }
}

impl fmt::Debug for Touched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { patient: _, classes, records, first, last, entries } = self;
        f.debug_struct("Touched")
            .field("classes", classes)
            .field("records", records)
            .field("first", first)
            .field("last", last)
            .field("entries", entries)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Action, Agent, Kind};
    use crate::{MemoryTrail, Trail};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    fn opening(minute: i64, actor: &str, patient: &str, record: u64, classes: &[&str]) -> Event {
        let mut event = Event::new(at(minute), Kind::Disclosure, Action::Read, Agent::new(actor, "nurse"));
        event.patient = Some(patient.into());
        event.record = Some(RecordReference::new("Condition", "c-1", record));
        event.granted = classes.iter().map(|class| (*class).to_owned()).collect();
        event
    }

    fn trail() -> MemoryTrail {
        let mut denied = opening(4, "staff-7", "token-c", 1, &["Clinical"]);
        denied.kind = Kind::Denial;
        let mut emergency = opening(5, "staff-7", "token-b", 1, &["Clinical"]);
        emergency.kind = Kind::BreakGlass;
        let mut trail = MemoryTrail::new();
        for event in [
            opening(0, "staff-7", "token-a", 1, &["Narrative"]),
            opening(1, "staff-7", "token-b", 2, &["Name", "Clinical"]),
            opening(2, "staff-8", "token-d", 1, &["Name"]),
            opening(3, "staff-7", "token-a", 1, &["Name"]),
            denied,
            emergency,
            opening(6, "staff-7", "token-b", 2, &["BirthDate"]),
            opening(9, "staff-7", "token-e", 1, &["Name"]),
        ] {
            trail.append(&event).unwrap();
        }
        trail
    }

    #[test]
    fn each_patient_stands_with_what_was_opened() {
        let query = Query { actor: "staff-7", period: at(1)..at(9) };
        let worksheet = trail().breach(&query).unwrap();
        let [one, other] = &worksheet.patients[..] else { panic!("two patients") };
        assert_eq!((one.patient.as_deref(), &one.entries[..]), (Some("token-a"), &[3][..]));
        assert_eq!(Vec::from_iter(&one.classes), ["Name"]);
        assert_eq!((other.patient.as_deref(), &other.entries[..]), (Some("token-b"), &[1, 5, 6][..]));
        assert_eq!(Vec::from_iter(&other.classes), ["BirthDate", "Clinical", "Name"]);
        assert_eq!(other.records.iter().map(|record| record.version).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((other.first, other.last), (at(1), at(6)));
    }

    #[test]
    fn debug_prints_no_one() {
        let query = Query { actor: "staff-7", period: at(0)..at(9) };
        let printed = format!("{query:?} {:?}", trail().breach(&query).unwrap());
        assert!(!printed.contains("staff-7") && !printed.contains("token-") && !printed.contains("c-1"));
    }

    #[test]
    fn an_entry_that_cannot_be_read_leaves_no_worksheet() {
        let query = Query { actor: "staff-7", period: at(0)..at(9) };
        let failing = [Err(TrailError::storage("disk"))];
        assert!(worksheet(&query, failing).is_err());
    }
}
