//! A ruling has no copies.

use chartroom_vault::Ruling;

fn by_clone() {
    is_cloned::<Ruling>(); //~ E0277
}

fn is_cloned<T: Clone>() {}

fn main() {}
