//! Any text as a checkpoint, a signed one or a verifier key: what is read prints the same, and only what was signed verifies.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::sync::LazyLock;

use chartroom_audit::checkpoint::note::{SignedCheckpoint, Signer, Verifier};
use chartroom_audit::merkle::{Head, leaf_hash};
use chartroom_audit::{Checkpoint, Hash};
use libfuzzer_sys::fuzz_target;

struct Note {
    log: Verifier,
    witness: Verifier,
    checkpoint: Checkpoint,
    text: String,
}

static NOTE: LazyLock<Note> = LazyLock::new(|| {
    let log = Signer::new("north-clinic.example/trail", &[1; 32]).expect("a name");
    let witness = Signer::new("witness.example/w1", &[2; 32]).expect("a name");
    let head = Head { size: 7, root: leaf_hash(b"root") };
    let checkpoint = Checkpoint::new(log.name(), head).expect("a name");
    let mut signed = SignedCheckpoint::sign(checkpoint.clone(), &log).expect("of its name");
    signed.cosign(&witness, 1_772_000_000).expect("a time");
    Note { log: log.log_verifier(), witness: witness.witness_verifier(), checkpoint, text: signed.to_string() }
});

fuzz_target!(|bytes: &[u8]| {
    let Note { log, witness, checkpoint, text } = &*NOTE;
    for bytes in [bytes.to_vec(), edits::edited(text.as_bytes(), bytes)] {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if let Ok(read) = text.parse::<Checkpoint>() {
            assert_eq!(read.to_string(), text, "a checkpoint has one form");
        }
        if let Ok(read) = text.parse::<SignedCheckpoint>() {
            assert_eq!(read.to_string(), text, "a note has one form");
            if let Ok(cosigned) = read.verify(log, std::slice::from_ref(witness)) {
                assert_eq!(read.checkpoint(), checkpoint, "only what the log signed verifies");
                assert!(cosigned.iter().all(|by| by.at == 1_772_000_000), "only what the witness said is told");
            }
        }
        if let Ok(read) = text.parse::<Verifier>() {
            assert_eq!(read.to_string(), text, "a key has one form");
        }
        let _ = Hash::try_from(text.as_bytes());
    }
});
