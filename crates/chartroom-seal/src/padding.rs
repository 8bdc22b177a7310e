//! Padding that hides how long a value is.

use std::num::NonZeroU32;

use crate::OpenError;
use crate::envelope::Suite;

/// How far the length of a sealed value is hidden. A house decides it by what its values are: `positive` and `negative` differ in
/// one letter, but not all results do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// Not at all: the ciphertext is as long as the value.
    #[default]
    Off,
    /// Up to the next multiple of this many bytes. Values of similar length are then of one length.
    Blocks(NonZeroU32),
    /// Up to a length with few significant bits (Padmé): at most 12 parts in a hundred longer, and what is left to see are the
    /// length's magnitude and a few bits.
    Proportional,
}

/// Stands between a value and the zeros behind it (ISO/IEC 7816-4).
const MARK: u8 = 0x80;

impl Padding {
    pub(crate) const fn suite(self) -> Suite {
        match self {
            Self::Off => Suite::Value,
            Self::Blocks(_) | Self::Proportional => Suite::Padded,
        }
    }

    pub(crate) const fn suite_of_stream(self) -> Suite {
        match self {
            Self::Off => Suite::Stream,
            Self::Blocks(_) | Self::Proportional => Suite::PaddedStream,
        }
    }

    /// The length of what is sealed for a value of this length.
    pub(crate) fn length_of(self, length: usize) -> usize {
        let marked = length.saturating_add(1);
        match self {
            Self::Off => length,
            Self::Blocks(block) => marked.checked_next_multiple_of(block.get() as usize).unwrap_or(marked),
            Self::Proportional => padme(marked),
        }
    }

    /// Appends padding of this many bytes.
    pub(crate) fn append_to(self, bytes: &mut Vec<u8>, length: usize) {
        if self != Self::Off {
            fill(bytes, bytes.len() + length);
        }
    }
}

/// Fills a value up to this length, by one byte at least.
pub(crate) fn fill(bytes: &mut Vec<u8>, length: usize) {
    bytes.push(MARK);
    bytes.resize(length, 0);
}

/// Takes the padding from a value that was opened.
pub(crate) fn strip(padded: &mut Vec<u8>) -> Result<(), OpenError> {
    let mark = padded.iter().rposition(|byte| *byte != 0).ok_or(OpenError::NotOfItsType)?;
    if padded.get(mark) != Some(&MARK) {
        return Err(OpenError::NotOfItsType);
    }
    padded.truncate(mark);
    Ok(())
}

/// Rounds up so that below the leading bit no more bits are set than are needed to write down its place.
/// Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", section 4.
fn padme(length: usize) -> usize {
    let exponent = length.max(2).ilog2();
    let low_bits = exponent - (exponent.ilog2() + 1).min(exponent);
    let mask = (1_usize << low_bits) - 1;
    length.checked_add(mask).map_or(length, |length| length & !mask)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn padding() -> impl Strategy<Value = Padding> {
        let blocks = (1_u32..100).prop_map(|block| Padding::Blocks(NonZeroU32::new(block).expect("not zero")));
        prop_oneof![Just(Padding::Proportional), blocks]
    }

    proptest! {
        #[test]
        fn what_was_padded_is_stripped(value: Vec<u8>, padding in padding()) {
            let length = padding.length_of(value.len());
            let mut padded = value.clone();
            padding.append_to(&mut padded, length - value.len());
            prop_assert_eq!(padded.len(), length);
            prop_assert_eq!(strip(&mut padded), Ok(()));
            prop_assert_eq!(padded, value);
        }

        #[test]
        fn proportional_padding_costs_at_most_an_eighth(length in 9_usize..1 << 40) {
            let padded = padme(length);
            prop_assert!(padded >= length && (padded - length) * 100 <= length * 12);
        }
    }

    #[test]
    fn similar_lengths_become_one() {
        assert_eq!([1000, 1009, 1023].map(|length| Padding::Proportional.length_of(length)), [1024; 3]);
        let blocks = Padding::Blocks(NonZeroU32::new(32).expect("not zero"));
        assert_eq!([0, 8, 31, 32].map(|length| blocks.length_of(length)), [32, 32, 32, 64]);
    }

    #[test]
    fn what_has_no_mark_is_no_padded_value() {
        for bytes in [&[][..], &[0, 0], &[1, 2, 3], &[0x80, 1]] {
            assert_eq!(strip(&mut bytes.to_vec()), Err(OpenError::NotOfItsType));
        }
    }
}
