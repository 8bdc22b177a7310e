//! From a decision to a disclosure: nothing is opened that is not on the trail.

use std::fmt;

use chartroom_access::{
    BreakGlass, Circumstances, Decision, Effect, Glass, Obligation, Obligations, Policy, Reason, Request,
};
use chartroom_audit::event::{
    Action, Agent, Event, Kind, Outcome, PolicyReference, Reason as Because, RecordReference,
};
use chartroom_audit::{Receipt, Refusal, TrailError};
use chartroom_record::ClassSet;
use chartroom_seal::RecordKey;
use chrono::{DateTime, TimeDelta, Utc};
use rand_core::CryptoRng;

use crate::record::SealedRecord;
use crate::{Release, VaultError, entry};

/// A decision about one version of one sealed record, or about one of its attachments. Only [`Vault::rule`](crate::Vault::rule) and its
/// like make one, from the facts sealed with the record.
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

/// What ties a ruling to one sealed record, to one entry about it, or to one attachment: the commitment is new with every sealing.
pub(crate) struct Bound {
    pub(crate) subject: Subject,
    pub(crate) id: crate::RecordId,
    pub(crate) version: u64,
    pub(crate) resource_type: Box<str>,
    pub(crate) patient: crate::RecordId,
    pub(crate) commitment: [u8; 32],
}

/// What a ruling is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Record,
    /// What is sealed in an entry of the trail.
    Entry,
    /// The attachment of a record with this id.
    Attachment(crate::RecordId),
}

impl Bound {
    pub(crate) fn to(record: &SealedRecord) -> Self {
        Self {
            subject: Subject::Record,
            id: record.id,
            version: record.version,
            resource_type: record.resource_type.clone(),
            patient: record.patient,
            commitment: record.derivation.commitment,
        }
    }

    fn is_to(&self, record: &SealedRecord) -> bool {
        let Self { subject, id, version, resource_type, patient, commitment } = self;
        (*subject, *id, *version, *patient) == (Subject::Record, record.id, record.version, record.patient)
            && **resource_type == *record.resource_type
            && *commitment == record.derivation.commitment
    }

    /// The classes that a decision opens. To write is not to read, and to review is not either. A class is sealed whole, so single
    /// elements of one open nothing; an entry and an attachment are, so they open when nothing of them is withheld.
    fn opened_by(&self, decision: &Decision) -> ClassSet {
        let action = decision.request().action;
        let opens = match self.subject {
            Subject::Record => action.hands_out(),
            Subject::Attachment(_) => action.hands_out() && decision.withheld().is_empty(),
            Subject::Entry => action == chartroom_access::Action::Audit && decision.withheld().is_empty(),
        };
        if opens { decision.permitted() } else { ClassSet::NONE }
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
        record: Bound,
        release: Release<'_>,
        key: RecordKey,
        entry_key: &RecordKey,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, VaultError> {
        let event = entry::seal(&event(&decision, &record, release), entry_key, rng)?;
        Ok(Self { decision, record, key, event })
    }

    /// What the trail will say.
    pub(crate) const fn event(&self) -> &Event {
        &self.event
    }

    /// What becomes of it by what the trail answered. A refusal tells nothing of what was decided.
    pub(crate) fn outcome(self, written: Result<Receipt, Refusal>) -> Result<Disclosure, DiscloseError> {
        let receipt = written?;
        if !self.record.opened_by(&self.decision).is_empty() {
            Ok(Disclosure { decision: self.decision, record: self.record, key: self.key, receipt })
        } else {
            Err(Denial { decision: Box::new(self.decision), receipt }.into())
        }
    }
}

impl fmt::Debug for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ruling").field("record", &self.record).finish_non_exhaustive()
    }
}

/// A decision that stands on the audit trail: the right to open one version of one record, or one attachment, once, and soon.
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
        expires(self.decision().request().at)
    }

    /// The key of the record version it is for.
    pub(crate) const fn key(&self) -> &RecordKey {
        &self.key
    }

    pub(crate) fn is_for(&self, record: &SealedRecord) -> bool {
        self.record.is_to(record)
    }

    pub(crate) fn is_for_entry(&self, commitment: &[u8; 32]) -> bool {
        self.record.subject == Subject::Entry && self.record.commitment == *commitment
    }

    pub(crate) fn is_for_attachment(&self, id: crate::RecordId, commitment: &[u8; 32]) -> bool {
        self.record.subject == Subject::Attachment(id) && self.record.commitment == *commitment
    }

    pub(crate) fn has_expired(&self, now: DateTime<Utc>) -> bool {
        has_expired(self.decision().request().at, now)
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

fn expires(request: DateTime<Utc>) -> DateTime<Utc> {
    request.checked_add_signed(Disclosure::VALID).unwrap_or(request)
}

/// Whether a request of this time is too old to open anything. A clock that went back before it is no reason to open either.
pub(crate) fn has_expired(request: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now >= expires(request) || now < request
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
    /// The patient's key was destroyed, however much of it is in the memory of the program. The refusal is on the trail.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The trail could not take the entry.
    #[error("the audit trail could not be written, so nothing is disclosed")]
    Trail(#[source] TrailError),
}

impl From<Denial> for DiscloseError {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<TrailError> for DiscloseError {
    fn from(error: TrailError) -> Self {
        match error {
            TrailError::Refused(refusal) => Self::Refused(refusal),
            error => Self::Trail(error),
        }
    }
}

/// What the policy asks for; and where the glass was broken, always that the access is reviewed.
pub(crate) fn obligations(decision: &Decision) -> Obligations {
    let review = broken_glass(decision).map(|_| Obligation::ReviewAccess);
    decision.obligations().union(review.into_iter().collect())
}

pub(crate) fn review_due(decision: &Decision) -> Option<DateTime<Utc>> {
    broken_glass(decision).map(BreakGlass::review_due)
}

/// The broken glass without which a decision that opens something would have been another.
fn broken_glass(decision: &Decision) -> Option<&BreakGlass> {
    decision.request().break_glass.as_ref().filter(|_| decision.glass() == Glass::Broken)
}

/// The whole of what there is to say about a decision.
fn event(decision: &Decision, record: &Bound, release: Release<'_>) -> Event {
    let request = decision.request();
    let opened = record.opened_by(decision);
    let glass = broken_glass(decision).filter(|_| !opened.is_empty());
    let kind = match (opened.is_empty(), glass) {
        (true, _) => Kind::Denial,
        (false, Some(_)) => Kind::BreakGlass,
        (false, None) => Kind::Disclosure,
    };
    let mut event = asked(request, kind, request.at);
    if kind == Kind::Denial {
        event.outcome = Outcome::MinorFailure;
    }
    event.patient = Some(record.patient.to_string());
    event.record = Some(RecordReference::new(&*record.resource_type, record.id.to_string(), record.version));
    release.tell(&mut event);
    event.granted = names(opened);
    event.withheld = names(decision.permitted().union(decision.withheld()).without(opened));
    event.reasons = reasons(decision, opened);
    if let Subject::Attachment(id) = record.subject {
        event.reasons.push(which(id));
    }
    let obligations = if opened.is_empty() { Obligations::NONE } else { obligations(decision) };
    event.obligations = obligations.iter().map(|obligation| obligation.code().to_owned()).collect();
    event.break_glass = glass.map(|glass| glass.reason().to_owned());
    event.policy = Some(reference(decision.policy()));
    event.consents = decision.consents().map(|id| format!("Consent/{id}")).collect();
    event
}

/// Which attachment of the record it was.
pub(crate) fn which(attachment: crate::RecordId) -> Because {
    Because::new(format!("attachment {attachment}"), None)
}

/// Who asks, to do what and what for.
pub(crate) fn asked(request: &Request, kind: Kind, at: DateTime<Utc>) -> Event {
    let mut event = Event::new(at, kind, action(request.action), agent_of(request));
    event.purpose = Some(request.purpose.code().to_owned());
    event
}

/// Who asks, for whom, from where and through what, as entries about rulings name them. For entries about what they write.
pub fn agent_of(request: &Request) -> Agent {
    let roles: Vec<_> = request.roles.iter().collect();
    let mut agent = Agent::new(request.actor.as_str(), roles.join(" "));
    if let Some(around) = request.circumstances.as_deref() {
        let Circumstances { organization, place, address, person: _, clearance: _ } = around;
        agent.organization = organization.as_ref().map(ToString::to_string);
        agent.place = place.as_ref().map(ToString::to_string);
        agent.address = address.as_ref().map(ToString::to_string);
    }
    agent.client = request.launch.as_ref().and_then(|launch| launch.client.as_ref()).map(ToString::to_string);
    agent
}

/// How the trail names a policy.
pub(crate) fn reference(policy: &Policy) -> PolicyReference {
    PolicyReference::new(policy.name(), policy.version(), policy.digest().into())
}

pub(crate) fn action(action: chartroom_access::Action) -> Action {
    use chartroom_access::Action as Asked;
    match action {
        Asked::Create => Action::Create,
        Asked::Read | Asked::Search | Asked::Audit => Action::Read,
        Asked::Update => Action::Update,
        Asked::Delete => Action::Delete,
        _ => Action::Execute,
    }
}

pub(crate) fn names(classes: ClassSet) -> Vec<String> {
    classes.iter().map(|class| class.name().to_owned()).collect()
}

/// Each rule behind what became of the request, once. Where nothing is opened, a grant of something else is no reason.
fn reasons(decision: &Decision, opened: ClassSet) -> Vec<Because> {
    let mut found: Vec<Because> = Vec::new();
    for reason in decision.reasons().filter(|reason| !opened.is_empty() || reason.effect != Effect::Granted) {
        let beside_rules = || reason.note.map_or_else(|| "no rule permits it".to_owned(), |note| note.to_string());
        let rule = reason.rule_id().map_or_else(beside_rules, str::to_owned);
        if !found.iter().any(|known| known.rule == rule) {
            found.push(Because::new(rule, reason.citation().map(|citation| citation.source.clone().to_string())));
        }
    }
    if found.is_empty() {
        found.push(Because::new(format!("nothing is opened by {}", decision.request().action), None));
    }
    found
}
