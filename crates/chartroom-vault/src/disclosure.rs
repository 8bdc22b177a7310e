//! From a decision to a disclosure: nothing is opened that is not on the trail.

use std::fmt;

use chartroom_access::{BreakGlass, Decision, Glass, Obligation, Obligations, Reason, Relationship};
use chartroom_audit::event::{Action, Agent, Event, Exclusion, Kind, Outcome, Reason as Because, RecordReference};
use chartroom_audit::{Receipt, TrailError};
use chartroom_record::ClassSet;
use chartroom_seal::RecordKey;
use chrono::{DateTime, TimeDelta, Utc};
use rand_core::CryptoRng;

use crate::record::SealedRecord;
use crate::{VaultError, entry};

/// A decision about one version of one sealed record. Only [`Vault::rule`](crate::Vault::rule) makes one, from the facts sealed with it.
///
/// It tells nothing, not even whether anything was granted: what a policy says of a record tells of the record, so it is told when
/// the trail has it, by the [`Disclosure`] or the [`Denial`].
#[must_use = "a ruling tells and opens nothing until it is disclosed"]
pub struct Ruling {
    decision: Decision,
    record: Bound,
    /// Opens that record, and is wiped with the ruling.
    key: RecordKey,
    event: Event,
}

/// What ties a ruling to one sealed record: the commitment is new with every sealing.
struct Bound {
    id: crate::RecordId,
    version: u64,
    resource_type: Box<str>,
    patient: crate::RecordId,
    commitment: [u8; 32],
}

impl Bound {
    fn to(record: &SealedRecord) -> Self {
        Self {
            id: record.id,
            version: record.version,
            resource_type: record.resource_type.clone(),
            patient: record.patient,
            commitment: record.derivation.commitment,
        }
    }

    fn is_to(&self, record: &SealedRecord) -> bool {
        let Self { id, version, resource_type, patient, commitment } = self;
        (*id, *version, *patient) == (record.id, record.version, record.patient)
            && **resource_type == *record.resource_type
            && *commitment == record.derivation.commitment
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} version {}", self.resource_type, self.id, self.version)
    }
}

impl Ruling {
    pub(crate) fn new(
        decision: Decision,
        record: &SealedRecord,
        key: RecordKey,
        entry_key: &RecordKey,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, VaultError> {
        let event = entry::seal(&event(&decision, record), entry_key, rng)?;
        Ok(Self { decision, record: Bound::to(record), key, event })
    }

    /// What the trail will say.
    pub(crate) const fn event(&self) -> &Event {
        &self.event
    }

    pub(crate) fn outcome(self, receipt: Receipt) -> Result<Disclosure, Denial> {
        if opens(&self.decision) {
            Ok(Disclosure { decision: self.decision, record: self.record, key: self.key, receipt })
        } else {
            Err(Denial { decision: Box::new(self.decision), receipt })
        }
    }
}

impl fmt::Debug for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ruling").field("record", &self.record).finish_non_exhaustive()
    }
}

/// A decision that stands on the audit trail: the right to open one version of one record, once, and soon.
///
/// Only the vault makes one, and opening consumes it. It can be neither copied nor made.
#[must_use = "it is on record as a disclosure whether or not it is used"]
pub struct Disclosure {
    decision: Decision,
    record: Bound,
    key: RecordKey,
    receipt: Receipt,
}

impl Disclosure {
    /// How long after the request a disclosure is good for.
    pub const VALID: TimeDelta = TimeDelta::minutes(5);

    /// The decision behind it.
    pub const fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Where it stands on the trail.
    pub const fn receipt(&self) -> Receipt {
        self.receipt
    }

    /// What whoever receives it must do. Where the glass was broken, to have the access reviewed is always among it.
    pub fn obligations(&self) -> Obligations {
        obligations(self.decision())
    }

    /// By when someone must have reviewed it, where the glass was broken for it.
    pub fn review_due(&self) -> Option<DateTime<Utc>> {
        review_due(self.decision())
    }

    /// When it can no longer be used. At the end of time, it never can.
    pub fn expires(&self) -> DateTime<Utc> {
        let at = self.decision().request().at;
        at.checked_add_signed(Self::VALID).unwrap_or(at)
    }

    /// The key of the record version it is for.
    pub(crate) const fn key(&self) -> &RecordKey {
        &self.key
    }

    pub(crate) fn is_for(&self, record: &SealedRecord) -> bool {
        self.record.is_to(record)
    }

    /// A clock that went back before the request is no reason to open either.
    pub(crate) fn has_expired(&self, now: DateTime<Utc>) -> bool {
        now >= self.expires() || now < self.decision().request().at
    }

    pub(crate) fn into_parts(self) -> (Decision, Receipt) {
        (self.decision, self.receipt)
    }
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disclosure")
            .field("record", &self.record)
            .field("receipt", &self.receipt)
            .finish_non_exhaustive()
    }
}

/// A request that was refused in full. It is on the trail.
#[derive(Debug)]
pub struct Denial {
    decision: Box<Decision>,
    receipt: Receipt,
}

impl Denial {
    /// The decision, with its reasons.
    pub const fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Where it stands on the trail.
    pub const fn receipt(&self) -> Receipt {
        self.receipt
    }

    /// Why each class was withheld.
    pub fn reasons(&self) -> impl Iterator<Item = Reason<'_>> {
        self.decision().reasons()
    }
}

/// Why there is no disclosure.
#[derive(Debug, thiserror::Error)]
pub enum DiscloseError {
    /// Nothing of the record may be opened: the policy grants nothing, no class whole, or only to write. The request is on the
    /// trail as denied.
    #[error("nothing of the record may be opened")]
    Denied(Denial),
    /// The trail could not take the entry.
    #[error("the audit trail could not be written, so nothing is disclosed")]
    Trail(#[from] TrailError),
}

impl From<Denial> for DiscloseError {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

/// What the policy asks for; and where the glass was broken, always that the access is reviewed.
pub(crate) fn obligations(decision: &Decision) -> Obligations {
    if !opens(decision) {
        return Obligations::NONE;
    }
    let review = broken_glass(decision).map(|_| Obligation::ReviewAccess);
    decision.obligations().union(review.into_iter().collect())
}

pub(crate) fn review_due(decision: &Decision) -> Option<DateTime<Utc>> {
    broken_glass(decision).map(BreakGlass::review_due)
}

/// The broken glass without which the decision would have been another.
fn broken_glass(decision: &Decision) -> Option<&BreakGlass> {
    let opened = opens(decision) && decision.glass() == Glass::Broken;
    decision.request().break_glass.as_ref().filter(|_| opened)
}

/// Whether a record may be opened for it: it grants a class, and not to write. A class is sealed and opened whole, so single
/// elements of one open nothing.
fn opens(decision: &Decision) -> bool {
    decision.request().action.hands_out() && !decision.permitted().is_empty()
}

/// The whole of what there is to say about a decision.
fn event(decision: &Decision, record: &SealedRecord) -> Event {
    let request = decision.request();
    let roles: Vec<_> = request.roles.iter().collect();
    let glass = broken_glass(decision);
    let opened = if opens(decision) { decision.permitted() } else { ClassSet::NONE };
    let kind = match (opens(decision), glass) {
        (false, _) => Kind::Denial,
        (true, Some(_)) => Kind::BreakGlass,
        (true, None) => Kind::Disclosure,
    };
    let agent = Agent::new(request.actor.as_str(), roles.join(" "));
    let mut event = Event::new(request.at, kind, action(request.action), agent);
    if kind == Kind::Denial {
        event.outcome = Outcome::MinorFailure;
    }
    event.patient = Some(record.patient.to_string());
    event.record = Some(RecordReference::new(record.resource_type(), record.id.to_string(), record.version));
    event.purpose = Some(request.purpose.code().to_owned());
    event.exclusion = (request.relationship.at(request.at) == Relationship::Patient).then_some(Exclusion::Individual);
    event.granted = names(opened);
    event.withheld = names(record.classes().without(opened));
    event.reasons = reasons(decision);
    event.obligations = obligations(decision).iter().map(|obligation| obligation.code().to_owned()).collect();
    event.break_glass = glass.map(|glass| glass.reason().to_owned());
    event
}

fn action(action: chartroom_access::Action) -> Action {
    use chartroom_access::Action as Asked;
    match action {
        Asked::Create => Action::Create,
        Asked::Read | Asked::Search => Action::Read,
        Asked::Update => Action::Update,
        Asked::Delete => Action::Delete,
        _ => Action::Execute,
    }
}

fn names(classes: ClassSet) -> Vec<String> {
    classes.iter().map(|class| class.name().to_owned()).collect()
}

/// Each rule behind the decision, once.
fn reasons(decision: &Decision) -> Vec<Because> {
    if decision.is_permitted() && !decision.request().action.hands_out() {
        // What the rules grant is to write, which is no reason here.
        return vec![Because::new("to write is not to read", None)];
    }
    let mut found: Vec<Because> = Vec::new();
    for reason in decision.reasons() {
        let rule = reason.rule_id().unwrap_or("no rule permits it");
        if !found.iter().any(|known| known.rule == rule) {
            found.push(Because::new(rule, reason.citation().map(|citation| citation.source.clone().to_string())));
        }
    }
    found
}
