//! A whole sealed value (nonce, place, header, allocation) beside the bare cipher in place, under a cached key and with 64 bytes of
//! associated data; and sealed by Tink, whose header names a key too.

use std::hint::black_box;

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use chartroom::seal::{Part, RandomSource, RecordIdentity, RecordKey, SubjectKey};
use chartroom_benches::{Unit, compare};
use tink_core::keyset::Handle;

/// Sealing and opening values of 9, 100 and 1000 bytes.
pub fn run() {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let key = record_key(&mut random);
    let cipher = Aes256Gcm::new(&[1; 32].into());
    tink_aead::init();
    let handle = Handle::new(&tink_aead::aes256_gcm_key_template()).expect("a keyset");
    let tink = tink_aead::new(&handle).expect("a primitive");
    for length in [9, 100, 1000] {
        seal(length, &key, &mut random, &cipher);
        open(length, &key, &mut random, &cipher);
        seal_beside_tink(length, &key, &mut random, tink.as_ref());
    }
}

const UNIT: Unit = Unit::NanosecondsPer("value", 1);
const PART: Part<'_> = Part { name: "Clinical", value_type: "json" };
const ASSOCIATED: [u8; 64] = [2; 64];
const NONCE: [u8; 12] = [3; 12];

/// The key of a record with identifiers of the usual length.
fn record_key(random: &mut RandomSource) -> RecordKey {
    let identity = RecordIdentity {
        tenant: "north-clinic",
        subject: "0b5e0a52-6f0c-4e0e-9d0b-7a9a9d1c2b3f",
        kind: "Observation",
        id: "f3c1d7e4-1f5a-4a59-8a64-51a1b5a0c9d2",
        version: 1,
    };
    SubjectKey::generate(random).new_record_key(&identity, random).expect("a short identity")
}

fn seal(length: usize, key: &RecordKey, random: &mut RandomSource, cipher: &Aes256Gcm) {
    let plain = vec![7; length];
    let mut buffer = plain.clone();
    compare(
        &format!("seal, {length} bytes"),
        UNIT,
        || {
            black_box(key.seal(PART, black_box(&plain), random).expect("sealed"));
        },
        || {
            buffer.copy_from_slice(black_box(&plain));
            let buffer = InOutBuf::from(&mut buffer[..]);
            black_box(cipher.encrypt_inout_detached(&NONCE.into(), &ASSOCIATED, buffer).expect("sealed"));
        },
    );
}

fn seal_beside_tink(length: usize, key: &RecordKey, random: &mut RandomSource, tink: &dyn tink_core::Aead) {
    let plain = vec![7; length];
    compare(
        &format!("seal, tink, {length} bytes"),
        UNIT,
        || {
            black_box(key.seal(PART, black_box(&plain), random).expect("sealed"));
        },
        || {
            black_box(tink.encrypt(black_box(&plain), &ASSOCIATED).expect("sealed"));
        },
    );
}

fn open(length: usize, key: &RecordKey, random: &mut RandomSource, cipher: &Aes256Gcm) {
    let sealed = key.seal(PART, &vec![7; length], random).expect("sealed");
    let mut bare = vec![7; length];
    let tag = cipher.encrypt_inout_detached(&NONCE.into(), &ASSOCIATED, InOutBuf::from(&mut bare[..])).expect("sealed");
    let mut buffer = bare.clone();
    compare(
        &format!("open, {length} bytes"),
        UNIT,
        || {
            black_box(key.open(PART, black_box(&sealed)).expect("opened"));
        },
        || {
            buffer.copy_from_slice(black_box(&bare));
            let buffer = InOutBuf::from(&mut buffer[..]);
            cipher.decrypt_inout_detached(&NONCE.into(), &ASSOCIATED, buffer, &tag).expect("opened");
        },
    );
}
