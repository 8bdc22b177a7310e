//! Nobody makes a `Ruling` but the vault, from the facts sealed with the record. A decision about facts of one's own is none.

use chartroom_access::{Decision, Facts, Policy, Request};
use chartroom_audit::{Event, Trail};
use chartroom_seal::{CryptoRng, Keyring};
use chartroom_vault::{Ruling, Vault};
use serde::de::DeserializeOwned;

fn by_new(decision: Decision, random: &mut impl CryptoRng) {
    let _ = Ruling::new(decision, todo!(), todo!(), todo!(), todo!(), random); //~ E0624
}

fn by_conversion() {
    is_from::<Ruling, Decision>(); //~ E0277
}

fn by_default() {
    is_default::<Ruling>(); //~ E0277
}

fn by_deserializing() {
    is_deserialized::<Ruling>(); //~ E0277
}

fn for_the_trail_to_say_less(ruling: &mut Ruling, event: Event) {
    ruling.event = event; //~ E0616
}

fn by_another_decision(ruling: &mut Ruling, decision: Decision) {
    ruling.decision = decision; //~ E0616
}

fn from_facts_of_ones_own(
    vault: &Vault<Keyring>,
    policy: &Policy,
    request: &Request,
    facts: &Facts,
    trail: &mut dyn Trail,
) {
    let decision = policy.decide(request, facts);
    let _ = vault.disclose(decision, trail); //~ E0308
}

fn is_from<T: From<S>, S>() {}
fn is_default<T: Default>() {}
fn is_deserialized<T: DeserializeOwned>() {}

fn main() {}
