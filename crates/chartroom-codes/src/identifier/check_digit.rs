//! The check digit schemes that health identifiers share.

/// The Luhn sum (ISO/IEC 7812-1, annex B) of digits that end in their check digit. They are right if it divides by ten.
pub(super) fn luhn_sum(digits: impl DoubleEndedIterator<Item = u8>) -> u32 {
    digits.rev().enumerate().map(|(place, digit)| u32::from(if place % 2 == 1 { doubled(digit) } else { digit })).sum()
}

/// The sum of digits, each multiplied by its weight.
pub(super) fn weighted_sum(digits: impl Iterator<Item = u8>, weights: impl Iterator<Item = u32>) -> u32 {
    digits.zip(weights).map(|(digit, weight)| u32::from(digit) * weight).sum()
}

/// Whether digits that end in their check digit fit it by Verhoeff's scheme.
pub(super) fn verhoeff_holds(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    digits.rev().enumerate().fold(0, |sum, (place, digit)| combined(sum, permuted(place, digit))) == 0
}

/// Twice a digit, its digits added.
fn doubled(digit: u8) -> u8 {
    if digit > 4 { 2 * digit - 9 } else { 2 * digit }
}

/// The product of two elements of the dihedral group of order ten: 0 to 4 turn a pentagon, 5 to 9 also flip it.
fn combined(first: u8, second: u8) -> u8 {
    match (first < 5, second < 5) {
        (true, true) => (first + second) % 5,
        (true, false) => 5 + (first + second) % 5,
        (false, true) => 5 + (first - second) % 5,
        (false, false) => (5 + first - second) % 5,
    }
}

/// A digit after Verhoeff's permutation, applied once for every place from the right. It comes round after eight.
fn permuted(place: usize, digit: u8) -> u8 {
    const ONCE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..place % 8).fold(digit, |digit, _| ONCE.get(usize::from(digit)).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verhoeff_finds_every_single_slip_and_every_swap_of_neighbours() {
        let right = [7, 3, 2, 1, 1, 0, 0, 9];
        assert!(verhoeff_holds(right.into_iter()));
        for place in 0..right.len() {
            for digit in (0..10).filter(|digit| *digit != right[place]) {
                let mut slipped = right;
                slipped[place] = digit;
                assert!(!verhoeff_holds(slipped.into_iter()));
            }
        }
        for place in 1..right.len() {
            let mut swapped = right;
            swapped.swap(place - 1, place);
            assert!(swapped == right || !verhoeff_holds(swapped.into_iter()));
        }
    }

    #[test]
    fn the_group_has_an_inverse_for_every_element() {
        for first in 0..10 {
            assert_eq!((0..10).filter(|second| combined(first, *second) == 0).count(), 1);
        }
    }
}
