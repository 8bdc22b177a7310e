//! The resource types of FHIR R4, as small numbers.

use std::fmt;

use chartroom_record::resource::R4_TYPES as NAMES;

/// A FHIR R4 (4.0.1) resource type, or [`ResourceType::UNKNOWN`] for any other name.
///
/// ```
/// use chartroom_access::ResourceType;
///
/// assert_eq!(ResourceType::of("Condition").name(), "Condition");
/// assert_eq!(ResourceType::of("Konditions"), ResourceType::UNKNOWN);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceType(u8);

impl ResourceType {
    /// A type that FHIR R4 does not define. No permit covers it; refusals do.
    pub const UNKNOWN: Self = Self(NAMES.len() as u8);

    /// How many values there are, [`UNKNOWN`](Self::UNKNOWN) among them.
    pub(crate) const COUNT: usize = NAMES.len() + 1;

    /// The type with this name, exactly as the standard spells it.
    pub fn of(name: &str) -> Self {
        let mut slot = slot(name.as_bytes());
        loop {
            let kind = SLOTS.get(usize::from(slot)).map_or(Self::UNKNOWN, |number| Self(*number));
            if kind == Self::UNKNOWN || kind.name() == name {
                return kind;
            }
            slot = slot.wrapping_add(1);
        }
    }

    /// The name of the type; `unknown` for [`UNKNOWN`](Self::UNKNOWN).
    pub fn name(self) -> &'static str {
        NAMES.get(self.index()).copied().unwrap_or("unknown")
    }

    /// Every type that the standard defines, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..NAMES.len()).map(|index| Self(index as u8))
    }

    /// The type with this number; unknown where there is none.
    pub(crate) fn with_index(index: usize) -> Self {
        u8::try_from(index).map_or(Self::UNKNOWN, |index| Self(index.min(Self::UNKNOWN.0)))
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The numbers of all types, each in the slot of its name or in the next that was free. One that is free ends the search.
const SLOTS: [u8; 256] = slots();

/// The slot of a name: a few of its letters tell it from nearly all others, so that one whole name is compared.
const fn slot(name: &[u8]) -> u8 {
    let (front, back) = name.split_at(name.len() / 2);
    match (front, back) {
        ([first, ..], [middle, .., last]) => {
            let sum = name.len() + 11 * *first as usize + 31 * *middle as usize + 5 * *last as usize;
            sum as u8
        }
        _ => 0,
    }
}

#[allow(clippy::indexing_slicing, reason = "it is worked out by the compiler, which would refuse a number too large")]
const fn slots() -> [u8; 256] {
    let free = ResourceType::UNKNOWN.0;
    let mut slots = [free; 256];
    let mut number = 0;
    while number < NAMES.len() {
        let mut slot = slot(NAMES[number].as_bytes());
        while slots[slot as usize] != free {
            slot = slot.wrapping_add(1);
        }
        slots[slot as usize] = number as u8;
        number += 1;
    }
    slots
}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_again() {
        assert!(NAMES.is_sorted() && NAMES.len() < SLOTS.len());
        for kind in ResourceType::all() {
            assert_eq!(ResourceType::of(kind.name()), kind);
        }
        assert_eq!(ResourceType::of(""), ResourceType::UNKNOWN);
        assert_eq!(ResourceType::of("P"), ResourceType::UNKNOWN);
        assert_eq!(ResourceType::of("patient"), ResourceType::UNKNOWN);
        assert_eq!(ResourceType::of("unknown"), ResourceType::UNKNOWN);
    }
}
