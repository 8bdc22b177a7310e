//! Any bytes as a sealed record: read, written back, and opened only if it is the one that was sealed.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::sync::LazyLock;

use chartroom_access::label::LabelSets;
use chartroom_access::{Action, Policy, Purpose, Relationship, Request};
use chartroom_audit::MemoryTrail;
use chartroom_record::{Checks, Mode, parse};
use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource};
use chartroom_vault::{Author, PatientKey, SealedRecord, Vault, VaultError};
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

const CONDITION: &[u8] = br#"{"resourceType":"Condition","subject":{"reference":"Patient/1","display":"Ada Fenwarden"},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]},"onsetDateTime":"2026-03-02",
    "note":[{"text":"Afraid of needles."}]}"#;

struct House {
    vault: Vault<Keyring>,
    patient: PatientKey,
    policy: Policy,
    record: Vec<u8>,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let passphrase = Passphrase::from("a passphrase".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).expect("a keyring");
    let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
    let (patient, _) = vault.admit(&mut random).expect("admitted");
    let checked = parse(CONDITION, Mode::Strict).expect("JSON").check(&Checks::structure()).expect("a condition");
    let record = vault.seal(&checked, &patient, &Author::unknown(), &mut random).expect("sealed").to_bytes();
    House { vault, patient, policy: Policy::starter(), record }
});

fuzz_target!(|bytes: &[u8]| {
    let House { record, .. } = &*HOUSE;
    for bytes in [bytes.to_vec(), edits::edited(record, bytes)] {
        let Ok(read) = SealedRecord::from_bytes(&bytes) else { continue };
        assert_eq!(read.to_bytes(), bytes, "what is read is written the same");
        assert!(open(&read).is_err() || bytes == *record, "only what was sealed opens");
    }
});

fn open(record: &SealedRecord) -> Result<(), VaultError> {
    let House { vault, patient, policy, .. } = &*HOUSE;
    let mut random = RandomSource::from_seed(&[2; 32]);
    let now = DateTime::from_timestamp(1_772_000_000, 0).expect("a time");
    let request = Request {
        relationship: Relationship::Treating.into(),
        ..Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, now)
    };
    let ruling = vault.rule(record, patient, policy, &request, &mut random)?;
    let disclosure = vault.disclose(ruling, &mut MemoryTrail::new()).expect("a physician is granted something");
    vault.open(record, patient, disclosure, now).map(drop)
}
