//! Any bytes as a consent, asked about a record.

#![no_main]

use std::sync::LazyLock;

use chartroom_access::consent::{Combination, ConsentEffect, Consents};
use chartroom_access::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType};
use chartroom_record::{ClassSet, Mode, Resource, parse};
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

static STARTER: LazyLock<Policy> = LazyLock::new(Policy::starter);

fuzz_target!(|bytes: &[u8]| {
    let Ok(parsed) = parse(bytes, Mode::Lenient) else { return };
    let Resource::Consent(consent) = parsed.into_resource() else { return };
    let at = DateTime::from_timestamp(1_772_000_000, 0).expect("in range");
    let policy = &*STARTER;
    let facts = Facts { patient: Some("7".into()), ..Facts::new(ResourceType::of("Condition"), ClassSet::ALL) };
    for combination in [Combination::DenyOverrides, Combination::NewestWins] {
        let consents = Consents::read([&*consent], combination);
        for (role, purpose) in
            [("physician", Purpose::Treatment), ("billing-clerk", Purpose::Payment), ("nobody", Purpose::Treatment)]
        {
            let request = Request {
                relationship: Relationship::Treating.into(),
                consents: Some(consents.clone()),
                ..Request::new("someone", role.into(), Action::Read, purpose, at)
            };
            let decision = policy.decide(&request, &facts);
            let unclear = consents.not_computable().next().is_some();
            let refuses = consents.say(&request, &facts) == Some(ConsentEffect::Deny);
            let shut = unclear || refuses || role == "nobody";
            assert!(
                !(shut && decision.is_permitted()),
                "what is refused or unclear is withheld, and all from strangers"
            );
            assert_eq!(policy.filter(&request).matches(&facts), decision.is_permitted(), "the filter agrees");
        }
    }
});
