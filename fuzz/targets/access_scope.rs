//! Any text as scopes of a program.

#![no_main]

use chartroom_access::scope::{Launch, Scopes};
use chartroom_access::{Action, Facts, ResourceType};
use chartroom_record::{ClassSet, Mode, parse};
use libfuzzer_sys::fuzz_target;

const RECORD: &str = r#"{"resourceType":"Condition","category":[{"coding":[{"system":"urn:a","code":"b"}]}],"subject":{"reference":"Patient/p"}}"#;

fuzz_target!(|text: &str| {
    let scopes = match text.parse::<Scopes>() {
        Ok(scopes) => scopes,
        Err(error) => return assert!((1..=text.chars().count() + 1).contains(&error.at()), "the fault is in the text"),
    };
    assert_eq!(scopes.to_string().parse::<Scopes>().as_ref(), Ok(&scopes), "what is printed is the same scopes");

    let condition = parse(RECORD.as_bytes(), Mode::Strict).expect("a condition").into_resource();
    let about = scopes.about(&condition);
    let facts = Facts { patient: Some("p".into()), ..Facts::new(ResourceType::of("Condition"), ClassSet::ALL) };
    for action in Action::ALL {
        let admits = |scopes: &Scopes, patient: Option<&str>| {
            Launch { scopes: scopes.clone(), patient: patient.map(Into::into), client: None }.admits(*action, &facts)
        };
        let covering = scopes.iter().filter(|scope| scope.allows(*action)).count();
        assert!(!admits(&about, Some("p")) || covering > 0, "nothing is admitted that no scope allows");
        assert!(!admits(&scopes, Some("p")) || admits(&about, Some("p")), "a search only adds records that it finds");
        assert!(!admits(&about, None) || admits(&about, Some("p")), "a patient only adds");
    }
});
