//! The trait that closes `Element` cannot be named.

use chartroom_record::element::sealed::Read; //~ E0603

fn main() {}
