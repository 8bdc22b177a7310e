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

    /// The hash that goes on behind these blocks.
    pub(super) fn and(&self, blocks: &[u8]) -> Self {
        let mut hash = self.0.clone();
        update(&mut hash, &[blocks]);
        Self(hash)
    }

    /// The hash of these texts, each with zeros behind it up to whole blocks.
    #[inline]
    pub(super) fn of(&self, texts: &[&[u8]]) -> [u8; BLOCK] {
        let mut hash = self.0.clone();
        update(&mut hash, texts);
        let hash: [u8; BLOCK] = hash.finalize().into();
        u128::from_le_bytes(hash).to_be_bytes()
    }
}

fn update(hash: &mut Polyval, texts: &[&[u8]]) {
    // So many blocks POLYVAL takes in together.
    let mut ready = [[0; BLOCK]; 4];
    let mut used = 0;
    for text in texts {
        for block in text.chunks(BLOCK) {
            let block = block.try_into().map_or_else(|_| begun(block), u128::from_be_bytes);
            if let Some(free) = ready.get_mut(used) {
                *free = block.to_le_bytes();
            }
            used += 1;
            if used == ready.len() {
                hash.update(Array::cast_slice_from_core(&ready));
                used = 0;
            }
        }
    }
    hash.update(Array::cast_slice_from_core(ready.split_at(used).0));
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
