//! Which member comes next: mostly the one that followed last time.

use crate::facts::TypeFacts;
use crate::json::Name;
use crate::read::Slot;

/// What followed which member of which type. Where it is right, a name is compared once and not searched.
pub(crate) struct Guesses {
    known: Vec<Guess>,
    /// By the hash of type and last member, the guess's number counted from 1; 0 for none.
    places: Vec<u16>,
}

pub(crate) struct Guess {
    facts: &'static TypeFacts,
    last: Slot,
    pub(crate) next: Slot,
    pub(crate) name: Name,
}

impl Guesses {
    /// A table whose size suits a document of so many bytes.
    pub(crate) fn for_document(bytes: usize) -> Self {
        Self { known: Vec::new(), places: vec![0; (bytes / 16).next_power_of_two().clamp(64, 4096)] }
    }

    /// The member that followed the last one in an object of this type.
    #[inline(always)]
    pub(crate) fn after(&self, facts: &'static TypeFacts, last: Slot) -> Option<&Guess> {
        self.at(self.place(facts, last), facts, last)
    }

    /// The member that followed before another one did.
    pub(crate) fn once_after(&self, facts: &'static TypeFacts, last: Slot) -> Option<&Guess> {
        self.at(self.place(facts, last) ^ 1, facts, last)
    }

    #[inline(always)]
    fn at(&self, place: usize, facts: &'static TypeFacts, last: Slot) -> Option<&Guess> {
        let number = usize::from(*self.places.get(place)?);
        let guess = self.known.get(number.wrapping_sub(1))?;
        (std::ptr::eq(guess.facts, facts) && guess.last == last).then_some(guess)
    }

    pub(crate) fn learn(&mut self, facts: &'static TypeFacts, last: Slot, name: &'static str, next: Slot) {
        let Some(name) = Name::of(name, last == Slot::NONE) else { return };
        let guess = Guess { facts, last, next, name };
        let place = self.place(facts, last);
        if self.places.get(place).is_some_and(|number| *number > 0) {
            // What was guessed here comes second from now on.
            self.places.swap(place, place ^ 1);
        }
        let Some(number) = self.places.get_mut(place) else { return };
        match self.known.get_mut(usize::from(*number).wrapping_sub(1)) {
            Some(old) => *old = guess,
            None => {
                self.known.push(guess);
                *number = u16::try_from(self.known.len()).unwrap_or(0);
            }
        }
    }

    #[inline(always)]
    fn place(&self, facts: &'static TypeFacts, last: Slot) -> usize {
        let key = std::ptr::from_ref(facts).addr() as u64 ^ u64::from(last.number()) << 32;
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize & (self.places.len() - 1)
    }
}
