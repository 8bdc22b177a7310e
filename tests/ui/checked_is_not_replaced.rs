//! What was checked is not replaced through the reference it gives.

use chartroom_record::{Checked, Resource};

fn in_place(checked: &mut Checked<Resource>, other: Resource) {
    **checked = other; //~ E0594
}

fn main() {}
