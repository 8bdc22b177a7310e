//! An opened value leaves only by `expose`.

use std::fmt::Display;

use chartroom_seal::Exposed;
use serde::Serialize;

fn by_display() {
    is_displayed::<Exposed<String>>(); //~ E0277
}

fn by_serializing() {
    is_serialized::<Exposed<String>>(); //~ E0277
}

fn by_clone() {
    is_cloned::<Exposed<String>>(); //~ E0277
}

fn by_its_field(opened: Exposed<String>) {
    let _ = opened.value; //~ E0616
}

fn is_displayed<T: Display>() {}
fn is_serialized<T: Serialize>() {}
fn is_cloned<T: Clone>() {}

fn main() {}
