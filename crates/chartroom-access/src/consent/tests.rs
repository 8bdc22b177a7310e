//! Consents of invented patients, read and asked.

use std::sync::Arc;

use chartroom_record::{ClassSet, Mode, Resource, parse};
use proptest::prelude::*;

use super::*;
use crate::label::{LabelSet, Sensitivity};
use crate::{BreakGlass, Circumstances, Confidentiality, Declaration, Policy, Purpose, ResourceType};

fn consent(more: &str, provision: &str) -> String {
    format!(
        r#"{{"resourceType":"Consent","status":"active","scope":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}}]}},"patient":{{"reference":"Patient/7"}},"dateTime":"2026-01-02"{more},"provision":{{{provision}}}}}"#
    )
}

fn read(text: &str) -> Option<Consent> {
    match parse(text.as_bytes(), Mode::Lenient).ok()?.into_resource() {
        Resource::Consent(consent) => Some(consent.into_inner()),
        _ => None,
    }
}

fn consents(texts: &[String], combination: Combination) -> Consents {
    let read: Vec<Consent> = texts.iter().map(|text| read(text).expect("a consent")).collect();
    Consents::read(&read, combination)
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_000_000, 0).expect("in range")
}

fn request(purpose: Purpose) -> Request {
    Request {
        relationship: Relationship::Treating.into(),
        ..Request::new("Practitioner/osei", "physician".into(), Action::Read, purpose, at())
    }
}

fn facts(labels: &[Sensitivity]) -> Facts {
    let facts = Facts::new(ResourceType::of("Condition"), ClassSet::ALL);
    Facts { patient: Some("7".into()), labels: LabelSet::of(labels), ..facts }
}

fn say(provision: &str, request: &Request, facts: &Facts) -> Option<ConsentEffect> {
    let consents = consents(&[consent("", provision)], Combination::DenyOverrides);
    assert_eq!(consents.not_computable().next(), None);
    consents.say(request, facts)
}

fn coding(system: &str, code: &str) -> String {
    format!(r#"{{"system":"http://terminology.hl7.org/CodeSystem/{system}","code":"{code}"}}"#)
}

fn not_computable(text: &str) -> NotComputable {
    Directive::read(&read(text).expect("a consent")).map(drop).expect_err("must not be computed")
}

const PERMIT: Option<ConsentEffect> = Some(ConsentEffect::Permit);
const DENY: Option<ConsentEffect> = Some(ConsentEffect::Deny);

#[test]
fn the_basic_consent_is_about_its_patient_and_its_time() {
    let treatment = request(Purpose::Treatment);
    assert_eq!(say(r#""type":"permit""#, &treatment, &facts(&[])), PERMIT);
    assert_eq!(say(r#""type":"deny""#, &treatment, &facts(&[])), DENY);
    let other = Facts { patient: Some("8".into()), ..facts(&[]) };
    assert_eq!(say(r#""type":"deny""#, &treatment, &other), None);
    // The request is made on 2026-02-25.
    for (period, said) in [
        (r#"{"start":"2026-02-25"}"#, DENY),
        (r#"{"start":"2026-02-26"}"#, None),
        (r#"{"end":"2026"}"#, DENY),
        (r#"{"end":"2026-02-25"}"#, DENY),
        (r#"{"end":"2026-02-24"}"#, None),
        (r#"{"end":"2026-02-25T00:00:00Z"}"#, None),
    ] {
        assert_eq!(say(&format!(r#""type":"deny","period":{period}"#), &treatment, &facts(&[])), said, "{period}");
    }
}

#[test]
fn exceptions_name_purposes_people_and_organizations() {
    let purpose = |code: &str| {
        format!(r#""type":"permit","provision":[{{"type":"deny","purpose":[{}]}}]"#, coding("v3-ActReason", code))
    };
    assert_eq!(say(&purpose("HRESCH"), &request(Purpose::Research), &facts(&[])), DENY);
    assert_eq!(say(&purpose("HRESCH"), &request(Purpose::Treatment), &facts(&[])), PERMIT);
    assert_eq!(say(&purpose("TREAT"), &request(Purpose::EmergencyRoomTreatment), &facts(&[])), DENY);
    assert_eq!(say(&purpose("ETREAT"), &request(Purpose::Treatment), &facts(&[])), PERMIT);
    let actor = |reference: &str| {
        let role = coding("v3-ParticipationType", "IRCP");
        format!(
            r#""type":"deny","provision":[{{"type":"permit","actor":[{{"role":{{"coding":[{role}]}},"reference":{{"reference":"{reference}"}}}}]}}]"#
        )
    };
    let mut osei = request(Purpose::Treatment);
    assert_eq!(say(&actor("Practitioner/osei"), &osei, &facts(&[])), PERMIT);
    assert_eq!(say(&actor("Patient/osei"), &osei, &facts(&[])), DENY);
    assert_eq!(say(&actor("Organization/harbor"), &osei, &facts(&[])), DENY);
    osei.circumstances =
        Some(Arc::new(Circumstances { organization: Some("harbor".into()), ..Circumstances::default() }));
    assert_eq!(say(&actor("Organization/harbor"), &osei, &facts(&[])), PERMIT);
}

#[test]
fn a_refusal_of_a_label_reaches_further_than_a_permit() {
    let exception = |base: &str, effect: &str, label: String| {
        format!(r#""type":"{base}","provision":[{{"type":"{effect}","securityLabel":[{label}]}}]"#)
    };
    let treatment = request(Purpose::Treatment);
    let both = facts(&[Sensitivity::Hiv, Sensitivity::Psychiatry]);
    let hiv = || coding("v3-ActCode", "HIV");
    assert_eq!(say(&exception("permit", "deny", hiv()), &treatment, &both), DENY);
    assert_eq!(say(&exception("permit", "deny", hiv()), &treatment, &facts(&[])), PERMIT);
    assert_eq!(say(&exception("deny", "permit", hiv()), &treatment, &both), DENY);
    assert_eq!(say(&exception("deny", "permit", hiv()), &treatment, &facts(&[Sensitivity::Hiv])), PERMIT);
    assert_eq!(say(&exception("deny", "permit", hiv()), &treatment, &facts(&[])), DENY);
    let restricted = || exception("permit", "deny", coding("v3-Confidentiality", "R"));
    let closed = Facts { confidentiality: Confidentiality::Unknown, ..facts(&[]) };
    assert_eq!(say(&restricted(), &treatment, &closed), DENY);
    assert_eq!(say(&restricted(), &treatment, &facts(&[])), PERMIT);
}

#[test]
fn several_consents_combine_as_the_house_chose() {
    let older = consent("", r#""type":"deny""#);
    let newer = older.replace("2026-01-02", "2026-02-01").replace("deny", "permit");
    let treatment = request(Purpose::Treatment);
    let say = |texts: &[String], combination| consents(texts, combination).say(&treatment, &facts(&[]));
    for texts in [[older.clone(), newer.clone()], [newer, older.clone()]] {
        assert_eq!(say(&texts, Combination::DenyOverrides), DENY);
        assert_eq!(say(&texts, Combination::NewestWins), PERMIT);
    }
    let at_once = [older.replace("deny", "permit"), older];
    assert_eq!(say(&at_once, Combination::NewestWins), DENY);
    assert_eq!(say(&[], Combination::DenyOverrides), None);
}

#[test]
fn what_is_not_in_force_says_nothing() {
    let text = consent("", r#""type":"deny""#);
    for (from, to) in [("\"active\"", "\"inactive\""), ("\"active\"", "\"rejected\""), ("patient-privacy", "research")]
    {
        let other = read(&text.replace(from, to)).expect("a consent");
        assert!(Directive::read(&other).expect("understood").is_none(), "{to}");
    }
}

#[test]
fn what_cannot_be_computed_is_told() {
    use ConsentFault::{Missing, Modified, NotAllowed, NotUnderstood};
    let with = |provision: &str| not_computable(&consent("", &format!(r#""type":"permit",{provision}"#)));
    for (found, at, fault) in [
        (not_computable(&consent("", r#""period":{"start":"2026"}"#)), "Consent.provision.type", Missing),
        (
            not_computable(&consent(r#","policyRule":{"text":"x"}"#, r#""type":"permit""#)),
            "Consent.policyRule",
            NotAllowed,
        ),
        (not_computable(&consent(r#","shape":"round""#, r#""type":"permit""#)), "Consent", Modified),
        (with(r#""action":[{"text":"x"}]"#), "Consent.provision.action", NotAllowed),
        (with(r#""class":[{"code":"x"}]"#), "Consent.provision.class", NotAllowed),
        (with(r#""code":[{"text":"x"}]"#), "Consent.provision.code", NotAllowed),
        (with(r#""dataPeriod":{"start":"2026"}"#), "Consent.provision.dataPeriod", NotUnderstood),
        (with(r#""purpose":[{"code":"TREAT"}]"#), "Consent.provision.purpose", NotUnderstood),
        (with(r#""securityLabel":[{"code":"HIV"}]"#), "Consent.provision.securityLabel", NotUnderstood),
        (with(r#""period":{"end":"soon"}"#), "Consent.provision.period", Modified),
        (
            with(r#""actor":[{"reference":{"reference":"Practitioner/1"}}]"#),
            "Consent.provision.actor.role",
            NotUnderstood,
        ),
        (with(r#""provision":[{"purpose":[]}]"#), "Consent.provision", Modified),
        (
            with(r#""provision":[{"type":"deny","provision":[{"type":"permit"}]}]"#),
            "Consent.provision.provision.provision",
            NotAllowed,
        ),
    ] {
        assert_eq!((found.at(), found.fault()), (at, fault));
    }
    let meaning = |meaning: &str, effect: &str| {
        consent(
            "",
            &format!(
                r#""type":"{effect}","data":[{{"meaning":"{meaning}","reference":{{"reference":"Practitioner/1"}}}}]"#
            ),
        )
    };
    for text in [meaning("instance", "deny"), meaning("authoredby", "permit")] {
        assert_eq!(not_computable(&text).at(), "Consent.provision.data");
    }
}

#[test]
fn consents_narrow_decisions_and_the_reason_says_so() {
    let policy = Policy::starter();
    let with = |text: String, request: Request| Request {
        consents: Some(consents(&[text], Combination::DenyOverrides)),
        ..request
    };
    let (deny, permit) = (consent("", r#""type":"deny""#), consent("", r#""type":"permit""#));
    let refused = policy.decide(&with(deny.clone(), request(Purpose::Treatment)), &facts(&[]));
    assert!(!refused.is_permitted());
    assert!(refused.reasons().all(|reason| reason.note == Some(Note::ConsentRefuses)));
    assert!(policy.decide(&with(permit.clone(), request(Purpose::Treatment)), &facts(&[])).is_permitted());
    // It opens nothing that the policy does not grant.
    assert!(!policy.decide(&with(permit, request(Purpose::Marketing)), &facts(&[])).is_permitted());
    let unclear = consent(r#","policyRule":{"text":"x"}"#, r#""type":"permit""#);
    let decision = policy.decide(&with(unclear, request(Purpose::Treatment)), &facts(&[]));
    assert!(decision.reasons().all(|reason| reason.note == Some(Note::ConsentUnclear)));
    let own = Request::new("7", "patient".into(), Action::Read, Purpose::PatientRequest, at());
    let own = Request { relationship: Relationship::Patient.into(), ..own };
    assert!(policy.decide(&with(deny.clone(), own), &facts(&[])).is_permitted());
    let declaration = Declaration {
        actor: "Practitioner/osei",
        patient: "7",
        reason: "unconscious, alone",
        at: at(),
        lasts: chrono::TimeDelta::hours(1),
    };
    let broken = Request { break_glass: BreakGlass::declare(declaration).ok(), ..request(Purpose::Treatment) };
    assert!(policy.decide(&with(deny, broken), &facts(&[])).is_permitted());
}

proptest! {
    #[test]
    fn damage_never_panics_and_never_permits_more(
        cuts in prop::collection::vec((0_usize..700, 0_usize..20, "[ -~]{0,6}"), 1..4),
    ) {
        let role = coding("v3-ParticipationType", "IRCP");
        let whole = consent("", &format!(
            r#""type":"deny","provision":[{{"type":"deny","actor":[{{"role":{{"coding":[{role}]}},"reference":{{"reference":"Practitioner/osei"}}}}],"purpose":[{}],"securityLabel":[{}]}}]"#,
            coding("v3-ActReason", "TREAT"),
            coding("v3-ActCode", "HIV"),
        ));
        let mut text = whole.into_bytes();
        for (at, length, instead) in cuts {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, instead.bytes());
        }
        if let Some(consent) = read(&String::from_utf8_lossy(&text)) {
            // There is no permit in it, so none can come of it.
            let consents = Consents::read([&consent], Combination::DenyOverrides);
            prop_assert_ne!(consents.say(&request(Purpose::Treatment), &facts(&[])), PERMIT);
        }
    }
}

#[test]
fn a_consent_that_cannot_be_matched_with_the_record_withholds() {
    let treatment = request(Purpose::Treatment);
    for provision in [r#""type":"permit""#, r#""type":"deny""#] {
        let consents = consents(&[consent("", provision)], Combination::DenyOverrides);
        for patient in [None, Some("8".into()), Some("0f8c-a-token".into())] {
            let facts = Facts { patient, ..facts(&[]) };
            assert_eq!(consents.withhold(&treatment, &facts), Some(crate::Note::ConsentUnclear));
        }
    }
    let permit = consents(&[consent("", r#""type":"permit""#)], Combination::DenyOverrides);
    assert_eq!(permit.withhold(&treatment, &facts(&[])), None);
}
