//! Any bytes as a keyring: refused, or the keyring that was written.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::ops::Range;
use std::sync::LazyLock;

use chartroom_seal::{Cost, KeyService as _, Keyring, KeyringError, Passphrase, RandomSource};
use libfuzzer_sys::fuzz_target;

/// Where the header has the cost: memory, passes, lanes.
const COST: Range<usize> = 26..38;
/// Where it has the cost, the salt and the check.
const LOCK: Range<usize> = 26..102;

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
    let none = Passphrase::from(String::new());
    for bytes in [bytes.to_vec(), edits::edited(good, bytes)] {
        // Without a passphrase all of the header and the length are judged, and no key is derived.
        match Keyring::open(&bytes, &none) {
            Err(KeyringError::EmptyPassphrase) => {}
            Err(_) => continue,
            Ok(_) => panic!("nothing opens without a passphrase"),
        }
        assert!(within_bounds(&bytes[COST]), "a cost that is accepted is within the bounds");
        // Another cost, salt or check is another passphrase, for seconds of work. Of the others, some: even the least cost is high.
        if bytes[LOCK] == good[LOCK] && is_tried(&bytes) {
            match Keyring::open(&bytes, &PASSPHRASE) {
                Ok(opened) => {
                    assert_eq!(bytes, good, "only what was written opens");
                    assert_eq!((opened.to_bytes(), opened.current()), (good, KEYRING.current()));
                }
                Err(error) => assert_eq!(error, KeyringError::Damaged),
            }
        }
    }
});

/// Whether these bytes are among the one in sixteen that are opened.
fn is_tried(bytes: &[u8]) -> bool {
    bytes.iter().fold(0_u8, |sum, byte| sum.rotate_left(3) ^ byte) % 16 == 0
}

fn within_bounds(cost: &[u8]) -> bool {
    let numbers: Vec<_> =
        cost.chunks_exact(4).map(|number| u32::from_be_bytes([number[0], number[1], number[2], number[3]])).collect();
    Cost::new(numbers[0], numbers[1], numbers[2]).is_ok()
}
