//! The token of a blind index beside bare HMAC-SHA-256 under a cached key over the same value.

use std::hint::black_box;

use chartroom::seal::index::{BlindIndex, Form};
use chartroom::seal::{RandomSource, SubjectKey};
use chartroom_benches::{Unit, compare};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// As it is, and as a name, which is brought into one spelling first.
pub fn run() {
    let key = SubjectKey::generate(&mut RandomSource::from_seed(&[1; 32]));
    let mac = Hmac::<Sha256>::new_from_slice(&[1; 32]).expect("HMAC takes every key");
    for (name, form) in [("index token, exact", Form::Exact), ("index token, text", Form::Text)] {
        let index = BlindIndex::new("family", &[form], 100_000, 15).expect("an index");
        let keyed = index.keyed("north-clinic", &key, &[]).expect("keyed");
        compare(
            name,
            Unit::NanosecondsPer("token", 1),
            || {
                black_box(keyed.token(&[black_box("Quillfeather")]).expect("a token"));
            },
            || {
                black_box(mac.clone().chain_update(black_box("Quillfeather")).finalize());
            },
        );
    }
}
