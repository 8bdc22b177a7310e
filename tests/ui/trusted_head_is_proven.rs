//! A trusted head is given by a verified signature or by a trail, and not made from a head that somebody wrote down.

use chartroom_audit::{Head, MemoryTrail, TrailError, TrustedHead};

fn by_conversion(head: Head) {
    let _: TrustedHead = head.into(); //~ E0277
}

fn changed(trusted: TrustedHead) {
    trusted.head().size += 1; //~ E0594
}

fn of_a_trail(trail: &MemoryTrail) -> Result<TrustedHead, TrailError> {
    TrustedHead::of(trail)
}

fn main() {}
