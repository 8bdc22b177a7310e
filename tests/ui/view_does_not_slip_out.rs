//! A view is made by opening, and what it shows leaves only by asking for it by name.

use std::fmt::Display;

use chartroom_record::Resource;
use chartroom_vault::{Disclosure, View};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn made_by_new(value: Resource, disclosure: Disclosure) {
    let _ = View::new(value, disclosure); //~ E0624
}

fn made_by_default() {
    is_default::<View<Resource>>(); //~ E0277
}

fn made_by_deserializing() {
    is_deserialized::<View<Resource>>(); //~ E0277
}

fn out_by_display() {
    is_displayed::<View<Resource>>(); //~ E0277
}

fn out_by_serializing() {
    is_serialized::<View<Resource>>(); //~ E0277
}

fn out_by_its_field(view: &View<Resource>) {
    let _ = &view.value; //~ E0616
}

fn is_default<T: Default>() {}
fn is_deserialized<T: DeserializeOwned>() {}
fn is_displayed<T: Display>() {}
fn is_serialized<T: Serialize>() {}

fn main() {}
