//! Walking over the bits of a word.

/// The numbers of the bits that are set, rising.
pub(crate) fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (next < u64::BITS).then_some(next as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::ones;

    #[test]
    fn finds_each_bit_once() {
        assert_eq!(ones(0).count(), 0);
        assert_eq!(ones(0b1010).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(ones(u64::MAX).count(), 64);
        assert_eq!(ones(1 << 63).collect::<Vec<_>>(), [63]);
    }
}
