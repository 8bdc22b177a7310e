//! The accounting of disclosures: 45 CFR 164.528, with a proof for each line.
//!
//! A patient may ask who received their information in the six years before the request. The law leaves out, among
//! others, disclosures for treatment, payment and operations and those to the patient; [`Scope`] says whether that is
//! wanted. A purpose that is in doubt is accounted for.
//!
//! Two things of the law are not here: disclosures from before its compliance date ((a)(1)(ix), none of which is in a trail), and the
//! shorter form for research on 50 individuals or more ((b)(4)).
//!
//! Disclosures to one recipient for one purpose may be told as a [`Series`], and what an agency has asked to be kept back for a time
//! is left out by [`Accounting::without`].
//!
//! Each line carries its event and the proof that this event is in the trail, so the patient need not take the
//! list on trust. That no line is missing follows from the trail as a whole, not from the proofs.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Months, TimeDelta, Utc};

use crate::TrailError;
use crate::event::{Event, Exclusion, Recipient};
use crate::merkle::{Head, Inclusion, Nodes, ProofError, prove_inclusion};

/// What an accounting is asked to cover.
#[derive(Clone, PartialEq, Eq)]
pub struct Query<'a> {
    /// The token that stands for the patient. Where another was merged into the patient, a trail does not know it, but a store does:
    /// `Store::accounting` asks for both.
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

/// The six years before a request, for which an accounting may be asked: (a)(1).
#[must_use]
pub fn six_years_before(request: DateTime<Utc>) -> Range<DateTime<Utc>> {
    request.checked_sub_months(Months::new(6 * 12)).unwrap_or(DateTime::<Utc>::MIN_UTC)..request
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

/// Why the law leaves a disclosure out of an accounting: as the event itself says, else by its purpose of use. What goes to someone
/// else at the patient's request does not go to the patient: it is left out by an authorization alone, which the event must name.
#[must_use]
pub fn exclusion(event: &Event) -> Option<Exclusion> {
    let by_purpose = event.purpose.as_deref().and_then(Exclusion::from_purpose);
    event.exclusion.or(by_purpose.filter(|it| *it != Exclusion::Individual || event.recipient.is_none()))
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { patient: _, period, scope } = self;
        f.debug_struct("Query").field("period", period).field("scope", scope).finish_non_exhaustive()
    }
}

/// Several disclosures to one recipient for one purpose, which may be told together: (b)(3). One alone is a series too. The law
/// allows it for disclosures to the Secretary (164.502(a)(2)(ii)) and for those of 164.512; whether a purpose is one of these, the
/// house knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series<'a> {
    /// The disclosures, in the order of the accounting. The earliest is told in full; each has its proof.
    pub lines: Vec<&'a Line>,
}

/// What a health oversight agency or law enforcement official said: that an accounting of the disclosures to it would be likely to
/// impede its activities (164.528(a)(2)). Until then the patient is not told of them, nor that there is something to be told. The
/// statement itself, with who made it, is for the house to keep.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Suspension<'a> {
    agency: &'a str,
    until: DateTime<Utc>,
}

impl<'a> Suspension<'a> {
    /// The longest that a statement made orally counts, without a written one: (a)(2)(ii)(C).
    pub const ORAL: TimeDelta = TimeDelta::days(30);

    /// A written statement of an agency, by the name under which disclosures name it as their [recipient](Line::recipient), for the
    /// time that it specifies.
    #[must_use]
    pub const fn written(agency: &'a str, until: DateTime<Utc>) -> Self {
        Self { agency, until }
    }

    /// A statement that was made orally at this time: it counts for the time that it specifies, and for 30 days at most.
    #[must_use]
    pub fn oral(agency: &'a str, made: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        let longest = made.checked_add_signed(Self::ORAL).unwrap_or(made);
        Self { agency, until: until.min(longest) }
    }

    /// Whether a line is kept back at a time.
    #[must_use]
    pub fn covers(&self, line: &Line, at: DateTime<Utc>) -> bool {
        at < self.until && line.recipient().name == self.agency
    }
}

impl fmt::Debug for Suspension<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { agency: _, until } = self;
        f.debug_struct("Suspension").field("until", until).finish_non_exhaustive()
    }
}

impl Accounting {
    /// The accounting as it may be given at a time: without the lines that are suspended then.
    #[must_use]
    pub fn without(mut self, suspensions: &[Suspension<'_>], at: DateTime<Utc>) -> Self {
        self.lines.retain(|line| !suspensions.iter().any(|suspension| suspension.covers(line, at)));
        self
    }

    /// The lines by recipient and purpose, each series at the place of its first line. A disclosure without a purpose is told alone.
    #[must_use]
    pub fn series(&self) -> Vec<Series<'_>> {
        let mut all: Vec<Series<'_>> = Vec::new();
        for line in &self.lines {
            match all.iter_mut().find(|series| series.takes(line)) {
                Some(series) => series.lines.push(line),
                None => all.push(Series { lines: vec![line] }),
            }
        }
        all
    }

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

impl Series<'_> {
    /// What is told in full: (b)(3)(i).
    #[must_use]
    pub fn first(&self) -> Option<&Line> {
        self.lines.iter().copied().min_by_key(|line| line.date())
    }

    /// How many disclosures there were in the period: (b)(3)(ii).
    #[must_use]
    pub const fn number(&self) -> usize {
        self.lines.len()
    }

    /// When the last of them was made: (b)(3)(iii).
    #[must_use]
    pub fn last(&self) -> Option<DateTime<Utc>> {
        self.lines.iter().map(|line| line.date()).max()
    }

    fn takes(&self, line: &Line) -> bool {
        let told = (line.recipient(), line.purpose());
        self.lines.first().is_some_and(|first| told.1.is_some() && (first.recipient(), first.purpose()) == told)
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
        self.proof.verify_under(&self.event.leaf_hash(), trusted)
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
    fn what_goes_to_someone_else_at_the_patients_request_is_told() {
        let own = opening(1, "PATRQT");
        let mut attorneys = opening(2, "PATRQT");
        attorneys.recipient = Some(Recipient::new("Dunmore and Vale, attorneys"));
        let mut authorized = attorneys.clone();
        authorized.exclusion = Some(Exclusion::Authorization);
        let exclusions = [own, attorneys, authorized].map(|event| exclusion(&event));
        assert_eq!(exclusions, [Some(Exclusion::Individual), None, Some(Exclusion::Authorization)]);
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

    /// An accounting of openings for a registry (R), the police (P) and a court (C), day by day.
    fn accounting_of(recipients: &str) -> Accounting {
        let mut trail = MemoryTrail::new();
        for (on, letter) in (0..).zip(recipients.chars()) {
            let (name, purpose) = match letter {
                'R' => ("State Registry", Some("PUBHLTH")),
                'r' => ("State Registry", Some("HRESCH")),
                'P' => ("State Police", Some("HLEGAL")),
                _ => ("County Court", None),
            };
            let mut event = opening(on, "");
            (event.recipient, event.purpose) = (Some(Recipient::new(name)), purpose.map(str::to_owned));
            trail.append(&event).unwrap();
        }
        let query = Query { patient: PATIENT, period: day(0)..day(99), scope: Scope::Law164_528 };
        trail.accounting(&query).unwrap()
    }

    #[test]
    fn disclosures_to_one_for_one_purpose_are_a_series() {
        let accounting = accounting_of("RPRrCRC");
        let told: Vec<_> = accounting
            .series()
            .iter()
            .map(|series| (series.first().unwrap().date(), series.number(), series.last().unwrap()))
            .collect();
        // The registry three times for one purpose and once for another, the police once; the court never said what for.
        let alone = |on| (day(on), 1, day(on));
        assert_eq!(told, [(day(0), 3, day(5)), alone(1), alone(3), alone(4), alone(6)]);
        accounting.verify(&accounting.head).unwrap();
        // A clock that was set back puts a later disclosure first on the trail.
        let mut backwards = accounting_of("RR");
        backwards.lines.reverse();
        let dates: Vec<_> = backwards.series().iter().map(|all| (all.first().map(Line::date), all.last())).collect();
        assert_eq!(dates, [(Some(day(0)), Some(day(1)))]);
    }

    #[test]
    fn what_an_agency_asks_to_keep_back_is_left_out_for_its_time() {
        let days = |suspension: Suspension<'_>, at| {
            let accounting = accounting_of("RPRP").without(&[suspension], at);
            accounting.verify(&accounting.head).unwrap();
            accounting.lines.iter().map(Line::date).collect::<Vec<_>>()
        };
        let (all, kept_back) = (vec![day(0), day(1), day(2), day(3)], vec![day(0), day(2)]);
        let written = Suspension::written("State Police", day(400));
        assert_eq!(days(written, day(399)), kept_back);
        assert_eq!(days(written, day(400)), all);
        let oral = Suspension::oral("State Police", day(10), day(400));
        assert_eq!(days(oral, day(39)), kept_back);
        assert_eq!(days(oral, day(40)), all, "thirty days and no more");
        let short = Suspension::oral("State Police", day(10), day(12));
        assert_eq!(days(short, day(12)), all);
        assert!(!format!("{oral:?}").contains("Police"));
    }

    #[test]
    fn six_years_are_years_of_the_calendar() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let period = six_years_before(at("2026-03-01T09:00:00Z"));
        assert_eq!(period, at("2020-03-01T09:00:00Z")..at("2026-03-01T09:00:00Z"));
        assert_eq!(six_years_before(at("2028-02-29T00:00:00Z")).start, at("2022-02-28T00:00:00Z"));
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
