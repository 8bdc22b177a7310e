//! Any bytes as a sealed value, a wrapped key or a derivation: read, written back, and opened by nobody.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::sync::LazyLock;

use chartroom_seal::{
    Cost, Derivation, KeyContext, KeyService, Keyring, OpenError, Part, Passphrase, RandomSource, RecordIdentity,
    RecordKey, Sealed, SubjectKey, WrappedKey,
};
use libfuzzer_sys::fuzz_target;

const CONTEXT: KeyContext<'_> = KeyContext { tenant: "north", subject: "5f1c" };
const IDENTITY: RecordIdentity<'_> =
    RecordIdentity { tenant: "north", subject: "5f1c", kind: "Condition", id: "a7", version: 1 };
const NOTE: Part<'_> = Part { name: "note", value_type: "text" };

struct House {
    keyring: Keyring,
    subject: SubjectKey,
    wrapped: Vec<u8>,
    record: RecordKey,
    sealed: Vec<u8>,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let passphrase = Passphrase::from("a passphrase".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).expect("a keyring");
    let subject = SubjectKey::generate(&mut random);
    let wrapped = keyring.wrap(&subject, &CONTEXT, &mut random).expect("wrapped").to_bytes();
    let record = subject.new_record_key(&IDENTITY, &mut random).expect("a short identity");
    let sealed = record.seal(NOTE, b"wheezing", &mut random).expect("sealed");
    House { keyring, subject, wrapped, record, sealed }
});

fuzz_target!(|bytes: &[u8]| {
    let House { keyring, subject, wrapped, record, sealed } = &*HOUSE;
    for bytes in [bytes.to_vec(), edits::edited(sealed, bytes)] {
        if let Ok(read) = Sealed::<Vec<u8>>::from_bytes(bytes.clone()) {
            assert_eq!(read.as_bytes(), bytes, "what is read is written the same");
        }
        match record.open(NOTE, &bytes) {
            Ok(opened) => assert!(bytes == *sealed && opened.expose() == b"wheezing", "only what was sealed opens"),
            Err(OpenError::NotOfItsType) => panic!("nothing of another type was sealed"),
            Err(_) => {}
        }
    }
    for bytes in [bytes.to_vec(), edits::edited(wrapped, bytes)] {
        let Ok(read) = WrappedKey::from_bytes(&bytes) else { continue };
        assert_eq!(read.to_bytes(), bytes, "what is read is written the same");
        assert!(keyring.unwrap(&read, &CONTEXT).is_err() || bytes == *wrapped, "only what was wrapped is unwrapped");
    }
    let good = record.derivation().to_bytes();
    for bytes in [bytes.to_vec(), edits::edited(&good, bytes)] {
        let Ok(read) = Derivation::from_bytes(&bytes) else { continue };
        assert_eq!(read.to_bytes().to_vec(), bytes, "what is read is written the same");
        assert!(subject.record_key(&IDENTITY, &read).is_err() || bytes == good, "a key is committed to");
    }
});
