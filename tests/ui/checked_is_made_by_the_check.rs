//! Nobody makes a `Checked` but the check.

use chartroom_record::{Checked, Resource};
use serde::de::DeserializeOwned;

fn by_new(value: Resource) {
    let _ = Checked::new(value); //~ E0599
}

fn by_conversion() {
    is_from::<Checked<Resource>, Resource>(); //~ E0277
}

fn by_default() {
    is_default::<Checked<Resource>>(); //~ E0277
}

fn by_deserializing() {
    is_deserialized::<Checked<Resource>>(); //~ E0277
}

fn is_from<T: From<S>, S>() {}
fn is_default<T: Default>() {}
fn is_deserialized<T: DeserializeOwned>() {}

fn main() {}
