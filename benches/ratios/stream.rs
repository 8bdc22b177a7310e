//! `stream`: an attachment sealed through a writer and opened through a reader, beside the bare cipher over the same bytes in one call.

use std::hint::black_box;
use std::io::{Read, Write, sink};

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use chartroom::seal::{ChunkLength, Part, RandomSource, RecordIdentity, RecordKey, SubjectKey};
use chartroom_benches::{Unit, compare};

const LENGTH: usize = 4 << 20;
const SCAN: Part<'_> = Part { name: "content", value_type: "application/pdf" };
const NONCE: [u8; 12] = [3; 12];

pub fn run() {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let identity = RecordIdentity { tenant: "north", subject: "5f1c", kind: "DocumentReference", id: "a7", version: 1 };
    let key = SubjectKey::generate(&mut random).new_record_key(&identity, &mut random).expect("a short identity");
    let cipher = Aes256Gcm::new(&[1; 32].into());
    seal(&key, &mut random, &cipher);
    open(&key, &mut random, &cipher);
}

fn seal(key: &RecordKey, random: &mut RandomSource, cipher: &Aes256Gcm) {
    let plain = vec![7; LENGTH];
    let mut buffer = plain.clone();
    compare(
        "stream, seal",
        Unit::MegabytesPerSecond(LENGTH),
        || {
            let mut writer = key.seal_stream(SCAN, ChunkLength::default(), sink(), random).expect("begun");
            writer.write_all(black_box(&plain)).expect("sealed");
            writer.finish().expect("finished");
        },
        || {
            buffer.copy_from_slice(black_box(&plain));
            let buffer = InOutBuf::from(&mut buffer[..]);
            black_box(cipher.encrypt_inout_detached(&NONCE.into(), &[], buffer).expect("sealed"));
        },
    );
}

fn open(key: &RecordKey, random: &mut RandomSource, cipher: &Aes256Gcm) {
    let mut writer = key.seal_stream(SCAN, ChunkLength::default(), Vec::new(), random).expect("begun");
    writer.write_all(&vec![7; LENGTH]).expect("sealed");
    let sealed = writer.finish().expect("finished");
    let mut bare = vec![7; LENGTH];
    let tag = cipher.encrypt_inout_detached(&NONCE.into(), &[], InOutBuf::from(&mut bare[..])).expect("sealed");
    let (mut piece, mut buffer) = (vec![0; 64 << 10], bare.clone());
    compare(
        "stream, open",
        Unit::MegabytesPerSecond(LENGTH),
        || {
            let mut reader = key.open_stream(SCAN, black_box(&sealed[..])).expect("begun");
            while reader.read(&mut piece).expect("opened") > 0 {}
        },
        || {
            buffer.copy_from_slice(black_box(&bare));
            let buffer = InOutBuf::from(&mut buffer[..]);
            cipher.decrypt_inout_detached(&NONCE.into(), &[], buffer, &tag).expect("opened");
        },
    );
}
