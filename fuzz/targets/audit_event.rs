//! Any bytes as an event of the trail, or as a frontier: what is read is what would be written.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::sync::LazyLock;

use chartroom_audit::Event;
use chartroom_audit::event::{Action, Agent, Exclusion, Kind, PolicyReference, Reason, Recipient, RecordReference};
use chartroom_audit::merkle::{Frontier, leaf_hash};
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

/// An event with every field set.
static EVENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut event = Event::new(DateTime::UNIX_EPOCH, Kind::BreakGlass, Action::Read, Agent::new("staff-7", "nurse"));
    event.agent.organization = Some("North Clinic".into());
    event.recipient = Some(Recipient::new("State Registry"));
    event.patient = Some("patient-token".into());
    event.record = Some(RecordReference::new("Condition", "c-1", 200));
    event.purpose = Some("ETREAT".into());
    event.exclusion = Some(Exclusion::Treatment);
    event.granted = vec!["Clinical".into(), "Name".into()];
    event.withheld = vec!["Narrative".into()];
    event.reasons = vec![Reason::new("emergency", Some("45 CFR 164.506".into()))];
    event.obligations = vec!["review".into()];
    event.break_glass = Some("unconscious".into());
    event.stored = Some(leaf_hash(b"a record"));
    event.sealed = Some(vec![7; 90]);
    event.found_by = Some(leaf_hash(b"its tokens"));
    event.agent.place = Some("ward-3".into());
    event.agent.address = Some("192.0.2.7".into());
    event.agent.client = Some("growth-chart".into());
    event.policy = Some(PolicyReference::new("House", "7", leaf_hash(b"its rules")));
    event.consents = vec!["Consent/9".into()];
    event.to_bytes()
});

/// The frontier of thirteen leaves.
static FRONTIER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut frontier = Frontier::new();
    (0..13_u8).for_each(|leaf| frontier.append(leaf_hash(&[leaf])));
    frontier.to_bytes()
});

fuzz_target!(|bytes: &[u8]| {
    for bytes in [bytes.to_vec(), edits::edited(&EVENT, bytes)] {
        match Event::from_bytes(&bytes) {
            Ok(event) => {
                assert_eq!(event.to_bytes(), bytes, "an event has one form");
                assert_eq!(event.leaf_hash(), leaf_hash(&bytes));
            }
            Err(error) => assert!(error.offset <= bytes.len(), "a fault has its place in the bytes"),
        }
    }
    for bytes in [bytes.to_vec(), edits::edited(&FRONTIER, bytes)] {
        let Some(mut frontier) = Frontier::from_bytes(&bytes) else { continue };
        assert_eq!(frontier.to_bytes(), bytes, "a frontier has one form");
        let size = frontier.size();
        if size < u64::MAX {
            frontier.append(leaf_hash(&bytes));
            assert_eq!(frontier.size(), size + 1);
            assert_eq!(frontier.peaks().len() as u32, frontier.size().count_ones());
        }
    }
});
