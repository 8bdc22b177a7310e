//! Tells most texts that are no code of a table from those that may be one, by a single look at its memory.
//!
//! Each code sets four bits of one word of 64 bits. Without it, a wrong code costs as much as a right one: the place
//! where it would stand has to be found and read.

use super::key::{FIRST, SECOND, padded};
use crate::image::u64_at;

const WORD: usize = 8;
const BITS_PER_CODE: usize = 10;

/// How many bytes the filter of so many codes takes.
pub(super) fn length(codes: usize) -> Option<usize> {
    Some(codes.checked_mul(BITS_PER_CODE)?.div_ceil(8 * WORD).max(1) * WORD)
}

/// The filter of some codes, each written as FHIR writes it.
pub(super) fn of<'c>(codes: impl ExactSizeIterator<Item = &'c str>) -> Option<Vec<u8>> {
    let mut filter = vec![0; length(codes.len())?];
    let words = filter.len() / WORD;
    for code in codes {
        let (word, bits) = place(code.as_bytes(), words);
        let word = filter.as_chunks_mut::<WORD>().0.get_mut(word)?;
        *word = (u64::from_le_bytes(*word) | bits).to_le_bytes();
    }
    Some(filter)
}

#[inline]
pub(super) fn may_hold(filter: &[u8], code: &[u8]) -> bool {
    let (word, bits) = place(code, filter.len() / WORD);
    u64_at(filter, word).is_some_and(|found| found & bits == bits)
}

/// The word of a code, and the bits that it sets there.
#[inline]
fn place(code: &[u8], words: usize) -> (usize, u64) {
    let number = padded(code).map_or_else(|| folded(code), u64::from_le_bytes);
    let spread = number.wrapping_mul(FIRST);
    let spread = (spread ^ (spread >> 32)).wrapping_mul(SECOND);
    let word = ((spread >> 32) * words as u64) >> 32;
    let bits = [6, 12, 18, 24].iter().fold(0, |bits, shift| bits | 1 << ((spread >> shift) & 63));
    (word as usize, bits)
}

/// A number for a code that is not of four to eight characters.
fn folded(code: &[u8]) -> u64 {
    code.iter().fold(0, |number, byte| (number ^ u64::from(*byte)).wrapping_mul(FIRST).rotate_left(29))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_passes_and_few_others() {
        let codes: Vec<String> = (0..20_000).map(|number| format!("{:03}.{}", number / 20, number % 20)).collect();
        let filter = of(codes.iter().map(String::as_str)).unwrap();
        assert!(codes.iter().all(|code| may_hold(&filter, code.as_bytes())));
        let wrong = (0..20_000).filter(|number| may_hold(&filter, format!("A{number:05}").as_bytes())).count();
        assert!(wrong < 1_000, "{wrong}");
    }

    #[test]
    fn codes_of_any_length_pass() {
        let codes = ["", "A", "I10", "73211009", "999999990989121104"];
        let filter = of(codes.iter().copied()).unwrap();
        assert!(codes.iter().all(|code| may_hold(&filter, code.as_bytes())));
        assert!(!may_hold(&[], b"I10"));
    }
}
