//! What people complain about in other FHIR models, and the defects seen in them: a case for each, that ours has none of it.

use std::process::ExitCode;

use chartroom::record::datatype::{CodeableConcept, Quantity};
use chartroom::record::resource::{AllergyIntolerance, Observation, Patient};
use chartroom::record::{Checks, Issue, IssueCode, Mode, Resource, parse};
use chartroom_tests::tally::Tally;

fn main() -> ExitCode {
    let mut tally = Tally::new("complaints");
    for (complaint, is_unfounded) in CASES {
        tally.case(complaint, if is_unfounded() { Ok(()) } else { Err("holds of ours too") });
    }
    tally.finish()
}

/// Whether a complaint is answered.
type Case = fn() -> bool;

const CASES: &[(&str, Case)] = &[
    ("one missing field makes a whole bundle unreadable", missing_field_in_bundle),
    ("an error has no path", error_has_a_path),
    ("a required element with an extension alone cannot be held", extension_alone),
    ("decimals lose zeros or digits", || same(&observation(r#""valueQuantity":{"value":0.012300000000000000000000}"#))),
    ("instants lose zeros, and Z turns into an offset", || {
        same(r#"{"resourceType":"Patient","meta":{"lastUpdated":"2015-02-07T13:28:17.2390Z"}}"#)
            && same(r#"{"resourceType":"Patient","meta":{"lastUpdated":"2015-02-07T13:28:17.239+00:00"}}"#)
    }),
    ("an unknown code ends the reading", unknown_code),
    ("extensions of primitive values are lost", || {
        same(r#"{"resourceType":"Patient","name":[{"given":["a",null,"b"],"_given":[null,{"id":"x"},null]}]}"#)
    }),
    ("extensions beside a choice are lost", || {
        same(&observation(r#""_valueString":{"extension":[{"url":"urn:x","valueCode":"a"}]}"#))
    }),
    ("an unknown element passes in silence", || {
        found(r#"{"resourceType":"Patient","nickname":"x"}"#) == ["unknown-member Patient.nickname"]
    }),
    ("what was read leniently cannot be written", || {
        same(r#"{"resourceType":"Patient","name":[],"active":"true","x":{"y":1}}"#)
    }),
    ("two values of one choice pass", || {
        found(&observation(r#""valueString":"a","valueInteger":1"#)) == ["repeated-choice Observation.valueInteger"]
    }),
    ("a choice of the wrong type passes", || {
        found(r#"{"resourceType":"Patient","deceasedString":"x"}"#) == ["unknown-member Patient.deceasedString"]
    }),
    ("a long text overflows the stack", long_text),
    ("text for a boolean is not named", || {
        found(r#"{"resourceType":"Patient","active":"true"}"#) == ["json-type Patient.active"]
    }),
    ("a value is as hard to reach as in plain JSON", easy_to_reach),
    ("a broken record cannot be read to mend it", mended),
    ("an empty list panics, and one value passes for a list", || {
        found(r#"{"resourceType":"Patient","name":[]}"#) == ["empty Patient.name"]
            && found(r#"{"resourceType":"Patient","name":{"text":"x"}}"#) == ["json-type Patient.name"]
    }),
    ("the errors of the resources in a bundle are not seen", || {
        let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","resource":{"resourceType":"Patient","birthDate":"x"}}]}"#;
        found(bundle) == ["format Bundle.entry[0].resource.birthDate"]
    }),
    ("the 29th of February passes in any year", || {
        found(r#"{"resourceType":"Patient","birthDate":"2023-02-29"}"#) == ["format Patient.birthDate"]
            && found(r#"{"resourceType":"Patient","birthDate":"2024-02-29"}"#).is_empty()
    }),
    ("ids of other forms, codes outside their set and empty objects pass", || {
        found(r#"{"resourceType":"Patient","id":"a b/c"}"#) == ["format Patient.id"]
            && found(r#"{"resourceType":"Patient","gender":"malee"}"#) == ["binding Patient.gender"]
            && found(r#"{"resourceType":"Patient","name":[{}]}"#) == ["empty Patient.name[0]"]
    }),
    ("lists of choices are written malformed", || {
        same(&observation(r#""component":[{"valueInteger":1},{"valueString":"x"}]"#))
    }),
    ("deep nesting, doubled members, bad bytes and trailing text are not told apart", broken_texts),
];

fn observation(members: &str) -> String {
    format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},{members}}}"#)
}

/// Whether a text comes back as it was.
fn same(text: &str) -> bool {
    parse(text.as_bytes(), Mode::Lenient).is_ok_and(|parsed| parsed.resource().to_json() == text)
}

/// The code and the path of everything that is wrong, each once.
fn found(text: &str) -> Vec<String> {
    let issues = match parse(text.as_bytes(), Mode::Lenient) {
        Err(issues) => issues.into_iter().collect(),
        Ok(parsed) => match parsed.check(&Checks::structure()) {
            Ok(checked) => checked.issues().to_vec(),
            Err(refused) => refused.issues().to_vec(),
        },
    };
    let told = issues.iter().filter(|issue| issue.code() != IssueCode::NotChecked);
    told.map(|issue| format!("{} {}", issue.code().as_str(), issue.path())).collect()
}

fn missing_field_in_bundle() -> bool {
    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","resource":{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/1"},"reaction":[{"severity":"mild"}]}},{"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b8","resource":{"resourceType":"Patient","id":"1"}}]}"#;
    let Ok(parsed) = parse(text.as_bytes(), Mode::Strict) else { return false };
    let entries = parsed.check_entries(&Checks::structure());
    entries.accepted.len() == 1
        && entries
            .refused
            .first()
            .is_some_and(|entry| AllergyIntolerance::try_from(entry.resource.resource().clone()).is_ok())
}

fn error_has_a_path() -> bool {
    let text = "{\"resourceType\":\"Patient\",\n \"name\":[{\"family\":7}]}";
    let Err(issues) = parse(text.as_bytes(), Mode::Strict) else { return false };
    let place = |issue: &Issue| (issue.path().to_owned(), issue.position().map(|place| (place.line, place.column)));
    issues.as_slice().first().map(place) == Some(("Patient.name[0].family".to_owned(), Some((2, 20))))
}

fn extension_alone() -> bool {
    let absent =
        r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#;
    let text = format!(r#"{{"resourceType":"Observation","_status":{absent},"code":{absent}}}"#);
    same(&text) && found(&text).is_empty()
}

fn unknown_code() -> bool {
    let text =
        observation(r#""interpretation":[{"coding":[{"system":"urn:x","code":"new"}]}]"#).replace("final", "finale");
    same(&text) && found(&text) == ["binding Observation.status"]
}

fn long_text() -> bool {
    let text = format!(r#"{{"resourceType":"Binary","contentType":"text/plain","data":"{}"}}"#, "QUJD".repeat(1 << 20));
    found(&text).is_empty()
}

fn easy_to_reach() -> bool {
    let value = Quantity { value: "1.50".parse().ok(), ..Quantity::default() };
    let code = CodeableConcept { text: Some("x".into()), ..CodeableConcept::default() };
    let observation = Observation { code: Some(code), value: Some(value.into()), ..Observation::default() };
    observation.code.and_then(|code| code.text).as_deref() == Some("x")
}

fn mended() -> bool {
    let Ok(parsed) = parse(br#"{"resourceType":"Patient","gender":""}"#, Mode::Lenient) else { return false };
    let mut resource = parsed.into_resource();
    let set = "Patient.gender".parse::<chartroom::record::Path>().map(|path| path.set(&mut resource, r#""female""#));
    let whole = Resource::from(Patient { gender: "female".parse().ok(), ..Patient::default() });
    matches!(set, Ok(Ok(()))) && resource == whole
}

fn broken_texts() -> bool {
    let code = |bytes: &[u8]| match parse(bytes, Mode::Lenient) {
        Ok(parsed) => parsed.issues().first().map(Issue::code),
        Err(issues) => issues.as_slice().first().map(Issue::code),
    };
    let deep = format!(r#"{{"resourceType":"Patient","x":{}"#, "[".repeat(100_000));
    code(deep.as_bytes()) == Some(IssueCode::TooDeep)
        && code(br#"{"resourceType":"Patient","active":true,"active":true}"#) == Some(IssueCode::DuplicateMember)
        && code(b"{\"resourceType\":\"Patient\",\"id\":\"\xff\"}") == Some(IssueCode::Encoding)
        && code(br#"{"resourceType":"Patient"} x"#) == Some(IssueCode::Trailing)
        && code(br#"{"resourceType":"Patient""#) == Some(IssueCode::Truncated)
}
