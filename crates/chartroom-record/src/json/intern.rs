//! Shares text that repeats within one document: systems, codes, units, displays.

use crate::shared::Shared;

/// Longer texts seldom repeat.
const LONGEST: usize = 256;
/// Text of up to this length lies inside a [`Shared`] and needs no sharing.
const INLINE: usize = 23;

/// A small table of the texts seen last. A text found there is shared; any other takes the place of an older one.
pub struct Interner {
    slots: Vec<Shared>,
}

impl Interner {
    /// A table whose size suits a document of so many bytes.
    pub(crate) fn for_document(bytes: usize) -> Self {
        let slots = (bytes / 64).next_power_of_two().clamp(16, 4096);
        Self { slots: vec![Shared::default(); slots] }
    }

    #[inline]
    pub(crate) fn text(&mut self, text: &str) -> Shared {
        if text.len() <= INLINE || text.len() > LONGEST { Shared::from(text) } else { self.shared(text) }
    }

    fn shared(&mut self, text: &str) -> Shared {
        let slot = hash(text.as_bytes()) & (self.slots.len() - 1);
        match self.slots.get_mut(slot) {
            Some(known) if *known == *text => known.clone(),
            Some(known) => {
                *known = Shared::from(text);
                known.clone()
            }
            None => Shared::from(text),
        }
    }
}

/// Quick and only good enough for a cache: length, the first and the last eight bytes.
fn hash(text: &[u8]) -> usize {
    let word = |bytes: Option<&[u8; 8]>| u64::from_le_bytes(bytes.copied().unwrap_or_default());
    let mixed = (word(text.first_chunk()) ^ word(text.last_chunk()).rotate_left(29) ^ (text.len() as u64))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 40).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_text_is_shared() {
        let mut interner = Interner::for_document(10_000);
        let long = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
        let (first, second) = (interner.text(long), interner.text(long));
        assert_eq!(first.as_ptr(), second.as_ptr());
        assert_eq!(interner.text("short"), "short");
    }
}
