//! Consents of invented patients, read and asked.

use std::sync::Arc;

use chartroom_record::{ClassSet, Mode, Resource, parse};
use proptest::prelude::*;

use super::*;
use crate::label::{LabelSet, Sensitivity};
use crate::{Action, BreakGlass, Circumstances, Confidentiality, Declaration, Policy, Purpose, ResourceType};

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
    is_asked_alike(&consents, request, facts);
    consents.say(request, facts)
}

/// What is asked of the record for a database is what is said about it.
fn is_asked_alike(consents: &Consents, request: &Request, facts: &Facts) {
    assert_eq!(consents.withheld(request).holds(facts), consents.withhold(request, facts).is_some());
    let given: Vec<ConsentKind> = consents.given(request, facts).collect();
    for kind in ConsentKind::ALL {
        assert_eq!(consents.agreed(*kind, request).holds(facts), given.contains(kind), "{kind}");
    }
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
        (r#"{"start":"2026-02-25T06:13:20Z"}"#, DENY),
        (r#"{"start":"2026-02-25T06:13:21Z"}"#, None),
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
fn a_refusal_holds_for_an_organization_that_may_be_the_one_it_names() {
    let role = coding("v3-ParticipationType", "IRCP");
    let actor =
        format!(r#""actor":[{{"role":{{"coding":[{role}]}},"reference":{{"reference":"Organization/harbor"}}}}]"#);
    let unknown = request(Purpose::Treatment);
    let of = |name: &str| {
        let around = Circumstances { organization: Some(name.into()), ..Circumstances::default() };
        Request { circumstances: Some(Arc::new(around)), ..unknown.clone() }
    };
    let refusal = format!(r#""type":"permit","provision":[{{"type":"deny",{actor}}}]"#);
    let said = |provision: &str| [&unknown, &of("harbor"), &of("other")].map(|one| say(provision, one, &facts(&[])));
    assert_eq!(said(&refusal), [DENY, DENY, PERMIT]);
    assert_eq!(said(&format!(r#""type":"deny",{actor}"#)), [DENY, DENY, None]);
    assert_eq!(said(&format!(r#""type":"permit",{actor}"#)), [None, PERMIT, None]);
    // An exception from it opens nothing for who may not be meant by it.
    let excepted = format!(r#""type":"deny",{actor},"provision":[{{"type":"permit"}}]"#);
    assert_eq!(said(&excepted), [None, PERMIT, None]);
}

#[test]
fn a_refusal_dated_by_the_day_is_not_outdone_on_that_day() {
    let made = |effect: &str, at: &str| consent("", &format!(r#""type":"{effect}""#)).replace("2026-01-02", at);
    let newest = |refused: &str, permitted: &str| {
        let texts = [made("deny", refused), made("permit", permitted)];
        consents(&texts, Combination::NewestWins).say(&request(Purpose::Treatment), &facts(&[]))
    };
    for (refused, permitted, said) in [
        ("2026-02-10", "2026-02-10T08:00:00Z", DENY),
        ("2026-02", "2026-02-10", DENY),
        ("2026", "2026-02-10T08:00:00Z", DENY),
        ("2026-02-10", "2026-02-11T00:00:00Z", PERMIT),
        ("2026-02-10T08:00:00Z", "2026-02-10T08:00:01Z", PERMIT),
        ("2026-02-10T08:00:00Z", "2026-02-10", DENY),
    ] {
        assert_eq!(newest(refused, permitted), said, "{refused} {permitted}");
    }
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
    let normal = exception("deny", "permit", coding("v3-Confidentiality", "N"));
    assert_eq!(say(&normal, &treatment, &facts(&[])), PERMIT);
    assert_eq!(say(&normal, &treatment, &closed), DENY);
}

#[test]
fn several_consents_combine_as_the_house_chose() {
    let older = consent("", r#""type":"deny""#);
    let newer = older.replace("2026-01-02", "2026-02-01").replace("deny", "permit");
    let treatment = request(Purpose::Treatment);
    let say = |texts: &[String], combination| {
        let consents = consents(texts, combination);
        is_asked_alike(&consents, &treatment, &facts(&[]));
        consents.say(&treatment, &facts(&[]))
    };
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

const TREATMENT_PAYMENT: &str = "TREAT HPAYMT HOPERAT";

/// A consent to these purposes, for these recipients; `period` may end it.
fn scope(purposes: &str, recipients: &str, period: &str) -> Consent {
    let purposes: Vec<_> = purposes.split_whitespace().map(|code| coding("v3-ActReason", code)).collect();
    let role = coding("v3-ParticipationType", "IRCP");
    let actors: Vec<_> = recipients
        .split_whitespace()
        .map(|who| format!(r#"{{"role":{{"coding":[{role}]}},"reference":{{"reference":"{who}"}}}}"#))
        .collect();
    let lists = [("purpose", purposes), ("actor", actors)];
    let lists = lists.iter().filter(|(_, items)| !items.is_empty());
    let lists: String = lists.map(|(name, items)| format!(r#","{name}":[{}]"#, items.join(","))).collect();
    read(&consent("", &format!(r#""type":"permit"{period}{lists}"#))).expect("a consent")
}

/// Everything that may stand on paper.
fn complete(kind: ConsentKind) -> Form {
    Form::new(kind, Element::ALL.iter().copied())
}

fn missing(form: &Form, scope: &Consent) -> Vec<Element> {
    match form.signed(scope) {
        Err(FormFault::Missing(elements)) => elements,
        Ok(_) => Vec::new(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_authorization_is_complete_or_says_what_is_missing() {
    use Element::*;
    let study = scope("HRESCH", "Organization/study", "");
    let bare = Form::new(ConsentKind::Authorization, []);
    let core = [Discloser, Information, Expiry, Signature, RightToRevoke, Refusal, Redisclosure, PlainLanguage];
    assert_eq!(missing(&bare, &study), core);
    assert_eq!(missing(&Form { by_representative: true, is_paid_for: true, ..bare.clone() }, &study).len(), 10);
    let until = scope("HRESCH", "Organization/study", r#","period":{"end":"2027"}"#);
    assert!(!missing(&bare, &until).contains(&Expiry));
    // Each of them alone is needed.
    for left_out in core {
        let form = Form::new(ConsentKind::Authorization, core.into_iter().filter(|one| *one != left_out));
        assert_eq!(missing(&form, &study), [left_out]);
        assert!(form.signed(&study).expect_err("incomplete").to_string().starts_with("missing: "));
    }
    assert!(Form::new(ConsentKind::Authorization, core).signed(&study).is_ok());
    // Paper alone does not tell a program who receives.
    assert_eq!(missing(&complete(ConsentKind::Authorization), &scope("HRESCH", "", "")), [Recipient]);
    assert_eq!(missing(&complete(ConsentKind::Part2), &scope("HRESCH", "", "")), [Recipient]);
    assert_eq!(missing(&complete(ConsentKind::Part2), &scope(TREATMENT_PAYMENT, "", "")), []);
}

#[test]
fn a_part_2_consent_to_one_disclosure_needs_less_on_paper() {
    use Element::*;
    let core = [Discloser, Information, Expiry, Signature, RightToRevoke];
    let form = Form::new(ConsentKind::Part2, core);
    assert_eq!(missing(&form, &scope("HRESCH", "Organization/study", "")), []);
    assert_eq!(missing(&form, &scope("TREAT", "Organization/clinic", "")), [Refusal, Redisclosure]);
}

#[test]
fn a_form_that_is_faulty_opens_nothing() {
    let study = scope("HRESCH", "Organization/study", "");
    let form = complete(ConsentKind::Authorization);
    let fault = |form: &Form, consent: &Consent| form.signed(consent).expect_err("must open nothing");
    assert_eq!(fault(&Form { is_known_false: true, ..form.clone() }, &study), FormFault::KnownFalse);
    assert_eq!(fault(&complete(ConsentKind::Privacy), &study), FormFault::NotAForm);
    let stopped = read(&consent("", r#""type":"permit""#).replace("active", "inactive")).expect("a consent");
    assert_eq!(fault(&form, &stopped), FormFault::NotInForce);
    assert_eq!(fault(&form, &read(&consent("", r#""type":"deny""#)).expect("a consent")), FormFault::Refuses);
    let broad = scope("", "Organization/study", "");
    assert!(
        matches!(fault(&form, &broad), FormFault::NotComputable(fault) if fault.at() == "Consent.provision.purpose")
    );
    let legal = scope("HLEGAL TREAT", "Organization/court", "");
    assert_eq!(fault(&complete(ConsentKind::Part2), &legal), FormFault::Combined);
    assert!(complete(ConsentKind::Part2).signed(&scope("HLEGAL", "Organization/court", "")).is_ok());
}

#[test]
fn use_in_legal_proceedings_is_agreed_to_by_name_and_alone() {
    let role = coding("v3-ParticipationType", "IRCP");
    let exception = |code: &str| {
        format!(
            r#"{{"type":"permit","purpose":[{}],"actor":[{{"role":{{"coding":[{role}]}},"reference":{{"reference":"Organization/court"}}}}]}}"#,
            coding("v3-ActReason", code)
        )
    };
    let apart = |codes: [&str; 2]| {
        let exceptions = codes.map(exception).join(",");
        let consent = read(&consent("", &format!(r#""type":"deny","provision":[{exceptions}]"#))).expect("a consent");
        complete(ConsentKind::Part2).signed(&consent).map(drop)
    };
    assert_eq!(apart(["HLEGAL", "TREAT"]), Err(FormFault::Combined));
    assert_eq!(apart(["HLEGAL", "HLEGAL"]), Ok(()));
    assert_eq!(apart(["TREAT", "HPAYMT"]), Ok(()));
    let given = |code: &str, purpose: Purpose| {
        let scope = scope(code, "Practitioner/osei", "");
        let asking = with_form(&complete(ConsentKind::Part2), &scope, request(purpose));
        asking.consents.as_ref().expect("given").given(&asking, &facts(&[])).count()
    };
    assert_eq!((given("HLEGAL", Purpose::Legal), given("HOPERAT", Purpose::Compliance)), (1, 1));
    assert_eq!(given("HOPERAT", Purpose::Legal), 0);
    let operations = |effect: &str| format!(r#""type":"{effect}","purpose":[{}]"#, coding("v3-ActReason", "HOPERAT"));
    assert_eq!(say(&operations("permit"), &request(Purpose::Legal), &facts(&[])), None);
    assert_eq!(say(&operations("deny"), &request(Purpose::Legal), &facts(&[])), DENY);
}

#[test]
fn who_names_no_purpose_agrees_to_all_but_legal_proceedings() {
    let legal = request(Purpose::Legal);
    let said = |provision: &str, labels: &[Sensitivity]| say(provision, &legal, &facts(labels));
    assert_eq!(say(r#""type":"permit""#, &request(Purpose::Operations), &facts(&[])), PERMIT);
    assert_eq!(said(r#""type":"permit""#, &[]), None);
    assert_eq!(said(r#""type":"deny""#, &[]), DENY);
    let named = format!(r#""purpose":[{}]"#, coding("v3-ActReason", "HLEGAL"));
    assert_eq!(said(&format!(r#""type":"permit",{named}"#), &[]), PERMIT);
    assert_eq!(said(r#""type":"deny","provision":[{"type":"permit"}]"#, &[]), DENY);
    assert_eq!(said(&format!(r#""type":"deny","provision":[{{"type":"permit",{named}}}]"#), &[]), PERMIT);
    // What it refuses there, it refuses.
    let but_hiv = format!(r#"{{"type":"deny","securityLabel":[{}]}}"#, coding("v3-ActCode", "HIV"));
    for permit in [r#""type":"permit""#.to_owned(), format!(r#""type":"permit",{named}"#)] {
        assert_eq!(said(&format!(r#"{permit},"provision":[{but_hiv}]"#), &[Sensitivity::Hiv]), DENY);
    }
    let policy = by_consent(r#"["privacy"]"#, "HLEGAL");
    let open = |provision: &str| {
        let consents = consents(&[consent("", provision)], Combination::DenyOverrides);
        policy.decide(&Request { consents: Some(consents), ..legal.clone() }, &facts(&[])).is_permitted()
    };
    assert!(open(&format!(r#""type":"permit",{named}"#)) && !open(r#""type":"permit""#));
}

#[test]
fn an_author_who_is_not_known_counts_as_the_one_who_is_refused() {
    let written = |effect: &str| {
        format!(
            r#""type":"deny","data":[{{"meaning":"authoredby","reference":{{"reference":"Practitioner/noor"}}}}],"provision":[{{"type":"{effect}"}}]"#
        )
    };
    let by = |author: Option<&str>| Facts { originator: author.map(Into::into), ..facts(&[]) };
    let said = |effect: &str, author| say(&written(effect), &request(Purpose::Treatment), &by(author));
    assert_eq!(said("permit", Some("Practitioner/noor")), PERMIT);
    assert_eq!(said("permit", Some("noor")), PERMIT);
    assert_eq!(said("permit", Some("Practitioner/osei")), None);
    assert_eq!(said("permit", None), DENY);
    assert_eq!(said("deny", None), DENY);
}

/// A policy that grants by consent alone.
fn by_consent(kinds: &str, purpose: &str) -> Policy {
    let text = format!(
        "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.physician]\ntitle = \"P\"\n[[rule]]\nid = \"a\"\neffect = \"permit\"\n\
         roles = [\"physician\"]\nactions = [\"read\"]\npurposes = [\"{purpose}\", \"HRESCH\"]\nconsents = {kinds}\n\
         labels = [\"unlabelled\", \"HIV\"]\nclasses = [\"all\"]\nobligations = [\"part-2-notice\"]\ncites = \"house\"\ndated = 2026-01-01\n"
    );
    Policy::from_toml(&text).expect("well formed")
}

fn with_form(form: &Form, consent: &Consent, request: Request) -> Request {
    let consents = Consents::read([], Combination::DenyOverrides).with([form.signed(consent).expect("complete")]);
    Request { consents: Some(consents), ..request }
}

#[test]
fn a_consent_opens_what_a_rule_asks_it_for_and_nothing_else() {
    let to_osei = scope("TREAT", "Practitioner/osei", "");
    let form = complete(ConsentKind::Part2);
    let asking = with_form(&form, &to_osei, request(Purpose::Treatment));
    let open = |policy: &Policy, request: &Request| policy.decide(request, &facts(&[])).is_permitted();
    assert!(open(&by_consent(r#"["part-2"]"#, "TREAT"), &asking));
    assert!(open(&by_consent(r#"["privacy", "part-2"]"#, "TREAT"), &asking));
    for others in [r#"["authorization"]"#, r#"["privacy", "part-2-counseling-notes", "psychotherapy-notes"]"#] {
        assert!(!open(&by_consent(others, "TREAT"), &asking), "{others}");
    }
    // No policy, no permit.
    assert!(!open(&Policy::default(), &asking));
    let policy = by_consent(r#"["part-2"]"#, "TREAT");
    let duties = policy.decide(&asking, &facts(&[])).obligations();
    assert!(duties.contains(crate::Obligation::Part2Notice));
    // Beyond its purposes, its recipients, its patient and its time it says nothing.
    assert!(!open(&policy, &Request { purpose: Purpose::Research, ..asking.clone() }));
    assert!(!open(&policy, &Request { actor: "Practitioner/other".into(), ..asking.clone() }));
    let other = Facts { patient: Some("8".into()), ..facts(&[]) };
    assert!(!policy.decide(&asking, &other).is_permitted());
    let ended = scope("TREAT", "Practitioner/osei", r#","period":{"end":"2026-02-24"}"#);
    assert!(!open(&policy, &with_form(&form, &ended, request(Purpose::Treatment))));
    let revoked = Form { revoked: Some(at()), ..form.clone() };
    assert!(!open(&policy, &with_form(&revoked, &to_osei, request(Purpose::Treatment))));
    let to_be_revoked = Form { revoked: Some(at() + chrono::TimeDelta::seconds(1)), ..form };
    assert!(open(&policy, &with_form(&to_be_revoked, &to_osei, request(Purpose::Treatment))));
}

#[test]
fn a_privacy_consent_opens_where_it_permits_and_none_is_unclear() {
    let policy = by_consent(r#"["privacy"]"#, "TREAT");
    let open = |texts: &[String], labels: &[Sensitivity]| {
        let request =
            Request { consents: Some(consents(texts, Combination::DenyOverrides)), ..request(Purpose::Treatment) };
        policy.decide(&request, &facts(labels)).is_permitted()
    };
    let permit = consent("", r#""type":"permit""#);
    assert!(open(std::slice::from_ref(&permit), &[]) && open(std::slice::from_ref(&permit), &[Sensitivity::Hiv]));
    assert!(!open(&[], &[]));
    assert!(!open(&[permit.clone(), permit.replace("permit", "deny")], &[]));
    assert!(!open(&[permit.clone(), permit.replace("Patient/7", "Patient/8")], &[]));
    assert!(!open(&[permit.clone(), consent(r#","policyRule":{"text":"x"}"#, r#""type":"permit""#)], &[]));
    let but_hiv =
        format!(r#""type":"permit","provision":[{{"type":"deny","securityLabel":[{}]}}]"#, coding("v3-ActCode", "HIV"));
    assert!(open(&[consent("", &but_hiv)], &[]) && !open(&[consent("", &but_hiv)], &[Sensitivity::Hiv]));
}

#[test]
fn consents_to_all_are_of_the_kinds_asked_for() {
    assert!(Consents::to_all("7", 0).is_none());
    for kinds in 1..1_u8 << ConsentKind::COUNT {
        let consents = Consents::to_all("7", kinds).expect("some kind");
        assert_eq!(consents.bits_given(&request(Purpose::Legal), &facts(&[])), kinds);
    }
    // Two forms of a kind give what one gives.
    let form = || complete(ConsentKind::Part2).signed(&scope("TREAT", "Practitioner/osei", "")).expect("complete");
    let twice = Consents::read([], Combination::DenyOverrides).with([form(), form()]);
    assert_eq!(twice.bits_given(&request(Purpose::Treatment), &facts(&[])), ConsentKind::Part2.bit());
}

#[test]
fn a_consent_lifts_a_refusal_that_names_it() {
    let text = "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.physician]\ntitle = \"P\"\n[[rule]]\nid = \"a\"\neffect = \"permit\"\n\
         roles = [\"physician\"]\nactions = [\"read\"]\npurposes = [\"TREAT\"]\nclasses = [\"all\"]\ncites = \"house\"\n\
         dated = 2026-01-01\n[[rule]]\nid = \"b\"\neffect = \"forbid\"\nconsents = [\"part-2\"]\nclasses = [\"all\"]\n\
         cites = \"house\"\ndated = 2026-01-01\n";
    let policy = Policy::from_toml(text).expect("well formed");
    let to_osei = scope("TREAT", "Practitioner/osei", "");
    let open = |request: &Request| policy.decide(request, &facts(&[])).is_permitted();
    assert!(!open(&request(Purpose::Treatment)));
    assert!(open(&with_form(&complete(ConsentKind::Part2), &to_osei, request(Purpose::Treatment))));
    assert!(!open(&with_form(&complete(ConsentKind::Authorization), &to_osei, request(Purpose::Treatment))));
}

/// A consent of conditions on records, within and around each other.
fn conditions_on_records() -> impl Strategy<Value = String> {
    let select = |of: Vec<&'static str>| prop::sample::select(of);
    let effect = || select(vec!["permit", "deny"]);
    let about = || {
        let label = select(vec!["", "HIV", "PSY", "R", "N"]);
        (effect(), label, any::<bool>(), select(vec!["", "", "TREAT", "HLEGAL"])).prop_map(
            |(effect, label, author, purpose)| {
                let system = if label.len() == 1 { "v3-Confidentiality" } else { "v3-ActCode" };
                let label = match label {
                    "" => String::new(),
                    label => format!(r#","securityLabel":[{}]"#, coding(system, label)),
                };
                let author = match author && effect == "deny" {
                    true => r#","data":[{"meaning":"authoredby","reference":{"reference":"Practitioner/noor"}}]"#,
                    false => "",
                };
                let purpose = match purpose {
                    "" => String::new(),
                    purpose => format!(r#","purpose":[{}]"#, coding("v3-ActReason", purpose)),
                };
                format!(r#""type":"{effect}"{label}{author}{purpose}"#)
            },
        )
    };
    let dated = select(vec!["2025-03-01", "2026-01-02", "2026-01-02T08:00:00Z", "2026"]);
    (
        about(),
        prop::collection::vec(about(), 0..3),
        dated,
        select(vec!["Patient/7", "Patient/7", "Patient/7", "Patient/8"]),
    )
        .prop_map(|(root, exceptions, dated, patient)| {
            let exceptions: Vec<String> = exceptions.iter().map(|one| format!("{{{one}}}")).collect();
            let nested = match exceptions.is_empty() {
                true => String::new(),
                false => format!(r#","provision":[{}]"#, exceptions.join(",")),
            };
            consent("", &format!("{root}{nested}")).replace("2026-01-02", dated).replace("Patient/7", patient)
        })
}

fn some_consent() -> impl Strategy<Value = String> {
    let effects = || prop::sample::select(vec!["permit", "deny"]);
    let dates = prop::sample::select(vec!["2025-03-01", "2026-01-02", "2026-02-01"]);
    let labels = prop::sample::select(vec!["HIV", "PSY"]);
    (effects(), effects(), dates, labels, any::<bool>()).prop_map(|(effect, inner, dated, label, nested)| {
        let label = coding("v3-ActCode", label);
        let nested = if nested {
            format!(r#","provision":[{{"type":"{inner}","securityLabel":[{label}]}}]"#)
        } else {
            String::new()
        };
        consent("", &format!(r#""type":"{effect}"{nested}"#)).replace("2026-01-02", dated)
    })
}

proptest! {
    #[test]
    fn one_more_refusal_never_adds(
        texts in prop::collection::vec(some_consent(), 0..4),
        place in 0_usize..4,
        dated in prop::sample::select(vec!["2025-03-01", "2026-01-02", "2026-02-01"]),
        newest in any::<bool>(),
        forms in any::<bool>(),
        labels in prop::sample::subsequence(vec![Sensitivity::Hiv, Sensitivity::Psychiatry, Sensitivity::Part2], 0..=3),
        role in prop::sample::select(vec!["clinician", "physician"]),
    ) {
        let combination = if newest { Combination::NewestWins } else { Combination::DenyOverrides };
        let form = complete(ConsentKind::Part2).signed(&scope("TREAT", "Practitioner/osei", "")).expect("complete");
        let given = |texts: &[String]| consents(texts, combination).with(Some(form.clone()).filter(|_| forms));
        let seen = |texts: &[String]| {
            let asking = Request { roles: role.into(), consents: Some(given(texts)), ..request(Purpose::Treatment) };
            let policies = [crate::Starter::Exchange.policy(), Policy::starter()];
            policies.map(|policy| policy.decide(&asking, &facts(&labels)).permitted())
        };
        let before = seen(&texts);
        let mut more = texts;
        more.insert(place.min(more.len()), consent("", r#""type":"deny""#).replace("2026-01-02", dated));
        for (after, before) in seen(&more).into_iter().zip(before) {
            prop_assert!(after.without(before).is_empty());
        }
    }

    #[test]
    fn what_is_asked_of_a_record_is_what_is_said_about_it(
        texts in prop::collection::vec(conditions_on_records(), 0..4),
        newest in any::<bool>(),
        form in any::<bool>(),
        action in prop::sample::select(vec![Action::Read, Action::Read, Action::Read, Action::Update]),
        purpose in prop::sample::select(vec![Purpose::Treatment, Purpose::Legal, Purpose::Payment]),
        author in prop::sample::select(vec![None, Some("noor"), Some("Practitioner/noor"), Some("osei")]),
        patient in prop::sample::select(vec![None, Some("7"), Some("Patient/7"), Some("8")]),
        labels in prop::sample::subsequence(vec![Sensitivity::Hiv, Sensitivity::Psychiatry], 0..=2),
        confidentiality in prop::sample::select(Confidentiality::ALL.to_vec()),
    ) {
        let combination = if newest { Combination::NewestWins } else { Combination::DenyOverrides };
        let signed = complete(ConsentKind::Part2).signed(&scope("TREAT", "Practitioner/osei", "")).expect("complete");
        let consents = consents(&texts, combination).with(Some(signed).filter(|_| form));
        let request = Request { action, ..request(purpose) };
        let facts = Facts {
            originator: author.map(Into::into),
            patient: patient.map(Into::into),
            confidentiality,
            ..facts(&labels)
        };
        is_asked_alike(&consents, &request, &facts);
    }

    #[test]
    fn garbage_opens_nothing(
        cuts in prop::collection::vec((0_usize..500, 0_usize..20, "[ -~]{0,6}"), 1..4),
    ) {
        let mut text = consent("", r#""type":"deny""#).into_bytes();
        for (at, length, instead) in cuts {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, instead.bytes());
        }
        if let Some(damaged) = read(&String::from_utf8_lossy(&text)) {
            prop_assert!(complete(ConsentKind::Authorization).signed(&damaged).is_err());
            let consents = Consents::read([&damaged], Combination::NewestWins);
            prop_assert_eq!(consents.given(&request(Purpose::Treatment), &facts(&[])).count(), 0);
        }
    }
}
