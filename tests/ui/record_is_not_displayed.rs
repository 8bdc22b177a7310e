//! A record does not print itself.

use std::fmt::Display;

use chartroom_record::Resource;
use chartroom_record::resource::Patient;

fn a_resource() {
    is_displayed::<Resource>(); //~ E0277
}

fn a_patient() {
    is_displayed::<Patient>(); //~ E0277
}

fn is_displayed<T: Display>() {}

fn main() {}
