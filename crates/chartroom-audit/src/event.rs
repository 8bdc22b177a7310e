//! One line of the trail, shaped like FHIR `AuditEvent`, and its canonical bytes.
//!
//! An event names people only by identifiers that the caller chose: a patient by a token, a user by an id. `Debug`
//! prints neither these nor the reason of a broken glass, nor the rules and obligations behind it, which tell what a record is about.

mod encoding;

use std::fmt;

use chrono::{DateTime, Utc};

use crate::merkle::{Hash, leaf_hash};

pub use encoding::{DecodeError, Fault};

/// One line of the trail: who did what to which record, when, why, and with what outcome.
///
/// Made by [`Event::new`]; whatever else is known is set on its fields.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When it was recorded (`AuditEvent.recorded`).
    pub recorded: DateTime<Utc>,
    /// What kind of event it is (`AuditEvent.type`).
    pub kind: Kind,
    /// What was done to the record (`AuditEvent.action`).
    pub action: Action,
    /// How it ended (`AuditEvent.outcome`).
    pub outcome: Outcome,
    /// Who did it (`AuditEvent.agent`).
    pub agent: Agent,
    /// Who received the information, when not the agent's own organization.
    pub recipient: Option<Recipient>,
    /// The token that stands for the patient.
    pub patient: Option<String>,
    /// The record that was opened, written or refused (`AuditEvent.entity`).
    pub record: Option<RecordReference>,
    /// The purpose of use, as an HL7 v3 `PurposeOfUse` code such as `TREAT`.
    pub purpose: Option<String>,
    /// Why the event is left out of an accounting of disclosures, where that is known better than by its purpose.
    pub exclusion: Option<Exclusion>,
    /// The classes of information that were granted.
    pub granted: Vec<String>,
    /// The classes of information that were withheld.
    pub withheld: Vec<String>,
    /// The rules behind the decision.
    pub reasons: Vec<Reason>,
    /// What the agent must do or refrain from.
    pub obligations: Vec<String>,
    /// The reason that was given for breaking the glass.
    pub break_glass: Option<String>,
    /// The hash, as of a leaf, of the bytes that were stored, where the event wrote a record.
    pub stored: Option<Hash>,
    /// The whole event, sealed for whoever may read what is left out here: reasons, obligations, consents, the reason of a broken
    /// glass.
    pub sealed: Option<Vec<u8>>,
    /// What the record that was written is found by: a hash over the search tokens stored with that version. Where it is told, a token
    /// that was taken away or added since is noticed. Whoever stores the tokens makes it, and says of what; this crate only keeps it.
    /// It outlives tokens that are deleted, and these are short enough to be guessed from it, unless something random was hashed with
    /// them and is deleted with them.
    pub found_by: Option<Hash>,
    /// The policy that decided, or that was brought into use or taken out of it.
    pub policy: Option<PolicyReference>,
    /// The consents of the patient that took part in the decision, as references such as `Consent/7`.
    pub consents: Vec<String>,
}

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Kind {
    /// A record, or part of it, was opened for someone.
    Disclosure = 1,
    /// A record was opened under an emergency override.
    BreakGlass = 2,
    /// A request was refused.
    Denial = 3,
    /// A record was written.
    Write = 4,
    /// A patient's key was destroyed.
    KeyDestruction = 5,
    /// A key was replaced.
    KeyRotation = 6,
    /// A policy was brought into use, or, where the action is to delete, taken out of it.
    PolicyChange = 7,
    /// A patient's key was put under a legal hold, or released from it.
    Hold = 8,
    /// A patient was merged into another. Two entries tell of one merge, told apart by the action: *execute*, that records of the one are
    /// to be sealed for the other, before any is; *update*, that the merge is done, by whoever keeps the records.
    Merge = 9,
    /// Records were looked for by what an index tells of them, or by anything else that shows none of them.
    Search = 10,
}

/// What was done, by the codes of FHIR's `audit-event-action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// C: made something new.
    Create = b'C',
    /// R: read, viewed or printed.
    Read = b'R',
    /// U: changed.
    Update = b'U',
    /// D: deleted.
    Delete = b'D',
    /// E: executed.
    Execute = b'E',
}

/// How the event ended, by the codes of FHIR's `audit-event-outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// 0: it succeeded.
    Success = 0,
    /// 4: it was refused or failed in a way that the agent can repair.
    MinorFailure = 4,
    /// 8: it failed.
    SeriousFailure = 8,
    /// 12: it failed, and the system cannot go on.
    MajorFailure = 12,
}

/// Why a disclosure is left out of an accounting: 45 CFR 164.528(a)(1), as amended by 67 FR 53271
/// of 2002-08-14.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exclusion {
    /// (i): to treat the patient.
    Treatment = 1,
    /// (i): for payment.
    Payment = 2,
    /// (i): for health care operations.
    Operations = 3,
    /// (ii): to the individual.
    Individual = 4,
    /// (iii): incident to a permitted use or disclosure.
    Incidental = 5,
    /// (iv): under the individual's authorization.
    Authorization = 6,
    /// (v): for the facility's directory, or to persons involved in the individual's care.
    Directory = 7,
    /// (vi): for national security or intelligence.
    NationalSecurity = 8,
    /// (vii): to correctional institutions or law enforcement officials who have custody.
    Custody = 9,
    /// (viii): as part of a limited data set.
    LimitedDataSet = 10,
    /// Not a disclosure at all: a use inside the entity that holds the record (45 CFR 160.103).
    InternalUse = 11,
}

/// Who did it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agent {
    /// The user's identifier. Not printed by `Debug`, since the user may be the patient.
    pub id: String,
    /// The role in which the user acted.
    pub role: String,
    /// The organization for which the user acted.
    pub organization: Option<String>,
    /// Where the user was, by the name that the house has for the place (`AuditEvent.agent.location`).
    pub place: Option<String>,
    /// Where in the network the request came from: the address or the name of the machine (`AuditEvent.agent.network`). Not printed by
    /// `Debug`, since it may be the patient's own.
    pub address: Option<String>,
    /// The program through which the user acted, such as the `client_id` of SMART App Launch.
    pub client: Option<String>,
}

/// Who received the information: what 45 CFR 164.528(b)(2)(ii) asks to be told.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recipient {
    /// The name of the entity or person.
    pub name: String,
    /// The address, if known.
    pub address: Option<String>,
}

/// One version of one record.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordReference {
    /// The resource type, such as `Condition`.
    pub resource_type: String,
    /// The record's id.
    pub id: String,
    /// The record's version.
    pub version: u64,
}

/// A policy, by what people call it and by what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PolicyReference {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The hash of what it says, so that no other policy goes by its name and version.
    pub digest: Hash,
}

/// A rule that took part in the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// The law or house rule that it rests on.
    pub citation: Option<String>,
}

impl Event {
    /// An event that succeeded, with nothing more known about it.
    #[must_use]
    pub const fn new(recorded: DateTime<Utc>, kind: Kind, action: Action, agent: Agent) -> Self {
        Self {
            recorded,
            kind,
            action,
            outcome: Outcome::Success,
            agent,
            recipient: None,
            patient: None,
            record: None,
            purpose: None,
            exclusion: None,
            granted: Vec::new(),
            withheld: Vec::new(),
            reasons: Vec::new(),
            obligations: Vec::new(),
            break_glass: None,
            stored: None,
            sealed: None,
            found_by: None,
            policy: None,
            consents: Vec::new(),
        }
    }

    /// The canonical bytes: the leaf of the trail. Different events have different bytes.
    ///
    /// Format 3, in this order. Format 2 is the same without the parts marked 3, and format 1 without those marked 2 as well. An event
    /// is written in the lowest format that has all that is known of it, and in no other. *number*: LEB128, in its shortest form.
    /// *text*: a number of bytes, then UTF-8. *list*: a number of items, then the items. *option*: `00`, or `01` and the value.
    ///
    /// | part | form |
    /// |---|---|
    /// | format | byte `01`, `02` or `03` |
    /// | recorded | seconds since 1970 as 8 bytes, nanoseconds as 4 bytes, both big-endian |
    /// | kind, action, outcome | a byte each: the discriminant |
    /// | agent | text id, text role, option text organization |
    /// | recipient | option of: text name, option text address |
    /// | patient | option text |
    /// | record | option of: text resource type, text id, number version |
    /// | purpose | option text |
    /// | exclusion | option byte: the discriminant |
    /// | granted, withheld | list of text each |
    /// | reasons | list of: text rule, option text citation |
    /// | obligations | list of text |
    /// | break-glass reason | option text |
    /// | stored (2) | option 32 bytes |
    /// | sealed (2) | option of: a number of bytes, then bytes |
    /// | found by (3) | option 32 bytes |
    /// | place, address, client of the agent (3) | option text each |
    /// | policy (3) | option of: text name, text version, 32 bytes digest |
    /// | consents (3) | list of text |
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encoding::encode(self)
    }

    /// Reads canonical bytes back.
    ///
    /// # Errors
    ///
    /// When the bytes are not exactly what [`to_bytes`](Self::to_bytes) writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        encoding::decode(bytes)
    }

    /// The hash of the canonical bytes as a leaf of the trail.
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.to_bytes())
    }

    /// Whether information left the vault: a record was opened, and nothing says that it failed.
    #[must_use]
    pub const fn discloses(&self) -> bool {
        let opened = matches!(self.kind, Kind::Disclosure | Kind::BreakGlass);
        opened && matches!(self.outcome, Outcome::Success | Outcome::MinorFailure)
    }
}

impl Exclusion {
    /// The exclusion that a purpose of use (HL7 v3) leaves no doubt about. A code that is not listed here has none, so
    /// it is accounted for.
    #[must_use]
    pub fn from_purpose(code: &str) -> Option<Self> {
        match code {
            "TREAT" | "ETREAT" | "BTG" | "ERTREAT" | "COC" => Some(Self::Treatment),
            "HPAYMT" | "CLMATTCH" | "COVAUTH" | "COVERAGE" | "ELIGDTRM" | "ELIGVER" | "ENROLLM" | "REMITADV" => {
                Some(Self::Payment)
            }
            "HOPERAT" | "CAREMGT" | "HACCRED" | "HCOMPL" | "HQUALIMP" | "HSYSADMIN" | "PATADMIN" | "PATSFTY"
            | "PERFMSR" | "RECORDMGT" | "TRAIN" => Some(Self::Operations),
            "PATRQT" => Some(Self::Individual),
            "HDIRECT" => Some(Self::Directory),
            _ => None,
        }
    }

    /// Where the law says so.
    #[must_use]
    pub const fn citation(self) -> &'static str {
        match self {
            Self::Treatment | Self::Payment | Self::Operations => "45 CFR 164.528(a)(1)(i)",
            Self::Individual => "45 CFR 164.528(a)(1)(ii)",
            Self::Incidental => "45 CFR 164.528(a)(1)(iii)",
            Self::Authorization => "45 CFR 164.528(a)(1)(iv)",
            Self::Directory => "45 CFR 164.528(a)(1)(v)",
            Self::NationalSecurity => "45 CFR 164.528(a)(1)(vi)",
            Self::Custody => "45 CFR 164.528(a)(1)(vii)",
            Self::LimitedDataSet => "45 CFR 164.528(a)(1)(viii)",
            Self::InternalUse => "45 CFR 160.103",
        }
    }
}

impl Agent {
    /// A user in a role, of whom nothing else is known.
    pub fn new(id: impl Into<String>, role: impl Into<String>) -> Self {
        Self { id: id.into(), role: role.into(), organization: None, place: None, address: None, client: None }
    }
}

impl Recipient {
    /// A recipient whose address is not known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), address: None }
    }

    /// The same, at this address.
    #[must_use]
    pub fn at(self, address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..self }
    }
}

impl RecordReference {
    /// One version of one record.
    pub fn new(resource_type: impl Into<String>, id: impl Into<String>, version: u64) -> Self {
        Self { resource_type: resource_type.into(), id: id.into(), version }
    }
}

impl PolicyReference {
    /// A policy of this name and version that says what has this hash.
    pub fn new(name: impl Into<String>, version: impl Into<String>, digest: Hash) -> Self {
        Self { name: name.into(), version: version.into(), digest }
    }
}

impl Reason {
    /// A rule, with the law or house rule that it rests on.
    pub fn new(rule: impl Into<String>, citation: Option<String>) -> Self {
        Self { rule: rule.into(), citation }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self {
            recorded,
            kind,
            action,
            outcome,
            agent,
            recipient: _,
            patient: _,
            record,
            purpose,
            exclusion,
            granted,
            withheld,
            reasons: _,
            obligations: _,
            break_glass: _,
            stored,
            sealed: _,
            found_by,
            policy,
            consents: _,
        } = self;
        f.debug_struct("Event")
            .field("recorded", recorded)
            .field("kind", kind)
            .field("action", action)
            .field("outcome", outcome)
            .field("agent", agent)
            .field("record", record)
            .field("purpose", purpose)
            .field("exclusion", exclusion)
            .field("granted", granted)
            .field("withheld", withheld)
            .field("stored", stored)
            .field("found_by", found_by)
            .field("policy", policy)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id: _, role, organization, place, address: _, client } = self;
        let mut out = f.debug_struct("Agent");
        out.field("role", role).field("organization", organization).field("place", place).field("client", client);
        out.finish_non_exhaustive()
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name: _, address: _ } = self;
        f.debug_struct("Recipient").finish_non_exhaustive()
    }
}

impl fmt::Debug for RecordReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource_type, id: _, version } = self;
        f.debug_struct("RecordReference")
            .field("resource_type", resource_type)
            .field("version", version)
            .finish_non_exhaustive()
    }
}

/// An invented event with every field of format 3 set.
#[cfg(test)]
pub(crate) fn whole_sample() -> Event {
    let mut event = sample();
    (event.stored, event.sealed) = (Some(Hash::from([0xab; 32])), Some(vec![1, 2, 3]));
    event.found_by = Some(Hash::from([0xcd; 32]));
    event.agent.place = Some("ward-3".into());
    event.agent.address = Some("192.0.2.7".into());
    event.agent.client = Some("growth-chart".into());
    event.policy = Some(PolicyReference::new("North Hospital", "7", Hash::from([0xef; 32])));
    event.consents = vec!["Consent/9".into()];
    event
}

/// An invented event with every field of format 1 set.
#[cfg(test)]
pub(crate) fn sample() -> Event {
    let recorded = DateTime::from_timestamp(1_775_044_800, 250_000_000).unwrap();
    let mut event = Event::new(recorded, Kind::BreakGlass, Action::Read, Agent::new("staff-7", "physician"));
    event.agent.organization = Some("North Hospital".into());
    event.recipient = Some(Recipient { name: "Dr. Ida Quill".into(), address: Some("1 Harbor Rd".into()) });
    event.patient = Some("patient-token".into());
    event.record = Some(RecordReference::new("Condition", "c-1", 200));
    event.purpose = Some("ETREAT".into());
    event.exclusion = Some(Exclusion::Treatment);
    event.granted = vec!["Clinical".into(), "Name".into()];
    event.withheld = vec!["Narrative".into()];
    event.reasons = vec![Reason { rule: "emergency".into(), citation: Some("45 CFR 164.506".into()) }];
    event.obligations = vec!["review".into()];
    event.break_glass = Some("unconscious".into());
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_no_one() {
        let printed = format!("{:?}", whole_sample());
        for private in ["patient-token", "staff-7", "Ida", "Harbor", "c-1", "unconscious", "192.0.2.7", "Consent/9"] {
            assert!(!printed.contains(private), "{private}");
            let event = sample();
            for told in event.reasons.iter().map(|reason| &*reason.rule).chain(event.obligations.iter().map(|it| &**it))
            {
                assert!(!printed.contains(told), "{told}");
            }
        }
        assert!(printed.contains("physician") && printed.contains("Condition") && printed.contains("ETREAT"));
    }

    #[test]
    fn a_purpose_in_doubt_is_accounted_for() {
        assert_eq!(Exclusion::from_purpose("TREAT"), Some(Exclusion::Treatment));
        for accounted in ["HRESCH", "PUBHLTH", "HLEGAL", "DONAT", "FAMRQT", "treat", ""] {
            assert_eq!(Exclusion::from_purpose(accounted), None, "{accounted}");
        }
    }

    #[test]
    fn a_failed_opening_discloses_nothing() {
        let mut event = sample();
        assert!(event.discloses());
        event.outcome = Outcome::SeriousFailure;
        assert!(!event.discloses());
        event.outcome = Outcome::Success;
        event.kind = Kind::Denial;
        assert!(!event.discloses());
    }
}
