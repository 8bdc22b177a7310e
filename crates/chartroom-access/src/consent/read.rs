//! Reading a consent: what is understood, and what cannot be computed.

use chartroom_record::Extra;
use chartroom_record::code_set::{ConsentDataMeaning, ConsentProvisionType, ConsentState};
use chartroom_record::datatype::{CodeableConcept, Period};
use chartroom_record::primitive::{Code, DateTime as FhirDateTime};
use chartroom_record::resource::{Consent, ConsentProvision, ConsentProvisionActor};
use chrono::{DateTime, TimeDelta, Utc};
use smol_str::SmolStr;

use super::provision::{Actor, Provision};
use super::{ConsentEffect, Directive};
use crate::label::{LabelSet, SecurityLabel, Sensitivity};
use crate::{Confidentiality, Purpose};

/// Why a consent cannot be computed, and where. It never permits anything, and withholds until someone has looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {fault}")]
pub struct NotComputable {
    at: &'static str,
    fault: ConsentFault,
}

impl NotComputable {
    pub(super) const fn of(at: &'static str, fault: ConsentFault) -> Self {
        Self { at, fault }
    }

    /// The path of the element, without the numbers of list items.
    pub fn at(&self) -> &'static str {
        self.at
    }

    /// What is the matter with it.
    pub fn fault(&self) -> ConsentFault {
        self.fault
    }
}

/// What cannot be computed in a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentFault {
    /// The profile requires it.
    #[error("required, and not there")]
    Missing,
    /// The profile forbids it.
    #[error("not allowed by the profile")]
    NotAllowed,
    /// A code that is not in the vocabulary, or cannot be judged by what is known of a record.
    #[error("not understood")]
    NotUnderstood,
    /// A modifier extension, or a member that no field holds.
    #[error("changed in a way that is not known")]
    Modified,
}

type Read<T> = Result<T, NotComputable>;

fn fault<T>(at: &'static str, fault: ConsentFault) -> Read<T> {
    Err(NotComputable { at, fault })
}

const SCOPES: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const PURPOSES: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

pub(super) fn directive(consent: &Consent) -> Read<Option<Directive>> {
    plain(&consent.extra, "Consent")?;
    if !in_force(consent)? || !is_privacy(consent)? {
        return Ok(None);
    }
    if consent.implicit_rules.is_some() {
        return fault("Consent.implicitRules", ConsentFault::NotUnderstood);
    }
    if consent.policy_rule.is_some() {
        return fault("Consent.policyRule", ConsentFault::NotAllowed);
    }
    let reference = consent.patient.as_ref().and_then(|patient| patient.reference.as_deref());
    let Some(("Patient", patient)) = reference.and_then(typed) else {
        return fault("Consent.patient", ConsentFault::Missing);
    };
    let made = consent.date_time.and_then(|at| begin(at).zip(last(at)));
    let Some((dated, dated_at_last)) = made else {
        return fault("Consent.dateTime", ConsentFault::Missing);
    };
    let Some(root) = &consent.provision else { return fault("Consent.provision", ConsentFault::Missing) };
    let id = consent.id.as_ref().map(|id| id.as_str().into());
    Ok(Some(Directive { id, patient: patient.into(), dated, dated_at_last, root: provision(root, true)? }))
}

fn in_force(consent: &Consent) -> Read<bool> {
    match &consent.status {
        Some(Code::Known(status)) => Ok(*status == ConsentState::Active),
        Some(Code::Other(_)) => fault("Consent.status", ConsentFault::NotUnderstood),
        None => fault("Consent.status", ConsentFault::Missing),
    }
}

fn is_privacy(consent: &Consent) -> Read<bool> {
    let Some(scope) = &consent.scope else { return fault("Consent.scope", ConsentFault::Missing) };
    match code_of(scope, SCOPES) {
        Some("patient-privacy") => Ok(true),
        Some("adr" | "research" | "treatment") => Ok(false),
        _ => fault("Consent.scope", ConsentFault::NotUnderstood),
    }
}

/// The one code of a concept, if it is of this system.
fn code_of<'a>(concept: &'a CodeableConcept, system: &str) -> Option<&'a str> {
    match concept.coding.as_slice() {
        [coding] if coding.system.as_deref() == Some(system) => coding.code.as_ref().map(Code::as_str),
        _ => None,
    }
}

fn plain(extra: &Extra, at: &'static str) -> Read<()> {
    if extra.modifier_extension().is_empty() && extra.unknown().next().is_none() {
        return Ok(());
    }
    fault(at, ConsentFault::Modified)
}

fn provision(text: &ConsentProvision, root: bool) -> Read<Provision> {
    plain(&text.extra, "Consent.provision")?;
    let effect = match &text.type_ {
        Some(Code::Known(ConsentProvisionType::Permit)) => ConsentEffect::Permit,
        Some(Code::Known(ConsentProvisionType::Deny)) => ConsentEffect::Deny,
        Some(Code::Other(_)) => return fault("Consent.provision.type", ConsentFault::NotUnderstood),
        None => return fault("Consent.provision.type", ConsentFault::Missing),
    };
    for (present, at) in [
        (!text.action.is_empty(), "Consent.provision.action"),
        (!text.class.is_empty(), "Consent.provision.class"),
        (!text.code.is_empty(), "Consent.provision.code"),
        (!root && !text.provision.is_empty(), "Consent.provision.provision.provision"),
    ] {
        if present {
            return fault(at, ConsentFault::NotAllowed);
        }
    }
    if text.data_period.is_some() {
        // What is known of a record does not tell its time.
        return fault("Consent.provision.dataPeriod", ConsentFault::NotUnderstood);
    }
    let (labels, levels) = labels(text)?;
    let (from, until) = period(text.period.as_ref())?;
    Ok(Provision {
        effect,
        from,
        until,
        actors: text.actor.iter().map(actor).collect::<Read<_>>()?,
        purposes: purposes(text)?,
        labels,
        levels,
        authors: authors(text, effect)?,
        exceptions: text.provision.iter().map(|inner| provision(inner, false)).collect::<Read<_>>()?,
    })
}

fn purposes(text: &ConsentProvision) -> Read<Vec<Purpose>> {
    let read = |coding: &chartroom_record::datatype::Coding| {
        let code = coding.code.as_ref().filter(|_| coding.system.as_deref() == Some(PURPOSES));
        code.and_then(|code| code.as_str().parse().ok())
            .ok_or(NotComputable { at: "Consent.provision.purpose", fault: ConsentFault::NotUnderstood })
    };
    text.purpose.iter().map(read).collect()
}

fn labels(text: &ConsentProvision) -> Read<(LabelSet, Vec<Confidentiality>)> {
    let (mut labels, mut levels) = (LabelSet::NONE, Vec::new());
    for coding in &text.security_label {
        let code = coding.code.as_ref().map_or("", Code::as_str);
        match SecurityLabel::of(coding.system.as_deref().unwrap_or_default(), code) {
            SecurityLabel::Sensitivity(label) if label != Sensitivity::Unknown => labels = labels.union(label.into()),
            SecurityLabel::Confidentiality(level) if level != Confidentiality::Unknown => levels.push(level),
            _ => return fault("Consent.provision.securityLabel", ConsentFault::NotUnderstood),
        }
    }
    Ok((labels, levels))
}

/// Who receives. Who belongs to a group or a care team is not known here.
fn actor(text: &ConsentProvisionActor) -> Read<Actor> {
    plain(&text.extra, "Consent.provision.actor")?;
    let role = text.role.as_ref().and_then(|role| code_of(role, PARTICIPATION));
    if !matches!(role, Some("IRCP" | "PRCP")) {
        return fault("Consent.provision.actor.role", ConsentFault::NotUnderstood);
    }
    let reference = text.reference.as_ref().and_then(|reference| reference.reference.as_deref());
    let Some((kind, id)) = reference.and_then(typed) else {
        return fault("Consent.provision.actor.reference", ConsentFault::NotUnderstood);
    };
    const PEOPLE: [&str; 5] = ["Device", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"];
    match (kind, PEOPLE.iter().find(|known| **known == kind)) {
        ("Organization", _) => Ok(Actor::Organization(id.into())),
        (_, Some(kind)) => Ok(Actor::Person(kind, id.into())),
        _ => fault("Consent.provision.actor.reference", ConsentFault::NotUnderstood),
    }
}

/// The authors whose records it is about. Of a record whose author is not known, a permit cannot tell.
fn authors(text: &ConsentProvision, effect: ConsentEffect) -> Read<Vec<SmolStr>> {
    let read = |data: &chartroom_record::resource::ConsentProvisionData| {
        let by_author = matches!(data.meaning, Some(Code::Known(ConsentDataMeaning::AuthoredBy)));
        let reference = data.reference.as_ref().and_then(|reference| reference.reference.as_deref());
        match reference.filter(|reference| by_author && typed(reference).is_some()) {
            Some(reference) if effect == ConsentEffect::Deny => Ok(reference.into()),
            _ => fault("Consent.provision.data", ConsentFault::NotUnderstood),
        }
    };
    text.data.iter().map(read).collect()
}

/// The type and the id of a relative reference, `Patient/1`.
fn typed(reference: &str) -> Option<(&str, &str)> {
    let (kind, id) = reference.split_once('/')?;
    let word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    (word(kind) && word(id)).then_some((kind, id))
}

type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

fn period(period: Option<&Period>) -> Read<Span> {
    let Some(period) = period else { return Ok((None, None)) };
    plain(&period.extra, "Consent.provision.period")?;
    if !period.extra.is_empty() {
        // An end that is not told is no open end.
        return fault("Consent.provision.period", ConsentFault::NotUnderstood);
    }
    let (from, until) = (period.start.map(begin), period.end.map(end));
    if from == Some(None) || until == Some(None) {
        return fault("Consent.provision.period", ConsentFault::NotUnderstood);
    }
    Ok((from.flatten(), until.flatten()))
}

/// The first moment of a date or time. A date is a day of UTC.
fn begin(at: FhirDateTime) -> Option<DateTime<Utc>> {
    match at.time() {
        Some(_) => DateTime::parse_from_rfc3339(&at.to_string()).ok().map(|at| at.to_utc()),
        None => at.date().first_day().and_hms_opt(0, 0, 0).map(|at| at.and_utc()),
    }
}

/// The moment from which on a date or time is over; a time is a last second.
fn end(at: FhirDateTime) -> Option<DateTime<Utc>> {
    match at.time() {
        Some(_) => begin(at)?.checked_add_signed(TimeDelta::seconds(1)),
        None => at.date().last_day().succ_opt()?.and_hms_opt(0, 0, 0).map(|at| at.and_utc()),
    }
}

/// The last moment that a date stands for. A time stands for itself.
fn last(at: FhirDateTime) -> Option<DateTime<Utc>> {
    match at.time() {
        Some(_) => begin(at),
        None => end(at)?.checked_sub_signed(TimeDelta::nanoseconds(1)),
    }
}
