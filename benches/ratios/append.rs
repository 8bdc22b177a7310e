//! `append`: one event's bytes into the Merkle log in memory, leaf hash and frontier alone, beside a plain hash chain over the same
//! bytes. What a store adds, a transaction and a write to disk, is in neither.

use std::hint::black_box;

use chartroom::audit::event::{Action, Agent, Event, Kind, Reason, RecordReference};
use chartroom::audit::merkle::{Frontier, leaf_hash};
use chartroom_benches::{Unit, compare};
use chrono::DateTime;
use sha2::{Digest, Sha256};

pub fn run() {
    let bytes = opening().to_bytes();
    let mut frontier = Frontier::new();
    let mut chain = [0_u8; 32];
    compare(
        "append, in memory",
        Unit::NanosecondsPer("event", 1),
        || frontier.append(leaf_hash(black_box(&bytes))),
        || chain = Sha256::new_with_prefix(chain).chain_update(black_box(&bytes)).finalize().into(),
    );
    black_box((frontier.root(), chain));
}

/// A physician's opening of a condition: what a trail holds most of.
fn opening() -> Event {
    let recorded = DateTime::from_timestamp(1_775_044_800, 0).unwrap_or_default();
    let mut agent = Agent::new("5f0c7f5e-9a43-4a52-8d0e-6a0f2f8f7b11", "physician");
    agent.organization = Some("North Hospital".to_owned());
    let mut event = Event::new(recorded, Kind::Disclosure, Action::Read, agent);
    event.patient = Some("b3f1d2a7c45e4b0f9d6a81c2e7f00d34".to_owned());
    event.record = Some(RecordReference::new("Condition", "0d9c2c1e-3f52-4d0b-9b57-1d1f0a6f3c20", 3));
    event.purpose = Some("TREAT".to_owned());
    event.granted =
        ["Name", "BirthDate", "ServiceDate", "Clinical", "Narrative", "Participant"].map(str::to_owned).into();
    event.withheld = ["InsuranceId", "Financial"].map(str::to_owned).into();
    event.reasons = vec![Reason::new("treating-physician", Some("45 CFR 164.506(c)(2)".to_owned()))];
    event
}
