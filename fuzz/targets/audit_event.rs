//! Any bytes as an event of the trail, or as a frontier: what is read is what would be written.

#![no_main]

use chartroom_audit::Event;
use chartroom_audit::merkle::{Frontier, leaf_hash};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Event::from_bytes(bytes) {
        Ok(event) => {
            assert_eq!(event.to_bytes(), bytes, "an event has one form");
            assert_eq!(event.leaf_hash(), leaf_hash(bytes));
        }
        Err(error) => assert!(error.offset <= bytes.len(), "a fault has its place in the bytes"),
    }
    if let Some(mut frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes, "a frontier has one form");
        let size = frontier.size();
        if size < u64::MAX {
            frontier.append(leaf_hash(bytes));
            assert_eq!(frontier.size(), size + 1);
            assert_eq!(frontier.peaks().len() as u32, frontier.size().count_ones());
        }
    }
});
