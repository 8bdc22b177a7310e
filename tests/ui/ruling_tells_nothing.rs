//! What was decided is told when it is on the trail, and not before. What was sealed to decide by is not told at all.

use chartroom_access::{Decision, Facts};
use chartroom_vault::{Denial, Disclosure, Ruling, View};

fn whether_it_grants(ruling: &Ruling) {
    let _ = ruling.is_permitted(); //~ E0599
    let _ = ruling.permitted(); //~ E0599
}

fn why(ruling: &Ruling) {
    let _ = ruling.decision(); //~ E0599
    let _ = ruling.reasons(); //~ E0599
    let _ = ruling.explain(); //~ E0599
}

fn by_its_fields(ruling: &Ruling) {
    let _ = &ruling.decision; //~ E0616
    let _ = &ruling.event; //~ E0616
}

fn by_its_methods(ruling: &Ruling) {
    let _ = ruling.event(); //~ E0624
}

fn by_reference(ruling: &Ruling) {
    let decision: &Decision = ruling; //~ E0308
    shows::<Ruling, Decision>(); //~ E0277
}

fn the_facts_of_a_ruling(ruling: &Ruling) {
    let facts: &Facts = ruling.facts(); //~ E0599
}

fn the_facts_of_a_decision(decision: &Decision) {
    let _ = decision.facts(); //~ E0624
    let _ = &decision.facts; //~ E0616
}

fn the_facts_of_what_is_on_the_trail<T>(disclosure: &Disclosure, denial: &Denial, view: &View<T>) {
    let _ = disclosure.decision().facts(); //~ E0624
    let _ = denial.decision().facts(); //~ E0624
    let _ = view.decision().facts(); //~ E0624
}

fn shows<T: AsRef<U>, U: ?Sized>() {}

fn main() {}
