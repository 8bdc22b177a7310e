use aes::cipher::Array;
use polyval::hazmat::FieldElement;
use polyval::universal_hash::UniversalHash;
use polyval::{Key, Polyval};
use zeroize::Zeroize;

use super::BLOCK;

/// GHASH (NIST SP 800-38D, section 6.4), by way of POLYVAL, whose blocks run the other way (RFC 8452, appendix A).
///
/// The crate `ghash` does the same for whole blocks of one text; here the texts of a tag go in by one call.
pub(super) struct Ghash(Polyval);

impl Ghash {
    pub(super) fn new(key: &[u8; BLOCK]) -> Self {
        let mut key = FieldElement::from(*key).reverse().mulx();
        let mut bytes: Key = key.into();
        let hash = Self(Polyval::new(&bytes));
        key.zeroize();
        bytes.zeroize();
        hash
    }

    /// The hash of these texts, each with zeros behind it up to whole blocks, behind what has this hash.
    ///
    /// POLYVAL takes in so many blocks together. Zeros in front of the first change no hash, so there are never fewer.
    #[inline]
    pub(super) fn of(&self, before: u128, texts: &[&[u8]]) -> u128 {
        const TOGETHER: usize = 4;
        let blocks: usize = texts.iter().map(|text| text.len().div_ceil(BLOCK)).sum();
        let mut hash = self.0.clone();
        let mut ready = [[0; BLOCK]; 2 * TOGETHER];
        let (mut used, mut before) = (blocks.next_multiple_of(TOGETHER) - blocks, before);
        // Not by `for`: that asks before each block which text it is in.
        texts.iter().flat_map(|text| in_blocks(text)).for_each(|block| {
            if let Some(free) = ready.get_mut(used) {
                *free = (block ^ std::mem::take(&mut before)).to_le_bytes();
            }
            used += 1;
            if used == ready.len() {
                hash.update(Array::cast_slice_from_core(&ready));
                used = 0;
            }
        });
        hash.update(Array::cast_slice_from_core(ready.split_at(used).0));
        u128::from_le_bytes(hash.finalize().into())
    }
}

/// The blocks of a text, the last with zeros behind it.
fn in_blocks(text: &[u8]) -> impl Iterator<Item = u128> {
    let (whole, rest) = text.as_chunks();
    let last = (!rest.is_empty()).then(|| begun(rest));
    whole.iter().map(|block| u128::from_be_bytes(*block)).chain(last)
}

/// The block that begins with these bytes, less than a block, and ends in zeros. Two words that may overlap hold them: to copy bytes
/// of an unknown number into a block takes longer.
fn begun(bytes: &[u8]) -> u128 {
    let up_to = |end: usize, word: u128| word << (8 * (BLOCK - end));
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        up_to(8, u64::from_be_bytes(*first).into()) | up_to(bytes.len(), u64::from_be_bytes(*last).into())
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        up_to(4, u32::from_be_bytes(*first).into()) | up_to(bytes.len(), u32::from_be_bytes(*last).into())
    } else {
        bytes.iter().zip(1..).fold(0, |block, (byte, end)| block | up_to(end, (*byte).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_behind_the_bytes_of_a_block_that_is_begun() {
        for length in 1..BLOCK {
            let mut block = [0; BLOCK];
            block.iter_mut().zip(101..).take(length).for_each(|(byte, value)| *byte = value);
            assert_eq!(begun(&block[..length]).to_be_bytes(), block, "{length} bytes");
        }
    }
}
