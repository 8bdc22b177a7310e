//! Any text as a policy, in TOML and in JSON.

#![no_main]

use chartroom_access::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType};
use chartroom_record::ClassSet;
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let toml = Policy::from_toml(text);
    if let Err(error) = &toml {
        assert!(error.line() >= 1 && error.column() >= 1 && !error.to_string().is_empty(), "an error has a place");
    }
    let json = serde_json::from_str::<Policy>(text);
    for policy in [toml.ok(), json.ok()].into_iter().flatten() {
        // Whoever has no role of the policy sees nothing.
        let facts = Facts::new(ResourceType::of("Condition"), ClassSet::ALL);
        for (action, purpose) in [(Action::Read, Purpose::Treatment), (Action::Disclose, Purpose::Payment)] {
            let stranger = Request::new("someone", "No Role".into(), action, purpose, DateTime::UNIX_EPOCH);
            let request = Request { relationship: Relationship::Treating.into(), ..stranger };
            assert!(!policy.decide(&request, &facts).is_permitted(), "opened to a stranger");
            let _ = policy.filter(&request).matches(&facts);
        }
        let written = serde_json::to_string(&policy).expect("what was read can be written");
        let again: Policy = serde_json::from_str(&written).expect("what was written can be read");
        assert_eq!(serde_json::to_string(&again).expect("written again"), written, "the same policy");
        assert_eq!(again.digest(), policy.digest(), "under the same digest");
    }
});
