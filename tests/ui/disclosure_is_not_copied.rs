//! A disclosure has no copies, and none goes out as data to come back as another.

use chartroom_vault::Disclosure;
use serde::Serialize;

fn by_clone() {
    is_cloned::<Disclosure>(); //~ E0277
}

fn by_copy() {
    is_copied::<Disclosure>(); //~ E0277
}

fn by_serializing() {
    is_serialized::<Disclosure>(); //~ E0277
}

fn is_cloned<T: Clone>() {}
fn is_copied<T: Copy>() {}
fn is_serialized<T: Serialize>() {}

fn main() {}
