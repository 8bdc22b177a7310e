//! Nobody makes a `Disclosure` but the vault, by appending it to the trail.

use chartroom_access::Decision;
use chartroom_audit::Receipt;
use chartroom_vault::{Disclosure, Ruling};
use serde::de::DeserializeOwned;

fn by_new(ruling: Ruling, receipt: Receipt) {
    let _ = Disclosure::new(ruling, receipt); //~ E0599
}

fn without_the_trail(ruling: Ruling, receipt: Receipt) {
    let _ = ruling.outcome(receipt); //~ E0624
}

fn by_conversion() {
    is_from::<Disclosure, Ruling>(); //~ E0277
    is_from::<Disclosure, Decision>(); //~ E0277
}

fn by_default() {
    is_default::<Disclosure>(); //~ E0277
}

fn by_deserializing() {
    is_deserialized::<Disclosure>(); //~ E0277
}

fn for_another_decision(disclosure: &mut Disclosure, decision: Decision) {
    disclosure.decision = decision; //~ E0616
}

fn for_its_key(disclosure: &Disclosure) {
    let _ = &disclosure.key; //~ E0616
    let _ = disclosure.key(); //~ E0624
}

fn is_from<T: From<S>, S>() {}
fn is_default<T: Default>() {}
fn is_deserialized<T: DeserializeOwned>() {}

fn main() {}
