//! Which member comes next: mostly the one that followed last time.

use crate::element::TypeFacts;
use crate::json::Name;
use crate::read::Slot;

/// A small table of what followed which member of which type. Where it is right, a name is compared once and not searched.
pub(crate) struct Guesses {
    known: Vec<Option<Guess>>,
}

#[derive(Clone, Copy)]
pub(crate) struct Guess {
    facts: &'static TypeFacts,
    last: Slot,
    pub(crate) next: Slot,
    pub(crate) name: Name,
}

impl Guesses {
    /// A table whose size suits a document of so many bytes.
    pub(crate) fn for_document(bytes: usize) -> Self {
        Self { known: vec![None; (bytes / 64).next_power_of_two().clamp(16, 1024)] }
    }

    /// The member that followed the last one in an object of this type.
    pub(crate) fn after(&self, facts: &'static TypeFacts, last: Slot) -> Option<&Guess> {
        let guess = self.known.get(self.place(facts, last))?.as_ref()?;
        (std::ptr::eq(guess.facts, facts) && guess.last == last).then_some(guess)
    }

    pub(crate) fn learn(&mut self, facts: &'static TypeFacts, last: Slot, name: &'static str, next: Slot) {
        let place = self.place(facts, last);
        if let Some(slot) = self.known.get_mut(place) {
            *slot = Some(Guess { facts, name: Name::of(name), last, next });
        }
    }

    fn place(&self, facts: &'static TypeFacts, last: Slot) -> usize {
        let mixed = (std::ptr::from_ref(facts).addr() ^ last.number() << 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed >> 48 & (self.known.len() - 1)
    }
}
