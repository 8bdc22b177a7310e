//! Any bytes as a keyring: refused, or the keyring that was written.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::sync::LazyLock;

use chartroom_seal::{Cost, KeyService as _, Keyring, KeyringError, Passphrase, RandomSource};
use libfuzzer_sys::fuzz_target;

/// Where the header has the cost: memory, passes, lanes.
const COST: std::ops::Range<usize> = 26..38;

static PASSPHRASE: LazyLock<Passphrase> = LazyLock::new(|| Passphrase::from("a passphrase".to_owned()));

/// Three keys, one of them destroyed.
static KEYRING: LazyLock<Keyring> = LazyLock::new(|| {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let mut keyring = Keyring::create(&PASSPHRASE, Cost::LEAST, &mut random).expect("a keyring");
    keyring.rotate(&mut random).expect("rotated");
    keyring.rotate(&mut random).expect("rotated");
    keyring.destroy_version(1, &mut random).expect("destroyed");
    keyring
});

fuzz_target!(|bytes: &[u8]| {
    let good = KEYRING.to_bytes();
    for mut bytes in [bytes.to_vec(), edits::edited(good, bytes)] {
        // A cost within the bounds is made the least, or the fuzzer would spend its time on one passphrase.
        if let Some(cost) = bytes.get_mut(COST)
            && within_bounds(cost)
        {
            cost.copy_from_slice(&good[COST]);
        }
        match Keyring::open(&bytes, &PASSPHRASE) {
            Ok(opened) => {
                assert_eq!(bytes, good, "only what was written opens");
                assert_eq!((opened.to_bytes(), opened.current()), (good, KEYRING.current()));
            }
            Err(KeyringError::OutOfMemory) => panic!("the bounds keep the cost bearable"),
            Err(_) => {}
        }
    }
});

fn within_bounds(cost: &[u8]) -> bool {
    let numbers: Vec<_> =
        cost.chunks_exact(4).map(|number| u32::from_be_bytes([number[0], number[1], number[2], number[3]])).collect();
    Cost::new(numbers[0], numbers[1], numbers[2]).is_ok()
}
