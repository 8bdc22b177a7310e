//! Tells most texts that are no code of a table from those that may be one, by a single look at its memory.
//!
//! Each code sets four bits of one word of 64 bits. Without it, a wrong code costs as much as a right one: the place
//! where it would stand has to be found and read.

const WORD: usize = 8;
/// Where the words' count is a power of two, there are between half as many bits for each code and so many.
const BITS_PER_CODE: usize = 14;
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many bits say in which word of the filter of so many codes a code stands: at least one.
pub(super) fn index_bits(codes: usize) -> Option<u32> {
    Some((codes.checked_mul(BITS_PER_CODE)? / (8 * WORD)).max(2).ilog2())
}

/// How many bytes the filter of so many codes takes.
pub(super) fn length(codes: usize) -> Option<usize> {
    WORD.checked_shl(index_bits(codes)?)
}

/// The filter of some codes, each by its key.
pub(super) fn of(keys: impl ExactSizeIterator<Item = u64>) -> Option<Vec<u8>> {
    let bits = index_bits(keys.len())?;
    let mut filter = vec![0; length(keys.len())?];
    for key in keys {
        let (word, set) = place(key, bits);
        let word = filter.as_chunks_mut::<WORD>().0.get_mut(word)?;
        *word = (u64::from_le_bytes(*word) | set).to_le_bytes();
    }
    Some(filter)
}

/// The word of a key, and the bits that it sets there.
#[inline(always)]
pub(super) fn place(key: u64, index_bits: u32) -> (usize, u64) {
    let spread = key.wrapping_mul(SPREAD);
    let set = [12, 20, 28, 36].into_iter().fold(0, |set, shift| set | 1 << (spread >> shift & 63));
    ((spread >> (64 - index_bits)) as usize, set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::u64_at;

    fn may_hold(filter: &[u8], bits: u32, key: u64) -> bool {
        let (word, set) = place(key, bits);
        u64_at(filter, word).unwrap() & set == set
    }

    #[test]
    fn every_code_passes_and_few_others() {
        let filter = of((0..20_000u32).map(u64::from)).unwrap();
        let bits = index_bits(20_000).unwrap();
        assert!((0..20_000).all(|key| may_hold(&filter, bits, key)));
        let wrong = (20_000..40_000).filter(|key| may_hold(&filter, bits, *key)).count();
        assert!(wrong < 1_000, "{wrong}");
    }

    #[test]
    fn few_codes_have_two_words() {
        assert_eq!((index_bits(1), length(1)), (Some(1), Some(16)));
        assert_eq!(of([7].into_iter()).unwrap().len(), 16);
    }
}
