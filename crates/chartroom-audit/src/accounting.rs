//! The accounting of disclosures: 45 CFR 164.528, with a proof for each line.
//!
//! A patient may ask who received their information in the six years before the request. The law leaves out, among
//! others, disclosures for treatment, payment and operations and those to the patient; [`Scope`] says whether that is
//! wanted. A purpose that is in doubt is accounted for.
//!
//! Each line carries its event and the proof that this event is in the trail, so the patient need not take the
//! list on trust. That no line is missing follows from the trail as a whole, not from the proofs.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::TrailError;
use crate::event::{Event, Exclusion, Recipient};
use crate::merkle::{Head, Inclusion, Nodes, ProofError, prove_inclusion};

/// What an accounting is asked to cover.
#[derive(Clone, PartialEq, Eq)]
pub struct Query<'a> {
    /// The token that stands for the patient.
    pub patient: &'a str,
    /// From the first moment up to, not including, the last.
    pub period: Range<DateTime<Utc>>,
    /// Whether the law's exclusions apply.
    pub scope: Scope,
}

/// Which disclosures are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Those that 45 CFR 164.528 asks for: without those that its paragraph (a)(1) leaves out.
    Law164_528,
    /// Every opening of the patient's records.
    Everything,
}

/// An accounting of disclosures, in the order of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounting {
    /// The head of the trail under which every line is proven.
    pub head: Head,
    /// The disclosures.
    pub lines: Vec<Line>,
}

/// One disclosure: what 45 CFR 164.528(b)(2) asks to be told about it, and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The disclosure as the trail holds it.
    pub event: Event,
    /// The proof that the event is in the trail.
    pub proof: Inclusion,
}

/// A line that is not in the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the accounting is not in the trail")]
pub struct UnprovenLine {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong with its proof.
    #[source]
    pub cause: ProofError,
}

/// Makes an accounting from stored events and nodes. A store may hand over all events, or only those that can match.
///
/// # Errors
///
/// When an event or a node cannot be read.
pub fn account(
    query: &Query<'_>,
    events: impl IntoIterator<Item = Result<(u64, Event), TrailError>>,
    nodes: &(impl Nodes + ?Sized),
    head: Head,
) -> Result<Accounting, TrailError> {
    let mut lines = Vec::new();
    for event in events {
        let (index, event) = event?;
        if query.covers(&event) {
            lines.push(Line { event, proof: prove_inclusion(nodes, index, head.size)? });
        }
    }
    Ok(Accounting { head, lines })
}

impl Query<'_> {
    /// Whether an event belongs into the accounting.
    #[must_use]
    pub fn covers(&self, event: &Event) -> bool {
        let asked_for = event.patient.as_deref() == Some(self.patient) && self.period.contains(&event.recorded);
        let left_out = self.scope == Scope::Law164_528 && exclusion(event).is_some();
        event.discloses() && asked_for && !left_out
    }
}

/// Why the law leaves a disclosure out of an accounting: as the event itself says, else by its purpose of use.
#[must_use]
pub fn exclusion(event: &Event) -> Option<Exclusion> {
    event.exclusion.or_else(|| event.purpose.as_deref().and_then(Exclusion::from_purpose))
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { patient: _, period, scope } = self;
        f.debug_struct("Query").field("period", period).field("scope", scope).finish_non_exhaustive()
    }
}

impl Accounting {
    /// Confirms that every line is in the trail with this head.
    ///
    /// # Errors
    ///
    /// The first line that is not.
    pub fn verify(&self, trusted: &Head) -> Result<(), UnprovenLine> {
        let mut lines = self.lines.iter().zip(1..);
        lines.try_for_each(|(entry, line)| entry.verify(trusted).map_err(|cause| UnprovenLine { line, cause }))
    }
}

impl Line {
    /// When it was disclosed: (b)(2)(i).
    #[must_use]
    pub const fn date(&self) -> DateTime<Utc> {
        self.event.recorded
    }

    /// Who received it: (b)(2)(ii). Where no recipient was recorded, the agent's organization, else the agent.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        let agent = &self.event.agent;
        let own = || Recipient::new(agent.organization.as_ref().unwrap_or(&agent.id));
        self.event.recipient.clone().unwrap_or_else(own)
    }

    /// What was disclosed, briefly: (b)(2)(iii). The type of the record and the classes of information.
    #[must_use]
    pub fn description(&self) -> String {
        let record = self.event.record.as_ref().map_or("record", |record| &record.resource_type);
        format!("{record}: {}", self.event.granted.join(", "))
    }

    /// The purpose: (b)(2)(iv), as an HL7 v3 code.
    #[must_use]
    pub fn purpose(&self) -> Option<&str> {
        self.event.purpose.as_deref()
    }

    /// Confirms that the line is in the trail with this head.
    ///
    /// # Errors
    ///
    /// When it does not follow from the proof.
    pub fn verify(&self, trusted: &Head) -> Result<(), ProofError> {
        let Inclusion { index, size, .. } = self.proof;
        if size != trusted.size {
            return Err(ProofError::Outside { index, size: trusted.size });
        }
        self.proof.verify(&self.event.leaf_hash(), &trusted.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Action, Agent, Kind, RecordReference};
    use crate::{MemoryTrail, Trail};

    const PATIENT: &str = "token-a";

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(day * 86_400, 0).unwrap()
    }

    fn opening(on: i64, purpose: &str) -> Event {
        let mut event = Event::new(day(on), Kind::Disclosure, Action::Read, Agent::new("staff-7", "registrar"));
        event.patient = Some(PATIENT.into());
        event.record = Some(RecordReference::new("Condition", "c-1", 1));
        event.granted = vec!["Clinical".into(), "ServiceDate".into()];
        event.purpose = Some(purpose.into());
        event
    }

    fn trail() -> MemoryTrail {
        let mut other = opening(3, "PUBHLTH");
        other.patient = Some("token-b".into());
        let mut denied = opening(3, "PUBHLTH");
        denied.kind = Kind::Denial;
        let mut authorized = opening(4, "HRESCH");
        authorized.exclusion = Some(Exclusion::Authorization);
        let mut emergency = opening(6, "ETREAT");
        emergency.kind = Kind::BreakGlass;
        let early = opening(0, "PUBHLTH");
        let events = [
            early,
            opening(1, "TREAT"),
            opening(2, "PUBHLTH"),
            other,
            denied,
            authorized,
            opening(5, "HRESCH"),
            emergency,
        ];
        let mut trail = MemoryTrail::new();
        for event in &events {
            trail.append(event).unwrap();
        }
        trail
    }

    fn days_of(scope: Scope) -> Vec<DateTime<Utc>> {
        let query = Query { patient: PATIENT, period: day(1)..day(7), scope };
        trail().accounting(&query).unwrap().lines.iter().map(Line::date).collect()
    }

    #[test]
    fn the_law_leaves_out_what_it_names() {
        assert_eq!(days_of(Scope::Law164_528), [day(2), day(5)]);
        assert_eq!(days_of(Scope::Everything), [day(1), day(2), day(4), day(5), day(6)]);
    }

    #[test]
    fn the_period_excludes_its_end() {
        let query = Query { patient: PATIENT, period: day(2)..day(5), scope: Scope::Law164_528 };
        assert_eq!(trail().accounting(&query).unwrap().lines.len(), 1);
    }

    #[test]
    fn a_line_tells_what_the_law_asks() {
        let query = Query { patient: PATIENT, period: day(2)..day(3), scope: Scope::Law164_528 };
        let mut accounting = trail().accounting(&query).unwrap();
        let line = &mut accounting.lines[0];
        assert_eq!(line.description(), "Condition: Clinical, ServiceDate");
        assert_eq!(line.purpose(), Some("PUBHLTH"));
        assert_eq!(line.recipient().name, "staff-7");
        line.event.agent.organization = Some("State Registry".into());
        assert_eq!(line.recipient().name, "State Registry");
        line.event.recipient = Some(Recipient::new("Cancer Registry"));
        assert_eq!(line.recipient().name, "Cancer Registry");
    }

    #[test]
    fn a_changed_line_is_unproven() {
        let trail = trail();
        let query = Query { patient: PATIENT, period: day(0)..day(9), scope: Scope::Everything };
        let mut accounting = trail.accounting(&query).unwrap();
        let head = trail.head().unwrap();
        accounting.verify(&head).unwrap();
        accounting.lines[2].event.purpose = Some("TREAT".into());
        assert_eq!(accounting.verify(&head).unwrap_err().line, 3);
        assert!(accounting.verify(&Head { size: 3, ..head }).is_err());
    }
}
