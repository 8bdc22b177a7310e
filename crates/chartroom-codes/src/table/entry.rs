//! What stands in a place: the number of a code, and that of its history.

/// How entries are laid out: as one number of up to eight bytes, the code's in its low bits and the history's above; or, where
/// that is too little, in eight bytes and two.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    width: usize,
    number_bits: u32,
    /// The bits of the code's number, all set.
    number_mask: u64,
    /// The bits of the whole, all set.
    mask: u64,
}

/// The bytes of an entry in two parts.
const IN_PARTS: usize = 10;

impl Entry {
    /// For numbers and histories of so many bits, at most 63 and 16.
    pub(super) fn fitting(number_bits: u32, history_bits: u32) -> Self {
        let width = (number_bits + history_bits).div_ceil(8) as usize;
        Self::new(if width <= size_of::<u64>() { width } else { IN_PARTS }, number_bits)
    }

    fn new(width: usize, number_bits: u32) -> Self {
        let mask = |bits: usize| u64::MAX >> (64 - bits.clamp(1, 64));
        Self { width, number_bits, number_mask: mask(number_bits as usize), mask: mask(8 * width) }
    }

    /// Of a known width. `None` if entries cannot have it.
    pub(super) fn of_width(width: usize, number_bits: u32) -> Option<Self> {
        let holds = (1..64).contains(&number_bits) && number_bits as usize <= 8 * width;
        (holds && (width == IN_PARTS || width <= size_of::<u64>())).then(|| Self::new(width, number_bits))
    }

    pub(super) fn width(self) -> usize {
        self.width
    }

    /// An entry as it is written.
    pub(super) fn bytes(self, number: u64, history: usize) -> impl Iterator<Item = u8> {
        let whole = if self.width == IN_PARTS {
            u128::from(number) | (history as u128) << u64::BITS
        } else {
            u128::from(number) | (history as u128) << self.number_bits
        };
        whole.to_le_bytes().into_iter().take(self.width)
    }

    /// The numbers of the code and of the history at a place of a section. `None` if there is no code.
    #[inline(always)]
    pub(super) fn read(self, image: &[u8], entries: usize, place: usize) -> Option<(u64, usize)> {
        let start = entries.wrapping_add(self.width.wrapping_mul(place));
        let whole = u64::from_le_bytes(*image.get(start..start.wrapping_add(8))?.first_chunk()?);
        if self.width == IN_PARTS {
            return in_parts(image, start, whole);
        }
        let number = whole & self.number_mask;
        (number != 0).then_some((number, ((whole & self.mask) >> (self.number_bits & 63)) as usize))
    }
}

#[inline(never)]
fn in_parts(image: &[u8], start: usize, number: u64) -> Option<(u64, usize)> {
    let history = u16::from_le_bytes(*image.get(start..)?.get(8..)?.first_chunk()?);
    (number != 0).then_some((number, usize::from(history)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_come_back(number_bits in 1u32..64, history_bits in 0u32..17, numbers in any::<[(u64, usize); 3]>()) {
            let entry = Entry::fitting(number_bits, history_bits);
            prop_assert_eq!(Entry::of_width(entry.width(), number_bits).unwrap().width(), entry.width());
            let numbers = numbers.map(|(number, history)| (number % (1 << number_bits), history % (1 << history_bits)));
            let mut bytes: Vec<u8> = numbers.iter().flat_map(|(number, history)| entry.bytes(*number, *history)).collect();
            bytes.extend([0xFF; 7]);
            for (place, (number, history)) in numbers.into_iter().enumerate() {
                prop_assert_eq!(entry.read(&bytes, 0, place), (number != 0).then_some((number, history)));
            }
        }
    }

    #[test]
    fn a_width_that_holds_no_number_is_refused() {
        assert!(Entry::of_width(5, 41).is_none());
        assert!(Entry::of_width(9, 41).is_none());
        assert!(Entry::of_width(0, 1).is_none());
    }
}
