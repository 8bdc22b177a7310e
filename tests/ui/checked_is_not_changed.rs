//! What was checked stays as it was checked.

use std::ops::DerefMut;

use chartroom_record::{Checked, Resource};

fn by_its_field(checked: &mut Checked<Resource>, other: Resource) {
    checked.value = other; //~ E0616
}

fn by_dereferencing() {
    is_changeable::<Checked<Resource>>(); //~ E0277
}

fn by_reference() {
    gives_mut::<Checked<Resource>>(); //~ E0277
}

fn by_forgetting_the_issues(checked: &mut Checked<Resource>) {
    checked.issues().to_vec().clear();
    checked.issues.clear(); //~ E0616
}

fn is_changeable<T: DerefMut>() {}
fn gives_mut<T: AsMut<Resource>>() {}

fn main() {}
