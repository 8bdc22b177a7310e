//! Nobody makes a `Decision` but a policy.

use chartroom_access::{Decision, Facts, Obligations, Policy, Request};
use serde::de::DeserializeOwned;

fn by_new(policy: Policy, request: &Request, facts: &Facts, obligations: Obligations) {
    let _ = Decision::new(policy, request, facts, todo!(), obligations); //~ E0624
}

fn by_default() {
    is_default::<Decision>(); //~ E0277
}

fn by_deserializing() {
    is_deserialized::<Decision>(); //~ E0277
}

fn by_changing_one(decision: &mut Decision, facts: Facts) {
    decision.facts = facts; //~ E0616
}

fn is_default<T: Default>() {}
fn is_deserialized<T: DeserializeOwned>() {}

fn main() {}
