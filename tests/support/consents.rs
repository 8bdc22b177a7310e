//! Policies that ask for consents, and requests that come with some.

use chartroom::access::Request;
use chartroom::access::consent::{Combination, ConsentKind, Consents, Element, Form};
use chartroom::record::resource::Consent;
use chartroom::record::{Mode, Resource, parse};

use crate::policies::Inventor;

const KINDS: [&str; 5] = ["privacy", "part-2", "part-2-counseling-notes", "authorization", "psychotherapy-notes"];

/// The policy, some of its rules asking for consents.
pub fn asking(policy: &str, inventor: &mut Inventor) -> String {
    let mut rules = policy.split("[[rule]]");
    let head = rules.next().unwrap_or_default().to_owned();
    rules.fold(head, |text, rule| {
        let kinds: Vec<&str> = KINDS.into_iter().filter(|_| inventor.below(3) == 0).collect();
        let line = if kinds.is_empty() { String::new() } else { format!("consents = {kinds:?}\n") };
        text + "[[rule]]" + rule + &line
    })
}

/// The request, with a few consents of the patient `p-17`: some permit, some refuse, some are forms.
pub fn consenting(request: Request, inventor: &mut Inventor) -> Request {
    let combination = inventor.one(&[Combination::DenyOverrides, Combination::NewestWins]);
    let said: Vec<Consent> = (0..inventor.below(3))
        .map(|_| consent(inventor.one(&["permit", "permit", "deny"]), inventor.one(&["2026-01-02", "2026-02-01"])))
        .collect();
    let kinds = ConsentKind::ALL.iter().filter(|kind| **kind != ConsentKind::Privacy);
    let kinds: Vec<ConsentKind> = kinds.copied().filter(|_| inventor.below(2) == 0).collect();
    let form = |kind| Form::new(kind, Element::ALL.iter().copied()).signed(&consent("permit", "2026-01-02"));
    let forms = kinds.into_iter().map(|kind| form(kind).expect("a complete form"));
    Request { consents: Some(Consents::read(&said, combination).with(forms)), ..request }
}

/// The request, with consents of the patient `p-17` to some of their records and not to others.
pub fn choosing(request: Request, inventor: &mut Inventor) -> Request {
    let combination = inventor.one(&[Combination::DenyOverrides, Combination::NewestWins]);
    let said: Vec<Consent> = (0..=inventor.below(2)).map(|_| choice(inventor)).collect();
    Request { consents: Some(Consents::read(&said, combination)), ..request }
}

fn choice(inventor: &mut Inventor) -> Consent {
    let root = about(inventor);
    let exceptions: Vec<String> = (0..inventor.below(3)).map(|_| format!("{{{}}}", about(inventor))).collect();
    let exceptions = match exceptions.is_empty() {
        true => String::new(),
        false => format!(r#","provision":[{}]"#, exceptions.join(",")),
    };
    of(&format!("{root}{exceptions}"), inventor.one(&["2026-01-02", "2026-02-01", "2026"]))
}

/// A permit or a refusal of records with a label, of a level, or by an author.
fn about(inventor: &mut Inventor) -> String {
    let effect = inventor.one(&["permit", "deny"]);
    let label =
        |system: &str, code: &str| format!(r#","securityLabel":[{{"system":"{SYSTEMS}/{system}","code":"{code}"}}]"#);
    let about = match inventor.below(6) {
        0 => label("v3-ActCode", "HIV"),
        1 => label("v3-ActCode", "PSY"),
        2 => label("v3-Confidentiality", inventor.one(&["N", "R"])),
        3 if effect == "deny" => {
            r#","data":[{"meaning":"authoredby","reference":{"reference":"Practitioner/amundsen"}}]"#.to_owned()
        }
        _ => String::new(),
    };
    format!(r#""type":"{effect}"{about}"#)
}

const SYSTEMS: &str = "http://terminology.hl7.org/CodeSystem";

fn consent(effect: &str, dated: &str) -> Consent {
    let provision = format!(
        r#""type":"{effect}",
        "purpose":[{{"system":"{SYSTEMS}/v3-ActReason","code":"TREAT"}},{{"system":"{SYSTEMS}/v3-ActReason","code":"HPAYMT"}}],
        "actor":[{{"role":{{"coding":[{{"system":"{SYSTEMS}/v3-ParticipationType","code":"IRCP"}}]}},
        "reference":{{"reference":"Practitioner/osei"}}}}]"#
    );
    of(&provision, dated)
}

fn of(provision: &str, dated: &str) -> Consent {
    let text = format!(
        r#"{{"resourceType":"Consent","status":"active","patient":{{"reference":"Patient/p-17"}},"dateTime":"{dated}",
        "scope":{{"coding":[{{"system":"{SYSTEMS}/consentscope","code":"patient-privacy"}}]}},"provision":{{{provision}}}}}"#
    );
    match parse(text.as_bytes(), Mode::Strict).expect("well formed").into_resource() {
        Resource::Consent(consent) => consent.into_inner(),
        _ => unreachable!("a consent is a consent"),
    }
}
